use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::{ReferenceError, human_time, split_timestamp, timestamp_text};
use crate::conf::{fnmatch, matches_package};
use crate::version::Version;
use crate::version_range::{VersionRange, VersionRangeError};

/// `name/version[@user/channel][#revision][%timestamp]`.
///
/// Equality and hash take name, version, user, channel and revision; a missing revision is unlike
/// any revision ([`is_same`](Self::is_same) is more lenient). The order puts references without
/// user first; equal references are ordered by time, those without a time first, then by revision.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RecipeReference {
    /// Empty for a consumer without name.
    pub name: String,
    /// Empty for a consumer without version; `[..]` for a range.
    pub version: Version,
    /// Who publishes it, if anybody.
    pub user: Option<String>,
    /// Only with a user.
    pub channel: Option<String>,
    /// Recipe revision.
    pub revision: Option<String>,
    /// When the revision was made, in seconds since 1970.
    pub timestamp: Option<f64>,
}

impl RecipeReference {
    /// `name/version`
    pub fn new(name: impl Into<String>, version: impl Into<Version>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            ..Self::default()
        }
    }

    /// Parses `name/version[@user[/channel]][#revision][%timestamp]`; nothing is trimmed.
    pub fn loads(text: &str) -> Result<Self, ReferenceError> {
        Self::split(text).ok_or_else(|| {
            ReferenceError::new(format!(
                "{text} is not a valid recipe reference, provide a reference in the form name/version[@user/channel]"
            ))
        })
    }

    fn split(text: &str) -> Option<Self> {
        let (text, timestamp) = split_timestamp(text)?;
        let (text, revision) = match text.split_once('#') {
            Some((text, revision)) => (text, Some(revision.to_owned())),
            None => (text, None),
        };
        let (text, user_channel) = match text.split_once('@') {
            Some((text, rest)) => (text, rest),
            None => (text, ""),
        };
        let (name, version) = text.split_once('/')?;
        if name.is_empty() || version.is_empty() {
            return None;
        }
        let (user, channel) = match user_channel.split_once('/') {
            Some(("", _)) => return None,
            Some((user, channel)) => (user, channel),
            None => (user_channel, ""),
        };
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Some(Self {
            name: name.to_owned(),
            version: version.into(),
            user: filled(user),
            channel: filled(channel),
            revision,
            timestamp,
        })
    }

    /// With `#revision`, without timestamp.
    pub fn repr_notime(&self) -> String {
        match &self.revision {
            Some(revision) => format!("{self}#{revision}"),
            None => self.to_string(),
        }
    }

    /// With `#revision` and `%timestamp`.
    pub fn full_repr(&self) -> String {
        match self.timestamp {
            Some(timestamp) => format!("{}%{}", self.repr_notime(), timestamp_text(timestamp)),
            None => self.repr_notime(),
        }
    }

    /// With `#revision` and ` (1970-01-01 00:02:03 UTC)`.
    pub fn repr_humantime(&self) -> String {
        match self.timestamp {
            Some(timestamp) => format!("{} ({})", self.repr_notime(), human_time(timestamp)),
            None => self.repr_notime(),
        }
    }

    /// The naming rules of `export` and `create`: name, version, user and channel have 2 to 101 of
    /// `[a-z0-9_+.-]` and don't begin with `+`, `.` or `-`. `allow_uppercase` is the conf
    /// `core:allow_uppercase_pkg_names`.
    pub fn validate(&self, allow_uppercase: bool) -> Result<(), ReferenceError> {
        let text = self.repr_notime();
        if self.version.as_str().contains(':')
            || self
                .revision
                .as_ref()
                .is_some_and(|revision| revision.contains(':'))
        {
            return Err(ReferenceError::new(format!(
                "Invalid recipe reference '{text}' is a package reference"
            )));
        }
        let plain = self.to_string();
        if !allow_uppercase && plain.chars().any(char::is_uppercase) {
            return Err(ReferenceError::new(format!(
                "Conan packages names '{plain}' must be all lowercase"
            )));
        }
        let check = |what: &str, value: &str, upper: bool| {
            if is_valid_name(value, upper) {
                Ok(())
            } else {
                Err(ReferenceError::new(format!(
                    "Invalid package {what} '{value}'"
                )))
            }
        };
        check("name", &self.name, allow_uppercase)?;
        check("version", self.version.as_str(), allow_uppercase)?;
        if let Some(user) = &self.user {
            check("user", user, allow_uppercase)?;
        }
        if let Some(channel) = &self.channel {
            check("channel", channel, allow_uppercase)?;
        }
        Ok(())
    }

    /// What [`validate`](Self::validate) accepts and yet deserves a warning.
    pub fn validation_warnings(&self, allow_uppercase: bool) -> Vec<String> {
        let mut warnings = Vec::new();
        let plain = self.to_string();
        if allow_uppercase && plain.chars().any(char::is_uppercase) {
            warnings.push(format!(
                "Package name '{plain}' has uppercase, and has been allowed by temporary config. This will break in later 2.X"
            ));
        }
        if self.name.contains(['.', '+']) {
            warnings.push(format!(
                "Name containing special chars is discouraged '{}'",
                self.name
            ));
        }
        warnings
    }

    /// Does the pattern select this reference? `&` is the consumer, a leading `!` or `~` negates, a
    /// final `@` wants no user. Otherwise a shell pattern over the reference with and without
    /// revision. Version ranges mean nothing here.
    pub fn matches(&self, pattern: &str, is_consumer: bool) -> bool {
        matches_package(pattern, Some(self), is_consumer)
    }

    /// Does the shell pattern match the name, or the reference up to its version, user, channel or
    /// revision?
    pub fn partial_match(&self, pattern: &str) -> bool {
        let mut text = self.name.clone();
        let pieces = [
            Some(format!("/{}", self.version)),
            self.user.as_ref().map(|user| format!("@{user}")),
            self.channel.as_ref().map(|channel| format!("/{channel}")),
            self.revision
                .as_ref()
                .map(|revision| format!("#{revision}")),
        ];
        if fnmatch(pattern, &text) {
            return true;
        }
        for piece in pieces.into_iter().flatten() {
            text.push_str(&piece);
            if fnmatch(pattern, &text) {
                return true;
            }
        }
        false
    }

    /// Without revision and timestamp.
    pub fn without_revision(&self) -> RecipeReference {
        Self {
            revision: None,
            timestamp: None,
            ..self.clone()
        }
    }

    /// With that revision (no timestamp).
    pub fn with_revision(&self, revision: impl Into<String>) -> RecipeReference {
        Self {
            revision: Some(revision.into()),
            timestamp: None,
            ..self.clone()
        }
    }

    /// The range if the version is one.
    pub fn version_range(&self) -> Option<Result<VersionRange, VersionRangeError>> {
        self.version.range_expression().map(VersionRange::parse)
    }

    /// What `==` means for a recipe: equal, where a missing revision is equal to all revisions.
    pub fn is_same(&self, other: &RecipeReference) -> bool {
        let revisions = match (&self.revision, &other.revision) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        self.same_without_revision(other) && revisions
    }

    /// Equal name, version, user and channel; revisions aside.
    pub fn same_without_revision(&self, other: &RecipeReference) -> bool {
        self.name == other.name
            && self.version == other.version
            && self.user == other.user
            && self.channel == other.channel
    }
}

