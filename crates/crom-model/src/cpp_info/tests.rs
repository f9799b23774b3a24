use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use super::*;

fn texts(items: &[&str]) -> Option<Vec<String>> {
    Some(items.iter().map(|item| (*item).to_owned()).collect())
}

/// The attributes that are set.
fn set(component: &Component) -> Value {
    let mut json = component.to_json();
    if let Some(map) = json.as_object_mut() {
        map.retain(|_, value| !value.is_null());
    }
    json
}

fn graph() -> CppInfo {
    let mut info = CppInfo::with_defaults();
    for (name, requires) in [
        ("a", vec!["b"]),
        ("b", vec!["c"]),
        ("c", vec![]),
        ("d", vec!["c"]),
        ("e", vec!["a", "d", "o::o"]),
    ] {
        let component = info.component_mut(name);
        component.requires = texts(&requires);
        component.libs = texts(&[&format!("l{name}")]);
        component.system_libs = texts(&["pthread"]);
        component.includedirs = texts(&["include", &format!("inc{name}")]);
    }
    info
}

#[test]
fn json_has_every_attribute() {
    let mut info = CppInfo::with_defaults();
    info.component_mut("y")
        .set_property("cmake_target_name", json!("P::Y"));
    let text = serde_json::to_string(&info.to_json()).expect("is JSON");
    let root = r#"{"includedirs":["include"],"srcdirs":null,"libdirs":["lib"],"resdirs":null,"bindirs":["bin"],"builddirs":null,"frameworkdirs":null,"system_libs":null,"frameworks":null,"libs":null,"defines":null,"cflags":null,"cxxflags":null,"sharedlinkflags":null,"exelinkflags":null,"objects":null,"sources":null,"sysroot":null,"requires":null,"properties":null,"exe":null,"type":null,"location":null,"link_location":null,"languages":null}"#;
    let y = root.replace(
        r#""properties":null"#,
        r#""properties":{"cmake_target_name":"P::Y"}"#,
    );
    assert_eq!(text, format!(r#"{{"root":{root},"y":{y}}}"#));
    let mut read = CppInfo::from_json(&info.to_json()).expect("is a cpp_info");
    read.defaults = true;
    assert_eq!(read, info);
    assert!(CppInfo::from_json(&json!({"root": {"libs": 1}})).is_err());
    assert_eq!(set(&CppInfo::default().root), json!({}));
}

#[test]
fn single_folders() {
    let mut component = Component::with_defaults();
    assert_eq!(component.includedir(), Ok("include"));
    component.includedirs = texts(&["a", "b"]);
    assert_eq!(
        component.includedir().map_err(|e| e.to_string()),
        Err("The includedir property is undefined because includedirs has more than one element. Consider using the includedirs property.".into())
    );
    assert_eq!(
        Component::default().bindir().map_err(|e| e.to_string()),
        Err("The bindir property is undefined because bindirs is empty. Consider using the bindirs property.".into())
    );
}

#[test]
fn properties_are_typed() {
    let mut component = Component::default();
    component.set_property("a", json!(1));
    component.set_property("l", json!(["x"]));
    component.set_property("n", Value::Null);
    assert_eq!(component.get_property("a"), Some(&json!(1)));
    assert_eq!(component.get_property("n"), None);
    assert_eq!(
        component.get_property_list("l"),
        Ok(Some(vec!["x".to_owned()]))
    );
    assert_eq!(component.get_property_bool("nope"), Ok(None));
    assert_eq!(
        component.get_property_list("a").map_err(|e| e.to_string()),
        Err("The expected type for a is \"list\", but \"int\" was found".into())
    );
}

#[test]
fn components_are_sorted_by_requires() {
    let sorted = graph().get_sorted_components().expect("has no loop");
    assert_eq!(sorted.keys().collect::<Vec<_>>(), ["c", "b", "d", "a", "e"]);
    let mut info = CppInfo::default();
    info.component_mut("a").requires = texts(&["b"]);
    info.component_mut("b").requires = texts(&["a"]);
    assert_eq!(
        info.get_sorted_components().map_err(|e| e.to_string()),
        Err("There is a dependency loop in 'self.cpp_info.components' requires:\n   a requires b\n   b requires a".into())
    );
}

#[test]
fn aggregation_puts_users_first() {
    let mut info = graph();
    info.root.set_property("root", json!("1"));
    info.component_mut("a").set_property("lost", json!("1"));
    assert_eq!(
        set(&info.aggregated_components().expect("has no loop").root),
        json!({
            "includedirs": ["include", "ince", "inca", "incd", "incb", "incc"],
            "libdirs": ["lib"],
            "bindirs": ["bin"],
            "system_libs": ["pthread"],
            "libs": ["le", "la", "ld", "lb", "lc"],
            "requires": ["a", "d", "o::o", "b", "c"],
            "properties": {"root": "1"},
        })
    );
}

#[test]
fn merging() {
    let (mut one, mut two) = (CppInfo::with_defaults(), CppInfo::with_defaults());
    one.root.libs = texts(&["a", "b"]);
    one.root.sysroot = Some("s1".to_owned());
    one.root.set_property("p", json!(1));
    two.root.libs = texts(&["b", "c"]);
    two.root.includedirs = texts(&["i2"]);
    two.root.sysroot = Some("s2".to_owned());
    two.root.exe = Some("e".to_owned());
    two.root.set_property("p", json!(2));
    two.component_mut("m").libs = texts(&["3"]);
    let mut merged = one.clone();
    merged.merge(&two, false);
    assert_eq!(
        set(&merged.root),
        json!({"includedirs": ["include", "i2"], "libdirs": ["lib"], "bindirs": ["bin"],
            "libs": ["a", "b", "c"], "sysroot": "s1", "properties": {"p": 2}, "exe": "e"})
    );
    assert_eq!(merged.components["m"].libs(), ["3"]);
    one.merge(&two, true);
    assert_eq!(one.root.libs(), ["b", "c"]);
    assert_eq!(one.root.includedirs(), ["i2"]);
}

#[test]
fn folders_become_absolute_and_move() {
    let mut info = CppInfo::with_defaults();
    info.root.includedirs = texts(&["include", "/abs", "../x", "."]);
    info.root.libdirs = texts(&[""]);
    info.root.objects = texts(&["o.o", "/o/a.o"]);
    info.root.location = Some("lib/liba.a".to_owned());
    info.component_mut("k").bindirs = texts(&["bb"]);
    info.set_relative_base_folder("/base/p");
    assert_eq!(
        set(&info.root),
        json!({"includedirs": ["/base/p/include", "/abs", "/base/p/../x", "/base/p/."], "libdirs": ["/base/p/"],
            "bindirs": ["/base/p/bin"], "objects": ["/base/p/o.o", "/o/a.o"], "location": "lib/liba.a"})
    );
    info.deploy_base_folder("/base/p", "/dep/q");
    assert_eq!(
        set(&info.root),
        json!({"includedirs": ["/dep/q/include", "/abs", "/base/p/../x", "/dep/q/."], "libdirs": ["/dep/q/."],
            "bindirs": ["/dep/q/bin"], "objects": ["/dep/q/o.o", "/o/a.o"], "location": "lib/liba.a"})
    );
    assert_eq!(info.components["k"].bindirs(), ["/dep/q/bb"]);
}

#[test]
fn requires_are_checked() {
    let check = |requires: &[&str]| {
        let mut info = CppInfo::with_defaults();
        info.component_mut("a").requires = texts(requires);
        let direct = ["dep", "quiet"].map(str::to_owned);
        info.check_component_requires("pp/1.0", &direct, &["quiet".to_owned()])
            .map_err(|e| e.to_string())
    };
    assert_eq!(check(&["a", "dep::dep", "dep::bad"]), Ok(()));
    assert_eq!(
        check(&["dep::dep", "b", "c", "x::y"]),
        Err("pp/1.0: package_info(): There are '(cpp_info/components).requires' to other internal components that are not defined: ['b', 'c']".into())
    );
    assert_eq!(
        check(&["nope::x"]),
        Err("pp/1.0: package_info(): There are '(cpp_info/components).requires' that includes package 'nope::', but such package is not a a direct requirement of the recipe".into())
    );
    let mut info = CppInfo::with_defaults();
    let direct = ["dep", "other"].map(str::to_owned);
    assert_eq!(
        info.check_component_requires("pp/1.0", &direct, &[]),
        Ok(())
    );
    info.root.requires = texts(&["dep::dep"]);
    let error = info.check_component_requires("pp/1.0", &direct, &[]);
    assert!(
        matches!(error, Err(CppInfoError::UnusedRequirement { package, .. }) if package == "other")
    );
    assert_eq!(graph().required_components().len(), 5);
}
