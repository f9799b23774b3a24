use crom_graph::{Graph, NodeExtras, NodeId, graph_json};
use crom_model::cpp_info::CppInfo;
use crom_model::view::{GraphView, PackageView};
use serde_json::{Map, Value};

use super::{dot, html};
use crate::OpsError;

/// A computed graph, to be shown.
#[derive(Debug)]
pub struct GraphReport {
    graph: Graph,
    view: GraphView,
    /// A conflict: the graph ends where it is.
    pub error: Option<OpsError>,
}

impl GraphReport {
    /// `view` has what was found out of packages while they were installed.
    pub(crate) fn new(graph: Graph, view: GraphView, error: Option<OpsError>) -> Self {
        Self { graph, view, error }
    }

    /// The whole graph as Conan prints it for `--format=json`.
    pub fn to_json(&self) -> Value {
        graph_json(&self.graph, &|id| self.extras(id))
    }

    /// The same with only some fields, of only the packages that match one of the patterns.
    pub fn filtered(&self, fields: &[String], patterns: &[String]) -> Value {
        let mut report = self.to_json();
        let Some(nodes) = report
            .pointer_mut("/graph/nodes")
            .and_then(Value::as_object_mut)
        else {
            return report;
        };
        if !patterns.is_empty() {
            nodes.retain(|id, _| {
                let node = id
                    .parse()
                    .ok()
                    .and_then(|id: usize| self.graph.nodes.get(id));
                node.is_some_and(|node| {
                    let consumer = node.recipe.is_root();
                    patterns
                        .iter()
                        .any(|pattern| node.reference.matches(pattern, consumer))
                })
            });
        }
        if !fields.is_empty() {
            for node in nodes.values_mut().filter_map(Value::as_object_mut) {
                let kept: Map<_, _> = std::mem::take(node)
                    .into_iter()
                    .filter(|(name, _)| name == "ref" || fields.iter().any(|field| field == name))
                    .collect();
                *node = kept;
            }
        }
        report
    }

    /// The graph for Graphviz.
    pub fn to_dot(&self) -> String {
        dot::dot(&self.graph)
    }

    /// One self-contained page.
    pub fn to_html(&self) -> String {
        html::page(&self.to_json())
    }

    fn extras(&self, id: NodeId) -> NodeExtras {
        let Some(view) = self.view.nodes.get(id.0) else {
            return NodeExtras::default();
        };
        let described = !view.folders.package.is_empty();
        NodeExtras {
            cpp_info: described.then(|| described_cpp_info(view).to_json()),
            conf_info: view
                .conf_info
                .serialize()
                .into_iter()
                .map(|(name, value)| (name, value.to_json()))
                .collect(),
            folders: view.folders.clone(),
            ..NodeExtras::default()
        }
    }
}

/// As it is after `package_info()`: folders are absolute, and what isn't required is no list of
/// nothing but an empty one.
fn described_cpp_info(view: &PackageView) -> CppInfo {
    let mut info = (*view.cpp_info).clone();
    info.set_relative_base_folder(&view.folders.package);
    info.root.requires.get_or_insert_default();
    for component in info.components.values_mut() {
        component.requires.get_or_insert_default();
    }
    info
}
