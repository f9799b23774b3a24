//! `remote *`: the list of remotes.

use crom_store::remotes::{LOCAL_RECIPES_INDEX, RemoteConfig, Remotes};

use crate::{OpsError, Session};

/// `remote add`
#[derive(Clone, Debug, Default)]
pub struct RemoteAddRequest {
    /// Its name in this home.
    pub name: String,
    /// A URL, or a folder.
    pub url: String,
    /// Check certificates.
    pub verify_ssl: bool,
    /// Position; last by default.
    pub index: Option<usize>,
    /// Replace one of this name or URL.
    pub force: bool,
    /// Patterns.
    pub allowed_packages: Option<Vec<String>>,
    /// `--type=local-recipes-index`
    pub local_recipes_index: bool,
    /// No binaries.
    pub recipes_only: bool,
    /// Always log in.
    pub force_auth: bool,
}

/// `remote update`: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct RemoteUpdateRequest {
    /// Which one.
    pub name: String,
    /// New URL.
    pub url: Option<String>,
    /// Check certificates.
    pub verify_ssl: Option<bool>,
    /// New position.
    pub index: Option<usize>,
    /// New patterns.
    pub allowed_packages: Option<Vec<String>>,
    /// No binaries.
    pub recipes_only: Option<bool>,
    /// Always log in.
    pub force_auth: Option<bool>,
}

/// All remotes in order.
///
/// # Errors
/// `remotes.json` doesn't parse.
pub fn remote_list(session: &Session) -> Result<Vec<RemoteConfig>, OpsError> {
    Ok(Remotes::load(session.home())?.list)
}

/// Adds one.
///
/// # Errors
/// The name or URL is there already.
pub fn remote_add(session: &Session, request: &RemoteAddRequest) -> Result<(), OpsError> {
    change(session, |remotes| {
        let remote = RemoteConfig {
            verify_ssl: request.verify_ssl,
            allowed_packages: request.allowed_packages.clone(),
            remote_type: request
                .local_recipes_index
                .then(|| LOCAL_RECIPES_INDEX.to_owned()),
            recipes_only: request.recipes_only,
            force_auth: request.force_auth,
            ..RemoteConfig::new(&request.name, &request.url)
        };
        for warning in remotes.add(remote, request.index, request.force, session.cwd())? {
            session.reporter().warning(None, "", &warning);
        }
        Ok(())
    })
}

/// Removes all that match, with the private caches of local recipes indexes.
///
/// # Errors
/// None matches.
pub fn remote_remove(session: &Session, pattern: &str) -> Result<Vec<RemoteConfig>, OpsError> {
    let removed = change(session, |remotes| Ok(remotes.remove(pattern)?))?;
    for remote in removed
        .iter()
        .filter(|remote| remote.is_local_recipes_index())
    {
        let home = session.home().local_recipes_index_home(&remote.name);
        if let Some(folder) = home.parent().filter(|folder| crom_fs::is_dir(folder)) {
            crom_fs::remove_tree(folder)?;
        }
    }
    Ok(removed)
}

/// Gives one a new name.
///
/// # Errors
/// There is none, or the new name is taken.
pub fn remote_rename(session: &Session, name: &str, new_name: &str) -> Result<(), OpsError> {
    change(session, |remotes| Ok(remotes.rename(name, new_name)?))
}

/// Enables or disables all that match.
///
/// # Errors
/// None matches.
pub fn remote_enable(
    session: &Session,
    pattern: &str,
    enable: bool,
) -> Result<Vec<RemoteConfig>, OpsError> {
    change(session, |remotes| {
        Ok(remotes.set_disabled(pattern, !enable)?)
    })
}

/// Changes one.
///
/// # Errors
/// There is none, or nothing to change.
pub fn remote_update(session: &Session, request: &RemoteUpdateRequest) -> Result<(), OpsError> {
    let nothing = request.url.is_none()
        && request.verify_ssl.is_none()
        && request.index.is_none()
        && request.allowed_packages.is_none()
        && request.recipes_only.is_none()
        && request.force_auth.is_none();
    if nothing {
        return Err(OpsError::message(
            "Please add at least one argument to update",
        ));
    }
    change(session, |remotes| {
        let mut remote = remotes.get(&request.name)?.clone();
        if let Some(url) = &request.url {
            remote.url.clone_from(url);
        }
        if let Some(verify_ssl) = request.verify_ssl {
            remote.verify_ssl = verify_ssl;
        }
        if request.allowed_packages.is_some() {
            remote
                .allowed_packages
                .clone_from(&request.allowed_packages);
        }
        remote.recipes_only = request.recipes_only.unwrap_or(remote.recipes_only);
        remote.force_auth = request.force_auth.unwrap_or(remote.force_auth);
        let old = remotes
            .list
            .iter()
            .position(|known| known.name == request.name)
            .unwrap_or_default();
        remotes.list.remove(old);
        let index = request.index.unwrap_or(old).min(remotes.list.len());
        remotes.list.insert(index, remote);
        Ok(())
    })
}

fn change<T>(
    session: &Session,
    edit: impl FnOnce(&mut Remotes) -> Result<T, OpsError>,
) -> Result<T, OpsError> {
    let mut remotes = Remotes::load(session.home())?;
    let result = edit(&mut remotes)?;
    remotes.save(session.home())?;
    Ok(result)
}
