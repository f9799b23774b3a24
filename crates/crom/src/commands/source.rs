//! `source`.

use clap::Args;
use crom_ops::SourceRequest;

use super::context::CommandContext;
use crate::args::{LockfileArgs, OutputArgs, ReferenceArgs};
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct SourceCommand {
    /// Folder of a conanfile.py, or the file
    #[arg(default_value = ".")]
    path: String,
    #[command(flatten)]
    reference: ReferenceArgs,
    #[command(flatten)]
    lockfile: LockfileArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl SourceCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let request = SourceRequest {
            path: self.path,
            given: self.reference.given(),
            lockfile: self.lockfile.selection(),
        };
        crom_ops::source(&context.session()?, &request)?;
        Ok(ExitStatus::Success)
    }
}
