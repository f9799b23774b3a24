//! What is in the test repository is enough: consumers build with nothing else.

mod graph;
mod home;
mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use crom_ops::Session;
use serde::{Deserialize, Serialize};

use super::complete::Completeness;
use super::record::save_verified;
use super::{now, remote};
use crate::plan::{Outcome, Plan, PlannedPackage};
use crate::{CenterError, Checkout, Fork};
use graph::Seen;
use steps::Steps;

/// How the test repository is verified.
#[derive(Clone, Debug)]
pub struct VerifyOptions {
    /// This program.
    pub program: PathBuf,
    /// Keep the temporary home, to look at it.
    pub keep: bool,
}

/// What was found good: the only thing that may be promoted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// UTC, as in RFC 3339.
    pub when: String,
    /// URL of the test repository.
    pub remote: String,
    /// The fork that it was planned from.
    pub fork: Checkout,
    /// `name/version#rrev`
    pub recipes: Vec<String>,
    /// `name/version#rrev:package_id#prev`, and which of them each uses.
    pub packages: BTreeMap<String, Vec<String>>,
    /// Consumers that were built: `consumers/app [linux-gcc12]`.
    pub consumers: Vec<String>,
}

/// How a verification went.
#[derive(Clone, Debug, Default, Serialize)]
pub struct VerifyReport {
    /// Installations of packages and builds of consumers.
    pub consumers: Vec<ConsumerReport>,
    /// What was found good; none if anything wasn't.
    pub verified: Option<Verified>,
    /// Packages that aren't complete, with the reason: they are not verified.
    pub left_out: BTreeMap<String, String>,
}

/// One installation or consumer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ConsumerReport {
    /// `consumers/app [linux-gcc12]`, `zlib/1.3.1 [linux-gcc12]`.
    pub name: String,
    /// Why it failed.
    pub failure: Option<String>,
    /// What it said.
    pub log: PathBuf,
    /// How long it took.
    pub seconds: f64,
}

/// Installs every package of the plan and builds all consumers, in an empty home that knows the test
/// repository alone. Nothing is built from recipes. What is good is kept for `promote`.
///
/// # Errors
/// The test repository isn't known, packages are missing there, or files can't be written. A consumer
/// that fails is part of the report.
pub fn verify(
    session: &Session,
    fork: &Fork,
    plan: &Plan,
    options: &VerifyOptions,
    tell: &mut dyn FnMut(&ConsumerReport),
) -> Result<VerifyReport, CenterError> {
    let test = remote(session, &fork.list.remotes.test)?;
    let completeness = Completeness::of(plan);
    let complete = in_test(plan, &completeness, &test.name)?;
    // Until this is through, nothing is verified.
    save_verified(fork, None)?;
    let scratch = fork.state().join("verify").join("run");
    crom_fs::remove_tree(&scratch)?;
    crom_fs::create_dir_all(&scratch)?;
    let home = home::make(session, &test, &scratch)?;
    let mut steps = Steps::new(fork, options, &test.name, scratch.clone(), home);
    let mut report = VerifyReport {
        left_out: completeness.left_out.clone(),
        ..VerifyReport::default()
    };
    let mut seen = Seen::default();
    let mut note = |one: ConsumerReport| {
        tell(&one);
        report.consumers.push(one);
    };
    for combination in &plan.combinations {
        let package = combination
            .package
            .as_deref()
            .filter(|it| complete.contains_key(*it));
        if let (Some(package), Outcome::Ready) = (package, &combination.outcome) {
            note(steps.install(combination, package, &mut seen)?);
        }
    }
    for (key, package) in &complete {
        let full = full_reference(key, package);
        if !seen.packages.contains(&full) {
            note(steps.download(&full, &mut seen)?);
        }
    }
    for consumer in &fork.list.verify {
        for profile in crate::plan::profile_names(fork) {
            note(steps.consumer(consumer, &profile, &mut seen)?);
        }
    }
    if !options.keep {
        crom_fs::remove_tree(&scratch)?;
    }
    if report.consumers.iter().all(|it| it.failure.is_none()) {
        let verified = good(fork, plan, &complete, &completeness, &seen, &test.url);
        save_verified(fork, Some(&verified))?;
        report.verified = Some(verified);
    }
    Ok(report)
}

/// Complete packages, all of which the test repository must have.
fn in_test<'p>(
    plan: &'p Plan,
    completeness: &Completeness,
    test: &str,
) -> Result<BTreeMap<String, &'p PlannedPackage>, CenterError> {
    let complete: BTreeMap<String, &PlannedPackage> = completeness
        .complete
        .iter()
        .filter_map(|key| Some((key.clone(), plan.packages.get(key)?)))
        .collect();
    if complete.is_empty() && !completeness.left_out.is_empty() {
        let count = completeness.left_out.len();
        return Err(CenterError::message(format!(
            "none of the packages is complete: {count} aren't built or tested"
        ))
        .with_hint("'crom center build' and 'crom center upload' come before"));
    }
    let missing: Vec<String> = complete
        .values()
        .filter(|package| package.in_test.is_none())
        .map(|package| package.label())
        .collect();
    if missing.is_empty() {
        return Ok(complete);
    }
    Err(CenterError::message(format!(
        "'{test}' has {} of the packages not yet: {}",
        missing.len(),
        missing.join(", ")
    ))
    .with_hint("'crom center upload' brings them there"))
}

fn full_reference(key: &str, package: &PlannedPackage) -> String {
    format!("{key}#{}", package.in_test.as_deref().unwrap_or_default())
}

/// What the plan has and the runs have seen.
fn good(
    fork: &Fork,
    plan: &Plan,
    complete: &BTreeMap<String, &PlannedPackage>,
    completeness: &Completeness,
    seen: &Seen,
    url: &str,
) -> Verified {
    let full = |key: &String| Some(full_reference(key, complete.get(key)?));
    let packages = complete
        .iter()
        .map(|(key, package)| {
            let uses = package.depends.iter().filter_map(full).collect();
            (full_reference(key, package), uses)
        })
        .filter(|(full, _)| seen.packages.contains(full))
        .collect();
    let recipes: BTreeSet<String> = completeness
        .recipes(plan)
        .into_iter()
        .filter(|recipe| seen.recipes.contains(recipe))
        .collect();
    Verified {
        when: now(),
        remote: url.to_owned(),
        fork: plan.fork.clone(),
        recipes: recipes.into_iter().collect(),
        packages,
        consumers: fork
            .list
            .verify
            .iter()
            .flat_map(|consumer| {
                crate::plan::profile_names(fork)
                    .into_iter()
                    .map(move |profile| format!("{} [{profile}]", consumer.path))
            })
            .collect(),
    }
}

impl fmt::Display for ConsumerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.failure {
            None => write!(f, "verified {} ({:.1} s)", self.name, self.seconds),
            Some(failure) => write!(
                f,
                "FAILED: {}: {failure}\n       log: {}",
                self.name,
                self.log.display()
            ),
        }
    }
}

impl fmt::Display for VerifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in self.consumers.iter().filter(|it| it.failure.is_some()) {
            writeln!(f, "{one}")?;
        }
        for (package, reason) in &self.left_out {
            writeln!(f, "left out {package}: {reason}")?;
        }
        match &self.verified {
            Some(verified) => write!(
                f,
                "Verified {} recipes and {} packages with {} consumers",
                verified.recipes.len(),
                verified.packages.len(),
                verified.consumers.len()
            ),
            None => f.write_str("Nothing is verified"),
        }
    }
}
