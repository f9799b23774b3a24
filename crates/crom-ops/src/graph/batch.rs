//! Many graphs of one command: what was found out for one holds for all of them.

use std::path::PathBuf;

use crom_graph::{
    BuildChoice, Catalog, Decider, Difference, FoundBinary, Graph, GraphOptions, Node, RootSpec,
    UpdatePolicy,
};
use crom_model::conaninfo::ConanInfo;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::reporter::Silent;

use super::{SessionCatalog, build_mode, graph_options, parse_reference, profiles_input};
use crate::conanfile;
use crate::source::Source;
use crate::{OpsError, Profiles, RemoteSelection, Session};

/// Resolves many roots with one view of cache and remotes. Says nothing of each.
#[derive(Debug)]
pub struct GraphBatch<'a> {
    session: &'a Session,
    catalog: SessionCatalog<'a>,
    options: GraphOptions,
}

/// What a graph of a batch begins with.
#[derive(Clone, Debug, PartialEq)]
pub enum BatchRoot {
    /// `--requires`
    Package(String),
    /// The conanfile of a test package, by its folder, and what it tests.
    Test(PathBuf, RecipeReference),
}

/// What there is instead of a missing binary, from the most general on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyMissing {
    /// Nothing of that name.
    Package,
    /// Only other versions.
    Version {
        /// The newest of them.
        before: String,
    },
    /// Only other revisions of the recipe.
    Recipe {
        /// The newest of them.
        before: String,
    },
    /// Only other binaries of the same recipe; the differences to the closest, as `settings: expected
    /// build_type=Debug, existing build_type=Release`.
    Other(Vec<String>),
}

impl<'a> GraphBatch<'a> {
    /// Reads and asks nothing yet.
    ///
    /// # Errors
    /// Remotes that there aren't, confs that can't be used.
    pub fn new(session: &'a Session, remotes: &RemoteSelection) -> Result<Self, OpsError> {
        let sources = Source::select(session, remotes)?;
        let catalog = SessionCatalog::new(session, sources, UpdatePolicy::Never, false)?
            .with_index(remotes)?;
        Ok(Self {
            session,
            catalog,
            options: graph_options(session, UpdatePolicy::Never, None)?,
        })
    }

    /// Expands a graph and decides what is done about its binaries, as `--build` says. A conflict is
    /// in the graph, which isn't decided then.
    ///
    /// # Errors
    /// A recipe or remote that fails.
    pub fn resolve(
        &self,
        root: &BatchRoot,
        profiles: &Profiles,
        build: &[String],
    ) -> Result<Graph, OpsError> {
        let spec = match root {
            BatchRoot::Package(reference) => RootSpec::cli(&[parse_reference(reference)?], &[]),
            BatchRoot::Test(folder, tested) => {
                let conanfile =
                    conanfile::find(self.session.cwd(), &folder.to_string_lossy(), false)?;
                RootSpec::test_package(conanfile.recipe, tested.clone())
            }
        };
        let host = &**self.session.host()?;
        let mut graph = crom_graph::expand(
            &spec,
            &profiles_input(self.session, profiles)?,
            &self.options,
            host,
            &self.catalog,
            &Silent,
        )?;
        if graph.error.is_some() {
            return Ok(graph);
        }
        let rules = crate::plugins::compatibility(self.session)?;
        let decider = Decider {
            options: &self.options,
            host,
            catalog: &self.catalog,
            rules: &*rules,
            reporter: &Silent,
        };
        let choice = BuildChoice::new(build_mode(Some(build))?);
        crom_graph::decide(&mut graph, &choice, decider)?;
        Ok(graph)
    }

    /// The newest revision of a package in the cache.
    ///
    /// # Errors
    /// The cache can't be read.
    pub fn cached(&self, package: &PackageReference) -> Result<Option<FoundBinary>, OpsError> {
        let found = self.catalog.cached_binary(package);
        found.map_err(|error| OpsError::message(error.to_string()))
    }

    /// The newest revision of a package in a remote.
    ///
    /// # Errors
    /// The remote can't be asked.
    pub fn in_remote(
        &self,
        remote: &str,
        package: &PackageReference,
    ) -> Result<Option<FoundBinary>, OpsError> {
        let found = self
            .catalog
            .remote_binary(remote, package, &ConanInfo::default());
        found.map_err(|error| OpsError::message(error.to_string()))
    }

