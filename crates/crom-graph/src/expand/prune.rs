//! Nodes that nobody sees any more.
//!
//! A tool that a node requires itself may later come to it through another tool too, whose own
//! dependency it is. Then the node uses that one, and the first one stands there for nothing:
//!
//! ```text
//! app ──tool──► m4 (1)                      app ──tool──► m4 (3)
//!  └───tool──► flex ──► m4 (3)      to       └───tool──► flex ──► m4 (3)
//! ```

use crate::graph::{Edge, Graph, NodeId};

/// Lets edges lead to what their consumers see, and removes the nodes that the root doesn't reach.
pub(super) fn remove_unused(graph: &mut Graph) {
    if !redirect(graph) {
        return;
    }
    let used = reached(graph);
    let mut places = Vec::with_capacity(used.len());
    let mut next = 0;
    for used in &used {
        places.push(NodeId(next));
        next += usize::from(*used);
    }
    let mut at = 0;
    graph.nodes.retain(|_| {
        at += 1;
        used[at - 1]
    });
    for node in &mut graph.nodes {
        node.dependants.retain(|edge| used[edge.from.0]);
        for edge in node.dependencies.iter_mut().chain(&mut node.dependants) {
            edge.from = places[edge.from.0];
            edge.to = places[edge.to.0];
        }
        node.transitive
            .retain(|dep| dep.node.is_none_or(|id| used[id.0]));
        node.transitive.renumber(&places);
    }
}

/// Is anything changed?
fn redirect(graph: &mut Graph) -> bool {
    let mut changes: Vec<(Edge, NodeId)> = Vec::new();
    for id in graph.ids() {
        let node = graph.node(id);
        for edge in &node.dependencies {
            let require = graph.require(edge.require);
            let seen = node
                .transitive
                .find(&graph.requirements, require, Some(edge.require))
                .and_then(|dep| dep.node);
            if let Some(seen) = seen.filter(|seen| *seen != edge.to) {
                changes.push((*edge, seen));
            }
        }
    }
    for (edge, to) in &changes {
        let new = Edge { to: *to, ..*edge };
        let node = graph.node_mut(edge.from);
        if let Some(own) = node.dependencies.iter_mut().find(|it| *it == edge) {
            *own = new;
        }
        graph.node_mut(edge.to).dependants.retain(|it| it != edge);
        graph.node_mut(*to).dependants.push(new);
    }
    !changes.is_empty()
}

fn reached(graph: &Graph) -> Vec<bool> {
    let mut reached = vec![false; graph.nodes.len()];
    let mut stack = vec![NodeId(0)];
    while let Some(id) = stack.pop() {
        if std::mem::replace(&mut reached[id.0], true) {
            continue;
        }
        stack.extend(graph.node(id).dependencies.iter().map(|edge| edge.to));
    }
    reached
}
