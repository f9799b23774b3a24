//! Graphs are merged: a package is there once, however many graphs it is in.

use std::collections::{BTreeSet, HashSet};

use crom_graph::{Binary, Graph, Node, NodeId, RecipeStatus};
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::view::Context;
use crom_ops::{BatchRoot, ErrorKind, GraphBatch, OpsError};
use indexmap::IndexMap;

use super::combinations::{CombinationKey, ProfileCache};
use super::{
    BUILD_MODE, Combination, Outcome, Plan, PlannedPackage, PlannedTest, Resolved, State, why,
};
use crate::CenterError;

/// A plan that grows by graph.
pub(super) struct Merger<'b, 'a> {
    batch: &'b GraphBatch<'a>,
    plan: Plan,
    /// By package.
    tests: IndexMap<String, PlannedTest>,
}

impl<'b, 'a> Merger<'b, 'a> {
    /// `remotes` are asked why something isn't there.
    pub fn new(batch: &'b GraphBatch<'a>, remotes: &[String]) -> Self {
        let plan = Plan {
            remotes: remotes.to_vec(),
            ..Plan::default()
        };
        Self {
            batch,
            plan,
            tests: IndexMap::new(),
        }
    }

    /// A combination with its graph.
    ///
    /// # Errors
    /// A repository that can't be asked for reasons.
    pub fn add(
        &mut self,
        mut combination: Combination,
        graph: Resolved,
    ) -> Result<(), CenterError> {
        let index = self.plan.combinations.len();
        let graph = match graph {
            Ok(graph) => graph,
            Err(error) => {
                combination.outcome = outcome_of(&error);
                self.plan.combinations.push(combination);
                return Ok(());
            }
        };
        let root = graph.root().and_then(|root| root.dependencies.first());
        combination.package = root.and_then(|edge| key(graph.node(edge.to)));
        combination.outcome = graph.error.as_ref().map_or_else(
            || outcome(&graph),
            |problem| Outcome::Failed(problem.to_string()),
        );
        let (listed, profile) = (combination.listed.clone(), combination.profile.clone());
        let resolved = matches!(combination.outcome, Outcome::Ready | Outcome::Build);
        self.plan.combinations.push(combination);
        if graph.error.is_none() {
            self.merge(&graph, index, &listed, &profile, resolved)?;
        }
        Ok(())
    }

    /// The tests of everything that is built, and what only they need.
    ///
    /// # Errors
    /// As for [`Self::add`].
    pub fn add_tests(
        &mut self,
        keys: &[CombinationKey],
        profiles: &mut ProfileCache<'_>,
    ) -> Result<(), CenterError> {
        let mut done = HashSet::new();
        // Tests may need tools that are built and tested, too.
        loop {
            let mut open: Vec<String> = Vec::new();
            for (key, package) in &self.plan.packages {
                if !done.contains(key) && self.wants_test(key, package.state)? {
                    open.push(key.clone());
                }
            }
            if open.is_empty() {
                return Ok(());
            }
            for key in open {
                done.insert(key.clone());
                self.add_test(&key, keys, profiles)?;
            }
        }
    }

