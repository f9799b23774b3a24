//! What upstream had when it was fetched last, without a merge.

use crom_model::yaml::{self, Value};
use serde::Serialize;

use super::report::NewVersions;
use super::repository::Repository;
use crate::closure::Closure;
use crate::{CenterError, Fork};

/// What upstream has that the fork has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UpstreamNews {
    /// How many commits it is ahead.
    pub commits: usize,
    /// Versions of recipes in use.
    pub new_versions: Vec<NewVersions>,
}

/// Compares with what was fetched last; none where the fork is no git checkout, or nothing was fetched.
///
/// # Errors
/// git fails on commits that it has.
pub fn upstream_news(fork: &Fork, closure: &Closure) -> Result<Option<UpstreamNews>, CenterError> {
    let Ok(repository) = Repository::open(&fork.root) else {
        return Ok(None);
    };
    let upstream = &fork.list.upstream;
    let name = format!("refs/remotes/{}/{}", upstream.remote, upstream.branch);
    let Ok(commit) = repository.commit(&name) else {
        return Ok(None);
    };
    let mut new_versions = Vec::new();
    for name in closure.keys() {
        let path = format!("recipes/{name}/config.yml");
        let Some(text) = repository.show(&commit, &path) else {
            continue;
        };
        let known = super::files::versions(&fork.root, name)?;
        let mut new = versions(&text);
        new.retain(|it| !known.contains(it));
        if !new.is_empty() {
            new_versions.push(NewVersions {
                name: name.clone(),
                new,
            });
        }
    }
    Ok(Some(UpstreamNews {
        commits: repository.count("HEAD", &commit)?,
        new_versions,
    }))
}

fn versions(config: &str) -> Vec<String> {
    let config = yaml::load(config, "config.yml").unwrap_or_default();
    let versions = config.get("versions").and_then(Value::as_map);
    versions
        .map(|it| it.keys().map(Value::to_python_str).collect())
        .unwrap_or_default()
}
