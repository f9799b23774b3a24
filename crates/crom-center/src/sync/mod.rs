//! `center sync`: what upstream has changed, and what of it matters here.
//!
//! The merge is made beside the checkout: `git merge-tree` writes the tree, whose files go to
//! `.crom-center/upstream`, and the fork's list is planned there as well as here. So what the report says
//! about revisions and rebuilds is what the next `plan` would say after the merge. Where a merge
//! conflicts, the files of the fork stay.

mod apply;
mod audit;
mod diff;
mod files;
mod html;
mod news;
mod report;
mod repository;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crom_ops::Session;

use crate::closure::{Closure, closure, recipes};
use crate::plan::{Plan, PlanOptions, State, plan};
use crate::{CenterError, Fork, state};
pub use apply::apply;
pub use diff::{DiffLine, FileChange, FileState, LineKind};
pub use news::{UpstreamNews, upstream_news};
pub use report::{
    Commit, Conflict, NewHost, NewLicence, NewVersions, Rebuilt, RecipeChange, Revision, SyncReport,
};
use repository::{Merged, Repository};

/// How upstream is looked at.
#[derive(Clone, Debug, Default)]
pub struct SyncOptions {
    /// Use what was fetched before.
    pub no_fetch: bool,
    /// How plans are made.
    pub plan: PlanOptions,
}

/// The commits of a merge.
struct Sides {
    head: String,
    upstream: String,
    base: String,
}

/// A state of the fork: its files and what the list comes to in them.
struct Side<'a> {
    root: &'a Path,
    plan: &'a Plan,
    closure: Closure,
}

impl<'a> Side<'a> {
    fn new(root: &'a Path, plan: &'a Plan) -> Self {
        Self {
            root,
            plan,
            closure: closure(plan),
        }
    }
}

