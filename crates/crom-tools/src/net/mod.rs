//! Downloads: `download`, `get`, mirrors, sums, the cache of sources and its backups.

mod cache;
mod download;
mod http;
mod probe;

pub use download::{DownloadInput, GetInput, download, ftp_download, get};
pub use http::{HttpConf, Proxies, SourceCredential, agent, redact};
pub use probe::probe;

use std::path::PathBuf;

use serde::Deserialize;

/// What configuration says about downloads of sources.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct NetConfig {
    /// `core.net.http:*`
    pub http: HttpConf,
    /// `tools.files.download:retry`
    pub retry: Option<u32>,
    /// `tools.files.download:retry_wait`, seconds.
    pub retry_wait: Option<f64>,
    /// `tools.files.download:verify`; wins over what the recipe says.
    pub verify: Option<bool>,
    /// `core.sources:download_cache`, an absolute path.
    pub download_cache: Option<PathBuf>,
    /// `core.sources:download_urls`; `origin` is the URL of the recipe.
    pub download_urls: Vec<String>,
    /// `core.sources:exclude_urls`: those aren't asked of backups.
    pub exclude_urls: Vec<String>,
    /// `source_credentials.json`, the first whose URL is a prefix counts.
    pub source_credentials: Vec<SourceCredential>,
    /// `crom.net:offline`: only files of this machine.
    pub offline: bool,
    /// `name/version` of the recipe, for the list of who needs a cached file.
    pub reference: String,
}

impl Default for NetConfig {
    fn default() -> Self {
        Self {
            http: HttpConf::default(),
            retry: None,
            retry_wait: None,
            verify: None,
            download_cache: None,
            download_urls: Vec::new(),
            exclude_urls: Vec::new(),
            source_credentials: Vec::new(),
            offline: false,
            reference: "unknown".to_owned(),
        }
    }
}

/// A download that failed. URLs in it have no passwords.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// 404.
    #[error("Not found: {url}")]
    NotFound {
        /// What was asked for.
        url: String,
    },
    /// 401 or 403.
    #[error("{status}: {reason}")]
    Authentication {
        /// The status.
        status: u16,
        /// `Unauthorized` or `Forbidden`.
        reason: &'static str,
        /// What was asked for.
        url: String,
    },
    /// Another status.
    #[error("Error {status} downloading file {url}")]
    Status {
        /// The status.
        status: u16,
        /// What was asked for.
        url: String,
    },
    /// No connection, or one that broke before the answer.
    #[error("Error downloading file {url}: '{message}'")]
    Connection {
        /// What was asked for.
        url: String,
        /// Why.
        message: String,
    },
    /// The connection broke within the file.
    #[error("Download failed, check server, possibly try again\n{message}")]
    Interrupted {
        /// Why.
        message: String,
    },
    /// The network may not be used.
    #[error("{url} can't be downloaded: the network is off (crom.net:offline)")]
    Offline {
        /// What was asked for.
        url: String,
    },
    /// The configuration of the network can't be used.
    #[error("{0}")]
    Config(String),
}

impl DownloadError {
    /// True when a second try may help.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connection { .. } | Self::Interrupted { .. } => true,
            Self::Status { status, .. } => *status >= 500 || *status == 429 || *status == 408,
            _ => false,
        }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Authentication { url, .. } => Some(format!(
                "give credentials for {url} in source_credentials.json of the Conan home"
            )),
            Self::Offline { .. } => Some(
                "put it into the folder of core.sources:download_cache while there is a network"
                    .to_owned(),
            ),
            Self::Connection { message, .. } if message.contains("certificate") => Some(
                "if a company's proxy signs connections, put its CA in the file of \
                 core.net.http:cacert_path"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}
