//! `cpp_info`: what consumers of a package compile and link with.
//!
//! An attribute that a recipe never set is none, which is different from an empty list: only the
//! defaults (`include`, `lib`, `bin`) fill what isn't set.

mod component;
mod package;
#[cfg(test)]
mod tests;

pub use component::{Component, ListField};
pub use package::CppInfo;

/// An impossible `cpp_info`, in the reference's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CppInfoError {
    /// A property of another type than the generator reads.
    #[error("The expected type for {name} is \"{expected}\", but \"{found}\" was found")]
    PropertyType {
        /// The property.
        name: String,
        /// A Python type.
        expected: &'static str,
        /// A Python type.
        found: &'static str,
    },
    /// `includedir` and its like, where there isn't exactly one.
    #[error(
        "The {property} property is undefined because {list} {reason}. Consider using the {list} property."
    )]
    NotSingle {
        /// e.g. `includedir`
        property: &'static str,
        /// e.g. `includedirs`
        list: &'static str,
        /// "is empty" or "has more than one element"
        reason: &'static str,
    },
    /// Components that require each other.
    #[error("There is a dependency loop in 'self.cpp_info.components' requires:\n{0}")]
    Loop(String),
    /// `requires` of a package that isn't a direct requirement.
    #[error(
        "{reference}: package_info(): There are '(cpp_info/components).requires' that includes package '{package}::', but such package is not a a direct requirement of the recipe"
    )]
    NotARequirement {
        /// The package that says so.
        reference: String,
        /// The package it names.
        package: String,
    },
    /// A direct requirement that no `requires` names, where some name others.
    #[error(
        "{reference}: package_info(): The direct dependency '{package}' is not used by any '(cpp_info/components).requires'. If this is intentional, add it to 'self.cpp_info.ignored_requires'."
    )]
    UnusedRequirement {
        /// The package that says so.
        reference: String,
        /// The package it doesn't name.
        package: String,
    },
    /// `requires` of a component that doesn't exist.
    #[error(
        "{reference}: package_info(): There are '(cpp_info/components).requires' to other internal components that are not defined: {missing}"
    )]
    NoSuchComponent {
        /// The package that says so.
        reference: String,
        /// A Python list.
        missing: String,
    },
    /// JSON that isn't a `cpp_info`.
    #[error("cpp_info: '{0}' has an unexpected type")]
    Json(String),
}
