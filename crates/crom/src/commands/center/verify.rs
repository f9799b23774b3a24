//! `center verify`.

use clap::Args;
use crom_center::plan::PlanOptions;
use crom_center::release::{VerifyOptions, verify};

use super::CenterArgs;
use super::plan::make_plan;
use crate::args::Format;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct VerifyCommand {
    /// Keep the temporary home and build folders
    #[arg(long = "keep")]
    keep: bool,
    #[command(flatten)]
    pub center: CenterArgs,
}

impl VerifyCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.center.output.format(&[Format::Text, Format::Json])?;
        let fork = self.center.fork(context)?;
        let session = context.session()?;
        let plan = make_plan(&session, &fork, &PlanOptions::default())?;
        let options = VerifyOptions {
            program: std::env::current_exe()?,
            keep: self.keep,
        };
        context.reporter.title("Verifying");
        let report = verify(&session, &fork, &plan, &options, &mut |one| {
            context.reporter.status("", &one.to_string());
        })?;
        match format {
            Format::Json => context.printer.json(&report)?,
            _ => context.printer.text(&report.to_string())?,
        }
        Ok(if report.verified.is_some() {
            ExitStatus::Success
        } else {
            ExitStatus::General
        })
    }
}
