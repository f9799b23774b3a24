use std::sync::Arc;

use crom_model::conf::Conf;
use crom_model::options::{Options, PackageOptions};
use crom_model::package_type::PackageType;
use crom_model::reference::RecipeReference;
use crom_model::requirement::Requirement;
use crom_model::settings::{Settings, SettingsDefinition};
use crom_model::view::{Context, SettingValues};
use serde::{Deserialize, Serialize};

use crate::{InspectInput, InstanceId, Reads, RecipeAttributes};

/// The part that a recipe plays in its graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Role {
    /// Required by somebody.
    Dependency,
    /// Required by somebody, and in the user's folder: editable.
    Editable,
    /// The conanfile that a command was given: patterns `&` mean it.
    Consumer,
    /// The conanfile of a test package.
    TestPackage {
        /// What it tests.
        tested: RecipeReference,
    },
}

impl Role {
    /// The conanfile that a command is about.
    pub fn is_consumer(&self) -> bool {
        matches!(self, Role::Consumer | Role::TestPackage { .. })
    }

    /// In the user's folder, not in the cache.
    pub fn is_local(&self) -> bool {
        *self != Role::Dependency
    }
}

/// Input of the second phase: one node of a graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfigureInput {
    /// The node.
    pub instance: InstanceId,
    /// How the class came about.
    pub inspect: Arc<InspectInput>,
    /// What inspection found.
    pub attributes: Arc<RecipeAttributes>,
    /// With the recipe revision for one in the cache. Name and version may be empty for a consumer.
    pub reference: RecipeReference,
    /// Which profile applies.
    pub context: Context,
    /// Consumer or dependency.
    pub role: Role,
    /// `settings.yml` of the home.
    pub settings_definition: Arc<SettingsDefinition>,
    /// The profile's values for this package: patterns are applied already.
    pub settings: SettingValues,
    /// `self.settings_build`
    pub settings_build: Arc<SettingValues>,
    /// `self.settings_target`, for tools of the build context.
    pub settings_target: Option<Arc<SettingValues>>,
    /// The profile's options, unfiltered.
    pub profile_options: Arc<Options>,
    /// What consumers want of this package's options and of those above it.
    pub down_options: Options,
    /// The confs of profile and `global.conf` for this package: patterns are applied already.
    pub conf: Conf,
    /// `self.conf_build`: those of the build context's profile for this package.
    #[serde(default)]
    pub conf_build: Conf,
    /// True while only the class-level part may run: `export` and `inspect` need no options.
    pub hidden_settings: bool,
}

/// Output of the second phase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfigureOutput {
    /// What is left after removals.
    pub settings: Settings,
    /// Final own options with their definitions.
    pub options: PackageOptions,
    /// For visible dependencies: own wishes merged with those of consumers.
    pub up_options: Options,
    /// For dependencies that consumers don't see: own wishes only.
    pub private_up_options: Options,
    /// Final type.
    pub package_type: PackageType,
    /// In the order of declaration: attributes first, then methods.
    pub requires: Vec<Requirement>,
    /// `languages` may be changed by methods.
    pub languages: Vec<String>,
    /// `vendor` may be changed by methods.
    pub vendor: bool,
    /// What was read outside the input.
    pub reads: Reads,
}
