//! Versions: any text, with an order that knows numbers, prereleases and build metadata.
//!
//! `main[-pre][+build]`, each split at dots. A part that is all digits is a number; other parts are
//! texts. Trailing zeros don't count: `1.0` equals `1.0.0`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::version_range::{VersionRange, VersionRangeError};

/// A version: the text as given, and its parts for comparing. Cheap to clone.
///
/// The order is the reference's. It compares a number with a text as texts, so it isn't transitive
/// for mixtures such as `1.10 < 1.1w < 1.2 < 1.10`. The standard library's sort may panic on such
/// an order: sort with [`sort_by_order`].
#[derive(Clone)]
pub struct Version(Arc<Parsed>);

/// One dot-separated part of a version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VersionItem {
    /// All digits; leading zeros don't count (`2023.01` is `2023.1`).
    Number(u128),
    /// Anything else.
    Text(String),
}

/// Why an operation on a version fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// Bumping a part that isn't a number.
    #[error("Cannot bump '{version}' version index {index}, not an int")]
    NotANumber {
        /// The version.
        version: String,
        /// The part.
        index: usize,
    },
    /// Bumping a part that the version doesn't have (an `IndexError` for a recipe).
    #[error("cannot bump '{version}': it has no part {index}")]
    NoSuchPart {
        /// The version.
        version: String,
        /// The part.
        index: usize,
    },
}

#[derive(Debug)]
struct Parsed {
    text: Box<str>,
    items: Vec<VersionItem>,
    /// How many items remain without trailing zeros.
    significant: usize,
    pre: Option<Version>,
    build: Option<Version>,
}

impl VersionItem {
    /// One part; whitespace around a number and `_` inside it are accepted, as by Python's `int()`.
    pub fn parse(text: &str) -> Self {
        let trimmed = text.trim();
        let plain = trimmed.bytes().all(|c| c.is_ascii_digit());
        let number = if plain {
            trimmed.parse().ok()
        } else if trimmed.starts_with('_') || trimmed.ends_with('_') || trimmed.contains("__") {
            None
        } else if trimmed.bytes().all(|c| c.is_ascii_digit() || c == b'_') {
            trimmed.replace('_', "").parse().ok()
        } else {
            None
        };
        number.map_or_else(|| Self::Text(text.to_owned()), Self::Number)
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<u128> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }

    fn is_zero(&self) -> bool {
        *self == Self::Number(0)
    }
}

impl fmt::Display for VersionItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl PartialOrd for VersionItem {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for VersionItem {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (a, b) => a.to_string().cmp(&b.to_string()),
        }
    }
}

