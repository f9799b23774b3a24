//! What can go wrong with a remote.

use std::path::PathBuf;

/// Shorthand.
pub type Result<T, E = RemoteError> = std::result::Result<T, E>;

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// A file operation failed.
    #[error(transparent)]
    Fs(#[from] crom_fs::Error),

    /// The remote can't be asked.
    #[error(
        "Unable to connect to remote {name}={url}: {reason}\n1. Make sure the remote is reachable or,\n2. Disable it with 'conan remote disable <remote>' or,\n3. Use the '-nr/--no-remote' argument\nThen try again."
    )]
    Unreachable {
        /// The remote.
        name: String,
        /// Its address.
        url: String,
        /// Why.
        reason: String,
    },

    /// The folder isn't a local-recipes-index.
    #[error("Cannot connect to '{name}' repository, missing 'recipes' folder: {}", folder.display())]
    NoRecipesFolder {
        /// The remote.
        name: String,
        /// Where `recipes` should be.
        folder: PathBuf,
    },

    /// A `config.yml` that can't be used.
    #[error("cannot read the versions in '{}': {message}", path.display())]
    BadConfig {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },

    /// The remote doesn't have it.
    #[error("Recipe not found: '{reference}'. [Remote: {remote}]")]
    RecipeNotFound {
        /// As asked for.
        reference: String,
        /// The remote.
        remote: String,
    },

    /// A remote of this kind can't do that.
    #[error("Remote local-recipes-index '{remote}' doesn't support {action}")]
    Unsupported {
        /// The remote.
        remote: String,
        /// `upload`, `remove`, ...
        action: &'static str,
    },
}

impl RemoteError {
    /// True when another remote may be asked instead.
    pub fn is_not_found(&self) -> bool {
        matches!(self, RemoteError::RecipeNotFound { .. })
    }
}
