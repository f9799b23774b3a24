use std::path::PathBuf;

use clap::Args;
use crom_model::package_list::PackageList;
use crom_ops::{CacheSelection, CleanRequest};
use serde_json::json;

use crate::args::{Format, OutputArgs};
use crate::commands::context::CommandContext;
use crate::commands::new::PlainOutputArgs;
use crate::exit::ExitStatus;

/// `cache backup-upload`
#[derive(Args, Debug)]
pub struct BackupUploadCommand {
    #[command(flatten)]
    pub output: PlainOutputArgs,
}

impl BackupUploadCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        crom_ops::cache_backup_upload(&context.session()?)?;
        Ok(ExitStatus::Success)
    }
}

/// `cache check-integrity`
#[derive(Args, Debug)]
pub struct CheckIntegrityCommand {
    /// Pattern of what to check
    pattern: Option<String>,
    /// Check what this package list names
    #[arg(short = 'l', long = "list", value_name = "FILE")]
    list: Option<PathBuf>,
    /// Only packages that match, like "os=Linux AND shared=True"
    #[arg(short = 'p', long = "package-query", value_name = "QUERY")]
    package_query: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl CheckIntegrityCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let selection = CacheSelection {
            pattern: self.pattern,
            list: self.list,
            package_query: self.package_query,
        };
        let corrupted = crom_ops::cache_check_integrity(&context.session()?, &selection)?;
        if format == Format::Json {
            context.printer.json(&corrupted.to_json())?;
        }
        let intact =
            |list: &Result<PackageList, String>| list.as_ref().is_ok_and(PackageList::is_empty);
        if corrupted.lists.values().all(intact) {
            Ok(ExitStatus::Success)
        } else {
            Err(
                crom_ops::OpsError::message("There are corrupted artifacts, check the error logs")
                    .with_hint("remove what is corrupted with 'conan remove' and install it again")
                    .into(),
            )
        }
    }
}

/// `cache clean`
#[derive(Args, Debug)]
pub struct CleanCommand {
    /// Pattern of what to clean; everything by default
    pattern: Option<String>,
    /// Clean what this package list names
    #[arg(short = 'l', long = "list", value_name = "FILE")]
    list: Option<PathBuf>,
    /// Source folders
    #[arg(short = 's', long = "source")]
    source: bool,
    /// Build folders
    #[arg(short = 'b', long = "build")]
    build: bool,
    /// Downloaded archives
    #[arg(short = 'd', long = "download")]
    download: bool,
    /// Temporary folders
    #[arg(short = 't', long = "temp")]
    temp: bool,
    /// Backup sources that no recipe of the cache refers to (-bs)
    #[arg(long = "backup-sources")]
    backup_sources: bool,
    /// Only packages that match, like "os=Linux AND shared=True"
    #[arg(short = 'p', long = "package-query", value_name = "QUERY")]
    package_query: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl CleanCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let request = CleanRequest {
            selection: CacheSelection {
                pattern: self.pattern,
                list: self.list,
                package_query: self.package_query,
            },
            source: self.source,
            build: self.build,
            download: self.download,
            temp: self.temp,
            backup_sources: self.backup_sources,
        };
        crom_ops::cache_clean(&context.session()?, &request)?;
        Ok(ExitStatus::Success)
    }
}

/// `cache path`
#[derive(Args, Debug)]
pub struct PathCommand {
    /// Recipe or package, like zlib/1.3 or zlib/1.3:PACKAGE_ID
    reference: String,
    /// Show this folder instead of that of the recipe or package
    #[arg(long = "folder", value_name = "FOLDER", value_parser = ["export_source", "source", "build", "metadata"])]
    folder: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl PathCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let path =
            crom_ops::cache_path(&context.session()?, &self.reference, self.folder.as_deref())?;
        match format {
            Format::Json => context.printer.json(&json!({ "cache_path": path }))?,
            _ => context.printer.text(&path.to_string_lossy())?,
        }
        Ok(ExitStatus::Success)
    }
}