impl Version {
    /// Never fails: any text is a version.
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let (rest, build) = match text.rsplit_once('+') {
            Some((rest, build)) => (rest, Some(Self::qualifier(build))),
            None => (text, None),
        };
        let (main, pre) = match rest.split_once('-') {
            Some((main, pre)) => (main, Some(Self::qualifier(pre))),
            None => (rest, None),
        };
        Self::assemble(text, main, pre, build)
    }

    fn qualifier(text: &str) -> Self {
        Self::assemble(text, text, None, None)
    }

    fn assemble(text: &str, main: &str, pre: Option<Version>, build: Option<Version>) -> Self {
        let items: Vec<_> = main.split('.').map(VersionItem::parse).collect();
        let significant = items
            .iter()
            .rposition(|item| !item.is_zero())
            .map_or(0, |last| last + 1);
        Self(Arc::new(Parsed {
            text: text.into(),
            items,
            significant,
            pre,
            build,
        }))
    }

    /// The text as given.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// True for the empty text.
    pub fn is_empty(&self) -> bool {
        self.0.text.is_empty()
    }

    /// True for `[>=1.0 <2]`.
    pub fn is_range(&self) -> bool {
        self.range_expression().is_some()
    }

    /// The expression inside `[...]`.
    pub fn range_expression(&self) -> Option<&str> {
        self.0.text.strip_prefix('[')?.strip_suffix(']')
    }

    /// The parts before `-` and `+`.
    pub fn main(&self) -> &[VersionItem] {
        &self.0.items
    }

    /// First part.
    pub fn major(&self) -> Option<&VersionItem> {
        self.0.items.first()
    }

    /// Second part.
    pub fn minor(&self) -> Option<&VersionItem> {
        self.0.items.get(1)
    }

    /// Third part.
    pub fn patch(&self) -> Option<&VersionItem> {
        self.0.items.get(2)
    }

    /// Fourth part.
    pub fn micro(&self) -> Option<&VersionItem> {
        self.0.items.get(3)
    }

    /// After the first `-`. The upper bound `2-` has an empty one.
    pub fn pre(&self) -> Option<Version> {
        self.0.pre.clone()
    }

    /// After the last `+`.
    pub fn build(&self) -> Option<Version> {
        self.0.build.clone()
    }

    /// The version with the part at `index` one higher and without what follows: `1.2.3` bumped at
    /// 1 is `1.3`.
    pub fn bump(&self, index: usize) -> Result<Version, VersionError> {
        let item = self
            .0
            .items
            .get(index)
            .ok_or_else(|| VersionError::NoSuchPart {
                version: self.to_string(),
                index,
            })?;
        let next = item
            .as_number()
            .and_then(|number| number.checked_add(1))
            .ok_or_else(|| VersionError::NotANumber {
                version: self.to_string(),
                index,
            })?;
        let mut parts: Vec<String> = self.0.items[..index]
            .iter()
            .map(|i| i.to_string())
            .collect();
        parts.push(next.to_string());
        Ok(Version::new(parts.join(".")))
    }

    /// What is below all prereleases of the bumped version: `1.2.3` at 1 is `1.3-`.
    pub fn upper_bound(&self, index: usize) -> Result<Version, VersionError> {
        let bumped = self.bump(index)?;
        Ok(Version::new(format!("{bumped}-")))
    }

    /// `Version.in_range()`: the expression is without brackets.
    pub fn in_range(
        &self,
        range: &str,
        resolve_prereleases: Option<bool>,
    ) -> Result<bool, VersionRangeError> {
        Ok(VersionRange::parse(range)?.contains(self, resolve_prereleases))
    }

    fn significant(&self) -> &[VersionItem] {
        &self.0.items[..self.0.significant]
    }
}

/// Sorts stably by any order, also by one that isn't transitive (see [`Version`]).
pub fn sort_by_order<T>(items: &mut Vec<T>, mut order: impl FnMut(&T, &T) -> Ordering) {
    let mut sorted: Vec<T> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        let at = sorted.partition_point(|other| order(other, &item) != Ordering::Greater);
        sorted.insert(at, item);
    }
    *items = sorted;
}

impl Default for Version {
    fn default() -> Self {
        Version::new("")
    }
}

impl From<&str> for Version {
    fn from(text: &str) -> Self {
        Version::new(text)
    }
}

impl From<&String> for Version {
    fn from(text: &String) -> Self {
        Version::new(text)
    }
}

impl From<String> for Version {
    fn from(text: String) -> Self {
        Version::new(text)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.significant() == other.significant()
                && self.0.pre == other.0.pre
                && self.0.build == other.0.build)
    }
}

impl PartialEq<str> for Version {
    fn eq(&self, other: &str) -> bool {
        *self == Version::new(other)
    }
}

impl PartialEq<&str> for Version {
    fn eq(&self, other: &&str) -> bool {
        *self == Version::new(other)
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.significant().hash(state);
        self.0.pre.hash(state);
        self.0.build.hash(state);
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    /// A prerelease is below its release; build metadata is above the plain version.
    fn cmp(&self, other: &Self) -> Ordering {
        let pre = || match (&self.0.pre, &other.0.pre) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => a.cmp(b),
        };
        self.significant()
            .cmp(other.significant())
            .then_with(pre)
            .then_with(|| self.0.build.cmp(&other.0.build))
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Version::new(String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests;
