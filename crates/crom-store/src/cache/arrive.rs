//! What comes from a server: complete folders, put in place as one step.

use std::path::{Path, PathBuf};

use crom_model::reference::{PackageReference, RecipeReference};
use rusqlite::params;

use super::layout::{PackageLayout, RecipeLayout, is_dirty};
use super::naming::{downloaded_package_folder_name, reference_key};
use super::packages::NewPackage;
use super::{Cache, recipes};
use crate::error::Result;

impl Cache {
    /// Where files are while they arrive. Conan doesn't look there.
    pub fn parts_folder(&self) -> PathBuf {
        self.folder.join(".crom").join("parts")
    }

    /// Puts a complete package (with `p` and `d`) that lies in [`Cache::temporary_folder`] into its
    /// place. `package` has revision and time. Where this revision is there already, it stays and
    /// gets the time.
    ///
    /// # Errors
    /// When files can't be moved or the database can't be written.
    pub fn add_package(&self, package: &PackageReference, folder: &Path) -> Result<PackageLayout> {
        let revision = package.revision.clone().unwrap_or_default();
        let root = self.folder.join(downloaded_package_folder_name(package));
        let known = self.package(package).ok();
        let usable = |layout: &PackageLayout| {
            crom_fs::is_dir(layout.package()) && !is_dirty(&layout.package())
        };
        let root = match known.filter(usable) {
            Some(layout) => {
                crom_fs::remove_tree(folder)?;
                layout.root
            }
            None => {
                // What a killed process left there.
                self.discard(std::slice::from_ref(&root))?;
                match crom_fs::rename(folder, &root) {
                    Ok(()) => {}
                    // Another process was faster: its folder is as good as ours.
                    Err(_) if crom_fs::is_dir(root.join("p")) => crom_fs::remove_tree(folder)?,
                    Err(error) => return Err(error.into()),
                }
                root
            }
        };
        let mut reference = package.clone();
        reference.timestamp = None;
        crom_fs::create_dir_all(root.join("d").join("metadata"))?;
        let new = NewPackage::at(PackageLayout {
            reference,
            root,
            build_id: None,
        });
        self.finish_package(new, &revision, package.timestamp, None)
    }

    /// Puts exported sources that lie in a temporary folder into the folder of a recipe that came
    /// without them. Fine when they are there already.
    ///
    /// # Errors
    /// When files can't be moved.
    pub fn add_export_sources(&self, folder: &Path, to: &RecipeLayout) -> Result<()> {
        if crom_fs::is_dir(to.export_sources()) {
            return Ok(());
        }
        recipes::move_unless_there(folder, &to.export_sources())
    }

    /// Gives a recipe revision that is here the time that it has elsewhere.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn set_recipe_time(&self, reference: &RecipeReference) -> Result<()> {
        self.write("set the time of a recipe", |transaction| {
            transaction.execute(
                "UPDATE recipes SET timestamp = ? WHERE reference = ? AND rrev = ?",
                params![
                    reference.timestamp,
                    reference_key(reference),
                    reference.revision
                ],
            )
        })?;
        Ok(())
    }
}
