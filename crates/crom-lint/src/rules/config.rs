//! `config.yml`: which versions there are, and the folder of each.

use crate::finding::{Edit, Severity};
use crate::index::{Loaded, Package};
use crate::rule::{Check, Rule, Sink};
use crate::source::{Node, Span, YamlFile};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "name-form",
        severity: Severity::Error,
        summary: "the folder's name is a package name: lower case, digits, `_`, `+`, `.`, `-`",
        why: "The folder is named like the package, and names of ConanCenter are lower case, 2 to \
              101 characters long.",
        fixable: false,
        check: Check::Package(name_form),
    },
    Rule {
        id: "config-missing",
        severity: Severity::Error,
        summary: "each package has a config.yml",
        why: "It lists the versions and the folder of each; without it nothing is built.",
        fixable: false,
        check: Check::Package(missing),
    },
    Rule {
        id: "config-form",
        severity: Severity::Error,
        summary: "config.yml holds `versions`, and each version a `folder`, and nothing else",
        why: "The form is:\n\n    versions:\n      \"1.2.0\":\n        folder: all\n\nOther keys \
              mean nothing to anybody; most are slips of the pen.",
        fixable: false,
        check: Check::Package(form),
    },
    Rule {
        id: "config-version-not-text",
        severity: Severity::Error,
        summary: "versions that YAML takes for numbers or dates are quoted",
        why: "`1.10` without quotes is the number 1.1, and `2020-01-01` a date: another version is \
              built than the one that is written, and its data isn't found.",
        fixable: true,
        check: Check::Package(version_not_text),
    },
    Rule {
        id: "config-version-form",
        severity: Severity::Error,
        summary: "versions are lower case letters, digits, `_`, `+`, `.`, `-`, two at least",
        why: "Others are no versions for Conan, which refuses the reference.",
        fixable: false,
        check: Check::Package(version_form),
    },
    Rule {
        id: "config-version-date",
        severity: Severity::Warning,
        summary: "`cci.` in a version is followed by a date: YYYYMMDD",
        why: "Versions that aren't releases are named `0.0.0.cci.20240402` or \
              `1.2.0.cci.20240402`, after the day of the commit.",
        fixable: false,
        check: Check::Package(version_date),
    },
    Rule {
        id: "config-folder-absent",
        severity: Severity::Error,
        summary: "the folder of each version exists and holds a conanfile.py",
        why: "The version can't be exported without it.",
        fixable: false,
        check: Check::Package(folder_absent),
    },
    Rule {
        id: "config-folder-unused",
        severity: Severity::Warning,
        summary: "each folder with a conanfile.py is used by a version",
        why: "A recipe that no version uses is never built; remove it, or add its versions.",
        fixable: false,
        check: Check::Package(folder_unused),
    },
];

fn name_form(package: &Package, sink: &mut Sink<'_>) {
    let allowed = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    let name = &package.name;
    let form = name.chars().next().is_some_and(allowed)
        && name.chars().all(|it| allowed(it) || "+.-".contains(it))
        && (2..=101).contains(&name.len());
    if !form {
        sink.whole(&package.path, format!("`{name}` is no name of a package"));
    }
}

fn missing(package: &Package, sink: &mut Sink<'_>) {
    if matches!(package.config, Loaded::Missing) {
        sink.whole(&package.path, "no `config.yml`");
    }
}

fn form(package: &Package, sink: &mut Sink<'_>) {
    let Some(config) = package.config.content() else {
        return;
    };
    let text = &config.source;
    let Some(entries) = config.root.entries() else {
        sink.at(text, config.root.span, "expected a mapping with `versions`");
        return;
    };
    for entry in entries.iter().filter(|it| it.key.raw() != Some("versions")) {
        let key = entry.key.raw().unwrap_or_default();
        sink.at(
            text,
            entry.key.span,
            format!("unknown key `{key}`, only `versions` has a meaning"),
        );
    }
    let Some(versions) = config.root.get("versions") else {
        sink.at(text, config.root.span, "no `versions`");
        return;
    };
    match versions.entries() {
        Some([]) => sink.at(text, versions.span, "`versions` is empty"),
        Some(entries) => entries
            .iter()
            .for_each(|it| entry_form(config, &it.key, &it.value, sink)),
        None => {
            let found = versions.type_name();
            sink.at(
                text,
                versions.span,
                format!("`versions` is {found}, expected a mapping"),
            );
        }
    }
}

