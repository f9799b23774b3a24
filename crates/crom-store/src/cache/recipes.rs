//! Recipes of the cache.

use std::path::{Path, PathBuf};

use crom_model::reference::RecipeReference;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::layout::RecipeLayout;
use super::naming::{now, recipe_folder_name, reference_key};
use super::{Cache, Pending};
use crate::error::{Result, StoreError};

/// A row of `recipes`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RecipeRow {
    pub(super) reference: RecipeReference,
    pub(super) key: String,
    /// Relative to the cache.
    pub(super) path: String,
    pub(super) lru: i64,
}

/// Adds a row, or gives the one that is there the new time.
pub(super) fn insert(connection: &Connection, row: &RecipeRow) -> rusqlite::Result<()> {
    let revision = row.reference.revision.as_deref().unwrap_or_default();
    connection
        .prepare_cached(
            "INSERT INTO recipes (reference, rrev, path, timestamp, lru) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (reference, rrev) DO UPDATE SET timestamp = excluded.timestamp",
        )?
        .execute(params![
            row.key,
            revision,
            row.path,
            row.reference.timestamp,
            row.lru
        ])?;
    Ok(())
}

/// Notes a use.
pub(super) fn touch(
    connection: &Connection,
    reference: &RecipeReference,
    lru: i64,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE recipes SET lru = ? WHERE reference = ? AND rrev = ?")?
        .execute(params![lru, reference_key(reference), reference.revision])?;
    Ok(())
}

const COLUMNS: &str = "reference, rrev, path, timestamp, lru";

fn row_of(row: &Row<'_>) -> rusqlite::Result<RecipeRow> {
    let key: String = row.get(0)?;
    let mut reference = RecipeReference::loads(&key).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })?;
    reference.revision = Some(row.get(1)?);
    reference.timestamp = Some(row.get(3)?);
    Ok(RecipeRow {
        reference,
        key,
        path: row.get(2)?,
        lru: row.get(4)?,
    })
}

