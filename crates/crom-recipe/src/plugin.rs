use std::path::PathBuf;
use std::sync::Arc;

use crom_model::options::PackageOptions;
use crom_model::profile::Profile;
use crom_model::settings::Settings;
use serde::{Deserialize, Serialize};

use crate::{Alternative, ConfigureInput, InstanceId};

/// A plugin of the home (`extensions/plugins`) that its user wrote or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PluginInput {
    /// `profile.py`: `profile_plugin(profile)` checks and completes a profile.
    Profile {
        /// The file.
        file: PathBuf,
        /// Before the plugin.
        profile: Box<Profile>,
    },
    /// `compatibility/compatibility.py`: `compatibility(conanfile)` gives other configurations.
    Compatibility {
        /// The file.
        file: PathBuf,
        /// The node.
        instance: InstanceId,
        /// How it was configured, for a replay.
        configure: Arc<ConfigureInput>,
        /// Its settings.
        settings: Box<Settings>,
        /// Its options.
        options: Box<PackageOptions>,
    },
}

/// What a plugin says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PluginOutput {
    /// After `profile_plugin()`.
    Profile(Box<Profile>),
    /// Best first.
    Alternatives(Vec<Alternative>),
}
