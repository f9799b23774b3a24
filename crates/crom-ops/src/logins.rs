//! Who the user is at servers: what the home keeps, and where credentials come from.

use std::path::PathBuf;
use std::sync::Arc;

use crom_model::reporter::Reporter;
use crom_recipe::{PluginFunction, RecipeHost};
use crom_remote::{Credentials, Login, Logins, RemoteError, Token};
use crom_store::remotes::Remotes;
use crom_store::users::{StoredUser, Users};
use crom_store::{Home, Variables};
use serde_json::json;

use crate::{OpsError, plugins};

/// Asks the user. Only the binary has a terminal.
pub trait Prompt: Send + Sync {
    /// A line of text.
    ///
    /// # Errors
    /// Nobody answers.
    fn line(&self, question: &str) -> Result<String, OpsError>;

    /// A text that isn't shown while it is typed.
    ///
    /// # Errors
    /// Nobody answers.
    fn secret(&self, question: &str) -> Result<String, OpsError>;
}

/// The logins of a home.
pub(crate) struct HomeLogins {
    pub(crate) home: Home,
    pub(crate) variables: Arc<Variables>,
    pub(crate) reporter: Arc<dyn Reporter>,
    /// `core:non_interactive`
    pub(crate) non_interactive: bool,
    pub(crate) prompt: Arc<dyn Prompt>,
    /// `auth_remote.py`, if there is one, and what runs it.
    pub(crate) plugin: Option<(Arc<dyn RecipeHost>, PathBuf)>,
}

impl Logins for HomeLogins {
    fn load(&self, url: &str) -> Result<Login, RemoteError> {
        let stored = Users::of_home(&self.home)
            .get(url)
            .map_err(|error| RemoteError::Logins(error.to_string()))?;
        Ok(Login {
            user: stored.user,
            token: stored.token.map(Token::new),
        })
    }

    fn store(&self, url: &str, login: &Login) -> Result<(), RemoteError> {
        let user = StoredUser {
            user: login.user.clone(),
            token: login.token.as_ref().map(|token| token.expose().to_owned()),
        };
        Users::of_home(&self.home)
            .set(url, &user)
            .map_err(|error| RemoteError::Logins(error.to_string()))
    }

    /// The plugin, then `credentials.json`, then the environment, then the user.
    fn credentials(&self, remote: &str, user: Option<&str>) -> Result<Credentials, RemoteError> {
        let none = |message: String| RemoteError::NoCredentials {
            remote: remote.to_owned(),
            message,
        };
        let of_plugin = self.of_plugin(remote, user);
        if let Some(found) = of_plugin.map_err(|error| RemoteError::Message(error.to_string()))? {
            return Ok(found);
        }
        let found = crom_store::remote_credentials(&self.home, &self.variables, remote)
            .map_err(|error| none(error.to_string()))?;
        if let Some((name, password)) = found
            && user.is_none_or(|user| user == name)
        {
            return Ok(Credentials {
                user: name,
                password,
                asked: false,
            });
        }
        let (env_user, env_password) = self.variables.login(remote);
        if user.is_none()
            && let Some(name) = env_user
        {
            self.reporter
                .status("", &format!("Got username '{name}' from environment"));
        }
        let name = user.or(env_user);
        if let (Some(name), Some(password)) = (name, env_password) {
            self.reporter
                .status("", "Got password '******' from environment");
            return Ok(Credentials {
                user: name.to_owned(),
                password: password.to_owned(),
                asked: false,
            });
        }
        self.ask(remote, name)
            .map_err(|error| none(error.to_string()))
    }
}

impl HomeLogins {
    fn ask(&self, remote: &str, user: Option<&str>) -> Result<Credentials, OpsError> {
        if self.non_interactive {
            return Err(OpsError::message("Conan interactive mode disabled"));
        }
        let user = match user {
            Some(user) => user.to_owned(),
            None => self.prompt.line(&format!("Remote '{remote}' username: "))?,
        };
        let password = self.prompt.secret(&format!(
            "Please enter a password for user '{user}' on remote '{remote}': "
        ))?;
        Ok(Credentials {
            user,
            password,
            asked: true,
        })
    }

    /// What `auth_remote.py` says: a user with a password, or nothing.
    fn of_plugin(&self, remote: &str, user: Option<&str>) -> Result<Option<Credentials>, OpsError> {
        let Some((host, file)) = &self.plugin else {
            return Ok(None);
        };
        let remotes = Remotes::load(&self.home)?;
        let config = remotes.get(remote)?;
        let arguments = json!({"user": user, "remote": {
            "name": config.name, "url": config.url, "verify_ssl": config.verify_ssl,
            "disabled": config.disabled, "allowed_packages": config.allowed_packages,
            "recipes_only": config.recipes_only, "remote_type": config.remote_type,
            "force_auth": config.force_auth}});
        let answer = plugins::call(&**host, file, PluginFunction::AuthRemote, arguments)?;
        let text = |index: usize| {
            let value = answer.as_ref()?.get(index)?.as_str()?;
            (!value.is_empty()).then(|| value.to_owned())
        };
        Ok(match (text(0), text(1)) {
            (Some(user), Some(password)) => Some(Credentials {
                user,
                password,
                asked: false,
            }),
            _ => None,
        })
    }
}

impl std::fmt::Debug for HomeLogins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HomeLogins")
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}
