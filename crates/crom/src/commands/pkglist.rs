//! `pkglist`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::package_list;

#[derive(Subcommand, Debug)]
pub enum PkglistCommand {
    /// Merge package lists into one
    Merge(MergeCommand),
}

impl PkglistCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Merge(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Merge(command) => command.run(context),
        }
    }
}

#[derive(Args, Debug)]
pub struct MergeCommand {
    /// A package list as JSON; may be repeated
    #[arg(short = 'l', long = "list", value_name = "FILE", action = clap::ArgAction::Append)]
    list: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

impl MergeCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self
            .output
            .format(&[Format::Text, Format::Json, Format::Html])?;
        let lists = crom_ops::merge_package_lists(&context.session()?, &self.list)?;
        match format {
            Format::Json => context.printer.json(&lists.to_json())?,
            Format::Html => context.printer.text(&package_list::html(&lists))?,
            _ => context.printer.text(&package_list::text(&lists))?,
        }
        Ok(ExitStatus::Success)
    }
}
