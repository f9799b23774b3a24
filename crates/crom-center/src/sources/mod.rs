//! `center sources`: copies of everything that the fork's recipes download, so that a build needs no
//! internet.
//!
//! The store has the layout of `core.sources:download_cache`: `s/<sha256>` is a file,
//! `s/<sha256>.json` says who needs it and where it came from. Its folder `s` is what a backup-sources
//! server serves, and `sources: {mirror: ...}` of the list gets the same files.

mod applies;
mod mirror;
mod needed;
mod report;
mod store;

use std::path::PathBuf;

use crom_ops::{OpsError, Session, default_threads, parallel};
use crom_tools::net::{HttpConf, NetConfig, probe};

use crate::closure::Closure;
use crate::{CenterError, Fork};
pub use report::{
    DeadUrl, PatchCheck, PatchVerdict, SourceFile, SourceKind, SourceState, SourcesReport,
};

/// What is wanted of the sources.
#[derive(Clone, Debug, Default)]
pub struct SourcesOptions {
    /// Look only at what is in the store: no network at all.
    pub offline: bool,
    /// Try whether patches fit the archives of the store.
    pub check_patches: bool,
    /// Don't ask the URLs of files that are in the store.
    pub no_probe: bool,
    /// The store; otherwise [`store_folder`].
    pub store: Option<PathBuf>,
}

/// Where the files are kept: `core.sources:download_cache`, or else a folder in what Crom keeps in the
/// fork.
///
/// # Errors
/// A conf that can't be read.
pub fn store_folder(session: &Session, fork: &Fork) -> Result<PathBuf, CenterError> {
    let conf = session.core_conf()?;
    let configured = conf
        .get_str("core.sources:download_cache")
        .map_err(OpsError::from)?;
    Ok(configured.map_or_else(|| fork.state().join("sources"), PathBuf::from))
}

/// The conf by which builds use the store, where there is one and the home names no other.
///
/// # Errors
/// A conf that can't be read.
pub fn store_conf(session: &Session, fork: &Fork) -> Result<Option<String>, CenterError> {
    let name = "core.sources:download_cache";
    let configured = session.core_conf()?.get_str(name).map_err(OpsError::from)?;
    let store = store_folder(session, fork)?;
    let used = configured.is_none() && crom_fs::is_dir(store.join("s"));
    Ok(used.then(|| format!("{name}={}", store.display())))
}

/// Brings everything that a closure downloads into the store and, if the list has one, to the mirror.
/// What can't be had is part of the report.
///
/// # Errors
/// Data files that can't be read, a store that can't be written, a mirror that refuses.
pub fn mirror_sources(
    session: &Session,
    fork: &Fork,
    closure: &Closure,
    options: &SourcesOptions,
) -> Result<SourcesReport, CenterError> {
    let folder = match &options.store {
        Some(folder) => folder.clone(),
        None => store_folder(session, fork)?,
    };
    let net = net(session)?;
    let store = store::Store::new(folder.clone(), net.clone(), session.reporter());
    let needed = needed::needed(fork, closure)?;
    let files: Vec<SourceFile> = parallel(&needed, default_threads(), |it| {
        store.bring(it, options.offline)
    })?;
    let mut report = SourcesReport {
        store: folder,
        mirror: None,
        files,
        dead: Vec::new(),
        patches: Vec::new(),
        unused: Vec::new(),
    };
    report.unused = store.unused(&report.files)?;
    if options.check_patches {
        report.patches = applies::check(fork, closure, &store)?;
    }
    if !options.offline && !options.no_probe {
        report.dead = dead(&report.files, &net)?;
    }
    if let Some(mirror) = fork
        .list
        .sources
        .mirror
        .as_deref()
        .filter(|_| !options.offline)
    {
        mirror::send(session, fork, &store, &report.files, mirror)?;
        report.mirror = Some(mirror.to_owned());
    }
    Ok(report)
}

/// How the home wants downloads to be made.
fn net(session: &Session) -> Result<NetConfig, CenterError> {
    let conf = session.core_conf()?;
    let list = |name| conf.get_list(name).map_err(OpsError::from);
    let http =
        HttpConf::from_conf(conf).map_err(|error| CenterError::message(error.to_string()))?;
    Ok(NetConfig {
        http,
        retry: Some(1),
        retry_wait: Some(1.0),
        download_urls: list("core.sources:download_urls")?,
        exclude_urls: list("core.sources:exclude_urls")?,
        ..NetConfig::default()
    })
}

/// The URLs that don't answer any more.
fn dead(files: &[SourceFile], net: &NetConfig) -> Result<Vec<DeadUrl>, CenterError> {
    let urls: Vec<(&str, &SourceFile)> = files
        .iter()
        .flat_map(|file| file.urls.iter().map(move |url| (url.as_str(), file)))
        .collect();
    let answers = parallel(&urls, default_threads(), |(url, file)| {
        Ok::<_, CenterError>(probe(url, net).err().map(|error| DeadUrl {
            url: (*url).to_owned(),
            problem: error.to_string(),
            kept: file.state.is_kept(),
            references: file.references.clone(),
        }))
    })?;
    Ok(answers.into_iter().flatten().collect())
}
