//! The seam to recipes.
//!
//! A recipe is Python, but what the rest of Crom needs from it is data. [`RecipeHost`] answers five
//! phases, each a function from owned values to owned values:
//!
//! ```text
//!   inspect ──► configure ──► identify ──► describe        nearly pure: may be cached, may be denied
//!      │                                                    writes, processes and sockets
//!      └──────────────────────────────► act                effects on disk
//! ```
//!
//! Objects of the interpreter never cross the seam. A host may keep the live object of a recipe
//! between phases under its [`InstanceId`]; when it has none (another process, a cached earlier
//! phase), it makes one by replaying the earlier phases' inputs, which every later input carries.

mod act;
mod attributes;
mod configure;
mod describe;
mod error;
pub mod fake;
mod host;
mod identify;
mod inspect;
mod plain_export;
mod plugin;

pub use act::{ActInput, ActOutput, Action, FolderBases};
pub use attributes::{RecipeAttributes, RecipeMethod, RequirementDeclaration, SettingsDeclaration};
pub use configure::{ConfigureInput, ConfigureOutput, Role};
pub use describe::{DescribeInput, DescribeOutput};
pub use error::{RecipeError, RecipeErrorKind};
pub use host::{InstanceId, Reads, RecipeHost};
pub use identify::{Alternative, IdentifyInput, IdentifyOutput, Layout};
pub use inspect::{
    GivenReference, InspectInput, PythonRequire, PythonRequires, RecipeFile, RecipeSource,
};
pub use plain_export::{PlainExport, PlainStep};
pub use plugin::{PluginFunction, PluginInput, PluginOutput};
