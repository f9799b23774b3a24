//! What `list`, `remove`, `upload`, `cache save` and friends mean by a pattern.

use crom_model::conaninfo::ConanInfoText;
use crom_model::conf::fnmatch;
use crom_model::package_list::PackageList;
use crom_model::reference::{PackageReference, RecipeReference, RefPattern};
use crom_model::reporter::Reporter;
use rayon::prelude::*;
use serde_json::{Map, Value as Json};

use super::Cache;
use super::query::PackageQuery;
use crate::error::{Result, StoreError};

/// Which packages of those that match a pattern.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// `-p`
    pub query: Option<PackageQuery>,
    /// `-fs` and `-fo`
    pub filters: PackageFilters,
    /// `--lru`: only what wasn't used since this time (seconds since 1970). See [`age_limit`].
    pub not_used_since: Option<f64>,
}

impl Selection {
    /// Is a package with this `conaninfo.txt` (none where the file is gone) meant?
    pub fn wants(&self, info: Option<&ConanInfoText>) -> bool {
        if self.query.is_none() && self.filters.is_empty() {
            return true;
        }
        let empty = ConanInfoText::default();
        let info = info.unwrap_or(&empty);
        self.query.as_ref().is_none_or(|query| query.matches(info)) && self.filters.matches(info)
    }

    /// Refuses what only makes sense for deeper patterns.
    ///
    /// # Errors
    /// A query or filter without packages, `--lru` without revisions.
    pub fn check_depth(&self, pattern: &RefPattern) -> Result<()> {
        let filtered = self.query.is_some() || !self.filters.is_empty();
        if filtered && pattern.package_id.is_none() {
            return Err(StoreError::Invalid(
                "--package-query and --filter-xxx can only be done for binaries, a 'pkgname/version:*' pattern is necessary".to_owned(),
            ));
        }
        if self.not_used_since.is_some() {
            if pattern.rrev.is_none() {
                return Err(StoreError::Invalid(
                    "'--lru' must be used with recipe revision pattern, use 'pkg/version#*' argument"
                        .to_owned(),
                ));
            }
            if pattern.package_id.is_some() && pattern.prev.is_none() {
                return Err(StoreError::Invalid(
                    "'--lru' must be used with package revision pattern, use 'pkg/version:*#*' argument".to_owned(),
                ));
            }
        }
        Ok(())
    }
}

/// Values that a package must have been made with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageFilters {
    /// Setting and value.
    pub settings: Vec<(String, String)>,
    /// Option (a pattern before `:` is ignored) and value.
    pub options: Vec<(String, String)>,
}

impl PackageFilters {
    /// No filter at all?
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.options.is_empty()
    }

    fn matches(&self, info: &ConanInfoText) -> bool {
        let setting = |(name, value): &(String, String)| info.settings.get(name) == Some(value);
        let option = |(name, value): &(String, String)| {
            let name = name.rsplit(':').next().unwrap_or(name);
            info.options.get(name) == Some(value)
        };
        self.settings.iter().all(setting) && self.options.iter().all(option)
    }
}

/// The moment that `--lru=1d` means: what was used later is left alone. Units: seconds `s`, minutes
/// `m`, hours `h`, days `d`, weeks `w`.
///
/// # Errors
/// Not a number and a unit.
pub fn age_limit(text: &str) -> Result<f64> {
    let invalid = || {
        StoreError::Invalid(format!(
            "Unrecognized time interval '{text}': use a number and one of s, m, h, d, w"
        ))
    };
    let unit = text.chars().last().ok_or_else(invalid)?;
    let seconds = match unit {
        's' => 1.0,
        'm' => 60.0,
        'h' => 3600.0,
        'd' => 86_400.0,
        'w' => 604_800.0,
        _ => return Err(invalid()),
    };
    let count: f64 = text[..text.len() - unit.len_utf8()]
        .parse()
        .map_err(|_| invalid())?;
    Ok(super::naming::now() - count * seconds)
}

impl Cache {
    /// The part of the cache that a pattern means. Depth follows the pattern: without revision only
    /// references, without package id only recipe revisions, without package revision no package
    /// revisions.
    ///
    /// # Errors
    /// `Recipe 'x' not found` and the like for a pattern without wildcards that names nothing, a
    /// query or `--lru` on a pattern that isn't deep enough.
    pub fn select(
        &self,
        pattern: &RefPattern,
        selection: &Selection,
        reporter: &dyn Reporter,
    ) -> Result<PackageList> {
        // Packages without a word on recipe revisions are those of the latest.
        let mut pattern = pattern.clone();
        if pattern.package_id.is_some() && pattern.rrev.is_none() {
            pattern.rrev = Some("latest".to_owned());
        }
        let pattern = &pattern;
        selection.check_depth(pattern)?;
        let mut list = PackageList::default();
        for reference in self.matching_recipes(pattern, reporter)? {
            if pattern.rrev.is_none() {
                list.add_ref(&reference);
                continue;
            }
            for revision in self.matching_revisions(pattern, &reference)? {
                if pattern.package_id.is_none() {
                    if self.is_old_recipe(&revision, selection)? {
                        list.add_ref(&revision);
                    }
                    continue;
                }
                self.select_packages(pattern, selection, &revision, &mut list)?;
            }
        }
        Ok(list)
    }

