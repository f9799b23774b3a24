//! `core.sources:download_cache`: downloaded sources by their sha256, for backup servers.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::error::Result;
use crate::optional_file::read_json_if_exists;

/// The folder of `core.sources:download_cache`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupSources {
    folder: PathBuf,
}

/// A downloaded file with its description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupFile {
    /// The file, named by its sha256.
    pub path: PathBuf,
    /// `<sha256>.json` beside it.
    pub description: PathBuf,
}

impl BackupSources {
    /// The backup of this folder.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Where the file with this sum is, or would be.
    pub fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join("s").join(sha256)
    }

    /// The lock for downloading it.
    pub fn lock_path(&self, sha256: &str) -> PathBuf {
        self.folder.join("locks").join(sha256)
    }

    /// Notes that a recipe (`name/version`) needs the file, which came from these addresses.
    ///
    /// # Errors
    /// When the description can't be read or written.
    pub fn note(&self, sha256: &str, reference: &str, urls: &[String], now: i64) -> Result<()> {
        let path = self.description_path(sha256);
        let mut json = read_json_if_exists(&path)?
            .filter(Json::is_object)
            .unwrap_or_else(|| json!({ "references": {}, "timestamp": now }));
        if !json["references"].is_object() {
            json["references"] = json!({});
        }
        let known = &mut json["references"][reference];
        if !known.is_array() {
            *known = json!([]);
        }
        if let Some(list) = known.as_array_mut() {
            for url in urls {
                if !list.iter().any(|item| item == url.as_str()) {
                    list.push(json!(url));
                }
            }
        }
        crom_fs::create_dir_all(self.folder.join("s"))?;
        Ok(crom_fs::write_atomic(&path, json.to_string())?)
    }

    /// What `cache backup-upload` sends: all files, or only those that one of `references` needs.
    /// `excluded` are addresses (prefixes) whose files stay here.
    ///
    /// # Errors
    /// When a description can't be read.
    pub fn files_to_upload(
        &self,
        references: Option<&[String]>,
        excluded: &[String],
    ) -> Result<Vec<BackupFile>> {
        let folder = self.folder.join("s");
        if !crom_fs::is_dir(&folder) {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        for name in crom_fs::list(&folder)? {
            let Some(sha256) = name.strip_suffix(".json") else {
                continue;
            };
            let description = folder.join(&name);
            let path = folder.join(sha256);
            if !crom_fs::is_file(&path) {
                continue;
            }
            let Some(json) = read_json_if_exists(&description)? else {
                continue;
            };
            if is_wanted(&json, references, excluded) {
                files.push(BackupFile { path, description });
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// Removes everything: `cache clean -bs`. Returns the files removed.
    ///
    /// # Errors
    /// When a file resists.
    pub fn clean(&self) -> Result<Vec<PathBuf>> {
        let folder = self.folder.join("s");
        let mut removed = Vec::new();
        if crom_fs::is_dir(&folder) {
            for name in crom_fs::list(&folder)? {
                let path: &Path = &folder.join(name);
                crom_fs::remove(path)?;
                removed.push(path.to_path_buf());
            }
        }
        Ok(removed)
    }

    fn description_path(&self, sha256: &str) -> PathBuf {
        self.folder.join("s").join(format!("{sha256}.json"))
    }
}

fn is_wanted(json: &Json, references: Option<&[String]>, excluded: &[String]) -> bool {
    let Some(entries) = json.get("references").and_then(Json::as_object) else {
        return false;
    };
    entries.iter().any(|(reference, urls)| {
        let asked = references.is_none_or(|wanted| wanted.contains(reference));
        let urls: Vec<&str> = urls
            .as_array()
            .map(|list| list.iter().filter_map(Json::as_str).collect())
            .unwrap_or_default();
        let kept = !urls.is_empty()
            && urls
                .iter()
                .all(|url| excluded.iter().any(|start| url.starts_with(start.as_str())));
        asked && !kept
    })
}
