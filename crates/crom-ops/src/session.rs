use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crom_model::conf::Conf;
use crom_model::reporter::Reporter;
use crom_model::settings::SettingsDefinition;
use crom_recipe::RecipeHost;
use crom_store::{Cache, Home, Variables};

use crate::OpsError;

/// What a session is made of.
pub struct SessionInput {
    /// The home in use.
    pub home: Home,
    /// The environment variables that configure Crom.
    pub variables: Variables,
    /// The current folder.
    pub cwd: PathBuf,
    /// Where messages go.
    pub reporter: Arc<dyn Reporter>,
    /// `-cc`
    pub core_conf: Vec<String>,
    /// Answers for recipes. May cost nothing until it is asked.
    pub host: Arc<dyn RecipeHost>,
}

/// A home in use by one command. Everything is read at most once, and only when it is needed.
pub struct Session {
    input: SessionInput,
    global_conf: OnceLock<Conf>,
    settings: OnceLock<Arc<SettingsDefinition>>,
    cache: OnceLock<Cache>,
}

impl Session {
    /// Reads nothing.
    pub fn new(input: SessionInput) -> Self {
        Self { input, global_conf: OnceLock::new(), settings: OnceLock::new(), cache: OnceLock::new() }
    }

    /// The home in use.
    pub fn home(&self) -> &Home {
        &self.input.home
    }

    /// The environment variables that configure Crom.
    pub fn variables(&self) -> &Variables {
        &self.input.variables
    }

    /// The current folder.
    pub fn cwd(&self) -> &Path {
        &self.input.cwd
    }

    /// Where messages go.
    pub fn reporter(&self) -> &dyn Reporter {
        &*self.input.reporter
    }

    /// The same, to be kept.
    pub fn shared_reporter(&self) -> Arc<dyn Reporter> {
        Arc::clone(&self.input.reporter)
    }

    /// Answers for recipes.
    pub fn host(&self) -> &Arc<dyn RecipeHost> {
        &self.input.host
    }

    /// `global.conf` and `-cc`, which wins.
    ///
    /// # Errors
    /// A line that doesn't parse, or a conf that there isn't.
    pub fn global_conf(&self) -> Result<&Conf, OpsError> {
        get_or_try(&self.global_conf, || {
            Ok(crom_store::load_global_conf(self.home(), self.variables(), &self.input.core_conf)?)
        })
    }

    /// `settings.yml` and `settings_user.yml`.
    ///
    /// # Errors
    /// A file that doesn't parse.
    pub fn settings_definition(&self) -> Result<&Arc<SettingsDefinition>, OpsError> {
        get_or_try(&self.settings, || Ok(Arc::new(crom_store::load_settings(self.home())?)))
    }

    /// The package cache.
    ///
    /// # Errors
    /// `global.conf` doesn't parse: it may say where the cache is.
    pub fn cache(&self) -> Result<&Cache, OpsError> {
        get_or_try(&self.cache, || Ok(Cache::of_home(self.home(), self.global_conf()?)?))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("home", &self.input.home).finish_non_exhaustive()
    }
}

/// [`OnceLock::get_or_init`] for what may fail. Two threads may both compute; one value stays.
fn get_or_try<T>(cell: &OnceLock<T>, make: impl FnOnce() -> Result<T, OpsError>) -> Result<&T, OpsError> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = make()?;
    Ok(cell.get_or_init(|| value))
}
