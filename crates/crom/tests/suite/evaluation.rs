//! Answers of recipes are kept between commands, and only as long as they hold.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::home::Scratch;

const RECIPE: &str = "import os
from conan import ConanFile


class Recipe(ConanFile):
    name = \"asked\"
    version = \"1.0\"
    settings = \"os\"
    options = {\"extra\": [True, False]}
    default_options = {\"extra\": False}

    def configure(self):
        self.output.warning(\"configured with \" + os.environ.get(\"ASKED\", \"nothing\"))
        if self.options.extra:
            self.options.rm_safe(\"extra\")

    def package_id(self):
        self.info.settings.clear()
";

/// The recipe in the cache, made one that can't run without its state telling so.
fn break_exported(scratch: &Scratch) -> PathBuf {
    let printed = scratch.crom("cache path asked/1.0").success();
    let folder = printed
        .stdout
        .trim()
        .replace("<HOME>", &scratch.home().to_string_lossy());
    let path = Path::new(&folder).join("conanfile.py");
    let length = std::fs::metadata(&path).unwrap().len();
    let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
    std::fs::write(&path, "!".repeat(usize::try_from(length).unwrap())).unwrap();
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(modified)
        .unwrap();
    path
}

#[test]
fn a_recipe_is_not_run_again_for_the_same_question() {
    let scratch = Scratch::new();
    scratch.write("conanfile.py", RECIPE);
    scratch.crom("export .").success();
    let line = "graph info --requires=asked/1.0 --format=json";
    let first = scratch.crom(line).success();
    assert!(first.stderr.contains("configured with nothing"), "{first}");
    break_exported(&scratch);
    let second = scratch.crom(line).success();
    assert_eq!(second.stdout, first.stdout);
    assert_eq!(second.stderr, first.stderr);
}

#[test]
fn another_question_runs_it() {
    let scratch = Scratch::new();
    scratch.write("conanfile.py", RECIPE);
    scratch.crom("export .").success();
    let line = "graph info --requires=asked/1.0";
    let _ = scratch.crom(line).success();
    let path = break_exported(&scratch);
    for question in [" -o asked/*:extra=True", " -s os=Windows"] {
        let failed = scratch.crom(&format!("{line}{question}"));
        assert_eq!(failed.code, Some(1), "{failed}");
        assert!(
            failed.stderr.contains("Error loading conanfile"),
            "{failed}"
        );
    }
    // Neither does an answer hold for a recipe that was edited.
    std::fs::write(path, RECIPE).unwrap();
    let edited = scratch.crom(&format!("{line} -o asked/*:extra=True"));
    let _ = edited.success();
}

#[test]
fn an_environment_variable_that_changed_runs_it() {
    let scratch = Scratch::new();
    scratch.write("conanfile.py", RECIPE);
    scratch.crom("export .").success();
    let line = "graph info --requires=asked/1.0";
    let _ = scratch.crom(line).success();
    let changed = scratch.crom_with(&[("ASKED", "something")], line).success();
    assert!(
        changed.stderr.contains("configured with something"),
        "{changed}"
    );
    let back = scratch.crom(line).success();
    assert!(back.stderr.contains("configured with nothing"), "{back}");
}

#[test]
fn what_a_consumer_reads_is_looked_at_again() {
    let scratch = Scratch::new();
    scratch.write(
        "conanfile.py",
        "from conan import ConanFile
from conan.tools.files import load


class Recipe(ConanFile):
    def configure(self):
        self.output.warning(\"read \" + load(self, \"note.txt\"))
",
    );
    for text in ["one", "another"] {
        scratch.write("note.txt", text);
        for _ in 0..2 {
            let outcome = scratch.crom("graph info .").success();
            assert!(
                outcome.stderr.contains(&format!("read {text}")),
                "{outcome}"
            );
        }
    }
}
