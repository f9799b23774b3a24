//! Blobs: content that never changes, in a folder or an object store.
//!
//! An object's name is `ab/cd/<sha256>-<8 random hex digits>`. The random part makes each storing of
//! content a new object, so that a collection that deletes an old one late can't hit a new one.

mod body;
mod spool;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    WriteMultipart,
};
use rand::Rng;
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::error::{Error, Result};

pub use body::Chunks;
pub use spool::{Received, Spool};

/// A part of a multipart upload.
const PART: usize = 16 << 20;

/// What the store holds under a name.
#[derive(Clone, Debug)]
pub struct StoredObject {
    /// Name.
    pub object: String,
    /// When it was written, microseconds since 1970.
    pub written: i64,
}

/// Where blobs are.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// Set for a folder: reading and writing it directly saves copies.
    folder: Option<PathBuf>,
    fsync: bool,
    spool: PathBuf,
}

impl Store {
    /// Opens what the configuration names. A folder is created.
    ///
    /// # Errors
    /// An unknown URL, bad options, a folder that can't be written.
    pub fn open(config: &Config) -> Result<Self> {
        let spool = config.spool();
        crom_fs::create_dir_all(&spool)?;
        let folder = match &config.storage.url {
            Some(_) => None,
            None => Some(config.blobs()),
        };
        let objects: Arc<dyn ObjectStore> = match (&config.storage.url, &folder) {
            (Some(url), _) => cloud(url, config)?,
            (None, Some(folder)) => {
                crom_fs::create_dir_all(folder)?;
                let local = LocalFileSystem::new_with_prefix(folder)
                    .map_err(|source| storage("open", &folder.display().to_string(), source))?;
                Arc::new(local)
            }
            (None, None) => return Err(Error::Internal("no storage".to_owned())),
        };
        Ok(Self {
            objects,
            folder,
            fsync: config.storage.fsync,
            spool,
        })
    }

    /// A place to receive content in.
    pub fn spool(&self, max_body: u64) -> Spool {
        Spool::new(self.spool.clone(), max_body)
    }

    /// A new name for content.
    pub fn object_name(sha256: &str) -> String {
        let unique: u32 = rand::thread_rng().r#gen();
        format!("{}/{}/{sha256}-{unique:08x}", &sha256[..2], &sha256[2..4])
    }

