//! The HTTP client of a remote, made from `core.net.http:*`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crom_model::conf::{Conf, ConfError, ConfValue, fnmatch};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use crate::{RemoteError, Result};

/// Transfers of one command share one pool; more idle connections than it may have threads would
/// never be used.
const IDLE_CONNECTIONS: usize = 32;

/// Where systems keep the certificates that they trust, the first that is there counts.
const SYSTEM_CERTIFICATES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
];

/// `core.net.http:*`
#[derive(Clone, Debug, Default)]
pub struct HttpConf {
    /// `timeout`: seconds to connect; 30 when absent.
    pub connect_timeout: Option<f64>,
    /// `timeout`: seconds between two pieces of an answer; 60 when absent.
    pub read_timeout: Option<f64>,
    /// `max_retries`: how often a question is asked again that found no server or one that failed.
    pub max_retries: u32,
    /// `proxies`: URLs of proxies by scheme (`http`, `https`, `all`) or `https://host`.
    pub proxies: Vec<(String, String)>,
    /// `no_proxy_match`: URLs to reach directly, `*` allowed.
    pub no_proxy_match: Vec<String>,
    /// `clean_system_proxy`: ignore the proxies of the environment.
    pub clean_system_proxy: bool,
    /// `cacert_path`: certificates in PEM that are trusted instead of the built-in ones.
    pub cacert_path: Option<PathBuf>,
    /// `trust_store`: trust what the operating system trusts, too.
    pub trust_store: bool,
    /// `client_cert`: a PEM with certificate and key, or the two files.
    pub client_cert: Vec<PathBuf>,
}

impl HttpConf {
    /// Reads the confs.
    ///
    /// # Errors
    /// A conf has a value of another type.
    pub fn from_conf(conf: &Conf) -> Result<Self> {
        let (connect_timeout, read_timeout) = match conf.get("core.net.http:timeout")? {
            None => (None, None),
            Some(value) => match value.as_items() {
                Some([connect, read]) => (Some(seconds(connect)?), Some(seconds(read)?)),
                _ => (Some(seconds(&value)?), Some(seconds(&value)?)),
            },
        };
        let client_cert = match conf.get("core.net.http:client_cert")? {
            None => Vec::new(),
            Some(value) => match value.as_items() {
                Some(items) => items.iter().map(|it| it.to_python_str().into()).collect(),
                None => vec![value.to_python_str().into()],
            },
        };
        let proxies = conf.get_dict("core.net.http:proxies")?;
        let retries = conf.get_int("core.net.http:max_retries")?.unwrap_or(2);
        Ok(Self {
            connect_timeout,
            read_timeout,
            max_retries: u32::try_from(retries).unwrap_or(0),
            proxies: proxies
                .iter()
                .map(|(scheme, url)| (scheme.clone(), url.to_python_str()))
                .collect(),
            no_proxy_match: conf.get_list("core.net.http:no_proxy_match")?,
            clean_system_proxy: flag(conf, "core.net.http:clean_system_proxy")?,
            cacert_path: conf
                .get_str("core.net.http:cacert_path")?
                .map(PathBuf::from),
            trust_store: flag(conf, "core.net.http:trust_store")?,
            client_cert,
        })
    }

    /// A client for what is below this URL. Answers of any status are given back.
    pub(crate) fn agent(&self, url: &str, verify_ssl: bool) -> Result<ureq::Agent> {
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
            // A storage behind a server gets no password of that server.
            .redirect_auth_headers(ureq::config::RedirectAuthHeaders::SameHost)
            .max_idle_connections(IDLE_CONNECTIONS)
            .max_idle_connections_per_host(IDLE_CONNECTIONS)
            .timeout_connect(seconds(self.connect_timeout, 30.0))
            .timeout_per_read(seconds(self.read_timeout, 60.0))
            .timeout_recv_response(seconds(self.read_timeout, 60.0))
            .tls_config(self.tls(verify_ssl)?)
            .user_agent(user_agent());
        if self.goes_direct(url) {
            builder = builder.proxy(None);
        } else if !self.proxies.is_empty() {
            builder = builder.proxy(self.proxy(url)?);
        } else if self.clean_system_proxy {
            builder = builder.proxy(None);
        }
        Ok(builder.build().new_agent())
    }

    fn goes_direct(&self, url: &str) -> bool {
        self.no_proxy_match
            .iter()
            .any(|pattern| fnmatch(pattern, url) || fnmatch(pattern, host(url)))
    }

    /// The most special key wins: `https://host`, then `https`, then `all`.
    fn proxy(&self, url: &str) -> Result<Option<ureq::Proxy>> {
        let scheme = url.split_once("://").map_or("http", |(scheme, _)| scheme);
        let keys = [
            format!("{scheme}://{}", host(url)),
            scheme.to_owned(),
            format!("all://{}", host(url)),
            "all".to_owned(),
        ];
        let chosen = keys
            .iter()
            .find_map(|key| self.proxies.iter().find(|(name, _)| name == key));
        let Some((_, proxy)) = chosen else {
            return Ok(None);
        };
        let proxy = if proxy.contains("://") {
            proxy.clone()
        } else {
            format!("http://{proxy}")
        };
        ureq::Proxy::new(&proxy).map(Some).map_err(|error| {
            RemoteError::HttpConf(format!(
                "core.net.http:proxies has a proxy that can't be used, '{}': {error}",
                redact(&proxy)
            ))
        })
    }

