//! `graph info`.

use std::path::PathBuf;

use clap::Args;
use crom_ops::{GraphInfoRequest, GraphReport, GraphRequest};
use serde_json::Value;

use crate::args::{
    BuildArgs, ConsumerArgs, Format, LockfileArgs, OutputArgs, ProfileArgs, ReferenceArgs,
    RemoteArgs, UpdateArgs,
};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;
use crate::output::python_text;

#[derive(Args, Debug)]
pub struct InfoCommand {
    #[command(flatten)]
    consumer: ConsumerArgs,
    #[command(flatten)]
    reference: ReferenceArgs,
    #[command(flatten)]
    build: BuildArgs,
    #[command(flatten)]
    remote: RemoteArgs,
    #[command(flatten)]
    update: UpdateArgs,
    #[command(flatten)]
    profile: ProfileArgs,
    #[command(flatten)]
    lockfile: LockfileArgs,
    /// Look for newer recipe revisions and show them
    #[arg(long = "check-updates")]
    check_updates: bool,
    /// Show only these fields
    #[arg(long = "filter", value_name = "FIELD", action = clap::ArgAction::Append)]
    filter: Vec<String>,
    /// Show only the packages that match
    #[arg(long = "package-filter", value_name = "PATTERN", action = clap::ArgAction::Append)]
    package_filter: Vec<String>,
    /// Deployers to call
    #[arg(short = 'd', long = "deployer", value_name = "DEPLOYER", action = clap::ArgAction::Append)]
    deployer: Vec<String>,
    /// Where deployers copy to (-df)
    #[arg(long = "deployer-folder", value_name = "FOLDER")]
    deployer_folder: Option<PathBuf>,
    /// Resolve the conanfile as a requirement of the build context
    #[arg(long = "build-require")]
    build_require: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl InfoCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format =
            self.output
                .format(&[Format::Text, Format::Html, Format::Json, Format::Dot])?;
        if format != Format::Text
            && format != Format::Json
            && (!self.filter.is_empty() || !self.package_filter.is_empty())
        {
            anyhow::bail!(
                "Formatted output '{}' cannot filter fields",
                format.as_str()
            );
        }
        let request = GraphInfoRequest {
            graph: GraphRequest {
                root: self.consumer.root()?,
                given: self.reference.given(),
                profiles: self.profile.selection(),
                remotes: self.remote.selection(),
                update: self.update.update,
                build: self.build.modes(),
                lockfile: self.lockfile.selection(),
                check_updates: self.check_updates,
                build_require: self.build_require,
            },
            deployers: self.deployer,
            deployer_folder: self.deployer_folder,
            announce: format == Format::Text,
        };
        let report = crom_ops::graph_info(&context.session()?, &request)?;
        match format {
            Format::Json => context
                .printer
                .json(&report.filtered(&self.filter, &self.package_filter))?,
            Format::Html => context.printer.text(&report.to_html())?,
            Format::Dot => context.printer.text(&report.to_dot())?,
            _ => context
                .printer
                .text(&as_text(&report, &self.filter, &self.package_filter))?,
        }
        // A conflict is part of the result that was just printed, and still a failure.
        report
            .error
            .map_or(Ok(ExitStatus::Success), |error| Err(error.into()))
    }
}

/// `reference:` and below it the fields, indented.
fn as_text(report: &GraphReport, filter: &[String], package_filter: &[String]) -> String {
    let report = report.filtered(filter, package_filter);
    let mut text = String::new();
    let nodes = report.pointer("/graph/nodes").and_then(Value::as_object);
    for node in nodes
        .into_iter()
        .flat_map(serde_json::Map::values)
        .filter_map(Value::as_object)
    {
        text.push_str(&format!(
            "{}:\n",
            node.get("ref").map_or_else(String::new, python_text::text)
        ));
        text.push_str(&python_text::tree(node, 2));
    }
    text
}
