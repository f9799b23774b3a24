//! `cache.sqlite3`: which revisions there are and in which folders.
//!
//! Conan opens the same file, so schema, journal mode and values are its own. Every write is one
//! immediate transaction: other processes wait, none sees a half of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use crate::error::{Result, StoreError};

const RECIPES: &str = "CREATE TABLE IF NOT EXISTS recipes (reference text NOT NULL, rrev text NOT NULL, path text NOT NULL UNIQUE, timestamp real NOT NULL, lru integer NOT NULL , UNIQUE(reference, rrev))";
const PACKAGES: &str = "CREATE TABLE IF NOT EXISTS packages (reference text NOT NULL, rrev text NOT NULL, pkgid text, prev text, path text NOT NULL UNIQUE, timestamp real NOT NULL, build_id text, lru integer NOT NULL , UNIQUE(reference, rrev, pkgid, prev))";

/// How long a writer waits for others.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open database.
#[derive(Debug)]
pub(super) struct Database {
    path: PathBuf,
    connection: Connection,
}

impl Database {
    /// Opens the database of a cache folder, making it when it isn't there.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join("cache.sqlite3");
        let fresh = !crom_fs::exists(&path);
        if fresh {
            crom_fs::create_dir_all(folder)?;
        }
        let connection =
            Connection::open(&path).map_err(|source| failure(&path, "open it", source))?;
        let database = Self { path, connection };
        database
            .prepare()
            .map_err(|source| database.failure("open it", source))?;
        Ok(database)
    }

    /// Opens the database only if there is one.
    pub(super) fn open_existing(folder: &Path) -> Result<Option<Self>> {
        if crom_fs::exists(folder.join("cache.sqlite3")) {
            Self::open(folder).map(Some)
        } else {
            Ok(None)
        }
    }

    fn prepare(&self) -> rusqlite::Result<()> {
        self.connection.busy_timeout(PATIENCE)?;
        self.connection.set_prepared_statement_cache_capacity(32);
        let tables: i64 = self.connection.query_row(
            "SELECT count(*) FROM sqlite_master WHERE type='table' AND name IN ('recipes', 'packages')",
            [],
            |row| row.get(0),
        )?;
        if tables < 2 {
            self.connection
                .execute_batch(&format!("BEGIN IMMEDIATE; {RECIPES}; {PACKAGES}; COMMIT"))?;
        }
        Ok(())
    }

    /// Runs queries.
    pub(super) fn read<T>(
        &self,
        action: &'static str,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        query(&self.connection).map_err(|source| self.failure(action, source))
    }

    /// Runs changes in one transaction.
    pub(super) fn write<T>(
        &mut self,
        action: &'static str,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let run = |connection: &mut Connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = change(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        run(&mut self.connection).map_err(|source| failure(&self.path, action, source))
    }

    fn failure(&self, action: &'static str, source: rusqlite::Error) -> StoreError {
        failure(&self.path, action, source)
    }
}

fn failure(path: &Path, action: &'static str, source: rusqlite::Error) -> StoreError {
    let malformed = match &source {
        rusqlite::Error::SqliteFailure(error, message) => {
            let structure = message.as_deref().is_some_and(|text| {
                text.contains("no such column") || text.contains("no such table")
            });
            structure
                || matches!(
                    error.code,
                    ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt
                )
        }
        rusqlite::Error::SqlInputError { .. }
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::FromSqlConversionFailure(..) => true,
        _ => false,
    };
    if malformed {
        StoreError::CorruptedDatabase {
            path: path.to_path_buf(),
            detail: source.to_string(),
        }
    } else {
        StoreError::Database {
            path: path.to_path_buf(),
            action,
            source,
        }
    }
}
