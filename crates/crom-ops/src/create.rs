//! `create`: export, build, test.

use std::collections::HashSet;

use crom_graph::{Binary, BuildChoice, BuildMode, RootSpec};
use crom_model::conf::ConfValue;
use crom_model::reference::RecipeReference;

use crate::build::Installation;
use crate::conanfile;
use crate::export::{ExportRequest, export_conanfile};
use crate::graph::{
    GraphReport, GraphRequest, build_mode, check, finish_lockfile, resolve, show_profiles,
};
use crate::install::take_graph;
use crate::test_package::{TestFolder, TestRun, run_test};
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
    reporter.title("Exporting recipe to the cache");
    let conanfile = conanfile::find(session.cwd(), path, false)?;
    let test = request.test_folder.find(conanfile.folder())?;
    let export = ExportRequest {
        path: path.clone(),
        given: request.graph.given.clone(),
        remotes: request.graph.remotes.clone(),
        lockfile: request.graph.lockfile.clone(),
        build_require: request.graph.build_require,
    };
    let (reference, inspected) = export_conanfile(session, &conanfile, &export)?;
    let mut profiles = show_profiles(session, &request.graph.profiles)?;
    if inspected.attributes.inspect.get("vendor") == Some(&true.into()) {
        allow_vendor_build(&mut profiles, request.graph.build_require)?;
    }

    let root = root(&reference, request.graph.build_require);
    let mode = build_mode_of(request, &reference)?;
    let choice = BuildChoice::new(mode);
    let mut resolved = resolve(
        session,
        &request.graph,
        profiles.clone(),
        &root,
        None,
        &choice,
    )?;
    check(session, &resolved.graph, "create")?;
    let mut installation = Installation::new(session, &mut resolved);
    installation.install_packages()?;
    let view = installation.take_view();
    finish_lockfile(session, &request.graph, &resolved)?;

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
        };
        run_test(session, run, profiles)?;
    }
    Ok(GraphReport::new(take_graph(&mut resolved), view, None))
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
