//! Retention: which revisions a hosted repository keeps. A recipe revision goes with its binaries; a
//! binary counts for its recipe: a recipe revision is as recently downloaded as its most recent
//! binary.

use std::collections::BTreeMap;

use crom_model::conf::fnmatch;
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::coordinates::{Key, Line, Recipe};
use crate::database::{AuditEntry, Kind, Repository, RetentionRules, RevisionFilter, RevisionRow};
use crate::error::Result;
use crate::server::Server;

/// What the rules removed, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionReport {
    /// Nothing was removed.
    pub dry_run: bool,
    /// Repository to revisions with the rule that they fall under.
    pub removed: BTreeMap<String, Vec<String>>,
}

impl Server {
    /// Applies the rules of one repository, or of all. `rules`: these instead of the repository's.
    ///
    /// # Errors
    /// Database failed. Each revision is removed with all that belongs to it, or not at all.
    pub async fn apply_retention(
        &self,
        name: Option<&str>,
        rules: Option<&RetentionRules>,
        dry_run: bool,
    ) -> Result<RetentionReport> {
        self.write_downloads().await?;
        let mut report = RetentionReport {
            dry_run,
            ..RetentionReport::default()
        };
        for repository in self.database.repositories().await? {
            if repository.kind != Kind::Hosted || name.is_some_and(|name| name != repository.name) {
                continue;
            }
            let rules = rules.unwrap_or(&repository.retention);
            let filter = RevisionFilter::default();
            let rows = self.database.revision_rows(repository.id, &filter).await?;
            let mut removed = Vec::new();
            for (row, why) in expired(&rows, rules, clock::now()) {
                if !dry_run {
                    self.expire(&repository, row, why).await?;
                }
                removed.push(format!("{}: {why}", key_of(row)?));
            }
            if !removed.is_empty() {
                report.removed.insert(repository.name.clone(), removed);
            }
        }
        Ok(report)
    }

    async fn expire(&self, repository: &Repository, row: &RevisionRow, why: &str) -> Result<()> {
        let key = key_of(row)?;
        let mut write = self.database.begin().await?;
        if key.binary.is_none() {
            write.remove_recipe_revision(repository.id, &key).await?;
        } else {
            write.remove_package_revision(repository.id, &key).await?;
        }
        write
            .record(&AuditEntry {
                actor: "(retention)".to_owned(),
                action: "delete".to_owned(),
                repository: repository.name.clone(),
                subject: key.to_string(),
                detail: why.to_owned(),
                ..AuditEntry::default()
            })
            .await?;
        write.commit_durably().await?;
        self.answers.forget();
        Ok(())
    }
}

fn key_of(row: &RevisionRow) -> Result<Key> {
    let recipe = Recipe::parse(&row.reference)?;
    if row.package_id.is_empty() {
        return Key::of_recipe(recipe, &row.rrev);
    }
    Ok(Line::of_binary(recipe, &row.rrev, &row.package_id)?.at(&row.prev))
}

/// The rows that the rules remove, with the reason. Binaries of recipe revisions that go aren't named.
fn expired<'a>(
    rows: &'a [RevisionRow],
    rules: &RetentionRules,
    now: i64,
) -> Vec<(&'a RevisionRow, &'static str)> {
    // Downloads of binaries keep their recipe revision.
    let mut used: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for row in rows {
        let last = used.entry((&row.reference, &row.rrev)).or_insert(0);
        *last = (*last).max(row.downloaded.unwrap_or(row.created));
    }
    let mut position: BTreeMap<(&str, &str, &str), u32> = BTreeMap::new();
    let mut removed_recipes = Vec::new();
    let mut found = Vec::new();
    // Recipes come first within a reference, as their package id is empty.
    for row in rows {
        let is_recipe = row.package_id.is_empty();
        let line = if is_recipe {
            (row.reference.as_str(), "", "")
        } else {
            (
                row.reference.as_str(),
                row.rrev.as_str(),
                row.package_id.as_str(),
            )
        };
        let rank = position.entry(line).or_insert(0);
        *rank += 1;
        let last_used = if is_recipe {
            used[&(row.reference.as_str(), row.rrev.as_str())]
        } else {
            row.downloaded.unwrap_or(row.created)
        };
        let Some(why) = reason(row, rules, *rank, last_used, now) else {
            continue;
        };
        if is_recipe {
            removed_recipes.push((row.reference.as_str(), row.rrev.as_str()));
        } else if removed_recipes.contains(&(row.reference.as_str(), row.rrev.as_str())) {
            continue;
        }
        found.push((row, why));
    }
    found
}

fn reason(
    row: &RevisionRow,
    rules: &RetentionRules,
    rank: u32,
    last_used: i64,
    now: i64,
) -> Option<&'static str> {
    let covered = rules
        .pattern
        .as_ref()
        .is_none_or(|pattern| fnmatch(pattern, &row.reference));
    if !covered {
        return None;
    }
    let older = |time: i64, days: u32| now - time > i64::from(days) * clock::DAY;
    if rules.keep_revisions.is_some_and(|keep| rank > keep) {
        Some("more than the revisions to keep")
    } else if rules
        .max_age_days
        .is_some_and(|days| older(row.created, days))
    {
        Some("older than the age to keep")
    } else if rules.unused_days.is_some_and(|days| older(last_used, days)) {
        Some("not downloaded for too long")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    const NOW: i64 = 100 * clock::DAY;

    fn row(rrev: &str, package: &str, created: i64, downloaded: Option<i64>) -> RevisionRow {
        let (package_id, prev) = package.split_once('#').unwrap_or_default();
        RevisionRow {
            id: 0,
            reference: "wa/1.0".to_owned(),
            rrev: rrev.to_owned(),
            package_id: package_id.to_owned(),
            prev: prev.to_owned(),
            created: created * clock::DAY,
            uploader: String::new(),
            info: None,
            downloads: 0,
            downloaded: downloaded.map(|day| day * clock::DAY),
        }
    }

    /// Recipe revision `new` with packages, `old` with a package.
    fn rows() -> Vec<RevisionRow> {
        vec![
            row("new", "", 90, None),
            row("old", "", 50, None),
            row("new", "p#2", 95, None),
            row("new", "p#1", 91, None),
            row("old", "p#0", 51, Some(99)),
        ]
    }

    fn removed(rules: &RetentionRules) -> Vec<String> {
        expired(&rows(), rules, NOW)
            .iter()
            .map(|(row, _)| format!("{}:{}", row.rrev, row.prev))
            .collect()
    }

    #[test]
    fn the_newest_are_kept() {
        let rules = RetentionRules {
            keep_revisions: Some(1),
            ..RetentionRules::default()
        };
        assert_eq!(removed(&rules), ["old:", "new:1"]);
        assert_eq!(removed(&RetentionRules::default()), Vec::<String>::new());
        let rules = RetentionRules {
            pattern: Some("zlib/*".to_owned()),
            ..rules
        };
        assert_eq!(removed(&rules), Vec::<String>::new());
    }

    #[test]
    fn a_recipe_is_used_when_its_binaries_are() {
        let rules = RetentionRules {
            unused_days: Some(7),
            ..RetentionRules::default()
        };
        assert_eq!(removed(&rules), ["new:1"]);
        let rules = RetentionRules {
            max_age_days: Some(20),
            ..RetentionRules::default()
        };
        assert_eq!(removed(&rules), ["old:"]);
    }
}
