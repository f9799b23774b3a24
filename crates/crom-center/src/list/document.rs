//! YAML that knows where each of its values is written.

use yaml_rust2::Event;
use yaml_rust2::parser::Parser;
use yaml_rust2::scanner::{Marker, TScalarStyle};

use super::ListError;

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// Where it begins.
    pub at: Position,
    /// Where a sequence or mapping ends: its closing bracket, or the first thing behind it.
    pub end: Position,
    pub content: Content,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// As written, without quotes.
    Scalar {
        text: String,
        quoted: bool,
    },
    List(Vec<Node>),
    /// Keys are scalars.
    Map(Vec<(Node, Node)>),
}

impl Node {
    pub fn is_null(&self) -> bool {
        matches!(&self.content, Content::Scalar { text, quoted: false }
            if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// The last line that a part of it is written on.
    pub fn last_line(&self) -> usize {
        match &self.content {
            Content::Scalar { .. } => self.at.line,
            Content::List(items) => items
                .iter()
                .map(Node::last_line)
                .max()
                .unwrap_or(self.at.line),
            Content::Map(entries) => entries
                .iter()
                .map(|(key, value)| key.at.line.max(value.last_line()))
                .max()
                .unwrap_or(self.at.line),
        }
    }

    pub fn kind(&self) -> &'static str {
        match &self.content {
            Content::Scalar { .. } if self.is_null() => "nothing",
            Content::Scalar { .. } => "a text",
            Content::List(_) => "a list",
            Content::Map(_) => "a mapping",
        }
    }
}

/// Reads a document. An empty one is a null.
pub(super) fn load(text: &str, file: &str) -> Result<Node, ListError> {
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder::default();
    loop {
        let (event, marker) = parser.next_token().map_err(|error| {
            ListError::new(file, position(error.marker()), error.info().to_owned())
        })?;
        let at = position(&marker);
        match event {
            Event::StreamEnd => break,
            event => builder
                .event(event, at)
                .map_err(|problem| ListError::new(file, at, problem))?,
        }
    }
    Ok(builder.root.unwrap_or_else(|| null(Position::default())))
}

fn position(marker: &Marker) -> Position {
    Position {
        line: marker.line(),
        column: marker.col() + 1,
    }
}

fn null(at: Position) -> Node {
    Node {
        at,
        end: at,
        content: Content::Scalar {
            text: String::new(),
            quoted: false,
        },
    }
}

#[derive(Default)]
struct Builder {
    root: Option<Node>,
    open: Vec<Open>,
}

struct Open {
    node: Node,
    /// The key of a mapping whose value comes next.
    key: Option<Node>,
}

impl Builder {
    fn event(&mut self, event: Event, at: Position) -> Result<(), String> {
        match event {
            Event::DocumentStart if self.root.is_some() => {
                Err("a second document in the file".to_owned())
            }
            Event::Scalar(text, style, ..) => self.place(Node {
                at,
                end: at,
                content: Content::Scalar {
                    text,
                    quoted: style != TScalarStyle::Plain,
                },
            }),
            Event::Alias(_) => Err("aliases are not supported here".to_owned()),
            Event::SequenceStart(..) => {
                self.open(at, Content::List(Vec::new()));
                Ok(())
            }
            Event::MappingStart(..) => {
                self.open(at, Content::Map(Vec::new()));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(mut open) => {
                    open.node.end = at;
                    // The marker of a mapping without braces is at its first colon.
                    if let Content::Map(entries) = &open.node.content
                        && let Some((key, _)) = entries.first()
                    {
                        open.node.at = open.node.at.min(key.at);
                    }
                    self.place(open.node)
                }
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn open(&mut self, at: Position, content: Content) {
        let node = Node {
            at,
            end: at,
            content,
        };
        self.open.push(Open { node, key: None });
    }

    fn place(&mut self, node: Node) -> Result<(), String> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.node.content {
            Content::List(items) => items.push(node),
            Content::Map(entries) => match open.key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    let Content::Scalar { text, .. } = &node.content else {
                        return Err("a key must be a text".to_owned());
                    };
                    let known = entries.iter().any(|(key, _)| {
                        matches!(&key.content, Content::Scalar { text: it, .. } if it == text)
                    });
                    if known {
                        return Err(format!("the key '{text}' is here twice"));
                    }
                    open.key = Some(node);
                }
            },
            Content::Scalar { .. } => {}
        }
        Ok(())
    }
}
