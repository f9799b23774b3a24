//! Options and settings.

use std::collections::BTreeSet;

use crate::finding::Severity;
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::{LiteralKind, Recipe};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "options-default-shared",
        severity: Severity::Warning,
        summary: "the default of shared is False, of fPIC True, of header_only False",
        why: "These defaults are the same for all packages, so that graphs are built alike.",
        fixable: false,
        check: Check::Recipe(default_shared),
    },
    Rule {
        id: "options-default-form",
        severity: Severity::Error,
        summary: "default_options is a dictionary",
        why: "Lists and texts were Conan 1.",
        fixable: false,
        check: Check::Recipe(default_form),
    },
    Rule {
        id: "options-default-unknown",
        severity: Severity::Error,
        summary: "default_options names options that there are",
        why: "Conan refuses a default for an option that the recipe doesn't declare.",
        fixable: false,
        check: Check::Recipe(default_unknown),
    },
    Rule {
        id: "options-testing",
        severity: Severity::Warning,
        summary: "no option for building tests",
        why: "Options are part of the package id, and tests aren't packaged. Ask the configuration \
              `tools.build:skip_test` instead.",
        fixable: false,
        check: Check::Recipe(testing),
    },
    Rule {
        id: "options-undeclared",
        severity: Severity::Error,
        summary: "self.options.X is an option of the recipe",
        why: "An option that isn't declared raises an error where it's read.",
        fixable: false,
        check: Check::Recipe(undeclared_option),
    },
    Rule {
        id: "settings-undeclared",
        severity: Severity::Error,
        summary: "self.settings.X is a setting of the recipe",
        why: "A setting that isn't declared raises an error where it's read. Use \
              `self.settings.get_safe(\"X\")`, or declare it.",
        fixable: false,
        check: Check::Recipe(undeclared_setting),
    },
    Rule {
        id: "settings-cppstd",
        severity: Severity::Error,
        summary: "cppstd isn't a setting of its own",
        why: "It's `compiler.cppstd` since Conan 1.15.",
        fixable: false,
        check: Check::Recipe(cppstd),
    },
];

/// The options that are declared, if all of them are written out in the class.
fn declared(recipe: &Recipe) -> Option<BTreeSet<&str>> {
    let options = recipe.attribute("options")?;
    let own: Vec<_> = recipe
        .attributes
        .iter()
        .filter(|it| it.name == "options")
        .collect();
    let dynamic = recipe.inherits
        || own.len() != 1
        || recipe.method("init").is_some()
        || recipe.mentions("self.options.update")
        || recipe.mentions("options.update(")
        || recipe.mentions("    options[")
        || recipe.mentions("setattr(");
    if dynamic {
        return None;
    }
    let entries = options.value.dict()?.iter();
    entries.map(|(key, _)| key.as_ref()?.text()).collect()
}

fn default_shared(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some(defaults) = recipe.attribute("default_options") else {
        return;
    };
    for (key, value) in defaults.value.dict().unwrap_or_default() {
        let name = key.as_ref().and_then(|it| it.text()).unwrap_or_default();
        let expected = match name {
            "shared" | "header_only" => false,
            "fPIC" => true,
            _ => continue,
        };
        if value.kind == LiteralKind::Bool(!expected) {
            let (found, expected) = match expected {
                true => ("False", "True"),
                false => ("True", "False"),
            };
            let message = format!("the default of `{name}` is {found}, expected {expected}");
            sink.at(&recipe.source, value.span, message);
        }
    }
}

fn default_form(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some(defaults) = recipe.attribute("default_options") else {
        return;
    };
    if matches!(
        defaults.value.kind,
        LiteralKind::Text(_) | LiteralKind::List { .. } | LiteralKind::Format(_)
    ) {
        sink.at(
            &recipe.source,
            defaults.value.span,
            "default_options is no dictionary",
        );
    }
}

fn default_unknown(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let (Some(declared), Some(defaults)) = (declared(recipe), recipe.attribute("default_options"))
    else {
        return;
    };
    for (key, _) in defaults.value.dict().unwrap_or_default() {
        let Some((key, name)) = key.as_ref().and_then(|it| Some((it, it.text()?))) else {
            continue;
        };
        // `zlib/*:shared` is about another package.
        if !name.contains([':', '*', '/']) && !declared.contains(name) {
            sink.at(
                &recipe.source,
                key.span,
                format!("there's no option `{name}`"),
            );
        }
    }
}

fn testing(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    const NAMES: [&str; 8] = [
        "build_testing",
        "build_tests",
        "build_test",
        "enable_tests",
        "enable_testing",
        "with_tests",
        "with_test",
        "tests",
    ];
    let Some(options) = recipe.attribute("options") else {
        return;
    };
    for (key, _) in options.value.dict().unwrap_or_default() {
        let Some((key, name)) = key.as_ref().and_then(|it| Some((it, it.text()?))) else {
            continue;
        };
        if NAMES.contains(&name) {
            sink.at(
                &recipe.source,
                key.span,
                format!("the option `{name}` is about tests"),
            );
        }
    }
}

/// The methods that options have themselves.
const OPTION_METHODS: [&str; 9] = [
    "get_safe",
    "rm_safe",
    "items",
    "values",
    "update",
    "possible_values",
    "keys",
    "serialize",
    "dumps",
];

fn undeclared_option(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some(declared) = declared(recipe) else {
        return;
    };
    for it in &recipe.uses {
        let Some(name) = it.path.strip_prefix("self.options.") else {
            continue;
        };
        let plain = !name.contains(['.', '[', '(']);
        if plain && !declared.contains(name) && !OPTION_METHODS.contains(&name) {
            sink.at(&recipe.source, it.at, format!("there's no option `{name}`"));
        }
    }
}

fn undeclared_setting(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    const METHODS: [&str; 6] = [
        "get_safe",
        "rm_safe",
        "items",
        "values",
        "possible_values",
        "serialize",
    ];
    if recipe.class.is_none() || recipe.inherits || recipe.method("init").is_some() {
        return;
    }
    let own: Vec<_> = recipe
        .attributes
        .iter()
        .filter(|it| it.name == "settings")
        .collect();
    let declared: Vec<&str> = match own.as_slice() {
        [] => Vec::new(),
        [settings] => {
            let texts = settings.value.texts();
            let all = settings.value.items().map_or(1, <[_]>::len);
            if texts.len() != all {
                return;
            }
            texts.into_iter().map(|(text, _)| text).collect()
        }
        _ => return,
    };
    for it in &recipe.uses {
        let Some(name) = it.path.strip_prefix("self.settings.") else {
            continue;
        };
        let plain = !name.contains(['.', '[', '(']);
        if plain && !declared.contains(&name) && !METHODS.contains(&name) {
            let message = format!("`{name}` isn't among the settings of the recipe");
            sink.at(&recipe.source, it.at, message);
        }
    }
}

fn cppstd(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some(settings) = recipe.attribute("settings") else {
        return;
    };
    for (name, span) in settings.value.texts() {
        if name == "cppstd" {
            sink.at(&recipe.source, span, "`cppstd` is no setting of its own");
        }
    }
}
