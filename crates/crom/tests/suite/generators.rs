//! Generated files beside those of the reference: the same home, the same consumer, both programs.

use std::collections::BTreeMap;
use std::path::Path;

use crate::home::Scratch;
use crate::oracle::conan;

const LIBA: &str = r#"import os
from conan import ConanFile
from conan.tools.files import save


class Liba(ConanFile):
    name = "liba"
    version = "1.2"
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    license = "MIT", "BSL-1.0"

    def package(self):
        for name in ("a", "a2", "a3"):
            file = f"{name}.lib" if self.settings.os == "Windows" else f"lib{name}.a"
            save(self, os.path.join(self.package_folder, "lib", file), "x")

    def package_info(self):
        self.cpp_info.set_property("pkg_config_name", "lib-a")
        self.cpp_info.set_property("bazel_repository_name", "lib-a-repo")
        one = self.cpp_info.components["one"]
        one.libs = ["a"]
        one.defines = ["ONE=1", "TWO", 'TEXT="q"']
        one.system_libs = ["m"]
        one.cflags = ["-fa"]
        one.cxxflags = ["-fxa"]
        one.sharedlinkflags = ["-sl"]
        one.exelinkflags = ["-el"]
        two = self.cpp_info.components["two"]
        two.libs = ["a2"]
        two.requires = ["one"]
        two.includedirs = ["include", "include/two"]
        two.set_property("bazel_target_name", "two-target")
        three = self.cpp_info.components["three"]
        three.libs = ["a3"]
        three.frameworks = ["CoreFoundation"]
"#;

const LIBB: &str = r#"import os
from conan import ConanFile
from conan.tools.files import save


class Libb(ConanFile):
    name = "libb"
    version = "0.1"
    package_type = "shared-library"
    settings = "os", "arch", "compiler", "build_type"

    def requirements(self):
        self.requires("liba/1.2", transitive_headers=True, transitive_libs=True)

    def package(self):
        files = {"Windows": ["lib/b.lib", "bin/b.dll"], "Macos": ["lib/libb.dylib"]}
        for file in files.get(str(self.settings.os), ["lib/libb.so"]):
            save(self, os.path.join(self.package_folder, file), "x")

    def package_info(self):
        self.cpp_info.libs = ["b"]
        self.cpp_info.requires = ["liba::two"]
"#;

const CONSUMER: &str = r#"from conan import ConanFile


class Consumer(ConanFile):
    name = "consumer"
    version = "1.0"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    requires = "libb/0.1"
    generators = ("XcodeDeps", "XcodeToolchain", "BazelDeps", "BazelToolchain", "PremakeDeps",
                  "SConsDeps", "QbsDeps", "CPSDeps", "MakeDeps", "PkgConfigDeps")
"#;

const PROFILES: [(&str, &str); 3] = [
    (
        "linux",
        "[settings]\nos=Linux\narch=x86_64\ncompiler=gcc\ncompiler.version=12\n\
         compiler.libcxx=libstdc++11\ncompiler.cppstd=17\nbuild_type=Release\n\
         [conf]\ntools.build:cflags=[\"-c1\", \"-c2\"]\ntools.build:sharedlinkflags=[\"-s1\"]\n",
    ),
    (
        "windows",
        "[settings]\nos=Windows\narch=x86_64\ncompiler=msvc\ncompiler.version=193\n\
         compiler.runtime=dynamic\ncompiler.runtime_type=Release\ncompiler.cppstd=17\n\
         build_type=Release\n",
    ),
    (
        "macos",
        "[settings]\nos=Macos\nos.version=13.0\narch=armv8\ncompiler=apple-clang\n\
         compiler.version=15\ncompiler.libcxx=libc++\ncompiler.cppstd=gnu17\nbuild_type=Debug\n\
         [conf]\ntools.apple:sdk_path=/sdk\n",
    ),
];

/// Files whose content is the same but for comments and blanks. Others say the same in other words
/// (functions of Lua and of Starlark), or are scripts for environments.
const COMPARED: [&str; 9] = [
    ".xcconfig",
    "BUILD.bazel",
    "BUILD.rules_cc.bazel",
    ".rc",
    "_x86_64.premake5.lua",
    "_arm64.premake5.lua",
    "SConscript_conandeps",
    ".json",
    ".cps",
];

#[test]
fn files_as_the_reference() {
    let Some(conan) = conan() else { return };
    for (name, profile) in PROFILES {
        let scratch = Scratch::new();
        scratch.write("profile", profile);
        scratch.write("liba/conanfile.py", LIBA);
        scratch.write("libb/conanfile.py", LIBB);
        scratch.write("consumer/conanfile.py", CONSUMER);
        for package in ["liba", "libb"] {
            scratch
                .crom(&format!("create {package} -pr:h profile -pr:b default"))
                .success();
        }
        let line = "install consumer -pr:h profile -pr:b default -of out";
        scratch.crom(line).success();
        let out = scratch.work().join("out");
        let ours = files(&out);
        std::fs::remove_dir_all(&out).expect("the folder of the first");
        scratch.run(&conan, "", line.split_whitespace()).success();
        let theirs = files(&out);
        assert_eq!(
            ours.keys().collect::<Vec<_>>(),
            theirs.keys().collect::<Vec<_>>(),
            "{name}"
        );
        assert!(ours.len() > 20, "{name}: {:?}", ours.keys());
        for (path, text) in &ours {
            pretty_assertions::assert_eq!(text, &theirs[path], "{name}: {path}");
        }
    }
}

