//! `server repo`, `server grant`, `server revoke`, `server grants`.

use clap::{Args, Subcommand};
use crom_server::{AdminRequest, Grant, RetentionRules};

use super::accounts::read_secret;
use super::answer::{administrate, show};
use crate::args::{OutputArgs, ServerArgs};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

const ACTIONS: [&str; 5] = ["read", "write", "delete", "promote", "admin"];

#[derive(Subcommand, Debug)]
pub enum RepoCommand {
    /// Add a repository
    Add(RepoAddCommand),
    /// List the repositories
    List(RepoListCommand),
    /// Remove a repository with all that is in it
    Remove(RepoRemoveCommand),
    /// Change who may read a repository, and what it keeps
    Set(RepoSetCommand),
}

#[derive(Args, Debug)]
pub struct RepoAddCommand {
    /// Name, which is in the URL
    name: String,
    /// What it does
    #[arg(long = "kind", value_name = "KIND", value_parser = ["hosted", "proxy", "group"], default_value = "hosted")]
    kind: String,
    /// Anybody may read
    #[arg(long = "anonymous-read")]
    anonymous_read: bool,
    /// URL of the server that a proxy shows
    #[arg(long = "upstream", value_name = "URL")]
    upstream: Option<String>,
    /// User on that server
    #[arg(long = "upstream-user", value_name = "USER")]
    upstream_user: Option<String>,
    /// Read the password on that server from standard input
    #[arg(long = "upstream-password-stdin", requires = "upstream_user")]
    upstream_password_stdin: bool,
    /// A repository that a group shows, in order
    #[arg(long = "member", value_name = "NAME", action = clap::ArgAction::Append)]
    member: Vec<String>,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct RepoSetCommand {
    /// Name
    name: String,
    /// May anybody read
    #[arg(long = "anonymous-read", value_name = "BOOL")]
    anonymous_read: Option<bool>,
    /// Keep so many of the newest revisions
    #[arg(long = "keep-revisions", value_name = "N")]
    keep_revisions: Option<u32>,
    /// Keep revisions for so many days
    #[arg(long = "max-age-days", value_name = "DAYS")]
    max_age_days: Option<u32>,
    /// Keep revisions for so many days after their last download
    #[arg(long = "unused-days", value_name = "DAYS")]
    unused_days: Option<u32>,
    /// The rules are for these recipes
    #[arg(long = "pattern", value_name = "REF")]
    pattern: Option<String>,
    /// Keep everything
    #[arg(long = "keep-all", conflicts_with_all = ["keep_revisions", "max_age_days", "unused_days"])]
    keep_all: bool,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct RepoListCommand {
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct RepoRemoveCommand {
    /// Name
    name: String,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct GrantCommand {
    /// User, or @GROUP
    user: String,
    /// Repository, or * for all
    repository: String,
    /// What: each includes read, admin includes all
    #[arg(value_parser = ACTIONS)]
    action: String,
    /// For recipes that match
    #[arg(long = "pattern", value_name = "REF", default_value = "*")]
    pattern: String,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct GrantsCommand {
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl RepoCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Add(command) => command.output.clone(),
            Self::List(command) => command.output.clone(),
            Self::Remove(command) => command.output.clone(),
            Self::Set(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let (request, target, output) = match self {
            Self::Add(command) => command.into_parts()?,
            Self::List(command) => (AdminRequest::RepoList {}, command.target, command.output),
            Self::Remove(command) => (
                AdminRequest::RepoRemove { name: command.name },
                command.target,
                command.output,
            ),
            Self::Set(command) => command.into_parts(),
        };
        let answer = administrate(&target, &request)?;
        show(context, &output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

impl RepoAddCommand {
    fn into_parts(self) -> anyhow::Result<(AdminRequest, ServerArgs, OutputArgs)> {
        let upstream_password = if self.upstream_password_stdin {
            Some(read_secret()?)
        } else {
            None
        };
        let request = AdminRequest::RepoAdd {
            name: self.name,
            kind: self.kind.parse()?,
            anonymous_read: self.anonymous_read,
            upstream: self.upstream,
            upstream_user: self.upstream_user,
            upstream_password,
            members: self.member,
        };
        Ok((request, self.target, self.output))
    }
}

impl RepoSetCommand {
    fn into_parts(self) -> (AdminRequest, ServerArgs, OutputArgs) {
        let rules = RetentionRules {
            keep_revisions: self.keep_revisions,
            max_age_days: self.max_age_days,
            unused_days: self.unused_days,
            pattern: self.pattern,
        };
        let request = AdminRequest::RepoSet {
            name: self.name,
            anonymous_read: self.anonymous_read,
            retention: (self.keep_all || rules != RetentionRules::default()).then_some(rules),
        };
        (request, self.target, self.output)
    }
}

impl GrantCommand {
    pub fn run(self, context: &CommandContext, given: bool) -> anyhow::Result<ExitStatus> {
        let grant = Grant {
            repository: self.repository,
            action: self.action.parse()?,
            pattern: self.pattern,
        };
        let principal = self.user;
        let request = if given {
            AdminRequest::GrantAdd { principal, grant }
        } else {
            AdminRequest::GrantRemove { principal, grant }
        };
        let answer = administrate(&self.target, &request)?;
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

impl GrantsCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let answer = administrate(&self.target, &AdminRequest::GrantList {})?;
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}
