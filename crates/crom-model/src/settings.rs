//! Settings: values like `compiler.version=12` over the definition in `settings.yml`.
//!
//! Which settings exist depends on the values of others: `compiler.libcxx` is there for
//! `compiler=gcc` but not for `msvc`. A recipe sees only those it declares, may remove some, and
//! gets an error for a name or value that isn't possible. The words of errors are Conan's.

mod definition;
mod shared;

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use definition::SettingsDefinition;
use definition::{Field, Fields};
pub use shared::NumberedDefinition;

use crate::yaml::{Value, YamlError};

/// Why settings can't be read, set or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The text isn't YAML.
    #[error(
        "Invalid settings.yml format: {}\n  in \"{}\", line {}, column {}",
        .0.problem, .0.file, .0.line, .0.column
    )]
    Yaml(#[from] YamlError),
    /// A place of `settings.yml` must be a mapping.
    #[error("Invalid settings.yml format: '{path}' is not a dictionary")]
    NotADictionary {
        /// e.g. `settings.compiler=gcc`
        path: String,
    },
    /// A setting without possible values.
    #[error("Definition of settings.yml '{path}' cannot be null")]
    NullDefinition {
        /// e.g. `settings.os`
        path: String,
    },
    /// `null:` with something below it.
    #[error("settings.yml: null setting can't have subsettings")]
    NullWithSubsettings,
    /// A setting must have a list or a mapping of values.
    #[error("Invalid settings.yml format: '{path}' must be a list of values, found {found}")]
    NotValues {
        /// e.g. `settings.os`
        path: String,
        /// The value as Python writes it.
        found: String,
    },
    /// A name that isn't there.
    #[error(
        "'{parent}.{name}' doesn't exist for '{owner}'\n'{parent}' possible configurations are {}",
        list_or_none(possible)
    )]
    Undefined {
        /// `settings` or `settings.compiler`.
        parent: String,
        /// The missing name.
        name: String,
        /// The value it would depend on (`gcc`), or `settings`.
        owner: String,
        /// The names that there are.
        possible: Vec<String>,
    },
    /// A value that isn't allowed.
    #[error(
        "Invalid setting '{value}' is not a valid '{path}' value.\nPossible values are {}\n\
         Read \"http://docs.conan.io/2/knowledge/faq.html#error-invalid-setting\"",
        python_list(possible)
    )]
    BadValue {
        /// e.g. `settings.compiler.version`
        path: String,
        /// The refused value.
        value: String,
        /// The values that are allowed.
        possible: Vec<String>,
    },
    /// A setting that must have a value has none.
    #[error("'{path}' value not defined")]
    NotDefined {
        /// e.g. `settings.compiler`
        path: String,
    },
    /// A recipe sets a setting where it may only read.
    #[error("Tried to define '{name}' setting inside recipe")]
    Frozen {
        /// The setting.
        name: String,
    },
}

fn python_list(values: &[String]) -> String {
    let quoted: Vec<String> = values
        .iter()
        .map(|it| Value::from(it.as_str()).to_python_repr())
        .collect();
    format!("[{}]", quoted.join(", "))
}

fn list_or_none(values: &[String]) -> String {
    if values.is_empty() {
        "none".to_owned()
    } else {
        python_list(values)
    }
}

/// Separates the steps of a key of [`Settings::values`]; not possible in YAML.
const STEP: char = '\0';

/// Values over a definition. Cheap to clone: the definition is shared until something is removed.
/// Paths are dotted names as in recipes, without the leading `settings.`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    #[serde(with = "shared::root")]
    root: Arc<Fields>,
    /// By the way to the setting: names alternate with the values below which they are
    /// (`compiler`, `gcc`, `version`). So a value survives while another compiler is set.
    values: BTreeMap<String, String>,
    /// Every listed setting accepts any value (`self.info.settings`).
    any_value: bool,
    frozen: bool,
}

