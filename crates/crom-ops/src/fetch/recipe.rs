//! Recipes and their exported sources.

use std::path::Path;

use crom_model::reference::RecipeReference;
use crom_protocol::file;
use crom_remote::{ServerRemote, parallel};
use crom_store::cache::RecipeLayout;

use super::{archive, check_signatures, corrupted, discard, extract, metadata, verify};
use crate::{OpsError, Session};

/// How the manifest names exported sources.
const SOURCES_PREFIX: &str = "export_source/";

/// Brings a recipe revision (with its time) into the cache, without exported sources.
///
/// # Errors
/// The server doesn't have it, or what it has doesn't fit the revision.
pub(crate) fn recipe(
    session: &Session,
    server: &ServerRemote,
    reference: &RecipeReference,
    patterns: &[String],
) -> Result<RecipeLayout, OpsError> {
    let cache = session.cache()?;
    let folder = cache.temporary_folder()?;
    let arrived = arrive(session, server, reference, patterns, &folder);
    if let Err(error) = arrived {
        discard(&folder);
        return Err(error);
    }
    Ok(cache.add_recipe_later(reference, &folder)?)
}

fn arrive(
    session: &Session,
    server: &ServerRemote,
    reference: &RecipeReference,
    patterns: &[String],
    folder: &Path,
) -> Result<(), OpsError> {
    let (export, download) = (folder.join("e"), folder.join("d"));
    crom_fs::create_dir_all(&export)?;
    crom_fs::create_dir_all(download.join("metadata"))?;
    let name = reference.repr_notime();
    let scope = reference.without_revision().to_string();
    let files = server.recipe_files(reference)?;
    let exported = archive(&files, file::EXPORT, &name)?;
    let mut wanted = Vec::new();
    for needed in [file::MANIFEST, file::RECIPE] {
        if !files.iter().any(|name| name == needed) {
            return Err(corrupted(server, &scope, format!("no {needed}")));
        }
        wanted.push((needed, export.join(needed)));
    }
    if let Some(archive) = exported {
        wanted.push((archive.as_str(), download.join(archive)));
    }
    parallel(&wanted, wanted.len(), |(file, target)| {
        server.download(&server.recipe_file(reference, file), target)
    })?;
    let address = |file: &str| server.recipe_file(reference, file);
    metadata(
        server,
        &files,
        patterns,
        &download.join("metadata"),
        &address,
    )?;
    let plain = [file::RECIPE, file::MANIFEST].map(|name| (name, export.join(name)));
    let archives: Vec<&str> = exported.iter().map(|name| name.as_str()).collect();
    check_signatures(session, &name, &download, &plain, &archives)?;
    if let Some(archive) = exported {
        extract(&download.join(archive), &export)?;
    }
    let revision = reference.revision.as_deref().unwrap_or_default();
    let checked = verify::manifest(&export, revision)
        .and_then(|manifest| verify::content(&export, &manifest, "", SOURCES_PREFIX));
    checked.map_err(|problem| corrupted(server, &name, problem))
}

/// Brings the exported sources of a recipe in the cache, if the server has that revision.
///
/// # Errors
/// What the server has doesn't fit the revision, or it can't be asked.
pub(crate) fn export_sources(
    session: &Session,
    server: &ServerRemote,
    layout: &RecipeLayout,
) -> Result<bool, OpsError> {
    let reference = &layout.reference;
    let name = reference.repr_notime();
    let files = match server.recipe_files(reference) {
        Ok(files) => files,
        Err(error) if error.is_not_found() => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let cache = session.cache()?;
    let folder = cache.temporary_folder()?;
    let arrived = (|| {
        let sources = folder.join("es");
        crom_fs::create_dir_all(&sources)?;
        if let Some(archive) = archive(&files, file::SOURCES, &name)? {
            crom_fs::create_dir_all(layout.download())?;
            let target = layout.download().join(archive);
            server.download(&server.recipe_file(reference, archive), &target)?;
            let checked = check_signatures(session, &name, &layout.download(), &[], &[archive]);
            if checked.is_err() {
                crom_fs::remove_file(&target)?;
            }
            checked?;
            extract(&target, &sources)?;
        }
        let manifest = layout.manifest()?;
        verify::content(&sources, &manifest, SOURCES_PREFIX, "")
            .map_err(|problem| corrupted(server, &name, problem))?;
        Ok(cache.add_export_sources(&sources, layout)?)
    })();
    discard(&folder);
    arrived.map(|()| true)
}

/// Brings metadata of a recipe in the cache.
///
/// # Errors
/// The server doesn't have the recipe, or can't be asked.
pub(crate) fn recipe_metadata(
    session: &Session,
    server: &ServerRemote,
    layout: &RecipeLayout,
    patterns: &[String],
) -> Result<(), OpsError> {
    let reference = &layout.reference;
    session.reporter().status(
        &reference.without_revision().to_string(),
        &format!("Retrieving recipe metadata from remote '{}'", server.name()),
    );
    let files = server.recipe_files(reference)?;
    let address = |file: &str| server.recipe_file(reference, file);
    metadata(server, &files, patterns, &layout.metadata(), &address)?;
    Ok(())
}
