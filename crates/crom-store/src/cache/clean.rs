//! `cache clean`: what can be made again.

use std::path::{Path, PathBuf};

use crom_fs::{FileLock, LockMode};
use crom_model::reference::RecipeReference;

use super::Cache;
use super::layout::RecipeLayout;
use super::naming::is_in_progress;
use crate::error::{Result, StoreError};

/// What to remove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CleanOptions {
    /// `s` of recipes.
    pub source: bool,
    /// `b` of packages.
    pub build: bool,
    /// `d` of recipes and packages.
    pub download: bool,
    /// `t`, and build folders that no package came of.
    pub temp: bool,
}

impl CleanOptions {
    /// What `cache clean` without options removes.
    pub const ALL: Self = Self {
        source: true,
        build: true,
        download: true,
        temp: true,
    };
}

impl Cache {
    /// Removes parts of these recipe revisions and their packages; with `temp` also what belongs to
    /// none. Returns the folders removed.
    ///
    /// # Errors
    /// When a folder resists or the database can't be read.
    pub fn clean(
        &self,
        recipes: &[RecipeReference],
        options: CleanOptions,
    ) -> Result<Vec<PathBuf>> {
        let mut removed = Vec::new();
        for reference in recipes {
            let recipe = match self.recipe(reference) {
                Ok(recipe) => recipe,
                // Somebody removed it, or its folder: nothing to clean.
                Err(StoreError::RecipeNotFound { .. } | StoreError::MissingFolder { .. }) => {
                    continue;
                }
                Err(error) => return Err(error),
            };
            self.clean_recipe(&recipe, options, &mut removed)?;
        }
        if options.temp {
            self.clean_temporary(&mut removed)?;
        }
        if let Some((folder, reason)) = self.discard(&removed)?.into_iter().next() {
            return Err(StoreError::Invalid(format!(
                "cannot remove '{}': {reason}",
                folder.display()
            )));
        }
        Ok(removed)
    }

    fn clean_recipe(
        &self,
        recipe: &RecipeLayout,
        options: CleanOptions,
        removed: &mut Vec<PathBuf>,
    ) -> Result<()> {
        if options.source {
            add(recipe.source(), removed);
        }
        if options.download {
            add(recipe.download(), removed);
        }
        if !(options.build || options.download) {
            return Ok(());
        }
        for row in self.package_rows(&recipe.reference, None)? {
            let root = self.absolute(&row.path);
            if options.build {
                add(root.join("b"), removed);
            }
            if options.download {
                add(root.join("d"), removed);
            }
        }
        Ok(())
    }

    /// Finds what failed or was killed: folders in `t/`, and build folders without a row. Those of
    /// running processes stay; see [`super::locks`] for builds.
    fn clean_temporary(&self, removed: &mut Vec<PathBuf>) -> Result<()> {
        let temporary = self.folder.join("t");
        for name in list_if_exists(&temporary)? {
            if !is_in_progress(&name) {
                add(temporary.join(name), removed);
            }
        }
        let builds = self.folder.join("b");
        for name in list_if_exists(&builds)? {
            let folder = builds.join(&name);
            if self.is_package_folder(&folder)? {
                continue;
            }
            let lock = self.lock_path(&name);
            if crom_fs::exists(&lock) {
                if FileLock::try_acquire(&lock, LockMode::Exclusive)?.is_none() {
                    continue;
                }
                crom_fs::remove_file(&lock)?;
            }
            add(folder, removed);
        }
        Ok(())
    }
}

fn list_if_exists(folder: &Path) -> Result<Vec<String>> {
    if crom_fs::is_dir(folder) {
        Ok(crom_fs::list(folder)?)
    } else {
        Ok(Vec::new())
    }
}

fn add(folder: PathBuf, removed: &mut Vec<PathBuf>) {
    if crom_fs::exists(&folder) {
        removed.push(folder);
    }
}
