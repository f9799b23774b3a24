//! `center sync`.

use clap::Args;
use crom_center::sync::{SyncOptions, SyncReport, apply, sync};
use crom_model::reporter::Progress;

use super::CenterArgs;
use super::plan::SelectionArgs;
use crate::args::Format;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct SyncCommand {
    #[command(flatten)]
    selection: SelectionArgs,
    /// Compare with what was fetched before
    #[arg(long = "no-fetch")]
    no_fetch: bool,
    /// Merge upstream into the fork's branch, if nothing conflicts
    #[arg(long = "apply")]
    apply: bool,
    #[command(flatten)]
    pub center: CenterArgs,
}

impl SyncCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let formats = [Format::Text, Format::Json, Format::Html];
        let format = self.center.output.format(&formats)?;
        let fork = self.center.fork(context)?;
        let session = context.session()?;
        let options = SyncOptions {
            no_fetch: self.no_fetch || self.selection.offline,
            plan: self.selection.options(),
        };
        session.reporter().title("Comparing with upstream");
        let mut bar: Option<Box<dyn Progress>> = None;
        let mut done = 0;
        let mut report = sync(&session, &fork, &options, &mut |now, of| {
            let total = u64::try_from(of).ok();
            let bar = bar.get_or_insert_with(|| session.reporter().progress("resolving", total));
            bar.advance(u64::try_from(now.saturating_sub(done)).unwrap_or_default());
            done = now;
        })?;
        drop(bar);
        let applied = match self.apply {
            true => apply(&fork, &mut report),
            false => Ok(()),
        };
        show(context, format, &report)?;
        applied?;
        Ok(ExitStatus::Success)
    }
}

fn show(context: &CommandContext, format: Format, report: &SyncReport) -> anyhow::Result<()> {
    match format {
        Format::Json => context.printer.json(report),
        Format::Html => context.printer.text(&report.to_html()),
        _ => context.printer.text(&report.to_string()),
    }
}
