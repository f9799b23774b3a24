//! What the rules are.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::rule::Rule;

/// One line per rule: id, severity, summary.
pub fn rule_list(rules: &[&'static Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in rules {
        let fixable = if rule.fixable { " (fixable)" } else { "" };
        let _ = writeln!(
            out,
            "{:width$}  {:7}  {}{fixable}",
            rule.id, rule.severity, rule.summary
        );
    }
    out
}

/// The rules as data.
pub fn rules_json(rules: &[&'static Rule]) -> Value {
    let rule = |it: &&'static Rule| {
        json!({
            "id": it.id,
            "severity": it.severity.as_str(),
            "summary": it.summary,
            "explanation": it.why,
            "fixable": it.fixable,
        })
    };
    Value::Array(rules.iter().map(rule).collect())
}

/// What `--explain` shows.
pub fn explanation(rule: &Rule) -> String {
    let fix = if rule.fixable {
        "`--fix` repairs it where that is safe."
    } else {
        "A person has to repair it."
    };
    format!(
        "{} ({})\n\n{}\n\n{}\n\n{fix}\nTo allow it on one line: # crom: allow({})\n",
        rule.id, rule.severity, rule.summary, rule.why, rule.id
    )
}
