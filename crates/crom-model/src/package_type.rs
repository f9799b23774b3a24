//! What kind of thing a package is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::options::PackageOptions;

/// A recipe's `package_type` that doesn't exist or doesn't fit its options.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reference}: {problem}")]
pub struct PackageTypeError {
    /// What messages call the recipe, e.g. `conanfile.py (zlib/1.3)`.
    pub reference: String,
    /// What is wrong.
    #[source]
    pub problem: PackageTypeProblem,
}

/// What may be wrong with a package type, in the reference's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageTypeProblem {
    /// No such type.
    #[error("Invalid package type '{found}'. Valid types: {valid}")]
    Invalid {
        /// The text.
        found: String,
        /// A Python list.
        valid: String,
    },
    /// `library`, and nothing that says which.
    #[error("Package type is 'library', but no 'shared' option declared")]
    NoSharedOption,
    /// A static library that is shared.
    #[error(
        "'static-library' should not have 'shared' option set to True. Consider removing the 'shared' option"
    )]
    StaticButShared,
    /// A shared library that isn't.
    #[error(
        "'shared-library' should not have 'shared' option set to False. Consider removing the 'shared' option."
    )]
    SharedButNot,
}

/// What a package is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
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
    pub fn parse(text: &str) -> Result<Self, PackageTypeProblem> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| {
            let names: Vec<String> = Self::ALL.iter().map(|kind| format!("'{kind}'")).collect();
            PackageTypeProblem::Invalid {
                found: text.to_owned(),
                valid: format!("[{}]", names.join(", ")),
            }
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
    /// `header_only`; without attribute, the options alone tell. `reference` is what messages call
    /// the recipe.
    pub fn compute(
        declared: Option<&str>,
        options: &PackageOptions,
        reference: &str,
    ) -> Result<Self, PackageTypeError> {
        Self::from_options(declared, options).map_err(|problem| PackageTypeError {
            reference: reference.to_owned(),
            problem,
        })
    }

    fn from_options(
        declared: Option<&str>,
        options: &PackageOptions,
    ) -> Result<Self, PackageTypeProblem> {
        let option = |name: &str| {
            let exists = options.contains(name);
            exists.then(|| options.is_true(name).unwrap_or(false))
        };
        let shared = option("shared");
        let by_options = || match shared {
            _ if option("header_only") == Some(true) => Some(PackageType::HeaderLibrary),
            Some(true) => Some(PackageType::SharedLibrary),
            Some(false) => Some(PackageType::StaticLibrary),
            None => None,
        };
        match declared.map(Self::parse).transpose()? {
            None => Ok(by_options().unwrap_or_default()),
            Some(PackageType::Library) => by_options().ok_or(PackageTypeProblem::NoSharedOption),
            Some(PackageType::StaticLibrary) if shared == Some(true) => {
                Err(PackageTypeProblem::StaticButShared)
            }
            Some(PackageType::SharedLibrary) if shared == Some(false) => {
                Err(PackageTypeProblem::SharedButNot)
            }
            Some(kind) => Ok(kind),
        }
    }
}

impl fmt::Display for PackageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    /// attribute; options; what `graph info` shows for such a recipe
    #[test]
    fn types_of_recipes() {
        let no_option = Err("Package type is 'library', but no 'shared' option declared");
        let options = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, value)| {
                let value = (*value != "None").then(|| (*value).to_owned());
                ((*name).to_owned(), value)
            });
            PackageOptions::from_values(pairs.collect::<Vec<_>>())
        };
        type Case<'a> = (
            Option<&'a str>,
            &'a [(&'a str, &'a str)],
            Result<&'a str, &'a str>,
        );
        let cases: [Case<'_>; 20] = [
            (None, &[], Ok("unknown")),
            (None, &[("shared", "True")], Ok("shared-library")),
            (None, &[("shared", "False")], Ok("static-library")),
            (None, &[("shared", "None")], Ok("static-library")),
            (None, &[("header_only", "False")], Ok("unknown")),
            (None, &[("header_only", "True")], Ok("header-library")),
            (
                None,
                &[("shared", "True"), ("header_only", "False")],
                Ok("shared-library"),
            ),
            (Some("library"), &[], no_option),
            (Some("library"), &[("header_only", "False")], no_option),
            (
                Some("library"),
                &[("header_only", "True")],
                Ok("header-library"),
            ),
            (
                Some("library"),
                &[("shared", "True"), ("header_only", "True")],
                Ok("header-library"),
            ),
            (Some("library"), &[("shared", "None")], Ok("static-library")),
            (Some("library"), &[("shared", "x")], Ok("shared-library")),
            (
                Some("application"),
                &[("shared", "True")],
                Ok("application"),
            ),
            (
                Some("application"),
                &[("header_only", "True")],
                Ok("application"),
            ),
            (
                Some("header-library"),
                &[("shared", "True")],
                Ok("header-library"),
            ),
            (Some("unknown"), &[("shared", "True")], Ok("unknown")),
            (
                Some("static-library"),
                &[("shared", "True")],
                Err(
                    "'static-library' should not have 'shared' option set to True. Consider removing the 'shared' option",
                ),
            ),
            (
                Some("shared-library"),
                &[("shared", "False")],
                Err(
                    "'shared-library' should not have 'shared' option set to False. Consider removing the 'shared' option.",
                ),
            ),
            (
                Some("foo"),
                &[],
                Err(
                    "Invalid package type 'foo'. Valid types: ['library', 'static-library', 'shared-library', 'header-library', 'build-scripts', 'application', 'python-require', 'configuration', 'unknown']",
                ),
            ),
        ];
        for (declared, pairs, expected) in cases {
            let actual = PackageType::compute(declared, &options(pairs), "conanfile.py (pp/1.0)");
            let actual = actual
                .map(PackageType::as_str)
                .map_err(|error| error.problem.to_string());
            assert_eq!(
                actual,
                expected.map_err(str::to_owned),
                "{declared:?} {pairs:?}"
            );
        }
    }
}
