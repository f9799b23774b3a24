//! `server.toml`, the environment and the command line, in rising order of precedence.
//!
//! ```toml
//! listen = "127.0.0.1:9300"
//!
//! [database]
//! url = "postgres://crom@db/crom"        # default: SQLite in the data folder
//!
//! [storage]
//! url = "s3://bucket/prefix"             # default: the folder `blobs` of the data folder
//! [storage.options]                      # as `object_store` names them
//! aws_endpoint = "http://minio:9000"
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};

/// Name of the configuration file in the data folder.
pub const FILE: &str = "server.toml";

/// How a server is set up.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where everything is that isn't elsewhere, and where uploads are spooled. Not in the file.
    #[serde(skip)]
    pub data: PathBuf,
    /// Address and port.
    pub listen: String,
    /// Trust the header `X-Forwarded-For` of a reverse proxy for the addresses in logs and limits.
    pub behind_proxy: bool,
    /// Metadata.
    pub database: DatabaseConfig,
    /// Blobs.
    pub storage: StorageConfig,
    /// What is refused.
    pub limits: Limits,
    /// Logins.
    pub auth: AuthConfig,
    /// Messages on standard error.
    pub log: LogConfig,
    /// Work in the background.
    pub maintenance: MaintenanceConfig,
    /// Repositories that show another server.
    pub proxy: ProxyConfig,
}

/// Where metadata is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres://...`, or none for SQLite in the data folder.
    pub url: Option<String>,
    /// Connections at most; 0 for the default.
    pub connections: u32,
}

/// Where blobs are.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StorageConfig {
    /// `s3://`, `gs://`, `az://` with bucket and prefix, or none for the folder `blobs` of the data folder.
    pub url: Option<String>,
    /// Names and values as `object_store` knows them: `aws_endpoint`, `aws_region`, ...
    pub options: BTreeMap<String, String>,
    /// Write blobs of a folder through to the disk before an upload is acknowledged.
    pub fsync: bool,
}

/// What is refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a file.
    pub max_body: u64,
    /// Seconds without a byte after which a connection is closed: of a client, and to an object store.
    pub idle_timeout: u64,
    /// Failed logins of a user or address within a minute.
    pub failed_logins: u32,
}

/// Logins.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthConfig {
    /// Hours until the token of a login expires.
    pub session_hours: u64,
}

/// Messages on standard error.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// `text` or `json`.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, or directives as `tracing` has them.
    pub level: String,
}

/// How a message looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object per line.
    Json,
}

/// Work in the background.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MaintenanceConfig {
    /// Hours between collections of unreferenced blobs, after the rules of retention; 0 for never.
    pub gc_hours: u64,
    /// Minutes that a blob without reference is kept. Longer than any upload takes.
    pub grace_minutes: u64,
    /// Hours after which an upload that wasn't finished is dropped.
    pub incomplete_hours: u64,
}

/// Repositories that show another server.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProxyConfig {
    /// Seconds for which an answer of the other server is used without asking again.
    pub fresh_seconds: u64,
}

impl Default for ProxyConfig {
    fn default() -> Self {
        Self { fresh_seconds: 10 }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::new(),
            listen: "127.0.0.1:9300".to_owned(),
            behind_proxy: false,
            database: DatabaseConfig::default(),
            storage: StorageConfig::default(),
            limits: Limits::default(),
            auth: AuthConfig::default(),
            log: LogConfig::default(),
            maintenance: MaintenanceConfig::default(),
            proxy: ProxyConfig::default(),
        }
    }
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            url: None,
            options: BTreeMap::new(),
            fsync: true,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body: 32 << 30,
            idle_timeout: 60,
            failed_logins: 10,
        }
    }
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self { session_hours: 24 }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: "info".to_owned(),
        }
    }
}

impl Default for MaintenanceConfig {
    fn default() -> Self {
        Self {
            gc_hours: 24,
            grace_minutes: 60,
            incomplete_hours: 24,
        }
    }
}

impl Config {
    /// Reads `server.toml` of a data folder (or the file given), then the variables. Nothing is
    /// created.
    ///
    /// # Errors
    /// The file can't be read or has an unknown or malformed entry; a malformed variable.
    pub fn load(
        data: &Path,
        file: Option<&Path>,
        variables: &BTreeMap<String, String>,
    ) -> Result<Self> {
        let path = file.map_or_else(|| data.join(FILE), Path::to_path_buf);
        let mut config = if file.is_some() || crom_fs::exists(&path) {
            let text = crom_fs::read_text(&path)?;
            toml::from_str(&text)
                .map_err(|error| Error::Config(format!("{}: {error}", path.display())))?
        } else {
            Self::default()
        };
        config.data = data.to_path_buf();
        config.apply(variables)?;
        config.check()?;
        Ok(config)
    }