/// Fetches upstream and compares. `progress` gets how many of how many combinations are planned.
///
/// # Errors
/// git fails, or the list can't be planned at all.
pub fn sync(
    session: &Session,
    fork: &Fork,
    options: &SyncOptions,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<SyncReport, CenterError> {
    let repository = Repository::open(&fork.root)?;
    let upstream = &fork.list.upstream;
    if !options.no_fetch {
        repository.fetch(&upstream.remote, &upstream.branch)?;
    }
    let sides = sides(&repository, fork)?;
    let merged = repository.merge_tree(&sides.head, &sides.upstream)?;
    let folder = fork.state().join("upstream");
    state::prepare(fork)?;
    materialise(&repository, fork, &merged, &sides, &folder)?;
    let after = Fork {
        root: folder.clone(),
        file: fork.file.clone(),
        list: fork.list.clone(),
    };
    let plan_now = plan(session, fork, &options.plan, &mut |done, of| {
        progress(done, 2 * of)
    })?;
    let plan_after = plan(session, &after, &options.plan, &mut |done, of| {
        progress(of + done, 2 * of);
    })?;
    let now = Side::new(&fork.root, &plan_now);
    let after = Side::new(&folder, &plan_after);
    compare(&repository, &sides, merged, &now, &after)
}

fn sides(repository: &Repository, fork: &Fork) -> Result<Sides, CenterError> {
    let upstream = &fork.list.upstream;
    let name = format!("refs/remotes/{}/{}", upstream.remote, upstream.branch);
    let head = repository.commit("HEAD")?;
    let upstream = repository.commit(&name).map_err(|error| {
        CenterError::message(error.to_string())
            .with_hint("'upstream' of center.yml names a git remote and a branch of it")
    })?;
    let base = repository.merge_base(&head, &upstream)?;
    Ok(Sides {
        head,
        upstream,
        base,
    })
}

/// The files of the merge, with those of the fork where it conflicts, and with profiles that aren't in
/// git.
fn materialise(
    repository: &Repository,
    fork: &Fork,
    merged: &Merged,
    sides: &Sides,
    folder: &Path,
) -> Result<(), CenterError> {
    repository.write_tree(&merged.tree, folder)?;
    for path in &merged.conflicts {
        let target = folder.join(path);
        match repository.show(&sides.head, path) {
            Some(text) => crom_fs::write_atomic(&target, text)?,
            None => crom_fs::remove(&target)?,
        }
    }
    let profiles = fork.list.profiles.iter();
    for name in profiles.flat_map(|it| it.host.iter().chain(&it.build)) {
        let own = fork.root.join(name);
        if crom_fs::is_file(&own) && own.starts_with(&fork.root) {
            crom_fs::write_atomic(folder.join(name), crom_fs::read(&own)?)?;
        }
    }
    Ok(())
}

fn compare(
    repository: &Repository,
    sides: &Sides,
    merged: Merged,
    now: &Side<'_>,
    after: &Side<'_>,
) -> Result<SyncReport, CenterError> {
    let upstream_paths = repository.changed(&sides.base, &sides.upstream)?;
    let own_paths = repository.changed(&sides.base, &sides.head)?;
    let names: BTreeSet<&String> = now.closure.keys().chain(after.closure.keys()).collect();
    let mut changes = Vec::new();
    for name in &names {
        let mut change = recipe_change(name, now, after)?;
        if change.files.is_empty() && change.revisions.is_empty() {
            continue;
        }
        let folder = format!("recipes/{name}/");
        let own = own_paths.iter().filter(|it| it.starts_with(&folder));
        change.customised = own.cloned().collect();
        change.commits = repository.log(&sides.base, &sides.upstream, &folder)?;
        changes.push(change);
    }
    let touched: BTreeSet<&str> = upstream_paths
        .iter()
        .filter_map(|it| recipe_of(it))
        .collect();
    let shown = |name: &&str| changes.iter().any(|it| it.name == **name);
    let used: BTreeSet<&str> = names.iter().map(|it| it.as_str()).collect();
    let noise = |name: &&str| used.contains(name) && !shown(name);
    Ok(SyncReport {
        head: sides.head.clone(),
        upstream: sides.upstream.clone(),
        commits: repository.count(&sides.base, &sides.upstream)?,
        new_versions: new_versions(&names, now.root, after.root)?,
        rebuilt: rebuilt(now.plan, after.plan),
        kept: kept(now.plan, after.plan),
        new_licences: audit::new_licences(now.plan, after.plan),
        new_hosts: audit::new_hosts(now, after)?,
        other_recipes: touched.iter().filter(|it| !used.contains(*it)).count(),
        without_effect: touched
            .iter()
            .copied()
            .filter(noise)
            .map(str::to_owned)
            .collect(),
        failures: audit::new_failures(now.plan, after.plan),
        conflicts: conflicts(repository, &merged, &used)?,
        recipes: changes,
        applied: None,
    })
}

/// The recipe that a file of the index belongs to.
fn recipe_of(path: &str) -> Option<&str> {
    let (name, _) = path.strip_prefix("recipes/")?.split_once('/')?;
    Some(name)
}

fn recipe_change(
    name: &str,
    now: &Side<'_>,
    after: &Side<'_>,
) -> Result<RecipeChange, CenterError> {
    let versions = |side: &Side<'_>| side.closure.get(name).cloned().unwrap_or_default();
    let used: BTreeSet<String> = versions(now).union(&versions(after)).cloned().collect();
    Ok(RecipeChange {
        name: name.to_owned(),
        revisions: revisions(name, now.plan, after.plan),
        files: diff::changes(
            &files::used(now.root, name, &used)?,
            &files::used(after.root, name, &used)?,
        ),
        customised: Vec::new(),
        commits: Vec::new(),
    })
}

/// Versions whose recipe revision isn't the same on both sides.
fn revisions(name: &str, now: &Plan, after: &Plan) -> Vec<Revision> {
    let of = |plan: &Plan| -> BTreeMap<String, String> {
        let all = recipes(plan).into_iter().filter(|(it, ..)| it == name);
        all.map(|(_, version, revision)| (version, revision))
            .collect()
    };
    let (now, after) = (of(now), of(after));
    let versions: BTreeSet<&String> = now.keys().chain(after.keys()).collect();
    let change = |version: &&String| Revision {
        version: (*version).clone(),
        was: now.get(*version).cloned(),
        becomes: after.get(*version).cloned(),
    };
    let all = versions.iter().map(change);
    all.filter(|it| it.was != it.becomes).collect()
}

/// Versions that `config.yml` gets.
fn new_versions(
    names: &BTreeSet<&String>,
    now: &Path,
    after: &Path,
) -> Result<Vec<NewVersions>, CenterError> {
    let mut found = Vec::new();
    for name in names {
        let known = files::versions(now, name)?;
        let mut new = files::versions(after, name)?;
        new.retain(|it| !known.contains(it));
        if !new.is_empty() {
            found.push(NewVersions {
                name: (*name).clone(),
                new,
            });
        }
    }
    Ok(found)
}

/// What would be built after the merge that isn't waiting to be built now.
fn rebuilt(now: &Plan, after: &Plan) -> Vec<Rebuilt> {
    let known: BTreeMap<&str, &str> = now
        .packages
        .values()
        .map(|it| (it.reference.as_str(), it.revision.as_str()))
        .collect();
    let new = after
        .to_build()
        .filter(|(key, _)| !now.packages.contains_key(*key));
    new.map(|(_, package)| {
        let before = known.get(package.reference.as_str());
        Rebuilt {
            reference: package.reference.clone(),
            package_id: package.package_id.clone(),
            profiles: package.profiles.clone(),
            why: match before {
                None => String::from("new version"),
                Some(revision) if **revision != package.revision => String::from("changed recipe"),
                Some(_) => String::from("changed dependency"),
            },
        }
    })
    .collect()
}

/// How many packages stay as they are.
fn kept(now: &Plan, after: &Plan) -> usize {
    let needed = after
        .packages
        .iter()
        .filter(|(_, it)| it.state != State::Skipped);
    needed
        .filter(|(key, _)| now.packages.contains_key(*key))
        .count()
}

fn conflicts(
    repository: &Repository,
    merged: &Merged,
    used: &BTreeSet<&str>,
) -> Result<Vec<Conflict>, CenterError> {
    let mut found: Vec<Conflict> = Vec::new();
    for path in &merged.conflicts {
        let text = repository.show(&merged.tree, path).unwrap_or_default();
        let recipe = recipe_of(path).map(str::to_owned);
        let place = found.iter().position(|it| it.recipe == recipe);
        let place = place.unwrap_or_else(|| {
            found.push(Conflict {
                used: recipe.as_deref().is_some_and(|it| used.contains(it)),
                recipe,
                files: Vec::new(),
            });
            found.len() - 1
        });
        if let Some(conflict) = found.get_mut(place) {
            conflict
                .files
                .push((path.clone(), conflicting_parts(&text)));
        }
    }
    Ok(found)
}

/// The parts of a merged text between `<<<<<<<` and `>>>>>>>`.
fn conflicting_parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part: Option<String> = None;
    for line in text.lines() {
        if line.starts_with("<<<<<<< ") {
            part = Some(String::new());
        }
        if let Some(text) = &mut part {
            text.push_str(line);
            text.push('\n');
        }
        if line.starts_with(">>>>>>> ") {
            parts.extend(part.take());
        }
    }
    parts
}

#[cfg(test)]
mod tests;
