//! `center promote`.

use clap::Args;
use crom_center::release::{PromoteOptions, promote};

use super::CenterArgs;
use crate::args::Format;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct PromoteCommand {
    /// Only these, by name or reference, with what they use; everything that was verified otherwise
    #[arg(value_name = "REFERENCE")]
    only: Vec<String>,
    /// Who signs off: 'Name <mail>'; otherwise who git says
    #[arg(long = "by", value_name = "PERSON")]
    by: Option<String>,
    /// Only show what would be promoted
    #[arg(long = "dry-run")]
    dry_run: bool,
    #[command(flatten)]
    pub center: CenterArgs,
}

impl PromoteCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.center.output.format(&[Format::Text, Format::Json])?;
        let fork = self.center.fork(context)?;
        let session = context.session()?;
        let options = PromoteOptions {
            only: self.only,
            by: self.by,
            dry_run: self.dry_run,
        };
        let report = promote(&session, &fork, &options)?;
        match format {
            Format::Json => context.printer.json(&report)?,
            _ => context.printer.text(&report.to_string())?,
        }
        Ok(ExitStatus::Success)
    }
}
