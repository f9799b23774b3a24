//! Where a command of `server` works: on the data folder, or on a server elsewhere.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

/// Data folder or URL.
#[derive(Args, Clone, Debug)]
pub struct ServerArgs {
    /// Data folder of the server; by default $CROM_SERVER_DATA, or `.crom_server` of the user's folder
    #[arg(long = "data", value_name = "DIR", conflicts_with = "url")]
    pub data: Option<PathBuf>,

    /// URL of a running server (without repository) to administrate with a token
    #[arg(long = "url", value_name = "URL")]
    pub url: Option<String>,

    /// Token of an administrator; by default $CROM_SERVER_TOKEN
    #[arg(long = "token", value_name = "TOKEN", requires = "url")]
    pub token: Option<String>,
}

impl ServerArgs {
    /// The data folder.
    ///
    /// # Errors
    /// None is given, and the user has no folder.
    pub fn data_folder(&self, variables: &BTreeMap<String, String>) -> anyhow::Result<PathBuf> {
        if let Some(data) = &self.data {
            return Ok(data.clone());
        }
        if let Some(data) = variables.get("CROM_SERVER_DATA") {
            return Ok(data.into());
        }
        variables
            .get("HOME")
            .or_else(|| variables.get("USERPROFILE"))
            .map(|home| PathBuf::from(home).join(".crom_server"))
            .ok_or_else(|| anyhow::anyhow!("no data folder: name one with `--data DIR`"))
    }
}

/// The environment, as far as it is text.
pub fn variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
