//! `export-pkg`: a package from what was built in the user's folder.

use std::path::PathBuf;
use std::sync::Arc;

use crom_graph::{BuildChoice, NodeId};
use crom_model::reference::PackageReference;
use crom_model::reporter::{Level, Style};
use crom_recipe::{Action, RecipeMethod};

use crate::build::{Installation, finish, step};
use crate::conanfile;
use crate::export::{ExportRequest, export_conanfile, inspect_conanfile, lock_exported};
use crate::graph::{
    GraphReport, GraphRequest, build_mode, check, finish_lockfile, load_lockfile, resolve, root,
};
use crate::install::{take_graph, user_folders};
use crate::test_package::{TestFolder, TestRun, locked_for_test, run_test};
use crate::{OpsError, RootRequest, Session, profiles};

/// `export-pkg`
#[derive(Clone, Debug, Default)]
pub struct ExportPkgRequest {
    /// The root is the recipe's path.
    pub graph: GraphRequest,
    /// `-of`
    pub output_folder: Option<PathBuf>,
    /// `-tf`
    pub test_folder: TestFolder,
    /// `-sb`
    pub skip_binaries: bool,
}

/// Exports a recipe with a package of what its `package()` finds in the user's folder.
///
/// # Errors
/// Whatever step fails.
pub fn export_pkg(session: &Session, request: &ExportPkgRequest) -> Result<GraphReport, OpsError> {
    let RootRequest::Path(path) = &request.graph.root else {
        return Err(OpsError::message("a recipe to export is given by its path"));
    };
    let reporter = session.shared_reporter();
    let profiles = profiles(session, &request.graph.profiles)?;
    let conanfile = conanfile::find(session.cwd(), path, false)?;
    let mut lockfile = load_lockfile(session, &request.graph.lockfile, Some(&conanfile))?;
    let inspected = inspect_conanfile(
        session,
        &conanfile,
        &request.graph.given,
        &request.graph.remotes,
        lockfile.as_ref(),
    )?;
    if inspected.attributes.package_type.as_deref() == Some("python-require") {
        return Err(OpsError::message(
            "export-pkg can only be used for binaries, not for 'python-require'",
        ));
    }
    reporter.title("Exporting recipe to the cache");
    let folder = conanfile.folder().to_path_buf();
    let export = ExportRequest {
        path: path.clone(),
        given: request.graph.given.clone(),
        remotes: request.graph.remotes.clone(),
        lockfile: request.graph.lockfile.clone(),
        build_require: request.graph.build_require,
    };
    let (reference, inspected) = export_conanfile(session, &conanfile, &export, lockfile.as_ref())?;
    if let Some(lockfile) = &mut lockfile {
        lock_exported(lockfile, &export, &reference, &inspected);
    }

    let (mut spec, conanfile) = root(session, &request.graph)?;
    spec.revision.clone_from(&reference.revision);
    let choice = BuildChoice::new(build_mode(None)?);
    let mut resolved = resolve(
        session,
        &request.graph,
        profiles.clone(),
        &spec,
        conanfile,
        lockfile,
        &choice,
    )?;
    if !request.skip_binaries {
        check(session, &resolved.graph, "export-pkg")?;
    }
    let mut installation = Installation::new(session, &mut resolved);
    if !request.skip_binaries {
        installation.install_packages()?;
    }
    let output = request
        .output_folder
        .as_ref()
        .map_or(folder.clone(), |output| session.cwd().join(output));
    export_binary(
        &mut installation,
        &reference,
        user_folders(&folder, &output),
    )?;
    let view = installation.take_view();
    let lockfile = resolved
        .options
        .lockfile
        .is_some()
        .then(|| locked_for_test(&request.graph, &resolved));
    if let Some(conanfile) = request.test_folder.find(&folder)? {
        let choice = BuildChoice::for_test(build_mode(None)?, &resolved.graph);
        let run = TestRun {
            conanfile,
            tested: reference,
            graph: &request.graph,
            choice,
            lockfile,
        };
        run_test(session, run, profiles)?;
    }
    finish_lockfile(session, &request.graph, &resolved)?;
    Ok(GraphReport::new(take_graph(&mut resolved), view, None))
}

/// Runs `generate()` and `package()` of the root and puts the result into the cache.
fn export_binary(
    installation: &mut Installation<'_>,
    reference: &crom_model::reference::RecipeReference,
    mut folders: crom_recipe::FolderBases,
) -> Result<(), OpsError> {
    let session = installation.session;
    let reporter = session.shared_reporter();
    let id = NodeId(0);
    let node = installation.graph.node(id);
    let display = node.display.clone();
    let package_id = node
        .package_id
        .clone()
        .ok_or_else(|| OpsError::message(format!("{display} has no package id")))?;
    if let Some(message) = node.invalid() {
        return Err(OpsError::invalid_configuration(format!(
            "{display}: Invalid: {message}"
        )));
    }
    let generates =
        node.attributes.has(RecipeMethod::Generate) || !node.attributes.generators.is_empty();
    let cache = session.cache()?;
    let new = cache.new_build(&PackageReference::new(
        reference.clone(),
        package_id.clone(),
    ))?;
    crom_fs::create_dir_all(new.layout.package())?;
    folders.package = new.layout.package().to_string_lossy().into_owned();
    folders.package_metadata = new.layout.metadata().to_string_lossy().into_owned();
    if generates {
        step(
            &*reporter,
            &display,
            &format!("Generate step for {display}"),
        );
        let action = Action::Generate {
            extra_generators: Vec::new(),
            env_scripts: true,
        };
        session
            .host()?
            .act(&installation.act_input(id, folders.clone(), action)?)?;
    }
    reporter.title("Exporting recipe and package to the cache");
    reporter.status(
        "",
        &format!("{display}: Exporting binary from user folder to Conan cache"),
    );
    reporter.status("", &format!("{display}: Packaging to {package_id}"));
    let scope = reference.without_revision().to_string();
    step(
        &*reporter,
        &display,
        &format!("Package step for {scope}:{package_id}"),
    );
    reporter.status(
        "",
        &format!("Packaging in folder {}", new.layout.package().display()),
    );
    session
        .host()?
        .act(&installation.act_input(id, folders, Action::Package)?)?;
    let layout = finish(installation, id, new, &*Arc::clone(&reporter))?;
    reporter.status(
        &display,
        &format!("Package folder {}", layout.package().display()),
    );
    reporter.message(
        Level::Status,
        Style::Success,
        &display,
        "Exported package binary",
    );
    Ok(())
}
