//! A package is tried out by the conanfile of its test package.

use std::path::Path;

use crom_graph::{BuildChoice, Graph, NodeId, RootSpec};
use crom_model::lockfile::Lockfile;
use crom_model::reference::RecipeReference;
use crom_recipe::{Action, RecipeMethod};

use crate::build::{Installation, folder, step};
use crate::conanfile;
use crate::graph::{
    GraphReport, GraphRequest, Resolved, build_mode, check, load_lockfile, parse_reference,
    resolve, resulting_lockfile, save_lockfile, show_profiles,
};
use crate::install::{take_graph, user_folders};
use crate::{OpsError, Profiles, RootRequest, Session};

/// Which folder has the test package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TestFolder {
    /// `test_package`, if it is there.
    #[default]
    Default,
    /// `--test-folder=""`: none.
    None,
    /// This one.
    Given(String),
}

impl TestFolder {
    /// From the value of `--test-folder`.
    pub fn from_argument(argument: Option<&str>) -> Self {
        match argument {
            None => Self::Default,
            Some("") => Self::None,
            Some(folder) => Self::Given(folder.to_owned()),
        }
    }

    /// The conanfile of the test package of a recipe in this folder.
    ///
    /// # Errors
    /// The folder was named and has none.
    pub(crate) fn find(
        &self,
        recipe_folder: &Path,
    ) -> Result<Option<conanfile::Conanfile>, OpsError> {
        match self {
            Self::None => Ok(None),
            Self::Given(folder) => conanfile::find(recipe_folder, folder, false)
                .map(Some)
                .map_err(|_| {
                    OpsError::message(format!(
                        "test folder '{folder}' not available, or it doesn't have a conanfile.py"
                    ))
                }),
            Self::Default => {
                let folder = recipe_folder.join("test_package");
                if !crom_fs::is_file(folder.join("conanfile.py")) {
                    return Ok(None);
                }
                conanfile::find(&folder, ".", false).map(Some)
            }
        }
    }
}

/// `test`
#[derive(Clone, Debug, Default)]
pub struct TestRequest {
    /// The root is the test package's path.
    pub graph: GraphRequest,
    /// What to test.
    pub reference: String,
}

/// Tests a package that is in the cache.
///
/// # Errors
/// Whatever step fails.
pub fn test(session: &Session, request: &TestRequest) -> Result<GraphReport, OpsError> {
    let RootRequest::Path(path) = &request.graph.root else {
        return Err(OpsError::message("a test package is given by its path"));
    };
    let conanfile = conanfile::find(session.cwd(), path, false)?;
    let lockfile = load_lockfile(session, &request.graph.lockfile, Some(&conanfile))?;
    let tested = parse_reference(&request.reference)?;
    let profiles = show_profiles(session, &request.graph.profiles)?;
    let choice = BuildChoice::new(build_mode(request.graph.build.as_deref())?);
    let run = TestRun {
        conanfile,
        tested,
        graph: &request.graph,
        choice,
        lockfile,
    };
    let (report, lockfile) = run_test(session, run, profiles)?;
    if let Some(out) = &request.graph.lockfile.out {
        save_lockfile(session, out, &lockfile)?;
    }
    Ok(report)
}

/// What holds for a test package: what was locked and what the tested graph has.
pub(crate) fn locked_for_test(request: &GraphRequest, resolved: &Resolved<'_>) -> Lockfile {
    let mut lockfile = resulting_lockfile(request, resolved);
    lockfile.partial = request.lockfile.partial;
    lockfile
}

/// One test of one package.
pub(crate) struct TestRun<'a> {
    pub(crate) conanfile: conanfile::Conanfile,
    /// With revision, where it is known.
    pub(crate) tested: RecipeReference,
    pub(crate) graph: &'a GraphRequest,
    pub(crate) choice: BuildChoice,
    pub(crate) lockfile: Option<Lockfile>,
}

