//! Revisions and their files.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Database, Write};
use crate::clock;
use crate::coordinates::{Key, Line, Recipe};
use crate::error::{Error, Result};

/// A visible revision of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Recipe or package revision.
    pub revision: String,
    /// When it became visible.
    pub created: i64,
}

/// What became of a file that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It belongs to a revision that still misses something.
    Pending,
    /// With it, the revision is complete and visible.
    Completed,
    /// It was added to (or replaced in) a complete revision.
    Extra,
    /// The revision has it already.
    Same,
}

/// A file and where its content is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// The row of the revision.
    pub revision: i64,
    /// Name in the store.
    pub object: String,
    /// Bytes.
    pub size: u64,
    /// sha1 in hex.
    pub sha1: String,
    /// sha256 in hex.
    pub sha256: String,
}

/// A file of a revision within a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldFile {
    /// Name.
    pub name: String,
    /// sha256 in hex.
    pub sha256: String,
    /// md5 in hex, of the files that manifests list as they are.
    pub md5: Option<String>,
}

/// A revision within a transaction, its row locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRevision {
    /// Its row.
    pub id: i64,
    /// It is visible.
    pub complete: bool,
}

/// A visible revision with what retention and pages look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionRow {
    /// Its row.
    pub id: i64,
    /// `name/version[@user/channel]`
    pub reference: String,
    /// Recipe revision.
    pub rrev: String,
    /// Empty for a recipe.
    pub package_id: String,
    /// Empty for a recipe.
    pub prev: String,
    /// When it became visible.
    pub created: i64,
    /// Who uploaded it.
    pub uploader: String,
    /// Text of `conaninfo.txt`, for a package.
    pub info: Option<String>,
    /// How often one of its files was served.
    pub downloads: i64,
    /// When last.
    pub downloaded: Option<i64>,
}

/// Which revisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevisionFilter {
    /// Of this package.
    pub name: Option<String>,
    /// Of this `name/version[@user/channel]`.
    pub reference: Option<String>,
    /// Of this recipe revision.
    pub rrev: Option<String>,
    /// Recipes only.
    pub recipes_only: bool,
}

impl Database {
    /// The newest visible revision of a line.
    pub(crate) async fn latest(&self, repository: i64, line: &Line) -> Result<Option<Stamp>> {
        Ok(self.stamps(repository, line, 1).await?.into_iter().next())
    }

    /// The visible revisions of a line, the newest first.
    pub(crate) async fn line(&self, repository: i64, line: &Line) -> Result<Vec<Stamp>> {
        self.stamps(repository, line, i64::MAX).await
    }

    async fn stamps(&self, repository: i64, line: &Line, limit: i64) -> Result<Vec<Stamp>> {
        let rows = match &line.binary {
            None => {
                sqlx::query(
                    "SELECT rrev, created FROM revisions WHERE repository = $1 AND reference = $2
                     AND package_id = '' AND complete = 1 ORDER BY created DESC, id DESC LIMIT $3",
                )
                .bind(repository)
                .bind(line.recipe.as_str())
                .bind(limit)
                .fetch_all(self.read())
                .await?
            }
            Some((rrev, package_id)) => {
                sqlx::query(
                    "SELECT prev, created FROM revisions p WHERE repository = $1 AND reference = $2
                     AND package_id = $3 AND rrev = $4 AND complete = 1
                     AND EXISTS (SELECT 1 FROM revisions r WHERE r.repository = $1 AND r.reference = $2
                                 AND r.package_id = '' AND r.rrev = $4 AND r.prev = '' AND r.complete = 1)
                     ORDER BY created DESC, id DESC LIMIT $5",
                )
                .bind(repository)
                .bind(line.recipe.as_str())
                .bind(package_id)
                .bind(rrev)
                .bind(limit)
                .fetch_all(self.read())
                .await?
            }
        };
        rows.iter()
            .map(|row| {
                Ok(Stamp {
                    revision: row.try_get(0)?,
                    created: row.try_get(1)?,
                })
            })
            .collect()
    }

    /// True if a revision is visible.
    pub(crate) async fn is_visible(&self, repository: i64, key: &Key) -> Result<bool> {
        Ok(self.visible_id(repository, key).await?.is_some())
    }

