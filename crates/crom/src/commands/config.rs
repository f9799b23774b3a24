//! `config`.

use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use super::context::CommandContext;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::python_text;

#[derive(Subcommand, Debug)]
pub enum ConfigCommand {
    /// Show the path of the Conan home
    Home(HomeCommand),
    /// List the confs that there are, with what they do
    List(ListCommand),
    /// Show the confs of global.conf that match
    Show(ShowCommand),
}

#[derive(Args, Debug)]
pub struct HomeCommand {
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct ListCommand {
    /// Only confs that contain this text
    pattern: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct ShowCommand {
    /// Only confs that match, like "core*"
    pattern: String,
    #[command(flatten)]
    output: OutputArgs,
}

impl ConfigCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Home(command) => command.output.clone(),
            Self::List(command) => command.output.clone(),
            Self::Show(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Home(_) => {
                context
                    .printer
                    .text(&context.session()?.home().root().to_string_lossy())?;
            }
            Self::List(command) => {
                let format = command.output.format(&[Format::Text, Format::Json])?;
                let confs = crom_ops::config_list(command.pattern.as_deref());
                print(context, format, &confs)?;
            }
            Self::Show(command) => {
                let format = command.output.format(&[Format::Text, Format::Json])?;
                let confs = crom_ops::config_show(&context.session()?, &command.pattern)?;
                print(context, format, &confs)?;
            }
        }
        Ok(ExitStatus::Success)
    }
}

fn print(
    context: &CommandContext,
    format: Format,
    confs: &Map<String, Value>,
) -> anyhow::Result<()> {
    if format == Format::Json {
        return context.printer.json(confs);
    }
    let lines: String = confs
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", python_text::text(value)))
        .collect();
    context.printer.text(&lines)
}
