//! A server that listens, and its work in the background.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::ServiceExt;
use axum::extract::Request;
use crom_fs::{FileLock, LockMode};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::connection::{Connection, TimedListener};
use crate::error::{Error, Result};
use crate::routes;
use crate::server::Server;

/// How often downloads are written down.
const DOWNLOADS: Duration = Duration::from_secs(10);

/// How often changes by commands on the data folder are looked for.
const CHANGES: Duration = Duration::from_millis(500);

/// How long requests may take to finish after a signal to stop.
const GRACE: Duration = Duration::from_secs(30);

/// A server that is bound to its port.
pub struct Running {
    server: Arc<Server>,
    listener: TcpListener,
    address: SocketAddr,
    /// Two servers must not clear each other's spool.
    _lock: FileLock,
}

impl Running {
    /// Binds the port. Connections wait until [`serve`](Self::serve).
    ///
    /// # Errors
    /// The address can't be used, or another process serves from the data folder.
    pub async fn bind(server: Server) -> Result<Self> {
        let lock =
            FileLock::try_acquire(server.config.data.join("server.lock"), LockMode::Exclusive)?
                .ok_or_else(|| {
                    Error::Config(format!(
                        "another server runs on `{}`",
                        server.config.data.display()
                    ))
                })?;
        server.store.clear_spool()?;
        let failed = |source| Error::Listen {
            address: server.config.listen.clone(),
            source,
        };
        let listener = TcpListener::bind(&server.config.listen)
            .await
            .map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self {
            server: Arc::new(server),
            listener,
            address,
            _lock: lock,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server, for commands beside the requests.
    pub fn server(&self) -> Arc<Server> {
        Arc::clone(&self.server)
    }

    /// Serves until `stop` is cancelled, then finishes what is under way.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve(self, stop: CancellationToken) -> Result<()> {
        let background = tokio::spawn(maintain(Arc::clone(&self.server), stop.clone()));
        let watching = tokio::spawn(watch(Arc::clone(&self.server), stop.clone()));
        let idle = Duration::from_secs(self.server.config.limits.idle_timeout);
        let service = routes::service(Arc::clone(&self.server));
        let service =
            ServiceExt::<Request>::into_make_service_with_connect_info::<Connection>(service);
        let signal = stop.clone();
        let serving = axum::serve(TimedListener::new(self.listener, idle), service)
            .with_graceful_shutdown(async move { signal.cancelled().await })
            .into_future();
        let address = self.address.to_string();
        let limited = async {
            stop.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        let outcome = tokio::select! {
            outcome = serving => outcome,
            () = limited => {
                tracing::warn!("requests that take too long are cut off");
                Ok(())
            }
        };
        stop.cancel();
        let _ = background.await;
        let _ = watching.await;
        self.server.close().await;
        outcome.map_err(|source| Error::Listen { address, source })
    }
}

async fn maintain(server: Arc<Server>, stop: CancellationToken) {
    let hours = server.config.maintenance.gc_hours;
    let mut downloads = tokio::time::interval(DOWNLOADS);
    let mut collection =
        tokio::time::interval(Duration::from_secs(hours.max(1).saturating_mul(3600)));
    collection.reset();
    loop {
        let worked = tokio::select! {
            () = stop.cancelled() => return,
            _ = downloads.tick() => server.write_downloads().await,
            _ = collection.tick(), if hours > 0 => collect(&server).await,
        };
        if let Err(error) = worked {
            tracing::error!(%error, "work in the background failed, and is tried again later");
        }
    }
}

async fn watch(server: Arc<Server>, stop: CancellationToken) {
    let mut interval = tokio::time::interval(CHANGES);
    let mut watch = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = interval.tick() => {}
        }
        let changed = match &mut watch {
            None => match server.database.watch().await {
                Ok(None) => return,
                Ok(opened) => {
                    watch = opened;
                    Ok(true)
                }
                Err(error) => Err(error),
            },
            Some(watch) => watch.has_changed().await,
        };
        match changed {
            Ok(false) => {}
            Ok(true) => server.answers.forget(),
            Err(error) => {
                tracing::error!(%error, "changes of other processes can't be seen");
                server.answers.forget();
                watch = None;
            }
        }
    }
}

async fn collect(server: &Server) -> Result<()> {
    server.apply_retention(None, None, false).await?;
    server.collect_garbage(false, None).await?;
    Ok(())
}
