//! The confs of one package.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::pattern::fnmatch;
use super::{ConfError, ConfType, ConfValue, check_name};

/// Conf values without patterns: `self.conf` of a recipe, `conf_info` of a package.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conf {
    items: IndexMap<String, Item>,
}

/// One conf. Unset ones (`=!`) stay as `None`, they hide what others define.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Item {
    value: ConfValue,
    /// For a list that was appended or prepended to nothing: where the items of the definition
    /// below belong.
    previous_at: Option<usize>,
    /// A dictionary that is merged into the one of the definition below.
    update: bool,
    /// Relative paths inside are relative to a base folder.
    path: bool,
    /// `name!=value`: survives definitions with more priority.
    important: bool,
}

impl Item {
    fn new(value: ConfValue, path: bool) -> Self {
        Self {
            value,
            previous_at: None,
            update: false,
            path,
            important: false,
        }
    }

    /// What this item says on top of `other`.
    fn compose(&mut self, other: &Item) -> Result<(), ConfError> {
        let (newer, older) = (self.value.type_name(), other.value.type_name());
        let comparable = self.value.is_none()
            || other.value.is_none()
            || newer == older
            || (is_number(&self.value) && is_number(&other.value));
        if !comparable {
            return Err(ConfError::Compose { newer, older });
        }
        if other.important && !self.important {
            self.value = other.value.clone();
            self.previous_at = other.previous_at;
            self.update = other.update;
            self.path = other.path;
            return Ok(());
        }
        if let (Some(at), ConfValue::List(ours)) = (self.previous_at, &mut self.value) {
            self.previous_at = other.previous_at.map(|it| at + it);
            if let ConfValue::List(theirs) = &other.value {
                ours.splice(at..at, theirs.iter().cloned());
            }
        } else if self.update
            && let ConfValue::Dict(ours) = &self.value
        {
            let mut merged = match &other.value {
                ConfValue::Dict(theirs) => theirs.clone(),
                _ => Vec::new(),
            };
            merge_entries(&mut merged, ours);
            self.value = ConfValue::Dict(merged);
            self.update = other.update;
        }
        Ok(())
    }
}

fn is_number(value: &ConfValue) -> bool {
    matches!(
        value,
        ConfValue::Bool(_) | ConfValue::Int(_) | ConfValue::Float(_)
    )
}

fn merge_entries(target: &mut Vec<(ConfValue, ConfValue)>, source: &[(ConfValue, ConfValue)]) {
    for (key, value) in source {
        match target.iter_mut().find(|(it, _)| it == key) {
            Some((_, slot)) => *slot = value.clone(),
            None => target.push((key.clone(), value.clone())),
        }
    }
}

fn into_items(value: ConfValue) -> Vec<ConfValue> {
    match value {
        ConfValue::List(items) => items,
        single => vec![single],
    }
}

impl Conf {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// `conf.define(name, value)`
    pub fn define(&mut self, name: &str, value: ConfValue) {
        self.items.insert(name.to_owned(), Item::new(value, false));
    }

    /// `conf.define_path(name, value)`
    pub fn define_path(&mut self, name: &str, value: ConfValue) {
        self.items.insert(name.to_owned(), Item::new(value, true));
    }

    /// `conf.unset(name)`
    pub fn unset(&mut self, name: &str) {
        self.define(name, ConfValue::None);
    }

    /// `conf.append(name, value)`: one value, or the items of a list.
    pub fn append(&mut self, name: &str, value: ConfValue) -> Result<(), ConfError> {
        self.extend(name, value, false, false)
    }

    /// `conf.append_path(name, value)`
    pub fn append_path(&mut self, name: &str, value: ConfValue) -> Result<(), ConfError> {
        self.extend(name, value, true, false)
    }

    /// `conf.prepend(name, value)`
    pub fn prepend(&mut self, name: &str, value: ConfValue) -> Result<(), ConfError> {
        self.extend(name, value, false, true)
    }

    /// `conf.prepend_path(name, value)`
    pub fn prepend_path(&mut self, name: &str, value: ConfValue) -> Result<(), ConfError> {
        self.extend(name, value, true, true)
    }

    fn extend(
        &mut self,
        name: &str,
        value: ConfValue,
        path: bool,
        front: bool,
    ) -> Result<(), ConfError> {
        let new = into_items(value);
        let Some(item) = self.items.get_mut(name) else {
            let previous_at = Some(if front { new.len() } else { 0 });
            let item = Item {
                previous_at,
                ..Item::new(ConfValue::List(new), path)
            };
            self.items.insert(name.to_owned(), item);
            return Ok(());
        };
        let ConfValue::List(items) = &mut item.value else {
            return Err(if front {
                ConfError::PrependToNoList
            } else {
                ConfError::AppendToNoList
            });
        };
        if front {
            item.previous_at = item.previous_at.map(|it| it + new.len());
            items.splice(0..0, new);
        } else {
            items.extend(new);
        }
        Ok(())
    }

