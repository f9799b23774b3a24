//! A local-recipes-index: `recipes/<name>/config.yml` and the folders it names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crom_model::conf::fnmatch;
use crom_model::reference::RecipeReference;
use crom_model::yaml::{self, Value};
use rayon::prelude::*;

use crate::export_memory::FolderSignature;
use crate::{RemoteError, Result};

/// A folder of recipes.
#[derive(Debug)]
pub struct LocalRecipesIndex {
    name: String,
    root: PathBuf,
    home: PathBuf,
    /// What was read of `config.yml` files, by name.
    configs: Mutex<HashMap<String, Arc<Vec<Entry>>>>,
}

/// One version of a `config.yml`.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    reference: RecipeReference,
    folder: String,
}

/// Where a recipe is in an index.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexRecipe {
    /// Without revision.
    pub reference: RecipeReference,
    /// The folder with everything that is exported.
    pub folder: PathBuf,
    /// `conanfile.py` in it.
    pub conanfile: PathBuf,
}

impl LocalRecipesIndex {
    /// The index in the folder `root`. `home` is its private mini home. Nothing is read yet.
    pub fn new(name: &str, root: impl Into<PathBuf>, home: impl Into<PathBuf>) -> Self {
        Self {
            name: name.to_owned(),
            root: root.into(),
            home: home.into(),
            configs: Mutex::new(HashMap::new()),
        }
    }

    /// The remote's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The private mini home, a Conan home with nothing but a cache.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The cache of the mini home, where recipes are exported to.
    pub fn cache_folder(&self) -> PathBuf {
        self.home.join("p")
    }

    /// All versions of a name, sorted. Empty for a name that the index doesn't have.
    ///
    /// # Errors
    /// When its `config.yml` can't be read, or the folder isn't an index.
    pub fn versions(&self, name: &str) -> Result<Vec<RecipeReference>> {
        let mut versions: Vec<_> = self
            .config(name)?
            .iter()
            .map(|entry| entry.reference.clone())
            .collect();
        versions.sort();
        Ok(versions)
    }

    /// References that match an fnmatch pattern over `name` or `name/version`, sorted.
    ///
    /// # Errors
    /// When a `config.yml` can't be read, or the folder isn't an index.
    pub fn search(&self, pattern: &str) -> Result<Vec<RecipeReference>> {
        // Recipes of an index have neither user nor channel.
        let pattern = match pattern.split_once('@') {
            Some((plain, "" | "*" | "*/*")) => plain,
            Some(_) => return Ok(Vec::new()),
            None => pattern,
        };
        let name_pattern = pattern.split('/').next().unwrap_or(pattern);
        let names = if name_pattern.contains(['*', '?', '[']) {
            let mut names = self.names()?;
            // A `*` may match a `/`, so a pattern without one is about the whole reference.
            if pattern.contains('/') {
                names.retain(|name| fnmatch(name_pattern, name));
            }
            names
        } else {
            vec![name_pattern.to_owned()]
        };
        let configs: Vec<Arc<Vec<Entry>>> = names
            .par_iter()
            .map(|name| self.config(name))
            .collect::<Result<_>>()?;
        let mut found: Vec<RecipeReference> = configs
            .iter()
            .flat_map(|entries| entries.iter())
            .map(|entry| &entry.reference)
            .filter(|reference| {
                fnmatch(
                    pattern,
                    &format!("{}/{}", reference.name, reference.version),
                ) || fnmatch(pattern, &reference.name)
            })
            .cloned()
            .collect();
        found.sort();
        Ok(found)
    }

