//! `build`.

use clap::Args;
use crom_ops::{GraphRequest, RootRequest};

use super::context::CommandContext;
use super::graph::print_graph;
use super::install::GenerateArgs;
use crate::args::{
    BuildArgs, Format, LockfileArgs, OutputArgs, ProfileArgs, ReferenceArgs, RemoteArgs, UpdateArgs,
};
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct BuildCommand {
    /// Folder of a conanfile.py, or the file
    #[arg(default_value = ".")]
    path: String,
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
    #[command(flatten)]
    generate: GenerateArgs,
    /// Resolve the conanfile as a requirement of the build context
    #[arg(long = "build-require")]
    build_require: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl BuildCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let graph = GraphRequest {
            root: RootRequest::Path(self.path),
            given: self.reference.given(),
            profiles: self.profile.selection(),
            remotes: self.remote.selection(),
            update: self.update.update,
            build: self.build.modes(),
            lockfile: self.lockfile.selection(),
            check_updates: false,
            build_require: self.build_require,
        };
        let report = crom_ops::build(&context.session()?, &self.generate.into_request(graph))?;
        print_graph(context, format, &report)?;
        Ok(ExitStatus::Success)
    }
}
