//! `.crom-center/`: what Crom keeps in the fork. Only records of promotions belong into git.

use crom_fs::{FileLock, LockMode};
use crom_ops::Session;

use crate::plan::Plan;
use crate::{CenterError, Fork};

const IGNORE: &str = "# Only the records of promotions are kept.\n/*\n!/.gitignore\n!/records/\n";

/// Makes the folder.
///
/// # Errors
/// It can't be written.
pub(crate) fn prepare(fork: &Fork) -> Result<(), CenterError> {
    let ignore = fork.state().join(".gitignore");
    if !crom_fs::is_file(&ignore) {
        crom_fs::write_atomic(&ignore, IGNORE)?;
    }
    Ok(())
}

/// One build at a time works in a fork.
///
/// # Errors
/// The lock file can't be made.
pub(crate) fn lock(session: &Session, fork: &Fork) -> Result<FileLock, CenterError> {
    let path = fork.state().join("lock");
    Ok(FileLock::acquire_telling(
        path,
        LockMode::Exclusive,
        || {
            session
                .reporter()
                .status("", "Waiting for another build of this fork");
        },
    )?)
}

/// Keeps the last plan: it goes with what is uploaded.
///
/// # Errors
/// It can't be written.
pub fn save_plan(fork: &Fork, plan: &Plan) -> Result<(), CenterError> {
    prepare(fork)?;
    let text = serde_json::to_string_pretty(plan)
        .map_err(|error| CenterError::message(format!("the plan is no JSON: {error}")))?;
    Ok(crom_fs::write_atomic(fork.state().join("plan.json"), text)?)
}

/// The last plan, if there is one that can be read.
pub fn load_plan(fork: &Fork) -> Option<Plan> {
    let text = crom_fs::read_text(fork.state().join("plan.json")).ok()?;
    serde_json::from_str(&text).ok()
}
