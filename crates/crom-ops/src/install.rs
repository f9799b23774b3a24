//! `install` and `build`: a consumer's dependencies are made ready and its files are generated.

use std::path::{Path, PathBuf};

use crom_graph::{Graph, NodeId};
use crom_recipe::{ActOutput, Action, FolderBases, RecipeMethod};

use crate::build::{Installation, step};
use crate::deploy::{deploy, deploy_packages};
use crate::graph::{
    GraphReport, GraphRequest, Resolved, check, choice, finish_lockfile, load_lockfile, resolve,
    root, show_profiles,
};
use crate::{OpsError, RootRequest, Session};

/// `install`
#[derive(Clone, Debug, Default)]
pub struct InstallRequest {
    /// Which graph.
    pub graph: GraphRequest,
    /// `-g`
    pub generators: Vec<String>,
    /// `-of`
    pub output_folder: Option<PathBuf>,
    /// `-d`
    pub deployers: Vec<String>,
    /// `--deployer-folder`
    pub deployer_folder: Option<PathBuf>,
    /// `--deployer-package`
    pub deployer_packages: Vec<String>,
    /// False for `--envs-generation=false`.
    pub env_scripts: bool,
}

/// Installs the dependencies of a conanfile or of references, and generates files.
///
/// # Errors
/// Whatever step fails.
pub fn install(session: &Session, request: &InstallRequest) -> Result<GraphReport, OpsError> {
    let (mut resolved, outputs) = prepare(session, request, "install")?;
    session.reporter().message(
        crom_model::reporter::Level::Status,
        crom_model::reporter::Style::Success,
        "",
        "Install finished successfully",
    );
    finish_lockfile(session, &request.graph, &resolved)?;
    let graph = std::mem::take(&mut resolved.graph);
    Ok(GraphReport::new(graph, outputs.view, None))
}

/// As [`install`], then calls `build()`.
///
/// # Errors
/// Whatever step fails.
pub fn build(session: &Session, request: &InstallRequest) -> Result<GraphReport, OpsError> {
    let (mut resolved, outputs) = prepare(session, request, "build")?;
    let mut locked = request.graph.clone();
    // `build` works in the conanfile's folder.
    if let (Some(out), Some(conanfile)) = (&mut locked.lockfile.out, &resolved.conanfile) {
        *out = conanfile.folder().join(&*out);
    }
    finish_lockfile(session, &locked, &resolved)?;
    let root = NodeId(0);
    let folders = local_folders(session, request, &resolved);
    let display = resolved.graph.node(root).display.clone();
    session.reporter().title("Calling build()");
    step(
        session.reporter(),
        &display,
        &format!("Build step for {display}"),
    );
    let mut installation = Installation::resume(session, &mut resolved, outputs.view);
    let input = installation.act_input(root, folders, Action::Build)?;
    session.host()?.act(&input)?;
    let view = installation.take_view();
    let graph = std::mem::take(&mut resolved.graph);
    Ok(GraphReport::new(graph, view, None))
}

/// What [`prepare`] leaves beside the graph.
struct Prepared {
    view: crom_model::view::GraphView,
}

fn prepare<'a>(
    session: &'a Session,
    request: &InstallRequest,
    command: &str,
) -> Result<(Resolved<'a>, Prepared), OpsError> {
    let (spec, conanfile) = root(session, &request.graph)?;
    let lockfile = load_lockfile(session, &request.graph.lockfile, conanfile.as_ref())?;
    let profiles = show_profiles(session, &request.graph.profiles)?;
    if command == "build" && conanfile.as_ref().is_some_and(|file| file.is_text()) {
        return Err(OpsError::message("'conan build' needs a conanfile.py"));
    }
    let choice = choice(request.graph.build.as_deref())?;
    let mut resolved = resolve(
        session,
        &request.graph,
        profiles,
        &spec,
        conanfile,
        lockfile,
        &choice,
    )?;
    check(session, &resolved.graph, command)?;
    let folders = local_folders(session, request, &resolved);
    let mut installation = Installation::new(session, &mut resolved);
    installation.install_packages()?;
    generate_root(&mut installation, folders, request)?;
    let view = installation.take_view();
    Ok((resolved, Prepared { view }))
}

/// Runs `generate()` and the generators of the root.
fn generate_root(
    installation: &mut Installation<'_>,
    folders: FolderBases,
    request: &InstallRequest,
) -> Result<ActOutput, OpsError> {
    let root = NodeId(0);
    let session = installation.session;
    let display = installation.graph.node(root).display.clone();
    session
        .reporter()
        .title("Finalizing install (deploy, generators)");
    if installation
        .graph
        .node(root)
        .attributes
        .has(RecipeMethod::SystemRequirements)
    {
        let input = installation.act_input(root, folders.clone(), Action::SystemRequirements)?;
        session.host()?.act(&input)?;
    }
    let target = match &request.deployer_folder {
        Some(folder) => session.cwd().join(folder),
        None => PathBuf::from(&folders.build),
    };
    deploy_packages(installation, &request.deployer_packages, &target)?;
    deploy(installation, &request.deployers, &target)?;
    step(
        session.reporter(),
        &display,
        &format!("Generate step for {display}"),
    );
    let action = Action::Generate {
        extra_generators: request.generators.clone(),
        env_scripts: request.env_scripts,
    };
    let input = installation.act_input(root, folders, action)?;
    let output = session.host()?.act(&input)?;
    installation.note_folders(root, &output);
    Ok(output)
}

/// The base folders of a conanfile in the user's folder.
fn local_folders(
    session: &Session,
    request: &InstallRequest,
    resolved: &Resolved<'_>,
) -> FolderBases {
    let base = resolved.conanfile.as_ref().map_or_else(
        || session.cwd().to_path_buf(),
        |file| file.folder().to_path_buf(),
    );
    let output = match (&request.output_folder, &request.graph.root) {
        (Some(output), _) => session.cwd().join(output),
        (None, RootRequest::Path(_)) => base.clone(),
        (None, RootRequest::References { .. }) => session.cwd().to_path_buf(),
    };
    user_folders(&base, &crom_fs::file::normalize(&output))
}

/// Base folders where sources are in `base` and everything that is made goes below `output`.
pub(crate) fn user_folders(base: &Path, output: &Path) -> FolderBases {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    FolderBases {
        recipe: text(base),
        recipe_metadata: text(&base.join("metadata")),
        source: text(base),
        build: text(output),
        generators: text(output),
        package: text(output),
        local: true,
        ..FolderBases::default()
    }
}

/// The graph of a finished installation.
pub(crate) fn take_graph(resolved: &mut Resolved<'_>) -> Graph {
    std::mem::take(&mut resolved.graph)
}
