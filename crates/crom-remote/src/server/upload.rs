//! Files to a server.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use crom_model::reporter::Progress;
use crom_protocol::header;

use super::{FileAddress, Response, ServerRemote, Token, is_transient, with_token};
use crate::http::redact;
use crate::{RemoteError, Result};

/// Longest time between two tries.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// One file to send.
#[derive(Clone, Debug)]
pub struct UploadFile {
    /// Where to.
    pub address: FileAddress,
    /// The file.
    pub path: PathBuf,
    /// Of its content, in hex.
    pub sha1: String,
}

impl ServerRemote {
    /// Sends files in this order. A file that the server doesn't take is reported and the others are
    /// still sent; a server that knows the content already isn't sent it again, if it can do that.
    ///
    /// # Errors
    /// The files that failed; or at once where the user may not write.
    pub fn upload(&self, files: &[UploadFile]) -> Result<()> {
        let by_checksum = self.connect()?.checksum_deploy;
        let mut failed = Vec::new();
        for file in files {
            match self.upload_file(file, by_checksum) {
                Ok(()) => {}
                Err(error) if error.is_final_for_uploads() => return Err(error),
                Err(error) => {
                    let reason = error.reason();
                    let name = file.address.name();
                    let text = format!("\nError uploading file: {name}, '{reason}'");
                    (*self.setup.reporter).error("", &text);
                    failed.push(name.to_owned());
                }
            }
        }
        if failed.is_empty() {
            return Ok(());
        }
        Err(RemoteError::UploadsFailed {
            remote: self.name.clone(),
            files: failed,
        })
    }

    fn upload_file(&self, file: &UploadFile, by_checksum: bool) -> Result<()> {
        if by_checksum && self.deploy_by_checksum(file)? {
            return Ok(());
        }
        let conf = &self.setup.transfer;
        let mut wait = conf.upload_wait;
        let mut tries = 0;
        loop {
            match self.send(file) {
                Err(error) if error.may_be_sent_again() && tries < conf.upload_retry => {
                    let seconds = wait.as_secs();
                    self.setup.reporter.warning(
                        Some("network"),
                        "",
                        &format!("{}\nWaiting {seconds} seconds to retry...", error.reason()),
                    );
                    std::thread::sleep(wait);
                    wait = (wait * 2).min(MAX_WAIT);
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    /// True when the server has a file of this checksum and took that.
    fn deploy_by_checksum(&self, file: &UploadFile) -> Result<bool> {
        let url = &file.address.url;
        let agent = self.agent()?;
        let (response, login) = self.authorized(|token| {
            self.persistently(url, || {
                with_token(agent.put(url), token)
                    .header(header::CHECKSUM_DEPLOY, "true")
                    .header(header::CHECKSUM_SHA1, &file.sha1)
                    .send_empty()
            })
        })?;
        match response.status().as_u16() {
            403 => self.accepted(response, login.user.as_deref()).map(|_| true),
            status => Ok((200..300).contains(&status)),
        }
    }

    fn send(&self, file: &UploadFile) -> Result<()> {
        let (response, login) = self.authorized(|token| self.put(file, token))?;
        let status = response.status();
        // What proxies and databases of servers answer; the text of others is for the user.
        if status.as_u16() >= 402 && !matches!(status.as_u16(), 403 | 404) {
            return Err(RemoteError::Server {
                remote: self.name.clone(),
                status: status.as_u16(),
                message: format!(
                    "{} {} Error: {} for url: {}",
                    status.as_u16(),
                    if status.is_server_error() {
                        "Server"
                    } else {
                        "Client"
                    },
                    status.canonical_reason().unwrap_or("Unknown"),
                    redact(&file.address.url)
                ),
            });
        }
        self.accepted(response, login.user.as_deref()).map(|_| ())
    }

    fn put(&self, file: &UploadFile, token: Option<&Token>) -> Result<Response> {
        let url = &file.address.url;
        let length = crom_fs::metadata(&file.path)?.len();
        let mut reader = Counted {
            file: crom_fs::open(&file.path)?,
            progress: self
                .setup
                .reporter
                .progress(file.address.name(), Some(length)),
        };
        let request = with_token(self.agent()?.put(url), token)
            .header(header::CHECKSUM_SHA1, &file.sha1)
            .header("Content-Length", length.to_string());
        let sent = if length == 0 {
            request.send_empty()
        } else {
            request.send(ureq::SendBody::from_reader(&mut reader))
        };
        sent.map_err(|error| {
            if is_transient(&error) {
                RemoteError::Broken {
                    url: redact(url),
                    reason: error.to_string(),
                }
            } else {
                self.unreachable(url, &error)
            }
        })
    }
}

/// Tells the progress how much was read.
struct Counted {
    file: std::fs::File,
    progress: Box<dyn Progress>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.progress.advance(count as u64);
        Ok(count)
    }
}
