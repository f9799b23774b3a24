//! `run`: a command in the environment of packages.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::install::{InstallRequest, install};
use crate::{OpsError, Session};

/// Whose environment a command runs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunContext {
    /// Of both contexts.
    #[default]
    Both,
    /// What the packages need at run time.
    Host,
    /// What tools need.
    Build,
}

/// Installs dependencies, as `request` says, and makes their environment; returns the command line
/// that runs `command` in it. `folder` takes the scripts.
///
/// # Errors
/// As for [`install`].
pub fn prepare_run(
    session: &Session,
    request: &InstallRequest,
    folder: &Path,
    command: &str,
    context: RunContext,
) -> Result<String, OpsError> {
    let request = InstallRequest {
        output_folder: Some(folder.to_path_buf()),
        env_scripts: true,
        ..request.clone()
    };
    install(session, &request)?;
    let names: &[&str] = match context {
        RunContext::Both => &["conanbuild", "conanrun"],
        RunContext::Host => &["conanrun"],
        RunContext::Build => &["conanbuild"],
    };
    let extension = if cfg!(windows) { "bat" } else { "sh" };
    let scripts: Vec<PathBuf> = names
        .iter()
        .map(|name| folder.join(format!("{name}.{extension}")))
        .filter(|script| crom_fs::is_file(script))
        .collect();
    let mut parts: Vec<String> = scripts
        .iter()
        .map(|script| {
            if cfg!(windows) {
                format!("\"{}\"", script.display())
            } else {
                format!(". \"{}\"", script.display())
            }
        })
        .collect();
    parts.push(command.to_owned());
    Ok(parts.join(" && "))
}

/// Runs a command line in the shell. What it prints is for people.
///
/// # Errors
/// The shell can't be started, or the command fails.
pub fn run_in_shell(session: &Session, line: &str) -> Result<(), OpsError> {
    let (shell, flag) = if cfg!(windows) {
        ("cmd", "/c")
    } else {
        ("/bin/sh", "-c")
    };
    let status = Command::new(shell)
        .arg(flag)
        .arg(line)
        .current_dir(session.cwd())
        .stdout(std::io::stderr())
        .status()
        .map_err(|error| OpsError::message(format!("cannot start '{shell}': {error}")))?;
    if status.success() {
        return Ok(());
    }
    let code = status
        .code()
        .map_or("signal".to_owned(), |code| code.to_string());
    Err(OpsError::message(format!("Error {code} while executing")))
}
