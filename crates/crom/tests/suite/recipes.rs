//! Recipes that several tests use. None of them needs a compiler.

/// A package with a setting, an option and a file that tells them.
pub const PLAIN: &str = r#"from conan import ConanFile
from conan.tools.files import save
import os


class Plain(ConanFile):
    name = "plain"
    description = "A file that tells how it was made"
    license = "MIT"
    topics = ("one", "two")
    settings = "os", "build_type"
    options = {"shared": [True, False], "fast": [True, False]}
    default_options = {"shared": False, "fast": False}

    def set_version(self):
        self.version = self.version or "1.0"

    def package(self):
        text = f"{self.version} {self.settings.build_type} fast={self.options.fast}\n"
        save(self, os.path.join(self.package_folder, "share", "plain.txt"), text)
"#;

/// A header-only library with an exported source.
pub const HEADERS: &str = r#"from conan import ConanFile
from conan.tools.files import copy
import os


class Headers(ConanFile):
    name = "headers"
    version = "2.1"
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "include/*"
    no_copy_source = True

    def package(self):
        copy(self, "*.h", self.source_folder, self.package_folder)

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
"#;

/// What [`HEADERS`] exports as `include/headers.h`.
pub const HEADER: &str = "#pragma once\n#define HEADERS 21\n";
