use std::path::PathBuf;

use clap::Args;
use crom_ops::{CacheSelection, SaveRequest};

use crate::args::{Format, OutputArgs};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;
use crate::output::package_list;

/// `cache save`
#[derive(Args, Debug)]
pub struct SaveCommand {
    /// Pattern of what to save
    pattern: Option<String>,
    /// Save what this package list names
    #[arg(short = 'l', long = "list", value_name = "FILE")]
    list: Option<PathBuf>,
    /// The archive; conan_cache_save.tgz by default
    #[arg(long = "file", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Leave the source folders out
    #[arg(long = "no-source")]
    no_source: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl SaveCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let request = SaveRequest {
            selection: CacheSelection {
                pattern: self.pattern,
                list: self.list,
                package_query: None,
            },
            file: self
                .file
                .unwrap_or_else(|| PathBuf::from("conan_cache_save.tgz")),
            no_source: self.no_source,
        };
        let saved = crom_ops::cache_save(&context.session()?, &request)?;
        match format {
            Format::Json => context.printer.json(&saved.to_json())?,
            _ => context.printer.text(&package_list::text(&saved))?,
        }
        Ok(ExitStatus::Success)
    }
}

/// `cache restore`
#[derive(Args, Debug)]
pub struct RestoreCommand {
    /// The archive
    file: PathBuf,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl RestoreCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let restored = crom_ops::cache_restore(&context.session()?, &self.file)?;
        match format {
            Format::Json => context.printer.json(&restored.to_json())?,
            _ => context.printer.text(&package_list::text(&restored))?,
        }
        Ok(ExitStatus::Success)
    }
}
