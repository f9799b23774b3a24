//! YAML 1.1 as PyYAML's safe loader reads it and its safe dumper writes it.
//!
//! Recipes depend on both directions: a version `1.10` without quotes is a number, `on` is true,
//! and a `conandata.yml` that a recipe trims is written again with PyYAML's rules, and its bytes
//! decide the recipe revision.

mod dump;
mod load;
mod resolve;
#[cfg(test)]
mod tests;
mod value;

pub use dump::{DumpOptions, dump, dump_with};
pub(crate) use load::load_document;
pub use load::{YamlError, load};
pub use resolve::float_repr;
pub use value::{Mapping, Value};