    fn tls(&self, verify_ssl: bool) -> Result<TlsConfig> {
        let mut builder = TlsConfig::builder().disable_verification(!verify_ssl);
        let mut roots = match &self.cacert_path {
            Some(path) => certificates(path)?,
            None => Vec::new(),
        };
        if self.trust_store {
            let system = SYSTEM_CERTIFICATES
                .iter()
                .map(Path::new)
                .find(|path| crom_fs::is_file(path))
                .ok_or_else(|| {
                    RemoteError::HttpConf(
                        "core.net.http:trust_store: the certificates of this system were not found"
                            .to_owned(),
                    )
                })?;
            roots.extend(certificates(system)?);
        }
        if !roots.is_empty() {
            builder = builder.root_certs(RootCerts::new_with_certs(&roots));
        }
        let (cert, key) = match self.client_cert.as_slice() {
            [] => return Ok(builder.build()),
            [both] => (both, both),
            [cert, key, ..] => (cert, key),
        };
        let pem = crom_fs::read(key)?;
        let key = PrivateKey::from_pem(&pem).map_err(|error| bad_pem(key, &error))?;
        let client = ClientCert::new_with_certs(&certificates(cert)?, key);
        Ok(builder.client_cert(Some(client)).build())
    }
}

/// Servers tell clients apart by the part before the bracket.
fn user_agent() -> String {
    format!(
        "Conan/{} ({}; Crom {}; {})",
        "2.34.0",
        std::env::consts::OS,
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH
    )
}

fn flag(conf: &Conf, name: &str) -> Result<bool, ConfError> {
    Ok(conf.get_bool(name)?.unwrap_or(false))
}

fn seconds(value: &ConfValue) -> Result<f64> {
    value.to_python_str().parse().map_err(|_| {
        RemoteError::HttpConf(format!(
            "core.net.http:timeout: {} is not a number of seconds",
            value.to_python_repr()
        ))
    })
}

fn bad_pem(path: &Path, error: &dyn std::fmt::Display) -> RemoteError {
    RemoteError::HttpConf(format!(
        "failed to read certificates of `{}`: {error}",
        path.display()
    ))
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>> {
    let pem = crom_fs::read(path)?;
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

/// Takes user and password out of a URL, for messages.
pub(crate) fn redact(url: &str) -> String {
    match split_userinfo(url) {
        Some((scheme, _, rest)) => format!("{scheme}://<hidden>@{rest}"),
        None => url.to_owned(),
    }
}

/// Scheme, `user:password` and what follows the `@`.
fn split_userinfo(url: &str) -> Option<(&str, &str, &str)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn conf(lines: &[(&str, &str)]) -> Conf {
        let mut conf = Conf::new();
        for (name, value) in lines {
            conf.define(name, ConfValue::evaluate(value));
        }
        conf
    }

    #[test]
    fn confs_are_read() {
        let read = HttpConf::from_conf(&conf(&[
            ("core.net.http:timeout", "(1.5, 20)"),
            ("core.net.http:client_cert", "('a.crt', 'a.key')"),
            ("core.net.http:proxies", "{'https': 'http://p:1'}"),
            ("core.net.http:max_retries", "7"),
            ("core.net.http:no_proxy_match", "['*.local']"),
        ]))
        .unwrap();
        assert_eq!(
            (read.connect_timeout, read.read_timeout),
            (Some(1.5), Some(20.0))
        );
        assert_eq!(read.client_cert.len(), 2);
        assert_eq!(
            read.proxies,
            [("https".to_owned(), "http://p:1".to_owned())]
        );
        assert_eq!(read.max_retries, 7);
        assert!(read.goes_direct("http://a.local:80/x"));
        assert!(!read.goes_direct("http://a.remote/x"));
        assert!(HttpConf::from_conf(&conf(&[("core.net.http:timeout", "soon")])).is_err());
    }

    #[test]
    fn the_most_special_proxy_wins() {
        let conf = HttpConf {
            proxies: vec![
                ("http".into(), "p:1".into()),
                ("http://special".into(), "q:2".into()),
            ],
            ..HttpConf::default()
        };
        let uri = |url: &str| conf.proxy(url).unwrap().map(|proxy| proxy.port());
        assert_eq!(uri("http://host/x"), Some(1));
        assert_eq!(uri("http://special:80/x"), Some(2));
        assert_eq!(uri("https://host"), None);
    }

    #[test]
    fn passwords_are_hidden() {
        for (url, expected) in [
            ("https://u:p@host/x?a=b@c", "https://<hidden>@host/x?a=b@c"),
            ("https://host/x@y", "https://host/x@y"),
            ("https://tok@host:80", "https://<hidden>@host:80"),
        ] {
            assert_eq!(redact(url), expected);
        }
    }

    #[test]
    fn certificates_that_are_not_there_are_named() {
        let conf = HttpConf {
            cacert_path: Some("/not/there.pem".into()),
            ..HttpConf::default()
        };
        let error = conf.agent("https://host", true).unwrap_err().to_string();
        assert!(error.contains("/not/there.pem"), "{error}");
    }
}
