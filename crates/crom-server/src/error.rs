//! What can go wrong in the server.

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// A request that is refused, or a part of the server that fails.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing of this name is there, or it isn't complete yet.
    #[error("{0}")]
    NotFound(String),
    /// Nobody is logged in, or the token isn't valid.
    #[error("{0}")]
    Unauthenticated(String),
    /// Whoever is logged in may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// The request breaks a rule of the protocol.
    #[error("{0}")]
    Invalid(String),
    /// The request contradicts what is there.
    #[error("{0}")]
    Conflict(String),
    /// The body is larger than the configuration allows.
    #[error("the body is larger than the {limit} bytes that this server takes")]
    TooLarge {
        /// `limits.max_body` in bytes.
        limit: u64,
    },
    /// The client stopped sending.
    #[error("no data arrived for {seconds} s")]
    Slow {
        /// `limits.idle_timeout` in seconds.
        seconds: u64,
    },
    /// The connection broke within the body.
    #[error("the body ended early: {0}")]
    Interrupted(String),
    /// Too many failed logins.
    #[error("too many failed logins, try again in {seconds} s")]
    TooManyFailures {
        /// When to try again.
        seconds: u64,
    },
    /// The metadata database.
    #[error("the metadata database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The object store or the folder with the blobs.
    #[error("the blob store failed to {action} `{key}`: {source}")]
    Storage {
        /// A verb: `read`, `write`, `list`, `delete`.
        action: &'static str,
        /// The object.
        key: String,
        /// What it said.
        source: object_store::Error,
    },
    /// Database or store take too long.
    #[error(
        "there was no answer within {seconds} s: the metadata database or the blob store is too slow, try again later"
    )]
    Stalled {
        /// `limits.idle_timeout` in seconds.
        seconds: u64,
    },
    /// A local file.
    #[error(transparent)]
    Files(#[from] crom_fs::Error),
    /// The server behind a proxy repository.
    #[error("upstream {url}: {problem}")]
    Upstream {
        /// What was asked for.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// The configuration can't be used.
    #[error("{0}")]
    Config(String),
    /// The network interface can't be used.
    #[error("failed to listen on {address}: {source}")]
    Listen {
        /// Host and port.
        address: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A worker of the server died; a bug.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// True if a try later may succeed: the database, the store or an upstream is away.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Database(_)
                | Self::Storage { .. }
                | Self::Stalled { .. }
                | Self::Upstream { .. }
                | Self::Files(_)
        )
    }

    /// What the operator can do about it, where that is likely.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Listen { source, .. } if source.kind() == std::io::ErrorKind::AddrInUse => {
                Some("another server uses the port: choose one with `--listen`")
            }
            Self::Files(error) => error.hint(),
            _ => None,
        }
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Internal(error.to_string())
    }
}
