//! The report for a terminal.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

use super::diff::{FileChange, FileState, LineKind};
use super::report::{RecipeChange, SyncReport};

impl Display for SyncReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let short = |commit: &str| commit.get(..12).unwrap_or(commit).to_owned();
        if self.commits == 0 {
            return writeln!(f, "Upstream ({}) has nothing new", short(&self.upstream));
        }
        writeln!(
            f,
            "Upstream ({}) is {} commits ahead",
            short(&self.upstream),
            self.commits
        )?;
        for recipe in &self.recipes {
            writeln!(f)?;
            self.recipe(f, recipe)?;
        }
        self.versions_and_binaries(f)?;
        self.audit(f)?;
        self.conflicts(f)?;
        writeln!(f)?;
        if !self.without_effect.is_empty() {
            let names = self.without_effect.join(", ");
            writeln!(f, "Changed for versions only that aren't used: {names}")?;
        }
        writeln!(
            f,
            "Changed recipes that aren't used: {}",
            self.other_recipes
        )?;
        if let Some(commit) = &self.applied {
            writeln!(f, "Merged as {}", short(commit))?;
        } else if !self.has_effect() {
            writeln!(f, "A merge changes nothing that is used")?;
        }
        Ok(())
    }
}

impl SyncReport {
    fn recipe(&self, f: &mut Formatter<'_>, recipe: &RecipeChange) -> fmt::Result {
        writeln!(f, "==== {} ====", recipe.name)?;
        for it in &recipe.revisions {
            let name = &recipe.name;
            match (&it.was, &it.becomes) {
                (Some(was), Some(becomes)) => {
                    writeln!(f, "{name}/{}: {was} -> {becomes}", it.version)?;
                }
                (None, Some(becomes)) => writeln!(f, "{name}/{}: new, {becomes}", it.version)?,
                (Some(_), None) => writeln!(f, "{name}/{}: not used any more", it.version)?,
                (None, None) => {}
            }
        }
        for commit in &recipe.commits {
            writeln!(f, "  {} {} ({})", commit.id, commit.subject, commit.author)?;
        }
        if !recipe.customised.is_empty() {
            writeln!(f, "  changed by the fork: {}", recipe.customised.join(", "))?;
        }
        recipe.files.iter().try_for_each(|it| file(f, it))
    }

    fn versions_and_binaries(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.new_versions.is_empty() {
            writeln!(f, "\nNew versions:")?;
            for it in &self.new_versions {
                writeln!(f, "  {}: {}", it.name, it.new.join(", "))?;
            }
        }
        writeln!(
            f,
            "\nTo build: {} packages; {} stay as they are",
            self.rebuilt.len(),
            self.kept
        )?;
        for it in &self.rebuilt {
            let profiles = joined(&it.profiles);
            writeln!(
                f,
                "  {}:{} [{profiles}] {}",
                it.reference, it.package_id, it.why
            )?;
        }
        if !self.failures.is_empty() {
            writeln!(f, "\nCan't be resolved any more:")?;
            self.failures
                .iter()
                .try_for_each(|it| writeln!(f, "  {it}"))?;
        }
        Ok(())
    }

    fn audit(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.new_licences.is_empty() && self.new_hosts.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nFor the auditor:")?;
        for it in &self.new_licences {
            let new = if it.new_to_fork {
                ", which nothing had before"
            } else {
                ""
            };
            let was = match it.was.as_slice() {
                [] => String::new(),
                was => format!(" (was {})", was.join(", ")),
            };
            writeln!(
                f,
                "  new licence: {} is {}{was}{new}",
                it.recipe, it.licence
            )?;
        }
        for it in &self.new_hosts {
            writeln!(
                f,
                "  new source host: {} ({})",
                it.host,
                joined(&it.references)
            )?;
        }
        Ok(())
    }

    fn conflicts(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for conflict in &self.conflicts {
            let recipe = conflict.recipe.as_deref().unwrap_or("files beside recipes");
            let used = if conflict.used { "" } else { " (not used)" };
            writeln!(f, "\nConflict with the fork's own changes: {recipe}{used}")?;
            for (path, parts) in &conflict.files {
                writeln!(f, "  {path}")?;
                if parts.is_empty() {
                    writeln!(f, "    removed on one side, changed on the other")?;
                }
                for line in parts.iter().flat_map(|it| it.lines()) {
                    writeln!(f, "    {line}")?;
                }
            }
        }
        Ok(())
    }
}

fn joined(words: &BTreeSet<String>) -> String {
    words.iter().cloned().collect::<Vec<_>>().join(", ")
}

fn file(f: &mut Formatter<'_>, change: &FileChange) -> fmt::Result {
    let (old, new) = match change.state {
        FileState::Added => ("/dev/null", change.path.as_str()),
        FileState::Removed => (change.path.as_str(), "/dev/null"),
        FileState::Changed => (change.path.as_str(), change.path.as_str()),
    };
    let trimmed = if change.trimmed {
        "  (entries of versions in use)"
    } else {
        ""
    };
    writeln!(f, "--- {old}\n+++ {new}{trimmed}")?;
    if change.hunks.is_empty() {
        return writeln!(f, "not text");
    }
    for hunk in &change.hunks {
        let start = |number: fn(&super::diff::DiffLine) -> Option<usize>| {
            hunk.iter().find_map(number).unwrap_or(0)
        };
        let count = |kind| hunk.iter().filter(|it| it.kind != kind).count();
        writeln!(
            f,
            "@@ -{},{} +{},{} @@",
            start(|it| it.old),
            count(LineKind::Added),
            start(|it| it.new),
            count(LineKind::Removed)
        )?;
        for line in hunk {
            let sign = match line.kind {
                LineKind::Same => ' ',
                LineKind::Removed => '-',
                LineKind::Added => '+',
            };
            writeln!(f, "{sign}{}", line.text)?;
        }
    }
    Ok(())
}