/// Resolves the test package, builds it and calls `test()`. Gives the graph and what it leaves
/// locked.
///
/// # Errors
/// Whatever step fails.
pub(crate) fn run_test(
    session: &Session,
    run: TestRun<'_>,
    profiles: Profiles,
) -> Result<(GraphReport, Lockfile), OpsError> {
    let reporter = session.shared_reporter();
    reporter.title("Launching test_package");
    let tested = pin(session, &run.tested)?;
    let root = RootSpec::test_package(run.conanfile.recipe.clone(), tested);
    let base = run.conanfile.folder().to_path_buf();
    let path = run.conanfile.path.clone();
    let mut resolved = resolve(
        session,
        run.graph,
        profiles,
        &root,
        Some(run.conanfile),
        run.lockfile,
        &run.choice,
    )?;
    check(session, &resolved.graph, "test")?;
    let mut installation = Installation::new(session, &mut resolved);
    installation.install_packages()?;

    let node = NodeId(0);
    let display = installation.graph.node(node).display.clone();
    reporter.title("Testing the package");
    check_tested(session, installation.graph, &path, &run.tested)?;
    let test_base = installation.test_base();
    let build_folder = if test_base.as_os_str().is_empty() {
        base.clone()
    } else {
        base.join(&test_base)
    };
    if crom_fs::is_dir(&build_folder) && build_folder != base {
        reporter.status(
            "",
            &format!(
                "Removing previously existing 'test_package' build folder: {}",
                build_folder.display()
            ),
        );
        crom_fs::remove_tree(&build_folder)?;
    }
    reporter.status(
        &display,
        &format!("Test package build: {}", test_base.display()),
    );
    reporter.status(
        &display,
        &format!("Test package build folder: {}", build_folder.display()),
    );
    let folders = user_folders(&base, &base);
    step(
        &*reporter,
        &display,
        &format!("Generate step for {display}"),
    );
    let generate = Action::Generate {
        extra_generators: Vec::new(),
        env_scripts: true,
    };
    let output =
        session
            .host()?
            .act(&installation.act_input(node, folders.clone(), generate)?)?;
    installation.note_folders(node, &output);
    if installation
        .graph
        .node(node)
        .attributes
        .has(RecipeMethod::Build)
    {
        reporter.title("Testing the package: Building");
        step(&*reporter, &display, &format!("Build step for {display}"));
        let built = session.host()?.act(&installation.act_input(
            node,
            folders.clone(),
            Action::Build,
        )?)?;
        installation.note_folders(node, &built);
    }
    reporter.title("Testing the package: Executing test");
    let output = session
        .host()?
        .act(&installation.act_input(node, folders, Action::Test)?)?;
    if let Some(build) = folder(&output, "build_folder") {
        reporter.verbose(&display, &format!("tested in {}", build.display()));
    }
    let view = installation.take_view();
    let lockfile = resulting_lockfile(run.graph, &resolved);
    let report = GraphReport::new(take_graph(&mut resolved), view, None);
    Ok((report, lockfile))
}

/// The revision in the cache that the test is about.
fn pin(session: &Session, reference: &RecipeReference) -> Result<RecipeReference, OpsError> {
    if reference.revision.is_some() {
        return Ok(reference.clone());
    }
    Ok(session
        .cache()?
        .latest_recipe(reference)?
        .unwrap_or_else(|| reference.clone()))
}

/// A test package that requires nothing tests nothing; one that a profile gives another version of
/// the tested package tests that.
fn check_tested(
    session: &Session,
    graph: &Graph,
    conanfile: &Path,
    tested: &RecipeReference,
) -> Result<(), OpsError> {
    let Some(root) = graph.root() else {
        return Ok(());
    };
    if root.dependencies.is_empty() && root.python_requires.is_empty() {
        return Err(OpsError::message(format!(
            "The conanfile at '{}' doesn't declare any requirement, use \
             `self.tested_reference_str` to require the package being created.",
            conanfile.display()
        )));
    }
    let imported = root
        .python_requires
        .iter()
        .any(|it| it.reference.same_without_revision(tested));
    // The attribute of the object names what is imported, whoever declared it.
    let declared = match &root.file {
        Some(recipe) if imported => session.host()?.python_requires(recipe)?.references,
        _ => Vec::new(),
    };
    if imported && declared.is_empty() {
        session.reporter().warning(
            Some("deprecated"),
            "",
            "test_package/conanfile.py should declare 'python_requires = \"tested_reference_str\"'",
        );
    }
    let mut direct = root
        .dependencies
        .iter()
        .map(|edge| &graph.node(edge.to).reference)
        .filter(|it| it.name == tested.name);
    if let Some(other) = direct.next()
        && !other.same_without_revision(tested)
        && !direct.any(|it| it.same_without_revision(tested))
    {
        session.reporter().warning(
            None,
            "",
            &format!(
                "The package created was '{}' but the reference being tested is '{}'",
                other.without_revision(),
                tested.without_revision()
            ),
        );
    }
    Ok(())
}
