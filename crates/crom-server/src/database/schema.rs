//! The tables, and how they came to be what they are.

use sqlx::Row;

use super::Database;
use crate::error::{Error, Result};

/// One step per released change, never edited afterwards. `{id}` is a key that counts up.
const STEPS: &[&[&str]] = &[FIRST];

/// The tables of the first release.
///
/// * `revisions`: recipe revisions (`package_id` and `prev` empty) and package revisions. What isn't
///   `complete` is an upload under way, and invisible. `summary` is what of the manifest decides
///   about completeness (JSON), `info` the text of `conaninfo.txt`.
/// * `files`: names in a revision, and their content.
/// * `blobs`: content by its hash. `object` is where the store has it: a new name for every time
///   that content is stored, so that a late deletion can't hit a later upload.
/// * `answers`: what upstream servers said last, for proxies.
const FIRST: &[&str] = &[
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE repositories (
        id {id}, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, anonymous_read BIGINT NOT NULL,
        upstream TEXT, upstream_user TEXT, upstream_password TEXT,
        retention TEXT NOT NULL, created BIGINT NOT NULL)",
    "CREATE TABLE members (
        repository BIGINT NOT NULL REFERENCES repositories(id) ON DELETE CASCADE,
        position BIGINT NOT NULL,
        member BIGINT NOT NULL REFERENCES repositories(id) ON DELETE CASCADE,
        PRIMARY KEY (repository, position))",
    "CREATE TABLE users (
        id {id}, name TEXT NOT NULL UNIQUE, password TEXT, admin BIGINT NOT NULL,
        created BIGINT NOT NULL)",
    "CREATE TABLE user_groups (
        name TEXT NOT NULL, member BIGINT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
        PRIMARY KEY (name, member))",
    "CREATE TABLE grants (
        principal TEXT NOT NULL, repository TEXT NOT NULL, action TEXT NOT NULL,
        pattern TEXT NOT NULL, PRIMARY KEY (principal, repository, action, pattern))",
    "CREATE TABLE tokens (
        id TEXT PRIMARY KEY, owner BIGINT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
        secret TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, scopes TEXT,
        created BIGINT NOT NULL, expires BIGINT)",
    "CREATE INDEX tokens_owner ON tokens (owner)",
    "CREATE TABLE blobs (
        sha256 TEXT PRIMARY KEY, object TEXT NOT NULL UNIQUE, sha1 TEXT NOT NULL,
        size BIGINT NOT NULL, touched BIGINT NOT NULL)",
    "CREATE INDEX blobs_sha1 ON blobs (sha1)",
    "CREATE TABLE revisions (
        id {id}, repository BIGINT NOT NULL REFERENCES repositories(id) ON DELETE CASCADE,
        reference TEXT NOT NULL, name TEXT NOT NULL, rrev TEXT NOT NULL,
        package_id TEXT NOT NULL, prev TEXT NOT NULL,
        complete BIGINT NOT NULL, created BIGINT NOT NULL, touched BIGINT NOT NULL,
        uploader TEXT NOT NULL, summary TEXT, info TEXT,
        downloads BIGINT NOT NULL, downloaded BIGINT,
        UNIQUE (repository, reference, package_id, rrev, prev))",
    "CREATE INDEX revisions_recipe ON revisions (repository, reference, rrev, package_id)",
    "CREATE INDEX revisions_name ON revisions (repository, name)",
    "CREATE TABLE files (
        revision BIGINT NOT NULL REFERENCES revisions(id) ON DELETE CASCADE,
        name TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES blobs(sha256), md5 TEXT,
        PRIMARY KEY (revision, name))",
    "CREATE INDEX files_blob ON files (sha256)",
    "CREATE TABLE answers (
        repository BIGINT NOT NULL REFERENCES repositories(id) ON DELETE CASCADE,
        path TEXT NOT NULL, status BIGINT NOT NULL, body TEXT NOT NULL, fetched BIGINT NOT NULL,
        PRIMARY KEY (repository, path))",
    "CREATE TABLE audit (
        id {id}, time BIGINT NOT NULL, actor TEXT NOT NULL, address TEXT NOT NULL,
        action TEXT NOT NULL, repository TEXT NOT NULL, subject TEXT NOT NULL,
        detail TEXT NOT NULL)",
    "CREATE INDEX audit_time ON audit (time)",
];

/// Any number that no other program locks with.
const POSTGRES_LOCK: i64 = 0x6372_6f6d;

/// Runs the steps that the database hasn't seen. Several nodes may start at once.
pub async fn migrate(database: &Database) -> Result<()> {
    let mut write = database.begin().await?;
    if !database.is_sqlite() {
        sqlx::query("SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)")
            .bind(POSTGRES_LOCK)
            .execute(&mut *write.tx)
            .await?;
    }
    sqlx::query("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
        .execute(&mut *write.tx)
        .await?;
    let version: i64 = sqlx::query("SELECT COALESCE(MAX(version), 0) FROM schema_version")
        .fetch_one(&mut *write.tx)
        .await?
        .try_get(0)?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if version > known {
        return Err(Error::Config(format!(
            "the metadata database has version {version}, and this server knows {known}: it was used by a newer server"
        )));
    }
    let id = if database.is_sqlite() {
        "INTEGER PRIMARY KEY AUTOINCREMENT"
    } else {
        "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    };
    for (number, step) in (1_i64..).zip(STEPS) {
        if number <= version {
            continue;
        }
        for statement in *step {
            let statement = statement.replace("{id}", id);
            sqlx::query(sqlx::AssertSqlSafe(statement))
                .execute(&mut *write.tx)
                .await?;
        }
        sqlx::query("INSERT INTO schema_version (version) VALUES ($1)")
            .bind(number)
            .execute(&mut *write.tx)
            .await?;
    }
    write.commit_durably().await
}

impl Database {
    /// A setting of the whole installation.
    ///
    /// # Errors
    /// The database failed.
    pub async fn setting(&self, name: &str) -> Result<Option<String>> {
        let row = sqlx::query("SELECT value FROM settings WHERE name = $1")
            .bind(name)
            .fetch_optional(self.read())
            .await?;
        Ok(match row {
            Some(row) => Some(row.try_get(0)?),
            None => None,
        })
    }

    /// A setting, which gets this value if it has none. All nodes get the same.
    ///
    /// # Errors
    /// The database failed.
    pub async fn setting_or(&self, name: &str, value: &str) -> Result<String> {
        let mut write = self.begin().await?;
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        )
        .bind(name)
        .bind(value)
        .execute(&mut *write.tx)
        .await?;
        let value = sqlx::query("SELECT value FROM settings WHERE name = $1")
            .bind(name)
            .fetch_one(&mut *write.tx)
            .await?
            .try_get(0)?;
        write.commit_durably().await?;
        Ok(value)
    }
}