    /// `conf.update(name, dictionary)`: merges into the dictionary that is there.
    pub fn update(&mut self, name: &str, value: ConfValue) -> Result<(), ConfError> {
        self.merge(name, value, false)
    }

    /// `conf.update_path(name, dictionary)`
    pub fn update_path(&mut self, name: &str, value: ConfValue) -> Result<(), ConfError> {
        self.merge(name, value, true)
    }

    fn merge(&mut self, name: &str, value: ConfValue, path: bool) -> Result<(), ConfError> {
        let ConfValue::Dict(new) = &value else {
            return Err(ConfError::UpdateNoDict);
        };
        match self.items.get_mut(name) {
            Some(item) => match &mut item.value {
                ConfValue::Dict(entries) => merge_entries(entries, new),
                _ => return Err(ConfError::UpdateNoDict),
            },
            None => {
                let item = Item {
                    update: true,
                    ..Item::new(value, path)
                };
                self.items.insert(name.to_owned(), item);
            }
        }
        Ok(())
    }

    /// `conf.remove(name, value)`: takes an item out of a list or a key out of a dictionary.
    pub fn remove(&mut self, name: &str, value: &ConfValue) -> Result<(), ConfError> {
        let item = self
            .items
            .get_mut(name)
            .ok_or_else(|| ConfError::NothingToRemove(name.to_owned()))?;
        let removed = match &mut item.value {
            ConfValue::List(items) => items.iter().position(|it| it == value).map(|at| {
                items.remove(at);
                item.previous_at = item.previous_at.map(|it| if at < it { it - 1 } else { it });
            }),
            ConfValue::Dict(entries) => {
                entries.iter().position(|(key, _)| key == value).map(|at| {
                    entries.remove(at);
                })
            }
            // Conan ignores this on other values.
            _ => Some(()),
        };
        removed.ok_or_else(|| ConfError::ValueNotThere {
            name: name.to_owned(),
            value: value.to_python_repr(),
        })
    }

    /// Marks a conf as `name!=value`.
    pub(super) fn mark_important(&mut self, name: &str) {
        if let Some(item) = self.items.get_mut(name) {
            item.important = true;
        }
    }

    /// `conf.get(name)`: none when it isn't there or is unset. An error for a `core` or `tools`
    /// conf that doesn't exist.
    pub fn get(&self, name: &str) -> Result<Option<ConfValue>, ConfError> {
        check_name(name)?;
        let value = self.items.get(name).map(|it| &it.value);
        Ok(value.filter(|it| !it.is_none()).cloned())
    }

    /// `conf.get(name, check_type=kind)`
    pub fn get_as(&self, name: &str, kind: ConfType) -> Result<Option<ConfValue>, ConfError> {
        let Some(value) = self.get(name)? else {
            return Ok(None);
        };
        let fits = match kind {
            ConfType::Str => return Ok(Some(ConfValue::Str(value.to_python_str()))),
            ConfType::Bool => return to_bool(name, &value).map(|it| Some(ConfValue::Bool(it))),
            other => other.as_str() == value.type_name(),
        };
        if fits {
            return Ok(Some(value));
        }
        Err(ConfError::WrongType {
            name: name.to_owned(),
            wanted: kind.as_str(),
            value: value.to_python_str(),
            found: value.type_name(),
        })
    }

    /// `conf.get(name, choices=[..])`
    pub fn get_choice(
        &self,
        name: &str,
        choices: &[ConfValue],
    ) -> Result<Option<ConfValue>, ConfError> {
        let value = self.get(name)?;
        if let Some(value) = &value
            && !choices.contains(value)
        {
            return Err(ConfError::NotAChoice {
                name: name.to_owned(),
                value: value.to_python_str(),
            });
        }
        Ok(value)
    }

    /// The value as text.
    pub fn get_str(&self, name: &str) -> Result<Option<String>, ConfError> {
        Ok(self.get(name)?.map(|it| it.to_python_str()))
    }

    /// The value as true or false.
    pub fn get_bool(&self, name: &str) -> Result<Option<bool>, ConfError> {
        self.get(name)?.map(|it| to_bool(name, &it)).transpose()
    }

    /// The value as a whole number.
    pub fn get_int(&self, name: &str) -> Result<Option<i64>, ConfError> {
        Ok(self.get_as(name, ConfType::Int)?.and_then(|it| match it {
            ConfValue::Int(value) => Some(value),
            _ => None,
        }))
    }

    /// The items of a list as texts; empty when there is none.
    pub fn get_list(&self, name: &str) -> Result<Vec<String>, ConfError> {
        let value = self.get_as(name, ConfType::List)?.unwrap_or_default();
        Ok(value
            .as_items()
            .unwrap_or(&[])
            .iter()
            .map(ConfValue::to_python_str)
            .collect())
    }

