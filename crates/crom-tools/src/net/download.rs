//! One file from one of several URLs.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use crom_fs::digest::{Digests, Hasher, Wanted};
use crom_model::reporter::Reporter;
use indexmap::IndexMap;
use serde::Deserialize;

use super::cache;
use super::http::{SourceCredential, agent, redact, split_userinfo};
use super::{DownloadError, NetConfig};
use crate::error::{Error, Result};
use crate::files::{OneOrMany, UnzipInput, unzip};

/// The input of [`download`].
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct DownloadInput {
    /// The URL, or mirrors to try in order.
    pub url: OneOrMany,
    /// Where the file goes.
    pub filename: PathBuf,
    /// Check certificates; true when absent.
    pub verify: Option<bool>,
    /// How often to try again; else the conf, else 2.
    pub retry: Option<u32>,
    /// Seconds to wait between; else the conf, else 5.
    pub retry_wait: Option<f64>,
    /// User and password.
    pub auth: Option<(String, String)>,
    /// Win over those of the configuration.
    pub source_credentials: Vec<SourceCredential>,
    /// More headers.
    pub headers: Option<IndexMap<String, String>>,
    /// The expected sum.
    pub md5: Option<String>,
    /// The expected sum.
    pub sha1: Option<String>,
    /// The expected sum; needed for the cache of sources.
    pub sha256: Option<String>,
}

impl std::fmt::Debug for DownloadInput {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let urls: Vec<String> = self.url.as_slice().iter().map(|url| redact(url)).collect();
        out.debug_struct("DownloadInput")
            .field("url", &urls)
            .field("filename", &self.filename)
            .finish_non_exhaustive()
    }
}

/// The input of [`get`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct GetInput {
    /// What to download.
    #[serde(flatten)]
    pub download: DownloadInput,
    /// Where to unpack, absolute.
    pub destination: PathBuf,
    /// Name of the archive; by the URL when empty. `download.filename` is the folder for it.
    pub archive_name: String,
    /// See [`UnzipInput`].
    pub keep_permissions: bool,
    /// See [`UnzipInput`].
    pub pattern: Option<String>,
    /// See [`UnzipInput`].
    pub strip_root: bool,
    /// See [`UnzipInput`].
    pub extract_filter: Option<String>,
    /// See [`UnzipInput`].
    pub excludes: Option<OneOrMany>,
}

/// Downloads an archive, unpacks it and removes it.
pub fn get(input: &GetInput, net: &NetConfig, reporter: &dyn Reporter, scope: &str) -> Result<()> {
    let name = if input.archive_name.is_empty() {
        name_of_url(
            input
                .download
                .url
                .as_slice()
                .first()
                .map_or("", String::as_str),
        )?
    } else {
        input.archive_name.clone()
    };
    let file = input.download.filename.join(name);
    let one = DownloadInput {
        filename: file.clone(),
        ..input.download.clone()
    };
    download(&one, net, reporter, scope)?;
    let unpack = UnzipInput {
        filename: file.clone(),
        destination: input.destination.clone(),
        keep_permissions: input.keep_permissions,
        pattern: input.pattern.clone(),
        strip_root: input.strip_root,
        extract_filter: input.extract_filter.clone(),
        excludes: input.excludes.clone(),
    };
    unzip(&unpack, reporter, scope)?;
    Ok(crom_fs::remove_file(&file)?)
}

fn name_of_url(url: &str) -> Result<String> {
    let name = url.rsplit('/').next().unwrap_or(url);
    if name.contains('?') || name.contains('=') {
        return Err(Error::BadInput(format!(
            "Cannot deduce file name from the url: '{}'. Use 'filename' parameter.",
            redact(url)
        )));
    }
    Ok(name.to_owned())
}

/// There's no FTP client in Crom: the error says so.
pub fn ftp_download(host: &str, filename: &str) -> Result<()> {
    Err(Error::BadInput(format!(
        "Error in FTP download from {host}\nftp_download() of '{filename}': the scheme 'ftp' is \
         not supported, use download() with https"
    )))
}

/// Downloads a file from the first URL that has it, through the cache of sources when there's one.
pub fn download(
    input: &DownloadInput,
    net: &NetConfig,
    reporter: &dyn Reporter,
    scope: &str,
) -> Result<()> {
    let fetch = Fetch {
        input,
        net,
        reporter,
        scope,
    };
    if let Some(folder) = &net.download_cache {
        if !folder.is_absolute() {
            return Err(Error::BadInput(
                "core.sources:download_cache must be an absolute path".into(),
            ));
        }
        if let Some(sha256) = &input.sha256 {
            return cache::download(&fetch, folder, sha256);
        }
        reporter.warning(
            None,
            scope,
            "Cannot cache download() without sha256 checksum",
        );
    }
    fetch.fetch_origin(&input.filename)
}

