//! `run`.

use clap::Args;
use crom_ops::{GraphRequest, InstallRequest, OpsError, RootRequest, RunContext};

use super::context::CommandContext;
use crate::args::{
    BuildArgs, LockfileArgs, OutputArgs, ProfileArgs, ReferenceArgs, RemoteArgs, UpdateArgs,
};
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct RunCommand {
    /// Folder of a conanfile, or the file; then the command for the shell
    #[arg(value_name = "[PATH] COMMAND", num_args = 1..=2, required = true)]
    path_and_command: Vec<String>,
    /// References instead of a conanfile
    #[arg(long = "requires", value_name = "REFERENCE", action = clap::ArgAction::Append)]
    requires: Vec<String>,
    /// Tool references instead of a conanfile
    #[arg(long = "tool-requires", value_name = "REFERENCE", action = clap::ArgAction::Append)]
    tool_requires: Vec<String>,
    /// Use the environment of this context only; that of both by default
    #[arg(long = "context", value_name = "CONTEXT", value_parser = ["host", "build"])]
    context: Option<String>,
    /// Resolve the conanfile as a requirement of the build context
    #[arg(long = "build-require")]
    build_require: bool,
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
    pub output: OutputArgs,
}

impl RunCommand {
    pub fn run(mut self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let command = self.path_and_command.pop().unwrap_or_default();
        let root = self.root()?;
        let request = InstallRequest {
            graph: GraphRequest {
                root,
                given: self.reference.given(),
                profiles: self.profile.selection(),
                remotes: self.remote.selection(),
                update: self.update.update,
                build: self.build.modes(),
                lockfile: self.lockfile.selection(),
                check_updates: false,
                build_require: self.build_require,
            },
            ..InstallRequest::default()
        };
        let whose = match self.context.as_deref() {
            Some("host") => RunContext::Host,
            Some("build") => RunContext::Build,
            _ => RunContext::Both,
        };
        context.reporter.status(
            "",
            "Installing and building dependencies, this might take a while...",
        );
        // The command's own output is what counts.
        let session = match context.says_only_the_usual() {
            true => context.quieter_session()?,
            false => context.session()?,
        };
        let folder = crom_fs::temp_dir(std::env::temp_dir(), "conanrun")?;
        let ran = crom_ops::prepare_run(&session, &request, &folder, &command, whose)
            .inspect_err(|_| explain(context))
            .and_then(|line| crom_ops::run_in_shell(&session, &line));
        crom_fs::remove_tree(&folder)?;
        ran?;
        Ok(ExitStatus::Success)
    }

    fn root(&mut self) -> anyhow::Result<RootRequest> {
        let references = !self.requires.is_empty() || !self.tool_requires.is_empty();
        match (self.path_and_command.pop(), references) {
            (Some(_), true) => Err(OpsError::message(
                "--requires and --tool-requires arguments are incompatible with [path] argument",
            )
            .into()),
            (Some(path), false) => Ok(RootRequest::Path(path)),
            (None, false) => Ok(RootRequest::Path(".".to_owned())),
            (None, true) => Ok(RootRequest::References {
                requires: std::mem::take(&mut self.requires),
                tool_requires: std::mem::take(&mut self.tool_requires),
            }),
        }
    }
}

fn explain(context: &CommandContext) {
    context.reporter.error(
        "",
        "Error installing the dependencies. To debug this, you can either:\n \
         - Re-run the command with increased verbosity (-v, -vv)\n \
         - Run 'conan install' first to ensure dependencies are installed, or to see errors during installation\n",
    );
}
