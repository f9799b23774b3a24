//! A folder of recipes that goes before cache and remotes: the checkout of a fork.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crom_fs::digest::{Hasher, Wanted};
use crom_model::reference::RecipeReference;
use crom_store::cache::RecipeLayout;
use crom_store::remotes::{LOCAL_RECIPES_INDEX, RemoteConfig};

use crate::source::Source;
use crate::{OpsError, Session};

/// The recipes of one folder. What was found is kept for as long as the command runs.
#[derive(Debug)]
pub(crate) struct PinnedIndex {
    root: PathBuf,
    source: Source,
    recipes: Mutex<HashMap<String, Option<Found>>>,
    versions: Mutex<HashMap<String, Arc<Vec<RecipeReference>>>>,
}

/// A recipe, exported, and where its files are in the checkout.
#[derive(Clone, Debug)]
struct Found {
    layout: RecipeLayout,
    folder: PathBuf,
}

impl PinnedIndex {
    /// Reads nothing. Each root has its own private cache in the home.
    pub fn new(session: &Session, root: &Path) -> Result<Self, OpsError> {
        let mut hasher = Hasher::new(Wanted::SHA1);
        hasher.update(root.to_string_lossy().as_bytes());
        let sum = hasher.finish().sha1;
        let mut config = RemoteConfig::new(
            &format!("center-{}", &sum[..12.min(sum.len())]),
            &root.to_string_lossy(),
        );
        config.remote_type = Some(LOCAL_RECIPES_INDEX.to_owned());
        Ok(Self {
            root: root.to_path_buf(),
            source: Source::new(session, config)?,
            recipes: Mutex::default(),
            versions: Mutex::default(),
        })
    }

    /// The checkout.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Is there a recipe of this name? Recipes here have neither user nor channel.
    pub fn has(&self, reference: &RecipeReference) -> Result<bool, OpsError> {
        Ok(reference.user.is_none() && !self.versions(reference)?.is_empty())
    }

    /// All versions of a name.
    pub fn versions(&self, search: &RecipeReference) -> Result<Vec<RecipeReference>, OpsError> {
        let versions = || self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = versions().get(&search.name) {
            return Ok(known.to_vec());
        }
        let found = self.source.versions(search)?;
        versions().insert(search.name.clone(), Arc::new(found.clone()));
        Ok(found)
    }

    /// The recipe as its files are now; none if there is none, or of another revision.
    pub fn recipe(
        &self,
        session: &Session,
        reference: &RecipeReference,
    ) -> Result<Option<RecipeLayout>, OpsError> {
        Ok(self.find(session, reference)?.map(|found| found.layout))
    }

    /// Its folder in the checkout, with `test_package` beside the conanfile.
    pub fn folder(
        &self,
        session: &Session,
        reference: &RecipeReference,
    ) -> Result<Option<PathBuf>, OpsError> {
        Ok(self.find(session, reference)?.map(|found| found.folder))
    }

    fn find(
        &self,
        session: &Session,
        reference: &RecipeReference,
    ) -> Result<Option<Found>, OpsError> {
        let recipes = || self.recipes.lock().unwrap_or_else(PoisonError::into_inner);
        let key = reference.without_revision().to_string();
        let known = recipes().get(&key).cloned();
        let found = match known {
            Some(known) => known,
            None => {
                let plain = reference.without_revision();
                let found = self.source.indexed(session, &plain)?;
                let found = found.map(|(layout, recipe)| Found {
                    layout,
                    folder: recipe.folder,
                });
                recipes().insert(key, found.clone());
                found
            }
        };
        Ok(found.filter(|found| {
            reference.revision.is_none() || reference.revision == found.layout.reference.revision
        }))
    }
}
