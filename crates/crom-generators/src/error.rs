//! Why a file or command line can't be made.

use crom_model::conf::ConfError;
use crom_model::cpp_info::CppInfoError;
use crom_model::flags::gnu::TripletError;
use crom_model::settings::SettingsError;

/// Why a file or command line can't be made. The words are Conan's.
#[derive(Debug, thiserror::Error)]
pub enum GeneratorError {
    /// A conf has a wrong type.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// The contradiction is in a dependency's `cpp_info`.
    #[error(transparent)]
    CppInfo(#[from] CppInfoError),
    /// A setting that must be there isn't.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// GNU has no name for the machine.
    #[error(transparent)]
    Triplet(#[from] TripletError),
    /// Everything else, in words.
    #[error("{0}")]
    Invalid(String),
}

impl GeneratorError {
    /// An error in words.
    pub fn invalid(message: impl Into<String>) -> GeneratorError {
        GeneratorError::Invalid(message.into())
    }
}
