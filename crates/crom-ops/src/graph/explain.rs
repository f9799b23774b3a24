//! `graph explain`: which existing binaries are closest to a missing one, and what they have
//! otherwise.

use crom_graph::{Binary, Catalog, Difference, Node, NodeId, install_order};
use crom_model::reference::RecipeReference;
use serde_json::{Map, Value, json};

use super::{GraphRequest, Resolved, choice, decide, expand, finish_lockfile, problem_error, root};
use crate::packages::LOCAL_CACHE;
use crate::{OpsError, Session, profiles};

/// `graph explain`
#[derive(Clone, Debug, Default)]
pub struct ExplainRequest {
    /// Which graph.
    pub graph: GraphRequest,
    /// `--missing`: explain this package instead of the first that is missing.
    pub missing: Option<String>,
}

/// The closest binaries of one package.
#[derive(Clone, Debug)]
pub struct ExplainReport {
    /// With revision and time.
    pub reference: RecipeReference,
    /// All that are as close as the closest.
    pub packages: Vec<ClosestPackage>,
}

/// A binary that is close to the wanted one.
#[derive(Clone, Debug)]
pub struct ClosestPackage {
    /// Its id.
    pub package_id: String,
    /// `Local Cache`, or the remote that has it.
    pub origin: String,
    /// What it was made of.
    pub info: Map<String, Value>,
    /// What it has otherwise.
    pub difference: Difference,
}

impl ExplainReport {
    /// As Conan prints it.
    pub fn to_json(&self) -> Value {
        let mut revision = Map::new();
        revision.insert(String::from("timestamp"), json!(self.reference.timestamp));
        if !self.packages.is_empty() {
            let packages: Map<String, Value> = self
                .packages
                .iter()
                .map(|it| {
                    let value = json!({
                        "info": it.info,
                        "diff": it.difference.to_json(),
                        "remote": it.origin,
                    });
                    (it.package_id.clone(), value)
                })
                .collect();
            revision.insert(String::from("packages"), Value::Object(packages));
        }
        let rrev = self.reference.revision.clone().unwrap_or_default();
        let reference = self.reference.without_revision().to_string();
        json!({"closest_binaries": {reference: {"revisions": {rrev: revision}}}})
    }
}

/// Computes a graph and explains the first package in it that is missing; messages tell of the
/// others.
///
/// # Errors
/// A graph that can't be computed, or nothing missing.
pub fn graph_explain(
    session: &Session,
    request: &ExplainRequest,
) -> Result<ExplainReport, OpsError> {
    let (spec, conanfile) = root(session, &request.graph)?;
    let lockfile =
        super::lock::load_lockfile(session, &request.graph.lockfile, conanfile.as_ref())?;
    let profiles = profiles(session, &request.graph.profiles)?;
    let choice = choice(request.graph.build.as_deref())?;
    let graph_request = &request.graph;
    let mut resolved = expand(session, graph_request, profiles, &spec, conanfile, lockfile)?;
    if let Some(problem) = &resolved.graph.error {
        session.cache()?.flush()?;
        return Err(problem_error(&resolved.graph, problem));
    }
    decide(session, &mut resolved, &choice)?;
    session.cache()?.flush()?;
    let reporter = session.reporter();
    reporter.title("Retrieving and computing closest binaries");
    let missing = missing_packages(&resolved);
    let id = match &request.missing {
        None => missing.first().copied(),
        Some(wanted) => find(&resolved, wanted),
    };
    let Some(id) = id else {
        return Err(OpsError::message("There is no missing binary"));
    };
    let node = resolved.graph.node(id);
    reporter.status("", &format!("Missing binary: {}", node.label()));
    let dumps = node.info.as_ref().map(|info| info.dumps());
    reporter.status(
        "",
        &format!(
            "With conaninfo.txt (package_id):\n{}",
            dumps.unwrap_or_default()
        ),
    );
    let packages = closest(&resolved, node, &|line| reporter.status("", line))?;
    for other in missing.into_iter().filter(|it| *it != id) {
        for line in explain_briefly(&resolved, resolved.graph.node(other))? {
            reporter.status("", &line);
        }
    }
    reporter.title("Closest binaries");
    finish_lockfile(session, &request.graph, &resolved)?;
    Ok(ExplainReport {
        reference: node.reference.clone(),
        packages,
    })
}

