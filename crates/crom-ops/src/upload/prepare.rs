//! The files of revisions, ready to be sent: archives are made once and stay in the cache.

use std::path::{Path, PathBuf};

use crom_fs::archive::{PackOptions, folder_entries, pack};
use crom_graph::{GraphOptions, UpdatePolicy, inspect_recipe};
use crom_model::conf::fnmatch;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_protocol::file;
use crom_recipe::{GivenReference, RecipeFile, RecipeSource};
use crom_remote::{ServerRemote, parallel};
use crom_store::cache::{PackageLayout, RecipeLayout, is_dirty};
use crom_store::remotes::Remotes;

use super::plan::{Plan, PreparedFile, RecipeItem};
use super::scope;
use crate::graph::SessionCatalog;
use crate::source::Source;
use crate::{OpsError, RemoteSelection, Session};

/// Prepares everything that is sent. `metadata`: patterns; all where there are none.
pub(super) fn prepare(
    session: &Session,
    server: &ServerRemote,
    plan: &mut Plan,
    metadata: &[String],
) -> Result<(), OpsError> {
    if metadata.len() > 1 && metadata.iter().any(String::is_empty) {
        return Err(OpsError::message(
            "Empty string and patterns can not be mixed for metadata.",
        ));
    }
    let packing = Packing::of(session)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let prepared = parallel(&plan.recipes, threads, |recipe| {
        prepare_recipe(session, server, recipe, &packing, metadata)
    })?;
    for (recipe, (files, packages)) in plan.recipes.iter_mut().zip(prepared) {
        recipe.item.files = files;
        for (package, files) in recipe.packages.iter_mut().zip(packages) {
            package.item.files = files;
        }
    }
    Ok(())
}

/// The files of a recipe, and of its packages in their order.
fn prepare_recipe(
    session: &Session,
    server: &ServerRemote,
    recipe: &RecipeItem,
    packing: &Packing,
    metadata: &[String],
) -> Result<(Vec<PreparedFile>, Vec<Vec<PreparedFile>>), OpsError> {
    let (reporter, cache) = (session.reporter(), session.cache()?);
    let of_metadata = |folder: &Path, scope: &str, kind: &str| {
        let found = metadata_files(folder, metadata)?;
        if !found.is_empty() {
            let text = format!("{kind} metadata: {} files", found.len());
            reporter.status(scope, &text);
        }
        Ok::<_, OpsError>(found)
    };
    let scope = scope(&recipe.reference);
    let layout = cache.recipe(&recipe.reference)?;
    let mut files = Vec::new();
    if recipe.item.upload {
        files = recipe_files(session, Some(server), &layout, packing)?;
    }
    // Patterns name metadata that is wanted even where the revision is there.
    if recipe.item.upload || !metadata.is_empty() {
        files.extend(of_metadata(&layout.metadata(), &scope, "Recipe")?);
    }
    let mut packages = Vec::with_capacity(recipe.packages.len());
    for package in &recipe.packages {
        let mut files = Vec::new();
        if package.item.upload || !metadata.is_empty() {
            let scope = format!("{scope}:{}", package.reference.package_id);
            let layout = cache.package(&package.reference)?;
            if package.item.upload {
                files = package_files(session, &layout, &scope, packing)?;
            }
            files.extend(of_metadata(&layout.metadata(), &scope, "Package")?);
        }
        packages.push(files);
    }
    Ok((files, packages))
}

/// True if the recipe says `upload_policy = "skip"`. Recipes that neither mention it nor extend others
/// aren't run.
pub(super) fn skips_binaries(
    session: &Session,
    reference: &RecipeReference,
) -> Result<bool, OpsError> {
    let layout = session.cache()?.recipe(reference)?;
    let text = crom_fs::read_text(layout.conanfile())?;
    if !text.contains("upload_policy") && !text.contains("python_requires") {
        return Ok(false);
    }
    let file = RecipeFile {
        source: RecipeSource::Python(layout.conanfile()),
        folder: layout.export(),
        digest: layout.reference.revision.clone(),
    };
    let given = GivenReference {
        name: Some(reference.name.clone()),
        version: Some(reference.version.to_string()),
        user: reference.user.clone(),
        channel: reference.channel.clone(),
    };
    let options = GraphOptions::default();
    let sources = Source::select(session, &RemoteSelection::default())?;
    let catalog = SessionCatalog::new(session, sources, UpdatePolicy::Never, false)?;
    let inspected = inspect_recipe(file, given, &options, &**session.host()?, &catalog)?;
    Ok(inspected.attributes.upload_policy.as_deref() == Some("skip"))
}

