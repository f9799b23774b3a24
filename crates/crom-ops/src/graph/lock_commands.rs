//! `lock`: lockfiles are made from graphs and edited.

use std::path::{Path, PathBuf};

use crom_model::lockfile::{LockKind, Lockfile};
use crom_model::reference::RecipeReference;

use super::lock::{
    DEFAULT_LOCKFILE, find_lockfile, lock_failed, read_lockfile, resulting_lockfile, save_lockfile,
};
use super::{GraphRequest, Resolved, choice, decide, expand, problem_error, root};
use crate::{OpsError, Session, profiles};

/// References or patterns for the lists of a lockfile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockEntries {
    /// `--requires`
    pub requires: Vec<String>,
    /// `--build-requires`
    pub build_requires: Vec<String>,
    /// `--python-requires`
    pub python_requires: Vec<String>,
    /// `--config-requires`
    pub config_requires: Vec<String>,
}

impl LockEntries {
    fn is_empty(&self) -> bool {
        self.lists().iter().all(|(_, list)| list.is_empty())
    }

    fn lists(&self) -> [(LockKind, &[String]); 4] {
        [
            (LockKind::Requires, &self.requires),
            (LockKind::BuildRequires, &self.build_requires),
            (LockKind::PythonRequires, &self.python_requires),
            (LockKind::ConfigRequires, &self.config_requires),
        ]
    }
}

/// An edit of a lockfile: `lock add`, `lock remove` and `lock update`.
#[derive(Clone, Debug, Default)]
pub struct LockEdit {
    /// What is added, removed or replaced.
    pub entries: LockEntries,
    /// `--lockfile`; `conan.lock` of the current folder where nothing is said.
    pub lockfile: Option<String>,
    /// `--lockfile-out`
    pub out: PathBuf,
}

/// `lock create`: locks what is in a graph. Binaries may be missing.
///
/// # Errors
/// A graph that can't be computed.
pub fn lock_create(session: &Session, request: &GraphRequest) -> Result<(), OpsError> {
    let resolved = locked_graph(session, request, None)?;
    let out = request.lockfile.out.clone().unwrap_or_else(|| {
        let folder = resolved
            .conanfile
            .as_ref()
            .map_or_else(|| session.cwd(), |file| file.folder());
        folder.join(DEFAULT_LOCKFILE)
    });
    save_lockfile(session, &out, &resulting_lockfile(request, &resolved))
}

/// `lock upgrade`: what is locked of some packages is forgotten and resolved again.
///
/// # Errors
/// No lockfile, nothing to upgrade, or a graph that can't be computed.
pub fn lock_upgrade(
    session: &Session,
    request: &GraphRequest,
    upgraded: &LockEntries,
) -> Result<(), OpsError> {
    if upgraded.is_empty() {
        return Err(OpsError::message(
            "At least one of --update-requires, --update-build-requires, \
             --update-python-requires should be specified",
        ));
    }
    let (_, conanfile) = root(session, request)?;
    let folder = conanfile
        .as_ref()
        .map_or_else(|| session.cwd(), |file| file.folder());
    let lockfile = find_lockfile(session, request.lockfile.path.as_deref(), folder)?;
    let Some(mut lockfile) = lockfile else {
        return Err(OpsError::message(
            "No lockfile specified and default conan.lock not found",
        ));
    };
    remove_entries(session, &mut lockfile, upgraded)?;
    lockfile.partial = true;
    let resolved = locked_graph(session, request, Some(lockfile))?;
    let out = request.lockfile.out.as_deref();
    save_lockfile(
        session,
        out.unwrap_or_else(|| Path::new(DEFAULT_LOCKFILE)),
        &resulting_lockfile(request, &resolved),
    )
}

fn locked_graph<'a>(
    session: &'a Session,
    request: &GraphRequest,
    lockfile: Option<Lockfile>,
) -> Result<Resolved<'a>, OpsError> {
    let (spec, conanfile) = root(session, request)?;
    let mut lockfile = match lockfile {
        Some(lockfile) => Some(lockfile),
        None => super::lock::load_lockfile(session, &request.lockfile, conanfile.as_ref())?,
    };
    // What isn't locked yet is what the command is for.
    if let Some(lockfile) = &mut lockfile {
        lockfile.partial = true;
    }
    let profiles = profiles(session, &request.profiles)?;
    let choice = choice(request.build.as_deref())?;
    let mut resolved = expand(session, request, profiles, &spec, conanfile, lockfile)?;
    if let Some(problem) = &resolved.graph.error {
        session.cache()?.flush()?;
        return Err(problem_error(&resolved.graph, problem));
    }
    decide(session, &mut resolved, &choice)?;
    session.cache()?.flush()?;
    Ok(resolved)
}

