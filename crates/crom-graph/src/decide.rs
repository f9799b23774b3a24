//! What is done about each package's binary.
//!
//! Nodes are identified and decided level by level, dependencies first: a compatible binary that
//! is found for a dependency has another id, settings and options, and its consumers' ids are made
//! of those.

mod compatible;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crom_model::reference::PackageReference;
use crom_model::reporter::Reporter;
use crom_model::view::{Context, GraphView};
use crom_recipe::{Alternative, RecipeHost};
use indexmap::IndexMap;

use crate::build_mode::{BuildMode, Forced};
use crate::catalog::{Catalog, FoundBinary, RecipeStatus};
use crate::compatibility::CompatibilityRules;
use crate::graph::{Binary, Graph, NodeId};
use crate::identify::Identifier;
use crate::problem::GraphError;
use crate::request::GraphOptions;
use crate::skip::skip_binaries;

/// Which packages are built.
#[derive(Clone, Debug, Default)]
pub struct BuildChoice {
    mode: BuildMode,
    /// For a test package: packages of the tested graph, which aren't built again.
    tested: Option<HashSet<String>>,
}

impl BuildChoice {
    /// `--build` of the command.
    pub fn new(mode: BuildMode) -> Self {
        Self { mode, tested: None }
    }

    /// For the graph of a test package: `--build-test` (or `--build`) holds only for packages that
    /// the tested graph doesn't have.
    pub fn for_test(mode: BuildMode, tested: &Graph) -> Self {
        let packages = tested
            .nodes
            .iter()
            .filter(|node| !node.recipe.is_root())
            .filter_map(|node| node.package_reference())
            .map(|package| identity(&package))
            .collect();
        Self {
            mode,
            tested: Some(packages),
        }
    }
}

/// Who is asked for a decision.
#[derive(Clone, Copy, Debug)]
pub struct Decider<'a> {
    /// The same as for the expansion.
    pub options: &'a GraphOptions,
    /// Recipes.
    pub host: &'a dyn RecipeHost,
    /// Binaries.
    pub catalog: &'a dyn Catalog,
    /// Compatible configurations beside those that recipes offer.
    pub rules: &'a dyn CompatibilityRules,
    /// Gets the lines that explain decisions.
    pub reporter: &'a dyn Reporter,
}

/// Gives every node its package id, and every node but the root its [`Binary`].
///
/// # Errors
/// When a recipe raises, or the cache or a remote fails.
pub fn decide(
    graph: &mut Graph,
    choice: &BuildChoice,
    decider: Decider<'_>,
) -> Result<(), GraphError> {
    if choice.mode.is_cascade() {
        decider.reporter.warning(
            None,
            "",
            "Using build-mode 'cascade' is generally inefficient and it shouldn't be used. Use \
             'package_id' and 'package_id_modes' for more efficient re-builds",
        );
    }
    let mut identifier = Identifier::new(graph, decider.options, decider.host, decider.reporter);
    let mut run = Run {
        with: decider,
        never: BuildMode::never(),
        decided: Decided::default(),
        asked_servers: false,
    };
    for level in graph.levels() {
        let view = identifier.view();
        let mut offers: HashMap<NodeId, Vec<Alternative>> = HashMap::new();
        for id in &level {
            offers.insert(*id, identifier.identify(graph, *id, &view)?);
        }
        for id in repeated_last(graph, &level) {
            if graph.node(id).recipe.is_root() && id == NodeId(0) {
                continue;
            }
            let mode = match (&choice.tested, graph.node(id).package_reference()) {
                (Some(tested), Some(package)) if tested.contains(&identity(&package)) => &run.never,
                _ => &choice.mode,
            }
            .clone();
            let offered = offers.remove(&id).unwrap_or_default();
            let mut one = Deciding {
                run: &mut run,
                identifier: &identifier,
                view: &view,
                mode,
                id,
                offered,
            };
            one.decide(graph)?;
        }
        for id in level {
            identifier.refresh(graph, id);
        }
    }
    if run.asked_servers && !decider.options.optimized_compatibility {
        decider.reporter.status(
            "",
            "\nA new experimental approach for binary compatibility detection is available.\n    \
             Enable it by setting the core.graph:compatibility_mode=optimized conf\n    and get \
             improved performance when querying multiple compatible binaries in remotes.\n",
        );
    }
    skip_binaries(graph)
}

