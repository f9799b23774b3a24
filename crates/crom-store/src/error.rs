//! What can go wrong with a home.

use std::path::PathBuf;

use crom_model::conf::ConfError;
use crom_model::profile::ProfileError;
use crom_model::reference::ReferenceError;
use crom_model::settings::SettingsError;

/// Every failure of this crate. The key words are Conan's, since scripts look for them.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file operation failed.
    #[error(transparent)]
    Fs(#[from] crom_fs::Error),

    /// The home's place is given in a form that isn't accepted.
    #[error(
        "Invalid CONAN_HOME value '{value}', please specify an absolute or path starting with ~/ (relative to user home)"
    )]
    InvalidHome {
        /// As given.
        value: String,
    },

    /// There is neither a home given nor a user folder to put it in.
    #[error("no Conan home: CONAN_HOME is not set and the user has no home folder")]
    NoHome,

    /// A conf that doesn't exist, a value of the wrong type, a line that isn't one.
    #[error(transparent)]
    Conf(#[from] ConfError),

    /// `core:required_conan_version` asks for another version.
    #[error("Current Conan version ({current}) does not satisfy the defined one ({required})")]
    RequiredVersion {
        /// The version that Crom is like.
        current: &'static str,
        /// The range that is asked for.
        required: String,
    },

    /// The same, in `global.conf`.
    #[error("{path}:{line}: {source}")]
    GlobalConf {
        /// The file.
        path: PathBuf,
        /// From 1; of the rendered text.
        line: usize,
        /// What is wrong.
        source: ConfError,
    },

    /// A Jinja template that can't be rendered.
    #[error("{message}")]
    Template {
        /// Names the file, the line and what is wrong.
        message: String,
    },

    /// A profile that doesn't exist or can't be read.
    #[error(transparent)]
    Profile(#[from] ProfileError),

    /// A default profile that doesn't exist.
    #[error(
        "The default {context} profile '{path}' doesn't exist.\nYou need to create a default profile (type 'conan profile detect' command)\nor specify your own profile with '--profile:{context}=<myprofile>'"
    )]
    NoDefaultProfile {
        /// `host` or `build`.
        context: &'static str,
        /// Where it was looked for.
        path: String,
    },

    /// A setting or settings file that is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),

    /// A malformed reference or pattern, or one that names nothing.
    #[error(transparent)]
    Reference(#[from] ReferenceError),

    /// The profile plugin's verdict.
    #[error("Error while processing 'profile.py' plugin\n\tConanException: {message}")]
    ProfilePlugin {
        /// In the words of the default plugin.
        message: String,
    },

    /// A file that should be JSON.
    #[error("{path}: {message}")]
    Json {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        message: String,
    },

    /// A plugin of the home is gone that was there.
    #[error(
        "The '{name}' plugin file doesn't exist. If you want to disable it, edit its contents instead of removing it"
    )]
    PluginRemoved {
        /// `profile.py`
        name: String,
    },

    /// The cache's database failed.
    #[error("cache database '{path}': cannot {action}: {source}")]
    Database {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },

    /// The database of users failed.
    #[error("user database '{path}': cannot {action}: {source}")]
    Users {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },

    /// The cache's database isn't one, or holds what it can't.
    #[error("cache database '{path}' is corrupted: {detail}")]
    CorruptedDatabase {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },

    /// The database lists a folder that isn't there.
    #[error("the folder of '{reference}' is missing in the cache: '{path}'")]
    MissingFolder {
        /// Recipe or package.
        reference: String,
        /// The folder.
        path: PathBuf,
    },

    /// No such recipe in the cache.
    #[error("Recipe '{reference}' not found")]
    RecipeNotFound {
        /// As asked for.
        reference: String,
    },

    /// No such package in the cache.
    #[error("Package '{reference}' not found")]
    PackageNotFound {
        /// As asked for.
        reference: String,
    },

    /// No such folder of a recipe or package.
    #[error("'{folder}' folder does not exist for the reference {reference}")]
    FolderNotFound {
        /// `source`, `build`, ...
        folder: String,
        /// As asked for.
        reference: String,
    },

    /// An export that can't be.
    #[error("{0}")]
    Export(String),

    /// A file of `cache restore` that isn't one of `cache save`.
    #[error("'{path}': {message}")]
    Archive {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },

    /// Remotes: unknown, existing, invalid.
    #[error("{0}")]
    Remote(String),

    /// A wrong argument of a command.
    #[error("{0}")]
    Invalid(String),
}

impl StoreError {
    /// True when the cache doesn't have what was asked for.
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            StoreError::RecipeNotFound { .. } | StoreError::PackageNotFound { .. }
        )
    }

    /// True when the place may only be read.
    pub fn is_read_only(&self) -> bool {
        use std::io::ErrorKind;
        let StoreError::Fs(crom_fs::Error::Io { source, .. }) = self else {
            return false;
        };
        matches!(
            source.kind(),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
        )
    }

    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            StoreError::CorruptedDatabase { path, .. } => Some(format!(
                "move '{}' away: packages will be fetched or built again; \
                 `crom cache check-integrity \"*\"` tells what a readable cache holds",
                path.display()
            )),
            StoreError::Database { source, .. } if is_busy(source) => {
                Some("another process keeps the cache locked; try again when it is done".to_owned())
            }
            StoreError::MissingFolder { reference, .. } => Some(format!(
                "run `crom cache check-integrity \"{reference}\"`, or `crom remove \"{reference}\"` to drop it"
            )),
            _ => None,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
    )
}

/// Shorthand.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
