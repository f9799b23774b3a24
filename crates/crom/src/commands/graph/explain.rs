//! `graph explain`.

use clap::Args;
use crom_ops::{ExplainRequest, GraphRequest};

use crate::args::{
    BuildArgs, ConsumerArgs, Format, LockfileArgs, OutputArgs, ProfileArgs, ReferenceArgs,
    RemoteArgs, UpdateArgs,
};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;
use crate::output::package_list;

#[derive(Args, Debug)]
pub struct ExplainCommand {
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
    /// Explain this package instead of the first that is missing
    #[arg(long = "missing", value_name = "PATTERN", num_args = 0..=1)]
    missing: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl ExplainCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let request = ExplainRequest {
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
            missing: self.missing,
        };
        let report = crom_ops::graph_explain(&context.session()?, &request)?;
        match format {
            Format::Json => context.printer.json(&report.to_json())?,
            _ => context.printer.text(&package_list::closest(&report))?,
        }
        Ok(ExitStatus::Success)
    }
}
