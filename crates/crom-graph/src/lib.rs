//! The dependency graph: expansion, conflicts, package ids, binary decisions.
//!
//! ```text
//!   RootSpec, ProfilesInput, GraphOptions
//!        │ expand          recipes answer through RecipeHost, the world through Catalog
//!        ▼
//!      Graph  ──decide──►  Graph with package ids and binaries  ──►  report, install order, views
//! ```
//!
//! Nothing here opens a file, speaks HTTP or sees Python.

mod advice;
mod build_mode;
mod build_order;
mod catalog;
mod closest;
mod compatibility;
mod decide;
mod expand;
mod graph;
mod identify;
mod order;
mod outcome;
mod overrides;
mod problem;
mod provides;
mod ranges;
mod recipes;
mod report;
mod request;
mod skip;
mod supported_std;
mod transitive;
mod views;

pub use advice::ConflictAdvice;
pub use build_mode::{BuildMode, NeverAndOthers};
pub use build_order::{BuildOrder, BuildOrderError, BuildOrderProblems, OrderBy};
pub use catalog::{Catalog, CatalogError, FoundBinary, FoundRecipe, RecipeStatus};
pub use closest::Difference;
pub use compatibility::{CompatibilityRules, DefaultRules};
pub use decide::{BuildChoice, Decider, decide};
pub use expand::expand;
pub use graph::{Binary, Edge, Graph, Node, NodeId, OptionsConflict, PythonRequireNode, RequireId};
pub use identify::identify;
pub use order::{InstallItem, InstallLevel, install_loop, install_order};
pub use outcome::{InvalidPackages, MissingPackages, Outcome, check};
pub use problem::{Conflict, GraphError, GraphProblem, Loop};
pub use recipes::{InspectedRecipe, inspect_recipe};
pub use report::{NodeExtras, graph_json};
pub use request::{GraphOptions, PackageIdModes, ProfilesInput, RootKind, RootSpec, UpdatePolicy};
pub use supported_std::{supported_cppstd, supported_cstd};
pub use transitive::{TransitiveDep, TransitiveDeps};
pub use views::graph_view;
