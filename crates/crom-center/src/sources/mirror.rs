//! `sources: {mirror: ...}`: a folder or a backup-sources server that gets all files of the store.

use std::path::Path;

use crom_ops::{Session, send_backups};
use crom_store::cache::BackupFile;

use super::report::SourceFile;
use super::store::Store;
use crate::{CenterError, Fork};

/// Sends the files that were kept.
pub(super) fn send(
    session: &Session,
    fork: &Fork,
    store: &Store<'_>,
    files: &[SourceFile],
    mirror: &str,
) -> Result<(), CenterError> {
    let kept = files.iter().filter(|it| it.state.is_kept());
    let backups: Vec<BackupFile> = kept
        .filter_map(|it| it.sha256.as_deref())
        .map(|sha256| BackupFile {
            path: store.path(sha256),
            description: store.description(sha256),
        })
        .collect();
    if mirror.starts_with("http://") || mirror.starts_with("https://") {
        return Ok(send_backups(session, mirror, &backups)?);
    }
    let folder = mirror.strip_prefix("file://").unwrap_or(mirror);
    copy(&fork.root.join(folder), &backups)
}

/// Files by their sum don't change; descriptions do.
fn copy(folder: &Path, files: &[BackupFile]) -> Result<(), CenterError> {
    crom_fs::create_dir_all(folder)?;
    for file in files {
        for (path, changes) in [(&file.path, false), (&file.description, true)] {
            let Some(name) = path.file_name() else {
                continue;
            };
            let target = folder.join(name);
            if changes || !crom_fs::is_file(&target) {
                crom_fs::write_atomic(&target, crom_fs::read(path)?)?;
            }
        }
    }
    Ok(())
}
