//! `config.yml` and `conandata.yml` speak of the same versions.

use crate::conandata;
use crate::finding::Severity;
use crate::index::Loaded;
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::{Node, Recipe, YamlFile};

use super::config::quotes;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "conandata-missing",
        severity: Severity::Error,
        summary: "a recipe that reads conan_data has a conandata.yml",
        why: "The file is mandatory: it says where the sources come from and how they are checked. \
              Only packages of what the system has (`system`) go without.",
        fixable: false,
        check: Check::Folder(missing),
    },
    Rule {
        id: "conandata-form",
        severity: Severity::Error,
        summary: "`sources` is a mapping of versions, `patches` one of lists",
        why: "The form is:\n\n    sources:\n      \"1.2.0\":\n        url: \"https://...\"\n        \
              sha256: \"...\"\n    patches:\n      \"1.2.0\":\n        - patch_file: \
              \"patches/1.2.0-fix.patch\"",
        fixable: false,
        check: Check::Conandata(form),
    },
    Rule {
        id: "conandata-section-unused",
        severity: Severity::Warning,
        summary: "sections other than `sources` and `patches` are read by the recipe",
        why: "The format knows `sources` and `patches`. A recipe may read more, but this one \
              doesn't name the section, so nobody uses it; most likely it's a slip of the pen.",
        fixable: false,
        check: Check::Conandata(section_unused),
    },
    Rule {
        id: "conandata-version-not-text",
        severity: Severity::Error,
        summary: "versions that YAML takes for numbers or dates are quoted",
        why: "`1.10` without quotes is the number 1.1: the recipe doesn't find the data of its \
              version.",
        fixable: true,
        check: Check::Conandata(version_not_text),
    },
    Rule {
        id: "conandata-version-missing",
        severity: Severity::Error,
        summary: "each version of config.yml has sources",
        why: "The recipe asks for `conan_data[\"sources\"][self.version]`, which fails for this \
              version.",
        fixable: false,
        check: Check::Conandata(version_missing),
    },
    Rule {
        id: "source-unused",
        severity: Severity::Warning,
        summary: "each version with sources is in config.yml",
        why: "Sources of a version that isn't built are dead weight, and their change looks like \
              one that matters. Remove them together with the version.",
        fixable: false,
        check: Check::Conandata(source_unused),
    },
    Rule {
        id: "patch-unused",
        severity: Severity::Warning,
        summary: "each version with patches is in config.yml",
        why: "Patches of a version that isn't built are never applied. Remove them together with \
              the version.",
        fixable: false,
        check: Check::Conandata(patch_unused),
    },
];

fn missing(scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let folder = scope.folder;
    let Some(recipe) = folder.recipe.content() else {
        return;
    };
    let reads = recipe.uses.iter().any(|it| {
        it.path.starts_with("self.conan_data[sources]")
            || it.path.starts_with("self.conan_data[patches]")
    });
    if matches!(folder.conandata, Loaded::Missing) && reads && !folder.is_system() {
        sink.whole(
            &folder.path,
            "no `conandata.yml`, though the recipe reads it",
        );
    }
}

fn form(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let text = &file.source;
    if file.root.is_null() {
        return sink.at(text, file.root.span, "the file is empty");
    }
    if file.root.entries().is_none() {
        let found = file.root.type_name();
        return sink.at(text, file.root.span, format!("{found}, expected a mapping"));
    }
    for section in ["sources", "patches"] {
        let Some(node) = file.root.get(section) else {
            continue;
        };
        let Some(entries) = node.entries() else {
            let found = node.type_name();
            let message = format!("`{section}` is {found}, expected a mapping of versions");
            sink.at(text, node.span, message);
            continue;
        };
        for entry in entries {
            let version = entry.key.raw().unwrap_or_default();
            let found = entry.value.type_name();
            let expected = match (section, &entry.value) {
                ("sources", it) if it.entries().is_none() && it.items().is_none() => "a mapping",
                ("patches", it) if it.items().is_none() => "a list",
                ("patches", it) => {
                    let items = it.items().unwrap_or_default();
                    for item in items.iter().filter(|it| it.entries().is_none()) {
                        let found = item.type_name();
                        let message = format!("a patch is {found}, expected a mapping");
                        sink.at(text, item.span, message);
                    }
                    continue;
                }
                _ => continue,
            };
            let message = format!("`{section}` of `{version}` is {found}, expected {expected}");
            sink.at(text, entry.key.span, message);
        }
    }
}

