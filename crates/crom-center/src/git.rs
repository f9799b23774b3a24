//! What git knows of the fork.

use std::path::Path;

use crom_model::reporter::Silent;
use crom_tools::process::{RunInput, run};
use serde::{Deserialize, Serialize};

use crate::CenterError;

/// The state of a checkout.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The commit; none where git doesn't know the folder.
    pub commit: Option<String>,
    /// Files of the fork differ from that.
    pub dirty: bool,
}

/// Asks git. A folder without git is fine.
///
/// # Errors
/// The folder can't be read.
pub fn checkout(root: &Path) -> Result<Checkout, CenterError> {
    let Some(commit) = git(root, "rev-parse HEAD") else {
        return Ok(Checkout::default());
    };
    // What Crom itself keeps there is no change of the fork.
    let changes = git(root, "status --porcelain -- . :!.crom-center").unwrap_or_default();
    Ok(Checkout {
        commit: Some(commit),
        dirty: !changes.is_empty(),
    })
}

/// Who would be the author of a commit here: `Name <mail>`.
pub fn author(root: &Path) -> Option<String> {
    let name = git(root, "config user.name")?;
    let mail = git(root, "config user.email").unwrap_or_default();
    Some(format!("{name} <{mail}>"))
}

/// What a git command prints; none if it fails.
pub(crate) fn git(root: &Path, arguments: &str) -> Option<String> {
    let input = RunInput {
        command: format!("git {arguments}"),
        cwd: Some(root.to_path_buf()),
        capture_stdout: true,
        capture_stderr: true,
        quiet: true,
        no_shell: true,
        ..RunInput::default()
    };
    let result = run(&input, &Silent).ok()?;
    Some(result.stdout.trim().to_owned())
}
