//! `conan_cmakedeps_paths.cmake`: where CMake finds the packages.

use std::fmt::Write;

use crom_model::cpp_info::Component;
use indexmap::{IndexMap, IndexSet};

use super::{ConfigDepsInput, Package};
use crate::cmake::CMakeError;
use crate::cmake::deps::FindMode;
use crate::cmake::text::{Message, is_absolute, join};
use crate::file::File;

/// Begins comments that keep what was installed, for the next time.
const MARK: &str = "# conan-runtime-dir: ";

pub(super) fn paths_file(
    input: &ConfigDepsInput,
    packages: &[Package<'_>],
) -> Result<(File, Vec<Message>), CMakeError> {
    let conf = &input.consumer.conf;
    let prefer = conf.get_bool("tools.cmake.cmaketoolchain:find_package_prefer_config")?;
    let prefer = if prefer == Some(false) { "OFF" } else { "ON" };
    let mut text = format!("set(CMAKE_FIND_PACKAGE_PREFER_CONFIG {prefer})\n\n");
    package_folders(input, packages, &mut text)?;
    runtime_folders(input, packages, &mut text);
    let (programs, messages) = program_folders(packages);
    let host: Vec<&Package<'_>> = packages
        .iter()
        .filter(|it| !it.dependency.is_build())
        .collect();
    let all: Vec<&Package<'_>> = packages.iter().collect();
    let lists = [
        ("CMAKE_PROGRAM_PATH", programs),
        ("CMAKE_LIBRARY_PATH", folders(&host, |it| it.libdirs())),
        ("CMAKE_INCLUDE_PATH", folders(&host, |it| it.includedirs())),
        (
            "CMAKE_FRAMEWORK_PATH",
            folders(&host, |it| it.frameworkdirs()),
        ),
        // For include()
        ("CMAKE_MODULE_PATH", folders(&all, |it| it.builddirs())),
    ];
    for (variable, folders) in lists {
        if !folders.is_empty() {
            writeln!(text, "list(PREPEND {variable} {})", quoted(&folders)).ok();
        }
    }
    Ok((File::new(super::PATHS_FILE, text), messages))
}

fn quoted(folders: &IndexSet<String>) -> String {
    folders
        .iter()
        .map(|it| format!("\"{it}\""))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Absolute folders of a package.
fn of_package(package: &Package<'_>, dirs: fn(&Component) -> &[String]) -> Vec<String> {
    let info = &package.dependency.package.cpp_info;
    let style = package.input.consumer.path_style();
    let components = std::iter::once(&info.root).filter(|_| info.components.is_empty());
    let mut found = IndexSet::new();
    for component in components.chain(info.components.values()) {
        for dir in dirs(component) {
            let path = join(&package.dependency.package.folders.package, dir);
            if is_absolute(&path) {
                found.insert(style.beside_list_file(&path));
            }
        }
    }
    found.into_iter().collect()
}

fn folders(packages: &[&Package<'_>], dirs: fn(&Component) -> &[String]) -> IndexSet<String> {
    packages
        .iter()
        .flat_map(|package| of_package(package, dirs))
        .collect()
}

/// `zlib_DIR` of each package: this folder, or its own for packages that bring their files.
fn package_folders(
    input: &ConfigDepsInput,
    packages: &[Package<'_>],
    text: &mut String,
) -> Result<(), CMakeError> {
    const HERE: &str = "${CMAKE_CURRENT_LIST_DIR}";
    let mut set = IndexMap::new();
    let mut prefixes = IndexSet::new();
    for package in packages {
        let file = package.file_name()?;
        if package.find_mode()? != FindMode::None {
            set.insert(file, HERE.to_owned());
            prefixes.insert(HERE.to_owned());
            continue;
        }
        let own = of_package(package, |it| it.builddirs());
        let has_config = |dir: &&String| {
            let names = input
                .listing
                .get(*dir)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let lower = format!("{}-config.cmake", file.to_lowercase());
            let upper = format!("{file}Config.cmake");
            names.iter().any(|name| *name == lower || *name == upper)
        };
        if let Some(dir) = own.iter().find(has_config) {
            writeln!(text, "list(APPEND CONAN_{file}_DIR_MULTI \"{dir}\")").ok();
            set.insert(file, dir.clone());
        }
        prefixes.extend(own);
    }
    for (file, dir) in set {
        writeln!(text, "set({file}_DIR \"{dir}\")").ok();
    }
    if !prefixes.is_empty() {
        // Where find_package() is called by another name
        writeln!(
            text,
            "list(PREPEND CMAKE_PREFIX_PATH {} )",
            quoted(&prefixes)
        )
        .ok();
    }
    Ok(())
}

/// Libraries that programs need when they run, by package and configuration.
fn runtime_folders(input: &ConfigDepsInput, packages: &[Package<'_>], text: &mut String) {
    let windows = input.consumer.setting("os") == Some("Windows");
    let mut all: IndexMap<(String, String), Vec<String>> = IndexMap::new();
    let existing = input.existing_paths.as_deref().unwrap_or_default();
    for line in existing.lines().filter_map(|line| line.strip_prefix(MARK)) {
        let mut words = line.splitn(3, ' ').map(str::to_owned);
        if let (Some(name), Some(config), Some(dir)) = (words.next(), words.next(), words.next())
            && config != input.configuration
        {
            all.entry((name, config)).or_default().push(dir);
        }
    }
    for package in packages.iter().filter(|it| !it.dependency.is_build()) {
        let dirs = if windows {
            of_package(package, |it| it.bindirs())
        } else {
            of_package(package, |it| it.libdirs())
        };
        all.insert(
            (
                package.dependency.name().to_owned(),
                input.configuration.clone(),
            ),
            dirs,
        );
    }
    let mut items = Vec::new();
    for ((name, config), dirs) in &all {
        for dir in dirs {
            writeln!(text, "{MARK}{name} {config} {dir}").ok();
            items.push(format!("\"$<$<CONFIG:{config}>:{dir}>\""));
        }
    }
    if !items.is_empty() {
        writeln!(text, "set(CONAN_RUNTIME_LIB_DIRS {} )", items.join(" ")).ok();
        text.push_str(
            "# For Visual Studio, by CMake >= 3.27\n\
             set(CMAKE_VS_DEBUGGER_ENVIRONMENT \"PATH=${CONAN_RUNTIME_LIB_DIRS};%PATH%\")\n",
        );
    }
}

/// Programs of tools, and of packages that are required directly.
fn program_folders(packages: &[Package<'_>]) -> (IndexSet<String>, Vec<Message>) {
    let mut by_name: IndexMap<&str, Vec<String>> = IndexMap::new();
    let mut messages = Vec::new();
    for package in packages {
        let dependency = &package.dependency;
        if !dependency.is_build() && !dependency.require.direct() {
            continue;
        }
        let dirs = of_package(package, |it| it.bindirs());
        if dependency.is_build() && by_name.contains_key(dependency.name()) {
            messages.push(Message::info(format!(
                "There is already a '{}' package contributing to CMAKE_PROGRAM_PATH. Using the one \
                 defined by the context=build.",
                dependency.display()
            )));
        }
        by_name.insert(dependency.name(), dirs);
    }
    (by_name.into_values().flatten().collect(), messages)
}
