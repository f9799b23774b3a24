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
const VENDOR_MARK: &str = "\"vendor\":true";

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
    let (_, packages) = sections(&refused);
    assert!(
        packages
            .lines()
            .any(|line| line.trim().starts_with("sdk/1.0#") && line.ends_with("- Invalid")),
        "{refused}"
    );
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

/// What vendoring packages of the tests below repackage.
const DEPENDENCY: &str = r#"from conan import ConanFile
from conan.tools.files import save
import os

class Dependency(ConanFile):
    name = "dep"
    options = {"fast": [True, False]}
    default_options = {"fast": False}

    def package(self):
        save(self, os.path.join(self.package_folder, "dep.txt"), f"dep {self.version} fast={self.options.fast}")
"#;

/// A recipe that repackages one version of `dep`, as a vendoring package or not.
fn sdk(name: &str, vendor: bool, dependency: &str) -> String {
    let vendor = if vendor { "True" } else { "False" };
    format!(
        r#"from conan import ConanFile
from conan.tools.files import copy

class Sdk(ConanFile):
    name = "{name}"
    version = "1.0"
    vendor = {vendor}
    requires = "{dependency}"

    def package(self):
        copy(self, "dep.txt", self.dependencies["dep"].package_folder, self.package_folder)
"#
    )
}

/// With `dep/1.0`, `dep/2.0`, and what has to be created from both.
fn with_dependencies() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("dep/conanfile.py", DEPENDENCY);
    for version in ["1.0", "2.0"] {
        scratch
            .crom(&format!("create dep --version={version}"))
            .success();
    }
    scratch
}

/// The package id of the first node of this name in the JSON of a graph.
fn package_id(outcome: &Outcome, name: &str) -> String {
    let json = outcome.json();
    let nodes = json["graph"]["nodes"].as_object().expect("nodes");
    let node = nodes
        .values()
        .find(|node| node["name"] == name)
        .unwrap_or_else(|| panic!("no {name} in\n{outcome}"));
    node["package_id"].as_str().expect("an id").to_owned()
}

#[test]
fn it_is_consumed_in_binary_form_without_its_dependencies() {
    let scratch = with_dependencies();
    scratch.write("sdk/conanfile.py", &sdk("sdk", true, "dep/1.0"));
    scratch.crom("create sdk").success();
    scratch.crom("remove dep* -c").success();
    scratch
        .crom("install --requires=sdk/1.0")
        .success()
        .says("sdk/1.0: Already installed! (1 of 1)")
        .does_not_say("dep/");
    scratch
        .crom("list dep/*")
        .success()
        .prints("no matching recipe");
}

#[test]
fn its_dependencies_are_a_private_graph() {
    let scratch = with_dependencies();
    scratch.write("sdk/conanfile.py", &sdk("sdk", true, "dep/1.0"));
    scratch.write("open/conanfile.py", &sdk("open", false, "dep/1.0"));
    scratch.crom("create sdk").success();
    scratch.crom("create open").success();
    // another version of the same dependency doesn't collide with the vendored one
    let installed = scratch
        .crom("install --requires=sdk/1.0 --requires=dep/2.0")
        .success();
    assert!(installed.line("dep/2.0#").ends_with("- Cache"));
    installed.does_not_say("dep/1.0");
    // as it does with one that isn't vendored
    scratch
        .crom("install --requires=open/1.0 --requires=dep/2.0")
        .fails_with(1)
        .says("Version conflict");
}

#[test]
fn its_package_id_does_not_depend_on_its_dependencies() {
    let scratch = with_dependencies();
    let mut ids = Vec::new();
    for (name, vendor) in [("sdk", true), ("open", false)] {
        for dependency in ["dep/1.0", "dep/2.0"] {
            let path = format!("{name}/conanfile.py");
            scratch.write(&path, &sdk(name, vendor, dependency));
            let created = scratch
                .crom(&format!("create {name} --format=json"))
                .success();
            ids.push(package_id(&created, name));
        }
    }
    assert_eq!(ids[0], ids[1], "a vendoring package");
    assert_ne!(ids[2], ids[3], "an ordinary package");
    let recipes = scratch.crom("list sdk/1.0#* --format=json").success();
    let revisions = &recipes.json()["Local Cache"]["sdk/1.0"]["revisions"];
    assert_eq!(revisions.as_object().expect("revisions").len(), 2);
}

#[test]
fn options_of_consumers_do_not_reach_its_dependencies() {
    let scratch = with_dependencies();
    scratch.write("sdk/conanfile.py", &sdk("sdk", true, "dep/1.0"));
    scratch.write("open/conanfile.py", &sdk("open", false, "dep/1.0"));
    scratch.crom("create sdk").success();
    scratch.crom("create open").success();
    scratch.write(
        "app/conanfile.txt",
        "[requires]\nsdk/1.0\n\n[options]\ndep/*:fast=True\n",
    );
    scratch
        .crom("install app")
        .success()
        .says("sdk/1.0: Already installed! (1 of 1)");
    // an ordinary package passes them on, so that the binary of its dependency is missing
    scratch.write(
        "app/conanfile.txt",
        "[requires]\nopen/1.0\n\n[options]\ndep/*:fast=True\n",
    );
    scratch
        .crom("install app --build=open*")
        .fails_with(1)
        .says("ERROR: Missing binary: dep/1.0");
}

#[test]
fn a_missing_binary_cannot_be_built_unless_it_is_allowed() {
    let scratch = with_dependencies();
    scratch.write("sdk/conanfile.py", &sdk("sdk", true, "dep/1.0"));
    scratch.crom("export sdk").success();
    scratch
        .crom("install --requires=sdk/1.0")
        .fails_with(1)
        .says("ERROR: Missing binary: sdk/1.0");
    let reason = "The package 'sdk/1.0' is a vendoring one, needs to be built from source, but it didn't \
                  enable 'tools.graph:vendor=build' to compute its dependencies";
    scratch
        .crom("install --requires=sdk/1.0 --build=missing")
        .fails_with(6)
        .says(reason)
        .does_not_say("dep/");
    let built = scratch
        .crom("install --requires=sdk/1.0 --build=missing -c tools.graph:vendor=build")
        .success()
        .says("dep/1.0: Already installed! (1 of 2)")
        .says("sdk/1.0: Package '")
        .does_not_say("vendoring one");
    let (_, packages) = sections(&built);
    assert!(
        packages
            .lines()
            .any(|line| line.trim().starts_with("sdk/1.0#") && line.ends_with("- Build"))
    );
    scratch
        .crom("install --requires=sdk/1.0")
        .success()
        .does_not_say("dep/");
}
