//! Lockfiles.
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use crate::reference::{RecipeReference, PackageReference};
use crate::requirement::Requirement;
/// Unusable or too strict lockfile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockfileError {
    /// Malformed or other version.
    #[error("{0}")]
    Invalid(String),
    /// Strict and no entry.
    #[error("Requirement '{requirement}' not in lockfile '{kind}'")]
    NotLocked {
        /// The requirement.
        requirement: String,
        /// `requires`, `build_requires`...
        kind: String,
    },
}
/// One list of locked references, newest first. Each may hold locked packages: id to prev.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LockedRequires {}
/// Which list of a lockfile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockKind {
    /// `requires`
    Requires,
    /// `build_requires`
    BuildRequires,
    /// `python_requires`
    PythonRequires,
    /// `config_requires`
    ConfigRequires,
}
/// `conan.lock`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lockfile {
    /// `requires`
    pub requires: LockedRequires,
    /// `build_requires`
    pub build_requires: LockedRequires,
    /// `python_requires`
    pub python_requires: LockedRequires,
    /// `config_requires`
    pub config_requires: LockedRequires,
    /// `alias`: reference to reference
    pub alias: IndexMap<String, String>,
    /// `overrides`: reference to the references that replaced it (none = removed)
    pub overrides: IndexMap<String, Vec<Option<String>>>,
    /// `--lockfile-partial`
    pub partial: bool,
}
impl Lockfile {
    /// Reads the JSON text.
    pub fn loads(_text: &str) -> Result<Self, LockfileError> { todo!() }
    /// JSON text.
    pub fn dumps(&self) -> String { todo!() }
    /// Merges.
    pub fn merge(&mut self, _other: &Lockfile) { todo!() }
    /// `lock add`
    pub fn add(&mut self, _kind: LockKind, _reference: &RecipeReference) { todo!() }
    /// A reference and its package ids from a graph.
    pub fn add_package(&mut self, _kind: LockKind, _package: &PackageReference) { todo!() }
    /// `lock remove`: pattern
    pub fn remove(&mut self, _kind: LockKind, _pattern: &str) { todo!() }
    /// `lock update`: replaces entries of the same name.
    pub fn update(&mut self, _kind: LockKind, _reference: &RecipeReference) { todo!() }
    /// Changes `require.reference` to the locked one.
    pub fn resolve_locked(&self, _require: &mut Requirement, _build_context: bool, _resolve_prereleases: Option<bool>) -> Result<(), LockfileError> { todo!() }
    /// The same for python requires.
    pub fn resolve_locked_pyrequires(&self, _require: &mut Requirement, _resolve_prereleases: Option<bool>) -> Result<(), LockfileError> { todo!() }
    /// Applies `overrides`.
    pub fn resolve_overrides(&self, _require: &mut Requirement) { todo!() }
    /// Locked package revision.
    pub fn resolve_prev(&self, _reference: &RecipeReference, _package_id: &str, _build_context: bool) -> Option<String> { todo!() }
}
