//! What must be built: every package x profile x option combination, merged.

mod combinations;
mod html;
mod merge;
mod order;
mod text;
mod why;

use std::collections::BTreeSet;

use crom_graph::Graph;
use crom_ops::{BatchRoot, GraphBatch, OpsError, RemoteSelection, Session};
use crom_store::remotes::Remotes;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::git::{Checkout, checkout};
use crate::{CenterError, Fork};
use combinations::ProfileCache;
pub(crate) use combinations::profile_names;
pub use combinations::{CombinationKey, profile_selection};
use merge::Merger;
pub(crate) use merge::{package_reference, tested_file};

/// The mode in which all graphs of a fork are decided: what isn't there exactly as it is wanted is built,
/// compatible or not.
pub const BUILD_MODE: &str = "missing:*";

/// How a plan is made.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Ask no remote.
    pub offline: bool,
    /// Leave test packages out.
    pub no_test: bool,
    /// Only packages of the list with these names or references; all where there are none.
    pub only: Vec<String>,
}

/// Everything that the list asks for, and what is to be done about it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The state of the fork that it was made from.
    pub fork: Checkout,
    /// Names of repositories that were asked.
    pub remotes: Vec<String>,
    /// In the order of the list.
    pub combinations: Vec<Combination>,
    /// By `name/version#rrev:package_id`; dependencies before what needs them.
    pub packages: IndexMap<String, PlannedPackage>,
    /// All recipes of the graphs as `name/version#rrev`, with those that only recipes use.
    pub recipes: BTreeSet<String>,
    /// Packages that wait for each other: nothing of them can be built.
    pub stuck: Vec<String>,
}

/// One package for one profile with one set of options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Combination {
    /// As in the list.
    pub listed: String,
    /// The profile's name.
    pub profile: String,
    /// `pattern:name=value`
    pub options: Vec<String>,
    /// The package that it comes to, a key of [`Plan::packages`].
    pub package: Option<String>,
    /// What is to be done.
    pub outcome: Outcome,
}

/// What a combination comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "reason", rename_all = "lowercase")]
pub enum Outcome {
    /// All of it is there.
    Ready,
    /// Something must be built.
    Build,
    /// A recipe refuses this configuration.
    Invalid(String),
    /// It can't be resolved.
    Failed(String),
}

/// What is to be done about a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody needs the binary.
    Skipped,
    /// It is in a repository, and comes from there if something that is built needs it.
    Remote,
    /// It is in the cache.
    Cached,
    /// It is built.
    Build,
    /// A recipe refuses the configuration.
    Invalid,
}

/// A package of the merged graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedPackage {
    /// `name/version`
    pub reference: String,
    /// Recipe revision.
    pub revision: String,
    /// Its id.
    pub package_id: String,
    /// What is to be done about it.
    pub state: State,
    /// Revision in the cache.
    pub cached: Option<String>,
    /// Revision in the test repository.
    pub in_test: Option<String>,
    /// Revision in the production repository.
    pub in_production: Option<String>,
    /// Why it is built.
    pub why: Option<Why>,
    /// What must be built before it: keys.
    pub needs: Vec<String>,
    /// What it uses itself, tools aside: keys.
    pub depends: Vec<String>,
    /// The test package that is run on it: after it was built, or because it never was.
    pub test: Option<PlannedTest>,
    /// Profiles whose graphs it is in.
    pub profiles: BTreeSet<String>,
    /// Lines of the list that lead to it.
    pub wanted_by: BTreeSet<String>,
    /// The first combination whose graph it is in.
    pub combination: usize,
    /// It is only in the graph of the test package of this one.
    pub test_of: Option<String>,
    /// `build` or `host` there.
    pub context: String,
    /// `compiler=gcc`, ...: what went into its id.
    pub settings: Vec<String>,
    /// `shared=False`, ...
    pub options: Vec<String>,
    /// As the recipe says.
    pub license: Vec<String>,
}

/// A run of a test package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTest {
    /// What must be built before it, beside the package.
    pub needs: Vec<String>,
    /// All options of the package and what it depends on, so that the test has the very same.
    pub options: Vec<String>,
}

/// Why there is no binary yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The kind of reason.
    pub kind: WhyKind,
    /// In words: `changed recipe, was 3a5b...`.
    pub text: String,
}

/// Kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyKind {
    /// Nothing of that name is anywhere.
    NewPackage,
    /// There are only other versions.
    NewVersion,
    /// There are only other revisions of the recipe.
    ChangedRecipe,
    /// There are binaries with other dependencies.
    ChangedDependency,
    /// There are binaries with other settings or confs.
    ChangedProfile,
    /// There are binaries with other options.
    NewOptions,
    /// A binary with the same content of its id can't be told apart.
    Missing,
}

impl Plan {
    /// What is built, dependencies first.
    pub fn to_build(&self) -> impl Iterator<Item = (&String, &PlannedPackage)> {
        self.packages
            .iter()
            .filter(|(_, package)| package.state == State::Build)
    }

    /// Levels of keys: each needs only what is in earlier ones.
    pub fn levels(&self) -> Vec<Vec<&str>> {
        order::levels(self)
    }

    /// Combinations that can't be resolved.
    pub fn failures(&self) -> impl Iterator<Item = &Combination> {
        let failed = |it: &&Combination| matches!(it.outcome, Outcome::Failed(_));
        self.combinations.iter().filter(failed)
    }
}

/// Makes the plan of a fork. `progress` gets how many of how many combinations are done.
///
/// # Errors
/// A profile that can't be read, remotes that can't be asked. What a single recipe does wrong is part of
/// the plan.
pub fn plan(
    session: &Session,
    fork: &Fork,
    options: &PlanOptions,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Plan, CenterError> {
    let remotes = known_remotes(session, fork, options.offline)?;
    let batch = GraphBatch::new(session, &remote_selection(fork, &remotes))?;
    let mut profiles = ProfileCache::new(session, fork);
    let keys = combinations::all(fork, &options.only)?;
    let mut merger = Merger::new(&batch, &remotes);
    for (index, key) in keys.iter().enumerate() {
        progress(index, keys.len());
        let loaded = profiles.get(key.profile, &key.options)?;
        let root = BatchRoot::Package(key.listed.clone());
        let graph = batch.resolve(&root, &loaded, &[BUILD_MODE.to_owned()]);
        merger.add(key.combination(fork), graph)?;
    }
    progress(keys.len(), keys.len());
    if !options.no_test {
        merger.add_tests(&keys, &mut profiles)?;
    }
    let mut plan = merger.finish();
    plan.fork = checkout(&fork.root)?;
    locate(&batch, fork, &mut plan)?;
    order::sort(&mut plan);
    batch.finish()?;
    Ok(plan)
}

/// Fork first, then the repositories that there are.
pub(crate) fn remote_selection(fork: &Fork, remotes: &[String]) -> RemoteSelection {
    RemoteSelection {
        patterns: remotes.to_vec(),
        none: remotes.is_empty(),
        index: Some(fork.root.clone()),
        ..RemoteSelection::default()
    }
}

/// Those of the list's repositories that the home knows; none without network.
pub(crate) fn known_remotes(
    session: &Session,
    fork: &Fork,
    offline: bool,
) -> Result<Vec<String>, CenterError> {
    if offline {
        return Ok(Vec::new());
    }
    let remotes = Remotes::load(session.home()).map_err(OpsError::from)?;
    let names = &fork.list.remotes;
    let mut known = Vec::new();
    for name in [&names.test, &names.production] {
        match remotes.get_enabled(name) {
            Ok(_) => known.push(name.clone()),
            Err(_) => session.reporter().warning(
                None,
                "",
                &format!("the home has no remote '{name}': what is there isn't known"),
            ),
        }
    }
    Ok(known)
}

/// Which repositories have which binaries.
fn locate(batch: &GraphBatch<'_>, fork: &Fork, plan: &mut Plan) -> Result<(), CenterError> {
    let names = &fork.list.remotes;
    for (key, package) in &mut plan.packages {
        if package.state == State::Invalid {
            continue;
        }
        let Ok(reference) = crom_model::reference::PackageReference::loads(key) else {
            continue;
        };
        let revision = |found: Option<crom_graph::FoundBinary>| found.map(|it| it.revision);
        package.cached = revision(batch.cached(&reference)?);
        for (name, place) in [
            (&names.test, &mut package.in_test),
            (&names.production, &mut package.in_production),
        ] {
            if plan.remotes.contains(name) {
                *place = revision(batch.in_remote(name, &reference)?);
            }
        }
    }
    Ok(())
}

/// A graph, or why there is none.
type Resolved = Result<Graph, OpsError>;

#[cfg(test)]
pub(crate) mod tests;
