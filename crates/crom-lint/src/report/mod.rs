//! Findings as text, JSON and SARIF.

mod json;
mod rules;
mod sarif;
mod text;

pub use json::json;
pub use rules::{explanation, rule_list, rules_json};
pub use sarif::sarif;
pub use text::text;
