//! Lockfiles: `conan.lock`, format 0.5.
//!
//! ```text
//! {
//!     "version": "0.5",
//!     "requires": [
//!         "zlib/1.3#f52e03ae3d251dec704634230cd806a2%1708593606.497"
//!     ],
//!     "build_requires": [],
//!     "python_requires": [],
//!     "config_requires": []
//! }
//! ```
//!
//! Lists are sorted with the highest reference first. With locked packages an entry is a pair of
//! the reference and an object of package id to package revision.

mod requires;
mod resolve;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::reference::{PackageReference, RecipeReference};

pub use requires::LockedRequires;

/// The version of the format.
pub const LOCKFILE_VERSION: &str = "0.5";

/// A lockfile that can't be used, or that doesn't allow what is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockfileError {
    /// Not JSON, or not of the expected form.
    #[error("lockfile: {0}")]
    Malformed(String),
    /// Another version of the format.
    #[error(
        "This lockfile was created with an incompatible version. Please regenerate the lockfile"
    )]
    Version,
    /// An entry that isn't a reference.
    #[error(transparent)]
    Reference(#[from] crate::reference::ReferenceError),
    /// A range that can't be parsed.
    #[error(transparent)]
    Range(#[from] crate::version_range::VersionRangeError),
    /// `lock add` of what is there, with a revision.
    #[error("Cannot add {0} to lockfile, already exists")]
    AlreadyThere(String),
    /// Strict and no entry.
    #[error("Requirement '{requirement}' not in lockfile '{kind}'")]
    NotLocked {
        /// The requirement.
        requirement: String,
        /// The list.
        kind: &'static str,
    },
}

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

impl LockKind {
    /// All lists, in the order of the file.
    pub const ALL: [LockKind; 4] = [
        LockKind::Requires,
        LockKind::BuildRequires,
        LockKind::PythonRequires,
        LockKind::ConfigRequires,
    ];

    /// The key in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            LockKind::Requires => "requires",
            LockKind::BuildRequires => "build_requires",
            LockKind::PythonRequires => "python_requires",
            LockKind::ConfigRequires => "config_requires",
        }
    }
}

/// The content of a `conan.lock`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lockfile {
    /// Host requirements.
    pub requires: LockedRequires,
    /// Tools.
    pub build_requires: LockedRequires,
    /// Python requires.
    pub python_requires: LockedRequires,
    /// Configuration packages.
    pub config_requires: LockedRequires,
    /// What the graph replaced: reference to the references that came in its place, none where it
    /// also stayed.
    pub overrides: IndexMap<String, BTreeSet<Option<String>>>,
    /// `--lockfile-partial`: a requirement without entry is resolved as without lockfile.
    pub partial: bool,
}

impl Lockfile {
    /// Reads the JSON text.
    pub fn loads(text: &str) -> Result<Self, LockfileError> {
        let json: Value = serde_json::from_str(text)
            .map_err(|error| LockfileError::Malformed(error.to_string()))?;
        Self::from_json(&json)
    }

    /// Reads the JSON. Lists may be missing, unknown keys are ignored.
    pub fn from_json(json: &Value) -> Result<Self, LockfileError> {
        let malformed =
            |what: &str| LockfileError::Malformed(format!("unexpected type of '{what}'"));
        let map = json.as_object().ok_or_else(|| malformed("lockfile"))?;
        if map
            .get("version")
            .is_some_and(|version| version != LOCKFILE_VERSION)
        {
            return Err(LockfileError::Version);
        }
        let mut lockfile = Self::default();
        for kind in LockKind::ALL {
            if let Some(list) = map.get(kind.as_str()) {
                *lockfile.list_mut(kind) = LockedRequires::from_json(list)?;
            }
        }
        if let Some(overrides) = map.get("overrides") {
            lockfile.overrides =
                serde_json::from_value(overrides.clone()).map_err(|_| malformed("overrides"))?;
        }
        Ok(lockfile)
    }

    /// The JSON, in the order of the file.
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("version".to_owned(), json!(LOCKFILE_VERSION));
        for kind in [
            LockKind::Requires,
            LockKind::BuildRequires,
            LockKind::PythonRequires,
        ] {
            map.insert(kind.as_str().to_owned(), self.list(kind).to_json());
        }
        if !self.overrides.is_empty() {
            map.insert("overrides".to_owned(), json!(self.overrides));
        }
        map.insert("config_requires".to_owned(), self.config_requires.to_json());
        Value::Object(map)
    }

    /// The text of the file: indented by 4 spaces, with a final newline.
    pub fn dumps(&self) -> String {
        let mut text = pretty(&self.to_json());
        text.push('\n');
        text
    }

    /// One of the lists.
    pub fn list(&self, kind: LockKind) -> &LockedRequires {
        match kind {
            LockKind::Requires => &self.requires,
            LockKind::BuildRequires => &self.build_requires,
            LockKind::PythonRequires => &self.python_requires,
            LockKind::ConfigRequires => &self.config_requires,
        }
    }

    /// One of the lists.
    pub fn list_mut(&mut self, kind: LockKind) -> &mut LockedRequires {
        match kind {
            LockKind::Requires => &mut self.requires,
            LockKind::BuildRequires => &mut self.build_requires,
            LockKind::PythonRequires => &mut self.python_requires,
            LockKind::ConfigRequires => &mut self.config_requires,
        }
    }

    /// Takes in all entries of another lockfile.
    pub fn merge(&mut self, other: &Lockfile) {
        for kind in LockKind::ALL {
            self.list_mut(kind).merge(other.list(kind));
        }
        for (reference, replaced) in &other.overrides {
            self.overrides
                .entry(reference.clone())
                .or_default()
                .extend(replaced.iter().cloned());
        }
    }

    /// `lock add`: an entry of the same revision is replaced; a reference without revision that is
    /// there with one is an error.
    pub fn add(
        &mut self,
        kind: LockKind,
        reference: &RecipeReference,
    ) -> Result<(), LockfileError> {
        self.list_mut(kind).add(reference)
    }

    /// A package of a graph: its recipe, and with `lock_packages` also the id and revision. An entry
    /// that is there stays.
    pub fn add_package(&mut self, kind: LockKind, package: &PackageReference, lock_packages: bool) {
        self.list_mut(kind).insert_package(package, lock_packages);
    }

    /// A recipe of a graph. An entry that is there stays; one without revision gets it.
    pub fn add_reference(&mut self, kind: LockKind, reference: &RecipeReference) {
        self.list_mut(kind).insert_reference(reference);
    }

    /// `lock remove`: what a reference, a pattern (`zlib/*`) or a range selects. Gives what was
    /// removed.
    pub fn remove(
        &mut self,
        kind: LockKind,
        pattern: &str,
    ) -> Result<Vec<RecipeReference>, LockfileError> {
        self.list_mut(kind).remove(pattern)
    }

    /// `lock update`: the reference replaces all entries of its name. Gives what was replaced.
    pub fn update(&mut self, kind: LockKind, reference: &RecipeReference) -> Vec<RecipeReference> {
        self.list_mut(kind).update(reference)
    }
}

/// JSON as Python's `json.dumps(indent=4)`.
fn pretty(json: &Value) -> String {
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    match json.serialize(&mut serializer) {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        // Writing a value to memory has no way to fail.
        Err(_) => json.to_string(),
    }
}
