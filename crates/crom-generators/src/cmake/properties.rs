//! Properties of dependencies (`cmake_target_name` and others), as a dependency's `cpp_info` gives
//! them or a consumer overrides them.

use crom_model::cpp_info::CppInfo;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::CMakeError;
use super::text::python_repr;

/// What `deps.set_property(dep, property, value)` said: by dependency (`name`, `name::component`,
/// with the suffix of the build context), then by property. A null hides what the dependency says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Overrides(pub IndexMap<String, IndexMap<String, Value>>);

/// The properties of one package for a consumer.
#[derive(Clone, Copy)]
pub(crate) struct Properties<'a> {
    pub overrides: &'a Overrides,
    pub cpp_info: &'a CppInfo,
    /// Name in `overrides`, e.g. `zlib` or `zlib_BUILD`.
    pub key: &'a str,
    /// Suffix of `key` that comes after a component's name.
    pub suffix: &'a str,
}

impl<'a> Properties<'a> {
    /// The value, of the package or of a component.
    pub fn get(&self, name: &str, component: Option<&str>) -> Option<&'a Value> {
        let key = match component {
            Some(component) => format!("{}::{component}{}", self.key, self.suffix),
            None => format!("{}{}", self.key, self.suffix),
        };
        if let Some(value) = self.overrides.0.get(&key).and_then(|it| it.get(name)) {
            return Some(value).filter(|it| !it.is_null());
        }
        let info = match component {
            Some(component) => self.cpp_info.components.get(component)?,
            None => &self.cpp_info.root,
        };
        info.properties
            .as_ref()?
            .get(name)
            .filter(|it| !it.is_null())
    }

    /// As text.
    pub fn text(&self, name: &str, component: Option<&str>) -> Result<Option<&'a str>, CMakeError> {
        match self.get(name, component) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_type(name, "str", other)),
        }
    }

    /// As list of texts.
    pub fn list(&self, name: &str, component: Option<&str>) -> Result<Vec<String>, CMakeError> {
        match self.get(name, component) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items.iter().map(super::text::python_str).collect()),
            Some(other) => Err(wrong_type(name, "list", other)),
        }
    }

    /// As truth.
    pub fn truth(&self, name: &str, component: Option<&str>) -> Result<bool, CMakeError> {
        match self.get(name, component) {
            None => Ok(false),
            Some(Value::Bool(value)) => Ok(*value),
            Some(other) => Err(wrong_type(name, "bool", other)),
        }
    }

    /// As mapping.
    pub fn map(
        &self,
        name: &str,
        component: Option<&str>,
    ) -> Result<Option<&'a serde_json::Map<String, Value>>, CMakeError> {
        match self.get(name, component) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(map)),
            Some(other) => Err(wrong_type(name, "dict", other)),
        }
    }
}

/// Name of a value's type in Python.
pub(crate) fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

pub(crate) fn wrong_type(name: &str, expected: &str, found: &Value) -> CMakeError {
    CMakeError::invalid(format!(
        "The expected type for {name} is \"{expected}\", but \"{}\" was found: {}",
        python_type(found),
        python_repr(found)
    ))
}
