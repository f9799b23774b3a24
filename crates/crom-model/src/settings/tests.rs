use pretty_assertions::assert_eq;

use super::*;

const YAML: &str = r#"
os:
  Windows:
    subsystem: [null, cygwin]
  Linux:
  Macos:
    version: [1, 2]
arch: [x86, ANY]
compiler:
  gcc:
    version: ["4.8", 5]
    cppstd: [null, 11]
  clang:
    version: ["4.8", 5]
    cppstd: [null, 11]
    nested:
      a:
        b: [1]
      c:
build_type: [null, Debug, Release]
"#;

fn settings() -> Settings {
    Settings::new(&SettingsDefinition::load(YAML, "settings.yml", None).unwrap())
}

fn with(values: &[(&str, &str)]) -> Settings {
    let mut settings = settings();
    settings
        .update_values(values.iter().copied(), true)
        .unwrap();
    settings
}

fn possible(settings: &Settings, path: &str) -> String {
    settings.possible_values(path).unwrap().to_python_repr()
}

fn pairs(values: &[(&str, &str)]) -> Vec<(String, String)> {
    values
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

#[test]
fn values_are_sorted_and_checked() {
    let settings = with(&[
        ("os", "Linux"),
        ("compiler", "gcc"),
        ("compiler.version", "5"),
        ("compiler.cppstd", "11"),
        ("arch", "zz"),
    ]);
    assert_eq!(
        settings.dumps(),
        "arch=zz\ncompiler=gcc\ncompiler.cppstd=11\ncompiler.version=5\nos=Linux"
    );
    let serialized: Vec<String> = settings.serialize().into_keys().collect();
    assert_eq!(
        serialized,
        [
            "os",
            "arch",
            "compiler",
            "compiler.cppstd",
            "compiler.version"
        ]
    );
    assert_eq!(settings.get("compiler.version").unwrap(), Some("5"));
    assert_eq!(settings.get("build_type").unwrap(), None);
    assert_eq!(settings.get_safe("os.foo.bar"), None);
    assert!(settings.validate().is_ok());
}

#[test]
fn errors_have_the_words_of_the_reference() {
    let mut settings = with(&[
        ("compiler", "gcc"),
        ("compiler.version", "5"),
        ("arch", "x86"),
    ]);
    let read_more = "Read \"http://docs.conan.io/2/knowledge/faq.html#error-invalid-setting\"";
    let get = |path: &str| settings.get(path).unwrap_err().to_string();
    assert_eq!(
        get("foo"),
        "'settings.foo' doesn't exist for 'settings'\n'settings' possible configurations are \
         ['arch', 'build_type', 'compiler', 'os']"
    );
    assert_eq!(
        get("compiler.foo"),
        "'settings.compiler.foo' doesn't exist for 'gcc'\n'settings.compiler' possible \
         configurations are ['cppstd', 'version']"
    );
    assert_eq!(
        get("arch.foo"),
        "'settings.arch.foo' doesn't exist for 'x86'\n'settings.arch' possible configurations are \
         none"
    );
    assert_eq!(get("os.version"), "'settings.os' value not defined");
    assert_eq!(
        settings.check_value("os", "Foo").unwrap_err().to_string(),
        format!(
            "Invalid setting 'Foo' is not a valid 'settings.os' value.\nPossible values are \
             ['Windows', 'Linux', 'Macos']\n{read_more}"
        )
    );
    assert_eq!(
        settings
            .set("compiler.version", None)
            .unwrap_err()
            .to_string(),
        format!(
            "Invalid setting 'None' is not a valid 'settings.compiler.version' value.\nPossible \
             values are ['4.8', '5']\n{read_more}"
        )
    );
    assert_eq!(
        settings
            .set("build_type", Some("None"))
            .unwrap_err()
            .to_string(),
        format!(
            "Invalid setting 'None' is not a valid 'settings.build_type' value.\nPossible values \
             are ['Debug', 'Release']\n{read_more}"
        )
    );
    assert_eq!(
        settings.validate().unwrap_err().to_string(),
        "'settings.os' value not defined"
    );
    settings.freeze();
    assert_eq!(
        settings.set("os", Some("Linux")).unwrap_err().to_string(),
        "Tried to define 'os' setting inside recipe"
    );
    settings.remove("os").unwrap();
    assert!(!settings.exists("os"));
}

#[test]
fn a_value_survives_while_another_compiler_is_set() {
    let mut settings = with(&[("compiler", "gcc"), ("compiler.version", "5")]);
    settings.set("compiler", Some("clang")).unwrap();
    assert_eq!(settings.values(), pairs(&[("compiler", "clang")]));
    settings.set("compiler", Some("gcc")).unwrap();
    assert_eq!(
        settings.values(),
        pairs(&[("compiler", "gcc"), ("compiler.version", "5")])
    );
}

#[test]
fn remove_is_for_the_current_value_and_rm_safe_for_all() {
    let mut removed = with(&[("compiler", "gcc"), ("compiler.cppstd", "11")]);
    let untouched = removed.clone();
    removed.remove("compiler.cppstd").unwrap();
    assert_eq!(removed.dumps(), "compiler=gcc");
    assert!(removed.remove("compiler.cppstd").is_err());
    assert_eq!(
        possible(&removed, "compiler"),
        "{'gcc': {'version': ['4.8', '5']}, 'clang': {'version': ['4.8', '5'], 'cppstd': [None, \
         '11'], 'nested': {'a': {'b': ['1']}, 'c': {}}}}"
    );
    assert_eq!(untouched.dumps(), "compiler=gcc\ncompiler.cppstd=11");

    let mut settings = settings();
    settings.rm_safe("a.b.c");
    settings.rm_safe("comp*");
    settings.rm_safe("compiler.*.b");
    assert_eq!(settings, self::settings());
    settings.rm_safe("compiler.cppstd");
    settings.rm_safe("compiler.nested.b");
    assert_eq!(
        possible(&settings, "compiler"),
        "{'gcc': {'version': ['4.8', '5']}, 'clang': {'version': ['4.8', '5'], 'nested': {'a': {}, \
         'c': {}}}}"
    );
    settings.rm_safe("compiler.*");
    assert_eq!(possible(&settings, "compiler"), "{'gcc': {}, 'clang': {}}");
    settings.rm_safe("*");
    assert!(settings.is_empty());
}

#[test]
fn any_null_and_nested_any() {
    let definition = "
os:
  Windows:
  ANY:
    zz: [1]
free: [null, ANY]
n: [null, a]
";
    let mut settings = Settings::new(&SettingsDefinition::load(definition, "f", None).unwrap());
    assert!(settings.validate().is_err());
    settings.set("os", Some("Foo")).unwrap();
    assert_eq!(
        settings.validate().unwrap_err().to_string(),
        "'settings.os.zz' value not defined"
    );
    settings.set("os.zz", Some("1")).unwrap();
    settings.set("os", Some("Bar")).unwrap();
    settings.set("free", Some("None")).unwrap();
    assert_eq!(settings.dumps(), "free=None\nos=Bar\nos.zz=1");
    settings.set("free", None).unwrap();
    settings.set("os", Some("Windows")).unwrap();
    assert_eq!(settings.dumps(), "os=Windows");
    settings.validate().unwrap();
}

#[test]
fn constrained_to_what_a_recipe_declares() {
    let mut settings = with(&[("os", "Linux"), ("arch", "x86"), ("compiler", "gcc")]);
    assert!(settings.clone().constrained(&["os", "os2"]).is_err());
    settings.constrained(&["os", "arch"]).unwrap();
    assert_eq!(settings.dumps(), "arch=x86\nos=Linux");
    assert_eq!(settings.fields("").unwrap(), ["arch", "os"]);
    settings.constrained::<&str>(&[]).unwrap();
    assert_eq!(
        settings.get("os").unwrap_err().to_string(),
        "'settings.os' doesn't exist for 'settings'\n'settings' possible configurations are none"
    );
}

#[test]
fn the_copy_for_the_package_id_accepts_any_value() {
    let mut settings = with(&[("compiler", "gcc"), ("compiler.version", "5")]);
    settings.freeze();
    let mut info = settings.copy_for_info();
    info.set("compiler.version", Some("z")).unwrap();
    assert!(info.set("compiler.foo", Some("z")).is_err());
    assert_eq!(info.dumps(), "compiler=gcc\ncompiler.version=z");
    assert_eq!(possible(&info, "arch"), "['x86', 'ANY', 'ANY']");
    info.set("compiler", Some("weird")).unwrap();
    assert_eq!(info.dumps(), "compiler=weird");
    assert_eq!(
        info.set("compiler.version", Some("1"))
            .unwrap_err()
            .to_string(),
        "'settings.compiler.version' doesn't exist for 'weird'\n'settings.compiler' possible \
         configurations are none"
    );
    assert_eq!(settings.get("compiler.version").unwrap(), Some("5"));
    info.clear();
    assert_eq!((info.dumps(), info.is_empty()), (String::new(), true));
}

#[test]
fn unknown_names_can_be_skipped_but_not_bad_values() {
    let mut settings = with(&[("arch", "x86"), ("os", "Linux")]);
    settings
        .update_values([("foo", "A"), ("foo.bar", "A"), ("arch.foo", "1")], false)
        .unwrap();
    assert!(settings.update_values([("os", "mips")], false).is_err());
    assert!(settings.update_values([("foo.bar", "A")], true).is_err());
}

#[test]
fn from_values_keeps_everything() {
    let values = [
        ("compiler.version", "12"),
        ("os", "Linux"),
        ("compiler", "gcc"),
    ];
    let mut settings = Settings::from_values(values);
    assert_eq!(
        settings.dumps(),
        "compiler=gcc\ncompiler.version=12\nos=Linux"
    );
    settings.set("compiler.version", Some("13")).unwrap();
    assert_eq!(settings.get_safe("compiler.version"), Some("13"));
    let json = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<Settings>(&json).unwrap(), settings);
}

