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

/// A signature that nobody checks is worse than none.
fn refuse_signing(session: &Session) -> Result<(), OpsError> {
    let plugin = session
        .home()
        .extensions_folder()
        .join("plugins")
        .join("sign")
        .join("sign.py");
    if !crom_fs::exists(&plugin) {
        return Ok(());
    }
    Err(OpsError::message(format!(
        "'{}' can't run: plugins that verify packages are not supported yet",
        plugin.display()
    ))
    .with_hint("move it away to download without verification"))
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
