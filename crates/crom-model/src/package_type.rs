//! What kind of thing a package is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::options::PackageOptions;

/// A `package_type` that doesn't exist or doesn't fit the options.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PackageTypeError {
    /// What is wrong, in the reference's words.
    pub message: String,
}

/// What a package is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackageType {
    /// `library`: static or shared, to be told by the option `shared`.
    Library,
    /// `static-library`
    StaticLibrary,
    /// `shared-library`
    SharedLibrary,
    /// `header-library`
    HeaderLibrary,
    /// `build-scripts`
    BuildScripts,
    /// `application`
    Application,
    /// `python-require`
    PythonRequire,
    /// `configuration`
    Configuration,
    /// Nothing is known.
    #[default]
    Unknown,
}

impl PackageType {
    /// All of them.
    pub const ALL: [PackageType; 9] = [
        PackageType::Library,
        PackageType::StaticLibrary,
        PackageType::SharedLibrary,
        PackageType::HeaderLibrary,
        PackageType::BuildScripts,
        PackageType::Application,
        PackageType::PythonRequire,
        PackageType::Configuration,
        PackageType::Unknown,
    ];

    /// From the attribute's text.
    pub fn parse(text: &str) -> Result<Self, PackageTypeError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| PackageTypeError {
                message: format!("'{text}' is not a valid PackageType"),
            })
    }

    /// The attribute's text.
    pub fn as_str(self) -> &'static str {
        match self {
            PackageType::Library => "library",
            PackageType::StaticLibrary => "static-library",
            PackageType::SharedLibrary => "shared-library",
            PackageType::HeaderLibrary => "header-library",
            PackageType::BuildScripts => "build-scripts",
            PackageType::Application => "application",
            PackageType::PythonRequire => "python-require",
            PackageType::Configuration => "configuration",
            PackageType::Unknown => "unknown",
        }
    }

    /// Neither static, shared, header-only nor application is known.
    pub fn is_unknown(self) -> bool {
        self == PackageType::Unknown
    }

    /// The final type, from the attribute and the final options: `library` follows `shared` and
    /// `header_only`; without attribute, the options alone tell. `reference` is for the message.
    pub fn compute(
        declared: Option<&str>,
        options: &PackageOptions,
        reference: &str,
    ) -> Result<Self, PackageTypeError> {
        let truth = |name: &str| options.contains(name).then(|| options.is_true(name).unwrap_or(false));
        let by_options = || {
            if truth("header_only") == Some(true) {
                return Some(PackageType::HeaderLibrary);
            }
            match truth("shared") {
                Some(true) => Some(PackageType::SharedLibrary),
                Some(false) => Some(PackageType::StaticLibrary),
                None => None,
            }
        };
        match declared.map(Self::parse).transpose()? {
            None => Ok(by_options().unwrap_or_default()),
            Some(PackageType::Library) => by_options().ok_or_else(|| PackageTypeError {
                message: format!(
                    "{reference}: package_type is 'library', but no 'shared' option declared"
                ),
            }),
            Some(PackageType::Unknown) => Ok(by_options().unwrap_or_default()),
            Some(kind) => Ok(kind),
        }
    }
}

impl fmt::Display for PackageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
