//! `graph outdated`.

use clap::Args;
use crom_ops::{GraphRequest, OutdatedReport};

use crate::args::{
    BuildArgs, ConsumerArgs, Format, LockfileArgs, OutputArgs, ProfileArgs, ReferenceArgs,
    RemoteArgs, UpdateArgs,
};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct OutdatedCommand {
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
    /// Look for newer recipe revisions
    #[arg(long = "check-updates")]
    check_updates: bool,
    /// Resolve the conanfile as a requirement of the build context
    #[arg(long = "build-require")]
    build_require: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl OutdatedCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let request = GraphRequest {
            root: self.consumer.root()?,
            given: self.reference.given(),
            profiles: self.profile.selection(),
            remotes: self.remote.selection(),
            update: self.update.update,
            build: self.build.modes(),
            lockfile: self.lockfile.selection(),
            check_updates: self.check_updates,
            build_require: self.build_require,
        };
        let report = crom_ops::graph_outdated(&context.session()?, &request)?;
        match format {
            Format::Json => context.printer.json_line(&report.to_json())?,
            _ => context.printer.text(&text(&report))?,
        }
        Ok(ExitStatus::Success)
    }
}

fn text(report: &OutdatedReport) -> String {
    let mut text = String::from("======== Outdated dependencies ========\n");
    if report.packages.is_empty() {
        text.push_str("No outdated dependencies in graph\n");
    }
    for (name, package) in &report.packages {
        let (reference, remote) = &package.latest;
        text.push_str(&format!(
            "{name}\n    Current versions:  {}\n    Latest in remote(s):  {reference} - {remote}\n",
            package.current.join(", ")
        ));
        if !package.ranges.is_empty() {
            text.push_str(&format!(
                "    Version ranges: {}\n",
                package.ranges.join(", ")
            ));
        }
    }
    text
}
