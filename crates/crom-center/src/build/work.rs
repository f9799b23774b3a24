//! What a worker process does: the build or the test of one package.

use std::path::Path;

use crom_model::reference::RecipeReference;
use crom_ops::{
    BuildPackageRequest, BuiltPackage, GraphBatch, GraphRequest, LockfileSelection, RootRequest,
    Session, TestRequest,
};
use serde_json::Value;

use super::tasks::{Task, TaskKind};
use crate::plan::{
    BUILD_MODE, Plan, known_remotes, package_reference, profile_selection, remote_selection,
    tested_file,
};
use crate::{CenterError, Fork};

/// One package, and the graph that it is in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkRequest {
    /// `name/version#rrev:package_id`
    pub package: String,
    /// What the graph begins with, as in the list.
    pub requires: String,
    /// The profile's name in the list.
    pub profile: String,
    /// `pattern:name=value`
    pub options: Vec<String>,
    /// The graph is that of the test package of this recipe, with revision.
    pub test_of: Option<String>,
    /// No repository is asked.
    pub offline: bool,
}

impl WorkRequest {
    pub(super) fn new(plan: &Plan, task: &Task) -> Self {
        let package = &plan.packages[&task.package];
        let combination = &plan.combinations[package.combination];
        let mut options = combination.options.clone();
        if task.kind == TaskKind::Test {
            options.extend(package.test.iter().flat_map(|test| test.options.clone()));
        }
        let mut test_of = None;
        // What only a test package needs is in the graph of that.
        if let Some(tested) = package
            .test_of
            .as_ref()
            .and_then(|key| plan.packages.get(key))
        {
            test_of = Some(format!("{}#{}", tested.reference, tested.revision));
            options.extend(tested.test.iter().flat_map(|test| test.options.clone()));
        }
        Self {
            package: task.package.clone(),
            requires: combination.listed.clone(),
            profile: combination.profile.clone(),
            options,
            test_of,
            offline: false,
        }
    }

    pub(super) fn to_arguments(&self) -> Vec<String> {
        let mut arguments = vec![
            self.package.clone(),
            format!("--requires={}", self.requires),
            format!("--of-profile={}", self.profile),
        ];
        arguments.extend(
            self.options
                .iter()
                .map(|option| format!("--option={option}")),
        );
        arguments.extend(self.test_of.iter().map(|of| format!("--test-of={of}")));
        arguments
    }

    fn graph(&self, session: &Session, fork: &Fork) -> Result<GraphRequest, CenterError> {
        let remotes = known_remotes(session, fork, self.offline)?;
        Ok(GraphRequest {
            root: RootRequest::References {
                requires: vec![self.requires.clone()],
                tool_requires: Vec::new(),
            },
            profiles: profile_selection(fork, &self.profile, &self.options),
            remotes: remote_selection(fork, &remotes),
            build: Some(vec![BUILD_MODE.to_owned()]),
            // The fork's revisions hold, whatever lockfile lies around.
            lockfile: LockfileSelection {
                path: Some(String::new()),
                ..LockfileSelection::default()
            },
            ..GraphRequest::default()
        })
    }
}

/// Builds the package, unless it is in the cache already.
///
/// # Errors
/// What it needs isn't there, or a step fails.
pub fn build_one(
    session: &Session,
    fork: &Fork,
    request: &WorkRequest,
) -> Result<BuiltPackage, CenterError> {
    let mut graph = request.graph(session, fork)?;
    if let Some(tested) = &request.test_of {
        let batch = GraphBatch::new(session, &graph.remotes)?;
        let (_, test) = folders(&batch, tested)?;
        graph.root = RootRequest::Path(test);
    }
    Ok(crom_ops::build_package(
        session,
        &BuildPackageRequest {
            graph,
            tested: request.test_of.clone(),
            package: request.package.clone(),
        },
    )?)
}

/// Runs the test package of a recipe on the package, in a copy of its folder. That it passed is noted with
/// the package in the cache.
///
/// # Errors
/// A step fails, or the test doesn't get this very package.
pub fn test_one(session: &Session, fork: &Fork, request: &WorkRequest) -> Result<(), CenterError> {
    let package = package_reference(&request.package)?;
    let mut graph = request.graph(session, fork)?;
    let batch = GraphBatch::new(session, &graph.remotes)?;
    let tested = package.reference.repr_notime();
    let (recipe, _) = folders(&batch, &tested)?;
    let scratch = fork.state().join("tests");
    crom_fs::create_dir_all(&scratch)?;
    // Test packages may look at what is beside them, and tests of one recipe run at the same time.
    let copy = crom_fs::temp_dir(&scratch, &format!("{}-", package.reference.name))?;
    crom_fs::copy_tree(&recipe, copy.join("all"), crom_fs::CopyOptions::default())?;
    graph.root = RootRequest::Path(copy.join("all/test_package").to_string_lossy().into_owned());
    let request = TestRequest {
        graph,
        reference: tested.clone(),
    };
    let report = crom_ops::test(session, &request)?;
    if !has_package(&report.to_json(), &tested, &package.package_id) {
        return Err(CenterError::message(format!(
            "the test package of {tested} doesn't use the package {}",
            package.package_id
        ))
        .with_hint("its conanfile sets options of the package, or a profile replaces it"));
    }
    crom_fs::remove_tree(&copy)?;
    if let Some(metadata) = batch.metadata(&package)? {
        note_passed(&metadata)?;
    }
    Ok(())
}

fn folders(
    batch: &GraphBatch<'_>,
    reference: &str,
) -> Result<(std::path::PathBuf, String), CenterError> {
    let reference = RecipeReference::loads(reference)
        .map_err(|error| CenterError::message(error.to_string()))?;
    match batch.folders(&reference)? {
        Some((folder, Some(test))) => Ok((folder, test.to_string_lossy().into_owned())),
        _ => Err(CenterError::message(format!(
            "the fork has no test package for {}",
            reference.repr_notime()
        ))
        .with_hint("the recipe changed since it was planned: plan again")),
    }
}

fn has_package(graph: &Value, reference: &str, package_id: &str) -> bool {
    let nodes = graph.pointer("/graph/nodes").and_then(Value::as_object);
    nodes
        .into_iter()
        .flat_map(serde_json::Map::values)
        .any(|node| {
            let text = |name: &str| node.get(name).and_then(Value::as_str);
            text("ref") == Some(reference) && text("package_id") == Some(package_id)
        })
}

fn note_passed(metadata: &Path) -> Result<(), CenterError> {
    let file = tested_file(metadata);
    if let Some(folder) = file.parent() {
        crom_fs::create_dir_all(folder)?;
    }
    let text = serde_json::json!({"test_package": "passed"}).to_string();
    Ok(crom_fs::write_atomic(file, text)?)
}