    /// The row of a visible revision.
    pub(crate) async fn visible_id(&self, repository: i64, key: &Key) -> Result<Option<i64>> {
        let row = sqlx::query(
            "SELECT p.id FROM revisions p WHERE p.repository = $1 AND p.reference = $2
             AND p.package_id = $3 AND p.rrev = $4 AND p.prev = $5 AND p.complete = 1
             AND EXISTS (SELECT 1 FROM revisions r WHERE r.repository = $1 AND r.reference = $2
                         AND r.package_id = '' AND r.rrev = $4 AND r.prev = '' AND r.complete = 1)",
        )
        .bind(repository)
        .bind(key.recipe.as_str())
        .bind(key.package_id())
        .bind(&key.rrev)
        .bind(key.prev())
        .fetch_optional(self.read())
        .await?;
        Ok(match row {
            Some(row) => Some(row.try_get(0)?),
            None => None,
        })
    }

    /// Names of the files of a visible revision; none if it isn't there.
    pub(crate) async fn file_names(
        &self,
        repository: i64,
        key: &Key,
    ) -> Result<Option<Vec<String>>> {
        let Some(id) = self.visible_id(repository, key).await? else {
            return Ok(None);
        };
        let rows = sqlx::query("SELECT name FROM files WHERE revision = $1 ORDER BY name")
            .bind(id)
            .fetch_all(self.read())
            .await?;
        let names = rows.iter().map(|row| row.try_get(0).map_err(Error::from));
        names.collect::<Result<Vec<String>>>().map(Some)
    }

    /// A file of a visible revision.
    pub(crate) async fn file(
        &self,
        repository: i64,
        key: &Key,
        name: &str,
    ) -> Result<Option<FileRecord>> {
        let row = sqlx::query(
            "SELECT p.id, b.object, b.size, b.sha1, b.sha256 FROM revisions p
             JOIN files f ON f.revision = p.id AND f.name = $6 JOIN blobs b ON b.sha256 = f.sha256
             WHERE p.repository = $1 AND p.reference = $2 AND p.package_id = $3 AND p.rrev = $4
             AND p.prev = $5 AND p.complete = 1
             AND EXISTS (SELECT 1 FROM revisions r WHERE r.repository = $1 AND r.reference = $2
                         AND r.package_id = '' AND r.rrev = $4 AND r.prev = '' AND r.complete = 1)",
        )
        .bind(repository)
        .bind(key.recipe.as_str())
        .bind(key.package_id())
        .bind(&key.rrev)
        .bind(key.prev())
        .bind(name)
        .fetch_optional(self.read())
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        Ok(Some(FileRecord {
            revision: row.try_get(0)?,
            object: row.try_get(1)?,
            size: u64::try_from(row.try_get::<i64, _>(2)?).unwrap_or_default(),
            sha1: row.try_get(3)?,
            sha256: row.try_get(4)?,
        }))
    }

    /// Package id and `conaninfo.txt` of the newest revision of each visible binary; none if the
    /// recipe revision isn't there.
    pub(crate) async fn binaries(
        &self,
        repository: i64,
        recipe: &Key,
    ) -> Result<Option<Vec<(String, String)>>> {
        if !self.is_visible(repository, recipe).await? {
            return Ok(None);
        }
        let rows = sqlx::query(
            "SELECT package_id, info FROM revisions WHERE repository = $1 AND reference = $2
             AND rrev = $3 AND package_id <> '' AND complete = 1 ORDER BY package_id, created",
        )
        .bind(repository)
        .bind(recipe.recipe.as_str())
        .bind(&recipe.rrev)
        .fetch_all(self.read())
        .await?;
        let mut found: Vec<(String, String)> = Vec::with_capacity(rows.len());
        for row in &rows {
            let package_id: String = row.try_get(0)?;
            let info: Option<String> = row.try_get(1)?;
            if found.last().is_some_and(|(last, _)| *last == package_id) {
                found.pop();
            }
            found.push((package_id, info.unwrap_or_default()));
        }
        Ok(Some(found))
    }

