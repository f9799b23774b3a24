use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crom_graph::{Catalog, CatalogError, FoundBinary, FoundRecipe, RecipeStatus, UpdatePolicy};
use crom_model::conaninfo::{ConanInfo, ConanInfoText};
use crom_model::reference::{PackageReference, RecipeReference};
use crom_recipe::{RecipeFile, RecipeSource};
use crom_store::cache::{Cache, RecipeLayout, is_dirty};
use crom_store::editables::Editables;

use crate::index::Source;
use crate::{OpsError, Session};

/// What exists, for one graph: editables, the cache, and the remotes that the command may use.
#[derive(Debug)]
pub struct SessionCatalog<'a> {
    session: &'a Session,
    cache: &'a Cache,
    editables: Editables,
    sources: Vec<Source>,
    update: UpdatePolicy,
    check_updates: bool,
    /// Recipes whose remote was asked already; each is asked once.
    found: Mutex<HashMap<String, FoundRecipe>>,
}

impl<'a> SessionCatalog<'a> {
    /// `sources` in the order in which they are asked.
    ///
    /// # Errors
    /// `global.conf` or `editable_packages.json` don't parse.
    pub fn new(
        session: &'a Session,
        sources: Vec<Source>,
        update: UpdatePolicy,
        check_updates: bool,
    ) -> Result<Self, OpsError> {
        Ok(Self {
            session,
            cache: session.cache()?,
            editables: Editables::load(session.home())?,
            sources,
            update,
            check_updates,
            found: Mutex::default(),
        })
    }

    /// Brings the exported sources of a recipe into the cache, if they are still where the recipe
    /// came from.
    ///
    /// # Errors
    /// They aren't anywhere.
    pub fn export_sources(&self, layout: &RecipeLayout) -> Result<(), OpsError> {
        if crom_fs::is_dir(layout.export_sources()) {
            return Ok(());
        }
        for source in self.allowed(&layout.reference) {
            if let Some(found) = source.recipe(self.session, &layout.reference)?
                && found.reference.revision == layout.reference.revision
            {
                return Ok(self.cache.copy_export_sources(&found, layout)?);
            }
        }
        if layout_has_exported_sources(layout)? {
            let reference = layout.reference.repr_notime();
            return Err(OpsError::message(format!(
                "The '{reference}' package has 'exports_sources' but sources not found in local cache.\n\
                 Probably it was installed from a remote that is no longer available."
            )));
        }
        crom_fs::create_dir_all(layout.export_sources())?;
        Ok(())
    }

    fn allowed(&self, reference: &RecipeReference) -> impl Iterator<Item = &Source> {
        self.sources
            .iter()
            .filter(|source| source.allows(reference))
    }

    fn editable(&self, reference: &RecipeReference) -> Option<FoundRecipe> {
        let editable = self
            .editables
            .get(&reference.without_revision().to_string())?;
        Some(FoundRecipe {
            reference: reference.without_revision(),
            recipe: RecipeFile {
                source: RecipeSource::Python(editable.path.clone()),
                folder: editable
                    .path
                    .parent()
                    .map(std::path::Path::to_path_buf)
                    .unwrap_or_default(),
                digest: None,
            },
            status: RecipeStatus::Editable,
            remote: None,
        })
    }

    fn find(&self, reference: &RecipeReference) -> Result<FoundRecipe, CatalogError> {
        if let Some(editable) = self.editable(reference) {
            return Ok(editable);
        }
        let cached = match self.cache.recipe(reference) {
            Ok(layout) => Some(layout),
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(failed(error)),
        };
        let update = self.update.wants(reference);
        match cached {
            Some(layout) if !update && !self.check_updates => {
                self.cache.note_use([layout.reference.clone()], []);
                Ok(found(&layout, RecipeStatus::Cache, None))
            }
            Some(layout) => self.update(&layout, update),
            None => self.download(reference),
        }
    }

    fn download(&self, reference: &RecipeReference) -> Result<FoundRecipe, CatalogError> {
        let reporter = self.session.reporter();
        let scope = reference.without_revision().to_string();
        reporter.status(&scope, "Not found in local cache, looking in remotes...");
        if self.sources.is_empty() {
            return Err(CatalogError::NotFound("No remote defined".to_owned()));
        }
        for source in self.allowed(reference) {
            reporter.status(&scope, &format!("Checking remote: {}", source.name()));
            if let Some(layout) = source.recipe(self.session, reference).map_err(failed)? {
                let copied = self
                    .cache
                    .copy_recipe_later(&layout, false)
                    .map_err(failed)?;
                let revision = copied.reference.revision.clone().unwrap_or_default();
                reporter.status(&scope, &format!("Downloaded recipe revision {revision}"));
                return Ok(found(
                    &copied,
                    RecipeStatus::Downloaded,
                    Some(source.name()),
                ));
            }
        }
        Err(CatalogError::NotFound(format!(
            "Unable to find '{}' in remotes",
            reference.repr_notime()
        )))
    }

