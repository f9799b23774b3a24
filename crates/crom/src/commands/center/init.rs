//! `center init`.

use anyhow::Context;
use clap::Args;
use crom_center::CENTER_FILE;
use crom_center::list::{InitialList, RemoteNames, Upstream, initial_list};

use super::CenterArgs;
use super::packages::new_packages;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct InitCommand {
    /// The first packages, like zlib/1.3.2 or openssl/[>=3 <4]
    #[arg(value_name = "REFERENCE")]
    packages: Vec<String>,
    /// Profiles of host and build: paths in the fork or names of the home
    #[arg(long = "profile", value_name = "PROFILE", action = clap::ArgAction::Append)]
    profile: Vec<String>,
    /// The remote that builds go to first
    #[arg(long = "test", value_name = "REMOTE", default_value = "test")]
    test: String,
    /// The remote that only promotion writes to
    #[arg(
        long = "production",
        value_name = "REMOTE",
        default_value = "production"
    )]
    production: String,
    /// The git remote that the fork came from
    #[arg(long = "upstream", value_name = "REMOTE", default_value = "upstream")]
    upstream: String,
    /// Its branch
    #[arg(long = "branch", value_name = "BRANCH", default_value = "master")]
    branch: String,
    #[command(flatten)]
    pub center: CenterArgs,
}

impl InitCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let file = self
            .center
            .center_file
            .clone()
            .unwrap_or_else(|| CENTER_FILE.into());
        let path = context.cwd.join(file);
        if crom_fs::exists(&path) {
            return Err(crom_center::CenterError::message(format!(
                "'{}' is there already",
                path.display()
            ))
            .with_hint("'crom center add' and 'crom center remove' change it")
            .into());
        }
        let root = path.parent().unwrap_or(&context.cwd);
        let text = initial_list(&InitialList {
            upstream: Upstream {
                remote: self.upstream,
                branch: self.branch,
            },
            remotes: RemoteNames {
                test: self.test,
                production: self.production,
            },
            profiles: self.profile,
            packages: new_packages(root, &self.packages, &[])?,
        })?;
        crom_fs::write_atomic(&path, &text).context("could not write the list")?;
        context
            .reporter
            .status("", &format!("Wrote {}", path.display()));
        Ok(ExitStatus::Success)
    }
}