impl Cache {
    /// All recipes, without revisions, sorted.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn all_recipes(&self) -> Result<Vec<RecipeReference>> {
        let mut keys = self.read("list recipes", Vec::new(), |connection| {
            connection
                .prepare_cached("SELECT DISTINCT reference FROM recipes")?
                .query_map([], |row| row.get::<_, String>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        keys.extend(self.pending().recipes.iter().map(|row| row.key.clone()));
        parse_references(keys)
    }

    /// All versions (with user and channel) of one name, without revisions, sorted.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn versions(&self, name: &str) -> Result<Vec<RecipeReference>> {
        let prefix = format!("{name}/");
        // `0` is the character after `/`: a range that the index on `reference` answers.
        let end = format!("{name}0");
        let mut keys = self.read("list versions", Vec::new(), |connection| {
            connection
                .prepare_cached(
                    "SELECT DISTINCT reference FROM recipes WHERE reference >= ? AND reference < ?",
                )?
                .query_map(params![prefix, end], |row| row.get::<_, String>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        let pending = self.pending();
        keys.extend(
            pending
                .recipes
                .iter()
                .filter(|row| row.key.starts_with(&prefix))
                .map(|row| row.key.clone()),
        );
        parse_references(keys)
    }

    /// All revisions of a recipe with their times, newest first. A revision in `reference` is
    /// ignored.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn recipe_revisions(&self, reference: &RecipeReference) -> Result<Vec<RecipeReference>> {
        Ok(self
            .recipe_rows(reference)?
            .into_iter()
            .map(|row| row.reference)
            .collect())
    }

    /// The newest revision of a recipe, if there is any.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn latest_recipe(&self, reference: &RecipeReference) -> Result<Option<RecipeReference>> {
        Ok(self
            .recipe_rows(reference)?
            .into_iter()
            .next()
            .map(|row| row.reference))
    }

    /// True when the revision is there; any revision if `reference` has none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn has_recipe(&self, reference: &RecipeReference) -> Result<bool> {
        Ok(self.recipe_row(reference)?.is_some())
    }

    /// The folder of a recipe revision; of the newest one if `reference` has none.
    ///
    /// # Errors
    /// There is no such recipe, or its folder is missing.
    pub fn recipe(&self, reference: &RecipeReference) -> Result<RecipeLayout> {
        let row = self
            .recipe_row(reference)?
            .ok_or_else(|| StoreError::RecipeNotFound {
                reference: reference.repr_notime(),
            })?;
        let root = self.absolute(&row.path);
        if !crom_fs::is_dir(&root) {
            return Err(StoreError::MissingFolder {
                reference: row.reference.repr_notime(),
                path: root,
            });
        }
        Ok(RecipeLayout {
            reference: row.reference,
            root,
        })
    }

    /// When it was used last, in seconds since 1970.
    pub(super) fn recipe_lru(&self, reference: &RecipeReference) -> Result<Option<i64>> {
        Ok(self.recipe_row(reference)?.map(|row| row.lru))
    }

    pub(super) fn recipe_row(&self, reference: &RecipeReference) -> Result<Option<RecipeRow>> {
        let Some(revision) = &reference.revision else {
            return Ok(self.recipe_rows(reference)?.into_iter().next());
        };
        let key = reference_key(reference);
        let pending = self
            .pending()
            .recipes
            .iter()
            .find(|row| row.key == key && row.reference.revision.as_deref() == Some(revision))
            .cloned();
        if pending.is_some() {
            return Ok(pending);
        }
        self.read("find a recipe", None, |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM recipes WHERE reference = ? AND rrev = ?"
                ))?
                .query_row(params![key, revision], row_of)
                .optional()
        })
    }

    fn recipe_rows(&self, reference: &RecipeReference) -> Result<Vec<RecipeRow>> {
        let key = reference_key(reference);
        let mut rows = self.read("find a recipe", Vec::new(), |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM recipes WHERE reference = ?"
                ))?
                .query_map([&key], row_of)?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        for row in self.pending().recipes.iter().filter(|row| row.key == key) {
            rows.retain(|known| known.reference.revision != row.reference.revision);
            rows.push(row.clone());
        }
        rows.sort_by(|a, b| {
            let (a, b) = (a.reference.timestamp, b.reference.timestamp);
            b.unwrap_or_default().total_cmp(&a.unwrap_or_default())
        });
        Ok(rows)
    }

    /// Puts a complete recipe folder (with `e`, `es`, ...) that lies in [`Cache::temporary_folder`]
    /// into its place. `reference` has revision and timestamp.
    ///
    /// A recipe that is there already keeps its folder when the folder is intact (only `es` is added
    /// where it was missing), else its `e` and `es` are replaced.
    ///
    /// # Errors
    /// When files can't be moved or the database can't be written.
    pub fn add_recipe(&self, reference: &RecipeReference, folder: &Path) -> Result<RecipeLayout> {
        let row = self.place_recipe(reference, folder)?;
        self.write("add a recipe", |transaction| insert(transaction, &row))?;
        Ok(self.layout_of(row))
    }

    /// As [`Cache::add_recipe`], but the database is written with the next [`Cache::flush`] or
    /// change. For many recipes at once; this cache sees them at once, other processes later.
    ///
    /// # Errors
    /// When files can't be moved.
    pub fn add_recipe_later(
        &self,
        reference: &RecipeReference,
        folder: &Path,
    ) -> Result<RecipeLayout> {
        let row = self.place_recipe(reference, folder)?;
        let mut pending = self.pending();
        let Pending { recipes, .. } = &mut *pending;
        recipes.retain(|known| known.path != row.path);
        recipes.push(row.clone());
        drop(pending);
        Ok(self.layout_of(row))
    }

    /// Copies the export of a recipe of another cache (a local-recipes-index) into this one, with
    /// `es` only on demand. Revision and time stay. The database is written with the next
    /// [`Cache::flush`].
    ///
    /// # Errors
    /// When files can't be copied.
    pub fn copy_recipe_later(
        &self,
        from: &RecipeLayout,
        with_sources: bool,
    ) -> Result<RecipeLayout> {
        let staged = self.stage_recipe(from, with_sources)?;
        self.add_recipe_later(&from.reference, &staged)
    }

    /// The first half of [`Self::copy_recipe_later`]: a temporary folder for
    /// [`Self::add_recipe_later`]. Who doesn't use it removes it.
    ///
    /// # Errors
    /// When files can't be copied.
    pub fn stage_recipe(&self, from: &RecipeLayout, with_sources: bool) -> Result<PathBuf> {
        let temporary = self.temporary_folder()?;
        let options = crom_fs::CopyOptions::default();
        crom_fs::copy_tree(from.export(), temporary.join("e"), options)?;
        if with_sources && crom_fs::is_dir(from.export_sources()) {
            crom_fs::copy_tree(from.export_sources(), temporary.join("es"), options)?;
        }
        Ok(temporary)
    }

    /// Copies exported sources into a recipe folder that was made without them. Fine when they are
    /// there already.
    ///
    /// # Errors
    /// When files can't be copied.
    pub fn copy_export_sources(&self, from: &RecipeLayout, to: &RecipeLayout) -> Result<()> {
        if crom_fs::is_dir(to.export_sources()) {
            return Ok(());
        }
        let temporary = self.temporary_folder()?;
        let staged = temporary.join("es");
        if crom_fs::is_dir(from.export_sources()) {
            crom_fs::copy_tree(
                from.export_sources(),
                &staged,
                crom_fs::CopyOptions::default(),
            )?;
        } else {
            crom_fs::create_dir_all(&staged)?;
        }
        move_unless_there(&staged, &to.export_sources())?;
        Ok(crom_fs::remove_tree(&temporary)?)
    }

    /// Where a recipe of this revision will be when it comes into the cache.
    pub fn recipe_place(&self, reference: &RecipeReference) -> RecipeLayout {
        RecipeLayout {
            root: self.absolute(&recipe_folder_name(reference)),
            reference: reference.clone(),
        }
    }

    fn layout_of(&self, row: RecipeRow) -> RecipeLayout {
        RecipeLayout {
            root: self.absolute(&row.path),
            reference: row.reference,
        }
    }

    fn place_recipe(&self, reference: &RecipeReference, folder: &Path) -> Result<RecipeRow> {
        let mut reference = reference.clone();
        let time = *reference.timestamp.get_or_insert_with(now);
        let known = self.recipe_row(&reference)?;
        let path = known.map_or_else(|| recipe_folder_name(&reference), |row| row.path);
        let target = self.absolute(&path);
        if !crom_fs::exists(&target) {
            // Another process may be faster: then its folder is as good as ours.
            match crom_fs::rename(folder, &target) {
                Ok(()) => {}
                Err(_) if crom_fs::exists(&target) => self.refresh_recipe(folder, &target)?,
                Err(error) => return Err(error.into()),
            }
        } else {
            self.refresh_recipe(folder, &target)?;
        }
        Ok(RecipeRow {
            key: reference_key(&reference),
            reference,
            path,
            lru: time as i64,
        })
    }

    /// The recipe is there: repairs what differs from the new copy, which is removed.
    fn refresh_recipe(&self, folder: &Path, target: &Path) -> Result<()> {
        for name in ["e", "es"] {
            let (new, old) = (folder.join(name), target.join(name));
            if !crom_fs::is_dir(&new) || (crom_fs::is_dir(&old) && same_files(&new, &old)?) {
                continue;
            }
            if crom_fs::exists(&old) {
                let aside = self.temporary_folder()?;
                crom_fs::rename(&old, aside.join(name))?;
                crom_fs::remove_tree(&aside)?;
            }
            move_unless_there(&new, &old)?;
        }
        // The time in the manifest is that of the last export.
        let manifest = PathBuf::from("e").join("conanmanifest.txt");
        if crom_fs::is_file(folder.join(&manifest)) {
            crom_fs::rename(folder.join(&manifest), target.join(&manifest))?;
        }
        Ok(crom_fs::remove_tree(folder)?)
    }
}

/// Renames a folder. Fine when another process put one there in the meantime.
pub(super) fn move_unless_there(from: &Path, to: &Path) -> Result<()> {
    match crom_fs::rename(from, to) {
        Ok(()) => Ok(()),
        Err(_) if crom_fs::is_dir(to) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// True when both folders have the same files with the same content.
fn same_files(a: &Path, b: &Path) -> Result<bool> {
    Ok(crom_fs::digest::tree_digest(a)? == crom_fs::digest::tree_digest(b)?)
}

fn parse_references(keys: Vec<String>) -> Result<Vec<RecipeReference>> {
    let mut references = keys
        .iter()
        .map(|key| {
            RecipeReference::loads(key)
                .map_err(|error| StoreError::Invalid(format!("cache database: {error}")))
        })
        .collect::<Result<Vec<_>>>()?;
    references.sort();
    references.dedup();
    Ok(references)
}
