//! `export`: a recipe goes from the user's folder into the cache.

use std::path::PathBuf;

use crom_graph::{GraphOptions, InspectedRecipe, UpdatePolicy, inspect_recipe};
use crom_model::lockfile::{LockKind, Lockfile};
use crom_model::package_list::{MultiPackageList, PackageList};
use crom_model::reference::RecipeReference;
use crom_model::reporter::{Level, Style};
use crom_model::version::Version;
use crom_recipe::{Action, GivenReference, InstanceId, RecipeMethod};
use crom_store::export::{ExportFolders, ExportInput, ExportStep, Exported, export_recipe};

use crate::conanfile::{self, Conanfile};
use crate::graph::{SessionCatalog, load_lockfile, save_lockfile};
use crate::packages::LOCAL_CACHE;
use crate::source::{Source, export_act};
use crate::{LockfileSelection, OpsError, RemoteSelection, Session};

/// `export`
#[derive(Clone, Debug, Default)]
pub struct ExportRequest {
    /// The conanfile, or its folder.
    pub path: String,
    /// Names that the recipe doesn't declare.
    pub given: GivenReference,
    /// For `python_requires`.
    pub remotes: RemoteSelection,
    /// For `python_requires`.
    pub lockfile: LockfileSelection,
    /// Where a lockfile keeps it.
    pub build_require: bool,
}

/// A recipe that is in the cache now.
#[derive(Clone, Debug)]
pub struct ExportReport {
    /// With revision and time.
    pub reference: RecipeReference,
    /// The same as a package list.
    pub package_list: MultiPackageList,
}

/// Exports a recipe.
///
/// # Errors
/// No conanfile, a name that is missing or wrong, a recipe that fails.
pub fn export(session: &Session, request: &ExportRequest) -> Result<ExportReport, OpsError> {
    let conanfile = conanfile::find(session.cwd(), &request.path, false)?;
    let mut lockfile = load_lockfile(session, &request.lockfile, Some(&conanfile))?;
    session.reporter().title("Exporting recipe to the cache");
    let (reference, inspected) = export_conanfile(session, &conanfile, request, lockfile.as_ref())?;
    if let Some(out) = &request.lockfile.out {
        let mut lockfile = lockfile.take().filter(|_| !request.lockfile.clean);
        let lockfile = lockfile.get_or_insert_default();
        lock_exported(lockfile, request, &reference, &inspected);
        save_lockfile(session, out, lockfile)?;
    }
    let mut list = PackageList::default();
    list.add_ref(&reference);
    let mut package_list = MultiPackageList::default();
    package_list.add(LOCAL_CACHE, list);
    Ok(ExportReport {
        reference,
        package_list,
    })
}

/// Exports a conanfile that was found, and returns its reference and what it declares.
///
/// # Errors
/// As for [`export`].
pub(crate) fn export_conanfile(
    session: &Session,
    conanfile: &Conanfile,
    request: &ExportRequest,
    lockfile: Option<&Lockfile>,
) -> Result<(RecipeReference, InspectedRecipe), OpsError> {
    let inspected = inspect_conanfile(
        session,
        conanfile,
        &request.given,
        &request.remotes,
        lockfile,
    )?;
    let reference = reference_of(&inspected)?;
    let uppercase = session
        .core_conf()?
        .get_bool("core:allow_uppercase_pkg_names")?;
    reference
        .validate(uppercase.unwrap_or(false))
        .map_err(|error| OpsError::message(error.to_string()))?;
    let reporter = session.reporter();
    reporter.message(
        Level::Status,
        Style::Success,
        "",
        &format!("{reference} export"),
    );
    if session.has_hooks() {
        let folders = ExportFolders {
            recipe: conanfile.folder().to_path_buf(),
            export: PathBuf::new(),
            export_sources: PathBuf::new(),
        };
        let (inspect, action) = (&inspected.inspect, hook("pre_export"));
        session
            .host()?
            .act(&export_act(InstanceId::next(), inspect, &folders, action))?;
    }
    reporter.status(
        "",
        &format!("Exporting package recipe: {}", conanfile.path.display()),
    );
    if crom_fs::is_file(conanfile.folder().join("conandata.yml")) {
        reporter.status(
            &reference.to_string(),
            "exports: File 'conandata.yml' found. Exporting it...",
        );
    }
    let exported = run_export(session, conanfile, &reference, &inspected)?;
    for line in &exported.copied {
        reporter.status("", line);
    }
    reporter.status(
        "",
        &format!(
            "Exported to cache folder: {}",
            exported.layout.export().display()
        ),
    );
    let reference = exported.layout.reference;
    reporter.message(
        Level::Status,
        Style::Success,
        "",
        &format!("Exported: {}", reference.repr_humantime()),
    );
    Ok((reference, inspected))
}