/// A download with all it needs.
pub(super) struct Fetch<'a> {
    pub input: &'a DownloadInput,
    pub net: &'a NetConfig,
    pub reporter: &'a dyn Reporter,
    pub scope: &'a str,
}

impl Fetch<'_> {
    /// From the URLs of the recipe, in order.
    pub fn fetch_origin(&self, target: &Path) -> Result<()> {
        let urls = self.input.url.as_slice();
        for (index, url) in urls.iter().enumerate() {
            match self.with_retries(url, target, &[], true) {
                Ok(()) => {
                    let text = format!("Sources correctly downloaded from {}", redact(url));
                    self.reporter.status(self.scope, &text);
                    return Ok(());
                }
                Err(error) if index + 1 == urls.len() => return Err(error),
                Err(error) => {
                    let text = format!("Could not download from the URL {}: {error}.", redact(url));
                    self.reporter.warning(None, self.scope, &text);
                    self.reporter.status(self.scope, "Trying another mirror.");
                }
            }
        }
        Ok(())
    }

    /// One URL, tried again when that may help. `own` sends the headers of the recipe.
    pub fn with_retries(
        &self,
        url: &str,
        target: &Path,
        more: &[(&str, String)],
        own: bool,
    ) -> Result<()> {
        let retries = self.input.retry.or(self.net.retry).unwrap_or(2);
        let wait = self
            .input
            .retry_wait
            .or(self.net.retry_wait)
            .unwrap_or(5.0)
            .max(0.0);
        let mut left = retries;
        loop {
            match self.once(url, target, more, own) {
                Err(Error::Download(error)) if left > 0 && error.is_transient() => {
                    left -= 1;
                    self.reporter
                        .warning(Some("network"), self.scope, &error.to_string());
                    let text = format!("Waiting {wait} seconds to retry...");
                    self.reporter.status(self.scope, &text);
                    std::thread::sleep(Duration::from_secs_f64(wait.min(86_400.0)));
                }
                other => return other,
            }
        }
    }

    fn once(&self, url: &str, target: &Path, more: &[(&str, String)], own: bool) -> Result<()> {
        if let Some(folder) = target
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            crom_fs::create_dir_all(folder)?;
        }
        if crom_fs::exists(target) {
            let text = format!("file '{}' already exists, overwriting", target.display());
            self.reporter.warning(None, self.scope, &text);
        }
        let part = part_file(target);
        let done = match url.strip_prefix("file:") {
            Some(path) => self.local(&local_path(path), &part),
            None if self.net.offline => Err(DownloadError::Offline { url: redact(url) }.into()),
            None => self.http(url, &part, more, own),
        };
        let checked = done.and_then(|sums| self.check(target, &sums));
        match checked {
            Ok(()) => Ok(crom_fs::rename(&part, target)?),
            Err(error) => {
                crom_fs::remove_file(&part)?;
                Err(error)
            }
        }
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            md5: self.input.md5.is_some(),
            sha1: self.input.sha1.is_some(),
            sha256: self.input.sha256.is_some(),
        }
    }

    fn check(&self, target: &Path, sums: &Digests) -> Result<()> {
        for (algorithm, expected, computed) in [
            ("md5", &self.input.md5, &sums.md5),
            ("sha1", &self.input.sha1, &sums.sha1),
            ("sha256", &self.input.sha256, &sums.sha256),
        ] {
            if let Some(expected) = expected
                && expected.to_lowercase() != *computed
            {
                return Err(Error::Checksum {
                    algorithm,
                    file: target
                        .file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned(),
                    expected: expected.clone(),
                    computed: computed.clone(),
                });
            }
        }
        Ok(())
    }

    fn local(&self, source: &Path, part: &Path) -> Result<Digests> {
        let mut from = crom_fs::open(source)?;
        let size = crom_fs::metadata(source)?.len();
        self.copy(&mut from, part, Some(size), &source.to_string_lossy())
            .map_err(|error| match error {
                Error::Download(DownloadError::Interrupted { message }) => {
                    let source_error = std::io::Error::other(message);
                    crom_fs::Error::io("read", source, source_error).into()
                }
                other => other,
            })
    }

    fn http(&self, url: &str, part: &Path, more: &[(&str, String)], own: bool) -> Result<Digests> {
        if !url.starts_with("http://") && !url.starts_with("https://") {
            let shown = redact(url);
            let reason = if url.contains("://") {
                format!("No connection adapters were found for '{shown}'")
            } else {
                format!(
                    "Invalid URL '{shown}': No scheme supplied. Perhaps you meant \
                     https://{shown}?"
                )
            };
            let text = format!("Error downloading file {shown}: '{reason}'");
            return Err(DownloadError::Config(text).into());
        }
        let verify = self.net.verify.or(self.input.verify).unwrap_or(true);
        let agent = agent(&self.net.http, url, verify)?;
        let (bare, authorization) = self.authorization(url, own);
        let mut request = agent.get(&bare);
        let mut explicit = false;
        for (name, value) in self.input.headers.iter().flatten().filter(|_| own) {
            explicit |= name.eq_ignore_ascii_case("authorization");
            request = request.header(name, value);
        }
        for (name, value) in more {
            request = request.header(*name, value);
        }
        if let Some(authorization) = authorization.filter(|_| !explicit) {
            request = request.header("Authorization", authorization);
        }
        let shown = redact(url);
        let mut response = request.call().map_err(|error| DownloadError::Connection {
            url: shown.clone(),
            message: error.to_string(),
        })?;
        match response.status().as_u16() {
            200..=299 => {}
            404 => return Err(DownloadError::NotFound { url: shown }.into()),
            status @ (401 | 403) => {
                let reason = if status == 401 {
                    "Unauthorized"
                } else {
                    "Forbidden"
                };
                return Err(DownloadError::Authentication {
                    status,
                    reason,
                    url: shown,
                }
                .into());
            }
            status => return Err(DownloadError::Status { status, url: shown }.into()),
        }
        let size = response.body().content_length();
        let mut body = response.body_mut().with_config().limit(u64::MAX).reader();
        self.copy(&mut body, part, size, &shown)
    }

    /// The URL without user and password, and the header that they or other settings give.
    fn authorization(&self, url: &str, own: bool) -> (String, Option<String>) {
        let basic = |user: &str, password: &str| {
            let pair = format!("{user}:{password}");
            format!(
                "Basic {}",
                base64::engine::general_purpose::STANDARD.encode(pair)
            )
        };
        let (bare, mut header) = match split_userinfo(url) {
            Some((scheme, userinfo, rest)) => {
                let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
                let header = basic(&percent_decoded(user), &percent_decoded(password));
                (format!("{scheme}://{rest}"), Some(header))
            }
            None => (url.to_owned(), None),
        };
        if let Some((user, password)) = self.input.auth.as_ref().filter(|_| own) {
            header = Some(basic(user, password));
        }
        let found = self
            .input
            .source_credentials
            .iter()
            .chain(&self.net.source_credentials)
            .find(|it| bare.starts_with(&it.url));
        if let Some(found) = found {
            header = match (&found.token, &found.user) {
                (Some(token), _) => Some(format!("Bearer {token}")),
                (None, Some(user)) => {
                    Some(basic(user, found.password.as_deref().unwrap_or_default()))
                }
                (None, None) => header,
            };
        }
        (bare, header)
    }

    fn copy(
        &self,
        from: &mut dyn Read,
        part: &Path,
        size: Option<u64>,
        shown: &str,
    ) -> Result<Digests> {
        let mut bar = self
            .reporter
            .progress(&format!("Downloading {shown}"), size);
        let mut out = crom_fs::create(part)?;
        let mut hasher = Hasher::new(self.wanted());
        let mut block = vec![0; 128 * 1024];
        let mut total = 0;
        loop {
            let count = from
                .read(&mut block)
                .map_err(|error| DownloadError::Interrupted {
                    message: error.to_string(),
                })?;
            if count == 0 {
                break;
            }
            out.write_all(&block[..count])
                .map_err(|error| crom_fs::Error::io("write", part, error))?;
            hasher.update(&block[..count]);
            bar.advance(count as u64);
            total += count as u64;
        }
        match size {
            Some(size) if size != total => Err(DownloadError::Interrupted {
                message: format!("{total} bytes read, {size} expected"),
            }
            .into()),
            _ => Ok(hasher.finish()),
        }
    }
}

fn part_file(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    target.with_file_name(name)
}

/// The path of a `file:` URL: `file:///a/b`, `file://localhost/a`, `file:/a`.
fn local_path(rest: &str) -> PathBuf {
    let path = match rest.strip_prefix("//") {
        Some(rest) => rest.strip_prefix("localhost").unwrap_or(rest),
        None => rest,
    };
    let path = percent_decoded(path);
    // file:///C:/x
    let bytes = path.as_bytes();
    if cfg!(windows) && bytes.len() > 2 && bytes[0] == b'/' && bytes[2] == b':' {
        return PathBuf::from(&path[1..]);
    }
    PathBuf::from(path)
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
