//! `cache clean`: what can be made again.

use std::path::{Path, PathBuf};

use crom_fs::{FileLock, LockMode};
use crom_model::reference::RecipeReference;

use super::Cache;
use super::layout::RecipeLayout;
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
    pub const ALL: Self = Self { source: true, build: true, download: true, temp: true };
}

impl Cache {
    /// Removes parts of these recipe revisions and their packages; with `temp` also what belongs to
    /// none. A recipe that another Crom works on right now is skipped. Returns the folders removed.
    ///
    /// # Errors
    /// When a folder resists or the database can't be read.
    pub fn clean(
        &self,
        recipes: &[RecipeReference],
        options: CleanOptions,
    ) -> Result<Vec<PathBuf>> {
        let mut removed = Vec::new();
        if options.temp {
            self.clean_temporary(&mut removed)?;
        }
        for reference in recipes {
            let recipe = match self.recipe(reference) {
                Ok(recipe) => recipe,
                // Somebody removed it, or its folder: nothing to clean.
                Err(StoreError::RecipeNotFound { .. } | StoreError::MissingFolder { .. }) => continue,
                Err(error) => return Err(error),
            };
            self.clean_recipe(&recipe, options, &mut removed)?;
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
            remove(recipe.source(), removed)?;
        }
        if options.download {
            remove(recipe.download(), removed)?;
        }
        if !(options.build || options.download) {
            return Ok(());
        }
        for row in self.package_rows(&recipe.reference, None)? {
            let root = self.absolute(&row.path);
            if options.build {
                remove(root.join("b"), removed)?;
            }
            if options.download {
                remove(root.join("d"), removed)?;
            }
        }
        Ok(())
    }

    /// Empties `t/` and removes build folders without a row: what failed or was killed. Those of a
    /// running build are kept by the lock that [`super::locks`] describes.
    fn clean_temporary(&self, removed: &mut Vec<PathBuf>) -> Result<()> {
        let temporary = self.folder.join("t");
        for name in list_if_exists(&temporary)? {
            remove(temporary.join(name), removed)?;
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
            remove(folder, removed)?;
        }
        Ok(())
    }
}

fn list_if_exists(folder: &Path) -> Result<Vec<String>> {
    if crom_fs::is_dir(folder) { Ok(crom_fs::list(folder)?) } else { Ok(Vec::new()) }
}

fn remove(folder: PathBuf, removed: &mut Vec<PathBuf>) -> Result<()> {
    if crom_fs::exists(&folder) {
        crom_fs::remove_tree(&folder)?;
        removed.push(folder);
    }
    Ok(())
}
