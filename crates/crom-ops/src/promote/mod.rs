//! `promote`: exact revisions from one remote to another, with all their files.
//!
//! Between two repositories of one Crom server it is a copy of metadata, done by the server in one
//! transaction. Between others, files are downloaded and uploaded as they are: archives keep their
//! checksums, and the cache isn't touched.

mod selection;
mod transfer;

use std::collections::HashSet;

use crom_model::package_list::{MultiPackageList, PackageList};
use crom_model::reference::{PackageReference, RecipeReference};
use crom_protocol::promotion::{
    PromotedPackage, PromotedRecipe, PromotionReport, PromotionRequest,
};
use crom_remote::{RemoteError, ServerRemote};
use crom_store::remotes::Remotes;
use serde_json::json;

use crate::source::Source;
use crate::{OpsError, Session};

/// `promote`
#[derive(Clone, Debug, Default)]
pub struct PromoteRequest {
    /// A pattern, or the file of a package list if it ends with `.json`.
    pub what: String,
    /// `--from`: the remote that has them.
    pub from: String,
    /// `--to`: the remote that gets them.
    pub to: String,
    /// `-p`
    pub package_query: Option<String>,
    /// No binaries.
    pub only_recipe: bool,
    /// Check everything, change nothing.
    pub dry_run: bool,
}

/// What was promoted.
#[derive(Clone, Debug)]
pub struct PromoteReport {
    /// The revisions by the remote that got them; each has `"promoted": false` if it was there
    /// before.
    pub list: MultiPackageList,
    /// Nothing was changed.
    pub dry_run: bool,
}

/// A recipe revision with those of its package revisions that are meant.
#[derive(Clone, Debug)]
struct Item {
    recipe: RecipeReference,
    packages: Vec<PackageReference>,
}

/// Copies revisions from one remote to another.
///
/// # Errors
/// Nothing of that name, a list without exact revisions, something that the source doesn't have, a
/// permission that is missing, or a server that can't be asked.
pub fn promote(session: &Session, request: &PromoteRequest) -> Result<PromoteReport, OpsError> {
    if request.from == request.to {
        return Err(OpsError::message(format!(
            "'{}' can't be promoted to itself",
            request.from
        )));
    }
    let remotes = Remotes::load(session.home())?;
    let from = Source::new(session, remotes.get_enabled(&request.from)?)?;
    let to = Source::new(session, remotes.get_enabled(&request.to)?)?;
    let (source, target) = (from.server("promotion")?, to.server("promotion")?);
    let items = selection::items(session, &from, request)?;
    let reporter = session.reporter();
    let mut list = MultiPackageList::default();
    if items.is_empty() {
        reporter.warning(
            None,
            "",
            "No packages were promoted because the selection is empty.",
        );
        list.add(&request.to, PackageList::default());
    } else {
        reporter.title(&format!(
            "Promoting from {} to {}",
            request.from, request.to
        ));
        let report = match common_server(source, target)? {
            Some(repository) => {
                reporter.status("", "Both are on one server, which copies metadata only");
                by_server(target, repository, &items, request)?
            }
            None => {
                reporter.status(
                    "",
                    "They are on different servers: files go through this one",
                );
                transfer::transfer(session, &from, &to, &items, request.dry_run)?
            }
        };
        list.add(&request.to, listed(&items, &report));
    }
    Ok(PromoteReport {
        list,
        dry_run: request.dry_run,
    })
}

/// The name of the source there, if one server has both.
fn common_server(
    source: &ServerRemote,
    target: &ServerRemote,
) -> Result<Option<String>, RemoteError> {
    let (Some(source), Some(target)) = (source.hosted_repository()?, target.hosted_repository()?)
    else {
        return Ok(None);
    };
    Ok((source.server == target.server).then_some(source.name))
}

fn by_server(
    target: &ServerRemote,
    from: String,
    items: &[Item],
    request: &PromoteRequest,
) -> Result<PromotionReport, OpsError> {
    let recipes = items.iter().map(|item| PromotedRecipe {
        reference: item.recipe.repr_notime(),
        packages: item
            .packages
            .iter()
            .map(|package| PromotedPackage {
                package_id: package.package_id.clone(),
                revision: package.revision.clone().unwrap_or_default(),
            })
            .collect(),
    });
    let asked = PromotionRequest {
        from,
        recipes: recipes.collect(),
        dry_run: request.dry_run,
    };
    target.promote(&asked).map_err(|error| match error {
        RemoteError::NotFound { message, .. } => OpsError::message(format!(
            "nothing was promoted, as '{}' doesn't have all of it: {message}",
            request.from
        )),
        other => other.into(),
    })
}

/// Without times: those of the target are its own.
fn listed(items: &[Item], report: &PromotionReport) -> PackageList {
    let promoted: HashSet<&str> = report.promoted.iter().map(String::as_str).collect();
    let mut list = PackageList::default();
    for item in items {
        let mut recipe = item.recipe.clone();
        recipe.timestamp = None;
        list.add_ref(&recipe);
        if let Some(entry) = list.recipe_dict_mut(&recipe) {
            let new = promoted.contains(recipe.repr_notime().as_str());
            entry.insert("promoted".to_owned(), json!(new));
        }
        for package in &item.packages {
            let mut package = package.clone();
            package.reference.timestamp = None;
            package.timestamp = None;
            list.add_pref(&package, None);
            if let Some(entry) = list.package_dict_mut(&package) {
                let new = promoted.contains(package.repr_notime().as_str());
                entry.insert("promoted".to_owned(), json!(new));
            }
        }
    }
    list
}