/// The place of a setting.
struct Place<'a> {
    fields: &'a Arc<Fields>,
    /// Prefix of the keys of its settings.
    key: String,
    /// `settings` or `settings.compiler`
    path: String,
    /// The value it depends on, or `settings`.
    owner: String,
}

impl Settings {
    /// Settings without values.
    pub fn new(definition: &SettingsDefinition) -> Self {
        Self {
            root: definition.root.clone(),
            ..Self::default()
        }
    }

    /// Settings that consist of given values only, e.g. those of a `conaninfo.txt`: each may get
    /// any other value. Later values win. Order doesn't matter.
    pub fn from_values<K, V>(values: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: AsRef<str>,
        V: Into<String>,
    {
        #[derive(Default)]
        struct Node {
            value: Option<String>,
            below: IndexMap<String, Node>,
        }
        fn build(node: Node, key: &str, values: &mut BTreeMap<String, String>) -> Fields {
            let mut fields = Fields::default();
            for (name, node) in node.below {
                let own_key = format!("{key}{name}");
                let value = node.value.clone().unwrap_or_default();
                values.insert(own_key.clone(), value.clone());
                let prefix = format!("{own_key}{STEP}{value}{STEP}");
                let below = Arc::new(build(node, &prefix, values));
                fields
                    .0
                    .insert(name, Arc::new(Field::Nested(vec![(Some(value), below)])));
            }
            fields
        }
        let mut root = Node::default();
        for (path, value) in values {
            let mut node = &mut root;
            for name in path.as_ref().split('.') {
                node = node.below.entry(name.to_owned()).or_default();
            }
            node.value = Some(value.into());
        }
        let mut values = BTreeMap::new();
        let fields = build(root, "", &mut values);
        Self {
            root: Arc::new(fields),
            values,
            any_value: true,
            frozen: false,
        }
    }

    /// `settings.x.y`: the value, none while it isn't defined. An error if there's no such setting
    /// for the values of those above it, or if one above isn't defined.
    pub fn get(&self, path: &str) -> Result<Option<&str>, SettingsError> {
        let (place, name) = self.place_of(path)?;
        place.field(name)?;
        Ok(self
            .values
            .get(&format!("{}{name}", place.key))
            .map(String::as_str))
    }

    /// `settings.get_safe(path)`: none also if there's no such setting.
    pub fn get_safe(&self, path: &str) -> Option<&str> {
        self.get(path).ok().flatten()
    }

    /// True if there is such a setting now, with or without a value.
    pub fn exists(&self, path: &str) -> bool {
        self.place_of(path)
            .is_ok_and(|(place, name)| place.fields.0.contains_key(name))
    }

    /// `settings.x.y = value`. `None` undefines a setting that may be undefined.
    pub fn set(&mut self, path: &str, value: Option<&str>) -> Result<(), SettingsError> {
        if self.frozen {
            let name = path.rsplit('.').next().unwrap_or(path).to_owned();
            return Err(SettingsError::Frozen { name });
        }
        self.set_unchecked_freeze(path, value)
    }

    fn set_unchecked_freeze(
        &mut self,
        path: &str,
        value: Option<&str>,
    ) -> Result<(), SettingsError> {
        let (place, name) = self.place_of(path)?;
        self.check(place.field(name)?, path, value)?;
        let key = format!("{}{name}", place.key);
        match value {
            Some(value) => self.values.insert(key, value.to_owned()),
            None => self.values.remove(&key),
        };
        Ok(())
    }

    /// `settings.x.y == value`: an error if the setting can't ever have that value.
    pub fn check_value(&self, path: &str, value: &str) -> Result<bool, SettingsError> {
        let (place, name) = self.place_of(path)?;
        self.check(place.field(name)?, path, Some(value))?;
        Ok(self
            .values
            .get(&format!("{}{name}", place.key))
            .is_some_and(|it| it == value))
    }

    /// `del settings.x.y`: below the current value of `x` only.
    pub fn remove(&mut self, path: &str) -> Result<(), SettingsError> {
        let (place, name) = self.place_of(path)?;
        place.field(name)?;
        let mut way: Vec<String> = place.key.split(STEP).map(str::to_owned).collect();
        way.pop();
        let mut fields = Arc::make_mut(&mut self.root);
        for step in way.chunks(2) {
            let [field, value] = step else { break };
            let Some(field) = fields.0.get_mut(field) else {
                return Ok(());
            };
            let Some(below) = Arc::make_mut(field).below_mut(value) else {
                return Ok(());
            };
            fields = Arc::make_mut(below);
        }
        fields.0.shift_remove(name);
        Ok(())
    }

    /// `settings.rm_safe(path)`: like `del`, but for all values of the settings above it, and no
    /// error if there's nothing to remove. The last step may be `*`.
    pub fn rm_safe(&mut self, path: &str) {
        let steps: Vec<&str> = path.split('.').collect();
        Arc::make_mut(&mut self.root).remove_path(&steps);
    }

    /// Names of the settings below a path for the current values, sorted; `""` is the top.
    pub fn fields(&self, path: &str) -> Result<Vec<String>, SettingsError> {
        Ok(self.place_below(path)?.fields.names())
    }

    /// `settings.x.possible_values()`: a list, or a mapping from values to what is below them.
    /// `""` gives the whole tree.
    pub fn possible_values(&self, path: &str) -> Result<Value, SettingsError> {
        if path.is_empty() {
            return Ok(self.root.to_value(self.any_value));
        }
        let (place, name) = self.place_of(path)?;
        Ok(place.field(name)?.to_value(self.any_value))
    }

    /// Keeps only the settings that a recipe declares. An error names one that isn't defined.
    pub fn constrained<S: AsRef<str>>(&mut self, names: &[S]) -> Result<(), SettingsError> {
        let top = self.place_below("")?;
        for name in names {
            top.field(name.as_ref())?;
        }
        let keep = |name: &str| names.iter().any(|it| it.as_ref() == name);
        if !self.root.0.keys().all(|name| keep(name)) {
            Arc::make_mut(&mut self.root).0.retain(|name, _| keep(name));
        }
        Ok(())
    }

    /// Sets many values in their order. With `raise_undefined` false, names that don't exist are
    /// skipped; a value that isn't possible is an error in any case.
    pub fn update_values<K, V>(
        &mut self,
        values: impl IntoIterator<Item = (K, V)>,
        raise_undefined: bool,
    ) -> Result<(), SettingsError>
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        for (path, value) in values {
            match self.set_unchecked_freeze(path.as_ref(), Some(value.as_ref())) {
                Err(SettingsError::Undefined { .. }) if !raise_undefined => {}
                other => other?,
            }
        }
        Ok(())
    }

