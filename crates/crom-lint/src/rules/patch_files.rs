//! The files of patches.

use crate::conandata;
use crate::finding::Severity;
use crate::index::is_patch;
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::{Node, Recipe, YamlFile, patch};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "patch-file-absent",
        severity: Severity::Error,
        summary: "each patch_file exists",
        why: "The export or the build of the version fails without it. Paths are relative to the \
              folder of conandata.yml, and letter case counts.",
        fixable: false,
        check: Check::Conandata(absent),
    },
    Rule {
        id: "patch-file-location",
        severity: Severity::Warning,
        summary: "patches are in the folder `patches` and end with .patch or .diff",
        why: "`export_conandata_patches` finds them anywhere, but people look for them there.",
        fixable: false,
        check: Check::Conandata(location),
    },
    Rule {
        id: "patch-file-invalid",
        severity: Severity::Error,
        summary: "a patch can be read: each hunk has the lines that its header announces",
        why: "A hunk that is too short or too long doesn't apply. Make the patch anew with `git \
              format-patch` or `diff -u` rather than editing it by hand.",
        fixable: false,
        check: Check::Conandata(invalid),
    },
    Rule {
        id: "patch-file-unused",
        severity: Severity::Warning,
        summary: "each file in `patches` is used",
        why: "A patch that neither conandata.yml nor the recipe names is never applied; most often \
              its version is gone.",
        fixable: false,
        check: Check::Folder(unused),
    },
    Rule {
        id: "patches-not-exported",
        severity: Severity::Error,
        summary: "a recipe with patches calls export_conandata_patches",
        why: "Otherwise the patches stay behind, and the build in the cache doesn't find them:\n\n    \
              def export_sources(self):\n        export_conandata_patches(self)",
        fixable: false,
        check: Check::Recipe(not_exported),
    },
    Rule {
        id: "patches-not-applied",
        severity: Severity::Error,
        summary: "a recipe with patches calls apply_conandata_patches",
        why: "Otherwise the entries in conandata.yml have no effect:\n\n    def source(self):\n        \
              get(self, **self.conan_data[\"sources\"][self.version], strip_root=True)\n        \
              apply_conandata_patches(self)",
        fixable: false,
        check: Check::Recipe(not_applied),
    },
    Rule {
        id: "patches-without-copy",
        severity: Severity::Error,
        summary: "no patches in build() with no_copy_source",
        why: "With `no_copy_source = True` all builds share the sources: the second build patches \
              what is patched. Apply them in source().",
        fixable: false,
        check: Check::Recipe(without_copy),
    },
];

/// Patches with the path of their file.
fn files(file: &YamlFile) -> Vec<(&Node, &str)> {
    conandata::patches(file)
        .into_iter()
        .filter_map(|it| {
            let node = it.node.get("patch_file")?;
            Some((node, node.raw().filter(|it| !it.is_empty())?))
        })
        .collect()
}

/// A path without `.` and doubled `/`.
fn simple(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .filter(|it| !matches!(*it, "" | "."))
        .collect();
    parts.join("/")
}

fn absent(file: &YamlFile, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for (node, path) in files(file) {
        if !scope.folder.files.contains(&simple(path)) {
            sink.at(&file.source, node.span, format!("there's no `{path}`"));
        }
    }
}

fn location(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for (node, path) in files(file) {
        let path = simple(path);
        if !path.starts_with("patches/") {
            sink.at(
                &file.source,
                node.span,
                format!("`{path}` isn't in `patches`"),
            );
        } else if !is_patch(&path) {
            let message = format!("`{path}` ends neither with .patch nor with .diff");
            sink.at(&file.source, node.span, message);
        }
    }
}

fn invalid(file: &YamlFile, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let mut seen: Vec<String> = Vec::new();
    for (node, path) in files(file) {
        let path = simple(path);
        let Some(content) = scope.folder.patches.get(&path) else {
            continue;
        };
        if seen.contains(&path) {
            continue;
        }
        if let Err(problem) = patch::check(content) {
            let message = format!("`{path}` line {}: {}", problem.line, problem.problem);
            sink.at(&file.source, node.span, message);
        }
        seen.push(path);
    }
}

fn unused(scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let (Some(recipe), folder) = (scope.folder.recipe.content(), scope.folder) else {
        return;
    };
    let Some(file) = folder.conandata.content() else {
        return;
    };
    for path in folder
        .patches
        .keys()
        .filter(|it| it.starts_with("patches/"))
    {
        let stem = path
            .rsplit_once('/')
            .map_or(path.as_str(), |(_, stem)| stem);
        // A name in a comment keeps the file, too: somebody thought of it.
        let named = file.source.text.contains(path.as_str())
            || file.source.text.contains(stem)
            || recipe.mentions(stem);
        if !named && !builds_names(recipe) {
            sink.whole(
                &folder.path_of(path),
                "neither conandata.yml nor the recipe uses it",
            );
        }
    }
}

/// Whether the recipe takes files of `patches` without naming each.
fn builds_names(recipe: &Recipe) -> bool {
    recipe
        .strings
        .iter()
        .any(|(text, _)| text.contains("patches/") || text == "patches" && recipe.mentions("glob"))
        || recipe.mentions("\"patches\")")
}

/// Whether there are patches which this class has to care for.
fn has_patches(recipe: &Recipe, scope: &FolderScope<'_>) -> bool {
    let conandata = scope.folder.conandata.content();
    recipe.class.is_some()
        && !recipe.inherits
        && conandata.is_some_and(|it| !conandata::patches(it).is_empty())
}

fn not_exported(recipe: &Recipe, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let exports = recipe.mentions("export_conandata_patches")
        || recipe.strings.iter().any(|(text, _)| {
            text == "patch_file" || text.contains("patches/") || text.contains("*.patch")
        });
    if has_patches(recipe, scope) && !exports {
        let message = "conandata.yml has patches, but the recipe doesn't export them";
        sink.at(&recipe.source, recipe.place(), message);
    }
}

fn not_applied(recipe: &Recipe, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let applies = recipe.mentions("apply_conandata_patches")
        || recipe
            .calls
            .iter()
            .any(|it| it.target == "patch" || it.target.ends_with(".patch"));
    if has_patches(recipe, scope) && !applies {
        let message = "conandata.yml has patches, but the recipe doesn't apply them";
        sink.at(&recipe.source, recipe.place(), message);
    }
}

fn without_copy(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    use crate::source::LiteralKind;
    let shared = recipe
        .attribute("no_copy_source")
        .is_some_and(|it| it.value.kind == LiteralKind::Bool(true));
    if !shared {
        return;
    }
    for call in recipe.calls_of("apply_conandata_patches") {
        if recipe.method_name(call.method) == Some("build") {
            let message = "patches are applied in build() with `no_copy_source = True`";
            sink.at(&recipe.source, call.at, message);
        }
    }
}
