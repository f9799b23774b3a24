//! Python's `subprocess` module: running a program for its output.

use std::process::{Command, Stdio};
use std::sync::Arc;

use minijinja::value::{Kwargs, Object, ObjectRepr, ValueKind, from_args};
use minijinja::{Error, ErrorKind, State, Value};

use super::python::no_attribute;

/// `subprocess`
#[derive(Debug)]
pub(super) struct Subprocess;

impl Object for Subprocess {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        matches!(key.as_str()?, "PIPE" | "STDOUT" | "DEVNULL").then(|| key.clone())
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        if !matches!(method, "check_output" | "getoutput") {
            return Err(no_attribute(method));
        }
        let (command, options): (Value, Kwargs) = from_args(args)?;
        let shell = method == "getoutput" || options.get::<Option<bool>>("shell")?.unwrap_or(false);
        // Text or bytes, and where errors go: there is one kind of text here.
        for name in ["text", "universal_newlines", "encoding", "stderr", "cwd"] {
            let _ = options.get::<Option<Value>>(name)?;
        }
        options.assert_all_used()?;
        let words = words(&command, shell)?;
        let (program, arguments) = words
            .split_first()
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "empty command"))?;
        let output = Command::new(program)
            .args(arguments)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| failed(&words, &error.to_string()))?;
        if !output.status.success() && method == "check_output" {
            return Err(failed(
                &words,
                &format!("returned non-zero {}", output.status),
            ));
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(Value::from(if method == "getoutput" {
            text.trim_end_matches('\n').to_owned()
        } else {
            text
        }))
    }
}

fn failed(words: &[String], reason: &str) -> Error {
    Error::new(
        ErrorKind::InvalidOperation,
        format!("command '{}' {reason}", words.join(" ")),
    )
}

fn words(command: &Value, shell: bool) -> Result<Vec<String>, Error> {
    if command.kind() == ValueKind::Seq {
        return Ok(command
            .try_iter()?
            .map(|word| super::python::str_of(&word))
            .collect());
    }
    let text = command.as_str().unwrap_or_default();
    Ok(match (shell, cfg!(windows)) {
        (true, true) => vec!["cmd".to_owned(), "/C".to_owned(), text.to_owned()],
        (true, false) => vec!["/bin/sh".to_owned(), "-c".to_owned(), text.to_owned()],
        (false, _) => vec![text.to_owned()],
    })
}
