//! `conan_version` and what `detect_api` returns: versions that compare as versions.

use std::fmt;
use std::sync::{Arc, LazyLock};

use crom_model::version::Version;
use minijinja::value::{Object, ObjectRepr};
use minijinja::{Error, ErrorKind, Value};
use regex::{Captures, Regex};

/// A version in a template.
#[derive(Clone, Debug)]
pub(crate) struct VersionValue(pub(crate) String);

impl VersionValue {
    /// As a template's value.
    pub(crate) fn value(text: &str) -> Value {
        Value::from_object(VersionValue(text.to_owned()))
    }
}

impl Object for VersionValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let mut parts = self
            .0
            .split(['+', '-'])
            .next()
            .unwrap_or_default()
            .split('.');
        let index = match key.as_str()? {
            "major" => 0,
            "minor" => 1,
            "patch" => 2,
            "micro" => 3,
            "value" => return Some(Value::from(self.0.clone())),
            _ => return None,
        };
        Some(parts.nth(index).map_or(Value::from(()), |part| {
            part.parse::<u64>()
                .map_or_else(|_| Value::from(part), Value::from)
        }))
    }

    fn custom_cmp(
        self: &Arc<Self>,
        other: &minijinja::value::DynObject,
    ) -> Option<std::cmp::Ordering> {
        let other = other.downcast_ref::<VersionValue>()?;
        Some(Version::new(&self.0).cmp(&Version::new(&other.0)))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The function that comparisons of names with literals are rewritten to.
pub(super) const COMPARE: &str = "_crom_compare";

/// Jinja compares an object with a text by their kinds. So `version >= "12"` becomes a call, where
/// neither side is a part of a larger expression.
pub(super) fn with_comparisons(text: &str) -> String {
    static TAG: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?s)\{\{.*?\}\}|\{%.*?%\}").ok());
    static COMPARISON: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r#"([|.)\]+\-*/%~]\s*)?\b([A-Za-z_][\w.]*)\s*(<=|>=|==|!=|<|>)\s*("[^"]*"|'[^']*'|\d+(?:\.\d+)?)"#,
        )
        .ok()
    });
    let (Some(tag), Some(comparison)) = (TAG.as_ref(), COMPARISON.as_ref()) else {
        return text.to_owned();
    };
    tag.replace_all(text, |found: &Captures<'_>| {
        let inside = &found[0];
        comparison
            .replace_all(inside, |c: &Captures<'_>| {
                let end = c.get(0).map_or(inside.len(), |whole| whole.end());
                if c.get(1).is_some() || goes_on(&inside[end..]) {
                    c[0].to_owned()
                } else {
                    format!("{COMPARE}({}, \"{}\", {})", &c[2], &c[3], &c[4])
                }
            })
            .into_owned()
    })
    .into_owned()
}

/// True if what follows a literal makes it a part of something larger. The end of a tag doesn't.
fn goes_on(rest: &str) -> bool {
    let rest = rest.trim_start();
    let ends = ["%}", "-%}", "+%}"].iter().any(|end| rest.starts_with(end));
    !ends && rest.starts_with(['|', '.', '[', '+', '-', '*', '/', '%', '~'])
}

/// `left operator right`, as versions when one of them is a version.
pub(super) fn compare(left: Value, operator: String, right: Value) -> Result<bool, Error> {
    let is_version = |value: &Value| value.downcast_object_ref::<VersionValue>().is_some();
    let ordering = if is_version(&left) || is_version(&right) {
        let parsed = |value: &Value| Version::new(super::python::str_of(value));
        parsed(&left).cmp(&parsed(&right))
    } else {
        match operator.as_str() {
            "==" => return Ok(left == right),
            "!=" => return Ok(left != right),
            _ => left.cmp(&right),
        }
    };
    Ok(match operator.as_str() {
        "<" => ordering.is_lt(),
        "<=" => ordering.is_le(),
        ">" => ordering.is_gt(),
        ">=" => ordering.is_ge(),
        "==" => ordering.is_eq(),
        "!=" => ordering.is_ne(),
        other => {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                format!("no operator '{other}'"),
            ));
        }
    })
}
