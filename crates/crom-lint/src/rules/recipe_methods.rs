//! What the methods of a recipe do.

use crate::finding::Severity;
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::{Literal, LiteralKind, Recipe};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "recipe-method-removed",
        severity: Severity::Warning,
        summary: "no imports() and nothing else that Conan 2 removed",
        why: "`imports` is never called, `self.requires.add`, `self.options.remove`, \
              `self.deps_cpp_info`, `self.deps_env_info` and `self.deps_user_info` fail.",
        fixable: false,
        check: Check::Recipe(removed),
    },
    Rule {
        id: "recipe-legacy-generator",
        severity: Severity::Note,
        summary: "no cpp_info.names, filenames and build_modules",
        why: "They were for generators of Conan 1 and have no effect; `set_property` is what Conan \
              2 reads.",
        fixable: false,
        check: Check::Recipe(legacy_generator),
    },
    Rule {
        id: "recipe-source-literal-url",
        severity: Severity::Warning,
        summary: "addresses of sources are in conandata.yml, not in the recipe",
        why: "So that they can be mirrored, checked and reviewed: get(self, \
              **self.conan_data[\"sources\"][self.version]).",
        fixable: false,
        check: Check::Recipe(literal_url),
    },
    Rule {
        id: "recipe-system-install",
        severity: Severity::Warning,
        summary: "the recipe doesn't run a package manager of the system",
        why: "Packages of the system are declared in system_requirements() by the classes of \
              conan.tools.system.package_manager, so that the user decides.",
        fixable: false,
        check: Check::Recipe(system_install),
    },
    Rule {
        id: "recipe-layout-src",
        severity: Severity::Note,
        summary: "layouts have src_folder=\"src\"",
        why: "Otherwise sources and the recipe's own files are mixed in one folder.",
        fixable: false,
        check: Check::Recipe(layout_src),
    },
    Rule {
        id: "recipe-build-platform",
        severity: Severity::Warning,
        summary: "decisions are by self.settings, not by the machine that runs the recipe",
        why: "`platform.system()`, `os.name` and `sys.platform` in configure, requirements, \
              package_id or package_info give another graph on each machine, and break cross \
              building.",
        fixable: false,
        check: Check::Recipe(build_platform),
    },
    Rule {
        id: "recipe-cross-building-argument",
        severity: Severity::Error,
        summary: "cross_building() gets the recipe",
        why: "It can't know otherwise: cross_building(self).",
        fixable: false,
        check: Check::Recipe(cross_building),
    },
    Rule {
        id: "recipe-pylint",
        severity: Severity::Note,
        summary: "no comments for pylint",
        why: "The index isn't checked by it any more; to allow something here write `# crom: \
              allow(rule-id)`.",
        fixable: false,
        check: Check::Recipe(pylint),
    },
];

fn removed(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    if let Some((_, method)) = recipe.method("imports") {
        sink.at(
            &recipe.source,
            method.at,
            "`imports` is never called by Conan 2",
        );
    }
    for call in &recipe.calls {
        if matches!(
            call.target.as_str(),
            "self.requires.add" | "self.options.remove"
        ) {
            let message = format!("there's no `{}` in Conan 2", call.target);
            sink.at(&recipe.source, call.at, message);
        }
    }
    for it in &recipe.uses {
        if matches!(
            it.path.as_str(),
            "self.deps_cpp_info" | "self.deps_env_info" | "self.deps_user_info"
        ) {
            sink.at(
                &recipe.source,
                it.at,
                format!("there's no `{}` in Conan 2", it.path),
            );
        }
    }
}

fn legacy_generator(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for it in &recipe.uses {
        let Some((owner, name)) = it.path.rsplit_once('.') else {
            continue;
        };
        let legacy = matches!(name, "names" | "filenames" | "build_modules");
        let information =
            owner == "self.cpp_info" || owner.starts_with("self.cpp_info.components[");
        if legacy && information {
            sink.at(
                &recipe.source,
                it.at,
                format!("`{name}` has no effect in Conan 2"),
            );
        }
    }
}

fn written_url(value: &Literal) -> Option<&str> {
    match &value.kind {
        LiteralKind::Text(text) | LiteralKind::Format(text) => {
            let schemes = ["http://", "https://", "ftp://"];
            schemes
                .iter()
                .any(|it| text.starts_with(it))
                .then_some(text)
        }
        _ => None,
    }
}

fn literal_url(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for call in &recipe.calls {
        if !matches!(
            call.target.as_str(),
            "get" | "download" | "files.get" | "files.download"
        ) {
            continue;
        }
        let by_name = call
            .named
            .iter()
            .filter(|it| it.name == "url")
            .map(|it| &it.value);
        for value in call.arguments.iter().skip(1).take(1).chain(by_name) {
            if let Some(url) = written_url(value) {
                sink.at(
                    &recipe.source,
                    value.span,
                    format!("the address `{url}` is in the recipe"),
                );
            }
        }
    }
}

fn system_install(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    const COMMANDS: [&str; 9] = [
        "sudo ",
        "apt-get install",
        "apt install",
        "yum install",
        "dnf install",
        "brew install",
        "pacman -S",
        "zypper install",
        "choco install",
    ];
    for call in recipe
        .calls_of("self.run")
        .chain(recipe.calls_of("os.system"))
    {
        let command = match call.arguments.first().map(|it| &it.kind) {
            Some(LiteralKind::Text(text) | LiteralKind::Format(text)) => text,
            _ => continue,
        };
        if COMMANDS
            .iter()
            .any(|it| command.trim_start().starts_with(it))
        {
            sink.at(
                &recipe.source,
                call.at,
                format!("`{command}` installs into the system"),
            );
        }
    }
}

fn layout_src(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for call in &recipe.calls {
        let layout = matches!(
            call.target.as_str(),
            "cmake_layout" | "basic_layout" | "bazel_layout"
        );
        let given = call
            .named
            .iter()
            .any(|it| it.name == "src_folder" || it.name.is_empty());
        if layout && !given && call.arguments.len() < 3 {
            let message = format!("`{}` without src_folder", call.target);
            sink.at(&recipe.source, call.at, message);
        }
    }
}

fn build_platform(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    const METHODS: [&str; 6] = [
        "config_options",
        "configure",
        "requirements",
        "build_requirements",
        "package_id",
        "package_info",
    ];
    let machine = |path: &str| matches!(path, "os.name" | "sys.platform" | "platform.system");
    for it in recipe.uses.iter().filter(|it| machine(&it.path)) {
        let Some(method) = recipe.method_name(it.method) else {
            continue;
        };
        if METHODS.contains(&method) {
            let message = format!("{method}() asks `{}`, the machine that runs it", it.path);
            sink.at(&recipe.source, it.at, message);
        }
    }
}

fn cross_building(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for call in recipe.calls_of("cross_building") {
        if call.arguments.is_empty() && call.named.is_empty() {
            sink.at(
                &recipe.source,
                call.at,
                "`cross_building` without the recipe",
            );
        }
    }
}

fn pylint(recipe: &Recipe, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for comment in &recipe.comments {
        if recipe.source.slice(*comment).contains("pylint:") {
            sink.at(&recipe.source, *comment, "a comment for pylint");
        }
    }
}
