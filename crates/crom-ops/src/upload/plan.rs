//! What is uploaded and why, item by item.

use std::path::PathBuf;

use crom_model::package_list::PackageList;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_remote::{FileAddress, ServerRemote};
use serde_json::{Map, Value, json};

use super::UploadRequest;
use crate::{OpsError, Session};

/// Everything that a command is about.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) recipes: Vec<RecipeItem>,
    list: PackageList,
}

/// A recipe revision with those of its packages that are meant.
#[derive(Debug)]
pub(super) struct RecipeItem {
    pub(super) reference: RecipeReference,
    pub(super) item: Item,
    pub(super) packages: Vec<PackageItem>,
}

/// A package revision.
#[derive(Debug)]
pub(super) struct PackageItem {
    pub(super) reference: PackageReference,
    pub(super) item: Item,
}

/// What is done about a revision.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// It is sent.
    pub(super) upload: bool,
    /// Although the server has it.
    pub(super) forced: bool,
    /// In the order of the JSON.
    pub(super) files: Vec<PreparedFile>,
}

/// A file that is ready to be sent.
#[derive(Clone, Debug)]
pub(super) struct PreparedFile {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) size: u64,
    pub(super) sha1: String,
}

impl Plan {
    /// Of items that are decided; `list` names the same.
    pub(super) fn new(recipes: Vec<RecipeItem>, list: PackageList) -> Self {
        Self { recipes, list }
    }

    /// From what the user chose. Recipes whose binaries must not be uploaded lose them.
    pub(super) fn of_list(
        session: &Session,
        mut list: PackageList,
        request: &UploadRequest,
    ) -> Result<Self, OpsError> {
        let message = |error: crom_model::package_list::PackageListError| {
            OpsError::message(error.to_string())
        };
        let mut recipes = Vec::new();
        for reference in list.refs().map_err(message)? {
            if reference.revision.is_none() {
                return Err(OpsError::message(format!(
                    "the list has no revision of '{reference}': use 'conan list ...#*' to make it"
                )));
            }
            let mut packages: Vec<PackageItem> = list
                .prefs(&reference)
                .into_iter()
                .filter(|(package, _)| package.revision.is_some())
                .map(|(reference, _)| PackageItem {
                    reference,
                    item: Item::default(),
                })
                .collect();
            if !packages.is_empty()
                && !request.only_recipe
                && super::prepare::skips_binaries(session, &reference)?
            {
                session.reporter().status(
                    &super::scope(&reference),
                    "Skipping upload of binaries, because upload_policy='skip'",
                );
                packages.clear();
                if let Some(entry) = list.recipe_dict_mut(&reference) {
                    entry.insert("packages".to_owned(), json!({}));
                }
            }
            recipes.push(RecipeItem {
                reference,
                item: Item::default(),
                packages,
            });
        }
        Ok(Self { recipes, list })
    }

    /// Is anything sent?
    pub(super) fn has_uploads(&self) -> bool {
        self.recipes.iter().any(|recipe| {
            recipe.item.sends() || recipe.packages.iter().any(|package| package.item.sends())
        })
    }

    /// `name/version` of all recipes.
    pub(super) fn references(&self) -> Vec<String> {
        self.recipes
            .iter()
            .map(|recipe| recipe.reference.without_revision().to_string())
            .collect()
    }

    /// The list with what was done about each revision.
    pub(super) fn into_list(self, server: &ServerRemote) -> Result<PackageList, OpsError> {
        let mut list = self.list;
        for recipe in &self.recipes {
            if let Some(entry) = list.recipe_dict_mut(&recipe.reference) {
                // The order of the keys is the reference's.
                if recipe.item.upload {
                    entry.insert("force_upload".to_owned(), json!(recipe.item.forced));
                    entry.insert("upload".to_owned(), json!(true));
                } else {
                    entry.insert("upload".to_owned(), json!(false));
                    entry.insert("force_upload".to_owned(), json!(false));
                }
                let address = |name: &str| server.recipe_file(&recipe.reference, name);
                recipe.item.note_files(entry, &address);
            }
            for package in &recipe.packages {
                let Some(entry) = list.package_dict_mut(&package.reference) else {
                    continue;
                };
                entry.insert("force_upload".to_owned(), json!(package.item.forced));
                entry.insert("upload".to_owned(), json!(package.item.upload));
                let address = |name: &str| server.package_file(&package.reference, name);
                package.item.note_files(entry, &address);
            }
        }
        Ok(list)
    }
}

impl Item {
    /// Are there files to send? Metadata is sent even where the rest is skipped.
    pub(super) fn sends(&self) -> bool {
        !self.files.is_empty()
    }

    /// All bytes that are sent.
    pub(super) fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    fn note_files(&self, entry: &mut Map<String, Value>, address: &dyn Fn(&str) -> FileAddress) {
        if self.files.is_empty() {
            return;
        }
        let mut files = Map::new();
        let mut urls = Map::new();
        for file in &self.files {
            files.insert(file.name.clone(), json!(file.path.display().to_string()));
            urls.insert(
                file.name.clone(),
                json!({ "url": address(&file.name).url(), "checksum": file.sha1 }),
            );
        }
        entry.insert("files".to_owned(), Value::Object(files));
        entry.insert("upload-urls".to_owned(), Value::Object(urls));
    }
}
