//! Which revision a folder of an index gave, so that a warm home doesn't export it again.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crom_fs::digest::{Hasher, Wanted};

use crate::Result;

/// Changes with the way recipes are exported.
const FORMAT: &str = "crom-export 1";

/// Files younger than this may change again without a new time.
const SETTLED: Duration = Duration::from_secs(2);

/// Names, sizes, times and kinds of all files in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderSignature {
    sum: String,
    newest: Option<SystemTime>,
}

impl FolderSignature {
    /// Looks at every file below `folder`; `chosen` is the part that is exported.
    pub(crate) fn of(folder: &Path, chosen: &Path) -> Result<Self> {
        let mut hasher = Hasher::new(Wanted::SHA1);
        hasher.update(format!("{FORMAT}\n{}\n", chosen.display()).as_bytes());
        let mut newest: Option<SystemTime> = None;
        for entry in crom_fs::walk(folder)? {
            let meta = crom_fs::symlink_metadata(&entry.path)?;
            let modified = meta.modified().ok();
            let nanos = modified
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
                .map_or(0, |since| since.as_nanos());
            // A folder's own time changes with things that don't matter (an editor's backup).
            if !meta.is_dir() {
                newest = newest.max(modified);
                let line = format!(
                    "{} {} {nanos} {:?}\n",
                    entry.relative,
                    meta.len(),
                    entry.kind
                );
                hasher.update(line.as_bytes());
                hasher.update(&inode(&meta).to_le_bytes());
            }
        }
        Ok(Self {
            sum: hasher.finish().sha1,
            newest,
        })
    }

    /// The revision in the file, if it was kept for this very signature.
    pub(crate) fn remembered(&self, file: &Path) -> Option<String> {
        let text = crom_fs::read_text(file).ok()?;
        let (sum, revision) = text.trim_end().split_once(' ')?;
        (sum == self.sum).then(|| revision.to_owned())
    }

    /// Keeps the revision in the file.
    pub(crate) fn remember(&self, file: &Path, revision: &str) -> Result<()> {
        let settled = self.newest.is_none_or(|newest| {
            SystemTime::now()
                .duration_since(newest)
                .is_ok_and(|age| age > SETTLED)
        });
        if !settled {
            return Ok(());
        }
        if let Some(folder) = file.parent() {
            crom_fs::create_dir_all(folder)?;
        }
        Ok(crom_fs::write_atomic(
            file,
            format!("{} {revision}\n", self.sum),
        )?)
    }
}

/// A file that was replaced has another one, whatever its time says.
#[cfg(unix)]
fn inode(meta: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn inode(_meta: &std::fs::Metadata) -> u64 {
    0
}
