use pretty_assertions::assert_eq;

use super::*;

const FULL: &str = "\
# our list
upstream: {remote: origin, branch: main}
packages:
  - zlib/1.3.2   # everybody
  # for TLS
  - ref: openssl/[>=3 <4]
    options: {shared: [false, true], \"zlib/*:shared\": true}
profiles:
  - {host: profiles/linux-gcc12, build: profiles/linux-gcc12}
  - name: debug
    host: [default, profiles/debug]
remotes: {test: test, production: prod}
verify:
  - path: consumers/app
    run: ./app
sources: {mirror: \"https://mirror.example\"}
";

fn parse(text: &str) -> CenterFile {
    CenterFile::parse(text, "center.yml").unwrap()
}

fn mistake(text: &str) -> String {
    CenterFile::parse(text, "center.yml")
        .unwrap_err()
        .to_string()
}

fn package(reference: &str, options: &[(&str, &[&str])]) -> NewPackage {
    NewPackage {
        reference: RecipeReference::loads(reference).unwrap(),
        options: options
            .iter()
            .map(|(name, values)| OptionValues {
                name: (*name).to_owned(),
                values: values.iter().map(|it| (*it).to_owned()).collect(),
            })
            .collect(),
    }
}

#[test]
fn the_whole_file_is_read() {
    let list = parse(FULL);
    assert_eq!(list.upstream.remote, "origin");
    assert_eq!(list.packages[0].combinations(), vec![Vec::<String>::new()]);
    assert_eq!(
        list.packages[1].combinations(),
        [
            ["openssl/*:shared=False", "zlib/*:shared=True"],
            ["openssl/*:shared=True", "zlib/*:shared=True"]
        ]
    );
    assert_eq!(list.packages[1].at, Position { line: 6, column: 5 });
    assert_eq!(list.profiles[0].name, "linux-gcc12");
    assert_eq!(list.profiles[1].build, ["default", "profiles/debug"]);
    assert_eq!(list.remotes.production, "prod");
    assert_eq!(list.verify[0].run.as_deref(), Some("./app"));
    assert_eq!(
        list.sources.mirror.as_deref(),
        Some("https://mirror.example")
    );
    assert_eq!(parse(""), CenterFile::default());
}

#[test]
fn mistakes_have_a_place() {
    for (text, expected) in [
        (
            "packges: []\n",
            "center.yml:1:1: unknown key 'packges' in the file",
        ),
        (
            "packages:\n  - zlib/1.3\n  - {ref: a/1.0, option: {}}\n",
            "center.yml:3:18: unknown key 'option' in a package",
        ),
        (
            "packages:\n  - zlib\n",
            "center.yml:2:5: 'zlib' is no reference",
        ),
        (
            "packages:\n  - zlib/1.3@user/stable\n",
            "center.yml:2:5: 'zlib/1.3@user/stable' has a user",
        ),
        (
            "packages: zlib/1.3\n",
            "center.yml:1:11: 'packages' must be a list, not a text",
        ),
        (
            "packages: [zlib/1.3, zlib/1.3]\n",
            "center.yml:1:22: 'zlib/1.3' is listed already in line 1",
        ),
        (
            "packages:\n  - options: {}\n",
            "center.yml:2:5: a package needs a 'ref'",
        ),
        (
            "packages:\n  - ref: zlib/1.3\n    options: {shared: []}\n",
            "center.yml:3:23: the option 'shared' has no value",
        ),
        (
            "profiles:\n  - {build: x}\n",
            "center.yml:2:5: a profile needs a 'host'",
        ),
        (
            "profiles: [a/x, b/x]\n",
            "center.yml:1:17: two profiles are called 'x'",
        ),
        (
            "remotes: {test: a, production: a}\n",
            "are the same remote 'a'",
        ),
        (
            "remotes: {test: [a]}\n",
            "center.yml:1:17: 'test' must be a text, not a list",
        ),
        ("verify:\n  - run: x\n", "a consumer needs a 'path'"),
        (
            "upstream: {}\nupstream: {}\n",
            "center.yml:2:1: the key 'upstream' is here twice",
        ),
        ("packages: [\n", "center.yml:2:1: "),
    ] {
        let mistake = mistake(text);
        assert!(mistake.contains(expected), "{mistake}\nexpected {expected}");
    }
    let error = CenterFile::parse("remotes: {tests: x}\n", "c").unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("known keys: test, production"));
}

#[test]
fn packages_are_added_at_the_end_and_nothing_else_changes() {
    let text = add_package(FULL, "center.yml", &package("fmt/11.0.2", &[])).unwrap();
    let text = add_package(
        &text,
        "center.yml",
        &package(
            "boost/[>=1.80 <2]",
            &[("shared", &["True", "False"]), ("zlib/*:x", &["a b"])],
        ),
    )
    .unwrap();
    let expected = FULL.replace(
        "profiles:\n",
        "  - fmt/11.0.2\n  - ref: boost/[>=1.80 <2]\n    options: {shared: [true, false], \"zlib/*:x\": [\"a b\"]}\nprofiles:\n",
    );
    assert_eq!(text, expected);
    assert_eq!(parse(&text).packages[3].options[1].values, ["a b"]);
    let error = add_package(FULL, "center.yml", &package("zlib/1.3.2", &[])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "'zlib/1.3.2' is listed already in center.yml:4"
    );
}

#[test]
fn packages_are_removed_with_their_lines() {
    let text = remove_package(FULL, "center.yml", "openssl").unwrap();
    assert!(text.contains("  # for TLS\nprofiles:"), "{text}");
    let text = remove_package(&text, "center.yml", "zlib/1.3.2").unwrap();
    assert_eq!(parse(&text).packages, []);
    let text = add_package(&text, "center.yml", &package("fmt/1.0", &[])).unwrap();
    assert!(text.contains("packages:\n  - fmt/1.0\n"), "{text}");
    let error = remove_package(FULL, "center.yml", "zlib/1.2").unwrap_err();
    assert_eq!(error.to_string(), "'zlib/1.2' is not listed in center.yml");
    assert_eq!(error.hints(), ["'zlib/1.3.2' is"]);
}

#[test]
fn lists_in_brackets_are_edited_too() {
    let start = "packages: []  # none\nprofiles: [default]\n";
    let one = add_package(start, "c", &package("zlib/[>=1.2 <2]", &[])).unwrap();
    assert_eq!(
        one,
        "packages: [\"zlib/[>=1.2 <2]\"]  # none\nprofiles: [default]\n"
    );
    let two = add_package(&one, "c", &package("fmt/1.0", &[("shared", &["True"])])).unwrap();
    assert_eq!(parse(&two).packages.len(), 2);
    assert_eq!(remove_package(&two, "c", "fmt").unwrap(), one);
    assert_eq!(
        parse(&remove_package(&two, "c", "zlib").unwrap())
            .packages
            .len(),
        1
    );
    assert_eq!(remove_package(&one, "c", "zlib").unwrap(), start);
}

#[test]
fn an_empty_file_gets_its_packages() {
    let text = add_package("", "c", &package("zlib/1.3", &[])).unwrap();
    assert_eq!(text, "packages:\n  - zlib/1.3\n");
    let text = add_package("packages: ~ # x\n", "c", &package("zlib/1.3", &[])).unwrap();
    assert_eq!(text, "packages:  # x\n  - zlib/1.3\n");
}

#[test]
fn the_first_file_is_valid() {
    let text = initial_list(&InitialList {
        packages: vec![package("zlib/1.3", &[]), package("fmt/[>=10]", &[])],
        ..InitialList::default()
    })
    .unwrap();
    let list = parse(&text);
    assert_eq!(list.packages.len(), 2);
    assert_eq!(list.profiles[0].name, "default");
}

#[test]
fn the_schema_names_the_keys_that_are_read() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    for key in properties.keys() {
        CenterFile::parse(&format!("{key}: ~\n"), "c").unwrap();
    }
    assert_eq!(properties.len(), 6);
}
