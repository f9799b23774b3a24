//! What was verified, and what was promoted.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::verify::Verified;
use crate::git::{author, git};
use crate::{CenterError, Checkout, Fork};

/// Who stands for something, when and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// `Name <mail>`
    pub by: String,
    /// UTC, as in RFC 3339.
    pub when: String,
    /// The machine.
    pub host: String,
}

impl SignOff {
    /// Now, by the given person, or the one that git knows.
    ///
    /// # Errors
    /// Nobody is known.
    pub(super) fn now(fork: &Fork, by: Option<&str>) -> Result<Self, CenterError> {
        let by = by.map(str::to_owned).or_else(|| author(&fork.root));
        let by = by.ok_or_else(|| {
            CenterError::message("who promotes isn't known: git has no user.name here")
                .with_hint("say it with --by 'Name <mail>'")
        })?;
        let host = crom_fs::read_text("/proc/sys/kernel/hostname").unwrap_or_default();
        Ok(Self {
            by,
            when: super::now(),
            host: host.trim().to_owned(),
        })
    }
}

/// A promotion: `.crom-center/records/<time>.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Where from: name and URL.
    pub from: (String, String),
    /// Where to.
    pub to: (String, String),
    /// `name/version#rrev`
    pub recipes: Vec<String>,
    /// `name/version#rrev:package_id#prev`
    pub packages: Vec<String>,
    /// The fork's commit that was verified.
    pub fork: Checkout,
    /// The commit of upstream that the fork has: their common ancestor.
    pub upstream: Option<String>,
    /// When it was verified.
    pub verified: String,
    /// The consumers that it was verified with.
    pub consumers: Vec<String>,
    /// Who promoted it, and when.
    pub signed_off: SignOff,
}

impl Record {
    /// Writes it into the fork.
    pub(super) fn save(&self, fork: &Fork) -> Result<PathBuf, CenterError> {
        crate::state::prepare(fork)?;
        let name = self.signed_off.when.replace(':', "-");
        let path = fork.state().join("records").join(format!("{name}.json"));
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| CenterError::message(format!("the record is no JSON: {error}")))?;
        crom_fs::write_atomic(&path, format!("{text}\n"))?;
        Ok(path)
    }
}

/// The commit of upstream that the fork contains.
pub(super) fn upstream_commit(fork: &Fork) -> Option<String> {
    let upstream = &fork.list.upstream;
    let branch = format!("{}/{}", upstream.remote, upstream.branch);
    git(&fork.root, &format!("merge-base HEAD {branch}"))
}

/// What the last verification found good.
pub fn load_verified(fork: &Fork) -> Option<Verified> {
    let text = crom_fs::read_text(verified_file(fork)).ok()?;
    serde_json::from_str(&text).ok()
}

/// Keeps it; none forgets what was there.
pub(super) fn save_verified(fork: &Fork, verified: Option<&Verified>) -> Result<(), CenterError> {
    crate::state::prepare(fork)?;
    let path = verified_file(fork);
    let Some(verified) = verified else {
        return Ok(crom_fs::remove_file(path)?);
    };
    let text = serde_json::to_string_pretty(verified)
        .map_err(|error| CenterError::message(format!("the result is no JSON: {error}")))?;
    Ok(crom_fs::write_atomic(path, text)?)
}

fn verified_file(fork: &Fork) -> PathBuf {
    fork.state().join("verified.json")
}
