//! Promotion: exact revisions, copied as metadata in one transaction.

use crom_model::reference::RecipeReference;
use crom_protocol::promotion::{PromotedRecipe, PromotionReport, PromotionRequest};

use crate::access::Principal;
use crate::clock;
use crate::coordinates::{Key, Recipe};
use crate::database::{Action, AuditEntry, Kind, Repository, Write};
use crate::error::{Error, Result};
use crate::server::Server;

/// A revision to copy.
struct Step {
    key: Key,
    source: i64,
    /// Its age in the source, which orders the copies.
    created: i64,
}

impl Server {
    /// Copies revisions into `target`: all of them, or none. What is there already gets the files
    /// (metadata) that it lacks. A dry run is the same, taken back at the end.
    ///
    /// # Errors
    /// Something isn't in the source, or a permission is missing: reading there, promoting here.
    pub(crate) async fn promote(
        &self,
        target: &Repository,
        principal: &Principal,
        address: &str,
        request: &PromotionRequest,
    ) -> Result<PromotionReport> {
        let source = self.repository(&request.from).await?;
        for repository in [&*source, target] {
            if repository.kind != Kind::Hosted {
                return Err(Error::Invalid(format!(
                    "repository `{}` is no hosted one: download and upload instead",
                    repository.name
                )));
            }
        }
        if source.id == target.id {
            return Err(Error::Invalid(format!(
                "`{}` can't be promoted to itself",
                target.name
            )));
        }
        let mut keys = Vec::new();
        for recipe in &request.recipes {
            let wanted = keys_of(recipe)?;
            if let Some(key) = wanted.first() {
                principal.require(&source, Action::Read, Some(&key.recipe))?;
                principal.require(target, Action::Promote, Some(&key.recipe))?;
            }
            for key in wanted {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        let mut write = self.database.begin().await?;
        let mut steps = Vec::with_capacity(keys.len());
        for key in keys {
            let Some((row, created)) = write.visible(source.id, &key).await? else {
                return Err(key.not_found());
            };
            steps.push(Step {
                key,
                source: row,
                created,
            });
        }
        // The newest of several revisions stays the newest.
        steps.sort_by_key(|step| step.created);
        let mut report = PromotionReport::default();
        let now = clock::now();
        for (order, step) in (0_i64..).zip(&steps) {
            copy(
                &mut write,
                target,
                principal,
                step,
                now + order,
                &mut report,
            )
            .await?;
        }
        if request.dry_run {
            return Ok(report);
        }
        for subject in &report.promoted {
            write
                .record(&AuditEntry {
                    actor: principal.actor().to_owned(),
                    address: address.to_owned(),
                    action: "promote".to_owned(),
                    repository: target.name.clone(),
                    subject: subject.clone(),
                    detail: format!("from {}", source.name),
                    time: 0,
                })
                .await?;
        }
        write.commit_durably().await?;
        self.answers.forget();
        self.metrics.promoted(report.promoted.len() as u64);
        Ok(report)
    }
}

async fn copy(
    write: &mut Write,
    target: &Repository,
    principal: &Principal,
    step: &Step,
    created: i64,
    report: &mut PromotionReport,
) -> Result<()> {
    let opened = write
        .open_revision(target.id, &step.key, principal.actor())
        .await?;
    if opened.complete {
        write.copy_files(step.source, opened.id).await?;
        report.present.push(step.key.to_string());
        return Ok(());
    }
    // Files of an upload that was never finished give way.
    write.clear_files(opened.id).await?;
    write.copy_revision(step.source, opened.id).await?;
    write.complete(opened.id, created).await?;
    report.promoted.push(step.key.to_string());
    Ok(())
}

/// The recipe revision first, then its packages.
fn keys_of(promoted: &PromotedRecipe) -> Result<Vec<Key>> {
    let reference = RecipeReference::loads(&promoted.reference)
        .map_err(|error| Error::Invalid(error.to_string()))?;
    let rrev = reference.revision.clone().ok_or_else(|| {
        Error::Invalid(format!(
            "`{}` has no recipe revision",
            promoted.reference.escape_debug()
        ))
    })?;
    let recipe = Recipe::parse(&reference.without_revision().to_string())?;
    let mut keys = vec![Key::of_recipe(recipe.clone(), &rrev)?];
    for package in &promoted.packages {
        keys.push(Key::of_binary(
            recipe.clone(),
            &rrev,
            &package.package_id,
            &package.revision,
        )?);
    }
    Ok(keys)
}