    /// Stores content that was received. In a folder it may be lost with the power until it is
    /// [`sync`](Self::sync)ed.
    ///
    /// # Errors
    /// The store failed; nothing is visible under the name.
    pub async fn put(&self, received: &mut Received, object: &str) -> Result<()> {
        let failed = |source| storage("write", object, source);
        let path = ObjectPath::from(object);
        if let Some(bytes) = received.bytes() {
            self.objects
                .put(&path, PutPayload::from_bytes(bytes.clone()))
                .await
                .map_err(failed)?;
            return Ok(());
        }
        if let Some(folder) = &self.folder {
            let target = folder.join(object);
            return received.move_to(target).await;
        }
        let upload = self.objects.put_multipart(&path).await.map_err(failed)?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut chunks = received.chunks()?;
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk
                .map_err(|error| Error::from(crom_fs::Error::io("read", received.path(), error)));
            let sent = match chunk {
                Ok(chunk) => writer.wait_for_capacity(4).await.map(|()| {
                    writer.put(chunk);
                }),
                Err(error) => {
                    let _ = writer.abort().await;
                    return Err(error);
                }
            };
            if let Err(source) = sent {
                let _ = writer.abort().await;
                return Err(failed(source));
            }
        }
        writer.finish().await.map_err(failed)?;
        Ok(())
    }

    /// True if what is stored has to be [`sync`](Self::sync)ed.
    pub fn needs_sync(&self) -> bool {
        self.folder.is_some() && self.fsync
    }

    /// Waits until these objects survive a power cut. They are flushed at the same time, which costs
    /// hardly more than flushing one.
    ///
    /// # Errors
    /// One can't be flushed.
    pub async fn sync(&self, objects: &[String]) -> Result<()> {
        let Some(folder) = self.folder.as_ref().filter(|_| self.fsync) else {
            return Ok(());
        };
        let flushing = objects.iter().map(|object| {
            let path = folder.join(object);
            tokio::task::spawn_blocking(move || flush(&path))
        });
        for flushed in futures_util::future::join_all(flushing).await {
            flushed??;
        }
        Ok(())
    }

    /// The content of an object, or a range of its bytes.
    ///
    /// # Errors
    /// It isn't there, or the store failed.
    pub async fn read(&self, object: &str, range: std::ops::Range<u64>) -> Result<Chunks> {
        if let Some(folder) = &self.folder {
            return Chunks::of_file(folder.join(object), range).await;
        }
        let failed = |source| storage("read", object, source);
        let options = GetOptions {
            range: (range.start < range.end).then_some(GetRange::Bounded(range)),
            ..GetOptions::default()
        };
        let got = self
            .objects
            .get_opts(&ObjectPath::from(object), options)
            .await
            .map_err(failed)?;
        Ok(Chunks::of_stream(got.into_stream()))
    }

    /// The first bytes of an object, all of it if it is small.
    ///
    /// # Errors
    /// It isn't there, or the store failed.
    pub async fn read_all(&self, object: &str, size: u64) -> Result<Bytes> {
        let mut chunks = self.read(object, 0..size).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let chunk =
                chunk.map_err(|error| Error::Internal(format!("reading `{object}`: {error}")))?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.into())
    }

    /// Deletes an object; fine if it isn't there.
    ///
    /// # Errors
    /// The store failed.
    pub async fn delete(&self, object: &str) -> Result<()> {
        match self.objects.delete(&ObjectPath::from(object)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(storage("delete", object, source)),
        }
    }

    /// All objects.
    pub fn list(&self) -> BoxStream<'static, Result<StoredObject>> {
        self.objects
            .list(None)
            .map(|meta| match meta {
                Ok(meta) => Ok(StoredObject {
                    object: meta.location.to_string(),
                    written: meta.last_modified.timestamp_micros(),
                }),
                Err(source) => Err(storage("list", "", source)),
            })
            .boxed()
    }

    /// sha256 and size of what an object really holds; none if it isn't there.
    ///
    /// # Errors
    /// The store failed.
    pub async fn rehash(&self, object: &str) -> Result<Option<(String, u64)>> {
        let path = ObjectPath::from(object);
        let got = match self.objects.get(&path).await {
            Ok(got) => got,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(storage("read", object, source)),
        };
        let mut stream = got.into_stream();
        let (mut hasher, mut size) = (Sha256::new(), 0);
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|source| storage("read", object, source))?;
            size += chunk.len() as u64;
            hasher.update(&chunk);
        }
        Ok(Some((hex::encode(hasher.finalize()), size)))
    }

    /// Is the store there?
    ///
    /// # Errors
    /// It isn't.
    pub async fn ping(&self) -> Result<()> {
        if let Some(folder) = &self.folder {
            crom_fs::metadata(folder)?;
            return Ok(());
        }
        match self.objects.head(&ObjectPath::from("ping")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(storage("reach", "", source)),
        }
    }

    /// Removes what an earlier process left in the spool. Only for the one that owns the folder.
    ///
    /// # Errors
    /// A file can't be removed.
    pub fn clear_spool(&self) -> Result<()> {
        for name in crom_fs::list(&self.spool)? {
            crom_fs::remove(self.spool.join(name))?;
        }
        Ok(())
    }
}

/// Content and name of a file.
fn flush(path: &std::path::Path) -> Result<()> {
    for path in [Some(path), path.parent()].into_iter().flatten() {
        crom_fs::open(path)?
            .sync_all()
            .map_err(|error| crom_fs::Error::io("flush", path, error))?;
    }
    Ok(())
}

fn cloud(url: &str, config: &Config) -> Result<Arc<dyn ObjectStore>> {
    let (scheme, rest) = url
        .split_once("://")
        .ok_or_else(|| Error::Config(format!("`storage.url`: `{url}` is no URL")))?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let retry = RetryConfig {
        max_retries: 4,
        retry_timeout: Duration::from_secs(30),
        ..RetryConfig::default()
    };
    let client = ClientOptions::new()
        .with_timeout_disabled()
        .with_read_timeout(Duration::from_secs(config.limits.idle_timeout))
        .with_connect_timeout(Duration::from_secs(5));
    let options = &config.storage.options;
    let refused = |source| storage("open", url, source);
    macro_rules! build {
        ($builder:expr) => {{
            let mut builder = $builder.with_retry(retry).with_client_options(client);
            for (name, value) in options {
                // The environment has variables of other tools too.
                if let Ok(key) = name.parse() {
                    builder = builder.with_config(key, value);
                }
            }
            Arc::new(builder.build().map_err(refused)?)
        }};
    }
    let store: Arc<dyn ObjectStore> = match scheme {
        "s3" => build!(AmazonS3Builder::new().with_bucket_name(bucket)),
        "gs" => build!(GoogleCloudStorageBuilder::new().with_bucket_name(bucket)),
        "az" => build!(MicrosoftAzureBuilder::new().with_container_name(bucket)),
        _ => {
            return Err(Error::Config(format!(
                "`storage.url`: `{scheme}` is not known: it is s3, gs or az"
            )));
        }
    };
    let prefix = prefix.trim_matches('/');
    Ok(if prefix.is_empty() {
        store
    } else {
        Arc::new(PrefixStore::new(store, prefix))
    })
}

fn storage(action: &'static str, key: &str, source: object_store::Error) -> Error {
    Error::Storage {
        action,
        key: key.to_owned(),
        source,
    }
}
