//! Why a file for CMake can't be made.

use crom_model::conf::ConfError;
use crom_model::cpp_info::CppInfoError;
use crom_model::settings::SettingsError;

/// Why a file or command line for CMake can't be made. The words are Conan's.
#[derive(Debug, thiserror::Error)]
pub enum CMakeError {
    /// A conf has a wrong type.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// The contradiction is in a dependency's `cpp_info`.
    #[error(transparent)]
    CppInfo(#[from] CppInfoError),
    /// A setting that must be there isn't.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A block's template doesn't render.
    #[error("can't render the block '{block}' of conan_toolchain.cmake: {source}")]
    Template {
        /// The block.
        block: String,
        /// What is wrong.
        source: minijinja::Error,
    },
    /// The presets that are there can't be read.
    #[error("can't parse {path}: {source}")]
    Json {
        /// The file.
        path: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// Everything else, in words.
    #[error("{0}")]
    Invalid(String),
}

impl CMakeError {
    /// An error in words.
    pub fn invalid(message: impl Into<String>) -> CMakeError {
        CMakeError::Invalid(message.into())
    }
}
