//! `export`.

use clap::Args;
use crom_ops::ExportRequest;
use serde_json::json;

use super::context::CommandContext;
use crate::args::{Format, LockfileArgs, OutputArgs, ReferenceArgs, RemoteArgs};
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct ExportCommand {
    /// Folder of a conanfile.py, or the file
    #[arg(default_value = ".")]
    path: String,
    #[command(flatten)]
    reference: ReferenceArgs,
    #[command(flatten)]
    remote: RemoteArgs,
    #[command(flatten)]
    lockfile: LockfileArgs,
    /// The package is going to be used as a tool: where a lockfile keeps it
    #[arg(long = "build-require")]
    build_require: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl ExportCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self
            .output
            .format(&[Format::Text, Format::Json, Format::Pkglist])?;
        let report = crom_ops::export(
            &context.session()?,
            &ExportRequest {
                path: self.path,
                given: self.reference.given(),
                remotes: self.remote.selection(),
                lockfile: self.lockfile.selection(),
                build_require: self.build_require,
            },
        )?;
        match format {
            // In one line, unlike everything else.
            Format::Json => context.printer.text(&format!(
                "{{\"reference\": {}}}",
                json!(report.reference.repr_notime())
            ))?,
            Format::Pkglist => context.printer.json(&report.package_list.to_json())?,
            _ => {}
        }
        Ok(ExitStatus::Success)
    }
}
