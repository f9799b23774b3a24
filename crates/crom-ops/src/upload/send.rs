//! What is prepared goes to the server.

use crom_remote::{FileAddress, ServerRemote, UploadFile, parallel};

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
    let recipes: Vec<&RecipeItem> = plan
        .recipes
        .iter()
        .filter(|recipe| recipe.item.sends())
        .collect();
    parallel(&recipes, threads, |recipe| {
        let address = |name: &str| server.recipe_file(&recipe.reference, name);
        let title = format!(
            "Uploading recipe '{}' ({})",
            recipe.reference.repr_notime(),
            readable_size(recipe.item.size())
        );
        session.reporter().status(&scope(&recipe.reference), &title);
        server.upload(&files(&recipe.item, &address))
    })?;
    let packages: Vec<&PackageItem> = plan
        .recipes
        .iter()
        .flat_map(|recipe| &recipe.packages)
        .filter(|package| package.item.sends())
        .collect();
    parallel(&packages, threads, |package| {
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
    })?;
    Ok(())
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
