//! `promote`.

use clap::Args;
use crom_ops::PromoteRequest;

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::package_list;

#[derive(Args, Debug)]
pub struct PromoteCommand {
    /// Pattern of what to promote: "zlib/*", "zlib/1.3:*" (the latest revisions by default); or a
    /// file with a package list, "packages.json"
    #[arg(value_name = "LIST|PATTERN")]
    what: String,
    /// The remote that has it
    #[arg(long = "from", value_name = "REMOTE")]
    from: String,
    /// The remote that gets it
    #[arg(long = "to", value_name = "REMOTE")]
    to: String,
    /// Only packages that match, like "os=Linux AND shared=True"
    #[arg(short = 'p', long = "package-query", value_name = "QUERY")]
    package_query: Option<String>,
    /// Promote no binaries
    #[arg(long = "only-recipe")]
    only_recipe: bool,
    /// Check everything and tell what would be promoted, but change nothing
    #[arg(long = "dry-run")]
    dry_run: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl PromoteCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let request = PromoteRequest {
            what: self.what,
            from: self.from,
            to: self.to,
            package_query: self.package_query,
            only_recipe: self.only_recipe,
            dry_run: self.dry_run,
        };
        let promoted = crom_ops::promote(&context.session()?, &request)?;
        match format {
            Format::Json => context.printer.json(&promoted.list.to_json())?,
            _ => {
                (*context.reporter).subtitle("Promotion summary");
                context.printer.text(&package_list::promoted(&promoted))?;
            }
        }
        Ok(ExitStatus::Success)
    }
}
