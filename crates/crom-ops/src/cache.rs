//! `cache *`: the files of the cache.

use std::path::{Path, PathBuf};

use crom_model::package_list::{MultiPackageList, PackageList};
use crom_store::cache::{
    BackupSources, CacheFolder, CleanOptions, PackageQuery, SaveOptions, Selection,
};

use crate::packages::{LOCAL_CACHE, parse_pattern};
use crate::{OpsError, Session};

/// A part of the cache.
#[derive(Clone, Debug, Default)]
pub struct CacheSelection {
    /// Everything by default.
    pub pattern: Option<String>,
    /// A package list.
    pub list: Option<PathBuf>,
    /// `-p`
    pub package_query: Option<String>,
}

impl CacheSelection {
    /// Depth of patterns without revisions: all revisions and packages.
    fn resolve(&self, session: &Session, deepen: &str) -> Result<PackageList, OpsError> {
        if let Some(path) = &self.list {
            if self.pattern.is_some() {
                return Err(OpsError::message(
                    "Cannot define both the pattern and the package list file",
                ));
            }
            let lists = MultiPackageList::loads(&crom_fs::read_text(path)?).map_err(|error| {
                OpsError::message(format!(
                    "Package list file invalid: '{}': {error}",
                    path.display()
                ))
            })?;
            return Ok(lists
                .get(LOCAL_CACHE)
                .map_err(|error| OpsError::message(error.to_string()))?
                .clone());
        }
        let text = self.pattern.as_deref().unwrap_or("*");
        let mut pattern = parse_pattern(text)?;
        let mut deepening = deepen.split(' ');
        for field in [
            &mut pattern.rrev,
            &mut pattern.package_id,
            &mut pattern.prev,
        ] {
            let depth = deepening
                .next()
                .filter(|depth| *depth != "-")
                .map(str::to_owned);
            if field.is_none() {
                *field = depth;
            }
        }
        let selection = Selection {
            query: self
                .package_query
                .as_deref()
                .map(PackageQuery::parse)
                .transpose()?,
            ..Selection::default()
        };
        Ok(session
            .cache()?
            .select(&pattern, &selection, session.reporter())?)
    }
}

/// Checks files against manifests and returns what is corrupted. Verdicts go to the reporter.
///
/// # Errors
/// Nothing of that name, or files that can't be read.
pub fn cache_check_integrity(
    session: &Session,
    selection: &CacheSelection,
) -> Result<MultiPackageList, OpsError> {
    let list = selection.resolve(session, "* * *")?;
    let report = session
        .cache()?
        .check_integrity(&list, session.reporter())?;
    for item in &report.items {
        if item.is_ok() {
            session.reporter().status(&item.scope(), &item.message());
        } else {
            session.reporter().error(&item.scope(), &item.message());
        }
    }
    let mut lists = MultiPackageList::default();
    lists.add(LOCAL_CACHE, report.corrupted());
    Ok(lists)
}

/// `cache clean`
#[derive(Clone, Debug, Default)]
pub struct CleanRequest {
    /// Of which recipes and packages.
    pub selection: CacheSelection,
    /// Source folders.
    pub source: bool,
    /// Build folders.
    pub build: bool,
    /// Archives.
    pub download: bool,
    /// Temporary folders.
    pub temp: bool,
    /// Backup sources.
    pub backup_sources: bool,
}

/// Removes what can be made again. Without any kind chosen, all kinds but backup sources.
///
/// # Errors
/// A folder that resists.
pub fn cache_clean(session: &Session, request: &CleanRequest) -> Result<(), OpsError> {
    let chosen = CleanOptions {
        source: request.source,
        build: request.build,
        download: request.download,
        temp: request.temp,
    };
    let none = chosen == CleanOptions::default() && !request.backup_sources;
    if (chosen != CleanOptions::default() || none) || request.selection.pattern.is_some() {
        let list = request.selection.resolve(session, "* - -")?;
        let recipes = list
            .refs()
            .map_err(|error| OpsError::message(error.to_string()))?;
        let options = if none { CleanOptions::ALL } else { chosen };
        session.cache()?.clean(&recipes, options)?;
    }
    if request.backup_sources {
        let folder = session
            .core_conf()?
            .get_str("core.sources:download_cache")?;
        let folder = folder.map_or_else(
            || session.cache().map(|cache| cache.folder().join("s")),
            |folder| Ok(PathBuf::from(folder)),
        )?;
        BackupSources::at(folder).clean()?;
    }
    Ok(())
}

/// The folder of `name/version[#rrev][:package_id[#prev]]`, or the one named by `folder`:
/// `export_source`, `source`, `build`, `metadata`.
///
/// # Errors
/// Nothing of that name, or a folder that doesn't fit or isn't there.
pub fn cache_path(
    session: &Session,
    reference: &str,
    folder: Option<&str>,
) -> Result<PathBuf, OpsError> {
    let folder = folder.map(|name| {
        CacheFolder::ALL
            .into_iter()
            .find(|folder| folder.as_str() == name)
            .ok_or_else(|| OpsError::message(format!("there is no folder '{name}' in the cache")))
    });
    Ok(session.cache()?.path(reference, folder.transpose()?)?)
}

/// `cache save`
#[derive(Clone, Debug, Default)]
pub struct SaveRequest {
    /// What.
    pub selection: CacheSelection,
    /// The archive.
    pub file: PathBuf,
    /// Without the result of `source()`.
    pub no_source: bool,
}

/// Writes an archive of recipes and packages.
///
/// # Errors
/// Nothing of that name, or files that can't be read or written.
pub fn cache_save(session: &Session, request: &SaveRequest) -> Result<MultiPackageList, OpsError> {
    if request.selection.pattern.is_none() && request.selection.list.is_none() {
        return Err(OpsError::message("Missing pattern or package list file"));
    }
    let mut list = request.selection.resolve(session, "latest - latest")?;
    let level = session.core_conf()?.get_int("core.gzip:compresslevel")?;
    let file = session.cwd().join(&request.file);
    let options = SaveOptions {
        level: level.and_then(|level| u32::try_from(level).ok()),
        no_source: request.no_source,
    };
    session
        .cache()?
        .save(&mut list, &file, options, session.reporter())?;
    session
        .reporter()
        .status("", &format!("Created cache save file: {}", file.display()));
    let mut lists = MultiPackageList::default();
    lists.add(LOCAL_CACHE, list);
    Ok(lists)
}

/// Puts the recipes and packages of an archive into the cache.
///
/// # Errors
/// A file that isn't such an archive, or that holds what it may not.
pub fn cache_restore(session: &Session, file: &Path) -> Result<MultiPackageList, OpsError> {
    let file = session.cwd().join(file);
    if !crom_fs::exists(&file) {
        return Err(OpsError::message(format!(
            "Restore archive doesn't exist in {}",
            file.display()
        )));
    }
    let list = session.cache()?.restore(&file, session.reporter())?;
    let mut lists = MultiPackageList::default();
    lists.add(LOCAL_CACHE, list);
    Ok(lists)
}
