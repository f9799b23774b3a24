//! Why a graph isn't complete.

use crom_model::conf::ConfError;
use crom_model::lockfile::LockfileError;
use crom_model::options::OptionsError;
use crom_model::package_id::PackageIdError;
use crom_model::requirement::{Requirement, RequirementError};
use crom_model::settings::SettingsError;
use crom_recipe::RecipeError;

use crate::catalog::CatalogError;
use crate::graph::NodeId;

/// Computing a graph failed in a way that leaves nothing to show.
#[derive(Clone, Debug, thiserror::Error)]
pub enum GraphError {
    /// A recipe raised.
    #[error(transparent)]
    Recipe(Box<RecipeError>),
    /// The cache or a remote failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A profile's settings don't fit.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Options don't fit.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// A conf has a wrong value.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// The lockfile is too strict.
    #[error(transparent)]
    Lockfile(#[from] LockfileError),
    /// An unknown package id mode.
    #[error(transparent)]
    PackageId(#[from] PackageIdError),
    /// Types of packages don't fit.
    #[error(transparent)]
    Requirement(#[from] RequirementError),
    /// Something else that the input causes.
    #[error("{0}")]
    Other(String),
}

impl From<RecipeError> for GraphError {
    fn from(error: RecipeError) -> Self {
        Self::Recipe(Box::new(error))
    }
}

/// Expansion ended early; what was expanded until then can be shown.
#[derive(Clone, Debug, thiserror::Error)]
pub enum GraphProblem {
    /// Two versions of a package meet.
    #[error(
        "Version conflict: Conflict between {} and {} in the graph.\nConflict originates from {}",
        conflict_ref(.0, 0), conflict_ref(.0, 1), .0.node_ref
    )]
    Conflict(Box<Conflict>),
    /// A package depends on itself.
    #[error(
        "There is a cycle/loop in the graph:\n    Initial ancestor: {}\n    Require: {}\n    \
         Dependency: {}", .0.ancestor_ref, .0.require.reference.without_revision(), .0.node_ref
    )]
    Loop(Box<Loop>),
    /// A requirement can't be found or read.
    #[error("Package '{}' not resolved: {message}. Required by '{required_by}'", require.reference.without_revision())]
    Missing {
        /// The requirement.
        require: Box<Requirement>,
        /// Why.
        message: String,
        /// Who requires it.
        node: NodeId,
        /// As people see it.
        required_by: String,
        /// What the user can do about it, where that is known.
        hint: Option<String>,
    },
    /// Two packages are the same thing.
    #[error(
        "Provide Conflict: Both '{first_ref}' and '{second_ref}' provide '{}'.",
        python_text(provided)
    )]
    Provides {
        /// One of them.
        first: NodeId,
        /// Its reference.
        first_ref: String,
        /// The other.
        second: NodeId,
        /// Its reference.
        second_ref: String,
        /// What the other provides.
        provided: serde_json::Value,
    },
}

/// Who depends on itself.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Where the circle starts.
    pub ancestor: NodeId,
    /// Its reference.
    pub ancestor_ref: String,
    /// What closes it.
    pub require: Requirement,
    /// Who requires that, or the node that came of it.
    pub node: NodeId,
    /// Its reference.
    pub node_ref: String,
}

/// A text or list of texts as Python shows it.
fn python_text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Array(many) => {
            let quoted: Vec<String> = many
                .iter()
                .filter_map(|it| it.as_str())
                .map(|it| format!("'{it}'"))
                .collect();
            format!("[{}]", quoted.join(", "))
        }
        serde_json::Value::String(one) => one.clone(),
        other => other.to_string(),
    }
}

/// The two sides of a version conflict.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Who requires the second version.
    pub node: NodeId,
    /// Its reference.
    pub node_ref: String,
    /// What it requires.
    pub require: Requirement,
    /// The package that was there, if it was expanded.
    pub previous: Option<NodeId>,
    /// Its reference.
    pub previous_ref: Option<String>,
    /// The requirement that was there.
    pub previous_require: Requirement,
    /// Who required that.
    pub base: NodeId,
    /// Its reference.
    pub base_ref: String,
}

fn conflict_ref(conflict: &Conflict, side: usize) -> String {
    if side == 0 {
        return conflict.require.reference.without_revision().to_string();
    }
    match &conflict.previous_ref {
        Some(reference) => reference.clone(),
        None => conflict
            .previous_require
            .reference
            .without_revision()
            .to_string(),
    }
}
