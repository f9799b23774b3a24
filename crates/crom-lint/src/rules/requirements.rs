//! What recipes require.

use crom_model::version::Version;
use crom_model::version_range::VersionRange;

use crate::finding::Severity;
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::{Argument, Call, Literal, LiteralKind, Recipe, Span};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "requires-range",
        severity: Severity::Note,
        summary: "version ranges only for the packages that the index allows them for",
        why: "Ranges are allowed for openssl, cmake, doxygen, libcurl, zlib, libpng, expat, \
              libxml2, libuv, qt, c-ares, zstd, ninja, meson, pkgconf and xz_utils, which keep \
              their promises between versions. Others are added by the maintainers of the index, \
              case by case.",
        fixable: false,
        check: Check::Recipe(range),
    },
    Rule {
        id: "requires-range-unbounded",
        severity: Severity::Note,
        summary: "version ranges have an upper bound",
        why: "The next major version may be anything: `[>=1.2.11 <2]`.",
        fixable: false,
        check: Check::Recipe(unbounded),
    },
    Rule {
        id: "requires-form",
        severity: Severity::Error,
        summary: "a requirement is name/version or name/[range]",
        why: "Conan refuses other references and ranges.",
        fixable: false,
        check: Check::Recipe(form),
    },
    Rule {
        id: "requires-revision",
        severity: Severity::Error,
        summary: "no recipe revision in a requirement",
        why: "It pins a state of another recipe of which the index keeps no copy.",
        fixable: false,
        check: Check::Recipe(revision),
    },
    Rule {
        id: "requires-user",
        severity: Severity::Error,
        summary: "no user and channel in a requirement",
        why: "Packages of the index have none.",
        fixable: false,
        check: Check::Recipe(user),
    },
    Rule {
        id: "requires-unknown",
        severity: Severity::Error,
        summary: "required packages are in the index",
        why: "A package that isn't can't be built with the others. In a fork with packages of your \
              own, add those to it, or allow it on the line.",
        fixable: false,
        check: Check::Recipe(unknown),
    },
    Rule {
        id: "requires-version-unlisted",
        severity: Severity::Error,
        summary: "the required version is in the config.yml of that package",
        why: "Versions that were removed from the index can't be built from it. Require one that is \
              listed.",
        fixable: false,
        check: Check::Recipe(unlisted),
    },
    Rule {
        id: "requires-override",
        severity: Severity::Error,
        summary: "no override=True",
        why: "What a graph needs is decided by whoever builds it.",
        fixable: false,
        check: Check::Recipe(overriding),
    },
    Rule {
        id: "requires-twice",
        severity: Severity::Warning,
        summary: "requires as an attribute or the method requirements(), not both",
        why: "Two places for one thing are one too many.",
        fixable: false,
        check: Check::Recipe(twice),
    },
];

/// One requirement that is written out, at least in part.
struct Requirement<'a> {
    /// `zlib/1.3`, with `{}` for what is computed.
    reference: &'a str,
    span: Span,
    call: Option<&'a Call>,
}

impl<'a> Requirement<'a> {
    /// Name and version, without revision, user and channel.
    fn parts(&self) -> Option<(&'a str, &'a str)> {
        let (name, rest) = self.reference.split_once('/')?;
        let version = match rest.strip_prefix('[') {
            Some(range) => return Some((name, &rest[..range.find(']')? + 2])),
            None => rest.split(['@', '#']).next().unwrap_or(rest),
        };
        Some((name, version))
    }

    /// The expression between the brackets.
    fn range(&self) -> Option<&'a str> {
        let (_, version) = self.parts()?;
        version.strip_prefix('[')?.strip_suffix(']')
    }

    /// What follows the version: `@user/channel#revision`.
    fn tail(&self) -> &'a str {
        let from = self.reference.find(']').unwrap_or(0);
        let rest = self.reference.get(from..).unwrap_or_default();
        rest.find(['@', '#']).map_or("", |at| &rest[at..])
    }
}

const KINDS: [&str; 4] = [
    "requires",
    "tool_requires",
    "build_requires",
    "test_requires",
];

fn requirements(recipe: &Recipe) -> Vec<Requirement<'_>> {
    let mut found = Vec::new();
    for call in &recipe.calls {
        let kind = call.target.strip_prefix("self.").unwrap_or_default();
        if KINDS.contains(&kind)
            && let Some(first) = call.arguments.first()
        {
            add(first, Some(call), &mut found);
        }
    }
    for kind in KINDS {
        if let Some(attribute) = recipe.attribute(kind) {
            add(&attribute.value, None, &mut found);
        }
    }
    found
}

fn add<'a>(value: &'a Literal, call: Option<&'a Call>, found: &mut Vec<Requirement<'a>>) {
    match &value.kind {
        LiteralKind::Text(text) | LiteralKind::Format(text) => found.push(Requirement {
            reference: text,
            span: value.span,
            call,
        }),
        LiteralKind::List { items, .. } if call.is_none() => {
            items.iter().for_each(|it| add(it, None, found));
        }
        _ => {}
    }
}

