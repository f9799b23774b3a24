//! How files are transferred, as `core.download:*` and `core.upload:*` say.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crom_model::conf::Conf;

use crate::{RemoteError, Result, default_threads};

/// Threads and tries.
#[derive(Clone, Debug)]
pub struct TransferConf {
    /// `core.download:parallel`
    pub download_threads: usize,
    /// `core.download:retry`
    pub download_retry: u32,
    /// `core.download:retry_wait`, doubled after each try.
    pub download_wait: Duration,
    /// `core.download:download_cache`
    pub download_cache: Option<PathBuf>,
    /// `core.upload:parallel`
    pub upload_threads: usize,
    /// `core.upload:retry`
    pub upload_retry: u32,
    /// `core.upload:retry_wait`, doubled after each try.
    pub upload_wait: Duration,
    /// Where files are while they arrive; what a killed process left there is gone on with.
    pub parts: PathBuf,
}

impl TransferConf {
    /// Reads the confs.
    ///
    /// # Errors
    /// A conf has a value of another type, or a relative path.
    pub fn from_conf(conf: &Conf, parts: &Path) -> Result<Self> {
        let number = |name: &str, default: u32| -> Result<u32> {
            let value = conf.get_int(name)?;
            Ok(value.map_or(default, |value| u32::try_from(value).unwrap_or(0)))
        };
        let threads = |name: &str| -> Result<usize> {
            let value = conf.get_int(name)?;
            Ok(value.map_or_else(default_threads, |value| {
                usize::try_from(value).unwrap_or(1).max(1)
            }))
        };
        let seconds = |name: &str, default: u32| -> Result<Duration> {
            Ok(Duration::from_secs(number(name, default)?.into()))
        };
        let download_cache = conf
            .get_str("core.download:download_cache")?
            .map(PathBuf::from);
        if let Some(path) = download_cache.as_ref().filter(|path| !path.is_absolute()) {
            return Err(RemoteError::HttpConf(format!(
                "core.download:download_cache must be an absolute path, not '{}'",
                path.display()
            )));
        }
        Ok(Self {
            download_threads: threads("core.download:parallel")?,
            download_retry: number("core.download:retry", 2)?,
            download_wait: seconds("core.download:retry_wait", 1)?,
            download_cache,
            upload_threads: threads("core.upload:parallel")?,
            upload_retry: number("core.upload:retry", 1)?,
            upload_wait: seconds("core.upload:retry_wait", 5)?,
            parts: parts.to_path_buf(),
        })
    }
}
