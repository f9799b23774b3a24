use super::{PackageReference, RecipeReference, ReferenceError};
use crate::conf::fnmatch;
use crate::version_range::{VersionRange, VersionRangeError};

/// A pattern of `list`, `remove`, `upload`, `download`:
/// `name/version[@user/channel][#rrev][:package_id[#prev]]`.
///
/// Name, version, user, channel, package id and revisions may have wildcards; the version may be a
/// range; a revision may be `latest`, or `!latest`/`~latest` for all but the latest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefPattern {
    /// As given.
    pub raw: String,
    /// The part before revisions and package id.
    pub reference: String,
    /// Name pattern.
    pub name: String,
    /// Version pattern or range, if given.
    pub version: Option<String>,
    /// User pattern, if given.
    pub user: Option<String>,
    /// Channel pattern, if given.
    pub channel: Option<String>,
    /// Recipe revision pattern.
    pub rrev: Option<String>,
    /// Package id pattern.
    pub package_id: Option<String>,
    /// Package revision pattern.
    pub prev: Option<String>,
}

/// What a [`RefPattern`] assumes where the expression says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefPatternDefaults {
    /// Recipe revision: usually `latest`; none means that revisions aren't asked for.
    pub rrev: Option<String>,
    /// Package id.
    pub package_id: Option<String>,
    /// Package revision.
    pub prev: Option<String>,
    /// A package id in the expression is an error (`--only-recipe`).
    pub only_recipe: bool,
}

impl Default for RefPatternDefaults {
    fn default() -> Self {
        Self {
            rrev: Some("latest".to_owned()),
            package_id: None,
            prev: Some("latest".to_owned()),
            only_recipe: false,
        }
    }
}

impl RefPatternDefaults {
    /// Nothing is assumed: `name/version` is a recipe without revisions (`list`, `remove`).
    pub fn none() -> Self {
        Self {
            rrev: None,
            package_id: None,
            prev: None,
            only_recipe: false,
        }
    }
}

impl RefPattern {
    /// Parses an expression.
    pub fn parse(expression: &str, defaults: &RefPatternDefaults) -> Result<Self, ReferenceError> {
        let (recipe, package) = split_nonempty(expression, ':');
        let (reference, rrev) = split_nonempty(recipe, '#');
        if reference.is_empty() {
            return Err(ReferenceError::new(format!(
                "'{expression}' is not a valid pattern: it has no package name"
            )));
        }
        if package.is_some() && defaults.only_recipe {
            return Err(ReferenceError::new(
                "Do not specify 'package_id' with 'only-recipe'",
            ));
        }
        let (package_id, prev) = match package {
            Some(package) => {
                let (package_id, prev) = split_nonempty(package, '#');
                (Some(package_id.to_owned()), prev)
            }
            None => (None, None),
        };
        let (name_version, user_channel) = split_nonempty(reference, '@');
        let (name, version) = split_nonempty(name_version, '/');
        let (user, channel) = user_channel.map_or((None, None), |text| {
            let (user, channel) = split_nonempty(text, '/');
            (Some(user), channel)
        });
        let without_time = |revision: &str| match revision.split_once('%') {
            Some((revision, _)) => revision.to_owned(),
            None => revision.to_owned(),
        };
        Ok(Self {
            raw: expression.to_owned(),
            reference: reference.to_owned(),
            name: name.to_owned(),
            version: version.map(str::to_owned),
            user: user.map(str::to_owned),
            channel: channel.map(str::to_owned),
            rrev: rrev.map(without_time).or_else(|| defaults.rrev.clone()),
            package_id: package_id.or_else(|| defaults.package_id.clone()),
            prev: prev.map(without_time).or_else(|| defaults.prev.clone()),
        })
    }

    /// The shell pattern for `name/version[@user/channel]` with which candidates are searched: a
    /// range becomes `*`.
    pub fn search_ref(&self) -> String {
        if !self.is_range() {
            return self.reference.clone();
        }
        let mut text = format!("{}/*", self.name);
        if let Some(user) = &self.user {
            text.push('@');
            text.push_str(user);
            if let Some(channel) = &self.channel {
                text.push('/');
                text.push_str(channel);
            }
        }
        text
    }

    /// The one reference that it names, when nothing has to be searched: no wildcards, no range, and
    /// revisions are asked for.
    pub fn exact_ref(&self) -> Option<RecipeReference> {
        if self.rrev.is_none() || self.is_range() || self.reference.contains('*') {
            return None;
        }
        RecipeReference::loads(&self.reference).ok()
    }

