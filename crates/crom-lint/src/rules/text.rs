//! Encoding, line ends and names of files.

use crate::finding::{Edit, Severity};
use crate::index::Package;
use crate::rule::{Check, Rule, Sink};
use crate::source::{SourceText, Span};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "text-encoding",
        severity: Severity::Error,
        summary: "recipes and their data are UTF-8",
        why: "Python and YAML read these files as UTF-8; other bytes end the export with an error \
              on some systems. Save the file as UTF-8.",
        fixable: false,
        check: Check::Package(encoding),
    },
    Rule {
        id: "text-line-endings",
        severity: Severity::Warning,
        summary: "lines end with a line feed, without carriage return",
        why: "The bytes of the files decide the recipe revision: with other line ends the same \
              recipe gets another revision, and everything is built again.",
        fixable: true,
        check: Check::Text(line_endings),
    },
    Rule {
        id: "text-final-newline",
        severity: Severity::Note,
        summary: "the last line ends with a line feed",
        why: "Editors add it, so that the next change touches a line that it isn't about.",
        fixable: true,
        check: Check::Text(final_newline),
    },
    Rule {
        id: "file-name-portable",
        severity: Severity::Warning,
        summary: "file names work on all systems",
        why: "None of the characters <>:\"\\|?*%,; nor blanks, and no dot at the end: such a file \
              can't be checked out, exported or uploaded everywhere.",
        fixable: false,
        check: Check::Package(file_names),
    },
];

fn encoding(package: &Package, sink: &mut Sink<'_>) {
    for path in &package.not_text {
        sink.whole(path, "not UTF-8");
    }
}

fn line_endings(text: &SourceText, sink: &mut Sink<'_>) {
    let mut edits = Vec::new();
    for (span, line) in text.lines() {
        if line.ends_with('\r') {
            edits.push(Edit {
                range: span.end - 1..span.end,
                text: String::new(),
            });
        }
    }
    let Some(first) = edits.first().map(|it| it.range.start) else {
        return;
    };
    let message = format!(
        "{} lines end with carriage return and line feed",
        edits.len()
    );
    sink.with_edits(text, Span::new(first, first), message, edits);
}

fn final_newline(text: &SourceText, sink: &mut Sink<'_>) {
    if text.text.is_empty() || text.text.ends_with('\n') {
        return;
    }
    let end = text.text.len();
    let edit = Edit {
        range: end..end,
        text: "\n".to_owned(),
    };
    sink.with_edit(
        text,
        Span::new(end, end),
        "no line feed at the end of the file",
        edit,
    );
}

fn file_names(package: &Package, sink: &mut Sink<'_>) {
    const FORBIDDEN: &str = "<>:\"\\|?*%,; ";
    for file in &package.files {
        let bad = file.chars().find(|it| FORBIDDEN.contains(*it));
        let problem = match bad {
            Some(' ') => "a blank".to_owned(),
            Some(it) => format!("`{it}`"),
            None if file.split('/').any(|part| part.ends_with('.')) => {
                "a dot at its end".to_owned()
            }
            None => continue,
        };
        let path = format!("{}/{file}", package.path);
        sink.whole(&path, format!("the file name has {problem}"));
    }
}
