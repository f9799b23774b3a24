use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crom_model::conf::{Conf, ConfDefinition};
use crom_model::reporter::Reporter;
use crom_model::settings::SettingsDefinition;
use crom_recipe::RecipeHost;
use crom_remote::{HttpConf, ServerRemote, ServerSetup, TransferConf};
use crom_store::cache::Cache;
use crom_store::evaluations::Evaluations;
use crom_store::remotes::RemoteConfig;
use crom_store::{Home, Variables};

use crate::OpsError;
use crate::evaluation::RememberingHost;
use crate::logins::{HomeLogins, Prompt};
use crate::pinned::PinnedIndex;

/// What a session is made of.
pub struct SessionInput {
    /// The home in use.
    pub home: Home,
    /// The environment variables that configure Crom.
    pub variables: Arc<Variables>,
    /// The current folder.
    pub cwd: PathBuf,
    /// Where messages go.
    pub reporter: Arc<dyn Reporter>,
    /// `-cc`
    pub core_conf: Vec<String>,
    /// Asks the user.
    pub prompt: Arc<dyn Prompt>,
    /// Makes what answers for recipes; called at most once, and only if a recipe must run.
    pub host: HostFactory,
    /// What else answers of recipes depend on: the build of this program, the machine. Answers are
    /// kept between commands that have the same; none keeps none.
    pub identity: Option<Vec<String>>,
}

/// Makes the host of recipes.
pub type HostFactory = Box<dyn Fn(HostInput) -> Arc<dyn RecipeHost> + Send + Sync>;

/// What a host of recipes is made with.
#[derive(Clone, Debug)]
pub struct HostInput {
    /// The home in use.
    pub home: Home,
    /// The confs that hold for everything.
    pub core_conf: Arc<Conf>,
    /// Where messages go.
    pub reporter: Arc<dyn Reporter>,
}

/// A home in use by one command. Everything is read at most once, and only when it is needed.
pub struct Session {
    input: SessionInput,
    global_conf: OnceLock<ConfDefinition>,
    core_conf: OnceLock<Arc<Conf>>,
    host: OnceLock<Arc<dyn RecipeHost>>,
    settings: OnceLock<Arc<SettingsDefinition>>,
    cache: OnceLock<Cache>,
    /// By name, so that all parts of a command share one connection.
    servers: Mutex<HashMap<String, Arc<ServerRemote>>>,
    /// By root, so that each recipe is exported once.
    pinned: Mutex<HashMap<PathBuf, Arc<PinnedIndex>>>,
}

impl Session {
    /// Reads nothing.
    pub fn new(input: SessionInput) -> Self {
        Self {
            input,
            global_conf: OnceLock::new(),
            core_conf: OnceLock::new(),
            host: OnceLock::new(),
            settings: OnceLock::new(),
            cache: OnceLock::new(),
            servers: Mutex::default(),
            pinned: Mutex::default(),
        }
    }

    /// The home in use.
    pub fn home(&self) -> &Home {
        &self.input.home
    }

