//! A remote as one command uses it: what recipes and binaries it has, and how they come into the
//! cache.
//!
//! A local-recipes-index has recipes that aren't exported yet. Who asks for one gets it exported into
//! the index's private cache ([`IndexExports`]).

use crom_model::conf::fnmatch;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_recipe::{ActInput, Action, FolderBases, InstanceId};
use crom_remote::{IndexRecipe, Remote, ServerRemote};
use crom_store::cache::{Cache, RecipeLayout};
use crom_store::export::ExportFolders;
use crom_store::remotes::{RemoteConfig, Remotes};

use crate::index_export::IndexExports;
use crate::{OpsError, RemoteSelection, Session};

/// A remote with what the user configured of it.
#[derive(Debug)]
pub struct Source {
    config: RemoteConfig,
    remote: Remote,
    /// What an index gave.
    exports: IndexExports,
}

impl Source {
    /// Reads and asks nothing.
    ///
    /// # Errors
    /// Confs about servers that can't be used.
    pub fn new(session: &Session, config: RemoteConfig) -> Result<Self, OpsError> {
        let home = session.home().local_recipes_index_home(&config.name);
        let cache = Cache::at(home.join("p"));
        let remote = if config.is_local_recipes_index() {
            Remote::local_index(&config.name, &config.url, home)
        } else {
            Remote::Server(session.server(&config)?)
        };
        Ok(Self {
            config,
            remote,
            exports: IndexExports::new(cache),
        })
    }

    /// The remotes that `-r` and `-nr` choose, in order.
    ///
    /// # Errors
    /// A name that there isn't, or `remotes.json` doesn't parse.
    pub fn select(session: &Session, selection: &RemoteSelection) -> Result<Vec<Self>, OpsError> {
        if selection.none {
            return Ok(Vec::new());
        }
        if let Some(server) = &selection.server {
            return Ok(vec![Self::new(session, server.clone())?]);
        }
        let remotes = Remotes::load(session.home())?.select(&selection.patterns)?;
        remotes
            .into_iter()
            .map(|remote| Self::new(session, remote))
            .collect()
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

    /// May binaries come from here?
    pub fn has_binaries(&self) -> bool {
        !self.config.recipes_only && self.as_server().is_some()
    }

    /// The newest revision of a recipe with its time; the revision asked for if there is one. None if
    /// the remote doesn't have it.
    ///
    /// # Errors
    /// The remote can't be asked, or a recipe of an index can't be exported.
    pub fn find(
        &self,
        session: &Session,
        reference: &RecipeReference,
    ) -> Result<Option<RecipeReference>, OpsError> {
        let server = match &self.remote {
            Remote::Server(server) => server,
            Remote::LocalIndex(index) => {
                let found = self.exports.get(session, index, reference)?;
                return Ok(found.map(|layout| layout.reference));
            }
        };
        let found = match &reference.revision {
            None => server.latest_recipe(reference).map(Some),
            Some(_) => server.recipe_revisions(reference).map(|revisions| {
                revisions
                    .into_iter()
                    .find(|found| found.revision == reference.revision)
            }),
        };
        match found {
            Ok(found) => Ok(found),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Brings a recipe that [`Self::find`] found into the cache, without exported sources. The
    /// database knows it after the next flush.
    ///
    /// # Errors
    /// It is gone, or can't be brought.
    pub fn fetch(
        &self,
        session: &Session,
        reference: &RecipeReference,
    ) -> Result<RecipeLayout, OpsError> {
        match &self.remote {
            Remote::Server(server) => crate::fetch::recipe(session, server, reference, &[]),
            Remote::LocalIndex(index) => {
                let layout = self
                    .exports
                    .get(session, index, reference)?
                    .ok_or_else(|| {
                        OpsError::message(format!(
                            "'{}' is gone from the index",
                            reference.repr_notime()
                        ))
                    })?;
                self.exports.bring(session.cache()?, &layout)
            }
        }
    }

    /// Brings the exported sources of a recipe in the cache; false if they aren't here.
    ///
    /// # Errors
    /// The remote can't be asked, or they don't fit the recipe.
    pub fn fetch_export_sources(
        &self,
        session: &Session,
        layout: &RecipeLayout,
    ) -> Result<bool, OpsError> {
        match &self.remote {
            Remote::Server(server) => crate::fetch::export_sources(session, server, layout),
            Remote::LocalIndex(index) => {
                let found = self.exports.get(session, index, &layout.reference)?;
                if let Some(found) = &found {
                    session.cache()?.copy_export_sources(found, layout)?;
                }
                Ok(found.is_some())
            }
        }
    }

    /// The newest revision of a package with its time, or the one asked for; none if it isn't here.
    ///
    /// # Errors
    /// The remote can't be asked.
    pub fn find_package(
        &self,
        package: &PackageReference,
    ) -> Result<Option<PackageReference>, OpsError> {
        let Some(server) = self.as_server().filter(|_| self.has_binaries()) else {
            return Ok(None);
        };
        let found = match &package.revision {
            None => server.latest_package(package).map(Some),
            Some(_) => server.package_revisions(package).map(|revisions| {
                revisions
                    .into_iter()
                    .find(|found| found.revision == package.revision)
            }),
        };
        match found {
            Ok(found) => Ok(found),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The server, for what only servers can do.
    ///
    /// # Errors
    /// It is a local-recipes-index.
    pub fn server(&self, action: &'static str) -> Result<&ServerRemote, OpsError> {
        Ok(self.remote.server(action)?)
    }

    /// The server, for a remote that is one.
    pub fn as_server(&self) -> Option<&ServerRemote> {
        match &self.remote {
            Remote::Server(server) => Some(server),
            Remote::LocalIndex(_) => None,
        }
    }

    /// Exports a recipe of an index before it is asked for, if that needs no interpreter. The recipe
    /// as it will be found; none if there is nothing to be had this way.
    pub fn make_ready(
        &self,
        session: &Session,
        reference: &RecipeReference,
    ) -> Option<RecipeLayout> {
        match &self.remote {
            Remote::Server(_) => None,
            Remote::LocalIndex(index) => self.exports.ahead(session, index, reference),
        }
    }

    /// The recipe as an index has it now, exported into the index's private cache, and its folder
    /// among the user's files; none if the index doesn't have it.
    ///
    /// # Errors
    /// It can't be exported.
    pub(crate) fn indexed(
        &self,
        session: &Session,
        reference: &RecipeReference,
    ) -> Result<Option<(RecipeLayout, IndexRecipe)>, OpsError> {
        let Remote::LocalIndex(index) = &self.remote else {
            return Ok(None);
        };
        let Some(found) = index.locate(reference)? else {
            return Ok(None);
        };
        let layout = self.exports.get(session, index, reference)?;
        Ok(layout.map(|layout| (layout, found)))
    }

    /// Is it a folder of recipes?
    pub fn is_index(&self) -> bool {
        matches!(self.remote, Remote::LocalIndex(_))
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
