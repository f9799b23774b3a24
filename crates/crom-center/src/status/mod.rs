//! `center status`: every package and profile of the list, where its binaries are, how they came to be,
//! and what upstream has that the fork has not.

mod history;
mod html;
mod page;
mod text;

use std::collections::BTreeSet;

use crom_ops::{OpsError, Session};
use serde::Serialize;

use crate::build::{TaskKind, log_file};
use crate::closure::{closure, recipes};
use crate::plan::{Combination, Plan, PlannedPackage, State, package_reference};
use crate::release::load_verified;
use crate::sync::{UpstreamNews, upstream_news};
use crate::{CenterError, Checkout, Fork};
pub use history::{Run, remember};

/// The state of a fork.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The commit that it was made from.
    pub fork: Checkout,
    /// When it was made: UTC, RFC 3339.
    pub made: String,
    /// Names of the repositories that were asked.
    pub remotes: Vec<String>,
    /// The profiles of the list.
    pub profiles: Vec<String>,
    /// Every line of the list x profile x options.
    pub combinations: Vec<Combination>,
    /// Everything that those come to.
    pub packages: Vec<PackageStatus>,
    /// When the test repository was verified.
    pub verified: Option<String>,
    /// What upstream has; none where it was never fetched.
    pub upstream: Option<UpstreamNews>,
}

/// A recipe of the closure at one version.
#[derive(Clone, Debug, Serialize)]
pub struct PackageStatus {
    /// `name/version`
    pub reference: String,
    /// Its recipe revision.
    pub revision: String,
    /// As the recipe says.
    pub license: Vec<String>,
    /// Versions that upstream has and the fork has not.
    pub newer: Vec<String>,
    /// Its binaries.
    pub binaries: Vec<BinaryStatus>,
}

/// One binary.
#[derive(Clone, Debug, Serialize)]
pub struct BinaryStatus {
    /// Its id.
    pub package_id: String,
    /// `host`, or `build` for tools.
    pub context: String,
    /// Profiles whose graphs it is in.
    pub profiles: BTreeSet<String>,
    /// How far it has come.
    pub place: Place,
    /// Its revision in the cache.
    pub cached: Option<String>,
    /// Its revision in the test repository.
    pub in_test: Option<String>,
    /// Its revision in the production repository.
    pub in_production: Option<String>,
    /// `shared=False`
    pub options: Vec<String>,
    /// `compiler=gcc`
    pub settings: Vec<String>,
    /// Bytes of its files, if it is in the cache.
    pub size: Option<u64>,
    /// Its last build.
    pub build: Option<Run>,
    /// The last run of its test package.
    pub test: Option<Run>,
    /// The end of the log of its last build, or of the test if that failed.
    pub log: Option<String>,
}

/// How far a binary has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Consumers get it.
    Production,
    /// It waits for promotion.
    Test,
    /// It is in the cache only.
    Built,
    /// It is to be built.
    Missing,
    /// Its build or test failed.
    Failed,
    /// A recipe refuses the configuration.
    Invalid,
}

impl Place {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
            Self::Built => "built",
            Self::Missing => "missing",
            Self::Failed => "failed",
            Self::Invalid => "invalid",
        }
    }

    fn of(package: &PlannedPackage, failed: bool) -> Self {
        match package.state {
            State::Invalid => Self::Invalid,
            _ if package.in_production.is_some() => Self::Production,
            _ if failed => Self::Failed,
            _ if package.in_test.is_some() => Self::Test,
            _ if package.cached.is_some() => Self::Built,
            _ => Self::Missing,
        }
    }
}

/// Puts together what is known of a fork with a fresh plan. Nothing is fetched from upstream here.
///
/// # Errors
/// The cache or the fork can't be read.
pub fn status(session: &Session, fork: &Fork, plan: &Plan) -> Result<Status, CenterError> {
    let upstream = upstream_news(fork, &closure(plan))?;
    let history = history::load(fork)?;
    let mut packages: Vec<PackageStatus> = Vec::new();
    for (name, version, revision) in recipes(plan) {
        let reference = format!("{name}/{version}");
        let of_recipe = |it: &&PlannedPackage| it.reference == reference && it.revision == revision;
        let planned: Vec<(&String, &PlannedPackage)> = plan
            .packages
            .iter()
            .filter(|(_, it)| of_recipe(it) && it.state != State::Skipped)
            .collect();
        let mut binaries = Vec::new();
        for (key, package) in &planned {
            binaries.push(binary(session, fork, key, package, &history)?);
        }
        let license = plan.packages.values().find(|it| of_recipe(it));
        let news = upstream.iter().flat_map(|it| &it.new_versions);
        let newer = news
            .filter(|it| it.name == name)
            .flat_map(|it| it.new.clone());
        packages.push(PackageStatus {
            license: license.map(|it| it.license.clone()).unwrap_or_default(),
            newer: newer.collect(),
            reference,
            revision,
            binaries,
        });
    }
    Ok(Status {
        fork: plan.fork.clone(),
        made: history::now(),
        remotes: plan.remotes.clone(),
        profiles: fork
            .list
            .profiles
            .iter()
            .map(|it| it.name.clone())
            .collect(),
        combinations: plan.combinations.clone(),
        packages,
        verified: load_verified(fork).map(|it| it.when),
        upstream,
    })
}

fn binary(
    session: &Session,
    fork: &Fork,
    key: &str,
    package: &PlannedPackage,
    history: &history::History,
) -> Result<BinaryStatus, CenterError> {
    let runs = history.packages.get(key).cloned().unwrap_or_default();
    let failed_kind = [(TaskKind::Build, &runs.build), (TaskKind::Test, &runs.test)]
        .into_iter()
        .find(|(_, run)| run.as_ref().is_some_and(|it| it.failure.is_some()))
        .map(|(kind, _)| kind);
    let kind = failed_kind.unwrap_or(TaskKind::Build);
    Ok(BinaryStatus {
        package_id: package.package_id.clone(),
        context: package.context.clone(),
        profiles: package.profiles.clone(),
        place: Place::of(package, failed_kind.is_some()),
        cached: package.cached.clone(),
        in_test: package.in_test.clone(),
        in_production: package.in_production.clone(),
        options: package.options.clone(),
        settings: package.settings.clone(),
        size: size(session, key, package)?,
        log: log_end(&log_file(fork, package, kind)),
        build: runs.build,
        test: runs.test,
    })
}

/// The size of the files in the cache.
fn size(
    session: &Session,
    key: &str,
    package: &PlannedPackage,
) -> Result<Option<u64>, CenterError> {
    if package.cached.is_none() {
        return Ok(None);
    }
    let cache = session.cache()?;
    let reference = package_reference(key)?;
    let Some(latest) = cache.latest_package(&reference).map_err(OpsError::from)? else {
        return Ok(None);
    };
    let folder = cache.package(&latest).map_err(OpsError::from)?.package();
    match crom_fs::is_dir(&folder) {
        true => Ok(Some(crom_fs::tree_size(folder)?)),
        false => Ok(None),
    }
}

/// The last lines of a log.
fn log_end(path: &std::path::Path) -> Option<String> {
    const LINES: usize = 40;
    let bytes = crom_fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let end = lines.get(lines.len().saturating_sub(LINES)..)?;
    Some(end.join("\n"))
}

#[cfg(test)]
mod tests;
