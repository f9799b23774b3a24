//! Whether a URL still answers, without downloading what it has.

use super::{DownloadError, NetConfig, agent, redact};

/// Asks for the head of a URL; where the server doesn't answer that, for its first byte. `file:` must
/// name a file.
///
/// # Errors
/// No answer, or one that isn't a success.
pub fn probe(url: &str, net: &NetConfig) -> Result<(), DownloadError> {
    let shown = redact(url);
    if let Some(path) = url.strip_prefix("file:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        return match crom_fs::is_file(path) {
            true => Ok(()),
            false => Err(DownloadError::NotFound { url: shown }),
        };
    }
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(DownloadError::Config(format!(
            "'{shown}' can't be asked by http"
        )));
    }
    let agent = agent(&net.http, url, net.verify.unwrap_or(true))?;
    let broken = |error: ureq::Error| DownloadError::Connection {
        url: shown.clone(),
        message: error.to_string(),
    };
    let status = agent.head(url).call().map_err(broken)?.status().as_u16();
    if accepted(status) {
        return Ok(());
    }
    // Some servers know only GET, or sign addresses for it.
    let request = agent.get(url).header("Range", "bytes=0-0");
    match request.call().map_err(broken)?.status().as_u16() {
        status if accepted(status) => Ok(()),
        404 | 410 => Err(DownloadError::NotFound { url: shown }),
        status => Err(DownloadError::Status { status, url: shown }),
    }
}

fn accepted(status: u16) -> bool {
    (200..300).contains(&status)
}
