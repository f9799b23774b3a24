//! Locks between processes, on files that hold nothing.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::{Context, Error, Result};
use crate::file::{create_dir_all, parent};

/// Who else may hold the lock at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockMode {
    /// Other readers.
    Shared,
    /// Nobody.
    Exclusive,
}

/// A held lock. It is released when dropped, and by the system when the process dies. The file
/// stays: removing it would let two processes lock two files of one name.
#[derive(Debug)]
pub struct FileLock {
    // Closing the file releases the lock.
    _file: File,
    path: PathBuf,
}

impl FileLock {
    /// Waits until the lock is free. File and folder are created when missing.
    pub fn acquire(path: impl AsRef<Path>, mode: LockMode) -> Result<Self> {
        let path = path.as_ref();
        let file = open(path)?;
        match mode {
            LockMode::Shared => file.lock_shared(),
            LockMode::Exclusive => file.lock(),
        }
        .context("lock", path)?;
        Ok(Self::held(file, path))
    }

    /// Takes the lock when it is free, `None` when another holds it.
    pub fn try_acquire(path: impl AsRef<Path>, mode: LockMode) -> Result<Option<Self>> {
        let path = path.as_ref();
        let file = open(path)?;
        let taken = match mode {
            LockMode::Shared => file.try_lock_shared(),
            LockMode::Exclusive => file.try_lock(),
        };
        match taken {
            Ok(()) => Ok(Some(Self::held(file, path))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Error::io("lock", path, error)),
        }
    }

    /// Takes the lock; when another holds it calls `waiting` once and waits.
    pub fn acquire_telling(
        path: impl AsRef<Path>,
        mode: LockMode,
        waiting: impl FnOnce(),
    ) -> Result<Self> {
        let path = path.as_ref();
        if let Some(lock) = Self::try_acquire(path, mode)? {
            return Ok(lock);
        }
        waiting();
        Self::acquire(path, mode)
    }

    /// The locked file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn held(file: File, path: &Path) -> Self {
        Self {
            _file: file,
            path: path.to_path_buf(),
        }
    }
}

fn open(path: &Path) -> Result<File> {
    create_dir_all(parent(path))?;
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .context("open lock", path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_share_and_writers_do_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("locks/x");
        let first = FileLock::acquire(&path, LockMode::Shared).unwrap();
        let second = FileLock::try_acquire(&path, LockMode::Shared).unwrap();
        assert!(second.is_some());
        assert!(
            FileLock::try_acquire(&path, LockMode::Exclusive)
                .unwrap()
                .is_none()
        );
        drop((first, second));
        let writer = FileLock::try_acquire(&path, LockMode::Exclusive).unwrap();
        assert!(writer.is_some());
        assert!(
            FileLock::try_acquire(&path, LockMode::Shared)
                .unwrap()
                .is_none()
        );
    }
}
