//! YAML with the position of each node.
//!
//! Types are those of [`crom_model::yaml`], which reads as PyYAML does; here they are asked for one
//! scalar at a time, because rules want to know what was written as well as what it means.

use std::collections::HashMap;

use crom_model::yaml::Value;
use yaml_rust2::Event;
use yaml_rust2::parser::Parser;
use yaml_rust2::scanner::{Marker, TScalarStyle};

use super::text::{SourceText, Span};

/// A file of YAML that could be read.
#[derive(Clone, Debug)]
pub struct YamlFile {
    /// The text.
    pub source: SourceText,
    /// The document; a null for an empty file.
    pub root: Node,
    /// Keys that stand in their mapping a second time.
    pub duplicates: Vec<(Span, String)>,
    /// Where aliases stand.
    pub aliases: Vec<Span>,
}

/// Why a text isn't YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlProblem {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 0.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// The bytes of a scalar on one line; for others, its beginning.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A scalar.
    Scalar {
        /// Its text, without quotes.
        text: String,
        /// Whether it's without quotes, so that `1.10` is a number.
        plain: bool,
    },
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping, with what `<<` merges at its end.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The text of a scalar, whatever its type.
    pub fn raw(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The text of a scalar that is a text for YAML.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, plain: false } => Some(text),
            Kind::Scalar { text, plain: true } if is_plain_text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is nothing: `key:` or `~`.
    pub fn is_null(&self) -> bool {
        match &self.kind {
            Kind::Scalar { text, plain: true } => {
                matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
            }
            _ => false,
        }
    }

    /// The items, if this is a sequence.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if this is a mapping.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.kind {
            Kind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry of a key, if this is a mapping that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|it| it.key.raw() == Some(key))
    }

    /// The value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The word for its type, in YAML's terms.
    pub fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
            Kind::Scalar { plain: false, .. } => "a text",
            Kind::Scalar { text, .. } => match resolved(text) {
                Some(Value::Null) => "nothing",
                Some(Value::Bool(_)) => "a boolean",
                Some(Value::Int(_) | Value::BigInt(_) | Value::Float(_)) => "a number",
                Some(Value::Timestamp(_)) => "a date",
                _ => "a text",
            },
        }
    }
}

fn resolved(text: &str) -> Option<Value> {
    crom_model::yaml::load(text, "").ok()
}

/// Whether a scalar without quotes is a text. Most are, and begin with a letter that none of the
/// other types begins with (`y`es, `n`o, `o`n, `t`rue, `f`alse).
fn is_plain_text(text: &str) -> bool {
    let first = text.chars().next().map(|it| it.to_ascii_lowercase());
    match first {
        Some(it) if it.is_ascii_alphabetic() && !"ynotf".contains(it) => true,
        // `a: b` and `a #b` can't be read again on their own.
        _ => matches!(resolved(text), Some(Value::String(_)) | None),
    }
}

/// Reads a text.
pub fn read(source: SourceText) -> Result<YamlFile, (SourceText, YamlProblem)> {
    let mut pads: HashMap<usize, usize> = HashMap::new();
    loop {
        let padded = with_pads(&source, &pads);
        let problem = match Builder::run(padded.as_deref().unwrap_or(&source.text), &source, &pads)
        {
            Ok((root, builder)) => {
                return Ok(YamlFile {
                    root,
                    duplicates: builder.duplicates,
                    aliases: builder.aliases,
                    source,
                });
            }
            Err(problem) => problem,
        };
        // YAML 1.2, which the scanner follows, wants lines within brackets and quotes to be
        // indented; YAML 1.1 doesn't care. Blanks at the start of such a line mean nothing.
        let line = match problem.problem.as_str() {
            "invalid indentation" | "invalid indentation in flow construct" => problem.line,
            "invalid indentation in quoted scalar" => problem.line + 1,
            _ => return Err((source, problem)),
        };
        if pads.len() > 200 || pads.insert(line, PAD).is_some() {
            return Err((source, problem));
        }
    }
}

const PAD: usize = 32;

fn with_pads(source: &SourceText, pads: &HashMap<usize, usize>) -> Option<String> {
    if pads.is_empty() {
        return None;
    }
    let mut text = String::with_capacity(source.text.len() + pads.len() * PAD);
    for (index, line) in source.text.split_inclusive('\n').enumerate() {
        if let Some(width) = pads.get(&(index + 1)) {
            text.extend(std::iter::repeat_n(' ', *width));
        }
        text.push_str(line);
    }
    Some(text)
}

struct Builder<'a> {
    source: &'a SourceText,
    pads: &'a HashMap<usize, usize>,
    root: Option<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    duplicates: Vec<(Span, String)>,
    aliases: Vec<Span>,
    nodes: usize,
}

struct Open {
    at: Span,
    anchor: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<Entry>,
        merged: Vec<Entry>,
        key: Option<Node>,
    },
}

/// Values beyond this, counting those that aliases repeat, are refused.
const MAX_NODES: usize = 1_000_000;
/// Nesting beyond this is refused.
const MAX_DEPTH: usize = 200;

