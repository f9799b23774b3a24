//! Version ranges become versions.

use std::collections::HashMap;

use crom_model::reference::RecipeReference;
use crom_model::requirement::Requirement;
use crom_model::version_range::VersionRange;
use indexmap::IndexMap;

use crate::catalog::{Catalog, CatalogError};
use crate::request::UpdatePolicy;

/// How many versions of an origin an error lists.
const SHOWN: usize = 10;

/// Picks versions for ranges: the newest in the cache, else the newest in the first remote that
/// has one. With an update, the newest of all.
#[derive(Debug)]
pub(crate) struct RangeResolver<'a> {
    catalog: &'a dyn Catalog,
    update: &'a UpdatePolicy,
    resolve_prereleases: Option<bool>,
    cached: HashMap<String, Vec<RecipeReference>>,
    remote: HashMap<(String, String), Vec<RecipeReference>>,
    /// Ranges that were resolved, as required.
    pub(crate) resolved: IndexMap<String, RecipeReference>,
}

impl<'a> RangeResolver<'a> {
    pub(crate) fn new(
        catalog: &'a dyn Catalog,
        update: &'a UpdatePolicy,
        resolve_prereleases: Option<bool>,
    ) -> Self {
        Self {
            catalog,
            update,
            resolve_prereleases,
            cached: HashMap::new(),
            remote: HashMap::new(),
            resolved: IndexMap::new(),
        }
    }

    /// Replaces the range of a requirement by a version; does nothing where there's no range.
    /// `required_by` is for the message.
    pub(crate) fn resolve(
        &mut self,
        require: &mut Requirement,
        required_by: &str,
    ) -> Result<(), CatalogError> {
        let range = match require.version_range() {
            None => return Ok(()),
            Some(Ok(range)) => range,
            Some(Err(error)) => return Err(CatalogError::Failed(error.to_string())),
        };
        let key = require.reference.to_string();
        if let Some(found) = self.resolved.get(&key) {
            require.reference = found.clone();
            return Ok(());
        }
        let mut search = require.reference.clone();
        search.version = "*".into();
        search.revision = None;
        search.timestamp = None;
        let update = self.update.wants(&search);
        let mut found = self.in_cache(&search, &range)?;
        if found.is_none() || update {
            let remote = self.in_remotes(&search, &range, update)?;
            let newer = match (&found, &remote) {
                (None, _) => true,
                (Some(found), Some(remote)) => found.version < remote.version,
                (Some(_), None) => false,
            };
            if newer {
                found = remote;
            }
        }
        let Some(mut found) = found else {
            let text = format!(
                "Version range '{range}' from requirement '{}' required by '{required_by}' could \
                 not be resolved",
                require.reference
            );
            return Err(match self.known_versions(&search) {
                None => CatalogError::NotFound(text),
                Some(hint) => CatalogError::Fixable {
                    message: text,
                    hint,
                },
            });
        };
        found.revision = None;
        found.timestamp = None;
        self.resolved.insert(key, found.clone());
        require.reference = found;
        Ok(())
    }

    /// `versions of zlib: 1.2.11 (cache), 1.3 (center)`, of what was looked at.
    fn known_versions(&self, search: &RecipeReference) -> Option<String> {
        let key = search.to_string();
        let mut known: Vec<String> = Vec::new();
        let mut add = |versions: &[RecipeReference], origin: &str| {
            let shown = versions.iter().take(SHOWN);
            known.extend(shown.map(|it| format!("{} ({origin})", it.version)));
            if versions.len() > SHOWN {
                known.push(format!("{} more ({origin})", versions.len() - SHOWN));
            }
        };
        add(
            self.cached.get(&key).map_or(&[][..], Vec::as_slice),
            "cache",
        );
        for remote in self.catalog.remotes(search) {
            let versions = self.remote.get(&(remote.clone(), key.clone()));
            add(versions.map_or(&[][..], Vec::as_slice), &remote);
        }
        let name = search.name.as_str();
        (!known.is_empty()).then(|| format!("versions of {name}: {}", known.join(", ")))
    }

    fn in_cache(
        &mut self,
        search: &RecipeReference,
        range: &VersionRange,
    ) -> Result<Option<RecipeReference>, CatalogError> {
        let key = search.to_string();
        if !self.cached.contains_key(&key) {
            let found = sorted(self.catalog.cached_versions(search)?, search);
            self.cached.insert(key.clone(), found);
        }
        let versions = self.cached.get(&key).map_or(&[][..], Vec::as_slice);
        Ok(newest(versions, range, self.resolve_prereleases))
    }

    fn in_remotes(
        &mut self,
        search: &RecipeReference,
        range: &VersionRange,
        update: bool,
    ) -> Result<Option<RecipeReference>, CatalogError> {
        let mut candidates = Vec::new();
        for remote in self.catalog.remotes(search) {
            let key = (remote.clone(), search.to_string());
            if !self.remote.contains_key(&key) {
                let found = sorted(self.catalog.remote_versions(&remote, search)?, search);
                self.remote.insert(key.clone(), found);
            }
            let versions = self.remote.get(&key).map_or(&[][..], Vec::as_slice);
            if let Some(found) = newest(versions, range, self.resolve_prereleases) {
                if !update {
                    return Ok(Some(found));
                }
                candidates.push(found);
            }
        }
        Ok(candidates.into_iter().max())
    }
}

/// Newest first, and only those of the same user and channel.
fn sorted(mut found: Vec<RecipeReference>, search: &RecipeReference) -> Vec<RecipeReference> {
    found.retain(|it| it.user == search.user && it.channel == search.channel);
    found.sort_by(|a, b| b.version.cmp(&a.version));
    found
}

fn newest(
    versions: &[RecipeReference],
    range: &VersionRange,
    resolve_prereleases: Option<bool>,
) -> Option<RecipeReference> {
    versions
        .iter()
        .find(|it| range.contains(&it.version, resolve_prereleases))
        .cloned()
}
