//! `pkglist`: files with package lists.

use std::path::{Path, PathBuf};

use crom_model::package_list::{MultiPackageList, PackageList};
use crom_remote::{default_threads, parallel};

use crate::packages::LOCAL_CACHE;
use crate::source::Source;
use crate::{OpsError, RemoteSelection, Session};

/// Reads a file with package lists.
///
/// # Errors
/// It isn't there, or isn't one.
pub(crate) fn load_lists(session: &Session, path: &Path) -> Result<MultiPackageList, OpsError> {
    let path = session.cwd().join(path);
    let text = crom_fs::read_text(&path).map_err(|error| {
        OpsError::message(format!(
            "Package list file missing or broken: {}\n{error}",
            path.display()
        ))
    })?;
    MultiPackageList::loads(&text).map_err(|error| {
        OpsError::message(format!(
            "Package list file invalid: '{}': {error}",
            path.display()
        ))
    })
}

/// Joins lists; later files win.
///
/// # Errors
/// No files, or files that aren't lists.
pub fn pkglist_merge(session: &Session, files: &[PathBuf]) -> Result<MultiPackageList, OpsError> {
    if files.is_empty() {
        return Err(OpsError::message("Missing package list file: use '--list'"));
    }
    let mut merged = MultiPackageList::default();
    for file in files {
        merged.merge(&load_lists(session, file)?);
    }
    Ok(merged)
}

/// Which remotes have what a list of the cache names, by remote.
///
/// # Errors
/// The file isn't such a list, or a remote can't be asked.
pub fn pkglist_find_remote(
    session: &Session,
    file: &Path,
    remotes: &RemoteSelection,
) -> Result<MultiPackageList, OpsError> {
    let lists = load_lists(session, file)?;
    let list = lists
        .get(LOCAL_CACHE)
        .map_err(|error| OpsError::message(error.to_string()))?;
    let mut found = MultiPackageList::default();
    for source in Source::select(session, remotes)? {
        let here = find_in(session, &source, list)?;
        if !here.is_empty() {
            found.add(source.name(), here);
        }
    }
    Ok(found)
}

fn find_in(
    session: &Session,
    source: &Source,
    list: &PackageList,
) -> Result<PackageList, OpsError> {
    let recipes = list
        .refs()
        .map_err(|error| OpsError::message(error.to_string()))?;
    let parts = parallel(&recipes, default_threads(), |reference| {
        let mut part = PackageList::default();
        let Some(found) = source.find(session, reference)? else {
            return Ok::<_, OpsError>(part);
        };
        part.add_ref(&found);
        for (package, info) in list.prefs(reference) {
            if let Some(found) = source.find_package(&package)? {
                part.add_pref(&found, None);
                let mut plain = package.clone();
                plain.revision = None;
                plain.timestamp = None;
                part.add_pref(&plain, info.cloned());
            }
        }
        Ok(part)
    })?;
    let mut all = PackageList::default();
    for part in &parts {
        all.merge(part);
    }
    Ok(all)
}