fn is_valid_name(text: &str, allow_uppercase: bool) -> bool {
    let word = |c: u8| {
        c.is_ascii_lowercase()
            || c.is_ascii_digit()
            || c == b'_'
            || (allow_uppercase && c.is_ascii_uppercase())
    };
    let bytes = text.as_bytes();
    (2..=101).contains(&bytes.len())
        && word(bytes[0])
        && bytes
            .iter()
            .all(|&c| word(c) || matches!(c, b'+' | b'.' | b'-'))
}

impl fmt::Display for RecipeReference {
    /// `name/version[@user[/channel]]`; only the name for a consumer without version, nothing
    /// without a name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if !self.version.is_empty() {
            write!(f, "/{}", self.version)?;
        }
        if let Some(user) = &self.user {
            write!(f, "@{user}")?;
            if let Some(channel) = &self.channel {
                write!(f, "/{channel}")?;
            }
        }
        Ok(())
    }
}

impl std::str::FromStr for RecipeReference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        Self::loads(text)
    }
}

impl PartialEq for RecipeReference {
    fn eq(&self, other: &Self) -> bool {
        self.same_without_revision(other) && self.revision == other.revision
    }
}

impl Eq for RecipeReference {}

impl Hash for RecipeReference {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.version.hash(state);
        self.user.hash(state);
        self.channel.hash(state);
        self.revision.hash(state);
    }
}

impl PartialOrd for RecipeReference {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RecipeReference {
    fn cmp(&self, other: &Self) -> Ordering {
        let text = |field: &'_ Option<String>| field.clone().unwrap_or_default();
        self.name
            .cmp(&other.name)
            .then_with(|| self.version.cmp(&other.version))
            .then_with(|| text(&self.user).cmp(&text(&other.user)))
            .then_with(|| text(&self.channel).cmp(&text(&other.channel)))
            .then_with(|| {
                let time = |of: &Self| of.timestamp.unwrap_or(0.0);
                time(self).total_cmp(&time(other))
            })
            .then_with(|| text(&self.revision).cmp(&text(&other.revision)))
    }
}