fn range(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    const ALLOWED: [&str; 16] = [
        "openssl", "cmake", "doxygen", "libcurl", "zlib", "libpng", "expat", "libxml2", "libuv",
        "qt", "c-ares", "zstd", "ninja", "meson", "pkgconf", "xz_utils",
    ];
    for it in requirements(recipe) {
        if let (Some(_), Some((name, _))) = (it.range(), it.parts())
            && !ALLOWED.contains(&name)
        {
            let message = format!("`{}`: the index allows no range for {name}", it.reference);
            sink.at(&recipe.source, it.span, message);
        }
    }
}

fn unbounded(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for it in requirements(recipe) {
        let Some(range) = it.range().filter(|it| !it.contains("{}")) else {
            continue;
        };
        let open = |part: &str| {
            let conditions = part.split(',').next().unwrap_or(part);
            !conditions.contains(['<', '~', '^', '='])
                || conditions.contains(">") && !conditions.contains(['<', '~', '^'])
        };
        let open = |part: &str| open(part) && part.contains(['>', '*']);
        if range.split("||").any(open) {
            let message = format!("`{}` has no upper bound", it.reference);
            sink.at(&recipe.source, it.span, message);
        }
    }
}

fn form(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for it in requirements(recipe)
        .iter()
        .filter(|it| !it.reference.contains("{}"))
    {
        let problem = match it.parts() {
            None => Some("is no reference: name/version".to_owned()),
            Some((name, version)) if name.is_empty() || version.is_empty() => {
                Some("is no reference: name/version".to_owned())
            }
            Some((name, _))
                if name
                    .chars()
                    .any(|it| it.is_uppercase() || it.is_whitespace()) =>
            {
                Some("isn't lower case".to_owned())
            }
            Some(_) => it
                .range()
                .and_then(|range| VersionRange::parse(range).err())
                .map(|error| format!("has a bad range: {error}")),
        };
        if let Some(problem) = problem {
            sink.at(
                &recipe.source,
                it.span,
                format!("`{}` {problem}", it.reference),
            );
        }
    }
}

fn revision(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for it in requirements(recipe) {
        if it.tail().contains('#') {
            sink.at(
                &recipe.source,
                it.span,
                format!("`{}` names a revision", it.reference),
            );
        }
    }
}

fn user(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for it in requirements(recipe) {
        let user = it.tail().strip_prefix('@').unwrap_or_default();
        if !user.is_empty() && !user.starts_with('#') {
            sink.at(
                &recipe.source,
                it.span,
                format!("`{}` has a user", it.reference),
            );
        }
    }
}

fn unknown(recipe: &Recipe, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for it in requirements(recipe) {
        let Some((name, _)) = it.parts() else {
            continue;
        };
        let written = !name.contains("{}") && !name.is_empty();
        if written && it.tail().is_empty() && !scope.catalogue.packages.contains_key(name) {
            let message = format!(
                "`{}`: there's no recipe of {name} in the index",
                it.reference
            );
            sink.at(&recipe.source, it.span, message);
        }
    }
}

fn unlisted(recipe: &Recipe, scope: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for it in requirements(recipe) {
        let Some((name, version)) = it.parts().filter(|_| it.tail().is_empty()) else {
            continue;
        };
        let Some(listed) = scope.catalogue.packages.get(name) else {
            continue;
        };
        if version.contains("{}") || version.starts_with('<') || version.is_empty() {
            continue;
        }
        let found = match it.range() {
            None => listed.iter().any(|it| it == version),
            Some(range) => match VersionRange::parse(range) {
                Ok(range) => listed
                    .iter()
                    .any(|it| range.contains(&Version::new(it), None)),
                Err(_) => continue,
            },
        };
        if !found {
            let message = format!("the index has no version of {name} for `{}`", it.reference);
            sink.at(&recipe.source, it.span, message);
        }
    }
}

fn overriding(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for it in requirements(recipe) {
        let named: &[Argument] = it.call.map_or(&[], |call| call.named.as_slice());
        let is_override =
            |it: &&Argument| it.name == "override" && it.value.kind == LiteralKind::Bool(true);
        if let Some(argument) = named.iter().find(is_override) {
            let message = format!("`{}` overrides a version for others", it.reference);
            sink.at(&recipe.source, argument.at, message);
        }
    }
}

fn twice(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for (attribute, method) in [
        ("requires", "requirements"),
        ("tool_requires", "build_requirements"),
    ] {
        if let (Some(attribute), Some(_)) = (recipe.attribute(attribute), recipe.method(method)) {
            let message = format!("`{}` and {method}() are both there", attribute.name);
            sink.at(&recipe.source, attribute.at, message);
        }
    }
}