    /// The environment variables that configure Crom.
    pub fn variables(&self) -> &Arc<Variables> {
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
    ///
    /// # Errors
    /// `global.conf` doesn't parse.
    pub fn host(&self) -> Result<&Arc<dyn RecipeHost>, OpsError> {
        get_or_try(&self.host, || {
            let host = (self.input.host)(HostInput {
                home: self.home().clone(),
                core_conf: Arc::clone(self.core_conf()?),
                reporter: self.shared_reporter(),
            });
            self.remembering(host)
        })
    }

    fn remembering(&self, host: Arc<dyn RecipeHost>) -> Result<Arc<dyn RecipeHost>, OpsError> {
        let Some(identity) = &self.input.identity else {
            return Ok(host);
        };
        // Hooks see every answer being made.
        if self.has_hooks() {
            return Ok(host);
        }
        let confs = self.core_conf()?.dumps();
        let mut identity: Vec<&str> = identity.iter().map(String::as_str).collect();
        identity.push(&confs);
        Ok(Arc::new(RememberingHost::new(
            host,
            Evaluations::new(&self.home().root().join(".crom")),
            self.shared_reporter(),
            Arc::clone(self.variables()),
            &identity,
        )))
    }

    /// Does the home have hooks? Then a step is an occasion for one even where the recipe has
    /// nothing to do in it.
    pub fn has_hooks(&self) -> bool {
        let is_hook = |entry: &crom_fs::WalkEntry| {
            let name = entry.relative.rsplit('/').next().unwrap_or_default();
            name.starts_with("hook_") && name.ends_with(".py")
        };
        let folder = self.home().extensions_folder().join("hooks");
        crom_fs::is_dir(&folder)
            // A folder that can't be read may have hooks: the host says what is wrong with it.
            && crom_fs::walk(folder).map_or(true, |entries| entries.iter().any(is_hook))
    }

    /// `global.conf` and `-cc`, which wins.
    ///
    /// # Errors
    /// A line that doesn't parse, or a conf that there isn't.
    pub fn global_conf(&self) -> Result<&ConfDefinition, OpsError> {
        get_or_try(&self.global_conf, || {
            Ok(crom_store::config::load_global_conf(
                self.home(),
                self.variables(),
                &self.input.core_conf,
                self.reporter(),
            )?)
        })
    }

    /// The part of it that holds for everything, not only for some packages.
    ///
    /// # Errors
    /// As for [`Self::global_conf`].
    pub fn core_conf(&self) -> Result<&Arc<Conf>, OpsError> {
        get_or_try(&self.core_conf, || {
            let conf = self.global_conf()?.global();
            self.reporter().set_warning_rules(
                &conf.get_list("core:skip_warnings")?,
                &conf.get_list("core:warnings_as_errors")?,
            );
            Ok(Arc::new(conf))
        })
    }

    /// `settings.yml` and `settings_user.yml`.
    ///
    /// # Errors
    /// A file that doesn't parse.
    pub fn settings_definition(&self) -> Result<&Arc<SettingsDefinition>, OpsError> {
        get_or_try(&self.settings, || {
            Ok(crom_store::config::load_settings(self.home())?)
        })
    }

    /// The package cache.
    ///
    /// # Errors
    /// `global.conf` doesn't parse: it may say where the cache is.
    pub fn cache(&self) -> Result<&Cache, OpsError> {
        get_or_try(&self.cache, || {
            Ok(Cache::of_home(self.home(), self.core_conf()?)?)
        })
    }

    /// The server of a remote; the same for all that ask in one command.
    ///
    /// # Errors
    /// Confs about servers that can't be used.
    pub fn server(&self, remote: &RemoteConfig) -> Result<Arc<ServerRemote>, OpsError> {
        let servers = || self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = servers().get(&remote.name) {
            return Ok(Arc::clone(known));
        }
        let conf = self.core_conf()?;
        let setup = ServerSetup {
            verify_ssl: remote.verify_ssl,
            force_auth: remote.force_auth,
            http: HttpConf::from_conf(conf)?,
            transfer: TransferConf::from_conf(conf, &self.cache()?.parts_folder())?,
            logins: Arc::new(self.logins()?),
            reporter: self.shared_reporter(),
        };
        let server = Arc::new(ServerRemote::new(&remote.name, &remote.url, setup));
        servers().insert(remote.name.clone(), Arc::clone(&server));
        Ok(server)
    }

    /// The folder of recipes at a root; the same for all that ask in one command.
    ///
    /// # Errors
    /// As for [`Self::server`].
    pub(crate) fn pinned(&self, root: &Path) -> Result<Arc<PinnedIndex>, OpsError> {
        let pinned = || self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = pinned().get(root) {
            return Ok(Arc::clone(known));
        }
        let index = Arc::new(PinnedIndex::new(self, root)?);
        pinned().insert(root.to_path_buf(), Arc::clone(&index));
        Ok(index)
    }

    /// Who the user is at servers.
    pub(crate) fn logins(&self) -> Result<HomeLogins, OpsError> {
        let non_interactive = self.core_conf()?.get_bool("core:non_interactive")?;
        Ok(HomeLogins {
            home: self.home().clone(),
            variables: Arc::clone(self.variables()),
            reporter: self.shared_reporter(),
            non_interactive: non_interactive.unwrap_or(false),
            prompt: Arc::clone(&self.input.prompt),
            plugin: match crate::plugins::file(self.home(), "auth_remote.py") {
                Some(file) => Some((Arc::clone(self.host()?), file)),
                None => None,
            },
        })
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("home", &self.input.home)
            .finish_non_exhaustive()
    }
}

/// [`OnceLock::get_or_init`] for what may fail. Two threads may both compute; one value stays.
fn get_or_try<T>(
    cell: &OnceLock<T>,
    make: impl FnOnce() -> Result<T, OpsError>,
) -> Result<&T, OpsError> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = make()?;
    Ok(cell.get_or_init(|| value))
}
