//! The licence: named by SPDX, and in the package.

use crate::finding::Severity;
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::{Recipe, Span};
use crate::spdx::{self, SpdxProblem};

use super::recipe_attributes::replacement;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "licence-spdx",
        severity: Severity::Warning,
        summary: "license is an SPDX identifier or expression",
        why: "Companies decide by it what they may use. A licence that SPDX doesn't know is \
              `LicenseRef-` and the name of the library; so is a dedication to the public domain: \
              `LicenseRef-libfoo-public-domain`.",
        fixable: true,
        check: Check::Recipe(not_spdx),
    },
    Rule {
        id: "licence-deprecated",
        severity: Severity::Note,
        summary: "license isn't an identifier that SPDX has withdrawn",
        why: "`GPL-2.0` doesn't say whether later versions may be chosen; `GPL-2.0-only` and \
              `GPL-2.0-or-later` do.",
        fixable: false,
        check: Check::Recipe(deprecated),
    },
    Rule {
        id: "licence-not-packaged",
        severity: Severity::Warning,
        summary: "package() copies the licence into the folder `licenses`",
        why: "Most licences want their text to go with the binaries:\n\n    copy(self, \"LICENSE\", \
              self.source_folder, os.path.join(self.package_folder, \"licenses\"))",
        fixable: false,
        check: Check::Recipe(not_packaged),
    },
    Rule {
        id: "licence-exported",
        severity: Severity::Warning,
        summary: "the licence comes with the sources, not with the recipe",
        why: "A copy beside the recipe grows old; take it from the sources, or download it as one \
              of them.",
        fixable: false,
        check: Check::Recipe(exported),
    },
];

/// The texts of `license`, in the class or set by a method.
fn licences(recipe: &Recipe) -> Vec<(&str, Span)> {
    let own = recipe.attribute("license").map(|it| it.value.texts());
    own.unwrap_or_default()
}

fn not_spdx(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for (licence, span) in licences(recipe) {
        let (message, edits) = match spdx::check(licence) {
            Some(SpdxProblem::Unknown {
                id,
                same_letters: Some(known),
            }) => {
                let edits = replacement(recipe, span, licence, &licence.replace(&id, known));
                (format!("`{id}` is written `{known}` by SPDX"), edits)
            }
            Some(SpdxProblem::Unknown { id, .. }) if id == licence => {
                (format!("`{id}` is no licence of SPDX"), Vec::new())
            }
            Some(SpdxProblem::Unknown { id, .. }) => (
                format!("`{id}` in `{licence}` is no licence of SPDX"),
                Vec::new(),
            ),
            Some(SpdxProblem::Form(text)) => {
                (format!("`{text}` is no SPDX expression"), Vec::new())
            }
            Some(SpdxProblem::Deprecated(_)) | None => continue,
        };
        sink.with_edits(&recipe.source, span, message, edits);
    }
}

fn deprecated(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for (licence, span) in licences(recipe) {
        if let Some(SpdxProblem::Deprecated(id)) = spdx::check(licence) {
            sink.at(&recipe.source, span, format!("SPDX has withdrawn `{id}`"));
        }
    }
}

fn not_packaged(recipe: &Recipe, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    let Some((_, package)) = recipe.method("package") else {
        return;
    };
    let packaged = recipe
        .strings
        .iter()
        .any(|(text, _)| text.contains("licenses"));
    // An archive of binaries may bring the folder with it.
    let takes_all = recipe.calls_of("copy").any(|call| {
        let pattern = call.arguments.get(1).and_then(|it| it.text());
        pattern == Some("*") && recipe.method_name(call.method) == Some("package")
    });
    let known = packaged || takes_all || recipe.inherits || scope.folder.is_system();
    if !known && !package.is_empty {
        sink.at(
            &recipe.source,
            package.at,
            "package() copies nothing into `licenses`",
        );
    }
}

fn exported(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for name in ["exports", "exports_sources"] {
        let Some(attribute) = recipe.attribute(name) else {
            continue;
        };
        for (text, span) in attribute.value.texts() {
            let file = text.rsplit('/').next().unwrap_or(text).to_ascii_uppercase();
            if file.starts_with("LICENSE")
                || file.starts_with("LICENCE")
                || file.starts_with("COPYING")
            {
                sink.at(
                    &recipe.source,
                    span,
                    format!("`{text}` is exported with the recipe"),
                );
            }
        }
    }
}
