//! `-p "os=Linux AND (arch=x86 OR options.shared=True)"`: choosing packages by what they were made
//! for.

use crom_model::conaninfo::ConanInfoText;

use crate::error::{Result, StoreError};

/// A parsed package query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageQuery {
    root: Node,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Equal(String, String),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
}

impl PackageQuery {
    /// Parses `name=value` terms joined with `AND`, `OR` (any case) and brackets. `AND` binds
    /// stronger.
    ///
    /// # Errors
    /// `Invalid package query: ...`
    pub fn parse(text: &str) -> Result<Self> {
        let fail = |why: &str| StoreError::Invalid(format!("Invalid package query: {text}. {why}"));
        if text.contains('!') {
            return Err(fail("'!' character is not allowed"));
        }
        let tokens = tokens(text);
        let mut parser = Parser {
            tokens: &tokens,
            at: 0,
        };
        let root = parser.any().map_err(|why| fail(&why))?;
        match parser.peek() {
            None => Ok(Self { root }),
            Some(")") => Err(fail("Bad expression, not balanced parenthesis")),
            Some(token) => Err(fail(&format!("Invalid expression: {token}"))),
        }
    }

    /// True when a package with this `conaninfo.txt` is wanted.
    pub fn matches(&self, info: &ConanInfoText) -> bool {
        self.root.matches(info)
    }
}

impl Node {
    fn matches(&self, info: &ConanInfoText) -> bool {
        match self {
            Node::And(a, b) => a.matches(info) && b.matches(info),
            Node::Or(a, b) => a.matches(info) || b.matches(info),
            Node::Equal(name, wanted) => {
                let value = if let Some(option) = name.strip_prefix("options.") {
                    info.options.get(option)
                } else {
                    info.settings
                        .get(name.strip_prefix("settings.").unwrap_or(name))
                };
                match value {
                    Some(value) => value == wanted,
                    None => wanted == "None",
                }
            }
        }
    }
}

/// Brackets, words and quoted values.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut quote: Option<char> = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.push(c),
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | ')') => {
                if !word.is_empty() {
                    tokens.push(std::mem::take(&mut word));
                }
                tokens.push(c.to_string());
            }
            (None, c) if c.is_whitespace() => {
                if !word.is_empty() {
                    tokens.push(std::mem::take(&mut word));
                }
            }
            (None, c) => word.push(c),
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

struct Parser<'a> {
    tokens: &'a [String],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn accept(&mut self, word: &str) -> bool {
        let found = self
            .peek()
            .is_some_and(|token| token.eq_ignore_ascii_case(word));
        if found {
            self.at += 1;
        }
        found
    }

    fn any(&mut self) -> Result<Node, String> {
        let mut node = self.all()?;
        while self.accept("or") {
            node = Node::Or(Box::new(node), Box::new(self.all()?));
        }
        Ok(node)
    }

    fn all(&mut self) -> Result<Node, String> {
        let mut node = self.term()?;
        while self.accept("and") {
            node = Node::And(Box::new(node), Box::new(self.term()?));
        }
        Ok(node)
    }

    fn term(&mut self) -> Result<Node, String> {
        if self.accept("(") {
            let node = self.any()?;
            return if self.accept(")") {
                Ok(node)
            } else {
                Err("Bad expression, not balanced parenthesis".to_owned())
            };
        }
        let Some(token) = self.peek() else {
            return Err("Incomplete expression".to_owned());
        };
        let Some((name, value)) = token.split_once('=') else {
            return Err(format!("Invalid expression: {token}"));
        };
        let node = Node::Equal(name.to_owned(), value.to_owned());
        self.at += 1;
        Ok(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info() -> ConanInfoText {
        ConanInfoText::loads(
            "[settings]\narch=x86_64\nbuild_type=Debug\ncompiler=gcc\ncompiler.version=12\nos=Linux\n[options]\nshared=False\n",
        )
    }

    #[test]
    fn answers_of_the_reference() {
        let cases = [
            ("build_type=Debug", true),
            (
                "build_type=Release OR (os=Linux AND options.shared=False)",
                true,
            ),
            ("shared=False", false),
            ("nope=False", false),
            ("nope=None", true),
            ("os=Lin", false),
            ("compiler.version=12 and os=Linux", true),
            ("os=\"Linux\"", true),
            ("settings.os=Linux", true),
            ("os=Windows AND os=Linux OR os=Linux", true),
            ("os=Windows AND (os=Linux OR os=Linux)", false),
        ];
        for (text, expected) in cases {
            let query = PackageQuery::parse(text).unwrap();
            assert_eq!(query.matches(&info()), expected, "{text}");
        }
    }

    #[test]
    fn errors_of_the_reference() {
        let cases = [
            (
                "os!=Linux",
                "Invalid package query: os!=Linux. '!' character is not allowed",
            ),
            ("os", "Invalid package query: os. Invalid expression: os"),
            (
                "(os=Linux",
                "Invalid package query: (os=Linux. Bad expression, not balanced parenthesis",
            ),
            (
                "NOT os=Linux",
                "Invalid package query: NOT os=Linux. Invalid expression: NOT",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(PackageQuery::parse(text).unwrap_err().to_string(), expected);
        }
    }
}
