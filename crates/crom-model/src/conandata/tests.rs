use pretty_assertions::assert_eq;

use super::*;

#[test]
fn keeps_what_the_version_needs() {
    let text = r#"
# comments go
sources:
  "1.0":
    url: ["http://example.com/a", "http://example.com/b"]
    sha256: "0123"
    long: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cccccccccccccccccccccccccccc ddddddddddddd"
  "2.0": {url: x}
patches:
  "1.0":
    - patch_file: "patches/a.patch"
      base_path: b
  "2.0": []
other: text
list: [1, 2]
mapping: {a: 1}
nothing:
numbers: {1.0: x, "1.0": y}
undefined: {"1.0": ~}
"#;
    let expected = "\
list:
- 1
- 2
nothing: null
numbers:
  '1.0': y
other: text
patches:
  '1.0':
  - base_path: b
    patch_file: patches/a.patch
sources:
  '1.0':
    long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cccccccccccccccccccccccccccc
      ddddddddddddd
    sha256: '0123'
    url:
    - http://example.com/a
    - http://example.com/b
";
    assert_eq!(trim(text, "conandata.yml", "1.0").unwrap(), expected);
}

#[test]
fn nothing_for_the_version() {
    // The key is a number, the version is a text.
    assert_eq!(
        trim("sources: {1.0: {url: a}}", "c", "1.0").unwrap(),
        "{}\n"
    );
    assert_eq!(
        trim("sources: {'2.0': {url: a}}", "c", "1.0").unwrap(),
        "{}\n"
    );
}

#[test]
fn refuses_what_it_cannot_write() {
    let message = |text| trim(text, "c.yml", "1.0").unwrap_err().to_string();
    assert_eq!(
        message(""),
        "cannot trim c.yml: expected a mapping at the top, found NoneType"
    );
    assert_eq!(
        message("[a]"),
        "cannot trim c.yml: expected a mapping at the top, found list"
    );
    assert_eq!(
        message("a: &x [1]\nb: *x"),
        "cannot trim c.yml: line 2 repeats a list or mapping with an alias, which is not \
         supported here"
    );
}
