//! A file from a server: streamed beside its place, resumed where it broke off, checked, renamed.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crom_fs::digest::{Hasher, Wanted};
use crom_fs::{FileLock, LockMode};
use crom_model::reporter::Progress;
use crom_protocol::{file as file_names, header};

use super::{FileAddress, Response, ServerRemote, is_transient, with_token};
use crate::http::redact;
use crate::{RemoteError, Result};

/// Smaller files aren't worth a part file: they are asked for again as a whole.
const SMALL: u64 = 1024 * 1024;

/// Read at once.
const BLOCK: usize = 256 * 1024;

/// Longest time between two tries.
const MAX_WAIT: Duration = Duration::from_secs(60);

impl ServerRemote {
    /// Brings a file to `target`, which appears when it is complete and has the size and checksums
    /// that the server says. With `core.download:download_cache` it is taken from there or put
    /// there.
    ///
    /// # Errors
    /// The server doesn't have it, or all tries failed.
    pub fn download(&self, file: &FileAddress, target: &Path) -> Result<()> {
        self.connect()?;
        match &self.setup.transfer.download_cache {
            // Metadata of a revision may change.
            Some(cache) if !file.name.starts_with(file_names::METADATA) => {
                self.download_cached(file, target, cache)
            }
            _ => self.download_now(file, target),
        }
    }

    fn download_cached(&self, file: &FileAddress, target: &Path, cache: &Path) -> Result<()> {
        let key = sha256(&file.url);
        let cached = cache.join("c").join(&key);
        let _lock = FileLock::acquire(cache.join("locks").join(&key), LockMode::Exclusive)?;
        if !crom_fs::is_file(&cached) {
            crom_fs::create_dir_all(cache.join("c"))?;
            self.download_now(file, &cached)?;
        }
        Ok(crom_fs::copy_file(&cached, target)?)
    }

