//! Environment variables as recipes and profiles define them: operations (define, append, prepend,
//! unset) that are composed first and get their final text late, when it's known what the variables
//! had before. Scripts are rendered elsewhere from [`Environment::variables`].

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::conf::matches_package;
use crate::reference::RecipeReference;

/// Why an environment can't be read or changed. The words are Conan's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// A line of `[buildenv]` or `[runenv]` has no `=`.
    #[error("Bad env definition: {0}")]
    BadLine(String),
    /// A value to be removed isn't there.
    #[error("cannot remove `{value}` from the environment variable `{name}`, it is not in it")]
    NotThere {
        /// The variable.
        name: String,
        /// The value.
        value: String,
    },
}

/// A piece of a variable's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EnvItem {
    /// A text to be joined.
    Text(String),
    /// What the variable had before (`append`, `prepend`).
    Previous,
}

/// One variable. Without items it is unset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvVariable {
    /// Its name.
    pub name: String,
    /// Its pieces in order.
    pub items: Vec<EnvItem>,
    /// Between the pieces. For a list of paths the separator of the platform is used instead.
    pub separator: String,
    /// True for a list of paths.
    pub is_path: bool,
}

impl EnvVariable {
    /// The variable's final text. `previous` is what it had before: a value, or a text like
    /// `$NAME` that a shell will expand. An unset variable is empty.
    pub fn join(&self, previous: Option<&str>, path_separator: &str) -> String {
        let separator = if self.is_path {
            path_separator
        } else {
            &self.separator
        };
        let pieces: Vec<&str> = self
            .items
            .iter()
            .filter_map(|item| match item {
                EnvItem::Text(text) => Some(text.as_str()),
                EnvItem::Previous => previous.filter(|it| !it.is_empty()),
            })
            .collect();
        pieces.join(separator)
    }

    /// True if the variable is to be removed.
    pub fn is_unset(&self) -> bool {
        self.items.is_empty()
    }

    /// True if the final text depends on what the variable had before.
    pub fn uses_previous(&self) -> bool {
        self.items.contains(&EnvItem::Previous)
    }

    /// What this variable says on top of what `other` says. The form (separator, path) is ours.
    fn compose(&mut self, other: &EnvVariable) {
        if let Some(at) = self.items.iter().position(|it| *it == EnvItem::Previous) {
            self.items.splice(at..=at, other.items.iter().cloned());
        }
    }

    fn dump_lines(&self, prefix: &str, lines: &mut Vec<String>) {
        let marker = if self.is_path {
            "(path)".to_owned()
        } else if self.separator != " " {
            format!("(sep={})", self.separator)
        } else {
            String::new()
        };
        let head = format!("{prefix}{}", self.name);
        let texts = |items: &[EnvItem]| -> Vec<String> {
            items
                .iter()
                .filter_map(|item| match item {
                    EnvItem::Text(text) => Some(text.clone()),
                    EnvItem::Previous => None,
                })
                .collect()
        };
        match self.items.iter().position(|it| *it == EnvItem::Previous) {
            None if self.items.is_empty() => lines.push(format!("{head}=!")),
            None => {
                for (index, text) in texts(&self.items).iter().enumerate() {
                    let operator = if index == 0 { "=" } else { "+=" };
                    lines.push(format!("{head}{operator}{marker}{text}"));
                }
            }
            // Prepends are read one after the other, so the nearest to the previous value is first.
            Some(at) => {
                for text in texts(&self.items[..at]).iter().rev() {
                    lines.push(format!("{head}=+{marker}{text}"));
                }
                for text in texts(&self.items[at..]) {
                    lines.push(format!("{head}+={marker}{text}"));
                }
            }
        }
    }
}

/// Operations on variables, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    variables: IndexMap<String, EnvVariable>,
}

