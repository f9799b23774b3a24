//! Lockfiles of commands: which one holds, and what is written at the end.

use std::path::PathBuf;

use crom_graph::{Graph, RecipeStatus};
use crom_model::lockfile::{LockKind, Lockfile};
use crom_model::view::Context;

use super::{GraphRequest, Resolved};
use crate::conanfile::Conanfile;
use crate::{LockfileSelection, OpsError, Session};

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
    let path = match selection.path.as_deref() {
        Some("") => return Ok(None),
        Some(path) => {
            let path = session.cwd().join(path);
            if !crom_fs::is_file(&path) {
                return Err(OpsError::message(format!(
                    "Lockfile doesn't exist: {}",
                    path.display()
                )));
            }
            path
        }
        None => {
            let folder = conanfile.map_or_else(
                || session.cwd().to_path_buf(),
                |file| file.folder().to_path_buf(),
            );
            let path = folder.join("conan.lock");
            if !crom_fs::is_file(&path) {
                return Ok(None);
            }
            path
        }
    };
    let mut lockfile = Lockfile::loads(&crom_fs::read_text(&path)?).map_err(|error| {
        OpsError::message(format!(
            "Error parsing lockfile '{}': {error}",
            path.display()
        ))
    })?;
    lockfile.partial = selection.partial;
    if let Some(overrides) = &selection.overrides {
        lockfile.overrides = serde_json::from_str(overrides).map_err(|error| {
            OpsError::message(format!("--lockfile-overrides is not valid: {error}"))
        })?;
    }
    session
        .reporter()
        .status("", &format!("Using lockfile: '{}'", path.display()));
    Ok(Some(lockfile))
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
    let mut lockfile = match &resolved.options.lockfile {
        Some(lockfile) if !request.lockfile.clean => lockfile.clone(),
        _ => Lockfile::default(),
    };
    add_graph(&mut lockfile, &resolved.graph)?;
    let path: PathBuf = session.cwd().join(out);
    crom_fs::write_atomic(&path, lockfile.dumps())?;
    session
        .reporter()
        .status("", &format!("Generated lockfile: {}", path.display()));
    Ok(())
}

fn add_graph(lockfile: &mut Lockfile, graph: &Graph) -> Result<(), OpsError> {
    let failed = |error: crom_model::lockfile::LockfileError| OpsError::message(error.to_string());
    for node in &graph.nodes {
        for python in &node.python_requires {
            lockfile
                .add(LockKind::PythonRequires, &python.reference)
                .map_err(failed)?;
        }
        if node.recipe.is_root() || node.recipe == RecipeStatus::Platform {
            continue;
        }
        let kind = match node.context {
            Context::Host => LockKind::Requires,
            Context::Build => LockKind::BuildRequires,
        };
        lockfile.add(kind, &node.reference).map_err(failed)?;
    }
    let overrides = graph.overrides();
    if !overrides.is_empty() {
        lockfile.overrides = overrides
            .into_iter()
            .map(|(from, to)| (from, to.into_iter().collect()))
            .collect();
    }
    Ok(())
}
