//! Plugins of the home that its user wrote or changed. Unchanged ones are built in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crom_graph::{CompatibilityRules, DefaultRules, Node};
use crom_model::profile::Profile;
use crom_recipe::{
    Alternative, PluginFunction, PluginInput, PluginOutput, RecipeError, RecipeHost,
};
use crom_store::Home;
use serde_json::Value;

use crate::{OpsError, Session};

/// Runs `profile.py` on a profile.
///
/// # Errors
/// The plugin's verdict, or it can't run.
pub fn profile(session: &Session, file: &Path, profile: &mut Profile) -> Result<(), OpsError> {
    let input = PluginInput::Profile {
        file: file.to_path_buf(),
        profile: Box::new(profile.clone()),
    };
    if let PluginOutput::Profile(changed) = session.host()?.plugin(&input)? {
        *profile = *changed;
    }
    Ok(())
}

/// The rules of `compatibility.py`.
///
/// # Errors
/// The file is there but can't be read.
pub fn compatibility(session: &Session) -> Result<Box<dyn CompatibilityRules>, OpsError> {
    let file = session.home().compatibility_plugin_file();
    session.home().expect_plugin(&file)?;
    Ok(if crom_store::is_user_edited(&file)? {
        Box::new(UserRules {
            file,
            host: Arc::clone(session.host()?),
        })
    } else {
        Box::new(DefaultRules)
    })
}

/// The file of a plugin below `extensions/plugins`, if it is there.
pub(crate) fn file(home: &Home, path: &str) -> Option<PathBuf> {
    let file = home.extensions_folder().join("plugins").join(path);
    crom_fs::is_file(&file).then_some(file)
}

/// Calls a function of a plugin; none if the plugin doesn't have it.
///
/// # Errors
/// What it raised.
pub(crate) fn call(
    host: &dyn RecipeHost,
    file: &Path,
    function: PluginFunction,
    arguments: Value,
) -> Result<Option<Value>, RecipeError> {
    let input = PluginInput::Call {
        file: file.to_path_buf(),
        function,
        arguments,
    };
    match host.plugin(&input)? {
        PluginOutput::Answer(answer) => Ok(answer),
        PluginOutput::Profile(_) | PluginOutput::Alternatives(_) => Ok(None),
    }
}

#[derive(Debug)]
struct UserRules {
    file: PathBuf,
    host: Arc<dyn RecipeHost>,
}

impl CompatibilityRules for UserRules {
    fn alternatives(&self, node: &Node) -> Result<Vec<Alternative>, String> {
        let Some(configure) = &node.configure else {
            return Ok(Vec::new());
        };
        let input = PluginInput::Compatibility {
            file: self.file.clone(),
            instance: configure.instance,
            configure: Arc::clone(configure),
            settings: Box::new(node.settings.clone()),
            options: Box::new(node.options.clone()),
        };
        match self.host.plugin(&input) {
            Ok(PluginOutput::Alternatives(found)) => Ok(found),
            Ok(_) => Ok(Vec::new()),
            Err(error) => Err(error.to_string()),
        }
    }
}
