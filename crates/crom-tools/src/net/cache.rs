//! The cache of sources (`core.sources:download_cache`) and remote backups of it.
//!
//! `s/<sha256>` is the file, `s/<sha256>.json` says who needs it and where it was found:
//! `{"references": {"name/version": [urls]}, "timestamp": seconds}`, `locks/<sha256>` is its lock.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crom_fs::{FileLock, LockMode};
use serde_json::{Value, json};

use super::download::Fetch;
use super::http::redact;
use crate::error::{Error, Result};

/// Gets the file from the cache, or else from origin and backups in the order of
/// `core.sources:download_urls`, and copies it to its place.
pub(super) fn download(fetch: &Fetch<'_>, folder: &Path, sha256: &str) -> Result<()> {
    let sha256 = sha256.to_lowercase();
    let _lock = FileLock::acquire(folder.join("locks").join(&sha256), LockMode::Exclusive)?;
    let entry = Entry {
        file: folder.join("s").join(&sha256),
        summary: folder.join("s").join(format!("{sha256}.json")),
        sha256,
    };
    let urls = fetch.input.url.as_slice();
    // Without network the sum has to do.
    let trusted = fetch.net.offline || entry.knows(urls)?;
    if crom_fs::is_file(&entry.file) && trusted {
        let text = format!("Source {} retrieved from local download cache", shown(urls));
        fetch.reporter.status(fetch.scope, &text);
    } else {
        if crom_fs::is_file(&entry.file) {
            fetch.reporter.warning(
                None,
                fetch.scope,
                "The requested URL(s) are not listed in backup-sources metadata for this SHA256 \
                 cache entry. This may be a mistake, or the same checksum reused for a different \
                 upstream version. Re-downloading to verify.",
            );
        }
        entry.fetch(fetch)?;
    }
    entry.note(&fetch.net.reference, urls)?;
    if let Some(parent) = fetch
        .input
        .filename
        .parent()
        .filter(|it| !it.as_os_str().is_empty())
    {
        crom_fs::create_dir_all(parent)?;
    }
    Ok(crom_fs::copy_file(&entry.file, &fetch.input.filename)?)
}

fn shown(urls: &[String]) -> String {
    let urls: Vec<String> = urls.iter().map(|url| redact(url)).collect();
    urls.join(", ")
}

struct Entry {
    file: PathBuf,
    summary: PathBuf,
    sha256: String,
}

impl Entry {
    fn read(&self) -> Result<Value> {
        if !crom_fs::is_file(&self.summary) {
            return Ok(json!({}));
        }
        let text = crom_fs::read_text(&self.summary)?;
        serde_json::from_str(&text).map_err(|error| {
            Error::BadInput(format!(
                "failed to read `{}`: {error}",
                self.summary.display()
            ))
        })
    }

    /// True when one of the URLs was seen with this sum before.
    fn knows(&self, urls: &[String]) -> Result<bool> {
        let summary = self.read()?;
        let Some(references) = summary.get("references").and_then(Value::as_object) else {
            return Ok(false);
        };
        Ok(references
            .values()
            .filter_map(Value::as_array)
            .flatten()
            .filter_map(Value::as_str)
            .any(|known| urls.iter().any(|url| url == known)))
    }

    /// Adds the reference and its URLs.
    fn note(&self, reference: &str, urls: &[String]) -> Result<()> {
        let mut summary = self.read()?;
        if !summary.is_object() {
            summary = json!({});
        }
        let before = summary.clone();
        if !summary["references"].is_object() {
            summary["references"] = json!({});
        }
        let known = &mut summary["references"][reference];
        if !known.is_array() {
            *known = json!([]);
        }
        if let Some(known) = known.as_array_mut() {
            for url in urls {
                if !known.iter().any(|it| it.as_str() == Some(url)) {
                    known.push(json!(url));
                }
            }
        }
        if summary.get("timestamp").is_none() {
            let now = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |it| it.as_secs());
            summary["timestamp"] = json!(now);
        }
        if summary != before {
            crom_fs::write_atomic(&self.summary, python_json(&summary))?;
        }
        Ok(())
    }

    /// Fills the cache.
    fn fetch(&self, fetch: &Fetch<'_>) -> Result<()> {
        let origin_only = ["origin".to_owned()];
        let configured = fetch.net.download_urls.as_slice();
        let places = if configured.is_empty() {
            &origin_only
        } else {
            configured
        };
        let urls = fetch.input.url.as_slice();
        let mut last = None;
        for (index, place) in places.iter().enumerate() {
            let is_last = index + 1 == places.len();
            if place == "origin" {
                match fetch.fetch_origin(&self.file) {
                    Ok(()) => return Ok(()),
                    Err(error) if is_last => return Err(error),
                    Err(error) => {
                        let text =
                            format!("Sources for {} failed in 'origin': {error}", shown(urls));
                        fetch.reporter.warning(None, fetch.scope, &text);
                        last = Some(error);
                    }
                }
                continue;
            }
            match self.fetch_backup(fetch, place) {
                Ok(()) => return Ok(()),
                Err(error) => {
                    let base = redact(place);
                    let text = format!(
                        "Sources for {} not found in remote backup {}/",
                        shown(urls),
                        base.trim_end_matches('/')
                    );
                    fetch.reporter.warning(None, fetch.scope, &text);
                    last = Some(error);
                }
            }
        }
        Err(last.unwrap_or_else(|| {
            Error::BadInput("core.sources:download_urls has no place to download from".into())
        }))
    }

    fn fetch_backup(&self, fetch: &Fetch<'_>, place: &str) -> Result<()> {
        let base = place.trim_end_matches('/');
        fetch
            .reporter
            .status(fetch.scope, &format!("Checking backup: {}", redact(base)));
        let urls = fetch.input.url.as_slice();
        let excluded = |url: &String| {
            fetch
                .net
                .exclude_urls
                .iter()
                .any(|prefix| url.starts_with(prefix.as_str()))
        };
        let origins: Vec<&String> = urls.iter().filter(|url| !excluded(url)).collect();
        let headers = [("X-Conan-Origin-Urls", json!(origins).to_string())];
        let file = format!("{base}/{}", self.sha256);
        fetch.with_retries(&file, &self.file, &headers, false)?;
        self.fetch_summary(fetch, &file)?;
        let text = format!(
            "Sources for {} found in remote backup {}/",
            shown(urls),
            redact(base)
        );
        fetch.reporter.status(fetch.scope, &text);
        Ok(())
    }

    fn fetch_summary(&self, fetch: &Fetch<'_>, file: &str) -> Result<()> {
        // The summary has no sum of its own.
        let input = super::DownloadInput {
            md5: None,
            sha1: None,
            sha256: None,
            ..fetch.input.clone()
        };
        let plain = Fetch {
            input: &input,
            ..*fetch
        };
        plain.with_retries(&format!("{file}.json"), &self.summary, &[], false)
    }
}

/// JSON as Python writes it on one line: a blank after `,` and `:`.
fn python_json(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(python_json).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", json!(key), python_json(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}