    /// True if it names one reference without wildcards (an empty result is then an error).
    pub fn is_exact_ref(&self) -> bool {
        self.exact_ref().is_some()
    }

    /// True if the version is a range.
    pub fn is_range(&self) -> bool {
        self.range_expression().is_some()
    }

    /// The revision is `latest`.
    pub fn is_latest_rrev(&self) -> bool {
        self.rrev.as_deref() == Some("latest")
    }

    /// The package revision is `latest`.
    pub fn is_latest_prev(&self) -> bool {
        self.prev.as_deref() == Some("latest")
    }

    /// References whose version is in the range; all if the version isn't a range.
    pub fn filter_versions(
        &self,
        refs: Vec<RecipeReference>,
        resolve_prereleases: Option<bool>,
    ) -> Result<Vec<RecipeReference>, VersionRangeError> {
        let Some(expression) = self.range_expression() else {
            return Ok(refs);
        };
        let range = VersionRange::parse(expression)?;
        Ok(refs
            .into_iter()
            .filter(|reference| range.contains(&reference.version, resolve_prereleases))
            .collect())
    }

    /// Revisions that match, of a list with the newest first. An error if a revision without
    /// wildcard isn't there.
    pub fn filter_rrevs(
        &self,
        rrevs: Vec<RecipeReference>,
    ) -> Result<Vec<RecipeReference>, ReferenceError> {
        let found = filter_revisions(rrevs, self.rrev.as_deref(), |r| r.revision.as_deref());
        self.check("Recipe revision", &self.rrev, &found)?;
        Ok(found)
    }

    /// Packages that match. An error if an id without wildcard isn't there.
    pub fn filter_prefs(
        &self,
        prefs: Vec<PackageReference>,
    ) -> Result<Vec<PackageReference>, ReferenceError> {
        let pattern = self.package_id.as_deref().unwrap_or("*");
        let found: Vec<_> = prefs
            .into_iter()
            .filter(|pref| fnmatch(pattern, &pref.package_id))
            .collect();
        self.check("Package ID", &self.package_id, &found)?;
        Ok(found)
    }

    /// Package revisions that match, of a list with the newest first. An error if a revision without
    /// wildcard isn't there.
    pub fn filter_prevs(
        &self,
        prevs: Vec<PackageReference>,
    ) -> Result<Vec<PackageReference>, ReferenceError> {
        let found = filter_revisions(prevs, self.prev.as_deref(), |p| p.revision.as_deref());
        self.check("Package revision", &self.prev, &found)?;
        Ok(found)
    }

    /// An error when nothing was found for an expression without wildcards.
    pub fn check_refs(&self, refs: &[RecipeReference]) -> Result<(), ReferenceError> {
        if refs.is_empty() && !self.reference.contains('*') {
            return Err(ReferenceError::new(format!(
                "Recipe '{}' not found",
                self.reference
            )));
        }
        Ok(())
    }

    fn check<T>(
        &self,
        what: &str,
        pattern: &Option<String>,
        found: &[T],
    ) -> Result<(), ReferenceError> {
        let wild = pattern.as_deref().is_none_or(|text| text.contains('*'));
        if found.is_empty() && !wild {
            let message = if what == "Recipe revision" {
                let rrev = pattern.as_deref().unwrap_or_default();
                format!("{what} '{}#{rrev}' not found", self.reference)
            } else {
                format!("{what} '{}' not found", self.raw)
            };
            return Err(ReferenceError::new(message));
        }
        Ok(())
    }

    fn range_expression(&self) -> Option<&str> {
        self.version
            .as_deref()?
            .strip_prefix('[')?
            .strip_suffix(']')
    }
}

/// The part before the separator, and the part after it unless that is empty.
fn split_nonempty(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, (!after.is_empty()).then_some(after)),
        None => (text, None),
    }
}

/// `latest` is resolved by whoever lists (it gives only the latest); here only `!latest` and
/// `~latest` drop the first.
fn filter_revisions<T>(
    items: Vec<T>,
    pattern: Option<&str>,
    revision: impl Fn(&T) -> Option<&str>,
) -> Vec<T> {
    match pattern {
        None => items,
        Some("!latest" | "~latest") => items.into_iter().skip(1).collect(),
        Some("latest") => items.into_iter().take(1).collect(),
        Some(pattern) => items
            .into_iter()
            .filter(|item| revision(item).is_some_and(|text| fnmatch(pattern, text)))
            .collect(),
    }
}