    /// `CROM_SERVER_LISTEN` and friends; those of the clouds as their tools name them.
    fn apply(&mut self, variables: &BTreeMap<String, String>) -> Result<()> {
        for (name, value) in variables {
            if let Some(option) = cloud_option(name) {
                self.storage
                    .options
                    .entry(option)
                    .or_insert_with(|| value.clone());
                continue;
            }
            let Some(setting) = name.strip_prefix("CROM_SERVER_") else {
                continue;
            };
            match setting {
                "LISTEN" => self.listen.clone_from(value),
                "DATABASE_URL" => self.database.url = Some(value.clone()),
                "DATABASE_CONNECTIONS" => self.database.connections = number(name, value)?,
                "STORAGE_URL" => self.storage.url = Some(value.clone()),
                "STORAGE_FSYNC" => self.storage.fsync = boolean(name, value)?,
                "BEHIND_PROXY" => self.behind_proxy = boolean(name, value)?,
                "MAX_BODY" => self.limits.max_body = number(name, value)?,
                "IDLE_TIMEOUT" => self.limits.idle_timeout = number(name, value)?,
                "FAILED_LOGINS" => self.limits.failed_logins = number(name, value)?,
                "SESSION_HOURS" => self.auth.session_hours = number(name, value)?,
                "LOG_LEVEL" => self.log.level.clone_from(value),
                "LOG_FORMAT" => {
                    self.log.format = match value.as_str() {
                        "text" => LogFormat::Text,
                        "json" => LogFormat::Json,
                        _ => return Err(malformed(name, value)),
                    };
                }
                "GC_HOURS" => self.maintenance.gc_hours = number(name, value)?,
                "GRACE_MINUTES" => self.maintenance.grace_minutes = number(name, value)?,
                "INCOMPLETE_HOURS" => self.maintenance.incomplete_hours = number(name, value)?,
                "PROXY_FRESH_SECONDS" => self.proxy.fresh_seconds = number(name, value)?,
                // Those of the command line: a token, the data folder, the URL.
                "DATA" | "TOKEN" | "URL" => {}
                _ => {
                    return Err(Error::Config(format!(
                        "unknown environment variable `{name}`"
                    )));
                }
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        if self.limits.idle_timeout == 0 || self.auth.session_hours == 0 {
            return Err(Error::Config(
                "`limits.idle_timeout` and `auth.session_hours` can't be 0".to_owned(),
            ));
        }
        if let Some(url) = &self.database.url
            && !url.starts_with("postgres://")
            && !url.starts_with("postgresql://")
        {
            return Err(Error::Config(
                "`database.url` is no `postgres://` URL (leave it out for SQLite)".to_owned(),
            ));
        }
        Ok(())
    }

    /// The SQLite file, when there is no other database.
    pub fn sqlite_file(&self) -> PathBuf {
        self.data.join("metadata.sqlite3")
    }

    /// Where bodies are held while they arrive.
    pub fn spool(&self) -> PathBuf {
        self.data.join("spool")
    }

    /// The folder of the blobs, when there is no object store.
    pub fn blobs(&self) -> PathBuf {
        self.data.join("blobs")
    }
}

/// `AWS_ACCESS_KEY_ID` is the option `aws_access_key_id`.
fn cloud_option(name: &str) -> Option<String> {
    ["AWS_", "GOOGLE_", "AZURE_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        .then(|| name.to_ascii_lowercase())
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T> {
    value.parse().map_err(|_| malformed(name, value))
}

fn boolean(name: &str, value: &str) -> Result<bool> {
    match value {
        "1" | "true" | "True" => Ok(true),
        "0" | "false" | "False" => Ok(false),
        _ => Err(malformed(name, value)),
    }
}

fn malformed(name: &str, value: &str) -> Error {
    Error::Config(format!(
        "environment variable `{name}`: invalid value `{value}`"
    ))
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    fn variables(list: &[(&str, &str)]) -> BTreeMap<String, String> {
        list.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn environment_wins_over_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let text =
            "listen = \"0.0.0.0:80\"\n[limits]\nmax_body = 10\n[storage]\nurl = \"s3://b\"\n";
        crom_fs::write(folder.path().join(FILE), text).expect("is written");
        let variables = variables(&[
            ("CROM_SERVER_LISTEN", "127.0.0.1:1"),
            ("AWS_REGION", "here"),
            ("HOME", "/x"),
        ]);
        let config = Config::load(folder.path(), None, &variables).expect("is valid");
        assert_eq!(config.listen, "127.0.0.1:1");
        assert_eq!(config.limits.max_body, 10);
        assert_eq!(config.limits.idle_timeout, 60);
        assert_eq!(config.storage.url.as_deref(), Some("s3://b"));
        assert_eq!(config.storage.options["aws_region"], "here");
    }

    #[test]
    fn mistakes_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let none = BTreeMap::new();
        crom_fs::write(folder.path().join(FILE), "lissten = \"x\"\n").expect("is written");
        let error = Config::load(folder.path(), None, &none).expect_err("unknown key");
        assert!(error.to_string().contains("lissten"), "{error}");
        let other = tempfile::tempdir().expect("a folder");
        for (name, value) in [
            ("CROM_SERVER_MAX_BODY", "many"),
            ("CROM_SERVER_TYPO", "1"),
            ("CROM_SERVER_DATABASE_URL", "mysql://x"),
        ] {
            let error = Config::load(other.path(), None, &variables(&[(name, value)]));
            assert!(error.is_err(), "{name}");
        }
    }
}
