//! `test_package`: each package is used once before anybody gets it.

use crate::finding::Severity;
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::Recipe;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "test-package-missing",
        severity: Severity::Error,
        summary: "each recipe has a test_package/conanfile.py",
        why: "It's required: a minimal program that includes a header and links, to show that the \
              package can be used.",
        fixable: false,
        check: Check::Folder(missing),
    },
    Rule {
        id: "test-package-v1",
        severity: Severity::Note,
        summary: "no test_v1_package",
        why: "It was for Conan 1, which the index doesn't support any more.",
        fixable: false,
        check: Check::Folder(version_one),
    },
    Rule {
        id: "test-reference",
        severity: Severity::Error,
        summary: "test_package requires self.tested_reference_str",
        why: "Otherwise it doesn't test the package that was just made:\n\n    def \
              requirements(self):\n        self.requires(self.tested_reference_str)",
        fixable: false,
        check: Check::TestRecipe(reference),
    },
    Rule {
        id: "test-name",
        severity: Severity::Warning,
        summary: "test_package has no name and version",
        why: "It's no package.",
        fixable: false,
        check: Check::TestRecipe(name),
    },
    Rule {
        id: "test-default-options",
        severity: Severity::Warning,
        summary: "test_package has no default_options",
        why: "It tests the package with the options it was built with.",
        fixable: false,
        check: Check::TestRecipe(default_options),
    },
    Rule {
        id: "test-import-conans",
        severity: Severity::Error,
        summary: "test_package imports nothing from `conans`",
        why: "That was Conan 1: `from conan import ConanFile`.",
        fixable: false,
        check: Check::TestRecipe(import_conans),
    },
];

fn missing(scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let folder = scope.folder;
    if folder.recipe.content().is_some() && !folder.files.contains("test_package/conanfile.py") {
        sink.whole(&folder.path, "no `test_package/conanfile.py`");
    }
}

fn version_one(scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let folder = scope.folder;
    if folder
        .files
        .iter()
        .any(|it| it.starts_with("test_v1_package/"))
    {
        sink.whole(&folder.path_of("test_v1_package"), "a test for Conan 1");
    }
}

/// Whether it is a test for Conan 2.
fn counts(recipe: &Recipe) -> bool {
    !recipe.source.path.contains("/test_v1_") && recipe.class.is_some()
}

fn reference(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    if counts(recipe) && !recipe.mentions("tested_reference_str") && !recipe.inherits {
        sink.at(
            &recipe.source,
            recipe.place(),
            "it doesn't require `self.tested_reference_str`",
        );
    }
}

fn name(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for name in ["name", "version"] {
        if let Some(attribute) = recipe.attribute(name).filter(|_| counts(recipe)) {
            sink.at(
                &recipe.source,
                attribute.at,
                format!("the test has a `{name}`"),
            );
        }
    }
}

fn default_options(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    if let Some(attribute) = recipe
        .attribute("default_options")
        .filter(|_| counts(recipe))
    {
        sink.at(
            &recipe.source,
            attribute.at,
            "the test has `default_options`",
        );
    }
}

fn import_conans(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    if recipe.source.path.contains("/test_v1_") {
        return;
    }
    for import in &recipe.imports {
        if import.module == "conans" || import.module.starts_with("conans.") {
            sink.at(
                &recipe.source,
                import.at,
                format!("`{}` was Conan 1", import.module),
            );
        }
    }
}
