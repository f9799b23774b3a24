//! The entries of `patches`: their fields.

use crate::conandata;
use crate::finding::{Edit, Severity};
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::{Kind, Node, YamlFile};

use super::urls;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "patch-file-missing",
        severity: Severity::Error,
        summary: "each patch has a patch_file",
        why: "It's the path of the patch, relative to the folder of conandata.yml.",
        fixable: false,
        check: Check::Conandata(file_missing),
    },
    Rule {
        id: "patch-description-missing",
        severity: Severity::Warning,
        summary: "each patch has a patch_description",
        why: "It says what the patch does, why it's necessary, and how it does it: `port to \
              Android: update configure.ac adding missing unistd.h header`.",
        fixable: false,
        check: Check::Conandata(description_missing),
    },
    Rule {
        id: "patch-type-missing",
        severity: Severity::Warning,
        summary: "each patch has a patch_type",
        why: "One of official, vulnerability, portability, conan, bugfix; reviewers and consumers \
              judge a patch by it.",
        fixable: false,
        check: Check::Conandata(type_missing),
    },
    Rule {
        id: "patch-type-unknown",
        severity: Severity::Warning,
        summary: "patch_type is official, vulnerability, portability, conan or bugfix",
        why: "official: from the project itself; vulnerability: closes a security issue; \
              portability: for systems that the project doesn't support; conan: needed by the \
              packaging only; bugfix: a fix of a later version (older files say `backport`).",
        fixable: true,
        check: Check::Conandata(type_unknown),
    },
    Rule {
        id: "patch-source-missing",
        severity: Severity::Warning,
        summary: "official, vulnerability and bugfix patches have a patch_source",
        why: "The url where the patch comes from: for official ones its distribution, for \
              vulnerabilities the commit of the fix, for fixes the pull request or issue. It is \
              recommended for portability, too.",
        fixable: false,
        check: Check::Conandata(source_missing),
    },
    Rule {
        id: "patch-source-form",
        severity: Severity::Warning,
        summary: "patch_source is a url",
        why: "https is preferred; git, svn and hg are accepted where there's nothing else. One \
              url: others belong to the description.",
        fixable: false,
        check: Check::Conandata(source_form),
    },
    Rule {
        id: "patch-vulnerability-id",
        severity: Severity::Warning,
        summary: "the description of a vulnerability patch names its CVE or CWE",
        why: "So that scanners and auditors see that the version isn't affected any more.",
        fixable: false,
        check: Check::Conandata(vulnerability_id),
    },
    Rule {
        id: "patch-field-unknown",
        severity: Severity::Warning,
        summary: "a patch has patch_file, patch_description, patch_type, patch_source, base_path \
                  and what the recipe names",
        why: "Other fields are ignored without a word; most are slips of the pen.",
        fixable: false,
        check: Check::Conandata(field_unknown),
    },
    Rule {
        id: "patch-field-form",
        severity: Severity::Warning,
        summary: "fields of a patch are texts that aren't empty",
        why: "A list or an empty text isn't what the reader of the field expects.",
        fixable: false,
        check: Check::Conandata(field_form),
    },
    Rule {
        id: "patch-base-path",
        severity: Severity::Error,
        summary: "base_path is relative and stays within the sources",
        why: "It's a folder relative to the sources, in which the patch is applied.",
        fixable: false,
        check: Check::Conandata(base_path),
    },
    Rule {
        id: "patch-bugfix-version",
        severity: Severity::Note,
        summary: "a version with bugfix patches is named cci.<YYYYMMDD>",
        why: "Sources with such patches aren't what was released, and consumers who rely on the \
              release should be able to choose it: a new version `cci.<YYYYMMDD>` is required.",
        fixable: false,
        check: Check::Conandata(bugfix_version),
    },
    Rule {
        id: "patch-twice",
        severity: Severity::Error,
        summary: "a version applies a patch once",
        why: "The second time it doesn't fit any more.",
        fixable: false,
        check: Check::Conandata(twice),
    },
];

const TYPES: [&str; 5] = [
    "official",
    "vulnerability",
    "portability",
    "conan",
    "bugfix",
];
const FIELDS: [&str; 5] = [
    "patch_file",
    "patch_description",
    "patch_type",
    "patch_source",
    "base_path",
];

/// A field's text, if it says something.
fn field<'a>(patch: &'a Node, name: &str) -> Option<&'a str> {
    patch.get(name)?.raw().filter(|it| !it.trim().is_empty())
}

fn name_of(patch: &Node) -> String {
    let file = field(patch, "patch_file").map(|it| format!("`{it}`"));
    file.unwrap_or_else(|| "a patch".to_owned())
}

/// Patches without a field of a name.
fn lacking<'a>(file: &'a YamlFile, name: &str) -> Vec<&'a Node> {
    let patches = conandata::patches(file).into_iter().map(|it| it.node);
    patches.filter(|it| it.get(name).is_none()).collect()
}

fn file_missing(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for patch in lacking(file, "patch_file") {
        if patch.get("patch_string").is_none() {
            sink.at(&file.source, patch.span, "a patch has no `patch_file`");
        }
    }
}

fn description_missing(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for patch in lacking(file, "patch_description") {
        let message = format!("{} has no `patch_description`", name_of(patch));
        sink.at(&file.source, patch.span, message);
    }
}

fn type_missing(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for patch in lacking(file, "patch_type") {
        let message = format!("{} has no `patch_type`", name_of(patch));
        sink.at(&file.source, patch.span, message);
    }
}

