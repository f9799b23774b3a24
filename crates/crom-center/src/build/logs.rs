//! One log per task: `.crom-center/logs/zlib/1.3.1/<package id>/build.log`; it goes with the package, too.

use std::path::{Path, PathBuf};

use crom_ops::GraphBatch;

use super::tasks::{Task, TaskKind};
use crate::plan::{Plan, PlannedPackage, package_reference};
use crate::{CenterError, Fork};

/// Where the log of a task is.
pub fn log_file(fork: &Fork, package: &PlannedPackage, kind: TaskKind) -> PathBuf {
    fork.state()
        .join("logs")
        .join(&package.reference)
        .join(&package.package_id)
        .join(format!("{}.log", kind.as_str()))
}

/// Puts the log among the metadata of the package, and what was planned beside it.
pub(super) fn keep(
    batch: &GraphBatch<'_>,
    plan: &Plan,
    task: &Task,
    log: &Path,
) -> Result<(), CenterError> {
    let Some(metadata) = batch.metadata(&package_reference(&task.package)?)? else {
        return Err(CenterError::message(format!(
            "{} is not in the cache after it was built",
            task.package
        )));
    };
    let folder = metadata.join("logs");
    crom_fs::create_dir_all(&folder)?;
    crom_fs::copy_file(log, folder.join(format!("{}.log", task.kind.as_str())))?;
    if task.kind == TaskKind::Build {
        crate::release::metadata::write(batch, plan, &task.package)?;
    }
    Ok(())
}
