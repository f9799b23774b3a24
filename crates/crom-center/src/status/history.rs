//! `.crom-center/history.json`: when each package was built and tested last, and how that went.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::build::{BuildReport, Ending, TaskKind};
use crate::{CenterError, Fork};

/// What is known of builds, by `name/version#rrev:package_id`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct History {
    /// The last runs of each package.
    pub(super) packages: BTreeMap<String, Runs>,
}

/// The last runs of a package.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Runs {
    pub(super) build: Option<Run>,
    pub(super) test: Option<Run>,
}

/// A build or a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// When the command ended that it was part of: UTC, RFC 3339.
    pub ended: String,
    /// How long it took.
    pub seconds: f64,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// Notes how a build went.
///
/// # Errors
/// The file can't be read or written.
pub fn remember(fork: &Fork, report: &BuildReport) -> Result<(), CenterError> {
    let mut history = load(fork)?;
    let ended = now();
    for task in &report.tasks {
        let failure = match &task.ending {
            Ending::Done => None,
            Ending::Failed(problem) => Some(problem.clone()),
            Ending::Blocked(_) | Ending::Stopped => continue,
        };
        let run = Some(Run {
            ended: ended.clone(),
            seconds: task.seconds,
            failure,
        });
        let runs = history.packages.entry(task.package.clone()).or_default();
        match task.kind {
            TaskKind::Build => {
                *runs = Runs {
                    build: run,
                    test: None,
                }
            }
            TaskKind::Test => runs.test = run,
        }
    }
    let text = serde_json::to_string_pretty(&history)
        .map_err(|error| CenterError::message(format!("the history is no JSON: {error}")))?;
    Ok(crom_fs::write_atomic(
        fork.state().join("history.json"),
        text,
    )?)
}

/// What was noted; nothing where there is no file, or one that can't be understood.
pub(super) fn load(fork: &Fork) -> Result<History, CenterError> {
    match crom_fs::read_text(fork.state().join("history.json")) {
        Ok(text) => Ok(serde_json::from_str(&text).unwrap_or_default()),
        Err(error) if error.is_not_found() => Ok(History::default()),
        Err(error) => Err(error.into()),
    }
}

/// UTC, to the second.
pub(super) fn now() -> String {
    let now = time::OffsetDateTime::now_utc();
    let now = now.replace_nanosecond(0).unwrap_or(now);
    now.format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}
