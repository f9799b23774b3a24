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
    /// A function of another plugin, with what it is asked as data.
    Call {
        /// The file.
        file: PathBuf,
        /// Which.
        function: PluginFunction,
        /// By name, as the function's documentation below has them.
        arguments: serde_json::Value,
    },
}

/// A function that a plugin may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PluginFunction {
    /// `auth_remote_plugin(remote, user)` of `auth_remote.py`: `{"remote": {attributes}, "user"}` to
    /// `[user, password]`.
    AuthRemote,
    /// `auth_source_plugin(url)` of `auth_source.py`: `{"url"}` to `{"user", "password"}` or `{"token"}`.
    AuthSource,
    /// `sign(ref, artifacts_folder, signature_folder)` of `sign/sign.py`: `{"reference",
    /// "artifacts_folder", "signature_folder"}` to what it returns.
    Sign,
    /// `verify(ref, artifacts_folder, signature_folder, files)` of the same: also `{"files": {name:
    /// path}}`; to null.
    Verify,
}

/// What a plugin says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PluginOutput {
    /// After `profile_plugin()`.
    Profile(Box<Profile>),
    /// Best first.
    Alternatives(Vec<Alternative>),
    /// What a called function returned; none if the plugin doesn't have it.
    Answer(Option<serde_json::Value>),
}
