use pretty_assertions::assert_eq;

use super::*;
use crate::reference::RecipeReference;

fn some(values: &[&str]) -> Vec<Option<String>> {
    values
        .iter()
        .map(|value| (*value != "None").then(|| (*value).to_owned()))
        .collect()
}

fn definition(options: &[(&str, &[&str])]) -> OptionsDefinition {
    let mut definition = OptionsDefinition::default();
    for (name, values) in options {
        definition.insert(name, some(values));
    }
    definition
}

fn sample() -> OptionsDefinition {
    definition(&[
        ("shared", &["True", "False"]),
        ("fPIC", &["True", "False"]),
        ("mode", &["a", "b"]),
        ("any", &["ANY"]),
        ("none", &["None", "x"]),
        ("noneany", &["None", "ANY"]),
    ])
}

fn values(pairs: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), Some((*value).to_owned())))
        .collect()
}

fn reference(text: &str) -> Option<RecipeReference> {
    (!text.is_empty()).then(|| RecipeReference::loads(text).expect("is a reference"))
}

fn text<T>(result: Result<T, OptionsError>) -> Result<T, String> {
    result.map_err(|error| error.to_string())
}

#[test]
fn values_of_a_recipe() {
    let defaults = values(&[
        ("shared", "False"),
        ("mode", "a"),
        ("any", "some text"),
        ("zlib*:shared", "True"),
    ]);
    let mut options = Options::new(&sample(), &defaults).expect("defaults fit");
    assert_eq!(
        options.dumps(),
        "any=some text\nmode=a\nshared=False\nzlib*:shared=True"
    );
    assert_eq!(
        serde_json::to_string(&options.serialize()).expect("is JSON"),
        r#"{"any":"some text","fPIC":null,"mode":"a","none":null,"noneany":null,"shared":"False","zlib*:shared":"True"}"#
    );
    let own = &mut options.own;
    assert_eq!(own.check_value("shared", Some("False")), Ok(true));
    assert_eq!(own.check_value("shared", None), Ok(false));
    assert_eq!(own.check_value("none", None), Ok(true));
    assert_eq!(own.check_value("any", Some("1")), Ok(false));
    assert_eq!(
        text(own.check_value("shared", Some("foo"))),
        Err(
            "'foo' is not a valid 'options.shared' value.\nPossible values are ['True', 'False']"
                .into()
        )
    );
    assert_eq!(
        text(own.check_value("none", Some("None"))),
        Err("'None' is not a valid 'options.none' value.\nPossible values are [None, 'x']".into())
    );
    assert_eq!(
        text(own.get("nope").map(drop)),
        Err("option 'nope' doesn't exist\nPossible options are ['shared', 'fPIC', 'mode', 'any', 'none', 'noneany']".into())
    );
    assert_eq!(
        text(own.set("any", None)),
        Err("'None' is not a valid 'options.any' value.\nPossible values are ['ANY']".into())
    );
    assert_eq!(own.set("none", None), Ok(()));
    assert_eq!(own.remove("fPIC"), Ok(()));
    own.rm_safe("fPIC");
    assert!(own.remove("fPIC").is_err());
    assert_eq!(own.get_safe("fPIC"), None);
}

#[test]
fn truth() {
    for (value, expected) in [
        ("False", false),
        ("false", false),
        ("None", false),
        ("0", false),
        ("OFF", false),
        ("", false),
        ("no", true),
        ("True", true),
        ("1", true),
        ("x", true),
    ] {
        let options = PackageOptions::from_values(values(&[("any", value)]));
        assert_eq!(options.is_true("any"), Ok(expected), "{value}");
    }
    assert_eq!(PackageOptions::new(&sample()).is_true("fPIC"), Ok(false));
}

#[test]
fn bad_defaults() {
    let new = |pairs: &[(&str, &str)]| {
        text(Options::new(&definition(&[("a", &["x"])]), &values(pairs)).map(|o| o.dumps()))
    };
    assert_eq!(
        new(&[("b", "1")]),
        Err("Error while initializing options. option 'b' doesn't exist\nPossible options are ['a']".into())
    );
    assert_eq!(
        new(&[("a", "y")]),
        Err("Error while initializing options. 'y' is not a valid 'options.a' value.\nPossible values are ['x']".into())
    );
}

#[test]
fn unset_options() {
    let validate =
        |options: &[(&str, &[&str])]| text(PackageOptions::new(&definition(options)).validate());
    assert_eq!(validate(&[("a", &["None", "x"])]), Ok(()));
    assert_eq!(
        validate(&[("a", &["x"])]),
        Err("'options.a' value not defined".into())
    );
    assert_eq!(
        validate(&[("a", &["ANY"])]),
        Err("'options.a' value not defined".into())
    );
}