    /// The cache has the recipe, and newer ones are looked for in all remotes.
    fn update(&self, cached: &RecipeLayout, update: bool) -> Result<FoundRecipe, CatalogError> {
        let reporter = self.session.reporter();
        let scope = cached.reference.without_revision().to_string();
        let mut newest: Option<(RecipeLayout, &str)> = None;
        let wanted = cached.reference.without_revision();
        for source in self.allowed(&wanted) {
            reporter.status(&scope, &format!("Checking remote: {}", source.name()));
            if let Some(layout) = source.recipe(self.session, &wanted).map_err(failed)?
                && newest
                    .as_ref()
                    .is_none_or(|(best, _)| time(&layout) > time(best))
            {
                newest = Some((layout, source.name()));
            }
        }
        let Some((newest, remote)) = newest else {
            return Ok(found(cached, RecipeStatus::NotInRemote, None));
        };
        if newest.reference.revision == cached.reference.revision {
            let status = if time(&newest) > time(cached) {
                self.cache
                    .copy_recipe_later(&newest, false)
                    .map_err(failed)?;
                RecipeStatus::CacheDateUpdated
            } else {
                RecipeStatus::Cache
            };
            return Ok(found(cached, status, Some(remote)));
        }
        if time(&newest) <= time(cached) {
            return Ok(found(cached, RecipeStatus::Newer, Some(remote)));
        }
        if !update {
            return Ok(found(cached, RecipeStatus::Updateable, Some(remote)));
        }
        let copied = self
            .cache
            .copy_recipe_later(&newest, false)
            .map_err(failed)?;
        let revision = copied.reference.revision.clone().unwrap_or_default();
        reporter.status(&scope, &format!("Downloaded recipe revision {revision}"));
        Ok(found(&copied, RecipeStatus::Updated, Some(remote)))
    }

    fn source(&self, remote: &str) -> Result<&Source, CatalogError> {
        let source = self.sources.iter().find(|source| source.name() == remote);
        source.ok_or_else(|| {
            CatalogError::Failed(format!("Remote '{remote}' is not among those in use"))
        })
    }
}

impl Catalog for SessionCatalog<'_> {
    fn recipe(&self, reference: &RecipeReference) -> Result<FoundRecipe, CatalogError> {
        let key = reference.repr_notime();
        let lock = |result: &Mutex<HashMap<String, FoundRecipe>>| -> Option<FoundRecipe> {
            result
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&key)
                .cloned()
        };
        if let Some(known) = lock(&self.found) {
            return Ok(known);
        }
        let recipe = self.find(reference)?;
        self.found
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, recipe.clone());
        Ok(recipe)
    }

    fn cached_versions(
        &self,
        search: &RecipeReference,
    ) -> Result<Vec<RecipeReference>, CatalogError> {
        let mut versions = self.cache.versions(&search.name).map_err(failed)?;
        let editables = self
            .editables
            .iter()
            .filter_map(|(text, _)| RecipeReference::loads(text).ok());
        versions.extend(editables.filter(|found| found.name == search.name));
        versions.retain(|found| found.user == search.user && found.channel == search.channel);
        Ok(versions)
    }

    fn remotes(&self, reference: &RecipeReference) -> Vec<String> {
        self.allowed(reference)
            .map(|source| source.name().to_owned())
            .collect()
    }

    fn remote_versions(
        &self,
        remote: &str,
        search: &RecipeReference,
    ) -> Result<Vec<RecipeReference>, CatalogError> {
        self.source(remote)?.versions(search).map_err(failed)
    }

    fn cached_binary(
        &self,
        package: &PackageReference,
    ) -> Result<Option<FoundBinary>, CatalogError> {
        let latest = self.cache.latest_package(package).map_err(failed)?;
        let Some(latest) = latest else {
            return Ok(None);
        };
        let layout = self.cache.package(&latest).map_err(failed)?;
        if is_dirty(&layout.package()) {
            return Ok(None);
        }
        self.cache.note_use([], [latest.clone()]);
        let timestamp = latest.timestamp.unwrap_or_default();
        Ok(latest.revision.map(|revision| FoundBinary {
            revision,
            timestamp,
        }))
    }

    fn remote_binary(
        &self,
        remote: &str,
        _package: &PackageReference,
        _info: &ConanInfo,
    ) -> Result<Option<FoundBinary>, CatalogError> {
        // A folder of recipes has no binaries; what a server has can't be known yet.
        self.source(remote)?.refuse_server().map_err(failed)?;
        Ok(None)
    }

    fn has_cached_revision(&self, package: &PackageReference) -> Result<bool, CatalogError> {
        let revisions = self.cache.package_revisions(package).map_err(failed)?;
        Ok(revisions
            .iter()
            .any(|found| found.revision == package.revision))
    }

    fn remote_packages(
        &self,
        _remote: &str,
        _recipe: &RecipeReference,
    ) -> Result<Vec<(String, ConanInfoText)>, CatalogError> {
        Ok(Vec::new())
    }

    fn cached_packages(
        &self,
        recipe: &RecipeReference,
    ) -> Result<Vec<(String, ConanInfoText)>, CatalogError> {
        let packages = self.cache.package_ids(recipe).map_err(failed)?;
        packages
            .into_iter()
            .map(|package| {
                let info = self
                    .cache
                    .package(&package)
                    .and_then(|layout| layout.conaninfo());
                info.map(|info| (package.package_id, info)).map_err(failed)
            })
            .collect()
    }
}

