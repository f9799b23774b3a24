//! A requirement becomes a node: which recipe it is, and how that is configured.

use std::sync::Arc;

use crom_model::conf::Conf;
use crom_model::options::{Options, PackageOptions};
use crom_model::package_type::PackageType;
use crom_model::reference::RecipeReference;
use crom_model::requirement::Requirement;
use crom_model::settings::Settings;
use crom_model::view::{Context, SettingValues};
use crom_recipe::{ConfigureInput, InstanceId, RecipeAttributes, RequirementDeclaration, Role};

use super::configure::{Asked, PackageConfiguration, options_for_requested};
use super::{Expander, Stop};
use crate::catalog::RecipeStatus;
use crate::graph::{Node, NodeId, OptionsConflict, RequireId};
use crate::problem::{GraphError, GraphProblem};
use crate::recipes::{LoadedRecipe, root_recipe};
use crate::request::{RootKind, RootSpec};
use crate::transitive::TransitiveDeps;

impl Expander<'_> {
    pub(super) fn add_root(&mut self, root: &RootSpec) -> Result<(), Stop> {
        let status = match root.kind {
            RootKind::Cli => RecipeStatus::Cli,
            RootKind::Consumer | RootKind::TestPackage { .. } => RecipeStatus::Consumer,
        };
        let tested = match &root.kind {
            RootKind::TestPackage { tested } => Some(tested),
            RootKind::Cli | RootKind::Consumer => None,
        };
        let loaded = self.recipes.inspect(
            root_recipe(&root.recipe, status),
            root.given.clone(),
            tested,
        )?;
        let attributes = &loaded.attributes;
        let reference = RecipeReference {
            name: attributes.name.clone().unwrap_or_default(),
            version: attributes.version.clone().unwrap_or_default().into(),
            user: attributes.user.clone(),
            channel: attributes.channel.clone(),
            revision: root.revision.clone(),
            timestamp: None,
        };
        // For `--requires`, `&` means what is required.
        let is_consumer = root.kind != RootKind::Cli;
        let named = !reference.name.is_empty() && root.kind != RootKind::Cli;
        if named && root.scope.is_none() {
            self.configuration.scope_host_options(&reference);
        }
        let configuration = self.configuration.of(&Asked {
            reference: named.then_some(&reference),
            is_consumer,
            base: Context::Host,
            build_require: root.build_require,
            parent_target: None,
        })?;
        let new = NewNode {
            loaded: &loaded,
            reference: reference.clone(),
            context: root.context(),
            role: match &root.kind {
                RootKind::TestPackage { tested } => Role::TestPackage {
                    tested: tested.clone(),
                },
                RootKind::Consumer => Role::Consumer,
                RootKind::Cli => Role::Dependency,
            },
            test: false,
            is_consumer,
            down_options: Options::default(),
        };
        let mut node = self.configured(new, configuration)?;
        node.display = match (&root.kind, named) {
            (RootKind::Consumer, true) => {
                format!("{} ({})", root.display, short_reference(&reference))
            }
            _ => root.display.clone(),
        };
        self.graph.nodes.push(node);
        Ok(())
    }

    /// The node for a requirement that nothing in the graph answers yet.
    pub(super) fn resolve(&mut self, require: RequireId, id: NodeId) -> Result<Node, Stop> {
        if let Some(lockfile) = &self.options.lockfile {
            let build =
                self.graph.node(id).context == Context::Build || self.graph.require(require).build;
            let prereleases = self.options.resolve_prereleases;
            lockfile.resolve_locked(self.graph.require_mut(require), build, prereleases)?;
        }
        let consumer = self.graph.node(id);
        let context = match (self.graph.require(require).build, consumer.context) {
            (false, Context::Host) => Context::Host,
            _ => Context::Build,
        };
        if let Some(reference) = self.platform(require, id)? {
            return Ok(platform_node(reference, context));
        }
        let loaded = self.find_recipe(require, id)?;
        let reference = loaded.found.reference.clone();
        let consumer = self.graph.node(id);
        let requested = consumer.recipe == RecipeStatus::Cli || is_test_package(consumer);
        let configuration = self.configuration.of(&Asked {
            reference: Some(&reference),
            is_consumer: requested,
            base: consumer.context,
            build_require: self.graph.require(require).build,
            parent_target: consumer
                .configure
                .as_ref()
                .and_then(|configure| configure.settings_target.as_ref()),
        })?;
        let new = NewNode {
            test: consumer.test || self.graph.require(require).test(),
            down_options: self.down_options(require, id, &reference)?,
            loaded: &loaded,
            context,
            role: match loaded.found.status {
                RecipeStatus::Editable => Role::Editable,
                _ => Role::Dependency,
            },
            is_consumer: requested,
            reference,
        };
        let node = self.configured(new, configuration)?;
        let consumer = self.graph.node(id);
        if node.package_type == PackageType::Configuration && consumer.recipe != RecipeStatus::Cli {
            return Err(Stop::Error(GraphError::Other(format!(
                "Configuration package {} cannot be used as requirement, but {} is requiring it",
                node.label(),
                consumer.label()
            ))));
        }
        Ok(node)
    }

    fn find_recipe(&mut self, require: RequireId, id: NodeId) -> Result<Arc<LoadedRecipe>, Stop> {
        let consumer = self.graph.node(id);
        let (required_by, label) = (consumer.python_ref(), consumer.label());
        let found = self
            .recipes
            .ranges
            .resolve(&mut self.graph.requirements[require.0], &required_by)
            .map_err(GraphError::from)
            .and_then(|()| {
                self.recipes
                    .load(&self.graph.requirements[require.0].reference)
            });
        found.map_err(|error| match error {
            GraphError::Lockfile(_) => Stop::Error(error),
            error => GraphProblem::Missing {
                message: error.unresolved_message(),
                hint: error.hint(),
                require: Box::new(self.graph.require(require).clone()),
                node: id,
                required_by: label,
            }
            .into(),
        })
    }

    /// Runs the recipe's configuration methods and makes a node of the answer.
    fn configured(
        &mut self,
        new: NewNode<'_>,
        configuration: PackageConfiguration,
    ) -> Result<Node, Stop> {
        let NewNode {
            loaded,
            reference,
            context,
            role,
            test,
            is_consumer,
            down_options,
        } = new;
        let profile_options = match role {
            Role::Dependency | Role::Editable if is_consumer => {
                options_for_requested(&configuration.options, &reference)
            }
            _ => configuration.options,
        };
        let input = Arc::new(ConfigureInput {
            instance: InstanceId::next(),
            inspect: loaded.inspect.clone(),
            attributes: loaded.attributes.clone(),
            reference: reference.clone(),
            context,
            role,
            settings_definition: self.configuration.settings_definition.clone(),
            settings: configuration.settings,
            settings_build: configuration.settings_build,
            settings_target: configuration.settings_target,
            profile_options,
            down_options,
            conf: configuration.conf.clone(),
            conf_build: configuration.conf_build,
            hidden_settings: false,
        });
        let output = self.host.configure(&input)?;
        let mut node = Node {
            display: short_reference(&reference),
            reference,
            recipe: loaded.found.status,
            file: Some(loaded.found.recipe.clone()),
            remote: loaded.found.remote.clone(),
            context,
            test,
            is_consumer,
            configure: Some(input),
            attributes: loaded.attributes.clone(),
            python_requires: loaded.python_requires.clone(),
            settings: output.settings,
            options: output.options,
            package_type: output.package_type,
            languages: output.languages,
            vendor: output.vendor,
            conf: configuration.conf,
            up_options: output.up_options,
            private_up_options: output.private_up_options,
            ..platform_node(RecipeReference::default(), context)
        };
        let mut declared = output.requires;
        self.add_profile_tools(&node, &mut declared);
        node.requires = declared
            .into_iter()
            .map(|it| self.graph.add_requirement(it))
            .collect();
        Ok(node)
    }

    /// `[tool_requires]` of the profile; one replaces a declared tool of the same package.
    fn add_profile_tools(&self, node: &Node, declared: &mut Vec<Requirement>) {
        let profile = &self.configuration.profile(node.context).profile;
        for (pattern, tools) in &profile.tool_requires {
            if !matches_node(node, pattern) {
                continue;
            }
            for tool in tools {
                let itself = node.has_reference()
                    && tool.name == node.reference.name
                    && tool.user == node.reference.user
                    && tool.channel == node.reference.channel;
                if itself {
                    continue;
                }
                let require = Requirement::tool(tool.clone());
                match declared.iter_mut().find(|it| it.collides(&require)) {
                    Some(existing) => *existing = require,
                    None => declared.push(require),
                }
            }
        }
    }

    /// What the consumer wants of the options of a dependency and of those above it.
    fn down_options(
        &self,
        require: RequireId,
        id: NodeId,
        reference: &RecipeReference,
    ) -> Result<Options, GraphError> {
        let (consumer, require) = (self.graph.node(id), self.graph.require(require));
        let visible = require.visible() && !consumer.vendor;
        if let Some(values) = &require.options {
            let pairs: Vec<(String, Option<String>)> = values
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            let mut options = Options::from_pairs(&pairs)?;
            options.scope(reference);
            if visible {
                options.update_options(&consumer.up_options)?;
            }
            return Ok(options);
        }
        if visible {
            return Ok(consumer.up_options.clone());
        }
        if !require.build {
            return Ok(consumer.private_up_options.clone());
        }
        let pairs: Vec<(String, Option<String>)> = consumer
            .attributes
            .default_build_options
            .iter()
            .map(|(name, value)| (name.clone(), option_text(value)))
            .collect();
        Ok(Options::from_pairs(&pairs)?)
    }

    /// Remembers what a second consumer wants of the options of a package that is there.
    pub(super) fn note_options_conflicts(
        &mut self,
        require: RequireId,
        id: NodeId,
        existing: NodeId,
    ) {
        let node = self.graph.node(existing);
        let Ok(down) = self.down_options(require, id, &node.reference) else {
            return;
        };
        let mut found: Vec<(String, Option<String>, String)> = Vec::new();
        for (pattern, wanted) in &down.deps {
            if !node.reference.matches(pattern, false) {
                continue;
            }
            for (name, value) in wanted.items() {
                let there = node.options.get_safe(name);
                if there.is_some() && there != value {
                    found.push((
                        name.to_owned(),
                        there.map(str::to_owned),
                        value.unwrap_or("None").to_owned(),
                    ));
                }
            }
        }
        let reference = node.reference.without_revision().to_string();
        let who = self.graph.node(id).label();
        for (option, value, wanted) in found {
            let conflicts = &mut self.graph.options_conflicts;
            match conflicts
                .iter_mut()
                .find(|it| it.reference == reference && it.option == option)
            {
                Some(conflict) => conflict.conflicts.push((who.clone(), wanted)),
                None => conflicts.push(OptionsConflict {
                    reference: reference.clone(),
                    option,
                    value,
                    conflicts: vec![(who.clone(), wanted)],
                }),
            }
        }
    }

    /// `tool_requires("protobuf/<host_version>")`: the version that the host context has.
    pub(super) fn resolve_host_version(
        &mut self,
        require: RequireId,
        id: NodeId,
    ) -> Result<(), Stop> {
        let this = self.graph.require(require);
        let version = this.reference.version.as_str();
        let Some(inside) = version
            .strip_prefix("<host_version")
            .and_then(|it| it.strip_suffix('>'))
        else {
            return Ok(());
        };
        let consumer = python_name(self.graph.node(id));
        if !this.build || this.visible() {
            return Err(Stop::Error(GraphError::Other(format!(
                "{consumer} require '{}': 'host_version' can only be used for non-visible \
                 tool_requires",
                this.reference
            ))));
        }
        let mut reference = this.reference.clone();
        if let Some(name) = inside.strip_prefix(':') {
            reference.name = name.to_owned();
        }
        let mut tracked = Requirement::new(reference.clone());
        tracked.headers = Some(true);
        tracked.libs = Some(true);
        tracked.visible = Some(true);
        let found = self
            .find_host_version(id, &tracked)
            .map(|found| self.graph.require(found).reference.clone())
            .filter(|it| it.user == reference.user && it.channel == reference.channel);
        match found {
            Some(found) => {
                set_version(self.graph.require_mut(require), found.version);
                Ok(())
            }
            None => Err(Stop::Error(GraphError::Other(format!(
                "{consumer} require '{reference}': didn't find a matching host dependency"
            )))),
        }
    }

    /// `[platform_requires]` and `[platform_tool_requires]`: the machine has it.
    fn platform(
        &mut self,
        require: RequireId,
        id: NodeId,
    ) -> Result<Option<RecipeReference>, Stop> {
        let range = self.range_of(require)?;
        let this = &self.graph.requirements[require.0];
        let profile = &self
            .configuration
            .profile(self.graph.node(id).context)
            .profile;
        let offered = if this.build {
            &profile.platform_tool_requires
        } else {
            &profile.platform_requires
        };
        let found = offered
            .iter()
            .filter(|it| it.name == this.reference.name)
            .find(|it| match &range {
                Some(range) => range.contains(&it.version, self.options.resolve_prereleases),
                None => {
                    it.version == this.reference.version
                        && match (&it.revision, &this.reference.revision) {
                            (Some(a), Some(b)) => a == b,
                            _ => true,
                        }
                }
            });
        let Some(found) = found.cloned() else {
            return Ok(None);
        };
        let this = self.graph.require_mut(require);
        if range.is_some() {
            set_version(this, found.version.clone());
        }
        let revision = found.revision.as_deref().unwrap_or("platform");
        this.reference.revision = Some(revision.to_owned());
        Ok(Some(found))
    }
}

