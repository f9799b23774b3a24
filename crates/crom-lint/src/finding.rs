//! What a rule says about a place in a file.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Against a rule, with little to gain from a change.
    Note,
    /// Against a published rule.
    Warning,
    /// The recipe can't work as written, or its sources can't be checked.
    Error,
}

impl Severity {
    /// The word for it, which is the `level` of SARIF, too.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One violation of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The file or folder, relative to the root of the index, with `/`.
    pub path: String,
    /// Line, from 1; 1 for a whole file or folder.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong here.
    pub message: String,
    /// Changes of this very file that repair it; empty when a person has to decide.
    #[serde(skip)]
    pub edits: Vec<Edit>,
}

impl Finding {
    /// Whether `--fix` can repair it.
    pub fn is_fixable(&self) -> bool {
        !self.edits.is_empty()
    }
}

/// The replacement of a range of bytes by a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Bytes of the file as it was read.
    pub range: Range<usize>,
    /// What comes instead.
    pub text: String,
}
