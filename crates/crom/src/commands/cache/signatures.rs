//! `cache sign` and `cache verify`.

use std::path::PathBuf;

use clap::Args;
use crom_ops::{CacheSelection, OpsError, SigningAction};

use crate::args::{Format, OutputArgs};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;
use crate::output::package_list;

#[derive(Args, Debug)]
pub struct SignaturesCommand {
    /// Pattern of the recipes and packages: "zlib/*", "zlib/1.3:*"
    pattern: Option<String>,
    /// Those that this package list names
    #[arg(short = 'l', long = "list", value_name = "FILE")]
    list: Option<PathBuf>,
    /// Only packages that match, like "os=Linux AND shared=True"
    #[arg(short = 'p', long = "package-query", value_name = "QUERY")]
    package_query: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl SignaturesCommand {
    pub fn run(
        self,
        context: &CommandContext,
        action: SigningAction,
    ) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let selection = CacheSelection {
            pattern: self.pattern,
            list: self.list,
            package_query: self.package_query,
        };
        let report = crom_ops::cache_signatures(&context.session()?, &selection, action)?;
        match format {
            Format::Json => context.printer.json(&report.list.to_json())?,
            _ => context.printer.text(&package_list::signatures(&report))?,
        }
        if report.failed == 0 {
            return Ok(ExitStatus::Success);
        }
        let text =
            "There were some errors in the package signing process. Please check the output.";
        Err(OpsError::message(text).into())
    }
}