const LINKED: &str = r#"from conan import ConanFile
from conan.tools.cmake import CMakeToolchain
from conan.tools.gnu import AutotoolsDeps, AutotoolsToolchain, PkgConfigDeps


class Consumer(ConanFile):
    name = "consumer"
    version = "1.0"
    settings = "os", "arch", "compiler", "build_type"
    requires = "libb/0.1"

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["CACHED"] = "text"
        toolchain.generate()
        for generator in (AutotoolsToolchain, AutotoolsDeps, PkgConfigDeps):
            generator(self).generate()
"#;

/// Beside those of [`PROFILES`].
const CROSS_PROFILES: [(&str, &str); 4] = [
    (
        "ios",
        "[settings]\nos=iOS\nos.version=16.0\nos.sdk=iphoneos\narch=armv8\ncompiler=apple-clang\n\
         compiler.version=15\ncompiler.libcxx=libc++\ncompiler.cppstd=gnu17\nbuild_type=Release\n\
         [conf]\ntools.apple:sdk_path=/sdk\n",
    ),
    (
        "android",
        "[settings]\nos=Android\nos.api_level=24\narch=armv8\ncompiler=clang\ncompiler.version=14\n\
         compiler.libcxx=c++_static\ncompiler.cppstd=17\nbuild_type=Release\n\
         [conf]\ntools.android:ndk_path=/ndk\n",
    ),
    (
        "emscripten",
        "[settings]\nos=Emscripten\narch=wasm\ncompiler=emcc\ncompiler.version=3.1.50\n\
         compiler.libcxx=libc++\ncompiler.cppstd=17\nbuild_type=Release\n",
    ),
    (
        "mingw",
        "[settings]\nos=Windows\narch=x86_64\ncompiler=gcc\ncompiler.version=12\n\
         compiler.libcxx=libstdc++11\ncompiler.threads=posix\ncompiler.exception=seh\n\
         compiler.cppstd=17\nbuild_type=Release\n",
    ),
];

/// Flags for other build systems, and presets with environments, for each kind of machine.
#[test]
fn flags_and_presets_as_the_reference() {
    let Some(conan) = conan() else { return };
    for (name, profile) in PROFILES.iter().chain(&CROSS_PROFILES) {
        let scratch = Scratch::new();
        scratch.write("profile", profile);
        scratch.write("liba/conanfile.py", LIBA);
        scratch.write("libb/conanfile.py", LIBB);
        scratch.write("consumer/conanfile.py", LINKED);
        for package in ["liba", "libb"] {
            scratch
                .crom(&format!("create {package} -pr:h profile -pr:b default"))
                .success();
        }
        let line = "install consumer -pr:h profile -pr:b default -of out";
        let out = scratch.work().join("out");
        let read = || -> BTreeMap<String, String> {
            let mut found = BTreeMap::new();
            for entry in std::fs::read_dir(&out).expect("a folder").flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let text = std::fs::read(entry.path()).expect("a file");
                let text = String::from_utf8_lossy(&text).into_owned();
                // The words of scripts are Crom's own, but for what they set.
                let lines = |keep: &dyn Fn(&str) -> bool| -> String {
                    text.lines()
                        .filter(|it| keep(it))
                        .collect::<Vec<_>>()
                        .join("\n")
                };
                let content = match name.as_str() {
                    "CMakePresets.json" => {
                        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                        sorted(json).to_string()
                    }
                    _ if name.ends_with(".pc") => plain(&text),
                    _ if name.starts_with("deactivate") => continue,
                    _ if name.ends_with(".sh") => lines(&|it| it.starts_with("export ")),
                    "conanbuild.conf" => plain(&text),
                    _ => String::new(),
                };
                found.insert(name, content);
            }
            std::fs::remove_dir_all(&out).expect("the folder");
            found
        };
        scratch.crom(line).success();
        let ours = read();
        scratch.run(&conan, "", line.split_whitespace()).success();
        let theirs = read();
        for (path, text) in &theirs {
            let own = ours.get(path);
            pretty_assertions::assert_eq!(own, Some(text), "{name}: {path}");
        }
    }
}

/// With the keys of objects in order.
fn sorted(json: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match json {
        Value::Object(map) => {
            let map: BTreeMap<String, Value> = map
                .into_iter()
                .map(|(key, value)| (key, sorted(value)))
                .collect();
            Value::Object(map.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// The compared files below a folder, without comments and blanks.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path
                .strip_prefix(folder)
                .expect("below")
                .to_string_lossy()
                .into_owned();
            if COMPARED.iter().any(|it| name.ends_with(it)) {
                let text = std::fs::read_to_string(&path).expect("a text");
                found.insert(name, plain(&text));
            }
        }
    }
    found
}

fn plain(text: &str) -> String {
    let is_comment = |line: &str| {
        line.starts_with("//")
            || line.starts_with("--")
            || (line.starts_with('#') && !line.starts_with("#include"))
    };
    let lines = text.lines().map(str::trim).filter(|it| !is_comment(it));
    let text: String = lines.collect::<Vec<_>>().join(" ");
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(", \"", ",\"")
}
