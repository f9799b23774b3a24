//! Users, groups of users, what they may do, and their tokens.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Database;
use crate::clock;
use crate::error::{Error, Result};

/// What can be allowed in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Search, list, download.
    Read,
    /// Upload what isn't there. Includes reading.
    Write,
    /// Remove, and replace files. Includes reading.
    Delete,
    /// Take revisions over from another repository. Includes reading.
    Promote,
    /// All of it, and deciding who else may.
    Admin,
}

impl Action {
    /// True if who may do `self` may do `other`.
    pub fn includes(self, other: Action) -> bool {
        self == other || self == Self::Admin || other == Self::Read
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Promote => "promote",
            Self::Admin => "admin",
        })
    }
}

impl FromStr for Action {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "read" => Ok(Self::Read),
            "write" => Ok(Self::Write),
            "delete" => Ok(Self::Delete),
            "promote" => Ok(Self::Promote),
            "admin" => Ok(Self::Admin),
            _ => Err(Error::Invalid(format!(
                "invalid action `{text}`: it is read, write, delete, promote or admin"
            ))),
        }
    }
}

/// A permission, or a scope of a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Name of a repository, or `*`.
    pub repository: String,
    /// What.
    pub action: Action,
    /// Shell pattern for `name/version[@user/channel]`.
    pub pattern: String,
}

/// A user as the database has it.
#[derive(Clone, Debug)]
pub struct StoredUser {
    /// Its row.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Hash of the password; none for users with tokens only.
    pub password: Option<String>,
    /// May do everything.
    pub admin: bool,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Made by a login, expires.
    Session,
    /// Made by `token add`.
    Api,
}

/// A token as the database has it.
#[derive(Clone, Debug)]
pub struct StoredToken {
    /// The part that isn't secret.
    pub id: String,
    /// Name of its user.
    pub owner: String,
    /// sha256 in hex of the secret part.
    pub secret: String,
    /// What it is for.
    pub kind: TokenKind,
    /// What its maker calls it.
    pub label: String,
    /// What it is restricted to; none for all that its user may.
    pub scopes: Option<Vec<Grant>>,
    /// When it was made.
    pub created: i64,
    /// When it stops being valid.
    pub expires: Option<i64>,
}

impl Database {
    /// A user by name.
    pub(crate) async fn user(&self, name: &str) -> Result<Option<StoredUser>> {
        let row = sqlx::query("SELECT id, name, password, admin FROM users WHERE name = $1")
            .bind(name)
            .fetch_optional(self.read())
            .await?;
        row.as_ref().map(user_of).transpose()
    }

    /// All users by name.
    pub(crate) async fn users(&self) -> Result<Vec<StoredUser>> {
        let rows = sqlx::query("SELECT id, name, password, admin FROM users ORDER BY name")
            .fetch_all(self.read())
            .await?;
        rows.iter().map(user_of).collect()
    }

