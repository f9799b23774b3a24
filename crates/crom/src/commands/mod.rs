//! One file per command: its arguments, what it asks of `crom-ops`, and how the result is shown.

mod build;
mod cache;
mod center;
mod config;
mod context;
mod create;
mod download;
mod editable;
mod export;
mod export_pkg;
mod graph;
mod inspect;
mod install;
mod list;
mod lock;
mod new;
mod pkglist;
mod profile;
mod promote;
mod remote;
mod remove;
mod require;
mod run;
mod search;
mod server;
mod source;
mod test;
mod upload;
pub mod version;

use clap::{Parser, Subcommand};

use crate::args::OutputArgs;
use crate::exit::{ExitStatus, Silent};
use context::CommandContext;

/// C and C++ packages: a drop-in replacement for Conan 2.
#[derive(Parser, Debug)]
#[command(
    name = "crom",
    infer_long_args = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    propagate_version = false,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Install dependencies and call the build() method
    Build(build::BuildCommand),
    /// Work on the files of the package cache
    #[command(subcommand)]
    Cache(cache::CacheCommand),
    /// Own ConanCenter: plan, build, verify and promote the packages of a fork
    #[command(subcommand)]
    Center(center::CenterCommand),
    /// Show the configuration of the Conan home
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Create a package from a recipe
    Create(create::CreateCommand),
    /// Download recipes and packages of a remote, without a graph
    Download(download::DownloadCommand),
    /// Use packages from folders instead of the cache
    #[command(subcommand)]
    Editable(editable::EditableCommand),
    /// Export a recipe to the package cache
    Export(export::ExportCommand),
    /// Create a package from binaries that are built already
    ExportPkg(export_pkg::ExportPkgCommand),
    /// Compute a dependency graph without installing anything
    #[command(subcommand)]
    Graph(graph::GraphCommand),
    /// Show what a recipe declares
    Inspect(inspect::InspectCommand),
    /// Install the requirements of a recipe or of the command line
    Install(install::InstallCommand),
    /// List recipes, revisions and packages of the cache or of remotes
    List(list::ListCommand),
    /// Make and edit lockfiles
    #[command(subcommand)]
    Lock(lock::LockCommand),
    /// Create a recipe and its sources from a template
    New(new::NewCommand),
    /// Work on files with package lists
    #[command(subcommand)]
    Pkglist(pkglist::PkglistCommand),
    /// Manage profiles
    #[command(subcommand)]
    Profile(profile::ProfileCommand),
    /// Copy exact revisions with their binaries and metadata from one remote to another
    Promote(promote::PromoteCommand),
    /// Manage the list of remotes
    #[command(subcommand)]
    Remote(remote::RemoteCommand),
    /// Remove recipes or packages from the cache or a remote
    Remove(remove::RemoveCommand),
    /// Add requirements to a conanfile.py or remove them
    #[command(subcommand)]
    Require(require::RequireCommand),
    /// Run a command in the environment of packages
    Run(run::RunCommand),
    /// Search recipes in remotes
    Search(search::SearchCommand),
    /// Run and administrate a package server
    #[command(subcommand)]
    Server(server::ServerCommand),
    /// Call the source() method
    Source(source::SourceCommand),
    /// Test a package with a test_package folder
    Test(test::TestCommand),
    /// Upload recipes and packages of the cache to a remote
    Upload(upload::UploadCommand),
    /// Show the version of Crom and of the system
    Version(version::VersionCommand),
}

impl Command {
    fn output(&self) -> OutputArgs {
        match self {
            Self::Build(command) => command.output.clone(),
            Self::Cache(command) => command.output(),
            Self::Center(command) => command.output(),
            Self::Config(command) => command.output(),
            Self::Create(command) => command.output.clone(),
            Self::Download(command) => command.output.clone(),
            Self::Editable(command) => command.output(),
            Self::Export(command) => command.output.clone(),
            Self::ExportPkg(command) => command.output.clone(),
            Self::Graph(command) => command.output(),
            Self::Inspect(command) => command.output.clone(),
            Self::Install(command) => command.output.clone(),
            Self::List(command) => command.output.clone(),
            Self::Lock(command) => command.output(),
            Self::New(command) => command.output.clone().into(),
            Self::Pkglist(command) => command.output(),
            Self::Profile(command) => command.output(),
            Self::Promote(command) => command.output.clone(),
            Self::Remote(command) => command.output(),
            Self::Remove(command) => command.output.clone(),
            Self::Require(command) => command.output(),
            Self::Run(command) => command.output.clone(),
            Self::Search(command) => command.output.clone(),
            Self::Server(command) => command.output(),
            Self::Source(command) => command.output.clone(),
            Self::Test(command) => command.output.clone(),
            Self::Upload(command) => command.output.clone(),
            Self::Version(command) => command.output.clone(),
        }
    }
}

/// Runs the command that was asked for.
///
/// # Errors
/// What the command says; with `-vquiet`, without its text.
pub fn run(cli: Cli) -> Result<ExitStatus, anyhow::Error> {
    let context = CommandContext::new(cli.command.output())?;
    let quiet = context.quiet();
    let outcome = match cli.command {
        Command::Build(command) => command.run(&context),
        Command::Cache(command) => command.run(&context),
        Command::Center(command) => command.run(&context),
        Command::Config(command) => command.run(&context),
        Command::Create(command) => command.run(&context),
        Command::Download(command) => command.run(&context),
        Command::Editable(command) => command.run(&context),
        Command::Export(command) => command.run(&context),
        Command::ExportPkg(command) => command.run(&context),
        Command::Graph(command) => command.run(&context),
        Command::Inspect(command) => command.run(&context),
        Command::Install(command) => command.run(&context),
        Command::List(command) => command.run(&context),
        Command::Lock(command) => command.run(&context),
        Command::New(command) => command.run(&context),
        Command::Pkglist(command) => command.run(&context),
        Command::Profile(command) => command.run(&context),
        Command::Promote(command) => command.run(&context),
        Command::Remote(command) => command.run(&context),
        Command::Remove(command) => command.run(&context),
        Command::Require(command) => command.run(&context),
        Command::Run(command) => command.run(&context),
        Command::Search(command) => command.run(&context),
        Command::Server(command) => command.run(&context),
        Command::Source(command) => command.run(&context),
        Command::Test(command) => command.run(&context),
        Command::Upload(command) => command.run(&context),
        Command::Version(command) => command.run(&context),
    };
    let outcome = context.check_warnings(outcome);
    outcome.map_err(|error| if quiet { Silent(error).into() } else { error })
}
