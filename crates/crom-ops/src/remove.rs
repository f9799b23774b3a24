//! `remove`

use std::path::PathBuf;

use crom_model::package_list::{MultiPackageList, PackageList};
use crom_model::reference::{PackageReference, RefPattern};
use crom_store::cache::{PackageQuery, Removal, Selection, age_limit};
use crom_store::remotes::Remotes;
use serde_json::json;

use crate::packages::{LOCAL_CACHE, LRU_IN_REMOTE, parse_pattern};
use crate::pkglist::load_lists;
use crate::remote_select::select;
use crate::source::Source;
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
    let remote = request
        .remote
        .as_ref()
        .map(|name| Remotes::load(session.home())?.select(std::slice::from_ref(name)))
        .transpose()?
        .and_then(|found| found.into_iter().next())
        .map(|config| Source::new(session, config))
        .transpose()?;
    if remote.is_some() && request.lru.is_some() {
        return Err(OpsError::message(LRU_IN_REMOTE));
    }
    let (list, packages_only) = what(session, request, remote.as_ref())?;
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
        for (package, _) in packages {
            if confirm(&format!("Remove the package '{}'?", package.repr_notime()))? {
                removed.add_ref(&reference);
                // The reference puts the time where others have the info, so do we.
                let info = package.timestamp.map(|time| json!({ "timestamp": time }));
                removed.add_pref(&package, None);
                let plain = PackageReference::new(reference.clone(), package.package_id.as_str());
                removed.add_pref(&plain, info);
                removals.push(Removal::Package(package));
            }
        }
    }
    if !request.dry_run {
        match &remote {
            Some(source) => remove_from_server(source, &removals)?,
            None => remove_from_cache(session, &removals)?,
        }
    }
    let origin = remote.as_ref().map_or(LOCAL_CACHE, Source::name);
    let mut lists = MultiPackageList::default();
    lists.add(origin, removed);
    Ok(lists)
}

fn remove_from_cache(session: &Session, removals: &[Removal]) -> Result<(), OpsError> {
    for (folder, reason) in session.cache()?.remove(removals)?.left {
        session.reporter().warning(
            None,
            "",
            &format!("'{}' is left behind: {reason}", folder.display()),
        );
    }
    Ok(())
}

fn remove_from_server(source: &Source, removals: &[Removal]) -> Result<(), OpsError> {
    if removals.is_empty() {
        return Ok(());
    }
    let server = source.server("remove")?;
    server.check_credentials(false)?;
    for removal in removals {
        match removal {
            Removal::Recipe(reference) => server.remove_recipe(reference)?,
            Removal::Package(package) => server.remove_package(package)?,
        }
    }
    Ok(())
}

/// What is meant, and whether only packages are.
fn what(
    session: &Session,
    request: &RemoveRequest,
    remote: Option<&Source>,
) -> Result<(PackageList, bool), OpsError> {
    match (&request.pattern, &request.list) {
        (Some(_), Some(_)) => Err(OpsError::message(
            "Cannot define both the pattern and the package list file",
        )),
        (None, None) => Err(OpsError::message("Missing pattern or package list file")),
        (None, Some(path)) => {
            let origin = remote.map_or(LOCAL_CACHE, Source::name);
            let lists = load_lists(session, path)?;
            let list = lists
                .get(origin)
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
            let list = match remote {
                Some(source) => select(session, source, &pattern, &selection)?,
                None => session
                    .cache()?
                    .select(&pattern, &selection, session.reporter())?,
            };
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
