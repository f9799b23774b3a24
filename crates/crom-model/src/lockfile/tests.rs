use pretty_assertions::assert_eq;

use super::*;
use crate::requirement::Requirement;

fn lockfile(text: &str) -> Lockfile {
    Lockfile::loads(text).unwrap_or_else(|error| panic!("{error}"))
}

fn with_requires(refs: &[&str]) -> Lockfile {
    lockfile(&json!({"version": "0.5", "requires": refs, "build_requires": ["a/9.0"]}).to_string())
}

fn recipe(text: &str) -> RecipeReference {
    RecipeReference::loads(text).unwrap_or_else(|error| panic!("{error}"))
}

fn requires(lockfile: &Lockfile) -> String {
    lockfile
        .requires
        .refs()
        .map(|reference| reference.full_repr())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn text_is_that_of_the_reference() {
    let text = r#"{"version":"0.5","requires":["a/1.0#r1%5",["b/2.0#q%3",{"pid":null,"pid2":"prev"}]],"overrides":{"a/1":["a/2#r",null]},"alias":{}}"#;
    let expected = r#"{
    "version": "0.5",
    "requires": [
        "a/1.0#r1%5.0",
        [
            "b/2.0#q%3.0",
            {
                "pid": null,
                "pid2": "prev"
            }
        ]
    ],
    "build_requires": [],
    "python_requires": [],
    "overrides": {
        "a/1": [
            null,
            "a/2#r"
        ]
    },
    "config_requires": []
}"#;
    assert_eq!(lockfile(text).dumps().trim_end(), expected);
    assert_eq!(lockfile(expected).dumps().trim_end(), expected);
    assert_eq!(
        lockfile(text)
            .resolve_prev(&recipe("b/2.0#q"), "pid2", false)
            .as_deref(),
        Some("prev")
    );
}