/// A node about to be configured.
#[derive(Debug)]
struct NewNode<'a> {
    loaded: &'a LoadedRecipe,
    reference: RecipeReference,
    context: Context,
    role: Role,
    test: bool,
    is_consumer: bool,
    down_options: Options,
}

/// What is required becomes another version, as if it had been declared so.
pub(super) fn set_version(require: &mut Requirement, version: crom_model::version::Version) {
    if require.declared.version == require.reference.version {
        require.declared.version = version.clone();
    }
    require.reference.version = version;
}

/// Is the node the conanfile of a test package?
pub(crate) fn is_test_package(node: &Node) -> bool {
    node.configure
        .as_ref()
        .is_some_and(|it| matches!(it.role, Role::TestPackage { .. }))
}

/// Does a pattern of a profile or of `--build` mean this node?
pub(crate) fn matches_node(node: &Node, pattern: &str) -> bool {
    if node.has_reference() && node.recipe != RecipeStatus::Cli {
        return node.reference.matches(pattern, node.is_consumer);
    }
    match pattern.strip_prefix(['!', '~']) {
        Some(negated) => !matches_anonymous(node, negated),
        None => matches_anonymous(node, pattern),
    }
}

fn matches_anonymous(node: &Node, pattern: &str) -> bool {
    pattern == "*" || (pattern == "&" && node.is_consumer)
}

