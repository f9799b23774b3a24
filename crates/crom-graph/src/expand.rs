//! From a root to the whole graph.
//!
//! Depth first, in the order of declaration: a node's first requirement is followed to its leaves
//! before the second one is looked at. So while a node expands it has exactly one consumer, and
//! the chain of consumers up to the root is what a new requirement is checked against
//! ([`downstream`]): an override, a force or an expanded package there decides before a new node
//! is made. What a node gets is told to that chain ([`propagate`]), each step with the traits that
//! the package type in between leaves over.

mod configure;
mod downstream;
mod propagate;
mod prune;
mod replace;
mod resolve;
mod seen;

pub(crate) use resolve::matches_node;

use std::collections::VecDeque;

use crom_model::reporter::Reporter;
use crom_model::requirement::Requirement;
use crom_recipe::RecipeHost;

use crate::catalog::{Catalog, RecipeStatus};
use crate::graph::{Edge, Graph, NodeId, RequireId};
use crate::problem::{Conflict, GraphError, GraphProblem, Loop};
use crate::provides::find_provides_conflict;
use crate::recipes::RecipeLoader;
use crate::request::{GraphOptions, ProfilesInput, RootSpec};
use crate::transitive::TransitiveDep;
use downstream::Previous;

/// Computes the graph of a root, without package ids.
///
/// # Errors
/// When a recipe raises, or the input is wrong. A conflict, a loop or a package that can't be
/// found isn't an error here: it is [`Graph::error`], and the graph holds what was expanded.
pub fn expand(
    root: &RootSpec,
    profiles: &ProfilesInput,
    options: &GraphOptions,
    host: &dyn RecipeHost,
    catalog: &dyn Catalog,
    reporter: &dyn Reporter,
) -> Result<Graph, GraphError> {
    let mut expander = Expander::new(root, profiles, options, host, catalog)?;
    match expander.run(root) {
        Ok(()) => {}
        Err(Stop::Problem(problem)) => expander.graph.error = Some(*problem),
        Err(Stop::Error(error)) => return Err(error),
    }
    for node in &mut expander.graph.nodes {
        node.transitive.settle();
    }
    expander.graph.resolved_ranges = std::mem::take(&mut expander.recipes.ranges.resolved);
    warn_of_types(&expander.graph, reporter);
    for (range, found) in &expander.graph.resolved_ranges {
        reporter.verbose("", &format!("Version range {range} resolved to {found}"));
    }
    Ok(expander.graph)
}

/// A recipe that says what it is needs no options for it.
fn warn_of_types(graph: &Graph, reporter: &dyn Reporter) {
    for node in &graph.nodes {
        let options = ["shared", "header_only"];
        let Some(declared) = node.attributes.package_type.as_deref() else {
            continue;
        };
        if declared == "library" || !options.iter().any(|it| node.options.contains(it)) {
            continue;
        }
        let name = &node.display;
        reporter.warning(
            None,
            name,
            &format!(
                "{name}: package_type '{declared}' is defined, but 'shared' and/or 'header_only' \
                 options are present. The package_type will have precedence over the options \
                 regardless of their value."
            ),
        );
    }
}

/// Ends the expansion.
#[derive(Debug)]
enum Stop {
    /// The graph so far is the result.
    Problem(Box<GraphProblem>),
    /// There is no result.
    Error(GraphError),
}

impl<E: Into<GraphError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::Error(error.into())
    }
}

impl From<GraphProblem> for Stop {
    fn from(problem: GraphProblem) -> Self {
        Stop::Problem(Box::new(problem))
    }
}

/// The state of one expansion.
#[derive(Debug)]
struct Expander<'a> {
    configuration: configure::Configuration<'a>,
    options: &'a GraphOptions,
    host: &'a dyn RecipeHost,
    recipes: RecipeLoader<'a>,
    graph: Graph,
    seen: seen::Seen,
}

impl<'a> Expander<'a> {
    fn new(
        root: &RootSpec,
        profiles: &'a ProfilesInput,
        options: &'a GraphOptions,
        host: &'a dyn RecipeHost,
        catalog: &'a dyn Catalog,
    ) -> Result<Self, GraphError> {
        Ok(Self {
            configuration: configure::Configuration::new(profiles, root.scope.as_ref())?,
            options,
            host,
            recipes: RecipeLoader::new(host, catalog, options),
            graph: Graph::default(),
            seen: seen::Seen::default(),
        })
    }

