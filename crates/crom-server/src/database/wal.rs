//! Durability of SQLite without a disk flush per transaction: with `synchronous = NORMAL` a commit
//! is in the write-ahead log but maybe not on the disk. Those who need to know wait here; one flush
//! serves everyone who began to wait before it started.

use std::path::{Path, PathBuf};

use tokio::sync::Mutex;

use crate::error::{Error, Result};

/// Flushes the write-ahead log of one database.
pub struct WalSync {
    file: PathBuf,
    asked: std::sync::atomic::AtomicU64,
    /// The highest ticket that a finished flush covers.
    done: Mutex<u64>,
}

impl WalSync {
    /// Of this database.
    pub fn new(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push("-wal");
        Self {
            file: PathBuf::from(name),
            asked: std::sync::atomic::AtomicU64::new(0),
            done: Mutex::new(0),
        }
    }

    /// Returns when everything committed before the call is on the disk.
    pub async fn sync(&self) -> Result<()> {
        use std::sync::atomic::Ordering;
        let ticket = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut done = self.done.lock().await;
        if *done >= ticket {
            return Ok(());
        }
        let covered = self.asked.load(Ordering::SeqCst);
        let file = self.file.clone();
        tokio::task::spawn_blocking(move || match crom_fs::open(&file) {
            Ok(opened) => opened
                .sync_all()
                .map_err(|error| Error::from(crom_fs::Error::io("flush", &file, error))),
            // Folded into the database (and flushed) when the last connection closed.
            Err(error) if error.is_not_found() => Ok(()),
            Err(error) => Err(error.into()),
        })
        .await??;
        *done = covered;
        Ok(())
    }
}