/// First one node of each package, then those that are the same package.
fn repeated_last(graph: &Graph, level: &[NodeId]) -> Vec<NodeId> {
    let mut by_package: IndexMap<Option<String>, Vec<NodeId>> = IndexMap::new();
    for id in level {
        let key = graph.node(*id).package_reference().map(|it| identity(&it));
        by_package.entry(key).or_default().push(*id);
    }
    let firsts = by_package.values().filter_map(|ids| ids.first()).copied();
    let others = by_package
        .values()
        .flat_map(|ids| ids.iter().skip(1))
        .copied();
    firsts.chain(others).collect()
}

/// `ref#rrev:package_id`
fn identity(package: &PackageReference) -> String {
    format!("{}:{}", package.reference.repr_notime(), package.package_id)
}

/// State of one [`decide`].
#[derive(Debug)]
struct Run<'a> {
    with: Decider<'a>,
    never: BuildMode,
    decided: Decided,
    asked_servers: bool,
}

/// The first node of each package, by recipe revision and package id.
#[derive(Debug, Default)]
struct Decided(HashMap<String, HashMap<String, NodeId>>);

impl Decided {
    fn get(&self, package: &PackageReference) -> Option<NodeId> {
        let packages = self.0.get(&package.reference.repr_notime())?;
        packages.get(&package.package_id).copied()
    }

    fn insert(&mut self, package: &PackageReference, node: NodeId) {
        let packages = self.0.entry(package.reference.repr_notime()).or_default();
        packages.insert(package.package_id.clone(), node);
    }

    /// Does the graph have this recipe in another configuration?
    fn has_other(&self, package: &PackageReference) -> bool {
        let packages = self.0.get(&package.reference.repr_notime());
        packages.is_some_and(|packages| packages.keys().any(|id| *id != package.package_id))
    }
}

/// The decision about one node.
#[derive(Debug)]
struct Deciding<'r, 'a> {
    run: &'r mut Run<'a>,
    identifier: &'r Identifier<'a>,
    view: &'r Arc<GraphView>,
    mode: BuildMode,
    id: NodeId,
    offered: Vec<Alternative>,
}

impl Deciding<'_, '_> {
    fn decide(&mut self, graph: &mut Graph) -> Result<(), GraphError> {
        let node = graph.node(self.id);
        if node.attributes.build_policy.as_deref() == Some("always") && !self.mode.is_never() {
            return Err(GraphError::Other(format!(
                "{}: build_policy='always' has been removed. Please use 'missing' only",
                node.label()
            )));
        }
        if let Some(locked) = self.locked_revision(graph) {
            return self.decide_locked(graph, locked);
        }
        self.decide_main(graph)?;
        let mut compatibles = None;
        let node = graph.node(self.id);
        if node.binary == Some(Binary::Missing) && !self.mode.builds_if_missing(node) {
            if self.has_other_binaries(graph)? {
                let found = self.compatibles(graph)?;
                self.find_compatible(graph, &found)?;
                compatibles = Some(found);
            } else {
                self.say_none_exist(graph)?;
            }
        }
        let node = graph.node(self.id);
        if node.binary == Some(Binary::Missing) && self.mode.allows(node) {
            if node.attributes.build_policy.as_deref() == Some("missing") {
                self.say(
                    graph,
                    "Building package from source as defined by build_policy='missing'",
                );
            }
            let node = graph.node_mut(self.id);
            node.should_build = true;
            node.built_if_needed = true;
            node.binary = Some(buildable(node.cant_build()));
        }
        let node = graph.node(self.id);
        if node.binary == Some(Binary::Invalid) && self.mode.allows_compatible(node) {
            let found = match compatibles {
                Some(found) => found,
                None => {
                    let found = self.compatibles(graph)?;
                    self.find_compatible(graph, &found)?;
                    found
                }
            };
            if graph.node(self.id).binary == Some(Binary::Invalid) && !found.is_empty() {
                self.build_compatible(graph, &found)?;
            }
        }
        self.check_build(graph)
    }

    /// Whether a package that is to be built can be.
    fn check_build(&self, graph: &mut Graph) -> Result<(), GraphError> {
        let node = graph.node(self.id);
        if node.binary != Some(Binary::Build) {
            return Ok(());
        }
        let vendor = node.conf.get_str("tools.graph:vendor")?;
        let editable = graph.dependencies_of(self.id).any(|(_, dep)| {
            matches!(
                graph.node(dep).binary,
                Some(Binary::Editable | Binary::EditableBuild)
            )
        });
        let label = node.label();
        let refused = node.vendor && vendor.as_deref() != Some("build");
        if node.skipped_build_requires {
            return Err(GraphError::Other(format!(
                "Package {label} skipped its test/tool requires with tools.graph:skip_build, but \
                 was marked to be built"
            )));
        }
        if editable {
            self.run.with.reporter.warning(
                Some("risk"),
                &label,
                "Package is being built in the cache using editable dependencies, this is dangerous",
            );
        }
        if refused {
            let why = format!(
                "The package '{label}' is a vendoring one, needs to be built from source, but it \
                 didn't enable 'tools.graph:vendor=build' to compute its dependencies"
            );
            let node = graph.node_mut(self.id);
            if let Some(info) = &mut node.info {
                Arc::make_mut(info).invalid = Some(why);
            }
            node.binary = Some(Binary::Invalid);
        }
        Ok(())
    }

