use std::path::PathBuf;

use clap::Args;
use crom_ops::{LockfileSelection, RemoteSelection, RootRequest};
use crom_recipe::GivenReference;

/// Which packages to build.
#[derive(Args, Clone, Debug, Default)]
pub struct BuildArgs {
    /// What to build: missing, never, cascade, editable, or patterns (pkg/*, !pkg/*, &,
    /// missing:pkg/*, compatible:pkg/*)
    #[arg(short = 'b', long = "build", value_name = "BUILD", action = clap::ArgAction::Append)]
    pub build: Vec<String>,
}

/// Where to look.
#[derive(Args, Clone, Debug, Default)]
pub struct RemoteArgs {
    /// Look in this remote (pattern; may be repeated)
    #[arg(short = 'r', long = "remote", value_name = "REMOTE", action = clap::ArgAction::Append, conflicts_with = "no_remote")]
    pub remote: Vec<String>,
    /// Don't use any remote, only the local cache (-nr)
    #[arg(long = "no-remote")]
    pub no_remote: bool,
}

/// Whether to look for newer revisions.
#[derive(Args, Clone, Debug, Default)]
pub struct UpdateArgs {
    /// Look for newer versions and revisions in the remotes, for all packages or one name
    #[arg(short = 'u', long = "update", value_name = "PACKAGE", num_args = 0..=1, default_missing_value = "*",
          action = clap::ArgAction::Append)]
    pub update: Vec<String>,
}

/// Names that a recipe doesn't declare itself.
#[derive(Args, Clone, Debug, Default)]
pub struct ReferenceArgs {
    /// The package's name, if the recipe has none
    #[arg(long = "name", value_name = "NAME")]
    pub name: Option<String>,
    /// The package's version, if the recipe has none
    #[arg(long = "version", value_name = "VERSION")]
    pub version: Option<String>,
    /// The user, if the recipe has none
    #[arg(long = "user", value_name = "USER")]
    pub user: Option<String>,
    /// The channel, if the recipe has none
    #[arg(long = "channel", value_name = "CHANNEL")]
    pub channel: Option<String>,
}

/// Lockfiles.
#[derive(Args, Clone, Debug, Default)]
pub struct LockfileArgs {
    /// Path of a lockfile; `--lockfile=""` uses none although there is a conan.lock
    #[arg(short = 'l', long = "lockfile", value_name = "FILE")]
    pub lockfile: Option<String>,
    /// Accept what the lockfile doesn't list
    #[arg(long = "lockfile-partial")]
    pub lockfile_partial: bool,
    /// Write the resulting lockfile here
    #[arg(long = "lockfile-out", value_name = "FILE")]
    pub lockfile_out: Option<PathBuf>,
    /// Lock package ids too
    #[arg(long = "lockfile-packages", hide = true)]
    pub lockfile_packages: bool,
    /// Drop what isn't used from the resulting lockfile
    #[arg(long = "lockfile-clean")]
    pub lockfile_clean: bool,
    /// Overrides for the lockfile, as JSON
    #[arg(long = "lockfile-overrides", value_name = "OVERRIDES")]
    pub lockfile_overrides: Option<String>,
}

/// What to resolve: a conanfile or references.
#[derive(Args, Clone, Debug, Default)]
pub struct ConsumerArgs {
    /// Folder of a conanfile.py or conanfile.txt, or the file
    #[arg(value_name = "PATH")]
    pub path: Option<String>,
    /// References to install instead of a conanfile
    #[arg(long = "requires", value_name = "REFERENCE", action = clap::ArgAction::Append)]
    pub requires: Vec<String>,
    /// Tool references to install instead of a conanfile
    #[arg(long = "tool-requires", value_name = "REFERENCE", action = clap::ArgAction::Append)]
    pub tool_requires: Vec<String>,
}

impl RemoteArgs {
    /// As the operations take it.
    pub fn selection(&self) -> RemoteSelection {
        RemoteSelection {
            patterns: self.remote.clone(),
            none: self.no_remote,
            index: None,
            server: None,
        }
    }
}

impl ReferenceArgs {
    /// As the operations take it.
    pub fn given(&self) -> GivenReference {
        GivenReference {
            name: self.name.clone(),
            version: self.version.clone(),
            user: self.user.clone(),
            channel: self.channel.clone(),
        }
    }
}

impl LockfileArgs {
    /// As the operations take it.
    pub fn selection(&self) -> LockfileSelection {
        LockfileSelection {
            path: self.lockfile.clone(),
            partial: self.lockfile_partial,
            packages: self.lockfile_packages,
            out: self.lockfile_out.clone(),
            clean: self.lockfile_clean,
            overrides: self.lockfile_overrides.clone(),
        }
    }
}

impl BuildArgs {
    /// `None` when nothing was said, which is not the same as an empty `--build=`.
    pub fn modes(&self) -> Option<Vec<String>> {
        (!self.build.is_empty()).then(|| self.build.clone())
    }
}

impl ConsumerArgs {
    /// What to resolve.
    ///
    /// # Errors
    /// A path and references exclude each other, and one of them is needed.
    pub fn root(&self) -> anyhow::Result<RootRequest> {
        let references = !self.requires.is_empty() || !self.tool_requires.is_empty();
        match (&self.path, references) {
            (Some(_), true) => {
                anyhow::bail!(
                    "--requires and --tool-requires arguments are incompatible with [path] argument"
                )
            }
            (Some(path), false) => Ok(RootRequest::Path(path.clone())),
            (None, true) => Ok(RootRequest::References {
                requires: self.requires.clone(),
                tool_requires: self.tool_requires.clone(),
            }),
            (None, false) => Ok(RootRequest::Path(".".to_owned())),
        }
    }
}
