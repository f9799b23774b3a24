//! What to do about a version conflict: how both versions come into the graph, and the smallest
//! change that leaves one.

use crom_model::reference::RecipeReference;

use crate::catalog::RecipeStatus;
use crate::graph::{Graph, NodeId};
use crate::problem::Conflict;

/// What can be said about a conflict beside that it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictAdvice {
    /// `zlib/1.3: cli -> app/1.0 -> png/1.6 -> zlib/1.3`, one line for each version.
    pub chains: Vec<String>,
    /// The change.
    pub change: String,
}

impl ConflictAdvice {
    /// About a conflict of this graph.
    pub fn new(graph: &Graph, conflict: &Conflict) -> Self {
        let wanted = conflict.require.reference.without_revision();
        let there = conflict.previous.map_or_else(
            || conflict.previous_require.reference.without_revision(),
            |id| graph.node(id).reference.without_revision(),
        );
        let mut one = path_to(graph, conflict.node);
        // A conflict that is seen above the two packages names the package itself, not its consumer.
        let other_end = match conflict.previous {
            Some(id) => graph
                .node(id)
                .dependants
                .first()
                .map_or(conflict.base, |it| it.from),
            None => conflict.base,
        };
        let other = path_to(graph, other_end);
        if graph.node(conflict.base).reference.without_revision() == wanted {
            one = path_to(graph, conflict.base);
            one.pop();
        }
        let meet = one
            .iter()
            .zip(&other)
            .take_while(|(a, b)| a == b)
            .last()
            .map_or(NodeId(0), |(id, _)| *id);
        Self {
            chains: vec![
                chain_line(graph, &other, &there),
                chain_line(graph, &one, &wanted),
            ],
            change: change(graph, meet, &wanted, &there),
        }
    }
}

fn path_to(graph: &Graph, id: NodeId) -> Vec<NodeId> {
    let mut path = vec![id];
    let mut at = id;
    while let Some(edge) = graph.node(at).dependants.first() {
        at = edge.from;
        path.push(at);
    }
    path.reverse();
    path
}

fn chain_line(graph: &Graph, path: &[NodeId], end: &RecipeReference) -> String {
    let mut words: Vec<String> = path.iter().map(|id| graph.node(*id).label()).collect();
    words.push(end.to_string());
    format!("{end}: {}", words.join(" -> "))
}

/// The newer version is the one that usually works for both.
fn change(graph: &Graph, meet: NodeId, one: &RecipeReference, other: &RecipeReference) -> String {
    let exact: Vec<&RecipeReference> = [one, other]
        .into_iter()
        .filter(|it| !it.version.is_range())
        .collect();
    let newest = exact
        .into_iter()
        .max_by(|a, b| a.version.cmp(&b.version))
        .unwrap_or(one);
    let node = graph.node(meet);
    if node.recipe == RecipeStatus::Cli {
        return format!(
            "to use {newest} for all, add to the profile: [replace_requires] {}/*: {newest}",
            newest.name
        );
    }
    let declared = node.requires.iter().any(|it| {
        let require = graph.require(*it);
        require.reference.name == newest.name && !require.build
    });
    let (what, kind) = if declared {
        ("change the requirement", "force")
    } else {
        ("add", "override")
    };
    format!(
        "to use {newest} for all, {what} in the requirements() of {}: \
         self.requires(\"{newest}\", {}=True)",
        node.label(),
        kind
    )
}
