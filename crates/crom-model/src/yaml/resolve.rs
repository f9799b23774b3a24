//! What a plain scalar means in YAML 1.1, with the patterns of the published types
//! (<https://yaml.org/type/>) as PyYAML uses them.

use std::sync::LazyLock;

use regex::Regex;

use super::value::Value;

/// The type of a plain scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Int,
    Float,
    Timestamp,
    /// `<<`
    Merge,
    /// `=`
    Default,
    Str,
}

static FLOAT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
    )
    .ok()
});

static INT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$",
    )
    .ok()
});

static TIMESTAMP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)$",
    )
    .ok()
});

fn matches(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|it| it.is_match(text))
}

/// The type that a plain scalar has.
pub(super) fn kind_of(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "true" | "True" | "TRUE" | "false"
        | "False" | "FALSE" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => return Kind::Bool,
        "<<" => return Kind::Merge,
        "=" => return Kind::Default,
        _ => {}
    }
    // All other types begin with a digit, a sign or a dot, and contain a digit or a dot.
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        Kind::Str
    } else if matches(&INT, text) {
        Kind::Int
    } else if matches(&FLOAT, text) {
        Kind::Float
    } else if matches(&TIMESTAMP, text) {
        Kind::Timestamp
    } else {
        Kind::Str
    }
}

/// The value of a plain scalar of a known type; none if it can't be made (`0b_`), or if the type
/// has no values of its own (`<<`, `=`).
pub(super) fn construct(kind: Kind, text: &str) -> Option<Value> {
    Some(match kind {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(matches!(
            text.to_ascii_lowercase().as_str(),
            "yes" | "true" | "on"
        )),
        Kind::Int => construct_int(text)?,
        Kind::Float => Value::Float(construct_float(text)?),
        Kind::Timestamp => Value::Timestamp(text.to_owned()),
        Kind::Str => Value::String(text.to_owned()),
        Kind::Merge | Kind::Default => return None,
    })
}

fn construct_int(text: &str) -> Option<Value> {
    let digits = text.replace('_', "");
    let (negative, digits) = match digits.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, digits.strip_prefix('+').unwrap_or(&digits)),
    };
    let (digits, radix) = if let Some(rest) = digits.strip_prefix("0b") {
        (rest, 2)
    } else if let Some(rest) = digits.strip_prefix("0x") {
        (rest, 16)
    } else if digits.contains(':') {
        return sexagesimal(digits, negative);
    } else if digits.len() > 1 && digits.starts_with('0') {
        (&digits[1..], 8)
    } else {
        (digits, 10)
    };
    if digits.is_empty() {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    match i64::from_str_radix(&format!("{sign}{digits}"), radix) {
        Ok(value) => Some(Value::Int(value)),
        Err(_) => to_decimal(digits, radix).map(|it| Value::BigInt(format!("{sign}{it}"))),
    }
}

/// `1:30` is 90.
fn sexagesimal(digits: &str, negative: bool) -> Option<Value> {
    let mut total: i64 = 0;
    for part in digits.split(':') {
        total = total.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    Some(Value::Int(if negative { -total } else { total }))
}

/// Digits of any length in decimal.
fn to_decimal(digits: &str, radix: u32) -> Option<String> {
    // Little-endian decimal digits; quadratic, so the length is bounded.
    if digits.len() > 4096 {
        return None;
    }
    let mut decimal: Vec<u32> = vec![0];
    for character in digits.chars() {
        let mut carry = character.to_digit(radix)?;
        for place in &mut decimal {
            let value = *place * radix + carry;
            *place = value % 10;
            carry = value / 10;
        }
        while carry > 0 {
            decimal.push(carry % 10);
            carry /= 10;
        }
    }
    while decimal.len() > 1 && decimal.last() == Some(&0) {
        decimal.pop();
    }
    decimal
        .iter()
        .rev()
        .map(|it| char::from_digit(*it, 10))
        .collect()
}

fn construct_float(text: &str) -> Option<f64> {
    let lower = text.replace('_', "").to_ascii_lowercase();
    let (sign, digits) = match lower.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, lower.strip_prefix('+').unwrap_or(&lower)),
    };
    let magnitude = match digits {
        ".inf" => f64::INFINITY,
        ".nan" => return Some(f64::NAN),
        _ if digits.contains(':') => {
            let mut total = 0.0;
            for part in digits.split(':') {
                total = total * 60.0 + part.parse::<f64>().ok()?;
            }
            total
        }
        _ => digits.parse().ok()?,
    };
    Some(sign * magnitude)
}

/// A float as Python's `repr()` writes it: the shortest digits that read back as the same number,
/// with an exponent below 1e-4 and from 1e16.
pub fn float_repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let Ok(exponent) = exponent.parse::<i32>() else {
        return scientific;
    };
    if (-4..16).contains(&exponent) {
        // Rust's `{:?}` switches to an exponent at other places, `{}` never does.
        let plain = format!("{value}");
        return if plain.contains('.') {
            plain
        } else {
            format!("{plain}.0")
        };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
