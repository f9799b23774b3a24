//! What the graph asks about the world outside recipes.

use std::fmt;

use crom_model::conaninfo::{ConanInfo, ConanInfoText};
use crom_model::reference::{PackageReference, RecipeReference};
use crom_recipe::RecipeFile;
use serde::{Deserialize, Serialize};

/// Which recipes and binaries exist. Implemented over the cache, editables and remotes; it may
/// download recipes, since a recipe that is part of a graph has to be read.
///
/// Answers must not change while one graph is computed; the graph asks for each thing once.
pub trait Catalog: Send + Sync + fmt::Debug {
    /// Brings the recipe of an exact reference (with or without revision) onto this machine:
    /// editable first, then the cache, then remotes in order (all of them for an update).
    ///
    /// # Errors
    /// [`CatalogError::NotFound`] with the words shown after `Package 'x' not resolved:`, e.g.
    /// `Unable to find 'x/1' in remotes` or `No remote defined`.
    fn recipe(&self, reference: &RecipeReference) -> Result<FoundRecipe, CatalogError>;

    /// Versions of `name/*[@user/channel]` in the cache and among editables, in any order.
    fn cached_versions(
        &self,
        search: &RecipeReference,
    ) -> Result<Vec<RecipeReference>, CatalogError>;

    /// The remotes that may be asked for this reference, in order; those whose
    /// `allowed_packages` exclude it are left out.
    fn remotes(&self, reference: &RecipeReference) -> Vec<String>;

    /// Versions of `name/*[@user/channel]` in a remote, in any order.
    fn remote_versions(
        &self,
        remote: &str,
        search: &RecipeReference,
    ) -> Result<Vec<RecipeReference>, CatalogError>;

    /// The latest package revision in the cache; a half-finished one (dirty) doesn't count.
    fn cached_binary(
        &self,
        package: &PackageReference,
    ) -> Result<Option<FoundBinary>, CatalogError>;

    /// The latest package revision in a remote. `info` is what the id was made of: a remote may
    /// need it.
    fn remote_binary(
        &self,
        remote: &str,
        package: &PackageReference,
        info: &ConanInfo,
    ) -> Result<Option<FoundBinary>, CatalogError>;

    /// A given package revision, asked for by a lockfile: in the cache?
    fn has_cached_revision(&self, package: &PackageReference) -> Result<bool, CatalogError>;

    /// All package ids of a recipe revision with the text of their `conaninfo.txt`, in a remote.
    /// Used by `core.graph:compatibility_mode=optimized` and by `graph explain`.
    fn remote_packages(
        &self,
        remote: &str,
        recipe: &RecipeReference,
    ) -> Result<Vec<(String, ConanInfoText)>, CatalogError>;

    /// A recipe requires these, and the graph will ask for most of them. Answers nothing: who can get
    /// them ready meanwhile may.
    fn expect(&self, references: &[RecipeReference]) {
        let _ = references;
    }

    /// Can the remote have binaries at all? A folder of recipes hasn't any.
    fn has_binaries(&self, remote: &str) -> bool {
        let _ = remote;
        true
    }

    /// Does the cache have any binary of this recipe revision?
    ///
    /// # Errors
    /// The cache can't be read.
    fn has_cached_packages(&self, recipe: &RecipeReference) -> Result<bool, CatalogError> {
        Ok(!self.cached_packages(recipe)?.is_empty())
    }

    /// The same in the cache.
    fn cached_packages(
        &self,
        recipe: &RecipeReference,
    ) -> Result<Vec<(String, ConanInfoText)>, CatalogError>;
}

/// A recipe that is here now.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundRecipe {
    /// With revision and time; an editable has none.
    pub reference: RecipeReference,
    /// Its code.
    pub recipe: RecipeFile,
    /// How it came here.
    pub status: RecipeStatus,
    /// Where it came from or would come from.
    pub remote: Option<String>,
}

/// A binary that exists.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundBinary {
    /// Package revision.
    pub revision: String,
    /// When it was made, in seconds since 1970.
    pub timestamp: f64,
}

/// Why the catalog has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// It isn't anywhere.
    #[error("{0}")]
    NotFound(String),
    /// The cache or a remote failed.
    #[error("{0}")]
    Failed(String),
    /// The same, with something that the user can do about it.
    #[error("{message}")]
    Fixable {
        /// What failed.
        message: String,
        /// A likely remedy.
        hint: String,
    },
}

/// How a recipe came into the graph; the `recipe` field of the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RecipeStatus {
    /// It was in the cache.
    Cache,
    /// It was downloaded for this graph.
    Downloaded,
    /// A newer revision replaced the one in the cache.
    Updated,
    /// A remote has a newer one, which wasn't asked for.
    #[serde(rename = "Update available")]
    Updateable,
    /// The cache's is newer than the remotes'.
    Newer,
    /// The same revision, with the time of the remote.
    #[serde(rename = "Cache (Updated date)")]
    CacheDateUpdated,
    /// An update was asked for and no remote has it.
    #[serde(rename = "Not in remote")]
    NotInRemote,
    /// In the user's folder.
    Editable,
    /// The conanfile that a command was given.
    Consumer,
    /// The root made for `--requires`.
    Cli,
    /// Taken from the machine.
    Platform,
}

impl RecipeStatus {
    /// As in output and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cache => "Cache",
            Self::Downloaded => "Downloaded",
            Self::Updated => "Updated",
            Self::Updateable => "Update available",
            Self::Newer => "Newer",
            Self::CacheDateUpdated => "Cache (Updated date)",
            Self::NotInRemote => "Not in remote",
            Self::Editable => "Editable",
            Self::Consumer => "Consumer",
            Self::Cli => "Cli",
            Self::Platform => "Platform",
        }
    }

    /// The root of a graph: a conanfile or the one made for `--requires`.
    pub fn is_root(self) -> bool {
        matches!(self, Self::Consumer | Self::Cli)
    }
}
