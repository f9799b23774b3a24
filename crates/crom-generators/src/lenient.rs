//! Values that recipes put into attributes: what is meant as text may be a number, what is meant as
//! a list may be a text, and both may be `None`.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        other => Some(crate::cmake::text::python_str(other)),
    }
}

/// A list of texts: `None` is empty, a text is its only element, `None` elements are dropped.
pub(crate) fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().filter_map(text_of).collect(),
        other => text_of(&other).into_iter().collect(),
    })
}

/// A text, or nothing for `None` and the empty text.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(text_of(&Value::deserialize(from)?).filter(|it| !it.is_empty()))
}

/// Python's truth of a value; texts of options that mean no are false.
pub(crate) fn truth<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Null => false,
        Value::Bool(value) => value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(
            text.to_lowercase().as_str(),
            "" | "false" | "none" | "0" | "off"
        ),
        Value::Array(items) => !items.is_empty(),
        Value::Object(items) => !items.is_empty(),
    })
}