impl<'a> Builder<'a> {
    fn run(
        text: &str,
        source: &'a SourceText,
        pads: &'a HashMap<usize, usize>,
    ) -> Result<(Node, Self), YamlProblem> {
        let mut builder = Self {
            source,
            pads,
            root: None,
            open: Vec::new(),
            anchors: HashMap::new(),
            duplicates: Vec::new(),
            aliases: Vec::new(),
            nodes: 0,
        };
        let mut parser = Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
        loop {
            let (event, marker) = parser
                .next_token()
                .map_err(|it| problem(it.marker(), it.info().to_owned()))?;
            if event == Event::StreamEnd {
                break;
            }
            builder
                .event(event, &marker)
                .map_err(|text| problem(&marker, text))?;
        }
        let nothing = Node {
            span: Span::default(),
            kind: Kind::Scalar {
                text: String::new(),
                plain: true,
            },
        };
        Ok((builder.root.take().unwrap_or(nothing), builder))
    }

    fn span(&self, marker: &Marker) -> Span {
        let pad = self.pads.get(&marker.line()).copied().unwrap_or(0);
        let start = self
            .source
            .offset(marker.line(), marker.col().saturating_sub(pad));
        Span::new(start, start)
    }

    fn event(&mut self, event: Event, marker: &Marker) -> Result<(), String> {
        match event {
            Event::DocumentStart if self.root.is_some() => {
                Err("expected a single document in the stream".to_owned())
            }
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == TScalarStyle::Plain;
                let span = self.scalar_span(self.span(marker), &text, style);
                let kind = Kind::Scalar { text, plain };
                self.finish(Node { span, kind }, anchor)
            }
            Event::Alias(anchor) => {
                let span = self.span(marker);
                let mut node = self
                    .anchors
                    .get(&anchor)
                    .cloned()
                    .ok_or_else(|| "found an alias to something unfinished".to_owned())?;
                self.nodes += count(&node);
                self.aliases.push(span);
                node.span = span;
                self.finish(node, 0)
            }
            Event::SequenceStart(anchor, _) => {
                self.start(self.span(marker), anchor, Content::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, _) => {
                let content = Content::Mapping {
                    entries: Vec::new(),
                    merged: Vec::new(),
                    key: None,
                };
                self.start(self.span(marker), anchor, content)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                let (kind, span) = match open.content {
                    Content::Sequence(items) => (Kind::Sequence(items), open.at),
                    Content::Mapping {
                        mut entries,
                        merged,
                        ..
                    } => {
                        for entry in merged {
                            let known = |it: &Entry| it.key.raw() == entry.key.raw();
                            if !entries.iter().any(known) {
                                entries.push(entry);
                            }
                        }
                        // The marker of a block mapping is that of its first `:`.
                        let first = entries.first().map(|it| it.key.span.start);
                        let start = first.map_or(open.at.start, |it| it.min(open.at.start));
                        (Kind::Mapping(entries), Span::new(start, start))
                    }
                };
                self.finish(Node { span, kind }, open.anchor)
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, at: Span, anchor: usize, content: Content) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        self.open.push(Open {
            at,
            anchor,
            content,
        });
        Ok(())
    }

    /// Where a scalar ends, if it's on one line and written as it reads.
    fn scalar_span(&self, at: Span, text: &str, style: TScalarStyle) -> Span {
        let rest = self.source.text.get(at.start..).unwrap_or_default();
        let length = match style {
            TScalarStyle::Plain if rest.starts_with(text) => text.len(),
            TScalarStyle::SingleQuoted | TScalarStyle::DoubleQuoted => {
                let quote = if style == TScalarStyle::SingleQuoted {
                    '\''
                } else {
                    '"'
                };
                let quoted = format!("{quote}{text}{quote}");
                if rest.starts_with(&quoted) {
                    quoted.len()
                } else {
                    0
                }
            }
            _ => 0,
        };
        Span::new(at.start, at.start + length)
    }

    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), String> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(format!("more than {MAX_NODES} values"));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping {
                entries,
                merged,
                key,
            }) => match key.take() {
                None => *key = Some(node),
                Some(merge) if is_merge(&merge) => collect_merged(&node, merged),
                Some(key) => {
                    if let Some(text) = key.raw()
                        && entries.iter().any(|it| it.key.raw() == Some(text))
                    {
                        self.duplicates.push((key.span, text.to_owned()));
                    }
                    entries.push(Entry { key, value: node });
                }
            },
        }
        Ok(())
    }
}

fn problem(marker: &Marker, problem: String) -> YamlProblem {
    YamlProblem {
        line: marker.line(),
        column: marker.col(),
        problem,
    }
}

fn is_merge(key: &Node) -> bool {
    matches!(&key.kind, Kind::Scalar { text, plain: true } if text == "<<")
}

fn collect_merged(node: &Node, merged: &mut Vec<Entry>) {
    match &node.kind {
        Kind::Mapping(entries) => merged.extend(entries.iter().cloned()),
        Kind::Sequence(items) => items.iter().for_each(|it| collect_merged(it, merged)),
        Kind::Scalar { .. } => {}
    }
}

fn count(node: &Node) -> usize {
    match &node.kind {
        Kind::Scalar { .. } => 1,
        Kind::Sequence(items) => 1 + items.iter().map(count).sum::<usize>(),
        Kind::Mapping(entries) => 1 + entries.iter().map(|it| 1 + count(&it.value)).sum::<usize>(),
    }
}
