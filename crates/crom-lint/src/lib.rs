//! Lint of a fork of conan-center-index: `config.yml` and `conandata.yml` by their published format,
//! patches, and the published rules for recipes.
//!
//! Nothing is run: YAML is read with the positions of its nodes, `conanfile.py` as a syntax tree
//! whose facts become data ([`source`]). A rule is a [`Rule`] value in one file per family
//! ([`rules`]); adding one is a function and a line in the family's table.
//!
//! A rule speaks only where it is sure: what can't be seen without running a recipe (computed
//! attributes, names put together at run time) is left alone.

mod conandata;
pub mod finding;
pub mod fix;
pub mod index;
pub mod report;
pub mod rule;
pub mod rules;
pub mod run;
pub mod source;
pub mod spdx;

pub use finding::{Edit, Finding, Severity};
pub use fix::{FixSummary, apply_fixes};
pub use rule::{Rule, Selection, UnknownRule};
pub use run::{LintError, LintOutcome, LintRequest, lint};
