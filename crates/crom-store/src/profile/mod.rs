//! Profiles of a home: found, rendered, composed, completed.

mod plugin;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crom_model::conf::ConfDefinition;
use crom_model::profile::{Profile, ProfileArgs, ProfileError, ProfileSource};
use crom_model::reporter::Reporter;
use crom_model::settings::SettingsDefinition;
use crom_model::view::Context;

use crate::config::{place, tell};
use crate::error::{Result, StoreError};
use crate::home::{Home, is_user_edited};
use crate::template::{Messages, TemplateInput, render};
use crate::variables::Variables;

/// Runs a profile plugin that a user wrote or changed: path of the plugin, the profile it may change.
pub type ProfilePlugin<'a> = dyn FnMut(&Path, &mut Profile) -> Result<()> + 'a;

/// What the command line says about one context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextArgs {
    /// `-pr`, in order; empty for the default profile.
    pub profiles: Vec<String>,
    /// `-s`, `-o`, `-c`.
    pub values: ProfileArgs,
}

/// Loads profiles of a home. A profile that is used in several places is read and rendered once.
#[derive(Debug)]
pub struct Profiles<'a> {
    home: &'a Home,
    variables: &'a Arc<Variables>,
    cwd: &'a Path,
    global_conf: &'a ConfDefinition,
    definition: &'a Arc<SettingsDefinition>,
    reporter: &'a dyn Reporter,
    rendered: Mutex<HashMap<(PathBuf, &'static str, String), String>>,
}

impl<'a> Profiles<'a> {
    /// For a command started in `cwd`.
    pub fn new(
        home: &'a Home,
        variables: &'a Arc<Variables>,
        cwd: &'a Path,
        global_conf: &'a ConfDefinition,
        definition: &'a Arc<SettingsDefinition>,
        reporter: &'a dyn Reporter,
    ) -> Self {
        let rendered = Mutex::new(HashMap::new());
        Self {
            home,
            variables,
            cwd,
            global_conf,
            definition,
            reporter,
            rendered,
        }
    }

