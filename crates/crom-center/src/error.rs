//! What can go wrong with a fork, with what the user can do about it.

use crom_ops::{ErrorKind, OpsError};

use crate::list::ListError;

/// A command of `center` failed.
#[derive(Debug, thiserror::Error)]
pub enum CenterError {
    /// `center.yml` has a mistake.
    #[error(transparent)]
    List(#[from] ListError),
    /// An operation below failed.
    #[error(transparent)]
    Ops(#[from] OpsError),
    /// Nothing can be run.
    #[error(transparent)]
    Build(#[from] crom_build::BuildError),
    /// A file can't be read or written.
    #[error(transparent)]
    Fs(#[from] crom_fs::Error),
    /// Something that the command itself found.
    #[error("{message}")]
    Message {
        /// Lower case, what was tried on what.
        message: String,
        /// Likely remedies.
        hints: Vec<String>,
    },
}

impl CenterError {
    /// An error without a remedy.
    pub fn message(message: impl Into<String>) -> Self {
        Self::Message {
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// Adds a remedy to a message.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::Message { hints, .. } = &mut self {
            hints.push(hint.into());
        }
        self
    }

    /// Decides the exit code.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Ops(error) => error.kind(),
            _ => ErrorKind::General,
        }
    }

    /// Likely remedies.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::List(error) => error.hint.iter().cloned().collect(),
            Self::Ops(error) => error.hints(),
            Self::Message { hints, .. } => hints.clone(),
            Self::Build(_) | Self::Fs(_) => Vec::new(),
        }
    }
}
