//! Content.

use sqlx::Row;

use super::{Database, Write};
use crate::clock;
use crate::error::{Error, Result};

/// Content that the store has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// sha256 in hex.
    pub sha256: String,
    /// sha1 in hex.
    pub sha1: String,
    /// Bytes.
    pub size: i64,
    /// Name in the store.
    pub object: String,
}

/// How a revision's transaction came by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlobUse {
    /// The object that was just stored is now the content's.
    Stored,
    /// The content was there under another object: the one just stored has to go.
    Redundant,
    /// The content was there when looked for, but has been collected since: store it and try again.
    Gone,
}

impl Database {
    /// The blob with this content.
    pub(crate) async fn blob(&self, sha256: &str) -> Result<Option<Blob>> {
        let row = sqlx::query("SELECT sha256, sha1, size, object FROM blobs WHERE sha256 = $1")
            .bind(sha256)
            .fetch_optional(self.read())
            .await?;
        row.as_ref().map(blob_of).transpose()
    }

    /// The content with this sha1 in one of these repositories, in a visible revision or in an upload
    /// of the first one. None if two contents share the sha1: one of them is forged.
    pub(crate) async fn blob_by_sha1(
        &self,
        sha1: &str,
        repository: i64,
        readable: &[i64],
    ) -> Result<Option<Blob>> {
        let rows = sqlx::query(
            "SELECT DISTINCT b.sha256, b.sha1, b.size, b.object, r.repository, r.complete
             FROM blobs b JOIN files f ON f.sha256 = b.sha256 JOIN revisions r ON r.id = f.revision
             WHERE b.sha1 = $1",
        )
        .bind(sha1)
        .fetch_all(self.read())
        .await?;
        let mut found: Option<Blob> = None;
        for row in &rows {
            let holder: i64 = row.try_get(4)?;
            let complete: i64 = row.try_get(5)?;
            let blob = blob_of(row)?;
            if found
                .as_ref()
                .is_some_and(|known| known.sha256 != blob.sha256)
            {
                return Ok(None);
            }
            if holder == repository || (complete != 0 && readable.contains(&holder)) {
                found = Some(blob);
            }
        }
        Ok(found)
    }

    /// Blobs that no file names and that nobody touched since, at most `limit`.
    pub(crate) async fn unreferenced_blobs(&self, before: i64, limit: i64) -> Result<Vec<Blob>> {
        let rows = sqlx::query(
            "SELECT sha256, sha1, size, object FROM blobs b WHERE touched < $1
             AND NOT EXISTS (SELECT 1 FROM files f WHERE f.sha256 = b.sha256)
             ORDER BY sha256 LIMIT $2",
        )
        .bind(before)
        .bind(limit)
        .fetch_all(self.read())
        .await?;
        rows.iter().map(blob_of).collect()
    }

    /// Forgets a blob, unless it came into use meanwhile. Only then its object may be deleted.
    pub(crate) async fn forget_blob(&self, blob: &Blob, before: i64) -> Result<bool> {
        let mut write = self.begin().await?;
        let removed = sqlx::query(
            "DELETE FROM blobs WHERE sha256 = $1 AND object = $2 AND touched < $3
             AND NOT EXISTS (SELECT 1 FROM files f WHERE f.sha256 = $1)",
        )
        .bind(&blob.sha256)
        .bind(&blob.object)
        .bind(before)
        .execute(&mut *write.tx)
        .await?;
        // The row must be gone for good before its object is.
        write.commit_durably().await?;
        Ok(removed.rows_affected() > 0)
    }

    /// True if a blob has this object.
    pub(crate) async fn is_object_known(&self, object: &str) -> Result<bool> {
        let row = sqlx::query("SELECT 1 FROM blobs WHERE object = $1")
            .bind(object)
            .fetch_optional(self.read())
            .await?;
        Ok(row.is_some())
    }

    /// Blobs after one by hash, in order: to go through all of them.
    pub(crate) async fn blobs_after(&self, sha256: &str, limit: i64) -> Result<Vec<Blob>> {
        let rows = sqlx::query(
            "SELECT sha256, sha1, size, object FROM blobs WHERE sha256 > $1 ORDER BY sha256 LIMIT $2",
        )
        .bind(sha256)
        .bind(limit)
        .fetch_all(self.read())
        .await?;
        rows.iter().map(blob_of).collect()
    }

    /// Number of blobs, and their bytes.
    pub(crate) async fn blob_totals(&self) -> Result<(i64, i64)> {
        let row = sqlx::query("SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM blobs")
            .fetch_one(self.read())
            .await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }
}

impl Write {
    /// Claims content for a file that this transaction adds. `stored`: the object of `blob` was
    /// written by the caller just now.
    pub(crate) async fn claim(&mut self, blob: &Blob, stored: bool) -> Result<BlobUse> {
        let now = clock::now();
        if !stored {
            let touched = sqlx::query("UPDATE blobs SET touched = $2 WHERE sha256 = $1")
                .bind(&blob.sha256)
                .bind(now)
                .execute(&mut *self.tx)
                .await?;
            return Ok(if touched.rows_affected() > 0 {
                BlobUse::Redundant
            } else {
                BlobUse::Gone
            });
        }
        let row = sqlx::query(
            "INSERT INTO blobs (sha256, object, sha1, size, touched) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (sha256) DO UPDATE SET touched = excluded.touched RETURNING object",
        )
        .bind(&blob.sha256)
        .bind(&blob.object)
        .bind(&blob.sha1)
        .bind(blob.size)
        .bind(now)
        .fetch_one(&mut *self.tx)
        .await?;
        let object: String = row.try_get(0)?;
        Ok(if object == blob.object {
            BlobUse::Stored
        } else {
            BlobUse::Redundant
        })
    }
}

pub(super) fn blob_of(row: &sqlx::any::AnyRow) -> Result<Blob> {
    let blob = || -> std::result::Result<Blob, sqlx::Error> {
        Ok(Blob {
            sha256: row.try_get(0)?,
            sha1: row.try_get(1)?,
            size: row.try_get(2)?,
            object: row.try_get(3)?,
        })
    };
    blob().map_err(Error::from)
}
