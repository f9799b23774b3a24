//! `remote login` and its kin: who the user is at servers.

use crom_remote::Logins;
use crom_store::remotes::{RemoteConfig, Remotes};
use crom_store::users::{StoredUser, Users};

use crate::{OpsError, Session};

/// The user at a remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteUser {
    /// The remote.
    pub remote: String,
    /// The user's name; none for nobody.
    pub user: Option<String>,
    /// There is a token.
    pub authenticated: bool,
}

/// The user at a remote, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserChange {
    /// Before.
    pub before: RemoteUser,
    /// After.
    pub after: RemoteUser,
}

/// `remote auth`
#[derive(Clone, Debug, Default)]
pub struct AuthRequest {
    /// Names or patterns.
    pub remotes: String,
    /// Only where a user is known or given by the environment.
    pub with_user: bool,
    /// Also where the server answers anybody.
    pub force: bool,
    /// A failure is an error.
    pub strict: bool,
}

/// Whom a remote takes us for, or why it doesn't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthResult {
    /// The remote.
    pub remote: String,
    /// The user's name as the server has it (none for anybody), or the error.
    pub user: Result<Option<String>, String>,
}

/// The users at all enabled remotes.
///
/// # Errors
/// They can't be read.
pub fn remote_users(session: &Session) -> Result<Vec<RemoteUser>, OpsError> {
    Remotes::load(session.home())?
        .list
        .iter()
        .filter(|remote| !remote.disabled && !remote.is_local_recipes_index())
        .map(|remote| user_at(session, remote))
        .collect()
}

/// Logs in at the remotes that a pattern names. What isn't given is looked for or asked.
///
/// # Errors
/// None matches, there are no credentials, or they are wrong.
pub fn remote_login(
    session: &Session,
    pattern: &str,
    user: Option<&str>,
    password: Option<&str>,
) -> Result<Vec<UserChange>, OpsError> {
    changes(session, pattern, |remote| {
        let server = session.server(remote)?;
        if let (Some(user), Some(password)) = (user, password) {
            server.authenticate(user, password)?;
            return Ok(());
        }
        let found = session
            .logins()?
            .credentials(&remote.name, user)
            .map_err(without_remote)?;
        let password = password.unwrap_or(&found.password);
        server.authenticate(&found.user, password)?;
        Ok(())
    })
}

/// Forgets the users at the remotes that a pattern names.
///
/// # Errors
/// None matches, or the file can't be written.
pub fn remote_logout(session: &Session, pattern: &str) -> Result<Vec<UserChange>, OpsError> {
    changes(session, pattern, |remote| {
        Ok(Users::of_home(session.home()).remove(&remote.url)?)
    })
}

/// Sets the user's name without a login. The same name keeps its token.
///
/// # Errors
/// None matches, or the file can't be written.
pub fn remote_set_user(
    session: &Session,
    pattern: &str,
    user: &str,
) -> Result<Vec<UserChange>, OpsError> {
    changes(session, pattern, |remote| {
        let users = Users::of_home(session.home());
        if users.get(&remote.url)?.user.as_deref() == Some(user) {
            return Ok(());
        }
        let stored = StoredUser {
            user: Some(user.to_owned()),
            token: None,
        };
        Ok(users.set(&remote.url, &stored)?)
    })
}

/// Asks remotes whom they take us for, logging in where that is needed.
///
/// # Errors
/// None matches; with `strict` also those that fail.
pub fn remote_auth(session: &Session, request: &AuthRequest) -> Result<Vec<AuthResult>, OpsError> {
    let mut results = Vec::new();
    for remote in servers(session, &request.remotes)? {
        if request.with_user {
            let known = user_at(session, &remote)?.user.is_some();
            if !known && session.variables().login(&remote.name).0.is_none() {
                results.push(AuthResult {
                    remote: remote.name,
                    user: Ok(None),
                });
                continue;
            }
        }
        let server = session.server(&remote)?;
        let user = server
            .check_credentials(request.force)
            .map_err(|error| error.to_string());
        results.push(AuthResult {
            remote: remote.name,
            user,
        });
    }
    if request.strict {
        let failed: Vec<&str> = results
            .iter()
            .filter(|result| result.user.is_err())
            .map(|result| result.remote.as_str())
            .collect();
        if !failed.is_empty() {
            return Err(OpsError::message(format!(
                "Authentication error in remotes: {}",
                failed.join(", ")
            )));
        }
    }
    Ok(results)
}

fn changes(
    session: &Session,
    pattern: &str,
    change: impl Fn(&RemoteConfig) -> Result<(), OpsError>,
) -> Result<Vec<UserChange>, OpsError> {
    let mut remotes = Remotes::load(session.home())?.select_any(&[pattern.to_owned()])?;
    remotes.retain(|remote| !remote.is_local_recipes_index());
    remotes
        .iter()
        .map(|remote| {
            let before = user_at(session, remote)?;
            change(remote)?;
            let after = user_at(session, remote)?;
            Ok(UserChange { before, after })
        })
        .collect()
}

fn servers(session: &Session, pattern: &str) -> Result<Vec<RemoteConfig>, OpsError> {
    let mut found = Remotes::load(session.home())?.select(&[pattern.to_owned()])?;
    found.retain(|remote| !remote.is_local_recipes_index());
    Ok(found)
}

fn user_at(session: &Session, remote: &RemoteConfig) -> Result<RemoteUser, OpsError> {
    let stored = Users::of_home(session.home()).get(&remote.url)?;
    Ok(RemoteUser {
        remote: remote.name.clone(),
        authenticated: stored.token.is_some(),
        user: stored.user,
    })
}

/// Nothing was asked of the remote yet.
fn without_remote(error: crom_remote::RemoteError) -> OpsError {
    match error {
        crom_remote::RemoteError::NoCredentials { message, .. } => OpsError::message(message),
        other => other.into(),
    }
}
