//! `list`.

use std::path::PathBuf;

use clap::Args;
use crom_ops::ListRequest;

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::package_list;

#[derive(Args, Debug)]
pub struct ListCommand {
    /// Pattern of recipes, revisions and packages: "zlib/*", "zlib/1.3#*:*"
    pattern: Option<String>,
    /// Only packages that match, like "os=Linux AND shared=True"
    #[arg(short = 'p', long = "package-query", value_name = "QUERY")]
    package_query: Option<String>,
    /// Only packages whose settings are compatible with the profile (-fp)
    #[arg(long = "filter-profile", value_name = "PROFILE", action = clap::ArgAction::Append)]
    filter_profile: Vec<String>,
    /// Only packages with these settings (-fs)
    #[arg(long = "filter-settings", value_name = "SETTING", action = clap::ArgAction::Append)]
    filter_settings: Vec<String>,
    /// Only packages with these options (-fo)
    #[arg(long = "filter-options", value_name = "OPTION", action = clap::ArgAction::Append)]
    filter_options: Vec<String>,
    /// Look in the remotes that match
    #[arg(short = 'r', long = "remote", value_name = "REMOTE", action = clap::ArgAction::Append)]
    remote: Vec<String>,
    /// Look in the cache, also when a remote is given
    #[arg(short = 'c', long = "cache")]
    cache: bool,
    /// List what is in the JSON of a graph
    #[arg(short = 'g', long = "graph", value_name = "FILE")]
    graph: Option<PathBuf>,
    /// Only packages of the graph with this kind of binary (-gb)
    #[arg(long = "graph-binaries", value_name = "BINARY", action = clap::ArgAction::Append)]
    graph_binaries: Vec<String>,
    /// Only recipes of the graph with this state (-gr)
    #[arg(long = "graph-recipes", value_name = "STATE", action = clap::ArgAction::Append)]
    graph_recipes: Vec<String>,
    /// Only packages of the graph in this context (-gc)
    #[arg(long = "graph-context", value_name = "CONTEXT", value_parser = ["build", "host", "build-only", "host-only"])]
    graph_context: Option<String>,
    /// Only what wasn't used for this long: 30s, 5m, 2h, 3d, 4w
    #[arg(long = "lru", value_name = "AGE")]
    lru: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl ListCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let request = ListRequest {
            pattern: self.pattern,
            package_query: self.package_query,
            filter_profiles: self.filter_profile,
            filter_settings: self.filter_settings,
            filter_options: self.filter_options,
            remotes: self.remote,
            cache: self.cache,
            graph: self.graph,
            graph_binaries: self.graph_binaries,
            graph_recipes: self.graph_recipes,
            graph_context: self.graph_context,
            lru: self.lru,
        };
        let format =
            self.output
                .format(&[Format::Text, Format::Json, Format::Html, Format::Compact])?;
        let lists = crom_ops::list(&context.session()?, &request)?;
        match format {
            Format::Json => context.printer.json(&lists.to_json())?,
            Format::Html => context.printer.text(&package_list::html(&lists))?,
            Format::Compact => context.printer.text(&package_list::compact(&lists))?,
            _ => context.printer.text(&package_list::text(&lists))?,
        }
        Ok(ExitStatus::Success)
    }
}
