//! The embedded interpreter and the `conan` Python package that recipes import.
//!
//! [`PythonHost`] answers the questions of [`crom_recipe::RecipeHost`] by running recipes. Layers, from
//! the outside in:
//!
//! ```text
//!   host      any thread ─► the interpreter's own thread, started by the first question
//!   phases    what runs in which order in a phase, and what its output is made of
//!   engine    loaded recipes and their live objects
//!   loader    source ─► code, with a cache            errors   exceptions ─► RecipeError
//!   plain_export  what exporting a recipe does, read off its text: without the interpreter
//!   native    the module `_crom`: settings, options, conf, environments, views of dependencies
//!   tools     `_crom.call`: the bridge from `conan.tools` to the logic in Rust
//!   sandbox   what a recipe may do while it's only being resolved, and what it reads
//!   boot      the interpreter itself
//!   python/   the facade: Conan's names over `_crom`; decides nothing
//! ```

mod boot;
mod convert;
mod engine;
mod errors;
mod host;
mod imports;
mod json_text;
mod loader;
mod native;
mod phases;
mod plain_export;
mod process;
mod recipe_state;
mod sandbox;
mod state;
pub mod tools;
mod values;

pub use host::PythonHost;
pub use recipe_state::RecipeState;
pub use state::HostConfig;

/// The version of Python that the interpreter speaks.
pub const PYTHON_VERSION: &str = "3.14";
