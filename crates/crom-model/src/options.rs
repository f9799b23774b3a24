//! Options of packages: what a recipe declares, the values, and who may set them.
//!
//! Values are text: `True` and `2` are `"True"` and `"2"`. An option of a recipe has a list of
//! possible values, in which `ANY` stands for every text and none for "may stay unset".

mod all;
mod package;
#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use all::Options;
pub use package::PackageOptions;

/// Why an option can't be had or set, in the reference's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// There's no such option.
    #[error("option '{name}' doesn't exist\nPossible options are {possible}")]
    NoSuchOption {
        /// The name.
        name: String,
        /// A Python list.
        possible: String,
    },
    /// The value isn't among the possible ones.
    #[error("'{value}' is not a valid 'options.{name}' value.\nPossible values are {possible}")]
    InvalidValue {
        /// The option.
        name: String,
        /// The refused value.
        value: String,
        /// A Python list.
        possible: String,
    },
    /// The option was already decided.
    #[error("Incorrect attempt to modify option '{name}' from '{old}' to '{new}'")]
    Frozen {
        /// The option.
        name: String,
        /// Its value.
        old: String,
        /// The refused value.
        new: String,
    },
    /// An option that must have a value has none.
    #[error("'options.{name}' value not defined")]
    NotDefined {
        /// The option.
        name: String,
    },
    /// A line without `=`.
    #[error(
        "Error while parsing option '{0}'. Options should be specified as 'pkg/*:option=value'"
    )]
    Syntax(String),
    /// A package name without pattern.
    #[error(
        "The usage of package names `{package}:{name}` in options is deprecated, use a pattern like `{package}/*:{name}` instead"
    )]
    PackageName {
        /// The package.
        package: String,
        /// The option.
        name: String,
    },
    /// Defaults of a recipe that don't fit its options.
    #[error("Error while initializing options. {0}")]
    Initializing(Box<OptionsError>),
}

/// What options a recipe has, in the recipe's order, and their possible values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OptionsDefinition {
    /// By name; `ANY` among the values accepts all texts, none allows to stay unset.
    pub possible: IndexMap<String, Vec<Option<String>>>,
}

impl OptionsDefinition {
    /// Adds or replaces an option.
    pub fn insert(&mut self, name: &str, values: Vec<Option<String>>) {
        self.possible.insert(name.to_owned(), values);
    }
}

/// A list as Python shows it: `['True', None]`.
fn python_list<'a>(items: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let items: Vec<String> = items
        .into_iter()
        .map(|item| item.map_or("None".to_owned(), quoted))
        .collect();
    format!("[{}]", items.join(", "))
}

fn quoted(text: &str) -> String {
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
            c if c == quote => quoted.extend(['\\', c]),
            c => quoted.push(c),
        }
    }
    quoted.push(quote);
    quoted
}
