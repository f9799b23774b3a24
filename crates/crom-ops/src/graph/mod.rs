//! From a request to a graph whose packages are decided.

mod ahead;
mod batch;
mod build_order;
mod catalog;
mod dot;
mod explain;
mod html;
mod lists;
mod lock;
mod lock_commands;
mod outdated;
mod report;
mod summary;

use std::path::PathBuf;

use crom_graph::{
    BuildChoice, BuildMode, Decider, Graph, GraphOptions, Outcome, PackageIdModes, ProfilesInput,
    RootSpec, UpdatePolicy,
};
use crom_model::conf::Conf;
use crom_model::lockfile::Lockfile;
use crom_model::reference::RecipeReference;
use crom_recipe::GivenReference;

pub use batch::{BatchRoot, GraphBatch, WhyMissing};
pub use build_order::{BuildOrderReport, BuildOrderRequest, build_order, build_order_merge};
pub use catalog::{NoCatalog, SessionCatalog};
pub use explain::{ClosestPackage, ExplainReport, ExplainRequest, graph_explain};
pub use html::page as graph_page;
pub(crate) use lists::package_lists;
pub(crate) use lock::{
    DEFAULT_LOCKFILE, find_lockfile, finish_lockfile, load_lockfile, resulting_lockfile,
    save_lockfile,
};
pub(crate) use lock_commands::remove_entries;
pub use lock_commands::{
    LockEdit, LockEntries, lock_add, lock_create, lock_merge, lock_remove, lock_update,
    lock_upgrade,
};
pub use outdated::{OutdatedPackage, OutdatedReport, graph_outdated};
pub use report::GraphReport;

use crate::conanfile::{self, Conanfile};
use crate::source::Source;
use crate::{
    LockfileSelection, OpsError, ProfileSelection, Profiles, RemoteSelection, RootRequest, Session,
    profiles,
};

/// A graph is wanted.
#[derive(Clone, Debug, Default)]
pub struct GraphRequest {
    /// Of what.
    pub root: RootRequest,
    /// Names that the conanfile doesn't declare.
    pub given: GivenReference,
    /// Profiles and values.
    pub profiles: ProfileSelection,
    /// Which remotes.
    pub remotes: RemoteSelection,
    /// `--update`: names, `*` for all.
    pub update: Vec<String>,
    /// `--build`
    pub build: Option<Vec<String>>,
    /// `--lockfile`
    pub lockfile: LockfileSelection,
    /// Look for newer revisions and say so.
    pub check_updates: bool,
    /// The conanfile is meant for the build context.
    pub build_require: bool,
}

/// `graph info`
#[derive(Clone, Debug, Default)]
pub struct GraphInfoRequest {
    /// Which graph.
    pub graph: GraphRequest,
    /// `-d`
    pub deployers: Vec<String>,
    /// `-df`
    pub deployer_folder: Option<PathBuf>,
    /// A heading comes before the result, which is text.
    pub announce: bool,
}

/// A graph with everything that was needed to compute it.
#[derive(Debug)]
pub struct Resolved<'a> {
    /// Expanded and, unless it has an error, decided.
    pub graph: Graph,
    /// The profiles of the command.
    pub profiles: Profiles,
    /// For what still has to be fetched.
    pub catalog: SessionCatalog<'a>,
    /// The root, where it is a file.
    pub conanfile: Option<Conanfile>,
    pub(crate) options: GraphOptions,
}

/// `graph info`: computes a graph and shows it.
///
/// # Errors
/// A recipe, profile or remote that fails. A conflict is part of the report.
pub fn graph_info(session: &Session, request: &GraphInfoRequest) -> Result<GraphReport, OpsError> {
    let (root, conanfile) = root(session, &request.graph)?;
    let lockfile = load_lockfile(session, &request.graph.lockfile, conanfile.as_ref())?;
    let profiles = show_profiles(session, &request.graph.profiles)?;
    let mut resolved = expand(
        session,
        &request.graph,
        profiles,
        &root,
        conanfile,
        lockfile,
    )?;
    if resolved.graph.error.is_none() {
        let choice = choice(request.graph.build.as_deref())?;
        decide(session, &mut resolved, &choice)?;
    }
    session.cache()?.flush()?;
    if resolved.graph.error.is_none() {
        finish_lockfile(session, &request.graph, &resolved)?;
    }
    if request.announce {
        session.reporter().subtitle("Basic graph information");
    }
    report_problems(session, &resolved.graph);
    let graph = &resolved.graph;
    let error = graph.error.as_ref().map(|it| problem_error(graph, it));
    let mut installation = crate::build::Installation::new(session, &mut resolved);
    if error.is_none() && !request.deployers.is_empty() {
        let folder = request
            .deployer_folder
            .as_ref()
            .map_or(session.cwd().to_path_buf(), |folder| {
                session.cwd().join(folder)
            });
        crate::deploy::deploy(&mut installation, &request.deployers, &folder)?;
    }
    let view = installation.take_view();
    Ok(GraphReport::new(resolved.graph, view, error))
}

