//! What can go wrong with a remote.

use std::path::PathBuf;

/// Shorthand.
pub type Result<T, E = RemoteError> = std::result::Result<T, E>;

/// Every failure of this crate. URLs in it have no passwords.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// A file operation failed.
    #[error(transparent)]
    Fs(#[from] crom_fs::Error),

    /// A conf has a value of another type.
    #[error(transparent)]
    Conf(#[from] crom_model::conf::ConfError),

    /// A conf has a value that can't be used.
    #[error("{0}")]
    HttpConf(String),

    /// The remote can't be asked.
    #[error(
        "{reason}\n\nUnable to connect to remote {name}={url}\n1. Make sure the remote is reachable or,\n2. Disable it with 'conan remote disable <remote>' or,\n3. Use the '-nr/--no-remote' argument\nThen try again."
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

    /// 404: the server doesn't have it.
    #[error("{message}. [Remote: {remote}]")]
    NotFound {
        /// The remote.
        remote: String,
        /// In the server's words.
        message: String,
    },

    /// 403: the user may not.
    #[error("Permission denied for user: '{user}': {message}. [Remote: {remote}]")]
    Forbidden {
        /// The remote.
        remote: String,
        /// Who asked.
        user: String,
        /// In the server's words.
        message: String,
    },

    /// 401 to a login.
    #[error("Wrong user or password. [Remote: {remote}]")]
    WrongPassword {
        /// The remote.
        remote: String,
    },

    /// 401 after all attempts to log in.
    #[error("Authentication error in remote '{remote}'. [Remote: {remote}]")]
    NotAuthenticated {
        /// The remote.
        remote: String,
    },

    /// Somebody typed too many wrong passwords.
    #[error("Too many failed login attempts, bye!. [Remote: {remote}]")]
    TooManyTries {
        /// The remote.
        remote: String,
    },

    /// There are no credentials.
    #[error("{message}. [Remote: {remote}]")]
    NoCredentials {
        /// The remote.
        remote: String,
        /// Why.
        message: String,
    },

    /// Tokens can't be read or kept.
    #[error("{0}")]
    Logins(String),

    /// What is sent can't be put into words.
    #[error("{0}")]
    Message(String),

    /// Another status.
    #[error("{message}. [Remote: {remote}]")]
    Server {
        /// The remote.
        remote: String,
        /// The status.
        status: u16,
        /// In the server's words.
        message: String,
    },

    /// A server for Conan 1.
    #[error(
        "The remote doesn't support revisions. Conan 2.0 is no longer compatible with remotes that don't accept revisions.. [Remote: {remote}]"
    )]
    NoRevisions {
        /// The remote.
        remote: String,
    },

    /// Not what the protocol says.
    #[error("unexpected answer of {url}: {message}. [Remote: {remote}]")]
    UnexpectedAnswer {
        /// The remote.
        remote: String,
        /// What was asked.
        url: String,
        /// What is wrong.
        message: String,
    },

    /// The connection broke within a file.
    #[error("Error transferring file {url}: {reason}")]
    Broken {
        /// The file.
        url: String,
        /// Why.
        reason: String,
    },

    /// What arrived can't be kept.
    #[error("failed to write what arrived of {url}: {source}")]
    Write {
        /// The file.
        url: String,
        /// What the system said.
        source: std::io::Error,
    },

    /// What arrived isn't what the server has.
    #[error("{kind} signature failed for '{url}': expected {expected}, got {found}")]
    Checksum {
        /// The file.
        url: String,
        /// `sha256`, ...
        kind: &'static str,
        /// As the server says.
        expected: String,
        /// Of what arrived.
        found: String,
    },

    /// What arrived doesn't fit together.
    #[error("Corrupted {what} in '{remote}' remote: {problem}")]
    Corrupted {
        /// A reference.
        what: String,
        /// What doesn't fit.
        problem: String,
        /// The remote.
        remote: String,
    },

    /// A server for copies of sources refuses.
    #[error("{0}")]
    Backup(String),

    /// Some files weren't taken.
    #[error(
        "Execute upload again to retry upload the failed files: {}. [Remote: {remote}]",
        files.join(", ")
    )]
    UploadsFailed {
        /// The remote.
        remote: String,
        /// Their names.
        files: Vec<String>,
    },
}

impl RemoteError {
    /// True when another remote may be asked instead.
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            RemoteError::RecipeNotFound { .. } | RemoteError::NotFound { .. }
        )
    }

    /// True when a second try of a download may help.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Broken { .. } | Self::Checksum { .. } => true,
            Self::Server { status, .. } => *status >= 500 || matches!(status, 408 | 429),
            _ => false,
        }
    }

    /// The error without the remote's name.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Server { message, .. } | Self::NotFound { message, .. } => message.clone(),
            other => other.to_string(),
        }
    }

    /// True when a file that wasn't taken may be taken the next time.
    pub(crate) fn may_be_sent_again(&self) -> bool {
        match self {
            Self::Server { status, .. } => *status != 400,
            Self::Broken { .. } => true,
            _ => false,
        }
    }

    /// True when the next file would fail in the same way.
    pub(crate) fn is_final_for_uploads(&self) -> bool {
        !matches!(
            self,
            Self::Server { .. } | Self::NotFound { .. } | Self::Broken { .. } | Self::Fs(_)
        )
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Unreachable { reason, .. } if reason.contains("ertificate") => {
                "name the file with the certificate of the authority in core.net.http:cacert_path, \
                 or trust the server with 'conan remote update <remote> --insecure'"
            }
            Self::Write { .. } => {
                "make room and run the command again: it goes on where it stopped"
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}
