//! Packages come and go as lines of text: everything else in the file stays as it is.

use crom_model::reference::RecipeReference;

use super::document::{Content, Node, load};
use super::{CenterFile, ListError, OptionValues};
use crate::CenterError;

/// A package to be listed.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPackage {
    /// A version or a range.
    pub reference: RecipeReference,
    /// Its matrix.
    pub options: Vec<OptionValues>,
}

/// The text with one more package at the end of `packages`.
///
/// # Errors
/// The file has a mistake, or the package is listed already.
pub fn add_package(text: &str, file: &str, new: &NewPackage) -> Result<String, CenterError> {
    let list = CenterFile::parse(text, file)?;
    let same = list
        .packages
        .iter()
        .find(|it| it.reference == new.reference && it.options == new.options);
    if let Some(listed) = same {
        return Err(CenterError::message(format!(
            "'{}' is listed already in {file}:{}",
            new.reference, listed.at.line
        )));
    }
    let document = load(text, file)?;
    let changed = match entry(&document, "packages") {
        None => append(text, &format!("packages:\n{}", item(new, "  "))),
        Some((key, node)) if node.is_null() => {
            let line = key.at.line;
            let bare = without_value(text, line);
            insert_after(&bare, line, &item(new, "  "))
        }
        Some((_, node)) => match &node.content {
            Content::List(items) if is_flow(text, node) => flow_add(text, node, items, new),
            Content::List(items) => {
                let last = items
                    .iter()
                    .map(Node::last_line)
                    .max()
                    .unwrap_or(node.at.line);
                let indent = items
                    .first()
                    .map_or_else(|| String::from("  "), |first| dash_indent(text, first));
                insert_after(text, last, &item(new, &indent))
            }
            _ => text.to_owned(),
        },
    };
    checked(changed, file)
}

/// The text without the packages that `wanted` names: a reference, or a name for all its versions.
///
/// # Errors
/// The file has a mistake, or nothing of that name is listed.
pub fn remove_package(text: &str, file: &str, wanted: &str) -> Result<String, CenterError> {
    let list = CenterFile::parse(text, file)?;
    let matches: Vec<usize> = list
        .packages
        .iter()
        .enumerate()
        .filter(|(_, it)| it.reference.to_string() == wanted || it.reference.name == wanted)
        .map(|(index, _)| index)
        .collect();
    if matches.is_empty() {
        let same_name = list
            .packages
            .iter()
            .find(|it| wanted.split('/').next() == Some(&it.reference.name));
        let error = CenterError::message(format!("'{wanted}' is not listed in {file}"));
        return Err(match same_name {
            Some(other) => error.with_hint(format!("'{}' is", other.reference)),
            None => error,
        });
    }
    let mut text = text.to_owned();
    // From the last to the first, so that positions stay true.
    for index in matches.into_iter().rev() {
        let document = load(&text, file)?;
        let Some((_, node)) = entry(&document, "packages") else {
            break;
        };
        let Content::List(items) = &node.content else {
            break;
        };
        text = if is_flow(&text, node) {
            flow_remove(&text, node, items, index)
        } else {
            let item = &items[index];
            let first = dash_line(&text, item);
            remove_lines(&text, first, item.last_line())
        };
    }
    checked(text, file)
}

/// An edit that leaves something else than a list behind is a fault of the edit, not of the file.
fn checked(text: String, file: &str) -> Result<String, CenterError> {
    match CenterFile::parse(&text, file) {
        Ok(_) => Ok(text),
        Err(ListError { at, problem, .. }) => Err(CenterError::message(format!(
            "{file} can't be edited by the program: line {} would have a mistake: {problem}",
            at.line
        ))
        .with_hint("write one package per line, or edit the file by hand")),
    }
}

fn entry<'n>(document: &'n Node, name: &str) -> Option<(&'n Node, &'n Node)> {
    let Content::Map(entries) = &document.content else {
        return None;
    };
    entries
        .iter()
        .find(|(key, _)| matches!(&key.content, Content::Scalar { text, .. } if text == name))
        .map(|(key, value)| (key, value))
}

/// The lines of a package: one for a plain reference, two with options.
fn item(new: &NewPackage, indent: &str) -> String {
    if new.options.is_empty() {
        return format!("{indent}- {}\n", new.reference);
    }
    format!(
        "{indent}- ref: {}\n{indent}  options: {{{}}}\n",
        new.reference,
        options(new)
    )
}

fn options(new: &NewPackage) -> String {
    let lists: Vec<String> = new
        .options
        .iter()
        .map(|option| {
            let values: Vec<String> = option.values.iter().map(|value| scalar(value)).collect();
            let name = if option.name.contains([':', '*', '&']) {
                format!("\"{}\"", option.name)
            } else {
                option.name.clone()
            };
            format!("{name}: [{}]", values.join(", "))
        })
        .collect();
    lists.join(", ")
}