/// How archives are made.
struct Packing {
    extension: &'static str,
    level: Option<u32>,
}

impl Packing {
    fn of(session: &Session) -> Result<Self, OpsError> {
        let conf = session.core_conf()?;
        let format = conf.get_str("core.upload:compression_format")?;
        let (extension, own_level) = match format.as_deref() {
            None | Some("gz") => (".tgz", conf.get_int("core.gzip:compresslevel")?),
            Some("xz") => (".txz", None),
            Some("zst") => (".tzst", None),
            Some(other) => {
                return Err(OpsError::message(format!(
                    "core.upload:compression_format: '{other}' is not one of gz, xz, zst"
                )));
            }
        };
        let level = match own_level {
            Some(level) => Some(level),
            None => conf.get_int("core:compresslevel")?,
        };
        Ok(Self {
            extension,
            level: level.and_then(|level| u32::try_from(level).ok()),
        })
    }

    /// The archive of a folder in the download folder. One that is there, in any format, is taken:
    /// what was downloaded is passed on byte by byte. None for an empty folder, unless `always`.
    fn archive(
        &self,
        session: &Session,
        scope: &str,
        stem: &str,
        folder: &Path,
        left_out: &[&str],
        download: &Path,
    ) -> Result<Option<PreparedFile>, OpsError> {
        for extension in file::ARCHIVE_EXTENSIONS {
            let name = format!("{stem}{extension}");
            let path = download.join(&name);
            if crom_fs::is_file(&path) {
                return prepared(name, path).map(Some);
            }
        }
        let mut entries = folder_entries(folder)?;
        entries.retain(|entry| !left_out.contains(&entry.name.as_str()));
        if entries.is_empty() && stem != file::PACKAGE {
            return Ok(None);
        }
        let name = format!("{stem}{}", self.extension);
        session
            .reporter()
            .status(scope, &format!("Compressing {name}"));
        crom_fs::create_dir_all(download)?;
        let path = download.join(&name);
        let mut progress = session
            .reporter()
            .progress(&format!("Compressing {name}"), None);
        let mut advance = |bytes: u64| progress.advance(bytes);
        let options = PackOptions {
            level: self.level,
            progress: Some(&mut advance),
            ..PackOptions::default()
        };
        pack(&path, &entries, options)?;
        prepared(name, path).map(Some)
    }
}

/// Names and paths of the files that an upload of a recipe, or of a package of it, would send, in the
/// order of the JSON.
///
/// # Errors
/// They can't be read or packed, or exported sources are nowhere.
pub(crate) fn prepared_files(
    session: &Session,
    recipe: &RecipeReference,
    package: Option<&PackageReference>,
) -> Result<Vec<(String, PathBuf)>, OpsError> {
    let packing = Packing::of(session)?;
    let cache = session.cache()?;
    let files = match package {
        None => recipe_files(session, None, &cache.recipe(recipe)?, &packing)?,
        Some(package) => {
            let scope = format!("{}:{}", scope(recipe), package.package_id);
            package_files(session, &cache.package(package)?, &scope, &packing)?
        }
    };
    let files = files.into_iter();
    Ok(files.map(|file| (file.name, file.path)).collect())
}

