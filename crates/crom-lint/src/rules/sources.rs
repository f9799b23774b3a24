//! The entries of `sources`: fields and checksums.

use crate::conandata::{self, SourceEntry};
use crate::finding::{Edit, Severity};
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::{Node, YamlFile};

use super::config::quotes;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "source-url-missing",
        severity: Severity::Error,
        summary: "each source has a url",
        why: "A checksum without an address downloads nothing.",
        fixable: false,
        check: Check::Conandata(url_missing),
    },
    Rule {
        id: "source-checksum-missing",
        severity: Severity::Error,
        summary: "each source has a sha256",
        why: "Without it nobody knows whether the archive is the one that was reviewed. sha1 and \
              md5 may stand beside it, not in its place. (Archives of googlesource.com, which are \
              made anew for each download, are exempt.)",
        fixable: false,
        check: Check::Conandata(checksum_missing),
    },
    Rule {
        id: "source-checksum-form",
        severity: Severity::Error,
        summary: "checksums have the digits of their kind: sha256 64, sha1 40, md5 32",
        why: "Others never match, so the download fails.",
        fixable: false,
        check: Check::Conandata(checksum_form),
    },
    Rule {
        id: "source-checksum-not-text",
        severity: Severity::Error,
        summary: "checksums that YAML takes for numbers are quoted",
        why: "A checksum of digits only, or like `1e10...`, is a number without quotes.",
        fixable: true,
        check: Check::Conandata(checksum_not_text),
    },
    Rule {
        id: "source-checksum-case",
        severity: Severity::Note,
        summary: "checksums are lower case",
        why: "Backup stores name files after the checksum, in lower case.",
        fixable: true,
        check: Check::Conandata(checksum_case),
    },
    Rule {
        id: "source-field-unknown",
        severity: Severity::Warning,
        summary: "a source has url, sha256, sha1, md5 and what the recipe names",
        why: "Other fields go to `get()` as arguments if the recipe passes the whole entry, and \
              mean nothing otherwise.",
        fixable: false,
        check: Check::Conandata(field_unknown),
    },
    Rule {
        id: "source-mirrors-form",
        severity: Severity::Error,
        summary: "mirrors are a list of texts, at least one, none twice",
        why: "`url` is an address or a list of addresses of the very same file; they are tried in \
              order.",
        fixable: false,
        check: Check::Conandata(mirrors_form),
    },
    Rule {
        id: "source-asset-unused",
        severity: Severity::Warning,
        summary: "named assets are used by the recipe",
        why: "The recipe names other assets of the version, but not this one: it's never downloaded.",
        fixable: false,
        check: Check::Conandata(asset_unused),
    },
];

const CHECKSUMS: [(&str, usize); 3] = [("sha256", 64), ("sha1", 40), ("md5", 32)];

fn url_missing(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for source in conandata::sources(file) {
        if source.node.get("url").is_none_or(Node::is_null) {
            let version = source.version.raw().unwrap_or_default();
            let message = format!("a source of `{version}` has no `url`");
            sink.at(&file.source, source.node.span, message);
        }
    }
}

fn checksum_missing(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for source in conandata::sources(file) {
        let known = source
            .node
            .get("sha256")
            .is_some_and(|it| !it.is_null() && it.raw() != Some(""));
        let urls = conandata::urls(&source);
        let exempt = urls.iter().any(|it| {
            let url = it.raw().unwrap_or_default();
            url.contains(".googlesource.com/") || url.ends_with(".git")
        });
        let is_clone = source.node.get("commit").is_some() || source.node.get("tag").is_some();
        if !known && !exempt && !is_clone && !urls.is_empty() {
            let version = source.version.raw().unwrap_or_default();
            let message = format!("a source of `{version}` has no `sha256`");
            sink.at(&file.source, source.node.span, message);
        }
    }
}

/// The checksums of a source that are scalars, with their number of digits.
fn checksums<'a>(
    source: &SourceEntry<'a>,
) -> impl Iterator<Item = (&'static str, usize, &'a Node)> {
    let node = source.node;
    CHECKSUMS
        .into_iter()
        .filter_map(move |(kind, digits)| Some((kind, digits, node.get(kind)?)))
        .filter(|(_, _, value)| !value.is_null() && value.raw() != Some(""))
}

