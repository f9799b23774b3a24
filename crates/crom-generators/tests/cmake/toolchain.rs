use crom_generators::cmake::toolchain::{
    self, Block, ConfiguredValues, PackageDirs, ToolchainInput,
};
use crom_generators::cmake::{Consumer, generator};
use crom_model::options::PackageOptions;
use serde_json::{Value, json};

use super::{LINUX, consumer, example, with_packages};

fn input(consumer: Consumer) -> ToolchainInput {
    ToolchainInput {
        generator: generator::choose(&consumer, None).expect("a generator"),
        consumer,
        find_builddirs: true,
        package_dirs: PackageDirs {
            bindirs: vec!["bin".into()],
            libdirs: vec!["lib".into()],
            includedirs: vec!["include".into()],
            resdirs: Vec::new(),
        },
        ..ToolchainInput::default()
    }
}

#[test]
fn gcc_on_linux() {
    let mut consumer = with_packages(
        consumer(
            LINUX,
            json!({"tools.build:cflags": ["-conf"], "tools.build:defines": ["D=1"]}),
        ),
        example(),
    );
    consumer.options = PackageOptions::from_values(
        [("shared", "False"), ("fPIC", "True")]
            .map(|(name, value)| (name.to_owned(), Some(value.to_owned()))),
    );
    let mut input = input(consumer);
    input.variables = ConfiguredValues {
        all: [
            ("TEXT", json!("a b")),
            ("TRUTH", json!(true)),
            ("NUMBER", json!(3)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect(),
        by_configuration: [(
            "debug".to_owned(),
            [("LOUD".to_owned(), json!("yes"))].into_iter().collect(),
        )]
        .into_iter()
        .collect(),
    };
    input
        .preprocessor_definitions
        .all
        .insert("NAME".into(), json!("\"x\""));
    input
        .preprocessor_definitions
        .all
        .insert("FLAG".into(), Value::Null);
    input.extra_cflags = vec!["-extra".into()];
    insta::assert_snapshot!(
        toolchain::render(&input, None)
            .expect("a toolchain")
            .content
    );
}

/// (settings, confs, block, values that differ from null)
#[test]
fn values_by_configuration() {
    let system = |name: &str, version: Value, processor: &str| {
        json!({"cmake_system_name": name, "cmake_system_version": version,
               "cmake_system_processor": processor})
    };
    let cases: Vec<(&str, Value, &str, Value)> = vec![
        (
            "os=Windows arch=x86 compiler=msvc compiler.version=194 compiler.update=1 \
             compiler.runtime=static build_type=Debug",
            json!({"tools.cmake.cmaketoolchain:toolset_arch": "x64",
                   "tools.microsoft:winsdk_version": "10.0"}),
            "generic_system",
            json!({"toolset": "v143,version=14.41,host=x64", "generator_platform": "Win32",
                   "cmake_system_name": "Windows", "cmake_system_version": "10.0",
                   "cmake_system_processor": "x86", "winsdk_version": "10.0",
                   "gen_platform_sdk_version": "Win32,version=10.0"}),
        ),
        (
            "os=Macos os.version=13.0 arch=armv8",
            json!({}),
            "generic_system",
            system("Darwin", "22".into(), "arm64"),
        ),
        (
            "os=Linux arch=armv8",
            json!({}),
            "generic_system",
            system("Linux", Value::Null, "aarch64"),
        ),
        ("os=Linux arch=x86", json!({}), "generic_system", json!({})),
        (
            "os=baremetal arch=tc131",
            json!({}),
            "generic_system",
            system("Generic-ELF", Value::Null, "tricore"),
        ),
        (
            "os=Neutrino os.version=7.0 arch=armv8",
            json!({"tools.cmake.cmaketoolchain:system_processor": "mine"}),
            "generic_system",
            system("QNX", "7.0".into(), "mine"),
        ),
        (
            "os=Android os.api_level=23 arch=armv7 compiler.libcxx=c++_shared",
            json!({"tools.android:ndk_path": "/ndk"}),
            "android_system",
            json!({"android_platform": "android-23", "android_abi": "armeabi-v7a",
                   "android_stl": "c++_shared", "android_ndk_path": "/ndk"}),
        ),
        (
            "os=Windows compiler=clang compiler.runtime=dynamic build_type=Release",
            json!({}),
            "vs_runtime",
            json!({"vs_runtimes": {"Release": "MultiThreadedDLL", "Debug": "MultiThreadedDebugDLL"}}),
        ),
        (
            "os=Linux compiler=clang compiler.cppstd=gnu20 compiler.cstd=11",
            json!({}),
            "cppstd",
            json!({"cppstd": "20", "cppstd_extensions": "ON", "cstd": "11",
                   "cstd_extensions": "OFF"}),
        ),
        (
            "os=Linux compiler=gcc compiler.libcxx=libstdc++",
            json!({}),
            "libcxx",
            json!({"glibcxx": "_GLIBCXX_USE_CXX11_ABI=0"}),
        ),
    ];
    for (settings, confs, block, expected) in cases {
        let found = toolchain::values(block, &input(consumer(settings, confs)))
            .expect("values")
            .expect("a block");
        let mut found = Value::Object(found);
        if let Value::Object(map) = &mut found {
            map.retain(|_, value| !value.is_null());
        }
        let mut expected = expected;
        if let Value::Object(map) = &mut expected {
            map.retain(|_, value| !value.is_null());
        }
        assert_eq!(found, expected, "{settings} {block}");
    }
}

#[test]
fn recipes_change_blocks() {
    let input = input(consumer(LINUX, json!({})));
    let block = |name: &str, template: Option<&str>, values: Option<Value>| Block {
        name: name.to_owned(),
        template: template.map(str::to_owned),
        values,
    };
    let template = toolchain::template("generic_system").expect("a template");
    let changed = template.replace("CMAKE_SYSTEM_NAME", "OTHER");
    let blocks = [
        block(
            "generic_system",
            Some(&changed),
            Some(json!({"cmake_system_name": "Potato"})),
        ),
        block(
            "mine",
            Some("Hello {{ who }} {{ flag }} {{ nothing }}!"),
            Some(json!({"who": ["a", 1], "flag": true, "nothing": null})),
        ),
        block("cppstd", None, Some(Value::Null)),
    ];
    let content = toolchain::render(&input, Some(&blocks))
        .expect("a toolchain")
        .content;
    assert!(content.contains("set(OTHER Potato)"), "{content}");
    assert!(
        content.contains("########## 'mine' block #############\nHello ['a', 1] True None!"),
        "{content}"
    );
    assert!(!content.contains("cppstd"), "{content}");
}

#[test]
fn enabled_blocks() {
    let conf = "tools.cmake.cmaketoolchain:enabled_blocks";
    let all = input(consumer(LINUX, json!({conf: ["fpic", "rpath"]})));
    let content = toolchain::render(&all, None).expect("a toolchain").content;
    assert_eq!(
        content.matches("' block ###").count(),
        1,
        "fpic isn't for a recipe without the option"
    );
    let unknown = input(consumer(LINUX, json!({conf: ["potato"]})));
    let error = toolchain::render(&unknown, None)
        .expect_err("an unknown block")
        .to_string();
    assert!(
        error.starts_with(
            "Block 'potato' defined in tools.cmake.cmaketoolchain:enabled_blocks doesn't"
        ),
        "{error}"
    );
}

#[test]
fn other_configurations_stay() {
    let multi = json!({"tools.cmake.cmaketoolchain:generator": "Ninja Multi-Config",
                       "tools.build:cflags": ["-x"]});
    let release = input(with_packages(consumer(LINUX, multi.clone()), example()));
    let first = toolchain::render(&release, None)
        .expect("a toolchain")
        .content;
    let debug = LINUX.replace("Release", "Debug");
    let mut debug = input(with_packages(consumer(&debug, multi), example()));
    debug.existing = Some(first);
    let second = toolchain::render(&debug, None)
        .expect("a toolchain")
        .content;
    for text in [
        "string(APPEND CONAN_C_FLAGS_RELEASE \" -x\")",
        "string(APPEND CONAN_C_FLAGS_DEBUG \" -x\")",
        "set(CONAN_RUNTIME_LIB_DIRS \"$<$<CONFIG:Release>:/p/engine/lib>\" \
         \"$<$<CONFIG:Release>:/p/base/lib>\" \"$<$<CONFIG:Debug>:/p/engine/lib>\" \
         \"$<$<CONFIG:Debug>:/p/base/lib>\" )",
    ] {
        assert!(second.contains(text), "{text} isn't in\n{second}");
    }
}
