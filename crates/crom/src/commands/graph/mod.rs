//! `graph`: one file per subcommand, and how a graph is shown.

mod build_order;
mod explain;
mod info;
mod outdated;

use clap::Subcommand;
use crom_ops::GraphReport;

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
pub enum GraphCommand {
    /// Compute in which order the packages of a graph are built
    BuildOrder(build_order::BuildOrderCommand),
    /// Merge build orders into one
    BuildOrderMerge(build_order::BuildOrderMergeCommand),
    /// Show which existing binaries are closest to a missing one
    Explain(explain::ExplainCommand),
    /// Compute a graph and show its packages
    Info(info::InfoCommand),
    /// Show packages of a graph of which remotes have newer versions
    Outdated(outdated::OutdatedCommand),
}

impl GraphCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::BuildOrder(command) => command.output.clone(),
            Self::BuildOrderMerge(command) => command.output.clone(),
            Self::Explain(command) => command.output.clone(),
            Self::Info(command) => command.output.clone(),
            Self::Outdated(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::BuildOrder(command) => command.run(context),
            Self::BuildOrderMerge(command) => command.run(context),
            Self::Explain(command) => command.run(context),
            Self::Info(command) => command.run(context),
            Self::Outdated(command) => command.run(context),
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
