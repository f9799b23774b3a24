//! Many rows in one statement, for uploads of many files at once. Rows come in the order of their
//! keys, so that two of them at once wait for each other instead of failing.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, Row};

use super::blobs::blob_of;
use super::{Blob, Database, HeldFile, Write};
use crate::clock;
use crate::error::{Error, Result};

/// Rows of a statement; databases limit its parameters.
const ROWS: usize = 500;

impl Database {
    /// The blobs with these contents that there are.
    pub(crate) async fn blobs(&self, sums: &[&str]) -> Result<Vec<Blob>> {
        let mut found = Vec::new();
        for part in sums.chunks(ROWS) {
            let list = placeholders(part.len(), 1);
            let text =
                format!("SELECT sha256, sha1, size, object FROM blobs WHERE sha256 IN ({list})");
            let mut query = sqlx::query(AssertSqlSafe(text));
            for sum in part {
                query = query.bind(*sum);
            }
            for row in query.fetch_all(self.read()).await? {
                found.push(blob_of(&row)?);
            }
        }
        Ok(found)
    }
}

impl Write {
    /// Claims contents that were there; false if one has been collected since.
    pub(crate) async fn claim_known(&mut self, sums: &[&str]) -> Result<bool> {
        for part in sums.chunks(ROWS) {
            let list = placeholders(part.len(), 2);
            let text = format!("UPDATE blobs SET touched = $1 WHERE sha256 IN ({list})");
            let mut query = sqlx::query(AssertSqlSafe(text)).bind(clock::now());
            for sum in part {
                query = query.bind(*sum);
            }
            let touched = query.execute(&mut *self.tx).await?.rows_affected();
            if touched < part.len() as u64 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Claims contents whose objects were just written. Returns the objects that are not needed, as
    /// somebody else stored the same meanwhile.
    pub(crate) async fn claim_stored(&mut self, blobs: &[&Blob]) -> Result<Vec<String>> {
        let mut redundant = Vec::new();
        for part in blobs.chunks(ROWS) {
            let text = format!(
                "INSERT INTO blobs (sha256, object, sha1, size, touched) VALUES {}
                 ON CONFLICT (sha256) DO UPDATE SET touched = excluded.touched
                 RETURNING sha256, object",
                tuples(part.len(), 5)
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            let now = clock::now();
            for blob in part {
                query = query
                    .bind(&blob.sha256)
                    .bind(&blob.object)
                    .bind(&blob.sha1)
                    .bind(blob.size)
                    .bind(now);
            }
            let rows = query.fetch_all(&mut *self.tx).await?;
            let kept: HashMap<String, String> = rows
                .iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
                .collect::<std::result::Result<_, sqlx::Error>>()?;
            redundant.extend(
                part.iter()
                    .filter(|blob| kept.get(&blob.sha256) != Some(&blob.object))
                    .map(|blob| blob.object.clone()),
            );
        }
        Ok(redundant)
    }

    /// The files of revisions.
    pub(crate) async fn files_of(
        &mut self,
        revisions: &[i64],
    ) -> Result<HashMap<i64, Vec<HeldFile>>> {
        let mut found: HashMap<i64, Vec<HeldFile>> = HashMap::new();
        for part in revisions.chunks(ROWS) {
            let list = placeholders(part.len(), 1);
            let text =
                format!("SELECT revision, name, sha256, md5 FROM files WHERE revision IN ({list})");
            let mut query = sqlx::query(AssertSqlSafe(text));
            for revision in part {
                query = query.bind(*revision);
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                let file = HeldFile {
                    name: row.try_get(1)?,
                    sha256: row.try_get(2)?,
                    md5: row.try_get(3)?,
                };
                found.entry(row.try_get(0)?).or_default().push(file);
            }
        }
        Ok(found)
    }

    /// Adds files to revisions, or replaces them.
    pub(crate) async fn put_files(&mut self, files: &[(i64, HeldFile)]) -> Result<()> {
        for part in files.chunks(ROWS) {
            let text = format!(
                "INSERT INTO files (revision, name, sha256, md5) VALUES {}
                 ON CONFLICT (revision, name)
                 DO UPDATE SET sha256 = excluded.sha256, md5 = excluded.md5",
                tuples(part.len(), 4)
            );
            let mut query = sqlx::query(AssertSqlSafe(text));
            for (revision, file) in part {
                query = query
                    .bind(*revision)
                    .bind(&file.name)
                    .bind(&file.sha256)
                    .bind(file.md5.clone());
            }
            query.execute(&mut *self.tx).await.map_err(Error::from)?;
        }
        Ok(())
    }

    /// Makes a revision visible, dated `created`, with what is known of its manifest and the text of
    /// its `conaninfo.txt`.
    pub(crate) async fn finish(
        &mut self,
        revision: i64,
        summary: &str,
        info: Option<&str>,
        created: i64,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE revisions SET complete = 1, created = $2, summary = $3, info = COALESCE($4, info)
             WHERE id = $1",
        )
        .bind(revision)
        .bind(created)
        .bind(summary)
        .bind(info.map(str::to_owned))
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

/// `$3, $4, $5`
fn placeholders(count: usize, first: usize) -> String {
    let names: Vec<String> = (first..first + count)
        .map(|number| format!("${number}"))
        .collect();
    names.join(", ")
}

/// `($1, $2), ($3, $4)`
fn tuples(rows: usize, columns: usize) -> String {
    let rows: Vec<String> = (0..rows)
        .map(|row| format!("({})", placeholders(columns, 1 + row * columns)))
        .collect();
    rows.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered() {
        assert_eq!(placeholders(2, 3), "$3, $4");
        assert_eq!(tuples(2, 2), "($1, $2), ($3, $4)");
    }
}
