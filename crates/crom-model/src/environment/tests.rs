use pretty_assertions::assert_eq;

use super::*;

fn list(values: &[&str]) -> Vec<String> {
    values.iter().map(|it| (*it).to_owned()).collect()
}

fn reference(text: &str) -> RecipeReference {
    RecipeReference::loads(text).unwrap()
}

fn apply(env: &mut Environment, operation: &str, value: &str, separator: &str) {
    let values = list(&[value]);
    match operation {
        "define" => env.define("V", &values, separator),
        "append" => env.append("V", &values, Some(separator)),
        "prepend" => env.prepend("V", &values, Some(separator)),
        _ => env.unset("V"),
    }
}

#[test]
fn composition_of_two_operations() {
    for (first, second, expected) in [
        (("define", "1", " "), ("define", "2", " "), "1"),
        (("define", "1", " "), ("append", "2", " "), "1"),
        (("define", "1", " "), ("unset", "", " "), "1"),
        (("append", "1", " "), ("define", "2", " "), "2 1"),
        (("append", "1", " "), ("append", "2", " "), "V 2 1"),
        (("append", "1", " "), ("prepend", "2", " "), "2 V 1"),
        (("append", "1", " "), ("unset", "", " "), "1"),
        (("prepend", "1", " "), ("define", "2", " "), "1 2"),
        (("prepend", "1", " "), ("append", "2", " "), "1 V 2"),
        (("prepend", "1", " "), ("prepend", "2", " "), "1 2 V"),
        (("unset", "", " "), ("define", "2", " "), ""),
        (("unset", "", " "), ("prepend", "2", " "), ""),
        (("append", "1", "+"), ("append", "2", "-"), "V+2+1"),
        (("append", "1", "+"), ("prepend", "2", "-"), "2+V+1"),
    ] {
        let (mut env, mut other) = (Environment::new(), Environment::new());
        apply(&mut env, first.0, first.1, first.2);
        apply(&mut other, second.0, second.1, second.2);
        env.compose_env(&other);
        let text = env.get("V").unwrap().join(Some("V"), ":");
        assert_eq!(text, expected, "{first:?} {second:?}");
    }
}

#[test]
fn operations_on_one_environment() {
    let mut env = Environment::new();
    env.define("A", &list(&["1"]), " ");
    env.append("A", &list(&["2", "3"]), None);
    env.prepend("A", &list(&["0"]), None);
    env.append_path("P", &list(&["/a"]));
    env.prepend_path("P", &list(&["/b", "/c"]));
    env.unset("U");
    env.append("S", &list(&["x"]), Some(";"));
    env.define("E", &list(&[""]), " ");
    env.define("L", &list(&["a", "b"]), " ");
    assert_eq!(
        env.dumps(),
        "L=a\nL+=b\nE=\nS+=(sep=;)x\nU=!\nP=+(path)/c\nP=+(path)/b\nP+=(path)/a\nA=0\nA+=1\nA+=2\n\
         A+=3"
    );
    env.remove("A", "2").unwrap();
    assert!(env.remove("A", "zz").is_err());
    assert!(env.remove("QQ", "zz").is_err());
    env.append("P", &list(&["q"]), None);
    env.append_path("A", &list(&["q"]));
    env.prepend("U", &list(&["u"]), None);
    let resolved = env.resolve(":", |name| (name == "P").then(|| "before".to_owned()));
    let text = |name: &str| {
        resolved
            .iter()
            .find(|(it, _)| it == name)
            .and_then(|(_, value)| value.clone())
    };
    assert_eq!(text("P").unwrap(), "/b:/c:before:/a:q");
    assert_eq!(text("A").unwrap(), "0 1 3 q");
    assert_eq!(text("S").unwrap(), "x");
    assert_eq!(text("U").unwrap(), "u");
    env.unset("U");
    assert_eq!(
        env.resolve(":", |_| None)
            .into_iter()
            .find(|it| it.0 == "U")
            .unwrap()
            .1,
        None
    );
}

#[test]
fn relative_paths_get_a_base() {
    let mut env = Environment::new();
    env.define_path("X", &list(&["a/b"]));
    env.append_path("X", &list(&["/c"]));
    env.define("Y", &list(&["r/t"]), " ");
    env.set_relative_base_folder("/base");
    assert_eq!(env.dumps(), "Y=r/t\nX=(path)/base/a/b\nX+=(path)/c");
}

