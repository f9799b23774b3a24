//! The HTTP client, made from configuration.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crom_model::conf::{Conf, ConfError, ConfValue};
use indexmap::IndexMap;
use serde::Deserialize;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use super::DownloadError;
use crate::error::Error;

/// `core.net.http:*`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct HttpConf {
    /// `timeout`: seconds to connect; 30 when absent.
    pub connect_timeout: Option<f64>,
    /// `timeout`: seconds between two pieces of an answer; 60 when absent.
    pub read_timeout: Option<f64>,
    /// `proxies`.
    pub proxies: Option<Proxies>,
    /// `no_proxy_match`: hosts to reach directly, `*` allowed.
    pub no_proxy_match: Vec<String>,
    /// `clean_system_proxy`: ignore the proxies of the environment.
    pub clean_system_proxy: bool,
    /// `cacert_path`: certificates in PEM that are trusted instead of the built-in ones.
    pub cacert_path: Option<PathBuf>,
    /// `client_cert`: a PEM with certificate and key, or the two files.
    pub client_cert: Vec<PathBuf>,
}

impl HttpConf {
    /// As the confs say it.
    ///
    /// # Errors
    /// A value of the wrong type.
    pub fn from_conf(core: &Conf) -> crate::error::Result<Self> {
        let failed = |error: ConfError| Error::BadInput(error.to_string());
        let (connect_timeout, read_timeout) =
            match core.get("core.net.http:timeout").map_err(failed)? {
                None => (None, None),
                Some(value) => match value.as_items() {
                    Some([connect, read]) => (Some(seconds(connect)?), Some(seconds(read)?)),
                    _ => (Some(seconds(&value)?), Some(seconds(&value)?)),
                },
            };
        let proxies: Proxies = core
            .get_dict("core.net.http:proxies")
            .map_err(failed)?
            .iter()
            .map(|(scheme, url)| (scheme.clone(), url.to_python_str()))
            .collect();
        let client_cert = match core.get("core.net.http:client_cert").map_err(failed)? {
            None => Vec::new(),
            Some(value) => match value.as_items() {
                Some(items) => items
                    .iter()
                    .map(|it| PathBuf::from(it.to_python_str()))
                    .collect(),
                None => vec![PathBuf::from(value.to_python_str())],
            },
        };
        Ok(Self {
            connect_timeout,
            read_timeout,
            proxies: (!proxies.is_empty()).then_some(proxies),
            no_proxy_match: core
                .get_list("core.net.http:no_proxy_match")
                .map_err(failed)?,
            clean_system_proxy: core
                .get_bool("core.net.http:clean_system_proxy")
                .map_err(failed)?
                .unwrap_or(false),
            cacert_path: core
                .get_str("core.net.http:cacert_path")
                .map_err(failed)?
                .map(PathBuf::from),
            client_cert,
        })
    }
}

fn seconds(value: &ConfValue) -> crate::error::Result<f64> {
    value.to_python_str().parse().map_err(|_| {
        let text = value.to_python_repr();
        Error::BadInput(format!(
            "core.net.http:timeout: {text} is not a number of seconds"
        ))
    })
}

/// URLs of proxies by scheme: `http`, `https`, or `https://host`.
pub type Proxies = IndexMap<String, String>;

/// An entry of `source_credentials.json`.
#[derive(Clone, Deserialize)]
pub struct SourceCredential {
    /// Counts for all URLs that start with it.
    pub url: String,
    /// Sent as bearer token.
    #[serde(default)]
    pub token: Option<String>,
    /// Sent with the password.
    #[serde(default)]
    pub user: Option<String>,
    /// Sent with the user.
    #[serde(default)]
    pub password: Option<String>,
}

