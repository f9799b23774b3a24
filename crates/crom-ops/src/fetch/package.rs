//! Binaries.

use std::path::Path;

use crom_model::reference::PackageReference;
use crom_protocol::file;
use crom_remote::{ServerRemote, parallel};
use crom_store::cache::PackageLayout;

use super::{archive, check_signatures, corrupted, discard, extract, metadata, verify};
use crate::{OpsError, Session};

/// Brings a package revision (with its time) into the cache. Its recipe is there.
///
/// # Errors
/// The server doesn't have it, or what it has doesn't fit the revision.
pub(crate) fn package(
    session: &Session,
    server: &ServerRemote,
    package: &PackageReference,
    patterns: &[String],
) -> Result<PackageLayout, OpsError> {
    let reporter = session.reporter();
    let scope = package.reference.without_revision().to_string();
    let id = &package.package_id;
    reporter.status(
        &scope,
        &format!("Retrieving package {id} from remote '{}'", server.name()),
    );
    let cache = session.cache()?;
    let folder = cache.temporary_folder()?;
    if let Err(error) = arrive(session, server, package, patterns, &folder) {
        discard(&folder);
        return Err(error);
    }
    let layout = cache.add_package(package, &folder)?;
    reporter.status(&scope, &format!("Package installed {id}"));
    let revision = package.revision.clone().unwrap_or_default();
    reporter.status(&scope, &format!("Downloaded package revision {revision}"));
    Ok(layout)
}

fn arrive(
    session: &Session,
    server: &ServerRemote,
    package: &PackageReference,
    patterns: &[String],
    folder: &Path,
) -> Result<(), OpsError> {
    let (content, download) = (folder.join("p"), folder.join("d"));
    crom_fs::create_dir_all(&content)?;
    crom_fs::create_dir_all(download.join("metadata"))?;
    let name = package.repr_notime();
    let files = server.package_files(package)?;
    let scope = format!(
        "{}:{}",
        package.reference.without_revision(),
        package.package_id
    );
    let missing = |file: &str| corrupted(server, &scope, format!("no {file}"));
    let packed =
        archive(&files, file::PACKAGE, &name)?.ok_or_else(|| missing("conan_package.tgz"))?;
    let mut wanted = vec![(packed.as_str(), download.join(packed))];
    for needed in [file::MANIFEST, file::INFO] {
        if !files.iter().any(|name| name == needed) {
            return Err(missing(needed));
        }
        wanted.push((needed, content.join(needed)));
    }
    parallel(&wanted, wanted.len(), |(file, target)| {
        server.download(&server.package_file(package, file), target)
    })?;
    let address = |file: &str| server.package_file(package, file);
    metadata(
        server,
        &files,
        patterns,
        &download.join("metadata"),
        &address,
    )?;
    let plain = [file::INFO, file::MANIFEST].map(|name| (name, content.join(name)));
    check_signatures(session, &name, &download, &plain, &[packed])?;
    extract(&download.join(packed), &content)?;
    let revision = package.revision.as_deref().unwrap_or_default();
    let checked = verify::manifest(&content, revision)
        .and_then(|manifest| verify::content(&content, &manifest, "", ""));
    checked.map_err(|problem| corrupted(server, &name, problem))
}

/// Brings metadata of a package in the cache.
///
/// # Errors
/// The server doesn't have the package, or can't be asked.
pub(crate) fn package_metadata(
    session: &Session,
    server: &ServerRemote,
    layout: &PackageLayout,
    patterns: &[String],
) -> Result<(), OpsError> {
    let package = &layout.reference;
    session.reporter().status(
        &package.reference.without_revision().to_string(),
        &format!(
            "Retrieving package metadata {} from remote '{}'",
            package.package_id,
            server.name()
        ),
    );
    let files = server.package_files(package)?;
    let address = |file: &str| server.package_file(package, file);
    metadata(server, &files, patterns, &layout.metadata(), &address)?;
    Ok(())
}