impl Environment {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// True without any variable.
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }

    /// The variables in the order in which scripts write them.
    pub fn variables(&self) -> impl DoubleEndedIterator<Item = &EnvVariable> {
        self.variables.values()
    }

    /// One variable.
    pub fn get(&self, name: &str) -> Option<&EnvVariable> {
        self.variables.get(name)
    }

    /// `env.define(name, value, separator)`; the separator is a space unless given.
    pub fn define(&mut self, name: &str, values: &[String], separator: &str) {
        self.set(name, texts(values), separator, false);
    }

    /// `env.define_path(name, value)`
    pub fn define_path(&mut self, name: &str, values: &[String]) {
        self.set(name, texts(values), " ", true);
    }

    /// `env.append(name, value, separator)`. On a variable that is there already, a separator
    /// replaces the former one.
    pub fn append(&mut self, name: &str, values: &[String], separator: Option<&str>) {
        self.extend(name, values, separator, false, false);
    }

    /// `env.append_path(name, value)`. A variable that is there already keeps its form.
    pub fn append_path(&mut self, name: &str, values: &[String]) {
        self.extend(name, values, None, true, false);
    }

    /// `env.prepend(name, value, separator)`
    pub fn prepend(&mut self, name: &str, values: &[String], separator: Option<&str>) {
        self.extend(name, values, separator, false, true);
    }

    /// `env.prepend_path(name, value)`
    pub fn prepend_path(&mut self, name: &str, values: &[String]) {
        self.extend(name, values, None, true, true);
    }

    /// `env.unset(name)`
    pub fn unset(&mut self, name: &str) {
        self.set(name, Vec::new(), " ", false);
    }

    /// `env.remove(name, value)`: takes one piece out of a variable.
    pub fn remove(&mut self, name: &str, value: &str) -> Result<(), EnvironmentError> {
        let not_there = || EnvironmentError::NotThere {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let variable = self.variables.get_mut(name).ok_or_else(not_there)?;
        let at = variable
            .items
            .iter()
            .position(|it| matches!(it, EnvItem::Text(text) if text == value))
            .ok_or_else(not_there)?;
        variable.items.remove(at);
        Ok(())
    }

    /// Adds what `other` says. This one has priority: a variable that both define stays as it is
    /// here, except that the previous value it refers to becomes the one of `other`.
    pub fn compose_env(&mut self, other: &Environment) {
        for (name, theirs) in &other.variables {
            match self.variables.get_mut(name) {
                Some(ours) => ours.compose(theirs),
                None => {
                    self.variables.insert(name.clone(), theirs.clone());
                }
            }
        }
    }

    /// The variables as lines of `[buildenv]`, joined by `\n`. The order is the reverse of
    /// [`Self::variables`]: reading lines puts each new one in front.
    pub fn dumps(&self) -> String {
        self.dump_lines("").join("\n")
    }

    fn dump_lines(&self, prefix: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for variable in self.variables.values().rev() {
            variable.dump_lines(prefix, &mut lines);
        }
        lines
    }

    /// Makes the relative paths of path variables absolute.
    pub fn set_relative_base_folder(&mut self, folder: &str) {
        for variable in self.variables.values_mut().filter(|it| it.is_path) {
            for item in &mut variable.items {
                if let EnvItem::Text(text) = item
                    && !is_absolute(text)
                {
                    *text = format!("{}/{text}", folder.trim_end_matches('/'));
                }
            }
        }
    }

    /// Paths of path variables that are in the package's folder point into `deploy_folder`.
    pub fn deploy_base_folder(&mut self, package_folder: &str, deploy_folder: &str) {
        for variable in self.variables.values_mut().filter(|it| it.is_path) {
            for item in &mut variable.items {
                if let EnvItem::Text(text) = item
                    && let Some(rest) = text.strip_prefix(package_folder)
                    && (rest.is_empty() || rest.starts_with(['/', '\\']))
                {
                    *text = format!("{deploy_folder}{rest}");
                }
            }
        }
    }

    /// Final texts in order. `previous` says what a variable had before (`None`: nothing): look
    /// it up in a map of variables for the values of a process, or give a text like `$NAME`.
    /// An unset variable gives `None`.
    pub fn resolve(
        &self,
        path_separator: &str,
        mut previous: impl FnMut(&str) -> Option<String>,
    ) -> Vec<(String, Option<String>)> {
        self.variables
            .values()
            .map(|variable| {
                let text = (!variable.is_unset()).then(|| {
                    let before = if variable.uses_previous() {
                        previous(&variable.name)
                    } else {
                        None
                    };
                    variable.join(before.as_deref(), path_separator)
                });
                (variable.name.clone(), text)
            })
            .collect()
    }

    fn set(&mut self, name: &str, items: Vec<EnvItem>, separator: &str, is_path: bool) {
        self.variables.insert(
            name.to_owned(),
            EnvVariable {
                name: name.to_owned(),
                items,
                separator: separator.to_owned(),
                is_path,
            },
        );
    }

    fn extend(
        &mut self,
        name: &str,
        values: &[String],
        separator: Option<&str>,
        is_path: bool,
        front: bool,
    ) {
        let variable = self
            .variables
            .entry(name.to_owned())
            .or_insert_with(|| EnvVariable {
                name: name.to_owned(),
                items: vec![EnvItem::Previous],
                separator: " ".to_owned(),
                is_path,
            });
        if let Some(separator) = separator {
            variable.separator = separator.to_owned();
        }
        let at = if front { 0 } else { variable.items.len() };
        variable.items.splice(at..at, texts(values));
    }
}

