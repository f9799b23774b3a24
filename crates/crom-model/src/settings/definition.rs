//! What settings exist: `settings.yml`, merged with the user's `settings_user.yml`.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::SettingsError;
use crate::yaml::{self, Mapping, Value};

/// The tree of settings and the values they may have. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsDefinition {
    pub(super) root: Arc<Fields>,
}

/// The settings at one place of the tree, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(pub(super) IndexMap<String, Arc<Field>>);

/// What values one setting may have. `None` is `null`: the setting may be left undefined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// `[a, b]`
    Values(Arc<Vec<Option<String>>>),
    /// `{a: {sub: [..]}, b: }`: values with settings of their own. Pairs and not a map, because
    /// JSON has no null keys. A list has few entries, so a scan is fine.
    Nested(Vec<(Option<String>, Arc<Fields>)>),
}

impl SettingsDefinition {
    /// The text that a fresh home gets as `settings.yml`, with the header that says it's generated.
    pub fn default_text() -> &'static str {
        include_str!("default_settings.yml")
    }

    /// The definition that comes with the program.
    pub fn builtin() -> Result<Self, SettingsError> {
        Self::load(Self::default_text(), "settings.yml", None)
    }

    /// Reads the text of `settings.yml`, whose name is for messages, and merges (name, text) of
    /// `settings_user.yml` on top of it: mappings are merged, lists get the values that they
    /// don't have yet, a list that meets a mapping becomes a mapping.
    pub fn load(text: &str, file: &str, user: Option<(&str, &str)>) -> Result<Self, SettingsError> {
        let mut data = yaml::load(text, file)?;
        if let Some((user_file, user_text)) = user {
            let additions = yaml::load(user_text, user_file)?;
            if !additions.is_null() {
                data = merge(data, additions);
            }
        }
        Self::from_value(&data)
    }

    /// A definition from data of the same form.
    pub fn from_value(data: &Value) -> Result<Self, SettingsError> {
        let root = match data {
            Value::Null => Fields::default(),
            other => Fields::parse(other, "settings")?,
        };
        Ok(Self {
            root: Arc::new(root),
        })
    }

    /// Names of the top-level settings, in the order of the file.
    pub fn names(&self) -> Vec<String> {
        self.root.0.keys().cloned().collect()
    }
}

impl Fields {
    fn parse(data: &Value, path: &str) -> Result<Self, SettingsError> {
        let Some(map) = data.as_map() else {
            return Err(SettingsError::NotADictionary {
                path: path.to_owned(),
            });
        };
        let mut fields = IndexMap::new();
        for (key, value) in map {
            let name = key.to_python_str();
            let field = Field::parse(value, &format!("{path}.{name}"))?;
            fields.insert(name, Arc::new(field));
        }
        Ok(Self(fields))
    }

    /// The names, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.0.keys().cloned().collect();
        names.sort();
        names
    }

    /// Removes what `rm_safe("a.b")` names, below every value of `a`.
    pub(super) fn remove_path(&mut self, path: &[&str]) {
        match path {
            [] => {}
            ["*"] => self.0.clear(),
            [name] => {
                self.0.shift_remove(*name);
            }
            [name, rest @ ..] => {
                if let Some(field) = self.0.get_mut(*name)
                    && let Field::Nested(_) = field.as_ref()
                    && let Field::Nested(values) = Arc::make_mut(field)
                {
                    for (_, fields) in values {
                        if rest
                            .first()
                            .is_some_and(|it| *it == "*" || fields.0.contains_key(*it))
                        {
                            Arc::make_mut(fields).remove_path(rest);
                        }
                    }
                }
            }
        }
    }

    /// What `possible_values()` shows.
    pub(super) fn to_value(&self, any: bool) -> Value {
        Value::Map(
            self.0
                .iter()
                .map(|(name, field)| (Value::from(name.as_str()), field.to_value(any)))
                .collect(),
        )
    }
}