/// Loads the profiles and prints them under `Input profiles`.
///
/// # Errors
/// As for [`profiles`].
pub(crate) fn show_profiles(
    session: &Session,
    selection: &ProfileSelection,
) -> Result<Profiles, OpsError> {
    let profiles = profiles(session, selection)?;
    let reporter = session.reporter();
    reporter.title("Input profiles");
    reporter.status("", "Profile host:");
    reporter.status("", &profiles.host.dumps());
    reporter.status("", "Profile build:");
    reporter.status("", &profiles.build.dumps());
    Ok(profiles)
}

/// The root of a request, and its conanfile.
///
/// # Errors
/// No conanfile, or references that don't parse.
pub(crate) fn root(
    session: &Session,
    request: &GraphRequest,
) -> Result<(RootSpec, Option<Conanfile>), OpsError> {
    match &request.root {
        RootRequest::Path(path) => {
            let conanfile = conanfile::find(session.cwd(), path, true)?;
            let mut spec = RootSpec::consumer(
                conanfile.recipe.clone(),
                &conanfile.display,
                request.given.clone(),
            );
            spec.build_require = request.build_require;
            Ok((spec, Some(conanfile)))
        }
        RootRequest::References {
            requires,
            tool_requires,
        } => {
            let parse = |references: &[String]| {
                references
                    .iter()
                    .map(|text| parse_reference(text))
                    .collect::<Result<Vec<_>, _>>()
            };
            Ok((
                RootSpec::cli(&parse(requires)?, &parse(tool_requires)?),
                None,
            ))
        }
    }
}

/// A reference of the command line.
///
/// # Errors
/// It doesn't parse.
pub(crate) fn parse_reference(text: &str) -> Result<RecipeReference, OpsError> {
    RecipeReference::loads(text).map_err(|error| OpsError::message(error.to_string()))
}

/// Expands a graph and prints its recipes.
///
/// # Errors
/// A recipe, profile or remote that fails.
pub(crate) fn expand<'a>(
    session: &'a Session,
    request: &GraphRequest,
    profiles: Profiles,
    root: &RootSpec,
    conanfile: Option<Conanfile>,
    lockfile: Option<Lockfile>,
) -> Result<Resolved<'a>, OpsError> {
    let update = update_policy(&request.update);
    let sources = Source::select(session, &request.remotes)?;
    let catalog = SessionCatalog::new(session, sources, update.clone(), request.check_updates)?
        .with_index(&request.remotes)?;
    let options = graph_options(session, update, lockfile)?;
    let input = profiles_input(session, &profiles)?;
    let reporter = session.reporter();
    reporter.title("Computing dependency graph");
    let host = session.host()?;
    let graph = catalog.working_ahead(|| {
        crom_graph::expand(root, &input, &options, &**host, &catalog, reporter)
    })?;
    summary::recipes(&graph, reporter);
    Ok(Resolved {
        graph,
        profiles,
        catalog,
        conanfile,
        options,
    })
}

fn graph_options(
    session: &Session,
    update: UpdatePolicy,
    lockfile: Option<Lockfile>,
) -> Result<GraphOptions, OpsError> {
    let conf = session.core_conf()?;
    refuse_unsupported(conf)?;
    Ok(GraphOptions {
        update,
        resolve_prereleases: conf.get_bool("core.version_ranges:resolve_prereleases")?,
        lockfile,
        modes: PackageIdModes::from_conf(conf)?,
        optimized_compatibility: conf.get_str("core.graph:compatibility_mode")?.as_deref()
            == Some("optimized"),
        config_version: crate::config_package::config_version(session)?,
    })
}

fn profiles_input(session: &Session, profiles: &Profiles) -> Result<ProfilesInput, OpsError> {
    Ok(ProfilesInput {
        host: profiles.host.clone(),
        build: profiles.build.clone(),
        settings_definition: std::sync::Arc::clone(session.settings_definition()?),
    })
}

/// Confs that would change the graph, and that Crom doesn't know yet.
fn refuse_unsupported(conf: &Conf) -> Result<(), OpsError> {
    let refused = |name: &str, why: &str| {
        Err(OpsError::message(format!(
            "the conf '{name}' is not supported by Crom yet: {why}"
        ))
        .with_hint(format!("remove '{name}' from global.conf")))
    };
    if !conf.get_list("core:policies")?.is_empty() {
        return refused(
            "core:policies",
            "recipes get the rules of newer versions by their own required_conan_version only",
        );
    }
    if conf.get_str("core:update_policy")?.as_deref() == Some("legacy") {
        return refused(
            "core:update_policy",
            "the newest revision of all remotes is taken",
        );
    }
    Ok(())
}

/// Decides what is done about each binary, and prints it.
///
/// # Errors
/// A recipe that raises, or a cache that fails.
pub(crate) fn decide(
    session: &Session,
    resolved: &mut Resolved<'_>,
    choice: &BuildChoice,
) -> Result<(), OpsError> {
    let reporter = session.reporter();
    reporter.title("Computing necessary packages");
    let rules = crate::plugins::compatibility(session)?;
    let decider = Decider {
        options: &resolved.options,
        host: &**session.host()?,
        catalog: &resolved.catalog,
        rules: &*rules,
        reporter,
    };
    crom_graph::decide(&mut resolved.graph, choice, decider)?;
    summary::packages(&resolved.graph, reporter);
    Ok(())
}

