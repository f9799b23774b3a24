//! What upstream servers said last.

use sqlx::Row;

use super::Database;
use crate::clock;
use crate::error::Result;

/// An answer of an upstream server to a request for metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedAnswer {
    /// 200 or 404.
    pub status: u16,
    /// The text.
    pub body: String,
    /// When it came.
    pub fetched: i64,
}

impl Database {
    /// The last answer to a request.
    pub(crate) async fn answer(&self, repository: i64, path: &str) -> Result<Option<CachedAnswer>> {
        let row = sqlx::query(
            "SELECT status, body, fetched FROM answers WHERE repository = $1 AND path = $2",
        )
        .bind(repository)
        .bind(path)
        .fetch_optional(self.read())
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        Ok(Some(CachedAnswer {
            status: u16::try_from(row.try_get::<i64, _>(0)?).unwrap_or(500),
            body: row.try_get(1)?,
            fetched: row.try_get(2)?,
        }))
    }

    /// Remembers an answer.
    pub(crate) async fn keep_answer(
        &self,
        repository: i64,
        path: &str,
        status: u16,
        body: &str,
    ) -> Result<()> {
        let mut write = self.begin().await?;
        sqlx::query(
            "INSERT INTO answers (repository, path, status, body, fetched) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (repository, path) DO UPDATE SET status = excluded.status, body = excluded.body, fetched = excluded.fetched",
        )
        .bind(repository)
        .bind(path)
        .bind(i64::from(status))
        .bind(body)
        .bind(clock::now())
        .execute(&mut *write.tx)
        .await?;
        write.commit().await
    }
}