fn recipe_files(
    session: &Session,
    server: Option<&ServerRemote>,
    layout: &RecipeLayout,
    packing: &Packing,
) -> Result<Vec<PreparedFile>, OpsError> {
    let scope = scope(&layout.reference);
    fetch_sources(session, server, layout, &scope)?;
    let (export, download) = (layout.export(), layout.download());
    let mut files = Vec::new();
    for name in [file::RECIPE, file::MANIFEST] {
        files.push(copied(name, &export, &download)?);
    }
    let left_out = [file::RECIPE, file::MANIFEST];
    let exported = packing.archive(session, &scope, file::EXPORT, &export, &left_out, &download)?;
    files.extend(exported);
    let sources = layout.export_sources();
    if crom_fs::is_dir(&sources) {
        let packed = packing.archive(session, &scope, file::SOURCES, &sources, &[], &download)?;
        files.extend(packed);
    }
    Ok(files)
}

/// A recipe that came from a server may be here without its exported sources, which have to be passed
/// on, too: they are looked for there first.
fn fetch_sources(
    session: &Session,
    server: Option<&ServerRemote>,
    layout: &RecipeLayout,
    scope: &str,
) -> Result<(), OpsError> {
    let exported = layout
        .manifest()?
        .files
        .keys()
        .any(|path| path.starts_with("export_source/"));
    if !exported || crom_fs::is_dir(layout.export_sources()) {
        return Ok(());
    }
    let downloaded = |name: &str| {
        let text = format!("Sources downloaded from '{name}'");
        session.reporter().status(scope, &text);
    };
    if let Some(server) = server
        && crate::fetch::export_sources(session, server, layout)?
    {
        downloaded(server.name());
        return Ok(());
    }
    for remote in Remotes::load(session.home())?.select(&RemoteSelection::default().patterns)? {
        if server.is_some_and(|server| server.name() == remote.name) {
            continue;
        }
        let source = Source::new(session, remote)?;
        if source.allows(&layout.reference) && source.fetch_export_sources(session, layout)? {
            downloaded(source.name());
            return Ok(());
        }
    }
    let reference = layout.reference.repr_notime();
    Err(OpsError::message(format!(
        "The '{reference}' package has 'exports_sources' but sources not found in local cache.\n\
         Probably it was installed from a remote that is no longer available."
    )))
}

fn package_files(
    session: &Session,
    layout: &PackageLayout,
    scope: &str,
    packing: &Packing,
) -> Result<Vec<PreparedFile>, OpsError> {
    let (folder, download) = (layout.package(), layout.download());
    if is_dirty(&folder) {
        return Err(OpsError::message(format!(
            "Package {scope} is corrupted, aborting upload.\nRemove it with 'conan remove {scope}'"
        )));
    }
    for needed in [file::INFO, file::MANIFEST] {
        if !crom_fs::is_file(folder.join(needed)) {
            return Err(OpsError::message(format!(
                "Cannot upload corrupted package '{}': '{needed}' is missing",
                layout.reference.repr_notime()
            )));
        }
    }
    let left_out = [file::INFO, file::MANIFEST];
    let archive = packing.archive(session, scope, file::PACKAGE, &folder, &left_out, &download)?;
    let mut files: Vec<PreparedFile> = archive.into_iter().collect();
    for name in left_out {
        files.push(copied(name, &folder, &download)?);
    }
    Ok(files)
}

/// A plain file, beside the archives as the reference has it.
fn copied(name: &str, folder: &Path, download: &Path) -> Result<PreparedFile, OpsError> {
    crom_fs::create_dir_all(download)?;
    let path = download.join(name);
    crom_fs::write_atomic(&path, crom_fs::read(folder.join(name))?)?;
    prepared(name.to_owned(), path)
}

fn metadata_files(folder: &Path, patterns: &[String]) -> Result<Vec<PreparedFile>, OpsError> {
    if !crom_fs::is_dir(folder) {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in crom_fs::walk(folder)? {
        let wanted = patterns.is_empty()
            || patterns
                .iter()
                .any(|pattern| fnmatch(pattern, &entry.relative));
        if wanted && crom_fs::is_file(&entry.path) {
            let name = format!("{}{}", file::METADATA, entry.relative);
            files.push(prepared(name, entry.path)?);
        }
    }
    Ok(files)
}

fn prepared(name: String, path: PathBuf) -> Result<PreparedFile, OpsError> {
    Ok(PreparedFile {
        size: crom_fs::metadata(&path)?.len(),
        sha1: crom_fs::digest::sha1(&path)?,
        name,
        path,
    })
}
