//! `require`.

use clap::{Args, Subcommand};
use crom_ops::{RequireKind, RequireRequest};

use super::context::CommandContext;
use crate::args::{OutputArgs, RemoteArgs};
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
pub enum RequireCommand {
    /// Add requirements to a conanfile.py, as version ranges
    Add(AddCommand),
    /// Remove requirements from a conanfile.py
    Remove(RemoveCommand),
}

#[derive(Args, Debug)]
struct What {
    /// References, or names to take the newest version of
    #[arg(value_name = "REFERENCE")]
    requires: Vec<String>,
    /// Folder of the conanfile.py; the current one by default
    #[arg(long = "folder", value_name = "FOLDER")]
    folder: Option<String>,
    /// Tool requirements (-tor)
    #[arg(long = "tool", value_name = "REFERENCE", action = clap::ArgAction::Append)]
    tool: Vec<String>,
    /// Test requirements (-ter)
    #[arg(long = "test", value_name = "REFERENCE", action = clap::ArgAction::Append)]
    test: Vec<String>,
}

#[derive(Args, Debug)]
pub struct AddCommand {
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    remote: RemoteArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct RemoveCommand {
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    output: OutputArgs,
}

impl RequireCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Add(command) => command.output.clone(),
            Self::Remove(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let session = context.session()?;
        match self {
            Self::Add(command) => {
                let mut request = command.what.request()?;
                request.remotes = command.remote.selection();
                crom_ops::require_add(&session, &request)?;
            }
            Self::Remove(command) => {
                crom_ops::require_remove(&session, &command.what.request()?)?;
            }
        }
        Ok(ExitStatus::Success)
    }
}

impl What {
    fn request(self) -> anyhow::Result<RequireRequest> {
        let kinds = [
            (RequireKind::Requires, self.requires),
            (RequireKind::Tool, self.tool),
            (RequireKind::Test, self.test),
        ];
        let requires: Vec<_> = kinds
            .into_iter()
            .flat_map(|(kind, references)| references.into_iter().map(move |it| (kind, it)))
            .collect();
        anyhow::ensure!(
            !requires.is_empty(),
            "You need to add any requires, tool_requires or test_requires."
        );
        Ok(RequireRequest {
            requires,
            folder: self.folder,
            ..RequireRequest::default()
        })
    }
}
