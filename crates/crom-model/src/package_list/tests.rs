use pretty_assertions::assert_eq;

use super::*;

fn recipe(text: &str) -> RecipeReference {
    RecipeReference::loads(text).expect("is a reference")
}

fn package(text: &str) -> PackageReference {
    PackageReference::loads(text).expect("is a package")
}

fn sample() -> PackageList {
    let mut list = PackageList::default();
    list.add_ref(&recipe("a/1#r1%5.5"));
    list.add_ref(&recipe("a/1#r2"));
    list.add_pref(&package("a/1#r1:pid"), Some(json!({"settings": {}})));
    list.add_pref(&package("a/1#r1:pid#v1%7"), None);
    list.add_pref(&package("a/1#r1:p2"), None);
    list
}

const SAMPLE: &str = r#"{"a/1":{"revisions":{"r1":{"timestamp":5.5,"packages":{"pid":{"info":{"settings":{}},"revisions":{"v1":{"timestamp":7.0}}},"p2":{}}},"r2":{}}}}"#;

#[test]
fn keys_come_in_the_order_of_the_reference() {
    assert_eq!(sample().to_json().to_string(), SAMPLE);
    let mut list = PackageList::default();
    list.add_ref(&recipe("a/1"));
    assert_eq!(list.to_json().to_string(), r#"{"a/1":{}}"#);
    assert_eq!(list.refs(), Ok(vec![recipe("a/1")]));
}

#[test]
fn typed_access() {
    let list = sample();
    let items = list.items().expect("are references");
    let shown: Vec<String> = items
        .iter()
        .map(|(reference, packages)| {
            let packages: Vec<String> = packages.iter().map(|(p, _)| p.full_repr()).collect();
            format!("{} {}", reference.full_repr(), packages.join(" "))
        })
        .collect();
    assert_eq!(shown, ["a/1#r1%5.5 a/1#r1%5.5:pid#v1%7.0", "a/1#r2 "]);
    let prefs: Vec<String> = list
        .prefs(&recipe("a/1#r1"))
        .iter()
        .map(|(p, _)| p.full_repr())
        .collect();
    assert_eq!(prefs, ["a/1#r1:pid#v1%7.0", "a/1#r1:p2"]);
    assert!(list.has_rref(&recipe("a/1#r1")));
    assert!(!list.has_rref(&recipe("a/1#zz")));
    assert_eq!(list.recipe_dict(&recipe("q/1#r1")), None);
    assert_eq!(
        list.package_dict(&package("a/1#r1:pid#v1"))
            .map(|map| json!(map)),
        Some(json!({"timestamp": 7.0}))
    );
    assert_eq!(list.package_dict(&package("a/1#r1:pid#zz")), None);
}

#[test]
fn merging_and_reducing() {
    let mut list = sample();
    let other = json!({"a/1": {"revisions": {"r1": {"timestamp": 9, "packages": {"pid": {"revisions": {"v2": {}}}}}}}, "c/1": {}});
    list.merge(&PackageList::from_json(&other).expect("is a list"));
    assert_eq!(
        list.to_json().to_string(),
        r#"{"a/1":{"revisions":{"r1":{"timestamp":9,"packages":{"pid":{"info":{"settings":{}},"revisions":{"v1":{"timestamp":7.0},"v2":{}}},"p2":{}}},"r2":{}}},"c/1":{}}"#
    );
    assert_eq!(list.split().len(), 2);
    list.only_recipes();
    assert_eq!(
        list.to_json().to_string(),
        r#"{"a/1":{"revisions":{"r1":{"timestamp":9},"r2":{}}},"c/1":{}}"#
    );
}

#[test]
fn origins() {
    let text = format!(r#"{{"Local Cache":{SAMPLE},"remote":{{"error":"boom"}}}}"#);
    let lists = MultiPackageList::loads(&text).expect("is a file of lists");
    assert_eq!(lists.to_json().to_string(), text);
    assert_eq!(lists.get("Local Cache"), Ok(&sample()));
    assert_eq!(
        lists.get("remote"),
        Err(PackageListError::Origin("boom".into()))
    );
    assert_eq!(
        lists.get("x").map_err(|e| e.to_string()),
        Err("'x' doesn't exist in package list".into())
    );
    assert_eq!(
        MultiPackageList::loads(r#"{"graph": {}}"#),
        Err(PackageListError::IsGraph)
    );
    assert!(matches!(
        MultiPackageList::loads("["),
        Err(PackageListError::Json(_))
    ));
    assert!(MultiPackageList::loads("[1]").is_err());
    assert!(MultiPackageList::loads(r#"{"L": 1}"#).is_err());
    let mut merged = lists.clone();
    merged.merge(&lists);
    assert_eq!(merged, lists);
}
