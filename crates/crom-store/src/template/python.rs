//! Values printed as Python prints them, and Python's methods.

use minijinja::value::{Kwargs, Rest, ValueKind, from_args};
use minijinja::{Error, ErrorKind, Output, State, Value};

/// How `{{ value }}` is written: `str(value)`.
pub(super) fn format(
    out: &mut Output<'_>,
    _state: &State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    out.write_str(&str_of(value))
        .map_err(|error| Error::new(ErrorKind::WriteFailure, error.to_string()))
}

/// `str(value)`; an undefined value is empty.
pub(super) fn str_of(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined => String::new(),
        ValueKind::String => value.as_str().unwrap_or_default().to_owned(),
        _ => repr_of(value),
    }
}

/// `repr(value)`
fn repr_of(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined => "Undefined".to_owned(),
        ValueKind::None => "None".to_owned(),
        ValueKind::Bool => if value.is_true() { "True" } else { "False" }.to_owned(),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            let quote = if text.contains('\'') && !text.contains('"') {
                '"'
            } else {
                '\''
            };
            let mut quoted = String::from(quote);
            for c in text.chars() {
                match c {
                    '\\' => quoted.push_str("\\\\"),
                    '\n' => quoted.push_str("\\n"),
                    '\t' => quoted.push_str("\\t"),
                    c if c == quote => {
                        quoted.push('\\');
                        quoted.push(c);
                    }
                    c => quoted.push(c),
                }
            }
            quoted.push(quote);
            quoted
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let tuple = value.downcast_object_ref::<Tuple>().is_some();
            let items: Vec<String> = value
                .try_iter()
                .map(|items| items.map(|item| repr_of(&item)).collect())
                .unwrap_or_default();
            match (tuple, items.as_slice()) {
                (true, [only]) => format!("({only},)"),
                (true, items) => format!("({})", items.join(", ")),
                (false, items) => format!("[{}]", items.join(", ")),
            }
        }
        ValueKind::Map => {
            let items: Vec<String> = value
                .try_iter()
                .map(|keys| {
                    keys.map(|key| {
                        let item = value.get_item(&key).unwrap_or_default();
                        format!("{}: {}", repr_of(&key), repr_of(&item))
                    })
                    .collect()
                })
                .unwrap_or_default();
            format!("{{{}}}", items.join(", "))
        }
        _ => value.to_string(),
    }
}

/// What several functions return: prints as `(a, b)`, unpacks as a list.
#[derive(Debug)]
pub(super) struct Tuple(pub(super) Vec<Value>);

impl minijinja::value::Object for Tuple {
    fn repr(self: &std::sync::Arc<Self>) -> minijinja::value::ObjectRepr {
        minijinja::value::ObjectRepr::Seq
    }

    fn get_value(self: &std::sync::Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &std::sync::Arc<Self>) -> minijinja::value::Enumerator {
        minijinja::value::Enumerator::Seq(self.0.len())
    }
}

/// Methods of strings, lists and maps that minijinja doesn't know.
pub(super) fn method(
    state: &State<'_, '_>,
    value: &Value,
    method: &str,
    args: &[Value],
) -> Result<Value, Error> {
    if value.kind() == ValueKind::String {
        let text = value.as_str().unwrap_or_default();
        match method {
            // There is one kind of text: bytes of programs are decoded already.
            "encode" | "decode" => return Ok(value.clone()),
            "format" => return str_format(text, args),
            "zfill" => {
                let (width,): (usize,) = from_args(args)?;
                return Ok(Value::from(format!("{text:0>width$}")));
            }
            "partition" | "rpartition" => {
                let (separator,): (&str,) = from_args(args)?;
                let split = if method == "partition" {
                    text.split_once(separator)
                } else {
                    text.rsplit_once(separator)
                };
                let parts = match (split, method) {
                    (Some((before, after)), _) => [before, separator, after],
                    (None, "partition") => [text, "", ""],
                    (None, _) => ["", "", text],
                };
                return Ok(Value::from_object(Tuple(
                    parts.iter().map(|p| Value::from(*p)).collect(),
                )));
            }
            "removeprefix" => {
                let (prefix,): (&str,) = from_args(args)?;
                return Ok(Value::from(text.strip_prefix(prefix).unwrap_or(text)));
            }
            "removesuffix" => {
                let (suffix,): (&str,) = from_args(args)?;
                return Ok(Value::from(text.strip_suffix(suffix).unwrap_or(text)));
            }
            _ => {}
        }
    }
    minijinja_contrib::pycompat::unknown_method_callback(state, value, method, args).map_err(
        |error| {
            if error.kind() == ErrorKind::UnknownMethod {
                let kind = match value.kind() {
                    ValueKind::String => "str object",
                    ValueKind::Map => "dict object",
                    ValueKind::Seq => "list object",
                    _ => "object",
                };
                Error::new(
                    ErrorKind::UnknownMethod,
                    format!("'{kind}' has no attribute '{method}'"),
                )
            } else {
                error
            }
        },
    )
}

/// `"{} {1} {name:>4}".format(...)` with alignment, width, and the types `s` and `d`.
fn str_format(text: &str, args: &[Value]) -> Result<Value, Error> {
    let (positional, named): (Rest<Value>, Kwargs) = from_args(args)?;
    let invalid =
        |what: &str| Error::new(ErrorKind::InvalidOperation, format!("str.format: {what}"));
    let mut out = String::new();
    let mut next = 0;
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let mark = &rest[at..];
        if mark.starts_with("{{") || mark.starts_with("}}") {
            out.push_str(&mark[..1]);
            rest = &mark[2..];
            continue;
        }
        let close = mark.find('}').filter(|_| mark.starts_with('{'));
        let Some(close) = close else {
            return Err(invalid("single brace in format string"));
        };
        let field = &mark[1..close];
        rest = &mark[close + 1..];
        let (name, spec) = field.split_once(':').unwrap_or((field, ""));
        let value = if name.is_empty() {
            next += 1;
            positional.get(next - 1).cloned()
        } else if let Ok(index) = name.parse::<usize>() {
            positional.get(index).cloned()
        } else {
            named.get::<Option<Value>>(name)?
        };
        let value = value.ok_or_else(|| invalid(&format!("nothing for the field '{field}'")))?;
        out.push_str(
            &padded(&str_of(&value), spec)
                .ok_or_else(|| invalid(&format!("'{spec}' is not supported")))?,
        );
    }
    named.assert_all_used()?;
    out.push_str(rest);
    Ok(Value::from(out))
}

fn padded(text: &str, spec: &str) -> Option<String> {
    let spec = spec.trim_end_matches(['s', 'd']);
    let (align, width) = match spec.chars().next() {
        Some(c @ ('<' | '>' | '^')) => (c, &spec[1..]),
        _ => ('<', spec),
    };
    if width.is_empty() {
        return Some(text.to_owned());
    }
    let (fill_zero, width) = (width.starts_with('0'), width.parse::<usize>().ok()?);
    Some(match align {
        _ if fill_zero => format!("{text:0>width$}"),
        '>' => format!("{text:>width$}"),
        '^' => format!("{text:^width$}"),
        _ => format!("{text:<width$}"),
    })
}

/// The error for a name that a module doesn't have.
pub(super) fn no_attribute(name: &str) -> Error {
    Error::new(
        ErrorKind::InvalidOperation,
        format!("'module object' has no attribute '{name}'"),
    )
}
