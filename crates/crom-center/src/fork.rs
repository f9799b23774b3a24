//! A checkout of a fork of conan-center-index.

use std::path::{Path, PathBuf};

use crate::CenterError;
use crate::list::CenterFile;

/// The name of the list at the fork's root.
pub const CENTER_FILE: &str = "center.yml";

/// Where the fork is, and what its list says.
#[derive(Clone, Debug)]
pub struct Fork {
    /// The folder that `center.yml` lies in; `recipes/` is beside it.
    pub root: PathBuf,
    /// The list's path.
    pub file: PathBuf,
    /// What it says.
    pub list: CenterFile,
}

impl Fork {
    /// Reads the list at a path, or finds `center.yml` in `folder` or above it.
    ///
    /// # Errors
    /// There is none, or it has a mistake.
    pub fn open(folder: &Path, given: Option<&Path>) -> Result<Self, CenterError> {
        let file = match given {
            Some(path) => folder.join(path),
            None => find(folder)?,
        };
        let text = crom_fs::read_text(&file)?;
        let list = CenterFile::parse(&text, &file.display().to_string())?;
        let root = file.parent().unwrap_or(folder).to_path_buf();
        Ok(Self { root, file, list })
    }

    /// `recipes/`
    pub fn recipes(&self) -> PathBuf {
        self.root.join("recipes")
    }

    /// What Crom itself keeps in the fork: plans, logs, records.
    pub fn state(&self) -> PathBuf {
        self.root.join(".crom-center")
    }
}

fn find(folder: &Path) -> Result<PathBuf, CenterError> {
    folder
        .ancestors()
        .map(|above| above.join(CENTER_FILE))
        .find(|path| crom_fs::is_file(path))
        .ok_or_else(|| {
            CenterError::message(format!(
                "there is no {CENTER_FILE} in '{}' or above it",
                folder.display()
            ))
            .with_hint("'crom center init' writes one; '--center-file' names another")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_found_from_below() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("recipes/zlib/all");
        crom_fs::create_dir_all(&below).unwrap();
        let error = Fork::open(&below, None).unwrap_err();
        assert!(error.to_string().contains("there is no center.yml"));
        assert!(error.hints()[0].contains("crom center init"));
        crom_fs::write(folder.path().join(CENTER_FILE), "packages: [zlib/1.3]\n").unwrap();
        let fork = Fork::open(&below, None).unwrap();
        assert_eq!(fork.root, folder.path());
        assert_eq!(fork.list.packages.len(), 1);
    }
}
