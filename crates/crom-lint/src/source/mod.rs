//! Files with the positions of what is in them.

mod collect;
pub mod patch;
mod recipe;
mod text;
mod yaml;

pub use recipe::{
    Argument, Assignment, Call, Import, Literal, LiteralKind, Method, Recipe, SyntaxError, Use,
};
pub use text::{SourceText, Span};
pub use yaml::{Entry, Kind, Node, YamlFile, YamlProblem, read as read_yaml};
