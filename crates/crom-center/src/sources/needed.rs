//! What a closure needs: archives by their addresses, patches by their files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use indexmap::IndexMap;

use crate::closure::Closure;
use crate::recipe_data::RecipeData;
use crate::{CenterError, Fork};

/// A file that some versions need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Needed {
    /// Its addresses; for a patch its path in the fork.
    pub(super) urls: Vec<String>,
    /// What it must be.
    pub(super) sha256: Option<String>,
    /// The file of a patch.
    pub(super) patch: Option<PathBuf>,
    /// `name/version` of those that need it.
    pub(super) references: BTreeSet<String>,
}

/// Everything that the versions of a closure need, each file once.
pub(super) fn needed(fork: &Fork, closure: &Closure) -> Result<Vec<Needed>, CenterError> {
    let mut found: IndexMap<String, Needed> = IndexMap::new();
    let mut add = |key: String, needed: Needed| {
        let known = found.entry(key).or_insert_with(|| Needed {
            urls: Vec::new(),
            references: BTreeSet::new(),
            ..needed.clone()
        });
        for url in needed.urls {
            if !known.urls.contains(&url) {
                known.urls.push(url);
            }
        }
        known.references.extend(needed.references);
    };
    for (name, versions) in closure {
        for version in versions {
            let Some(data) = RecipeData::read(&fork.root, name, version)? else {
                continue;
            };
            let references = BTreeSet::from([format!("{name}/{version}")]);
            for source in data.sources(version) {
                let key = source
                    .sha256
                    .clone()
                    .unwrap_or_else(|| source.urls.join(" "));
                let needed = Needed {
                    urls: source.urls,
                    sha256: source.sha256,
                    patch: None,
                    references: references.clone(),
                };
                add(key, needed);
            }
            for patch in data.patches(version) {
                let path = format!("recipes/{name}/{}/{patch}", data.folder_name);
                let needed = Needed {
                    urls: vec![path.clone()],
                    sha256: None,
                    patch: Some(data.folder.join(&patch)),
                    references: references.clone(),
                };
                add(path, needed);
            }
        }
    }
    Ok(found.into_values().collect())
}
