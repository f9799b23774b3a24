//! `center sources`.

use std::path::PathBuf;

use clap::Args;
use crom_center::closure;
use crom_center::sources::{SourcesOptions, mirror_sources};

use super::CenterArgs;
use super::plan::{SelectionArgs, make_plan};
use crate::args::Format;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct SourcesCommand {
    #[command(flatten)]
    selection: SelectionArgs,
    /// Keep the files in this folder; otherwise in core.sources:download_cache, or in .crom-center/sources
    #[arg(long = "store", value_name = "FOLDER")]
    store: Option<PathBuf>,
    /// Try whether patches fit the archives, where that can be seen without running the recipe
    #[arg(long = "check-patches")]
    check_patches: bool,
    /// Don't ask all addresses whether they still answer
    #[arg(long = "no-probe")]
    no_probe: bool,
    #[command(flatten)]
    pub center: CenterArgs,
}

impl SourcesCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.center.output.format(&[Format::Text, Format::Json])?;
        let fork = self.center.fork(context)?;
        let session = context.session()?;
        let plan = make_plan(&session, &fork, &self.selection.options())?;
        let options = SourcesOptions {
            offline: self.selection.offline,
            check_patches: self.check_patches,
            no_probe: self.no_probe,
            store: self.store.map(|folder| context.cwd.join(folder)),
        };
        let report = mirror_sources(&session, &fork, &closure(&plan), &options)?;
        match format {
            Format::Json => context.printer.json(&report)?,
            _ => context.printer.text(&report.to_string())?,
        }
        Ok(match report.is_complete() {
            true => ExitStatus::Success,
            false => ExitStatus::General,
        })
    }
}
