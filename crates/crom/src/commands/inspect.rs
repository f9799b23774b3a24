//! `inspect`.

use clap::Args;
use crom_ops::InspectRequest;
use serde_json::Value;

use super::context::CommandContext;
use crate::args::{Format, LockfileArgs, OutputArgs, RemoteArgs};
use crate::exit::ExitStatus;
use crate::output::python_text;

#[derive(Args, Debug)]
pub struct InspectCommand {
    /// Folder of a conanfile.py, or the file
    #[arg(default_value = ".")]
    path: String,
    #[command(flatten)]
    remote: RemoteArgs,
    #[command(flatten)]
    lockfile: LockfileArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl InspectCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let request = InspectRequest {
            path: self.path,
            remotes: self.remote.selection(),
            lockfile: self.lockfile.selection(),
        };
        let attributes = crom_ops::inspect(&context.session()?, &request)?;
        match format {
            Format::Json => context.printer.json(&attributes)?,
            _ => context.printer.text(&as_text(&attributes))?,
        }
        Ok(ExitStatus::Success)
    }
}

/// One `name: value` line each, sorted; a map below its name, indented.
fn as_text(attributes: &serde_json::Map<String, Value>) -> String {
    let mut text = String::new();
    let mut attributes: Vec<_> = attributes.iter().collect();
    attributes.sort_by_key(|(name, _)| *name);
    for (name, value) in attributes {
        match value {
            Value::Null => {}
            Value::Object(map) => {
                text.push_str(&format!("{name}:\n"));
                for (key, value) in map {
                    text.push_str(&format!("    {key}: {}\n", python_text::text(value)));
                }
            }
            value => text.push_str(&format!("{name}: {}\n", python_text::text(value))),
        }
    }
    text
}
