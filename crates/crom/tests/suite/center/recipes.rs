//! A small fork: libraries built by CMake, by a configure script with make, and by Meson, a header-only
//! one over them, a program that builds need, an archive from a store of sources, and one that refuses
//! every configuration.

use crate::home::Scratch;

const CMAKE: &str = r#"from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout


class Adder(ConanFile):
    name = "adder"
    license = "MIT"
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    implements = ["auto_shared_fpic"]
    exports_sources = "CMakeLists.txt", "adder.*"

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeToolchain(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        self.cpp_info.libs = ["adder"]
"#;

const CMAKE_LISTS: &str = "cmake_minimum_required(VERSION 3.15)\nproject(adder C)\n\
add_library(adder adder.c)\nset_target_properties(adder PROPERTIES PUBLIC_HEADER adder.h)\n\
install(TARGETS adder)\n";

const MAKE: &str = r#"from conan import ConanFile
from conan.tools.gnu import Autotools, AutotoolsDeps, AutotoolsToolchain
from conan.tools.layout import basic_layout


class Counter(ConanFile):
    name = "counter"
    license = "MIT"
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "configure", "Makefile.in", "counter.*"

    def layout(self):
        basic_layout(self)

    def requirements(self):
        self.requires("adder/[>=1.0 <2]")

    def build_requirements(self):
        self.tool_requires("stamper/1.0")

    def generate(self):
        AutotoolsToolchain(self).generate()
        AutotoolsDeps(self).generate()

    def build(self):
        self.run("stamper > stamp.txt")
        autotools = Autotools(self)
        autotools.configure()
        autotools.make()

    def package(self):
        Autotools(self).install()

    def package_info(self):
        self.cpp_info.libs = ["counter"]
"#;

/// What a real one does in thousands of lines.
const CONFIGURE: &str = "#!/bin/sh\nfor a in \"$@\"; do case $a in --prefix=*) p=${a#--prefix=};; esac; done\n\
s=$(cd \"$(dirname \"$0\")\" && pwd)\n\
sed -e \"s|@prefix@|$p|g\" -e \"s|@src@|$s|\" -e \"s|@CC@|${CC:-cc}|\" -e \"s|@CFLAGS@|$CPPFLAGS $CFLAGS|\" \
\"$s/Makefile.in\" > Makefile\n";

const MAKEFILE: &str = "all: libcounter.a\ncounter.o: @src@/counter.c\n\t@CC@ @CFLAGS@ -c -o $@ $<\n\
libcounter.a: counter.o\n\tar rcs $@ $<\n\
install: all\n\tmkdir -p $(DESTDIR)@prefix@/lib $(DESTDIR)@prefix@/include\n\
\tcp libcounter.a $(DESTDIR)@prefix@/lib\n\tcp @src@/counter.h $(DESTDIR)@prefix@/include\n";

const MESON: &str = r#"from conan import ConanFile
from conan.tools.layout import basic_layout
from conan.tools.meson import Meson, MesonToolchain


class Greeter(ConanFile):
    name = "greeter"
    license = "Apache-2.0"
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "meson.build", "greeter.*"

    def layout(self):
        basic_layout(self)

    def generate(self):
        MesonToolchain(self).generate()

    def build(self):
        meson = Meson(self)
        meson.configure()
        meson.build()

    def package(self):
        Meson(self).install()

    def package_info(self):
        self.cpp_info.libs = ["greeter"]
"#;

const MESON_BUILD: &str = "project('greeter', 'c', default_options: ['default_library=static'])\n\
static_library('greeter', 'greeter.c', install: true)\ninstall_headers('greeter.h')\n";

const FACADE: &str = r#"import os

from conan import ConanFile
from conan.tools.files import copy


class Facade(ConanFile):
    name = "facade"
    license = "MIT"
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "facade.h"
    no_copy_source = True

    def requirements(self):
        self.requires("counter/1.0")
        self.requires("greeter/[>=2]")

    def package(self):
        copy(self, "*.h", self.source_folder, os.path.join(self.package_folder, "include"))

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
"#;

const STAMPER: &str = r##"import os

from conan import ConanFile
from conan.tools.files import chmod, save


class Stamper(ConanFile):
    name = "stamper"
    version = "1.0"
    license = "MIT"
    package_type = "application"
    settings = "os", "arch"

    def package(self):
        path = os.path.join(self.package_folder, "bin", "stamper")
        save(self, path, "#!/bin/sh\necho stamped\n")
        chmod(self, path, execute=True)
"##;

const ARCHIVE: &str = r#"import os

from conan import ConanFile
from conan.tools.files import copy, get


class Archive(ConanFile):
    name = "archive"
    license = "MIT"
    package_type = "header-library"
    no_copy_source = True

    def source(self):
        get(self, **self.conan_data["sources"][self.version])

    def package(self):
        copy(self, "*.h", self.source_folder, os.path.join(self.package_folder, "include"))
"#;

const ELSEWHERE: &str = r#"from conan import ConanFile
from conan.errors import ConanInvalidConfiguration


class Elsewhere(ConanFile):
    name = "elsewhere"
    package_type = "static-library"
    settings = "os", "arch"

    def validate(self):
        if self.settings.os != "Windows":
            raise ConanInvalidConfiguration("only for Windows")
"#;

const BROKEN: &str = r#"from conan import ConanFile


class Broken(ConanFile):
    name = "broken"
    settings = "os"

    def build(self):
        self.run("echo this goes wrong && exit 7")
"#;

const NEEDS_BROKEN: &str = r#"from conan import ConanFile


class NeedsBroken(ConanFile):
    name = "needsbroken"
    settings = "os"
    requires = "broken/1.0"
"#;

/// Links a library and runs the program.
const TEST_C: &str = r#"from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, cmake_layout
import os


class TestPackage(ConanFile):
    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeToolchain", "CMakeDeps", "VirtualRunEnv"
    test_type = "explicit"

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires(self.tested_reference_str)

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def test(self):
        if can_run(self):
            self.run(os.path.join(self.cpp.build.bindir, "test_package"), env="conanrun")
"#;

fn version_list(versions: &[&str]) -> String {
    let lines: String = versions
        .iter()
        .map(|version| format!("  \"{version}\":\n    folder: all\n"))
        .collect();
    format!("versions:\n{lines}")
}

fn write(scratch: &Scratch, name: &str, versions: &[&str], files: &[(&str, &str)]) {
    let folder = format!("fork/recipes/{name}");
    scratch.write(&format!("{folder}/config.yml"), &version_list(versions));
    for (path, content) in files {
        let path = scratch.write(&format!("{folder}/all/{path}"), content);
        if path.ends_with("configure") {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))
                .expect("a program");
        }
    }
}

