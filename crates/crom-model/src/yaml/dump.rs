//! From values to text, byte for byte as PyYAML writes.
//!
//! Block style; lists aren't indented below their key; a scalar is plain where YAML 1.1 reads it
//! back as the same text, else single quoted, else (for what can't be printed) double quoted;
//! lines are folded at spaces once they are longer than the width.

use super::resolve::{Kind, float_repr, kind_of};
use super::value::{Mapping, Value};

/// How `safe_dump` is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DumpOptions {
    /// `sort_keys`: only done when all keys of a mapping can be compared.
    pub sort_keys: bool,
    /// `allow_unicode`: without it, everything beyond ASCII is escaped.
    pub allow_unicode: bool,
    /// `width`, in characters.
    pub width: usize,
}

impl Default for DumpOptions {
    fn default() -> Self {
        Self {
            sort_keys: true,
            allow_unicode: false,
            width: 80,
        }
    }
}

/// The document as `yaml.safe_dump(data, default_flow_style=False)` writes it.
pub fn dump(value: &Value) -> String {
    dump_with(value, DumpOptions::default())
}

/// The same with options.
pub fn dump_with(value: &Value, options: DumpOptions) -> String {
    let mut writer = Writer {
        out: String::new(),
        column: 0,
        whitespace: true,
        indention: true,
        options,
    };
    let open_ended = writer.node(value, None, Position::Root);
    writer.out.push('\n');
    if open_ended {
        // A plain scalar could go on, so the document is closed.
        writer.out.push_str("...\n");
    }
    writer.out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Root,
    ListItem,
    MapKey,
    MapValue,
}

struct Writer {
    out: String,
    column: usize,
    /// The last character written was a space or a line break.
    whitespace: bool,
    /// Only indentation and `- ` are on the line so far.
    indention: bool,
    options: DumpOptions,
}

impl Writer {
    /// Writes a node inside a collection that is indented by `indent`. True if it was plain.
    fn node(&mut self, value: &Value, indent: Option<usize>, position: Position) -> bool {
        match value {
            Value::List(items) if items.is_empty() => self.indicator("[]", true),
            Value::List(items) => self.list(items, indent, position),
            Value::Map(map) if map.is_empty() => self.indicator("{}", true),
            Value::Map(map) => self.mapping(map, indent),
            scalar => {
                let indent = indent.map_or(2, |it| it + 2);
                return self.scalar(scalar, indent, position);
            }
        }
        false
    }

    fn list(&mut self, items: &[Value], indent: Option<usize>, position: Position) {
        // Below a key the dashes stand below the first letter of the key.
        let indentless = position == Position::MapValue && !self.indention;
        let own = match indent {
            None => 0,
            Some(indent) if indentless => indent,
            Some(indent) => indent + 2,
        };
        for item in items {
            self.line_start(own);
            self.dash("-");
            self.node(item, Some(own), Position::ListItem);
        }
    }

    fn mapping(&mut self, map: &Mapping, indent: Option<usize>) {
        let own = indent.map_or(0, |it| it + 2);
        let mut entries: Vec<(&Value, &Value)> = map.iter().collect();
        if self.options.sort_keys {
            sort(&mut entries);
        }
        for (key, value) in entries {
            self.line_start(own);
            if is_simple_key(key) {
                self.node(key, Some(own), Position::MapKey);
                self.indicator(":", false);
                self.node(value, Some(own), Position::MapValue);
            } else {
                self.dash("?");
                self.node(key, Some(own), Position::ListItem);
                self.line_start(own);
                self.dash(":");
                self.node(value, Some(own), Position::ListItem);
            }
        }
    }

    /// Text without folding, after a space unless there is one.
    fn indicator(&mut self, text: &str, space_before: bool) {
        if space_before && !self.whitespace {
            self.raw(" ");
        }
        self.raw(text);
        self.whitespace = false;
        self.indention = false;
    }

