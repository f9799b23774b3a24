use pretty_assertions::assert_eq;
use serde::Deserialize;

use super::*;

/// What the reference says about each range: which of the versions it contains with
/// `resolve_prereleases` unset, true and false, or its error; and the intersections.
#[derive(Deserialize)]
struct Table {
    versions: Vec<String>,
    ranges: Vec<Row>,
    intersections: Vec<(String, String, Option<String>)>,
}

#[derive(Deserialize)]
struct Row {
    expr: String,
    error: Option<String>,
    #[serde(default)]
    none: String,
    #[serde(default)]
    yes: String,
    #[serde(default)]
    no: String,
}

fn table() -> Table {
    serde_json::from_str(include_str!("ranges.json")).expect("the table is JSON")
}

#[test]
fn contains_what_the_reference_contains() {
    let table = table();
    assert!(table.ranges.len() > 80);
    for row in &table.ranges {
        let parsed = VersionRange::parse(&row.expr);
        let range = match (&parsed, &row.error) {
            (Ok(range), None) => range,
            (Err(error), Some(expected)) => {
                // An index error in the reference: here it is explained.
                let explained = matches!(
                    error,
                    VersionRangeError::Bound(VersionError::NoSuchPart { .. })
                );
                // The reference forgets a quote in this message.
                let expected = expected.replace("ConanException: ", "");
                let same = error
                    .to_string()
                    .replace("' version index", " version index")
                    == expected;
                assert!(explained || same, "{}: {error} / {expected}", row.expr);
                continue;
            }
            other => panic!("{}: {other:?}", row.expr),
        };
        for (prereleases, expected) in [
            (None, &row.none),
            (Some(true), &row.yes),
            (Some(false), &row.no),
        ] {
            let actual: String = table
                .versions
                .iter()
                .map(|v| {
                    if range.contains(&Version::new(v), prereleases) {
                        '1'
                    } else {
                        '0'
                    }
                })
                .collect();
            assert_eq!(
                &actual, expected,
                "[{}] {prereleases:?} {:?}",
                row.expr, table.versions
            );
        }
    }
}

#[test]
fn intersections_are_those_of_the_reference() {
    let mut differences = Vec::new();
    for (left, right, expected) in table().intersections {
        let (Ok(a), Ok(b)) = (VersionRange::parse(&left), VersionRange::parse(&right)) else {
            panic!("{left} or {right} doesn't parse");
        };
        let actual = a.intersection(&b).map(|range| range.to_string());
        if actual != expected {
            differences.push(format!(
                "[{left}] and [{right}]: {actual:?}, expected {expected:?}"
            ));
        }
    }
    assert_eq!(
        differences.len(),
        0,
        "{:#?}",
        &differences[..differences.len().min(20)]
    );
}

#[test]
fn warnings_of_options() {
    let warnings = |text: &str| VersionRange::parse(text).map(|range| range.warnings().to_vec());
    assert_eq!(warnings(">=1, include_prerelease"), Ok(vec![]));
    assert_eq!(
        warnings(">=1, loose=False"),
        Ok(vec![
            "Unrecognized version range option \"loose=False\" in \">=1, loose=False\"".to_owned()
        ])
    );
}
