//! `graph`: one file per subcommand, and how a graph is shown.

mod info;

use clap::Subcommand;
use crom_ops::GraphReport;

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
pub enum GraphCommand {
    /// Compute a graph and show its packages
    Info(info::InfoCommand),
}

impl GraphCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Info(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Info(command) => command.run(context),
        }
    }
}

/// The result of the commands that install something: nothing as text, the whole graph as JSON.
pub fn print_graph(
    context: &CommandContext,
    format: Format,
    report: &GraphReport,
) -> anyhow::Result<()> {
    if format == Format::Json {
        context.printer.json(&report.to_json())?;
    }
    Ok(())
}
