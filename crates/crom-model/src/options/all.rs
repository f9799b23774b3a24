use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{OptionsDefinition, OptionsError, PackageOptions};
use crate::conf::matches_package;
use crate::reference::RecipeReference;

/// A package's own options plus values for other packages by pattern: what `self.options`,
/// `default_options`, `[options]` of a profile and `-o` are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Its own options.
    pub own: PackageOptions,
    /// Values for other packages by pattern (`zlib/*`), in the order given.
    pub deps: IndexMap<String, PackageOptions>,
}

impl Options {
    /// From a recipe's `options` and `default_options` (`name`, `name!` or `pattern:name` to value).
    /// A default of none leaves the option unset.
    pub fn new(
        definition: &OptionsDefinition,
        defaults: &[(String, Option<String>)],
    ) -> Result<Self, OptionsError> {
        let mut options = Self {
            own: PackageOptions::new(definition),
            deps: IndexMap::new(),
        };
        for (key, value) in defaults {
            options
                .set(key, value.as_deref())
                .map_err(|error| OptionsError::Initializing(Box::new(error)))?;
        }
        Ok(options)
    }

    /// From the lines of a profile's `[options]`: `[pattern:]name[!]=value`. Comments and empty
    /// lines are skipped.
    pub fn loads(text: &str) -> Result<Self, OptionsError> {
        let mut options = Self::default();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line
                .split_once('=')
                .ok_or_else(|| OptionsError::Syntax(line.to_owned()))?;
            options
                .set(key.trim(), Some(value.trim()))
                .map_err(|error| OptionsError::Initializing(Box::new(error)))?;
        }
        Ok(options)
    }

    /// From pairs of `[pattern:]name[!]` and value.
    pub fn from_pairs(pairs: &[(String, Option<String>)]) -> Result<Self, OptionsError> {
        let mut options = Self::default();
        for (key, value) in pairs {
            options.set(key, value.as_deref())?;
        }
        Ok(options)
    }

    /// Sets an own option (`name`, `name!`) or one for other packages (`pattern:name`).
    pub fn set(&mut self, key: &str, value: Option<&str>) -> Result<(), OptionsError> {
        let (pattern, name) = match key.split_once(':') {
            Some((pattern, name)) => (Some(pattern), name),
            None => (None, key),
        };
        let (name, important) = match name.strip_suffix('!') {
            Some(name) => (name, true),
            None => (name, false),
        };
        match pattern {
            None => self.own.assign(name, value, important),
            Some(pattern) if !pattern.contains(['/', '*', '&']) => Err(OptionsError::PackageName {
                package: pattern.to_owned(),
                name: name.to_owned(),
            }),
            // Nothing is said about an option of another package without a value.
            Some(_) if value.is_none() => Ok(()),
            Some(pattern) => self.for_package_mut(pattern).assign(name, value, important),
        }
    }

    /// `self.options["pattern"]`, if anything was said about it.
    pub fn for_package(&self, pattern: &str) -> Option<&PackageOptions> {
        self.deps.get(pattern)
    }

    /// `self.options["pattern"]`, made on first use.
    pub fn for_package_mut(&mut self, pattern: &str) -> &mut PackageOptions {
        self.deps.entry(pattern.to_owned()).or_default()
    }

    /// Merges values of a profile or of the command line; `other` wins over what isn't important.
    pub fn update_options(&mut self, other: &Options) -> Result<(), OptionsError> {
        self.own.update(&other.own)?;
        for (pattern, options) in &other.deps {
            self.for_package_mut(pattern).update(options)?;
        }
        Ok(())
    }

    /// Adds options and values of a base class or a python require (`self.options.update()`).
    pub fn update(
        &mut self,
        definition: &OptionsDefinition,
        values: &[(String, Option<String>)],
    ) -> Result<(), OptionsError> {
        for (name, possible) in &definition.possible {
            self.own.define(name, possible.clone());
        }
        for (key, value) in values {
            self.set(key, value.as_deref())?;
        }
        Ok(())
    }

    /// Applies what consumers (`down`), then what the profile says to the own options, and freezes
    /// them. Without a reference (a consumer without name), values without pattern apply too. An
    /// unknown option is only ignored when the pattern has a wildcard.
    pub fn apply_downstream(
        &mut self,
        down: &Options,
        profile: &Options,
        own_ref: Option<&RecipeReference>,
        is_consumer: bool,
    ) -> Result<(), OptionsError> {
        for source in [down, profile] {
            if own_ref.is_none() {
                self.own.update(&source.own)?;
            }
            for (pattern, options) in &source.deps {
                if !matches_package(pattern, own_ref, is_consumer) {
                    continue;
                }
                for (name, value) in options.iter() {
                    if pattern.contains('*') && !self.own.contains(name) {
                        continue;
                    }
                    self.own.assign(name, value, options.is_important(name))?;
                }
            }
        }
        self.own.freeze();
        Ok(())
    }

    /// What this package and its consumers say about its dependencies: (everything, only for
    /// patterns that the package itself uses). Values of consumers win over those of the package.
    /// Takes the own values for dependencies out of `self`.
    pub fn get_upstream_options(
        &mut self,
        down: &Options,
        own_ref: Option<&RecipeReference>,
        is_consumer: bool,
    ) -> Result<(Options, Options), OptionsError> {
        let mut everything = Options {
            own: PackageOptions::default(),
            deps: std::mem::take(&mut self.deps),
        };
        let mut private = everything.clone();
        for (pattern, options) in &down.deps {
            let name = pattern.split('/').next().unwrap_or_default();
            if !name.contains('*') && matches_package(pattern, own_ref, is_consumer) {
                continue;
            }
            everything.for_package_mut(pattern).update(options)?;
            if let Some(mine) = private.deps.get_mut(pattern) {
                mine.update(options)?;
            }
        }
        Ok((everything, private))
    }

    /// Turns values without pattern into values for that reference: what `-o name=value` means for
    /// `--requires` or `create`.
    pub fn scope(&mut self, reference: &RecipeReference) {
        if self.own.is_empty() {
            return;
        }
        let own = std::mem::take(&mut self.own);
        self.deps.insert(reference.to_string(), own);
    }

    /// `name=value` lines and then `pattern:name=value` lines, each sorted, joined by `\n`.
    pub fn dumps(&self) -> String {
        let mut lines = self.own.lines("");
        for (pattern, options) in self.sorted_deps() {
            lines.extend(options.lines(&format!("{pattern}:")));
        }
        lines.join("\n")
    }

    /// For JSON: `name` and `pattern:name`, each sorted.
    pub fn serialize(&self) -> Map<String, Value> {
        let mut map = self.own.serialize();
        for (pattern, options) in self.sorted_deps() {
            for (name, value) in options.items() {
                map.insert(format!("{pattern}:{name}"), Value::from(value));
            }
        }
        map
    }

    /// Is nothing said at all?
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.deps.values().all(PackageOptions::is_empty)
    }

    /// No own values change from now on.
    pub fn freeze(&mut self) {
        self.own.freeze();
    }

    fn sorted_deps(&self) -> Vec<(&String, &PackageOptions)> {
        let mut deps: Vec<_> = self.deps.iter().collect();
        deps.sort_by_key(|(pattern, _)| *pattern);
        deps
    }
}
