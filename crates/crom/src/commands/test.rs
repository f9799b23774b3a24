//! `test`.

use clap::Args;
use crom_ops::{GraphRequest, RootRequest, TestRequest};

use super::context::CommandContext;
use super::graph::print_graph;
use crate::args::{
    BuildArgs, Format, LockfileArgs, OutputArgs, ProfileArgs, RemoteArgs, UpdateArgs,
};
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct TestCommand {
    /// Folder of the test package, and the reference to test; the folder may be left out
    #[arg(value_name = "[PATH] REFERENCE", num_args = 1..=2, required = true)]
    path_and_reference: Vec<String>,
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
    pub output: OutputArgs,
}

impl TestCommand {
    pub fn run(mut self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let reference = self.path_and_reference.pop().unwrap_or_default();
        let path = self
            .path_and_reference
            .pop()
            .unwrap_or_else(|| "test_package".to_owned());
        let request = TestRequest {
            graph: GraphRequest {
                root: RootRequest::Path(path),
                profiles: self.profile.selection(),
                remotes: self.remote.selection(),
                update: self.update.update,
                build: self.build.modes(),
                lockfile: self.lockfile.selection(),
                ..GraphRequest::default()
            },
            reference,
        };
        let report = crom_ops::test(&context.session()?, &request)?;
        print_graph(context, format, &report)?;
        Ok(ExitStatus::Success)
    }
}
