//! The Python expressions that a conf's value may be.
//!
//! Conan evaluates the text after `=`; what doesn't evaluate stays a text. Here: literals of all
//! kinds, arithmetic on numbers, `+` and `*` of lists and texts, comparisons and boolean
//! operators. So `2*4` is 8, `1-2` is -1 and `["a"]` is a list, while `1.2.3`, `re.search` and
//! `"quoted"` are texts as they stand.

use super::ConfValue;

/// Deeper nesting than this is taken as text.
const MAX_DEPTH: usize = 64;
/// Results longer than this (`"a" * 1000000`) are taken as text.
const MAX_LENGTH: usize = 65_536;

pub(super) fn evaluate(text: &str) -> ConfValue {
    let text = text.trim();
    let mut parser = Parser {
        rest: text,
        depth: 0,
    };
    let value = parser.expression_list().filter(|_| parser.at_end());
    match value {
        Some(ConfValue::Str(_)) | None => ConfValue::Str(text.to_owned()),
        Some(value) => value,
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with('#') {
            self.rest = "";
        }
    }

    fn at_end(&mut self) -> bool {
        self.skip_space();
        self.rest.is_empty()
    }

    /// Takes an operator or bracket.
    fn take(&mut self, symbol: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(symbol) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a word like `and`, not the beginning of a longer one.
    fn take_word(&mut self, word: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(word) {
            Some(rest) if !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// `1, 2` without brackets is a tuple.
    fn expression_list(&mut self) -> Option<ConfValue> {
        let first = self.expression()?;
        if !self.take(",") {
            return Some(first);
        }
        let mut items = vec![first];
        while !self.at_end() {
            items.push(self.expression()?);
            if !self.take(",") {
                break;
            }
        }
        Some(ConfValue::Tuple(items))
    }

    fn expression(&mut self) -> Option<ConfValue> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut value = self.and_expression()?;
        while self.take_word("or") {
            let other = self.and_expression()?;
            value = if value.is_truthy() { value } else { other };
        }
        self.depth -= 1;
        Some(value)
    }

    fn and_expression(&mut self) -> Option<ConfValue> {
        let mut value = self.not_expression()?;
        while self.take_word("and") {
            let other = self.not_expression()?;
            value = if value.is_truthy() { other } else { value };
        }
        Some(value)
    }

    fn not_expression(&mut self) -> Option<ConfValue> {
        let mut negations = 0usize;
        while self.take_word("not") {
            negations += 1;
        }
        let value = self.comparison()?;
        Some(match negations {
            0 => value,
            count => ConfValue::Bool(value.is_truthy() == count.is_multiple_of(2)),
        })
    }

    fn comparison(&mut self) -> Option<ConfValue> {
        let left = self.sum()?;
        for operator in ["==", "!=", "<=", ">=", "<", ">"] {
            // `<<` and `>>` are other operators, which aren't known here.
            if self.take(operator) {
                let right = self.sum()?;
                return compare(operator, &left, &right).map(ConfValue::Bool);
            }
        }
        if self.take_word("in") {
            let right = self.sum()?;
            return Some(ConfValue::Bool(right.as_items()?.contains(&left)));
        }
        Some(left)
    }

    fn sum(&mut self) -> Option<ConfValue> {
        let mut value = self.product()?;
        loop {
            let operator = if self.take("+") {
                '+'
            } else if self.take("-") {
                '-'
            } else {
                return Some(value);
            };
            value = calculate(operator, value, self.product()?)?;
        }
    }

    fn product(&mut self) -> Option<ConfValue> {
        let mut value = self.unary()?;
        loop {
            let operator = if self.take("//") {
                'i'
            } else if self.take("/") {
                '/'
            } else if self.take("*") {
                '*'
            } else if self.take("%") {
                '%'
            } else {
                return Some(value);
            };
            value = calculate(operator, value, self.unary()?)?;
        }
    }

    fn unary(&mut self) -> Option<ConfValue> {
        let mut negative = false;
        let mut signed = false;
        loop {
            if self.take("-") {
                negative = !negative;
            } else if !self.take("+") {
                break;
            }
            signed = true;
        }
        let value = self.power()?;
        if !signed {
            return Some(value);
        }
        match value {
            ConfValue::Int(value) if negative => value.checked_neg().map(ConfValue::Int),
            ConfValue::Float(value) if negative => Some(ConfValue::Float(-value)),
            ConfValue::Int(_) | ConfValue::Float(_) => Some(value),
            _ => None,
        }
    }

    fn power(&mut self) -> Option<ConfValue> {
        let base = self.atom()?;
        if !self.take("**") {
            return Some(base);
        }
        let (ConfValue::Int(base), ConfValue::Int(exponent)) = (base, self.unary()?) else {
            return None;
        };
        base.checked_pow(u32::try_from(exponent).ok()?)
            .map(ConfValue::Int)
    }

    fn atom(&mut self) -> Option<ConfValue> {
        self.skip_space();
        for (word, value) in [
            ("True", ConfValue::Bool(true)),
            ("False", ConfValue::Bool(false)),
            ("None", ConfValue::None),
        ] {
            if self.take_word(word) {
                return Some(value);
            }
        }
        if self.take("[") {
            return self.items("]").map(|(items, _)| ConfValue::List(items));
        }
        if self.take("(") {
            let (items, comma) = self.items(")")?;
            return if items.len() == 1 && !comma {
                items.into_iter().next()
            } else {
                Some(ConfValue::Tuple(items))
            };
        }
        if self.take("{") {
            return self.braces();
        }
        if let Some(rest) = self.rest.strip_prefix("set()") {
            self.rest = rest;
            return Some(ConfValue::Set(Vec::new()));
        }
        self.strings().or_else(|| self.number())
    }

    /// Items up to a closing bracket, and whether there was a comma.
    fn items(&mut self, close: &str) -> Option<(Vec<ConfValue>, bool)> {
        let mut items = Vec::new();
        let mut comma = false;
        while !self.take(close) {
            items.push(self.expression()?);
            if self.take(",") {
                comma = true;
            } else if self.take(close) {
                break;
            } else {
                return None;
            }
        }
        Some((items, comma))
    }

    fn braces(&mut self) -> Option<ConfValue> {
        let mut entries: Vec<(ConfValue, ConfValue)> = Vec::new();
        let mut set = Vec::new();
        while !self.take("}") {
            let key = self.expression().filter(is_hashable)?;
            if self.take(":") {
                let value = self.expression()?;
                match entries.iter_mut().find(|(it, _)| *it == key) {
                    Some((_, slot)) => *slot = value,
                    None => entries.push((key, value)),
                }
            } else if !set.contains(&key) {
                set.push(key);
            }
            if !self.take(",") {
                if self.take("}") {
                    break;
                }
                return None;
            }
        }
        match (entries.is_empty(), set.is_empty()) {
            (_, true) => Some(ConfValue::Dict(entries)),
            (true, false) => Some(ConfValue::Set(set)),
            (false, false) => None,
        }
    }

    /// One or more texts in a row, which Python joins.
    fn strings(&mut self) -> Option<ConfValue> {
        let mut text = self.string()?;
        loop {
            self.skip_space();
            match self.string() {
                Some(more) => text.push_str(&more),
                None => return Some(ConfValue::Str(text)),
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let quote_at = self.rest.find(['"', '\''])?;
        let raw = match self.rest[..quote_at].to_ascii_lowercase().as_str() {
            "" | "u" => false,
            "r" => true,
            _ => return None,
        };
        let body = &self.rest[quote_at..];
        let single = &body[..1];
        let triple = single.repeat(3);
        let quote = if body.starts_with(&triple) {
            triple.as_str()
        } else {
            single
        };
        let mut text = String::new();
        let mut rest = &body[quote.len()..];
        loop {
            if let Some(after) = rest.strip_prefix(quote) {
                self.rest = after;
                return Some(text);
            }
            let character = rest.chars().next()?;
            rest = &rest[character.len_utf8()..];
            match character {
                '\\' if raw => {
                    let next = rest.chars().next()?;
                    text.push('\\');
                    text.push(next);
                    rest = &rest[next.len_utf8()..];
                }
                '\\' => rest = escape(rest, &mut text)?,
                other => text.push(other),
            }
        }
    }

    fn number(&mut self) -> Option<ConfValue> {
        let bytes = self.rest.as_bytes();
        let mut end = 0;
        let hexadecimal = self.rest.len() > 1 && self.rest[..2].eq_ignore_ascii_case("0x");
        while let Some(byte) = bytes.get(end) {
            let exponent_sign = end > 0
                && matches!(byte, b'+' | b'-')
                && matches!(bytes[end - 1], b'e' | b'E')
                && !hexadecimal;
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || exponent_sign) {
                break;
            }
            end += 1;
        }
        let (word, rest) = (&self.rest[..end], &self.rest[end..]);
        let value = parse_number(word)?;
        self.rest = rest;
        Some(value)
    }
}

fn is_hashable(value: &ConfValue) -> bool {
    match value {
        ConfValue::List(_) | ConfValue::Set(_) | ConfValue::Dict(_) => false,
        ConfValue::Tuple(items) => items.iter().all(is_hashable),
        _ => true,
    }
}

fn parse_number(word: &str) -> Option<ConfValue> {
    if !word.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || word.starts_with('_')
        || word.ends_with('_')
        || word.contains("__")
    {
        return None;
    }
    let digits = word.replace('_', "").to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = digits.strip_prefix(prefix) {
            return i64::from_str_radix(rest, radix).ok().map(ConfValue::Int);
        }
    }
    if digits.bytes().all(|it| it.is_ascii_digit()) {
        let leading_zero = digits.starts_with('0') && digits.bytes().any(|it| it != b'0');
        return if leading_zero {
            None
        } else {
            digits.parse().ok().map(ConfValue::Int)
        };
    }
    let plausible = digits.bytes().any(|it| it.is_ascii_digit())
        && digits
            .bytes()
            .all(|it| it.is_ascii_digit() || matches!(it, b'.' | b'e' | b'+' | b'-'));
    if plausible {
        digits.parse().ok().map(ConfValue::Float)
    } else {
        None
    }
}

/// Reads what follows a backslash.
fn escape<'a>(rest: &'a str, text: &mut String) -> Option<&'a str> {
    let character = rest.chars().next()?;
    let rest = &rest[character.len_utf8()..];
    let simple = match character {
        '\n' => return Some(rest),
        '\\' | '\'' | '"' => character,
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'x' | 'u' | 'U' => {
            let length = match character {
                'x' => 2,
                'u' => 4,
                _ => 8,
            };
            let digits = rest.get(..length)?;
            let code = u32::from_str_radix(digits, 16).ok()?;
            text.push(char::from_u32(code)?);
            return Some(&rest[length..]);
        }
        '0'..='7' => {
            let more = rest
                .bytes()
                .take(2)
                .take_while(|it| (b'0'..=b'7').contains(it))
                .count();
            let digits = format!("{character}{}", &rest[..more]);
            text.push(char::from_u32(u32::from_str_radix(&digits, 8).ok()?)?);
            return Some(&rest[more..]);
        }
        // Named characters would need Unicode's table of names.
        'N' => return None,
        other => {
            text.push('\\');
            other
        }
    };
    text.push(simple);
    Some(rest)
}

