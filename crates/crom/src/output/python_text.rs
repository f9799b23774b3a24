//! Values as Python prints them. Conan's text output shows such, and scripts read it.

use serde_json::Value;

/// `str(value)`
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => repr(other),
    }
}

/// `repr(value)`
pub fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Value::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Value::Array(values) => {
            format!(
                "[{}]",
                values.iter().map(repr).collect::<Vec<_>>().join(", ")
            )
        }
        Value::Object(map) => {
            let pairs: Vec<_> = map
                .iter()
                .map(|(key, value)| format!("'{key}': {}", repr(value)))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

/// One `key: value` line per entry; maps below their key, indented by two.
pub fn tree(map: &serde_json::Map<String, Value>, indent: usize) -> String {
    let mut result = String::new();
    for (key, value) in map {
        match value {
            Value::Object(nested) => {
                result.push_str(&format!("{:indent$}{key}:\n", ""));
                result.push_str(&tree(nested, indent + 2));
            }
            value => result.push_str(&format!("{:indent$}{key}: {}\n", "", text(value))),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn as_python_prints() {
        for (value, expected) in [
            (json!(null), "None"),
            (json!([true, 1, "a"]), "[True, 1, 'a']"),
            (json!(["it's"]), "[\"it's\"]"),
            (json!({"a": [1.5]}), "{'a': [1.5]}"),
            (json!("plain"), "plain"),
        ] {
            assert_eq!(text(&value), expected);
        }
    }
}