    /// References without revision that a pattern names, sorted.
    fn matching_recipes(
        &self,
        pattern: &RefPattern,
        reporter: &dyn Reporter,
    ) -> Result<Vec<RecipeReference>> {
        // One reference with a revision isn't searched, it is looked up.
        if let Some(reference) = pattern.exact_ref() {
            let reference = reference.without_revision();
            let found: Vec<_> = if self.has_recipe(&reference)? {
                vec![reference]
            } else {
                Vec::new()
            };
            pattern.check_refs(&found)?;
            return Ok(found);
        }
        let search = pattern.search_ref();
        let found = self
            .all_recipes()?
            .into_iter()
            .filter(|reference| matches_search(reference, &search))
            .collect();
        let found = pattern
            .filter_versions(found, None)
            .map_err(|error| StoreError::Invalid(error.to_string()))?;
        pattern.check_refs(&found)?;
        reporter.status(
            "",
            &format!(
                "Found {} pkg/version recipes matching {search} in local cache",
                found.len()
            ),
        );
        Ok(found)
    }

    /// Revisions that a pattern names, oldest first.
    fn matching_revisions(
        &self,
        pattern: &RefPattern,
        reference: &RecipeReference,
    ) -> Result<Vec<RecipeReference>> {
        let mut revisions = self.recipe_revisions(reference)?;
        if !is_relative_to_latest(pattern.rrev.as_deref(), &mut revisions) {
            revisions = pattern.filter_rrevs(revisions)?;
        }
        revisions.reverse();
        Ok(revisions)
    }

    fn select_packages(
        &self,
        pattern: &RefPattern,
        selection: &Selection,
        recipe: &RecipeReference,
        list: &mut PackageList,
    ) -> Result<()> {
        let packages = pattern.filter_prefs(self.package_ids(recipe)?)?;
        let with_info: Vec<(PackageReference, Option<ConanInfoText>)> = packages
            .into_par_iter()
            .map(|package| {
                let info = self.conaninfo_of(&package);
                info.map(|info| (package, info))
            })
            .collect::<Result<_>>()?;
        list.add_ref(recipe);
        if let Some(entry) = list.recipe_dict_mut(recipe) {
            entry
                .entry("packages")
                .or_insert_with(|| Json::Object(Map::new()));
        }
        for (package, info) in with_info {
            if !selection.wants(info.as_ref()) {
                continue;
            }
            let json = || info.as_ref().map(|info| Json::Object(info.to_json()));
            if pattern.prev.is_none() {
                list.add_pref(&package, json());
                continue;
            }
            let mut revisions = self.package_revisions(&package)?;
            if !is_relative_to_latest(pattern.prev.as_deref(), &mut revisions) {
                revisions = pattern.filter_prevs(revisions)?;
            }
            revisions.reverse();
            let mut any = false;
            for revision in revisions {
                if self.is_old_package(&revision, selection)? {
                    list.add_pref(&revision, None);
                    any = true;
                }
            }
            // The JSON has the info after the revisions.
            if any {
                list.add_pref(&package, json());
            }
        }
        Ok(())
    }

    /// `conaninfo.txt` of the newest revision of a package; none where the file is gone.
    fn conaninfo_of(&self, package: &PackageReference) -> Result<Option<ConanInfoText>> {
        match self.package(package) {
            Ok(layout) => Ok(layout.conaninfo().ok()),
            Err(StoreError::PackageNotFound { .. } | StoreError::MissingFolder { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn is_old_recipe(&self, reference: &RecipeReference, selection: &Selection) -> Result<bool> {
        let Some(limit) = selection.not_used_since else {
            return Ok(true);
        };
        Ok(self
            .recipe_lru(reference)?
            .is_none_or(|lru| (lru as f64) < limit))
    }

    fn is_old_package(&self, package: &PackageReference, selection: &Selection) -> Result<bool> {
        let Some(limit) = selection.not_used_since else {
            return Ok(true);
        };
        Ok(self
            .package_lru(package)?
            .is_none_or(|lru| (lru as f64) < limit))
    }
}

/// fnmatch over `name`, `name/version` or the whole reference; a final `@` means "without user".
fn matches_search(reference: &RecipeReference, search: &str) -> bool {
    let key = super::naming::reference_key(reference);
    match search.strip_suffix('@') {
        Some(plain) => reference.user.is_none() && fnmatch(plain, &key),
        None => {
            fnmatch(search, &key)
                || fnmatch(search, key.split('@').next().unwrap_or(&key))
                || fnmatch(search, &reference.name)
        }
    }
}

/// `latest`, `!latest` and `~latest`: keeps what they mean of a list with the newest first. False
/// for any other pattern. Nothing found is no error for these.
fn is_relative_to_latest<T>(pattern: Option<&str>, revisions: &mut Vec<T>) -> bool {
    match pattern {
        Some("latest") => revisions.truncate(1),
        Some("!latest" | "~latest") => drop(revisions.drain(..revisions.len().min(1))),
        _ => return false,
    }
    true
}
