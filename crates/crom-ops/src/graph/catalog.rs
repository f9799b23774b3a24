use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crom_graph::{Catalog, CatalogError, FoundBinary, FoundRecipe, RecipeStatus, UpdatePolicy};
use crom_model::conaninfo::{ConanInfo, ConanInfoText};
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::requirement::Requirement;
use crom_recipe::{RecipeFile, RecipeSource};
use crom_remote::ServerRemote;
use crom_store::cache::{Cache, RecipeLayout, is_dirty};
use crom_store::editables::Editables;

use super::ahead::Ahead;
use crate::pinned::PinnedIndex;
use crate::source::Source;
use crate::{OpsError, RemoteSelection, Session};

/// What graphs call the origin of pinned recipes.
const PINNED: &str = "index";

/// What exists, for one graph: editables, the cache, and the remotes that the command may use.
#[derive(Debug)]
pub struct SessionCatalog<'a> {
    session: &'a Session,
    cache: &'a Cache,
    editables: Editables,
    /// Recipes that go before everything else.
    pinned: Option<Arc<PinnedIndex>>,
    sources: Vec<Source>,
    update: UpdatePolicy,
    check_updates: bool,
    /// Recipes whose remote was asked already; each is asked once.
    found: Mutex<HashMap<String, FoundRecipe>>,
    /// The same for binaries, by remote and package.
    binaries: Mutex<HashMap<(String, String), Option<FoundBinary>>>,
    ahead: Ahead,
}

