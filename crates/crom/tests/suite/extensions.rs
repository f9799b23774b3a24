//! What users put beside Conan: hooks, deployers, generators, plugins, editable packages. Each runs in
//! both programs, in homes of their own, and must do the same.

use crate::home::{Outcome, Scratch};
use crate::oracle::conan;
use crate::recipes::{HEADER, HEADERS, PLAIN};

const CONSUMER: &str = "from conan import ConanFile


class Consumer(ConanFile):
    name = \"consumer\"
    version = \"1.0\"
    settings = \"os\", \"arch\", \"compiler\", \"build_type\"
    requires = \"headers/2.1\", \"plain/1.0\"
";

/// The same steps with Crom and, where there is one, with Conan; `check` looks at each home.
fn both(prepare: impl Fn(&Scratch), steps: &[&str], check: impl Fn(&Scratch, &[Outcome], &str)) {
    let run = |program: Option<&std::path::Path>| {
        let scratch = Scratch::new();
        prepare(&scratch);
        let outcomes: Vec<Outcome> = steps
            .iter()
            .map(|line| match program {
                Some(program) => scratch.run(program, "", line.split_whitespace()),
                None => scratch.crom(line),
            })
            .collect();
        let who = program.map_or("crom", |_| "conan");
        check(&scratch, &outcomes, who);
    };
    run(None);
    if let Some(conan) = conan() {
        run(Some(&conan));
    }
}

fn packages(scratch: &Scratch) {
    scratch.write("plain/conanfile.py", PLAIN);
    scratch.write("headers/conanfile.py", HEADERS);
    scratch.write("headers/include/headers.h", HEADER);
    scratch.write("consumer/conanfile.py", CONSUMER);
}

fn succeed(outcomes: &[Outcome], who: &str) {
    for outcome in outcomes {
        assert_eq!(outcome.code, Some(0), "{who}: {outcome}");
    }
}

