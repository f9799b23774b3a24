use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{OptionsDefinition, OptionsError, python_list};

/// The options of one package.
///
/// With a definition, names and values are checked. Without one (values for other packages, the
/// copy for the package id) every name and value is accepted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PackageOptions {
    options: IndexMap<String, PackageOption>,
    constrained: bool,
    frozen: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct PackageOption {
    value: Option<String>,
    possible: Option<Vec<Option<String>>>,
    important: bool,
}

/// What a value is for a condition: `if self.options.x`.
const FALSE: [&str; 5] = ["", "false", "none", "0", "off"];

impl PackageOptions {
    /// Every option of the definition, unset.
    pub fn new(definition: &OptionsDefinition) -> Self {
        let options = definition.possible.iter().map(|(name, possible)| {
            let option = PackageOption {
                possible: Some(possible.clone()),
                ..PackageOption::default()
            };
            (name.clone(), option)
        });
        Self {
            options: options.collect(),
            constrained: true,
            frozen: false,
        }
    }

    /// Without definition: all names and values are accepted.
    pub fn from_values(values: impl IntoIterator<Item = (String, Option<String>)>) -> Self {
        let options = values.into_iter().map(|(name, value)| {
            let option = PackageOption {
                value,
                ..PackageOption::default()
            };
            (name, option)
        });
        Self {
            options: options.collect(),
            ..Self::default()
        }
    }

    /// Is there such an option?
    pub fn contains(&self, name: &str) -> bool {
        self.options.contains_key(name)
    }

    /// `self.options.x`: its value, none if unset; an error if there's no such option.
    pub fn get(&self, name: &str) -> Result<Option<&str>, OptionsError> {
        Ok(self.option(name)?.value.as_deref())
    }

    /// `self.options.get_safe(x)`: none if unset or if there's no such option.
    pub fn get_safe(&self, name: &str) -> Option<&str> {
        self.options.get(name)?.value.as_deref()
    }