    /// `-`, `?` or `:` at the start of a line, after which indentation goes on.
    fn dash(&mut self, text: &str) {
        let indention = self.indention;
        self.indicator(text, true);
        self.raw(" ");
        self.whitespace = true;
        self.indention = indention;
    }

    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.whitespace = true;
        self.indention = true;
    }

    /// Goes to column `indent`, on a new line unless this line has only indentation up to there.
    fn line_start(&mut self, indent: usize) {
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.line_break();
        }
        if self.column < indent {
            let pad = " ".repeat(indent - self.column);
            self.raw(&pad);
            self.whitespace = true;
        }
    }

    /// True if the scalar was written plain.
    fn scalar(&mut self, value: &Value, indent: usize, position: Position) -> bool {
        let is_key = position == Position::MapKey;
        let text = match value {
            Value::String(text) => text,
            Value::Binary(bytes) => {
                self.indicator("!!binary", true);
                self.single_quoted(&encode_base64(bytes), indent, !is_key);
                return false;
            }
            other => {
                self.plain(&plain_text(other), indent, !is_key);
                return true;
            }
        };
        let form = analyze(text, self.options.allow_unicode);
        let keeps_type = kind_of(text) == Kind::Str;
        if form.plain && keeps_type {
            self.plain(text, indent, !is_key);
            return true;
        }
        if form.single_quoted && !(is_key && form.multiline) {
            self.single_quoted(text, indent, !is_key);
        } else {
            self.double_quoted(text, indent, !is_key);
        }
        false
    }

    fn plain(&mut self, text: &str, indent: usize, fold: bool) {
        if !self.whitespace {
            self.raw(" ");
        }
        self.whitespace = false;
        self.indention = false;
        for run in runs(text) {
            if run == " " && self.column > self.options.width && fold {
                self.line_start(indent);
                self.whitespace = false;
                self.indention = false;
            } else {
                self.raw(run);
            }
        }
    }

    fn single_quoted(&mut self, text: &str, indent: usize, fold: bool) {
        self.indicator("'", true);
        let mut at = 0;
        for run in runs(text) {
            let inside = at > 0 && at + run.len() < text.len();
            at += run.len();
            if run.starts_with(is_break) {
                // A line break is written twice, since a single one would read as a space.
                if run.starts_with('\n') {
                    self.line_break();
                }
                for character in run.chars() {
                    if character == '\n' {
                        self.line_break();
                    } else {
                        self.out.push(character);
                        self.line_break_after_foreign();
                    }
                }
                self.line_start(indent);
            } else if run == " " && inside && self.column > self.options.width && fold {
                self.line_start(indent);
            } else {
                self.raw(&run.replace('\'', "''"));
            }
            self.whitespace = false;
            self.indention = false;
        }
        self.indicator("'", false);
    }

    /// The break characters of Unicode end a line by themselves.
    fn line_break_after_foreign(&mut self) {
        self.column = 0;
        self.whitespace = true;
        self.indention = true;
    }

    fn double_quoted(&mut self, text: &str, indent: usize, fold: bool) {
        self.indicator("\"", true);
        let characters: Vec<char> = text.chars().collect();
        let last = characters.len().saturating_sub(1);
        // Characters that need no escape and aren't written yet.
        let mut pending = String::new();
        for (index, character) in characters.iter().copied().enumerate() {
            let escaped = self.escape(character);
            if escaped.is_some() {
                self.raw(&std::mem::take(&mut pending));
            }
            if let Some(escaped) = &escaped {
                self.raw(escaped);
                if fold && index > 0 && index < last {
                    // PyYAML allows one more column here.
                    let column = self.column.saturating_sub(1);
                    self.fold_double(column, characters.get(index + 1), &mut pending, indent);
                }
                continue;
            }
            // A line may end in front of a space, or right after an escape.
            let may_fold = character == ' ' || pending.is_empty();
            if may_fold && fold && index > 0 && index < last {
                let column = self.column + pending.chars().count();
                self.fold_double(column, Some(&character), &mut pending, indent);
            }
            pending.push(character);
        }
        self.raw(&pending);
        self.indicator("\"", false);
    }

    /// Ends the line with a backslash in front of the next character if the line is too long.
    fn fold_double(
        &mut self,
        column: usize,
        next: Option<&char>,
        pending: &mut String,
        indent: usize,
    ) {
        if column <= self.options.width {
            return;
        }
        let data = std::mem::take(pending);
        self.raw(&data);
        self.raw("\\");
        self.line_start(indent);
        self.whitespace = false;
        self.indention = false;
        if next == Some(&' ') {
            self.raw("\\");
        }
    }

    fn escape(&self, character: char) -> Option<String> {
        let code = u32::from(character);
        let printable = matches!(character, ' '..='~')
            || (self.options.allow_unicode && (matches!(code, 0xa0..=0xd7ff | 0xe000..=0xfffd)));
        let always = matches!(
            character,
            '"' | '\\' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'
        );
        if printable && !always {
            return None;
        }
        let short = match character {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                return Some(match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                });
            }
        };
        Some(format!("\\{short}"))
    }
}

