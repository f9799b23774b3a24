//! How a build went.

use std::fmt;
use std::path::PathBuf;

use crom_build::{Outcome, TaskId};
use serde::Serialize;

use super::tasks::{TaskKind, Tasks};
use crate::Fork;
use crate::plan::{Combination, Plan};

/// What was done, and what wasn't.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BuildReport {
    /// Recipes that came into the cache: `name/version#rrev`.
    pub exported: Vec<String>,
    /// Builds and tests.
    pub tasks: Vec<TaskReport>,
    /// Combinations that recipes refuse: no failures.
    pub invalid: Vec<Combination>,
    /// Combinations that can't be resolved.
    pub unresolved: Vec<Combination>,
    /// Packages that wait for each other.
    pub stuck: Vec<String>,
}

/// How a task went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskReport {
    /// Build or test.
    pub kind: TaskKind,
    /// `name/version#rrev:package_id`
    pub package: String,
    /// `zlib/1.3.1:4fd4a1a2`
    pub label: String,
    /// How it ended.
    pub ending: Ending,
    /// How long it took.
    pub seconds: f64,
    /// What it said.
    pub log: PathBuf,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "reason", rename_all = "lowercase")]
pub enum Ending {
    /// It is done.
    Done,
    /// It failed.
    Failed(String),
    /// Something failed that it needs.
    Blocked(String),
    /// It was not started, since something else failed.
    Stopped,
}

impl TaskReport {
    pub(super) fn new(
        fork: &Fork,
        plan: &Plan,
        tasks: &Tasks,
        id: TaskId,
        outcome: &Outcome,
    ) -> Self {
        let task = &tasks.list[id.0];
        let (ending, time) = match outcome {
            Outcome::Done(time) => (Ending::Done, *time),
            Outcome::Failed(time, text) => (Ending::Failed(text.clone()), *time),
            Outcome::Blocked(by) => {
                let by = tasks.list[by.0].label.clone();
                (Ending::Blocked(by), std::time::Duration::ZERO)
            }
            Outcome::Stopped => (Ending::Stopped, std::time::Duration::ZERO),
        };
        Self {
            kind: task.kind,
            package: task.package.clone(),
            label: task.label.clone(),
            ending,
            seconds: (time.as_secs_f64() * 100.0).round() / 100.0,
            log: super::log_file(fork, &plan.packages[&task.package], task.kind),
        }
    }
}

impl TaskReport {
    /// That what isn't built isn't tested goes without saying.
    pub fn is_news(&self) -> bool {
        self.kind == TaskKind::Build || matches!(self.ending, Ending::Done | Ending::Failed(_))
    }

    fn is_worth_a_line(&self) -> bool {
        self.ending != Ending::Done && self.is_news()
    }
}

impl BuildReport {
    /// Everything that could be built is built and tested.
    pub fn is_success(&self) -> bool {
        self.unresolved.is_empty()
            && self.stuck.is_empty()
            && self.tasks.iter().all(|task| task.ending == Ending::Done)
    }

    fn count(&self, kind: TaskKind) -> usize {
        let done = |it: &&TaskReport| it.kind == kind && it.ending == Ending::Done;
        self.tasks.iter().filter(done).count()
    }
}

impl fmt::Display for TaskReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, label, .. } = self;
        let done = match kind {
            TaskKind::Build => "built",
            TaskKind::Test => "tested",
        };
        match &self.ending {
            Ending::Done => write!(f, "{done} {label} ({:.1} s)", self.seconds),
            Ending::Failed(reason) => write!(
                f,
                "FAILED to {} {label}: {reason}\n       log: {}",
                kind.as_str(),
                self.log.display()
            ),
            Ending::Blocked(by) => write!(f, "not {done}: {label}, it needs {by}"),
            Ending::Stopped => write!(f, "not {done}: {label}, something else failed"),
        }
    }
}

impl fmt::Display for BuildReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for task in self.tasks.iter().filter(|it| it.is_worth_a_line()) {
            writeln!(f, "{task}")?;
        }
        for combination in self.unresolved.iter().chain(&self.invalid) {
            writeln!(f, "{combination}")?;
        }
        for key in &self.stuck {
            writeln!(f, "waits for itself: {key}")?;
        }
        let failed = |it: &&TaskReport| matches!(it.ending, Ending::Failed(_));
        let blocked = |it: &&TaskReport| {
            let idle = matches!(it.ending, Ending::Blocked(_) | Ending::Stopped);
            idle && it.kind == TaskKind::Build
        };
        let count = |wanted: &dyn Fn(&&TaskReport) -> bool| {
            self.tasks.iter().filter(|it| wanted(it)).count()
        };
        write!(
            f,
            "Exported {}, built {}, tested {}, failed {}, not started {}, invalid {}",
            self.exported.len(),
            self.count(TaskKind::Build),
            self.count(TaskKind::Test),
            count(&failed) + self.unresolved.len(),
            count(&blocked) + self.stuck.len(),
            self.invalid.len()
        )
    }
}
