//! What tools give to their consumers, and what a home starts with.

use crate::home::Scratch;

const TOOL: &str = r##"import os
from conan import ConanFile
from conan.tools.files import save


class Extra:
    def __init__(self, conanfile):
        self._conanfile = conanfile

    def generate(self):
        save(self._conanfile, "extra.txt", "of the tool")


class Tool(ConanFile):
    name = "tool"
    version = "0.1"

    def package(self):
        path = os.path.join(self.package_folder, "bin", "greet")
        save(self, path, "#!/bin/sh\necho GREETED\n")
        os.chmod(path, 0o755)

    def package_info(self):
        self.generator_info = ["PkgConfigDeps", Extra]
"##;

const CONSUMER: &str = r#"from conan import ConanFile


class Consumer(ConanFile):
    name = "consumer"
    version = "1.0"
    tool_requires = "tool/0.1"
    source_buildenv = True

    def source(self):
        self.run("greet")
"#;

#[test]
#[cfg(unix)]
fn tools_run_in_source_and_bring_generators() {
    let scratch = Scratch::new();
    scratch.write("tool/conanfile.py", TOOL);
    scratch.write("consumer/conanfile.py", CONSUMER);
    scratch.crom("create tool").success();
    scratch
        .crom("create consumer")
        .success()
        .says("GREETED")
        .says("Tool-require tool/0.1 adding generators: ['PkgConfigDeps', 'Extra']");
    // The tool's recipe isn't run for it: its answer is remembered.
    scratch
        .crom("install consumer")
        .success()
        .says("Generator 'Extra' calling 'generate()'");
    assert_eq!(scratch.read("consumer/extra.txt"), "of the tool");
}

#[test]
fn a_home_has_its_default_files() {
    let scratch = Scratch::new();
    scratch.crom("version").success();
    let home = scratch.home();
    for file in [
        "version.txt",
        "global.conf",
        "settings.yml",
        "extensions/plugins/profile.py",
        "extensions/plugins/compatibility/compatibility.py",
    ] {
        assert!(home.join(file).is_file(), "{file}");
    }
    std::fs::remove_file(home.join("extensions/plugins/profile.py")).unwrap();
    scratch
        .crom("profile show")
        .fails_with(1)
        .says("ERROR: The 'profile.py' plugin file doesn't exist");
}

/// The plugins are for Conan, too: it runs them in a home that Crom made.
#[test]
fn conan_runs_the_plugins_of_a_new_home() {
    let Some(conan) = crate::oracle::conan() else {
        return;
    };
    let scratch = Scratch::new();
    scratch.write(
        "pkg/conanfile.py",
        "from conan import ConanFile\n\n\nclass Pkg(ConanFile):\n    name = \"pkg\"\n    \
         version = \"1.0\"\n    settings = \"os\", \"compiler\"\n",
    );
    scratch.crom("create pkg").success();
    let line = "install --requires=pkg/1.0 -s compiler.cppstd=20 -nr";
    let words = || line.split_whitespace();
    let theirs = scratch.run(&conan, "", words()).success();
    assert!(
        theirs.stderr.contains("Found compatible package"),
        "{}",
        theirs.stderr
    );
    scratch
        .crom(line)
        .success()
        .says("Found compatible package");
    let line = "profile show -s compiler.cppstd=99";
    let theirs = scratch.run(&conan, "", line.split_whitespace());
    assert_ne!(theirs.code, Some(0));
}

#[test]
fn requires_name_what_is_required() {
    let scratch = Scratch::new();
    let recipe = |name: &str, rest: &str| {
        format!(
            "from conan import ConanFile\n\n\nclass Pkg(ConanFile):\n    name = \"{name}\"\n    \
             version = \"1.0\"\n    package_type = \"static-library\"\n{rest}"
        )
    };
    scratch.write("a/conanfile.py", &recipe("liba", ""));
    scratch.write("b/conanfile.py", &recipe("libb", ""));
    let info = |info: &str| {
        format!(
            "    requires = \"liba/1.0\", \"libb/1.0\"\n\n    def package_info(self):\n        {info}\n"
        )
    };
    let unused = "self.cpp_info.requires = [\"liba::liba\"]";
    scratch.write("c/conanfile.py", &recipe("libc", &info(unused)));
    for package in ["a", "b"] {
        scratch.crom(&format!("create {package}")).success();
    }
    scratch.crom("create c").fails_with(1).says(
        "libc/1.0: package_info(): The direct dependency 'libb' is not used by any \
         '(cpp_info/components).requires'",
    );
    let meant = format!("{unused}; self.cpp_info.ignored_requires = [\"libb\"]");
    scratch.write("c/conanfile.py", &recipe("libc", &info(&meant)));
    scratch.crom("create c").success();
}
