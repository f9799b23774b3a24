//! What somebody should look at before a merge: licences and hosts that weren't there.

use std::collections::{BTreeMap, BTreeSet};

use super::Side;
use super::report::{NewHost, NewLicence};
use crate::CenterError;
use crate::plan::{Outcome, Plan};
use crate::recipe_data::RecipeData;

/// Licences that a package gets.
pub(super) fn new_licences(now: &Plan, after: &Plan) -> Vec<NewLicence> {
    let of = |plan: &Plan| -> BTreeMap<String, BTreeSet<String>> {
        let mut licences: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for package in plan.packages.values() {
            let name = package.reference.split('/').next().unwrap_or_default();
            let own = licences.entry(name.to_owned()).or_default();
            own.extend(package.license.iter().cloned());
        }
        licences
    };
    let (now, after) = (of(now), of(after));
    let anywhere: BTreeSet<&String> = now.values().flatten().collect();
    let mut found = Vec::new();
    for (name, licences) in &after {
        let before = now.get(name);
        for licence in licences {
            if before.is_none_or(|it| !it.contains(licence)) {
                found.push(NewLicence {
                    recipe: name.clone(),
                    licence: licence.clone(),
                    was: before
                        .map(|it| it.iter().cloned().collect())
                        .unwrap_or_default(),
                    new_to_fork: !anywhere.contains(licence),
                });
            }
        }
    }
    found
}

/// Hosts that sources come from after the merge, and didn't before.
pub(super) fn new_hosts(now: &Side<'_>, after: &Side<'_>) -> Result<Vec<NewHost>, CenterError> {
    let known = hosts(now)?;
    let mut found = hosts(after)?;
    found.retain(|host, _| !known.contains_key(host));
    let host = |(host, references)| NewHost { host, references };
    Ok(found.into_iter().map(host).collect())
}

/// `name/version` by the hosts that their sources come from.
fn hosts(side: &Side<'_>) -> Result<BTreeMap<String, BTreeSet<String>>, CenterError> {
    let mut hosts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, versions) in &side.closure {
        for version in versions {
            let Some(data) = RecipeData::read(side.root, name, version)? else {
                continue;
            };
            for url in data.sources(version).iter().flat_map(|it| &it.urls) {
                if let Some(host) = host(url) {
                    let references = hosts.entry(host).or_default();
                    references.insert(format!("{name}/{version}"));
                }
            }
        }
    }
    Ok(hosts)
}

/// The host of an address, in lower case, without user and port.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Combinations that can't be resolved after the merge, but can now.
pub(super) fn new_failures(now: &Plan, after: &Plan) -> Vec<String> {
    let failed = |plan: &Plan| -> BTreeMap<String, String> {
        let name = |it: &crate::plan::Combination| {
            format!("{} [{}] {}", it.listed, it.profile, it.options.join(" "))
                .trim()
                .to_owned()
        };
        let problem = |it: &crate::plan::Combination| match &it.outcome {
            Outcome::Failed(problem) => Some((name(it), problem.clone())),
            _ => None,
        };
        plan.combinations.iter().filter_map(problem).collect()
    };
    let known = failed(now);
    let new = failed(after)
        .into_iter()
        .filter(|(name, _)| !known.contains_key(name));
    new.map(|(name, problem)| format!("{name}: {problem}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn hosts_of_addresses() {
        assert_eq!(
            host("https://u:p@GitHub.com:443/a?b").as_deref(),
            Some("github.com")
        );
        assert_eq!(host("file:///a/b"), None);
        assert_eq!(host("a/b"), None);
    }
}
