//! `install`.

use std::path::PathBuf;

use clap::Args;
use crom_ops::{GraphRequest, InstallRequest};

use super::context::CommandContext;
use super::graph::print_graph;
use crate::args::{
    BuildArgs, ConsumerArgs, Format, LockfileArgs, OutputArgs, ProfileArgs, ReferenceArgs,
    RemoteArgs, UpdateArgs,
};
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct InstallCommand {
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
    #[command(flatten)]
    generate: GenerateArgs,
    /// Resolve the conanfile as a requirement of the build context
    #[arg(long = "build-require")]
    build_require: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Where generated files go, and which.
#[derive(Args, Clone, Debug, Default)]
pub struct GenerateArgs {
    /// Generators to run beside those of the recipe
    #[arg(short = 'g', long = "generator", value_name = "GENERATOR", action = clap::ArgAction::Append)]
    pub generator: Vec<String>,
    /// Root folder of everything that is generated and built (-of)
    #[arg(long = "output-folder", value_name = "FOLDER")]
    pub output_folder: Option<PathBuf>,
    /// Deployers to copy dependencies with: full_deploy, direct_deploy, runtime_deploy or your own
    #[arg(short = 'd', long = "deployer", value_name = "DEPLOYER", action = clap::ArgAction::Append)]
    pub deployer: Vec<String>,
    /// Where deployers copy to
    #[arg(long = "deployer-folder", value_name = "FOLDER")]
    pub deployer_folder: Option<PathBuf>,
    /// Call the deploy() method of the packages that match
    #[arg(long = "deployer-package", value_name = "PATTERN", action = clap::ArgAction::Append)]
    pub deployer_package: Vec<String>,
    /// Turn the environment scripts off
    #[arg(long = "envs-generation", value_name = "false", value_parser = ["false"])]
    pub envs_generation: Option<String>,
}

impl GenerateArgs {
    pub fn into_request(self, graph: GraphRequest) -> InstallRequest {
        InstallRequest {
            graph,
            generators: self.generator,
            output_folder: self.output_folder,
            deployers: self.deployer,
            deployer_folder: self.deployer_folder,
            deployer_packages: self.deployer_package,
            env_scripts: self.envs_generation.is_none(),
        }
    }
}

impl InstallCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let graph = GraphRequest {
            root: self.consumer.root()?,
            given: self.reference.given(),
            profiles: self.profile.selection(),
            remotes: self.remote.selection(),
            update: self.update.update,
            build: self.build.modes(),
            lockfile: self.lockfile.selection(),
            check_updates: false,
            build_require: self.build_require,
        };
        let report = crom_ops::install(&context.session()?, &self.generate.into_request(graph))?;
        print_graph(context, format, &report)?;
        Ok(ExitStatus::Success)
    }
}