/// In the order of installation.
fn missing_packages(resolved: &Resolved<'_>) -> Vec<NodeId> {
    let graph = &resolved.graph;
    install_order(graph)
        .into_iter()
        .flat_map(|level| level.items)
        .flat_map(|item| item.packages)
        .filter_map(|nodes| nodes.first().copied())
        .filter(|id| graph.node(*id).binary == Some(Binary::Missing))
        .collect()
}

fn find(resolved: &Resolved<'_>, wanted: &str) -> Option<NodeId> {
    let graph = &resolved.graph;
    let means = |id: &NodeId| {
        let node = graph.node(*id);
        !node.recipe.is_root() && node.reference.matches(wanted, node.is_consumer)
    };
    install_order(graph)
        .into_iter()
        .flat_map(|level| level.items)
        .flat_map(|item| item.packages.into_iter().flatten())
        .find(means)
}

/// The closest of all origins. `say` gets a line per origin.
pub(crate) fn closest(
    resolved: &Resolved<'_>,
    node: &Node,
    say: &dyn Fn(&str),
) -> Result<Vec<ClosestPackage>, OpsError> {
    let failed = |error: crom_graph::CatalogError| OpsError::message(error.to_string());
    let catalog = &resolved.catalog;
    let Some(wanted) = node.info.as_ref().map(|info| info.serialize()) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let mut add = |origin: &str, packages: Vec<(String, crom_model::conaninfo::ConanInfoText)>| {
        for (package_id, info) in packages {
            let info = info.to_json();
            found.push(ClosestPackage {
                package_id,
                origin: origin.to_owned(),
                difference: Difference::new(&wanted, &info),
                info,
            });
        }
    };
    say("Finding binaries in the cache");
    let cached = catalog.cached_packages(&node.reference).map_err(failed)?;
    add(LOCAL_CACHE, cached);
    for remote in catalog.remotes(&node.reference) {
        say(&format!("Finding binaries in remote {remote}"));
        let listed = catalog
            .remote_packages(&remote, &node.reference)
            .map_err(failed)?;
        add(&remote, listed);
    }
    let best = found.iter().map(|it| it.difference.distance()).min();
    let mut closest: Vec<ClosestPackage> = Vec::new();
    for package in found {
        let known = closest.iter().any(|it| it.package_id == package.package_id);
        if !known && Some(package.difference.distance()) == best {
            closest.push(package);
        }
    }
    Ok(closest)
}

/// The closest binary in the cache as a remedy: `zlib/1.3: the closest binary in the cache has ..`.
///
/// # Errors
/// The cache fails.
pub(crate) fn closest_cached(session: &Session, node: &Node) -> Result<Option<String>, OpsError> {
    let Some(wanted) = node.info.as_ref().map(|info| info.serialize()) else {
        return Ok(None);
    };
    let cache = session.cache()?;
    let mut best: Option<(String, Difference)> = None;
    for package in cache.package_ids(&node.reference)? {
        let info = cache.package(&package)?.conaninfo()?.to_json();
        let difference = Difference::new(&wanted, &info);
        if best
            .as_ref()
            .is_none_or(|(_, it)| difference.distance() < it.distance())
        {
            best = Some((package.package_id, difference));
        }
    }
    Ok(best.map(|(id, difference)| {
        format!(
            "the binary of {} in the cache that is closest is {id}: {}",
            node.label(),
            difference.lines().join("; ")
        )
    }))
}

/// A missing package beside the one that is explained.
fn explain_briefly(resolved: &Resolved<'_>, node: &Node) -> Result<Vec<String>, OpsError> {
    let mut lines = vec![format!(
        "Also missing: {}:{}",
        node.label(),
        node.package_id.as_deref().unwrap_or_default()
    )];
    let packages = closest(resolved, node, &|_| {})?;
    if packages.is_empty() {
        lines.push(String::from("    No package binaries exist"));
    }
    for package in packages {
        lines.push(format!(
            "    Closest: {} ({}). {}",
            package.package_id,
            package.origin,
            package.difference.explanation()
        ));
        let differences = package.difference.lines().into_iter();
        lines.extend(differences.map(|line| format!("        {line}")));
    }
    Ok(lines)
}