    fn run(&mut self, root: &RootSpec) -> Result<(), Stop> {
        self.add_root(root)?;
        let root = NodeId(0);
        let mut open: VecDeque<(RequireId, NodeId)> = self
            .declare_requires(root)?
            .into_iter()
            .map(|it| (it, root))
            .collect();
        while let Some((require, node)) = open.pop_front() {
            if self.graph.require(require).is_override() {
                continue;
            }
            let Some(new) = self.expand_require(require, node)? else {
                continue;
            };
            if self.is_closed(new)? {
                continue;
            }
            for require in self.declare_requires(new)?.into_iter().rev() {
                open.push_front((require, new));
            }
        }
        self.remove_overrides();
        prune::remove_unused(&mut self.graph);
        self.check_provides()
    }

    fn check_provides(&self) -> Result<(), Stop> {
        match find_provides_conflict(&self.graph) {
            None => Ok(()),
            Some((first, second)) => Err(GraphProblem::Provides {
                first,
                first_ref: self.graph.node(first).label(),
                second,
                second_ref: self.graph.node(second).label(),
                provided: self.graph.node(second).attributes.metadata.provides.clone(),
            }
            .into()),
        }
    }

    /// A vendor package's own dependencies aren't looked at, unless it is to be built.
    fn is_closed(&self, id: NodeId) -> Result<bool, Stop> {
        let node = self.graph.node(id);
        if !node.vendor || node.recipe == RecipeStatus::Editable {
            return Ok(false);
        }
        Ok(node.conf.get_str("tools.graph:vendor")?.as_deref() != Some("build"))
    }

    /// Puts a node's requirements among what it sees, as not expanded yet, and returns those that
    /// are to be expanded.
    fn declare_requires(&mut self, id: NodeId) -> Result<Vec<RequireId>, Stop> {
        let node = self.graph.node(id);
        let skip_build = node
            .conf
            .get_bool("tools.graph:skip_build")?
            .unwrap_or(false);
        let skip_test = node
            .conf
            .get_bool("tools.graph:skip_test")?
            .unwrap_or(false);
        let mut open = Vec::new();
        for require in self.graph.node(id).requires.clone() {
            self.seen.declare(require);
            let declared = self.graph.require(require);
            if !declared.visible() && declared.package_id_mode.is_none() {
                if skip_build && declared.build {
                    self.graph.node_mut(id).skipped_build_requires = true;
                    continue;
                }
                if skip_test && declared.test() {
                    self.graph.node_mut(id).skipped_build_requires = true;
                    continue;
                }
            }
            open.push(require);
            self.replace_require(require, id);
            if let Some(lockfile) = &self.options.lockfile {
                lockfile.resolve_overrides(self.graph.require_mut(require))?;
            }
            let dep = TransitiveDep {
                require,
                key: require,
                node: None,
            };
            let Graph {
                nodes,
                requirements,
                ..
            } = &mut self.graph;
            nodes[id.0].transitive.declare(requirements, dep);
        }
        let wanted = open.iter().map(|it| self.graph.require(*it));
        let wanted: Vec<_> = wanted
            .filter(|require| !require.is_override())
            .map(|require| require.reference.clone())
            .collect();
        self.recipes.catalog.expect(&wanted);
        Ok(open)
    }

    /// Follows one requirement. Returns the node if it is a new one.
    fn expand_require(&mut self, require: RequireId, id: NodeId) -> Result<Option<NodeId>, Stop> {
        let mut previous_node = None;
        match self.find_downstream(require, id) {
            None => {}
            Some(Previous::Loop(ancestor)) => {
                return Err(self.loop_problem(id, require, ancestor).into());
            }
            Some(Previous::Found {
                require: previous,
                node,
                base,
            }) => {
                previous_node = node;
                let was = self.graph.require(previous).clone();
                let reference = match node {
                    Some(node) => self.graph.node(node).reference.clone(),
                    None => was.reference.clone(),
                };
                if was.force() || was.is_override() {
                    let this = self.graph.require_mut(require);
                    if this.overriden_ref.is_none() {
                        this.overriden_ref = Some(this.reference.clone());
                    }
                    this.override_ref = Some(
                        was.override_ref
                            .clone()
                            .unwrap_or_else(|| was.reference.clone()),
                    );
                    this.reference = reference;
                } else {
                    self.settle_version(require, id, &was, node, &reference, base)?;
                }
            }
        }
        match previous_node {
            None => self.new_node(require, id).map(Some),
            Some(existing) => {
                self.close_diamond(require, id, existing)?;
                Ok(None)
            }
        }
    }

