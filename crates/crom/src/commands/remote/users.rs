//! `remote login` and its kin.

use clap::Args;
use crom_ops::{AuthRequest, AuthResult, RemoteUser, UserChange};
use serde_json::{Map, Value, json};

use super::CommandContext;
use crate::args::{Format, OutputArgs};

const FORMATS: [Format; 2] = [Format::Text, Format::Json];

#[derive(Args, Debug)]
pub struct LoginCommand {
    /// Name or pattern of remotes
    remote: String,
    /// The user's name; looked for or asked when missing
    username: Option<String>,
    /// The password; looked for or asked when missing
    #[arg(short = 'p', long = "password", value_name = "PASSWORD", num_args = 0..=1)]
    password: Option<Option<String>>,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct LogoutCommand {
    /// Name or pattern of remotes
    remote: String,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct SetUserCommand {
    /// Name or pattern of remotes
    remote: String,
    /// The user's name
    username: String,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct ListUsersCommand {
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct AuthCommand {
    /// Name or pattern of remotes
    remote: String,
    /// Only remotes where a user is known or given by CONAN_LOGIN_USERNAME*
    #[arg(long = "with-user")]
    with_user: bool,
    /// Log in even where the server answers anybody
    #[arg(long = "force")]
    force: bool,
    /// Fail when a remote fails
    #[arg(long = "strict")]
    strict: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl LoginCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let format = self.output.format(&FORMATS)?;
        let password = self.password.flatten();
        let changes = crom_ops::remote_login(
            &context.session()?,
            &self.remote,
            self.username.as_deref(),
            password.as_deref(),
        )?;
        print_changes(context, format, &changes)
    }
}

impl LogoutCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let format = self.output.format(&FORMATS)?;
        let changes = crom_ops::remote_logout(&context.session()?, &self.remote)?;
        print_changes(context, format, &changes)
    }
}

impl SetUserCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let format = self.output.format(&FORMATS)?;
        let changes = crom_ops::remote_set_user(&context.session()?, &self.remote, &self.username)?;
        print_changes(context, format, &changes)
    }
}

impl ListUsersCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let format = self.output.format(&FORMATS)?;
        let users = crom_ops::remote_users(&context.session()?)?;
        if format == Format::Json {
            let list: Vec<Value> = users.iter().map(as_json).collect();
            return context.printer.json_line(&Value::Array(list));
        }
        let mut text = String::new();
        for user in &users {
            text.push_str(&format!("{}:\n", user.remote));
            match &user.user {
                None => text.push_str("  No user\n"),
                Some(name) => {
                    let authenticated = python_bool(user.authenticated);
                    text.push_str(&format!(
                        "  Username: {name}\n  authenticated: {authenticated}\n"
                    ));
                }
            }
        }
        context.printer.text(&text)
    }
}

impl AuthCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let format = self.output.format(&FORMATS)?;
        let request = AuthRequest {
            remotes: self.remote,
            with_user: self.with_user,
            force: self.force,
            strict: self.strict,
        };
        let results = crom_ops::remote_auth(&context.session()?, &request)?;
        if format == Format::Json {
            let map: Map<String, Value> = results
                .iter()
                .map(|result| {
                    let value = match &result.user {
                        Ok(user) => json!({ "user": user }),
                        Err(error) => json!({ "error": error }),
                    };
                    (result.remote.clone(), value)
                })
                .collect();
            return context.printer.json_line(&Value::Object(map));
        }
        context
            .printer
            .text(&results.iter().map(auth_lines).collect::<String>())
    }
}

fn auth_lines(result: &AuthResult) -> String {
    let line = match &result.user {
        Ok(Some(user)) => format!("user: {user}"),
        Ok(None) => "user: None".to_owned(),
        Err(error) => format!("error: {error}"),
    };
    format!("{}:\n    {line}\n", result.remote)
}

fn print_changes(
    context: &CommandContext,
    format: Format,
    changes: &[UserChange],
) -> anyhow::Result<()> {
    if format == Format::Json {
        let list: Vec<Value> = changes
            .iter()
            .map(|change| json!({ "previous_info": as_json(&change.before), "info": as_json(&change.after) }))
            .collect();
        return context.printer.json_line(&Value::Array(list));
    }
    let lines: String = changes
        .iter()
        .map(|change| {
            format!(
                "Changed user of remote '{}' from {} to {}\n",
                change.before.remote,
                described(&change.before),
                described(&change.after)
            )
        })
        .collect();
    context.printer.text(&lines)
}

/// `'demo' (authenticated)`
fn described(user: &RemoteUser) -> String {
    let state = if user.authenticated {
        "authenticated"
    } else {
        "anonymous"
    };
    format!("'{}' ({state})", user.user.as_deref().unwrap_or("None"))
}

fn as_json(user: &RemoteUser) -> Value {
    json!({
        "name": user.remote,
        "user_name": user.user,
        "authenticated": user.authenticated,
    })
}

fn python_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