/// Lines, and what they look like when they are written again.
#[test]
fn profile_lines() {
    for (text, expected) in [
        ("A=1", "A=1\n"),
        ("A = 1", "A= 1\n"),
        ("A=+1", "A=+1\n"),
        ("A=!", "A=!\n"),
        ("A=!x", "A=!\n"),
        ("A= !", "A= !\n"),
        ("A=", "A=\n"),
        ("A=a=b", "A=a=b\n"),
        ("A=http://x:80/y", "A=http://x:80/y\n"),
        ("A= (path)/b", "A=(path)/b\n"),
        ("A+=(sep=;)v", "A+=(sep=;)v\n"),
        ("A=1\nA=2", "A=2\n"),
        ("A=1\nA+=2", "A=1\nA+=2\n"),
        ("A+=2\nA=1", "A=1\n"),
        ("A=!\nA+=2", "A=2\n"),
        ("A+=12\nA=+11", "A=+11\nA+=12\n"),
        ("A+=(path)a\nA+=b", "A+=a\nA+=b\n"),
        ("A+=a\nA+=(path)b", "A+=(path)a\nA+=(path)b\n"),
        ("A=(sep=,)1\nA+=(sep=:)2", "A=(sep=:)1\nA+=(sep=:)2\n"),
        ("A=1\n# c\n\n  B=2 ", "A=1\nB=2\n"),
        ("B=2\nA=1\nB=3", "A=1\nB=3\n"),
        (
            "A=1\nB=2\npkg/*:C=1\npkg/*:A=2\nD=1",
            "A=1\nB=2\nD=1\npkg/*:C=1\npkg/*:A=2\n",
        ),
        ("pkg/*:C=1\nA=1", "pkg/*:C=1\nA=1\n"),
        ("A==1", "A==1\n"),
        ("A*=3", "A*=3\n"),
    ] {
        assert_eq!(
            ProfileEnvironment::loads(text).unwrap().dumps(),
            expected,
            "{text}"
        );
    }
    let error = ProfileEnvironment::loads("A").unwrap_err();
    assert_eq!(error.to_string(), "Bad env definition: A");
}

#[test]
fn environment_of_a_package() {
    let package = reference("pkg/1.0");
    for (text, of_package, of_consumer) in [
        ("A=1\npkg/*:A+=2", "A=1\nA+=2", "A=1"),
        ("pkg/*:A=2\nA=1", "A=1", "A=1"),
        ("*:A=2\nA=1", "A=1", "A=1"),
        ("A=1\n*:A+=2\npkg/*:A+=3", "A=1\nA+=2\nA+=3", "A=1\nA+=2"),
        ("A+=1\npkg/*:A=3", "A=3", "A+=1"),
        ("&:A=1", "", "A=1"),
        ("!pkg/*:A=1", "", "A=1"),
        ("~pkg/*:A=1", "", "A=1"),
        ("pkg/*@:A=1", "A=1", ""),
        ("*@:A=1", "A=1", "A=1"),
        ("*@*/*:A=1", "", ""),
        ("*/*:A=1", "A=1", "A=1"),
        ("pkg:A=1", "", ""),
        ("pkg*:A=1", "A=1", ""),
        ("PKG/*:A=1", "", ""),
        ("[p]kg/?.0:A=1", "A=1", ""),
    ] {
        let env = ProfileEnvironment::loads(text).unwrap();
        assert_eq!(
            env.get_profile_env(Some(&package), false).dumps(),
            of_package,
            "{text}"
        );
        assert_eq!(
            env.get_profile_env(None, true).dumps(),
            of_consumer,
            "{text}"
        );
    }
    let env = ProfileEnvironment::loads("*@u/*:A=1\npkg/1.0#r*:B=1").unwrap();
    assert_eq!(
        env.get_profile_env(Some(&reference("pkg/1.0@u/c")), false)
            .dumps(),
        "A=1"
    );
    assert_eq!(
        env.get_profile_env(Some(&reference("pkg/1.0#rev1")), false)
            .dumps(),
        "B=1"
    );
}

#[test]
fn the_order_of_variables_is_that_of_scripts() {
    let names = |text: &str, reference: Option<&RecipeReference>| -> Vec<String> {
        let env = ProfileEnvironment::loads(text)
            .unwrap()
            .get_profile_env(reference, true);
        env.variables().map(|it| it.name.clone()).collect()
    };
    let package = reference("pkg/1.0");
    let text = "A=1\nB=2\npkg/*:C=1\npkg/*:A=2\nD=1";
    assert_eq!(names(text, Some(&package)), ["A", "C", "D", "B"]);
    assert_eq!(names(text, None), ["D", "B", "A"]);
}

#[test]
fn another_profile_has_priority() {
    let mut env = ProfileEnvironment::loads("A=1\nB=2\nx/*:Q=1\ny/*:R=1").unwrap();
    let other = ProfileEnvironment::loads("B=3\nC=4\nz/*:T=1\ny/*:S=2\nA+=5").unwrap();
    env.update_profile_env(&other);
    assert_eq!(
        env.dumps(),
        "B=3\nC=4\nA=1\nA+=5\nx/*:Q=1\ny/*:R=1\ny/*:S=2\nz/*:T=1\n"
    );
}