/// What was exported is locked beside what was locked before.
pub(crate) fn lock_exported(
    lockfile: &mut Lockfile,
    request: &ExportRequest,
    reference: &RecipeReference,
    inspected: &InspectedRecipe,
) {
    for required in &inspected.python_requires {
        lockfile.add_reference(LockKind::PythonRequires, &required.reference);
    }
    let kind = if inspected.attributes.package_type.as_deref() == Some("python-require") {
        LockKind::PythonRequires
    } else if request.build_require {
        LockKind::BuildRequires
    } else {
        LockKind::Requires
    };
    lockfile.add_reference(kind, reference);
}

/// What a conanfile outside of any graph declares.
///
/// # Errors
/// It can't be loaded, or its `python_requires` aren't found.
pub(crate) fn inspect_conanfile(
    session: &Session,
    conanfile: &Conanfile,
    given: &GivenReference,
    remotes: &RemoteSelection,
    lockfile: Option<&Lockfile>,
) -> Result<InspectedRecipe, OpsError> {
    let options = GraphOptions {
        lockfile: lockfile.cloned(),
        ..GraphOptions::default()
    };
    let catalog = SessionCatalog::new(
        session,
        Source::select(session, remotes)?,
        UpdatePolicy::Never,
        false,
    )?;
    let inspected = inspect_recipe(
        conanfile.recipe.clone(),
        given.clone(),
        &options,
        &**session.host()?,
        &catalog,
    )?;
    session.cache()?.flush()?;
    Ok(inspected)
}

/// The reference of a recipe that must have name and version.
pub(crate) fn reference_of(inspected: &InspectedRecipe) -> Result<RecipeReference, OpsError> {
    let attributes = &inspected.attributes;
    let missing = |what: &str| {
        OpsError::message(format!("conanfile didn't specify {what}"))
            .with_hint(format!("declare it in the recipe or pass '--{what}'"))
    };
    let name = attributes.name.clone().ok_or_else(|| missing("name"))?;
    let version = attributes
        .version
        .clone()
        .ok_or_else(|| missing("version"))?;
    if attributes.channel.is_some() && attributes.user.is_none() {
        return Err(OpsError::message("Can't specify channel without user"));
    }
    Ok(RecipeReference {
        user: attributes.user.clone(),
        channel: attributes.channel.clone(),
        ..RecipeReference::new(name, Version::from(version.as_str()))
    })
}

fn run_export(
    session: &Session,
    conanfile: &Conanfile,
    reference: &RecipeReference,
    inspected: &InspectedRecipe,
) -> Result<Exported, OpsError> {
    let attributes = &inspected.attributes;
    let revision = match attributes.revision_mode.as_str() {
        "hash" => None,
        mode => Some(scm_revision(
            session,
            conanfile,
            mode,
            &attributes.revision_mode_excluded,
        )?),
    };
    let input = ExportInput {
        reference: reference.clone(),
        conanfile: &conanfile.path,
        exports: &attributes.exports,
        exports_sources: &attributes.exports_sources,
        trim_conandata: false,
        revision,
        later: false,
    };
    let instance = InstanceId::next();
    let mut run = |step: ExportStep, folders: &ExportFolders| -> Result<(), OpsError> {
        let (wanted, action) = match step {
            ExportStep::Export => (attributes.has(RecipeMethod::Export), Action::Export),
            ExportStep::ExportSources => (
                attributes.has(RecipeMethod::ExportSources),
                Action::ExportSources,
            ),
            ExportStep::Finished => (session.has_hooks(), hook("post_export")),
        };
        if wanted {
            session
                .host()?
                .act(&export_act(instance, &inspected.inspect, folders, action))?;
        }
        Ok(())
    };
    let exported = export_recipe(session.cache()?, &input, &mut run);
    session.host()?.forget(instance);
    exported
}

fn hook(point: &str) -> Action {
    Action::Hook {
        point: point.to_owned(),
    }
}

/// The commit that `revision_mode = "scm"` or `"scm_folder"` stands for.
fn scm_revision(
    session: &Session,
    conanfile: &Conanfile,
    mode: &str,
    excluded: &[String],
) -> Result<String, OpsError> {
    let whole = match mode {
        "scm" => true,
        "scm_folder" => false,
        other => {
            return Err(OpsError::message(format!(
                "{}: revision_mode '{other}' doesn't exist",
                conanfile.path.display()
            ))
            .with_hint("revision modes are hash, scm and scm_folder"));
        }
    };
    let mut ignored = excluded.to_vec();
    ignored.extend(session.core_conf()?.get_list("core.scm:excluded")?);
    let git = crom_tools::scm::Git {
        folder: conanfile.folder().to_path_buf(),
        excluded: ignored,
    };
    let failed = |error: crom_tools::Error| {
        OpsError::message(format!(
            "Cannot detect revision using '{mode}' mode from repository at '{}': {error}",
            conanfile.folder().display()
        ))
    };
    if git.is_dirty(whole).map_err(failed)? {
        return Err(OpsError::message(format!(
            "Can't have a dirty repository using revision_mode='{mode}' and doing 'conan export', please commit \
             the changes and run again, or use 'git_excluded = []' attribute"
        )));
    }
    git.get_commit(whole).map_err(failed)
}