    fn locked_revision(&self, graph: &Graph) -> Option<String> {
        let lockfile = self.run.with.options.lockfile.as_ref()?;
        let node = graph.node(self.id);
        let package_id = node.package_id.as_ref()?;
        lockfile.resolve_prev(&node.reference, package_id, node.context == Context::Build)
    }

    fn decide_locked(&mut self, graph: &mut Graph, locked: String) -> Result<(), GraphError> {
        if self.take_decided(graph) || self.force_build(graph) {
            return Ok(());
        }
        let Some(package) = graph.node(self.id).package_reference() else {
            return Ok(());
        };
        let package = package.with_revision(&locked);
        let cached = self.run.with.catalog.has_cached_revision(&package)?;
        let node = graph.node_mut(self.id);
        if node.recipe == RecipeStatus::Editable {
            node.binary = Some(Binary::Editable);
            return Ok(());
        }
        node.prev = Some(locked);
        if cached {
            node.binary = Some(Binary::Cache);
            return Ok(());
        }
        let Some(info) = node.info.clone() else {
            return Ok(());
        };
        let remotes = self.remotes(graph);
        for remote in remotes {
            if self
                .run
                .with
                .catalog
                .remote_binary(&remote, &package, &info)?
                .is_some()
            {
                let node = graph.node_mut(self.id);
                node.binary = Some(Binary::Download);
                node.binary_remote = Some(remote);
                return Ok(());
            }
        }
        graph.node_mut(self.id).binary = Some(Binary::Missing);
        Ok(())
    }

    /// The wanted configuration itself.
    fn decide_main(&mut self, graph: &mut Graph) -> Result<(), GraphError> {
        if self.take_decided(graph) {
            return Ok(());
        }
        let node = graph.node_mut(self.id);
        if node.recipe == RecipeStatus::Platform {
            node.binary = Some(Binary::Platform);
            return Ok(());
        }
        if node.invalid().is_some() {
            node.binary = Some(Binary::Invalid);
            return Ok(());
        }
        if node.recipe == RecipeStatus::Editable {
            let built = self.mode.builds_editables() || self.force_build(graph);
            let node = graph.node_mut(self.id);
            node.binary = Some(if built {
                Binary::EditableBuild
            } else {
                Binary::Editable
            });
            return Ok(());
        }
        if self.force_build(graph) {
            return Ok(());
        }
        let Some(package) = graph.node(self.id).package_reference() else {
            return Ok(());
        };
        let cached = self.run.with.catalog.cached_binary(&package)?;
        self.use_existing(graph, cached, true)
    }

    /// Every package is decided once; other nodes of it get the same.
    fn take_decided(&mut self, graph: &mut Graph) -> bool {
        let Some(package) = graph.node(self.id).package_reference() else {
            return false;
        };
        match self.run.decided.get(&package) {
            Some(first) if first != self.id => {
                let first = graph.node(first).clone_decision();
                graph.node_mut(self.id).take_decision(first);
                true
            }
            Some(_) => false,
            None => {
                self.run.decided.insert(&package, self.id);
                false
            }
        }
    }

    fn force_build(&self, graph: &mut Graph) -> bool {
        let node = graph.node(self.id);
        let built_below = node
            .dependencies
            .iter()
            .any(|edge| graph.node(edge.to).binary.is_some_and(Binary::is_build));
        match self.mode.forces(node, built_below) {
            Forced::No => false,
            Forced::Excluded => {
                self.say(graph, "Excluded build from source");
                false
            }
            Forced::Yes => {
                self.say(graph, "Forced build from source");
                let node = graph.node_mut(self.id);
                node.should_build = true;
                node.binary = Some(buildable(node.cant_build()));
                node.prev = None;
                true
            }
        }
    }

