use std::cmp::Ordering;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::LockfileError;
use crate::conf::fnmatch;
use crate::reference::{PackageReference, RecipeReference};
use crate::version::sort_by_order;

/// One list of a lockfile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LockedRequires {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    reference: RecipeReference,
    /// Package id to package revision, of a lockfile that locks packages.
    packages: Option<IndexMap<String, Option<String>>>,
}

impl LockedRequires {
    /// The references, in the order of the file.
    pub fn refs(&self) -> impl Iterator<Item = &RecipeReference> {
        self.entries.iter().map(|entry| &entry.reference)
    }

    /// Has it no entries?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The locked packages of a reference: package id to package revision.
    pub fn packages(
        &self,
        reference: &RecipeReference,
    ) -> Option<&IndexMap<String, Option<String>>> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.reference.is_same(reference))?;
        entry.packages.as_ref()
    }

    pub(super) fn from_json(json: &Value) -> Result<Self, LockfileError> {
        let malformed = || LockfileError::Malformed(format!("unexpected entry {json}"));
        let list = json.as_array().ok_or_else(malformed)?;
        let entry = |item: &Value| {
            let (reference, packages) = match item {
                Value::String(text) => (text.as_str(), None),
                Value::Array(pair) => match pair.as_slice() {
                    [Value::String(text), packages] => {
                        let packages = serde_json::from_value(packages.clone());
                        (text.as_str(), Some(packages.map_err(|_| malformed())?))
                    }
                    _ => return Err(malformed()),
                },
                _ => return Err(malformed()),
            };
            Ok(Entry {
                reference: RecipeReference::loads(reference)?,
                packages,
            })
        };
        Ok(Self {
            entries: list.iter().map(entry).collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn to_json(&self) -> Value {
        let entry = |entry: &Entry| match &entry.packages {
            Some(packages) => json!([entry.reference.full_repr(), packages]),
            None => json!(entry.reference.full_repr()),
        };
        Value::Array(self.entries.iter().map(entry).collect())
    }

    pub(super) fn add(&mut self, reference: &RecipeReference) -> Result<(), LockfileError> {
        match &reference.revision {
            Some(_) => self
                .entries
                .retain(|entry| !entry.reference.is_same(reference)),
            None if self.refs().any(|locked| locked.is_same(reference)) => {
                return Err(LockfileError::AlreadyThere(reference.to_string()));
            }
            None => {}
        }
        self.push(reference.clone(), None);
        Ok(())
    }

    /// Gives the index of the entry.
    pub(super) fn insert_reference(&mut self, reference: &RecipeReference) -> usize {
        let index = self
            .entries
            .iter()
            .position(|entry| entry.reference.is_same(reference));
        match index {
            Some(index) => {
                let locked = &mut self.entries[index].reference;
                if locked.revision.is_none() {
                    locked.clone_from(reference);
                }
                index
            }
            None => self.push(reference.clone(), None),
        }
    }

    pub(super) fn insert_package(&mut self, package: &PackageReference, lock_packages: bool) {
        let index = self.insert_reference(&package.reference);
        if lock_packages && !package.package_id.is_empty() {
            let packages = self.entries[index].packages.get_or_insert_default();
            packages.insert(package.package_id.clone(), package.revision.clone());
        }
    }

    /// What is there already, perhaps with a revision that the other hasn't, stays.
    pub(super) fn merge(&mut self, other: &LockedRequires) {
        for entry in &other.entries {
            let known = self
                .entries
                .iter_mut()
                .find(|mine| mine.reference.is_same(&entry.reference));
            match (known, &entry.packages) {
                (None, _) => {
                    self.push(entry.reference.clone(), entry.packages.clone());
                }
                (Some(mine), Some(packages)) => {
                    let pairs = packages.iter().map(|(id, prev)| (id.clone(), prev.clone()));
                    mine.packages.get_or_insert_default().extend(pairs);
                }
                (Some(_), None) => {}
            }
        }
    }

    /// A range selects references with the same user and channel, a wildcard all, and a text
    /// without either the reference with any revision.
    pub(super) fn remove(&mut self, pattern: &str) -> Result<Vec<RecipeReference>, LockfileError> {
        let wanted = RecipeReference::loads(pattern)?;
        let range = wanted.version_range().transpose()?;
        let selects = |locked: &RecipeReference| match &range {
            Some(range) => {
                locked.name == wanted.name
                    && locked.user == wanted.user
                    && locked.channel == wanted.channel
                    && range.contains(&locked.version, None)
            }
            None if pattern.contains('*') => {
                let text = pattern.strip_suffix('@');
                let no_user = text.is_none() || locked.user.is_none();
                let text = text.unwrap_or(pattern);
                no_user
                    && (fnmatch(text, &locked.to_string()) || fnmatch(text, &locked.repr_notime()))
            }
            None => locked.is_same(&wanted),
        };
        let (removed, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.entries)
            .into_iter()
            .partition(|entry| selects(&entry.reference));
        self.entries = kept;
        Ok(removed.into_iter().map(|entry| entry.reference).collect())
    }

    pub(super) fn update(&mut self, reference: &RecipeReference) -> Vec<RecipeReference> {
        let (replaced, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.entries)
            .into_iter()
            .partition(|entry| entry.reference.name == reference.name);
        self.entries = kept;
        self.push(reference.clone(), None);
        replaced.into_iter().map(|entry| entry.reference).collect()
    }

    /// Adds and sorts, the highest first. Gives the index of the new entry.
    fn push(
        &mut self,
        reference: RecipeReference,
        packages: Option<IndexMap<String, Option<String>>>,
    ) -> usize {
        let added = reference.clone();
        self.entries.push(Entry {
            reference,
            packages,
        });
        sort_by_order(&mut self.entries, |a, b| {
            descending(&a.reference, &b.reference)
        });
        let found = self
            .entries
            .iter()
            .position(|entry| entry.reference == added);
        found.unwrap_or_default()
    }
}

fn descending(a: &RecipeReference, b: &RecipeReference) -> Ordering {
    b.cmp(a)
}
