use super::*;

fn rendered(text: &str) -> Result<String, TemplateError> {
    let variables: Variables = [("HOME", "/u"), ("EMPTY", ""), ("PATHS", "a:b")]
        .into_iter()
        .collect();
    let variables = Arc::new(variables);
    let input = TemplateInput {
        variables: &variables,
        folders: Vec::new(),
        names: vec![("profile_name", "p".to_owned())],
    };
    render(text, "file", &input, &Messages::default())
}

#[test]
fn values_print_as_in_python() {
    // (template, what the reference makes of it)
    let cases = [
        (
            "{{ True }} {{ None }} {{ [1,\"a\"] }} {{ 1/2 }}",
            "True None [1, 'a'] 0.5",
        ),
        ("{{ {\"a\":1} }} {{ nope }}|", "{'a': 1} |"),
        (
            "{{ \"a\" + \"b\" }} {{ 5 // 2 }} {{ \"a,b\".split(\",\") }}",
            "ab 2 ['a', 'b']",
        ),
        (
            "{{ \"abc\"[1:] }} {{ \"x\"|upper }} {{ \"{:>4}\".format(\"a\") }}",
            "bc X    a",
        ),
        (
            "{{ conan_version < \"3\" }} {{ conan_version >= \"2.4\" }}",
            "True True",
        ),
        (
            "{{ conan_version == \"2.34.0\" }} {{ conan_version.major }}",
            "True 2",
        ),
        (
            "{% if conan_version < \"2.5\" %}old{% else %}new{% endif %}",
            "new",
        ),
        (
            "{{ os.getenv(\"HOME\") }} {{ os.getenv(\"X\") }} {{ os.getenv(\"X\", \"d\") }}",
            "/u None d",
        ),
        (
            "{{ os.environ[\"HOME\"] }} {{ os.environ.get(\"X\", \"d\") }}",
            "/u d",
        ),
        ("{% if \"HOME\" in os.environ %}yes{% endif %}", "yes"),
        (
            "{{ profile_name }} {{ \"%s\" | replace(\"%s\", \"b\") }}",
            "p b",
        ),
        ("{% set a, b = (1, 2) %}{{ b }}", "2"),
        (
            "{{ hashlib.sha256(\"a\".encode()).hexdigest()[:8] }}",
            "ca978112",
        ),
        ("plain $ % {text}\n", "plain $ % {text}"),
    ];
    for (text, expected) in cases {
        assert_eq!(rendered(text).unwrap(), expected, "{text}");
    }
}

#[test]
#[cfg(unix)]
fn paths() {
    let cases = [
        ("os.path.join(\"a\", \"b\", \"/c\", \"d\")", "/c/d"),
        ("os.path.dirname(\"/a/b/c\")", "/a/b"),
        ("os.path.basename(\"/a/b.c\")", "b.c"),
        ("os.path.splitext(\"/a/b.tar.gz\")[1]", ".gz"),
        ("os.path.expanduser(\"~/x\")", "/u/x"),
        ("os.path.normpath(\"a/../b/./c\")", "b/c"),
        ("os.path.relpath(\"/a/b\", \"/a/c\")", "../b"),
        ("os.path.isdir(\"/\")", "True"),
        ("os.path.expandvars(\"$HOME/${HOME}/$X\")", "/u//u/$X"),
        (
            "subprocess.check_output(\"echo hi\", shell=True).decode().strip()",
            "hi",
        ),
        ("subprocess.check_output([\"echo\", \"hi\"])|trim", "hi"),
    ];
    for (expression, expected) in cases {
        let text = format!("{{{{ {expression} }}}}");
        assert_eq!(rendered(&text).unwrap(), expected, "{expression}");
    }
}

#[test]
fn errors_have_a_line_and_the_words_of_jinja() {
    let cases = [
        ("a\n{{ foo(1) }}", 2, "'foo' is undefined"),
        (
            "a\nb\n{{ os.nope() }}",
            3,
            "'module object' has no attribute 'nope'",
        ),
        (
            "{{ detect_api.nope() }}",
            1,
            "'module object' has no attribute 'nope'",
        ),
        ("x\n{% if %}", 2, "unexpected"),
        (
            "{{ \"a\".nope() }}",
            1,
            "'str object' has no attribute 'nope'",
        ),
    ];
    for (text, line, expected) in cases {
        let error = rendered(text).unwrap_err();
        assert_eq!(error.line, Some(line), "{text}: {error:?}");
        assert!(error.problem.contains(expected), "{text}: {error:?}");
    }
    assert!(rendered("{{ foo ").is_err());
}
