//! Repositories.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Database;
use crate::clock;
use crate::error::{Error, Result};

/// What a repository does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Holds what is uploaded.
    Hosted,
    /// Keeps what is asked of another server.
    Proxy,
    /// Shows others in order.
    Group,
}

/// Which revisions are kept. None of the rules: all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionRules {
    /// Keep this many of the newest recipe revisions of a recipe, and package revisions of a package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_revisions: Option<u32>,
    /// Remove revisions that are older than this many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_days: Option<u32>,
    /// Remove revisions that nobody downloaded for this many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unused_days: Option<u32>,
    /// Only recipes that match; none for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
}

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// Its row; 0 before it is stored.
    pub id: i64,
    /// In the URL.
    pub name: String,
    /// What it does.
    pub kind: Kind,
    /// Anybody may read.
    pub anonymous_read: bool,
    /// URL of the server behind a proxy.
    pub upstream: Option<String>,
    /// Who logs in there.
    pub upstream_user: Option<String>,
    /// And how.
    pub upstream_password: Option<String>,
    /// Members of a group, by name and in order.
    pub members: Vec<String>,
    /// What is kept.
    pub retention: RetentionRules,
}

impl Repository {
    /// A hosted one.
    pub fn hosted(name: &str) -> Self {
        Self {
            id: 0,
            name: name.to_owned(),
            kind: Kind::Hosted,
            anonymous_read: false,
            upstream: None,
            upstream_user: None,
            upstream_password: None,
            members: Vec::new(),
            retention: RetentionRules::default(),
        }
    }

    fn from_row(row: &AnyRow) -> Result<Self> {
        let kind: String = row.try_get("kind")?;
        let retention: String = row.try_get("retention")?;
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            kind: kind.parse()?,
            anonymous_read: row.try_get::<i64, _>("anonymous_read")? != 0,
            upstream: row.try_get("upstream")?,
            upstream_user: row.try_get("upstream_user")?,
            upstream_password: row.try_get("upstream_password")?,
            members: Vec::new(),
            retention: serde_json::from_str(&retention)
                .map_err(|error| Error::Internal(format!("rules of retention: {error}")))?,
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Hosted => "hosted",
            Self::Proxy => "proxy",
            Self::Group => "group",
        })
    }
}

impl FromStr for Kind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "hosted" => Ok(Self::Hosted),
            "proxy" => Ok(Self::Proxy),
            "group" => Ok(Self::Group),
            _ => Err(Error::Invalid(format!(
                "invalid kind of repository `{text}`: it is hosted, proxy or group"
            ))),
        }
    }
}

const COLUMNS: &str = "SELECT id, name, kind, anonymous_read, upstream, upstream_user, upstream_password, retention FROM repositories";

impl Database {
    /// A repository by name.
    pub(crate) async fn repository(&self, name: &str) -> Result<Option<Repository>> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE name = $1")))
            .bind(name)
            .fetch_optional(self.read())
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let mut repository = Repository::from_row(&row)?;
        repository.members = self.members(repository.id).await?;
        Ok(Some(repository))
    }

    /// All repositories by name.
    pub(crate) async fn repositories(&self) -> Result<Vec<Repository>> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY name")))
            .fetch_all(self.read())
            .await?;
        let mut list = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut repository = Repository::from_row(row)?;
            repository.members = self.members(repository.id).await?;
            list.push(repository);
        }
        Ok(list)
    }

    async fn members(&self, id: i64) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT r.name FROM members m JOIN repositories r ON r.id = m.member
             WHERE m.repository = $1 ORDER BY m.position",
        )
        .bind(id)
        .fetch_all(self.read())
        .await?;
        rows.iter()
            .map(|row| row.try_get(0).map_err(Error::from))
            .collect()
    }

    /// Stores a new repository.
    pub(crate) async fn add_repository(&self, repository: &Repository) -> Result<()> {
        let mut write = self.begin().await?;
        let row = sqlx::query(
            "INSERT INTO repositories (name, kind, anonymous_read, upstream, upstream_user, upstream_password, retention, created)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO NOTHING RETURNING id",
        )
        .bind(&repository.name)
        .bind(repository.kind.to_string())
        .bind(i64::from(repository.anonymous_read))
        .bind(repository.upstream.clone())
        .bind(repository.upstream_user.clone())
        .bind(repository.upstream_password.clone())
        .bind(rules_text(&repository.retention))
        .bind(clock::now())
        .fetch_optional(&mut *write.tx)
        .await?;
        let Some(row) = row else {
            return Err(Error::Conflict(format!(
                "repository `{}` exists already",
                repository.name
            )));
        };
        let id: i64 = row.try_get(0)?;
        for (position, member) in (0_i64..).zip(&repository.members) {
            let added = sqlx::query(
                "INSERT INTO members (repository, position, member)
                 SELECT $1, $2, id FROM repositories WHERE name = $3 AND id <> $1",
            )
            .bind(id)
            .bind(position)
            .bind(member)
            .execute(&mut *write.tx)
            .await?;
            if added.rows_affected() == 0 {
                return Err(Error::NotFound(format!("no repository `{member}`")));
            }
        }
        write.commit_durably().await
    }

    /// Changes who may read and what is kept.
    pub(crate) async fn update_repository(
        &self,
        name: &str,
        anonymous_read: Option<bool>,
        retention: Option<&RetentionRules>,
    ) -> Result<bool> {
        let mut write = self.begin().await?;
        let changed = sqlx::query(
            "UPDATE repositories SET anonymous_read = COALESCE($2, anonymous_read),
             retention = COALESCE($3, retention) WHERE name = $1",
        )
        .bind(name)
        .bind(anonymous_read.map(i64::from))
        .bind(retention.map(rules_text))
        .execute(&mut *write.tx)
        .await?;
        write.commit_durably().await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Removes a repository with all that is in it.
    pub(crate) async fn remove_repository(&self, name: &str) -> Result<bool> {
        let mut write = self.begin().await?;
        sqlx::query("DELETE FROM grants WHERE repository = $1")
            .bind(name)
            .execute(&mut *write.tx)
            .await?;
        let removed = sqlx::query("DELETE FROM repositories WHERE name = $1")
            .bind(name)
            .execute(&mut *write.tx)
            .await?;
        write.commit_durably().await?;
        Ok(removed.rows_affected() > 0)
    }
}

fn rules_text(rules: &RetentionRules) -> String {
    serde_json::to_string(rules).unwrap_or_else(|_| "{}".to_owned())
}
