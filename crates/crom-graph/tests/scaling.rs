//! The cost of a graph grows with its nodes and edges.

mod world;

use std::time::{Duration, Instant};

use crom_graph::{
    BuildChoice, BuildMode, Decider, DefaultRules, GraphOptions, ProfilesInput, decide, expand,
};
use crom_model::reporter::Silent;
use crom_recipe::fake::{FakeRecipe, FakeRequire, FakeTraits};
use world::{Root, Scenario, World};

/// How many packages a layer has.
const WIDTH: usize = 10;

/// Layers of packages. The first of each layer requires three of the layer below, hidden from its own
/// consumers: what a node sees doesn't grow with the graph.
fn layered(layers: usize) -> Scenario {
    let name = |layer: usize, at: usize| format!("l{layer}x{}/1.0", at % WIDTH);
    let mut recipes = Vec::new();
    for layer in 0..layers {
        for at in 0..WIDTH {
            let hidden = |step: usize| {
                FakeRequire::Full(Box::new(FakeTraits {
                    reference: name(layer + 1, at + step),
                    kind: Some(String::from("requires")),
                    visible: Some(false),
                    ..FakeTraits::default()
                }))
            };
            recipes.push(FakeRecipe {
                reference: name(layer, at),
                package_type: Some(String::from("header-library")),
                requires: if layer + 1 == layers || at > 0 {
                    Vec::new()
                } else {
                    (0..3).map(hidden).collect()
                },
                ..FakeRecipe::default()
            });
        }
    }
    Scenario {
        recipes,
        root: Root {
            requires: vec![name(0, 0)],
            ..Root::default()
        },
        ..Scenario::default()
    }
}

fn time(scenario: &Scenario) -> (usize, Duration) {
    let world = World::new(scenario);
    let profiles = ProfilesInput {
        host: world::profile("", scenario),
        build: world::profile("", scenario),
        settings_definition: world::settings_definition(),
    };
    let options = GraphOptions::default();
    let root = world.root(scenario);
    let start = Instant::now();
    let mut graph = expand(&root, &profiles, &options, &world.host, &world, &Silent).unwrap();
    let decider = Decider {
        options: &options,
        host: &world.host,
        catalog: &world,
        rules: &DefaultRules,
        reporter: &Silent,
    };
    let mode = BuildMode::new(&["missing"]).unwrap();
    decide(&mut graph, &BuildChoice::new(mode), decider).unwrap();
    (graph.nodes.len(), start.elapsed())
}

#[test]
fn cost_grows_with_the_nodes() {
    let best = |layers: usize| {
        let scenario = layered(layers);
        let (nodes, _) = time(&scenario);
        let fastest = (0..3).map(|_| time(&scenario).1).min().unwrap();
        (nodes, fastest)
    };
    let (few, short) = best(50);
    let (many, long) = best(400);
    let nodes = many as f64 / few as f64;
    let cost = long.as_secs_f64() / short.as_secs_f64();
    // Quadratic cost would be eight times that.
    assert!(
        cost < nodes * 4.0,
        "{nodes:.1} times the nodes cost {cost:.1} times the time"
    );
}
