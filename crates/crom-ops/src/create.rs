//! `create`: export, build, test.

use std::collections::HashSet;

use crom_graph::{Binary, BuildChoice, BuildMode, Catalog, PythonRequireNode, RootSpec};
use crom_model::conf::ConfValue;
use crom_model::reference::RecipeReference;

use crate::build::Installation;
use crate::conanfile;
use crate::export::{ExportRequest, export_conanfile, lock_exported};
use crate::graph::{
    GraphReport, GraphRequest, Resolved, build_mode, check, finish_lockfile, load_lockfile,
    resolve, show_profiles,
};
use crate::install::take_graph;
use crate::test_package::{TestFolder, TestRun, locked_for_test, run_test};
use crate::{OpsError, Profiles, RootRequest, Session};

/// `create`
#[derive(Clone, Debug, Default)]
pub struct CreateRequest {
    /// The root is the recipe's path.
    pub graph: GraphRequest,
    /// `-tf`
    pub test_folder: TestFolder,
    /// `-tm`
    pub test_missing: bool,
    /// `-bt`
    pub build_test: Option<Vec<String>>,
}

/// Creates a package from a recipe in the user's folder, and tests it.
///
/// # Errors
/// Whatever step fails.
pub fn create(session: &Session, request: &CreateRequest) -> Result<GraphReport, OpsError> {
    let RootRequest::Path(path) = &request.graph.root else {
        return Err(OpsError::message("a recipe to create is given by its path"));
    };
    let reporter = session.shared_reporter();
    let conanfile = conanfile::find(session.cwd(), path, false)?;
    let test = request.test_folder.find(conanfile.folder())?;
    let mut lockfile = load_lockfile(session, &request.graph.lockfile, Some(&conanfile))?;
    reporter.title("Exporting recipe to the cache");
    let mut export = ExportRequest {
        path: path.clone(),
        given: request.graph.given.clone(),
        remotes: request.graph.remotes.clone(),
        lockfile: request.graph.lockfile.clone(),
        build_require: request.graph.build_require,
    };
    let (reference, inspected) = export_conanfile(session, &conanfile, &export, lockfile.as_ref())?;
    let package_type = inspected.attributes.package_type.as_deref();
    // What is only good for building is built for where things are built.
    export.build_require |= package_type == Some("build-scripts");
    if inspected.attributes.build_policy.as_deref() == Some("never") {
        return Err(OpsError::message(
            "This package cannot be created, 'build_policy=never', it can only be 'export-pkg'",
        ));
    }
    if let Some(lockfile) = &mut lockfile {
        lock_exported(lockfile, &export, &reference, &inspected);
    }
    let mut profiles = show_profiles(session, &request.graph.profiles)?;
    if inspected.attributes.inspect.get("vendor") == Some(&true.into()) {
        allow_vendor_build(&mut profiles, export.build_require)?;
    }

    let is_python = package_type == Some("python-require");
    let root = if is_python {
        RootSpec::cli(&[], &[])
    } else {
        root(&reference, export.build_require)
    };
    let mode = build_mode_of(request, &reference)?;
    let choice = BuildChoice::new(mode);
    let mut resolved = resolve(
        session,
        &request.graph,
        profiles.clone(),
        &root,
        None,
        lockfile,
        &choice,
    )?;
    if is_python {
        let python = python_require(&resolved, &reference)?;
        if let Some(root) = resolved.graph.nodes.first_mut() {
            root.python_requires.push(python);
            root.python_requires.extend(inspected.python_requires);
        }
    }
    check(session, &resolved.graph, "create")?;
    let mut installation = Installation::new(session, &mut resolved);
    installation.install_packages()?;
    let view = installation.take_view();
    // The test package is no part of what is locked, but must fit it.
    let lockfile = resolved
        .options
        .lockfile
        .is_some()
        .then(|| locked_for_test(&request.graph, &resolved));

    let built: HashSet<_> = resolved
        .graph
        .nodes
        .iter()
        .filter(|node| node.binary == Some(Binary::Build))
        .map(|node| node.reference.without_revision().to_string())
        .collect();
    let was_built = built.contains(&reference.without_revision().to_string());
    if let Some(conanfile) = test.filter(|_| !request.test_missing || was_built) {
        let modes = request
            .build_test
            .as_deref()
            .or(request.graph.build.as_deref());
        let choice = BuildChoice::for_test(build_mode(modes)?, &resolved.graph);
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

/// What a root that imports the recipe would have of it: it has no package.
fn python_require(
    resolved: &Resolved<'_>,
    reference: &RecipeReference,
) -> Result<PythonRequireNode, OpsError> {
    let found = resolved
        .catalog
        .recipe(reference)
        .map_err(|error| OpsError::message(error.to_string()))?;
    Ok(PythonRequireNode {
        reference: found.reference,
        recipe: found.status,
        remote: found.remote,
        file: found.recipe,
        mode: None,
    })
}

/// Who creates a vendoring package has its dependencies: no need to ask for them with a conf.
fn allow_vendor_build(profiles: &mut Profiles, build_require: bool) -> Result<(), OpsError> {
    let profile = if build_require {
        &mut profiles.build
    } else {
        &mut profiles.host
    };
    profile
        .conf
        .update("&:tools.graph:vendor", ConfValue::Str("build".to_owned()))?;
    Ok(())
}

/// A virtual root that requires exactly what was exported.
fn root(reference: &RecipeReference, build_require: bool) -> RootSpec {
    let only = std::slice::from_ref(reference);
    if build_require {
        RootSpec::cli(&[], only)
    } else {
        RootSpec::cli(only, &[])
    }
}

/// Without `--build` the package itself is built, whatever is in the cache.
fn build_mode_of(
    request: &CreateRequest,
    reference: &RecipeReference,
) -> Result<BuildMode, OpsError> {
    match request.graph.build.as_deref() {
        Some(modes) => build_mode(Some(modes)),
        None => build_mode(Some(&[reference.repr_notime()])),
    }
}