fn checksum_form(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for source in conandata::sources(file) {
        for (kind, digits, value) in checksums(&source) {
            let text = value.raw().unwrap_or_default();
            let hex = text.chars().all(|it| it.is_ascii_hexdigit());
            if text.len() != digits || !hex {
                let message =
                    format!("`{text}` is no {kind}: expected {digits} hexadecimal digits");
                sink.at(&file.source, value.span, message);
            }
        }
    }
}

fn checksum_not_text(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for source in conandata::sources(file) {
        for (kind, _, value) in checksums(&source) {
            if let (None, Some(raw)) = (value.text(), value.raw()) {
                let found = value.type_name();
                let message = format!("the {kind} `{raw}` is {found} for YAML, quote it");
                sink.with_edits(&file.source, value.span, message, quotes(value.span, raw));
            }
        }
    }
}

fn checksum_case(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for source in conandata::sources(file) {
        for (kind, _, value) in checksums(&source) {
            let text = value.raw().unwrap_or_default();
            if !text.chars().any(|it| it.is_ascii_uppercase()) {
                continue;
            }
            let written = file.source.slice(value.span);
            let edits = match written.contains(text) {
                true => vec![Edit {
                    range: value.span.range(),
                    text: written.to_ascii_lowercase(),
                }],
                false => Vec::new(),
            };
            let message = format!("the {kind} has upper case letters");
            sink.with_edits(&file.source, value.span, message, edits);
        }
    }
}

fn field_unknown(file: &YamlFile, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    // Arguments of `get()`, to which recipes pass entries as a whole.
    const KNOWN: [&str; 16] = [
        "url",
        "md5",
        "sha1",
        "sha256",
        "destination",
        "filename",
        "keep_permissions",
        "pattern",
        "verify",
        "retry",
        "retry_wait",
        "auth",
        "headers",
        "strip_root",
        "excludes",
        "commit",
    ];
    let Some(recipe) = scope.folder.recipe.content() else {
        return;
    };
    for source in conandata::sources(file) {
        for entry in source.node.entries().unwrap_or_default() {
            let field = entry.key.raw().unwrap_or_default();
            if KNOWN.contains(&field) || recipe.mentions(field) {
                continue;
            }
            let message = format!("unknown field `{field}` of a source");
            sink.at(&file.source, entry.key.span, message);
        }
    }
}

fn mirrors_form(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for source in conandata::sources(file) {
        let Some(url) = source.node.get("url") else {
            continue;
        };
        if url.items().is_some_and(<[Node]>::is_empty) {
            sink.at(&file.source, url.span, "the list of mirrors is empty");
        }
        let mut seen: Vec<&str> = Vec::new();
        for mirror in conandata::urls(&source) {
            match mirror.text() {
                None if mirror.is_null() && url.items().is_none() => {}
                None => {
                    let found = mirror.type_name();
                    let message = format!("a url is {found}, expected a text");
                    sink.at(&file.source, mirror.span, message);
                }
                Some(text) if seen.contains(&text) => {
                    sink.at(
                        &file.source,
                        mirror.span,
                        format!("`{text}` is in the list twice"),
                    );
                }
                Some(text) => seen.push(text),
            }
        }
    }
}

fn asset_unused(file: &YamlFile, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    // Keys by operating system are put together at run time.
    const SYSTEMS: [&str; 9] = [
        "windows",
        "linux",
        "macos",
        "android",
        "ios",
        "sunos",
        "freebsd",
        "cygwin",
        "emscripten",
    ];
    let Some(recipe) = scope.folder.recipe.content() else {
        return;
    };
    let is_system = |name: &str| {
        let lower = name.to_ascii_lowercase();
        SYSTEMS.iter().any(|it| lower.contains(it))
    };
    for version in conandata::versions(file, "sources") {
        let Some(assets) = version.value.entries() else {
            continue;
        };
        if conandata::is_source(&version.value) {
            continue;
        }
        let names: Vec<(&Node, &str)> = assets
            .iter()
            .filter_map(|it| Some((&it.key, it.key.raw()?)))
            .collect();
        let written = |name: &str| recipe.strings.iter().any(|(text, _)| text == name);
        let by_name = names.iter().any(|(_, name)| written(name));
        let by_system = names.iter().any(|(_, name)| is_system(name));
        if !by_name || by_system {
            continue;
        }
        for (key, name) in names {
            if !recipe.mentions(name) {
                let message = format!("the recipe doesn't use the asset `{name}`");
                sink.at(&file.source, key.span, message);
            }
        }
    }
}
