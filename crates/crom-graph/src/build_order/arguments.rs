//! With which arguments a package can be built alone, as it is in the graph.

use std::collections::{BTreeMap, HashSet};

use crom_model::options::Options;
use crom_model::view::Context;
use indexmap::IndexMap;

use crate::graph::{Binary, Graph, Node, NodeId};
use crate::overrides::overrides_of;

/// `--requires=zlib/1.3 --build=zlib/1.3 -o="zlib/1.3:shared=True"`; none for what isn't built.
pub(super) fn build_args(
    node: &Node,
    options: &[String],
    overrides: &IndexMap<String, Vec<Option<String>>>,
) -> Option<String> {
    if !node.binary.is_some_and(Binary::is_build) {
        return None;
    }
    let reference = node.reference.without_revision();
    let compatible = node
        .info
        .as_ref()
        .is_some_and(|info| info.compatibility_delta.is_some());
    let mode = if compatible { "compatible:" } else { "" };
    let (kind, option) = match node.context {
        Context::Host => ("requires", "-o"),
        Context::Build => ("tool-requires", "-o:b"),
    };
    let mut text = format!("--{kind}={reference} --build={mode}{reference}");
    for value in options {
        text.push_str(&format!(" {option}=\"{value}\""));
    }
    if !overrides.is_empty() {
        let entries: Vec<String> = overrides
            .iter()
            .map(|(from, to)| format!("'{from}': [{}]", python_list(to)))
            .collect();
        text.push_str(&format!(
            " --lockfile-overrides=\"{{{}}}\"",
            entries.join(", ")
        ));
    }
    Some(text)
}

fn python_list(items: &[Option<String>]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|it| {
            it.as_ref()
                .map_or_else(|| String::from("None"), |it| format!("'{it}'"))
        })
        .collect();
    items.join(", ")
}

/// The replacements that hold in the graph below a node.
pub(super) fn overrides(graph: &Graph, id: NodeId) -> IndexMap<String, Vec<Option<String>>> {
    let mut seen = HashSet::from([id]);
    let mut order = Vec::new();
    let mut stack = vec![id];
    while let Some(at) = stack.pop() {
        order.push(at);
        for edge in &graph.node(at).dependencies {
            if seen.insert(edge.to) {
                stack.push(edge.to);
            }
        }
    }
    overrides_of(graph, order)
}

/// Options of a package and of the visible ones below it that nobody from the package on would
/// give the value that they have: `zlib/1.3:shared=True`, sorted.
pub(super) fn options(graph: &Graph, id: NodeId) -> Vec<String> {
    let mut found = BTreeMap::new();
    let mut seen = HashSet::from([id]);
    note_options(graph, id, &[], &mut found);
    walk(graph, id, &mut vec![id], &mut seen, &mut found);
    found.into_keys().collect()
}

fn walk(
    graph: &Graph,
    at: NodeId,
    path: &mut Vec<NodeId>,
    seen: &mut HashSet<NodeId>,
    found: &mut BTreeMap<String, ()>,
) {
    for edge in &graph.node(at).dependencies {
        let require = graph.require(edge.require);
        if require.build || require.test() || !require.visible() || !seen.insert(edge.to) {
            continue;
        }
        note_options(graph, edge.to, path, found);
        path.push(edge.to);
        walk(graph, edge.to, path, seen, found);
        path.pop();
    }
}

fn note_options(graph: &Graph, id: NodeId, path: &[NodeId], found: &mut BTreeMap<String, ()>) {
    let node = graph.node(id);
    for (name, value) in node.options.items() {
        let wished = path
            .iter()
            .find_map(|it| wish(&graph.node(*it).private_up_options, node, name));
        let expected = wished.unwrap_or_else(|| default_value(node, name));
        if expected.as_deref() != value {
            let reference = node.reference.without_revision();
            found.insert(
                format!("{reference}:{name}={}", value.unwrap_or("None")),
                (),
            );
        }
    }
}

fn wish(wishes: &Options, node: &Node, name: &str) -> Option<Option<String>> {
    let mut wished = None;
    for (pattern, values) in &wishes.deps {
        if !node.reference.matches(pattern, false) {
            continue;
        }
        if let Some((_, value)) = values.items().find(|(it, _)| *it == name) {
            wished = Some(value.map(str::to_owned));
        }
    }
    wished
}

fn default_value(node: &Node, name: &str) -> Option<String> {
    match node.attributes.default_options.get(name)? {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Bool(true) => Some(String::from("True")),
        serde_json::Value::Bool(false) => Some(String::from("False")),
        other => Some(other.to_string()),
    }
}
