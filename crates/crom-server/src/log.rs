//! Messages on standard error, for people or as JSON.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};
use crate::error::{Error, Result};

/// Sends the messages of this process to standard error.
///
/// # Errors
/// The level isn't understood, or the process has another log already.
pub fn to_stderr(config: &LogConfig) -> Result<()> {
    let filter = EnvFilter::try_new(&config.level)
        .map_err(|error| Error::Config(format!("`log.level`: {error}")))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    let outcome = match config.format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    outcome.map_err(|error| Error::Config(format!("the log: {error}")))
}
