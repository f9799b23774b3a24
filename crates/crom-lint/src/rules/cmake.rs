//! `CMakeLists.txt` that come with recipes and tests.

use crate::finding::Severity;
use crate::rule::{Check, Rule, Sink};
use crate::source::{SourceText, Span};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "cmake-minimum-missing",
        severity: Severity::Warning,
        summary: "CMakeLists.txt calls cmake_minimum_required",
        why: "Without it CMake warns and behaves like a version of twenty years ago.",
        fixable: false,
        check: Check::Text(minimum_missing),
    },
    Rule {
        id: "cmake-minimum-old",
        severity: Severity::Warning,
        summary: "cmake_minimum_required is at least 3.5",
        why: "CMake 4 refuses older ones. Tests of the index say 3.15.",
        fixable: false,
        check: Check::Text(minimum_old),
    },
    Rule {
        id: "cmake-verbose",
        severity: Severity::Note,
        summary: "CMAKE_VERBOSE_MAKEFILE isn't set",
        why: "Verbosity is the user's choice: `tools.compilation:verbosity`.",
        fixable: false,
        check: Check::Text(verbose),
    },
];

/// The lines of a `CMakeLists.txt` without comments; none of other files.
fn lines(text: &SourceText) -> Vec<(Span, &str)> {
    if !text.path.ends_with("/CMakeLists.txt") {
        return Vec::new();
    }
    text.lines()
        .map(|(span, line)| (span, line.split('#').next().unwrap_or(line)))
        .collect()
}

fn minimum_missing(text: &SourceText, sink: &mut Sink<'_>) {
    let lines = lines(text);
    let has = |words: &str| {
        lines
            .iter()
            .any(|(_, line)| line.to_ascii_lowercase().contains(words))
    };
    if has("project") && !has("cmake_minimum_required") && !text.path.contains("/test_v1_") {
        sink.at(text, Span::default(), "no `cmake_minimum_required`");
    }
}

fn minimum_old(text: &SourceText, sink: &mut Sink<'_>) {
    if text.path.contains("/test_v1_") {
        return;
    }
    for (span, line) in lines(text) {
        let Some(at) = line.to_ascii_lowercase().find("cmake_minimum_required") else {
            continue;
        };
        let Some(version) = line.get(at..).and_then(highest) else {
            continue;
        };
        if version < (3, 5) {
            let (major, minor) = version;
            let message =
                format!("cmake_minimum_required is {major}.{minor}, which CMake 4 refuses");
            sink.at(text, Span::new(span.start + at, span.end), message);
        }
    }
}

/// The upper end of `VERSION 3.1...3.15`, or the version: what CMake 4 looks at.
fn highest(call: &str) -> Option<(u32, u32)> {
    let inner = call.split_once('(')?.1.split(')').next()?;
    let version = inner.split_whitespace().nth(1)?.trim_matches('"');
    let version = version
        .split_once("...")
        .map_or(version, |(_, upper)| upper);
    let mut parts = version.split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next().map_or(Some(0), |it| it.parse().ok())?;
    Some((major, minor))
}

fn verbose(text: &SourceText, sink: &mut Sink<'_>) {
    for (span, line) in lines(text) {
        if let Some(at) = line.find("CMAKE_VERBOSE_MAKEFILE") {
            let at = span.start + at;
            sink.at(text, Span::new(at, at), "`CMAKE_VERBOSE_MAKEFILE` is set");
        }
    }
}
