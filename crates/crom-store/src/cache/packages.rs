//! Packages of the cache.

use std::path::{Path, PathBuf};

use crom_fs::{FileLock, LockMode};
use crom_model::reference::{PackageReference, RecipeReference};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Cache;
use super::layout::PackageLayout;
use super::naming::{build_folder_name, now, reference_key};
use crate::error::{Result, StoreError};

/// A row of `packages`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PackageRow {
    pub(super) package: PackageReference,
    /// Relative to the cache.
    pub(super) path: String,
    pub(super) build_id: Option<String>,
    pub(super) lru: i64,
}

/// Notes a use.
pub(super) fn touch(
    connection: &Connection,
    package: &PackageReference,
    lru: i64,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE packages SET lru = ? WHERE reference = ? AND rrev = ? AND pkgid = ? AND prev = ?",
        )?
        .execute(params![
            lru,
            reference_key(&package.reference),
            package.reference.revision,
            package.package_id,
            package.revision
        ])?;
    Ok(())
}

const COLUMNS: &str = "pkgid, prev, path, timestamp, build_id, lru";

fn row_of(row: &Row<'_>, reference: &RecipeReference) -> rusqlite::Result<PackageRow> {
    let package = PackageReference {
        reference: reference.clone(),
        package_id: row.get(0)?,
        revision: row.get(1)?,
        timestamp: Some(row.get(3)?),
    };
    // `cache restore` of Conan writes the text `null`.
    let build_id: Option<String> = row.get(4)?;
    let build_id = build_id.filter(|id| id != "null");
    Ok(PackageRow {
        package,
        path: row.get(2)?,
        build_id,
        lru: row.get(5)?,
    })
}

/// A package folder that is being filled: it has no row until [`Cache::finish_package`]. While this
/// value lives, `cache clean` leaves the folder alone.
#[derive(Debug)]
pub struct NewPackage {
    /// Its folder; the reference has no package revision yet.
    pub layout: PackageLayout,
    lock: Option<FileLock>,
}

impl NewPackage {
    /// A folder that nothing has to be put into any more.
    pub(super) fn at(layout: PackageLayout) -> Self {
        Self { layout, lock: None }
    }
}

