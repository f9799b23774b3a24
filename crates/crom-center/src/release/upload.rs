//! What is complete goes to the test repository.

use std::collections::BTreeMap;
use std::fmt;

use crom_ops::{GraphBatch, Session};
use serde::Serialize;

use super::complete::Completeness;
use super::transfer::{Revisions, download, upload as send};
use super::{metadata, remote};
use crate::plan::{Plan, remote_selection};
use crate::{CenterError, Fork};

/// What was sent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UploadReport {
    /// The test repository.
    pub remote: String,
    /// Recipes that it has now: `name/version#rrev`.
    pub recipes: Vec<String>,
    /// Packages that it didn't have: `name/version#rrev:package_id#prev`.
    pub packages: Vec<String>,
    /// How many it had already.
    pub present: usize,
    /// Packages that aren't complete, with the reason.
    pub left_out: BTreeMap<String, String>,
}

/// Sends recipes and packages of the plan that are built and tested, with logs, plan and SBOM.
///
/// # Errors
/// The test repository isn't known to the home, or refuses.
pub fn upload(session: &Session, fork: &Fork, plan: &Plan) -> Result<UploadReport, CenterError> {
    let names = &fork.list.remotes;
    remote(session, &names.test)?;
    let batch = GraphBatch::new(session, &remote_selection(fork, &plan.remotes))?;
    let completeness = Completeness::of(plan);
    let mut report = UploadReport {
        remote: names.test.clone(),
        left_out: completeness.left_out.clone(),
        ..UploadReport::default()
    };
    let (mut own, mut released) = (Revisions::default(), Revisions::default());
    for key in &completeness.complete {
        let package = &plan.packages[key];
        if package.in_test.is_some() {
            report.present += 1;
        } else if let Some(revision) = &package.cached {
            metadata::write(&batch, plan, key)?;
            own.packages.push(format!("{key}#{revision}"));
        } else if let Some(revision) = &package.in_production {
            released.packages.push(format!("{key}#{revision}"));
        }
    }
    for text in completeness.recipes(plan) {
        let reference = crom_model::reference::RecipeReference::loads(&text)
            .map_err(|error| CenterError::message(error.to_string()))?;
        if batch.is_pinned(&reference)? {
            batch.export(&reference)?;
            own.recipes.push(text);
        } else if plan.remotes.contains(&names.production) {
            released.recipes.push(text);
        }
    }
    batch.finish()?;
    if plan.remotes.contains(&names.production) && !released.is_empty() {
        let recipes = Revisions {
            recipes: released.recipes.clone(),
            packages: Vec::new(),
        };
        // A recipe of another origin may be in `test` only.
        match download(session, fork, &recipes, &names.production) {
            Ok(()) => send(session, fork, &recipes, &names.test)?,
            Err(_) => download(session, fork, &recipes, &names.test)?,
        }
        released.recipes.clear();
        download(session, fork, &released, &names.production)?;
        send(session, fork, &released, &names.test)?;
    }
    send(session, fork, &own, &names.test)?;
    report.recipes = own.recipes;
    report.packages = [own.packages, released.packages].concat();
    Ok(report)
}

impl fmt::Display for UploadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (package, reason) in &self.left_out {
            writeln!(f, "left out {package}: {reason}")?;
        }
        for package in &self.packages {
            writeln!(f, "uploaded {package}")?;
        }
        write!(
            f,
            "Uploaded {} packages to {}, {} were there, {} left out",
            self.packages.len(),
            self.remote,
            self.present,
            self.left_out.len()
        )
    }
}
