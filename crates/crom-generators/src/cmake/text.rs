//! Text of CMake: quoting, lists, paths relative to the generators folder.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something to tell the user, besides the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// How loud it is.
    pub level: Level,
    /// Without prefix; may have several lines.
    pub text: String,
}

/// How loud a [`Message`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// `output.info`
    Info,
    /// `output.warning`
    Warning,
    /// `output.warning(.., warn_tag="deprecated")`
    Deprecated,
    /// `output.warning(.., warn_tag="experimental")`
    Experimental,
    /// `output.error`
    Error,
}

impl Message {
    /// For everyone.
    pub fn info(text: impl Into<String>) -> Message {
        Message {
            level: Level::Info,
            text: text.into(),
        }
    }

    /// With a level.
    pub fn new(level: Level, text: impl Into<String>) -> Message {
        Message {
            level,
            text: text.into(),
        }
    }
}

/// The inside of a quoted argument: `\`, `$` and `"` stand for themselves.
pub(crate) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('$', "\\$")
        .replace('"', "\\\"")
}

/// Replaces `@name@` by values. Names that aren't given stay, CMake has such texts too.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some(at) = rest.find('@') {
        let (before, after) = rest.split_at(at);
        filled.push_str(before);
        let hit = values.iter().find_map(|(name, value)| {
            after[1..]
                .strip_prefix(name)?
                .strip_prefix('@')
                .map(|rest| (value, rest))
        });
        if let Some((value, tail)) = hit {
            filled.push_str(value);
            rest = tail;
        } else {
            filled.push('@');
            rest = &after[1..];
        }
    }
    filled.push_str(rest);
    filled
}

/// A path with `/`, as CMake wants it on every platform.
pub(crate) fn slashes(path: &str) -> String {
    path.replace('\\', "/")
}

/// True for `/a`, `C:/a` and `C:\a`.
pub(crate) fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.starts_with('/')
        || path.starts_with('\\')
        || (bytes.len() > 2
            && bytes[1] == b':'
            && bytes[0].is_ascii_alphabetic()
            && matches!(bytes[2], b'/' | b'\\'))
}

/// `folder/path`, or `path` if that is absolute.
pub(crate) fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() || is_absolute(path) {
        slashes(path)
    } else {
        format!(
            "{}/{}",
            slashes(folder).trim_end_matches('/'),
            slashes(path)
        )
    }
}

fn steps(path: &str) -> Vec<&str> {
    path.split('/')
        .filter(|step| !step.is_empty() && *step != ".")
        .collect()
}

/// `path` inside `folder`, without it; none if it's elsewhere.
pub(crate) fn inside<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    if rest.is_empty() {
        Some("")
    } else {
        rest.strip_prefix('/')
    }
}

/// The way from folder `from` to `path`, both absolute with `/`.
pub fn relative_to(path: &str, from: &str) -> String {
    let (path, from) = (steps(path), steps(from));
    let common = path
        .iter()
        .zip(&from)
        .take_while(|(left, right)| left == right)
        .count();
    let mut way: Vec<&str> = vec![".."; from.len() - common];
    way.extend(&path[common..]);
    if way.is_empty() {
        ".".to_owned()
    } else {
        way.join("/")
    }
}

/// Paths as they are written into files. Those below the base of the generators folder (deployed
/// packages, files of the project) are relative to the file, so that the folder can be moved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PathStyle {
    /// `generators_folder`, absolute.
    pub generators: String,
    /// What the generators folder is relative to: `--output-folder`, the recipe's folder or the
    /// build folder in the cache.
    pub base: String,
}

impl PathStyle {
    /// The path with `placeholder` (`${CMAKE_CURRENT_LIST_DIR}`) for the generators folder if it's
    /// below the base.
    pub fn write(&self, path: &str, placeholder: &str) -> String {
        let path = slashes(path);
        let (base, generators) = (slashes(&self.base), slashes(&self.generators));
        if base.is_empty()
            || !is_absolute(&base)
            || !is_absolute(&path)
            || inside(&path, &base).is_none()
            || inside(&generators, &base).is_none()
        {
            return path;
        }
        match relative_to(&path, &generators).as_str() {
            "." => placeholder.to_owned(),
            way => format!("{placeholder}/{way}"),
        }
    }

    /// Relative to the file that is written.
    pub(crate) fn beside_list_file(&self, path: &str) -> String {
        self.write(path, "${CMAKE_CURRENT_LIST_DIR}")
    }
}

/// `str(value)` of Python.
pub(crate) fn python_str(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => python_repr(other),
    }
}

/// `repr(value)` of Python.
pub(crate) fn python_repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => {
            let quote = if text.contains('\'') && !text.contains('"') {
                '"'
            } else {
                '\''
            };
            let inner = text.replace('\\', "\\\\").replace('\n', "\\n");
            let inner = if quote == '\'' {
                inner.replace('\'', "\\'")
            } else {
                inner
            };
            format!("{quote}{inner}{quote}")
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(python_repr).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|(key, value)| {
                    format!(
                        "{}: {}",
                        python_repr(&Value::String(key.clone())),
                        python_repr(value)
                    )
                })
                .collect();
            format!("{{{}}}", items.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_below_the_base_are_relative() {
        let style = PathStyle {
            generators: "/w/build/gen".into(),
            base: "/w".into(),
        };
        assert_eq!(
            style.beside_list_file("/w/full_deploy/x"),
            "${CMAKE_CURRENT_LIST_DIR}/../../full_deploy/x"
        );
        assert_eq!(
            style.beside_list_file("/w/build/gen"),
            "${CMAKE_CURRENT_LIST_DIR}"
        );
        assert_eq!(style.beside_list_file("/home/p"), "/home/p");
        assert_eq!(style.beside_list_file("/wide/p"), "/wide/p");
        assert_eq!(style.beside_list_file("rel\\p"), "rel/p");
    }

    #[test]
    fn fill_leaves_unknown_names() {
        assert_eq!(fill("a@x@b@y@c@", &[("x", "1")]), "a1b@y@c@");
    }

    #[test]
    fn python_texts() {
        let value = serde_json::json!(["a", true, null, 1.5, {"k": "it's"}]);
        assert_eq!(
            python_str(&value),
            r#"['a', True, None, 1.5, {'k': "it's"}]"#
        );
    }
}
