//! `remove`: rows first, folders after.

use std::path::PathBuf;

use crom_model::reference::{PackageReference, RecipeReference};
use rusqlite::params;

use super::Cache;
use super::naming::reference_key;
use crate::error::Result;

/// Something to be removed.
#[derive(Clone, Debug, PartialEq)]
pub enum Removal {
    /// A recipe revision with all its packages.
    Recipe(RecipeReference),
    /// One package revision; all revisions of a package id if it has none.
    Package(PackageReference),
}

/// What a removal left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoveReport {
    /// Folders that aren't part of the cache any more.
    pub folders: Vec<PathBuf>,
    /// Where files couldn't be removed, with the reason; nothing refers to them any more.
    pub left: Vec<(PathBuf, String)>,
}

impl Cache {
    /// Removes from the cache: all rows in one transaction, then the folders. A process killed in
    /// between leaves folders that nothing refers to; [`Cache::clean`] finds them.
    ///
    /// # Errors
    /// When the database can't be written. Folders that resist are reported.
    pub fn remove(&self, removals: &[Removal]) -> Result<RemoveReport> {
        let paths = self.write("remove", |transaction| {
            let mut paths: Vec<String> = Vec::new();
            for removal in removals {
                match removal {
                    Removal::Recipe(reference) => {
                        let key = reference_key(reference);
                        let values = params![key, reference.revision];
                        for table in ["packages", "recipes"] {
                            collect(
                                transaction,
                                &format!(
                                    "DELETE FROM {table} WHERE reference = ? AND rrev = ? RETURNING path"
                                ),
                                values,
                                &mut paths,
                            )?;
                        }
                    }
                    Removal::Package(package) => collect(
                        transaction,
                        "DELETE FROM packages WHERE reference = ?1 AND rrev = ?2 AND pkgid = ?3 \
                         AND (?4 IS NULL OR prev = ?4) RETURNING path",
                        params![
                            reference_key(&package.reference),
                            package.reference.revision,
                            package.package_id,
                            package.revision
                        ],
                        &mut paths,
                    )?,
                }
            }
            Ok(paths)
        })?;
        let folders: Vec<PathBuf> = paths.iter().map(|path| self.absolute(path)).collect();
        let left = self.discard(&folders)?;
        Ok(RemoveReport { folders, left })
    }
}

fn collect(
    connection: &rusqlite::Connection,
    sql: &str,
    values: impl rusqlite::Params,
    paths: &mut Vec<String>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    for path in statement.query_map(values, |row| row.get(0))? {
        paths.push(path?);
    }
    Ok(())
}
