//! `remote`: the list of remotes here, users beside.

mod users;

use clap::{ArgAction, Args, Subcommand};
use crom_ops::{RemoteAddRequest, RemoteUpdateRequest};
use crom_store::remotes::RemoteConfig as Remote;
use serde_json::{Value, json};

use super::context::CommandContext;
use super::new::PlainOutputArgs;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
pub enum RemoteCommand {
    /// Add a remote
    Add(AddCommand),
    /// Check whom remotes take the user for, and log in where that is needed
    Auth(users::AuthCommand),
    /// Disable the remotes that match
    Disable(PatternCommand),
    /// Enable the remotes that match
    Enable(PatternCommand),
    /// List the remotes
    List(ListCommand),
    /// List the users at the remotes
    ListUsers(users::ListUsersCommand),
    /// Log in at the remotes that match
    Login(users::LoginCommand),
    /// Log out from the remotes that match
    Logout(users::LogoutCommand),
    /// Remove the remotes that match
    Remove(PatternCommand),
    /// Rename a remote
    Rename(RenameCommand),
    /// Set the user's name at the remotes that match, without logging in
    SetUser(users::SetUserCommand),
    /// Change a remote
    Update(UpdateCommand),
}

#[derive(Args, Debug)]
pub struct AddCommand {
    /// Name of the remote
    name: String,
    /// URL, or the folder of a local recipes index
    url: String,
    /// Don't verify the certificate
    #[arg(long = "insecure")]
    insecure: bool,
    /// Position in the list, from 0
    #[arg(long = "index", value_name = "INDEX")]
    index: Option<usize>,
    /// Replace a remote of this name
    #[arg(short = 'f', long = "force")]
    force: bool,
    /// Only these packages come from the remote (-ap)
    #[arg(long = "allowed-packages", value_name = "PATTERN", action = ArgAction::Append)]
    allowed_packages: Vec<String>,
    /// What kind of remote it is
    #[arg(short = 't', long = "type", value_name = "TYPE", value_parser = ["local-recipes-index"])]
    kind: Option<String>,
    /// Take recipes from the remote, no binaries
    #[arg(long = "recipes-only")]
    recipes_only: bool,
    /// Always log in before the remote is used
    #[arg(long = "force-auth")]
    force_auth: bool,
    #[command(flatten)]
    output: PlainOutputArgs,
}

