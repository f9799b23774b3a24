//! Which binaries nobody needs.

use std::collections::HashSet;

use crate::catalog::RecipeStatus;
use crate::graph::{Binary, Graph, NodeId};
use crate::problem::GraphError;

/// Marks binaries that neither the root nor a package that is built needs, and requirements whose
/// package the consumer doesn't need.
pub(crate) fn skip_binaries(graph: &mut Graph) -> Result<(), GraphError> {
    let mut needed: HashSet<NodeId> = HashSet::new();
    if !graph.nodes.is_empty() {
        needed.insert(NodeId(0));
    }
    // A package that is built only because its binary is missing must be needed by somebody.
    needed.extend(
        graph
            .ids()
            .filter(|id| is_built(graph, *id) && !graph.node(*id).built_if_needed),
    );
    let mut open: Vec<NodeId> = needed.iter().copied().collect();
    open.sort_unstable();
    // What a conf keeps is built with all that this needs.
    for id in graph.ids() {
        let kept = graph.node(id).conf.get_bool("tools.graph:skip_binaries")? == Some(false);
        if kept && needed.insert(id) && is_built(graph, id) {
            open.push(id);
        }
    }
    while !open.is_empty() {
        let mut next = Vec::new();
        for id in open {
            let required = needed_by(graph, id);
            mark_requirements(graph, id, &required);
            for dep in required {
                if !needed.insert(dep) {
                    continue;
                }
                if is_built(graph, dep) {
                    next.push(dep);
                }
                for kept in kept_by_trait(graph, dep) {
                    needed.insert(kept);
                    next.push(kept);
                }
            }
        }
        open = next;
    }
    for id in graph.ids() {
        if !needed.contains(&id) {
            graph.node_mut(id).binary = Some(Binary::Skip);
        }
    }
    Ok(())
}

/// `no_skip=True`: needed with all that it needs itself, if its consumer is needed.
fn kept_by_trait(graph: &Graph, id: NodeId) -> impl Iterator<Item = NodeId> {
    let edges = graph.node(id).dependencies.iter();
    edges
        .filter(|edge| graph.require(edge.require).no_skip)
        .map(|edge| edge.to)
}

fn is_built(graph: &Graph, id: NodeId) -> bool {
    matches!(
        graph.node(id).binary,
        Some(Binary::Build | Binary::EditableBuild | Binary::Editable)
    )
}

/// What a node needs on disk: packages whose files it uses, and those that lie between: a build
/// system that finds a package asks that one for its own dependencies.
fn needed_by(graph: &Graph, id: NodeId) -> HashSet<NodeId> {
    let is_consumer = graph.node(id).recipe == RecipeStatus::Consumer || is_built(graph, id);
    let mut required: HashSet<NodeId> = graph
        .dependencies_of(id)
        .filter(|(require, _)| require.files() || (require.direct() && is_consumer))
        .map(|(_, dep)| dep)
        .collect();
    for (_, dep) in graph.dependencies_of(id) {
        if !required.contains(&dep)
            && graph
                .dependencies_of(dep)
                .any(|(_, below)| required.contains(&below))
        {
            required.insert(dep);
        }
    }
    required
}

fn mark_requirements(graph: &mut Graph, id: NodeId, required: &HashSet<NodeId>) {
    let Graph {
        nodes,
        requirements,
        ..
    } = graph;
    for dep in nodes[id.0].transitive.iter() {
        if let (Some(node), Some(require)) = (dep.node, requirements.get_mut(dep.require.0)) {
            require.skip = !required.contains(&node);
        }
    }
}
