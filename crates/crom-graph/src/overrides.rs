//! Which requirements got another version than they asked for.

use indexmap::IndexMap;

use crate::graph::{Graph, NodeId};

/// `pkg/1.0` to what it became; a reference that some node still uses as it is has `None` among
/// them.
pub(crate) fn overrides_of(
    graph: &Graph,
    nodes: impl IntoIterator<Item = NodeId>,
) -> IndexMap<String, Vec<Option<String>>> {
    let mut found: IndexMap<String, Vec<Option<String>>> = IndexMap::new();
    for node in nodes.into_iter().map(|id| graph.node(id)) {
        for require in node.requires.iter().map(|it| graph.require(*it)) {
            if require.is_override() && require.overriden_ref.is_none() {
                continue;
            }
            let (from, to) = match &require.overriden_ref {
                Some(overriden) if !require.force() => (
                    overriden.repr_notime(),
                    require.override_ref.as_ref().map(|it| it.repr_notime()),
                ),
                _ => (require.reference.repr_notime(), None),
            };
            let targets = found.entry(from).or_default();
            if !targets.contains(&to) {
                targets.push(to);
            }
        }
    }
    found.retain(|_, targets| targets.iter().any(Option::is_some));
    for targets in found.values_mut() {
        targets.sort();
    }
    found
}

impl Graph {
    /// Requirements that got another version than they asked for, and the versions. `None` among
    /// the versions: some node uses it as it asked for.
    pub fn overrides(&self) -> IndexMap<String, Vec<Option<String>>> {
        overrides_of(self, self.ids())
    }
}
