//! The package cache: a database of revisions and the folders they are in.
//!
//! Any number of processes may share a cache. What makes that safe:
//!
//! * a folder is complete before a row names it: it is filled in `t/` (or, for builds, in a folder
//!   of its own) and renamed;
//! * a row goes before its folder does, so a killed `remove` leaves at most an unused folder;
//! * steps that fill one folder hold its [lock](locks), and leave a dirty mark until they are done.

mod archive;
mod arrive;
mod backup_sources;
mod clean;
mod database;
mod integrity;
mod layout;
pub mod locks;
pub(crate) mod naming;
mod packages;
mod path;
mod query;
mod recipes;
mod remove;
mod select;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crom_model::conf::Conf;
use crom_model::reference::{PackageReference, RecipeReference};
use rayon::prelude::*;

use crate::error::Result;
use crate::home::Home;

pub use archive::SaveOptions;
pub use backup_sources::{BackupFile, BackupSources};
pub use clean::CleanOptions;
pub use integrity::{FileMismatch, IntegrityItem, IntegrityReport};
pub use layout::{PackageLayout, RecipeLayout, clean_dirty, is_dirty, set_dirty};
pub use naming::now;
pub use packages::NewPackage;
pub use path::CacheFolder;
pub use query::PackageQuery;
pub use remove::{Removal, RemoveReport};
pub use select::{PackageFilters, Selection, age_limit};

use database::Database;
use packages::PackageRow;
use recipes::RecipeRow;

/// A package cache. Cheap to make: nothing is opened before it is needed. May be shared between
/// threads.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    database: Mutex<Option<Database>>,
    /// Recipes that are in their folders but not yet in the database, and uses to be noted.
    pending: Mutex<Pending>,
    /// Packages whose threads wait for their transaction.
    arriving: Mutex<Vec<PackageRow>>,
}

/// What the next flush writes.
#[derive(Debug, Default)]
struct Pending {
    recipes: Vec<RecipeRow>,
    used_recipes: Vec<RecipeReference>,
    used_packages: Vec<PackageReference>,
}

impl Cache {
    /// The cache in this folder (`p` of a home).
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            database: Mutex::new(None),
            pending: Mutex::new(Pending::default()),
            arriving: Mutex::default(),
        }
    }

    /// The cache of a home: `core.cache:storage_path` or `p`.
    ///
    /// # Errors
    /// When the conf isn't a text.
    pub fn of_home(home: &Home, conf: &Conf) -> Result<Self> {
        let folder = match conf.get_str("core.cache:storage_path")? {
            Some(path) => PathBuf::from(path),
            None => home.default_cache_folder(),
        };
        Ok(Self::at(folder))
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A fresh folder for work in progress, on the same file system as everything else.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn temporary_folder(&self) -> Result<PathBuf> {
        let folder = self.folder.join("t").join(naming::temporary_name());
        crom_fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Removes folders so that each is either there as a whole or gone, even if this process dies
    /// half-way: they are moved away first. Returns those that resisted, with the reason.
    fn discard(&self, folders: &[PathBuf]) -> Result<Vec<(PathBuf, String)>> {
        if folders.is_empty() {
            return Ok(Vec::new());
        }
        let temporary = self.folder.join("t");
        crom_fs::create_dir_all(&temporary)?;
        let moved: Vec<PathBuf> = folders
            .iter()
            .filter(|folder| crom_fs::exists(folder))
            .map(|folder| {
                let aside = temporary.join(naming::temporary_name());
                match crom_fs::rename(folder, &aside) {
                    Ok(()) => aside,
                    // In use, on Windows: what can be removed, is.
                    Err(_) => folder.clone(),
                }
            })
            .collect();
        Ok(moved
            .into_par_iter()
            .filter_map(|folder| {
                crom_fs::remove_tree(&folder)
                    .err()
                    .map(|error| (folder, error.to_string()))
            })
            .collect())
    }

    fn database(&self) -> MutexGuard<'_, Option<Database>> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queries the database; `absent` when there is none.
    fn read<T>(
        &self,
        action: &'static str,
        absent: T,
        query: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let mut slot = self.database();
        if slot.is_none() {
            *slot = Database::open_existing(&self.folder)?;
        }
        match slot.as_ref() {
            Some(database) => database.read(action, query),
            None => Ok(absent),
        }
    }

    /// Changes the database, which is made when missing. What is pending is written first.
    fn write<T>(
        &self,
        action: &'static str,
        change: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        self.write_to(&mut self.database(), action, change)
    }

    /// [`write`](Self::write), for who holds the database.
    fn write_to<T>(
        &self,
        slot: &mut Option<Database>,
        action: &'static str,
        change: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        if slot.is_none() {
            *slot = Some(Database::open(&self.folder)?);
        }
        let mut pending = self.pending();
        // Just made, so it is there.
        let Some(database) = slot.as_mut() else {
            unreachable!("the database was opened")
        };
        let value = database.write(action, |transaction| {
            pending.write(transaction)?;
            change(transaction)
        })?;
        *pending = Pending::default();
        Ok(value)
    }

    /// Adds a package to the database. Many that arrive at the same time share one transaction, whose
    /// price is waiting for the disk: who gets the database writes for all who wait for it.
    fn write_package(&self, row: &PackageRow) -> Result<()> {
        let arriving = || self.arriving.lock().unwrap_or_else(PoisonError::into_inner);
        arriving().push(row.clone());
        let mut slot = self.database();
        let batch = std::mem::take(&mut *arriving());
        if !batch.contains(row) {
            // Somebody else has written it; those that are still there are not ours to write.
            arriving().extend(batch);
            return Ok(());
        }
        let written = self.write_to(&mut slot, "add a package", |transaction| {
            batch
                .iter()
                .try_for_each(|row| packages::insert(transaction, row))
        });
        if written.is_err() {
            // The others try for themselves, and fail with an error of their own.
            let others = batch.into_iter().filter(|other| other != row);
            arriving().extend(others);
        }
        written
    }

    /// Writes what was put off: recipes added by [`Cache::add_recipe_later`] and uses noted by
    /// [`Cache::note_use`]. One transaction; nothing happens without any. Also done on drop.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn flush(&self) -> Result<()> {
        if self.pending().is_empty() {
            return Ok(());
        }
        self.write("note recipes", |_| Ok(()))
    }

    /// Notes that these were used now, for `--lru`. Written with the next [`Cache::flush`].
    pub fn note_use(
        &self,
        recipes: impl IntoIterator<Item = RecipeReference>,
        packages: impl IntoIterator<Item = PackageReference>,
    ) {
        let mut pending = self.pending();
        pending.used_recipes.extend(recipes);
        pending.used_packages.extend(packages);
    }

    /// An absolute path below the cache as the database writes it: relative with `/`.
    fn relative(&self, path: &Path) -> String {
        crom_fs::tree::slashed(path.strip_prefix(&self.folder).unwrap_or(path))
    }

    fn absolute(&self, relative: &str) -> PathBuf {
        self.folder.join(relative)
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        // The folders are complete: a failure here costs another export, not correctness.
        let _ = self.flush();
    }
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.recipes.is_empty() && self.used_recipes.is_empty() && self.used_packages.is_empty()
    }

    fn write(&self, transaction: &rusqlite::Transaction<'_>) -> rusqlite::Result<()> {
        for row in &self.recipes {
            recipes::insert(transaction, row)?;
        }
        let now = naming::now() as i64;
        for reference in &self.used_recipes {
            recipes::touch(transaction, reference, now)?;
        }
        for package in &self.used_packages {
            packages::touch(transaction, package, now)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
