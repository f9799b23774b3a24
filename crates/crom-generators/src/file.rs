//! A rendered file.

use serde::{Deserialize, Serialize};

/// Text to be written below the generators folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Relative to the generators folder, `/` separated.
    pub path: String,
    /// UTF-8 text with `\n` line ends.
    pub content: String,
}

impl File {
    /// A file at `path` with `content`.
    pub fn new(path: impl Into<String>, content: impl Into<String>) -> File {
        File {
            path: path.into(),
            content: content.into(),
        }
    }
}
