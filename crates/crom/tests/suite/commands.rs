//! Each command by itself.

use std::path::PathBuf;

use crate::home::{Outcome, Scratch};
use crate::oracle::conan;
use crate::recipes::{HEADER, HEADERS, PLAIN};

/// The package id of [`PLAIN`] with the tests' profile.
const PLAIN_ID: &str = "01c7ea0f70676c6d2c63a6fc4d0099e68bcce9d6";

/// A home with `plain/1.0` and `headers/2.1`.
fn with_packages() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("plain/conanfile.py", PLAIN);
    scratch.write("headers/conanfile.py", HEADERS);
    scratch.write("headers/include/headers.h", HEADER);
    scratch.crom("create plain").success();
    scratch.crom("create headers").success();
    scratch
}

/// The folder that `cache path` prints.
fn folder(scratch: &Scratch, line: &str) -> PathBuf {
    let printed = scratch.crom(&format!("cache path {line}")).success();
    let home = scratch.home();
    PathBuf::from(
        printed
            .stdout
            .trim()
            .replace("<HOME>", &home.to_string_lossy()),
    )
}

/// The lines of standard output, trimmed.
fn lines(outcome: &Outcome) -> Vec<&str> {
    outcome.stdout.lines().map(str::trim).collect()
}

/// Crom and Conan print the same on standard output and end with the same code.
fn same_output(scratch: &Scratch, commands: &[&str]) {
    let Some(conan) = conan() else { return };
    for line in commands {
        let theirs = scratch.run(&conan, "", line.split_whitespace());
        let ours = scratch.crom(line);
        assert!(!theirs.stdout.is_empty(), "{line}\n{theirs}");
        assert_eq!(ours.code, theirs.code, "{line}\n{ours}");
        pretty_assertions::assert_eq!(ours.stdout, theirs.stdout, "{line}");
    }
}

#[test]
fn new_writes_a_package_that_can_be_exported() {
    for template in [
        "basic",
        "cmake_lib",
        "cmake_exe",
        "header_lib",
        "meson_lib",
        "autotools_lib",
    ] {
        let scratch = Scratch::new();
        scratch
            .crom(&format!("new {template} -d name=my-lib -d version=1.2"))
            .success()
            .says("File saved: conanfile.py");
        scratch.crom("export .").success().says("my-lib/1.2");
        scratch
            .crom(&format!("new {template} -d name=my-lib -d version=1.2"))
            .fails_with(1)
            .says("already exists");
        scratch
            .crom(&format!(
                "new {template} -d name=other -d version=1.2 --force"
            ))
            .success();
        assert!(scratch.read("conanfile.py").contains("other"), "{template}");
    }
}

#[test]
fn new_with_a_template_that_there_is_not() {
    Scratch::new()
        .crom("new poem -d name=a")
        .fails_with(1)
        .says("poem");
}

#[test]
fn inspect_as_the_reference() {
    let scratch = with_packages();
    let json = scratch.crom("inspect plain --format=json").success().json();
    assert_eq!(json["name"], "plain");
    assert_eq!(json["topics"], serde_json::json!(["one", "two"]));
    same_output(
        &scratch,
        &[
            "inspect plain",
            "inspect plain --format=json",
            "inspect headers",
            "inspect headers --format=json",
        ],
    );
}

#[test]
fn list_as_the_reference() {
    let scratch = with_packages();
    scratch.crom("create plain -s build_type=Debug").success();
    scratch.crom("create plain --version=1.1").success();
    same_output(
        &scratch,
        &[
            "list *",
            "list pl*",
            "list plain/1.0",
            "list plain/1.0#latest",
            "list plain/1.0#*",
            "list plain/1.0:*",
            "list plain/*:*#*",
            "list *:* --format=json",
            "list *#*:*#* --format=json",
            "list plain/[>=1.1]:*",
            "list plain/1.0:* -p build_type=Debug",
            "list plain/1.0:* -fs build_type=Debug --format=json",
            "list plain/1.0:* -fo *:shared=True",
            "list nothing/*",
            "list plain/9.0 --format=json",
        ],
    );
}

