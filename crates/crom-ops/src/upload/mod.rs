//! `upload`: recipes and packages of the cache to a server.
//!
//! 1. check: which revisions the server has; those are skipped unless they are forced
//! 2. prepare: the archives of the others, made once and kept in the cache
//! 3. send: recipes first, so that no package is without one

mod check;
mod plan;
mod prepare;
mod prepared;
mod send;

use std::path::PathBuf;
use std::time::Instant;

use crom_model::package_list::{MultiPackageList, PackageList};
use crom_remote::ServerRemote;
use crom_store::cache::{PackageQuery, Selection};
use crom_store::remotes::{RemoteConfig, Remotes};

use crate::download::transfer_pattern;
use crate::packages::LOCAL_CACHE;
use crate::pkglist::load_lists;
use crate::source::Source;
use crate::{OpsError, Session};
use plan::Plan;
pub(crate) use prepare::prepared_files;

/// `upload`
#[derive(Clone, Debug, Default)]
pub struct UploadRequest {
    /// What to upload.
    pub pattern: Option<String>,
    /// `-l`: a package list.
    pub list: Option<PathBuf>,
    /// `-r`
    pub remote: String,
    /// `-p`
    pub package_query: Option<String>,
    /// No binaries.
    pub only_recipe: bool,
    /// Also what the server has.
    pub force: bool,
    /// Compare files with their manifests before.
    pub check: bool,
    /// Prepare, but don't send.
    pub dry_run: bool,
    /// Use a remote that is disabled, too.
    pub allow_disabled: bool,
    /// `-m`: patterns of metadata files; all where there are none, none for an empty one.
    pub metadata: Vec<String>,
}

/// Uploads what a pattern or list names, after asking for each where the pattern may mean several.
/// Returns what was done, as lists of the remote.
///
/// # Errors
/// Arguments that don't fit together, nothing of that name, corrupted packages, a server that can't
/// be asked or refuses.
pub fn upload(
    session: &Session,
    request: &UploadRequest,
    confirm: &mut dyn FnMut(&str) -> Result<bool, OpsError>,
) -> Result<MultiPackageList, OpsError> {
    let started = Instant::now();
    let remotes = Remotes::load(session.home())?;
    remotes.get(&request.remote)?;
    let reporter = session.reporter();
    let mut lists = MultiPackageList::default();
    if let Some(plan) = prepared_plan(session, request)? {
        reporter.title(&format!("Uploading to remote {}", request.remote));
        let source = Source::new(session, remote_in_use(&remotes, request)?)?;
        let server = source.server("upload")?;
        finish(session, server, &plan, request, started)?;
        lists.add(&request.remote, plan.into_list(server)?);
        return Ok(lists);
    }
    let list = what(session, request, confirm)?;
    if list.is_empty() {
        reporter.warning(
            None,
            "",
            "No packages were uploaded because the selection is empty.",
        );
        lists.add(&request.remote, list);
        return Ok(lists);
    }
    reporter.title(&format!("Uploading to remote {}", request.remote));
    if request.check {
        check_integrity(session, &list)?;
    }
    let source = Source::new(session, remote_in_use(&remotes, request)?)?;
    let server = source.server("upload")?;
    let mut plan = Plan::of_list(session, list, request)?;
    reporter.subtitle("Checking server for existing packages");
    check::check(session, server, &mut plan, request.force)?;
    reporter.subtitle("Preparing artifacts for upload");
    prepare::prepare(session, server, &mut plan, &request.metadata)?;
    crate::signing::warn_of_upload(session);
    finish(session, server, &plan, request, started)?;
    lists.add(&request.remote, plan.into_list(server)?);
    Ok(lists)
}

/// Sends what is prepared, unless nothing is to be sent.
fn finish(
    session: &Session,
    server: &ServerRemote,
    plan: &Plan,
    request: &UploadRequest,
    started: Instant,
) -> Result<(), OpsError> {
    let reporter = session.reporter();
    if !request.dry_run {
        reporter.subtitle("Uploading artifacts");
        send::send(session, server, plan)?;
        if plan.has_uploads() {
            crate::backup::upload(session, Some(&plan.references()))?;
        }
    }
    let seconds = started.elapsed().as_secs();
    reporter.status("", &format!("Upload completed in {seconds}s\n"));
    Ok(())
}

