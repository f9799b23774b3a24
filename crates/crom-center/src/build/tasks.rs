//! What a plan comes to: a build and a test for each package.
//!
//! Tests are tasks of their own, since they may need what needs the package itself: the test package of a
//! compression library is built by a build system that uses that library.

use std::collections::HashMap;

use crom_build::{Dag, TaskId};
use serde::Serialize;

use crate::plan::{Plan, State};

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskKind {
    /// Builds a package.
    Build,
    /// Runs the test package on it.
    Test,
}

impl TaskKind {
    /// As on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Test => "test",
        }
    }
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Build or test.
    pub kind: TaskKind,
    /// A key of the plan.
    pub package: String,
    /// `zlib/1.3.1:4fd4a1a2`
    pub label: String,
}

/// All work of a plan.
#[derive(Clone, Debug, Default)]
pub(super) struct Tasks {
    pub dag: Dag,
    /// By task id.
    pub list: Vec<Task>,
}

impl Tasks {
    /// Packages of a plan come after what they need.
    pub fn new(plan: &Plan) -> Self {
        let mut tasks = Self::default();
        let mut builds: HashMap<&str, TaskId> = HashMap::new();
        for (key, package) in plan.to_build() {
            if plan.stuck.contains(key) {
                continue;
            }
            let needs = package
                .needs
                .iter()
                .filter_map(|need| builds.get(need.as_str()));
            let id = tasks.dag.add(needs.copied().collect::<Vec<_>>());
            builds.insert(key, id);
            tasks.list.push(Task {
                kind: TaskKind::Build,
                package: key.clone(),
                label: package.label(),
            });
        }
        for (key, package) in &plan.packages {
            let Some(test) = &package.test else { continue };
            let own = builds.get(key.as_str()).copied();
            if own.is_none() && package.state == State::Build {
                continue;
            }
            let needs = test
                .needs
                .iter()
                .filter_map(|need| builds.get(need.as_str()));
            tasks.dag.add(needs.copied().chain(own).collect::<Vec<_>>());
            tasks.list.push(Task {
                kind: TaskKind::Test,
                package: key.clone(),
                label: package.label(),
            });
        }
        tasks
    }
}
