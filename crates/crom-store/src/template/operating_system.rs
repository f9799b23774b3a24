//! Python's `os` and `os.path` modules.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, from_args};
use minijinja::{Error, ErrorKind, State, Value};

use super::python::{Tuple, no_attribute};
use crate::variables::Variables;

/// `os`
#[derive(Debug)]
pub(super) struct Os {
    variables: Arc<Variables>,
}

impl Os {
    pub(super) fn new(variables: Arc<Variables>) -> Self {
        Self { variables }
    }
}

impl Object for Os {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "environ" => self
                .variables
                .iter()
                .map(|(n, v)| (n.to_owned(), Value::from(v)))
                .collect(),
            "path" => Value::from_object(OsPath {
                variables: Arc::clone(&self.variables),
            }),
            "sep" => Value::from(std::path::MAIN_SEPARATOR_STR),
            "pathsep" => Value::from(if cfg!(windows) { ";" } else { ":" }),
            "linesep" => Value::from(if cfg!(windows) { "\r\n" } else { "\n" }),
            "name" => Value::from(if cfg!(windows) { "nt" } else { "posix" }),
            "curdir" => Value::from("."),
            "pardir" => Value::from(".."),
            _ => return None,
        })
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        Ok(match method {
            "getenv" => {
                let (name, default): (&str, Option<Value>) = from_args(args)?;
                match self.variables.get(name) {
                    Some(value) => Value::from(value),
                    None => default.unwrap_or(Value::from(())),
                }
            }
            "cpu_count" => Value::from(std::thread::available_parallelism().map_or(1, usize::from)),
            "getcwd" => Value::from(path_text(&current_folder()?)),
            "listdir" => {
                let (folder,): (Option<&str>,) = from_args(args)?;
                Value::from(crom_fs::list(folder.unwrap_or(".")).map_err(|error| invalid(&error))?)
            }
            "fspath" => {
                let (path,): (Value,) = from_args(args)?;
                path
            }
            other => return Err(no_attribute(other)),
        })
    }
}

/// `os.path`
#[derive(Debug)]
struct OsPath {
    variables: Arc<Variables>,
}

impl Object for OsPath {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "sep" => Value::from(std::path::MAIN_SEPARATOR_STR),
            "pathsep" => Value::from(if cfg!(windows) { ";" } else { ":" }),
            _ => return None,
        })
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        if method == "join" {
            let parts = args
                .iter()
                .map(text_argument)
                .collect::<Result<Vec<_>, _>>()?;
            return Ok(Value::from(join(&parts)));
        }
        if method == "relpath" {
            let (path, start): (&str, Option<&str>) = from_args(args)?;
            return Ok(Value::from(relative(path, start.unwrap_or("."))?));
        }
        let (text,): (&str,) = from_args(args)?;
        let path = Path::new(text);
        Ok(match method {
            "exists" => Value::from(crom_fs::metadata(path).is_ok()),
            "lexists" => Value::from(crom_fs::exists(path)),
            "isfile" => Value::from(crom_fs::is_file(path)),
            "isdir" => Value::from(crom_fs::is_dir(path)),
            "islink" => Value::from(crom_fs::is_symlink(path)),
            "isabs" => Value::from(path.is_absolute()),
            "dirname" => Value::from(split(text).0),
            "basename" => Value::from(split(text).1),
            "split" => {
                let (head, tail) = split(text);
                Value::from_object(Tuple(vec![Value::from(head), Value::from(tail)]))
            }
            "splitext" => {
                let (head, tail) = split_extension(text);
                Value::from_object(Tuple(vec![Value::from(head), Value::from(tail)]))
            }
            "abspath" => Value::from(path_text(&absolute(path)?)),
            "normpath" => Value::from(path_text(&crom_fs::file::normalize(path))),
            "realpath" => Value::from(path_text(&match crom_fs::canonical(path) {
                Ok(path) => path,
                Err(_) => absolute(path)?,
            })),
            "expanduser" => {
                let folder = self.variables.user_folder();
                Value::from(path_text(&crate::home::expand_user(
                    text,
                    folder.as_deref(),
                )))
            }
            "expandvars" => Value::from(expand_variables(text, &self.variables)),
            other => return Err(no_attribute(other)),
        })
    }
}

fn text_argument(value: &Value) -> Result<String, Error> {
    value.as_str().map(str::to_owned).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("expected a path, not '{}'", super::python::str_of(value)),
        )
    })
}

fn invalid(error: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidOperation, error.to_string())
}

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn current_folder() -> Result<PathBuf, Error> {
    std::env::current_dir().map_err(|error| invalid(&error))
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    Ok(crom_fs::file::normalize(&current_folder()?.join(path)))
}

/// `os.path.join`: a part that is absolute starts anew; an empty last part leaves a separator.
fn join(parts: &[String]) -> String {
    let mut joined = String::new();
    for part in parts {
        if joined.is_empty() || Path::new(part).is_absolute() {
            joined.clone_from(part);
        } else {
            if !joined.ends_with(std::path::is_separator) {
                joined.push(std::path::MAIN_SEPARATOR);
            }
            joined.push_str(part);
        }
    }
    joined
}

fn split(text: &str) -> (String, String) {
    let cut = text.rfind(std::path::is_separator).map_or(0, |at| at + 1);
    let (head, tail) = text.split_at(cut);
    let trimmed = head.trim_end_matches(std::path::is_separator);
    let head = if trimmed.is_empty() { head } else { trimmed };
    (head.to_owned(), tail.to_owned())
}

fn split_extension(text: &str) -> (String, String) {
    let start = text.rfind(std::path::is_separator).map_or(0, |at| at + 1);
    let name = &text[start..];
    let leading = name.len() - name.trim_start_matches('.').len();
    match name[leading..].rfind('.') {
        Some(dot) => {
            let cut = start + leading + dot;
            (text[..cut].to_owned(), text[cut..].to_owned())
        }
        None => (text.to_owned(), String::new()),
    }
}

fn relative(path: &str, start: &str) -> Result<String, Error> {
    let (path, start) = (absolute(Path::new(path))?, absolute(Path::new(start))?);
    let shared = path
        .components()
        .zip(start.components())
        .take_while(|(a, b)| a == b)
        .count();
    let mut result: PathBuf = start.components().skip(shared).map(|_| "..").collect();
    result.extend(path.components().skip(shared));
    Ok(if result.as_os_str().is_empty() {
        ".".to_owned()
    } else {
        path_text(&result)
    })
}

/// `$NAME` and `${NAME}`; unknown ones stay.
fn expand_variables(text: &str, variables: &Variables) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (name, used) = match after
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
        {
            Some((name, _)) => (name, name.len() + 2),
            None => {
                let end = after
                    .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                    .unwrap_or(after.len());
                (&after[..end], end)
            }
        };
        match variables.get(name).filter(|_| !name.is_empty()) {
            Some(value) => out.push_str(value),
            None => out.push_str(&rest[at..at + 1 + used]),
        }
        rest = &after[used..];
    }
    out.push_str(rest);
    out
}
