//! `center schema`.

use clap::Args;

use crate::args::OutputArgs;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct SchemaCommand {
    #[command(flatten)]
    pub output: OutputArgs,
}

impl SchemaCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        context.printer.text(crom_center::list::SCHEMA)?;
        Ok(ExitStatus::Success)
    }
}