    /// Where a recipe is; none if the index doesn't have it. A revision is ignored: the index knows
    /// only the one that is exported from its files now.
    ///
    /// # Errors
    /// When its `config.yml` can't be read, or names a folder without `conanfile.py`.
    pub fn locate(&self, reference: &RecipeReference) -> Result<Option<IndexRecipe>> {
        // A folder that isn't an index has no recipes; who asks what there is hears of it.
        if reference.user.is_some() || !crom_fs::is_dir(self.recipes_folder()) {
            return Ok(None);
        }
        let entries = self.config(&reference.name)?;
        let Some(entry) = entries
            .iter()
            .find(|entry| entry.reference.version == reference.version)
        else {
            return Ok(None);
        };
        let folder = self.recipe_folder(&reference.name).join(&entry.folder);
        let conanfile = folder.join("conanfile.py");
        if !crom_fs::is_file(&conanfile) {
            return Err(RemoteError::BadConfig {
                path: self.recipe_folder(&reference.name).join("config.yml"),
                message: format!("'{}' doesn't exist", conanfile.display()),
            });
        }
        Ok(Some(IndexRecipe {
            reference: entry.reference.clone(),
            folder,
            conanfile,
        }))
    }

    /// What all files that can take part in the export of a recipe look like now: those of all its
    /// versions, since a recipe may reach into the folder beside it.
    ///
    /// # Errors
    /// When the folder can't be listed.
    pub fn signature(&self, recipe: &IndexRecipe) -> Result<FolderSignature> {
        FolderSignature::of(&self.recipe_folder(&recipe.reference.name), &recipe.folder)
    }

    /// The revision that an earlier export of a recipe had, if its files are the same as then. The
    /// recipe may still have been removed from the mini home's cache.
    pub fn remembered_revision(
        &self,
        recipe: &IndexRecipe,
        signature: &FolderSignature,
    ) -> Option<String> {
        signature.remembered(&self.memory_file(recipe))
    }

    /// Keeps the revision of an export for the next time. Files that changed just now aren't
    /// trusted: a second change within the clock's tick would go unseen.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn remember_revision(
        &self,
        recipe: &IndexRecipe,
        signature: &FolderSignature,
        revision: &str,
    ) -> Result<()> {
        signature.remember(&self.memory_file(recipe), revision)
    }

    fn memory_file(&self, recipe: &IndexRecipe) -> PathBuf {
        let name = format!("{}_{}", recipe.reference.name, recipe.reference.version);
        self.home.join(".crom").join("exports").join(name)
    }

    fn recipes_folder(&self) -> PathBuf {
        self.root.join("recipes")
    }

    fn recipe_folder(&self, name: &str) -> PathBuf {
        self.recipes_folder().join(name)
    }

    /// Names of all recipes, sorted.
    fn names(&self) -> Result<Vec<String>> {
        self.check()?;
        let mut names = crom_fs::list(self.recipes_folder())?;
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        Ok(names)
    }

    fn check(&self) -> Result<()> {
        let folder = self.recipes_folder();
        if crom_fs::is_dir(&folder) {
            return Ok(());
        }
        Err(RemoteError::NoRecipesFolder {
            name: self.name.clone(),
            folder,
        })
    }

    fn config(&self, name: &str) -> Result<Arc<Vec<Entry>>> {
        let configs = || self.configs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = configs().get(name) {
            return Ok(Arc::clone(known));
        }
        let entries = Arc::new(self.read_config(name)?);
        configs().insert(name.to_owned(), Arc::clone(&entries));
        Ok(entries)
    }

    fn read_config(&self, name: &str) -> Result<Vec<Entry>> {
        // A name is one folder, whatever a reference says.
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']) {
            return Ok(Vec::new());
        }
        let path = self.recipe_folder(name).join("config.yml");
        let text = match crom_fs::read_text(&path) {
            Ok(text) => text,
            Err(error) if error.is_not_found() => {
                self.check()?;
                return Ok(Vec::new());
            }
            Err(error) => return Err(error.into()),
        };
        let bad = |message: String| RemoteError::BadConfig {
            path: path.clone(),
            message,
        };
        let config = yaml::load(&text, "config.yml").map_err(|error| bad(error.to_string()))?;
        let versions = config
            .get("versions")
            .and_then(Value::as_map)
            .ok_or_else(|| bad("there is no 'versions' mapping".to_owned()))?;
        versions
            .iter()
            .map(|(version, entry)| {
                let version = version.to_python_str();
                let folder = entry
                    .get("folder")
                    .map(Value::to_python_str)
                    .ok_or_else(|| bad(format!("the version {version} has no 'folder'")))?;
                Ok(Entry {
                    reference: RecipeReference::new(name, version.as_str()),
                    folder,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
