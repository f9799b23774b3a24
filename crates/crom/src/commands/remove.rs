//! `remove`.

use std::path::PathBuf;

use clap::Args;
use crom_ops::RemoveRequest;

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::{ask, package_list};

#[derive(Args, Debug)]
pub struct RemoveCommand {
    /// Pattern of what to remove: "zlib/*", "zlib/1.3:*"
    pattern: Option<String>,
    /// Don't ask
    #[arg(short = 'c', long = "confirm")]
    confirm: bool,
    /// Only packages that match, like "os=Linux AND shared=True"
    #[arg(short = 'p', long = "package-query", value_name = "QUERY")]
    package_query: Option<String>,
    /// Remove from this remote instead of the cache
    #[arg(short = 'r', long = "remote", value_name = "REMOTE")]
    remote: Option<String>,
    /// Remove what this package list names
    #[arg(short = 'l', long = "list", value_name = "FILE")]
    list: Option<PathBuf>,
    /// Only what wasn't used for this long: 30s, 5m, 2h, 3d, 4w
    #[arg(long = "lru", value_name = "AGE")]
    lru: Option<String>,
    /// Show what would be removed
    #[arg(long = "dry-run")]
    dry_run: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl RemoveCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let request = RemoveRequest {
            pattern: self.pattern,
            package_query: self.package_query,
            remote: self.remote,
            list: self.list,
            lru: self.lru,
            dry_run: self.dry_run,
        };
        let confirmed = self.confirm;
        let removed = crom_ops::remove(&context.session()?, &request, &mut |question| {
            if confirmed { Ok(true) } else { ask(question) }
        })?;
        match format {
            Format::Json => context.printer.json(&removed.to_json())?,
            _ => context.printer.text(&package_list::removed(&removed))?,
        }
        Ok(ExitStatus::Success)
    }
}
