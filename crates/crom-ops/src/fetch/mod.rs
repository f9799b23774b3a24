//! From a server into the cache. What arrives is complete and fits its revision before anybody sees
//! it: files are put in a temporary folder, checked against the manifest, and moved.

mod package;
mod recipe;
mod verify;

pub(crate) use package::{package, package_metadata};
pub(crate) use recipe::{export_sources, recipe, recipe_metadata};

use std::path::{Path, PathBuf};

use crom_fs::archive::{LinkPolicy, UnpackOptions, unpack};
use crom_model::conf::fnmatch;
use crom_protocol::file;
use crom_remote::{FileAddress, RemoteError, ServerRemote};

use crate::signing::{self, SignedFiles};
use crate::{OpsError, Session};

/// Signatures are part of what a plugin checks, so they come along without being asked for.
const SIGNATURES: &str = "metadata/sign/";

/// The one archive with this stem among the files of a revision.
fn archive<'a>(
    files: &'a [String],
    stem: &str,
    what: &str,
) -> Result<Option<&'a String>, OpsError> {
    let mut archives = files
        .iter()
        .filter(|name| file::archive_stem(name) == Some(stem));
    let first = archives.next();
    if archives.next().is_some() {
        return Err(OpsError::message(format!(
            "{what} contains more than one compressed file of '{stem}'"
        )));
    }
    Ok(first)
}

/// Brings the metadata files that a pattern chooses into a folder.
fn metadata(
    server: &ServerRemote,
    files: &[String],
    patterns: &[String],
    folder: &Path,
    address: &(dyn Fn(&str) -> FileAddress + Sync),
) -> Result<usize, OpsError> {
    let wanted: Vec<(&String, PathBuf)> = files
        .iter()
        .filter_map(|name| {
            let path = name.strip_prefix(file::METADATA)?;
            let chosen = name.starts_with(SIGNATURES)
                || patterns.iter().any(|pattern| fnmatch(pattern, path));
            chosen.then(|| (name, folder.join(path)))
        })
        .collect();
    let threads = server.transfer().download_threads;
    crom_remote::parallel(&wanted, threads, |(name, target)| {
        if let Some(parent) = target.parent() {
            crom_fs::create_dir_all(parent)?;
        }
        server.download(&address(name), target)
    })?;
    Ok(wanted.len())
}

/// Unpacks an archive that arrived.
fn extract(archive: &Path, folder: &Path) -> Result<(), OpsError> {
    let options = UnpackOptions {
        // Links are part of what was packed; nothing is written through them.
        links: LinkPolicy::Keep,
        ..UnpackOptions::default()
    };
    unpack(archive, folder, options).map_err(|error| {
        OpsError::message(format!(
            "Error while extracting downloaded file '{}' to {}\n{error}",
            archive.display(),
            folder.display()
        ))
    })
}

/// Lets the signing plugin check what has arrived, before anything of it is used. `plain` are files
/// that are elsewhere; the plugin finds copies of them in the folder.
fn check_signatures(
    session: &Session,
    reference: &str,
    download: &Path,
    plain: &[(&str, PathBuf)],
    archives: &[&str],
) -> Result<(), OpsError> {
    if !signing::is_active(session) {
        return Ok(());
    }
    let mut files = SignedFiles::new();
    for (name, path) in plain {
        crom_fs::copy_file(path, download.join(name))?;
        files.insert((*name).to_owned(), download.join(name));
    }
    for name in archives {
        files.insert((*name).to_owned(), download.join(name));
    }
    let signatures = download.join(SIGNATURES);
    let checked = signing::verify_downloaded(session, reference, download, &signatures, &files);
    for (name, _) in plain {
        crom_fs::remove_file(download.join(name))?;
    }
    checked
}

/// Removes a temporary folder that became useless; what resists is removed by `cache clean`.
fn discard(folder: &Path) {
    let _ = crom_fs::remove_tree(folder);
}

fn corrupted(server: &ServerRemote, what: &str, problem: String) -> OpsError {
    OpsError::from(RemoteError::Corrupted {
        what: what.to_owned(),
        problem,
        remote: server.name().to_owned(),
    })
}
