//! One package of a graph: the others are there already, or come from servers.

use std::collections::HashSet;

use crom_graph::{Binary, Graph, NodeId, RootSpec};
use crom_model::reference::PackageReference;

use super::Installation;
use crate::graph::{GraphRequest, load_lockfile, parse_reference, resolve, root, show_profiles};
use crate::{OpsError, Session};

/// A package that is in the cache now.
#[derive(Clone, Debug, PartialEq)]
pub struct BuiltPackage {
    /// With both revisions.
    pub package: PackageReference,
    /// False if it was there before.
    pub built: bool,
}

/// Which package of which graph.
#[derive(Clone, Debug, Default)]
pub struct BuildPackageRequest {
    /// The graph; where something is tested, that of the test package at the root's path.
    pub graph: GraphRequest,
    /// What the test package tests, with revision.
    pub tested: Option<String>,
    /// `name/version#rrev:package_id`
    pub package: String,
}

/// Builds the one package `name/version#rrev:package_id` of a graph. Nothing else is built: what it
/// needs must be in the cache or in a remote. Done at once if it is in the cache.
///
/// # Errors
/// The graph has no such package (any more), something that it needs isn't built, or a step fails.
pub fn build_package(
    session: &Session,
    request: &BuildPackageRequest,
) -> Result<BuiltPackage, OpsError> {
    let wanted = request.package.as_str();
    let tested = request.tested.as_deref().map(parse_reference).transpose()?;
    let request = &request.graph;
    let (mut spec, conanfile) = root(session, request)?;
    if let (Some(tested), Some(conanfile)) = (tested, &conanfile) {
        spec = RootSpec::test_package(conanfile.recipe.clone(), tested);
    }
    let lockfile = load_lockfile(session, &request.lockfile, conanfile.as_ref())?;
    let profiles = show_profiles(session, &request.profiles)?;
    let modes = [String::from("missing:*")];
    let choice = crate::graph::choice(Some(&modes))?;
    let mut resolved = resolve(
        session, request, profiles, &spec, conanfile, lockfile, &choice,
    )?;
    let node = find(&resolved.graph, wanted).ok_or_else(|| {
        OpsError::message(format!("'{wanted}' is not in the graph"))
            .with_hint("the recipes or profiles changed since it was planned: plan again")
    })?;
    let built = match resolved.graph.node(node).binary {
        Some(Binary::Cache) => false,
        Some(Binary::Build) => true,
        other => {
            let is = other.map_or("undecided", Binary::as_str);
            return Err(OpsError::message(format!(
                "'{wanted}' is {is}, not to be built"
            )));
        }
    };
    if built {
        keep_only(&mut resolved.graph, node)?;
        let mut installation = Installation::new(session, &mut resolved);
        installation.install_packages()?;
    }
    let package = resolved.graph.node(node).package_reference();
    let package =
        package.ok_or_else(|| OpsError::message(format!("'{wanted}' has no package id")))?;
    Ok(BuiltPackage { package, built })
}

fn find(graph: &Graph, wanted: &str) -> Option<NodeId> {
    let mut nodes = graph.ids().filter(|id| {
        let package = graph.node(*id).package_reference();
        package.is_some_and(|mut package| {
            package.revision = None;
            package.timestamp = None;
            package.repr_notime() == wanted
        })
    });
    // The same package may be there twice; one nobody needs would be left out.
    let all: Vec<NodeId> = nodes.by_ref().collect();
    let needed = |id: &&NodeId| graph.node(**id).binary != Some(Binary::Skip);
    all.iter().find(needed).or(all.first()).copied()
}

/// Leaves out what the package doesn't need.
fn keep_only(graph: &mut Graph, package: NodeId) -> Result<(), OpsError> {
    let mut kept = HashSet::from([package]);
    let mut open = vec![package];
    while let Some(id) = open.pop() {
        for edge in &graph.node(id).dependencies {
            if kept.insert(edge.to) {
                open.push(edge.to);
            }
        }
    }
    let same = graph.node(package).package_id.clone();
    for id in graph.ids() {
        let node = &mut graph.nodes[id.0];
        if !kept.contains(&id) {
            node.binary = Some(Binary::Skip);
        } else if node.binary.is_some_and(Binary::is_build) && node.package_id != same {
            return Err(OpsError::message(format!(
                "{} is needed and not built",
                node.display
            )));
        }
    }
    Ok(())
}
