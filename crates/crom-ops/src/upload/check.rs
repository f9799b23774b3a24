//! Which revisions the server has.

use crom_remote::{RemoteError, ServerRemote, parallel};

use super::plan::{Item, Plan, RecipeItem};
use super::scope;
use crate::{OpsError, Session};

/// Decides about each revision whether it is sent.
pub(super) fn check(
    session: &Session,
    server: &ServerRemote,
    plan: &mut Plan,
    force: bool,
) -> Result<(), OpsError> {
    let threads = server.transfer().upload_threads;
    let there = parallel(&plan.recipes, threads, |recipe| {
        presence(session, server, recipe)
    })?;
    let reporter = session.reporter();
    for (recipe, there) in plan.recipes.iter_mut().zip(there) {
        let scope = scope(&recipe.reference);
        let decide = |item: &mut Item, kind: &str, name: String, there: bool| {
            item.upload = !there || force;
            item.forced = there && force;
            if there {
                let what = if force {
                    "forcing upload"
                } else {
                    "skipping upload"
                };
                reporter.status(
                    &scope,
                    &format!("{kind} '{name}' already in server, {what}"),
                );
            }
        };
        let name = recipe.reference.repr_notime();
        decide(&mut recipe.item, "Recipe", name, there.recipe);
        for (package, there) in recipe.packages.iter_mut().zip(there.packages) {
            let name = package.reference.repr_notime();
            decide(&mut package.item, "Package", name, there);
        }
    }
    Ok(())
}

/// What of a recipe the server has.
struct Presence {
    recipe: bool,
    /// In the order of the item.
    packages: Vec<bool>,
}

fn presence(
    session: &Session,
    server: &ServerRemote,
    recipe: &RecipeItem,
) -> Result<Presence, RemoteError> {
    session.reporter().status(
        &scope(&recipe.reference),
        "Checking which revisions exist in the remote server",
    );
    let known = absent_is_empty(server.recipe_revisions(&recipe.reference))?;
    let here = known
        .iter()
        .any(|found| found.revision == recipe.reference.revision);
    // Without the recipe there are no packages of it.
    let packages = if here {
        parallel(
            &recipe.packages,
            server.transfer().upload_threads,
            |package| {
                let known = absent_is_empty(server.package_revisions(&package.reference))?;
                Ok::<_, RemoteError>(
                    known
                        .iter()
                        .any(|found| found.revision == package.reference.revision),
                )
            },
        )?
    } else {
        vec![false; recipe.packages.len()]
    };
    Ok(Presence {
        recipe: here,
        packages,
    })
}

fn absent_is_empty<T>(found: Result<Vec<T>, RemoteError>) -> Result<Vec<T>, RemoteError> {
    match found {
        Err(error) if error.is_not_found() => Ok(Vec::new()),
        other => other,
    }
}