/// `lock add`: entries are written by hand. Without a lockfile a new one is made.
///
/// # Errors
/// A reference that isn't exact, or is there.
pub fn lock_add(session: &Session, edit: &LockEdit) -> Result<(), OpsError> {
    let lockfile = find_lockfile(session, edit.lockfile.as_deref(), session.cwd())?;
    let mut lockfile = lockfile.unwrap_or_default();
    let uppercase = session
        .core_conf()?
        .get_bool("core:allow_uppercase_pkg_names")?
        .unwrap_or(false);
    for (kind, list) in edit.entries.lists() {
        for text in list {
            let reference = parse(text)?;
            reference
                .validate(uppercase)
                .map_err(|error| OpsError::message(error.to_string()))?;
            lockfile.add(kind, &reference).map_err(lock_failed)?;
        }
    }
    save_lockfile(session, &edit.out, &lockfile)
}

/// `lock remove`: references, patterns and ranges.
///
/// # Errors
/// No lockfile, or something that isn't a reference.
pub fn lock_remove(session: &Session, edit: &LockEdit) -> Result<(), OpsError> {
    let mut lockfile = needed_lockfile(session, edit)?;
    remove_entries(session, &mut lockfile, &edit.entries)?;
    save_lockfile(session, &edit.out, &lockfile)
}

/// `lock update`: a reference takes the place of those of its name.
///
/// # Errors
/// No lockfile, or something that isn't a reference.
pub fn lock_update(session: &Session, edit: &LockEdit) -> Result<(), OpsError> {
    let mut lockfile = needed_lockfile(session, edit)?;
    for (kind, list) in edit.entries.lists() {
        for text in list {
            let reference = parse(text)?;
            for replaced in lockfile.update(kind, &reference) {
                let what = match kind {
                    LockKind::Requires => "require",
                    other => other.as_str(),
                };
                session.reporter().status(
                    "",
                    &format!(
                        "Replacing {what}: {} -> {}",
                        replaced.repr_notime(),
                        reference.repr_notime()
                    ),
                );
            }
        }
    }
    save_lockfile(session, &edit.out, &lockfile)
}

/// `lock merge`: all entries of all lockfiles.
///
/// # Errors
/// A lockfile that isn't there or doesn't parse.
pub fn lock_merge(session: &Session, lockfiles: &[String], out: &Path) -> Result<(), OpsError> {
    if lockfiles.is_empty() {
        return Err(OpsError::message("There are no lockfiles to merge")
            .with_hint("name them with --lockfile"));
    }
    let mut merged = Lockfile::default();
    for lockfile in lockfiles {
        let path = crom_fs::file::normalize(&session.cwd().join(lockfile));
        if !crom_fs::is_file(&path) {
            return Err(OpsError::message(format!(
                "Missing lockfile in: {}",
                path.display()
            )));
        }
        merged.merge(&read_lockfile(&path)?);
    }
    save_lockfile(session, out, &merged)
}

fn needed_lockfile(session: &Session, edit: &LockEdit) -> Result<Lockfile, OpsError> {
    find_lockfile(session, edit.lockfile.as_deref(), session.cwd())?.ok_or_else(|| {
        OpsError::message(format!(
            "Lockfile doesn't exist: {}",
            session.cwd().join(DEFAULT_LOCKFILE).display()
        ))
        .with_hint("name one with --lockfile")
    })
}

pub(crate) fn remove_entries(
    session: &Session,
    lockfile: &mut Lockfile,
    entries: &LockEntries,
) -> Result<(), OpsError> {
    for (kind, list) in entries.lists() {
        let what = match kind {
            LockKind::Requires => "require",
            LockKind::BuildRequires => "build_require",
            LockKind::PythonRequires => "python_require",
            LockKind::ConfigRequires => "config_requires",
        };
        for pattern in list {
            for removed in lockfile.remove(kind, pattern).map_err(lock_failed)? {
                session.reporter().status(
                    "",
                    &format!("Removed locked {what}: {}", removed.repr_notime()),
                );
            }
        }
    }
    Ok(())
}

fn parse(text: &str) -> Result<RecipeReference, OpsError> {
    RecipeReference::loads(text).map_err(|error| OpsError::message(error.to_string()))
}
