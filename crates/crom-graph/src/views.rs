//! The graph as recipes and generators see it.

use std::sync::Arc;

use crom_model::conf::Conf;
use crom_model::cpp_info::CppInfo;
use crom_model::environment::Environment;
use crom_model::requirement::Requirement;
use crom_model::view::{GraphView, PackageFacts, PackageFolders, PackageView};

use crate::catalog::RecipeStatus;
use crate::graph::{Binary, Graph, Node, NodeId};

/// The whole graph. What later stages find out (folders, `cpp_info`, environments, confs of
/// packages) is empty.
pub fn graph_view(graph: &Graph) -> GraphView {
    GraphView {
        nodes: graph
            .ids()
            .map(|id| Arc::new(package_view(graph, id)))
            .collect(),
    }
}

pub(crate) fn package_view(graph: &Graph, id: NodeId) -> PackageView {
    let node = graph.node(id);
    let recipe_folder = node
        .file
        .as_ref()
        .map(|file| file.folder.display().to_string());
    PackageView {
        reference: node.reference.clone(),
        package_id: node.package_id.clone(),
        prev: node.prev.clone(),
        context: node.context,
        package_type: node.package_type,
        settings: node.settings.clone(),
        options: node.options.clone(),
        metadata: node.attributes.metadata.clone(),
        folders: PackageFolders {
            recipe: recipe_folder.unwrap_or_default(),
            ..PackageFolders::default()
        },
        cpp_info: Arc::new(CppInfo::default()),
        buildenv_info: Environment::new(),
        runenv_info: Environment::new(),
        conf_info: Conf::default(),
        generator_info: Vec::new(),
        conf: node.conf.clone(),
        info: node.info.clone(),
        platform: node.recipe == RecipeStatus::Platform,
        skipped: node.binary == Some(Binary::Skip),
        facts: facts(node),
        dependencies: dependencies(graph, id),
    }
}

fn facts(node: &Node) -> PackageFacts {
    let attributes = &node.attributes;
    PackageFacts {
        recipe: node.recipe.as_str().to_owned(),
        binary: node.binary.map(|it| it.as_str().to_owned()),
        remote: node.remote.clone(),
        binary_remote: node.binary_remote.clone(),
        build_id: node.build_id.clone(),
        prev_timestamp: node.prev_timestamp,
        test: node.test,
        build_policy: attributes.build_policy.clone(),
        upload_policy: attributes.upload_policy.clone(),
        revision_mode: attributes.revision_mode.clone(),
        cant_build: node.cant_build().map(str::to_owned),
        invalid: node.invalid().map(str::to_owned),
    }
}

/// What a node sees, with indexes into the graph.
pub(crate) fn dependencies(graph: &Graph, id: NodeId) -> Vec<(Requirement, usize)> {
    graph
        .dependencies_of(id)
        .map(|(require, to)| (require.clone(), to.0))
        .collect()
}