fn remote_in_use(remotes: &Remotes, request: &UploadRequest) -> Result<RemoteConfig, OpsError> {
    Ok(if request.allow_disabled {
        remotes.get(&request.remote)?.clone()
    } else {
        remotes.get_enabled(&request.remote)?
    })
}

fn prepared_plan(session: &Session, request: &UploadRequest) -> Result<Option<Plan>, OpsError> {
    let (None, Some(path)) = (&request.pattern, &request.list) else {
        return Ok(None);
    };
    let lists = load_lists(session, path)?;
    let path = session.cwd().join(path);
    prepared::plan(&lists, &path, &request.remote, request.only_recipe)
}

fn what(
    session: &Session,
    request: &UploadRequest,
    confirm: &mut dyn FnMut(&str) -> Result<bool, OpsError>,
) -> Result<PackageList, OpsError> {
    match (&request.pattern, &request.list) {
        (Some(_), Some(_)) => Err(OpsError::message(
            "Cannot define both the pattern and the package list file",
        )),
        (None, None) => Err(OpsError::message("Missing pattern or package list file")),
        (None, Some(path)) => {
            let lists = load_lists(session, path)?;
            let list = lists
                .get(LOCAL_CACHE)
                .map_err(|error| OpsError::message(error.to_string()))?;
            let mut list = list.clone();
            if request.only_recipe {
                list.only_recipes();
            }
            Ok(list)
        }
        (Some(text), None) => {
            let pattern = transfer_pattern(text, request.only_recipe)?;
            let query = request.package_query.as_deref().map(PackageQuery::parse);
            let selection = Selection {
                query: query.transpose()?,
                ..Selection::default()
            };
            let list = session
                .cache()?
                .select(&pattern, &selection, session.reporter())?;
            let several = text.contains('*');
            if several {
                confirmed(&list, confirm)
            } else {
                Ok(list)
            }
        }
    }
}

/// The part of a list that the user agrees to.
fn confirmed(
    list: &PackageList,
    confirm: &mut dyn FnMut(&str) -> Result<bool, OpsError>,
) -> Result<PackageList, OpsError> {
    let mut agreed = PackageList::default();
    let recipes = list
        .refs()
        .map_err(|error| OpsError::message(error.to_string()))?;
    for reference in recipes {
        let name = reference.repr_notime();
        if !confirm(&format!("Are you sure you want to upload recipe '{name}'?"))? {
            continue;
        }
        agreed.add_ref(&reference);
        let has_packages = list
            .recipe_dict(&reference)
            .is_some_and(|entry| entry.contains_key("packages"));
        if has_packages && let Some(entry) = agreed.recipe_dict_mut(&reference) {
            entry.insert("packages".to_owned(), serde_json::json!({}));
        }
        for (package, info) in list.prefs(&reference) {
            let name = package.repr_notime();
            if confirm(&format!(
                "Are you sure you want to upload package '{name}'?"
            ))? {
                agreed.add_pref(&package, None);
                let mut plain = package;
                plain.revision = None;
                plain.timestamp = None;
                agreed.add_pref(&plain, info.cloned());
            }
        }
    }
    Ok(agreed)
}

fn check_integrity(session: &Session, list: &PackageList) -> Result<(), OpsError> {
    let reporter = session.reporter();
    reporter.subtitle("Checking integrity of cache packages");
    let report = session.cache()?.check_integrity(list, session.reporter())?;
    for item in &report.items {
        if item.is_ok() {
            reporter.status(&item.scope(), &item.message());
        } else {
            reporter.error(&item.scope(), &item.message());
        }
    }
    if report.is_ok() {
        return Ok(());
    }
    Err(OpsError::message(
        "There are corrupted artifacts, check the error logs",
    ))
}

/// Sizes as people read them: `465B`, `1.0KB`, in thousands as the reference counts.
fn readable_size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "KB", "MB", "GB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1000.0 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{bytes}B")
    } else {
        format!("{size:.1}{}", UNITS[unit])
    }
}

/// What messages about a recipe begin with.
fn scope(reference: &crom_model::reference::RecipeReference) -> String {
    reference.without_revision().to_string()
}

#[cfg(test)]
mod tests {
    use super::readable_size;

    #[test]
    fn sizes_are_readable() {
        for (bytes, expected) in [
            (0, "0B"),
            (465, "465B"),
            (1008, "1.0KB"),
            (1_500_000, "1.5MB"),
            (3_000_000_000_000, "3000.0GB"),
        ] {
            assert_eq!(readable_size(bytes), expected);
        }
    }
}
