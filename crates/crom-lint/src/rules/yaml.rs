//! YAML as such.

use crate::finding::{Edit, Severity};
use crate::index::{Loaded, Package};
use crate::rule::{Check, Rule, Sink};
use crate::source::{Kind, Node, Span, YamlFile};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "yaml-syntax",
        severity: Severity::Error,
        summary: "config.yml and conandata.yml are YAML",
        why: "A file that can't be read stops the export of all versions of the recipe.",
        fixable: false,
        check: Check::Package(syntax),
    },
    Rule {
        id: "yaml-duplicate-key",
        severity: Severity::Error,
        summary: "a key stands in its mapping once",
        why: "Of two entries with the same key the first is ignored without a word: a source or \
              patch that seems to be there isn't used.",
        fixable: false,
        check: Check::Yaml(duplicate_key),
    },
    Rule {
        id: "yaml-empty-value",
        severity: Severity::Warning,
        summary: "no key without a value",
        why: "`key:` with nothing after it is null and not an empty list or mapping; recipes that \
              iterate over it fail. Remove the key.",
        fixable: false,
        check: Check::Yaml(empty_value),
    },
    Rule {
        id: "yaml-document-marker",
        severity: Severity::Note,
        summary: "no `---` and no `...`",
        why: "Tools that add versions to these files expect a single document without markers.",
        fixable: true,
        check: Check::Yaml(document_marker),
    },
];

fn syntax(package: &Package, sink: &mut Sink<'_>) {
    let conandata = package.folders.iter().map(|it| &it.conandata);
    for file in std::iter::once(&package.config).chain(conandata) {
        if let Loaded::Broken(text, problem) = file {
            let at = text.offset(problem.line, problem.column);
            sink.at(
                text,
                Span::new(at, at),
                format!("not YAML: {}", problem.problem),
            );
        }
    }
}

fn duplicate_key(file: &YamlFile, sink: &mut Sink<'_>) {
    for (span, key) in &file.duplicates {
        sink.at(
            &file.source,
            *span,
            format!("`{key}` is a second time in the same mapping"),
        );
    }
}

fn empty_value(file: &YamlFile, sink: &mut Sink<'_>) {
    walk(&file.root, &mut |key, value| {
        if matches!(&value.kind, Kind::Scalar { text, plain: true } if text.is_empty()) {
            let name = key.raw().unwrap_or_default();
            sink.at(&file.source, key.span, format!("`{name}` has no value"));
        }
    });
}

fn walk<'a>(node: &'a Node, visit: &mut dyn FnMut(&'a Node, &'a Node)) {
    match &node.kind {
        Kind::Scalar { .. } => {}
        Kind::Sequence(items) => items.iter().for_each(|it| walk(it, visit)),
        Kind::Mapping(entries) => {
            for entry in entries {
                visit(&entry.key, &entry.value);
                walk(&entry.value, visit);
            }
        }
    }
}

fn document_marker(file: &YamlFile, sink: &mut Sink<'_>) {
    for (span, line) in file.source.lines() {
        if matches!(line.trim_end(), "---" | "...") {
            let end = (span.end + 1).min(file.source.text.len());
            let edit = Edit {
                range: span.start..end,
                text: String::new(),
            };
            sink.with_edit(
                &file.source,
                span,
                format!("`{}` isn't needed", line.trim_end()),
                edit,
            );
        }
    }
}