    /// References of visible recipes, of one name or of all.
    pub(crate) async fn references(
        &self,
        repository: i64,
        name: Option<&str>,
    ) -> Result<Vec<String>> {
        let rows =
            match name {
                Some(name) => sqlx::query(
                    "SELECT DISTINCT reference FROM revisions WHERE repository = $1 AND name = $2
                     AND package_id = '' AND complete = 1 ORDER BY reference",
                )
                .bind(repository)
                .bind(name)
                .fetch_all(self.read())
                .await?,
                None => {
                    sqlx::query(
                        "SELECT DISTINCT reference FROM revisions WHERE repository = $1
                     AND package_id = '' AND complete = 1 ORDER BY reference",
                    )
                    .bind(repository)
                    .fetch_all(self.read())
                    .await?
                }
            };
        rows.iter()
            .map(|row| row.try_get(0).map_err(Error::from))
            .collect()
    }

    /// Visible revisions, by reference and with the newest first.
    pub(crate) async fn revision_rows(
        &self,
        repository: i64,
        filter: &RevisionFilter,
    ) -> Result<Vec<RevisionRow>> {
        let rows = sqlx::query(
            "SELECT id, reference, rrev, package_id, prev, created, uploader, info, downloads, downloaded
             FROM revisions WHERE repository = $1 AND complete = 1
             AND ($2 = '' OR name = $2) AND ($3 = '' OR reference = $3) AND ($4 = '' OR rrev = $4)
             AND ($5 = 0 OR package_id = '')
             ORDER BY reference, package_id, created DESC, id DESC",
        )
        .bind(repository)
        .bind(filter.name.clone().unwrap_or_default())
        .bind(filter.reference.clone().unwrap_or_default())
        .bind(filter.rrev.clone().unwrap_or_default())
        .bind(i64::from(filter.recipes_only))
        .fetch_all(self.read())
        .await?;
        rows.iter().map(revision_of).collect()
    }

    /// Files of a revision with their sizes and sha256.
    pub(crate) async fn file_sizes(&self, revision: i64) -> Result<Vec<(String, i64, String)>> {
        let rows = sqlx::query(
            "SELECT f.name, b.size, b.sha256 FROM files f JOIN blobs b ON b.sha256 = f.sha256
             WHERE f.revision = $1 ORDER BY f.name",
        )
        .bind(revision)
        .fetch_all(self.read())
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
            .collect()
    }

    /// Numbers of visible recipes (references), recipe revisions and package revisions.
    pub(crate) async fn totals(&self, repository: i64) -> Result<(i64, i64, i64)> {
        let row = sqlx::query(
            "SELECT COUNT(DISTINCT CASE WHEN package_id = '' THEN reference END),
             COUNT(CASE WHEN package_id = '' THEN 1 END), COUNT(CASE WHEN package_id <> '' THEN 1 END)
             FROM revisions WHERE repository = $1 AND complete = 1",
        )
        .bind(repository)
        .fetch_one(self.read())
        .await?;
        Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
    }

    /// Notes that files of revisions were served: row, how often, when last.
    pub(crate) async fn note_downloads(&self, served: &[(i64, i64, i64)]) -> Result<()> {
        let mut write = self.begin().await?;
        for (revision, count, last) in served {
            sqlx::query(
                "UPDATE revisions SET downloads = downloads + $2,
                 downloaded = CASE WHEN downloaded > $3 THEN downloaded ELSE $3 END WHERE id = $1",
            )
            .bind(*revision)
            .bind(*count)
            .bind(*last)
            .execute(&mut *write.tx)
            .await?;
        }
        write.commit().await
    }

    /// Drops uploads that nobody continued since.
    pub(crate) async fn remove_incomplete(&self, before: i64) -> Result<u64> {
        let mut write = self.begin().await?;
        let removed = sqlx::query("DELETE FROM revisions WHERE complete = 0 AND touched < $1")
            .bind(before)
            .execute(&mut *write.tx)
            .await?;
        write.commit().await?;
        Ok(removed.rows_affected())
    }

    /// Visible package revisions whose recipe revision isn't, and visible revisions without a
    /// manifest: what must not be.
    pub(crate) async fn inconsistencies(&self) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT p.reference || '#' || p.rrev || ':' || p.package_id || '#' || p.prev FROM revisions p
             WHERE p.complete = 1 AND NOT EXISTS
             (SELECT 1 FROM files f WHERE f.revision = p.id AND f.name = 'conanmanifest.txt')
             AND EXISTS (SELECT 1 FROM repositories r WHERE r.id = p.repository AND r.kind = 'hosted')",
        )
        .fetch_all(self.read())
        .await?;
        rows.iter()
            .map(|row| row.try_get(0).map_err(Error::from))
            .collect()
    }
}

