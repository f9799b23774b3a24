//! What is to be promoted: a pattern over the source, or a package list.

use std::path::Path;

use crom_model::package_list::PackageList;
use crom_store::cache::{PackageQuery, Selection};

use super::{Item, PromoteRequest};
use crate::download::transfer_pattern;
use crate::packages::LOCAL_CACHE;
use crate::pkglist::load_lists;
use crate::remote_select::select;
use crate::source::Source;
use crate::{OpsError, Session};

/// Exact revisions, in the order of the list.
pub(super) fn items(
    session: &Session,
    from: &Source,
    request: &PromoteRequest,
) -> Result<Vec<Item>, OpsError> {
    let file = Path::new(&request.what);
    let is_file = file
        .extension()
        .is_some_and(|extension| extension == "json");
    let list = if is_file {
        of_file(session, file, request)?
    } else {
        let pattern = transfer_pattern(&request.what, request.only_recipe)?;
        let query = request.package_query.as_deref().map(PackageQuery::parse);
        let selection = Selection {
            query: query.transpose()?,
            ..Selection::default()
        };
        select(session, from, &pattern, &selection)?
    };
    exact(&list, &request.from)
}

/// The list of the source; a list of the cache where there is none, as after `create` and `upload`.
fn of_file(
    session: &Session,
    file: &Path,
    request: &PromoteRequest,
) -> Result<PackageList, OpsError> {
    if request.package_query.is_some() {
        return Err(OpsError::message(
            "Cannot define package-query with a package list file",
        ));
    }
    let lists = load_lists(session, file)?;
    let list = lists.get(&request.from).or_else(|_| lists.get(LOCAL_CACHE));
    let mut list = list
        .map_err(|_| {
            OpsError::message(format!(
                "'{}' lists neither packages of '{}' nor of the cache",
                file.display(),
                request.from
            ))
        })?
        .clone();
    if request.only_recipe {
        list.only_recipes();
    }
    Ok(list)
}

fn exact(list: &PackageList, from: &str) -> Result<Vec<Item>, OpsError> {
    let inexact = |name: String| {
        OpsError::message(format!(
            "the list has no revision of '{name}', and only exact revisions can be promoted"
        ))
        .with_hint(format!(
            "make it with 'list \"...#latest:*#latest\" -r {from} --format=json'"
        ))
    };
    let recipes = list
        .refs()
        .map_err(|error| OpsError::message(error.to_string()))?;
    let mut items = Vec::with_capacity(recipes.len());
    for recipe in recipes {
        if recipe.revision.is_none() {
            return Err(inexact(recipe.repr_notime()));
        }
        let packages: Vec<_> = list
            .prefs(&recipe)
            .into_iter()
            .map(|(package, _)| package)
            .collect();
        if let Some(package) = packages.iter().find(|package| package.revision.is_none()) {
            return Err(inexact(package.repr_notime()));
        }
        items.push(Item { recipe, packages });
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn list(json: &serde_json::Value) -> PackageList {
        PackageList::from_json(json).unwrap()
    }

    #[test]
    fn revisions_are_exact() {
        let good = json!({"a/1.0": {"revisions": {"r": {"packages": {"p": {"revisions": {"q": {}}}}}}},
                          "b/1.0": {"revisions": {"s": {}}}});
        let items = exact(&list(&good), "test").unwrap();
        let names: Vec<_> = items
            .iter()
            .flat_map(|item| {
                let packages = item.packages.iter().map(|package| package.repr_notime());
                std::iter::once(item.recipe.repr_notime()).chain(packages)
            })
            .collect();
        assert_eq!(names, ["a/1.0#r", "a/1.0#r:p#q", "b/1.0#s"]);
        for (bad, name) in [
            (json!({"a/1.0": {}}), "'a/1.0'"),
            (
                json!({"a/1.0": {"revisions": {"r": {"packages": {"p": {"info": {}}}}}}}),
                "'a/1.0#r:p'",
            ),
        ] {
            let error = exact(&list(&bad), "test").unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
            assert_eq!(error.hints().len(), 1);
        }
    }
}
