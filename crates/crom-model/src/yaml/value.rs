//! What a YAML document holds.

use std::hash::{Hash, Hasher};

use indexmap::{Equivalent, IndexMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A mapping in the order of the document. Keys may be any value, most are texts:
/// `mapping.get("key")` works with a `&str`.
pub type Mapping = IndexMap<Value, Value>;

/// A value of a YAML document, with the types that PyYAML's safe loader makes.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `~`, `null` or nothing.
    #[default]
    Null,
    /// `true`, `yes`, `on`, ...
    Bool(bool),
    /// A number without a fraction that fits 64 bits.
    Int(i64),
    /// A whole number beyond 64 bits, as decimal digits with an optional sign.
    BigInt(String),
    /// A number with a fraction, an infinity or not-a-number.
    Float(f64),
    /// A text.
    String(String),
    /// A date or a time, in the words of the document. Python makes a `date` or `datetime` of it.
    Timestamp(String),
    /// `!!binary`
    Binary(Vec<u8>),
    /// A sequence.
    List(Vec<Value>),
    /// A mapping.
    Map(Mapping),
}

impl Value {
    /// The text, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if this is a sequence.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The mapping, if this is one.
    pub fn as_map(&self) -> Option<&Mapping> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The value of a text key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// True for `~`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The type's name in Python, for error messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) | Value::BigInt(_) => "int",
            Value::Float(_) => "float",
            Value::String(_) => "str",
            Value::Timestamp(_) => "date",
            Value::Binary(_) => "bytes",
            Value::List(_) => "list",
            Value::Map(_) => "dict",
        }
    }

    /// What Python's `str()` gives for a scalar: `True`, `1.0`, `None`. Sequences and mappings
    /// give their Python representation.
    pub fn to_python_str(&self) -> String {
        match self {
            Value::String(text) | Value::Timestamp(text) => text.clone(),
            other => other.to_python_repr(),
        }
    }

    /// What Python's `repr()` gives.
    pub fn to_python_repr(&self) -> String {
        crate::conf::ConfValue::from(self).to_python_repr()
    }

    /// The same data as JSON. Keys become texts, dates become texts, infinities become null.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Int(value) => Json::from(*value),
            Value::BigInt(digits) => Json::String(digits.clone()),
            Value::Float(value) => {
                serde_json::Number::from_f64(*value).map_or(Json::Null, Json::Number)
            }
            Value::String(text) | Value::Timestamp(text) => Json::String(text.clone()),
            Value::Binary(bytes) => Json::String(String::from_utf8_lossy(bytes).into_owned()),
            Value::List(items) => Json::Array(items.iter().map(Value::to_json).collect()),
            Value::Map(map) => Json::Object(
                map.iter()
                    .map(|(key, value)| (key.to_python_str(), value.to_json()))
                    .collect(),
            ),
        }
    }

    /// JSON data as a value.
    pub fn from_json(json: &serde_json::Value) -> Value {
        use serde_json::Value as Json;
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(value) => Value::Int(value),
                None if number.is_u64() => Value::BigInt(number.to_string()),
                None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Value::String(text.clone()),
            Json::Array(items) => Value::List(items.iter().map(Value::from_json).collect()),
            Json::Object(map) => Value::Map(
                map.iter()
                    .map(|(key, value)| (Value::String(key.clone()), Value::from_json(value)))
                    .collect(),
            ),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text)
    }
}

// Floats compare by their bits, so that a value can be the key of a mapping.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (Value::BigInt(a), Value::BigInt(b))
            | (Value::String(a), Value::String(b))
            | (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
            (Value::Binary(a), Value::Binary(b)) => a == b,
            (Value::List(a), Value::List(b)) => a == b,
            (Value::Map(a), Value::Map(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Value::Null => 0u8.hash(state),
            Value::Bool(value) => value.hash(state),
            Value::Int(value) => value.hash(state),
            Value::Float(value) => value.to_bits().hash(state),
            // Must be the hash of a `str`: see `Equivalent` below.
            Value::String(text) => text.as_str().hash(state),
            Value::BigInt(text) | Value::Timestamp(text) => text.hash(state),
            Value::Binary(bytes) => bytes.hash(state),
            Value::List(items) => items.hash(state),
            Value::Map(map) => map.len().hash(state),
        }
    }
}

impl Equivalent<Value> for str {
    fn equivalent(&self, key: &Value) -> bool {
        matches!(key, Value::String(text) if text == self)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_json::Value::deserialize(deserializer).map(|json| Value::from_json(&json))
    }
}
