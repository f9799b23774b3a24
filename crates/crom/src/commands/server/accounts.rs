//! `server user`, `server group`, `server token`.

use std::io::BufRead;

use anyhow::Context;
use clap::{Args, Subcommand};
use crom_server::{AdminRequest, Grant, generate_password};
use serde_json::json;

use super::answer::{administrate, show};
use crate::args::{OutputArgs, ServerArgs};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Add a user; without --password-stdin the password is made up and printed once
    Add(UserAddCommand),
    /// List the users
    List(AccountListCommand),
    /// Give a user a new password, which ends the user's sessions
    Password(UserPasswordCommand),
    /// Remove a user with tokens and permissions
    Remove(NameCommand),
}

#[derive(Subcommand, Debug)]
pub enum GroupCommand {
    /// Put a user into a group
    Add(MemberCommand),
    /// List the groups
    List(AccountListCommand),
    /// Take a user out of a group
    Remove(MemberCommand),
}

#[derive(Subcommand, Debug)]
pub enum TokenCommand {
    /// Add a token, which is printed once
    Add(TokenAddCommand),
    /// List the tokens, without their secrets
    List(TokenListCommand),
    /// Revoke a token by its id
    Remove(NameCommand),
}

#[derive(Args, Debug)]
pub struct UserAddCommand {
    /// Name of the user
    name: String,
    /// May do everything
    #[arg(long = "admin")]
    admin: bool,
    /// Read the password from standard input
    #[arg(long = "password-stdin", conflicts_with = "no_password")]
    password_stdin: bool,
    /// No password: the user has tokens only
    #[arg(long = "no-password")]
    no_password: bool,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct UserPasswordCommand {
    /// Name of the user
    name: String,
    /// Read the password from standard input
    #[arg(long = "password-stdin")]
    password_stdin: bool,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct NameCommand {
    /// Which
    name: String,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct AccountListCommand {
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct MemberCommand {
    /// The group
    group: String,
    /// The user
    user: String,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct TokenAddCommand {
    /// Whose token
    user: String,
    /// What it is for
    #[arg(
        long = "label",
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    label: String,
    /// Valid for so many days
    #[arg(long = "expires-days", value_name = "DAYS")]
    expires_days: Option<u32>,
    /// What it is restricted to, as REPO:ACTION[:PATTERN]
    #[arg(long = "scope", value_name = "SCOPE", action = clap::ArgAction::Append)]
    scope: Vec<String>,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct TokenListCommand {
    /// Only of this user
    user: Option<String>,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl UserCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Add(command) => command.output.clone(),
            Self::List(command) => command.output.clone(),
            Self::Password(command) => command.output.clone(),
            Self::Remove(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Add(command) => command.run(context),
            Self::List(command) => command.run(context, &AdminRequest::UserList {}),
            Self::Password(command) => command.run(context),
            Self::Remove(command) => {
                let request = AdminRequest::UserRemove {
                    name: command.name.clone(),
                };
                command.run(context, &request)
            }
        }
    }
}

impl GroupCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Add(command) | Self::Remove(command) => command.output.clone(),
            Self::List(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let (command, request) = match self {
            Self::List(command) => return command.run(context, &AdminRequest::GroupList {}),
            Self::Add(command) => {
                let (group, user) = (command.group.clone(), command.user.clone());
                (command, AdminRequest::GroupAdd { group, user })
            }
            Self::Remove(command) => {
                let (group, user) = (command.group.clone(), command.user.clone());
                (command, AdminRequest::GroupRemove { group, user })
            }
        };
        let answer = administrate(&command.target, &request)?;
        show(context, &command.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

impl TokenCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Add(command) => command.output.clone(),
            Self::List(command) => command.output.clone(),
            Self::Remove(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Add(command) => command.run(context),
            Self::List(command) => {
                let request = AdminRequest::TokenList { user: command.user };
                let answer = administrate(&command.target, &request)?;
                show(context, &command.output, &answer)?;
                Ok(ExitStatus::Success)
            }
            Self::Remove(command) => {
                let request = AdminRequest::TokenRemove {
                    id: command.name.clone(),
                };
                command.run(context, &request)
            }
        }
    }
}

impl UserAddCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let password = if self.no_password {
            None
        } else {
            Some(password(self.password_stdin)?)
        };
        let request = AdminRequest::UserAdd {
            name: self.name,
            password: password.clone(),
            admin: self.admin,
        };
        let mut answer = administrate(&self.target, &request)?;
        if let Some(password) = password.filter(|_| !self.password_stdin) {
            answer["password"] = json!(password);
        }
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

impl UserPasswordCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let password = password(self.password_stdin)?;
        let request = AdminRequest::UserPassword {
            name: self.name.clone(),
            password: password.clone(),
        };
        administrate(&self.target, &request)?;
        let mut answer = json!({"name": self.name});
        if !self.password_stdin {
            answer["password"] = json!(password);
        }
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

impl NameCommand {
    fn run(self, context: &CommandContext, request: &AdminRequest) -> anyhow::Result<ExitStatus> {
        let answer = administrate(&self.target, request)?;
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

impl AccountListCommand {
    fn run(self, context: &CommandContext, request: &AdminRequest) -> anyhow::Result<ExitStatus> {
        let answer = administrate(&self.target, request)?;
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

impl TokenAddCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let scopes = self.scope.iter().map(|text| scope(text));
        let request = AdminRequest::TokenAdd {
            user: self.user,
            label: self.label,
            expires_days: self.expires_days,
            scopes: scopes.collect::<anyhow::Result<_>>()?,
        };
        let answer = administrate(&self.target, &request)?;
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

/// `REPO:ACTION[:PATTERN]`
fn scope(text: &str) -> anyhow::Result<Grant> {
    let (repository, rest) = text
        .split_once(':')
        .with_context(|| format!("invalid scope `{text}`: it is REPO:ACTION[:PATTERN]"))?;
    let (action, pattern) = rest.split_once(':').unwrap_or((rest, "*"));
    Ok(Grant {
        repository: repository.to_owned(),
        action: action.parse()?,
        pattern: pattern.to_owned(),
    })
}

/// The first line of standard input, or a new one.
fn password(from_stdin: bool) -> anyhow::Result<String> {
    if !from_stdin {
        return Ok(generate_password());
    }
    read_secret()
}

/// The first line of standard input.
pub fn read_secret() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("standard input can't be read")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use crom_server::Action;
    use pretty_assertions::assert_eq;

    use super::*;

    #[test]
    fn a_scope_has_two_or_three_parts() {
        let read = scope("main:read").expect("is a scope");
        assert_eq!((read.action, read.pattern.as_str()), (Action::Read, "*"));
        assert_eq!(
            scope("*:write:zlib/*").expect("is a scope").pattern,
            "zlib/*"
        );
        assert!(scope("main").is_err());
        assert!(scope("main:paint").is_err());
    }
}