/// The name of a consumer as Python prints its reference: nothing for one without name, and
/// `None` for a version that isn't there.
fn python_name(node: &Node) -> String {
    if node.reference.name.is_empty() {
        String::new()
    } else if node.reference.version.is_empty() {
        format!("{}/None", node.reference.name)
    } else {
        node.label()
    }
}

fn short_reference(reference: &RecipeReference) -> String {
    let text = reference.without_revision().to_string();
    if reference.version.is_empty() {
        reference.name.clone()
    } else {
        text
    }
}

/// A value of `default_build_options` as an option has it.
fn option_text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Bool(true) => Some(String::from("True")),
        serde_json::Value::Bool(false) => Some(String::from("False")),
        other => Some(other.to_string()),
    }
}

/// A package that the machine has: no recipe, no settings, no options.
fn platform_node(mut reference: RecipeReference, context: Context) -> Node {
    reference
        .revision
        .get_or_insert_with(|| String::from("platform"));
    Node {
        display: short_reference(&reference),
        reference,
        recipe: RecipeStatus::Platform,
        file: None,
        remote: None,
        context,
        test: false,
        is_consumer: false,
        configure: None,
        attributes: Arc::new(RecipeAttributes {
            requires: Vec::<RequirementDeclaration>::new(),
            revision_mode: String::from("hash"),
            ..RecipeAttributes::default()
        }),
        python_requires: Vec::new(),
        settings: Settings::from_values(SettingValues::new()),
        options: PackageOptions::default(),
        package_type: PackageType::Unknown,
        languages: Vec::new(),
        vendor: false,
        conf: Conf::default(),
        up_options: Options::default(),
        private_up_options: Options::default(),
        requires: Vec::new(),
        dependencies: Vec::new(),
        dependants: Vec::new(),
        transitive: TransitiveDeps::default(),
        skipped_build_requires: false,
        info: None,
        package_id: None,
        build_id: None,
        layout: None,
        binary: None,
        should_build: false,
        built_if_needed: false,
        prev: None,
        prev_timestamp: None,
        binary_remote: None,
    }
}
