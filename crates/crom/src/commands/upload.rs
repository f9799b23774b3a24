//! `upload`.

use std::path::PathBuf;

use clap::{ArgAction, Args};
use crom_ops::UploadRequest;

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::{ask, package_list};

#[derive(Args, Debug)]
pub struct UploadCommand {
    /// Pattern of what to upload: "zlib/*", "zlib/1.3:*"; the latest revisions by default
    pattern: Option<String>,
    /// Only packages that match, like "os=Linux AND shared=True"
    #[arg(short = 'p', long = "package-query", value_name = "QUERY")]
    package_query: Option<String>,
    /// The remote to upload to
    #[arg(short = 'r', long = "remote", value_name = "REMOTE", required = true)]
    remote: String,
    /// Upload no binaries
    #[arg(long = "only-recipe")]
    only_recipe: bool,
    /// Upload what the server has, too
    #[arg(long = "force")]
    force: bool,
    /// Compare files with their manifests first
    #[arg(long = "check")]
    check: bool,
    /// Don't ask
    #[arg(short = 'c', long = "confirm")]
    confirm: bool,
    /// Prepare everything, but send nothing
    #[arg(long = "dry-run")]
    dry_run: bool,
    /// Upload to a remote that is disabled, too
    #[arg(long = "allow-disabled")]
    allow_disabled: bool,
    /// Upload what this package list names
    #[arg(short = 'l', long = "list", value_name = "FILE")]
    list: Option<PathBuf>,
    /// Upload metadata files that match, even of packages that the server has; "" for none
    #[arg(short = 'm', long = "metadata", value_name = "PATTERN", action = ArgAction::Append)]
    metadata: Vec<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl UploadCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let request = UploadRequest {
            pattern: self.pattern,
            list: self.list,
            remote: self.remote,
            package_query: self.package_query,
            only_recipe: self.only_recipe,
            force: self.force,
            check: self.check,
            dry_run: self.dry_run,
            allow_disabled: self.allow_disabled,
            metadata: self.metadata,
        };
        let confirmed = self.confirm;
        let session = context.session()?;
        let interactive = !session
            .core_conf()?
            .get_bool("core:non_interactive")?
            .unwrap_or(false);
        let uploaded = crom_ops::upload(&session, &request, &mut |question| {
            if confirmed {
                Ok(true)
            } else if interactive {
                ask(question)
            } else {
                Err(crom_ops::OpsError::message(
                    "Conan interactive mode disabled",
                ))
            }
        })?;
        match format {
            Format::Json => context.printer.json(&uploaded.to_json())?,
            _ => {
                (*context.reporter).subtitle("Upload summary");
                context.printer.text(&package_list::uploaded(&uploaded))?;
            }
        }
        Ok(ExitStatus::Success)
    }
}
