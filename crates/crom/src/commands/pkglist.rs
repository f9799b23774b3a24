//! `pkglist`.

use std::path::PathBuf;

use clap::{ArgAction, Args, Subcommand};
use crom_model::package_list::MultiPackageList;
use crom_ops::RemoteSelection;

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::package_list;

#[derive(Subcommand, Debug)]
pub enum PkglistCommand {
    /// Find in which remotes the packages of a list of the cache are
    FindRemote(FindRemoteCommand),
    /// Join several lists into one
    Merge(MergeCommand),
}

#[derive(Args, Debug)]
pub struct FindRemoteCommand {
    /// The file with the list
    list: PathBuf,
    /// Look only in the remotes that match
    #[arg(short = 'r', long = "remote", value_name = "REMOTE", action = ArgAction::Append)]
    remote: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct MergeCommand {
    /// A file with lists
    #[arg(short = 'l', long = "list", value_name = "FILE", action = ArgAction::Append)]
    list: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

impl PkglistCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::FindRemote(command) => command.output.clone(),
            Self::Merge(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self
            .output()
            .format(&[Format::Text, Format::Json, Format::Html])?;
        let session = context.session()?;
        let lists = match self {
            Self::FindRemote(command) => {
                let remotes = RemoteSelection {
                    patterns: command.remote,
                    ..RemoteSelection::default()
                };
                crom_ops::pkglist_find_remote(&session, &command.list, &remotes)?
            }
            Self::Merge(command) => crom_ops::pkglist_merge(&session, &command.list)?,
        };
        print(context, format, &lists)?;
        Ok(ExitStatus::Success)
    }
}

fn print(context: &CommandContext, format: Format, lists: &MultiPackageList) -> anyhow::Result<()> {
    match format {
        Format::Json => context.printer.json(&lists.to_json()),
        Format::Html => context.printer.text(&package_list::html(lists)),
        _ => context.printer.text(&package_list::text(lists)),
    }
}
