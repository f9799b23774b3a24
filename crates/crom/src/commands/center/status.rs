//! `center status`.

use clap::Args;
use crom_center::status::status;

use super::CenterArgs;
use super::plan::{SelectionArgs, make_plan};
use crate::args::Format;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct StatusCommand {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    pub center: CenterArgs,
}

impl StatusCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let formats = [Format::Text, Format::Json, Format::Html];
        let format = self.center.output.format(&formats)?;
        let fork = self.center.fork(context)?;
        let session = context.session()?;
        let plan = make_plan(&session, &fork, &self.selection.options())?;
        let status = status(&session, &fork, &plan)?;
        match format {
            Format::Json => context.printer.json(&status)?,
            Format::Html => context.printer.text(&status.to_html())?,
            _ => context.printer.text(&status.to_string())?,
        }
        Ok(ExitStatus::Success)
    }
}
