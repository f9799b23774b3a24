//! One home, used by Crom and by Conan in turn.

use std::path::Path;

use serde_json::Value;

use crate::home::{Outcome, Scratch};
use crate::oracle::conan;
use crate::recipes::{HEADER, HEADERS, PLAIN};

/// Who runs a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program<'a> {
    Crom,
    Conan(&'a Path),
}

impl Program<'_> {
    fn run(self, scratch: &Scratch, line: &str) -> Outcome {
        match self {
            Self::Crom => scratch.crom(line),
            Self::Conan(path) => scratch.run(path, "", line.split_whitespace()),
        }
    }
}

/// With both recipes, nothing created yet.
fn with_recipes() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("plain/conanfile.py", PLAIN);
    scratch.write("headers/conanfile.py", HEADERS);
    scratch.write("headers/include/headers.h", HEADER);
    scratch
}

/// Every revision and package of the home, without the times.
fn inventory(program: Program<'_>, scratch: &Scratch) -> Value {
    let listed = program.run(scratch, "list *#*:*#* --format=json").success();
    let mut json = listed.json();
    forget_times(&mut json);
    json
}

fn forget_times(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("timestamp");
            map.values_mut().for_each(forget_times);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_times),
        _ => {}
    }
}

/// What one creates, the other lists, installs without building and removes.
fn handed_over(first: Program<'_>, second: Program<'_>) {
    let scratch = with_recipes();
    first.run(&scratch, "create plain").success();
    first.run(&scratch, "create headers").success();

    for pattern in ["*", "plain/1.0:*", "*#*:*#*"] {
        for format in ["text", "json"] {
            let line = format!("list {pattern} --format={format}");
            let by_first = first.run(&scratch, &line).success();
            let by_second = second.run(&scratch, &line).success();
            assert_eq!(by_first.stdout, by_second.stdout, "{line}");
            assert!(by_second.stdout.contains("plain/1.0"), "{by_second}");
        }
    }

    let installed = second
        .run(
            &scratch,
            "install --requires=plain/1.0 --requires=headers/2.1 --build=missing",
        )
        .success()
        .says("plain/1.0: Already installed!")
        .says("headers/2.1: Already installed!")
        .does_not_say("- Build");
    assert!(installed.line("plain/1.0#").ends_with("- Cache"));
    second
        .run(&scratch, "cache check-integrity *:*")
        .success()
        .says("Integrity check: ok");

    second.run(&scratch, "remove plain/1.0 -c").success();
    let left = first.run(&scratch, "list *").success();
    assert!(
        left.stdout.contains("headers/2.1") && !left.stdout.contains("plain"),
        "{left}"
    );
    first
        .run(&scratch, "install --requires=plain/1.0")
        .fails_with(1)
        .says("Package 'plain/1.0' not resolved");
}

#[test]
fn conan_uses_what_crom_created() {
    if let Some(conan) = conan() {
        handed_over(Program::Crom, Program::Conan(&conan));
    }
}

#[test]
fn crom_uses_what_conan_created() {
    if let Some(conan) = conan() {
        handed_over(Program::Conan(&conan), Program::Crom);
    }
}

#[test]
fn both_create_the_same_revisions_and_packages() {
    let Some(conan) = conan() else { return };
    let mut inventories = Vec::new();
    for program in [Program::Crom, Program::Conan(&conan)] {
        let scratch = with_recipes();
        for line in [
            "create headers",
            "create plain",
            "create plain -s build_type=Debug -o &:fast=True",
            "create plain --version=1.0 --user=me --channel=testing",
        ] {
            program.run(&scratch, line).success();
        }
        inventories.push(inventory(program, &scratch));
    }
    let recipes = inventories[0]["Local Cache"].as_object().expect("recipes");
    assert_eq!(recipes.len(), 3, "{recipes:?}");
    pretty_assertions::assert_eq!(inventories[0], inventories[1]);
}

#[test]
fn an_archive_of_one_is_restored_by_the_other() {
    let Some(conan) = conan() else { return };
    for (first, second) in [
        (Program::Crom, Program::Conan(&conan)),
        (Program::Conan(&conan), Program::Crom),
    ] {
        let source = with_recipes();
        first.run(&source, "create plain").success();
        first
            .run(&source, "cache save plain/1.0:* --file=saved.tgz")
            .success();
        let target = Scratch::new();
        let archive = source.work().join("saved.tgz");
        second
            .run(&target, &format!("cache restore {}", archive.display()))
            .success();
        assert_eq!(inventory(second, &target), inventory(first, &source));
        second
            .run(&target, "install --requires=plain/1.0")
            .success()
            .says("plain/1.0: Already installed!");
    }
}