    /// What is built; and what was built in a run that ended before the test.
    fn wants_test(&self, key: &str, state: State) -> Result<bool, CenterError> {
        match state {
            State::Build => return Ok(true),
            State::Cached | State::Skipped => {}
            State::Remote | State::Invalid => return Ok(false),
        }
        let package = package_reference(key)?;
        // What nobody needs now may still have been built for something.
        if self.batch.cached(&package)?.is_none() {
            return Ok(false);
        }
        let tested = self
            .batch
            .metadata(&package)?
            .is_some_and(|folder| crom_fs::is_file(tested_file(&folder)));
        if tested {
            return Ok(false);
        }
        for remote in &self.plan.remotes {
            if self.batch.in_remote(remote, &package)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn add_test(
        &mut self,
        key: &str,
        keys: &[CombinationKey],
        profiles: &mut ProfileCache<'_>,
    ) -> Result<(), CenterError> {
        let Some(package) = self.plan.packages.get(key) else {
            return Ok(());
        };
        // A tool of the build context is tested where it is needed: by what it builds.
        if package.context == "build" {
            return Ok(());
        }
        let Some(mut test) = package.test.clone() else {
            return Ok(());
        };
        let reference = RecipeReference::loads(&package.reference)
            .map_err(|error| CenterError::message(error.to_string()))?
            .with_revision(&package.revision);
        let (index, listed) = (package.combination, package.wanted_by.first().cloned());
        let Some((_, Some(folder))) = self.batch.folders(&reference)? else {
            return Ok(());
        };
        let profile = keys[index].profile;
        let loaded = profiles.get(profile, &with(&keys[index].options, &test.options))?;
        let root = BatchRoot::Test(folder, reference);
        if let Ok(graph) = self.batch.resolve(&root, &loaded, &[BUILD_MODE.to_owned()])
            && graph.error.is_none()
        {
            let name = self.plan.combinations[index].profile.clone();
            let before = self.plan.packages.len();
            self.merge(&graph, index, &listed.unwrap_or_default(), &name, true)?;
            for (_, package) in self.plan.packages.iter_mut().skip(before) {
                package.test_of = Some(key.to_owned());
            }
            test.needs = self.needs(&graph, NodeId(0));
        }
        // A test that can't be resolved fails when it is run, with all that there is to say.
        test.needs.retain(|it| it != key);
        self.tests.insert(key.to_owned(), test);
        Ok(())
    }

    pub fn finish(mut self) -> Plan {
        let mut plan = self.plan;
        let built: HashSet<String> = plan.to_build().map(|(key, _)| key.clone()).collect();
        for package in plan.packages.values_mut() {
            package.needs.retain(|key| built.contains(key));
        }
        for (key, package) in &mut plan.packages {
            package.test = self.tests.swap_remove(key);
            if let Some(test) = &mut package.test {
                test.needs.retain(|key| built.contains(key));
            }
        }
        plan
    }

    fn merge(
        &mut self,
        graph: &Graph,
        index: usize,
        listed: &str,
        profile: &str,
        resolved: bool,
    ) -> Result<(), CenterError> {
        for id in graph.ids() {
            let node = graph.node(id);
            for python in &node.python_requires {
                self.plan.recipes.insert(python.reference.repr_notime());
            }
            if node.recipe.is_root() || node.recipe == RecipeStatus::Platform {
                continue;
            }
            self.plan.recipes.insert(node.reference.repr_notime());
            let Some(key) = key(node) else { continue };
            let state = state(node, resolved);
            let needs = if state == State::Build {
                self.needs(graph, id)
            } else {
                Vec::new()
            };
            let known = self.plan.packages.get(&key).map(|known| known.state);
            if known.is_none_or(|known| known < state) {
                let mut package = describe(graph, id, index, state);
                if state == State::Build {
                    package.why = Some(why::why(self.batch, node, &self.plan.remotes)?);
                }
                if let Some(before) = self.plan.packages.get(&key) {
                    package.profiles.clone_from(&before.profiles);
                    package.wanted_by.clone_from(&before.wanted_by);
                    package.needs.clone_from(&before.needs);
                }
                self.plan.packages.insert(key.clone(), package);
            }
            if let Some(package) = self.plan.packages.get_mut(&key) {
                package.profiles.insert(profile.to_owned());
                package.wanted_by.insert(listed.to_owned());
                for need in needs {
                    if need != key && !package.needs.contains(&need) {
                        package.needs.push(need);
                    }
                }
            }
        }
        Ok(())
    }

    /// Everything below a node that is built.
    fn needs(&self, graph: &Graph, id: NodeId) -> Vec<String> {
        let mut seen = HashSet::from([id]);
        let mut open = vec![id];
        let mut needs = Vec::new();
        while let Some(at) = open.pop() {
            for edge in &graph.node(at).dependencies {
                if !seen.insert(edge.to) {
                    continue;
                }
                let dependency = graph.node(edge.to);
                if dependency.binary == Some(Binary::Build) {
                    // What that needs is its own affair.
                    needs.extend(key(dependency));
                } else {
                    open.push(edge.to);
                }
            }
        }
        needs
    }
}

/// Where a package's metadata says that its test passed.
pub(crate) fn tested_file(metadata: &std::path::Path) -> std::path::PathBuf {
    metadata.join("center").join("test.json")
}

/// Of a key of the plan.
pub(crate) fn package_reference(key: &str) -> Result<PackageReference, CenterError> {
    PackageReference::loads(key).map_err(|error| CenterError::message(error.to_string()))
}

/// Later values win.
pub(super) fn with(options: &[String], more: &[String]) -> Vec<String> {
    options.iter().chain(more).cloned().collect()
}

fn outcome_of(error: &OpsError) -> Outcome {
    match error.kind() {
        ErrorKind::InvalidConfiguration => Outcome::Invalid(error.to_string()),
        _ => Outcome::Failed(error.to_string()),
    }
}

/// Of a graph without conflict.
fn outcome(graph: &Graph) -> Outcome {
    let nodes = || graph.nodes.iter().filter(|node| !node.recipe.is_root());
    if let Some(node) = nodes().find(|node| node.binary == Some(Binary::Invalid)) {
        let reason = node.invalid().or(node.cant_build()).unwrap_or_default();
        return Outcome::Invalid(format!("{}: {reason}", node.label()));
    }
    if let Some(node) = nodes().find(|node| node.binary == Some(Binary::Missing)) {
        return Outcome::Failed(format!(
            "{}: there is no binary, and its recipe doesn't allow to build one",
            node.label()
        ));
    }
    if nodes().any(|node| node.binary == Some(Binary::Build)) {
        Outcome::Build
    } else {
        Outcome::Ready
    }
}

/// What is part of something invalid isn't built for that.
fn state(node: &Node, resolved: bool) -> State {
    match node.binary {
        Some(Binary::Build) if resolved => State::Build,
        Some(Binary::Cache) => State::Cached,
        Some(Binary::Download | Binary::Update) => State::Remote,
        Some(Binary::Invalid) => State::Invalid,
        _ => State::Skipped,
    }
}

fn key(node: &Node) -> Option<String> {
    let mut package = node.package_reference()?;
    package.revision = None;
    package.timestamp = None;
    Some(package.repr_notime())
}

fn describe(graph: &Graph, id: NodeId, combination: usize, state: State) -> PlannedPackage {
    let node = graph.node(id);
    let values = |section: &str| -> Vec<String> {
        let info = node.info.as_ref().map(|info| info.serialize());
        let section = info
            .as_ref()
            .and_then(|info| info.get(section)?.as_object());
        let text = |value: &serde_json::Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        section
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name}={}", text(value)))
            .collect()
    };
    let context = match node.context {
        Context::Host => "host",
        Context::Build => "build",
    };
    PlannedPackage {
        reference: node.reference.without_revision().to_string(),
        revision: node.reference.revision.clone().unwrap_or_default(),
        package_id: node.package_id.clone().unwrap_or_default(),
        state,
        cached: None,
        in_test: None,
        in_production: None,
        why: None,
        needs: Vec::new(),
        depends: node
            .dependencies
            .iter()
            .filter(|edge| {
                let require = graph.require(edge.require);
                !require.build && !require.test()
            })
            .filter_map(|edge| key(graph.node(edge.to)))
            .collect(),
        test: Some(PlannedTest {
            needs: Vec::new(),
            options: all_options(graph, id),
        }),
        profiles: BTreeSet::new(),
        wanted_by: BTreeSet::new(),
        combination,
        test_of: None,
        context: context.to_owned(),
        settings: values("settings"),
        options: values("options"),
        license: license(node),
    }
}

/// Options of a package and everything that it sees, as the graph has them.
fn all_options(graph: &Graph, id: NodeId) -> Vec<String> {
    let below = graph
        .dependencies_of(id)
        .filter(|(require, _)| !require.build && !require.test())
        .map(|(_, dependency)| dependency);
    let mut options = BTreeSet::new();
    for node in std::iter::once(id).chain(below).map(|id| graph.node(id)) {
        for (name, value) in node.options.items() {
            if let Some(value) = value {
                options.insert(format!("{}/*:{name}={value}", node.reference.name));
            }
        }
    }
    options.into_iter().collect()
}

fn license(node: &Node) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    match node.attributes.inspect.get("license") {
        Some(serde_json::Value::Array(many)) => many.iter().filter_map(text).collect(),
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    }
}
