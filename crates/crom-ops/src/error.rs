//! What can go wrong in an operation, with what the user can do about it.

use crom_recipe::{RecipeError, RecipeErrorKind};

/// Decides the exit code of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Exit code 1.
    General,
    /// Exit code 6: the configuration isn't valid for a package.
    InvalidConfiguration,
    /// Exit code 3: Ctrl-C.
    Interrupted,
}

/// An operation failed.
#[derive(Debug, thiserror::Error)]
pub enum OpsError {
    /// Something that the operation itself found.
    #[error("{message}")]
    Message {
        /// In the words of Conan where scripts look for them.
        message: String,
        /// Decides the exit code.
        kind: ErrorKind,
        /// Likely remedies.
        hints: Vec<String>,
    },
    /// A recipe failed.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// A conf has a wrong value.
    #[error(transparent)]
    Conf(#[from] crom_model::conf::ConfError),
    /// A file can't be read or written.
    #[error(transparent)]
    Fs(#[from] crom_fs::Error),
    /// The home or the cache.
    #[error(transparent)]
    Store(#[from] crom_store::StoreError),
    /// A remote.
    #[error(transparent)]
    Remote(#[from] crom_remote::RemoteError),
    /// The graph.
    #[error(transparent)]
    Graph(#[from] crom_graph::GraphError),
}

impl OpsError {
    /// An error that ends the command with exit code 1.
    pub fn message(message: impl Into<String>) -> Self {
        Self::Message {
            message: message.into(),
            kind: ErrorKind::General,
            hints: Vec::new(),
        }
    }

    /// An error that ends the command with exit code 6.
    pub fn invalid_configuration(message: impl Into<String>) -> Self {
        Self::Message {
            message: message.into(),
            kind: ErrorKind::InvalidConfiguration,
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
            Self::Message { kind, .. } => *kind,
            Self::Recipe(error) if error.kind == RecipeErrorKind::InvalidConfiguration => {
                ErrorKind::InvalidConfiguration
            }
            Self::Graph(crom_graph::GraphError::Recipe(error))
                if error.kind == RecipeErrorKind::InvalidConfiguration =>
            {
                ErrorKind::InvalidConfiguration
            }
            _ => ErrorKind::General,
        }
    }

    /// Likely remedies.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Message { hints, .. } => hints.clone(),
            Self::Store(error) => error.hint().into_iter().collect(),
            Self::Graph(error) => error.hint().into_iter().collect(),
            Self::Remote(error) => error.hint().into_iter().collect(),
            _ => Vec::new(),
        }
    }
}
