//! `config install`, `run`, `require`, and where the methods of a conanfile find themselves.

use crate::home::Scratch;
use crate::oracle::conan;

const TOOL: &str = r##"
import os
from conan import ConanFile
from conan.tools.files import save

class Tool(ConanFile):
    name = "mytool"
    version = "1.0"
    package_type = "application"

    def package(self):
        program = os.path.join(self.package_folder, "bin", "mytool")
        save(self, program, "#!/bin/sh\necho \"hello $GREETED $@\"\nexit 3\n")
        os.chmod(program, 0o755)

    def package_info(self):
        self.runenv_info.define("GREETED", "world")
"##;

/// Paths of all files below a folder, sorted, without what programs keep for themselves.
fn files(scratch: &Scratch) -> Vec<String> {
    let home = scratch.home();
    let mut found = Vec::new();
    let mut folders = vec![home.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(&home).expect("below").to_path_buf();
            let name = name.to_string_lossy().into_owned();
            let own = [
                "p",
                ".crom",
                "extensions",
                "migrations",
                "settings.yml",
                "version.txt",
            ];
            if own.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn config_install_copies_what_the_reference_copies() {
    let prepare = |scratch: &Scratch| {
        for (path, text) in [
            ("team/global.conf", "core:non_interactive=True\n"),
            ("team/profiles/linux", "[settings]\nos=Linux\n"),
            ("team/profiles/old", "[settings]\nos=Linux\n"),
            ("team/hints/deep/a.txt", "a"),
            ("team/.git/config", "git"),
            ("team/scratch.tmp", "x"),
            ("team/keep.tmp", "x"),
            (
                "team/.conanignore",
                "*.tmp\n!keep.tmp\nprofiles/old # no longer\n",
            ),
        ] {
            scratch.write(path, text);
        }
    };
    let steps = [
        "config install team",
        "config install team -sf hints -tf extensions2",
        "config install team/profiles/linux -tf profiles/one",
        "config show core:*",
    ];
    let mut results = Vec::new();
    for program in [None, conan()] {
        if program.is_none() && !results.is_empty() {
            break;
        }
        let scratch = Scratch::bare();
        prepare(&scratch);
        let outcomes: Vec<_> = steps
            .iter()
            .map(|line| match &program {
                Some(program) => scratch.run(program, "", line.split_whitespace()),
                None => scratch.crom(line),
            })
            .map(crate::home::Outcome::success)
            .collect();
        let mut said: Vec<String> = outcomes[..3]
            .iter()
            .flat_map(|outcome| outcome.stderr.lines().map(str::to_owned))
            .collect();
        said.sort();
        let mut found = files(&scratch);
        // Made by the reference when a home is new.
        found.retain(|file| file != "remotes.json");
        results.push((found, said, outcomes[3].stdout.clone()));
    }
    assert!(results[0].0.contains(&"keep.tmp".to_owned()), "{results:?}");
    assert!(
        !results[0].0.contains(&"profiles/old".to_owned()),
        "{results:?}"
    );
    if let [crom, conan] = &results[..] {
        assert_eq!(crom, conan);
    }
}

#[test]
fn config_install_takes_archives_and_repositories() {
    let scratch = Scratch::new();
    scratch.write("team/profiles/shared", "[settings]\nos=Linux\n");
    for command in [
        "cd team && tar czf ../team.tgz .",
        "cd team && git init -q && git add . && git -c user.name=a -c user.email=a@b commit -qm x",
    ] {
        let done = scratch.run("sh".as_ref(), "", ["-c", command]);
        assert_eq!(done.code, Some(0), "{done}");
    }
    for item in ["team.tgz", "team -t git"] {
        let _ = std::fs::remove_file(scratch.home().join("profiles/shared"));
        scratch.crom(&format!("config install {item}")).success();
        scratch.crom("profile list").success().prints("shared");
    }
    scratch
        .crom("config install nothing")
        .fails_with(1)
        .says("ERROR: Unable to deduce type config install: nothing");
    scratch.crom("config clean").success();
    assert!(!scratch.home().join("profiles").exists());
}

#[test]
#[cfg(unix)]
fn run_gives_a_command_the_environment_of_packages() {
    let scratch = Scratch::new();
    scratch.write("tool/conanfile.py", TOOL);
    scratch.crom("create tool").success();
    for option in ["--requires=mytool/1.0", "--tool-requires=mytool/1.0"] {
        let crom = env!("CARGO_BIN_EXE_crom").as_ref();
        scratch
            .run(crom, "", ["run", "mytool again", option])
            .fails_with(1)
            .says("hello world again\n")
            .says("ERROR: Error 3 while executing")
            .does_not_say("Computing dependency graph");
    }
    scratch
        .crom("run false --requires=nothing/1.0 -nr")
        .fails_with(1)
        .says("Error installing the dependencies")
        .says("Package 'nothing/1.0' not resolved");
}

#[test]
fn require_edits_a_conanfile() {
    let scratch = Scratch::new();
    scratch.write(
        "conanfile.py",
        "from conan import ConanFile\n\n\nclass Pkg(ConanFile):\n    name = \"pkg\"\n    version = \"1.0\"\n",
    );
    scratch
        .crom("require add zlib/1.3 --tool cmake/[>=3.20] -nr")
        .success()
        .says("Added 'zlib/[>=1.3 <2]' as a new requires.")
        .says("Added 'cmake/[>=3.20]' as a new tool_requires.");
    let text = scratch.read("conanfile.py");
    assert!(
        text.contains("self.requires(\"zlib/[>=1.3 <2]\")"),
        "{text}"
    );
    assert!(
        text.contains("self.tool_requires(\"cmake/[>=3.20]\")"),
        "{text}"
    );
    scratch
        .crom("require add zlib/1.3 -nr")
        .success()
        .says("WARN: The requires zlib is already in use.");
    scratch
        .crom("require remove zlib nothing -tor cmake")
        .success()
        .says("Removed zlib dependency as requires.")
        .says("WARN: The requires nothing is not declared in your conanfile.")
        .says("Removed cmake dependency as tool_requires.");
    // What is left is still a recipe.
    scratch.crom("inspect .").success();
    assert!(!scratch.read("conanfile.py").contains("zlib"));
}

const PLACES: &str = r#"
import os
from conan import ConanFile

class Places(ConanFile):
    name = "places"
    version = "1.0"

    def layout(self):
        self.folders.source = "src"
        self.folders.build = "out"
        self.folders.generators = "out/gen"

    def _say(self, method):
        for name in ("source", "build", "generators", "package", "export", "export_sources", "recipe",
                     "recipe_metadata", "package_metadata"):
            self.output.info(f"{method} {name}={getattr(self, name + '_folder')}")
        self.output.info(f"{method} in {os.getcwd()}")

    def source(self):
        self._say("source")

    def generate(self):
        self._say("generate")

    def build(self):
        self._say("build")
"#;

#[test]
fn methods_of_a_users_folder_find_themselves_where_the_reference_puts_them() {
    let Some(conan) = conan() else { return };
    let scratch = Scratch::new();
    scratch.write("pkg/conanfile.py", PLACES);
    for line in [
        "source pkg",
        "install pkg",
        "build pkg",
        "build pkg -of elsewhere",
    ] {
        let of_crom = scratch.crom(line).success();
        let of_conan = scratch.run(&conan, "", line.split_whitespace()).success();
        let places = |text: &str| -> Vec<String> {
            text.lines()
                .filter(|line| line.contains('=') || line.contains(" in "))
                .filter(|line| {
                    line.contains("generate ")
                        || line.contains("build ")
                        || line.contains("source ")
                })
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(places(&of_crom.stderr), places(&of_conan.stderr), "{line}");
    }
}

#[test]
fn config_install_pkg_installs_once() {
    let scratch = Scratch::new();
    scratch.write(
        "conf/conanfile.py",
        "from conan import ConanFile\nfrom conan.tools.files import copy\n\n\nclass Conf(ConanFile):\n    name = \"myconf\"\n    \
         version = \"0.1\"\n    package_type = \"configuration\"\n    exports_sources = \"*.conf\"\n\n    def package(self):\n        \
         copy(self, \"*.conf\", self.build_folder, self.package_folder)\n",
    );
    scratch.write("conf/global.conf", "user.team:name=ours\n");
    scratch.write(
        "other/conanfile.py",
        "from conan import ConanFile\n\n\nclass Other(ConanFile):\n    name = \"other\"\n    version = \"1.0\"\n",
    );
    scratch.crom("create conf").success();
    scratch.crom("create other").success();
    scratch
        .crom("config install-pkg myconf/[*]")
        .success()
        .says("Copying file global.conf");
    scratch
        .crom("config show user.*")
        .success()
        .prints("user.team:name: ours");
    let versions = std::fs::read_to_string(scratch.home().join("config_version.json")).unwrap();
    assert!(versions.contains("\"myconf/0.1#"), "{versions}");
    assert!(!scratch.home().join("conaninfo.txt").exists());
    scratch
        .crom("config install-pkg myconf/[*]")
        .success()
        .does_not_say("Copying file");
    scratch
        .crom("config install-pkg myconf/[*] --force")
        .success()
        .says("Copying file global.conf");
    scratch
        .crom("config install-pkg other/1.0")
        .fails_with(1)
        .says("ERROR: other/1.0 is not of package_type=\"configuration\"");
}

#[test]
fn configuration_packages_are_locked_and_enter_package_ids() {
    let scratch = Scratch::new();
    let recipe = "from conan import ConanFile\n\n\nclass Conf(ConanFile):\n    name = \"myconf\"\n    \
                  package_type = \"configuration\"\n";
    scratch.write("conf/conanfile.py", recipe);
    scratch.crom("create conf --version=0.1").success();
    scratch
        .crom("config install-pkg myconf/0.1 --lockfile-out=conf.lock")
        .success();
    assert!(scratch.read("conf.lock").contains("\"myconf/0.1#"));
    scratch.crom("create conf --version=0.2").success();
    scratch.write("conanconfig.yml", "packages:\n  - myconf/[>=0.1 <1]\n");
    let upgrade = "lock upgrade-config . --lockfile=conf.lock --lockfile-out=new.lock";
    scratch
        .crom(upgrade)
        .fails_with(1)
        .says("ERROR: At least one --update-config-requires should be specified");
    scratch
        .crom(&format!("{upgrade} --update-config-requires=myconf/*"))
        .success()
        .says("Removed locked config_requires: myconf/0.1#")
        .says("Configuration from package: myconf/0.2");
    let lock: serde_json::Value = serde_json::from_str(&scratch.read("new.lock")).unwrap();
    let locked = lock["config_requires"][0].as_str().unwrap();
    assert!(locked.starts_with("myconf/0.2#"), "{locked}");
    assert_eq!(lock["requires"], serde_json::json!([]));

    scratch.write(
        "pkg/conanfile.py",
        "from conan import ConanFile\n\n\nclass Pkg(ConanFile):\n    name = \"pkg\"\n    version = \"1.0\"\n",
    );
    scratch.crom("create pkg").success();
    let line = "create pkg -cc core.package_id:config_mode=minor_mode";
    scratch.crom(line).success();
    let shown = scratch.crom("list pkg/1.0:* --format=json").success();
    assert!(shown.stdout.contains("myconf/0.1.Z"), "{}", shown.stdout);
    scratch
        .crom("create pkg -cc core.package_id:config_mode=nonsense")
        .fails_with(1)
        .says("require myconf/0.1 package_id_mode='nonsense' is not a known package_id_mode");
}
