//! Attributes of the class and imports of a `conanfile.py`.

use crate::finding::{Edit, Severity};
use crate::index::{Loaded, Package};
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::{Assignment, Recipe, Span};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "recipe-syntax",
        severity: Severity::Error,
        summary: "conanfile.py is Python",
        why: "A recipe that can't be read can't be exported.",
        fixable: false,
        check: Check::Package(syntax),
    },
    Rule {
        id: "recipe-class-missing",
        severity: Severity::Error,
        summary: "conanfile.py has a class that derives from ConanFile",
        why: "It is the recipe.",
        fixable: false,
        check: Check::Recipe(class_missing),
    },
    Rule {
        id: "recipe-name-missing",
        severity: Severity::Error,
        summary: "the recipe has a name",
        why: "`conan export` needs it, and so does everybody who reads the file alone.",
        fixable: false,
        check: Check::Recipe(name_missing),
    },
    Rule {
        id: "recipe-name-mismatch",
        severity: Severity::Error,
        summary: "the recipe's name is that of its folder",
        why: "Recipes are found by the name of the folder.",
        fixable: false,
        check: Check::Recipe(name_mismatch),
    },
    Rule {
        id: "recipe-version",
        severity: Severity::Warning,
        summary: "no version in the recipe, but for `system`",
        why: "config.yml lists the versions; a version in the class contradicts all others.",
        fixable: false,
        check: Check::Recipe(version),
    },
    Rule {
        id: "recipe-attribute-missing",
        severity: Severity::Warning,
        summary: "description, license, url, homepage and topics are there",
        why: "Searches, web pages and bills of materials show them. `url` is that of the index, \
              `homepage` that of the project.",
        fixable: false,
        check: Check::Recipe(attribute_missing),
    },
    Rule {
        id: "recipe-url",
        severity: Severity::Note,
        summary: "url is https://github.com/conan-io/conan-center-index",
        why: "`url` says where the recipe comes from; `homepage` is the place of the project.",
        fixable: true,
        check: Check::Recipe(url),
    },
    Rule {
        id: "recipe-topics-tuple",
        severity: Severity::Warning,
        summary: "topics is a tuple, not a text in brackets",
        why: "`(\"json\")` is the text \"json\"; a tuple of one needs a comma: `(\"json\",)`.",
        fixable: true,
        check: Check::Recipe(topics_tuple),
    },
    Rule {
        id: "recipe-topics-form",
        severity: Severity::Note,
        summary: "topics are lower case, and `conan` isn't one",
        why: "Searches are by lower case words, and all of these are Conan packages.",
        fixable: true,
        check: Check::Recipe(topics_form),
    },
    Rule {
        id: "recipe-author",
        severity: Severity::Note,
        summary: "no author",
        why: "Recipes of the index belong to its community; the history of the repository knows \
              who wrote what.",
        fixable: false,
        check: Check::Recipe(author),
    },
    Rule {
        id: "recipe-attribute-forbidden",
        severity: Severity::Warning,
        summary: "no scm, build_policy, revision_mode, python_requires",
        why: "Recipes of the index stand alone and are built as the user of the package decides.",
        fixable: false,
        check: Check::Recipe(forbidden),
    },
    Rule {
        id: "recipe-required-conan-version",
        severity: Severity::Note,
        summary: "required_conan_version is there",
        why: "Users of older versions get a clear message instead of a strange error:\n\n    \
              required_conan_version = \">=2.1\"",
        fixable: false,
        check: Check::Recipe(required_conan_version),
    },
    Rule {
        id: "recipe-import-conans",
        severity: Severity::Error,
        summary: "nothing is imported from `conans`",
        why: "That was Conan 1; in Conan 2 it's `from conan import ConanFile` and `from \
              conan.tools...`.",
        fixable: false,
        check: Check::Recipe(import_conans),
    },
    Rule {
        id: "recipe-import-private",
        severity: Severity::Warning,
        summary: "nothing is imported from conan.internal, conan.api or conan.cli",
        why: "What is in there changes without notice; recipes use conan.tools and conan.errors.",
        fixable: false,
        check: Check::Recipe(import_private),
    },
    Rule {
        id: "recipe-first-line",
        severity: Severity::Note,
        summary: "no shebang, encoding or editor line at the top",
        why: "A recipe isn't started, and is UTF-8 anyway.",
        fixable: true,
        check: Check::Recipe(first_line),
    },
];

fn syntax(package: &Package, sink: &mut Sink<'_>) {
    for folder in &package.folders {
        for recipe in std::iter::once(&folder.recipe).chain(&folder.tests) {
            if let Loaded::Broken(text, problem) = recipe {
                sink.at(text, problem.at, format!("not Python: {}", problem.problem));
            }
        }
    }
}

fn class_missing(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    // A class of another file may be the base of this one's.
    if recipe.class.is_none() && !recipe.mentions("class ") {
        sink.at(
            &recipe.source,
            Span::default(),
            "no class derives from `ConanFile`",
        );
    }
}

fn name_missing(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let own = recipe.attribute("name").is_some() || recipe.method("set_name").is_some();
    if recipe.class.is_some() && !own && !recipe.inherits {
        sink.at(&recipe.source, recipe.place(), "the recipe has no `name`");
    }
}

