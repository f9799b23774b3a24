//! What the graph of [`crate::fixture`] becomes, as Conan 2.34.0 has it.

use crom_model::environment::Environment;
use crom_model::settings::Settings;
use indexmap::IndexMap;

use super::pkg_config_deps::PkgConfigDeps;
use super::toolchain::{
    Kind, NewToolchain, PackageLayout, ToolchainEnvironment, environment, new_toolchain,
};
use crate::cmake::Consumer;
use crate::fixture::{consumer, linux, listing};

fn shown(environment: &Environment) -> String {
    environment
        .resolve(":", |_| None)
        .into_iter()
        .map(|(name, value)| format!("{name}={}\n", value.unwrap_or_default()))
        .collect()
}

fn layout() -> PackageLayout {
    let folder = |name: &str| vec![name.to_owned()];
    PackageLayout {
        includedirs: folder("include"),
        libdirs: folder("lib"),
        bindirs: folder("bin"),
        resdirs: Vec::new(),
    }
}

fn flags_of(consumer: Consumer, kind: Kind) -> String {
    let toolchain = new_toolchain(&NewToolchain {
        consumer: consumer.clone(),
        layout: layout(),
        prefix: "/".into(),
        apple_sdk: None,
    })
    .unwrap();
    let input = ToolchainEnvironment {
        consumer,
        flags: toolchain.flags,
        kind,
        ..ToolchainEnvironment::default()
    };
    let mut text = shown(&environment(&input).unwrap().environment);
    for (name, value) in toolchain.configure_args {
        text.push_str(&match value {
            Some(value) => format!("{name}={value}\n"),
            None => format!("{name}\n"),
        });
    }
    text
}

fn settings(values: &[(&str, &str)]) -> Settings {
    Settings::from_values(values.iter().map(|(name, value)| (*name, *value)))
}

#[test]
fn pc_files() {
    let input = PkgConfigDeps {
        consumer: consumer(&linux()),
        ..PkgConfigDeps::default()
    };
    insta::assert_snapshot!(listing(
        &super::pkg_config_deps::render(&input).unwrap().files
    ));
}

#[test]
fn pc_properties_of_the_consumer() {
    let mut input = PkgConfigDeps {
        consumer: consumer(&linux()),
        ..PkgConfigDeps::default()
    };
    let name = |name: &str| IndexMap::from([("pkg_config_name".to_owned(), name.into())]);
    input.properties.insert("libb".into(), name("other-b"));
    input.properties.insert("liba::one".into(), name("new-one"));
    let files = super::pkg_config_deps::render(&input).unwrap().files;
    let paths: Vec<&str> = files.iter().map(|it| it.path.as_str()).collect();
    assert!(
        paths.contains(&"other-b.pc") && !paths.contains(&"libb.pc"),
        "{paths:?}"
    );
    let two = files.iter().find(|it| it.path == "a-two.pc").unwrap();
    assert!(
        two.content.contains("Requires: new-one\n"),
        "{}",
        two.content
    );
}

#[test]
fn pc_folder_and_suffix_exclude_each_other() {
    let input = PkgConfigDeps {
        consumer: consumer(&linux()),
        build_context_folder: Some("build".into()),
        build_context_suffix: IndexMap::from([("tool".into(), "_b".into())]),
        ..PkgConfigDeps::default()
    };
    let error = super::pkg_config_deps::render(&input)
        .unwrap_err()
        .to_string();
    assert!(error.contains("It's not allowed to define both PkgConfigDeps.build_context_folder"));
}

#[test]
fn makefile() {
    let result = super::make_deps::render(&consumer(&linux())).unwrap();
    insta::assert_snapshot!(listing(&result.files));
    assert!(
        result
            .messages
            .iter()
            .any(|it| it.text.contains("contains newline"))
    );
}