    /// From the cache's answer to Cache, Download, Update or Missing.
    fn use_existing(
        &self,
        graph: &mut Graph,
        cached: Option<FoundBinary>,
        ask_remotes: bool,
    ) -> Result<(), GraphError> {
        let node = graph.node(self.id);
        let local_only = node.attributes.upload_policy.as_deref() == Some("skip");
        let update = self.run.with.options.update.wants(&node.reference);
        let asked = ask_remotes && !local_only && (cached.is_none() || update);
        let remote = if asked {
            self.find_in_remotes(graph, update)?
        } else {
            None
        };
        if cached.is_some() && asked && remote.is_none() {
            if self.remotes(graph).is_empty() {
                self.warn(graph, "Can't update, there are no remotes defined");
            }
            self.warn(graph, "Can't update, no package in remote");
        }
        let node = graph.node_mut(self.id);
        match (cached, remote) {
            (None, None) => node.binary = Some(Binary::Missing),
            (None, Some((name, found))) => {
                node.binary = Some(Binary::Download);
                node.binary_remote = Some(name);
                node.prev = Some(found.revision);
                node.prev_timestamp = Some(found.timestamp);
            }
            (Some(cached), Some((name, found)))
                if cached.timestamp < found.timestamp && cached.revision != found.revision =>
            {
                node.binary = Some(Binary::Update);
                node.binary_remote = Some(name);
                node.prev = Some(found.revision);
                node.prev_timestamp = Some(found.timestamp);
                self.say(
                    graph,
                    "Current package revision is older than the remote one",
                );
            }
            (Some(cached), found) => {
                let newer = found.is_some_and(|(_, found)| {
                    cached.timestamp > found.timestamp && cached.revision != found.revision
                });
                node.binary = Some(Binary::Cache);
                node.binary_remote = None;
                node.prev = Some(cached.revision);
                node.prev_timestamp = Some(cached.timestamp);
                if newer {
                    self.say(
                        graph,
                        "Current package revision is newer than the remote one",
                    );
                }
            }
        }
        Ok(())
    }

    /// The first remote that has the package; with an update the newest of all.
    fn find_in_remotes(
        &self,
        graph: &Graph,
        update: bool,
    ) -> Result<Option<(String, FoundBinary)>, GraphError> {
        let node = graph.node(self.id);
        let (Some(package), Some(info)) = (node.package_reference(), node.info.clone()) else {
            return Ok(None);
        };
        let mut newest: Option<(String, FoundBinary)> = None;
        for remote in self.remotes(graph) {
            let Some(found) = self
                .run
                .with
                .catalog
                .remote_binary(&remote, &package, &info)?
            else {
                continue;
            };
            if !update {
                return Ok(Some((remote, found)));
            }
            if newest
                .as_ref()
                .is_none_or(|(_, it)| it.timestamp < found.timestamp)
            {
                newest = Some((remote, found));
            }
        }
        Ok(newest)
    }

    /// The recipe's own remote first.
    fn remotes(&self, graph: &Graph) -> Vec<String> {
        let node = graph.node(self.id);
        let mut remotes = self.run.with.catalog.remotes(&node.reference);
        if let Some(own) = &node.remote
            && let Some(at) = remotes.iter().position(|it| it == own)
        {
            remotes[..=at].rotate_right(1);
        }
        remotes
    }

    fn say(&self, graph: &Graph, text: &str) {
        self.run
            .with
            .reporter
            .status(&graph.node(self.id).label(), text);
    }

    fn warn(&self, graph: &Graph, text: &str) {
        self.run
            .with
            .reporter
            .warning(None, &graph.node(self.id).label(), text);
    }
}

fn buildable(cant_build: Option<&str>) -> Binary {
    if cant_build.is_some() {
        Binary::Invalid
    } else {
        Binary::Build
    }
}

/// What is decided about a node.
#[derive(Clone, Debug)]
struct Decision {
    package_id: Option<String>,
    binary: Option<Binary>,
    binary_remote: Option<String>,
    prev: Option<String>,
    prev_timestamp: Option<f64>,
    should_build: bool,
    built_if_needed: bool,
}

impl crate::graph::Node {
    fn clone_decision(&self) -> Decision {
        Decision {
            package_id: self.package_id.clone(),
            binary: self.binary,
            binary_remote: self.binary_remote.clone(),
            prev: self.prev.clone(),
            prev_timestamp: self.prev_timestamp,
            should_build: self.should_build,
            built_if_needed: self.built_if_needed,
        }
    }

    fn take_decision(&mut self, decision: Decision) {
        self.package_id = decision.package_id;
        self.binary = decision.binary;
        self.binary_remote = decision.binary_remote;
        self.prev = decision.prev;
        self.prev_timestamp = decision.prev_timestamp;
        self.should_build = decision.should_build;
        self.built_if_needed = decision.built_if_needed;
    }

    fn try_id(&mut self, package_id: &str) {
        self.package_id = Some(package_id.to_owned());
        self.binary = None;
        self.prev = None;
        self.prev_timestamp = None;
    }
}
