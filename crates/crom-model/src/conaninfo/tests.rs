use pretty_assertions::assert_eq;
use serde_json::json;

use super::*;
use crate::conf::ConfValue;
use crate::package_id::RequirementInfo;
use crate::reference::{PackageReference, RecipeReference};
use crate::requirement::PackageIdMode;

/// (case, package id, text) as the reference made them.
fn cases() -> Vec<(String, String, String)> {
    serde_json::from_str(include_str!("cases.json")).expect("the cases are JSON")
}

/// A requirement whose line is the given one.
fn requirement(line: &str) -> RequirementInfo {
    let full = PackageReference::loads(line).unwrap_or_else(|_| {
        let reference = RecipeReference::loads(line).expect("is a reference");
        PackageReference::new(reference, "")
    });
    RequirementInfo::new(full, PackageIdMode::FullMode)
}

fn info(text: &str) -> ConanInfo {
    let read = ConanInfoText::loads(text);
    let requires = |lines: &[String]| RequirementsInfo {
        items: lines.iter().rev().map(|line| requirement(line)).collect(),
    };
    let mut info = ConanInfo {
        settings: Settings::from_values(read.settings.clone()),
        options: PackageOptions::from_values(
            read.options
                .iter()
                .rev()
                .map(|(k, v)| (k.clone(), Some(v.clone()))),
        ),
        requires: requires(&read.requires),
        build_requires: requires(&read.build_requires),
        python_requires: PythonRequiresInfo {
            items: requires(&read.python_requires).items,
        },
        ..ConanInfo::default()
    };
    if !read.settings_target.is_empty() {
        info.settings_target = Some(Settings::from_values(read.settings_target.clone()));
    }
    for (name, value) in &read.conf {
        info.conf.define(name, ConfValue::evaluate(value));
    }
    info
}

#[test]
fn texts_and_package_ids_of_the_reference() {
    assert!(cases().len() > 60);
    for (case, package_id, text) in cases() {
        assert_eq!(package_id_of(&text), package_id, "{case}");
        let made = info(&text);
        assert_eq!(made.dumps(), text, "{case}");
        assert_eq!(made.package_id(), package_id, "{case}");
    }
}

#[test]
fn nothing_counts_after_clear() {
    let (_, _, text) = cases()
        .into_iter()
        .find(|(case, ..)| case == "40_all_sections")
        .expect("is there");
    let mut info = info(&text);
    info.clear();
    assert_eq!(info.dumps(), "");
    assert_eq!(
        info.package_id(),
        "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    );
    assert_eq!(info.serialize(), Map::new());
}

#[test]
fn a_text_is_read_back() {
    let (_, _, text) = cases()
        .into_iter()
        .find(|(case, ..)| case == "40_all_sections")
        .expect("is there");
    let read = ConanInfoText::loads(&text);
    assert_eq!(
        serde_json::to_string(&read.to_json()).expect("is JSON"),
        r#"{"settings":{"os":"Linux"},"settings_target":{"arch":"x86_64","build_type":"Release","compiler":"gcc","compiler.cppstd":"gnu17","compiler.libcxx":"libstdc++11","compiler.version":"12","os":"Linux"},"options":{"a":"x","b":"True"},"requires":["dep0/0.3.1-pre.1"],"python_requires":["pyr/1.2.Z"],"build_requires":["deptool/1.2.Z"],"conf":{"user.q:r":"v"}}"#
    );
    assert_eq!(info(&text).serialize(), read.to_json());
    let odd = ConanInfoText::loads("[options]\na=b=c\n[unknown]\nz=1\n");
    assert_eq!(
        json!(odd.to_json()),
        json!({"options": {"a": "b=c"}, "unknown": {"z": "1"}})
    );
    assert_eq!(ConanInfoText::loads("").to_json(), Map::new());
}

#[test]
fn differences_of_compatible_configurations() {
    let one = info(
        "[settings]\nbuild_type=Release\ncompiler=gcc\ncompiler.version=12\nos=Linux\n[options]\nshared=True\nx=1\n",
    );
    let two = info(
        "[settings]\nbuild_type=Debug\ncompiler=gcc\ncompiler.version=11\nos=Windows\n[options]\nshared=False\nx=1\n",
    );
    let less = info("[settings]\nos=Linux\n[options]\nshared=True\n");
    assert_eq!(
        one.dump_diff(&two),
        "build_type=Debug, compiler.version=11, os=Windows, shared=False"
    );
    assert_eq!(one.dump_diff(&less), "");
    assert_eq!(
        less.dump_diff(&one),
        "build_type=Release, compiler=gcc, compiler.version=12, x=1"
    );
    assert_eq!(
        less.summarize_compact(),
        ["settings: os=Linux", "options: shared=True"]
    );
}
