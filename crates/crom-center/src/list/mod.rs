//! `center.yml`: what a company builds of its fork, for what, and where it goes.
//!
//! ```yaml
//! upstream: {remote: upstream, branch: master}
//! packages:
//!   - zlib/1.3.2
//!   - ref: openssl/[>=3 <4]
//!     options: {shared: [false, true]}
//! profiles:
//!   - {host: profiles/linux-gcc12, build: profiles/linux-gcc12}
//! remotes: {test: test, production: production}
//! verify:
//!   - path: consumers/app
//! sources: {mirror: https://sources.example.com}
//! ```

mod document;
mod edit;
mod parse;
mod template;

pub use document::Position;
pub use edit::{NewPackage, add_package, remove_package};
pub use template::{InitialList, initial_list};

use crom_model::reference::RecipeReference;
use serde::Serialize;

/// The JSON schema of the file, for editors.
pub const SCHEMA: &str = include_str!("center.schema.json");

/// What a `center.yml` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CenterFile {
    /// Where the fork came from.
    pub upstream: Upstream,
    /// What is built, in the order of the file.
    pub packages: Vec<Package>,
    /// For what it is built; the home's default profiles where there are none.
    pub profiles: Vec<ProfilePair>,
    /// Where it goes.
    pub remotes: RemoteNames,
    /// What must build against `test` before anything is promoted.
    pub verify: Vec<Consumer>,
    /// Where source archives are kept.
    pub sources: SourcesSection,
}

/// `upstream:`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Upstream {
    /// The git remote.
    pub remote: String,
    /// Its branch.
    pub branch: String,
}

impl Default for Upstream {
    fn default() -> Self {
        Self {
            remote: String::from("upstream"),
            branch: String::from("master"),
        }
    }
}

/// One line of `packages:`.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// A version or a range; neither user nor channel nor revision.
    pub reference: RecipeReference,
    /// The matrix: every combination of values is built. A name without a pattern is an option of the
    /// package itself; `zlib/*:shared` is one of a dependency. Values as in a profile: `True`, `17`.
    pub options: Vec<OptionValues>,
    /// Where it is written.
    pub at: Position,
}

/// An option with the values that are built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionValues {
    /// `shared` or `pattern:shared`
    pub name: String,
    /// At least one.
    pub values: Vec<String>,
}

impl Package {
    /// Every combination of option values, as `pattern:name=value`; one empty combination where
    /// there are no options.
    pub fn combinations(&self) -> Vec<Vec<String>> {
        let mut combinations = vec![Vec::new()];
        for option in &self.options {
            let name = if option.name.contains(':') {
                option.name.clone()
            } else {
                format!("{}/*:{}", self.reference.name, option.name)
            };
            combinations = combinations
                .iter()
                .flat_map(|before: &Vec<String>| {
                    option.values.iter().map(|value| {
                        let mut combination = before.clone();
                        combination.push(format!("{name}={value}"));
                        combination
                    })
                })
                .collect();
        }
        combinations
    }
}

/// One line of `profiles:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfilePair {
    /// What reports call it; the host profile's file name where nothing is given.
    pub name: String,
    /// Paths from the fork's root, or names of the home; later ones win.
    pub host: Vec<String>,
    /// The same for the machine that builds.
    pub build: Vec<String>,
}

/// `remotes:`, by their names in the home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RemoteNames {
    /// Where builds go first.
    pub test: String,
    /// Where only promotion writes.
    pub production: String,
}

impl Default for RemoteNames {
    fn default() -> Self {
        Self {
            test: String::from("test"),
            production: String::from("production"),
        }
    }
}

/// One line of `verify:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumer {
    /// A folder with a conanfile, from the fork's root.
    pub path: String,
    /// What is run with the packages' environment after the build; nothing where it isn't given.
    pub run: Option<String>,
}

/// `sources:`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourcesSection {
    /// URL or folder of a backup-sources store.
    pub mirror: Option<String>,
}

/// A mistake in a `center.yml`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {problem}", at.line, at.column)]
pub struct ListError {
    /// The file as it was named.
    pub file: String,
    /// Where the mistake is.
    pub at: Position,
    /// What is wrong.
    pub problem: String,
    /// A likely remedy.
    pub hint: Option<String>,
}

impl ListError {
    fn new(file: &str, at: Position, problem: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            at,
            problem: problem.into(),
            hint: None,
        }
    }
}

#[cfg(test)]
mod tests;