fn as_float(value: &ConfValue) -> Option<f64> {
    match value {
        ConfValue::Int(value) => Some(*value as f64),
        ConfValue::Float(value) => Some(*value),
        _ => None,
    }
}

fn calculate(operator: char, left: ConfValue, right: ConfValue) -> Option<ConfValue> {
    use ConfValue::{Float, Int, List, Str, Tuple};
    match (operator, left, right) {
        ('+', Int(a), Int(b)) => a.checked_add(b).map(Int),
        ('-', Int(a), Int(b)) => a.checked_sub(b).map(Int),
        ('*', Int(a), Int(b)) => a.checked_mul(b).map(Int),
        ('i', Int(a), Int(b)) => {
            let quotient = a.checked_div(b)?;
            let inexact = a.checked_rem(b)? != 0 && ((a < 0) != (b < 0));
            Some(Int(if inexact { quotient - 1 } else { quotient }))
        }
        ('%', Int(a), Int(b)) => {
            let rest = a.checked_rem(b)?;
            Some(Int(if rest != 0 && ((rest < 0) != (b < 0)) {
                rest + b
            } else {
                rest
            }))
        }
        ('+', List(mut a), List(b)) => {
            a.extend(b);
            Some(List(a))
        }
        ('+', Tuple(mut a), Tuple(b)) => {
            a.extend(b);
            Some(Tuple(a))
        }
        ('+', Str(a), Str(b)) => Some(Str(a + &b)),
        ('*', List(items), Int(count)) | ('*', Int(count), List(items)) => {
            let count = usize::try_from(count.max(0)).ok()?;
            (items.len().saturating_mul(count) <= MAX_LENGTH)
                .then(|| List((0..count).flat_map(|_| items.clone()).collect()))
        }
        ('*', Str(text), Int(count)) | ('*', Int(count), Str(text)) => {
            let count = usize::try_from(count.max(0)).ok()?;
            (text.len().saturating_mul(count) <= MAX_LENGTH).then(|| Str(text.repeat(count)))
        }
        (_, left, right) => {
            let (a, b) = (as_float(&left)?, as_float(&right)?);
            match operator {
                '+' => Some(Float(a + b)),
                '-' => Some(Float(a - b)),
                '*' => Some(Float(a * b)),
                _ if b == 0.0 => None,
                '/' => Some(Float(a / b)),
                'i' => Some(Float((a / b).floor())),
                '%' => Some(Float(a - b * (a / b).floor())),
                _ => None,
            }
        }
    }
}

fn compare(operator: &str, left: &ConfValue, right: &ConfValue) -> Option<bool> {
    let equal = match (as_float(left), as_float(right)) {
        (Some(a), Some(b)) => a == b,
        _ => left == right,
    };
    match operator {
        "==" => return Some(equal),
        "!=" => return Some(!equal),
        _ => {}
    }
    let order = match (left, right) {
        (ConfValue::Str(a), ConfValue::Str(b)) => a.cmp(b),
        _ => as_float(left)?.partial_cmp(&as_float(right)?)?,
    };
    Some(match operator {
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    })
}