#[test]
fn unusable_files() {
    assert_eq!(
        Lockfile::loads(r#"{"version":"0.4"}"#),
        Err(LockfileError::Version)
    );
    assert!(matches!(
        Lockfile::loads("{x"),
        Err(LockfileError::Malformed(_))
    ));
    assert!(matches!(
        Lockfile::loads(r#"{"requires":["a"]}"#),
        Err(LockfileError::Reference(_))
    ));
    assert!(matches!(
        Lockfile::loads(r#"{"requires":[[1]]}"#),
        Err(LockfileError::Malformed(_))
    ));
}

#[test]
fn adding() {
    let add = |refs: &[&str]| {
        let mut lock = with_requires(&["a/1.0#r1%5", "b/2.0#q%3"]);
        for text in refs {
            lock.add(LockKind::Requires, &recipe(text))
                .map_err(|error| error.to_string())?;
        }
        Ok::<_, String>(requires(&lock))
    };
    assert_eq!(
        add(&["a/1.0"]),
        Err("Cannot add a/1.0 to lockfile, already exists".into())
    );
    assert_eq!(
        add(&["a/1.0#r2"]).as_deref(),
        Ok("b/2.0#q%3.0 a/1.0#r1%5.0 a/1.0#r2")
    );
    assert_eq!(
        add(&["a/1.0#r2%9"]).as_deref(),
        Ok("b/2.0#q%3.0 a/1.0#r2%9.0 a/1.0#r1%5.0")
    );
    assert_eq!(
        add(&["c/1", "a/0.5"]).as_deref(),
        Ok("c/1 b/2.0#q%3.0 a/1.0#r1%5.0 a/0.5")
    );
    assert_eq!(add(&["a/1.0#r1"]).as_deref(), Ok("b/2.0#q%3.0 a/1.0#r1"));
    assert_eq!(
        add(&["a/1.0#r1%7"]).as_deref(),
        Ok("b/2.0#q%3.0 a/1.0#r1%7.0")
    );
}

#[test]
fn removing_and_updating() {
    let remove = |pattern: &str| {
        let mut lock = with_requires(&["a/1.0#r1%5", "b/2.0#q%3", "a/1.0@u/c", "ab/1"]);
        lock.remove(LockKind::Requires, pattern)
            .map_err(|error| error.to_string())?;
        Ok::<_, String>(requires(&lock))
    };
    assert_eq!(remove("a/*").as_deref(), Ok("b/2.0#q%3.0 ab/1"));
    assert_eq!(remove("a/1.0").as_deref(), Ok("b/2.0#q%3.0 a/1.0@u/c ab/1"));
    assert_eq!(
        remove("a/1.0#r1").as_deref(),
        Ok("b/2.0#q%3.0 a/1.0@u/c ab/1")
    );
    assert_eq!(remove("a/*@").as_deref(), Ok("b/2.0#q%3.0 a/1.0@u/c ab/1"));
    assert_eq!(
        remove("a/1.0@u/c").as_deref(),
        Ok("a/1.0#r1%5.0 b/2.0#q%3.0 ab/1")
    );
    assert_eq!(
        remove("a/[>0.5]").as_deref(),
        Ok("b/2.0#q%3.0 a/1.0@u/c ab/1")
    );
    assert_eq!(
        remove("b/2.0#*").as_deref(),
        Ok("a/1.0#r1%5.0 a/1.0@u/c ab/1")
    );
    assert_eq!(
        remove("zz/1").as_deref(),
        Ok("a/1.0#r1%5.0 b/2.0#q%3.0 a/1.0@u/c ab/1")
    );
    assert!(remove("a*").is_err());
    let update = |text: &str| {
        let mut lock = with_requires(&["a/1.0#r1%5", "b/2.0#q%3", "a/0.9"]);
        lock.update(LockKind::Requires, &recipe(text));
        requires(&lock)
    };
    assert_eq!(update("a/3.0@u/c"), "b/2.0#q%3.0 a/3.0@u/c");
    assert_eq!(update("z/1.0"), "z/1.0 b/2.0#q%3.0 a/1.0#r1%5.0 a/0.9");
}

#[test]
fn merging() {
    let mut lock = with_requires(&["a/1#r1%5"]);
    lock.merge(&with_requires(&["a/1#r1%6", "a/1", "b/1"]));
    assert_eq!(requires(&lock), "b/1 a/1#r1%5.0");
    let mut one = lockfile(r#"{"overrides":{"a/1":["a/2"]}}"#);
    one.merge(&lockfile(r#"{"overrides":{"a/1":["a/3"],"b/1":["b/2"]}}"#));
    assert_eq!(
        one.to_json()["overrides"],
        json!({"a/1": ["a/2", "a/3"], "b/1": ["b/2"]})
    );
}

#[test]
fn graph_packages() {
    let mut lock = Lockfile::default();
    let package = PackageReference::loads("a/1#r1%5:pid#v1").expect("is a package");
    lock.add_package(LockKind::Requires, &package, false);
    lock.add_package(LockKind::Requires, &package, false);
    assert_eq!(requires(&lock), "a/1#r1%5.0");
    lock.add_package(LockKind::Requires, &package, true);
    assert_eq!(
        lock.to_json()["requires"],
        json!([["a/1#r1%5.0", {"pid": "v1"}]])
    );
}

#[test]
fn resolution() {
    let resolve = |text: &str, partial: bool, prereleases: Option<bool>| {
        let mut lock = with_requires(&["a/1.0#r1%5", "a/1.1", "a/2.0#x%1", "b/1.0-pre"]);
        lock.partial = partial;
        let mut require = Requirement::new(recipe(text));
        lock.resolve_locked(&mut require, false, prereleases)
            .map_err(|error| error.to_string())?;
        Ok::<_, String>(require.reference.full_repr())
    };
    for (text, expected) in [
        ("a/1.0", Some("a/1.0#r1%5.0")),
        ("a/[>=1]", Some("a/1.0#r1%5.0")),
        ("a/[>3]", None),
        ("a/3.0", None),
        ("a/1.0#r1", Some("a/1.0#r1")),
        ("a/1.0#r2", None),
        ("b/[*]", None),
        ("b/[*, include_prerelease]", Some("b/1.0-pre")),
        ("a/1.0@u/c", None),
        ("a/1.1#zz", Some("a/1.1#zz")),
        ("a/2.0", Some("a/2.0#x%1.0")),
    ] {
        let strict = resolve(text, false, None);
        match expected {
            Some(expected) => assert_eq!(strict.as_deref(), Ok(expected), "{text}"),
            None => assert_eq!(
                strict,
                Err(format!("Requirement '{text}' not in lockfile 'requires'"))
            ),
        }
        assert_eq!(
            resolve(text, true, None).as_deref(),
            Ok(expected.unwrap_or(text)),
            "{text}"
        );
    }
    assert_eq!(
        resolve("b/[*]", false, Some(true)).as_deref(),
        Ok("b/1.0-pre")
    );
    let mut tool = Requirement::tool(recipe("a/[>1]"));
    assert_eq!(
        with_requires(&[]).resolve_locked(&mut tool, false, None),
        Ok(())
    );
    assert_eq!(tool.reference.to_string(), "a/9.0");
}

#[test]
fn overrides_of_the_locked_graph() {
    let lock =
        lockfile(r#"{"overrides":{"a/1":["a/2#r"],"m/1":["m/2","m/3"],"n/1":[null,"n/2"]}}"#);
    for (text, expected) in [
        ("a/1", "a/2#r"),
        ("m/1", "m/1"),
        ("n/1", "n/1"),
        ("z/1", "z/1"),
    ] {
        let mut require = Requirement::new(recipe(text));
        assert_eq!(lock.resolve_overrides(&mut require), Ok(()));
        assert_eq!(require.reference.full_repr(), expected);
        assert_eq!(require.overriden_ref.is_some(), expected != text);
    }
}
