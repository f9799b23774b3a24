//! SARIF 2.1.0, which code hosts show beside the lines of a change.

use serde_json::{Value, json};

use crate::run::LintOutcome;

/// A log with one run. Only the rules that found something are described.
pub fn sarif(outcome: &LintOutcome, version: &str) -> Value {
    let used: Vec<_> = outcome
        .rules
        .iter()
        .filter(|rule| outcome.findings.iter().any(|it| it.rule == rule.id))
        .collect();
    let rules: Vec<Value> = used
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": {"text": rule.summary},
                "fullDescription": {"text": rule.why},
                "defaultConfiguration": {"level": rule.severity.as_str()},
            })
        })
        .collect();
    let results: Vec<Value> = outcome
        .findings
        .iter()
        .map(|it| {
            json!({
                "ruleId": it.rule,
                "ruleIndex": used.iter().position(|rule| rule.id == it.rule),
                "level": it.severity.as_str(),
                "message": {"text": it.message},
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": {"uri": uri(&it.path), "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": it.line, "startColumn": it.column},
                    },
                }],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "crom center lint",
                "version": version,
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// A relative path as a URI.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~+@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