#[test]
fn hooks_run_before_and_after_each_method() {
    let hook = "def _note(name):
    def run(conanfile):
        conanfile.output.info(f\"hooked {name}\")
    return run

for _name in (\"pre_export\", \"post_export\", \"pre_source\", \"post_source\", \"pre_generate\", \"post_generate\",
              \"pre_build\", \"post_build\", \"pre_package\", \"post_package\", \"pre_package_info\",
              \"post_package_info\", \"pre_validate\", \"post_validate\"):
    globals()[_name] = _note(_name)
";
    both(
        |scratch| {
            scratch.write_home("extensions/hooks/hook_note.py", hook);
            scratch.write(
                "conanfile.py",
                "from conan import ConanFile\n\n\nclass Hooked(ConanFile):
    name = \"hooked\"\n    version = \"1.0\"\n
    def validate(self):\n        pass\n
    def source(self):\n        pass\n
    def generate(self):\n        pass\n
    def build(self):\n        pass\n
    def package(self):\n        pass\n
    def package_info(self):\n        pass\n",
            );
        },
        &["create ."],
        |_, outcomes, who| {
            succeed(outcomes, who);
            let ran: Vec<&str> = outcomes[0]
                .stderr
                .lines()
                .filter_map(|line| line.split("hooked ").nth(1))
                .collect();
            // Conan 2.34.0 runs them in this order.
            let expected = [
                "pre_export",
                "post_export",
                "pre_validate",
                "post_validate",
                "pre_source",
                "post_source",
                "pre_generate",
                "post_generate",
                "pre_build",
                "post_build",
                "pre_package",
                "post_package",
                "pre_package_info",
                "post_package_info",
            ];
            assert_eq!(ran, expected, "{who}: {}", outcomes[0]);
        },
    );
}

#[test]
fn a_hook_that_raises_ends_the_command() {
    both(
        |scratch| {
            scratch.write_home(
                "extensions/hooks/hook_check.py",
                "from conan.errors import ConanException\n\n
def pre_export(conanfile):\n    raise ConanException(\"no licence, no export\")\n",
            );
            packages(scratch);
        },
        &["list *", "export plain", "list plain/*"],
        |_, outcomes, who| {
            assert_eq!(outcomes[0].code, Some(0), "{who}: {}", outcomes[0]);
            assert_eq!(outcomes[1].code, Some(1), "{who}: {}", outcomes[1]);
            assert!(
                outcomes[1].stderr.contains("no licence, no export")
                    && outcomes[1].stderr.contains("hook_check.py"),
                "{who}: {}",
                outcomes[1]
            );
            assert!(
                !outcomes[2].stdout.contains("plain/1.0"),
                "{who}: {}",
                outcomes[2]
            );
        },
    );
}

#[test]
fn deployers_copy_packages() {
    both(
        |scratch| {
            packages(scratch);
            scratch.write_home(
                "extensions/deployers/names.py",
                "import os\n\n
def deploy(graph, output_folder, **kwargs):
    names = [str(dep.ref) for dep in graph.root.conanfile.dependencies.values()]
    with open(os.path.join(output_folder, \"names.txt\"), \"w\") as file:
        file.write(\"\\n\".join(sorted(names)))\n",
            );
        },
        &[
            "create plain",
            "create headers",
            "install consumer --deployer=full_deploy --deployer=names --deployer-folder=deployed",
            "install consumer --deployer=direct_deploy --deployer-folder=direct",
        ],
        |scratch, outcomes, who| {
            succeed(outcomes, who);
            let header = scratch.read("deployed/full_deploy/host/headers/2.1/include/headers.h");
            assert_eq!(header, HEADER, "{who}");
            let text = scratch.read("direct/direct_deploy/plain/share/plain.txt");
            assert!(text.starts_with("1.0 Release"), "{who}: {text}");
            assert_eq!(
                scratch.read("deployed/names.txt"),
                "headers/2.1\nplain/1.0",
                "{who}"
            );
        },
    );
}

#[test]
fn users_write_generators() {
    let generator = "from conan.tools.files import save\n\n
class Names:
    def __init__(self, conanfile):
        self._conanfile = conanfile

    def generate(self):
        lines = [f\"{dep.ref}\" for dep in self._conanfile.dependencies.host.values()]
        save(self._conanfile, \"names.txt\", \"\\n\".join(sorted(lines)))\n";
    both(
        |scratch| {
            packages(scratch);
            scratch.write_home("extensions/generators/names.py", generator);
        },
        &[
            "create plain",
            "create headers",
            "install consumer -g Names -of out",
        ],
        |scratch, outcomes, who| {
            succeed(outcomes, who);
            assert_eq!(
                scratch.read("out/names.txt"),
                "headers/2.1\nplain/1.0",
                "{who}"
            );
        },
    );
}

#[test]
fn an_editable_package_is_used_from_its_folder() {
    let layout = "\n    def layout(self):\n        self.cpp.source.includedirs = [\"include\"]\n";
    both(
        |scratch| {
            packages(scratch);
            scratch.write("headers/conanfile.py", &format!("{HEADERS}{layout}"));
            scratch.write(
                "consumer/conanfile.py",
                "from conan import ConanFile\n\n\nclass Consumer(ConanFile):
    requires = \"headers/2.1\"\n
    def generate(self):
        info = self.dependencies[\"headers\"].cpp_info
        self.output.info(f\"includes {info.includedirs}\")\n",
            );
        },
        &[
            "editable add headers",
            "editable list",
            "install consumer",
            "editable remove headers",
            "install consumer",
        ],
        |_, outcomes, who| {
            succeed(&outcomes[..4], who);
            assert!(
                outcomes[1].stdout.contains("headers/2.1"),
                "{who}: {}",
                outcomes[1]
            );
            assert!(
                outcomes[2]
                    .stderr
                    .contains("includes ['<WORK>/headers/include']"),
                "{who}: {}",
                outcomes[2]
            );
            assert!(
                outcomes[2].stderr.contains("Editable"),
                "{who}: {}",
                outcomes[2]
            );
            assert_eq!(outcomes[4].code, Some(1), "{who}: {}", outcomes[4]);
        },
    );
}

#[test]
fn a_compatibility_plugin_offers_binaries() {
    let plugin = "def compatibility(conanfile):
    if conanfile.settings.get_safe(\"build_type\") == \"Debug\":
        return [{\"settings\": [(\"build_type\", \"Release\")]}]
    return []\n";
    both(
        |scratch| {
            packages(scratch);
            scratch.write_home("extensions/plugins/compatibility/compatibility.py", plugin);
        },
        &[
            "create plain",
            "install --requires=plain/1.0 -s build_type=Debug",
        ],
        |_, outcomes, who| {
            succeed(outcomes, who);
            assert!(
                outcomes[1].stderr.contains("Found compatible package"),
                "{who}: {}",
                outcomes[1]
            );
        },
    );
}

#[test]
fn a_profile_plugin_changes_profiles() {
    let plugin = "def profile_plugin(profile):
    profile.settings[\"build_type\"] = \"Debug\"\n";
    both(
        |scratch| {
            scratch.write_home("extensions/plugins/profile.py", plugin);
        },
        &["profile show"],
        |_, outcomes, who| {
            succeed(outcomes, who);
            assert!(
                outcomes[0].stdout.contains("build_type=Debug"),
                "{who}: {}",
                outcomes[0]
            );
        },
    );
}