fn texts(values: &[String]) -> Vec<EnvItem> {
    values.iter().cloned().map(EnvItem::Text).collect()
}

fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.starts_with(['/', '\\'])
        || (bytes.len() > 2
            && bytes[0].is_ascii_alphabetic()
            && bytes[1] == b':'
            && matches!(bytes[2], b'/' | b'\\'))
}

/// The `[buildenv]` or `[runenv]` of a profile: an environment per package pattern.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProfileEnvironment {
    /// By pattern; the empty pattern is for all packages.
    environments: IndexMap<String, Environment>,
}

impl ProfileEnvironment {
    /// Reads lines `[pattern:]NAME<op>[(path)|(sep=X)]value` with the operators `=`, `+=` (append),
    /// `=+` (prepend) and `=!` (unset). Lines that are empty or begin with `#` are skipped.
    pub fn loads(text: &str) -> Result<Self, EnvironmentError> {
        let mut result = Self::default();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (pattern, mut environment) =
                parse_line(line).ok_or_else(|| EnvironmentError::BadLine(line.to_owned()))?;
            let existing = result.environments.entry(pattern).or_default();
            environment.compose_env(existing);
            *existing = environment;
        }
        Ok(result)
    }

    /// Takes in `other`, which has priority.
    pub fn update_profile_env(&mut self, other: &ProfileEnvironment) {
        for (pattern, theirs) in &other.environments {
            let existing = self.environments.entry(pattern.clone()).or_default();
            let mut composed = theirs.clone();
            composed.compose_env(existing);
            *existing = composed;
        }
    }

    /// The environment of one package. Later patterns have priority over earlier ones.
    pub fn get_profile_env(
        &self,
        reference: Option<&RecipeReference>,
        is_consumer: bool,
    ) -> Environment {
        let mut result = Environment::new();
        for (pattern, environment) in &self.environments {
            if pattern.is_empty() || matches_package(pattern, reference, is_consumer) {
                let mut composed = environment.clone();
                composed.compose_env(&result);
                result = composed;
            }
        }
        result
    }

    /// Lines that read back as the same, each with its newline.
    pub fn dumps(&self) -> String {
        let mut text = String::new();
        for (pattern, environment) in &self.environments {
            let prefix = if pattern.is_empty() {
                String::new()
            } else {
                format!("{pattern}:")
            };
            for line in environment.dump_lines(&prefix) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text
    }

    /// True without any variable.
    pub fn is_empty(&self) -> bool {
        self.environments.is_empty()
    }
}

/// Splits one line at the first operator; `+=` and `=+` and `=!` win over `=` at the same place.
fn parse_line(line: &str) -> Option<(String, Environment)> {
    let at = line.find('=')?;
    let (head, operator, rest) = if line[..at].ends_with('+') {
        (&line[..at - 1], "+=", &line[at + 1..])
    } else {
        match line[at + 1..].chars().next() {
            Some('+') => (&line[..at], "=+", &line[at + 2..]),
            Some('!') => (&line[..at], "=!", &line[at + 2..]),
            _ => (&line[..at], "=", &line[at + 1..]),
        }
    };
    let (pattern, name) = match head.split_once(':') {
        Some((pattern, name)) => (pattern.trim(), name.trim()),
        None => ("", head.trim()),
    };
    let mut environment = Environment::new();
    let (value, separator, is_path) = parse_marker(rest);
    let value = [value];
    match (operator, is_path) {
        ("=!", _) => environment.unset(name),
        ("+=", true) => environment.append_path(name, &value),
        ("+=", false) => environment.append(name, &value, Some(&separator)),
        ("=+", true) => environment.prepend_path(name, &value),
        ("=+", false) => environment.prepend(name, &value, Some(&separator)),
        (_, true) => environment.define_path(name, &value),
        (_, false) => environment.define(name, &value, &separator),
    }
    Some((pattern.to_owned(), environment))
}

/// `(path)` and `(sep=X)`, with one character X, in front of a value.
fn parse_marker(value: &str) -> (String, String, bool) {
    let trimmed = value.trim_start();
    if let Some(path) = trimmed.strip_prefix("(path)") {
        return (path.to_owned(), " ".to_owned(), true);
    }
    if let Some(rest) = trimmed.strip_prefix("(sep=") {
        let mut characters = rest.chars();
        let separator = characters.next().unwrap_or(' ').to_string();
        let text = characters.skip(1).collect();
        return (text, separator, false);
    }
    (value.to_owned(), " ".to_owned(), false)
}

#[cfg(test)]
mod tests;