/// Compiling needs the stack of the deepest recipe.
const STACK: usize = 64 << 20;

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
            pinned: None,
            sources,
            update,
            check_updates,
            found: Mutex::default(),
            binaries: Mutex::default(),
            ahead: Ahead::default(),
        })
    }

    /// Does `work`, which asks this catalog, while another thread gets recipes of indexes ready that
    /// will be asked for.
    pub(crate) fn working_ahead<R>(&self, work: impl FnOnce() -> R) -> R {
        if !self.sources.iter().any(Source::is_index) {
            return work();
        }
        self.ahead.begin();
        std::thread::scope(|scope| {
            let worker = std::thread::Builder::new()
                .name("ahead".to_owned())
                .stack_size(STACK);
            // Without the thread it takes longer, nothing else.
            let _ = worker.spawn_scoped(scope, || {
                while let Some(reference) = self.ahead.next() {
                    self.make_ready(&reference);
                }
            });
            let _end = EndOf(&self.ahead);
            work()
        })
    }

    /// Exports a recipe of an index and compiles it for its place in the cache. None when there's
    /// nothing to do.
    fn make_ready(&self, wanted: &RecipeReference) -> Option<()> {
        if self.editable(wanted).is_some() {
            return None;
        }
        let reference = self.version_of(wanted)?;
        if self.cache.recipe(&reference).is_ok() {
            return None;
        }
        let sources: Vec<&Source> = self.allowed(&reference).collect();
        for source in sources {
            if !source.is_index() {
                return None;
            }
            if let Some(layout) = source.make_ready(self.session, &reference) {
                let content = crom_fs::read(layout.conanfile()).ok()?;
                let path = self.cache.recipe_place(&layout.reference).conanfile();
                self.session.host().ok()?.make_ready(&path, &content);
                return Some(());
            }
        }
        None
    }

    /// Of a range, the version that it will be resolved to in an empty cache.
    fn version_of(&self, wanted: &RecipeReference) -> Option<RecipeReference> {
        let require = Requirement::new(wanted.clone());
        let Some(range) = require.version_range() else {
            return Some(wanted.clone());
        };
        let range = range.ok()?;
        let cached = self.cached_versions(wanted).ok()?;
        if cached.iter().any(|it| range.contains(&it.version, None)) {
            return None;
        }
        let source = self.allowed(wanted).next().filter(|it| it.is_index())?;
        let mut versions = source.versions(wanted).ok()?;
        versions.retain(|it| range.contains(&it.version, None));
        versions
            .into_iter()
            .max_by(|a, b| a.version.cmp(&b.version))
    }

    /// With the folder of recipes that the selection names, if it names one.
    ///
    /// # Errors
    /// As for [`Self::new`].
    pub fn with_index(mut self, selection: &RemoteSelection) -> Result<Self, OpsError> {
        if let Some(root) = &selection.index {
            self.pinned = Some(self.session.pinned(root)?);
        }
        Ok(self)
    }

    /// The pinned recipes.
    ///
    /// # Errors
    /// There are none.
    pub(crate) fn index(&self) -> Result<&PinnedIndex, OpsError> {
        let index = self.pinned.as_deref();
        index.ok_or_else(|| OpsError::message("no folder of recipes was given"))
    }

    /// Versions that a remote has, whatever is pinned; none of an index.
    ///
    /// # Errors
    /// The remote can't be asked.
    pub(crate) fn released_versions(
        &self,
        remote: &str,
        search: &RecipeReference,
    ) -> Result<Vec<RecipeReference>, OpsError> {
        self.named(remote)?.versions(search)
    }

    /// Revisions of a recipe that a remote has.
    ///
    /// # Errors
    /// The remote can't be asked.
    pub(crate) fn released_revisions(
        &self,
        remote: &str,
        reference: &RecipeReference,
    ) -> Result<Vec<RecipeReference>, OpsError> {
        let Some(server) = self.named(remote)?.as_server() else {
            return Ok(Vec::new());
        };
        match server.recipe_revisions(&reference.without_revision()) {
            Ok(revisions) => Ok(revisions),
            Err(error) if error.is_not_found() => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    fn named(&self, remote: &str) -> Result<&Source, OpsError> {
        self.source(remote)
            .map_err(|error| OpsError::message(error.to_string()))
    }

    /// The pinned recipes, if this name is among them.
    fn pinned(&self, reference: &RecipeReference) -> Result<Option<&PinnedIndex>, CatalogError> {
        match &self.pinned {
            Some(index) if index.has(reference).map_err(failed)? => Ok(Some(index)),
            _ => Ok(None),
        }
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
        let scope = layout.reference.without_revision().to_string();
        if layout_has_exported_sources(layout)? {
            for source in self.allowed(&layout.reference) {
                if source.fetch_export_sources(self.session, layout)? {
                    let text = format!("Sources downloaded from '{}'", source.name());
                    self.session.reporter().status(&scope, &text);
                    return Ok(());
                }
            }
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
        if let Some(index) = self.pinned(reference)? {
            return self.find_pinned(index, reference);
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
            Some(layout) => self.update(reference, &layout, update),
            None => self.download(reference, update),
        }
    }

    /// From the cache where it is there already: what builds works on that.
    fn find_pinned(
        &self,
        index: &PinnedIndex,
        reference: &RecipeReference,
    ) -> Result<FoundRecipe, CatalogError> {
        let indexed = index.recipe(self.session, reference).map_err(failed)?;
        let Some(indexed) = indexed else {
            return Err(CatalogError::NotFound(format!(
                "'{}' is not among the recipes in '{}'",
                reference.repr_notime(),
                index.root().display()
            )));
        };
        match self.cache.recipe(&indexed.reference) {
            Ok(layout) => Ok(found(&layout, RecipeStatus::Cache, None)),
            Err(error) if error.is_not_found() => {
                Ok(found(&indexed, RecipeStatus::Downloaded, Some(PINNED)))
            }
            Err(error) => Err(failed(error)),
        }
    }

    fn download(
        &self,
        reference: &RecipeReference,
        update: bool,
    ) -> Result<FoundRecipe, CatalogError> {
        let reporter = self.session.reporter();
        let scope = reference.without_revision().to_string();
        reporter.status(&scope, "Not found in local cache, looking in remotes...");
        if self.sources.is_empty() {
            return Err(CatalogError::NotFound("No remote defined".to_owned()));
        }
        let found = if update {
            self.newest(reference)?
        } else {
            self.first(reference)?
        };
        if let Some((found, source)) = found {
            let layout = self.fetch(source, &found)?;
            return Ok(self::found(
                &layout,
                RecipeStatus::Downloaded,
                Some(source.name()),
            ));
        }
        Err(CatalogError::NotFound(format!(
            "Unable to find '{}' in remotes",
            reference.repr_notime()
        )))
    }

    fn fetch(
        &self,
        source: &Source,
        reference: &RecipeReference,
    ) -> Result<RecipeLayout, CatalogError> {
        let layout = source.fetch(self.session, reference).map_err(failed)?;
        let revision = layout.reference.revision.clone().unwrap_or_default();
        self.session.reporter().status(
            &reference.without_revision().to_string(),
            &format!("Downloaded recipe revision {revision}"),
        );
        Ok(layout)
    }

    /// Of the first remote that has it.
    fn first(
        &self,
        wanted: &RecipeReference,
    ) -> Result<Option<(RecipeReference, &Source)>, CatalogError> {
        let reporter = self.session.reporter();
        let scope = wanted.without_revision().to_string();
        for source in self.allowed(wanted) {
            reporter.status(&scope, &format!("Checking remote: {}", source.name()));
            if let Some(found) = source.find(self.session, wanted).map_err(failed)? {
                return Ok(Some((found, source)));
            }
        }
        Ok(None)
    }

    /// The newest of all remotes; of a given revision the one with the newest time.
    fn newest(
        &self,
        wanted: &RecipeReference,
    ) -> Result<Option<(RecipeReference, &Source)>, CatalogError> {
        let reporter = self.session.reporter();
        let scope = wanted.without_revision().to_string();
        let mut newest: Option<(RecipeReference, &Source)> = None;
        for source in self.allowed(wanted) {
            reporter.status(&scope, &format!("Checking remote: {}", source.name()));
            if let Some(found) = source.find(self.session, wanted).map_err(failed)?
                && newest
                    .as_ref()
                    .is_none_or(|(best, _)| time(&found) > time(best))
            {
                newest = Some((found, source));
            }
        }
        Ok(newest)
    }

    /// The cache has the recipe, and newer ones are looked for in all remotes.
    fn update(
        &self,
        wanted: &RecipeReference,
        cached: &RecipeLayout,
        update: bool,
    ) -> Result<FoundRecipe, CatalogError> {
        let reporter = self.session.reporter();
        let scope = cached.reference.without_revision().to_string();
        let newest = self.newest(wanted)?;
        let Some((newest, source)) = newest else {
            return Ok(found(cached, RecipeStatus::NotInRemote, None));
        };
        let remote = Some(source.name());
        let age = time(&newest).total_cmp(&time(&cached.reference));
        if newest.revision == cached.reference.revision {
            if age.is_le() {
                return Ok(found(cached, RecipeStatus::Cache, remote));
            }
            self.cache.set_recipe_time(&newest).map_err(failed)?;
            let layout = RecipeLayout {
                reference: newest,
                root: cached.root.clone(),
            };
            return Ok(found(&layout, RecipeStatus::CacheDateUpdated, remote));
        }
        if age.is_le() {
            return Ok(found(cached, RecipeStatus::Newer, None));
        }
        if !update {
            return Ok(found(cached, RecipeStatus::Updateable, remote));
        }
        let text = format!("Updating to latest from remote '{}'...", source.name());
        reporter.status(&scope, &text);
        let layout = self.fetch(source, &newest)?;
        Ok(found(&layout, RecipeStatus::Updated, remote))
    }

    /// The server with this name, to fetch from.
    ///
    /// # Errors
    /// It isn't among the remotes in use.
    pub fn server(&self, remote: &str) -> Result<&ServerRemote, OpsError> {
        let source = self.sources.iter().find(|source| source.name() == remote);
        source.and_then(Source::as_server).ok_or_else(|| {
            OpsError::message(format!("Remote '{remote}' is no server among those in use"))
        })
    }

    fn source(&self, remote: &str) -> Result<&Source, CatalogError> {
        let source = self.sources.iter().find(|source| source.name() == remote);
        source.ok_or_else(|| {
            CatalogError::Failed(format!("Remote '{remote}' is not among those in use"))
        })
    }
}

/// Ends the work of the other thread, also when this one panics.
struct EndOf<'a>(&'a Ahead);

impl Drop for EndOf<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Catalog for SessionCatalog<'_> {
    fn expect(&self, references: &[RecipeReference]) {
        self.ahead.expect(references);
    }

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
        let mut versions = match self.pinned(search)? {
            Some(index) => index.versions(search).map_err(failed)?,
            None => self.cache.versions(&search.name).map_err(failed)?,
        };
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
        if self.pinned(search)?.is_some() {
            return Ok(Vec::new());
        }
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
        package: &PackageReference,
        _info: &ConanInfo,
    ) -> Result<Option<FoundBinary>, CatalogError> {
        let key = (remote.to_owned(), package.repr_notime());
        let binaries = || self.binaries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = binaries().get(&key) {
            return Ok(known.clone());
        }
        let found = self.source(remote)?.find_package(package).map_err(failed)?;
        let found = found.and_then(|found| {
            Some(FoundBinary {
                revision: found.revision?,
                timestamp: found.timestamp.unwrap_or_default(),
            })
        });
        binaries().insert(key, found.clone());
        Ok(found)
    }

    fn has_cached_revision(&self, package: &PackageReference) -> Result<bool, CatalogError> {
        let revisions = self.cache.package_revisions(package).map_err(failed)?;
        Ok(revisions
            .iter()
            .any(|found| found.revision == package.revision))
    }

    fn remote_packages(
        &self,
        remote: &str,
        recipe: &RecipeReference,
    ) -> Result<Vec<(String, ConanInfoText)>, CatalogError> {
        let source = self.source(remote)?;
        let Some(server) = source.as_server().filter(|_| source.has_binaries()) else {
            return Ok(Vec::new());
        };
        match server.packages(recipe) {
            Ok(packages) => Ok(packages),
            Err(error) if error.is_not_found() => Ok(Vec::new()),
            Err(error) => Err(failed(error)),
        }
    }

    fn has_binaries(&self, remote: &str) -> bool {
        self.source(remote).is_ok_and(Source::has_binaries)
    }

    fn has_cached_packages(&self, recipe: &RecipeReference) -> Result<bool, CatalogError> {
        let packages = self.cache.package_ids(recipe).map_err(failed)?;
        Ok(!packages.is_empty())
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

fn time(reference: &RecipeReference) -> f64 {
    reference.timestamp.unwrap_or_default()
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