/// Expands and decides, and refuses what can't be installed.
///
/// # Errors
/// As for [`expand`] and [`decide`]; a conflict; packages that are missing or invalid.
pub(crate) fn resolve<'a>(
    session: &'a Session,
    request: &GraphRequest,
    profiles: Profiles,
    root: &RootSpec,
    conanfile: Option<Conanfile>,
    lockfile: Option<Lockfile>,
    choice: &BuildChoice,
) -> Result<Resolved<'a>, OpsError> {
    let mut resolved = expand(session, request, profiles, root, conanfile, lockfile)?;
    if let Some(problem) = &resolved.graph.error {
        session.cache()?.flush()?;
        return Err(problem_error(&resolved.graph, problem));
    }
    decide(session, &mut resolved, choice)?;
    session.cache()?.flush()?;
    Ok(resolved)
}

/// Refuses a graph with packages that are missing or invalid.
///
/// # Errors
/// Those packages.
pub(crate) fn check(session: &Session, graph: &Graph, command: &str) -> Result<(), OpsError> {
    match crom_graph::check(graph, command) {
        Ok(()) => match crom_graph::install_loop(graph) {
            Some(error) => Err(OpsError::message(error.to_string())),
            None => Ok(()),
        },
        Err(Outcome::Invalid(invalid)) => Err(OpsError::invalid_configuration(invalid.to_string())),
        Err(Outcome::Missing(missing)) => {
            for line in &missing.lines {
                session.reporter().error("", line);
            }
            session.reporter().status("", "");
            session
                .reporter()
                .warning(None, &missing.warning.0, &missing.warning.1);
            let mut error = OpsError::message(missing.to_string());
            for id in missing.packages.iter().take(EXPLAINED) {
                if let Some(hint) = explain::closest_cached(session, graph.node(*id))? {
                    error = error.with_hint(hint);
                }
            }
            Err(error)
        }
    }
}

/// How many missing packages an error compares with what is in the cache.
const EXPLAINED: usize = 3;

/// What `--build` says.
///
/// # Errors
/// Modes that exclude each other.
pub(crate) fn build_mode(modes: Option<&[String]>) -> Result<BuildMode, OpsError> {
    BuildMode::new(modes.unwrap_or_default()).map_err(|error| OpsError::message(error.to_string()))
}

pub(crate) fn choice(modes: Option<&[String]>) -> Result<BuildChoice, OpsError> {
    Ok(BuildChoice::new(build_mode(modes)?))
}

/// With how the graph came to the problem and what can be done about it.
pub(crate) fn problem_error(graph: &Graph, problem: &crom_graph::GraphProblem) -> OpsError {
    let crom_graph::GraphProblem::Conflict(conflict) = problem else {
        return conflict_error(problem);
    };
    let advice = crom_graph::ConflictAdvice::new(graph, conflict);
    let mut text = problem.to_string();
    for chain in advice.chains {
        text.push_str(&format!("\n    {chain}"));
    }
    OpsError::message(text)
        .with_hint(advice.change)
        .with_hint(INSPECT)
}

const INSPECT: &str = "Run 'conan graph info ... --format=html > graph.html' and open 'graph.html' to inspect the conflict graphically.";

fn conflict_error(problem: &crom_graph::GraphProblem) -> OpsError {
    let error = OpsError::message(problem.to_string());
    match problem {
        crom_graph::GraphProblem::Conflict(_) => error.with_hint(INSPECT),
        crom_graph::GraphProblem::Missing {
            hint: Some(hint), ..
        } => error.with_hint(hint),
        _ => error,
    }
}

fn report_problems(session: &Session, graph: &Graph) {
    let Err(outcome) = crom_graph::check(graph, "graph info") else {
        return;
    };
    let names = |ids: &mut dyn Iterator<Item = crom_graph::NodeId>| {
        let mut names: Vec<_> = ids
            .map(|id| graph.node(id).reference.name.clone())
            .collect();
        names.dedup();
        names.join(", ")
    };
    let line = match outcome {
        Outcome::Invalid(invalid) => {
            format!(
                "Invalid packages: {}",
                names(&mut invalid.packages.iter().map(|(id, _)| *id))
            )
        }
        Outcome::Missing(missing) => {
            format!(
                "Missing packages: {}",
                names(&mut missing.packages.iter().copied())
            )
        }
    };
    session.reporter().warning(
        None,
        "",
        &format!("There are some error(s) in the graph:\n    - {line}"),
    );
}

fn update_policy(update: &[String]) -> UpdatePolicy {
    if update.is_empty() {
        UpdatePolicy::Never
    } else if update.iter().any(|name| name == "*") {
        UpdatePolicy::All
    } else {
        UpdatePolicy::Names(update.to_vec())
    }
}
