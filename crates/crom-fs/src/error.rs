//! What can go wrong with files.

use std::io;
use std::path::{Path, PathBuf};

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// A failed action on a path.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("failed to {action} `{}`: {}", path.display(), reason(source))]
    Io {
        /// What was tried, as a verb: `read`, `write`, `create folder`.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The operating system refused an action that needs two paths.
    #[error("failed to {action} `{}` to `{}`: {}", from.display(), to.display(), reason(source))]
    IoPair {
        /// What was tried: `copy`, `rename`, `link`.
        action: &'static str,
        /// The source.
        from: PathBuf,
        /// The destination.
        to: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file was read but isn't text in UTF-8.
    #[error("failed to read `{}`: not valid UTF-8 at byte {offset}", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Where the first invalid byte is.
        offset: usize,
    },
    /// A member of an archive would be written outside of the destination folder, or is no plain
    /// file, folder or link.
    #[error("refused to unpack `{member}` of `{}`: {problem}", archive.display())]
    UnsafeMember {
        /// The archive.
        archive: PathBuf,
        /// The name of the member as it stands in the archive.
        member: String,
        /// Why it is refused.
        problem: MemberProblem,
    },
    /// `strip_root` was asked for an archive with other than one folder at its root.
    #[error(
        "the {kind} file `{}` contains more than 1 folder in the root: {}", archive.display(), roots.join(", ")
    )]
    SeveralRoots {
        /// `tgz`, `zip` or `7z`.
        kind: &'static str,
        /// The archive.
        archive: PathBuf,
        /// The names found at the root.
        roots: Vec<String>,
    },
    /// The bytes are no archive that can be read.
    #[error("failed to unpack `{}`: {message}", archive.display())]
    BadArchive {
        /// The archive.
        archive: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

/// Why a member of an archive is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MemberProblem {
    /// `/etc/passwd`, `C:\x`.
    #[error("its path is absolute")]
    AbsolutePath,
    /// `../x`.
    #[error("its path contains `..`")]
    ParentPath,
    /// A parent of it is a link to the outside.
    #[error("its folder is a link that leads outside the destination folder")]
    ThroughLink,
    /// A symbolic or hard link to the outside.
    #[error("it is a link that leads outside the destination folder")]
    EscapingLink,
    /// A device, fifo or socket.
    #[error("it is a device, fifo or another special file")]
    SpecialFile,
    /// Empty, or with a NUL byte.
    #[error("its name is not valid")]
    BadName,
}

impl Error {
    /// An error of the system about `action` on `path`.
    pub fn io(action: &'static str, path: impl AsRef<Path>, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.as_ref().to_path_buf(),
            source,
        }
    }

    /// An error of the system about an action from one path to another.
    pub fn pair(
        action: &'static str,
        from: impl AsRef<Path>,
        to: impl AsRef<Path>,
        source: io::Error,
    ) -> Self {
        Self::IoPair {
            action,
            from: from.as_ref().to_path_buf(),
            to: to.as_ref().to_path_buf(),
            source,
        }
    }

    /// The kind of the system's error, when there is one.
    pub fn kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Io { source, .. } | Self::IoPair { source, .. } => Some(source.kind()),
            _ => None,
        }
    }

    /// True when the path wasn't there.
    pub fn is_not_found(&self) -> bool {
        self.kind() == Some(io::ErrorKind::NotFound)
    }

    /// What the user can do about it, where that is likely.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Io { .. } | Self::IoPair { .. } => match self.kind()? {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Some("free some space on the disk, or move the Conan home to another one")
                }
                io::ErrorKind::PermissionDenied => {
                    Some("check the owner and the permissions of the path and of its folders")
                }
                io::ErrorKind::ReadOnlyFilesystem => Some("the file system is mounted read-only"),
                _ => None,
            },
            Self::SeveralRoots { .. } => Some("unpack it without `strip_root`"),
            Self::UnsafeMember {
                problem: MemberProblem::EscapingLink,
                ..
            } => {
                Some("if the archive is trusted, unpack it with `extract_filter=\"fully_trusted\"`")
            }
            _ => None,
        }
    }
}

/// The system's words without the ` (os error N)` that says nothing to a user.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

/// Adds action and path to the errors of `std::io`.
pub(crate) trait Context<T> {
    fn context(self, action: &'static str, path: impl AsRef<Path>) -> Result<T>;
    fn context_pair(
        self,
        action: &'static str,
        from: impl AsRef<Path>,
        to: impl AsRef<Path>,
    ) -> Result<T>;
}

impl<T> Context<T> for io::Result<T> {
    fn context(self, action: &'static str, path: impl AsRef<Path>) -> Result<T> {
        self.map_err(|source| Error::io(action, path, source))
    }

    fn context_pair(
        self,
        action: &'static str,
        from: impl AsRef<Path>,
        to: impl AsRef<Path>,
    ) -> Result<T> {
        self.map_err(|source| Error::pair(action, from, to, source))
    }
}