    /// Brings a pinned recipe with its exported sources into the cache, as the newest revision there.
    /// False if it was that already.
    ///
    /// # Errors
    /// There is no such recipe, or files can't be copied.
    pub fn export(&self, reference: &RecipeReference) -> Result<bool, OpsError> {
        let cache = self.session.cache()?;
        let index = self.catalog.index()?;
        let layout = index.recipe(self.session, reference)?.ok_or_else(|| {
            OpsError::message(format!(
                "'{}' is not among the recipes in '{}' (any more)",
                reference.repr_notime(),
                index.root().display()
            ))
        })?;
        let latest = cache.latest_recipe(&reference.without_revision())?;
        let is_latest = latest.is_some_and(|latest| latest.revision == layout.reference.revision);
        if is_latest && let Ok(cached) = cache.recipe(&layout.reference) {
            cache.copy_export_sources(&layout, &cached)?;
            return Ok(false);
        }
        let cached = cache.copy_recipe_later(&layout, true)?;
        cache.flush()?;
        // A revision that comes back is newer than the one that it takes the place of.
        let mut newest = cached.reference;
        newest.timestamp = Some(crom_store::cache::now());
        cache.set_recipe_time(&newest)?;
        Ok(true)
    }

    /// Is the recipe one of the pinned ones?
    ///
    /// # Errors
    /// The folder of recipes can't be read.
    pub fn is_pinned(&self, reference: &RecipeReference) -> Result<bool, OpsError> {
        self.catalog.index()?.has(reference)
    }

    /// The folder for metadata of the newest revision of a package in the cache; none if it isn't there.
    ///
    /// # Errors
    /// The cache can't be read.
    pub fn metadata(&self, package: &PackageReference) -> Result<Option<PathBuf>, OpsError> {
        let cache = self.session.cache()?;
        let Some(latest) = cache.latest_package(package)? else {
            return Ok(None);
        };
        Ok(Some(cache.package(&latest)?.metadata()))
    }

    /// The folder of a pinned recipe in the checkout, and in it of its test package if it has one.
    ///
    /// # Errors
    /// The recipe can't be read.
    pub fn folders(
        &self,
        reference: &RecipeReference,
    ) -> Result<Option<(PathBuf, Option<PathBuf>)>, OpsError> {
        let Some(folder) = self.catalog.index()?.folder(self.session, reference)? else {
            return Ok(None);
        };
        let test = folder.join("test_package");
        let has_test = crom_fs::is_file(test.join("conanfile.py"));
        Ok(Some((folder, has_test.then_some(test))))
    }

    /// Why there is no binary of a node, from what cache and `remotes` have.
    ///
    /// # Errors
    /// One of them can't be asked.
    pub fn why_missing(&self, node: &Node, remotes: &[String]) -> Result<WhyMissing, OpsError> {
        let failed = |error: crom_graph::CatalogError| OpsError::message(error.to_string());
        let cache = self.session.cache()?;
        let wanted = &node.reference;
        let mut binaries = self.catalog.cached_packages(wanted).map_err(failed)?;
        let mut versions = cache.versions(&wanted.name)?;
        let mut revisions = cache.recipe_revisions(wanted)?;
        for remote in remotes {
            let listed = self.catalog.remote_packages(remote, wanted);
            binaries.extend(listed.map_err(failed)?);
            versions.extend(self.catalog.released_versions(remote, wanted)?);
            revisions.extend(self.catalog.released_revisions(remote, wanted)?);
        }
        if let Some(info) = node.info.as_ref().map(|info| info.serialize()) {
            let closest = binaries
                .iter()
                .map(|(_, existing)| Difference::new(&info, &existing.to_json()))
                .min_by_key(Difference::distance);
            if let Some(difference) = closest {
                return Ok(WhyMissing::Other(difference.lines()));
            }
        }
        revisions.retain(|it| it.revision != wanted.revision);
        let newest = revisions.into_iter().max_by(|a, b| {
            let time = |it: &RecipeReference| it.timestamp.unwrap_or_default();
            time(a).total_cmp(&time(b))
        });
        if let Some(before) = newest.and_then(|it| it.revision) {
            return Ok(WhyMissing::Recipe { before });
        }
        versions.retain(|it| it.version != wanted.version);
        versions.sort();
        Ok(match versions.last() {
            Some(before) => WhyMissing::Version {
                before: before.version.to_string(),
            },
            None => WhyMissing::Package,
        })
    }

    /// Writes what was noted about the cache.
    ///
    /// # Errors
    /// The database can't be written.
    pub fn finish(&self) -> Result<(), OpsError> {
        Ok(self.session.cache()?.flush()?)
    }
}
