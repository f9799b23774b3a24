//! What a remote is: a local-recipes-index (a folder of recipes), later a server too.
//!
//! [`Remote`] is what the rest of Crom asks. A local-recipes-index is files only, so the recipes it
//! has must be exported before they can be used: that takes an interpreter, and is done by the
//! operations, which keep the result in the index's private [mini home](LocalRecipesIndex::home).

mod error;
mod export_memory;
mod index;
mod remote;

pub use error::{RemoteError, Result};
pub use export_memory::FolderSignature;
pub use index::{IndexRecipe, LocalRecipesIndex};
pub use remote::{Remote, ServerRemote};
