//! What of a remote a pattern means: as [`crom_store::cache::Cache::select`] does for the cache.

use crom_model::conaninfo::ConanInfoText;
use crom_model::package_list::PackageList;
use crom_model::reference::{PackageReference, RecipeReference, RefPattern};
use crom_remote::{ServerRemote, default_threads, parallel};
use crom_store::cache::Selection;
use serde_json::{Map, Value};

use crate::source::Source;
use crate::{OpsError, Session};

/// The recipes, revisions and packages that a pattern names. Depth follows the pattern.
///
/// # Errors
/// A pattern without wildcards that names nothing; the remote can't be asked.
pub(crate) fn select(
    session: &Session,
    source: &Source,
    pattern: &RefPattern,
    selection: &Selection,
) -> Result<PackageList, OpsError> {
    // Packages without a word on recipe revisions are those of the latest.
    let mut pattern = pattern.clone();
    if pattern.package_id.is_some() && pattern.rrev.is_none() {
        pattern.rrev = Some("latest".to_owned());
    }
    selection.check_depth(&pattern)?;
    let recipes = recipes(session, source, &pattern)?;
    let mut list = PackageList::default();
    if pattern.rrev.is_none() {
        for reference in &recipes {
            list.add_ref(reference);
        }
        return Ok(list);
    }
    let found = parallel(&recipes, default_threads(), |reference| {
        one_recipe(session, source, &pattern, selection, reference)
    })?;
    for part in &found {
        list.merge(part);
    }
    Ok(list)
}

/// References without revision.
fn recipes(
    session: &Session,
    source: &Source,
    pattern: &RefPattern,
) -> Result<Vec<RecipeReference>, OpsError> {
    // One reference with a revision isn't searched, it is looked up.
    if let Some(reference) = pattern.exact_ref() {
        return Ok(vec![reference.without_revision()]);
    }
    let search = pattern.search_ref();
    // A final `@` means "without user", which servers don't know.
    let mut found = source.search(search.strip_suffix('@').unwrap_or(&search))?;
    if search.ends_with('@') {
        found.retain(|reference| reference.user.is_none());
    }
    let found = pattern
        .filter_versions(found, None)
        .map_err(|error| OpsError::message(error.to_string()))?;
    pattern.check_refs(&found).map_err(message)?;
    session.reporter().status(
        "",
        &format!(
            "Found {} pkg/version recipes matching {search} in {}",
            found.len(),
            source.name()
        ),
    );
    Ok(found)
}

fn one_recipe(
    session: &Session,
    source: &Source,
    pattern: &RefPattern,
    selection: &Selection,
    reference: &RecipeReference,
) -> Result<PackageList, OpsError> {
    let mut list = PackageList::default();
    for revision in revisions(session, source, pattern, reference)? {
        list.add_ref(&revision);
        if pattern.package_id.is_none() {
            continue;
        }
        if let Some(entry) = list.recipe_dict_mut(&revision) {
            entry.insert("packages".to_owned(), Value::Object(Map::new()));
        }
        // A folder of recipes has no binaries to list.
        let Some(server) = source.as_server() else {
            continue;
        };
        packages(server, pattern, selection, &revision, &mut list)?;
    }
    Ok(list)
}

/// Revisions that the pattern names, oldest first.
fn revisions(
    session: &Session,
    source: &Source,
    pattern: &RefPattern,
    reference: &RecipeReference,
) -> Result<Vec<RecipeReference>, OpsError> {
    let Some(server) = source.as_server() else {
        let found = source.find(session, reference)?;
        if found.is_none() {
            pattern.check_refs(&[]).map_err(message)?;
        }
        let found: Vec<_> = found.into_iter().collect();
        if pattern.is_latest_rrev() {
            return Ok(found);
        }
        return pattern.filter_rrevs(found).map_err(message);
    };
    if pattern.is_latest_rrev() {
        return Ok(vec![server.latest_recipe(reference)?]);
    }
    let mut found = server.recipe_revisions(reference)?;
    if is_but_latest(pattern.rrev.as_deref()) {
        found.drain(..found.len().min(1));
    } else {
        found = pattern.filter_rrevs(found).map_err(message)?;
    }
    found.reverse();
    Ok(found)
}

fn packages(
    server: &ServerRemote,
    pattern: &RefPattern,
    selection: &Selection,
    recipe: &RecipeReference,
    list: &mut PackageList,
) -> Result<(), OpsError> {
    let found = candidates(server, pattern, selection, recipe)?;
    let json = |info: &Option<ConanInfoText>| info.as_ref().map(|it| Value::Object(it.to_json()));
    if pattern.prev.is_none() {
        for (package, info) in &found {
            list.add_pref(package, json(info));
        }
        return Ok(());
    }
    let all = parallel(&found, default_threads(), |(package, _)| {
        package_revisions(server, pattern, package)
    })?;
    for ((package, info), revisions) in found.iter().zip(all) {
        for revision in &revisions {
            list.add_pref(revision, None);
        }
        // The JSON has the info after the revisions.
        if !revisions.is_empty() {
            list.add_pref(package, json(info));
        }
    }
    Ok(())
}

/// Packages that the pattern and the selection mean; with their info where that had to be asked for.
fn candidates(
    server: &ServerRemote,
    pattern: &RefPattern,
    selection: &Selection,
    recipe: &RecipeReference,
) -> Result<Vec<(PackageReference, Option<ConanInfoText>)>, OpsError> {
    let id = pattern.package_id.as_deref().unwrap_or("*");
    let unfiltered = selection.query.is_none() && selection.filters.is_empty();
    if pattern.prev.is_some() && !id.contains('*') && unfiltered {
        let package = PackageReference::new(recipe.clone(), id);
        return Ok(vec![(package, None)]);
    }
    let all = server.packages(recipe)?;
    let packages = all
        .iter()
        .map(|(id, _)| PackageReference::new(recipe.clone(), id.as_str()))
        .collect();
    let chosen = pattern.filter_prefs(packages).map_err(message)?;
    Ok(chosen
        .into_iter()
        .filter_map(|package| {
            let (_, info) = all.iter().find(|(id, _)| *id == package.package_id)?;
            selection
                .wants(Some(info))
                .then(|| (package, Some(info.clone())))
        })
        .collect())
}

/// Oldest first.
fn package_revisions(
    server: &ServerRemote,
    pattern: &RefPattern,
    package: &PackageReference,
) -> Result<Vec<PackageReference>, OpsError> {
    if pattern.is_latest_prev() {
        return Ok(vec![server.latest_package(package)?]);
    }
    let mut found = server.package_revisions(package)?;
    if is_but_latest(pattern.prev.as_deref()) {
        found.drain(..found.len().min(1));
    } else {
        found = pattern.filter_prevs(found).map_err(message)?;
    }
    found.reverse();
    Ok(found)
}

fn is_but_latest(pattern: Option<&str>) -> bool {
    matches!(pattern, Some("!latest" | "~latest"))
}

fn message(error: impl std::fmt::Display) -> OpsError {
    OpsError::message(error.to_string())
}
