use pretty_assertions::assert_eq;
use serde::Deserialize;

use super::*;

/// Random cases that the reference answered. A requirement is one character per trait: `1`, `0`, or
/// `-` for open. Declared: headers libs build run visible transitive_headers transitive_libs test
/// force override direct consistent no_skip.
#[derive(Deserialize)]
struct Cases {
    /// type in the middle, consumer's requirement, its requirement, type, result
    downstream: Vec<(String, String, String, String, Option<String>)>,
    /// consumer's type, requirement, dependency's type, result
    process: Vec<(String, String, String, String)>,
    aggregate: Vec<(String, String, String)>,
    collides: Vec<(String, String, String, bool)>,
    /// consumer's type, requirement, dependency's type, fix_transitive_static, mode
    modes: Vec<(String, String, String, bool, Option<String>)>,
}

fn cases() -> Cases {
    serde_json::from_str(include_str!("cases.json")).expect("the cases are JSON")
}

fn requirement(traits: &str, reference: &str) -> Requirement {
    let at = |index: usize| match traits.as_bytes()[index] {
        b'1' => Some(true),
        b'0' => Some(false),
        _ => None,
    };
    let reference = RecipeReference::loads(reference).expect("is a reference");
    Requirement {
        headers: at(0),
        libs: at(1),
        build: at(2) == Some(true),
        run: at(3),
        visible: at(4),
        transitive_headers: at(5),
        transitive_libs: at(6),
        test: at(7),
        is_test: at(7) == Some(true),
        force: at(8),
        override_: at(9),
        direct: at(10),
        consistent: at(11),
        no_skip: at(12) == Some(true),
        ..Requirement::new(reference)
    }
}

/// As the results are written: headers libs build run visible transitive_headers transitive_libs
/// test package_id_mode force override direct consistent no_skip skip is_test, with defaults filled
/// in for those where only the value counts.
fn effective(result: &Requirement) -> String {
    let open = |value: Option<bool>| value.map_or('-', digit);
    [
        digit(result.headers()),
        digit(result.libs()),
        digit(result.build),
        digit(result.run()),
        digit(result.visible()),
        open(result.transitive_headers),
        open(result.transitive_libs),
        digit(result.test()),
        digit(result.force()),
        digit(result.is_override()),
        digit(result.direct()),
        digit(result.consistent()),
        digit(result.no_skip),
        digit(result.is_test),
    ]
    .iter()
    .collect()
}

fn digit(value: bool) -> char {
    if value { '1' } else { '0' }
}

/// The expected text, through the same defaults.
fn expected(text: &str) -> String {
    let traits: String = text
        .char_indices()
        .filter(|(index, _)| *index != 8 && *index != 14 && *index != 15)
        .map(|(_, c)| c)
        .collect();
    let mut requirement = requirement(&traits, "x/1");
    requirement.is_test = text.as_bytes()[15] == b'1';
    effective(&requirement)
}

fn kind(text: &str) -> PackageType {
    PackageType::parse(text).expect("is a package type")
}

#[test]
fn downstream_traits() {
    for (middle, own, theirs, dependency, result) in cases().downstream {
        let label = format!("{middle} {own} {theirs} {dependency}");
        let actual = requirement(&own, "p/1.0").transform_downstream(
            kind(&middle),
            &requirement(&theirs, "d/1.0"),
            kind(&dependency),
        );
        match (result, actual) {
            (None, actual) => assert_eq!(actual, Ok(None), "{label}"),
            (Some(result), Err(error)) => assert_eq!(format!("E ConanException{error}"), result),
            (Some(result), Ok(actual)) => {
                let actual =
                    actual.unwrap_or_else(|| panic!("{label}: nothing, expected {result}"));
                assert_eq!(effective(&actual), expected(&result), "{label}");
            }
        }
    }
}

#[test]
fn traits_of_package_types() {
    for (consumer, traits, dependency, result) in cases().process {
        let mut actual = requirement(&traits, "a/1.0");
        actual.process_package_type(kind(&consumer), kind(&dependency));
        assert_eq!(
            effective(&actual),
            expected(&result),
            "{consumer} {traits} {dependency}"
        );
    }
}

#[test]
fn aggregation() {
    for (traits, other, result) in cases().aggregate {
        let mut actual = requirement(&traits, "a/1.0");
        actual.aggregate(&requirement(&other, "a/1.0"));
        assert_eq!(effective(&actual), expected(&result), "{traits} {other}");
    }
    let mut open = requirement("-------------", "a/1.0");
    let mut set = open.clone();
    set.package_id_mode = Some("y_mode".to_owned());
    open.aggregate(&set);
    assert_eq!(open.package_id_mode.as_deref(), Some("y_mode"));
}

#[test]
fn collisions() {
    for (traits, other, reference, result) in cases().collides {
        let actual = requirement(&traits, "a/1.0").collides(&requirement(&other, &reference));
        assert_eq!(actual, result, "{traits} {other} {reference}");
    }
}

#[test]
fn deduced_package_id_modes() {
    for (consumer, traits, dependency, fix_transitive_static, result) in cases().modes {
        let mut actual = requirement(&traits, "a/1.0");
        actual.deduce_package_id_mode(&PackageIdModeInput {
            consumer: kind(&consumer),
            dependency: kind(&dependency),
            non_embed_mode: Some("non_m"),
            embed_mode: Some("emb_m"),
            unknown_mode: Some("unk_m"),
            build_mode: Some("bld_m"),
            fix_transitive_static,
        });
        assert_eq!(
            actual.package_id_mode, result,
            "{consumer} {traits} {dependency} {fix_transitive_static}"
        );
    }
}

#[test]
fn declarations() {
    let reference = || RecipeReference::new("a", "1.0");
    let traits = |r: &Requirement| {
        format!(
            "{}{}{}{}{}",
            digit(r.headers()),
            digit(r.libs()),
            digit(r.build),
            digit(r.run()),
            digit(r.visible())
        )
    };
    assert_eq!(traits(&Requirement::new(reference())), "11001");
    assert_eq!(traits(&Requirement::tool(reference())), "00110");
    assert_eq!(traits(&Requirement::build_require(reference())), "00100");
    assert_eq!(traits(&Requirement::test_require(reference())), "11000");
    assert!(Requirement::test_require(reference()).consistent());
    let mut wrong = Requirement::new(reference());
    wrong.consistent = Some(false);
    assert!(wrong.check().is_err());
    assert_eq!(
        serde_json::to_string(&Requirement::tool(reference()).serialize_traits()).expect("is JSON"),
        r#"{"ref":"a/1.0","require":"a/1.0","run":true,"libs":false,"skip":false,"test":false,"force":false,"direct":true,"build":true,"transitive_headers":null,"transitive_libs":null,"headers":false,"package_id_mode":null,"visible":false}"#
    );
}
