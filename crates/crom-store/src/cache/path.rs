//! `cache path`: where something is.

use std::path::PathBuf;

use crom_model::reference::{PackageReference, RecipeReference};

use super::Cache;
use crate::error::{Result, StoreError};

/// `--folder`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheFolder {
    /// `es` of a recipe.
    ExportSource,
    /// `s` of a recipe.
    Source,
    /// `b` of a package.
    Build,
    /// `d/metadata` of either.
    Metadata,
}

impl CacheFolder {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::ExportSource,
        Self::Source,
        Self::Build,
        Self::Metadata,
    ];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            CacheFolder::ExportSource => "export_source",
            CacheFolder::Source => "source",
            CacheFolder::Build => "build",
            CacheFolder::Metadata => "metadata",
        }
    }
}

impl Cache {
    /// The folder of a recipe (`name/version[#rrev]`) or package (`...:package_id[#prev]`), or a part
    /// of it. Revisions that aren't given or are `latest` are the newest.
    ///
    /// # Errors
    /// No such recipe, package or folder; a reference that isn't one.
    pub fn path(&self, reference: &str, folder: Option<CacheFolder>) -> Result<PathBuf> {
        let invalid = || {
            StoreError::Invalid(format!(
                "{reference} is not a valid recipe reference, provide a reference in the form name/version[@user/channel]"
            ))
        };
        let (recipe, package) = match reference.split_once(':') {
            Some((recipe, package)) => (recipe, Some(package)),
            None => (reference, None),
        };
        let mut recipe = RecipeReference::loads(recipe).map_err(|_| invalid())?;
        drop_latest(&mut recipe.revision);
        let (path, name) = match package {
            None => (self.recipe_path(&recipe, folder)?, recipe.repr_notime()),
            Some(package) => {
                let (id, revision) = match package.split_once('#') {
                    Some((id, revision)) => (id, Some(revision.to_owned())),
                    None => (package, None),
                };
                if recipe.revision.is_none() {
                    recipe =
                        self.latest_recipe(&recipe)?
                            .ok_or_else(|| StoreError::RecipeNotFound {
                                reference: recipe.to_string(),
                            })?;
                }
                let mut package = PackageReference::new(recipe, id);
                package.revision = revision;
                drop_latest(&mut package.revision);
                (self.package_path(&package, folder)?, package.repr_notime())
            }
        };
        if crom_fs::exists(&path) {
            return Ok(path);
        }
        Err(StoreError::FolderNotFound {
            folder: folder.map_or("export", CacheFolder::as_str).to_owned(),
            reference: name,
        })
    }

    fn recipe_path(
        &self,
        reference: &RecipeReference,
        folder: Option<CacheFolder>,
    ) -> Result<PathBuf> {
        let layout = self.recipe(reference)?;
        Ok(match folder {
            None => layout.export(),
            Some(CacheFolder::ExportSource) => layout.export_sources(),
            Some(CacheFolder::Source) => layout.source(),
            Some(CacheFolder::Metadata) => layout.metadata(),
            Some(CacheFolder::Build) => {
                return Err(StoreError::Invalid(
                    "'--folder build' requires a valid package reference".to_owned(),
                ));
            }
        })
    }

    fn package_path(
        &self,
        package: &PackageReference,
        folder: Option<CacheFolder>,
    ) -> Result<PathBuf> {
        if let Some(folder @ (CacheFolder::Source | CacheFolder::ExportSource)) = folder {
            let name = folder.as_str();
            return Err(StoreError::Invalid(format!(
                "'--folder {name}' requires a recipe reference"
            )));
        }
        let layout = self.package(package)?;
        Ok(match folder {
            Some(CacheFolder::Build) => layout.build(),
            Some(CacheFolder::Metadata) => layout.metadata(),
            // After `finalize()` the package is used from there.
            _ if crom_fs::is_dir(layout.finalized()) => layout.finalized(),
            _ => layout.package(),
        })
    }
}

fn drop_latest(revision: &mut Option<String>) {
    if revision.as_deref() == Some("latest") {
        *revision = None;
    }
}
