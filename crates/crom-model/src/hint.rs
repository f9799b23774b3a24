//! Remedies that errors carry as values.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a user can do about an error, one sentence without a final period. The binary shows it on
/// its own line after the error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hint(pub String);

impl Hint {
    /// From a sentence.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The sentence.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Errors that may know a remedy.
pub trait Hinted {
    /// The remedy, where one is likely.
    fn hint(&self) -> Option<Hint>;
}
