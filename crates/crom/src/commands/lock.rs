//! `lock`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use crom_ops::{ConfigUpgradeRequest, GraphRequest, LockEdit, LockEntries};

use super::context::CommandContext;
use crate::args::{
    BuildArgs, ConsumerArgs, Format, LockfileArgs, OutputArgs, ProfileArgs, ReferenceArgs,
    RemoteArgs, UpdateArgs,
};
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
pub enum LockCommand {
    /// Add entries to a lockfile by hand
    Add(EditCommand),
    /// Lock what is in the graph of a conanfile or of references
    Create(CreateCommand),
    /// Merge lockfiles into one
    Merge(MergeCommand),
    /// Remove entries from a lockfile: references, patterns or ranges
    Remove(EditCommand),
    /// Replace entries of a lockfile by others of the same name
    Update(EditCommand),
    /// Resolve some entries of a lockfile again
    Upgrade(UpgradeCommand),
    /// Resolve configuration packages of a lockfile again
    UpgradeConfig(UpgradeConfigCommand),
}

impl LockCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Add(command) | Self::Remove(command) | Self::Update(command) => {
                command.output.clone()
            }
            Self::Create(command) => command.graph.output.clone(),
            Self::Merge(command) => command.output.clone(),
            Self::Upgrade(command) => command.graph.output.clone(),
            Self::UpgradeConfig(command) => command.graph.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        self.output().format(&[Format::Text])?;
        let session = context.session()?;
        match self {
            Self::Add(command) => crom_ops::lock_add(&session, &command.edit())?,
            Self::Remove(command) => crom_ops::lock_remove(&session, &command.edit())?,
            Self::Update(command) => crom_ops::lock_update(&session, &command.edit())?,
            Self::Merge(command) => {
                crom_ops::lock_merge(&session, &command.lockfile, &command.lockfile_out)?;
            }
            Self::Create(command) => {
                let mut request = command.graph.request(command.reference)?;
                request.build_require = command.build_require;
                crom_ops::lock_create(&session, &request)?;
            }
            Self::Upgrade(command) => {
                let mut request = command.graph.request(command.reference)?;
                request.build_require = command.build_require;
                let upgraded = LockEntries {
                    requires: command.update_requires,
                    build_requires: command.update_build_requires,
                    python_requires: command.update_python_requires,
                    config_requires: Vec::new(),
                };
                crom_ops::lock_upgrade(&session, &request, &upgraded)?;
            }
            Self::UpgradeConfig(command) => {
                crom_ops::lock_upgrade_config(&session, &command.request())?;
            }
        }
        Ok(ExitStatus::Success)
    }
}

/// Which lists of a lockfile are edited.
#[derive(Args, Debug)]
pub struct EditCommand {
    /// References of the host context
    #[arg(long = "requires", value_name = "REFERENCE", action = clap::ArgAction::Append)]
    requires: Vec<String>,
    /// References of the build context
    #[arg(long = "build-requires", value_name = "REFERENCE", action = clap::ArgAction::Append)]
    build_requires: Vec<String>,
    /// Python requires
    #[arg(long = "python-requires", value_name = "REFERENCE", action = clap::ArgAction::Append)]
    python_requires: Vec<String>,
    /// Configuration packages
    #[arg(long = "config-requires", value_name = "REFERENCE", action = clap::ArgAction::Append)]
    config_requires: Vec<String>,
    /// The lockfile; conan.lock by default
    #[arg(long = "lockfile", value_name = "FILE")]
    lockfile: Option<String>,
    /// Where to write the result
    #[arg(
        long = "lockfile-out",
        value_name = "FILE",
        default_value = "conan.lock"
    )]
    lockfile_out: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
}

impl EditCommand {
    fn edit(self) -> LockEdit {
        LockEdit {
            entries: LockEntries {
                requires: self.requires,
                build_requires: self.build_requires,
                python_requires: self.python_requires,
                config_requires: self.config_requires,
            },
            lockfile: self.lockfile,
            out: self.lockfile_out,
        }
    }
}

#[derive(Args, Debug)]
pub struct MergeCommand {
    /// A lockfile; may be repeated
    #[arg(long = "lockfile", value_name = "FILE", action = clap::ArgAction::Append)]
    lockfile: Vec<String>,
    /// Where to write the result
    #[arg(
        long = "lockfile-out",
        value_name = "FILE",
        default_value = "conan.lock"
    )]
    lockfile_out: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
}

/// Which graph is locked.
#[derive(Args, Debug)]
pub struct GraphArgs {
    #[command(flatten)]
    consumer: ConsumerArgs,
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
    output: OutputArgs,
}

impl GraphArgs {
    fn request(self, reference: ReferenceArgs) -> anyhow::Result<GraphRequest> {
        Ok(GraphRequest {
            root: self.consumer.root()?,
            given: reference.given(),
            profiles: self.profile.selection(),
            remotes: self.remote.selection(),
            update: self.update.update,
            build: self.build.modes(),
            lockfile: self.lockfile.selection(),
            check_updates: false,
            build_require: false,
        })
    }
}

#[derive(Args, Debug)]
pub struct CreateCommand {
    #[command(flatten)]
    graph: GraphArgs,
    #[command(flatten)]
    reference: ReferenceArgs,
    /// Resolve the conanfile as a requirement of the build context
    #[arg(long = "build-require")]
    build_require: bool,
}

#[derive(Args, Debug)]
pub struct UpgradeCommand {
    #[command(flatten)]
    graph: GraphArgs,
    #[command(flatten)]
    reference: ReferenceArgs,
    /// Which requirements to resolve again (-ur)
    #[arg(long = "update-requires", value_name = "PATTERN", action = clap::ArgAction::Append)]
    update_requires: Vec<String>,
    /// Which tools to resolve again (-ubr)
    #[arg(long = "update-build-requires", value_name = "PATTERN", action = clap::ArgAction::Append)]
    update_build_requires: Vec<String>,
    /// Which Python requires to resolve again (-upr)
    #[arg(long = "update-python-requires", value_name = "PATTERN", action = clap::ArgAction::Append)]
    update_python_requires: Vec<String>,
    /// Resolve the conanfile as a requirement of the build context
    #[arg(long = "build-require")]
    build_require: bool,
}

#[derive(Args, Debug)]
pub struct UpgradeConfigCommand {
    #[command(flatten)]
    graph: GraphArgs,
    /// Which configuration packages to resolve again
    #[arg(long = "update-config-requires", value_name = "PATTERN", action = clap::ArgAction::Append)]
    update_config_requires: Vec<String>,
}

impl UpgradeConfigCommand {
    fn request(self) -> ConfigUpgradeRequest {
        ConfigUpgradeRequest {
            references: self.graph.consumer.requires,
            path: self.graph.consumer.path,
            upgraded: self.update_config_requires,
            profiles: self.graph.profile.selection(),
            remotes: self.graph.remote.selection(),
            lockfile: self.graph.lockfile.selection(),
        }
    }
}
