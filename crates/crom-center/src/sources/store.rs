//! The store: files by their sha256.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crom_model::reporter::Reporter;
use crom_ops::OpsError;
use crom_store::cache::BackupSources;
use crom_tools::files::OneOrMany;
use crom_tools::net::{DownloadInput, NetConfig, download};

use super::needed::Needed;
use super::report::{SourceFile, SourceKind, SourceState};
use crate::CenterError;

/// A folder in the layout of `core.sources:download_cache`.
pub(super) struct Store<'a> {
    folder: PathBuf,
    backup: BackupSources,
    net: NetConfig,
    reporter: &'a dyn Reporter,
}

impl<'a> Store<'a> {
    pub(super) fn new(folder: PathBuf, net: NetConfig, reporter: &'a dyn Reporter) -> Self {
        Self {
            backup: BackupSources::at(&folder),
            folder,
            net,
            reporter,
        }
    }

    /// The folder of the store.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the file of a sum is.
    pub(super) fn path(&self, sha256: &str) -> PathBuf {
        self.backup.path(sha256)
    }

    /// Its description.
    pub(super) fn description(&self, sha256: &str) -> PathBuf {
        self.folder.join("s").join(format!("{sha256}.json"))
    }

    /// Makes sure that a file is there and is what it must be.
    pub(super) fn bring(&self, needed: &Needed, offline: bool) -> Result<SourceFile, CenterError> {
        let (sha256, state) = match (&needed.patch, &needed.sha256) {
            (Some(patch), _) => self.keep_patch(patch)?,
            (None, Some(sha256)) => (
                Some(sha256.clone()),
                self.keep_archive(needed, sha256, offline)?,
            ),
            (None, None) => (None, SourceState::Unchecked),
        };
        let kept = sha256.as_deref().filter(|_| state.is_kept());
        if let Some(sha256) = kept {
            for reference in &needed.references {
                self.backup
                    .note(sha256, reference, &needed.urls, now())
                    .map_err(OpsError::from)?;
            }
        }
        let size = kept.and_then(|it| crom_fs::metadata(self.path(it)).ok());
        Ok(SourceFile {
            kind: match needed.patch {
                Some(_) => SourceKind::Patch,
                None => SourceKind::Archive,
            },
            sha256,
            size: size.map(|it| it.len()),
            urls: match needed.patch {
                Some(_) => Vec::new(),
                None => needed.urls.clone(),
            },
            path: needed.patch.as_ref().and(needed.urls.first().cloned()),
            references: needed.references.clone(),
            state,
        })
    }

    fn keep_patch(&self, patch: &Path) -> Result<(Option<String>, SourceState), CenterError> {
        if !crom_fs::is_file(patch) {
            let problem = format!("there's no file '{}'", patch.display());
            return Ok((None, SourceState::Failed(problem)));
        }
        let sha256 = crom_fs::digest::sha256(patch)?;
        let target = self.path(&sha256);
        if crom_fs::is_file(&target) {
            return Ok((Some(sha256), SourceState::Present));
        }
        crom_fs::write_atomic(&target, crom_fs::read(patch)?)?;
        Ok((Some(sha256), SourceState::Added))
    }

    /// A file whose content isn't what its name says is fetched again.
    fn keep_archive(
        &self,
        needed: &Needed,
        sha256: &str,
        offline: bool,
    ) -> Result<SourceState, CenterError> {
        let target = self.path(sha256);
        let mut damaged = false;
        if crom_fs::is_file(&target) {
            if crom_fs::digest::sha256(&target)? == sha256 {
                return Ok(SourceState::Present);
            }
            if offline {
                let problem = String::from("the file in the store has another sha256");
                return Ok(SourceState::Failed(problem));
            }
            damaged = true;
            crom_fs::remove_file(&target)?;
        }
        if offline {
            return Ok(SourceState::Failed(String::from("not in the store")));
        }
        let work = crom_fs::temp_dir(&self.folder, "fetch-")?;
        let fetched = self.fetch(needed, sha256, &work);
        crom_fs::remove_tree(&work)?;
        Ok(match fetched {
            Ok(()) if damaged => SourceState::Repaired,
            Ok(()) => SourceState::Added,
            Err(problem) => SourceState::Failed(problem),
        })
    }

    fn fetch(&self, needed: &Needed, sha256: &str, work: &Path) -> Result<(), String> {
        let reference = needed.references.first().cloned().unwrap_or_default();
        let input = DownloadInput {
            url: OneOrMany::Many(needed.urls.clone()),
            filename: work.join("file"),
            sha256: Some(sha256.to_owned()),
            ..DownloadInput::default()
        };
        let net = NetConfig {
            download_cache: Some(self.folder.clone()),
            reference: reference.clone(),
            ..self.net.clone()
        };
        let text = |error: crom_tools::Error| error.to_string().replace(['\n', '\r'], " ");
        download(&input, &net, self.reporter, &reference).map_err(text)
    }

    /// Files of the store that nothing of `files` is.
    pub(super) fn unused(&self, files: &[SourceFile]) -> Result<Vec<String>, CenterError> {
        let used: BTreeSet<&str> = files.iter().filter_map(|it| it.sha256.as_deref()).collect();
        let folder = self.folder.join("s");
        if !crom_fs::is_dir(&folder) {
            return Ok(Vec::new());
        }
        let names = crom_fs::list(&folder)?;
        let is_file = |name: &String| name.len() == 64 && !used.contains(name.as_str());
        Ok(names.into_iter().filter(is_file).collect())
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |it| i64::try_from(it.as_secs()).unwrap_or(0))
}
