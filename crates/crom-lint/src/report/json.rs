//! For scripts.

use serde_json::{Value, json as value};

use crate::finding::Severity;
use crate::run::LintOutcome;

/// The findings with their counts.
pub fn json(outcome: &LintOutcome) -> Value {
    let findings: Vec<Value> = outcome
        .findings
        .iter()
        .map(|it| {
            value!({
                "rule": it.rule,
                "severity": it.severity.as_str(),
                "path": it.path,
                "line": it.line,
                "column": it.column,
                "message": it.message,
                "fixable": it.is_fixable(),
            })
        })
        .collect();
    value!({
        "packages": outcome.packages,
        "errors": outcome.count(Severity::Error),
        "warnings": outcome.count(Severity::Warning),
        "notes": outcome.count(Severity::Note),
        "findings": findings,
    })
}
