//! The walkthrough of the `vendor` feature, step by step, with cmake and a compiler, and a test for
//! each note of the reference page on vendoring.

use crate::home::{Outcome, Scratch};

/// The sdk of the walkthrough after its changes: it repackages `lib_a`.
const VENDORING_SDK: &str = r#"from conan import ConanFile
from conan.tools.cmake import CMakeToolchain, CMake, cmake_layout, CMakeDeps
from conan.tools.files import copy
import os

class sdkRecipe(ConanFile):
    name = "sdk"
    version = "1.0"
    package_type = "static-library"
    vendor = True

    settings = "os", "compiler", "build_type", "arch"
    options = {"fPIC": [True, False]}
    default_options = {"fPIC": True}
    exports_sources = "CMakeLists.txt", "src/*", "include/*"

    def config_options(self):
        if self.settings.os == "Windows":
            self.options.rm_safe("fPIC")

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("lib_a/1.0")

    def generate(self):
        deps = CMakeDeps(self)
        deps.generate()
        tc = CMakeToolchain(self)
        tc.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "*.a", src=self.dependencies["lib_a"].cpp_info.libdir, dst=os.path.join(self.package_folder, self.cpp_info.libdir))
        copy(self, "*.lib", src=self.dependencies["lib_a"].cpp_info.libdir, dst=os.path.join(self.package_folder, self.cpp_info.libdir))
        cmake = CMake(self)
        cmake.install()

    def package_info(self):
        self.cpp_info.libs = ["sdk", "lib_a"]
"#;

/// The red dashed border and the yellow fill of the graph page, as it marks them in its data.
const VENDOR_MARK: &str = "\"vendor\": true";

#[test]
fn the_walkthrough() {
    let scratch = Scratch::new();
    for folder in ["lib_a", "sdk", "app"] {
        std::fs::create_dir(scratch.work().join(folder)).expect("a folder");
    }
    // 1. a library, 2. a package that depends on it, 3. an application that depends on that
    scratch
        .crom_in("lib_a", "new cmake_lib -d name=lib_a -d version=1.0")
        .success();
    scratch.crom_in("lib_a", "create .").success();
    scratch
        .crom_in(
            "sdk",
            "new cmake_lib -d name=sdk -d version=1.0 -d requires=lib_a/1.0",
        )
        .success();
    scratch.crom_in("sdk", "create .").success();
    scratch
        .crom_in(
            "app",
            "new cmake_exe -d name=app -d version=1.0 -d requires=sdk/1.0",
        )
        .success();

    // 4. transitive dependencies are required as expected
    let installed = scratch
        .crom_in("app", "install . --build=missing")
        .success();
    let (graph, packages) = sections(&installed);
    for (section, name) in [
        (graph, "lib_a/1.0#"),
        (graph, "sdk/1.0#"),
        (packages, "lib_a/1.0#"),
        (packages, "sdk/1.0#"),
    ] {
        assert!(
            section
                .lines()
                .any(|line| line.trim().starts_with(name) && line.ends_with("- Cache")),
            "{installed}"
        );
    }

    // 5. the page of the graph, for the comparison
    let standard = scratch
        .crom_in("app", "graph info . --format=html")
        .success()
        .stdout;

    // 6. and 7. the sdk vendors lib_a
    scratch.write("sdk/conanfile.py", VENDORING_SDK);
    scratch.crom_in("sdk", "create .").success();

    // 8. lib_a is hidden now
    let installed = scratch
        .crom_in("app", "install . --build=missing")
        .success();
    assert!(!installed.stderr.contains("lib_a"), "{installed}");
    assert!(
        installed.line("sdk/1.0#").ends_with("- Cache"),
        "{installed}"
    );

    // 9. nobody needs lib_a to use the sdk
    scratch
        .crom("remove lib_a* -c")
        .success()
        .prints("lib_a/1.0");
    scratch
        .crom_in("app", "install . --build=missing")
        .success();
    scratch.crom_in("app", "build .").success();
    let program = scratch.work().join("app/build/Release/app");
    let printed = scratch.run(&program, "app", [""; 0]).success();
    printed.prints("lib_a/1.0: Hello World Release!");

    // 10. the pages differ as described
    let vendored = scratch
        .crom_in("app", "graph info . --format=html")
        .success()
        .stdout;
    assert!(standard.contains("lib_a/1.0") && !vendored.contains("lib_a/1.0"));
    assert!(vendored.contains(VENDOR_MARK) && !standard.contains(VENDOR_MARK));

    // forcing the build of a vendoring package
    scratch.crom_in("lib_a", "create .").success();
    let refused = scratch
        .crom_in("app", "install . --build=sdk/1.0")
        .fails_with(6);
    assert!(refused.line("sdk/1.0#").ends_with("- Invalid"), "{refused}");
    refused
        .says("sdk/1.0: Forced build from source")
        .says("ERROR: There are invalid packages:")
        .says(
            "sdk/1.0: Invalid: The package 'sdk/1.0' is a vendoring one, needs to be built from source, \
             but it didn't enable 'tools.graph:vendor=build' to compute its dependencies",
        );
    let built = scratch
        .crom_in(
            "app",
            "install . --build=sdk/1.0 -c tools.graph:vendor=build",
        )
        .success();
    let (_, packages) = sections(&built);
    assert!(
        packages
            .lines()
            .any(|line| line.trim().starts_with("sdk/1.0#") && line.ends_with("- Build")),
        "{built}"
    );
    assert!(
        packages
            .lines()
            .any(|line| line.trim().starts_with("lib_a/1.0#") && line.ends_with("- Cache")),
        "{built}"
    );
    built.says("lib_a/1.0: Already installed! (1 of 2)");

    let expanded = scratch
        .crom_in(
            "app",
            "graph info . --build=sdk/1.0 -c tools.graph:vendor=build --format=html",
        )
        .success()
        .stdout;
    assert!(expanded.contains("lib_a/1.0") && expanded.contains(VENDOR_MARK));

    // without access to the private dependency the forced build can't be resolved
    scratch
        .crom("remove lib_a* -c")
        .success()
        .says("Found 1 pkg/version recipes matching lib_a* in local cache")
        .prints("Removed recipe and all binaries");
    scratch
        .crom_in(
            "app",
            "install . --build=sdk/1.0 -c tools.graph:vendor=build",
        )
        .fails_with(1)
        .says("Package 'lib_a/1.0' not resolved");
}

/// The text under `Computing dependency graph` and under `Computing necessary packages`.
fn sections(outcome: &Outcome) -> (&str, &str) {
    let (_, rest) = outcome
        .stderr
        .split_once("======== Computing dependency graph ========")
        .expect("a graph");
    rest.split_once("======== Computing necessary packages ========")
        .expect("packages")
}