fn type_unknown(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for patch in conandata::patches(file) {
        let Some(value) = patch.node.get("patch_type") else {
            continue;
        };
        let Some(written) = value
            .raw()
            .filter(|it| !it.is_empty() && !TYPES.contains(it))
        else {
            continue;
        };
        let meant = match written
            .trim()
            .to_ascii_lowercase()
            .replace(['-', '_', ' '], "")
            .as_str()
        {
            "backport" | "fix" | "bug" => Some("bugfix"),
            it => TYPES.iter().find(|known| **known == it).copied(),
        };
        let hint = meant.map_or(String::new(), |it| format!(", did you mean `{it}`?"));
        let message = format!("unknown patch_type `{written}`{hint}");
        let only_form = meant.is_some_and(|it| it.eq_ignore_ascii_case(written.trim()));
        let edits = match meant {
            Some(meant) if only_form && value.span.end > value.span.start => vec![Edit {
                range: value.span.range(),
                text: meant.to_owned(),
            }],
            _ => Vec::new(),
        };
        sink.with_edits(&file.source, value.span, message, edits);
    }
}

fn source_missing(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for patch in conandata::patches(file) {
        let Some(kind) = field(patch.node, "patch_type") else {
            continue;
        };
        let needed = matches!(kind, "official" | "vulnerability" | "bugfix");
        if needed && patch.node.get("patch_source").is_none() {
            let message = format!(
                "{} is of type {kind} and has no `patch_source`",
                name_of(patch.node)
            );
            sink.at(&file.source, patch.node.span, message);
        }
    }
}

fn source_form(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for patch in conandata::patches(file) {
        let Some(value) = patch.node.get("patch_source") else {
            continue;
        };
        let Some(url) = value.raw().filter(|it| !it.is_empty()) else {
            continue;
        };
        if let Some(problem) = urls::problem(url) {
            sink.at(
                &file.source,
                value.span,
                format!("patch_source `{url}` {problem}"),
            );
        }
    }
}

fn vulnerability_id(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for patch in conandata::patches(file) {
        if field(patch.node, "patch_type") != Some("vulnerability") {
            continue;
        }
        let Some(description) = field(patch.node, "patch_description") else {
            continue;
        };
        let upper = description.to_ascii_uppercase();
        if !["CVE-", "CWE-", "GHSA-"]
            .iter()
            .any(|it| upper.contains(it))
        {
            let message = format!(
                "the description of {} names no CVE or CWE",
                name_of(patch.node)
            );
            sink.at(&file.source, patch.node.span, message);
        }
    }
}

fn field_unknown(file: &YamlFile, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    // What `patch()` takes as well, and a checksum that reviewers may want.
    const MORE: [&str; 4] = ["patch_string", "strip", "fuzz", "sha256"];
    let Some(recipe) = scope.folder.recipe.content() else {
        return;
    };
    for patch in conandata::patches(file) {
        for entry in patch.node.entries().unwrap_or_default() {
            let name = entry.key.raw().unwrap_or_default();
            if FIELDS.contains(&name) || MORE.contains(&name) || recipe.mentions(name) {
                continue;
            }
            sink.at(
                &file.source,
                entry.key.span,
                format!("unknown field `{name}` of a patch"),
            );
        }
    }
}

fn field_form(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for patch in conandata::patches(file) {
        for entry in patch.node.entries().unwrap_or_default() {
            let name = entry.key.raw().unwrap_or_default();
            if !FIELDS.contains(&name) {
                continue;
            }
            let problem = match &entry.value.kind {
                Kind::Scalar { text, .. } if text.trim().is_empty() => "is empty".to_owned(),
                Kind::Scalar { .. } if entry.value.is_null() => "is empty".to_owned(),
                Kind::Scalar { .. } => continue,
                _ => format!("is {}, expected a text", entry.value.type_name()),
            };
            sink.at(&file.source, entry.key.span, format!("`{name}` {problem}"));
        }
    }
}

fn base_path(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for patch in conandata::patches(file) {
        let Some(path) = field(patch.node, "base_path") else {
            continue;
        };
        let leaves = path.split(['/', '\\']).any(|it| it == "..");
        let drive = path.as_bytes().get(1) == Some(&b':');
        if path.starts_with(['/', '\\']) || leaves || drive {
            let at = patch
                .node
                .get("base_path")
                .map(|it| it.span)
                .unwrap_or_default();
            sink.at(
                &file.source,
                at,
                format!("base_path `{path}` leaves the sources"),
            );
        }
    }
}

fn bugfix_version(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for patch in conandata::patches(file) {
        let version = patch.version.raw().unwrap_or_default();
        if field(patch.node, "patch_type") == Some("bugfix") && !version.contains("cci") {
            let message = format!(
                "{} is a bugfix, but `{version}` isn't named cci.<YYYYMMDD>",
                name_of(patch.node)
            );
            sink.at(&file.source, patch.node.span, message);
        }
    }
}

fn twice(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let mut seen: Vec<(&str, &str, Option<&str>)> = Vec::new();
    for patch in conandata::patches(file) {
        let Some(name) = field(patch.node, "patch_file") else {
            continue;
        };
        let version = patch.version.raw().unwrap_or_default();
        let key = (version, name, field(patch.node, "base_path"));
        if seen.contains(&key) {
            let message = format!("`{name}` is a second time among the patches of `{version}`");
            sink.at(&file.source, patch.node.span, message);
        }
        seen.push(key);
    }
}