impl Field {
    fn parse(data: &Value, path: &str) -> Result<Self, SettingsError> {
        match data {
            Value::Null => Err(SettingsError::NullDefinition {
                path: path.to_owned(),
            }),
            Value::List(items) => Ok(Field::Values(Arc::new(
                items.iter().map(value_text).collect(),
            ))),
            Value::Map(map) => {
                let mut values = Vec::with_capacity(map.len());
                for (key, sub) in map {
                    let name = value_text(key);
                    if name.is_none() && !sub.is_null() {
                        return Err(SettingsError::NullWithSubsettings);
                    }
                    let fields = if sub.is_null() {
                        Fields::default()
                    } else {
                        let text = name.as_deref().unwrap_or("None");
                        Fields::parse(sub, &format!("{path}={text}"))?
                    };
                    values.push((name, Arc::new(fields)));
                }
                Ok(Field::Nested(values))
            }
            other => Err(SettingsError::NotValues {
                path: path.to_owned(),
                found: other.to_python_repr(),
            }),
        }
    }

    /// The values in the order of the file.
    pub(super) fn values(&self) -> Vec<Option<&str>> {
        match self {
            Field::Values(values) => values.iter().map(Option::as_deref).collect(),
            Field::Nested(values) => values.iter().map(|(value, _)| value.as_deref()).collect(),
        }
    }

    pub(super) fn allows(&self, value: Option<&str>) -> bool {
        let matches = |it: Option<&str>| it == value || (value.is_some() && it == Some("ANY"));
        match self {
            Field::Values(values) => values.iter().any(|it| matches(it.as_deref())),
            Field::Nested(values) => values.iter().any(|(it, _)| matches(it.as_deref())),
        }
    }

    /// The settings below a value, with the value under which they are defined (`ANY` for one
    /// that isn't listed). None if a value has no settings of its own.
    pub(super) fn below(&self, value: &str) -> Option<(&str, &Arc<Fields>)> {
        let Field::Nested(values) = self else {
            return None;
        };
        let find = |wanted: &str| {
            values.iter().find_map(|(it, fields)| {
                it.as_deref()
                    .filter(|it| *it == wanted)
                    .map(|it| (it, fields))
            })
        };
        find(value).or_else(|| find("ANY"))
    }

    pub(super) fn below_mut(&mut self, value: &str) -> Option<&mut Arc<Fields>> {
        let key = self.below(value)?.0.to_owned();
        let Field::Nested(values) = self else {
            return None;
        };
        values
            .iter_mut()
            .find(|(it, _)| it.as_deref() == Some(&key))
            .map(|(_, fields)| fields)
    }

    pub(super) fn to_value(&self, any: bool) -> Value {
        let name =
            |value: &Option<String>| value.as_ref().map_or(Value::Null, |it| it.as_str().into());
        match self {
            Field::Values(values) => {
                let mut list: Vec<Value> = values.iter().map(name).collect();
                if any {
                    list.push("ANY".into());
                }
                Value::List(list)
            }
            Field::Nested(values) => {
                let mut map: Mapping = values
                    .iter()
                    .map(|(it, sub)| (name(it), sub.to_value(any)))
                    .collect();
                if any {
                    map.entry("ANY".into())
                        .or_insert_with(|| Value::Map(Mapping::new()));
                }
                Value::Map(map)
            }
        }
    }
}

/// Setting values are texts; `null` and numbers come from YAML without quotes.
fn value_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        other => Some(other.to_python_str()),
    }
}

fn merge(base: Value, additions: Value) -> Value {
    match (base, additions) {
        (Value::Map(mut base), Value::Map(additions)) => {
            for (key, value) in additions {
                match base.get_mut(&key) {
                    Some(slot) => *slot = merge(std::mem::take(slot), value),
                    None => {
                        base.insert(key, value);
                    }
                }
            }
            Value::Map(base)
        }
        (Value::List(mut base), Value::List(additions)) => {
            for value in additions {
                if !base.contains(&value) {
                    base.push(value);
                }
            }
            Value::List(base)
        }
        (Value::List(base), Value::Map(additions)) => {
            merge(list_to_map(base), Value::Map(additions))
        }
        (Value::Map(base), Value::List(additions)) => {
            merge(Value::Map(base), list_to_map(additions))
        }
        (base, Value::Null) => base,
        (_, additions) => additions,
    }
}

fn list_to_map(values: Vec<Value>) -> Value {
    Value::Map(
        values
            .into_iter()
            .map(|value| (value, Value::Null))
            .collect(),
    )
}