#[test]
fn other_commands_as_the_reference() {
    let scratch = with_packages();
    same_output(
        &scratch,
        &[
            "export plain --format=json",
            "config home",
            "profile list --format=json",
            "profile show",
            "profile show -s build_type=Debug -o *:shared=True -c tools.build:jobs=3",
            "profile path default",
            "cache path plain/1.0",
            "cache path plain/1.0 --folder=export_source",
        ],
    );
}

#[test]
fn graph_info_in_json() {
    let scratch = with_packages();
    scratch.write("app/conanfile.txt", "[requires]\nplain/1.0\nheaders/2.1\n");
    let graph = scratch
        .crom("graph info app --format=json")
        .success()
        .json();
    let nodes = graph["graph"]["nodes"].as_object().expect("nodes");
    let names: Vec<_> = nodes.values().map(|node| &node["name"]).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(nodes["1"]["name"], "plain");
    assert_eq!(nodes["1"]["binary"], "Cache");
    assert_eq!(nodes["1"]["options"]["shared"], "False");
    assert_eq!(nodes["0"]["dependencies"]["1"]["ref"], "plain/1.0");
    scratch
        .crom("graph info --requires=plain/1.0 --format=dot")
        .success()
        .prints("\"cli\" -> \"plain/1.0\"");
    scratch
        .crom("graph info app --filter=version --format=text")
        .success()
        .prints("version: 2.1");
}

#[test]
fn remove_only_what_is_meant() {
    let scratch = with_packages();
    scratch
        .crom("remove plain/1.0")
        .fails_with(1)
        .says("--confirm");
    scratch
        .crom("remove plain/1.0 --dry-run -c")
        .success()
        .prints("Removed recipe and all binaries");
    scratch.crom("list plain/*").success().prints("plain/1.0");

    scratch
        .crom("remove plain/1.0:* -c")
        .success()
        .prints("Removed binaries");
    let left = scratch.crom("list plain/1.0:*").success();
    assert!(left.stdout.contains("plain/1.0"), "{left}");
    assert!(!left.stdout.contains("build_type"), "{left}");

    scratch.crom("create plain").success();
    scratch.crom("create plain -s build_type=Debug").success();
    scratch
        .crom("remove plain/1.0:* -p build_type=Debug -c")
        .success();
    let left = scratch.crom("list plain/1.0:*").success();
    assert!(left.stdout.contains("build_type: Release"), "{left}");
    assert!(!left.stdout.contains("build_type: Debug"), "{left}");

    let exported = folder(&scratch, "plain/1.0");
    scratch.crom("remove * -c").success().prints("headers/2.1");
    assert!(!exported.exists());
    let left = scratch.crom("list *").success();
    assert!(!left.stdout.contains('/'), "{left}");
}

