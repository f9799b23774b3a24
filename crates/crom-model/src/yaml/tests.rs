use pretty_assertions::assert_eq;
use proptest::prelude::*;

use super::*;

/// What Python's `repr(yaml.safe_load(text))` prints.
#[test]
fn plain_scalars_as_pyyaml() {
    for (text, expected) in [
        ("1.10", "1.1"),
        ("1.0", "1.0"),
        ("'1.10'", "'1.10'"),
        ("1.1.0", "'1.1.0'"),
        ("10", "10"),
        ("0123", "83"),
        ("0o17", "'0o17'"),
        ("0x1F", "31"),
        ("0b101", "5"),
        ("089", "'089'"),
        ("1_000", "1000"),
        ("_1", "'_1'"),
        ("12:30", "750"),
        ("1:30.5", "90.5"),
        ("12:60", "'12:60'"),
        ("+12", "12"),
        ("-0", "0"),
        ("1e3", "'1e3'"),
        ("1.e+3", "1000.0"),
        ("1.5e3", "'1.5e3'"),
        ("1.5e+16", "1.5e+16"),
        (".5", "0.5"),
        (".inf", "inf"),
        ("-.INF", "-inf"),
        (".nan", "nan"),
        (".", "'.'"),
        ("yes", "True"),
        ("Off", "False"),
        ("y", "'y'"),
        ("tRUE", "'tRUE'"),
        ("~", "None"),
        ("", "None"),
        ("null", "None"),
        ("nil", "'nil'"),
        ("!!str 1.0", "'1.0'"),
        ("!!float '1'", "1.0"),
        ("! 12", "'12'"),
        ("!!binary YWJj", "'abc'"),
        ("# only a comment", "None"),
        (
            "123456789012345678901234567890",
            "'123456789012345678901234567890'",
        ),
    ] {
        assert_eq!(
            load(text, "f").unwrap().to_python_repr(),
            expected,
            "{text}"
        );
    }
    assert_eq!(
        load("0xFFFFFFFFFFFFFFFFFF", "f"),
        Ok(Value::BigInt("4722366482869645213695".into()))
    );
    assert_eq!(
        load("2020-01-02", "f"),
        Ok(Value::Timestamp("2020-01-02".into()))
    );
}

