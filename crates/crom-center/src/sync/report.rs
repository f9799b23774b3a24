//! What a merge with upstream would bring.

use std::collections::BTreeSet;

use serde::Serialize;

use super::diff::FileChange;

/// Everything of upstream that matters to a fork.
#[derive(Clone, Debug, Serialize)]
pub struct SyncReport {
    /// The fork's commit.
    pub head: String,
    /// Upstream's commit.
    pub upstream: String,
    /// How many commits upstream is ahead.
    pub commits: usize,
    /// Recipes in use that change for the versions in use.
    pub recipes: Vec<RecipeChange>,
    /// Versions of recipes in use that upstream adds.
    pub new_versions: Vec<NewVersions>,
    /// Binaries that would be built.
    pub rebuilt: Vec<Rebuilt>,
    /// How many binaries stay as they are.
    pub kept: usize,
    /// For the auditor.
    pub new_licences: Vec<NewLicence>,
    /// For the auditor.
    pub new_hosts: Vec<NewHost>,
    /// Combinations of the list that could not be resolved any more.
    pub failures: Vec<String>,
    /// How many recipes change that nothing here uses.
    pub other_recipes: usize,
    /// Recipes in use that change only for other versions.
    pub without_effect: Vec<String>,
    /// Where the fork's own changes and upstream's contradict each other.
    pub conflicts: Vec<Conflict>,
    /// The commit of the merge, once it is made.
    pub applied: Option<String>,
}

/// What changes of a recipe.
#[derive(Clone, Debug, Serialize)]
pub struct RecipeChange {
    /// Its name.
    pub name: String,
    /// Versions in use whose recipe revision changes.
    pub revisions: Vec<Revision>,
    /// Files that the versions in use need.
    pub files: Vec<FileChange>,
    /// Files of the recipe that the fork has changed itself.
    pub customised: Vec<String>,
    /// Upstream's commits, newest first.
    pub commits: Vec<Commit>,
}

/// A recipe revision that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// The version.
    pub version: String,
    /// Now; none for one that isn't in use yet.
    pub was: Option<String>,
    /// After the merge; none for one that isn't used any more.
    pub becomes: Option<String>,
}

/// A commit of upstream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Commit {
    /// Abbreviated.
    pub id: String,
    /// The name only.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
}

/// Versions that upstream adds to a recipe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewVersions {
    /// The recipe.
    pub name: String,
    /// In the order of `config.yml`.
    pub new: Vec<String>,
}

/// A binary that would be built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// `name/version`
    pub reference: String,
    /// Its id.
    pub package_id: String,
    /// For these profiles.
    pub profiles: BTreeSet<String>,
    /// `changed recipe`, `changed dependency`, `new version`
    pub why: String,
}

/// A licence that a recipe didn't have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewLicence {
    /// The recipe.
    pub recipe: String,
    /// The licence.
    pub licence: String,
    /// Those that it has now.
    pub was: Vec<String>,
    /// Whether nothing in the fork has it now.
    pub new_to_fork: bool,
}

/// A host that nothing was downloaded from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewHost {
    /// The host.
    pub host: String,
    /// What is downloaded from it.
    pub references: BTreeSet<String>,
}

/// Files of a recipe that can't be merged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The recipe; none for files beside recipes.
    pub recipe: Option<String>,
    /// Whether the fork uses it.
    pub used: bool,
    /// Paths with the parts that contradict each other, in git's markers; no parts where one side has
    /// removed the file.
    pub files: Vec<(String, Vec<String>)>,
}

impl SyncReport {
    /// Whether the merge would change anything that is in use.
    pub fn has_effect(&self) -> bool {
        !self.recipes.is_empty() || !self.rebuilt.is_empty() || !self.failures.is_empty()
    }
}
