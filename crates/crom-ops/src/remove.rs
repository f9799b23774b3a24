//! `remove`

use std::path::PathBuf;

use crom_model::package_list::{MultiPackageList, PackageList};
use crom_model::reference::RefPattern;
use crom_store::cache::{PackageQuery, Removal, Selection, age_limit};

use crate::packages::{LOCAL_CACHE, parse_pattern};
use crate::{OpsError, Session};

/// `remove`
#[derive(Clone, Debug, Default)]
pub struct RemoveRequest {
    /// What to remove.
    pub pattern: Option<String>,
    /// `-p`
    pub package_query: Option<String>,
    /// `-r`
    pub remote: Option<String>,
    /// `-l`: a package list.
    pub list: Option<PathBuf>,
    /// `--lru`
    pub lru: Option<String>,
    /// Change nothing.
    pub dry_run: bool,
}

/// Removes recipes or packages from the cache, after asking for each. Returns what was removed, or
/// would be.
///
/// # Errors
/// Arguments that don't fit together, nothing of that name, or nobody to ask.
pub fn remove(
    session: &Session,
    request: &RemoveRequest,
    confirm: &mut dyn FnMut(&str) -> Result<bool, OpsError>,
) -> Result<MultiPackageList, OpsError> {
    if let Some(remote) = &request.remote {
        return Err(OpsError::message(format!(
            "removing from the remote '{remote}' is not supported yet: only the cache and local recipes indexes are"
        )));
    }
    let (list, packages_only) = what(session, request)?;
    let mut removed = PackageList::default();
    let mut removals = Vec::new();
    for reference in list
        .refs()
        .map_err(|error| OpsError::message(error.to_string()))?
    {
        let packages = list.prefs(&reference);
        if !packages_only && packages.is_empty() {
            let question = format!(
                "Remove the recipe and all the packages of '{}'?",
                reference.repr_notime()
            );
            if confirm(&question)? {
                removed.add_ref(&reference);
                removals.push(Removal::Recipe(reference));
            }
            continue;
        }
        if packages.is_empty() {
            session.reporter().status(
                "",
                &format!("No binaries to remove for '{}'", reference.repr_notime()),
            );
        }
        for (package, info) in packages {
            if confirm(&format!("Remove the package '{}'?", package.repr_notime()))? {
                removed.add_ref(&reference);
                removed.add_pref(&package, info.cloned());
                removals.push(Removal::Package(package));
            }
        }
    }
    if !request.dry_run {
        for (folder, reason) in session.cache()?.remove(&removals)?.left {
            session.reporter().warning(
                None,
                "",
                &format!("'{}' is left behind: {reason}", folder.display()),
            );
        }
    }
    let mut lists = MultiPackageList::default();
    lists.add(LOCAL_CACHE, removed);
    Ok(lists)
}

/// What is meant, and whether only packages are.
fn what(session: &Session, request: &RemoveRequest) -> Result<(PackageList, bool), OpsError> {
    match (&request.pattern, &request.list) {
        (Some(_), Some(_)) => Err(OpsError::message(
            "Cannot define both the pattern and the package list file",
        )),
        (None, None) => Err(OpsError::message("Missing pattern or package list file")),
        (None, Some(path)) => {
            let text = crom_fs::read_text(path)?;
            let lists = MultiPackageList::loads(&text).map_err(|error| {
                OpsError::message(format!(
                    "Package list file invalid: '{}': {error}",
                    path.display()
                ))
            })?;
            let list = lists
                .get(LOCAL_CACHE)
                .map_err(|error| OpsError::message(error.to_string()))?;
            Ok((list.clone(), false))
        }
        (Some(text), None) => {
            // Without a revision all of them are meant, unlike in `list`.
            let pattern = parse_removal(text)?;
            if request.package_query.is_some() && pattern.package_id.is_none() {
                return Err(OpsError::message(
                    "--package-query supplied but the pattern does not match packages",
                ));
            }
            let selection = Selection {
                query: request
                    .package_query
                    .as_deref()
                    .map(PackageQuery::parse)
                    .transpose()?,
                not_used_since: request.lru.as_deref().map(age_limit).transpose()?,
                ..Selection::default()
            };
            let packages_only = pattern.package_id.is_some();
            let list = session
                .cache()?
                .select(&pattern, &selection, session.reporter())?;
            Ok((list, packages_only))
        }
    }
}

fn parse_removal(text: &str) -> Result<RefPattern, OpsError> {
    let mut pattern = parse_pattern(text)?;
    if pattern.rrev.is_none() {
        pattern.rrev = Some("*".to_owned());
    }
    if pattern.package_id.is_some() && pattern.prev.is_none() {
        pattern.prev = Some("*".to_owned());
    }
    Ok(pattern)
}