#[test]
fn collections_as_pyyaml() {
    for (text, expected) in [
        ("a: 1\nb: [x, {c: d}]", "{'a': 1, 'b': ['x', {'c': 'd'}]}"),
        ("1.10: a\n1.1: b", "{1.1: 'b'}"),
        ("1: a\ntrue: b\n'1': c", "{1: 'b', '1': 'c'}"),
        ("a: 1\nb: 2\na: 3", "{'a': 3, 'b': 2}"),
        ("x: &a [1, 2]\ny: *a", "{'x': [1, 2], 'y': [1, 2]}"),
        (
            "base: &b {a: 1, b: 2}\nnew:\n  b: 3\n  <<: *b",
            "{'base': {'a': 1, 'b': 2}, 'new': {'a': 1, 'b': 3}}",
        ),
        (
            "- &x {a: 1}\n- &y {a: 2, c: 3}\n- {<<: [*x, *y], d: 4}",
            "[{'a': 1}, {'a': 2, 'c': 3}, {'a': 1, 'c': 3, 'd': 4}]",
        ),
        (
            "text: |\n  a\n   b\n\nother: >-\n  c\n  d\n",
            "{'text': 'a\\n b\\n', 'other': 'c d'}",
        ),
        // Brackets below the first letter of their key, which YAML 1.2 refuses.
        (
            "a:\n  url: [\n    x,\n  ]\n  b: \"c\n d\"\n",
            "{'a': {'url': ['x'], 'b': 'c d'}}",
        ),
        ("null: a\n~: b", "{None: 'b'}"),
        ("---\na: b\n...\n", "{'a': 'b'}"),
    ] {
        assert_eq!(
            load(text, "f").unwrap().to_python_repr(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn errors_name_the_place() {
    for (text, expected) in [
        (
            "a: [1, 2",
            "f:2:1: while parsing a flow sequence, expected ',' or ']'",
        ),
        (
            "a: b\n c: d",
            "f:2:3: mapping values are not allowed in this context",
        ),
        ("{[1]: 2}", "f:1:4: found unhashable key"),
        (
            "a\n---\nb",
            "f:2:1: expected a single document in the stream",
        ),
        (
            "x: !custom y",
            "f:1:12: could not determine a constructor for the tag '!custom'",
        ),
        (
            "x: <<",
            "f:1:4: could not determine a constructor for the tag 'tag:yaml.org,2002:merge'",
        ),
        (
            "<<: 3",
            "f:1:5: expected a mapping or list of mappings for merging",
        ),
    ] {
        assert_eq!(load(text, "f").unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn deep_nesting_and_alias_bombs_are_refused() {
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert!(load(&deep, "f").is_ok());
    let error = load(&"- ".repeat(5000), "f").unwrap_err();
    assert_eq!(error.problem, "more than 200 levels of nesting");
    let mut chain = format!("- &a0 {deep}\n");
    for level in 1..10 {
        let nested = format!("{}*a{}{}", "[".repeat(50), level - 1, "]".repeat(50));
        chain += &format!("- &a{level} {nested}\n");
    }
    let error = load(&chain, "f").unwrap_err();
    assert_eq!(
        (error.line, error.problem.as_str()),
        (3, "more than 200 levels of nesting")
    );
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", vec![alias; 10].join(", "));
    }
    let error = load(&bomb, "f").unwrap_err();
    assert_eq!(error.problem, "more than 2000000 values, aliases included");
}

#[test]
fn floats_as_python_repr() {
    for (value, expected) in [
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (1e15, "1000000000000000.0"),
        (1e16, "1e+16"),
        (1.5e300, "1.5e+300"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (123_456_789.123, "123456789.123"),
        (0.1 + 0.2, "0.30000000000000004"),
        (f64::INFINITY, "inf"),
    ] {
        assert_eq!(float_repr(value), expected);
    }
}

/// Values as flow YAML, and what `yaml.safe_dump(..., default_flow_style=False)` makes of them.
#[test]
fn dump_as_pyyaml() {
    let long = "lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor";
    for (text, expected) in [
        (
            "{b: 1, a: [x, [y, z], {c: d, b: e}]}",
            "a:\n- x\n- - y\n  - z\n- b: e\n  c: d\nb: 1\n",
        ),
        (
            "{a: {b: [], c: {}, d: ~}}",
            "a:\n  b: []\n  c: {}\n  d: null\n",
        ),
        (
            "{'1.0': x, 'yes': 'no', '': ''}",
            "? ''\n: ''\n'1.0': x\n'yes': 'no'\n",
        ),
        (
            "['00', '0123', '1_0', '12:30', '0x1', '2020-01-01', '~', '=', '<<']",
            "- '00'\n- '0123'\n- '1_0'\n- '12:30'\n- '0x1'\n- '2020-01-01'\n- '~'\n- '='\n- '<<'\n",
        ),
        (
            "['0.1.2', '1e3', 'a: b', 'a:b', 'a #b', 'a#b', '- a', '-a', '@a', 'a@', 'it''s']",
            "- 0.1.2\n- 1e3\n- 'a: b'\n- a:b\n- 'a #b'\n- a#b\n- '- a'\n- -a\n- '@a'\n- a@\n- it's\n",
        ),
        (
            "[1.0, 100000000000000000000.5, true, 12, .inf]",
            "- 1.0\n- 1.0e+20\n- true\n- 12\n- .inf\n",
        ),
        (
            r#"["a\nb", "é", "\t", " a", "a\n", "\u263A\U0001F600"]"#,
            "- 'a\n\n  b'\n- \"\\xE9\"\n- \"\\t\"\n- ' a'\n- 'a\n\n  '\n- \"\\u263A\\U0001F600\"\n",
        ),
        ("plain", "plain\n...\n"),
        ("'1'", "'1'\n"),
        ("{1: a, 2.5: b, true: c}", "1: c\n2.5: b\n"),
        ("[]", "[]\n"),
    ] {
        assert_eq!(dump(&load(text, "f").unwrap()), expected, "{text}");
    }
    let folded = |text: &str| dump(&load(&format!("a:\n  b: {text}\n"), "f").unwrap());
    assert_eq!(
        folded(&format!("{long} {long}")),
        "a:\n  b: lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor\n    \
         lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor\n"
    );
    assert_eq!(
        folded(&format!("\"é {long}  {long}\"")),
        "a:\n  b: \"\\xE9 lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod\\\n    \
         \\ tempor  lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod\\\n    \
         \\ tempor\"\n"
    );
    let key = "k".repeat(123);
    assert_eq!(
        folded(&format!("{{{key}: 1}}")),
        format!("a:\n  b:\n    ? {key}\n    : 1\n")
    );
}

#[test]
fn unsorted_and_unicode_on_demand() {
    let value = load("{b: é, a: \"\u{1F600}\"}", "f").unwrap();
    let options = DumpOptions {
        sort_keys: false,
        allow_unicode: true,
        ..DumpOptions::default()
    };
    assert_eq!(dump_with(&value, options), "b: é\na: \u{1F600}\n");
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>()
            .prop_filter("comparable", |it| !it.is_nan())
            .prop_map(Value::Float),
        "[ -~é☺\n\t]{0,120}".prop_map(Value::String),
        "[0-9:._+ex-]{1,10}".prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::vec(("[ -~é\n]{0,130}", inner), 0..5).prop_map(|entries| {
                Value::Map(
                    entries
                        .into_iter()
                        .map(|(k, v)| (Value::String(k), v))
                        .collect(),
                )
            }),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_dumped_loads_as_the_same(value in any_value()) {
        let text = dump_with(&value, DumpOptions { sort_keys: false, ..DumpOptions::default() });
        let loaded = load(&text, "f");
        // Also the order of the keys.
        prop_assert_eq!(loaded.map(|it| format!("{it:?}")), Ok(format!("{value:?}")), "{}", text);
    }

    #[test]
    fn any_text_loads_or_fails(text in "[-a:\\[\\]{},&*!|>'\"%#\n 0-9.~<?]{0,60}") {
        let _ = load(&text, "f");
    }
}
