//! From text to values. The scanner and parser are yaml-rust2's, which know nothing about types;
//! what a scalar means, tags, anchors and merge keys are decided here as PyYAML does.

use std::borrow::Cow;
use std::collections::HashMap;

use yaml_rust2::Event;
use yaml_rust2::parser::{Parser, Tag};
use yaml_rust2::scanner::{Marker, TScalarStyle};

use super::resolve::{Kind, construct, kind_of};
use super::value::{Mapping, Value};

/// Nesting beyond this is refused.
const MAX_DEPTH: usize = 200;
/// Values beyond this, counting those that aliases repeat, are refused.
const MAX_VALUES: usize = 2_000_000;
/// Bytes to be parsed in all attempts, see [`indent_more`].
const MAX_EFFORT: usize = 64 * 1024 * 1024;

/// A document that isn't YAML, or uses what a recipe's data may not use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {problem}")]
pub struct YamlError {
    /// The file's name as given to [`load`].
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong or what was expected.
    pub problem: String,
}

/// Reads the only document of a text. An empty text is [`Value::Null`]. `file` is for messages.
pub fn load(text: &str, file: &str) -> Result<Value, YamlError> {
    load_document(text, file).map(|document| document.value)
}

/// A document with what [`dump`](super::dump) can't see in the value.
pub(crate) struct Document {
    pub(crate) value: Value,
    /// Line of the first alias to a sequence or mapping. PyYAML writes such data with anchors.
    pub(crate) shared_at: Option<usize>,
}

pub(crate) fn load_document(text: &str, file: &str) -> Result<Document, YamlError> {
    let mut text = Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut effort = 0;
    loop {
        let error = match parse_document(&text, file) {
            Ok(document) => return Ok(document),
            Err(error) => error,
        };
        effort += text.len();
        match indent_more(&text, &error) {
            Some(indented) if effort < MAX_EFFORT => text = Cow::Owned(indented),
            _ => return Err(error),
        }
    }
}

/// YAML 1.2, which the scanner follows, wants lines inside brackets and quotes to be indented; YAML
/// 1.1 doesn't care, and `]` below the first letter of the key is common. Blanks at the start of
/// such a line mean nothing, so the line that the scanner refuses gets more of them.
fn indent_more(text: &str, error: &YamlError) -> Option<String> {
    const PAD: &str = "                                ";
    let first = match error.problem.as_str() {
        "invalid indentation" | "invalid indentation in flow construct" => error.line,
        // Here the line is that of the opening quote.
        "invalid indentation in quoted scalar" => error.line + 1,
        _ => return None,
    };
    let mut done = false;
    let mut indented = String::with_capacity(text.len() + PAD.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if index + 1 >= first && !done && !line.starts_with(PAD) && !line.trim().is_empty() {
            done = true;
            indented.push_str(PAD);
        }
        indented.push_str(line);
    }
    done.then_some(indented)
}

fn parse_document(text: &str, file: &str) -> Result<Document, YamlError> {
    let fail = |marker: &Marker, problem: String| YamlError {
        file: file.to_owned(),
        line: marker.line(),
        column: marker.col() + 1,
        problem,
    };
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder::default();
    loop {
        let (event, marker) = parser
            .next_token()
            .map_err(|it| fail(it.marker(), it.info().to_owned()))?;
        match event {
            Event::StreamEnd => break,
            event => builder
                .event(event, &marker)
                .map_err(|problem| fail(&marker, problem))?,
        }
    }
    Ok(Document {
        value: builder.root.unwrap_or_default(),
        shared_at: builder.shared_at,
    })
}

#[derive(Default)]
struct Builder {
    root: Option<Value>,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    /// Values so far, with those that aliases repeat.
    values: usize,
    shared_at: Option<usize>,
}

/// What aliases can refer to.
#[derive(Clone)]
struct Anchored {
    value: Value,
    /// Number of values in it.
    count: usize,
    /// Levels of nesting, 0 for a scalar.
    depth: usize,
}

/// A sequence or mapping that isn't finished.
struct Open {
    anchor: usize,
    /// Levels of nesting below it.
    depth: usize,
    /// The number of values when it began.
    values_before: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Value>),
    Mapping {
        entries: Vec<(Value, Value)>,
        merges: Vec<Mapping>,
        key: Option<Key>,
    },
}

enum Key {
    Value(Value),
    Merge,
}

/// What a node is, before it is put in its place.
enum Node {
    Value(Value),
    /// A plain `<<`
    Merge,
}