impl Write {
    /// Finds or creates the row of a revision, and locks it.
    pub(crate) async fn open_revision(
        &mut self,
        repository: i64,
        key: &Key,
        uploader: &str,
    ) -> Result<OpenRevision> {
        let now = clock::now();
        let row = sqlx::query(
            "INSERT INTO revisions (repository, reference, name, rrev, package_id, prev, complete,
             created, touched, uploader, downloads) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7, $8, 0)
             ON CONFLICT (repository, reference, package_id, rrev, prev)
             DO UPDATE SET touched = excluded.touched RETURNING id, complete",
        )
        .bind(repository)
        .bind(key.recipe.as_str())
        .bind(key.recipe.name())
        .bind(&key.rrev)
        .bind(key.package_id())
        .bind(key.prev())
        .bind(now)
        .bind(uploader)
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(OpenRevision {
            id: row.try_get(0)?,
            complete: row.try_get::<i64, _>(1)? != 0,
        })
    }

    /// The files of a revision.
    pub(crate) async fn held_files(&mut self, revision: i64) -> Result<Vec<HeldFile>> {
        let rows =
            sqlx::query("SELECT name, sha256, md5 FROM files WHERE revision = $1 ORDER BY name")
                .bind(revision)
                .fetch_all(&mut *self.tx)
                .await?;
        rows.iter()
            .map(|row| {
                Ok(HeldFile {
                    name: row.try_get(0)?,
                    sha256: row.try_get(1)?,
                    md5: row.try_get(2)?,
                })
            })
            .collect()
    }

    /// Objects of the files of a revision.
    pub(crate) async fn objects_of(&mut self, revision: i64) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT DISTINCT b.object FROM files f JOIN blobs b ON b.sha256 = f.sha256
             WHERE f.revision = $1",
        )
        .bind(revision)
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter()
            .map(|row| row.try_get(0).map_err(Error::from))
            .collect()
    }

    /// Adds a file to a revision, or replaces it.
    pub(crate) async fn put_file(&mut self, revision: i64, file: &HeldFile) -> Result<()> {
        sqlx::query(
            "INSERT INTO files (revision, name, sha256, md5) VALUES ($1, $2, $3, $4)
             ON CONFLICT (revision, name) DO UPDATE SET sha256 = excluded.sha256, md5 = excluded.md5",
        )
        .bind(revision)
        .bind(&file.name)
        .bind(&file.sha256)
        .bind(file.md5.clone())
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Sets what of the manifest decides about completeness.
    pub(crate) async fn set_summary(&mut self, revision: i64, summary: &str) -> Result<()> {
        sqlx::query("UPDATE revisions SET summary = $2 WHERE id = $1")
            .bind(revision)
            .bind(summary)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// What [`set_summary`](Self::set_summary) has set.
    pub(crate) async fn summary(&mut self, revision: i64) -> Result<Option<String>> {
        let row = sqlx::query("SELECT summary FROM revisions WHERE id = $1")
            .bind(revision)
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(row.try_get(0)?)
    }

    /// Sets the text of `conaninfo.txt`.
    pub(crate) async fn set_info(&mut self, revision: i64, info: &str) -> Result<()> {
        sqlx::query("UPDATE revisions SET info = $2 WHERE id = $1")
            .bind(revision)
            .bind(info)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Makes a revision visible, dated `created`.
    pub(crate) async fn complete(&mut self, revision: i64, created: i64) -> Result<()> {
        sqlx::query("UPDATE revisions SET complete = 1, created = $2 WHERE id = $1")
            .bind(revision)
            .bind(created)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Copies content and texts of a revision into another row.
    pub(crate) async fn copy_revision(&mut self, from: i64, to: i64) -> Result<()> {
        self.copy_files(from, to).await?;
        sqlx::query(
            "UPDATE revisions SET summary = (SELECT s.summary FROM revisions s WHERE s.id = $1),
             info = (SELECT s.info FROM revisions s WHERE s.id = $1) WHERE id = $2",
        )
        .bind(from)
        .bind(to)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Takes all files from a revision.
    pub(crate) async fn clear_files(&mut self, revision: i64) -> Result<()> {
        sqlx::query("DELETE FROM files WHERE revision = $1")
            .bind(revision)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Copies the files that the other revision lacks.
    pub(crate) async fn copy_files(&mut self, from: i64, to: i64) -> Result<()> {
        sqlx::query(
            "INSERT INTO files (revision, name, sha256, md5)
             SELECT CAST($2 AS BIGINT), name, sha256, md5 FROM files WHERE revision = $1
             ON CONFLICT (revision, name) DO NOTHING",
        )
        .bind(from)
        .bind(to)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// A visible revision within the transaction: row and date. It can't be removed before the end.
    pub(crate) async fn visible(
        &mut self,
        repository: i64,
        key: &Key,
    ) -> Result<Option<(i64, i64)>> {
        // The update locks the row in PostgreSQL.
        let row = sqlx::query(
            "UPDATE revisions SET touched = touched WHERE repository = $1 AND reference = $2
             AND package_id = $3 AND rrev = $4 AND prev = $5 AND complete = 1 RETURNING id, created",
        )
        .bind(repository)
        .bind(key.recipe.as_str())
        .bind(key.package_id())
        .bind(&key.rrev)
        .bind(key.prev())
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(match row {
            Some(row) => Some((row.try_get(0)?, row.try_get(1)?)),
            None => None,
        })
    }

    /// Removes a recipe with all revisions and binaries; the number of visible revisions removed.
    pub(crate) async fn remove_recipe(&mut self, repository: i64, recipe: &Recipe) -> Result<i64> {
        let rows = sqlx::query(
            "DELETE FROM revisions WHERE repository = $1 AND reference = $2 RETURNING complete",
        )
        .bind(repository)
        .bind(recipe.as_str())
        .fetch_all(&mut *self.tx)
        .await?;
        visible_among(&rows)
    }

    /// Removes a recipe revision with its binaries.
    pub(crate) async fn remove_recipe_revision(
        &mut self,
        repository: i64,
        key: &Key,
    ) -> Result<i64> {
        let rows = sqlx::query(
            "DELETE FROM revisions WHERE repository = $1 AND reference = $2 AND rrev = $3
             RETURNING complete",
        )
        .bind(repository)
        .bind(key.recipe.as_str())
        .bind(&key.rrev)
        .fetch_all(&mut *self.tx)
        .await?;
        visible_among(&rows)
    }

    /// Removes the binaries of a recipe revision: those of one package id, or all (`""`).
    pub(crate) async fn remove_binaries(
        &mut self,
        repository: i64,
        recipe: &Key,
        package_id: &str,
    ) -> Result<i64> {
        let rows = sqlx::query(
            "DELETE FROM revisions WHERE repository = $1 AND reference = $2 AND rrev = $3
             AND package_id <> '' AND ($4 = '' OR package_id = $4) RETURNING complete",
        )
        .bind(repository)
        .bind(recipe.recipe.as_str())
        .bind(&recipe.rrev)
        .bind(package_id)
        .fetch_all(&mut *self.tx)
        .await?;
        visible_among(&rows)
    }

    /// Removes one package revision.
    pub(crate) async fn remove_package_revision(
        &mut self,
        repository: i64,
        key: &Key,
    ) -> Result<i64> {
        let rows = sqlx::query(
            "DELETE FROM revisions WHERE repository = $1 AND reference = $2 AND rrev = $3
             AND package_id = $4 AND prev = $5 RETURNING complete",
        )
        .bind(repository)
        .bind(key.recipe.as_str())
        .bind(&key.rrev)
        .bind(key.package_id())
        .bind(key.prev())
        .fetch_all(&mut *self.tx)
        .await?;
        visible_among(&rows)
    }
}

fn visible_among(rows: &[AnyRow]) -> Result<i64> {
    let mut visible = 0;
    for row in rows {
        visible += row.try_get::<i64, _>(0)?;
    }
    Ok(visible)
}

fn revision_of(row: &AnyRow) -> Result<RevisionRow> {
    Ok(RevisionRow {
        id: row.try_get(0)?,
        reference: row.try_get(1)?,
        rrev: row.try_get(2)?,
        package_id: row.try_get(3)?,
        prev: row.try_get(4)?,
        created: row.try_get(5)?,
        uploader: row.try_get(6)?,
        info: row.try_get(7)?,
        downloads: row.try_get(8)?,
        downloaded: row.try_get(9)?,
    })
}
