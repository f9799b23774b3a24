//! What can go wrong with running things.

use std::path::PathBuf;

/// Work can't be started.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A file of the jobserver or a log.
    #[error(transparent)]
    Fs(#[from] crom_fs::Error),
    /// The system refuses something about the jobserver.
    #[error("failed to {action} the jobserver: {source}")]
    Jobserver {
        /// What was tried.
        action: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// A program doesn't start.
    #[error("failed to start `{}`: {source}", program.display())]
    Start {
        /// Which.
        program: PathBuf,
        /// Why it doesn't.
        source: std::io::Error,
    },
}
