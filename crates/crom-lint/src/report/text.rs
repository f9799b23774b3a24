//! For people and editors: `path:line:column: severity: message [rule]`.

use std::fmt::Write as _;

use crate::finding::Severity;
use crate::run::LintOutcome;

/// One line per finding, and a line that counts them.
pub fn text(outcome: &LintOutcome) -> String {
    let mut out = String::new();
    for it in &outcome.findings {
        let fixable = if it.is_fixable() { " (fixable)" } else { "" };
        let _ = writeln!(
            out,
            "{}:{}:{}: {}: {} [{}]{fixable}",
            it.path, it.line, it.column, it.severity, it.message, it.rule
        );
    }
    let fixable = outcome.findings.iter().filter(|it| it.is_fixable()).count();
    let _ = write!(
        out,
        "{} packages: {} errors, {} warnings, {} notes",
        outcome.packages,
        outcome.count(Severity::Error),
        outcome.count(Severity::Warning),
        outcome.count(Severity::Note),
    );
    if fixable > 0 {
        let _ = write!(out, "; {fixable} can be repaired with --fix");
    }
    out.push('\n');
    out
}