impl Cache {
    /// Ids of the packages of a recipe revision, sorted.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn package_ids(&self, reference: &RecipeReference) -> Result<Vec<PackageReference>> {
        let mut ids: Vec<String> = self
            .package_rows(reference, None)?
            .into_iter()
            .map(|row| row.package.package_id)
            .collect();
        ids.sort();
        ids.dedup();
        Ok(ids
            .into_iter()
            .map(|id| PackageReference::new(reference.clone(), id))
            .collect())
    }

    /// Revisions of a package with their times, newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn package_revisions(&self, package: &PackageReference) -> Result<Vec<PackageReference>> {
        let rows = self.package_rows(&package.reference, Some(&package.package_id))?;
        Ok(rows.into_iter().map(|row| row.package).collect())
    }

    /// The newest revision of a package, if there is any.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn latest_package(&self, package: &PackageReference) -> Result<Option<PackageReference>> {
        let rows = self.package_rows(&package.reference, Some(&package.package_id))?;
        Ok(rows.into_iter().next().map(|row| row.package))
    }

    /// The folder of a package; of the newest revision if `package` has none.
    ///
    /// # Errors
    /// There is no such package, or its folder is missing.
    pub fn package(&self, package: &PackageReference) -> Result<PackageLayout> {
        let row = self
            .package_row(package)?
            .ok_or_else(|| StoreError::PackageNotFound {
                reference: package.repr_notime(),
            })?;
        let layout = self.package_layout(row);
        if !crom_fs::is_dir(&layout.root) {
            return Err(StoreError::MissingFolder {
                reference: layout.reference.repr_notime(),
                path: layout.root,
            });
        }
        Ok(layout)
    }

    /// A folder of a recipe's packages that was built with this `build_id()`, to be shared.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn package_with_build_id(
        &self,
        reference: &RecipeReference,
        build_id: &str,
    ) -> Result<Option<PackageLayout>> {
        let rows = self.package_rows(reference, None)?;
        Ok(rows
            .into_iter()
            .filter(|row| row.build_id.as_deref() == Some(build_id))
            .map(|row| self.package_layout(row))
            .find(|layout| crom_fs::is_dir(layout.build())))
    }

    /// A new folder `b/<name>` to build a package in. It stays unknown to the database, whatever
    /// happens, until [`Cache::finish_package`].
    ///
    /// # Errors
    /// When the folder can't be made.
    pub fn new_build(&self, package: &PackageReference) -> Result<NewPackage> {
        let name = build_folder_name(&package.reference.name);
        let lock = FileLock::acquire(self.lock_path(&name), LockMode::Exclusive)?;
        self.new_package(package, self.folder.join("b").join(name), Some(lock))
    }

    fn new_package(
        &self,
        package: &PackageReference,
        root: PathBuf,
        lock: Option<FileLock>,
    ) -> Result<NewPackage> {
        crom_fs::create_dir_all(root.join("d").join("metadata"))?;
        let mut reference = package.clone();
        reference.timestamp = None;
        Ok(NewPackage {
            layout: PackageLayout {
                reference,
                root,
                build_id: None,
            },
            lock,
        })
    }

    /// The package is complete: it gets its revision and is known from now on. `timestamp` is the
    /// server's for a fetched package, none (now) for a built one.
    ///
    /// Where this very revision is there already, the first folder stays, gets the new time and is
    /// returned; the new one is removed.
    ///
    /// # Errors
    /// When the database can't be written or the superfluous folder can't be removed.
    pub fn finish_package(
        &self,
        new: NewPackage,
        revision: &str,
        timestamp: Option<f64>,
        build_id: Option<&str>,
    ) -> Result<PackageLayout> {
        let mut package = new.layout.reference.with_revision(revision);
        let time = timestamp.unwrap_or_else(now);
        package.timestamp = Some(time);
        let known = self.package_row(&package)?;
        // A folder that somebody deleted by hand gives way.
        let known = known.filter(|row| crom_fs::is_dir(self.absolute(&row.path).join("p")));
        let own = self.relative(&new.layout.root);
        let path = known.map_or_else(|| own.clone(), |row| row.path);
        let row = PackageRow {
            package,
            path,
            build_id: build_id.map(str::to_owned),
            lru: now() as i64,
        };
        self.write_package(&row)?;
        if row.path != own {
            crom_fs::remove_tree(&new.layout.root)?;
        }
        if let Some(lock) = new.lock {
            // Nobody else ever uses the name of a build's folder.
            crom_fs::remove_file(lock.path())?;
        }
        Ok(self.package_layout(row))
    }

    /// A finished package that is put in place by `cache restore`.
    pub(super) fn adopt_package(
        &self,
        package: &PackageReference,
        root: PathBuf,
        build_id: Option<&str>,
    ) -> Result<PackageLayout> {
        let revision = package.revision.clone().unwrap_or_default();
        let new = self.new_package(package, root, None)?;
        self.finish_package(new, &revision, None, build_id)
    }

    /// When it was used last, in seconds since 1970.
    pub(super) fn package_lru(&self, package: &PackageReference) -> Result<Option<i64>> {
        Ok(self.package_row(package)?.map(|row| row.lru))
    }

    fn package_row(&self, package: &PackageReference) -> Result<Option<PackageRow>> {
        let rows = || self.package_rows(&package.reference, Some(&package.package_id));
        let Some(revision) = &package.revision else {
            return Ok(rows()?.into_iter().next());
        };
        let reference = &package.reference;
        self.read("find a package", None, |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM packages WHERE reference = ? AND rrev = ? AND pkgid = ? AND prev = ?"
                ))?
                .query_row(
                    params![reference_key(reference), reference.revision, package.package_id, revision],
                    |row| row_of(row, reference),
                )
                .optional()
        })
    }

    /// Newest first; of one id or of all.
    pub(super) fn package_rows(
        &self,
        reference: &RecipeReference,
        package_id: Option<&str>,
    ) -> Result<Vec<PackageRow>> {
        let key = reference_key(reference);
        let revision = reference.revision.as_deref().unwrap_or_default();
        self.read("find packages", Vec::new(), |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM packages WHERE reference = ?1 AND rrev = ?2 \
                     AND (?3 IS NULL OR pkgid = ?3) AND prev IS NOT NULL \
                     ORDER BY timestamp DESC, rowid DESC"
                ))?
                .query_map(params![key, revision, package_id], |row| {
                    row_of(row, reference)
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        })
    }

    fn package_layout(&self, row: PackageRow) -> PackageLayout {
        PackageLayout {
            reference: row.package,
            root: self.absolute(&row.path),
            build_id: row.build_id,
        }
    }

    /// True when a row names this folder.
    pub(super) fn is_package_folder(&self, folder: &Path) -> Result<bool> {
        let path = self.relative(folder);
        self.read("find a folder", false, |connection| {
            connection
                .prepare_cached("SELECT count(*) FROM packages WHERE path = ?")?
                .query_row([path], |row| row.get::<_, i64>(0).map(|count| count > 0))
        })
    }
}

pub(super) fn insert(connection: &Connection, row: &PackageRow) -> rusqlite::Result<()> {
    let reference = &row.package.reference;
    connection
        .prepare_cached(
            "INSERT INTO packages (reference, rrev, pkgid, prev, path, timestamp, build_id, lru) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (reference, rrev, pkgid, prev) \
             DO UPDATE SET timestamp = excluded.timestamp, path = excluded.path",
        )?
        .execute(params![
            reference_key(reference),
            reference.revision,
            row.package.package_id,
            row.package.revision,
            row.path,
            row.package.timestamp,
            row.build_id,
            row.lru
        ])?;
    Ok(())
}
