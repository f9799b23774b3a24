//! `editable`: packages that are taken from a user's folder instead of the cache.

use std::path::PathBuf;

use crom_model::reference::RecipeReference;
use crom_model::reporter::{Level, Style};
use crom_recipe::GivenReference;
use crom_store::editables::{Editable, Editables};
use serde_json::{Map, Value, json};

use crate::export::{inspect_conanfile, reference_of};
use crate::graph::load_lockfile;
use crate::{LockfileSelection, OpsError, RemoteSelection, Session, conanfile};

/// `editable add`
#[derive(Clone, Debug, Default)]
pub struct EditableAddRequest {
    /// The conanfile, or its folder.
    pub path: String,
    /// Names that the recipe doesn't declare.
    pub given: GivenReference,
    /// Where what is built goes; beside the recipe by default.
    pub output_folder: Option<PathBuf>,
    /// For `python_requires`.
    pub remotes: RemoteSelection,
}

/// `editable remove`
#[derive(Clone, Debug, Default)]
pub struct EditableRemoveRequest {
    /// The conanfile, or its folder.
    pub path: Option<String>,
    /// Patterns of references.
    pub patterns: Vec<String>,
}

/// Takes a package from a folder from now on.
///
/// # Errors
/// No conanfile, a name that is missing or wrong, or the list can't be written.
pub fn editable_add(
    session: &Session,
    request: &EditableAddRequest,
) -> Result<RecipeReference, OpsError> {
    let conanfile = conanfile::find(session.cwd(), &request.path, false)?;
    let lockfile = load_lockfile(session, &LockfileSelection::default(), Some(&conanfile))?;
    let inspected = inspect_conanfile(
        session,
        &conanfile,
        &request.given,
        &request.remotes,
        lockfile.as_ref(),
    )?;
    if inspected.attributes.name.is_none() || inspected.attributes.version.is_none() {
        return Err(OpsError::message(
            "Editable package recipe should declare its name and version",
        )
        .with_hint("declare them in the recipe or pass '--name' and '--version'"));
    }
    let reference = reference_of(&inspected)?;
    let uppercase = session
        .core_conf()?
        .get_bool("core:allow_uppercase_pkg_names")?;
    reference
        .validate(uppercase.unwrap_or(false))
        .map_err(|error| OpsError::message(error.to_string()))?;
    let mut editables = Editables::load(session.home())?;
    let editable = Editable {
        path: conanfile.path,
        output_folder: request
            .output_folder
            .as_ref()
            .map(|folder| crom_fs::file::normalize(&session.cwd().join(folder))),
    };
    editables.add(&reference.to_string(), editable);
    editables.save(session.home())?;
    session.reporter().message(
        Level::Status,
        Style::Success,
        "",
        &format!("Reference '{reference}' in editable mode"),
    );
    Ok(reference)
}

/// Takes packages from the cache again.
///
/// # Errors
/// The list can't be read or written.
pub fn editable_remove(session: &Session, request: &EditableRemoveRequest) -> Result<(), OpsError> {
    let mut editables = Editables::load(session.home())?;
    // The folder may be gone by now, so the file isn't looked for.
    let paths: Vec<PathBuf> = request
        .path
        .iter()
        .map(|path| {
            let path = crom_fs::file::normalize(&session.cwd().join(path));
            if path.extension().is_some_and(|extension| extension == "py") {
                path
            } else {
                path.join("conanfile.py")
            }
        })
        .collect();
    let removed = editables.remove(&paths, &request.patterns);
    let reporter = session.reporter();
    if removed.is_empty() {
        reporter.warning(None, "", "No editables were removed");
        return Ok(());
    }
    editables.save(session.home())?;
    for (reference, editable) in removed {
        reporter.message(
            Level::Status,
            Style::Success,
            "",
            &format!(
                "Removed editable '{reference}': {}",
                editable.path.display()
            ),
        );
    }
    Ok(())
}

/// All of them: reference to path and output folder.
///
/// # Errors
/// The list can't be read.
pub fn editable_list(session: &Session) -> Result<Map<String, Value>, OpsError> {
    let editables = Editables::load(session.home())?;
    Ok(editables
        .iter()
        .map(|(reference, editable)| {
            let entry = json!({"path": editable.path, "output_folder": editable.output_folder});
            (reference.to_owned(), entry)
        })
        .collect())
}