fn name_mismatch(recipe: &Recipe, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some(attribute) = recipe.attribute("name") else {
        return;
    };
    let folder = &scope.package.name;
    if attribute.value.text().is_some_and(|it| it != folder) {
        let name = attribute.value.text().unwrap_or_default();
        let message = format!("the name is `{name}`, the folder `{folder}`");
        sink.at(&recipe.source, attribute.value.span, message);
    }
}

fn version(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    if let Some(attribute) = recipe.attribute("version")
        && attribute.value.text() != Some("system")
    {
        sink.at(&recipe.source, attribute.at, "the recipe has a `version`");
    }
}

fn attribute_missing(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    if recipe.class.is_none() || recipe.inherits {
        return;
    }
    for name in ["description", "license", "url", "homepage", "topics"] {
        if recipe.attribute(name).is_none() && !recipe.sets(name) {
            sink.at(
                &recipe.source,
                recipe.place(),
                format!("the recipe has no `{name}`"),
            );
        }
    }
}

const INDEX: &str = "https://github.com/conan-io/conan-center-index";

fn url(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some(attribute) = recipe.attribute("url") else {
        return;
    };
    let Some(text) = attribute.value.text().filter(|it| *it != INDEX) else {
        return;
    };
    let same = text.trim_end_matches(['/', ' ']).trim_end_matches(".git");
    let edits = match same.replace("http://", "https://") == INDEX {
        true => replacement(recipe, attribute.value.span, text, INDEX),
        false => Vec::new(),
    };
    let message = format!("url is `{text}`, not that of the index");
    sink.with_edits(&recipe.source, attribute.value.span, message, edits);
}

/// Replaces the content of a text that is written without escapes and not in pieces.
pub(super) fn replacement(recipe: &Recipe, span: Span, old: &str, new: &str) -> Vec<Edit> {
    let written = recipe.source.slice(span);
    for quote in ["\"", "'"] {
        if written == format!("{quote}{old}{quote}") {
            return vec![Edit {
                range: span.range(),
                text: format!("{quote}{new}{quote}"),
            }];
        }
    }
    Vec::new()
}

fn topics_tuple(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some(Assignment { value, .. }) = recipe.attribute("topics") else {
        return;
    };
    let Some(text) = value.text() else {
        return;
    };
    let whole = recipe.source.slice(value.span);
    let in_brackets = recipe
        .source
        .text
        .get(value.span.end..)
        .is_some_and(|it| it.trim_start().starts_with(')'));
    let simple = !text.contains([',', '"', '\'']) && in_brackets && !whole.contains('\n');
    let edits = match simple {
        true => vec![Edit {
            range: value.span.end..value.span.end,
            text: ",".to_owned(),
        }],
        false => Vec::new(),
    };
    sink.with_edits(
        &recipe.source,
        value.span,
        "topics is a text, not a tuple",
        edits,
    );
}

fn topics_form(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some(attribute) = recipe.attribute("topics") else {
        return;
    };
    for (topic, span) in attribute.value.texts() {
        let lower = topic.to_lowercase();
        if topic == "conan" {
            sink.at(&recipe.source, span, "`conan` is a topic of all packages");
        } else if topic != lower {
            let edits = replacement(recipe, span, topic, &lower);
            let message = format!("the topic `{topic}` isn't lower case");
            sink.with_edits(&recipe.source, span, message, edits);
        }
    }
}

fn author(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    if let Some(attribute) = recipe.attribute("author") {
        sink.at(&recipe.source, attribute.at, "the recipe has an `author`");
    }
}

fn forbidden(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for name in ["scm", "build_policy", "revision_mode", "python_requires"] {
        if let Some(attribute) = recipe.attribute(name) {
            sink.at(
                &recipe.source,
                attribute.at,
                format!("the recipe has `{name}`"),
            );
        }
    }
}

fn required_conan_version(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let own = recipe.attribute("required_conan_version").is_some();
    let global = recipe
        .globals
        .iter()
        .any(|it| it.name == "required_conan_version");
    if recipe.class.is_some() && !own && !global {
        sink.at(
            &recipe.source,
            Span::default(),
            "no `required_conan_version`",
        );
    }
}

fn import_conans(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for import in &recipe.imports {
        if import.module == "conans" || import.module.starts_with("conans.") {
            let message = format!("`{}` was Conan 1", import.module);
            sink.at(&recipe.source, import.at, message);
        }
    }
}

fn import_private(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for import in &recipe.imports {
        let private = ["conan.internal", "conan.api", "conan.cli"]
            .iter()
            .any(|it| import.module == *it || import.module.starts_with(&format!("{it}.")));
        if private {
            let message = format!("`{}` isn't meant for recipes", import.module);
            sink.at(&recipe.source, import.at, message);
        }
    }
}

fn first_line(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for (span, line) in recipe.source.lines().take(2) {
        let found = if span.start == 0 && line.starts_with("#!") {
            "a shebang"
        } else if line.starts_with('#') && line.contains("coding:") {
            "an encoding"
        } else if line.starts_with('#') && line.contains(" vim:") {
            "a line for an editor"
        } else {
            continue;
        };
        let edit = Edit {
            range: span.start..(span.end + 1).min(recipe.source.text.len()),
            text: String::new(),
        };
        sink.with_edit(&recipe.source, span, format!("{found} at the top"), edit);
    }
}
