//! Binaries of servers, all of a graph side by side.

use std::collections::HashSet;

use crom_graph::{Binary, NodeId};
use crom_model::reference::PackageReference;

use super::Installation;
use crate::OpsError;

/// Brings all packages that are to be downloaded into the cache.
///
/// # Errors
/// The first that fails; what arrived before stays.
pub(super) fn fetch(
    installation: &Installation<'_>,
    packages: &[Vec<NodeId>],
) -> Result<(), OpsError> {
    let wanted = wanted(installation, packages)?;
    if wanted.is_empty() {
        return Ok(());
    }
    let session = installation.session;
    let reporter = session.reporter();
    let plural = if wanted.len() == 1 { "" } else { "s" };
    reporter.subtitle(&format!("Downloading {} package{plural}", wanted.len()));
    let mut threads = 1;
    for (_, remote) in &wanted {
        let server = installation.catalog.server(remote)?;
        threads = threads.max(server.transfer().download_threads);
    }
    let threads = threads.min(wanted.len());
    if threads > 1 || wanted.len() == 1 {
        reporter.status(
            "",
            &format!("Downloading binary packages in {threads} parallel threads"),
        );
    }
    crom_remote::parallel(&wanted, threads, |(package, remote)| {
        let server = installation.catalog.server(remote)?;
        crate::fetch::package(session, server, package, &[]).map(|_| ())
    })?;
    Ok(())
}

/// Each package once, with the name of its remote.
fn wanted(
    installation: &Installation<'_>,
    packages: &[Vec<NodeId>],
) -> Result<Vec<(PackageReference, String)>, OpsError> {
    let mut wanted = Vec::new();
    let mut known = HashSet::new();
    for id in packages.iter().filter_map(|nodes| nodes.first()) {
        let node = installation.graph.node(*id);
        if !matches!(node.binary, Some(Binary::Download | Binary::Update)) {
            continue;
        }
        let (Some(mut package), Some(remote)) = (node.package_reference(), &node.binary_remote)
        else {
            return Err(OpsError::message(format!(
                "{} has no binary to download",
                node.display
            )));
        };
        package.revision.clone_from(&node.prev);
        package.timestamp = node.prev_timestamp;
        if known.insert(package.repr_notime()) {
            wanted.push((package, remote.clone()));
        }
    }
    Ok(wanted)
}