fn test_lists(library: &str) -> String {
    format!(
        "cmake_minimum_required(VERSION 3.15)\nproject(test_package C)\nfind_package({library} REQUIRED)\n\
         add_executable(test_package test_package.c)\n\
         target_link_libraries(test_package PRIVATE {library}::{library})\n"
    )
}

/// The whole fork, in `fork` of the work folder.
pub fn write_fork(scratch: &Scratch) {
    let adder_test = test_lists("adder");
    write(
        scratch,
        "adder",
        &["1.0"],
        &[
            ("conanfile.py", CMAKE),
            ("CMakeLists.txt", CMAKE_LISTS),
            ("adder.h", "int add(int a, int b);\n"),
            (
                "adder.c",
                "#include \"adder.h\"\nint add(int a, int b) { return a + b; }\n",
            ),
            ("test_package/conanfile.py", TEST_C),
            ("test_package/CMakeLists.txt", &adder_test),
            (
                "test_package/test_package.c",
                "#include <adder.h>\nint main(void) { return add(2, 3) == 5 ? 0 : 1; }\n",
            ),
        ],
    );
    let counter_test = test_lists("counter");
    write(
        scratch,
        "counter",
        &["1.0"],
        &[
            ("conanfile.py", MAKE),
            ("configure", CONFIGURE),
            ("Makefile.in", MAKEFILE),
            ("counter.h", "int count(int to);\n"),
            (
                "counter.c",
                "#include <adder.h>\n#include \"counter.h\"\n\
                 int count(int to) { int n = 0; for (int i = 1; i <= to; i++) n = add(n, i); return n; }\n",
            ),
            ("test_package/conanfile.py", TEST_C),
            ("test_package/CMakeLists.txt", &counter_test),
            (
                "test_package/test_package.c",
                "#include <counter.h>\nint main(void) { return count(4) == 10 ? 0 : 1; }\n",
            ),
        ],
    );
    write(
        scratch,
        "greeter",
        &["2.0"],
        &[
            ("conanfile.py", MESON),
            ("meson.build", MESON_BUILD),
            ("greeter.h", "const char *greeting(void);\n"),
            (
                "greeter.c",
                "#include \"greeter.h\"\nconst char *greeting(void) { return \"hello\"; }\n",
            ),
        ],
    );
    write(
        scratch,
        "facade",
        &["0.1"],
        &[
            ("conanfile.py", FACADE),
            ("facade.h", "#include <counter.h>\n#include <greeter.h>\n"),
        ],
    );
    write(scratch, "stamper", &["1.0"], &[("conanfile.py", STAMPER)]);
    write(
        scratch,
        "elsewhere",
        &["1.0"],
        &[("conanfile.py", ELSEWHERE)],
    );
    write(scratch, "broken", &["1.0"], &[("conanfile.py", BROKEN)]);
    write(
        scratch,
        "needsbroken",
        &["1.0"],
        &[("conanfile.py", NEEDS_BROKEN)],
    );
    write(scratch, "unused", &["1.0"], &[("conanfile.py", BROKEN)]);
    scratch.write("fork/profiles/gcc", crate::home::PROFILE);
    write_consumer(scratch);
}

/// A recipe that downloads an archive; in the home's store of sources is what it names, if there is one.
pub fn write_archive(scratch: &Scratch, sha256: &str) {
    let data = format!(
        "sources:\n  \"1.0\":\n    url: \"https://sources.invalid/archive-1.0.tar.gz\"\n    sha256: \"{sha256}\"\n    strip_root: true\n"
    );
    write(
        scratch,
        "archive",
        &["1.0"],
        &[("conanfile.py", ARCHIVE), ("conandata.yml", &data)],
    );
}

/// A program that uses everything.
fn write_consumer(scratch: &Scratch) {
    scratch.write(
        "fork/consumers/app/conanfile.py",
        r#"from conan import ConanFile
from conan.tools.cmake import CMake, cmake_layout


class App(ConanFile):
    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeToolchain", "CMakeDeps"
    requires = "facade/0.1"

    def layout(self):
        cmake_layout(self)

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()
"#,
    );
    scratch.write(
        "fork/consumers/app/CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.15)\nproject(app C)\nfind_package(facade REQUIRED)\n\
         add_executable(app main.c)\ntarget_link_libraries(app PRIVATE facade::facade)\n",
    );
    scratch.write(
        "fork/consumers/app/main.c",
        "#include <facade.h>\n#include <stdio.h>\n\
         int main(void) { printf(\"%s %d\\n\", greeting(), count(3)); return count(3) == 6 ? 0 : 1; }\n",
    );
}
