//! Metadata: who may do what, which revisions there are, which blobs they are made of.
//!
//! One set of queries serves SQLite and PostgreSQL: numbers are 64 bit, truth is 0 or 1, times are
//! microseconds since 1970, parameters are `$1`. A transaction that touches a revision or a blob
//! begins with an upsert of its row: that locks it in PostgreSQL, and SQLite has one writer anyway.

mod accounts;
mod audit;
mod blobs;
mod bundle;
mod repositories;
mod revisions;
mod schema;
mod upstream;
mod wal;

use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, ConnectOptions, Row};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::config::Config;
use crate::error::{Error, Result};

pub use accounts::{Action, Grant, StoredToken, StoredUser, TokenKind};
pub use audit::{AuditEntry, AuditQuery};
pub use blobs::{Blob, BlobUse};
pub use repositories::{Kind, Repository, RetentionRules};
pub use revisions::{Added, FileRecord, HeldFile, RevisionFilter, RevisionRow, Stamp};
pub use upstream::CachedAnswer;

use wal::WalSync;

/// A connection to the metadata.
#[derive(Clone)]
pub struct Database {
    read: AnyPool,
    write: AnyPool,
    /// SQLite takes one writer at a time: waiting here is fair, waiting in SQLite is not.
    turn: Option<Arc<Mutex<()>>>,
    wal: Option<Arc<WalSync>>,
}

/// A transaction that writes. Nothing is changed unless [`commit`](Self::commit) succeeds.
pub struct Write {
    /// To run queries on.
    pub tx: sqlx::Transaction<'static, Any>,
    wal: Option<Arc<WalSync>>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Database {
    /// Connects, and brings the tables up to date.
    ///
    /// # Errors
    /// The database can't be reached or is of a newer version.
    pub async fn open(config: &Config) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let database = match &config.database.url {
            Some(url) => Self::postgres(url, config.database.connections).await?,
            None => Self::sqlite(config).await?,
        };
        schema::migrate(&database).await?;
        Ok(database)
    }

    async fn sqlite(config: &Config) -> Result<Self> {
        let file = config.sqlite_file();
        let mut url = url_of_file(&file)?;
        url.push_str("?mode=rwc");
        let options: AnyConnectOptions = url.parse()?;
        let options = options.disable_statement_logging();
        let pool = |size: u32| {
            AnyPoolOptions::new()
                .max_connections(size)
                .test_before_acquire(false)
                .acquire_timeout(Duration::from_secs(30))
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        // NORMAL: what has to survive a power cut is synchronised by `WalSync`.
                        for pragma in [
                            "PRAGMA busy_timeout = 30000",
                            "PRAGMA journal_mode = WAL",
                            "PRAGMA synchronous = NORMAL",
                            "PRAGMA foreign_keys = ON",
                            "PRAGMA cache_size = -65536",
                        ] {
                            sqlx::query(pragma).execute(&mut *connection).await?;
                        }
                        Ok(())
                    })
                })
        };
        let size = match config.database.connections {
            0 => 8,
            size => size,
        };
        let write = pool(1).connect_with(options.clone()).await?;
        let read = pool(size).connect_with(options).await?;
        Ok(Self {
            read,
            write,
            turn: Some(Arc::new(Mutex::new(()))),
            wal: Some(Arc::new(WalSync::new(&file))),
        })
    }

    async fn postgres(url: &str, connections: u32) -> Result<Self> {
        let options: AnyConnectOptions = url.parse()?;
        let size = match connections {
            0 => 16,
            size => size,
        };
        let pool = AnyPoolOptions::new()
            .max_connections(size)
            // A connection that died with the database is found out before it is used.
            .test_before_acquire(true)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.disable_statement_logging())
            .await?;
        Ok(Self {
            read: pool.clone(),
            write: pool,
            turn: None,
            wal: None,
        })
    }

    /// True for SQLite.
    pub fn is_sqlite(&self) -> bool {
        self.turn.is_some()
    }

    /// For queries that don't write.
    pub(crate) fn read(&self) -> &AnyPool {
        &self.read
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self) -> Result<Write> {
        let turn = match &self.turn {
            Some(turn) => Some(Arc::clone(turn).lock_owned().await),
            None => None,
        };
        let tx = if turn.is_some() {
            // Another process (a command on the data folder) may write too: take the lock at once,
            // as a transaction that began as a reader can't wait for it.
            self.write.begin_with("BEGIN IMMEDIATE").await?
        } else {
            self.write.begin().await?
        };
        Ok(Write {
            tx,
            wal: self.wal.clone(),
            _turn: turn,
        })
    }

    /// Tells of changes by other processes; none for PostgreSQL.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn watch(&self) -> Result<Option<Watch>> {
        if !self.is_sqlite() {
            return Ok(None);
        }
        Ok(Some(Watch {
            connection: self.read.acquire().await?,
            version: 0,
        }))
    }

    /// Is the database there?
    ///
    /// # Errors
    /// It isn't.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// Writes a consistent copy of an SQLite database to a file that isn't there yet.
    ///
    /// # Errors
    /// It isn't SQLite; the file exists or can't be written.
    pub async fn copy_to(&self, file: &std::path::Path) -> Result<()> {
        if !self.is_sqlite() {
            return Err(Error::Config(
                "the metadata is in PostgreSQL: back it up with `pg_dump`".to_owned(),
            ));
        }
        sqlx::query("VACUUM INTO $1")
            .bind(file.display().to_string())
            .execute(&self.read)
            .await?;
        Ok(())
    }
}

/// A connection that notices what others commit.
pub(crate) struct Watch {
    connection: sqlx::pool::PoolConnection<Any>,
    version: i64,
}

impl Watch {
    /// True if another connection has changed something since the last call.
    pub(crate) async fn has_changed(&mut self) -> Result<bool> {
        let row = sqlx::query("PRAGMA data_version")
            .fetch_one(&mut *self.connection)
            .await?;
        let version: i64 = row.try_get(0)?;
        let changed = version != self.version;
        self.version = version;
        Ok(changed)
    }
}

impl Write {
    /// Makes all of it visible. After a crash of the machine it may be gone again.
    pub(crate) async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        Ok(())
    }

    /// Makes all of it visible, and waits until it survives a power cut.
    pub(crate) async fn commit_durably(self) -> Result<()> {
        let Self { tx, wal, _turn } = self;
        tx.commit().await?;
        drop(_turn);
        match wal {
            Some(wal) => wal.sync().await,
            None => Ok(()),
        }
    }
}

fn url_of_file(file: &std::path::Path) -> Result<String> {
    let absolute = crom_fs::absolute(file)?;
    let text = absolute
        .to_str()
        .ok_or_else(|| Error::Config(format!("`{}` is not valid UTF-8", absolute.display())))?;
    Ok(format!(
        "sqlite://{}",
        crom_protocol::route::encode_path(text)
    ))
}
