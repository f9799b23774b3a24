//! A fork with two packages that break no rule.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// What a violation does to the fork.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    /// Writes a file.
    Write(&'static str, &'static str),
    /// Replaces the first occurrence of a text in a file.
    Replace(&'static str, &'static str, &'static str),
    /// Removes a file.
    Remove(&'static str),
    /// Writes bytes.
    Bytes(&'static str, &'static [u8]),
}

pub struct Fork {
    folder: TempDir,
}

pub const SHA: &str = "c3e5e9fdd5004dcb542feda5ee4f0ff0744628baf8ed2dd5d66f8ca1197cb1a1";

const RECIPE: &str = r#"import os

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import apply_conandata_patches, copy, export_conandata_patches, get

required_conan_version = ">=2.1"


class AlphaConan(ConanFile):
    name = "alpha"
    description = "The first letter"
    license = "MIT"
    url = "https://github.com/conan-io/conan-center-index"
    homepage = "https://example.org/alpha"
    topics = ("letters", "greek")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    implements = ["auto_shared_fpic"]

    def export_sources(self):
        export_conandata_patches(self)

    def layout(self):
        cmake_layout(self, src_folder="src")

    def requirements(self):
        self.requires("beta/2.0")
        self.requires("zlib/[>=1.2.11 <2]@")

    def build_requirements(self):
        pass

    def source(self):
        get(self, **self.conan_data["sources"][self.version], strip_root=True)
        apply_conandata_patches(self)

    def generate(self):
        tc = CMakeToolchain(self)
        if self.settings.os == "Linux" and self.options.shared:
            tc.cache_variables["X"] = True
        tc.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        cmake = CMake(self)
        cmake.install()

    def package_info(self):
        self.cpp_info.libs = ["alpha"]
"#;

const CONANDATA: &str = r#"sources:
  "1.2.0":
    url:
      - "https://example.org/alpha-1.2.0.tar.gz"
      - "ftp://ftp.example.org/alpha-1.2.0.tar.gz"
    sha256: "c3e5e9fdd5004dcb542feda5ee4f0ff0744628baf8ed2dd5d66f8ca1197cb1a1"
patches:
  "1.2.0":
    - patch_file: "patches/1.2.0-fix.patch"
      patch_description: "port to Android: add missing unistd.h header"
      patch_type: "portability"
      patch_source: "https://example.org/pull/1"
      base_path: "lib"
"#;

const PATCH: &str = "--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,3 @@\n one\n+two\n three\n";

const TEST: &str = r#"from conan import ConanFile


class TestPackageConan(ConanFile):
    settings = "os", "arch", "compiler", "build_type"

    def requirements(self):
        self.requires(self.tested_reference_str)
"#;

const CMAKE: &str = "cmake_minimum_required(VERSION 3.15)\nproject(test_package LANGUAGES CXX)\n";

impl Fork {
    /// The fork without faults: `alpha` with a patch, which requires `beta`.
    pub fn clean() -> Self {
        let fork = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        let recipe = RECIPE.replace("        self.requires(\"zlib/[>=1.2.11 <2]@\")\n", "");
        fork.package("alpha", "1.2.0", &recipe, CONANDATA);
        fork.write("recipes/alpha/all/patches/1.2.0-fix.patch", PATCH);
        let beta = recipe
            .replace("alpha", "beta")
            .replace("AlphaConan", "BetaConan")
            .replace("        self.requires(\"beta/2.0\")\n", "        pass\n")
            .replace("        apply_conandata_patches(self)\n", "")
            .replace("        export_conandata_patches(self)\n", "        pass\n");
        let data = format!(
            "sources:\n  \"2.0\":\n    \"code\":\n      url: \"https://example.org/beta-2.0.tar.gz\"\n      \
             sha256: \"{SHA}\"\n    \"Macos\":\n      \"x86_64\":\n        - url: \
             \"https://example.org/mac.tar.gz\"\n          sha256: \"{SHA}\"\n"
        );
        fork.package("beta", "2.0", &beta, &data);
        fork
    }

    fn package(&self, name: &str, version: &str, recipe: &str, conandata: &str) {
        let folder = format!("recipes/{name}");
        let config = format!("versions:\n  \"{version}\":\n    folder: all\n");
        self.write(&format!("{folder}/config.yml"), &config);
        self.write(&format!("{folder}/all/conanfile.py"), recipe);
        self.write(&format!("{folder}/all/conandata.yml"), conandata);
        self.write(&format!("{folder}/all/test_package/conanfile.py"), TEST);
        self.write(&format!("{folder}/all/test_package/CMakeLists.txt"), CMAKE);
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).expect("a file")
    }

    pub fn change(&self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Write(path, text) => self.write(path, text),
                Change::Replace(path, from, to) => {
                    let text = self.read(path);
                    assert!(text.contains(from), "{path} has no `{from}`:\n{text}");
                    self.write(path, &text.replacen(from, to, 1));
                }
                Change::Remove(path) => {
                    fs::remove_file(self.root().join(path)).expect("a file");
                }
                Change::Bytes(path, bytes) => {
                    fs::write(self.root().join(path), bytes).expect("a file");
                }
            }
        }
    }
}