    /// An error for the first setting that must have a value and has none.
    pub fn validate(&self) -> Result<(), SettingsError> {
        self.validate_below("settings", "", &self.root)
    }

    fn validate_below(&self, path: &str, key: &str, fields: &Fields) -> Result<(), SettingsError> {
        for (name, field) in &fields.0 {
            let own_key = format!("{key}{name}");
            match self.values.get(&own_key) {
                None if !field.allows(None) => {
                    return Err(SettingsError::NotDefined {
                        path: format!("{path}.{name}"),
                    });
                }
                None => {}
                Some(value) => {
                    if let Some((case, below)) = field.below(value) {
                        let prefix = format!("{own_key}{STEP}{case}{STEP}");
                        self.validate_below(&format!("{path}.{name}"), &prefix, below)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The defined settings, sorted by name at each level: the order of `conaninfo.txt`.
    pub fn values(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for name in self.root.names() {
            self.collect("", "", &self.root, &name, &mut found);
        }
        found
    }

    /// The defined settings in the order of JSON output: the top level as in `settings.yml`, what
    /// is below a setting sorted.
    pub fn serialize(&self) -> IndexMap<String, String> {
        let mut found = Vec::new();
        for name in self.root.0.keys() {
            self.collect("", "", &self.root, name, &mut found);
        }
        found.into_iter().collect()
    }

    fn collect(
        &self,
        path: &str,
        key: &str,
        fields: &Fields,
        name: &str,
        found: &mut Vec<(String, String)>,
    ) {
        let own_key = format!("{key}{name}");
        let (Some(field), Some(value)) = (fields.0.get(name), self.values.get(&own_key)) else {
            return;
        };
        let own_path = format!("{path}{name}");
        found.push((own_path.clone(), value.clone()));
        if let Some((case, below)) = field.below(value) {
            let prefix = format!("{own_key}{STEP}{case}{STEP}");
            for name in below.names() {
                self.collect(&format!("{own_path}."), &prefix, below, &name, found);
            }
        }
    }

    /// `name=value` lines joined by `\n`, as in `conaninfo.txt` and profiles.
    pub fn dumps(&self) -> String {
        let lines: Vec<String> = self
            .values()
            .into_iter()
            .map(|(path, value)| format!("{path}={value}"))
            .collect();
        lines.join("\n")
    }

    /// Removes every setting.
    pub fn clear(&mut self) {
        self.root = Arc::default();
        self.values.clear();
    }

    /// True if there is no setting at all.
    pub fn is_empty(&self) -> bool {
        self.root.0.is_empty()
    }

    /// Forbids [`Self::set`] from now on, as after `configure()`.
    pub fn freeze(&mut self) {
        self.frozen = true;
    }

    /// The copy that `package_id()` works on as `self.info.settings`: every setting accepts any
    /// value, and it isn't frozen.
    pub fn copy_for_info(&self) -> Settings {
        Settings {
            any_value: true,
            frozen: false,
            ..self.clone()
        }
    }

    fn check(&self, field: &Field, path: &str, value: Option<&str>) -> Result<(), SettingsError> {
        if field.allows(value) || (self.any_value && value.is_some()) {
            return Ok(());
        }
        Err(SettingsError::BadValue {
            path: format!("settings.{path}"),
            value: value.unwrap_or("None").to_owned(),
            possible: field
                .values()
                .into_iter()
                .flatten()
                .map(str::to_owned)
                .collect(),
        })
    }

    /// The place that has the last name of a path, and that name.
    fn place_of<'a, 'p>(&'a self, path: &'p str) -> Result<(Place<'a>, &'p str), SettingsError> {
        match path.rsplit_once('.') {
            Some((parent, name)) => Ok((self.place_below(parent)?, name)),
            None => Ok((self.place_below("")?, path)),
        }
    }

    /// The place of the settings below a path.
    fn place_below(&self, path: &str) -> Result<Place<'_>, SettingsError> {
        let mut place = Place {
            fields: &self.root,
            key: String::new(),
            path: "settings".to_owned(),
            owner: "settings".to_owned(),
        };
        for name in path.split('.').filter(|it| !it.is_empty()) {
            let field = place.field(name)?;
            let key = format!("{}{name}", place.key);
            let path = format!("{}.{name}", place.path);
            let Some(value) = self.values.get(&key) else {
                return Err(SettingsError::NotDefined { path });
            };
            let (case, fields) = match field.below(value) {
                Some(found) => found,
                None => ("", empty_fields()),
            };
            let key = format!("{key}{STEP}{case}{STEP}");
            place = Place {
                fields,
                key,
                path,
                owner: value.clone(),
            };
        }
        Ok(place)
    }
}

impl<'a> Place<'a> {
    fn field(&self, name: &str) -> Result<&'a Field, SettingsError> {
        self.fields
            .0
            .get(name)
            .map(Arc::as_ref)
            .ok_or_else(|| SettingsError::Undefined {
                parent: self.path.clone(),
                name: name.to_owned(),
                owner: self.owner.clone(),
                possible: self.fields.names(),
            })
    }
}

fn empty_fields() -> &'static Arc<Fields> {
    static EMPTY: std::sync::LazyLock<Arc<Fields>> = std::sync::LazyLock::new(Arc::default);
    &EMPTY
}

#[cfg(test)]
mod tests;
