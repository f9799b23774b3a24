//! `export-pkg`.

use std::path::PathBuf;

use clap::Args;
use crom_ops::{ExportPkgRequest, GraphRequest, RootRequest, TestFolder};

use super::context::CommandContext;
use super::graph::print_graph;
use crate::args::{Format, LockfileArgs, OutputArgs, ProfileArgs, ReferenceArgs, RemoteArgs};
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct ExportPkgCommand {
    /// Folder of a conanfile.py, or the file
    #[arg(default_value = ".")]
    path: String,
    /// Where the layout's folders are (-of)
    #[arg(long = "output-folder", value_name = "FOLDER")]
    output_folder: Option<PathBuf>,
    /// Create the package for the build context
    #[arg(long = "build-require")]
    build_require: bool,
    /// Folder of the test package instead of test_package; "" to skip it (-tf)
    #[arg(long = "test-folder", value_name = "FOLDER")]
    test_folder: Option<String>,
    /// Don't need the binaries of dependencies (-sb)
    #[arg(long = "skip-binaries")]
    skip_binaries: bool,
    #[command(flatten)]
    reference: ReferenceArgs,
    #[command(flatten)]
    remote: RemoteArgs,
    #[command(flatten)]
    lockfile: LockfileArgs,
    #[command(flatten)]
    profile: ProfileArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl ExportPkgCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let request = ExportPkgRequest {
            graph: GraphRequest {
                root: RootRequest::Path(self.path),
                given: self.reference.given(),
                profiles: self.profile.selection(),
                remotes: self.remote.selection(),
                lockfile: self.lockfile.selection(),
                build_require: self.build_require,
                ..GraphRequest::default()
            },
            output_folder: self.output_folder,
            test_folder: TestFolder::from_argument(self.test_folder.as_deref()),
            skip_binaries: self.skip_binaries,
        };
        let report = crom_ops::export_pkg(&context.session()?, &request)?;
        print_graph(context, format, &report)?;
        Ok(ExitStatus::Success)
    }
}
