//! The `center.yml` that a fork begins with.

use super::{NewPackage, RemoteNames, Upstream, add_package};
use crate::CenterError;

/// What is known when the file is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InitialList {
    /// Where the fork came from.
    pub upstream: Upstream,
    /// Names of repositories.
    pub remotes: RemoteNames,
    /// Host and build profile by name or path.
    pub profiles: Vec<String>,
    /// The first packages.
    pub packages: Vec<NewPackage>,
}

/// The text of a new file.
///
/// # Errors
/// A package is there twice.
pub fn initial_list(initial: &InitialList) -> Result<String, CenterError> {
    let InitialList {
        upstream, remotes, ..
    } = initial;
    let default = [String::from("default")];
    let profiles: String = if initial.profiles.is_empty() {
        &default[..]
    } else {
        &initial.profiles[..]
    }
    .iter()
    .map(|profile| format!("  - {{host: {profile}, build: {profile}}}\n"))
    .collect();
    let mut text = format!(
        "# What this company builds of its fork of conan-center-index. Reviewed like code.\n\
         upstream: {{remote: {}, branch: {}}}\n\
         # Versions or ranges; with options, every combination of them is built.\n\
         packages:\n\
         # For what: paths in this folder, or names of profiles in the Conan home.\n\
         profiles:\n{profiles}\
         # Names in the home's remotes.json. Only 'promote' writes to production.\n\
         remotes: {{test: {}, production: {}}}\n\
         # Folders with a conanfile that must build against 'test' before anything is promoted.\n\
         verify: []\n",
        upstream.remote, upstream.branch, remotes.test, remotes.production
    );
    for package in &initial.packages {
        text = add_package(&text, "center.yml", package)?;
    }
    Ok(text)
}
