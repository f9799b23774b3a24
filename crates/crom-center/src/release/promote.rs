//! What was verified goes to production, and nothing else.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use crom_ops::Session;
use serde::Serialize;

use super::record::{Record, SignOff, load_verified, upstream_commit};
use super::remote;
use super::transfer::{self, Revisions};
use super::verify::Verified;
use crate::{CenterError, Fork};

/// How something is promoted.
#[derive(Clone, Debug, Default)]
pub struct PromoteOptions {
    /// Only these, by name, `name/version`, or exactly as they were verified; all where there are none.
    pub only: Vec<String>,
    /// Who does it, where git doesn't know.
    pub by: Option<String>,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// What was promoted.
#[derive(Clone, Debug, Serialize)]
pub struct PromoteReport {
    /// As it is recorded.
    pub record: Record,
    /// The record's file; none if nothing was done.
    pub file: Option<PathBuf>,
}

/// Copies verified revisions from the test to the production repository and records it.
///
/// # Errors
/// Nothing was verified, something is asked for that wasn't, or a repository refuses.
pub fn promote(
    session: &Session,
    fork: &Fork,
    options: &PromoteOptions,
) -> Result<PromoteReport, CenterError> {
    let names = &fork.list.remotes;
    let (test, production) = (
        remote(session, &names.test)?,
        remote(session, &names.production)?,
    );
    let verified = load_verified(fork).ok_or_else(|| {
        CenterError::message("nothing is verified, so nothing is promoted")
            .with_hint("'crom center verify' builds the consumers against the test repository")
    })?;
    if verified.remote != test.url {
        return Err(CenterError::message(format!(
            "'{}' is {} now, and {} was verified",
            names.test, test.url, verified.remote
        ))
        .with_hint("run 'crom center verify' again"));
    }
    let revisions = chosen(&verified, &options.only)?;
    let record = Record {
        from: (names.test.clone(), test.url),
        to: (names.production.clone(), production.url),
        recipes: revisions.recipes.clone(),
        packages: revisions.packages.clone(),
        fork: verified.fork.clone(),
        upstream: upstream_commit(fork),
        verified: verified.when.clone(),
        consumers: verified.consumers.clone(),
        signed_off: SignOff::now(fork, options.by.as_deref())?,
    };
    let way = (names.test.as_str(), names.production.as_str());
    transfer::promote(session, fork, &revisions, way, options.dry_run)?;
    if options.dry_run {
        return Ok(PromoteReport { record, file: None });
    }
    let file = record.save(fork)?;
    Ok(PromoteReport {
        record,
        file: Some(file),
    })
}

/// The verified revisions that are meant. Who promotes a package promotes what it uses, too.
fn chosen(verified: &Verified, only: &[String]) -> Result<Revisions, CenterError> {
    if only.is_empty() {
        return Ok(Revisions {
            recipes: verified.recipes.clone(),
            packages: verified.packages.keys().cloned().collect(),
        });
    }
    let mut packages = BTreeSet::new();
    let mut recipes = BTreeSet::new();
    for wanted in only {
        let means = |text: &str| {
            text == wanted
                || text
                    .strip_prefix(wanted.as_str())
                    .is_some_and(|rest| rest.starts_with(['/', '#', ':']) && !wanted.is_empty())
        };
        let found: Vec<&String> = verified.packages.keys().filter(|it| means(it)).collect();
        let of_recipes = verified.recipes.iter().filter(|it| means(it));
        let before = recipes.len();
        recipes.extend(of_recipes.cloned());
        if found.is_empty() && recipes.len() == before {
            return Err(CenterError::message(format!(
                "'{wanted}' was not verified, so it is not promoted"
            ))
            .with_hint("'crom center upload' and 'crom center verify' come before"));
        }
        let mut open: Vec<String> = found.into_iter().cloned().collect();
        while let Some(package) = open.pop() {
            if packages.insert(package.clone()) {
                open.extend(
                    verified
                        .packages
                        .get(&package)
                        .into_iter()
                        .flatten()
                        .cloned(),
                );
            }
        }
    }
    // Recipes without binaries, such as those of tools, are part of every graph.
    let of_packages: BTreeSet<&str> = verified
        .packages
        .keys()
        .filter_map(|package| package.split(':').next())
        .collect();
    let alone = verified
        .recipes
        .iter()
        .filter(|it| !of_packages.contains(it.as_str()));
    recipes.extend(alone.cloned());
    for package in &packages {
        recipes.extend(package.split(':').next().map(str::to_owned));
    }
    Ok(Revisions {
        recipes: recipes.into_iter().collect(),
        packages: packages.into_iter().collect(),
    })
}

impl fmt::Display for PromoteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = &self.record;
        let promoted = if self.file.is_some() {
            "promoted"
        } else {
            "would promote"
        };
        for package in &record.packages {
            writeln!(f, "{promoted} {package}")?;
        }
        write!(
            f,
            "{promoted} {} recipes and {} packages from {} to {}, signed off by {}",
            record.recipes.len(),
            record.packages.len(),
            record.from.0,
            record.to.0,
            record.signed_off.by
        )?;
        match &self.file {
            Some(file) => write!(f, "\nrecord: {}", file.display()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verified() -> Verified {
        let mut verified = Verified {
            recipes: vec![
                String::from("app/1#a"),
                String::from("zlib/1#z"),
                String::from("zlibx/1#x"),
            ],
            ..Verified::default()
        };
        let package = |name: &str| format!("{name}/1#{}:id#p", &name[..1]);
        verified
            .packages
            .insert(package("app"), vec![package("zlib")]);
        verified.packages.insert(package("zlib"), Vec::new());
        verified
            .packages
            .insert(String::from("zlibx/1#x:id#p"), Vec::new());
        verified
    }

    #[test]
    fn a_package_takes_along_what_it_uses() {
        let chosen = chosen(&verified(), &[String::from("app")]).unwrap();
        assert_eq!(chosen.packages, ["app/1#a:id#p", "zlib/1#z:id#p"]);
        assert_eq!(chosen.recipes, ["app/1#a", "zlib/1#z"]);
    }

    #[test]
    fn what_was_not_verified_is_refused() {
        let error = chosen(&verified(), &[String::from("zli")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "'zli' was not verified, so it is not promoted"
        );
        assert_eq!(
            chosen(&verified(), &[String::from("zlib/1")])
                .unwrap()
                .packages
                .len(),
            1
        );
        assert_eq!(chosen(&verified(), &[]).unwrap().packages.len(), 3);
    }
}
