//! `graph build-order` and `graph build-order-merge`.

use std::path::Path;

use crom_graph::{BuildOrder, BuildOrderError, OrderBy};

use super::{GraphRequest, choice, decide, expand, finish_lockfile, problem_error, root};
use crate::{ContextSelection, OpsError, ProfileSelection, Session, profiles};

/// `graph build-order`
#[derive(Clone, Debug)]
pub struct BuildOrderRequest {
    /// Which graph.
    pub graph: GraphRequest,
    /// What the items are.
    pub order_by: OrderBy,
    /// Only what is built.
    pub reduce: bool,
}

/// A build order, and why it can't be followed.
#[derive(Debug)]
pub struct BuildOrderReport {
    /// Also with packages that are missing or invalid.
    pub order: BuildOrder,
    /// Those packages.
    pub error: Option<OpsError>,
}

impl BuildOrderReport {
    fn new(mut order: BuildOrder, reduce: bool) -> Result<Self, OpsError> {
        let error = order.check().err();
        if reduce {
            order.reduce();
        }
        order.lines().map_err(failed)?;
        Ok(Self {
            order,
            error: error.map(|error| OpsError::message(error.to_string())),
        })
    }
}

/// Computes a graph and the order in which its packages are built.
///
/// # Errors
/// A graph that can't be computed, or has packages that wait for each other.
pub fn build_order(
    session: &Session,
    request: &BuildOrderRequest,
) -> Result<BuildOrderReport, OpsError> {
    let (spec, conanfile) = root(session, &request.graph)?;
    let lockfile =
        super::lock::load_lockfile(session, &request.graph.lockfile, conanfile.as_ref())?;
    let profiles = profiles(session, &request.graph.profiles)?;
    let choice = choice(request.graph.build.as_deref())?;
    let mut resolved = expand(
        session,
        &request.graph,
        profiles,
        &spec,
        conanfile,
        lockfile,
    )?;
    if let Some(problem) = &resolved.graph.error {
        session.cache()?.flush()?;
        return Err(problem_error(&resolved.graph, problem));
    }
    decide(session, &mut resolved, &choice)?;
    session.cache()?.flush()?;
    session.reporter().title("Computing the build order");
    let arguments = arguments(&request.graph.profiles);
    let order = BuildOrder::new(&resolved.graph, request.order_by, &arguments);
    let report = BuildOrderReport::new(order, request.reduce)?;
    finish_lockfile(session, &request.graph, &resolved)?;
    Ok(report)
}

/// Merges build orders of files.
///
/// # Errors
/// Fewer than two files, or files that don't fit together.
pub fn build_order_merge(
    session: &Session,
    files: &[String],
    reduce: bool,
) -> Result<BuildOrderReport, OpsError> {
    if files.len() < 2 {
        return Err(OpsError::message(
            "At least 2 files are needed to be merged",
        ));
    }
    let mut merged: Option<BuildOrder> = None;
    for file in files {
        let path = crom_fs::file::normalize(&session.cwd().join(file));
        let order = read(&path)?;
        match &mut merged {
            None => merged = Some(order),
            Some(merged) => merged.merge(order).map_err(failed)?,
        }
    }
    match merged {
        Some(merged) => BuildOrderReport::new(merged, reduce),
        None => Err(OpsError::message("there is nothing to merge")),
    }
}

fn read(path: &Path) -> Result<BuildOrder, OpsError> {
    let malformed = |what: &str| {
        OpsError::message(format!(
            "Build-order file '{}' is not valid: {what}",
            path.display()
        ))
    };
    let json = serde_json::from_str(&crom_fs::read_text(path)?)
        .map_err(|error| malformed(&error.to_string()))?;
    let mut order = BuildOrder::from_json(&json).map_err(|error| malformed(&error.to_string()))?;
    if order.is_reduced() {
        return Err(OpsError::message(format!(
            "Reduced build-order file cannot be merged: {}",
            path.display()
        )));
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    order.set_file(&name);
    Ok(order)
}

fn failed(error: BuildOrderError) -> OpsError {
    OpsError::message(error.to_string())
}

/// What was said about profiles, for another command line: `-pr:h="x" -s:b="os=Linux"`.
fn arguments(selection: &ProfileSelection) -> String {
    let of = |context: &str, values: &ContextSelection| {
        let kinds = [
            ("pr", &values.profiles),
            ("s", &values.settings),
            ("o", &values.options),
            ("c", &values.conf),
        ];
        let mut words = Vec::new();
        for (kind, list) in kinds {
            words.extend(list.iter().map(|it| format!("-{kind}:{context}=\"{it}\"")));
        }
        words
    };
    let mut words = of("h", &selection.host);
    words.extend(of("b", &selection.build));
    words.join(" ")
}
