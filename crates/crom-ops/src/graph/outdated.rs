//! `graph outdated`: packages of a graph of which remotes have newer versions.

use crom_model::reference::RecipeReference;
use indexmap::{IndexMap, IndexSet};
use serde_json::{Value, json};

use super::{GraphRequest, expand, root};
use crate::source::Source;
use crate::{OpsError, Session, profiles};

/// A package that could be newer.
#[derive(Clone, Debug, PartialEq)]
pub struct OutdatedPackage {
    /// In the graph.
    pub current: Vec<String>,
    /// Ranges of the graph that mean it.
    pub ranges: Vec<String>,
    /// The newest version of all remotes, and its remote.
    pub latest: (String, String),
}

/// Outdated packages by name, in the order of the graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutdatedReport {
    /// By name.
    pub packages: IndexMap<String, OutdatedPackage>,
}

impl OutdatedReport {
    /// As Conan prints it.
    pub fn to_json(&self) -> Value {
        let packages = self.packages.iter().map(|(name, package)| {
            let (reference, remote) = &package.latest;
            let value = json!({
                "current_versions": package.current,
                "version_ranges": package.ranges,
                "latest_remote": {"ref": reference, "remote": remote},
            });
            (name.clone(), value)
        });
        Value::Object(packages.collect())
    }
}

/// What a graph has, by package name.
#[derive(Debug, Default)]
struct Present {
    versions: IndexSet<RecipeReference>,
    ranges: Vec<String>,
}

/// Looks for newer versions of all packages of a graph, also of one that isn't complete.
///
/// # Errors
/// A recipe, profile or remote that fails.
pub fn graph_outdated(
    session: &Session,
    request: &GraphRequest,
) -> Result<OutdatedReport, OpsError> {
    let (spec, conanfile) = root(session, request)?;
    let lockfile = super::lock::load_lockfile(session, &request.lockfile, conanfile.as_ref())?;
    let profiles = profiles(session, &request.profiles)?;
    let resolved = expand(session, request, profiles, &spec, conanfile, lockfile)?;
    session.cache()?.flush()?;
    let graph = &resolved.graph;
    let mut present: IndexMap<&str, Present> = IndexMap::new();
    for node in graph.nodes.iter().filter(|node| !node.recipe.is_root()) {
        let entry = present.entry(&node.reference.name).or_default();
        entry.versions.insert(node.reference.without_revision());
    }
    if present.is_empty() {
        return Ok(OutdatedReport::default());
    }
    for (range, found) in &graph.resolved_ranges {
        if let Some(entry) = present.get_mut(found.name.as_str()) {
            entry.ranges.push(range.clone());
        }
    }
    session.reporter().title("Checking remotes");
    let sources = Source::select(session, &request.remotes)?;
    let mut report = OutdatedReport::default();
    for (name, entry) in present {
        let Some((latest, remote)) = latest(session, &sources, name, &entry)? else {
            continue;
        };
        if entry.versions.iter().any(|it| it.version >= latest.version) {
            continue;
        }
        report.packages.insert(
            name.to_owned(),
            OutdatedPackage {
                current: entry.versions.iter().map(ToString::to_string).collect(),
                ranges: entry.ranges,
                latest: (latest.to_string(), remote),
            },
        );
    }
    Ok(report)
}

/// The newest of all remotes; the first remote of several that have it.
fn latest(
    session: &Session,
    sources: &[Source],
    name: &str,
    present: &Present,
) -> Result<Option<(RecipeReference, String)>, OpsError> {
    let mut newest: Option<(RecipeReference, String)> = None;
    for source in sources {
        let mut versions: Vec<RecipeReference> = Vec::new();
        for current in &present.versions {
            let mut search = current.clone();
            search.version = "*".into();
            if !source.allows(current) {
                continue;
            }
            for found in source.versions(&search)? {
                if !versions.contains(&found) {
                    versions.push(found);
                }
            }
        }
        if versions.is_empty() {
            continue;
        }
        session.reporter().status(
            "",
            &format!(
                "Found {} pkg/version recipes matching {name} in {}",
                versions.len(),
                source.name()
            ),
        );
        for found in versions {
            if newest
                .as_ref()
                .is_none_or(|(best, _)| best.version < found.version)
            {
                newest = Some((found, source.name().to_owned()));
            }
        }
    }
    Ok(newest)
}