#[test]
fn lines_of_a_profile() {
    let loads = |lines: &str| text(Options::loads(lines).map(|options| options.dumps()));
    assert_eq!(
        loads("shared=True\n zlib/*:shared=False \n&:x=1\n*:y=2\n# c\nz!=3\npkg/*:w!=4\n"),
        Ok("shared=True\nz!=3\n&:x=1\n*:y=2\npkg/*:w!=4\nzlib/*:shared=False".into())
    );
    assert_eq!(loads("a=b=c\nc=\n"), Ok("a=b=c\nc=".into()));
    assert_eq!(loads(" a = b \nz/*:c = d"), Ok("a=b\nz/*:c=d".into()));
    assert_eq!(
        loads("pkg/1.0@user/chan:o=1\npkg/*@user/*:x.y=2"),
        Ok("pkg/*@user/*:x.y=2\npkg/1.0@user/chan:o=1".into())
    );
    assert_eq!(
        loads("a"),
        Err(
            "Error while parsing option 'a'. Options should be specified as 'pkg/*:option=value'"
                .into()
        )
    );
    assert_eq!(
        loads("zlib:a=1"),
        Err("Error while initializing options. The usage of package names `zlib:a` in options is deprecated, use a pattern like `zlib/*:a` instead".into())
    );
}

/// own defaults; what consumers say; what the profile says; reference; consumer; result
#[test]
fn values_from_downstream() {
    let no_option =
        || Err("option 'nope' doesn't exist\nPossible options are ['shared', 'o']".to_owned());
    let no_value = || {
        Err("'9' is not a valid 'options.o' value.\nPossible values are ['1', '2', '3']".to_owned())
    };
    for (own, down, profile, own_ref, is_consumer, expected) in [
        ("o", "zlib/*:o=2", "", "zlib/1.0", false, Ok("o=2")),
        (
            "o",
            "zlib/*:o=2",
            "zlib/*:o=3",
            "zlib/1.0",
            false,
            Ok("o=3"),
        ),
        ("o", "", "o=3", "zlib/1.0", false, Ok("o=1")),
        ("o", "", "o=3", "zlib/1.0", true, Ok("o=1")),
        ("o", "", "&:o=3", "zlib/1.0", true, Ok("o=3")),
        ("o", "", "*:nope=3", "zlib/1.0", true, Ok("o=1")),
        ("o", "", "zlib/*:nope=3", "zlib/1.0", false, Ok("o=1")),
        ("o", "", "!foo/*:nope=3", "zlib/1.0", false, Ok("o=1")),
        ("o", "", "zlib/1.0:nope=3", "zlib/1.0", false, no_option()),
        ("o", "", "&:nope=3", "zlib/1.0", true, no_option()),
        ("o", "nope=2", "", "", true, no_option()),
        ("o", "", "zlib*:o=9", "zlib/1.0", false, no_value()),
        ("o", "", "zlib/[>=1 <2]:o=3", "zlib/1.5", false, Ok("o=1")),
        ("o", "", "zlib/1.5:o=3", "zlib/1.5", false, Ok("o=3")),
        (
            "o",
            "zlib/*:o!=2",
            "zlib/*:o=3",
            "zlib/1.0",
            false,
            Ok("o!=2"),
        ),
        (
            "o",
            "zlib/*:o=2",
            "zlib/*:o!=3",
            "zlib/1.0",
            false,
            Ok("o!=3"),
        ),
        (
            "o",
            "zlib/*:o!=2",
            "zlib/*:o!=3",
            "zlib/1.0",
            false,
            Ok("o!=3"),
        ),
        (
            "o!",
            "zlib/*:o=2",
            "zlib/*:o=3",
            "zlib/1.0",
            false,
            Ok("o!=1"),
        ),
        ("o", "", "*:o=2\nzlib/*:o=3", "zlib/1.0", false, Ok("o=3")),
        ("o", "", "zlib/*:o=3\n*:o=2", "zlib/1.0", false, Ok("o=2")),
        ("o", "", "!zlib/*:o=2", "foo/1.0", false, Ok("o=2")),
        ("o", "", "o=2", "", true, Ok("o=2")),
        ("o", "o=2", "", "", true, Ok("o=2")),
        ("o", "", "&:o=2", "", true, Ok("o=2")),
        ("o", "", "*/*:o=2", "", true, Ok("o=2")),
        ("o", "", "x/*:o=2", "", true, Ok("o=1")),
        ("o", "", "o=3\n*:o=2", "", true, Ok("o=2")),
    ] {
        let known = definition(&[("shared", &["True", "False"]), ("o", &["1", "2", "3"])]);
        let mut options = Options::new(&known, &values(&[(own, "1")])).expect("default fits");
        let result = options.apply_downstream(
            &Options::loads(down).expect("parses"),
            &Options::loads(profile).expect("parses"),
            reference(own_ref).as_ref(),
            is_consumer,
        );
        let actual = text(result.map(|()| options.dumps()));
        assert_eq!(
            actual,
            expected.map(str::to_owned),
            "{own} {down} {profile} {own_ref}"
        );
    }
}

