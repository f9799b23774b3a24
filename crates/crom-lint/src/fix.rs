//! Repairs: the edits of findings, applied file by file.

use std::collections::BTreeMap;
use std::path::Path;

use crate::finding::{Edit, Finding};

/// What was repaired.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FixSummary {
    /// Findings whose edits were made.
    pub findings: usize,
    /// Files that were written.
    pub files: Vec<String>,
    /// Findings whose edits touch those of another; the next run repairs them.
    pub postponed: usize,
}

/// Applies the edits of findings to the files of an index. Each file is written once, as a whole.
pub fn apply_fixes(root: &Path, findings: &[Finding]) -> crom_fs::Result<FixSummary> {
    let mut by_file: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|it| it.is_fixable()) {
        by_file.entry(&finding.path).or_default().push(finding);
    }
    let mut summary = FixSummary::default();
    for (path, findings) in by_file {
        let file = root.join(path);
        let text = crom_fs::read_text(&file)?;
        let mut edits: Vec<&Edit> = Vec::new();
        for finding in findings {
            if finding.edits.iter().any(|it| !fits(it, &edits, &text)) {
                summary.postponed += 1;
                continue;
            }
            summary.findings += 1;
            edits.extend(&finding.edits);
        }
        if edits.is_empty() {
            continue;
        }
        crom_fs::write_atomic(&file, edited(&text, edits))?;
        summary.files.push(path.to_owned());
    }
    Ok(summary)
}

/// Whether an edit touches none of the others, and its range is one of the text.
fn fits(edit: &Edit, others: &[&Edit], text: &str) -> bool {
    let apart = |other: &&Edit| {
        edit.range != other.range
            && (edit.range.end <= other.range.start || other.range.end <= edit.range.start)
    };
    text.get(edit.range.clone()).is_some() && others.iter().all(apart)
}

fn edited(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|it| (it.range.start, it.range.end));
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        result.push_str(text.get(at..edit.range.start).unwrap_or_default());
        result.push_str(&edit.text);
        at = edit.range.end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}
