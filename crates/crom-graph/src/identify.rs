//! What goes into package ids, and the ids.

use std::sync::Arc;

use crom_model::conaninfo::ConanInfo;
use crom_model::package_id::{PythonRequiresInfo, RequirementInfo, RequirementsInfo};
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::reporter::{Reporter, Silent};
use crom_model::requirement::{PackageIdMode, PackageIdModeInput};
use crom_model::version::Version;
use crom_model::version_range::VersionRange;
use crom_model::view::{GraphView, PackageView};
use crom_recipe::{Alternative, IdentifyInput, RecipeAttributes, RecipeHost, RecipeSource};

use crate::catalog::RecipeStatus;
use crate::graph::{Graph, Node, NodeId, RequireId};
use crate::problem::GraphError;
use crate::request::GraphOptions;
use crate::views::package_view;

/// Gives every node its package id, without looking whether binaries exist. For what needs ids of
/// a graph as it stands; [`crate::decide`] identifies by itself, since a compatible binary that is
/// found changes the ids of consumers.
///
/// # Errors
/// When a recipe raises.
pub fn identify(
    graph: &mut Graph,
    options: &GraphOptions,
    host: &dyn RecipeHost,
) -> Result<(), GraphError> {
    let mut identifier = Identifier::new(graph, options, host, &Silent);
    for level in graph.levels() {
        let view = identifier.view();
        for id in &level {
            identifier.identify(graph, *id, &view)?;
        }
        for id in level {
            identifier.refresh(graph, id);
        }
    }
    Ok(())
}

/// Identifies nodes, dependencies before consumers.
#[derive(Debug)]
pub(crate) struct Identifier<'a> {
    options: &'a GraphOptions,
    host: &'a dyn RecipeHost,
    reporter: &'a dyn Reporter,
    views: Vec<Arc<PackageView>>,
}

/// A configuration that is tried instead of the wanted one.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) package_id: String,
    pub(crate) info: ConanInfo,
}

impl<'a> Identifier<'a> {
    pub(crate) fn new(
        graph: &Graph,
        options: &'a GraphOptions,
        host: &'a dyn RecipeHost,
        reporter: &'a dyn Reporter,
    ) -> Self {
        let views = graph
            .ids()
            .map(|id| Arc::new(package_view(graph, id)))
            .collect();
        Self {
            options,
            host,
            reporter,
            views,
        }
    }

    /// The graph as recipes see it now. One for each level is enough: nodes of a level don't see
    /// each other.
    pub(crate) fn view(&self) -> Arc<GraphView> {
        Arc::new(GraphView {
            nodes: self.views.clone(),
        })
    }

    /// Shows consumers what is known of a node now.
    pub(crate) fn refresh(&mut self, graph: &Graph, id: NodeId) {
        let node = graph.node(id);
        if let Some(view) = self.views.get_mut(id.0) {
            let view = Arc::make_mut(view);
            view.package_id.clone_from(&node.package_id);
            view.prev.clone_from(&node.prev);
            view.info.clone_from(&node.info);
            view.settings.clone_from(&node.settings);
            view.options.clone_from(&node.options);
        }
    }

    /// Runs the recipe's third phase. Returns what its `compatibility()` offers.
    pub(crate) fn identify(
        &self,
        graph: &mut Graph,
        id: NodeId,
        view: &Arc<GraphView>,
    ) -> Result<Vec<Alternative>, GraphError> {
        let node = graph.node(id);
        let Some(configure) = node.configure.clone() else {
            let info = self.initial_info(graph, id)?;
            let node = graph.node_mut(id);
            node.package_id = Some(info.package_id());
            node.info = Some(Arc::new(info));
            return Ok(Vec::new());
        };
        if !has_package_id(&configure.inspect.recipe.source, node.recipe) {
            return Ok(Vec::new());
        }
        let info = self.initial_info(graph, id)?;
        let output = self.host.identify(&IdentifyInput {
            instance: configure.instance,
            configure,
            info,
            graph: view.clone(),
            node: id.0,
            first: true,
        })?;
        let node = graph.node_mut(id);
        node.layout = Some(Arc::new(output.layout));
        if is_declared(node) {
            return Ok(Vec::new());
        }
        let mut info = output.info;
        info.invalid = output.invalid;
        info.cant_build = output.cant_build;
        node.package_id = Some(info.package_id());
        node.build_id = output.build_id_info.map(|info| info.package_id());
        node.info = Some(Arc::new(info));
        Ok(output.alternatives)
    }

    /// The third phase once more, with other settings and options. None if the recipe refuses
    /// them.
    pub(crate) fn try_alternative(
        &self,
        graph: &mut Graph,
        id: NodeId,
        view: &Arc<GraphView>,
        alternative: &Alternative,
    ) -> Result<Option<Candidate>, GraphError> {
        let mut info = self.initial_info(graph, id)?;
        for (name, value) in &alternative.settings {
            // `("build_type", None)` unsets it.
            if value == "None" {
                info.settings.set(name, None)?;
            } else {
                info.settings.update_values([(name, value)], false)?;
            }
        }
        for (name, value) in &alternative.options {
            info.options.set(name, Some(value))?;
        }
        if !alternative.settings_target.is_empty()
            && let Some(target) = &mut info.settings_target
        {
            target.update_values(alternative.settings_target.iter(), false)?;
        }
        info.compatibility_delta = Some(crom_model::conaninfo::CompatibilityDelta {
            settings: pairs(&alternative.settings),
            options: pairs(&alternative.options),
        });
        let Some(configure) = graph.node(id).configure.clone() else {
            return Ok(None);
        };
        let output = self.host.identify(&IdentifyInput {
            instance: configure.instance,
            configure,
            info,
            graph: view.clone(),
            node: id.0,
            first: false,
        })?;
        if output.invalid.is_some() {
            return Ok(None);
        }
        let mut info = output.info;
        info.invalid = None;
        info.cant_build = output.cant_build;
        Ok(Some(Candidate {
            package_id: info.package_id(),
            info,
        }))
    }