/// Knows nothing: for recipes that may not require others.
#[derive(Clone, Copy, Debug)]
pub struct NoCatalog;

impl Catalog for NoCatalog {
    fn recipe(&self, reference: &RecipeReference) -> Result<FoundRecipe, CatalogError> {
        Err(CatalogError::NotFound(format!(
            "'{reference}': recipes of a local-recipes-index can't use python_requires while they are exported"
        )))
    }

    fn cached_versions(
        &self,
        _search: &RecipeReference,
    ) -> Result<Vec<RecipeReference>, CatalogError> {
        Ok(Vec::new())
    }

    fn remotes(&self, _reference: &RecipeReference) -> Vec<String> {
        Vec::new()
    }

    fn remote_versions(
        &self,
        _remote: &str,
        _search: &RecipeReference,
    ) -> Result<Vec<RecipeReference>, CatalogError> {
        Ok(Vec::new())
    }

    fn cached_binary(
        &self,
        _package: &PackageReference,
    ) -> Result<Option<FoundBinary>, CatalogError> {
        Ok(None)
    }

    fn remote_binary(
        &self,
        _remote: &str,
        _package: &PackageReference,
        _info: &ConanInfo,
    ) -> Result<Option<FoundBinary>, CatalogError> {
        Ok(None)
    }

    fn has_cached_revision(&self, _package: &PackageReference) -> Result<bool, CatalogError> {
        Ok(false)
    }

    fn remote_packages(
        &self,
        _remote: &str,
        _recipe: &RecipeReference,
    ) -> Result<Vec<(String, ConanInfoText)>, CatalogError> {
        Ok(Vec::new())
    }

    fn cached_packages(
        &self,
        _recipe: &RecipeReference,
    ) -> Result<Vec<(String, ConanInfoText)>, CatalogError> {
        Ok(Vec::new())
    }
}

/// What the graph needs to know of a recipe in the cache. The revision stands for everything in its
/// folder.
fn found(layout: &RecipeLayout, status: RecipeStatus, remote: Option<&str>) -> FoundRecipe {
    FoundRecipe {
        reference: layout.reference.clone(),
        recipe: RecipeFile {
            source: RecipeSource::Python(layout.conanfile()),
            folder: layout.export(),
            digest: layout.reference.revision.clone(),
        },
        status,
        remote: remote.map(str::to_owned),
    }
}

fn time(layout: &RecipeLayout) -> f64 {
    layout.reference.timestamp.unwrap_or_default()
}

fn layout_has_exported_sources(layout: &RecipeLayout) -> Result<bool, OpsError> {
    Ok(layout
        .manifest()?
        .files
        .keys()
        .any(|path| path.starts_with("export_source/")))
}

fn failed(error: impl Into<OpsError>) -> CatalogError {
    let error: OpsError = error.into();
    let message = error.to_string();
    match error.hints().into_iter().next() {
        Some(hint) => CatalogError::Fixable { message, hint },
        None => CatalogError::Failed(message),
    }
}
