//! Who did what.

use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::{Database, Write};
use crate::clock;
use crate::error::{Error, Result};

/// A line of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Microseconds since 1970; set when it is written.
    pub time: i64,
    /// Name of the user; `(offline)` for commands on the data folder, `(server)` for itself.
    pub actor: String,
    /// Of the client; empty if there is none.
    pub address: String,
    /// `upload`, `delete`, `promote`, `login`, `user add`, ...
    pub action: String,
    /// Name, or empty.
    pub repository: String,
    /// Reference, user, ...
    pub subject: String,
    /// More words; never a secret.
    pub detail: String,
}

/// Which lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// Only of this user.
    pub actor: Option<String>,
    /// Only this action.
    pub action: Option<String>,
    /// Only of this repository.
    pub repository: Option<String>,
    /// At most so many, the newest first; 100 if not given.
    pub limit: Option<u32>,
}

impl Database {
    /// Writes a line that belongs to no other change.
    pub(crate) async fn record(&self, entry: &AuditEntry) -> Result<()> {
        let mut write = self.begin().await?;
        write.record(entry).await?;
        write.commit().await
    }

    /// The newest lines.
    pub(crate) async fn audit(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>> {
        let rows = sqlx::query(
            "SELECT time, actor, address, action, repository, subject, detail FROM audit
             WHERE ($1 = '' OR actor = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR repository = $3)
             ORDER BY id DESC LIMIT $4",
        )
        .bind(query.actor.clone().unwrap_or_default())
        .bind(query.action.clone().unwrap_or_default())
        .bind(query.repository.clone().unwrap_or_default())
        .bind(i64::from(query.limit.unwrap_or(100)))
        .fetch_all(self.read())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(AuditEntry {
                    time: row.try_get(0)?,
                    actor: row.try_get(1)?,
                    address: row.try_get(2)?,
                    action: row.try_get(3)?,
                    repository: row.try_get(4)?,
                    subject: row.try_get(5)?,
                    detail: row.try_get(6)?,
                })
            })
            .collect::<std::result::Result<_, sqlx::Error>>()
            .map_err(Error::from)
    }
}

impl Write {
    /// Writes a line together with the change that it tells of.
    pub(crate) async fn record(&mut self, entry: &AuditEntry) -> Result<()> {
        sqlx::query(
            "INSERT INTO audit (time, actor, address, action, repository, subject, detail)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(clock::now())
        .bind(&entry.actor)
        .bind(&entry.address)
        .bind(&entry.action)
        .bind(&entry.repository)
        .bind(&entry.subject)
        .bind(&entry.detail)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
