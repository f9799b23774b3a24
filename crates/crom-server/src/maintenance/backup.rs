//! A copy of SQLite and folder that is a data folder itself, made while the server runs.

use std::path::{Path, PathBuf};

use crom_fs::{FileLock, LockMode};
use serde::{Deserialize, Serialize};

use crate::config::FILE;
use crate::error::{Error, Result};
use crate::server::Server;

/// What was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupReport {
    /// Blobs that are hard links to the original.
    pub linked: u64,
    /// Blobs that are copies.
    pub copied: u64,
}

impl Server {
    /// Copies metadata and blobs to a folder that isn't there yet or is empty. Blobs never change, so
    /// on the same file system they are linked.
    ///
    /// # Errors
    /// Metadata or blobs are elsewhere (use the tools of PostgreSQL and the object store); the folder
    /// isn't empty or can't be written.
    pub async fn back_up(&self, folder: &Path) -> Result<BackupReport> {
        if self.config.storage.url.is_some() {
            return Err(Error::Config(
                "the blobs are in an object store: copy the bucket after the metadata".to_owned(),
            ));
        }
        if crom_fs::exists(folder) && !crom_fs::list(folder)?.is_empty() {
            return Err(Error::Config(format!("`{}` isn't empty", folder.display())));
        }
        crom_fs::create_dir_all(folder)?;
        // Nothing that the copied metadata names may be collected before it is copied too.
        let _alone = self.collection_lock().await?;
        self.database
            .copy_to(&folder.join("metadata.sqlite3"))
            .await?;
        let (from, to) = (self.config.blobs(), folder.join("blobs"));
        let (config, copy) = (self.config.data.join(FILE), folder.join(FILE));
        tokio::task::spawn_blocking(move || {
            if crom_fs::exists(&config) {
                crom_fs::copy_file(&config, &copy)?;
            }
            copy_blobs(&from, &to)
        })
        .await?
    }

    /// Held while blobs must not be collected.
    pub(super) async fn collection_lock(&self) -> Result<FileLock> {
        let path = self.config.data.join("collection.lock");
        let lock =
            tokio::task::spawn_blocking(move || FileLock::acquire(path, LockMode::Exclusive))
                .await??;
        Ok(lock)
    }
}

fn copy_blobs(from: &Path, to: &Path) -> Result<BackupReport> {
    let mut report = BackupReport::default();
    crom_fs::create_dir_all(to)?;
    for first in crom_fs::list(from)? {
        for second in crom_fs::list(from.join(&first))? {
            let below = PathBuf::from(&first).join(&second);
            crom_fs::create_dir_all(to.join(&below))?;
            for name in crom_fs::list(from.join(&below))? {
                let (original, copy) = (from.join(&below).join(&name), to.join(&below).join(&name));
                match crom_fs::hard_link(&original, &copy) {
                    Ok(()) => report.linked += 1,
                    // A half-written upload that is done by now.
                    Err(error) if error.is_not_found() => {}
                    Err(_) => {
                        crom_fs::copy_file(&original, &copy)?;
                        report.copied += 1;
                    }
                }
            }
        }
    }
    Ok(report)
}
