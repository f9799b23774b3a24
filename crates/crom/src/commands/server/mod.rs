//! `server`: one file for the server itself, the others for its administration.

mod accounts;
mod answer;
mod maintenance;
mod repositories;
mod start;

use clap::Subcommand;

use super::context::CommandContext;
use crate::args::OutputArgs;
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
pub enum ServerCommand {
    /// Show who did what
    Audit(maintenance::AuditCommand),
    /// Copy metadata and blobs of a data folder to another one
    Backup(maintenance::BackupCommand),
    /// Remove blobs that nothing names any more
    Gc(maintenance::GcCommand),
    /// Allow a user or a group (@NAME) something
    Grant(repositories::GrantCommand),
    /// Show who may do what
    Grants(repositories::GrantsCommand),
    /// Manage groups of users
    #[command(subcommand)]
    Group(accounts::GroupCommand),
    /// Manage repositories
    #[command(subcommand)]
    Repo(repositories::RepoCommand),
    /// Remove revisions that the rules of their repository don't keep
    Retention(maintenance::RetentionCommand),
    /// Take a permission back
    Revoke(repositories::GrantCommand),
    /// Serve packages
    Start(start::StartCommand),
    /// Manage tokens
    #[command(subcommand)]
    Token(accounts::TokenCommand),
    /// Manage users
    #[command(subcommand)]
    User(accounts::UserCommand),
    /// Read everything again and compare it with its hashes
    Verify(maintenance::VerifyCommand),
}

impl ServerCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Audit(command) => command.output.clone(),
            Self::Backup(command) => command.output.clone(),
            Self::Gc(command) => command.output.clone(),
            Self::Grant(command) | Self::Revoke(command) => command.output.clone(),
            Self::Grants(command) => command.output.clone(),
            Self::Group(command) => command.output(),
            Self::Repo(command) => command.output(),
            Self::Retention(command) => command.output.clone(),
            Self::Start(command) => command.output.clone(),
            Self::Token(command) => command.output(),
            Self::User(command) => command.output(),
            Self::Verify(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Audit(command) => command.run(context),
            Self::Backup(command) => command.run(context),
            Self::Gc(command) => command.run(context),
            Self::Grant(command) => command.run(context, true),
            Self::Grants(command) => command.run(context),
            Self::Group(command) => command.run(context),
            Self::Repo(command) => command.run(context),
            Self::Retention(command) => command.run(context),
            Self::Revoke(command) => command.run(context, false),
            Self::Start(command) => command.run(context),
            Self::Token(command) => command.run(context),
            Self::User(command) => command.run(context),
            Self::Verify(command) => command.run(context),
        }
    }
}