fn entry_form(config: &YamlFile, version: &Node, value: &Node, sink: &mut Sink<'_>) {
    let text = &config.source;
    let name = version.raw().unwrap_or_default();
    let Some(entries) = value.entries() else {
        let found = value.type_name();
        let message = format!("`{name}` is {found}, expected a mapping with `folder`");
        sink.at(text, version.span, message);
        return;
    };
    for entry in entries.iter().filter(|it| it.key.raw() != Some("folder")) {
        let key = entry.key.raw().unwrap_or_default();
        sink.at(
            text,
            entry.key.span,
            format!("unknown key `{key}`, only `folder` has a meaning"),
        );
    }
    match value.get("folder") {
        None => sink.at(text, version.span, format!("`{name}` has no `folder`")),
        Some(folder) if folder.text().is_none() => {
            let found = folder.type_name();
            let message = format!("the folder of `{name}` is {found}, expected a text");
            sink.at(text, folder.span, message);
        }
        Some(_) => {}
    }
}

/// Puts quotes around what is written without.
pub(super) fn quotes(at: Span, text: &str) -> Vec<Edit> {
    if at.end - at.start != text.len() || text.is_empty() {
        return Vec::new();
    }
    let edit = Edit {
        range: at.range(),
        text: format!("\"{text}\""),
    };
    vec![edit]
}

fn keys(package: &Package) -> impl Iterator<Item = (&YamlFile, &Node)> {
    let config = package.config.content();
    config.into_iter().flat_map(|config| {
        let versions = config.root.get("versions").and_then(Node::entries);
        let entries = versions.unwrap_or_default().iter();
        entries.map(move |it| (config, &it.key))
    })
}

fn version_not_text(package: &Package, sink: &mut Sink<'_>) {
    for (config, key) in keys(package) {
        if let (None, Some(raw)) = (key.text(), key.raw()) {
            let found = key.type_name();
            let message = format!("the version `{raw}` is {found} for YAML, quote it");
            sink.with_edits(&config.source, key.span, message, quotes(key.span, raw));
        }
    }
}

fn version_form(package: &Package, sink: &mut Sink<'_>) {
    for (config, key) in keys(package) {
        let Some(version) = key.raw() else {
            sink.at(&config.source, key.span, "a version that is no text");
            continue;
        };
        let allowed = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
        let form = version.chars().next().is_some_and(allowed)
            && version.chars().all(|it| allowed(it) || "+.-".contains(it))
            && (2..=101).contains(&version.len());
        if !form {
            sink.at(
                &config.source,
                key.span,
                format!("`{version}` is no version"),
            );
        }
    }
}

fn version_date(package: &Package, sink: &mut Sink<'_>) {
    for (config, key) in keys(package) {
        let version = key.raw().unwrap_or_default();
        let mut parts = version.split(['.', '-', '+']);
        if !parts.any(|it| it == "cci") {
            continue;
        }
        if !parts.next().is_some_and(is_date) {
            let message = format!("`cci` in `{version}` isn't followed by a date like 20240402");
            sink.at(&config.source, key.span, message);
        }
    }
}

fn is_date(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|it| it.parse().ok());
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(4..6), number(6..8)) else {
        return false;
    };
    let (year, month, day): (u32, u32, u32) = (year, month, day);
    text.len() == 8
        && (1970..2100).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
}

fn folder_absent(package: &Package, sink: &mut Sink<'_>) {
    let Some(config) = package.config.content() else {
        return;
    };
    for listed in &package.versions {
        let Some(folder) = &listed.folder else {
            continue;
        };
        if !package.files.contains(&format!("{folder}/conanfile.py")) {
            let version = &listed.version;
            let message = format!("`{version}`: there's no `{folder}/conanfile.py`");
            sink.at(&config.source, listed.at, message);
        }
    }
}

fn folder_unused(package: &Package, sink: &mut Sink<'_>) {
    if package.versions.is_empty() {
        return;
    }
    for folder in &package.folders {
        if folder.versions.is_empty() {
            sink.whole(
                &folder.path,
                format!("no version in `config.yml` uses `{}`", folder.name),
            );
        }
    }
}
