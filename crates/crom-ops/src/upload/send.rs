//! What is prepared goes to the server.

use std::collections::HashMap;

use crom_remote::{FileAddress, RemoteError, ServerRemote, UploadFile, parallel};

use super::plan::{Item, PackageItem, Plan, RecipeItem};
use super::{readable_size, scope};
use crate::{OpsError, Session};

/// Sends recipes, then packages, each side by side.
pub(super) fn send(session: &Session, server: &ServerRemote, plan: &Plan) -> Result<(), OpsError> {
    if !plan.has_uploads() {
        return Ok(());
    }
    // One question to the user now instead of several in the middle.
    server.check_credentials(false)?;
    let threads = server.transfer().upload_threads;
    // The server orders revisions by when they come, so those of one recipe go one after the other.
    let recipes = grouped(
        plan.recipes.iter().filter(|recipe| recipe.item.sends()),
        |recipe| scope(&recipe.reference),
    );
    parallel(&recipes, threads, |group| {
        group
            .iter()
            .try_for_each(|recipe| send_recipe(session, server, recipe))
    })?;
    let packages = plan.recipes.iter().flat_map(|recipe| &recipe.packages);
    let packages = grouped(packages.filter(|package| package.item.sends()), |package| {
        let reference = &package.reference;
        format!(
            "{}:{}",
            reference.reference.repr_notime(),
            reference.package_id
        )
    });
    parallel(&packages, threads, |group| {
        group
            .iter()
            .try_for_each(|package| send_package(session, server, package))
    })?;
    Ok(())
}

fn send_recipe(
    session: &Session,
    server: &ServerRemote,
    recipe: &RecipeItem,
) -> Result<(), RemoteError> {
    let address = |name: &str| server.recipe_file(&recipe.reference, name);
    let title = format!(
        "Uploading recipe '{}' ({})",
        recipe.reference.repr_notime(),
        readable_size(recipe.item.size())
    );
    session.reporter().status(&scope(&recipe.reference), &title);
    server.upload(&files(&recipe.item, &address))
}

fn send_package(
    session: &Session,
    server: &ServerRemote,
    package: &PackageItem,
) -> Result<(), RemoteError> {
    let address = |name: &str| server.package_file(&package.reference, name);
    let title = format!(
        "Uploading package '{}' ({})",
        package.reference.repr_notime(),
        readable_size(package.item.size())
    );
    session
        .reporter()
        .status(&scope(&package.reference.reference), &title);
    server.upload(&files(&package.item, &address))
}

/// Items with the same key together, in the order of the first of each.
fn grouped<'a, T>(
    items: impl Iterator<Item = &'a T>,
    key: impl Fn(&T) -> String,
) -> Vec<Vec<&'a T>> {
    let mut groups: Vec<Vec<&T>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for item in items {
        let at = *known.entry(key(item)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    groups
}

/// In alphabetical order: the manifest, with which a revision is complete, comes after the archives.
fn files(item: &Item, address: &dyn Fn(&str) -> FileAddress) -> Vec<UploadFile> {
    let mut files: Vec<UploadFile> = item
        .files
        .iter()
        .map(|file| UploadFile {
            address: address(&file.name),
            path: file.path.clone(),
            sha1: file.sha1.clone(),
        })
        .collect();
    files.sort_by(|a, b| a.address.name().cmp(b.address.name()));
    files
}
