//! In which order packages are fetched and built.

use std::collections::{HashMap, HashSet};

use crom_model::reference::RecipeReference;
use indexmap::IndexMap;

use crate::build_order::{BuildOrder, BuildOrderError, OrderBy};
use crate::catalog::RecipeStatus;
use crate::graph::{Binary, Graph, NodeId};

/// Packages of recipes that don't depend on each other.
#[derive(Clone, Debug, PartialEq)]
pub struct InstallLevel {
    /// Sorted by reference.
    pub items: Vec<InstallItem>,
}

/// A recipe revision with its packages in the graph.
#[derive(Clone, Debug, PartialEq)]
pub struct InstallItem {
    /// With revision.
    pub reference: RecipeReference,
    /// What it depends on.
    pub depends: Vec<RecipeReference>,
    /// Nodes by package: nodes of the same package are together.
    pub packages: Vec<Vec<NodeId>>,
}

/// Levels of packages that are needed, dependencies first. Roots, platform packages and skipped
/// ones aren't among them.
///
/// Recipes are kept together; where that would make a circle (a package that is its own tool in
/// another version or context), packages are ordered one by one.
pub fn install_order(graph: &Graph) -> Vec<InstallLevel> {
    let by_recipe = items(graph, |graph, id| graph.node(id).reference.repr_notime());
    levels(by_recipe).unwrap_or_else(|| {
        let by_package = items(graph, |graph, id| {
            graph
                .node(id)
                .package_reference()
                .map(|it| it.repr_notime())
                .unwrap_or_default()
        });
        levels(by_package).unwrap_or_default()
    })
}

/// Why packages can't be installed recipe by recipe: recipes that wait for each other, in the
/// words of the reference.
pub fn install_loop(graph: &Graph) -> Option<BuildOrderError> {
    let by_recipe = items(graph, |graph, id| graph.node(id).reference.repr_notime());
    match levels(by_recipe) {
        Some(_) => None,
        None => BuildOrder::new(graph, OrderBy::Recipe, "").lines().err(),
    }
}

type Items = IndexMap<String, (InstallItem, HashSet<String>)>;

fn items(graph: &Graph, key: impl Fn(&Graph, NodeId) -> String) -> Items {
    let mut items: Items = IndexMap::new();
    for id in graph.levels().into_iter().flatten() {
        if !is_installed(graph, id) {
            continue;
        }
        let node = graph.node(id);
        let own = key(graph, id);
        let (item, depends) = items.entry(own.clone()).or_insert_with(|| {
            let item = InstallItem {
                reference: node.reference.clone(),
                depends: Vec::new(),
                packages: Vec::new(),
            };
            (item, HashSet::new())
        });
        let same = item.packages.iter_mut().find(|nodes| {
            nodes
                .first()
                .is_some_and(|first| graph.node(*first).package_id == node.package_id)
        });
        match same {
            Some(nodes) => nodes.push(id),
            None => item.packages.push(vec![id]),
        }
        for edge in &node.dependencies {
            let dep = key(graph, edge.to);
            // Packages of one recipe come in the order of the graph's levels.
            let itself = dep == own;
            if !itself && is_installed(graph, edge.to) && depends.insert(dep) {
                item.depends.push(graph.node(edge.to).reference.clone());
            }
        }
    }
    items
}

fn is_installed(graph: &Graph, id: NodeId) -> bool {
    let node = graph.node(id);
    !node.recipe.is_root()
        && node.recipe != RecipeStatus::Platform
        && !matches!(node.binary, None | Some(Binary::Skip))
}

/// None if there's a circle.
fn levels(items: Items) -> Option<Vec<InstallLevel>> {
    let mut waiting: Vec<usize> = Vec::new();
    let mut consumers: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, (_, depends)) in items.values().enumerate() {
        waiting.push(depends.len());
        for dep in depends {
            let dep = items.get_index_of(dep)?;
            consumers.entry(dep).or_default().push(at);
        }
    }
    let mut ready: Vec<usize> = (0..items.len()).filter(|at| waiting[*at] == 0).collect();
    let mut done = 0;
    let mut levels = Vec::new();
    while !ready.is_empty() {
        done += ready.len();
        let mut next = Vec::new();
        for at in &ready {
            for consumer in consumers.get(at).into_iter().flatten() {
                waiting[*consumer] -= 1;
                if waiting[*consumer] == 0 {
                    next.push(*consumer);
                }
            }
        }
        let mut level: Vec<InstallItem> = ready
            .iter()
            .filter_map(|at| Some(items.get_index(*at)?.1.0.clone()))
            .collect();
        level.sort_by(|a, b| a.reference.cmp(&b.reference));
        levels.push(InstallLevel { items: level });
        ready = next;
    }
    (done == items.len()).then_some(levels)
}