    /// `self.options.x = value`; none is Python's `None`.
    pub fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), OptionsError> {
        self.assign(name, value, false)
    }

    /// As [`set`](Self::set). An important value (`name!=value`) isn't replaced by one that is not.
    pub fn assign(
        &mut self,
        name: &str,
        value: Option<&str>,
        important: bool,
    ) -> Result<(), OptionsError> {
        if !self.constrained && !self.options.contains_key(name) {
            self.options
                .insert(name.to_owned(), PackageOption::default());
        }
        let option = self.option(name)?;
        option.check(name, value)?;
        if option.important && !important {
            return Ok(());
        }
        if self.frozen && option.value.is_some() && option.value.as_deref() != value {
            return Err(OptionsError::Frozen {
                name: name.to_owned(),
                old: option.value.clone().unwrap_or_default(),
                new: value.unwrap_or("None").to_owned(),
            });
        }
        if let Some(option) = self.options.get_mut(name) {
            option.value = value.map(str::to_owned);
            option.important = important;
        }
        Ok(())
    }

    /// `del self.options.x`: allowed even when frozen.
    pub fn remove(&mut self, name: &str) -> Result<(), OptionsError> {
        self.option(name)?;
        self.options.shift_remove(name);
        Ok(())
    }

    /// `self.options.rm_safe(x)`: nothing happens if there's no such option.
    pub fn rm_safe(&mut self, name: &str) {
        self.options.shift_remove(name);
    }

    /// `self.options.x == other`: an error if `other` isn't possible.
    pub fn check_value(&self, name: &str, other: Option<&str>) -> Result<bool, OptionsError> {
        let option = self.option(name)?;
        if other.is_some() {
            option.check(name, other)?;
        }
        Ok(option.value.as_deref() == other)
    }

    /// `if self.options.x`: false for unset and for "", "false", "none", "0", "off" in any case.
    pub fn is_true(&self, name: &str) -> Result<bool, OptionsError> {
        let value = self.get(name)?;
        Ok(value.is_some_and(|value| !FALSE.contains(&value.to_lowercase().as_str())))
    }

    /// True if the value was given as `name!=value`.
    pub fn is_important(&self, name: &str) -> bool {
        self.options
            .get(name)
            .is_some_and(|option| option.important)
    }

    /// Name and value, sorted by name, as `self.options.items()`.
    pub fn items(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let mut items: Vec<_> = self.iter().collect();
        items.sort_by_key(|(name, _)| *name);
        items.into_iter()
    }

    /// Name and value in the order of the definition.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.options
            .iter()
            .map(|(name, option)| (name.as_str(), option.value.as_deref()))
    }

    /// `self.options.possible_values`, in the order of the definition. Options that accept
    /// everything have no values.
    pub fn possible_values(&self) -> IndexMap<String, Vec<Option<String>>> {
        let pairs = self.options.iter();
        pairs
            .map(|(name, option)| (name.clone(), option.possible.clone().unwrap_or_default()))
            .collect()
    }

    /// Names, in the order of the definition.
    pub fn names(&self) -> Vec<&str> {
        self.options.keys().map(String::as_str).collect()
    }

    /// An option without value that must have one is an error.
    pub fn validate(&self) -> Result<(), OptionsError> {
        let missing = self.options.iter().find(|(_, option)| {
            let may_be_unset = option
                .possible
                .as_ref()
                .is_none_or(|possible| possible.contains(&None));
            option.value.is_none() && !may_be_unset
        });
        match missing {
            Some((name, _)) => Err(OptionsError::NotDefined { name: name.clone() }),
            None => Ok(()),
        }
    }

    /// Removes all options.
    pub fn clear(&mut self) {
        self.options.clear();
    }

    /// No values change from now on; unset ones may be set once.
    pub fn freeze(&mut self) {
        self.frozen = true;
    }

    /// See [`freeze`](Self::freeze).
    pub fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// The copy that `package_id()` may change: every name and value is accepted.
    pub fn copy_for_info(&self) -> PackageOptions {
        Self::from_values(
            self.iter()
                .map(|(name, value)| (name.to_owned(), value.map(str::to_owned))),
        )
    }

    /// `name=value` lines, sorted, without the unset ones, joined by `\n`.
    pub fn dumps(&self) -> String {
        self.lines("").join("\n")
    }

    pub(super) fn lines(&self, prefix: &str) -> Vec<String> {
        let lines = self.items().filter_map(|(name, value)| {
            let sign = if self.is_important(name) { "!" } else { "" };
            Some(format!("{prefix}{name}{sign}={}", value?))
        });
        lines.collect()
    }

    /// For JSON: sorted, unset ones are null.
    pub fn serialize(&self) -> Map<String, Value> {
        self.items()
            .map(|(name, value)| (name.to_owned(), Value::from(value)))
            .collect()
    }

    /// Has it no options?
    pub fn is_empty(&self) -> bool {
        self.options.is_empty()
    }

    /// Takes over all set values of `other`.
    pub(super) fn update(&mut self, other: &PackageOptions) -> Result<(), OptionsError> {
        for (name, option) in &other.options {
            self.assign(name, option.value.as_deref(), option.important)?;
        }
        Ok(())
    }

    /// Adds an option to the definition.
    pub fn define(&mut self, name: &str, possible: Vec<Option<String>>) {
        let option = PackageOption {
            possible: Some(possible),
            ..PackageOption::default()
        };
        self.options.insert(name.to_owned(), option);
    }

    fn option(&self, name: &str) -> Result<&PackageOption, OptionsError> {
        self.options
            .get(name)
            .ok_or_else(|| OptionsError::NoSuchOption {
                name: name.to_owned(),
                possible: python_list(self.options.keys().map(|name| Some(name.as_str()))),
            })
    }
}

impl PackageOption {
    fn check(&self, name: &str, value: Option<&str>) -> Result<(), OptionsError> {
        let Some(possible) = &self.possible else {
            return Ok(());
        };
        let fits = possible.iter().any(|one| {
            one.as_deref() == value || (value.is_some() && one.as_deref() == Some("ANY"))
        });
        if fits {
            return Ok(());
        }
        Err(OptionsError::InvalidValue {
            name: name.to_owned(),
            value: value.unwrap_or("None").to_owned(),
            possible: python_list(possible.iter().map(Option::as_deref)),
        })
    }
}
