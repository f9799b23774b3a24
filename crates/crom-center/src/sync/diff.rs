//! Changes of files, line by line.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::files::Files;

/// A file that isn't the same after the merge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// Relative to the root of the index.
    pub path: String,
    /// What becomes of it.
    pub state: FileState,
    /// Whether only the entries of versions in use are shown.
    pub trimmed: bool,
    /// Blocks of lines around changes; none for files that aren't text.
    pub hunks: Vec<Vec<DiffLine>>,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileState {
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It has another content.
    Changed,
}

/// A line of a file on either side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiffLine {
    /// What happens to it.
    pub kind: LineKind,
    /// Its number before, from 1.
    pub old: Option<usize>,
    /// Its number after, from 1.
    pub new: Option<usize>,
    /// Without line end.
    pub text: String,
}

/// What happens to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// It stays.
    Same,
    /// It goes.
    Removed,
    /// It comes.
    Added,
}

/// Lines of context around changes.
const CONTEXT: usize = 3;

/// The files that differ, by path.
pub(super) fn changes(before: &Files, after: &Files) -> Vec<FileChange> {
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort();
    paths.dedup();
    let changed = paths
        .into_iter()
        .filter(|it| before.get(*it) != after.get(*it));
    changed
        .map(|path| {
            let (old, new) = (before.get(path), after.get(path));
            FileChange {
                path: path.clone(),
                state: match (old, new) {
                    (None, _) => FileState::Added,
                    (_, None) => FileState::Removed,
                    _ => FileState::Changed,
                },
                trimmed: path.ends_with("/config.yml") || path.ends_with("/conandata.yml"),
                hunks: match (text(old), text(new)) {
                    (Some(old), Some(new)) => hunks(old, new),
                    _ => Vec::new(),
                },
            }
        })
        .collect()
}

fn text(content: Option<&Vec<u8>>) -> Option<&str> {
    match content {
        None => Some(""),
        Some(bytes) => std::str::from_utf8(bytes).ok(),
    }
}

fn hunks(old: &str, new: &str) -> Vec<Vec<DiffLine>> {
    let diff = TextDiff::from_lines(old, new);
    let groups = diff.grouped_ops(CONTEXT);
    groups
        .iter()
        .map(|group| {
            let changes = group.iter().flat_map(|op| diff.iter_changes(op));
            changes
                .map(|change| DiffLine {
                    kind: match change.tag() {
                        ChangeTag::Equal => LineKind::Same,
                        ChangeTag::Delete => LineKind::Removed,
                        ChangeTag::Insert => LineKind::Added,
                    },
                    old: change.old_index().map(|it| it + 1),
                    new: change.new_index().map(|it| it + 1),
                    text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
                })
                .collect()
        })
        .collect()
}
