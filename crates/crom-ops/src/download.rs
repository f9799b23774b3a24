//! `download`: recipes and packages of a remote into the cache, without a graph.

use std::path::PathBuf;
use std::time::Instant;

use crom_model::package_list::{MultiPackageList, PackageList};
use crom_model::reference::{PackageReference, RecipeReference, RefPattern, RefPatternDefaults};
use crom_remote::{ServerRemote, parallel};
use crom_store::cache::{Cache, PackageQuery, RecipeLayout, Selection};
use crom_store::remotes::Remotes;

use crate::packages::LOCAL_CACHE;
use crate::pkglist::load_lists;
use crate::remote_select::select;
use crate::source::Source;
use crate::{OpsError, Session, fetch};

/// `download`
#[derive(Clone, Debug, Default)]
pub struct DownloadRequest {
    /// What to download.
    pub pattern: Option<String>,
    /// `-l`: a package list.
    pub list: Option<PathBuf>,
    /// `-r`
    pub remote: String,
    /// `-p`
    pub package_query: Option<String>,
    /// No binaries.
    pub only_recipe: bool,
    /// `-m`: patterns of metadata files.
    pub metadata: Vec<String>,
}

/// Downloads what a pattern or list names. Returns it as a list of the cache.
///
/// # Errors
/// Arguments that don't fit together, nothing of that name, or a remote that can't be asked.
pub fn download(
    session: &Session,
    request: &DownloadRequest,
) -> Result<MultiPackageList, OpsError> {
    let started = Instant::now();
    let list = what(session, request)?;
    let config = Remotes::load(session.home())?.get_enabled(&request.remote)?;
    let source = Source::new(session, config)?;
    let list = match list {
        What::List(list) => list,
        What::Pattern(pattern, selection) => select(session, &source, &pattern, &selection)?,
    };
    let reporter = session.reporter();
    if list.is_empty() {
        reporter.warning(
            None,
            "",
            "No packages were downloaded because the package list is empty.",
        );
    } else {
        fetch_all(session, &source, &list, &request.metadata)?;
        let seconds = started.elapsed().as_secs();
        reporter.status("", &format!("Download completed in {seconds}s\n"));
    }
    let mut lists = MultiPackageList::default();
    lists.add(LOCAL_CACHE, list);
    Ok(lists)
}

enum What {
    List(PackageList),
    Pattern(Box<RefPattern>, Selection),
}

fn what(session: &Session, request: &DownloadRequest) -> Result<What, OpsError> {
    match (&request.pattern, &request.list) {
        (Some(_), Some(_)) => Err(OpsError::message(
            "Cannot define both the pattern and the package list file",
        )),
        (None, None) => Err(OpsError::message("Missing pattern or package list file")),
        (None, Some(path)) => {
            let lists = load_lists(session, path)?;
            let list = lists
                .get(&request.remote)
                .map_err(|error| OpsError::message(error.to_string()))?;
            let mut list = list.clone();
            if request.only_recipe {
                list.only_recipes();
            }
            Ok(What::List(list))
        }
        (Some(text), None) => {
            let pattern = transfer_pattern(text, request.only_recipe)?;
            let query = request.package_query.as_deref().map(PackageQuery::parse);
            let selection = Selection {
                query: query.transpose()?,
                ..Selection::default()
            };
            Ok(What::Pattern(Box::new(pattern), selection))
        }
    }
}

/// `upload` and `download`: the latest revisions, and all binaries where nothing is said of them.
pub(crate) fn transfer_pattern(text: &str, only_recipe: bool) -> Result<RefPattern, OpsError> {
    let defaults = RefPatternDefaults {
        package_id: (!only_recipe).then(|| "*".to_owned()),
        only_recipe,
        ..RefPatternDefaults::default()
    };
    RefPattern::parse(text, &defaults).map_err(|error| OpsError::message(error.to_string()))
}

fn fetch_all(
    session: &Session,
    source: &Source,
    list: &PackageList,
    metadata: &[String],
) -> Result<(), OpsError> {
    let cache = session.cache()?;
    let recipes = list
        .refs()
        .map_err(|error| OpsError::message(error.to_string()))?;
    let threads = source
        .as_server()
        .map_or(1, |server| server.transfer().download_threads);
    if threads > 1 && recipes.len() > 1 {
        session
            .reporter()
            .subtitle(&format!("Downloading with {threads} parallel threads"));
    }
    parallel(&recipes, threads, |reference| {
        recipe(session, source, reference, metadata)
    })?;
    cache.flush()?;
    let packages: Vec<PackageReference> = recipes
        .iter()
        .flat_map(|reference| list.prefs(reference))
        .map(|(package, _)| package)
        .collect();
    if packages.is_empty() {
        return Ok(());
    }
    let server = source.server("download of packages")?;
    parallel(&packages, threads, |one| {
        package(session, server, cache, one, metadata)
    })?;
    Ok(())
}

fn recipe(
    session: &Session,
    source: &Source,
    reference: &RecipeReference,
    metadata: &[String],
) -> Result<(), OpsError> {
    let reporter = session.reporter();
    let cache = session.cache()?;
    let name = reference.repr_notime();
    let scope = reference.without_revision();
    if let Ok(layout) = cache.recipe(reference) {
        let text = format!("Skip recipe {name} download, already in cache");
        reporter.status("", &text);
        return recipe_metadata(session, source, &layout, metadata);
    }
    reporter.status("", &format!("Downloading recipe '{name}'"));
    let found = match reference.timestamp {
        Some(_) => Some(reference.clone()),
        None => source.find(session, reference)?,
    };
    let found = found.ok_or_else(|| OpsError::message(format!("Recipe not found: '{name}'")))?;
    let layout = match source.as_server() {
        Some(server) => fetch::recipe(session, server, &found, metadata)?,
        None => source.fetch(session, &found)?,
    };
    if has_export_sources(&layout)? {
        reporter.status("", &format!("Downloading '{scope}' sources"));
        source.fetch_export_sources(session, &layout)?;
    }
    Ok(())
}

fn recipe_metadata(
    session: &Session,
    source: &Source,
    layout: &RecipeLayout,
    patterns: &[String],
) -> Result<(), OpsError> {
    match source.as_server() {
        Some(server) if !patterns.is_empty() => {
            fetch::recipe_metadata(session, server, layout, patterns)
        }
        _ => Ok(()),
    }
}

fn package(
    session: &Session,
    server: &ServerRemote,
    cache: &Cache,
    package: &PackageReference,
    metadata: &[String],
) -> Result<(), OpsError> {
    let reporter = session.reporter();
    let name = package.repr_notime();
    if let Ok(layout) = cache.package(package) {
        let text = format!("Skip package {name} download, already in cache");
        reporter.status("", &text);
        if !metadata.is_empty() {
            fetch::package_metadata(session, server, &layout, metadata)?;
        }
        return Ok(());
    }
    reporter.status("", &format!("Downloading package '{name}'"));
    let found = match package.timestamp {
        Some(_) => package.clone(),
        None => server
            .package_revisions(package)?
            .into_iter()
            .find(|found| found.revision == package.revision)
            .ok_or_else(|| OpsError::message(format!("Binary package not found: '{name}'")))?,
    };
    fetch::package(session, server, &found, metadata).map(|_| ())
}

fn has_export_sources(layout: &RecipeLayout) -> Result<bool, OpsError> {
    let manifest = layout.manifest()?;
    Ok(manifest
        .files
        .keys()
        .any(|path| path.starts_with("export_source/")))
}
