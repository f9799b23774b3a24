//! A server that keeps copies of downloaded sources: plain files below one URL, named by their sha256.

use std::fmt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use crom_protocol::header;

use crate::http::{HttpConf, redact};
use crate::{RemoteError, Result};

/// The server of `core.sources:upload_url`.
pub struct BackupServer {
    url: String,
    agent: ureq::Agent,
    authorization: Option<String>,
}

/// How a backup server knows us. Never printed.
#[derive(Clone)]
pub enum BackupLogin {
    /// Anybody may write.
    Anonymous,
    /// A bearer token.
    Token(String),
    /// User and password.
    Password(String, String),
}

impl BackupServer {
    /// The server at a URL. Nothing is asked yet.
    ///
    /// # Errors
    /// Confs that can't be used.
    pub fn new(url: &str, http: &HttpConf, login: BackupLogin) -> Result<Self> {
        Ok(Self {
            url: format!("{}/", url.trim_end_matches('/')),
            agent: http.agent(url, true)?,
            authorization: match login {
                BackupLogin::Anonymous => None,
                BackupLogin::Token(token) => Some(format!("Bearer {token}")),
                BackupLogin::Password(user, password) => Some(format!(
                    "Basic {}",
                    BASE64.encode(format!("{user}:{password}"))
                )),
            },
        })
    }

    /// Is a file of this name there?
    ///
    /// # Errors
    /// The server can't be asked, or refuses.
    pub fn has(&self, name: &str) -> Result<bool> {
        let url = self.file(name);
        let answer = self.authorized(self.agent.head(&url)).call();
        match self.accepted(&url, answer) {
            Ok(()) => Ok(true),
            Err(RemoteError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Sends a file.
    ///
    /// # Errors
    /// The server can't be asked, or refuses.
    pub fn put(&self, name: &str, path: &Path) -> Result<()> {
        let url = self.file(name);
        let length = crom_fs::metadata(path)?.len();
        let mut file = crom_fs::open(path)?;
        let answer = self
            .authorized(self.agent.put(&url))
            .header(header::CHECKSUM_SHA1, crom_fs::digest::sha1(path)?)
            .header("Content-Length", length.to_string())
            .send(ureq::SendBody::from_reader(&mut file));
        self.accepted(&url, answer)
    }

    fn file(&self, name: &str) -> String {
        format!("{}{name}", self.url)
    }

    fn authorized<B>(&self, request: ureq::RequestBuilder<B>) -> ureq::RequestBuilder<B> {
        match &self.authorization {
            Some(value) => request.header("Authorization", value),
            None => request,
        }
    }

    fn accepted(
        &self,
        url: &str,
        answer: std::result::Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<()> {
        let server = redact(&self.url);
        let response = answer.map_err(|error| RemoteError::Broken {
            url: redact(url),
            reason: error.to_string(),
        })?;
        match response.status().as_u16() {
            200..300 => Ok(()),
            404 => Err(RemoteError::NotFound {
                remote: server,
                message: format!("{} not found", redact(url)),
            }),
            401 => Err(RemoteError::Backup(format!(
                "The source backup server '{server}' needs authentication, please provide 'source_credentials.json'"
            ))),
            403 => Err(RemoteError::Backup(format!(
                "The source backup server '{server}' needs authentication/permissions, please provide 'source_credentials.json'"
            ))),
            status => Err(RemoteError::Backup(format!(
                "The source backup server '{server}' answered {status} to {}",
                redact(url)
            ))),
        }
    }
}

impl fmt::Debug for BackupServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupServer")
            .field("url", &redact(&self.url))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for BackupLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anonymous => "Anonymous",
            Self::Token(_) => "Token(<hidden>)",
            Self::Password(..) => "Password(<hidden>)",
        })
    }
}