#[test]
fn save_and_restore() {
    let scratch = with_packages();
    scratch
        .crom("cache save *:* --file=all.tgz")
        .success()
        .says("all.tgz");
    let before = scratch.crom("list *#*:*#* --format=json").success().json();
    scratch.crom("remove * -c").success();
    scratch.crom("cache restore all.tgz").success();
    let after = scratch.crom("list *#*:*#* --format=json").success().json();
    let keys = |json: &serde_json::Value| {
        json["Local Cache"]
            .as_object()
            .expect("recipes")
            .iter()
            .map(|(name, recipe)| {
                (
                    name.clone(),
                    recipe["revisions"]
                        .as_object()
                        .map(|map| map.keys().cloned().collect::<Vec<_>>()),
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&before), keys(&after));
    scratch.crom("cache check-integrity *:*").success();
    scratch
        .crom("install --requires=plain/1.0 --requires=headers/2.1")
        .success()
        .says("headers/2.1: Already installed!");
    scratch
        .crom("cache restore nowhere.tgz")
        .fails_with(1)
        .says("nowhere.tgz");
}

#[test]
fn clean_keeps_packages() {
    let scratch = with_packages();
    let package = folder(&scratch, &format!("plain/1.0:{PLAIN_ID}"));
    let build = folder(&scratch, &format!("plain/1.0:{PLAIN_ID} --folder=build"));
    let source = folder(&scratch, "plain/1.0 --folder=source");
    assert!(package.is_dir() && build.is_dir() && source.is_dir());
    scratch.crom("cache clean *").success();
    assert!(package.is_dir() && !build.exists() && !source.exists());
    scratch.crom("install --requires=plain/1.0").success();
}

#[test]
fn profiles() {
    let scratch = Scratch::bare();
    scratch
        .crom("profile detect")
        .success()
        .says("Detected profile:")
        .prints("[settings]");
    let text = std::fs::read_to_string(scratch.home().join("profiles/default")).expect("a profile");
    assert!(text.contains("os=") && text.contains("compiler="), "{text}");
    scratch
        .crom("profile detect")
        .fails_with(1)
        .says("already exists");
    scratch.crom("profile detect --exist-ok").success();
    scratch.crom("profile detect --name=other").success();
    let list = scratch.crom("profile list").success();
    assert_eq!(lines(&list), ["default", "other"]);
    scratch
        .crom("profile path nowhere")
        .fails_with(1)
        .says("nowhere");
    scratch.write_home(
        "profiles/mine",
        "include(default)\n[settings]\nbuild_type=MinSizeRel\n",
    );
    scratch
        .crom("profile show -pr mine")
        .success()
        .prints("build_type=MinSizeRel");
}

#[test]
fn confs() {
    let scratch = Scratch::new();
    scratch.write_home(
        "global.conf",
        "tools.build:jobs=7\ncore:non_interactive=True\n",
    );
    scratch
        .crom("config show *")
        .success()
        .prints("tools.build:jobs: 7")
        .prints("core:non_interactive: True");
    let only = scratch.crom("config show core*").success();
    assert!(!only.stdout.contains("jobs"), "{only}");
    scratch
        .crom("config list")
        .success()
        .prints("tools.graph:vendor:")
        .prints("core:non_interactive:");
    let some = scratch.crom("config list tools.graph*").success();
    assert!(!some.stdout.contains("core:"), "{some}");
    scratch.crom("config home").success().prints("<HOME>");
}

#[test]
fn remotes() {
    let scratch = Scratch::new();
    scratch.crom("remote add one https://one.invalid").success();
    scratch
        .crom("remote add two https://two.invalid --insecure")
        .success();
    scratch
        .crom("remote add zero https://zero.invalid --index=0")
        .success();
    let names = |scratch: &Scratch| -> Vec<String> {
        let json = scratch.crom("remote list --format=json").success().json();
        let remotes = json.as_array().expect("remotes").iter();
        remotes
            .map(|remote| {
                format!(
                    "{} {}",
                    remote["name"].as_str().unwrap_or("?"),
                    remote["enabled"]
                )
            })
            .collect()
    };
    assert_eq!(names(&scratch), ["zero true", "one true", "two true"]);
    scratch
        .crom("remote list")
        .success()
        .prints("two: https://two.invalid [Verify SSL: False, Enabled: True]");
    scratch
        .crom("remote add one https://other.invalid")
        .fails_with(1)
        .says("Remote 'one' already exists in remotes");
    scratch.crom("remote disable t*").success();
    assert_eq!(names(&scratch), ["zero true", "one true", "two false"]);
    scratch.crom("remote enable two").success();
    scratch.crom("remote rename two three").success();
    scratch
        .crom("remote update one --url=https://new.invalid --index=0")
        .success();
    assert_eq!(names(&scratch), ["one true", "zero true", "three true"]);
    scratch
        .crom("remote list")
        .success()
        .prints("one: https://new.invalid");
    scratch
        .crom("remote remove zero")
        .success()
        .prints("zero: https://zero.invalid");
    assert_eq!(names(&scratch), ["one true", "three true"]);
    scratch
        .crom("remote remove nowhere")
        .fails_with(1)
        .says("Remote 'nowhere' can't be found or is disabled");
}

#[test]
fn a_local_recipes_index() {
    let scratch = Scratch::new();
    scratch.write(
        "index/recipes/plain/config.yml",
        "versions:\n  \"1.0\":\n    folder: all\n  \"1.1\":\n    folder: all\n",
    );
    scratch.write("index/recipes/plain/all/conanfile.py", PLAIN);
    let path = scratch.work().join("index");
    scratch
        .crom(&format!(
            "remote add index {} --type=local-recipes-index",
            path.display()
        ))
        .success();
    scratch
        .crom("search plain/*")
        .success()
        .prints("plain/1.0")
        .prints("plain/1.1");
    scratch
        .crom("search other/*")
        .success()
        .prints("There are no matching recipe references");
    scratch
        .crom("install --requires=plain/[*] --build=missing")
        .success()
        .says("plain/1.1: Package '");
    scratch.crom("list *").success().prints("plain/1.1");
}

#[test]
fn install_of_a_conanfile_with_generators_and_a_layout() {
    let scratch = with_packages();
    scratch.write("CMakeLists.txt", "");
    scratch.write(
        "conanfile.txt",
        "[requires]\nheaders/2.1\n[generators]\nCMakeDeps\nCMakeToolchain\n[layout]\ncmake_layout\n",
    );
    scratch
        .crom("install .")
        .success()
        .says("Install finished successfully");
    let toolchain = scratch.read("build/Release/generators/conan_toolchain.cmake");
    assert!(toolchain.contains("CMAKE_CXX_STANDARD"), "{toolchain}");
    let config = scratch.read("build/Release/generators/headers-config.cmake");
    assert!(config.contains("headers"), "{config}");
    assert!(
        scratch
            .read("CMakeUserPresets.json")
            .contains("build/Release/generators/CMakePresets.json")
    );

    scratch.crom("install . -of elsewhere").success();
    scratch.read("elsewhere/build/Release/generators/headers-config.cmake");

    scratch
        .crom("install --requires=headers/2.1 -g PkgConfigDeps -of pc")
        .success();
    assert!(scratch.read("pc/headers.pc").contains("Version: 2.1"));
    scratch
        .crom("install --requires=headers/2.1 -g NoSuchGenerator")
        .fails_with(1)
        .says("Invalid generator 'NoSuchGenerator'");
}

#[test]
fn the_same_version_line_as_the_reference() {
    let scratch = Scratch::new();
    let name = scratch.work().join("conan");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_crom"), &name).expect("a link");
    let version = scratch.run(&name, "", ["--version"]).success();
    assert_eq!(version.stdout, "Conan version 2.34.0\n");
    let version = scratch.crom("--version").success();
    assert!(
        version.stdout.starts_with("Conan version 2.34.0"),
        "{version}"
    );
    let version = scratch.crom("version --format=json").success().json();
    assert_eq!(version["version"], "2.34.0");
}

/// A recipe whose methods print where they are.
const STEPS: &str = r#"from conan import ConanFile
from conan.tools.files import copy, load, save
import os


class Steps(ConanFile):
    name = "steps"
    version = "3.0"

    def layout(self):
        self.folders.build = "out"
        self.folders.generators = "out/gen"

    def source(self):
        save(self, "made.txt", "by source")

    def build(self):
        text = load(self, os.path.join(self.source_folder, "made.txt"))
        save(self, "built.txt", text + " and build")

    def package(self):
        copy(self, "built.txt", self.build_folder, self.package_folder)
"#;

const TEST_STEPS: &str = r#"from conan import ConanFile
from conan.tools.files import load
import os


class TestSteps(ConanFile):
    def requirements(self):
        self.requires(self.tested_reference_str)

    def test(self):
        folder = self.dependencies["steps"].package_folder
        self.output.info("found: " + load(self, os.path.join(folder, "built.txt")))
"#;

#[test]
fn the_local_flow() {
    let scratch = Scratch::new();
    scratch.write("conanfile.py", STEPS);
    scratch.write("test_package/conanfile.py", TEST_STEPS);
    scratch.crom("source .").success();
    assert_eq!(scratch.read("made.txt"), "by source");
    scratch.crom("install .").success();
    scratch.crom("build .").success();
    assert_eq!(scratch.read("out/built.txt"), "by source and build");
    scratch
        .crom("export-pkg .")
        .success()
        .says("package(): Packaged 1 '.txt' file: built.txt")
        .says("found: by source and build");
    scratch
        .crom("test test_package steps/3.0")
        .success()
        .says("found: by source and build");
    scratch
        .crom("create .")
        .success()
        .says("found: by source and build");
    scratch
        .crom("test test_package nowhere/1.0")
        .fails_with(1)
        .says("Package 'nowhere/1.0' not resolved");
}
