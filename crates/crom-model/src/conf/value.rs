//! Values as Python has them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::yaml::{Value, float_repr};

/// A conf's value: what evaluating it as Python gives. Serialised as plain JSON, where tuples and
/// sets become arrays.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ConfValue {
    /// `None`
    #[default]
    None,
    /// `True` or `False`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Str(String),
    /// `[a, b]`
    List(Vec<ConfValue>),
    /// `(a, b)`
    Tuple(Vec<ConfValue>),
    /// `{a, b}` in the order in which they were written.
    Set(Vec<ConfValue>),
    /// `{key: value}` in the order in which they were written.
    Dict(Vec<(ConfValue, ConfValue)>),
}

impl ConfValue {
    /// Evaluates the right side of `name=value`: a Python literal or a simple expression of
    /// literals. Whatever isn't one, or gives a text, is the text as it was written, with its
    /// quotes.
    pub fn evaluate(text: &str) -> ConfValue {
        super::evaluate::evaluate(text)
    }

    /// Python's `str()`.
    pub fn to_python_str(&self) -> String {
        match self {
            ConfValue::Str(text) => text.clone(),
            other => other.to_python_repr(),
        }
    }

    /// Python's `repr()`.
    pub fn to_python_repr(&self) -> String {
        fn join(items: &[ConfValue]) -> String {
            items
                .iter()
                .map(ConfValue::to_python_repr)
                .collect::<Vec<_>>()
                .join(", ")
        }
        match self {
            ConfValue::None => "None".to_owned(),
            ConfValue::Bool(true) => "True".to_owned(),
            ConfValue::Bool(false) => "False".to_owned(),
            ConfValue::Int(value) => value.to_string(),
            ConfValue::Float(value) => float_repr(*value),
            ConfValue::Str(text) => text_repr(text),
            ConfValue::List(items) => format!("[{}]", join(items)),
            ConfValue::Tuple(items) if items.len() == 1 => format!("({},)", join(items)),
            ConfValue::Tuple(items) => format!("({})", join(items)),
            ConfValue::Set(items) if items.is_empty() => "set()".to_owned(),
            ConfValue::Set(items) => format!("{{{}}}", join(items)),
            ConfValue::Dict(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| {
                        format!("{}: {}", key.to_python_repr(), value.to_python_repr())
                    })
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    /// Python's name of the type.
    pub fn type_name(&self) -> &'static str {
        match self {
            ConfValue::None => "NoneType",
            ConfValue::Bool(_) => "bool",
            ConfValue::Int(_) => "int",
            ConfValue::Float(_) => "float",
            ConfValue::Str(_) => "str",
            ConfValue::List(_) => "list",
            ConfValue::Tuple(_) => "tuple",
            ConfValue::Set(_) => "set",
            ConfValue::Dict(_) => "dict",
        }
    }

    /// The text, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            ConfValue::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list, tuple or set.
    pub fn as_items(&self) -> Option<&[ConfValue]> {
        match self {
            ConfValue::List(items) | ConfValue::Tuple(items) | ConfValue::Set(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a dictionary.
    pub fn as_entries(&self) -> Option<&[(ConfValue, ConfValue)]> {
        match self {
            ConfValue::Dict(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a text key of a dictionary.
    pub fn get(&self, key: &str) -> Option<&ConfValue> {
        let entries = self.as_entries()?;
        entries
            .iter()
            .find(|(it, _)| it.as_str() == Some(key))
            .map(|(_, value)| value)
    }

    /// True for `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, ConfValue::None)
    }

    /// What Python's `if value:` decides.
    pub fn is_truthy(&self) -> bool {
        match self {
            ConfValue::None => false,
            ConfValue::Bool(value) => *value,
            ConfValue::Int(value) => *value != 0,
            ConfValue::Float(value) => *value != 0.0,
            ConfValue::Str(text) => !text.is_empty(),
            ConfValue::List(items) | ConfValue::Tuple(items) | ConfValue::Set(items) => {
                !items.is_empty()
            }
            ConfValue::Dict(entries) => !entries.is_empty(),
        }
    }

    /// The same as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            ConfValue::None => Json::Null,
            ConfValue::Bool(value) => Json::Bool(*value),
            ConfValue::Int(value) => Json::from(*value),
            ConfValue::Float(value) => {
                serde_json::Number::from_f64(*value).map_or(Json::Null, Json::Number)
            }
            ConfValue::Str(text) => Json::String(text.clone()),
            ConfValue::List(items) | ConfValue::Tuple(items) | ConfValue::Set(items) => {
                Json::Array(items.iter().map(ConfValue::to_json).collect())
            }
            ConfValue::Dict(entries) => Json::Object(
                entries
                    .iter()
                    .map(|(key, value)| (json_key(key), value.to_json()))
                    .collect(),
            ),
        }
    }

    /// JSON data as a value.
    pub fn from_json(json: &serde_json::Value) -> ConfValue {
        ConfValue::from(&Value::from_json(json))
    }
}

/// The key that Python's `json.dumps` writes for a key that isn't a text.
fn json_key(key: &ConfValue) -> String {
    match key {
        ConfValue::None => "null".to_owned(),
        ConfValue::Bool(value) => value.to_string(),
        other => other.to_python_str(),
    }
}

/// Python's `repr()` of a text: single quotes unless only single quotes are inside; what can't be
/// printed is escaped.
fn text_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if it == quote => {
                out.push('\\');
                out.push(it);
            }
            it if is_printable(it) => out.push(it),
            it => {
                let code = u32::from(it);
                out.push_str(&match code {
                    0..=0xff => format!("\\x{code:02x}"),
                    0x100..=0xffff => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                });
            }
        }
    }
    out.push(quote);
    out
}

/// Python's `str.isprintable()` for one character: not a control, format or private character and
/// not a separator other than the space.
fn is_printable(character: char) -> bool {
    if character == ' ' {
        return true;
    }
    !(character.is_control()
        || character.is_whitespace()
        || matches!(u32::from(character),
            0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x180e | 0x200b..=0x200f
            | 0x202a..=0x202e | 0x2060..=0x206f | 0xe000..=0xf8ff | 0xfeff | 0xfff9..=0xfffb
            | 0xfffe..=0xffff | 0xe0000..=0xe0fff | 0xf0000..=0x10ffff))
}

impl From<&Value> for ConfValue {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => ConfValue::None,
            Value::Bool(value) => ConfValue::Bool(*value),
            Value::Int(value) => ConfValue::Int(*value),
            Value::Float(value) => ConfValue::Float(*value),
            Value::String(text) | Value::BigInt(text) | Value::Timestamp(text) => {
                ConfValue::Str(text.clone())
            }
            Value::Binary(bytes) => ConfValue::Str(String::from_utf8_lossy(bytes).into_owned()),
            Value::List(items) => ConfValue::List(items.iter().map(ConfValue::from).collect()),
            Value::Map(map) => ConfValue::Dict(
                map.iter()
                    .map(|(key, value)| (key.into(), value.into()))
                    .collect(),
            ),
        }
    }
}

impl From<&str> for ConfValue {
    fn from(text: &str) -> Self {
        ConfValue::Str(text.to_owned())
    }
}

impl From<bool> for ConfValue {
    fn from(value: bool) -> Self {
        ConfValue::Bool(value)
    }
}

impl From<i64> for ConfValue {
    fn from(value: i64) -> Self {
        ConfValue::Int(value)
    }
}

impl From<Vec<String>> for ConfValue {
    fn from(items: Vec<String>) -> Self {
        ConfValue::List(items.into_iter().map(ConfValue::Str).collect())
    }
}

impl Serialize for ConfValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ConfValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_json::Value::deserialize(deserializer).map(|json| ConfValue::from_json(&json))
    }
}