#[test]
fn frozen_values() {
    let known = definition(&[("o", &["1", "2", "3"]), ("n", &["None", "1"])]);
    let mut options = Options::new(&known, &values(&[("o", "1")])).expect("default fits");
    let down = Options::loads("zlib/*:o=2").expect("parses");
    let own_ref = reference("zlib/1");
    assert_eq!(
        options.apply_downstream(&down, &Options::default(), own_ref.as_ref(), false),
        Ok(())
    );
    assert_eq!(
        text(options.own.set("o", Some("3"))),
        Err("Incorrect attempt to modify option 'o' from '2' to '3'".into())
    );
    assert_eq!(options.own.set("o", Some("2")), Ok(()));
    assert_eq!(options.own.set("n", Some("1")), Ok(()));
    assert_eq!(
        text(options.own.set("n", None)),
        Err("Incorrect attempt to modify option 'n' from '1' to 'None'".into())
    );
    assert_eq!(options.for_package_mut("foo/*").set("k", Some("1")), Ok(()));
    assert_eq!(options.own.remove("o"), Ok(()));
}

/// own values; what consumers say; reference; consumer; everything; private part
#[test]
fn values_for_upstream() {
    let all = "pkg*/*:o=1\np*:o=1\n*:o=1\n*/*:o=1\npkg/*:o=1\npkg/1:o=1\n&:o=1\npkg/2:o=1\n!foo/*:o=1\npkg/1@:o=1\n*@:o=1\nother/*:o=1";
    let rest = "*:o=1\n*/*:o=1\n*@:o=1\nother/*:o=1\np*:o=1\npkg*/*:o=1\npkg/2:o=1";
    let with_consumer = format!("&:o=1\n{rest}");
    for (own, down, own_ref, is_consumer, everything, private) in [
        ("", all, "pkg/1", false, with_consumer.as_str(), ""),
        ("", all, "pkg/1", true, rest, ""),
        (
            "*:o=2\nfoo/*:o=1\npkg/*:o=2",
            "*:o=1\nfoo*:o=2\nfoo/*:j=3\nz!=1",
            "pkg/1",
            false,
            "*:o=1\nfoo*:o=2\nfoo/*:j=3\nfoo/*:o=1\npkg/*:o=2",
            "*:o=1\nfoo/*:j=3\nfoo/*:o=1\npkg/*:o=2",
        ),
        (
            "foo/*:o!=1",
            "foo/*:o=2",
            "pkg/1",
            false,
            "foo/*:o!=1",
            "foo/*:o!=1",
        ),
        (
            "zlib/*:s=2",
            "zlib/*:s=3\nfoo/*:k=1",
            "pkg/1",
            false,
            "foo/*:k=1\nzlib/*:s=3",
            "zlib/*:s=3",
        ),
    ] {
        let mut options = Options::loads(own).expect("parses");
        let down = Options::loads(down).expect("parses");
        let result = options.get_upstream_options(&down, reference(own_ref).as_ref(), is_consumer);
        let (actual, actual_private) = result.expect("values without definition always fit");
        assert_eq!(actual.dumps(), everything);
        assert_eq!(actual_private.dumps(), private);
        assert_eq!(options.dumps(), "");
    }
}

#[test]
fn composition() {
    let merge = |one: &str, two: &str| {
        let mut options = Options::loads(one).expect("parses");
        options
            .update_options(&Options::loads(two).expect("parses"))
            .expect("fits");
        options.dumps()
    };
    assert_eq!(
        merge("s=1\nzlib/*:k=1\nb=2", "s=2\nzlib/*:k=2\nzlib/*:j=1\n*:q=1"),
        "b=2\ns=2\n*:q=1\nzlib/*:j=1\nzlib/*:k=2"
    );
    assert_eq!(merge("s!=1", "s=2"), "s!=1");
    assert_eq!(merge("s=1\nz/*:k!=0", "s!=2\nz/*:k=1"), "s!=2\nz/*:k!=0");
    let mut scoped = Options::loads("s!=1\n*:k=1").expect("parses");
    scoped.scope(&RecipeReference::loads("p/1.0@u").expect("is a reference"));
    assert_eq!(scoped.dumps(), "*:k=1\np/1.0@u:s!=1");
}

#[test]
fn the_copy_for_the_package_id_accepts_everything() {
    let options = Options::new(
        &definition(&[("a", &["x", "y"]), ("b", &["ANY"])]),
        &values(&[("a", "x")]),
    );
    let mut copy = options.expect("defaults fit").own.copy_for_info();
    assert_eq!(copy.dumps(), "a=x");
    assert_eq!(copy.set("a", Some("zzz")), Ok(()));
    assert_eq!(copy.set("new", Some("1")), Ok(()));
    assert_eq!(copy.dumps(), "a=zzz\nnew=1");
}
