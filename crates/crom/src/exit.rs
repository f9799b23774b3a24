//! How a command ends: Conan's exit codes, and the one place that renders errors.

use std::io::Write;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind as ClapErrorKind};
use crom_center::CenterError;
use crom_model::hint::Hinted;
use crom_ops::ErrorKind;
use crom_store::{Home, Variables};

use crate::output::Paint;

/// Exit codes as Conan documents them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// All went well.
    Success = 0,
    /// The command failed.
    General = 1,
    /// The arguments are wrong. (Python's argparse ends with 2; Conan calls 2 a migration error.)
    Usage = 2,
    /// Ctrl-C.
    Interrupted = 3,
    /// SIGTERM.
    Terminated = 5,
    /// The configuration is not valid for the package.
    InvalidConfiguration = 6,
}

/// A command's outcome as an exit status; an error is printed.
pub fn finish(outcome: Result<ExitStatus, anyhow::Error>) -> ExitStatus {
    match outcome {
        Ok(status) => status,
        Err(error) => {
            let status = status_of(&error);
            if !error.is::<Silent>() {
                print(&render(&error, Paint::for_stderr()));
            }
            status
        }
    }
}

/// An error whose text is on the screen already, or may not be shown (`-vquiet`).
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Silent(pub anyhow::Error);

/// The text of an error: the message, its causes, and a remedy where one is known.
pub fn render(error: &anyhow::Error, paint: Paint) -> String {
    let mut text = paint.error(&format!("ERROR: {error}"));
    let mut said = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !said.contains(&cause) {
            text.push_str(&format!("\n  caused by: {cause}"));
            said.push_str(&cause);
        }
    }
    for hint in hints(error) {
        text.push_str(&format!("\n{} {hint}", paint.hint("hint:")));
    }
    text.push('\n');
    text
}

/// A wrong command line: usage on standard error and code 2; `--help` on standard output and 0.
pub fn usage(error: &clap::Error) -> ExitStatus {
    if let (ClapErrorKind::InvalidSubcommand, Some(ContextValue::String(name))) =
        (error.kind(), error.get(ContextKind::InvalidSubcommand))
        && std::env::args().nth(1).as_ref() == Some(name)
    {
        print(&unknown_command(name));
        return ExitStatus::General;
    }
    // Nobody can be told that the output is gone.
    let _ = error.print();
    match error.kind() {
        ClapErrorKind::DisplayHelp | ClapErrorKind::DisplayVersion => ExitStatus::Success,
        ClapErrorKind::InvalidSubcommand => ExitStatus::General,
        kind => {
            if kind == ClapErrorKind::MissingRequiredArgument {
                print(&missing_arguments(error));
            }
            if kind == ClapErrorKind::ArgumentConflict {
                print(&repeated_argument(error, std::env::args().skip(1)).unwrap_or_default());
            }
            print(&format!(
                "ERROR: Exiting with code: {}\n",
                ExitStatus::Usage as u8
            ));
            ExitStatus::Usage
        }
    }
}

/// A command that there isn't, or one that is a Python file of the home.
fn unknown_command(name: &str) -> String {
    let own = Home::discover(&Variables::from_process(), Path::new("."))
        .ok()
        .map(|home| home.extensions_folder().join("commands"))
        .map(|folder| match name.split_once(':') {
            Some((group, command)) => folder.join(group).join(format!("cmd_{command}.py")),
            None => folder.join(format!("cmd_{name}.py")),
        })
        .filter(|file| crom_fs::is_file(file));
    match own {
        // Those of the reference that are still to come.
        None if ["audit", "report", "workspace"].contains(&name) => {
            format!("ERROR: the command '{name}' is not supported by Crom yet\n")
        }
        Some(file) => format!(
            "ERROR: '{}' can't run: custom commands are not supported by Crom yet\n",
            file.display()
        ),
        None => format!(
            "'{name}' is not a Conan command. See 'conan --help'.\n\nERROR: Unknown command '{name}'\n"
        ),
    }
}

/// A wrong command line in the words that scripts may know.
fn missing_arguments(error: &clap::Error) -> String {
    let names = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(names)) => names.clone(),
        _ => Vec::new(),
    };
    let names: Vec<String> = names
        .iter()
        .map(|name| name.trim_matches(['<', '>', '[', ']']).to_lowercase())
        .collect();
    format!(
        "error: the following arguments are required: {}\n",
        names.join(", ")
    )
}

/// `conan remove: error: -r can only be specified once`, with the argument as it was written.
fn repeated_argument(
    error: &clap::Error,
    arguments: impl Iterator<Item = String>,
) -> Option<String> {
    let name = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.split_whitespace().next(),
        _ => None,
    };
    let long = name(ContextKind::InvalidArg)?;
    // Two different arguments may exclude each other, too.
    if name(ContextKind::PriorArg)? != long {
        return None;
    }
    let arguments: Vec<String> = arguments.collect();
    let initial = long.trim_start_matches('-').chars().next()?;
    let short = format!("-{initial}");
    let written = arguments.iter().rev().find(|argument| {
        let flag = argument.split('=').next().unwrap_or(argument);
        (flag.len() > 2 && long.starts_with(flag)) || argument.starts_with(&short)
    })?;
    let written = if written.starts_with("--") {
        long
    } else {
        &short
    };
    let words = arguments.iter().take_while(|word| !word.starts_with('-'));
    let command: Vec<&str> = words.map(String::as_str).take(depth(&arguments)).collect();
    Some(format!(
        "conan {}: error: {written} can only be specified once\n",
        command.join(" ")
    ))
}

/// How many words of a command line name the command.
fn depth(arguments: &[String]) -> usize {
    use clap::CommandFactory;
    let cli = crate::commands::Cli::command();
    let mut command = &cli;
    let mut depth = 0;
    while let Some(next) = arguments
        .get(depth)
        .and_then(|word| command.find_subcommand(word))
    {
        command = next;
        depth += 1;
    }
    depth
}

fn status_of(error: &anyhow::Error) -> ExitStatus {
    for cause in error.chain() {
        if let Some(Silent(inner)) = cause.downcast_ref::<Silent>() {
            return status_of(inner);
        }
        let center = cause.downcast_ref::<CenterError>().map(CenterError::kind);
        let ops = cause.downcast_ref::<crom_ops::OpsError>();
        if let Some(kind) = center.or(ops.map(crom_ops::OpsError::kind)) {
            return match kind {
                ErrorKind::General => ExitStatus::General,
                ErrorKind::InvalidConfiguration => ExitStatus::InvalidConfiguration,
                ErrorKind::Interrupted => ExitStatus::Interrupted,
            };
        }
    }
    ExitStatus::General
}

fn hints(error: &anyhow::Error) -> Vec<String> {
    let of_server = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<crom_server::Error>())
        .and_then(crom_server::Error::hint);
    if let Some(hint) = of_server {
        return vec![hint.to_owned()];
    }
    let of_lint = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<crom_lint::LintError>())
        .and_then(Hinted::hint);
    if let Some(hint) = of_lint {
        return vec![hint.to_string()];
    }
    let of_center = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<CenterError>());
    if let Some(error) = of_center {
        return error.hints();
    }
    error
        .chain()
        .find_map(|cause| cause.downcast_ref::<crom_ops::OpsError>())
        .map(crom_ops::OpsError::hints)
        .unwrap_or_default()
}

fn print(text: &str) {
    // Nobody can be told that standard error is gone.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
