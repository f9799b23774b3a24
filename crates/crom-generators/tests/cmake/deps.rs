use std::fmt::Write;

use crom_generators::cmake::deps::{self, DepsInput};
use crom_generators::file::File;
use crom_model::package_type::PackageType;
use serde_json::json;

use super::{LINUX, consumer, example, library, package, require, whole, with_packages};

fn input() -> DepsInput {
    DepsInput {
        consumer: with_packages(consumer(LINUX, json!({})), example()),
        configuration: Some("Release".into()),
        arch: Some("x86_64".into()),
        ..DepsInput::default()
    }
}

fn named<'a>(files: &'a [File], name: &str) -> &'a str {
    let found = files.iter().find(|it| it.path == name);
    found.map_or_else(|| panic!("no {name}"), |it| &it.content)
}

#[test]
fn files_of_components() {
    let generated = deps::generate(&input()).expect("files");
    let mut text = String::new();
    for file in &generated.files {
        writeln!(text, "{}", file.path).expect("text");
    }
    for message in &generated.messages {
        writeln!(text, "--- {}", message.text).expect("text");
    }
    for name in [
        "EngineConfig.cmake",
        "EngineTargets.cmake",
        "Engine-release-x86_64-data.cmake",
        "Engine-Target-release.cmake",
        "conandeps_legacy.cmake",
    ] {
        write!(text, "=== {name}\n{}", named(&generated.files, name)).expect("text");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn module_files() {
    let generated = deps::generate(&input()).expect("files");
    insta::assert_snapshot!(named(&generated.files, "Findbase.cmake"));
}

/// What the traits of a requirement leave of a package, as the reference writes it.
#[test]
fn traits() {
    let mut info = library(&["x"]);
    info.defines = super::texts(&["Q"]);
    info.cflags = super::texts(&["-cf"]);
    info.system_libs = super::texts(&["sl"]);
    info.frameworks = super::texts(&["F"]);
    info.objects = super::texts(&["o.o"]);
    let cases = [
        (
            "headers libs direct",
            "INCLUDE COMPILE_DEFINITIONS OBJECTS LIBS SYSTEM_LIBS FRAMEWORKS",
        ),
        (
            "libs direct",
            "COMPILE_DEFINITIONS OBJECTS LIBS SYSTEM_LIBS FRAMEWORKS",
        ),
        (
            "headers direct",
            "INCLUDE COMPILE_DEFINITIONS OBJECTS SYSTEM_LIBS",
        ),
        ("run direct", "BIN SYSTEM_LIBS"),
    ];
    for (traits, expected) in cases {
        let package = package("x/1.0", PackageType::Unknown, whole(info.clone()));
        let mut input = input();
        input.consumer = with_packages(
            consumer(LINUX, json!({})),
            vec![(require("x/1.0", traits), package)],
        );
        let generated = deps::generate(&input).expect("files");
        let data = named(&generated.files, "x-release-x86_64-data.cmake");
        let names = [
            "INCLUDE",
            "BIN",
            "COMPILE_DEFINITIONS",
            "OBJECTS",
            "LIBS",
            "SYSTEM_LIBS",
            "FRAMEWORKS",
        ];
        let found: Vec<&str> = names
            .into_iter()
            .filter(|name| {
                let name = match *name {
                    "INCLUDE" | "BIN" => format!("{name}_DIRS"),
                    name => name.to_owned(),
                };
                let start = format!("set(x_{name}_RELEASE ");
                data.lines()
                    .any(|line| line.starts_with(&start) && line != format!("{start})"))
            })
            .collect();
        assert_eq!(found.join(" "), expected, "{traits}\n{data}");
    }
}

#[test]
fn overrides_of_the_consumer() {
    let mut input = input();
    let base = input.properties.0.entry("base".into()).or_default();
    base.insert("cmake_find_mode".into(), serde_json::Value::Null);
    base.insert("cmake_file_name".into(), "MyBase".into());
    base.insert("cmake_config_version_compat".into(), "Unknown".into());
    let error = deps::generate(&input)
        .expect_err("an unknown policy")
        .to_string();
    assert_eq!(
        error,
        "Unknown cmake_config_version_compat=Unknown in base/1.2"
    );

    let base = input.properties.0.entry("base".into()).or_default();
    base.insert(
        "cmake_config_version_compat".into(),
        "AnyNewerVersion".into(),
    );
    let core = input.properties.0.entry("engine::core".into()).or_default();
    core.insert("cmake_target_name".into(), "My::core".into());
    let generated = deps::generate(&input).expect("files");
    assert!(generated.files.iter().all(|it| it.path != "Findbase.cmake"));
    assert!(
        named(&generated.files, "MyBaseConfig.cmake")
            .contains("set(MyBase_LIBRARIES ${base_LIBRARIES_RELEASE} )")
    );
    let data = named(&generated.files, "Engine-release-x86_64-data.cmake");
    assert!(
        data.contains("list(APPEND engine_COMPONENT_NAMES My::core engine::ui)"),
        "{data}"
    );
    assert!(
        data.contains("set(MyBase_FIND_MODE \"NO_MODULE\")"),
        "{data}"
    );
}

#[test]
fn tools_need_a_suffix_if_they_are_libraries_too() {
    let mut input = input();
    input.build_context_activated = vec!["tool".into()];
    let generated = deps::generate(&input).expect("files");
    assert!(
        named(&generated.files, "tool-release-x86_64-data.cmake")
            .contains("set(tool_INCLUDE_DIRS_RELEASE )")
    );

    let mut seen = example();
    let mut same = package(
        "engine/4.5.6",
        PackageType::SharedLibrary,
        whole(library(&["e"])),
    );
    same.context = crom_model::view::Context::Build;
    seen.push((require("engine/4.5.6", "run direct build"), same));
    input.consumer = with_packages(consumer(LINUX, json!({})), seen);
    input.build_context_activated = vec!["engine".into()];
    let error = deps::generate(&input)
        .expect_err("two of a name")
        .to_string();
    assert!(
        error.starts_with("The package 'engine' exists both as 'require' and as 'build require'."),
        "{error}"
    );
    input
        .build_context_suffix
        .insert("engine".into(), "_BUILD".into());
    let generated = deps::generate(&input).expect("files");
    let targets = named(
        &generated.files,
        "engine_BUILDTargets.cmake".trim_start_matches("x"),
    );
    assert!(
        targets.contains("add_library(engine_BUILD::engine_BUILD INTERFACE IMPORTED)"),
        "{targets}"
    );
}
