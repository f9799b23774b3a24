use crom_generators::cmake::layout::{self, CMakeLayoutInput, FolderVariablesInput, basic_layout};
use crom_model::options::PackageOptions;
use serde_json::{Value, json};

use super::{LINUX, consumer, settings};

fn input(confs: Value) -> CMakeLayoutInput {
    let mut consumer = consumer(LINUX, confs);
    consumer.options = PackageOptions::from_values(
        [("shared", "False"), ("foo", "bar")]
            .map(|(name, value)| (name.to_owned(), Some(value.to_owned()))),
    );
    CMakeLayoutInput {
        consumer,
        src_folder: "src".into(),
        build_folder: "build".into(),
        variables: FolderVariablesInput {
            is_local: true,
            attributes: [("name".to_owned(), Some("pkg".to_owned()))].into(),
            ..FolderVariablesInput::default()
        },
        ..CMakeLayoutInput::default()
    }
}

#[test]
fn folders() {
    let found = layout::cmake_layout(&input(json!({}))).expect("folders");
    assert_eq!(
        (
            found.source.as_str(),
            found.build.as_str(),
            found.generators.as_str()
        ),
        ("src", "build/Release", "build/Release/generators")
    );
    assert_eq!(found.build_dirs, ["."]);

    let mut multi = input(json!({}));
    multi.generator = Some("Ninja Multi-Config".into());
    multi.subproject = Some("sp".into());
    let found = layout::cmake_layout(&multi).expect("folders");
    assert_eq!(
        (found.source.as_str(), found.build.as_str()),
        ("sp/src", "sp/build")
    );
    assert_eq!(found.build_dirs, ["Release"]);
}

#[test]
fn build_folder_vars() {
    let conf = "tools.cmake.cmake_layout:build_folder_vars";
    let cases = [
        (
            json!([
                "settings.compiler",
                "options.shared",
                "self.name",
                "const.x"
            ]),
            "build/gcc-static-pkg-x/Release",
        ),
        (
            json!(["options.foo", "settings.nope"]),
            "build/foo_bar/Release",
        ),
        (
            json!(["settings.os", "settings.build_type"]),
            "build/linux-release",
        ),
        (json!([]), "build/Release"),
    ];
    for (names, expected) in cases {
        let found = layout::cmake_layout(&input(json!({conf: names}))).expect("folders");
        assert_eq!(found.build, expected);
    }
    let error = layout::cmake_layout(&input(json!({conf: ["conf.x"]})))
        .expect_err("a group")
        .to_string();
    assert_eq!(
        error,
        "Invalid 'tools.cmake.cmake_layout:build_folder_vars' value, it has to start with \
         'settings.', 'options.', 'self.' or 'const.': conf.x"
    );

    let mut in_cache = input(json!({conf: ["settings.os"]}));
    in_cache.variables.is_local = false;
    assert_eq!(
        layout::cmake_layout(&in_cache).expect("folders").build,
        "build/Release"
    );
    in_cache.variables.is_test_package = true;
    in_cache.consumer.conf = super::conf(&json!({}));
    assert_eq!(
        layout::cmake_layout(&in_cache).expect("folders").build,
        "build/gcc-12-x86_64-gnu17-release-static"
    );
}

#[test]
fn basic() {
    let found = basic_layout(&settings(LINUX), None, ".", None);
    assert_eq!(
        (found.build.as_str(), found.generators.as_str()),
        ("build-release", "build-release/conan")
    );
    let found = basic_layout(&settings(""), Some("sp"), "s", Some("b"));
    assert_eq!(
        (found.source.as_str(), found.build.as_str()),
        ("sp/s", "sp/b")
    );
}
