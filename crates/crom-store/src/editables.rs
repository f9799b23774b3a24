//! `editable_packages.json`: packages that are taken from a user's folder.

use std::path::{Path, PathBuf};

use crom_model::conf::fnmatch;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::home::Home;
use crate::optional_file::read_json_if_exists;

/// Where an editable package lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editable {
    /// Absolute path of its `conanfile.py`.
    pub path: PathBuf,
    /// Absolute folder for what is built; none: beside the recipe.
    pub output_folder: Option<PathBuf>,
}

/// The editable packages of a home, by `name/version[@user/channel]`, in the order they were added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Editables {
    entries: IndexMap<String, Editable>,
}

impl Editables {
    /// Reads the file; none is an empty list.
    ///
    /// # Errors
    /// When it isn't what Conan writes.
    pub fn load(home: &Home) -> Result<Self> {
        let path = home.editables_file();
        match read_json_if_exists(&path)? {
            None => Ok(Self::default()),
            Some(json) => serde_json::from_value(json).map_err(|error| StoreError::Json {
                path,
                message: error.to_string(),
            }),
        }
    }

    /// Writes the file on one line with Python's separators.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn save(&self, home: &Home) -> Result<()> {
        let text = |value: &str| serde_json::Value::from(value).to_string();
        let path = |path: &Path| text(&path.display().to_string());
        let items: Vec<String> = self
            .entries
            .iter()
            .map(|(reference, entry)| {
                let output = entry
                    .output_folder
                    .as_deref()
                    .map_or("null".to_owned(), path);
                format!(
                    "{}: {{\"path\": {}, \"output_folder\": {output}}}",
                    text(reference),
                    path(&entry.path)
                )
            })
            .collect();
        crom_fs::create_dir_all(home.root())?;
        crom_fs::write_atomic(home.editables_file(), format!("{{{}}}", items.join(", ")))?;
        Ok(())
    }

    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The editable package with this reference (without revision).
    pub fn get(&self, reference: &str) -> Option<&Editable> {
        self.entries.get(reference)
    }

    /// Adds or replaces.
    pub fn add(&mut self, reference: &str, editable: Editable) {
        self.entries.insert(reference.to_owned(), editable);
    }

    /// Removes what matches one of the reference patterns or has one of the paths. Returns what was
    /// removed.
    pub fn remove(&mut self, paths: &[PathBuf], patterns: &[String]) -> Vec<(String, Editable)> {
        let mut removed = Vec::new();
        self.entries.retain(|reference, entry| {
            let gone = paths.contains(&entry.path)
                || patterns.iter().any(|pattern| fnmatch(pattern, reference));
            if gone {
                removed.push((reference.clone(), entry.clone()));
            }
            !gone
        });
        removed
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Editable)> {
        self.entries
            .iter()
            .map(|(reference, entry)| (reference.as_str(), entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_compact() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let mut editables = Editables::load(&home).unwrap();
        let entry = Editable {
            path: "/a/conanfile.py".into(),
            output_folder: None,
        };
        editables.add("pkg/1.0", entry.clone());
        editables.add(
            "q/2@u/c",
            Editable {
                output_folder: Some("/o".into()),
                ..entry
            },
        );
        editables.save(&home).unwrap();
        assert_eq!(
            crom_fs::read_text(home.editables_file()).unwrap(),
            "{\"pkg/1.0\": {\"path\": \"/a/conanfile.py\", \"output_folder\": null}, \
             \"q/2@u/c\": {\"path\": \"/a/conanfile.py\", \"output_folder\": \"/o\"}}"
        );
        let mut editables = Editables::load(&home).unwrap();
        assert_eq!(editables.remove(&[], &["q/*".to_owned()]).len(), 1);
        assert_eq!(editables.remove(&["/a/conanfile.py".into()], &[]).len(), 1);
        editables.save(&home).unwrap();
        assert_eq!(crom_fs::read_text(home.editables_file()).unwrap(), "{}");
    }
}
