//! `center`: a company's own ConanCenter. One file per subcommand.

mod build;
mod init;
mod lint;
mod packages;
mod plan;
mod promote;
mod schema;
mod sources;
mod status;
mod sync;
mod upload;
mod verify;
mod work;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use crom_center::Fork;

use super::context::CommandContext;
use crate::args::OutputArgs;
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
pub enum CenterCommand {
    /// Add a package to the list
    Add(packages::AddCommand),
    /// Build what is missing, each package once, as many at a time as there are processors
    Build(build::BuildCommand),
    /// Write the first center.yml of a fork
    Init(init::InitCommand),
    /// Check recipes and their data by the rules of the index
    Lint(lint::LintCommand),
    /// Show what must be built, in what order and why
    Plan(plan::PlanCommand),
    /// Copy what was verified from the test repository to production, and record it
    Promote(promote::PromoteCommand),
    /// Remove a package from the list
    Remove(packages::RemoveCommand),
    /// Print the JSON schema of center.yml
    Schema(schema::SchemaCommand),
    /// Keep copies of all source archives and patches that the fork needs
    Sources(sources::SourcesCommand),
    /// Show where every package is: cache, test, production
    Status(status::StatusCommand),
    /// Show what upstream changes for this fork, and merge it
    Sync(sync::SyncCommand),
    /// Upload what is built and tested to the test repository
    Upload(upload::UploadCommand),
    /// Build the consumers against the test repository alone
    Verify(verify::VerifyCommand),
    /// Build or test one package of a plan
    #[command(hide = true)]
    Work(work::WorkCommand),
}

/// What all subcommands have.
#[derive(Args, Clone, Debug)]
pub struct CenterArgs {
    /// The list; otherwise center.yml in this folder or above it
    #[arg(long = "center-file", value_name = "FILE")]
    pub center_file: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl CenterArgs {
    /// The fork that the list lies in.
    ///
    /// # Errors
    /// There is no list, or it has a mistake.
    pub fn fork(&self, context: &CommandContext) -> anyhow::Result<Fork> {
        Ok(Fork::open(&context.cwd, self.center_file.as_deref())?)
    }
}

impl CenterCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Add(command) => command.center.output.clone(),
            Self::Build(command) => command.center.output.clone(),
            Self::Init(command) => command.center.output.clone(),
            Self::Lint(command) => command.output.clone(),
            Self::Plan(command) => command.center.output.clone(),
            Self::Promote(command) => command.center.output.clone(),
            Self::Remove(command) => command.center.output.clone(),
            Self::Schema(command) => command.output.clone(),
            Self::Sources(command) => command.center.output.clone(),
            Self::Status(command) => command.center.output.clone(),
            Self::Sync(command) => command.center.output.clone(),
            Self::Upload(command) => command.center.output.clone(),
            Self::Verify(command) => command.center.output.clone(),
            Self::Work(command) => command.center.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Add(command) => command.run(context),
            Self::Build(command) => command.run(context),
            Self::Init(command) => command.run(context),
            Self::Lint(command) => command.run(context),
            Self::Plan(command) => command.run(context),
            Self::Promote(command) => command.run(context),
            Self::Remove(command) => command.run(context),
            Self::Schema(command) => command.run(context),
            Self::Sources(command) => command.run(context),
            Self::Status(command) => command.run(context),
            Self::Sync(command) => command.run(context),
            Self::Upload(command) => command.run(context),
            Self::Verify(command) => command.run(context),
            Self::Work(command) => command.run(context),
        }
    }
}
