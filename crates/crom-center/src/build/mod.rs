//! Builds what the plan says, each package in a process of its own, and tests it.

mod logs;
mod report;
mod tasks;
mod work;

use std::path::PathBuf;

use crom_build::{Event, Executor, Jobserver, Policy, TaskId, Worker};
use crom_model::reference::RecipeReference;
use crom_ops::{GraphBatch, Session};

use crate::plan::{Outcome as PlanOutcome, Plan, remote_selection};
use crate::{CenterError, Fork};
pub use logs::log_file;
pub use report::{BuildReport, Ending, TaskReport};
use tasks::Tasks;
pub use tasks::{Task, TaskKind};
pub use work::{WorkRequest, build_one, test_one};

/// How a plan is carried out.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// This program, which does the work of each package as `center work`.
    pub program: PathBuf,
    /// Arguments for all workers: verbosity, confs.
    pub arguments: Vec<String>,
    /// How many processors are used.
    pub jobs: usize,
    /// End with the first failure.
    pub stop_at_failure: bool,
    /// Use no network.
    pub offline: bool,
}

/// What happens during a build.
#[derive(Clone, Debug)]
pub enum Progress<'a> {
    /// A recipe came into the cache.
    Exported(&'a str),
    /// A task starts; tasks have a number from 0.
    Started(usize, &'a Task),
    /// A task ended.
    Ended(usize, &'a TaskReport),
}

/// Exports the recipes of a plan, builds and tests. What fails is in the report.
///
/// # Errors
/// The cache or the fork can't be written; no worker can be started.
pub fn build(
    session: &Session,
    fork: &Fork,
    plan: &Plan,
    options: &BuildOptions,
    tell: &mut dyn FnMut(&Progress<'_>),
) -> Result<BuildReport, CenterError> {
    crate::state::prepare(fork)?;
    let _lock = crate::state::lock(session, fork)?;
    // Copies of test packages that failed are kept until now, to be looked at.
    crom_fs::remove_tree(fork.state().join("tests"))?;
    let batch = GraphBatch::new(session, &remote_selection(fork, &plan.remotes))?;
    let exported = export(&batch, plan, tell)?;
    let tasks = Tasks::new(plan);
    let jobserver = Jobserver::new(options.jobs, &fork.state().join("jobs"))?;
    let executor = Workers {
        fork,
        plan,
        tasks: &tasks,
        options,
        batch: &batch,
        variables: jobserver.variables(),
    };
    let policy = if options.stop_at_failure {
        Policy::StopAtFailure
    } else {
        Policy::KeepGoing
    };
    let mut reports: Vec<Option<TaskReport>> = vec![None; tasks.list.len()];
    crom_build::run(
        &tasks.dag,
        &jobserver,
        policy,
        &executor,
        &mut |event| match event {
            Event::Started(id) => tell(&Progress::Started(id.0, &tasks.list[id.0])),
            Event::Ended(id, outcome) => {
                let report = TaskReport::new(fork, plan, &tasks, *id, outcome);
                tell(&Progress::Ended(id.0, &report));
                reports[id.0] = Some(report);
            }
            Event::Tick => {}
        },
    );
    let skipped = |wanted: fn(&PlanOutcome) -> bool| {
        plan.combinations
            .iter()
            .filter(|it| wanted(&it.outcome))
            .cloned()
            .collect()
    };
    let report = BuildReport {
        exported,
        tasks: reports.into_iter().flatten().collect(),
        invalid: skipped(|it| matches!(it, PlanOutcome::Invalid(_))),
        unresolved: skipped(|it| matches!(it, PlanOutcome::Failed(_))),
        stuck: plan.stuck.clone(),
    };
    crate::status::remember(fork, &report)?;
    Ok(report)
}

/// The fork's recipes of the plan, as the newest in the cache. Those of other origins come with the graph.
fn export(
    batch: &GraphBatch<'_>,
    plan: &Plan,
    tell: &mut dyn FnMut(&Progress<'_>),
) -> Result<Vec<String>, CenterError> {
    let mut exported = Vec::new();
    for text in &plan.recipes {
        let reference = RecipeReference::loads(text)
            .map_err(|error| CenterError::message(error.to_string()))?;
        if batch.is_pinned(&reference)? && batch.export(&reference)? {
            tell(&Progress::Exported(text));
            exported.push(text.clone());
        }
    }
    batch.finish()?;
    Ok(exported)
}

/// Each task is a worker process.
struct Workers<'a> {
    fork: &'a Fork,
    plan: &'a Plan,
    tasks: &'a Tasks,
    options: &'a BuildOptions,
    batch: &'a GraphBatch<'a>,
    variables: Vec<(String, String)>,
}

impl Executor for Workers<'_> {
    fn run(&self, id: TaskId) -> Result<(), String> {
        let task = &self.tasks.list[id.0];
        let worker = Worker {
            program: self.options.program.clone(),
            arguments: self.arguments(task),
            variables: self.variables.clone(),
            folder: self.fork.root.clone(),
            log: log_file(self.fork, &self.plan.packages[&task.package], task.kind),
        };
        let end = worker.run().map_err(|error| error.to_string())?;
        if !end.is_success() {
            return Err(worker.failure());
        }
        logs::keep(self.batch, self.plan, task, &worker.log).map_err(|error| error.to_string())
    }
}

impl Workers<'_> {
    fn arguments(&self, task: &Task) -> Vec<String> {
        let request = WorkRequest::new(self.plan, task);
        let mut arguments = vec![
            String::from("center"),
            String::from("work"),
            task.kind.as_str().to_owned(),
        ];
        arguments.push(format!(
            "--center-file={}",
            self.fork.file.to_string_lossy()
        ));
        arguments.extend(request.to_arguments());
        if self.options.offline {
            arguments.push(String::from("--offline"));
            arguments.push(String::from("--core-conf=crom.net:offline=True"));
        }
        arguments.extend(self.options.arguments.iter().cloned());
        arguments
    }
}