#[test]
fn deps_in_the_environment() {
    let environment = super::deps_flags::autotools_deps(&consumer(&linux())).unwrap();
    insta::assert_snapshot!(shown(&environment), @r"
    CPPFLAGS=-I/pkg/libb/include -I/pkg/liba/include -I/pkg/liba/include/two -DONE=1 -DTWO
    LIBS=-lb -la2 -lacomp -la -lm
    LDFLAGS=-sl -el -L/pkg/libb/lib -L/pkg/liba/lib
    CXXFLAGS=-fxa
    CFLAGS=-fa
    ");
}

#[test]
fn flags_of_linux() {
    insta::assert_snapshot!(flags_of(consumer(&linux()), Kind::Autotools), @r"
    CPPFLAGS=-DNDEBUG
    CXXFLAGS=-std=c++17 -m64 -fPIC -O3
    CFLAGS=-m64 -fPIC -O3
    LDFLAGS=-m64
    PKG_CONFIG_PATH=/w/build/gen
    --disable-shared
    --enable-static
    --prefix=/
    --bindir=${prefix}/bin
    --sbindir=${prefix}/bin
    --libdir=${prefix}/lib
    --includedir=${prefix}/include
    --oldincludedir=${prefix}/include
    ");
}

#[test]
fn flags_of_confs() {
    let mut consumer = consumer(&settings(&[
        ("os", "Linux"),
        ("arch", "x86"),
        ("compiler", "gcc"),
        ("compiler.version", "12"),
        ("compiler.libcxx", "libstdc++"),
        ("compiler.cppstd", "gnu14"),
        ("build_type", "Debug"),
    ]));
    let conf = |text: &str| crom_model::conf::ConfValue::evaluate(text);
    for (name, value) in [
        ("tools.build:cflags", "['-cf1','-cf2']"),
        ("tools.build:cxxflags", "['-cxxf1']"),
        ("tools.build:sharedlinkflags", "['-shl']"),
        ("tools.build:exelinkflags", "['-exl']"),
        ("tools.build:defines", "['DEF1','DEF2=3']"),
        ("tools.build:linker_scripts", "['/path/ldscript.ld']"),
        ("tools.build:sysroot", "/my/sysroot"),
        (
            "tools.build:compiler_executables",
            "{'c':'mycc','cpp':'mycxx','asm':'myas','rc':'myrc'}",
        ),
    ] {
        consumer.conf.define(name, conf(value));
    }
    insta::assert_snapshot!(flags_of(consumer, Kind::Autotools), @r"
    CC=mycc
    CXX=mycxx
    RC=myrc
    AS=myas
    CPPFLAGS=-D_GLIBCXX_USE_CXX11_ABI=0 -DDEF1 -DDEF2=3
    CXXFLAGS=-std=gnu++14 -m32 -fPIC --sysroot /my/sysroot -g -cxxf1
    CFLAGS=-m32 -fPIC --sysroot /my/sysroot -g -cf1 -cf2
    LDFLAGS=-m32 --sysroot /my/sysroot -shl -exl -T'/path/ldscript.ld'
    PKG_CONFIG_PATH=/w/build/gen
    --disable-shared
    --enable-static
    --prefix=/
    --bindir=${prefix}/bin
    --sbindir=${prefix}/bin
    --libdir=${prefix}/lib
    --includedir=${prefix}/include
    --oldincludedir=${prefix}/include
    --host=i686-linux-gnu
    --build=x86_64-linux-gnu
    ");
}

#[test]
fn flags_of_msvc() {
    let consumer = consumer(&settings(&[
        ("os", "Windows"),
        ("arch", "x86_64"),
        ("compiler", "msvc"),
        ("compiler.version", "193"),
        ("compiler.runtime", "dynamic"),
        ("compiler.runtime_type", "Release"),
        ("compiler.cppstd", "17"),
        ("build_type", "Release"),
    ]));
    let text = flags_of(consumer, Kind::Gnu);
    let variables: Vec<&str> = text
        .lines()
        .take_while(|it| !it.starts_with("--"))
        .collect();
    insta::assert_snapshot!(variables.join("\n"), @r"
    CC=cl -nologo
    CXX=cl -nologo
    LD=link -nologo
    AR=lib
    NM=dumpbin -symbols
    OBJDUMP=:
    RANLIB=:
    STRIP=:
    CPPFLAGS=-DNDEBUG
    CXXFLAGS=/std:c++17 -fPIC -MD -O2 -Ob2 -FS
    CFLAGS=-fPIC -MD -O2 -Ob2 -FS
    LDFLAGS=
    PKG_CONFIG_PATH=/w/build/gen
    ");
}

#[test]
fn flags_of_android() {
    let mut consumer = consumer(&settings(&[
        ("os", "Android"),
        ("os.api_level", "23"),
        ("arch", "armv8"),
        ("compiler", "clang"),
        ("compiler.version", "14"),
        ("compiler.libcxx", "c++_static"),
        ("compiler.cppstd", "17"),
        ("build_type", "Release"),
    ]));
    let kind = Kind::Autotools;
    let failed = new_toolchain(&NewToolchain {
        consumer: consumer.clone(),
        ..NewToolchain::default()
    });
    assert!(
        failed
            .unwrap_err()
            .to_string()
            .contains("tools.android:ndk_path")
    );
    consumer.conf.define(
        "tools.android:ndk_path",
        crom_model::conf::ConfValue::Str("/my/ndk".into()),
    );
    let text = flags_of(consumer, kind);
    assert!(text.starts_with(
        "CC=/my/ndk/toolchains/llvm/prebuilt/linux-x86_64/bin/aarch64-linux-android23-clang\nCXX=/my/ndk/toolchains/llvm/prebuilt/linux-x86_64/bin/aarch64-linux-android23-clang++\nLD=/my/ndk/toolchains/llvm/prebuilt/linux-x86_64/bin/ld\n"
    ), "{text}");
    assert!(text.contains("CXXFLAGS=-std=c++17 -fPIC -O3\n"), "{text}");
    assert!(text.contains("--host=aarch64-linux-android\n"), "{text}");
}