fn section_unused(file: &YamlFile, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some(recipe) = scope.folder.recipe.content() else {
        return;
    };
    for entry in file.root.entries().unwrap_or_default() {
        let section = entry.key.raw().unwrap_or_default();
        if !matches!(section, "sources" | "patches") && !recipe.mentions(section) {
            let message = format!("the recipe doesn't read `{section}`");
            sink.at(&file.source, entry.key.span, message);
        }
    }
}

fn version_not_text(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for section in ["sources", "patches"] {
        for entry in conandata::versions(file, section) {
            if let (None, Some(raw)) = (entry.key.text(), entry.key.raw()) {
                let found = entry.key.type_name();
                let message = format!("the version `{raw}` is {found} for YAML, quote it");
                let edits = quotes(entry.key.span, raw);
                sink.with_edits(&file.source, entry.key.span, message, edits);
            }
        }
    }
}

fn version_missing(file: &YamlFile, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some(sources) = file.root.get("sources").and_then(Node::entries) else {
        return;
    };
    let Some(recipe) = scope.folder.recipe.content() else {
        return;
    };
    // Other recipes compute the key, or take what is there.
    let by_version = recipe.mentions("self.conan_data[\"sources\"][self.version]")
        || recipe.mentions("self.conan_data['sources'][self.version]");
    let guarded =
        recipe.mentions("conan_data.get(") || recipe.mentions("self.version in self.conan_data");
    if !by_version || guarded {
        return;
    }
    for version in &scope.folder.versions {
        if !sources.iter().any(|it| it.key.raw() == Some(version)) {
            let at = file.root.entry("sources").map(|it| it.key.span);
            let message = format!("no sources of `{version}`, which `config.yml` lists");
            sink.at(&file.source, at.unwrap_or_default(), message);
        }
    }
}

fn source_unused(file: &YamlFile, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    unused(file, "sources", scope, sink);
}

fn patch_unused(file: &YamlFile, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    unused(file, "patches", scope, sink);
}

/// Whether a recipe asks for a key itself: `conan_data["patches"]["common"]`,
/// `conan_data["patches"][f"{self.version}-opt"]`.
fn names(recipe: &Recipe, key: &str, versions: &[String]) -> bool {
    recipe.strings.iter().any(|(text, _)| {
        text == key
            || versions
                .iter()
                .any(|it| key.strip_prefix(it.as_str()) == Some(text.as_str()))
    })
}

/// Keys that aren't versions of this folder. Where none is, the keys mean something else.
fn unused(file: &YamlFile, section: &str, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let listed = |key: &Node| scope.folder.versions.iter().any(|it| key.raw() == Some(it));
    let entries = conandata::versions(file, section);
    let sources = conandata::versions(file, "sources");
    if !sources.iter().any(|it| listed(&it.key)) || scope.folder.versions.is_empty() {
        return;
    }
    let recipe = scope.folder.recipe.content();
    for entry in entries.iter().filter(|it| !listed(&it.key)) {
        let Some(version) = entry.key.raw() else {
            continue;
        };
        if recipe.is_some_and(|it| names(it, version, &scope.folder.versions)) {
            continue;
        }
        let message = format!("`config.yml` doesn't build `{version}` with this folder");
        sink.at(&file.source, entry.key.span, message);
    }
}