    /// Two requirements of the same package: the new one takes the version that is there if it
    /// can, else it is a conflict.
    fn settle_version(
        &mut self,
        require: RequireId,
        id: NodeId,
        previous: &Requirement,
        previous_node: Option<NodeId>,
        reference: &crom_model::reference::RecipeReference,
        base: NodeId,
    ) -> Result<(), Stop> {
        let prereleases = self.options.resolve_prereleases;
        let range = self.range_of(require)?;
        let previous_range = match previous_node {
            Some(_) => None,
            None => previous.version_range().transpose().map_err(range_error)?,
        };
        let agreed = match (range, previous_range) {
            (Some(range), Some(previous)) => match range.intersection(&previous) {
                Some(both) => {
                    resolve::set_version(self.graph.require_mut(require), both.version());
                    true
                }
                None => false,
            },
            (Some(range), None) => {
                let fits = range.contains(&reference.version, prereleases);
                if fits {
                    self.graph.require_mut(require).reference = reference.clone();
                }
                fits
            }
            (None, Some(previous)) => {
                previous.contains(&self.graph.require(require).reference.version, prereleases)
            }
            (None, None) => {
                let wanted = &self.graph.require(require).reference;
                let revisions_fit = match (&wanted.revision, &reference.revision) {
                    (Some(wanted), Some(there)) => wanted == there,
                    _ => true,
                };
                wanted.same_without_revision(reference) && revisions_fit
            }
        };
        if agreed {
            return Ok(());
        }
        Err(GraphProblem::Conflict(Box::new(Conflict {
            node: id,
            node_ref: self.graph.node(id).python_ref(),
            require: self.graph.require(require).clone(),
            previous: previous_node,
            previous_ref: previous_node.map(|it| self.graph.node(it).label()),
            previous_require: previous.clone(),
            base,
            base_ref: self.graph.node(base).python_ref(),
        }))
        .into())
    }

    fn range_of(
        &self,
        require: RequireId,
    ) -> Result<Option<crom_model::version_range::VersionRange>, Stop> {
        self.graph
            .require(require)
            .version_range()
            .transpose()
            .map_err(range_error)
    }

    fn new_node(&mut self, require: RequireId, id: NodeId) -> Result<NodeId, Stop> {
        self.resolve_host_version(require, id)?;
        let new = self.resolve(require, id)?;
        let to = NodeId(self.graph.nodes.len());
        let (consumer, dependency) = (self.graph.node(id).package_type, new.package_type);
        self.graph
            .require_mut(require)
            .process_package_type(consumer, dependency);
        self.graph.nodes.push(new);
        self.add_edge(id, to, require);
        self.propagate(id, require, to, None)?;
        if let Some(ancestor) = self.find_loop(id, to) {
            return Err(self.loop_problem(to, require, ancestor).into());
        }
        Ok(to)
    }

    fn close_diamond(
        &mut self,
        require: RequireId,
        id: NodeId,
        existing: NodeId,
    ) -> Result<(), Stop> {
        let test = self.graph.node(existing).test
            && (self.graph.node(id).test || self.graph.require(require).test());
        self.graph.node_mut(existing).test = test;
        self.note_options_conflicts(require, id, existing);
        let (consumer, dependency) = (
            self.graph.node(id).package_type,
            self.graph.node(existing).package_type,
        );
        self.graph
            .require_mut(require)
            .process_package_type(consumer, dependency);
        self.add_edge(id, existing, require);
        self.propagate_diamond(id, require, existing)
    }

    fn add_edge(&mut self, from: NodeId, to: NodeId, require: RequireId) {
        let edge = Edge { from, to, require };
        self.graph.node_mut(from).dependencies.push(edge);
        self.graph.node_mut(to).dependants.push(edge);
    }

    /// The error of a circle: shown are its start, and who closes it with which requirement.
    fn loop_problem(&self, id: NodeId, require: RequireId, ancestor: NodeId) -> GraphProblem {
        GraphProblem::Loop(Box::new(Loop {
            ancestor,
            ancestor_ref: self.graph.node(ancestor).label(),
            require: self.graph.require(require).clone(),
            node: id,
            node_ref: self.graph.node(id).label(),
        }))
    }

    /// Overrides did their work; nobody sees a package through them.
    fn remove_overrides(&mut self) {
        let Graph {
            nodes,
            requirements,
            ..
        } = &mut self.graph;
        for node in nodes {
            node.transitive.retain(|dep| {
                !requirements
                    .get(dep.require.0)
                    .is_some_and(Requirement::is_override)
            });
        }
    }
}

fn range_error(error: crom_model::version_range::VersionRangeError) -> Stop {
    Stop::Error(GraphError::Other(error.to_string()))
}
