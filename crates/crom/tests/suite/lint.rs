//! `center lint`, as people and CI run it.

use std::path::PathBuf;

use crate::home::Scratch;

const RECIPE: &str = r#"from conan import ConanFile
from conan.tools.files import copy, get

required_conan_version = ">=2.1"


class HelloConan(ConanFile):
    name = "hello"
    description = "Says hello"
    license = "mit"
    url = "https://github.com/conan-io/conan-center-index"
    homepage = "https://example.org"
    topics = ("Greeting", "example")

    def source(self):
        get(self, **self.conan_data["sources"][self.version])

    def package(self):
        copy(self, "LICENSE", self.source_folder, self.package_folder + "/licenses")
"#;

const DATA: &str = r#"sources:
  1.10:
    url: "https://github.xi-han.top/hello/archive/v1.10.tar.gz"
    sha256: "c3e5e9fdd5004dcb542feda5ee4f0ff0744628baf8ed2dd5d66f8ca1197cb1a1"
"#;

fn fork() -> Scratch {
    let scratch = Scratch::new();
    let folder = "recipes/hello";
    scratch.write(
        &format!("{folder}/config.yml"),
        "versions:\n  \"1.10\":\n    folder: all\n",
    );
    scratch.write(&format!("{folder}/all/conanfile.py"), RECIPE);
    scratch.write(&format!("{folder}/all/conandata.yml"), DATA);
    let test = "from conan import ConanFile\n\n\nclass Test(ConanFile):\n    def requirements(self):\n        \
                self.requires(self.tested_reference_str)\n";
    scratch.write(&format!("{folder}/all/test_package/conanfile.py"), test);
    scratch
}

#[test]
fn findings_have_places_and_fixes() {
    let scratch = fork();
    let found = scratch.crom_in("recipes/hello", "center lint");
    assert_eq!(found.code, Some(1), "{found}");
    let data = "recipes/hello/all/conandata.yml";
    let recipe = "recipes/hello/all/conanfile.py";
    for line in [
        format!(
            "{data}:2:3: error: the version `1.10` is a number for YAML, quote it [conandata-version-not-text] (fixable)"
        ),
        format!("{data}:3:10: error: `github.xi-han.top` isn't GitHub [source-host-lookalike]"),
        format!("{recipe}:10:15: warning: `mit` is written `MIT` by SPDX [licence-spdx] (fixable)"),
        format!(
            "{recipe}:13:15: note: the topic `Greeting` isn't lower case [recipe-topics-form] (fixable)"
        ),
        "1 packages: 2 errors, 1 warnings, 1 notes; 3 can be repaired with --fix".to_owned(),
    ] {
        assert!(found.stdout.contains(&line), "{line}\n{found}");
    }
    let fixed = scratch.crom("center lint --fix");
    assert_eq!(fixed.code, Some(1), "{fixed}");
    assert!(
        fixed.stderr.contains("Repaired 3 findings in 2 files"),
        "{fixed}"
    );
    assert!(
        fixed
            .stdout
            .ends_with("1 packages: 1 errors, 0 warnings, 0 notes\n"),
        "{fixed}"
    );
    assert!(scratch.read(data).starts_with("sources:\n  \"1.10\":\n"));
    assert!(scratch.read(recipe).contains("(\"greeting\", \"example\")"));
    let allowed = scratch.crom("center lint hello --ignore source-host-lookalike --fail-on note");
    assert_eq!(allowed.code, Some(0), "{allowed}");
}

#[test]
fn findings_as_json_and_sarif() {
    let scratch = fork();
    let json = scratch.crom("center lint --format json --fail-on never");
    assert_eq!(json.code, Some(0), "{json}");
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(json["errors"], 2);
    assert_eq!(
        json["findings"][0]["path"],
        "recipes/hello/all/conandata.yml"
    );
    assert_eq!(json["findings"][0]["line"], 2);
    let sarif = scratch.crom("center lint --format sarif --severity error");
    let sarif: serde_json::Value = serde_json::from_str(&sarif.stdout).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(
        sarif["runs"][0]["results"].as_array().map(Vec::len),
        Some(2)
    );
    let html = scratch.crom("center lint --format html");
    assert!(
        html.stderr
            .contains("Supported formatters are: text, json, sarif"),
        "{html}"
    );
}

#[test]
fn rules_are_listed_and_explained() {
    let scratch = Scratch::new();
    let list = scratch.crom("center lint --list-rules");
    assert_eq!(list.code, Some(0), "{list}");
    assert!(list.stdout.lines().count() > 90, "{list}");
    let one = scratch.crom("center lint --explain licence-spdx");
    assert!(one.stdout.starts_with("licence-spdx (warning)\n"), "{one}");
    assert!(one.stdout.contains("# crom: allow(licence-spdx)"), "{one}");
    let unknown = scratch.crom("center lint --explain licence");
    assert_eq!(unknown.code, Some(1));
    assert!(
        unknown.stderr.contains("unknown lint rule `licence`"),
        "{unknown}"
    );
    assert!(
        unknown.stderr.contains("hint: did you mean `licence-"),
        "{unknown}"
    );
    let nothing = scratch.crom("center lint");
    assert!(nothing.stderr.contains("is no recipes index"), "{nothing}");
}

/// Nothing in the whole index stops the lint, and it says the same each time.
#[test]
fn the_whole_index() {
    let Some(index) = std::env::var_os("CROM_CCI").map(PathBuf::from) else {
        eprintln!("skipped: CROM_CCI isn't set");
        return;
    };
    let scratch = Scratch::new();
    let line = format!(
        "center lint --root {} --format json --fail-on never",
        index.display()
    );
    let first = scratch.crom(&line);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let json: serde_json::Value = serde_json::from_str(&first.stdout).expect("JSON");
    assert!(json["packages"].as_u64() > Some(1900));
    assert_eq!(first.stdout, scratch.crom(&line).stdout);
}
