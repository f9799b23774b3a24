use indexmap::IndexMap;
use pretty_assertions::assert_eq;

use super::*;

fn info(text: &str, mode: &str) -> RequirementInfo {
    let reference = RecipeReference::loads(text).expect("is a reference");
    RequirementInfo::with_mode_name(PackageReference::new(reference, "pid"), mode)
        .expect("is a mode")
}

/// mode to version to the version in the package id, as the reference has it
#[test]
fn versions_in_every_mode() {
    let table: IndexMap<String, IndexMap<String, Option<String>>> =
        serde_json::from_str(include_str!("versions.json")).expect("the table is JSON");
    assert_eq!(table.len(), 6);
    for (mode, versions) in table {
        for (version, expected) in versions {
            let actual = info(&format!("dep/{version}"), &mode).version;
            assert_eq!(actual, expected, "{version} in {mode}");
        }
    }
}

#[test]
fn texts_in_every_mode() {
    for (mode, expected) in [
        ("unrelated_mode", None),
        ("semver_mode", Some("a/1.Y.Z@u/c")),
        ("major_mode", Some("a/1.Y.Z@u/c")),
        ("minor_mode", Some("a/1.2.Z@u/c")),
        ("patch_mode", Some("a/1.2.3@u/c")),
        ("micro_mode", Some("a/1.2.3.0@u/c")),
        ("full_version_mode", Some("a/1.2.3@u/c")),
        ("full_recipe_mode", Some("a/1.2.3@u/c")),
        ("recipe_revision_mode", Some("a/1.2.3@u/c#rr:pid")),
        ("revision_mode", Some("a/1.2.3@u/c#rr")),
        ("full_package_mode", Some("a/1.2.3@u/c:pid")),
        ("full_mode", Some("a/1.2.3@u/c#rr:pid")),
    ] {
        assert_eq!(
            info("a/1.2.3@u/c#rr", mode).dumps().as_deref(),
            expected,
            "{mode}"
        );
    }
    assert_eq!(info("a/1", "revision_mode").dumps().as_deref(), Some("a/1"));
    assert_eq!(
        info("a/cci.2", "micro_mode").dumps().as_deref(),
        Some("a/cci.2.0.0")
    );
    assert_eq!(
        info("a/1.2.3-pre", "micro_mode").dumps().as_deref(),
        Some("a/1.2.3.0")
    );
}

#[test]
fn unknown_modes_are_errors() {
    let full = PackageReference::new(RecipeReference::new("a", "1"), "");
    assert_eq!(
        RequirementInfo::with_mode_name(full, "x_mode").map_err(|e| e.to_string()),
        Err("require a/1 package_id_mode='x_mode' is not a known package_id_mode".into())
    );
}

#[test]
fn lists_are_sorted_and_can_change() {
    let mut requires = RequirementsInfo {
        items: vec![
            info("z/1.2", "minor_mode"),
            info("a/1.2", "full_mode"),
            info("m/1", "unrelated_mode"),
        ],
    };
    assert_eq!(requires.dumps(), "a/1.2:pid\nz/1.2.Z");
    assert_eq!(requires.pkg_names(), ["z", "a", "m"]);
    if let Some(z) = requires.get_mut("z") {
        z.set_mode(PackageIdMode::MajorMode);
    }
    requires.remove(&["a"]);
    assert_eq!(requires.lines(), ["z/1.Y.Z"]);
    requires.set_mode(PackageIdMode::FullVersionMode);
    assert_eq!(requires.lines(), ["m/1", "z/1.2"]);
    let refs = [
        (RecipeReference::new("pyr", "1.2.3"), None),
        (
            RecipeReference::new("other", "1"),
            Some("major_mode".to_owned()),
        ),
    ];
    let python = PythonRequiresInfo::new(&refs, "minor_mode").expect("modes are known");
    assert_eq!(python.dumps(), "other/1.Y.Z\npyr/1.2.Z");
}
