use std::fmt::Write;

use crom_generators::cmake::config_deps::{self, ConfigDepsInput};
use serde_json::json;

use super::{LINUX, consumer, example, with_packages};

fn input() -> ConfigDepsInput {
    let listing = [
        ("/p/engine/lib", vec!["libcore.so", "libui.so"]),
        ("/p/base/lib", vec!["libbase.a"]),
    ];
    ConfigDepsInput {
        consumer: with_packages(consumer(LINUX, json!({})), example()),
        configuration: "Release".into(),
        listing: listing
            .into_iter()
            .map(|(folder, files)| {
                (
                    folder.to_owned(),
                    files.into_iter().map(str::to_owned).collect(),
                )
            })
            .collect(),
        ..ConfigDepsInput::default()
    }
}

#[test]
fn files() {
    let generated = config_deps::generate(&input()).expect("files");
    let mut text = String::new();
    for message in &generated.messages {
        writeln!(text, "--- {}", message.text).expect("text");
    }
    for file in &generated.files {
        write!(text, "=== {}\n{}", file.path, file.content).expect("text");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_library_must_be_there() {
    let mut input = input();
    input.listing.clear();
    let error = config_deps::generate(&input)
        .expect_err("no library")
        .to_string();
    assert!(
        error.contains("engine/4.5.6: Cannot obtain 'location' for library 'core'"),
        "{error}"
    );
}

#[test]
fn runtime_folders_of_other_configurations_stay() {
    let mut input = input();
    let release = config_deps::generate(&input).expect("files");
    let paths = release
        .files
        .into_iter()
        .find(|it| it.path == config_deps::PATHS_FILE);
    input.existing_paths = paths.map(|it| it.content);
    input.configuration = "Debug".into();
    let debug = config_deps::generate(&input).expect("files");
    let paths = debug
        .files
        .iter()
        .find(|it| it.path == config_deps::PATHS_FILE)
        .expect("paths");
    for configuration in ["Release", "Debug"] {
        let text = format!("\"$<$<CONFIG:{configuration}>:/p/engine/lib>\"");
        assert!(
            paths.content.contains(&text),
            "{text} isn't in\n{}",
            paths.content
        );
    }
}
