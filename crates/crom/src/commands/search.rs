//! `search`.

use clap::Args;
use crom_ops::ListRequest;

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::package_list;

#[derive(Args, Debug)]
pub struct SearchCommand {
    /// Pattern of recipes: "zlib", "zlib/*"
    reference: String,
    /// Look in the remotes that match; in all by default
    #[arg(short = 'r', long = "remote", value_name = "REMOTE", action = clap::ArgAction::Append)]
    remote: Vec<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl SearchCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let remotes = if self.remote.is_empty() {
            vec!["*".to_owned()]
        } else {
            self.remote
        };
        let request = ListRequest {
            pattern: Some(self.reference),
            remotes,
            ..ListRequest::default()
        };
        let lists = crom_ops::search(&context.session()?, &request)?;
        match format {
            Format::Json => context.printer.json(&lists.to_json())?,
            _ => context.printer.text(&package_list::text(&lists))?,
        }
        Ok(ExitStatus::Success)
    }
}
