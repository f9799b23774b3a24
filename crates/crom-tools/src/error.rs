//! What can go wrong in tools, and which Python exception it becomes.

use crate::patch::parse::ParseError;

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// The exception that a recipe sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exception {
    /// `conan.errors.ConanException`
    Conan,
    /// `conan.errors.ConanInvalidConfiguration`
    InvalidConfiguration,
    /// `FileNotFoundError`
    FileNotFound,
    /// `UnicodeDecodeError`, a `ValueError`
    UnicodeDecode,
    /// `LookupError`
    Lookup,
    /// `OSError`
    Os,
}

/// A tool that failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder.
    #[error(transparent)]
    Fs(#[from] crom_fs::Error),
    /// The recipe called it with something that can't be right; the text says what.
    #[error("{0}")]
    BadInput(String),
    /// The configuration can't work; the text says why.
    #[error("{0}")]
    InvalidConfiguration(String),
    /// Something in the patch doesn't fit; joined by lines.
    #[error("{0}")]
    PatchProblems(String),
    /// A patch can't be read.
    #[error("Failed to parse patch: {name}: {source}")]
    PatchParse {
        /// The file, or `string`.
        name: String,
        /// Why.
        source: ParseError,
    },
    /// A patch doesn't fit.
    #[error("Failed to apply patch: {name}\n{problem}")]
    PatchApply {
        /// The file, or `string`.
        name: String,
        /// Files and hunks that don't fit.
        problem: String,
    },
    /// A sum isn't the expected one.
    #[error(
        "{algorithm} hash failed for '{file}' file. \n Provided hash: {expected}  \n Computed hash: {computed}"
    )]
    Checksum {
        /// `md5`, `sha1` or `sha256`.
        algorithm: &'static str,
        /// The file.
        file: String,
        /// What the recipe says.
        expected: String,
        /// What it is.
        computed: String,
    },
    /// `replace_in_file` found nothing.
    #[error("replace_in_file didn't find pattern '{pattern}' in '{file}' file.")]
    PatternNotFound {
        /// What was looked for.
        pattern: String,
        /// Where.
        file: String,
    },
    /// A regular expression that isn't understood.
    #[error("regular expression '{pattern}' is not supported: {message}")]
    Regex {
        /// The expression.
        pattern: String,
        /// Why.
        message: String,
    },
    /// Bytes that aren't text in the encoding.
    #[error("'{encoding}' codec can't decode byte 0x{byte:02x} in position {position} of '{file}'")]
    Decode {
        /// As the recipe wrote it.
        encoding: String,
        /// The first bad byte.
        byte: u8,
        /// Where it is.
        position: usize,
        /// In which file.
        file: String,
    },
    /// A character that the encoding doesn't have.
    #[error("'{encoding}' codec can't encode character '{character}'")]
    Encode {
        /// As the recipe wrote it.
        encoding: String,
        /// The character.
        character: char,
    },
    /// An encoding that isn't known.
    #[error("unknown encoding: {0}")]
    UnknownEncoding(String),
    /// A download that failed after all retries.
    #[error("{0}")]
    Download(#[from] crate::net::DownloadError),
    /// A program that ended with an error.
    #[error("{0}")]
    Process(#[from] crate::process::ProcessError),
    /// The package manager of the system.
    #[error("{0}")]
    System(#[from] crate::system::SystemError),
    /// A check of a language standard.
    #[error(transparent)]
    Standard(#[from] crom_model::cppstd::StandardError),
}

impl Error {
    /// The exception that a recipe sees.
    pub fn exception(&self) -> Exception {
        match self {
            Self::Fs(error) if error.is_not_found() => Exception::FileNotFound,
            Self::Fs(error) if error.kind().is_some() => Exception::Os,
            Self::InvalidConfiguration(_) => Exception::InvalidConfiguration,
            Self::Standard(error) if error.is_invalid_configuration() => {
                Exception::InvalidConfiguration
            }
            Self::Decode { .. } | Self::Encode { .. } => Exception::UnicodeDecode,
            Self::UnknownEncoding(_) => Exception::Lookup,
            _ => Exception::Conan,
        }
    }

    /// What the user can do about it, where that is likely.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Fs(error) => error.hint().map(str::to_owned),
            Self::Checksum { file, .. } => Some(format!(
                "if '{file}' was changed on purpose by its author, update the sum in conandata.yml"
            )),
            Self::Download(error) => error.hint(),
            Self::System(error) => error.hint(),
            _ => None,
        }
    }
}