#[test]
fn bad_definitions() {
    for (text, expected) in [
        (
            "os: {null: {a: [1]}}",
            "settings.yml: null setting can't have subsettings",
        ),
        (
            "os:\narch: [x]",
            "Definition of settings.yml 'settings.os' cannot be null",
        ),
        (
            "[a]",
            "Invalid settings.yml format: 'settings' is not a dictionary",
        ),
        (
            "a: {x: [1]}",
            "Invalid settings.yml format: 'settings.a=x' is not a dictionary",
        ),
    ] {
        let error = SettingsDefinition::load(text, "settings.yml", None).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
    }
    let settings = Settings::new(
        &SettingsDefinition::load("os: [ON, 1.10, 1.0, null, 2020-01-01]", "f", None).unwrap(),
    );
    assert_eq!(
        possible(&settings, ""),
        "{'os': ['True', '1.1', '1.0', None, '2020-01-01']}"
    );
}

#[test]
fn user_settings_are_merged() {
    let user = "
os:
  Linux:
    distro: [null, Ubuntu]
  MyOS:
arch: [myarch, x86]
newone: [null, a]
compiler:
  gcc:
    version: [\"99\"]
build_type: {x: {y: [1]}}
";
    let definition =
        SettingsDefinition::load(YAML, "settings.yml", Some(("settings_user.yml", user))).unwrap();
    let settings = Settings::new(&definition);
    assert_eq!(
        definition.names(),
        ["os", "arch", "compiler", "build_type", "newone"]
    );
    assert_eq!(
        possible(&settings, "os"),
        "{'Windows': {'subsystem': [None, 'cygwin']}, 'Linux': {'distro': [None, 'Ubuntu']}, \
         'Macos': {'version': ['1', '2']}, 'MyOS': {}}"
    );
    assert_eq!(possible(&settings, "arch"), "['x86', 'ANY', 'myarch']");
    assert_eq!(
        possible(&settings, "build_type"),
        "{None: {}, 'Debug': {}, 'Release': {}, 'x': {'y': ['1']}}"
    );
}

#[test]
fn the_builtin_definition() {
    let text = SettingsDefinition::default_text();
    assert!(
        text.starts_with("# This file was generated by Conan. Remove this comment if you edit")
    );
    let mut settings = Settings::new(&SettingsDefinition::builtin().unwrap());
    for (name, value) in [
        ("os", "Macos"),
        ("os.subsystem", "catalyst"),
        ("os.subsystem.ios_version", "17.0"),
        ("compiler", "intel-cc"),
        ("compiler.cppstd", "03"),
        ("arch", "armv8.3"),
    ] {
        settings.set(name, Some(value)).unwrap();
    }
    assert_eq!(
        settings.fields("").unwrap(),
        ["arch", "build_type", "compiler", "os"]
    );
    let msvc = settings.possible_values("compiler").unwrap();
    assert_eq!(
        msvc.get("msvc")
            .unwrap()
            .get("version")
            .unwrap()
            .to_python_repr(),
        "['170', '180', '190', '191', '192', '193', '194', '195']"
    );
}
