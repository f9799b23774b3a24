//! `editable`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use crom_model::reference::RecipeReference;
use crom_ops::{EditableAddRequest, EditableRemoveRequest};
use crom_recipe::GivenReference;
use serde_json::Value;

use super::context::CommandContext;
use crate::args::{Format, OutputArgs, ReferenceArgs, RemoteArgs};
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
pub enum EditableCommand {
    /// Use a package from a folder instead of the cache
    Add(AddCommand),
    /// Use a package from the cache again
    Remove(RemoveCommand),
    /// List the packages in editable mode
    List(ListCommand),
}

#[derive(Args, Debug)]
pub struct AddCommand {
    /// Folder of a conanfile.py, or the file
    #[arg(default_value = ".")]
    path: String,
    #[command(flatten)]
    reference: ReferenceArgs,
    /// The whole reference, instead of --name, --version, --user and --channel
    #[arg(long = "ref", value_name = "REFERENCE", hide = true)]
    whole_reference: Option<String>,
    /// Where what is built goes (-of)
    #[arg(long = "output-folder", value_name = "FOLDER")]
    output_folder: Option<PathBuf>,
    #[command(flatten)]
    remote: RemoteArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct RemoveCommand {
    /// Folder of a conanfile.py, or the file
    path: Option<String>,
    /// Pattern of references
    #[arg(short = 'r', long = "refs", value_name = "PATTERN", action = clap::ArgAction::Append)]
    refs: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct ListCommand {
    #[command(flatten)]
    output: OutputArgs,
}

impl EditableCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Add(command) => command.output.clone(),
            Self::Remove(command) => command.output.clone(),
            Self::List(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Add(command) => command.run(context)?,
            Self::Remove(command) => crom_ops::editable_remove(
                &context.session()?,
                &EditableRemoveRequest {
                    path: command.path,
                    patterns: command.refs,
                },
            )?,
            Self::List(command) => command.run(context)?,
        }
        Ok(ExitStatus::Success)
    }
}

impl AddCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let given = match &self.whole_reference {
            Some(text) => {
                let reference = RecipeReference::loads(text)?;
                GivenReference {
                    name: Some(reference.name.clone()),
                    version: Some(reference.version.to_string()),
                    user: reference.user.clone(),
                    channel: reference.channel.clone(),
                }
            }
            None => self.reference.given(),
        };
        let request = EditableAddRequest {
            path: self.path,
            given,
            output_folder: self.output_folder,
            remotes: self.remote.selection(),
        };
        crom_ops::editable_add(&context.session()?, &request)?;
        Ok(())
    }
}

impl ListCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let editables = crom_ops::editable_list(&context.session()?)?;
        if format == Format::Json {
            return context.printer.json(&editables);
        }
        let mut text = String::new();
        for (reference, editable) in &editables {
            text.push_str(&format!("{reference}\n"));
            for (title, field) in [("Path", "path"), ("Output", "output_folder")] {
                if let Some(path) = editable.get(field).and_then(Value::as_str) {
                    text.push_str(&format!("    {title}: {path}\n"));
                }
            }
        }
        context.printer.text(&text)
    }
}
