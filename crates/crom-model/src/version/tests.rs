use pretty_assertions::assert_eq;

use super::*;

/// Each line: a version and how it compares with the version of every line.
#[test]
fn order_is_that_of_the_reference() {
    let rows: Vec<(&str, &str)> = include_str!("order.txt")
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect();
    assert!(rows.len() > 40);
    for (left, signs) in &rows {
        let actual: String = rows
            .iter()
            .map(
                |(right, _)| match Version::new(left).cmp(&Version::new(right)) {
                    Ordering::Less => '<',
                    Ordering::Equal => '=',
                    Ordering::Greater => '>',
                },
            )
            .collect();
        assert_eq!(&actual, signs, "{left}");
    }
}

#[test]
fn parts() {
    let parts = |text: &str| {
        let version = Version::new(text);
        let main: Vec<String> = version
            .main()
            .iter()
            .map(|item| format!("{item:?}"))
            .collect();
        format!(
            "{} pre={:?} build={:?}",
            main.join(" "),
            version.pre(),
            version.build()
        )
    };
    assert_eq!(parts("1.1w"), r#"Number(1) Text("1w") pre=None build=None"#);
    assert_eq!(
        parts("1.0-a-b"),
        r#"Number(1) Number(0) pre=Some("a-b") build=None"#
    );
    assert_eq!(
        parts("1.0+b+c"),
        r#"Number(1) Text("0+b") pre=None build=Some("c")"#
    );
    assert_eq!(
        parts("1.0-pre+10"),
        r#"Number(1) Number(0) pre=Some("pre") build=Some("10")"#
    );
    assert_eq!(
        parts("2023.01.01"),
        "Number(2023) Number(1) Number(1) pre=None build=None"
    );
    assert_eq!(parts("1_0"), "Number(10) pre=None build=None");
    assert_eq!(
        parts("1.0-"),
        r#"Number(1) Number(0) pre=Some("") build=None"#
    );
}

#[test]
fn bump_and_upper_bound() {
    let bump = |text: &str, index| Version::new(text).bump(index).map(|v| v.to_string());
    assert_eq!(bump("1.2.3-pre", 0).as_deref(), Ok("2"));
    assert_eq!(bump("1.2.3", 1).as_deref(), Ok("1.3"));
    assert_eq!(bump("1.2.3+b", 2).as_deref(), Ok("1.2.4"));
    assert_eq!(bump("cci.2", 1).as_deref(), Ok("cci.3"));
    assert_eq!(
        bump("1.a.2", 1).map_err(|e| e.to_string()),
        Err("Cannot bump '1.a.2' version index 1, not an int".to_owned())
    );
    assert!(matches!(
        bump("1.2", 2),
        Err(VersionError::NoSuchPart { .. })
    ));
    let upper = Version::new("1.2.3").upper_bound(1).map(|v| v.to_string());
    assert_eq!(upper.as_deref(), Ok("1.3-"));
}

#[test]
fn sorting_survives_an_order_that_is_not_transitive() {
    let mut versions: Vec<Version> = (0..200)
        .map(|i| Version::new(["1.10", "1.1w", "1.2"][i % 3]))
        .collect();
    sort_by_order(&mut versions, Ord::cmp);
    assert_eq!(versions.len(), 200);
    let mut versions: Vec<Version> = ["2.0", "1.0", "1.0-a", "1.10"].map(Version::new).to_vec();
    sort_by_order(&mut versions, Ord::cmp);
    assert_eq!(versions, ["1.0-a", "1.0", "1.10", "2.0"].map(Version::new));
}