    /// A dictionary with its keys as texts; empty when there is none.
    pub fn get_dict(&self, name: &str) -> Result<IndexMap<String, ConfValue>, ConfError> {
        let value = self.get_as(name, ConfType::Dict)?.unwrap_or_default();
        let entries = value.as_entries().unwrap_or(&[]);
        Ok(entries
            .iter()
            .map(|(key, value)| (key.to_python_str(), value.clone()))
            .collect())
    }

    /// `conf.pop(name)`: takes it out.
    pub fn pop(&mut self, name: &str) -> Result<Option<ConfValue>, ConfError> {
        let value = self.get(name)?;
        self.items.shift_remove(name);
        Ok(value)
    }

    /// `conf.items()`: all of them, unset ones as `None`.
    pub fn items(&self) -> Vec<(String, ConfValue)> {
        self.items
            .iter()
            .map(|(name, item)| (name.clone(), item.value.clone()))
            .collect()
    }

    /// Those with a value whose name matches a pattern, as `config show` lists them.
    pub fn show(&self, pattern: &str) -> Vec<(String, ConfValue)> {
        let mut found = self.items();
        found.retain(|(name, _)| fnmatch(pattern, name));
        found
    }

    /// Adds what `other` says. This one has priority; lists that were appended or prepended and
    /// dictionaries that were updated are joined with those of `other`.
    pub fn compose_conf(&mut self, other: &Conf) -> Result<(), ConfError> {
        for (name, theirs) in &other.items {
            match self.items.get_mut(name) {
                Some(ours) => ours.compose(theirs)?,
                None => {
                    self.items.insert(name.clone(), theirs.clone());
                }
            }
        }
        Ok(())
    }

    /// `name=value` lines, sorted by name, joined by `\n`.
    pub fn dumps(&self) -> String {
        self.dump_lines().join("\n")
    }

    pub(super) fn dump_lines(&self) -> Vec<String> {
        let mut items: Vec<(&String, &Item)> = self.items.iter().collect();
        items.sort_by_key(|(name, _)| *name);
        items
            .into_iter()
            .map(|(name, item)| {
                let mark = if item.important { "!" } else { "" };
                let value = if item.value.is_none() {
                    "!".to_owned()
                } else {
                    item.value.to_python_str()
                };
                format!("{name}{mark}={value}")
            })
            .collect()
    }

    /// For JSON: names to values; unset is `"!"`, and important ones have a `!` after the name.
    pub fn serialize(&self) -> IndexMap<String, ConfValue> {
        self.items
            .iter()
            .map(|(name, item)| {
                let mark = if item.important { "!" } else { "" };
                let value = if item.value.is_none() {
                    ConfValue::from("!")
                } else {
                    item.value.clone()
                };
                (format!("{name}{mark}"), value)
            })
            .collect()
    }

    /// The confs that are part of the package id: those with a value that match one of the
    /// regular expressions in `tools.info.package_id:confs`.
    pub fn copy_conaninfo_conf(&self) -> Result<Conf, ConfError> {
        let mut result = Conf::new();
        for expression in self.get_list("tools.info.package_id:confs")? {
            let regex = regex::Regex::new(&format!("^(?:{expression})"))
                .map_err(|_| ConfError::BadExpression(expression.clone()))?;
            for (name, item) in &self.items {
                if regex.is_match(name) && item.value.is_truthy() {
                    result.define(name, item.value.clone());
                }
            }
        }
        Ok(result)
    }

    /// Makes the relative paths of `define_path`, `append_path`, ... absolute.
    pub fn set_relative_base_folder(&mut self, folder: &str) {
        for item in self.items.values_mut().filter(|it| it.path) {
            rebase(&mut item.value, folder);
        }
    }

    /// Drops the `core` confs, which aren't for packages.
    pub fn filter_core(&mut self) {
        self.items.retain(|name, _| !is_core(name));
    }

    /// An error for a `core` or `tools` conf that doesn't exist.
    pub fn validate(&self) -> Result<(), ConfError> {
        self.items.keys().try_for_each(|name| check_name(name))
    }
}

pub(super) fn is_core(name: &str) -> bool {
    name.starts_with("core.") || name.starts_with("core:")
}

fn to_bool(name: &str, value: &ConfValue) -> Result<bool, ConfError> {
    let text = value.to_python_str().to_lowercase();
    match text.trim_matches(['"', '\'']) {
        "true" | "1" | "on" => Ok(true),
        "false" | "0" | "off" => Ok(false),
        _ => Err(ConfError::NotBoolean {
            name: name.to_owned(),
            value: value.to_python_str(),
        }),
    }
}

fn rebase(value: &mut ConfValue, folder: &str) {
    match value {
        ConfValue::Str(text) if !text.starts_with('/') => {
            *text = format!("{}/{text}", folder.trim_end_matches('/'));
        }
        ConfValue::List(items) => items.iter_mut().for_each(|it| rebase(it, folder)),
        ConfValue::Dict(entries) => entries.iter_mut().for_each(|(_, it)| rebase(it, folder)),
        _ => {}
    }
}
