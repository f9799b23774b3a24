//! `cache`: one file for the subcommands that look and clean, one for archives, one for
//! signatures.

mod archive;
mod files;
mod signatures;

use clap::Subcommand;
use crom_ops::SigningAction;

use super::context::CommandContext;
use crate::args::OutputArgs;
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
pub enum CacheCommand {
    /// Upload the copies of downloaded sources to their server
    BackupUpload(files::BackupUploadCommand),
    /// Check that the files of packages are what their manifests say
    CheckIntegrity(files::CheckIntegrityCommand),
    /// Remove temporary folders, builds, sources and downloads
    Clean(files::CleanCommand),
    /// Show the folder of a recipe or package
    Path(files::PathCommand),
    /// Put packages from an archive into the cache
    Restore(archive::RestoreCommand),
    /// Save packages of the cache to an archive
    Save(archive::SaveCommand),
    /// Sign packages with the signing plugin
    Sign(signatures::SignaturesCommand),
    /// Verify the signatures of packages with the signing plugin
    Verify(signatures::SignaturesCommand),
}

impl CacheCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::BackupUpload(command) => command.output.clone().into(),
            Self::CheckIntegrity(command) => command.output.clone(),
            Self::Clean(command) => command.output.clone(),
            Self::Path(command) => command.output.clone(),
            Self::Restore(command) => command.output.clone(),
            Self::Save(command) => command.output.clone(),
            Self::Sign(command) | Self::Verify(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::BackupUpload(command) => command.run(context),
            Self::CheckIntegrity(command) => command.run(context),
            Self::Clean(command) => command.run(context),
            Self::Path(command) => command.run(context),
            Self::Restore(command) => command.run(context),
            Self::Save(command) => command.run(context),
            Self::Sign(command) => command.run(context, SigningAction::Sign),
            Self::Verify(command) => command.run(context, SigningAction::Verify),
        }
    }
}
