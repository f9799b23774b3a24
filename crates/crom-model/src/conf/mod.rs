//! Configuration values: `tools.build:jobs=4`, in `global.conf`, in profiles and on the command
//! line, per package or for all.

mod builtin;
mod definition;
mod evaluate;
mod pattern;
mod single;
#[cfg(test)]
mod tests;
mod value;

pub use builtin::{BuiltinConf, builtin_confs};
pub use definition::ConfDefinition;
pub use pattern::{fnmatch, matches_package};
pub use single::Conf;
pub use value::ConfValue;

use serde::{Deserialize, Serialize};

/// Why a conf can't be read, changed or used. The words are Conan's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfError {
    /// A line isn't `name=value`.
    #[error("Bad conf definition: {line} (line {number})")]
    BadDefinition {
        /// The line as written.
        line: String,
        /// Its number, from 1.
        number: usize,
    },
    /// A `core` or `tools` name that isn't built in, or a name without a known prefix.
    #[error(
        "[conf] '{0}' does not exist in configuration list. Run 'conan config list' to see all the \
         available confs."
    )]
    Unknown(String),
    /// A `core` conf, or one that isn't `tools` or `user`, in a profile.
    #[error("[conf] '{0}' not allowed in profiles")]
    NotInProfiles(String),
    /// A name with capital letters.
    #[error("Conf '{0}' must be lowercase")]
    NotLowercase(String),
    /// `core` confs are for the program, not for packages.
    #[error("Conf '{0}' cannot have a package pattern")]
    CoreWithPattern(String),
    /// Two definitions of one conf have different types.
    #[error("It's not possible to compose {newer} values and {older} ones.")]
    Compose {
        /// Python's name of the type of the definition with priority.
        newer: &'static str,
        /// The other one's.
        older: &'static str,
    },
    /// `append` to something that isn't a list.
    #[error("Only list-like values can append other values.")]
    AppendToNoList,
    /// `prepend` to something that isn't a list.
    #[error("Only list-like values can prepend other values.")]
    PrependToNoList,
    /// `update` (`*=`) of or with something that isn't a dictionary.
    #[error("Only dicts can update other values.")]
    UpdateNoDict,
    /// The value has another type than the one that is asked for.
    #[error(
        "[conf] {name} must be a {wanted}-like object. The value '{value}' introduced is a {found} \
         object"
    )]
    WrongType {
        /// The conf.
        name: String,
        /// Python's name of the type asked for.
        wanted: &'static str,
        /// The value.
        value: String,
        /// Python's name of its type.
        found: &'static str,
    },
    /// The value can't be read as true or false.
    #[error(
        "[conf] {name} must be a boolean-like object (true/false, 1/0, on/off) and value '{value}' \
         does not match it."
    )]
    NotBoolean {
        /// The conf.
        name: String,
        /// The value.
        value: String,
    },
    /// The value isn't one of the possible ones.
    #[error("Unknown value '{value}' for '{name}'")]
    NotAChoice {
        /// The conf.
        name: String,
        /// The value.
        value: String,
    },
    /// Something to be removed isn't there.
    #[error("Conf {0} does not exist.")]
    NothingToRemove(String),
    /// A value to be removed from a list or dictionary isn't there.
    #[error("cannot remove {value} from the conf `{name}`, it is not in it")]
    ValueNotThere {
        /// The conf.
        name: String,
        /// The value.
        value: String,
    },
    /// `tools.info.package_id:confs` holds something that isn't a regular expression.
    #[error("[conf] tools.info.package_id:confs has the invalid expression '{0}'")]
    BadExpression(String),
}

/// The type that a reader of a conf asks for (`check_type=` of `conf.get`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConfType {
    /// `str`: any value becomes a text.
    Str,
    /// `int`
    Int,
    /// `float`
    Float,
    /// `bool`: also `1`, `0`, `"on"`, `"off"` and the like.
    Bool,
    /// `list`
    List,
    /// `dict`
    Dict,
    /// `tuple`
    Tuple,
    /// `set`
    Set,
}

impl ConfType {
    /// Python's name of the type.
    pub fn as_str(self) -> &'static str {
        match self {
            ConfType::Str => "str",
            ConfType::Int => "int",
            ConfType::Float => "float",
            ConfType::Bool => "bool",
            ConfType::List => "list",
            ConfType::Dict => "dict",
            ConfType::Tuple => "tuple",
            ConfType::Set => "set",
        }
    }
}

/// Checks that a name without pattern is built in or one of the user's.
fn check_name(name: &str) -> Result<(), ConfError> {
    let free = name.contains(':') && (name.starts_with("user.") || name.starts_with("user:"));
    if free || builtin::is_builtin(name) || builtin::is_own(name) {
        Ok(())
    } else {
        Err(ConfError::Unknown(name.to_owned()))
    }
}
