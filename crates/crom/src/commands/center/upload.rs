//! `center upload`.

use clap::Args;
use crom_center::plan::PlanOptions;
use crom_center::release::upload;

use super::CenterArgs;
use super::plan::make_plan;
use crate::args::Format;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct UploadCommand {
    /// Only these packages of the list, by name or as they are listed
    #[arg(value_name = "REFERENCE")]
    only: Vec<String>,
    #[command(flatten)]
    pub center: CenterArgs,
}

impl UploadCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.center.output.format(&[Format::Text, Format::Json])?;
        let fork = self.center.fork(context)?;
        let session = context.session()?;
        let options = PlanOptions {
            only: self.only,
            ..PlanOptions::default()
        };
        let plan = make_plan(&session, &fork, &options)?;
        let report = upload(&session, &fork, &plan)?;
        match format {
            Format::Json => context.printer.json(&report)?,
            _ => context.printer.text(&report.to_string())?,
        }
        Ok(ExitStatus::Success)
    }
}
