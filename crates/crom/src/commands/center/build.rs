//! `center build`.

use std::collections::HashMap;

use clap::Args;
use crom_center::build::{BuildOptions, Progress, TaskKind, build};
use crom_model::reporter::{Level, Progress as Activity, Reporter, Style};

use super::CenterArgs;
use super::plan::{SelectionArgs, make_plan};
use crate::args::Format;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct BuildCommand {
    #[command(flatten)]
    selection: SelectionArgs,
    /// How many processors are used; all where nothing is said
    #[arg(short = 'j', long = "jobs", value_name = "NUMBER")]
    jobs: Option<usize>,
    /// Build what doesn't need what failed; the default
    #[arg(long = "keep-going", conflicts_with = "stop_at_failure")]
    keep_going: bool,
    /// Start nothing more after the first failure
    #[arg(long = "stop-at-failure")]
    stop_at_failure: bool,
    #[command(flatten)]
    pub center: CenterArgs,
}

impl BuildCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.center.output.format(&[Format::Text, Format::Json])?;
        let fork = self.center.fork(context)?;
        let session = context.session()?;
        let plan = make_plan(&session, &fork, &self.selection.options())?;
        let count = plan.to_build().count();
        let options = BuildOptions {
            program: std::env::current_exe()?,
            arguments: self
                .center
                .output
                .core_conf
                .iter()
                .cloned()
                .chain(crom_center::sources::store_conf(&session, &fork)?)
                .map(|conf| format!("--core-conf={conf}"))
                .collect(),
            jobs: self.jobs.unwrap_or_else(crom_center::processors),
            stop_at_failure: self.stop_at_failure && !self.keep_going,
            offline: self.selection.offline,
        };
        let reporter = &*context.reporter;
        reporter.title("Building");
        let mut lines = Lines {
            reporter,
            builds: count,
            done: 0,
            running: HashMap::new(),
        };
        let report = build(&session, &fork, &plan, &options, &mut |progress| {
            lines.show(progress);
        })?;
        match format {
            Format::Json => context.printer.json(&report)?,
            _ => context.printer.text(&report.to_string())?,
        }
        Ok(if report.is_success() {
            ExitStatus::Success
        } else {
            ExitStatus::General
        })
    }
}

/// A line for each event, and on a terminal what runs now.
struct Lines<'a> {
    reporter: &'a dyn Reporter,
    builds: usize,
    done: usize,
    running: HashMap<usize, Box<dyn Activity>>,
}

impl Lines<'_> {
    fn show(&mut self, progress: &Progress<'_>) {
        match progress {
            Progress::Exported(recipe) => {
                self.reporter.status("", &format!("exported {recipe}"));
            }
            Progress::Started(id, task) => {
                let activity =
                    self.reporter
                        .activity(&format!("{} {}", task.kind.as_str(), task.label));
                self.running.insert(*id, activity);
            }
            Progress::Ended(id, report) => {
                self.running.remove(id);
                if !report.is_news() {
                    return;
                }
                let counter = if report.kind == TaskKind::Build {
                    self.done += 1;
                    format!("[{}/{}] ", self.done, self.builds)
                } else {
                    String::new()
                };
                let (level, style) = match report.ending {
                    crom_center::build::Ending::Done => (Level::Status, Style::Plain),
                    _ => (Level::Notice, Style::Highlight),
                };
                self.reporter
                    .message(level, style, "", &format!("{counter}{report}"));
            }
        }
    }
}