fn scalar(value: &str) -> String {
    match value {
        "True" => String::from("true"),
        "False" => String::from("false"),
        plain
            if plain
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._+-/".contains(c)) =>
        {
            plain.to_owned()
        }
        other => format!("\"{}\"", other.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

fn is_flow(text: &str, node: &Node) -> bool {
    byte_of(text, node.at.line, node.at.column).is_some_and(|at| text[at..].starts_with('['))
}

fn flow_add(text: &str, node: &Node, items: &[Node], new: &NewPackage) -> String {
    let written = if new.options.is_empty() {
        format!("\"{}\"", new.reference)
    } else {
        format!(
            "{{ref: \"{}\", options: {{{}}}}}",
            new.reference,
            options(new)
        )
    };
    let separator = if items.is_empty() { "" } else { ", " };
    let mut changed = text.to_owned();
    if let Some(close) = byte_of(text, node.end.line, node.end.column) {
        // The marker of a flow sequence's end is at its bracket or just behind it.
        let close = text[..(close + 1).min(text.len())]
            .rfind(']')
            .unwrap_or(close);
        let before = text[..close].trim_end().len();
        changed.insert_str(before, &format!("{separator}{written}"));
    }
    changed
}

/// From the item before to the end of this one, or from this one to the one behind it.
fn flow_remove(text: &str, node: &Node, items: &[Node], index: usize) -> String {
    let start = |item: &Node| byte_of(text, item.at.line, item.at.column).unwrap_or(text.len());
    let close = byte_of(text, node.end.line, node.end.column).unwrap_or(text.len());
    let close = text[..(close + 1).min(text.len())]
        .rfind(']')
        .unwrap_or(close);
    let (from, to) = match (index, items.get(index + 1)) {
        (_, Some(next)) => (start(&items[index]), start(next)),
        (0, None) => (start(&items[index]), close),
        (_, None) => {
            let from = start(&items[index]);
            (text[..from].rfind(',').unwrap_or(from), close)
        }
    };
    format!("{}{}", &text[..from], &text[to..])
}

fn byte_of(text: &str, line: usize, column: usize) -> Option<usize> {
    let mut start = 0;
    for (index, content) in text.split_inclusive('\n').enumerate() {
        if index + 1 == line {
            let offset = content
                .char_indices()
                .nth(column.saturating_sub(1))
                .map_or(content.len(), |(offset, _)| offset);
            return Some(start + offset);
        }
        start += content.len();
    }
    (line > 0).then_some(text.len())
}

/// The line with the dash of an item: its own, or one above it.
fn dash_line(text: &str, item: &Node) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let own = lines.get(item.at.line - 1).copied().unwrap_or_default();
    if own.trim_start().starts_with('-') {
        return item.at.line;
    }
    (1..item.at.line)
        .rev()
        .find(|line| lines[line - 1].trim_start().starts_with('-'))
        .unwrap_or(item.at.line)
}

fn dash_indent(text: &str, item: &Node) -> String {
    let line = text
        .lines()
        .nth(dash_line(text, item) - 1)
        .unwrap_or_default();
    line.chars().take_while(|c| c.is_whitespace()).collect()
}

fn insert_after(text: &str, line: usize, new: &str) -> String {
    let mut changed = String::with_capacity(text.len() + new.len());
    for (index, content) in text.split_inclusive('\n').enumerate() {
        changed.push_str(content);
        if index + 1 == line {
            if !content.ends_with('\n') {
                changed.push('\n');
            }
            changed.push_str(new);
        }
    }
    changed
}

fn append(text: &str, new: &str) -> String {
    let newline = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{text}{newline}{new}")
}

/// `packages: ~` becomes `packages:`; a comment stays.
fn without_value(text: &str, line: usize) -> String {
    text.split_inclusive('\n')
        .enumerate()
        .map(|(index, content)| match content.split_once(':') {
            Some((key, rest)) if index + 1 == line => {
                let rest = rest.trim_start();
                let rest = rest
                    .strip_prefix("null")
                    .or(rest.strip_prefix('~'))
                    .unwrap_or(rest);
                match rest.trim() {
                    "" => format!("{key}:\n"),
                    comment => format!("{key}:  {comment}\n"),
                }
            }
            _ => content.to_owned(),
        })
        .collect()
}

fn remove_lines(text: &str, first: usize, last: usize) -> String {
    text.split_inclusive('\n')
        .enumerate()
        .filter(|(index, _)| index + 1 < first || index + 1 > last)
        .map(|(_, content)| content)
        .collect()
}
