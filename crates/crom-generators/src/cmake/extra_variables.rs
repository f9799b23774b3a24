//! Variables that a conf or a property asks to set:
//! `{"NAME": value}` or `{"NAME": {"value": v, "cache": true, "type": "PATH", "docstring": "..", "force": true}}`.

use indexmap::IndexMap;
use serde_json::Value;

use super::CMakeError;
use super::text::python_str;

const CONF: &str = "tools.cmake.cmaketoolchain:extra_variables";
const CACHE_TYPES: [&str; 5] = ["BOOL", "FILEPATH", "PATH", "STRING", "INTERNAL"];

/// Arguments of `set()` after the name, by name. The words of errors are Conan's.
pub(crate) fn set_arguments<'a>(
    variables: impl IntoIterator<Item = (&'a str, &'a Value)>,
) -> Result<IndexMap<String, String>, CMakeError> {
    variables
        .into_iter()
        .map(|(name, value)| Ok((name.to_owned(), arguments(name, value)?)))
        .collect()
}

fn literal(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        other => format!("\"{}\"", python_str(other)),
    }
}

fn truth(name: &str, key: &str, value: Option<&Value>) -> Result<bool, CMakeError> {
    match value {
        None => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(CMakeError::invalid(format!(
            "{CONF} \"{name}\" \"{key}\" must be a boolean"
        ))),
    }
}

fn arguments(name: &str, value: &Value) -> Result<String, CMakeError> {
    let Value::Object(entry) = value else {
        return Ok(literal(value));
    };
    let fail = |text: &str| CMakeError::invalid(format!("{CONF} \"{name}\" {text}"));
    let value = entry
        .get("value")
        .ok_or_else(|| fail("needs \"value\" defined"))?;
    let value = literal(value);
    let cache = truth(name, "cache", entry.get("cache"))?;
    let force = truth(name, "force", entry.get("force"))?;
    if !cache {
        if force {
            return Err(fail("\"force\" is only allowed for cache variables"));
        }
        return Ok(value);
    }
    let kind = entry
        .get("type")
        .and_then(Value::as_str)
        .ok_or_else(|| fail("needs \"type\" defined for cache variable"))?;
    if !CACHE_TYPES.contains(&kind) {
        return Err(fail(&format!(
            "invalid type \"{kind}\" for cache variable. Possible types: {}",
            CACHE_TYPES.join(", ")
        )));
    }
    let docstring = entry
        .get("docstring")
        .map_or_else(|| name.to_owned(), python_str);
    let force = if force { " FORCE" } else { "" };
    Ok(format!("{value} CACHE {kind} \"{docstring}\"{force}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(value: Value) -> String {
        match set_arguments([("V", &value)]) {
            Ok(found) => found["V"].clone(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn forms() {
        assert_eq!(one(json!("42")), "\"42\"");
        assert_eq!(one(json!(42.2)), "42.2");
        assert_eq!(one(json!({"value": 1})), "1");
        assert_eq!(
            one(json!({"value": "a b", "cache": true, "type": "PATH"})),
            "\"a b\" CACHE PATH \"V\""
        );
        assert_eq!(
            one(
                json!({"value": "a", "cache": true, "type": "BOOL", "docstring": "d", "force": true})
            ),
            "\"a\" CACHE BOOL \"d\" FORCE"
        );
    }

    #[test]
    fn mistakes() {
        let name = "tools.cmake.cmaketoolchain:extra_variables \"V\"";
        assert_eq!(
            one(json!({"value": "a", "cache": "true"})),
            format!("{name} \"cache\" must be a boolean")
        );
        assert_eq!(
            one(json!({"value": "a", "force": true})),
            format!("{name} \"force\" is only allowed for cache variables")
        );
        assert_eq!(
            one(json!({"value": "a", "cache": true})),
            format!("{name} needs \"type\" defined for cache variable")
        );
        assert_eq!(
            one(json!({"value": "a", "cache": true, "type": "X"})),
            format!(
                "{name} invalid type \"X\" for cache variable. Possible types: BOOL, FILEPATH, PATH, \
                 STRING, INTERNAL"
            )
        );
    }
}
