//! The arrows between the crates are those that ARCHITECTURE.md draws: a new one is a decision.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// (crate, crates of ours that it may depend on)
const ARROWS: &[(&str, &[&str])] = &[
    ("crom-model", &[]),
    ("crom-fs", &["crom-model"]),
    ("crom-recipe", &["crom-model"]),
    ("crom-graph", &["crom-model", "crom-recipe"]),
    ("crom-generators", &["crom-model"]),
    ("crom-tools", &["crom-model", "crom-fs"]),
    ("crom-store", &["crom-model", "crom-fs"]),
    ("crom-protocol", &["crom-model"]),
    ("crom-remote", &["crom-model", "crom-fs", "crom-protocol"]),
    ("crom-lint", &["crom-model", "crom-fs"]),
    ("crom-server", &["crom-model", "crom-fs", "crom-protocol"]),
    (
        "crom-python",
        &[
            "crom-model",
            "crom-fs",
            "crom-recipe",
            "crom-generators",
            "crom-tools",
        ],
    ),
    (
        "crom-ops",
        &[
            "crom-model",
            "crom-fs",
            "crom-recipe",
            "crom-graph",
            "crom-tools",
            "crom-store",
            "crom-protocol",
            "crom-remote",
        ],
    ),
    ("crom-build", &["crom-fs"]),
    (
        "crom-center",
        &[
            "crom-model",
            "crom-fs",
            "crom-recipe",
            "crom-graph",
            "crom-tools",
            "crom-store",
            "crom-remote",
            "crom-build",
            "crom-ops",
        ],
    ),
    (
        "crom",
        &[
            "crom-model",
            "crom-fs",
            "crom-recipe",
            "crom-graph",
            "crom-store",
            "crom-remote",
            "crom-server",
            "crom-python",
            "crom-ops",
            "crom-center",
            "crom-lint",
        ],
    ),
];

fn packages() -> Vec<serde_json::Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

#[test]
fn crates_depend_only_on_what_the_architecture_allows() {
    let allowed: BTreeMap<_, BTreeSet<_>> = ARROWS
        .iter()
        .map(|(name, to)| (*name, to.iter().copied().collect()))
        .collect();
    let mut seen = BTreeSet::new();
    for package in packages() {
        let name = package["name"].as_str().expect("a name").to_owned();
        let Some(allowed) = allowed.get(name.as_str()) else {
            assert!(
                !name.starts_with("crom"),
                "crate {name} has no line in the table of this test and in ARCHITECTURE.md"
            );
            continue;
        };
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let to = dependency["name"].as_str().expect("a name");
            let development = dependency["kind"].as_str() == Some("dev");
            if to.starts_with("crom") && !development {
                assert!(allowed.contains(to), "{name} must not depend on {to}");
            }
        }
        seen.insert(name);
    }
    let drawn: BTreeSet<_> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(
        seen, drawn,
        "the table names exactly the crates that there are"
    );
}

#[test]
fn graph_and_generators_pull_in_no_interpreter_and_no_network() {
    for package in packages() {
        let name = package["name"].as_str().expect("a name");
        if !["crom-model", "crom-graph", "crom-generators", "crom-recipe"].contains(&name) {
            continue;
        }
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let to = dependency["name"].as_str().expect("a name");
            for forbidden in [
                "rustpython",
                "ureq",
                "reqwest",
                "rusqlite",
                "tokio",
                "walkdir",
            ] {
                assert!(!to.starts_with(forbidden), "{name} must not depend on {to}");
            }
        }
    }
}