    /// Stores a new user; false if the name is taken.
    pub(crate) async fn add_user(
        &self,
        name: &str,
        password: Option<&str>,
        admin: bool,
    ) -> Result<bool> {
        let mut write = self.begin().await?;
        let added = sqlx::query(
            "INSERT INTO users (name, password, admin, created) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(name)
        .bind(password.map(str::to_owned))
        .bind(i64::from(admin))
        .bind(clock::now())
        .execute(&mut *write.tx)
        .await?;
        write.commit_durably().await?;
        Ok(added.rows_affected() > 0)
    }

    /// Removes a user with its tokens and permissions; false if there is none.
    pub(crate) async fn remove_user(&self, name: &str) -> Result<bool> {
        let mut write = self.begin().await?;
        sqlx::query("DELETE FROM grants WHERE principal = $1")
            .bind(name)
            .execute(&mut *write.tx)
            .await?;
        let removed = sqlx::query("DELETE FROM users WHERE name = $1")
            .bind(name)
            .execute(&mut *write.tx)
            .await?;
        write.commit_durably().await?;
        Ok(removed.rows_affected() > 0)
    }

    /// Sets the hash of a password; the sessions of the user end. False if there is no such user.
    pub(crate) async fn set_password(&self, name: &str, password: &str) -> Result<bool> {
        let mut write = self.begin().await?;
        let changed = sqlx::query("UPDATE users SET password = $2 WHERE name = $1")
            .bind(name)
            .bind(password)
            .execute(&mut *write.tx)
            .await?;
        sqlx::query(
            "DELETE FROM tokens WHERE kind = 'session' AND owner IN (SELECT id FROM users WHERE name = $1)",
        )
        .bind(name)
        .execute(&mut *write.tx)
        .await?;
        write.commit_durably().await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Groups with their members.
    pub(crate) async fn user_groups(&self) -> Result<Vec<(String, String)>> {
        let rows = sqlx::query(
            "SELECT g.name, u.name FROM user_groups g JOIN users u ON u.id = g.member
             ORDER BY g.name, u.name",
        )
        .fetch_all(self.read())
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect()
    }

    /// Puts a user into a group, or takes it out; false if nothing changed.
    pub(crate) async fn set_member(&self, group: &str, user: i64, member: bool) -> Result<bool> {
        let mut write = self.begin().await?;
        let query = if member {
            "INSERT INTO user_groups (name, member) VALUES ($1, $2) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM user_groups WHERE name = $1 AND member = $2"
        };
        let changed = sqlx::query(query)
            .bind(group)
            .bind(user)
            .execute(&mut *write.tx)
            .await?;
        write.commit_durably().await?;
        Ok(changed.rows_affected() > 0)
    }

    /// What a user may do, by itself and by its groups (`@name` in the table).
    pub(crate) async fn grants_of(&self, user: &StoredUser) -> Result<Vec<Grant>> {
        let rows = sqlx::query(
            "SELECT repository, action, pattern FROM grants WHERE principal = $1 OR principal IN
             (SELECT '@' || name FROM user_groups WHERE member = $2)",
        )
        .bind(&user.name)
        .bind(user.id)
        .fetch_all(self.read())
        .await?;
        rows.iter().map(|row| grant_of(row, 0)).collect()
    }

    /// All permissions, with who has them (`@name` for a group).
    pub(crate) async fn grants(&self) -> Result<Vec<(String, Grant)>> {
        let rows = sqlx::query(
            "SELECT principal, repository, action, pattern FROM grants
             ORDER BY principal, repository, action, pattern",
        )
        .fetch_all(self.read())
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, grant_of(row, 1)?)))
            .collect()
    }

    /// Gives or takes a permission; false if nothing changed.
    pub(crate) async fn set_grant(
        &self,
        principal: &str,
        grant: &Grant,
        given: bool,
    ) -> Result<bool> {
        let mut write = self.begin().await?;
        let query = if given {
            "INSERT INTO grants (principal, repository, action, pattern) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM grants WHERE principal = $1 AND repository = $2 AND action = $3 AND pattern = $4"
        };
        let changed = sqlx::query(query)
            .bind(principal)
            .bind(&grant.repository)
            .bind(grant.action.to_string())
            .bind(&grant.pattern)
            .execute(&mut *write.tx)
            .await?;
        write.commit_durably().await?;
        Ok(changed.rows_affected() > 0)
    }

    /// A token by its public part.
    pub(crate) async fn token(&self, id: &str) -> Result<Option<StoredToken>> {
        let row = sqlx::query(
            "SELECT t.id, u.name, t.secret, t.kind, t.label, t.scopes, t.created, t.expires
             FROM tokens t JOIN users u ON u.id = t.owner WHERE t.id = $1",
        )
        .bind(id)
        .fetch_optional(self.read())
        .await?;
        row.as_ref().map(token_of).transpose()
    }

    /// Tokens of the kind `Api`, of one user or of all.
    pub(crate) async fn api_tokens(&self, owner: Option<&str>) -> Result<Vec<StoredToken>> {
        let rows = sqlx::query(
            "SELECT t.id, u.name, t.secret, t.kind, t.label, t.scopes, t.created, t.expires
             FROM tokens t JOIN users u ON u.id = t.owner
             WHERE t.kind = 'api' AND ($1 = '' OR u.name = $1) ORDER BY u.name, t.created",
        )
        .bind(owner.unwrap_or_default())
        .fetch_all(self.read())
        .await?;
        rows.iter().map(token_of).collect()
    }

    /// Stores a new token.
    pub(crate) async fn add_token(&self, token: &StoredToken) -> Result<()> {
        let scopes = token.scopes.as_ref().map(serde_json::to_string).transpose();
        let scopes = scopes.map_err(|error| Error::Internal(format!("scopes: {error}")))?;
        let mut write = self.begin().await?;
        sqlx::query(
            "INSERT INTO tokens (id, owner, secret, kind, label, scopes, created, expires)
             SELECT $1, id, $3, $4, $5, $6, $7, $8 FROM users WHERE name = $2",
        )
        .bind(&token.id)
        .bind(&token.owner)
        .bind(&token.secret)
        .bind(match token.kind {
            TokenKind::Session => "session",
            TokenKind::Api => "api",
        })
        .bind(&token.label)
        .bind(scopes)
        .bind(token.created)
        .bind(token.expires)
        .execute(&mut *write.tx)
        .await?;
        write.commit_durably().await
    }

    /// Revokes a token; false if there is none.
    pub(crate) async fn remove_token(&self, id: &str) -> Result<bool> {
        let mut write = self.begin().await?;
        let removed = sqlx::query("DELETE FROM tokens WHERE id = $1")
            .bind(id)
            .execute(&mut *write.tx)
            .await?;
        write.commit_durably().await?;
        Ok(removed.rows_affected() > 0)
    }

    /// Removes tokens that have expired.
    pub(crate) async fn remove_expired_tokens(&self, now: i64) -> Result<u64> {
        let mut write = self.begin().await?;
        let removed = sqlx::query("DELETE FROM tokens WHERE expires IS NOT NULL AND expires < $1")
            .bind(now)
            .execute(&mut *write.tx)
            .await?;
        write.commit().await?;
        Ok(removed.rows_affected())
    }
}

fn user_of(row: &AnyRow) -> Result<StoredUser> {
    Ok(StoredUser {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        password: row.try_get(2)?,
        admin: row.try_get::<i64, _>(3)? != 0,
    })
}

fn grant_of(row: &AnyRow, first: usize) -> Result<Grant> {
    let action: String = row.try_get(first + 1)?;
    Ok(Grant {
        repository: row.try_get(first)?,
        action: action.parse()?,
        pattern: row.try_get(first + 2)?,
    })
}

fn token_of(row: &AnyRow) -> Result<StoredToken> {
    let kind: String = row.try_get(3)?;
    let scopes: Option<String> = row.try_get(5)?;
    let scopes = scopes
        .map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|error| Error::Internal(format!("scopes of a token: {error}")))?;
    Ok(StoredToken {
        id: row.try_get(0)?,
        owner: row.try_get(1)?,
        secret: row.try_get(2)?,
        kind: if kind == "session" {
            TokenKind::Session
        } else {
            TokenKind::Api
        },
        label: row.try_get(4)?,
        scopes,
        created: row.try_get(6)?,
        expires: row.try_get(7)?,
    })
}
