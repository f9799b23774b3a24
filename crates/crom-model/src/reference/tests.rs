use std::cmp::Ordering;

use pretty_assertions::assert_eq;

use super::*;

fn recipe(text: &str) -> RecipeReference {
    RecipeReference::loads(text).unwrap_or_else(|error| panic!("{error}"))
}

fn package(text: &str) -> PackageReference {
    PackageReference::loads(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn recipe_texts() {
    for (text, plain, full) in [
        ("zlib/1.2", "zlib/1.2", "zlib/1.2"),
        ("zlib/1.2@", "zlib/1.2", "zlib/1.2"),
        ("zlib/1.2@user", "zlib/1.2@user", "zlib/1.2@user"),
        (
            "zlib/1.2@user/chan#rrev",
            "zlib/1.2@user/chan",
            "zlib/1.2@user/chan#rrev",
        ),
        ("zlib/1.2#rrev%1234.5", "zlib/1.2", "zlib/1.2#rrev%1234.5"),
        ("zlib/1.2#rrev%1234", "zlib/1.2", "zlib/1.2#rrev%1234.0"),
        ("zlib/1.2%123", "zlib/1.2", "zlib/1.2%123.0"),
        ("zlib/1.2/3", "zlib/1.2/3", "zlib/1.2/3"),
        (" zlib/1.2 ", " zlib/1.2 ", " zlib/1.2 "),
        (
            "zlib/[>=1 <2]@user/chan",
            "zlib/[>=1 <2]@user/chan",
            "zlib/[>=1 <2]@user/chan",
        ),
        ("zlib/1.2@a/b/c", "zlib/1.2@a/b/c", "zlib/1.2@a/b/c"),
        (
            "a/1#1774a7a0e%1795241263.0679233",
            "a/1",
            "a/1#1774a7a0e%1795241263.0679233",
        ),
    ] {
        let reference = recipe(text);
        assert_eq!(reference.to_string(), plain);
        assert_eq!(reference.full_repr(), full);
    }
    assert_eq!(
        recipe("pkg/0.1@user#r1%123").repr_humantime(),
        "pkg/0.1@user#r1 (1970-01-01 00:02:03 UTC)"
    );
    assert_eq!(
        recipe("pkg/0.1#r1%1709210096.5").repr_humantime(),
        "pkg/0.1#r1 (2024-02-29 12:34:56 UTC)"
    );
}

#[test]
fn malformed_recipes() {
    for text in [
        "zlib",
        "zlib/",
        "/1.2",
        "",
        "zlib/1.2@/chan",
        "zlib/1.2#rrev%abc",
        "zl@ib/1.2",
    ] {
        let error = RecipeReference::loads(text).expect_err(text);
        assert_eq!(
            error.to_string(),
            format!(
                "{text} is not a valid recipe reference, provide a reference in the form name/version[@user/channel]"
            )
        );
    }
}

#[test]
fn package_texts() {
    let text = "zlib/1.2#r1%55.5:pid#prev%123.4";
    assert_eq!(package(text).full_repr(), text);
    assert_eq!(package(text).repr_notime(), "zlib/1.2#r1:pid#prev");
    assert_eq!(package(text).to_string(), "zlib/1.2:pid");
    assert_eq!(
        package(text).repr_humantime(),
        "zlib/1.2#r1:pid#prev (1970-01-01 00:02:03 UTC)"
    );
    for text in ["zlib/1.2", "zlib:pid", ":pid"] {
        assert!(PackageReference::loads(text).is_err(), "{text}");
    }
}

#[test]
fn naming_rules() {
    let long = |letters: usize| format!("{}/1.2", "a".repeat(letters));
    let check = |text: &str, uppercase| recipe(text).validate(uppercase).map_err(|e| e.message);
    for (text, uppercase, expected) in [
        ("z/1.2", true, Some("Invalid package name 'z'")),
        ("zlib/1", false, Some("Invalid package version '1'")),
        (
            "Zlib/1.2",
            false,
            Some("Conan packages names 'Zlib/1.2' must be all lowercase"),
        ),
        ("Zlib/1.2", true, None),
        ("zlib/1.2@u/cc", false, Some("Invalid package user 'u'")),
        ("zlib/1.2@uu/C", true, Some("Invalid package channel 'C'")),
        ("-zlib/1.2", false, Some("Invalid package name '-zlib'")),
        ("zlib/[>=1]", false, Some("Invalid package version '[>=1]'")),
        ("zl ib/1.2", false, Some("Invalid package name 'zl ib'")),
        ("zl.ib/1.2@us/chan", false, None),
        (
            "pkg/1.0:pid",
            false,
            Some("Invalid recipe reference 'pkg/1.0:pid' is a package reference"),
        ),
        (
            "pkg/1.0#rrev1:pid#rrev2",
            false,
            Some("Invalid recipe reference 'pkg/1.0#rrev1:pid#rrev2' is a package reference"),
        ),
    ] {
        assert_eq!(
            check(text, uppercase),
            expected.map_or(Ok(()), |e| Err(e.to_owned())),
            "{text}"
        );
    }
    assert!(check(&long(101), false).is_ok());
    assert!(check(&long(102), false).is_err());
    assert_eq!(
        recipe("zl.ib/1.2").validation_warnings(false),
        ["Name containing special chars is discouraged 'zl.ib'"]
    );
}

/// Rows: pattern, is it asked for the consumer, which of the references match.
#[test]
fn patterns() {
    let references = [
        "zlib/1.2.11",
        "zlib/1.2.11@user/chan",
        "zlib/1.2.11#rrev",
        "zlib-ng/2.0",
        "pkg/1.0@user",
        "zlib/1.3-pre",
        "zlib/1.2.11@user/chan#rrev1",
    ]
    .map(recipe);
    for (pattern, is_consumer, expected) in [
        ("zlib", false, "0000000"),
        ("zlib/*", false, "1110011"),
        ("zlib*", false, "1111011"),
        ("*", false, "1111111"),
        ("*/*", false, "1111111"),
        ("*:*", false, "0000000"),
        ("zlib/1.2*", false, "1110001"),
        ("zlib/1.2.11", false, "1010000"),
        ("zlib/1.2.11@", false, "1010000"),
        ("zlib/1.2.11@*", false, "0100001"),
        ("zlib/*@", false, "1010010"),
        ("zlib/*@*", false, "0100001"),
        ("zlib/*@user/*", false, "0100001"),
        ("zlib/*@user/chan", false, "0100001"),
        ("*@user/*", false, "0100001"),
        ("*@", false, "1011010"),
        ("&", false, "0000000"),
        ("&", true, "1111111"),
        ("!zlib/*", false, "0001100"),
        ("~zlib/*", false, "0001100"),
        ("!&", false, "1111111"),
        ("!&", true, "0000000"),
        ("~&", false, "1111111"),
        ("~&", true, "0000000"),
        ("zlib/*#rrev", false, "0010000"),
        ("zlib/1.2.11#rrev*", false, "0010000"),
        ("zlib/[>=1.2]", false, "0000000"),
        ("zlib/[>1.2 <1.3]", false, "0000000"),
        ("zlib/[>1.2]@user/chan", false, "0000000"),
        ("zlib/[>=1.2]@", false, "0000000"),
        ("zlib/[>=1.2]@*", false, "0000000"),
        ("!zlib/[>=1.2]", false, "1111111"),
        ("", false, "0000000"),
        ("z?ib/*", false, "1110011"),
        ("zlib/[*]", false, "0000000"),
        ("[z]lib/*", false, "1110011"),
        ("*/1.2*", false, "1110001"),
        ("zlib/*#*", false, "0010001"),
        ("*/*@user", false, "0000100"),
        ("zlib/*:*", false, "0000000"),
        ("zlib/[>=1.2]*", false, "1110011"),
        ("zlib/[>=1.2, include_prerelease]", false, "0000000"),
        ("zlib/[>=1.2]#rrev", false, "0000000"),
        ("zl[abi]ib*", false, "0000000"),
    ] {
        let actual: String = references
            .iter()
            .map(|r| {
                if r.matches(pattern, is_consumer) {
                    '1'
                } else {
                    '0'
                }
            })
            .collect();
        assert_eq!(actual, expected, "{pattern} {is_consumer}");
    }
    for (pattern, expected) in [
        ("zlib", "1110011"),
        ("zlib/1.2.11", "1110001"),
        ("zlib/*", "1110011"),
        ("*", "1111111"),
        ("zlib/1.2.11@user", "0100001"),
        ("zlib/1.2.11@user/chan", "0100001"),
        ("zlib/1.2.11#rrev", "0010000"),
        ("zlib/1.2.11@user/chan#rrev1", "0000001"),
        ("zli*", "1111011"),
        ("zlib/1.2.11@*", "0100001"),
        ("", "0000000"),
    ] {
        let actual: String = references
            .iter()
            .map(|r| if r.partial_match(pattern) { '1' } else { '0' })
            .collect();
        assert_eq!(actual, expected, "{pattern}");
    }
}

#[test]
fn order() {
    let sorted = [
        "a/1.0",
        "a/1.0#r1",
        "a/1.0#r2",
        "a/1.0#r2%4",
        "a/1.0#r1%5",
        "a/1.0@u",
        "a/1.0@u/c",
        "a/1.0@v/c",
        "a/2.0",
        "a/[>1]",
        "b/0.1",
    ]
    .map(recipe);
    for (index, left) in sorted.iter().enumerate() {
        for (other, right) in sorted.iter().enumerate() {
            assert_eq!(
                left.cmp(right),
                index.cmp(&other),
                "{} {}",
                left.full_repr(),
                right.full_repr()
            );
        }
    }
    assert_eq!(recipe("a/1.0").cmp(&recipe("a/1.0.0")), Ordering::Equal);
    assert_eq!(recipe("a/1.0#r%4"), recipe("a/1.0#r%5"));
    assert_ne!(recipe("a/1.0#r1"), recipe("a/1.0"));
    assert!(recipe("a/1.0#r1").is_same(&recipe("a/1.0")));
    assert!(!recipe("a/1.0#r1").is_same(&recipe("a/1.0#r2")));
}

fn pattern(text: &str, defaults: &RefPatternDefaults) -> RefPattern {
    RefPattern::parse(text, defaults).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn expressions_of_list() {
    let parts = |text: &str, defaults: &RefPatternDefaults| {
        let it = pattern(text, defaults);
        let show = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
        format!(
            "{} {} {} {} {} {} {} | {} {}",
            it.name,
            show(&it.version),
            show(&it.user),
            show(&it.channel),
            show(&it.rrev),
            show(&it.package_id),
            show(&it.prev),
            it.search_ref(),
            it.is_exact_ref()
        )
    };
    let latest = RefPatternDefaults::default();
    let none = RefPatternDefaults::none();
    assert_eq!(parts("*", &latest), "* - - - latest - latest | * false");
    assert_eq!(parts("zlib", &none), "zlib - - - - - - | zlib false");
    assert_eq!(
        parts("zlib/1.2@user/chan", &latest),
        "zlib 1.2 user chan latest - latest | zlib/1.2@user/chan true"
    );
    assert_eq!(
        parts("zlib/1.2@", &latest),
        "zlib 1.2 - - latest - latest | zlib/1.2@ true"
    );
    assert_eq!(
        parts("zlib/1.2", &none),
        "zlib 1.2 - - - - - | zlib/1.2 false"
    );
    assert_eq!(
        parts("zlib/1.2#*:*", &none),
        "zlib 1.2 - - * * - | zlib/1.2 true"
    );
    assert_eq!(
        parts("zlib/1.2:p#!latest", &latest),
        "zlib 1.2 - - latest p !latest | zlib/1.2 true"
    );
    assert_eq!(
        parts("zlib/1.2#r%123:p#q", &latest),
        "zlib 1.2 - - r p q | zlib/1.2 true"
    );
    assert_eq!(
        parts("zlib/[>1.2]", &latest),
        "zlib [>1.2] - - latest - latest | zlib/* false"
    );
    assert_eq!(
        parts("zlib/1.2#:", &latest),
        "zlib 1.2 - - latest - latest | zlib/1.2 true"
    );
    let only_recipe = RefPatternDefaults {
        only_recipe: true,
        ..latest
    };
    assert_eq!(
        RefPattern::parse("zlib/1.2:p", &only_recipe).map_err(|e| e.message),
        Err("Do not specify 'package_id' with 'only-recipe'".to_owned())
    );
}

#[test]
fn filters_of_list() {
    let defaults = RefPatternDefaults::default();
    let rrevs = |text: &str| {
        let found = ["zlib/1.2#c3", "zlib/1.2#b2", "zlib/1.2#a1"]
            .map(recipe)
            .to_vec();
        let found = pattern(text, &defaults)
            .filter_rrevs(found)
            .map_err(|e| e.message)?;
        Ok::<_, String>(
            found
                .iter()
                .filter_map(|r| r.revision.clone())
                .collect::<Vec<_>>()
                .join(" "),
        )
    };
    assert_eq!(rrevs("zlib/1.2#*").as_deref(), Ok("c3 b2 a1"));
    assert_eq!(rrevs("zlib/1.2#!latest").as_deref(), Ok("b2 a1"));
    assert_eq!(rrevs("zlib/1.2#~latest").as_deref(), Ok("b2 a1"));
    assert_eq!(rrevs("zlib/1.2#b*").as_deref(), Ok("b2"));
    assert_eq!(rrevs("zlib/1.2#b2%12").as_deref(), Ok("b2"));
    assert_eq!(
        rrevs("zlib/1.2#nope"),
        Err("Recipe revision 'zlib/1.2#nope' not found".to_owned())
    );
    let ids = |text: &str| {
        let found = ["zlib/1.2#c3:p1", "zlib/1.2#c3:p2", "zlib/1.2#c3:q1"]
            .map(package)
            .to_vec();
        let found = pattern(text, &defaults)
            .filter_prefs(found)
            .map_err(|e| e.message)?;
        Ok::<_, String>(
            found
                .iter()
                .map(|p| p.package_id.clone())
                .collect::<Vec<_>>()
                .join(" "),
        )
    };
    assert_eq!(ids("zlib/1.2#c3:p*#latest").as_deref(), Ok("p1 p2"));
    assert_eq!(
        ids("zlib/1.2#c3:nope"),
        Err("Package ID 'zlib/1.2#c3:nope' not found".to_owned())
    );
    let refs = ["zlib/1.2", "zlib/1.3-pre", "zlib/2.0"]
        .map(recipe)
        .to_vec();
    let range = pattern("zlib/[>=1.2]", &defaults);
    assert_eq!(
        range.filter_versions(refs.clone(), None).map(|r| r.len()),
        Ok(2)
    );
    assert_eq!(
        range.filter_versions(refs, Some(true)).map(|r| r.len()),
        Ok(3)
    );
    assert_eq!(
        range.check_refs(&[]).map_err(|e| e.message),
        Err("Recipe 'zlib/[>=1.2]' not found".to_owned())
    );
    assert_eq!(pattern("nope/*", &defaults).check_refs(&[]), Ok(()));
}
