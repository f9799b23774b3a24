//! Lockfiles of commands: which one holds, and what is written at the end.

use std::path::{Path, PathBuf};

use crom_graph::{Graph, RecipeStatus};
use crom_model::lockfile::{LockKind, Lockfile, LockfileError};
use crom_model::view::Context;

use super::{GraphRequest, Resolved};
use crate::conanfile::Conanfile;
use crate::{LockfileSelection, OpsError, Session};

/// The lockfile beside a conanfile, or in the current folder.
pub(crate) const DEFAULT_LOCKFILE: &str = "conan.lock";

/// The lockfile that holds: the one given, else `conan.lock` beside the conanfile (or in the current
/// folder where there is none).
///
/// # Errors
/// A file that isn't there or doesn't parse.
pub(crate) fn load_lockfile(
    session: &Session,
    selection: &LockfileSelection,
    conanfile: Option<&Conanfile>,
) -> Result<Option<Lockfile>, OpsError> {
    if selection.packages {
        session.reporter().error(
            "",
            "The --lockfile-packages arg is private and shouldn't be used",
        );
    }
    let folder = conanfile.map_or_else(|| session.cwd(), Conanfile::folder);
    let Some(mut lockfile) = find_lockfile(session, selection.path.as_deref(), folder)? else {
        return Ok(None);
    };
    lockfile.partial = selection.partial;
    if let Some(overrides) = &selection.overrides {
        lockfile.overrides = parse_overrides(overrides)?;
    }
    Ok(Some(lockfile))
}

/// The lockfile at a path, or the default one of a folder if it is there.
///
/// # Errors
/// As for [`load_lockfile`].
pub(crate) fn find_lockfile(
    session: &Session,
    path: Option<&str>,
    folder: &Path,
) -> Result<Option<Lockfile>, OpsError> {
    let path = match path {
        Some("") => return Ok(None),
        Some(path) => {
            let path = crom_fs::file::normalize(&session.cwd().join(path));
            if !crom_fs::is_file(&path) {
                return Err(OpsError::message(format!(
                    "Lockfile doesn't exist: {}",
                    path.display()
                )));
            }
            path
        }
        None => {
            let path = folder.join(DEFAULT_LOCKFILE);
            if !crom_fs::is_file(&path) {
                return Ok(None);
            }
            path
        }
    };
    let lockfile = read_lockfile(&path)?;
    session
        .reporter()
        .status("", &format!("Using lockfile: '{}'", path.display()));
    Ok(Some(lockfile))
}

/// # Errors
/// It isn't there or doesn't parse.
pub(crate) fn read_lockfile(path: &Path) -> Result<Lockfile, OpsError> {
    Lockfile::loads(&crom_fs::read_text(path)?).map_err(|error| {
        OpsError::message(format!(
            "Error parsing lockfile '{}': {error}",
            path.display()
        ))
    })
}

/// What `graph build-order` prints for another command line: `{'zlib/1.2': ['zlib/1.3']}`.
fn parse_overrides<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, OpsError> {
    let json = if text.contains('"') {
        text.to_owned()
    } else {
        text.replace('\'', "\"").replace("None", "null")
    };
    serde_json::from_str(&json).map_err(|error| {
        OpsError::message(format!(
            "--lockfile-overrides is not valid: {error}: {text}"
        ))
    })
}

/// Writes `--lockfile-out`.
///
/// # Errors
/// The file can't be written.
pub(crate) fn finish_lockfile(
    session: &Session,
    request: &GraphRequest,
    resolved: &Resolved<'_>,
) -> Result<(), OpsError> {
    let Some(out) = &request.lockfile.out else {
        return Ok(());
    };
    let lockfile = resulting_lockfile(request, resolved);
    save_lockfile(session, out, &lockfile)
}

/// What a graph leaves locked: what was locked before, if it may stay, and what is in the graph.
pub(crate) fn resulting_lockfile(request: &GraphRequest, resolved: &Resolved<'_>) -> Lockfile {
    let mut lockfile = match &resolved.options.lockfile {
        Some(lockfile) if !request.lockfile.clean => lockfile.clone(),
        _ => Lockfile::default(),
    };
    add_graph(&mut lockfile, &resolved.graph, request.lockfile.packages);
    lockfile
}

/// # Errors
/// The file can't be written.
pub(crate) fn save_lockfile(
    session: &Session,
    out: &Path,
    lockfile: &Lockfile,
) -> Result<(), OpsError> {
    let path: PathBuf = crom_fs::file::normalize(&session.cwd().join(out));
    if let Some(folder) = path.parent() {
        crom_fs::create_dir_all(folder)?;
    }
    crom_fs::write_atomic(&path, lockfile.dumps())?;
    session
        .reporter()
        .status("", &format!("Generated lockfile: {}", path.display()));
    Ok(())
}

/// Locks what is in a graph: a root only with its `python_requires`.
pub(crate) fn add_graph(lockfile: &mut Lockfile, graph: &Graph, lock_packages: bool) {
    for node in &graph.nodes {
        for python in &node.python_requires {
            if python.recipe != RecipeStatus::Editable {
                lockfile.add_reference(LockKind::PythonRequires, &python.reference);
            } else {
                lockfile.add_reference(
                    LockKind::PythonRequires,
                    &python.reference.without_revision(),
                );
            }
        }
        if node.recipe.is_root() || node.recipe == RecipeStatus::Platform {
            continue;
        }
        let kind = match node.context {
            Context::Host => LockKind::Requires,
            Context::Build => LockKind::BuildRequires,
        };
        match node.package_reference() {
            Some(package) => lockfile.add_package(kind, &package, lock_packages),
            None => lockfile.add_reference(kind, &node.reference),
        }
    }
    let overrides = graph.overrides();
    if !overrides.is_empty() {
        lockfile.overrides = overrides
            .into_iter()
            .map(|(from, to)| (from, to.into_iter().collect()))
            .collect();
    }
}

/// In the words of the command.
pub(crate) fn lock_failed(error: LockfileError) -> OpsError {
    OpsError::message(error.to_string())
}
