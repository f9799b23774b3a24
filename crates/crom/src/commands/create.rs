//! `create`.

use clap::Args;
use crom_ops::{CreateRequest, GraphRequest, RootRequest, TestFolder};

use super::context::CommandContext;
use super::graph::print_graph;
use crate::args::{
    BuildArgs, Format, LockfileArgs, OutputArgs, ProfileArgs, ReferenceArgs, RemoteArgs, UpdateArgs,
};
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct CreateCommand {
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
    /// Create the package for the build context
    #[arg(long = "build-require")]
    build_require: bool,
    /// Folder of the test package instead of test_package; "" to skip it (-tf)
    #[arg(long = "test-folder", value_name = "FOLDER")]
    test_folder: Option<String>,
    /// Run the test package only if the package was built, not if it was in the cache (-tm)
    #[arg(long = "test-missing")]
    test_missing: bool,
    /// As --build, for the dependencies of the test package (-bt)
    #[arg(long = "build-test", value_name = "BUILD", action = clap::ArgAction::Append)]
    build_test: Vec<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl CreateCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let request = CreateRequest {
            graph: GraphRequest {
                root: RootRequest::Path(self.path),
                given: self.reference.given(),
                profiles: self.profile.selection(),
                remotes: self.remote.selection(),
                update: self.update.update,
                build: self.build.modes(),
                lockfile: self.lockfile.selection(),
                check_updates: false,
                build_require: self.build_require,
            },
            test_folder: TestFolder::from_argument(self.test_folder.as_deref()),
            test_missing: self.test_missing,
            build_test: (!self.build_test.is_empty()).then_some(self.build_test),
        };
        let report = crom_ops::create(&context.session()?, &request)?;
        print_graph(context, format, &report)?;
        Ok(ExitStatus::Success)
    }
}
