//! A remote as one command uses it.
//!
//! A local-recipes-index has recipes that aren't exported yet. Who asks for one gets it exported
//! into the index's private cache: with the interpreter the first time, and from the memory of the
//! files' state afterwards.

use crom_graph::{GraphOptions, inspect_recipe};
use crom_model::conf::fnmatch;
use crom_model::reference::RecipeReference;
use crom_recipe::{
    ActInput, Action, FolderBases, GivenReference, InstanceId, RecipeFile, RecipeMethod,
    RecipeSource,
};
use crom_remote::{IndexRecipe, LocalRecipesIndex, Remote};
use crom_store::cache::{Cache, RecipeLayout};
use crom_store::export::{ExportFolders, ExportInput, ExportStep, export_recipe};
use crom_store::remotes::{RemoteConfig, Remotes};

use crate::graph::NoCatalog;
use crate::{OpsError, RemoteSelection, Session};

/// A remote with what the user configured of it.
#[derive(Debug)]
pub struct Source {
    config: RemoteConfig,
    remote: Remote,
    /// The private cache of an index.
    cache: Cache,
}

impl Source {
    /// Reads nothing.
    pub fn new(session: &Session, config: RemoteConfig) -> Self {
        let home = session.home().local_recipes_index_home(&config.name);
        let cache = Cache::at(home.join("p"));
        let remote = Remote::new(
            &config.name,
            &config.url,
            config.is_local_recipes_index(),
            home,
        );
        Self {
            config,
            remote,
            cache,
        }
    }

    /// The remotes that `-r` and `-nr` choose, in order.
    ///
    /// # Errors
    /// A name that there isn't, or `remotes.json` doesn't parse.
    pub fn select(session: &Session, selection: &RemoteSelection) -> Result<Vec<Self>, OpsError> {
        if selection.none {
            return Ok(Vec::new());
        }
        let remotes = Remotes::load(session.home())?.select(&selection.patterns)?;
        Ok(remotes
            .into_iter()
            .map(|remote| Self::new(session, remote))
            .collect())
    }

    /// The remote's name.
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// May this package come from here (`--allowed-packages`)?
    pub fn allows(&self, reference: &RecipeReference) -> bool {
        self.config
            .allowed_packages
            .as_ref()
            .is_none_or(|patterns| {
                let reference = reference.without_revision().to_string();
                patterns.iter().any(|pattern| fnmatch(pattern, &reference))
            })
    }

    /// All versions of a name with the same user and channel.
    ///
    /// # Errors
    /// The remote can't be asked.
    pub fn versions(&self, search: &RecipeReference) -> Result<Vec<RecipeReference>, OpsError> {
        let mut versions = self.remote.versions(&search.name)?;
        versions.retain(|found| found.user == search.user && found.channel == search.channel);
        Ok(versions)
    }

    /// References that match an fnmatch pattern.
    ///
    /// # Errors
    /// The remote can't be asked.
    pub fn search(&self, pattern: &str) -> Result<Vec<RecipeReference>, OpsError> {
        Ok(self.remote.search(pattern)?)
    }

    /// The recipe as it is in the index now, exported; none if the index doesn't have it, or has
    /// another revision than the one asked for.
    ///
    /// # Errors
    /// The remote can't be asked, or the recipe can't be exported.
    pub fn recipe(
        &self,
        session: &Session,
        reference: &RecipeReference,
    ) -> Result<Option<RecipeLayout>, OpsError> {
        let index = self.index()?;
        let Some(found) = index.locate(reference)? else {
            return Ok(None);
        };
        let layout = self.export(session, index, &found)?;
        let other = reference.revision.is_some() && reference.revision != layout.reference.revision;
        Ok((!other).then_some(layout))
    }

    /// Nothing for an index.
    ///
    /// # Errors
    /// The remote is a server: those can't be asked yet.
    pub fn refuse_server(&self) -> Result<(), OpsError> {
        self.index().map(|_| ())
    }

    fn index(&self) -> Result<&LocalRecipesIndex, OpsError> {
        self.remote
            .as_local_index()
            .ok_or_else(|| OpsError::from(self.remote.unsupported("recipes")))
    }

    fn export(
        &self,
        session: &Session,
        index: &LocalRecipesIndex,
        recipe: &IndexRecipe,
    ) -> Result<RecipeLayout, OpsError> {
        let signature = index.signature(recipe)?;
        if let Some(revision) = index.remembered_revision(recipe, &signature)
            && let Ok(layout) = self.cache.recipe(&recipe.reference.with_revision(revision))
        {
            return Ok(layout);
        }
        let file = RecipeFile {
            source: RecipeSource::Python(recipe.conanfile.clone()),
            folder: recipe.folder.clone(),
            digest: None,
        };
        let given = GivenReference {
            name: Some(recipe.reference.name.clone()),
            version: Some(recipe.reference.version.to_string()),
            ..GivenReference::default()
        };
        let options = GraphOptions::default();
        let inspected = inspect_recipe(file, given, &options, &**session.host()?, &NoCatalog)?;
        let attributes = &inspected.attributes;
        let input = ExportInput {
            reference: recipe.reference.clone(),
            conanfile: &recipe.conanfile,
            exports: &attributes.exports,
            exports_sources: &attributes.exports_sources,
            trim_conandata: true,
            revision: None,
            later: true,
        };
        let instance = InstanceId::next();
        let mut run = |step: ExportStep, folders: &ExportFolders| -> Result<(), OpsError> {
            let (method, action) = match step {
                ExportStep::Export => (RecipeMethod::Export, Action::Export),
                ExportStep::ExportSources => (RecipeMethod::ExportSources, Action::ExportSources),
                ExportStep::Finished => return Ok(()),
            };
            if attributes.has(method) {
                session
                    .host()?
                    .act(&export_act(instance, &inspected.inspect, folders, action))?;
            }
            Ok(())
        };
        let exported = export_recipe(&self.cache, &input, &mut run)?;
        session.host()?.forget(instance);
        if let Some(revision) = &exported.layout.reference.revision {
            index.remember_revision(recipe, &signature, revision)?;
        }
        Ok(exported.layout)
    }
}

/// The input of `export()` and `export_sources()`.
pub(crate) fn export_act(
    instance: InstanceId,
    inspect: &std::sync::Arc<crom_recipe::InspectInput>,
    folders: &ExportFolders,
    action: Action,
) -> ActInput {
    let text = |path: &std::path::Path| path.to_string_lossy().into_owned();
    ActInput {
        instance,
        inspect: std::sync::Arc::clone(inspect),
        configure: None,
        layout: None,
        info: None,
        graph: std::sync::Arc::default(),
        node: 0,
        folders: FolderBases {
            recipe: text(&folders.recipe),
            export: text(&folders.export),
            export_sources: text(&folders.export_sources),
            ..FolderBases::default()
        },
        buildenv: std::sync::Arc::default(),
        runenv: std::sync::Arc::default(),
        action,
    }
}