impl Builder {
    fn event(&mut self, event: Event, marker: &Marker) -> Result<(), String> {
        match event {
            Event::DocumentStart if self.root.is_some() => {
                Err("expected a single document in the stream".to_owned())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = scalar(text, style, tag.as_ref())?;
                self.count(1)?;
                if let (Node::Value(value), true) = (&node, anchor > 0) {
                    let anchored = Anchored {
                        value: value.clone(),
                        count: 1,
                        depth: 0,
                    };
                    self.anchors.insert(anchor, anchored);
                }
                self.place(node, 0)
            }
            Event::Alias(anchor) => {
                let Anchored {
                    value,
                    count,
                    depth,
                } = self
                    .anchors
                    .get(&anchor)
                    .cloned()
                    .ok_or_else(|| "found an alias to something unfinished".to_owned())?;
                self.count(count)?;
                self.check_depth(depth)?;
                if matches!(value, Value::List(_) | Value::Map(_)) && self.shared_at.is_none() {
                    self.shared_at = Some(marker.line());
                }
                self.place(Node::Value(value), depth)
            }
            Event::SequenceStart(anchor, tag) => {
                check_tag(tag.as_ref(), "seq")?;
                self.open(anchor, Content::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                check_tag(tag.as_ref(), "map")?;
                let content = Content::Mapping {
                    entries: Vec::new(),
                    merges: Vec::new(),
                    key: None,
                };
                self.open(anchor, content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            _ => Ok(()),
        }
    }

    fn count(&mut self, more: usize) -> Result<(), String> {
        self.values += more;
        if self.values > MAX_VALUES {
            return Err(format!("more than {MAX_VALUES} values, aliases included"));
        }
        Ok(())
    }

    fn check_depth(&self, more: usize) -> Result<(), String> {
        if self.open.len() + more > MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} levels of nesting"));
        }
        Ok(())
    }

    fn open(&mut self, anchor: usize, content: Content) -> Result<(), String> {
        self.check_depth(1)?;
        self.open.push(Open {
            anchor,
            depth: 0,
            values_before: self.values,
            content,
        });
        self.count(1)
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let depth = open.depth + 1;
        let value = match open.content {
            Content::Sequence(items) => Value::List(items),
            Content::Mapping {
                entries, merges, ..
            } => {
                let mut map = Mapping::with_capacity(entries.len());
                for (key, value) in merges.into_iter().flatten().chain(entries) {
                    insert(&mut map, key, value);
                }
                Value::Map(map)
            }
        };
        if open.anchor > 0 {
            let count = self.values - open.values_before;
            let anchored = Anchored {
                value: value.clone(),
                count,
                depth,
            };
            self.anchors.insert(open.anchor, anchored);
        }
        self.place(Node::Value(value), depth)
    }

    /// Puts a finished node into the collection that is open, or at the root.
    fn place(&mut self, node: Node, depth: usize) -> Result<(), String> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node.into_value()?);
            return Ok(());
        };
        open.depth = open.depth.max(depth);
        match &mut open.content {
            Content::Sequence(items) => items.push(node.into_value()?),
            Content::Mapping {
                entries,
                merges,
                key,
            } => match key.take() {
                None => {
                    *key = Some(match node {
                        Node::Merge => Key::Merge,
                        Node::Value(Value::List(_) | Value::Map(_)) => {
                            return Err("found unhashable key".to_owned());
                        }
                        Node::Value(value) => Key::Value(value),
                    });
                }
                Some(Key::Value(key)) => entries.push((key, node.into_value()?)),
                Some(Key::Merge) => merge(node.into_value()?, merges)?,
            },
        }
        Ok(())
    }
}

impl Node {
    fn into_value(self) -> Result<Value, String> {
        match self {
            Node::Value(value) => Ok(value),
            Node::Merge => Err(no_constructor("tag:yaml.org,2002:merge")),
        }
    }
}

fn no_constructor(tag: &str) -> String {
    format!("could not determine a constructor for the tag '{tag}'")
}

/// The value of `<<`: a mapping, or a list of mappings of which earlier ones win.
fn merge(value: Value, merges: &mut Vec<Mapping>) -> Result<(), String> {
    match value {
        Value::Map(map) => merges.push(map),
        Value::List(items) => {
            for item in items.into_iter().rev() {
                let Value::Map(map) = item else {
                    return Err("expected a mapping for merging".to_owned());
                };
                merges.push(map);
            }
        }
        _ => return Err("expected a mapping or list of mappings for merging".to_owned()),
    }
    Ok(())
}

/// Later values win, at the place of the first. For Python `1`, `1.0` and `true` are one key.
fn insert(map: &mut Mapping, key: Value, value: Value) {
    if let Some(number) = as_number(&key)
        && let Some((_, slot)) = map.iter_mut().find(|(it, _)| as_number(it) == Some(number))
    {
        *slot = value;
        return;
    }
    map.insert(key, value);
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}

const CORE: &str = "tag:yaml.org,2002:";

fn tag_name(tag: &Tag) -> String {
    format!("{}{}", tag.handle, tag.suffix)
}

fn check_tag(tag: Option<&Tag>, expected: &str) -> Result<(), String> {
    match tag.map(tag_name) {
        None => Ok(()),
        Some(name) if name == "!" || name.strip_prefix(CORE) == Some(expected) => Ok(()),
        Some(name) => Err(no_constructor(&name)),
    }
}

fn scalar(text: String, style: TScalarStyle, tag: Option<&Tag>) -> Result<Node, String> {
    let name = tag.map(tag_name);
    let kind = match name.as_deref() {
        None if style == TScalarStyle::Plain => kind_of(&text),
        None | Some("!") => Kind::Str,
        Some(name) => match name.strip_prefix(CORE) {
            Some("str") => Kind::Str,
            Some("int") => Kind::Int,
            Some("float") => Kind::Float,
            Some("bool") => Kind::Bool,
            Some("null") => Kind::Null,
            Some("timestamp") => Kind::Timestamp,
            Some("binary") => {
                return decode_base64(&text)
                    .map(|bytes| Node::Value(Value::Binary(bytes)))
                    .ok_or_else(|| "failed to decode base64 data".to_owned());
            }
            _ => return Err(no_constructor(name)),
        },
    };
    match kind {
        Kind::Str => Ok(Node::Value(Value::String(text))),
        Kind::Merge => Ok(Node::Merge),
        Kind::Default => Err(no_constructor("tag:yaml.org,2002:value")),
        kind => construct(kind, &text)
            .map(Node::Value)
            .ok_or_else(|| format!("invalid number `{text}`")),
    }
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut buffer, mut bits) = (0u32, 0);
    for byte in text
        .bytes()
        .filter(|it| !it.is_ascii_whitespace() && *it != b'=')
    {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        buffer = (buffer << 6) | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((buffer >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}
