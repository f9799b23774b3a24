//! What all requests share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use rand::RngCore;

use crate::access::Access;
use crate::answers::Answers;
use crate::clock;
use crate::config::Config;
use crate::database::{AuditEntry, Database, Repository};
use crate::error::{Error, Result};
use crate::metrics::Metrics;
use crate::pages::Pages;
use crate::repository::Upstream;
use crate::storage::Store;

/// How long the description of a repository is used before it is read again. What changes on the
/// same node counts at once.
const KNOWN: Duration = Duration::from_secs(2);

/// A server, or a command that works on its data.
pub struct Server {
    /// How it is set up.
    pub config: Config,
    /// The same for all nodes of an installation.
    pub id: String,
    pub(crate) database: Database,
    pub(crate) store: Store,
    pub(crate) access: Access,
    pub(crate) metrics: Metrics,
    pub(crate) pages: Pages,
    pub(crate) upstream: Upstream,
    pub(crate) answers: Answers,
    repositories: RwLock<HashMap<String, (Instant, Arc<Repository>)>>,
    downloads: Mutex<HashMap<i64, (i64, i64)>>,
}

impl Server {
    /// Opens database and blobs; both are created when missing.
    ///
    /// # Errors
    /// One of them can't be reached, or the configuration is wrong.
    pub async fn open(config: Config) -> Result<Self> {
        // Fails if a process has one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        crom_fs::create_dir_all(&config.data)?;
        let database = Database::open(&config).await?;
        let store = Store::open(&config)?;
        let id = database.setting_or("server_id", &random_id()).await?;
        let access = Access::new(
            database.clone(),
            config.auth.session_hours,
            config.limits.failed_logins,
        )?;
        Ok(Self {
            id,
            store,
            access,
            metrics: Metrics::new(),
            pages: Pages::new()?,
            upstream: Upstream::new(config.proxy.fresh_seconds)?,
            answers: Answers::new(database.is_sqlite()),
            repositories: RwLock::new(HashMap::new()),
            downloads: Mutex::new(HashMap::new()),
            config,
            database,
        })
    }

    /// A repository by name.
    ///
    /// # Errors
    /// There is none.
    pub(crate) async fn repository(&self, name: &str) -> Result<Arc<Repository>> {
        if let Ok(known) = self.repositories.read()
            && let Some((since, repository)) = known.get(name)
            && since.elapsed() < KNOWN
        {
            return Ok(Arc::clone(repository));
        }
        let repository =
            self.database.repository(name).await?.ok_or_else(|| {
                Error::NotFound(format!("no repository `{}`", name.escape_debug()))
            })?;
        let repository = Arc::new(repository);
        if let Ok(mut known) = self.repositories.write() {
            known.insert(name.to_owned(), (Instant::now(), Arc::clone(&repository)));
        }
        Ok(repository)
    }

    /// Repositories, users or permissions have changed.
    pub(crate) fn forget(&self) {
        if let Ok(mut known) = self.repositories.write() {
            known.clear();
        }
        self.access.forget();
        self.answers.forget();
    }

    /// A file of this revision was served.
    pub(crate) fn note_download(&self, revision: i64) {
        if let Ok(mut downloads) = self.downloads.lock() {
            let entry = downloads.entry(revision).or_insert((0, 0));
            *entry = (entry.0 + 1, clock::now());
        }
    }

    /// Writes what [`note_download`](Self::note_download) has collected.
    pub(crate) async fn write_downloads(&self) -> Result<()> {
        let served: Vec<(i64, i64, i64)> = match self.downloads.lock() {
            Ok(mut downloads) => downloads
                .drain()
                .map(|(revision, (count, last))| (revision, count, last))
                .collect(),
            Err(_) => return Ok(()),
        };
        if served.is_empty() {
            return Ok(());
        }
        self.database.note_downloads(&served).await
    }

    /// Writes a line of the audit log that belongs to no transaction.
    pub(crate) async fn record(&self, entry: AuditEntry) {
        if let Err(error) = self.database.record(&entry).await {
            tracing::error!(%error, action = entry.action, "the audit log can't be written");
        }
    }

    /// Writes what is pending and closes the database.
    pub async fn close(&self) {
        if let Err(error) = self.write_downloads().await {
            tracing::warn!(%error, "the last downloads can't be noted");
        }
        self.database.close().await;
    }
}

fn random_id() -> String {
    let mut bytes = [0_u8; 16];
    rand::rngs::OsRng.fill_bytes(&mut bytes);
    hex::encode(bytes)
}
