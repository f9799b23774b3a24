use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::{RecipeReference, ReferenceError, human_time, split_timestamp, timestamp_text};

/// `ref[#rrev][%timestamp]:package_id[#prev][%timestamp]`. Timestamps don't count for equality.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PackageReference {
    /// Of the recipe.
    pub reference: RecipeReference,
    /// 40 hex digits.
    pub package_id: String,
    /// Package revision.
    pub revision: Option<String>,
    /// When the revision was made, in seconds since 1970.
    pub timestamp: Option<f64>,
}

impl PackageReference {
    /// Without package revision.
    pub fn new(reference: RecipeReference, package_id: impl Into<String>) -> Self {
        Self {
            reference,
            package_id: package_id.into(),
            revision: None,
            timestamp: None,
        }
    }

    /// Parses `ref[#rrev][%timestamp]:package_id[#prev][%timestamp]`.
    pub fn loads(text: &str) -> Result<Self, ReferenceError> {
        Self::split(text).ok_or_else(|| {
            ReferenceError::new(format!(
                "{text} is not a valid package reference, provide a reference in the form name/version[@user/channel:package_id]"
            ))
        })
    }

    fn split(text: &str) -> Option<Self> {
        let (reference, package) = text.split_once(':')?;
        let reference = RecipeReference::loads(reference).ok()?;
        let (package, timestamp) = split_timestamp(package)?;
        let (package_id, revision) = match package.split_once('#') {
            Some((package_id, revision)) => (package_id, Some(revision.to_owned())),
            None => (package, None),
        };
        Some(Self {
            reference,
            package_id: package_id.to_owned(),
            revision,
            timestamp,
        })
    }

    /// `ref#rrev:package_id#prev`
    pub fn repr_notime(&self) -> String {
        let mut text = self.reference.repr_notime();
        self.push_package(&mut text);
        text
    }

    /// `ref#rrev%timestamp:package_id#prev%timestamp`
    pub fn full_repr(&self) -> String {
        let mut text = self.reference.full_repr();
        self.push_package(&mut text);
        if let Some(timestamp) = self.timestamp {
            text.push('%');
            text.push_str(&timestamp_text(timestamp));
        }
        text
    }

    /// `ref#rrev:package_id#prev (1970-01-01 00:02:03 UTC)`
    pub fn repr_humantime(&self) -> String {
        match self.timestamp {
            Some(timestamp) => format!("{} ({})", self.repr_notime(), human_time(timestamp)),
            None => self.repr_notime(),
        }
    }

    /// With that package revision (no timestamp).
    pub fn with_revision(&self, revision: impl Into<String>) -> PackageReference {
        Self {
            revision: Some(revision.into()),
            timestamp: None,
            ..self.clone()
        }
    }

    fn push_package(&self, text: &mut String) {
        if self.package_id.is_empty() {
            return;
        }
        text.push(':');
        text.push_str(&self.package_id);
        if let Some(revision) = &self.revision {
            text.push('#');
            text.push_str(revision);
        }
    }
}

impl fmt::Display for PackageReference {
    /// `ref:package_id`, without revisions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reference)?;
        if !self.package_id.is_empty() {
            write!(f, ":{}", self.package_id)?;
        }
        Ok(())
    }
}

impl std::str::FromStr for PackageReference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        Self::loads(text)
    }
}

impl PartialEq for PackageReference {
    fn eq(&self, other: &Self) -> bool {
        self.reference == other.reference
            && self.package_id == other.package_id
            && self.revision == other.revision
    }
}

impl Eq for PackageReference {}

impl Hash for PackageReference {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.reference.hash(state);
        self.package_id.hash(state);
        self.revision.hash(state);
    }
}

impl PartialOrd for PackageReference {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PackageReference {
    /// By recipe, package id, then age of the revision (or its text where a time is missing).
    fn cmp(&self, other: &Self) -> Ordering {
        self.reference
            .cmp(&other.reference)
            .then_with(|| self.package_id.cmp(&other.package_id))
            .then_with(|| match (self.timestamp, other.timestamp) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                _ => Ordering::Equal,
            })
            .then_with(|| self.revision.cmp(&other.revision))
    }
}