#[derive(Args, Debug)]
pub struct PatternCommand {
    /// Name or pattern of remotes
    remote: String,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct ListCommand {
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct RenameCommand {
    /// The remote
    remote: String,
    /// Its new name
    new_name: String,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct UpdateCommand {
    /// Name of the remote
    remote: String,
    /// New URL
    #[arg(long = "url", value_name = "URL")]
    url: Option<String>,
    /// Verify the certificate
    #[arg(long = "secure", conflicts_with = "insecure")]
    secure: bool,
    /// Don't verify the certificate
    #[arg(long = "insecure")]
    insecure: bool,
    /// Position in the list, from 0
    #[arg(long = "index", value_name = "INDEX")]
    index: Option<usize>,
    /// Only these packages come from the remote (-ap)
    #[arg(long = "allowed-packages", value_name = "PATTERN", action = ArgAction::Append)]
    allowed_packages: Vec<String>,
    /// Take recipes from the remote, no binaries
    #[arg(long = "recipes-only", value_name = "BOOL", num_args = 0..=1, default_missing_value = "True", value_parser = ["True", "False"])]
    recipes_only: Option<String>,
    /// Always log in before the remote is used
    #[arg(long = "force-auth", value_name = "BOOL", num_args = 0..=1, default_missing_value = "True", value_parser = ["True", "False"])]
    force_auth: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

impl RemoteCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Add(command) => command.output.clone().into(),
            Self::Disable(command) | Self::Enable(command) | Self::Remove(command) => {
                command.output.clone()
            }
            Self::List(command) => command.output.clone(),
            Self::Rename(command) => command.output.clone(),
            Self::Auth(command) => command.output.clone(),
            Self::ListUsers(command) => command.output.clone(),
            Self::Login(command) => command.output.clone(),
            Self::Logout(command) => command.output.clone(),
            Self::SetUser(command) => command.output.clone(),
            Self::Update(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Auth(command) => command.run(context)?,
            Self::ListUsers(command) => command.run(context)?,
            Self::Login(command) => command.run(context)?,
            Self::Logout(command) => command.run(context)?,
            Self::SetUser(command) => command.run(context)?,
            other => return other.change_list(context),
        }
        Ok(ExitStatus::Success)
    }

    fn change_list(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let session = context.session()?;
        match self {
            Self::Add(command) => crom_ops::remote_add(&session, &command.into_request())?,
            Self::Disable(command) => {
                let format = command.output.format(&[Format::Text, Format::Json])?;
                print(
                    context,
                    format,
                    &crom_ops::remote_enable(&session, &command.remote, false)?,
                )?;
            }
            Self::Enable(command) => {
                let format = command.output.format(&[Format::Text, Format::Json])?;
                print(
                    context,
                    format,
                    &crom_ops::remote_enable(&session, &command.remote, true)?,
                )?;
            }
            Self::List(command) => {
                let format = command.output.format(&[Format::Text, Format::Json])?;
                print(context, format, &crom_ops::remote_list(&session)?)?;
            }
            Self::Remove(command) => {
                let removed = crom_ops::remote_remove(&session, &command.remote)?;
                let lines: String = removed
                    .iter()
                    .map(|remote| format!("{}\n", remote.describe()))
                    .collect();
                context
                    .printer
                    .text(&format!("Removed remotes:\n{lines}"))?;
            }
            Self::Rename(command) => {
                crom_ops::remote_rename(&session, &command.remote, &command.new_name)?
            }
            Self::Update(command) if command.is_empty() => {
                let text = "Please add at least one argument to update";
                (*context.reporter).error("", text);
                return Ok(ExitStatus::Usage);
            }
            Self::Update(command) => crom_ops::remote_update(&session, &command.into_request())?,
            Self::Auth(_)
            | Self::ListUsers(_)
            | Self::Login(_)
            | Self::Logout(_)
            | Self::SetUser(_) => {}
        }
        Ok(ExitStatus::Success)
    }
}

impl AddCommand {
    fn into_request(self) -> RemoteAddRequest {
        RemoteAddRequest {
            name: self.name,
            url: self.url,
            verify_ssl: !self.insecure,
            index: self.index,
            force: self.force,
            allowed_packages: (!self.allowed_packages.is_empty()).then_some(self.allowed_packages),
            local_recipes_index: self.kind.is_some(),
            recipes_only: self.recipes_only,
            force_auth: self.force_auth,
        }
    }
}

impl UpdateCommand {
    fn is_empty(&self) -> bool {
        self.url.is_none()
            && !self.secure
            && !self.insecure
            && self.index.is_none()
            && self.allowed_packages.is_empty()
            && self.recipes_only.is_none()
            && self.force_auth.is_none()
    }

    fn into_request(self) -> RemoteUpdateRequest {
        let verify_ssl = match (self.secure, self.insecure) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        RemoteUpdateRequest {
            name: self.remote,
            url: self.url,
            verify_ssl,
            index: self.index,
            allowed_packages: (!self.allowed_packages.is_empty()).then_some(self.allowed_packages),
            recipes_only: self.recipes_only.map(|value| value == "True"),
            force_auth: self.force_auth.map(|value| value == "True"),
        }
    }
}

fn print(context: &CommandContext, format: Format, remotes: &[Remote]) -> anyhow::Result<()> {
    if format == Format::Json {
        let list: Vec<Value> = remotes.iter().map(as_json).collect();
        return context.printer.json(&list);
    }
    if remotes.is_empty() {
        context.reporter.status("", "No remotes defined");
    }
    let lines: String = remotes
        .iter()
        .map(|remote| format!("{}\n", remote.describe()))
        .collect();
    context.printer.text(&lines)
}

fn as_json(remote: &Remote) -> Value {
    json!({
        "name": remote.name,
        "url": remote.url,
        "verify_ssl": remote.verify_ssl,
        "enabled": !remote.disabled,
        "allowed_packages": remote.allowed_packages,
        "recipes_only": remote.recipes_only,
        "force_auth": remote.force_auth,
    })
}
