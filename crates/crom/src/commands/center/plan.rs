//! `center plan`.

use clap::Args;
use crom_center::plan::{Plan, PlanOptions, plan};
use crom_center::{Fork, save_plan};
use crom_ops::Session;

use super::CenterArgs;
use crate::args::Format;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct PlanCommand {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    pub center: CenterArgs,
}

/// What of the list is meant.
#[derive(Args, Clone, Debug)]
pub struct SelectionArgs {
    /// Only these packages of the list, by name or as they are listed
    #[arg(value_name = "REFERENCE")]
    pub only: Vec<String>,
    /// Use no network: no repository is asked, sources come from the backup-sources store
    #[arg(long = "offline")]
    pub offline: bool,
    /// Leave out the test packages
    #[arg(long = "no-test")]
    pub no_test: bool,
}

impl SelectionArgs {
    pub fn options(&self) -> PlanOptions {
        PlanOptions {
            offline: self.offline,
            no_test: self.no_test,
            only: self.only.clone(),
        }
    }
}

impl PlanCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self
            .center
            .output
            .format(&[Format::Text, Format::Json, Format::Html])?;
        let fork = self.center.fork(context)?;
        let session = context.session()?;
        let plan = make_plan(&session, &fork, &self.selection.options())?;
        match format {
            Format::Json => context.printer.json(&plan)?,
            Format::Html => context.printer.text(&plan.to_html())?,
            _ => context.printer.text(&plan.to_string())?,
        }
        Ok(
            if plan.failures().next().is_some() || !plan.stuck.is_empty() {
                ExitStatus::General
            } else {
                ExitStatus::Success
            },
        )
    }
}

/// Makes the plan and keeps it in the fork.
pub fn make_plan(session: &Session, fork: &Fork, options: &PlanOptions) -> anyhow::Result<Plan> {
    session.reporter().title("Planning");
    let mut bar: Option<Box<dyn crom_model::reporter::Progress>> = None;
    let mut done = 0;
    let plan = plan(session, fork, options, &mut |now, of| {
        let bar = bar.get_or_insert_with(|| {
            session
                .reporter()
                .progress("resolving", u64::try_from(of).ok())
        });
        bar.advance(u64::try_from(now - done).unwrap_or_default());
        done = now;
    })?;
    save_plan(fork, &plan)?;
    Ok(plan)
}
