//! What was found out about sources.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

/// The sources of a closure.
#[derive(Clone, Debug, Serialize)]
pub struct SourcesReport {
    /// The folder with `s/`.
    pub store: PathBuf,
    /// Where copies went, as the list says it.
    pub mirror: Option<String>,
    /// All files, in the order of the closure.
    pub files: Vec<SourceFile>,
    /// Addresses that don't answer.
    pub dead: Vec<DeadUrl>,
    /// Whether patches fit, if that was asked for.
    pub patches: Vec<PatchCheck>,
    /// Sums of files in the store that the closure doesn't need.
    pub unused: Vec<String>,
}

/// A file that versions need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceFile {
    /// Archive or patch.
    pub kind: SourceKind,
    /// Its sum; none for an archive without, or a patch that isn't there.
    pub sha256: Option<String>,
    /// Bytes, if it is in the store.
    pub size: Option<u64>,
    /// Addresses of an archive.
    pub urls: Vec<String>,
    /// A patch's path in the fork.
    pub path: Option<String>,
    /// `name/version` of those that need it.
    pub references: BTreeSet<String>,
    /// What became of it.
    #[serde(flatten)]
    pub state: SourceState,
}

/// Archive or patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Something that is downloaded.
    Archive,
    /// A file of the recipe.
    Patch,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "problem", rename_all = "lowercase")]
pub enum SourceState {
    /// It was there, and is what its sum says.
    Present,
    /// It is there now.
    Added,
    /// It was there but damaged, and was fetched anew.
    Repaired,
    /// The recipe gives no sha256: it can't be kept.
    Unchecked,
    /// It can't be had.
    Failed(String),
}

impl SourceState {
    /// Whether it is in the store.
    pub fn is_kept(&self) -> bool {
        matches!(self, Self::Present | Self::Added | Self::Repaired)
    }
}

/// An address that doesn't answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadUrl {
    /// The address.
    pub url: String,
    /// What was answered.
    pub problem: String,
    /// Whether the store has the file.
    pub kept: bool,
    /// Those that name it.
    pub references: BTreeSet<String>,
}

/// Whether the patches of a version fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PatchCheck {
    /// `name/version`
    pub reference: String,
    /// What was found.
    #[serde(flatten)]
    pub verdict: PatchVerdict,
}

/// Whether patches fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "reason", rename_all = "lowercase")]
pub enum PatchVerdict {
    /// All of them, in their order.
    Applies,
    /// One doesn't.
    Fails(String),
    /// It can't be seen without running the recipe.
    Unknown(String),
}

impl SourcesReport {
    /// Whether a build needs nothing but the store, and no patch is known not to fit.
    pub fn is_complete(&self) -> bool {
        let fails = |it: &PatchCheck| matches!(it.verdict, PatchVerdict::Fails(_));
        self.files.iter().all(|it| it.state.is_kept()) && !self.patches.iter().any(fails)
    }

    fn patches(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fitting = 0;
        for check in &self.patches {
            match &check.verdict {
                PatchVerdict::Applies => fitting += 1,
                PatchVerdict::Fails(reason) => {
                    writeln!(f, "patches don't apply: {}: {reason}", check.reference)?;
                }
                PatchVerdict::Unknown(reason) => {
                    writeln!(f, "patches not tried: {}: {reason}", check.reference)?;
                }
            }
        }
        match self.patches.len() {
            0 => Ok(()),
            all => writeln!(f, "Patches of {fitting} of {all} versions apply"),
        }
    }

    fn count(&self, wanted: impl Fn(&SourceState) -> bool) -> usize {
        self.files.iter().filter(|it| wanted(&it.state)).count()
    }
}

impl fmt::Display for SourcesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |it: &BTreeSet<String>| it.iter().cloned().collect::<Vec<_>>().join(", ");
        for file in &self.files {
            let what = file
                .path
                .as_deref()
                .or(file.urls.first().map(String::as_str));
            let what = what.unwrap_or_default();
            match &file.state {
                SourceState::Failed(problem) => {
                    writeln!(f, "failed: {what} ({}): {problem}", join(&file.references))?;
                }
                SourceState::Unchecked => {
                    writeln!(f, "no sha256: {what} ({})", join(&file.references))?;
                }
                SourceState::Repaired => writeln!(f, "was damaged, fetched anew: {what}")?,
                SourceState::Added => writeln!(f, "added: {what}")?,
                SourceState::Present => {}
            }
        }
        for dead in &self.dead {
            let kept = if dead.kept {
                "kept in the store"
            } else {
                "not kept"
            };
            let references = join(&dead.references);
            writeln!(
                f,
                "no answer: {} ({references}; {kept}): {}",
                dead.url, dead.problem
            )?;
        }
        self.patches(f)?;
        let bytes: u64 = self.files.iter().filter_map(|it| it.size).sum();
        writeln!(
            f,
            "{} files: {} were there, {} added, {} repaired, {} failed, {} without sha256; {:.1} MB in {}",
            self.files.len(),
            self.count(|it| *it == SourceState::Present),
            self.count(|it| *it == SourceState::Added),
            self.count(|it| *it == SourceState::Repaired),
            self.count(|it| matches!(it, SourceState::Failed(_))),
            self.count(|it| *it == SourceState::Unchecked),
            megabytes(bytes),
            self.store.display(),
        )?;
        if let Some(mirror) = &self.mirror {
            writeln!(f, "Copies are at {mirror}")?;
        }
        if !self.unused.is_empty() {
            writeln!(
                f,
                "{} files of the store aren't needed any more",
                self.unused.len()
            )?;
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