/// Sorts by key if all keys are of one kind that can be compared.
fn sort(entries: &mut [(&Value, &Value)]) {
    let number = |value: &Value| match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    };
    if entries.iter().all(|(key, _)| number(key).is_some()) {
        entries.sort_by(|(a, _), (b, _)| {
            number(a)
                .partial_cmp(&number(b))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
    } else if entries.iter().all(|(key, _)| key.as_str().is_some()) {
        entries.sort_by_key(|(key, _)| key.as_str());
    } else if entries
        .iter()
        .all(|(key, _)| matches!(key, Value::Timestamp(_)))
    {
        entries.sort_by_key(|(key, _)| key.to_python_str());
    }
}

/// A key that fits in front of a colon: on one line and shorter than 128 characters, in which
/// PyYAML counts the tag `!!str` although it doesn't write it.
fn is_simple_key(key: &Value) -> bool {
    match key {
        Value::String(text) => {
            !text.is_empty()
                && !text.contains(is_break)
                && text.chars().count() + "!!str".len() < 128
        }
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Binary(_) => false,
        other => plain_text(other).len() < 128,
    }
}

fn plain_text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::BigInt(text) | Value::Timestamp(text) => text.clone(),
        Value::Float(value) if value.is_nan() => ".nan".to_owned(),
        Value::Float(value) if value.is_infinite() => {
            if *value > 0.0 { ".inf" } else { "-.inf" }.to_owned()
        }
        Value::Float(value) => {
            let text = float_repr(*value);
            // YAML 1.1 wants a dot in a float.
            if text.contains('.') {
                text
            } else {
                text.replacen('e', ".0e", 1)
            }
        }
        Value::String(_) | Value::Binary(_) | Value::List(_) | Value::Map(_) => String::new(),
    }
}

fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Splits a text into runs of spaces, of line breaks, and of everything else.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let class = |character: char| match character {
        ' ' => 0,
        it if is_break(it) => 1,
        _ => 2,
    };
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = class(rest.chars().next()?);
        let end = rest.find(|it| class(it) != first).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

/// In which forms a text can be written.
struct Form {
    plain: bool,
    single_quoted: bool,
    multiline: bool,
}

fn analyze(text: &str, allow_unicode: bool) -> Form {
    if text.is_empty() {
        return Form {
            plain: false,
            single_quoted: true,
            multiline: false,
        };
    }
    let characters: Vec<char> = text.chars().collect();
    let is_space = |it: Option<&char>| {
        it.is_none_or(|it| {
            matches!(
                it,
                '\0' | ' ' | '\t' | '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}'
            )
        })
    };
    let mut indicator = text.starts_with("---") || text.starts_with("...");
    let (mut special, mut multiline) = (false, false);
    let (mut break_then_space, mut space_then_break) = (false, false);
    for (index, character) in characters.iter().copied().enumerate() {
        let before_space = is_space(characters.get(index + 1));
        let after_space = index == 0 || is_space(characters.get(index - 1));
        indicator |= match character {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
            | '@' | '`'
                if index == 0 =>
            {
                true
            }
            '?' | '-' if index == 0 => before_space,
            ':' => before_space,
            '#' => after_space,
            _ => false,
        };
        multiline |= is_break(character);
        let code = u32::from(character);
        let unicode =
            matches!(code, 0x85 | 0xa0..=0xd7ff | 0xe000..=0xfffd | 0x10000..) && code != 0xfeff;
        special |= !(matches!(character, '\n' | ' '..='~') || (unicode && allow_unicode));
        if index > 0 {
            let previous = characters[index - 1];
            break_then_space |= character == ' ' && is_break(previous);
            space_then_break |= is_break(character) && previous == ' ';
        }
    }
    let edge = |it: Option<&char>| it.is_some_and(|it| *it == ' ' || is_break(*it));
    let edges = edge(characters.first()) || edge(characters.last());
    let unsafe_breaks = space_then_break || special;
    Form {
        plain: !(indicator || edges || break_then_space || unsafe_breaks || multiline),
        single_quoted: !(break_then_space || unsafe_breaks),
        multiline,
    }
}

fn encode_base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let word = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..4 {
            if place > chunk.len() {
                text.push('=');
            } else {
                let digit = (word >> (18 - 6 * place)) & 63;
                text.push(char::from(DIGITS[digit as usize]));
            }
        }
    }
    text
}
