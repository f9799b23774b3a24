//! Removing: one transaction, whatever it takes along.

use crate::access::Principal;
use crate::coordinates::{Key, Recipe};
use crate::database::{Action, AuditEntry, Kind, Repository};
use crate::error::{Error, Result};
use crate::server::Server;

/// What to remove.
#[derive(Clone, Debug)]
pub enum Removal {
    /// A recipe with all revisions and binaries.
    Recipe(Recipe),
    /// A recipe revision with its binaries.
    RecipeRevision(Key),
    /// All binaries of a recipe revision.
    Packages(Key),
    /// All revisions of a package: recipe revision, package id.
    Package(Key, String),
    /// One package revision.
    PackageRevision(Key),
}

impl Server {
    /// Removes it. Content that nothing names any more goes with the next collection.
    pub(crate) async fn remove(
        &self,
        repository: &Repository,
        principal: &Principal,
        address: &str,
        removal: &Removal,
    ) -> Result<()> {
        principal.require(repository, Action::Delete, Some(removal.recipe()))?;
        if repository.kind == Kind::Group {
            return Err(Error::Invalid(format!(
                "repository `{}` is a group: remove from its members",
                repository.name
            )));
        }
        let mut write = self.database.begin().await?;
        let id = repository.id;
        let removed = match removal {
            Removal::Recipe(recipe) => write.remove_recipe(id, recipe).await?,
            Removal::RecipeRevision(key) => write.remove_recipe_revision(id, key).await?,
            Removal::Packages(key) => write.remove_binaries(id, key, "").await?,
            Removal::Package(key, package_id) => write.remove_binaries(id, key, package_id).await?,
            Removal::PackageRevision(key) => write.remove_package_revision(id, key).await?,
        };
        if removed == 0 && !matches!(removal, Removal::Packages(_)) {
            return Err(removal.not_found());
        }
        write
            .record(&AuditEntry {
                actor: principal.actor().to_owned(),
                address: address.to_owned(),
                action: "delete".to_owned(),
                repository: repository.name.clone(),
                subject: removal.to_string(),
                detail: format!("{removed} revisions"),
                time: 0,
            })
            .await?;
        write.commit_durably().await?;
        self.answers.forget();
        Ok(())
    }
}

impl Removal {
    fn recipe(&self) -> &Recipe {
        match self {
            Self::Recipe(recipe) => recipe,
            Self::RecipeRevision(key)
            | Self::Packages(key)
            | Self::Package(key, _)
            | Self::PackageRevision(key) => &key.recipe,
        }
    }

    fn not_found(&self) -> Error {
        match self {
            Self::Recipe(recipe) => crate::coordinates::Line::of_recipe(recipe.clone()).not_found(),
            Self::RecipeRevision(key) | Self::Packages(key) | Self::PackageRevision(key) => {
                key.not_found()
            }
            Self::Package(key, package_id) => Error::NotFound(format!(
                "Binary package not found: '{}#{}:{package_id}'",
                key.recipe.in_messages(),
                key.rrev
            )),
        }
    }
}

impl std::fmt::Display for Removal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Recipe(recipe) => write!(formatter, "{recipe}"),
            Self::RecipeRevision(key) | Self::PackageRevision(key) => write!(formatter, "{key}"),
            Self::Packages(key) => write!(formatter, "{key}:*"),
            Self::Package(key, package_id) => write!(formatter, "{key}:{package_id}"),
        }
    }
}
