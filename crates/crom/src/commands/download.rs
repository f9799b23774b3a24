//! `download`.

use std::path::PathBuf;

use clap::{ArgAction, Args};
use crom_ops::DownloadRequest;

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::package_list;

#[derive(Args, Debug)]
pub struct DownloadCommand {
    /// Pattern of what to download: "zlib/*", "zlib/1.3:*"; the latest revisions by default
    pattern: Option<String>,
    /// Download no binaries
    #[arg(long = "only-recipe")]
    only_recipe: bool,
    /// Only packages that match, like "os=Linux AND shared=True"
    #[arg(short = 'p', long = "package-query", value_name = "QUERY")]
    package_query: Option<String>,
    /// The remote to download from
    #[arg(short = 'r', long = "remote", value_name = "REMOTE", required = true)]
    remote: String,
    /// Download metadata files that match, even of packages that are in the cache
    #[arg(short = 'm', long = "metadata", value_name = "PATTERN", action = ArgAction::Append)]
    metadata: Vec<String>,
    /// Download what this package list names
    #[arg(short = 'l', long = "list", value_name = "FILE")]
    list: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl DownloadCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let request = DownloadRequest {
            pattern: self.pattern,
            list: self.list,
            remote: self.remote,
            package_query: self.package_query,
            only_recipe: self.only_recipe,
            metadata: self.metadata,
        };
        let downloaded = crom_ops::download(&context.session()?, &request)?;
        match format {
            Format::Json => context.printer.json(&downloaded.to_json())?,
            _ => context.printer.text(&package_list::text(&downloaded))?,
        }
        Ok(ExitStatus::Success)
    }
}
