//! Makes the merge.

use super::SyncReport;
use super::repository::Repository;
use crate::{CenterError, Fork};

/// Merges the commit of a report into the fork's branch. A merge that conflicts isn't begun.
///
/// # Errors
/// Conflicts, files with changes that aren't committed, or git fails.
pub fn apply(fork: &Fork, report: &mut SyncReport) -> Result<(), CenterError> {
    let repository = Repository::open(&fork.root)?;
    if report.commits == 0 {
        return Ok(());
    }
    if !report.conflicts.is_empty() {
        let recipes: Vec<&str> = report
            .conflicts
            .iter()
            .map(|it| it.recipe.as_deref().unwrap_or("files beside recipes"))
            .collect();
        let upstream = &fork.list.upstream;
        return Err(CenterError::message(format!(
            "nothing was merged: the fork's own changes conflict with upstream's in {}",
            recipes.join(", ")
        ))
        .with_hint(format!(
            "'git merge {}/{}' begins the merge; resolve it, commit, and run 'crom center plan'",
            upstream.remote, upstream.branch
        )));
    }
    if repository.is_dirty()? {
        return Err(CenterError::message(
            "nothing was merged: files of the fork have changes that aren't committed",
        )
        .with_hint("commit or stash them first"));
    }
    let upstream = &fork.list.upstream;
    let message = format!("Merge {}/{}", upstream.remote, upstream.branch);
    repository.merge(&report.upstream, &message)?;
    report.applied = Some(repository.commit("HEAD")?);
    Ok(())
}
