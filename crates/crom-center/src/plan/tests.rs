use pretty_assertions::assert_eq;

use super::*;

pub(crate) fn package(state: State, needs: &[&str]) -> PlannedPackage {
    PlannedPackage {
        reference: String::from("x/1"),
        revision: String::from("r"),
        package_id: String::from("0123456789"),
        state,
        cached: None,
        in_test: None,
        in_production: None,
        why: None,
        needs: needs.iter().map(|it| (*it).to_owned()).collect(),
        depends: Vec::new(),
        test: None,
        profiles: BTreeSet::new(),
        wanted_by: BTreeSet::new(),
        combination: 0,
        test_of: None,
        context: String::from("host"),
        settings: Vec::new(),
        options: Vec::new(),
        license: Vec::new(),
    }
}

fn plan_of(packages: &[(&str, State, &[&str])]) -> Plan {
    Plan {
        packages: packages
            .iter()
            .map(|(key, state, needs)| ((*key).to_owned(), package(*state, needs)))
            .collect(),
        ..Plan::default()
    }
}

#[test]
fn what_is_needed_comes_first() {
    let mut plan = plan_of(&[
        ("app", State::Build, &["ssl", "z"]),
        ("ssl", State::Build, &["z"]),
        ("tool", State::Cached, &[]),
        ("z", State::Build, &[]),
        ("a", State::Build, &[]),
    ]);
    order::sort(&mut plan);
    let keys: Vec<&str> = plan.packages.keys().map(String::as_str).collect();
    assert_eq!(keys, ["tool", "a", "z", "ssl", "app"]);
    assert_eq!(plan.levels(), [vec!["a", "z"], vec!["ssl"], vec!["app"]]);
    assert_eq!(plan.stuck, Vec::<String>::new());
}

#[test]
fn circles_are_noticed() {
    let mut plan = plan_of(&[
        ("a", State::Build, &["b"]),
        ("b", State::Build, &["a"]),
        ("c", State::Build, &[]),
    ]);
    order::sort(&mut plan);
    assert_eq!(plan.stuck, ["a", "b"]);
    assert!(plan.to_string().contains("waits for itself: a"), "{plan}");
}

#[test]
fn a_plan_survives_its_file() {
    let mut plan = plan_of(&[("a", State::Build, &[])]);
    plan.combinations.push(Combination {
        listed: String::from("x/[>=1]"),
        profile: String::from("gcc"),
        options: vec![String::from("x/*:shared=True")],
        package: None,
        outcome: Outcome::Invalid(String::from("x/1: not <here>")),
    });
    let json = serde_json::to_string(&plan).unwrap();
    let read: Plan = serde_json::from_str(&json).unwrap();
    assert_eq!(read.combinations, plan.combinations);
    assert_eq!(read.packages, plan.packages);
    assert!(plan.to_html().contains("not &lt;here&gt;"));
    assert!(
        plan.to_string().starts_with(
            "x/[>=1] [gcc] -o x/*:shared=True: invalid: x/1: not <here>\n\nTo build: 1 package"
        ),
        "{plan}"
    );
}