    /// `profile list`: names of the files in `profiles/`, sorted, with `/` for sub folders.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn list(&self) -> Result<Vec<String>> {
        let folder = self.home.profiles_folder();
        if !crom_fs::is_dir(&folder) {
            return Ok(Vec::new());
        }
        Ok(crom_fs::walk(&folder)?
            .into_iter()
            .filter(|entry| crom_fs::is_file(&entry.path))
            .map(|entry| entry.relative)
            .filter(|name| {
                !name
                    .rsplit('/')
                    .next()
                    .is_some_and(|file| file.starts_with('.'))
            })
            .collect())
    }

    /// `profile path`
    ///
    /// # Errors
    /// `Profile not found: x`
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        Ok(self.find(name, self.cwd)?)
    }

    /// The name of the default profile of a context: the environment variable, the conf
    /// `core:default_profile` or `core:default_build_profile`, else `default`.
    ///
    /// # Errors
    /// There is no such profile: `profile detect` makes one.
    pub fn default_name(&self, context: Context) -> Result<String> {
        let (variable, conf) = match context {
            Context::Host => (self.variables.default_profile(), "core:default_profile"),
            Context::Build => (
                self.variables.default_build_profile(),
                "core:default_build_profile",
            ),
        };
        let name = match variable {
            Some(name) => name.to_owned(),
            None => {
                let configured = self.global_conf.global().get_str(conf)?;
                configured.unwrap_or_else(|| "default".to_owned())
            }
        };
        let path = self.home.profiles_folder().join(&name);
        if !crom_fs::is_file(&path) && self.find(&name, self.cwd).is_err() {
            return Err(StoreError::NoDefaultProfile {
                context: context.as_str(),
                path: path.display().to_string(),
            });
        }
        Ok(name)
    }

    /// The profile of one context, ready to be used: files and command line composed, settings
    /// completed by the plugin and checked, `global.conf` below the confs.
    ///
    /// # Errors
    /// Anything wrong in a file, a value or the plugin's verdict. `edited_plugin` is called for a
    /// plugin that isn't the default one.
    pub fn load(
        &self,
        context: Context,
        args: &ContextArgs,
        edited_plugin: &mut ProfilePlugin<'_>,
    ) -> Result<Profile> {
        let mut names = args.profiles.clone();
        if names.is_empty() {
            names.push(self.default_name(context)?);
        }
        let mut loader = |name: &str, includer: Option<&str>| self.source(name, includer, context);
        let mut profile = Profile::from_args(&names, &args.values, &mut loader)?;
        profile.conf.validate()?;
        self.run_plugin(&mut profile, edited_plugin)?;
        profile.process_settings(self.definition)?;
        profile.conf.rebase_conf_definition(self.global_conf)?;
        Ok(profile)
    }

    fn run_plugin(
        &self,
        profile: &mut Profile,
        edited_plugin: &mut ProfilePlugin<'_>,
    ) -> Result<()> {
        let path = self.home.profile_plugin_file();
        self.home.expect_plugin(&path)?;
        if is_user_edited(&path)? {
            return edited_plugin(&path, profile);
        }
        let before = profile.settings.clone();
        plugin::default_plugin(profile)?;
        // A settings.yml of one's own may not know what the plugin adds.
        if profile.settings.len() != before.len()
            && profile.clone().process_settings(self.definition).is_err()
        {
            profile.settings = before;
        }
        Ok(())
    }

    /// The rendered text of a profile, for the parser.
    fn source(
        &self,
        name: &str,
        includer: Option<&str>,
        context: Context,
    ) -> Result<ProfileSource, ProfileError> {
        let base = includer
            .and_then(|path| Path::new(path).parent())
            .unwrap_or(self.cwd);
        let path = self.find(name, base)?;
        let root = if includer.is_none() {
            file_name(&path)
        } else {
            String::new()
        };
        let key = (path.clone(), context.as_str(), root.clone());
        let lock = || self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = lock().get(&key) {
            return Ok(ProfileSource {
                path: path.display().to_string(),
                text: text.clone(),
            });
        }
        let text = self.render(&path, &root, context)?;
        lock().insert(key, text.clone());
        Ok(ProfileSource {
            path: path.display().to_string(),
            text,
        })
    }

    fn render(&self, path: &Path, root: &str, context: Context) -> Result<String, ProfileError> {
        let text = crom_fs::read_marked_text(path).map_err(|error| match error {
            error if error.is_not_found() => ProfileError::NotFound(path.display().to_string()),
            crom_fs::Error::NotUtf8 { .. } => ProfileError::Load(format!(
                "Cannot load profile: {error}\nIt is recommended to use utf-8 encoding"
            )),
            other => ProfileError::Load(other.to_string()),
        })?;
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let name = file_name(path);
        let input = TemplateInput {
            variables: self.variables,
            names: vec![
                ("profile_dir", crom_fs::tree::slashed(&folder)),
                (
                    "root_profile_name",
                    if root.is_empty() {
                        name.clone()
                    } else {
                        root.to_owned()
                    },
                ),
                ("profile_name", name),
                ("context", context.as_str().to_owned()),
            ],
            folders: vec![folder, self.home.profiles_folder()],
        };
        let messages: Messages = Arc::new(Mutex::new(Vec::new()));
        let rendered = render(&text, &path.display().to_string(), &input, &messages);
        tell(&messages, self.reporter);
        rendered.map_err(|error| {
            ProfileError::Load(format!(
                "Error while rendering the profile template file '{}'. Check your Jinja2 syntax: {}",
                path.display(),
                place(path, &error)
            ))
        })
    }

    /// Absolute paths and those with a leading dot are meant as they are; any other name is first
    /// one of `profiles/`, then one relative to `base`.
    fn find(&self, name: &str, base: &Path) -> Result<PathBuf, ProfileError> {
        let not_found = || ProfileError::NotFound(name.to_owned());
        let local = crom_fs::file::normalize(&base.join(name));
        let existing = |path: PathBuf| crom_fs::is_file(&path).then_some(path);
        if Path::new(name).is_absolute() || name.starts_with('.') {
            return existing(local).ok_or_else(not_found);
        }
        let own = crate::home::expand_user(name, self.variables.user_folder().as_deref());
        if own.is_absolute() {
            return existing(own).ok_or_else(not_found);
        }
        existing(self.home.profiles_folder().join(name))
            .or_else(|| existing(local))
            .ok_or_else(not_found)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// `profile detect`: writes a detected profile into the home.
///
/// # Errors
/// A profile of this name is there and `force` isn't given.
pub fn save_detected_profile(
    home: &Home,
    name: &str,
    settings: &[(String, String)],
    force: bool,
) -> Result<PathBuf> {
    let path = home.profiles_folder().join(name);
    if !force && crom_fs::exists(&path) {
        return Err(StoreError::Invalid(format!(
            "Profile '{}' already exists",
            path.display()
        )));
    }
    if let Some(folder) = path.parent() {
        crom_fs::create_dir_all(folder)?;
    }
    crom_fs::write_atomic(&path, crate::detect::profile_text(settings))?;
    Ok(path)
}

#[cfg(test)]
mod tests;
