//! Packages that are the same thing under different names.

use crom_model::requirement::Requirement;

use crate::graph::{Graph, NodeId};

/// The first pair of packages in the graph that provide the same and meet in one node:
/// (first, second).
pub(crate) fn find_provides_conflict(graph: &Graph) -> Option<(NodeId, NodeId)> {
    if !graph.ids().any(|id| !provides(graph, id).is_empty()) {
        return None;
    }
    graph.ids().find_map(|id| conflict_seen_by(graph, id))
}

fn conflict_seen_by(graph: &Graph, id: NodeId) -> Option<(NodeId, NodeId)> {
    let own = provides(graph, id);
    let mut seen: Vec<(Requirement, NodeId)> = Vec::new();
    for (require, dep) in graph.dependencies_of(id) {
        for name in provides(graph, dep) {
            if own.contains(&name) {
                return Some((id, dep));
            }
            // Like a requirement of the provided name: it collides with what the node sees in the
            // same way, so hidden packages and tools don't clash.
            let mut as_provided = require.clone();
            as_provided.reference.name = name.to_owned();
            let transitive = &graph.node(id).transitive;
            let named = transitive
                .find(&graph.requirements, &as_provided, None)
                .and_then(|it| it.node)
                .filter(|it| *it != dep);
            let other = named.or_else(|| {
                let same = |(it, _): &&(Requirement, NodeId)| {
                    it.reference.name == name && it.collides(&as_provided)
                };
                seen.iter().find(same).map(|(_, node)| *node)
            });
            if let Some(other) = other {
                return Some((other, dep));
            }
            seen.push((as_provided, dep));
        }
    }
    None
}

fn provides(graph: &Graph, id: NodeId) -> Vec<&str> {
    match &graph.node(id).attributes.metadata.provides {
        serde_json::Value::String(one) => vec![one.as_str()],
        serde_json::Value::Array(many) => many.iter().filter_map(|it| it.as_str()).collect(),
        _ => Vec::new(),
    }
}
