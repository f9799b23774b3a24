//! Graphs as data, compared with what the reference computes for the same recipes.
//!
//! `scenarios/*.json`: recipes as [`FakeRecipe`]s, a root, profiles and `--build`; `expect` holds
//! the recorded result: recipe revisions, the binaries that were in the cache, the graph's JSON and
//! the error text. Fields of the JSON that depend on the machine weren't recorded.

mod world;

use std::path::Path;

use crom_graph::{
    BuildChoice, BuildMode, Decider, DefaultRules, Graph, GraphError, GraphOptions, NodeExtras,
    PackageIdModes, ProfilesInput, RootSpec, decide, expand, graph_json,
};
use crom_model::conf::ConfDefinition;
use crom_model::reporter::Silent;
use serde_json::Value;
use world::{Scenario, World};

/// What running a scenario leaves.
struct Ran {
    graph: Option<Graph>,
    error: Option<String>,
}

fn run(scenario: &Scenario) -> Ran {
    let world = World::new(scenario);
    let profiles = ProfilesInput {
        host: world::profile(&scenario.host_profile, scenario),
        build: world::profile(&scenario.build_profile, &Scenario::default()),
        settings_definition: world::settings_definition(),
    };
    let mut conf = ConfDefinition::default();
    conf.loads(&scenario.global_conf, false).unwrap();
    let options = GraphOptions {
        modes: PackageIdModes::from_conf(&conf.get_conanfile_conf(None, false).unwrap()).unwrap(),
        resolve_prereleases: conf
            .get_conanfile_conf(None, false)
            .unwrap()
            .get_bool("core.version_ranges:resolve_prereleases")
            .unwrap(),
        ..GraphOptions::default()
    };
    let root = world.root(scenario);
    match compute(scenario, &world, &profiles, &options, &root) {
        Ok(graph) => {
            let error = graph.error.as_ref().map(ToString::to_string);
            Ran {
                graph: Some(graph),
                error,
            }
        }
        Err(error) => Ran {
            graph: None,
            error: Some(error.to_string()),
        },
    }
}

fn compute(
    scenario: &Scenario,
    world: &World,
    profiles: &ProfilesInput,
    options: &GraphOptions,
    root: &RootSpec,
) -> Result<Graph, GraphError> {
    let mut graph = expand(root, profiles, options, &world.host, world, &Silent)?;
    if graph.error.is_none() {
        let choice = BuildChoice::new(BuildMode::new(&scenario.build).unwrap());
        let decider = Decider {
            options,
            host: &world.host,
            catalog: world,
            rules: &DefaultRules,
            reporter: &Silent,
        };
        decide(&mut graph, &choice, decider)?;
    }
    Ok(graph)
}

/// The fields that were recorded, in the order of the JSON.
fn recorded_fields(json: &mut Value, wanted: &Value) {
    let (Some(nodes), Some(expected)) = (
        json["graph"]["nodes"].as_object_mut(),
        wanted["nodes"].as_object(),
    ) else {
        return;
    };
    let keep = |node: &mut Value, wanted: &Value| {
        if let (Some(node), Some(wanted)) = (node.as_object_mut(), wanted.as_object()) {
            node.retain(|name, _| wanted.contains_key(name));
        }
    };
    for (id, node) in nodes {
        keep(node, &expected[id]);
    }
    for name in ["node", "ancestor"] {
        if let Some(node) = json["graph"]["error"].get_mut(name) {
            keep(node, &wanted["error"][name]);
        }
    }
}

fn compare(path: &Path) -> Result<(), String> {
    let text = crom_scenario_text(path);
    let scenario: Scenario =
        serde_json::from_str(&text).map_err(|error| format!("unreadable: {error}"))?;
    let expect = scenario.expect.clone();
    let ran = run(&scenario);
    let mut report = String::new();
    if let Some(text) = expect["error_text"].as_str() {
        let wanted = text
            .lines()
            .take_while(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n");
        let wanted = wanted.replace("<WORK>/c/", "/consumer/");
        if ran.error.as_deref() != Some(wanted.as_str()) {
            report.push_str(&format!(
                "error: expected\n{wanted}\nfound\n{:?}\n",
                ran.error
            ));
        }
    } else if let Some(error) = &ran.error {
        report.push_str(&format!("unexpected error: {error}\n"));
    }
    let wanted = &expect["graph"];
    if let (Some(graph), false) = (&ran.graph, wanted.is_null()) {
        let mut json = graph_json(graph, &|_| NodeExtras::default());
        recorded_fields(&mut json, wanted);
        let found = serde_json::to_string_pretty(&json["graph"]).unwrap();
        let wanted = serde_json::to_string_pretty(wanted).unwrap();
        if found != wanted {
            report.push_str(&difference(&wanted, &found));
        }
    } else if !wanted.is_null() {
        report.push_str("no graph\n");
    }
    if report.is_empty() {
        Ok(())
    } else {
        Err(report)
    }
}

#[expect(clippy::disallowed_methods, reason = "reads the recorded scenarios")]
fn crom_scenario_text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn difference(wanted: &str, found: &str) -> String {
    let (wanted, found): (Vec<_>, Vec<_>) = (wanted.lines().collect(), found.lines().collect());
    let at = wanted
        .iter()
        .zip(&found)
        .take_while(|(a, b)| a == b)
        .count();
    let around = |lines: &[&str]| lines[at.saturating_sub(4)..(at + 6).min(lines.len())].join("\n");
    let node = found[..at.min(found.len())]
        .iter()
        .rev()
        .find(|line| line.trim_start().starts_with("\"ref\"") || line.contains("\"id\":"))
        .unwrap_or(&"");
    format!(
        "at line {at} ({}) expected\n{}\nfound\n{}\n",
        node.trim(),
        around(&wanted),
        around(&found)
    )
}

#[test]
fn graphs_are_those_of_the_reference() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let only = option_env!("CROM_SCENARIO");
    let mut paths: Vec<_> = scenario_paths(&folder);
    paths.sort();
    assert!(paths.len() >= 60, "scenarios are missing");
    let mut failed = Vec::new();
    let total = paths.len();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if only.is_some_and(|only| only != name) {
            continue;
        }
        let result = std::panic::catch_unwind(|| compare(&path))
            .unwrap_or_else(|_| Err(String::from("panicked\n")));
        if let Err(report) = result {
            failed.push(format!("## {name}\n{report}"));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {total} differ\n{}",
        failed.len(),
        failed.join("\n")
    );
}

#[expect(clippy::disallowed_methods, reason = "lists the recorded scenarios")]
fn scenario_paths(folder: &Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}