    fn download_now(&self, file: &FileAddress, target: &Path) -> Result<()> {
        let conf = &self.setup.transfer;
        let mut part = Part::new(&conf.parts.join(sha256(&file.url)))?;
        let mut wait = conf.download_wait;
        let mut tries = 0;
        loop {
            let permit = self.transfers.take();
            let received = self.receive(file, target, &mut part);
            drop(permit);
            match received {
                Err(error) if error.is_transient() && tries < conf.download_retry => {
                    self.setup.reporter.warning(
                        Some("network"),
                        "",
                        &format!("{error}\nWaiting {} seconds to retry...", wait.as_secs()),
                    );
                    std::thread::sleep(wait);
                    wait = (wait * 2).min(MAX_WAIT);
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    /// One try.
    fn receive(&self, file: &FileAddress, target: &Path, part: &mut Part) -> Result<()> {
        let url = &file.url;
        let agent = self.agent()?;
        let resumable = part.resumable()?;
        let (response, login) = self.authorized(|token| {
            let mut request = with_token(agent.get(url), token);
            if let Some((length, validator)) = &resumable {
                request = request
                    .header("Range", format!("bytes={length}-"))
                    .header("If-Range", validator);
            }
            request.call().map_err(|error| {
                let reason = error.to_string();
                if is_transient(&error) {
                    broken(url, reason)
                } else {
                    self.unreachable(url, &error)
                }
            })
        })?;
        let status = response.status().as_u16();
        if status == 416 {
            // The part is longer than the file: it was another one.
            part.forget()?;
            return Err(broken(url, "the server has another file now".to_owned()));
        }
        let mut response = self.accepted(response, login.user.as_deref())?;
        let from = match (status, &resumable) {
            (206, Some((length, _))) if resumes_at(&response) == Some(*length) => *length,
            (206, _) => {
                part.forget()?;
                return Err(broken(url, "the server sent another part".to_owned()));
            }
            _ => 0,
        };
        let left = content_length(&response);
        let sums = Sums::of(&response);
        let mut progress = self
            .setup
            .reporter
            .progress(&file.name, left.map(|left| left + from));
        progress.advance(from);
        if from == 0 && left.is_some_and(|left| left <= SMALL) {
            let mut content = Vec::new();
            copy(&mut response, &mut content, left, url, &mut *progress)?;
            sums.check(content.as_slice(), url)?;
            part.forget()?;
            return Ok(crom_fs::write_atomic(target, content)?);
        }
        let mut out = part.open(from, &validator(&response))?;
        copy(&mut response, &mut out, left, url, &mut *progress)?;
        drop(out);
        if sums.any() {
            let content = crom_fs::open(part.path())?;
            if let Err(error) = sums.check(content, url) {
                part.forget()?;
                return Err(error);
            }
        }
        part.finish(target)
    }
}

/// A file that is arriving, and what the server calls this state of it.
struct Part {
    path: PathBuf,
    /// Another process may be at the same file; then this one has a part of its own.
    _lock: Option<FileLock>,
    made: bool,
}

impl Part {
    fn new(path: &Path) -> Result<Self> {
        Ok(Self {
            path: path.to_path_buf(),
            _lock: None,
            made: crom_fs::is_file(path),
        })
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn validator_path(&self) -> PathBuf {
        self.path.with_extension("state")
    }

    /// How much there is, and what it is a part of; none when it can't be gone on with.
    fn resumable(&mut self) -> Result<Option<(u64, String)>> {
        if !self.made || !self.lock()? {
            return Ok(None);
        }
        let length = match crom_fs::metadata(&self.path) {
            Ok(meta) => meta.len(),
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        match crom_fs::read_text(self.validator_path()) {
            Ok(validator) if length > 0 && !validator.is_empty() => Ok(Some((length, validator))),
            _ => Ok(None),
        }
    }

    /// True when no other process works on this part.
    fn lock(&mut self) -> Result<bool> {
        if self._lock.is_none() {
            self._lock =
                FileLock::try_acquire(self.path.with_extension("lock"), LockMode::Exclusive)?;
        }
        Ok(self._lock.is_some())
    }

    /// To write from a position on.
    fn open(&mut self, from: u64, validator: &str) -> Result<std::fs::File> {
        if let Some(folder) = self.path.parent() {
            crom_fs::create_dir_all(folder)?;
        }
        if !self.lock()? {
            self.path = self
                .path
                .with_extension(format!("{}-{}", std::process::id(), unique()));
        }
        self.made = true;
        if from > 0 {
            return Ok(crom_fs::file::open_append(&self.path)?);
        }
        crom_fs::write(self.validator_path(), validator)?;
        Ok(crom_fs::create(&self.path)?)
    }

    fn finish(&mut self, target: &Path) -> Result<()> {
        crom_fs::move_path(&self.path, target)?;
        crom_fs::remove_file(self.validator_path())?;
        self.unlock()
    }

    fn forget(&mut self) -> Result<()> {
        if self.made {
            crom_fs::remove_file(&self.path)?;
            crom_fs::remove_file(self.validator_path())?;
            self.made = false;
        }
        self.unlock()
    }

    fn unlock(&mut self) -> Result<()> {
        if let Some(lock) = self._lock.take() {
            // Whoever locks the removed file meanwhile only has a part of its own.
            crom_fs::remove_file(lock.path())?;
        }
        Ok(())
    }
}

/// Checksums that a server sends with a file.
#[derive(Debug, Default)]
struct Sums {
    md5: Option<String>,
    sha1: Option<String>,
    sha256: Option<String>,
}

impl Sums {
    fn of(response: &Response) -> Self {
        let sum = |name: &str, length: usize| {
            let value = response.headers().get(name)?.to_str().ok()?;
            (value.len() == length).then(|| value.to_ascii_lowercase())
        };
        Self {
            md5: sum(header::CHECKSUM_MD5, 32),
            sha1: sum(header::CHECKSUM_SHA1, 40),
            sha256: sum(header::CHECKSUM_SHA256, 64),
        }
    }

    fn any(&self) -> bool {
        self.md5.is_some() || self.sha1.is_some() || self.sha256.is_some()
    }

    fn check(&self, mut content: impl Read, url: &str) -> Result<()> {
        // One is enough, and the strongest is the best.
        let (wanted, kind, expected) = match (&self.sha256, &self.sha1, &self.md5) {
            (Some(sum), _, _) => (Wanted::SHA256, "sha256", sum),
            (_, Some(sum), _) => (Wanted::SHA1, "sha1", sum),
            (_, _, Some(sum)) => (Wanted::MD5, "md5", sum),
            _ => return Ok(()),
        };
        let mut hasher = Hasher::new(wanted);
        let mut block = vec![0; BLOCK];
        loop {
            match content.read(&mut block) {
                Ok(0) => break,
                Ok(count) => hasher.update(&block[..count]),
                Err(error) => return Err(broken(url, error.to_string())),
            }
        }
        let sums = hasher.finish();
        let found = match kind {
            "sha256" => sums.sha256,
            "sha1" => sums.sha1,
            _ => sums.md5,
        };
        if found == *expected {
            return Ok(());
        }
        Err(RemoteError::Checksum {
            url: redact(url),
            kind,
            expected: expected.clone(),
            found,
        })
    }
}

/// Copies an answer, which must have the length it promised.
fn copy(
    response: &mut Response,
    out: &mut dyn Write,
    length: Option<u64>,
    url: &str,
    progress: &mut dyn Progress,
) -> Result<()> {
    let mut reader = response.body_mut().with_config().limit(u64::MAX).reader();
    let mut block = vec![0; BLOCK];
    let mut done = 0;
    loop {
        let count = match reader.read(&mut block) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) => return Err(broken(url, error.to_string())),
        };
        out.write_all(&block[..count])
            .map_err(|error| RemoteError::Write {
                url: redact(url),
                source: error,
            })?;
        done += count as u64;
        progress.advance(count as u64);
    }
    match length {
        Some(length) if length != done => Err(broken(
            url,
            format!("it ended after {done} of {length} bytes"),
        )),
        _ => Ok(()),
    }
}

fn content_length(response: &Response) -> Option<u64> {
    let value = response.headers().get("Content-Length")?;
    value.to_str().ok()?.parse().ok()
}

/// `bytes 100-199/200`
fn resumes_at(response: &Response) -> Option<u64> {
    let value = response.headers().get("Content-Range")?.to_str().ok()?;
    value
        .strip_prefix("bytes ")?
        .split_once('-')?
        .0
        .parse()
        .ok()
}

/// What tells this state of the file from others: a strong `ETag`, else the time.
fn validator(response: &Response) -> String {
    let header = |name: &str| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    header("ETag")
        .filter(|tag| !tag.starts_with("W/"))
        .or_else(|| header("Last-Modified"))
        .unwrap_or_default()
}

fn broken(url: &str, reason: String) -> RemoteError {
    RemoteError::Broken {
        url: redact(url),
        reason,
    }
}

fn sha256(text: &str) -> String {
    let mut hasher = Hasher::new(Wanted::SHA256);
    hasher.update(text.as_bytes());
    hasher.finish().sha256
}

fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    COUNTER.fetch_add(1, Ordering::Relaxed)
}