    /// Before `package_id()`.
    fn initial_info(&self, graph: &mut Graph, id: NodeId) -> Result<ConanInfo, GraphError> {
        let seen: Vec<(RequireId, NodeId)> = graph
            .node(id)
            .transitive
            .iter()
            .filter_map(|dep| Some((dep.key, dep.node?)))
            .collect();
        let (mut requires, mut build_requires) = (Vec::new(), Vec::new());
        let mut suboptimal = false;
        for (require, dep) in seen {
            suboptimal |= self.deduce_mode(graph, id, require, dep);
            let require = graph.require(require);
            let Some(mode) = &require.package_id_mode else {
                continue;
            };
            let dep = graph.node(dep);
            let package = PackageReference::new(
                reference_in_id(dep),
                dep.package_id.clone().unwrap_or_default(),
            );
            let info = RequirementInfo::with_mode_name(package, mode)?;
            let list = if require.build {
                &mut build_requires
            } else {
                &mut requires
            };
            list.push(info);
        }
        let node = graph.node(id);
        if suboptimal {
            self.reporter.warning(
                Some("risk"),
                &node.label(),
                "Transitive dependencies with 'headers=False' effect in 'package_id' is not \
                 necessary and suboptimal. Use required_conan_version='>=2.28' to activate it",
            );
        }
        if node.vendor {
            requires.clear();
            build_requires.clear();
        }
        let python: Vec<_> = node
            .python_requires
            .iter()
            .map(|it| (it.reference.clone(), it.mode.clone()))
            .collect();
        Ok(ConanInfo {
            settings: node.settings.copy_for_info(),
            options: node.options.copy_for_info(),
            requires: RequirementsInfo { items: requires },
            build_requires: RequirementsInfo {
                items: build_requires,
            },
            python_requires: PythonRequiresInfo::new(&python, &self.options.modes.python)?,
            conf: node.conf.copy_conaninfo_conf()?,
            config_version: self.options.config_version.clone(),
            ..ConanInfo::default()
        })
    }

    /// A mode that the requirement leaves open follows from types, the dependency's recipe and
    /// confs.
    fn deduce_mode(&self, graph: &mut Graph, id: NodeId, require: RequireId, dep: NodeId) -> bool {
        let options: &'a GraphOptions = self.options;
        let modes = &options.modes;
        let attributes = graph.node(dep).attributes.clone();
        let or = |own: Option<PackageIdMode>, default: &'a String| {
            Some(own.map_or(default.as_str(), |mode| mode.as_str()))
        };
        let consumer = graph.node(id);
        let input = PackageIdModeInput {
            consumer: consumer.package_type,
            dependency: graph.node(dep).package_type,
            non_embed_mode: or(attributes.package_id_non_embed_mode, &modes.non_embed),
            embed_mode: or(attributes.package_id_embed_mode, &modes.embed),
            unknown_mode: or(attributes.package_id_unknown_mode, &modes.unknown),
            build_mode: attributes
                .build_mode
                .map(PackageIdMode::as_str)
                .or(modes.build.as_deref()),
            fix_transitive_static: fixes_transitive_static(&consumer.attributes),
        };
        graph.require_mut(require).deduce_package_id_mode(&input)
    }
}

/// Does the recipe's `required_conan_version` ask for 2.28 or newer? Since then a static library
/// that is only passed on for linking doesn't enter the id.
fn fixes_transitive_static(attributes: &RecipeAttributes) -> bool {
    let Some(required) = attributes
        .inspect
        .get("required_conan_version")
        .and_then(serde_json::Value::as_str)
    else {
        return false;
    };
    VersionRange::parse(required)
        .is_ok_and(|range| !range.contains(&Version::new("2.27.99"), Some(true)))
}

/// The revision `platform` is only for people.
fn reference_in_id(dep: &Node) -> RecipeReference {
    let named = dep.recipe == RecipeStatus::Platform
        && dep.reference.revision.as_deref() == Some("platform");
    if named {
        dep.reference.without_revision()
    } else {
        dep.reference.clone()
    }
}

fn pairs(values: &indexmap::IndexMap<String, String>) -> Vec<(String, String)> {
    values
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The root of `--requires` has no package; a `conanfile.txt` may have a layout.
fn has_package_id(source: &RecipeSource, status: RecipeStatus) -> bool {
    match source {
        RecipeSource::Python(_) => true,
        RecipeSource::Declared { layout, .. } => status != RecipeStatus::Cli && layout.is_some(),
    }
}

fn is_declared(node: &Node) -> bool {
    node.file
        .as_ref()
        .is_some_and(|file| matches!(file.source, RecipeSource::Declared { .. }))
}