impl std::fmt::Debug for SourceCredential {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SourceCredential")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// Takes user and password out of a URL, for messages.
pub fn redact(url: &str) -> String {
    match split_userinfo(url) {
        Some((scheme, _, rest)) => format!("{scheme}://<hidden>@{rest}"),
        None => url.to_owned(),
    }
}

/// Scheme, `user:password` and what follows the `@`.
pub(super) fn split_userinfo(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let at = rest[..authority_end].rfind('@')?;
    Some((scheme, &rest[..at], &rest[at + 1..]))
}

/// The host of a URL, without port.
fn host(url: &str) -> &str {
    let rest = split_userinfo(url)
        .map(|(_, _, rest)| rest)
        .or_else(|| url.split_once("://").map(|(_, rest)| rest))
        .unwrap_or(url);
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    match authority.rfind(':') {
        Some(at) if !authority.ends_with(']') => &authority[..at],
        _ => authority,
    }
}

/// A client for this URL. Redirects are followed; answers of any status are given back.
pub fn agent(conf: &HttpConf, url: &str, verify: bool) -> Result<ureq::Agent, DownloadError> {
    let seconds = |value: Option<f64>, default: f64| {
        Some(Duration::from_secs_f64(
            value.unwrap_or(default).clamp(0.001, 1e6),
        ))
    };
    let mut builder = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .accept("*/*")
        // A compressed file is wanted as it is, not decompressed on the way.
        .accept_encoding("identity")
        .redirect_auth_headers(ureq::config::RedirectAuthHeaders::SameHost)
        .timeout_connect(seconds(conf.connect_timeout, 30.0))
        .timeout_per_read(seconds(conf.read_timeout, 60.0))
        .timeout_recv_response(seconds(conf.read_timeout, 60.0))
        .tls_config(tls(conf, verify)?)
        .user_agent(concat!("Crom/", env!("CARGO_PKG_VERSION")));
    if let Some(proxies) = &conf.proxies {
        builder = builder.proxy(chosen_proxy(proxies, url)?);
    } else if conf.clean_system_proxy {
        builder = builder.proxy(None);
    }
    let host = host(url);
    if conf
        .no_proxy_match
        .iter()
        .any(|pattern| crate::fnmatch::fnmatch(host, pattern))
    {
        builder = builder.proxy(None);
    }
    Ok(builder.build().new_agent())
}

/// The most special key wins: `https://host`, then `https`, then `all`.
fn chosen_proxy(proxies: &Proxies, url: &str) -> Result<Option<ureq::Proxy>, DownloadError> {
    let scheme = url.split_once("://").map_or("http", |(scheme, _)| scheme);
    let keys = [
        format!("{scheme}://{}", host(url)),
        scheme.to_owned(),
        format!("all://{}", host(url)),
        "all".to_owned(),
    ];
    let Some(proxy) = keys.iter().find_map(|key| proxies.get(key)) else {
        return Ok(None);
    };
    let proxy = if proxy.contains("://") {
        proxy.clone()
    } else {
        format!("http://{proxy}")
    };
    ureq::Proxy::new(&proxy).map(Some).map_err(|error| {
        DownloadError::Config(format!(
            "core.net.http:proxies has a proxy that can't be used, '{}': {error}",
            redact(&proxy)
        ))
    })
}

fn tls(conf: &HttpConf, verify: bool) -> Result<TlsConfig, DownloadError> {
    let mut builder = TlsConfig::builder().disable_verification(!verify);
    if let Some(path) = &conf.cacert_path {
        let certs = certificates(path)?;
        builder = builder.root_certs(RootCerts::new_with_certs(&certs));
    }
    let (cert, key) = match conf.client_cert.as_slice() {
        [] => return Ok(builder.build()),
        [both] => (both, both),
        [cert, key, ..] => (cert, key),
    };
    let pem = read_pem(key)?;
    let key = PrivateKey::from_pem(&pem).map_err(|error| bad_pem(key, &error))?;
    let client = ClientCert::new_with_certs(&certificates(cert)?, key);
    Ok(builder.client_cert(Some(client)).build())
}

fn read_pem(path: &Path) -> Result<Vec<u8>, DownloadError> {
    crom_fs::read(path).map_err(|error| DownloadError::Config(error.to_string()))
}

fn bad_pem(path: &Path, error: &dyn std::fmt::Display) -> DownloadError {
    DownloadError::Config(format!(
        "failed to read certificates of `{}`: {error}",
        path.display()
    ))
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, DownloadError> {
    let pem = read_pem(path)?;
    let mut certs = Vec::new();
    for item in ureq::tls::parse_pem(&pem) {
        if let ureq::tls::PemItem::Certificate(cert) = item.map_err(|it| bad_pem(path, &it))? {
            certs.push(cert);
        }
    }
    if certs.is_empty() {
        return Err(bad_pem(path, &"there is none"));
    }
    Ok(certs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden() {
        for (url, expected) in [
            ("https://u:p@host/x?a=b@c", "https://<hidden>@host/x?a=b@c"),
            ("https://host/x@y", "https://host/x@y"),
            ("https://tok@host:80", "https://<hidden>@host:80"),
            ("file:///a", "file:///a"),
        ] {
            assert_eq!(redact(url), expected);
        }
        let credential = SourceCredential {
            url: "u".into(),
            token: Some("secret".into()),
            user: None,
            password: Some("secret".into()),
        };
        assert!(!format!("{credential:?}").contains("secret"));
    }

    #[test]
    fn hosts() {
        for (url, expected) in [
            ("https://u:p@host:8080/x", "host"),
            ("http://host", "host"),
            ("http://[::1]/x", "[::1]"),
        ] {
            assert_eq!(host(url), expected);
        }
    }
}
