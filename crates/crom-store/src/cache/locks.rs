//! Locks between processes that share a cache.
//!
//! They lie in `p/.crom/`, which Conan doesn't look at. Lock files of recipes and packages stay: they
//! are empty, and removing one would let two processes hold "the same" lock. The folder of a running
//! build has one too, named as the folder, until the build is done.

use std::path::PathBuf;

use crom_fs::{FileLock, LockMode};
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::reporter::Reporter;

use super::Cache;
use super::naming::{downloaded_package_folder_name, recipe_folder_name};
use crate::error::Result;

impl Cache {
    /// Held while `source()` of a recipe runs or its exported sources are fetched.
    ///
    /// # Errors
    /// When the lock file can't be made.
    pub fn lock_recipe(
        &self,
        reference: &RecipeReference,
        reporter: &dyn Reporter,
    ) -> Result<FileLock> {
        let name = recipe_folder_name(reference);
        self.lock(&name, &reference.to_string(), reporter)
    }

    /// Held while a package (without revision: it isn't known before) is built or fetched.
    ///
    /// # Errors
    /// When the lock file can't be made.
    pub fn lock_package(
        &self,
        package: &PackageReference,
        reporter: &dyn Reporter,
    ) -> Result<FileLock> {
        let mut plain = package.clone();
        plain.revision = None;
        let name = downloaded_package_folder_name(&plain);
        self.lock(&name, &package.reference.to_string(), reporter)
    }

    pub(super) fn lock_path(&self, name: &str) -> PathBuf {
        self.folder.join(".crom").join("locks").join(name)
    }

    fn lock(&self, name: &str, scope: &str, reporter: &dyn Reporter) -> Result<FileLock> {
        Ok(FileLock::acquire_telling(
            self.lock_path(name),
            LockMode::Exclusive,
            || {
                reporter.status(scope, "Waiting for another process that works on it");
            },
        )?)
    }
}
