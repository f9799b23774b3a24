//! A package is tried out by the conanfile of its test package.

use std::path::Path;

use crom_graph::{BuildChoice, Graph, NodeId, RootSpec};
use crom_model::reference::RecipeReference;
use crom_recipe::{Action, RecipeMethod};

use crate::build::{Installation, folder, step};
use crate::conanfile;
use crate::graph::{
    GraphReport, GraphRequest, build_mode, check, finish_lockfile, parse_reference, resolve,
    show_profiles,
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
    let tested = parse_reference(&request.reference)?;
    let profiles = show_profiles(session, &request.graph.profiles)?;
    let choice = BuildChoice::new(build_mode(request.graph.build.as_deref())?);
    let run = TestRun {
        conanfile,
        tested,
        graph: &request.graph,
        choice,
    };
    run_test(session, run, profiles)
}

/// One test of one package.
pub(crate) struct TestRun<'a> {
    pub(crate) conanfile: conanfile::Conanfile,
    /// With revision, where it is known.
    pub(crate) tested: RecipeReference,
    pub(crate) graph: &'a GraphRequest,
    pub(crate) choice: BuildChoice,
}

/// Resolves the test package, builds it and calls `test()`.
///
/// # Errors
/// Whatever step fails.
pub(crate) fn run_test(
    session: &Session,
    run: TestRun<'_>,
    profiles: Profiles,
) -> Result<GraphReport, OpsError> {
    let reporter = session.shared_reporter();
    reporter.title("Launching test_package");
    let tested = pin(session, &run.tested)?;
    let root = RootSpec::test_package(run.conanfile.recipe.clone(), tested);
    let base = run.conanfile.folder().to_path_buf();
    let mut resolved = resolve(
        session,
        run.graph,
        profiles,
        &root,
        Some(run.conanfile),
        &run.choice,
    )?;
    check_tested(&resolved.graph, &run.tested)?;
    check(session, &resolved.graph, "test")?;
    let mut installation = Installation::new(session, &mut resolved);
    installation.install_packages()?;

    let node = NodeId(0);
    let display = installation.graph.node(node).display.clone();
    reporter.title("Testing the package");
    let test_base = installation.test_base(&base)?;
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
    finish_lockfile(session, run.graph, &resolved)?;
    Ok(GraphReport::new(take_graph(&mut resolved), view, None))
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

/// A test package that doesn't require what it tests tests nothing.
fn check_tested(graph: &Graph, tested: &RecipeReference) -> Result<(), OpsError> {
    let required = graph
        .nodes
        .iter()
        .skip(1)
        .any(|node| node.reference.same_without_revision(tested));
    let python = graph.nodes.first().is_some_and(|root| {
        root.python_requires
            .iter()
            .any(|require| require.reference.same_without_revision(tested))
    });
    if required || python {
        return Ok(());
    }
    Err(OpsError::message(format!(
        "The conanfile at 'test_package' doesn't declare any requirement to '{}', it should have self.requires(self.tested_reference_str) in requirements()",
        tested.without_revision()
    )))
}
