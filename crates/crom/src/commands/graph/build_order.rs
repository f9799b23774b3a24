//! `graph build-order` and `graph build-order-merge`.

use clap::Args;
use crom_graph::OrderBy;
use crom_ops::{BuildOrderReport, BuildOrderRequest, GraphRequest};

use crate::args::{
    BuildArgs, ConsumerArgs, Format, LockfileArgs, OutputArgs, ProfileArgs, ReferenceArgs,
    RemoteArgs, UpdateArgs,
};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;
use crate::output::build_order_page;

const FORMATS: [Format; 3] = [Format::Text, Format::Json, Format::Html];

#[derive(Args, Debug)]
pub struct BuildOrderCommand {
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
    /// What the items are: recipes with their packages, or packages
    #[arg(long = "order-by", value_name = "KIND", value_parser = ["recipe", "configuration"], default_value = "recipe")]
    order_by: String,
    /// Only what is built. Such an order can't be merged
    #[arg(long = "reduce")]
    reduce: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl BuildOrderCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&FORMATS)?;
        let request = BuildOrderRequest {
            graph: GraphRequest {
                root: self.consumer.root()?,
                given: self.reference.given(),
                profiles: self.profile.selection(),
                remotes: self.remote.selection(),
                update: self.update.update,
                build: self.build.modes(),
                lockfile: self.lockfile.selection(),
                check_updates: false,
                build_require: false,
            },
            order_by: match self.order_by.as_str() {
                "configuration" => OrderBy::Configuration,
                _ => OrderBy::Recipe,
            },
            reduce: self.reduce,
        };
        print(
            context,
            format,
            crom_ops::build_order(&context.session()?, &request)?,
        )
    }
}

#[derive(Args, Debug)]
pub struct BuildOrderMergeCommand {
    /// A build order as JSON; at least two
    #[arg(long = "file", value_name = "FILE", num_args = 0..=1, action = clap::ArgAction::Append)]
    file: Vec<String>,
    /// Only what is built
    #[arg(long = "reduce")]
    reduce: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl BuildOrderMergeCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&FORMATS)?;
        let report = crom_ops::build_order_merge(&context.session()?, &self.file, self.reduce)?;
        print(context, format, report)
    }
}

/// The order first, also of a graph that can't be installed.
fn print(
    context: &CommandContext,
    format: Format,
    report: BuildOrderReport,
) -> anyhow::Result<ExitStatus> {
    let order = &report.order;
    match format {
        Format::Json => context.printer.json(&order.to_json()?)?,
        Format::Html => context
            .printer
            .text(&build_order_page::html(&order.to_json()?))?,
        _ => context.printer.text(&order.lines()?.join("\n"))?,
    }
    report
        .error
        .map_or(Ok(ExitStatus::Success), |error| Err(error.into()))
}
