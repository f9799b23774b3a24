//! Blocks with folders of dependencies.

use crom_model::cpp_info::Component;
use crom_model::flags::apple::is_apple_os;
use indexmap::{IndexMap, IndexSet};
use serde_json::json;

use super::ToolchainInput;
use super::blocks::{Values, object};
use crate::cmake::CMakeError;
use crate::cmake::consumer::Dependency;
use crate::cmake::text::{is_absolute, join};

/// A list of folders of `cpp_info`.
type Dirs = fn(&Component) -> &[String];

/// The folders of packages, each once, as the file names them.
fn folders<'a>(
    input: &ToolchainInput,
    packages: impl IntoIterator<Item = &'a Dependency<'a>>,
    dirs: Dirs,
) -> IndexSet<String> {
    let style = input.consumer.path_style();
    let mut found = IndexSet::new();
    for dependency in packages {
        for path in package_folders(dependency, dirs) {
            found.insert(style.beside_list_file(&path));
        }
    }
    found
}

/// Absolute folders of one package.
fn package_folders(dependency: &Dependency<'_>, dirs: Dirs) -> Vec<String> {
    let info = &dependency.package.cpp_info;
    let aggregated;
    let root = if info.components.is_empty() {
        &info.root
    } else {
        let Ok(all) = info.aggregated_components() else {
            return Vec::new();
        };
        aggregated = all;
        &aggregated.root
    };
    dirs(root)
        .iter()
        .map(|dir| join(&dependency.package.folders.package, dir))
        .filter(|path| is_absolute(path))
        .collect()
}

fn quoted(folders: &IndexSet<String>) -> String {
    folders
        .iter()
        .map(|path| format!("\"{path}\""))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Where the libraries are that programs need when they run: DLLs are in `bin`.
pub(super) fn runtime_dirs(input: &ToolchainInput) -> Vec<String> {
    let windows = input.consumer.setting("os") == Some("Windows");
    let dirs: Dirs = if windows {
        |it| it.bindirs()
    } else {
        |it| it.libdirs()
    };
    folders(input, &input.consumer.host_and_test(), dirs)
        .into_iter()
        .collect()
}

pub(super) fn find_paths(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    let prefer = consumer
        .conf
        .get_bool("tools.cmake.cmaketoolchain:find_package_prefer_config")?;
    let host = consumer.host_and_test();
    let build = consumer.build();
    let build_paths = if input.find_builddirs {
        quoted(&folders(input, host.iter().chain(&build), |it| {
            it.builddirs()
        }))
    } else {
        String::new()
    };
    let apple = consumer.setting("os").is_some_and(is_apple_os);
    let frameworks = if apple {
        quoted(&folders(input, &host, |it| it.frameworkdirs()))
    } else {
        String::new()
    };
    Ok(object(json!({
        "find_package_prefer_config": if prefer == Some(false) { "OFF" } else { "ON" },
        "generators_folder": "${CMAKE_CURRENT_LIST_DIR}",
        "build_paths": build_paths,
        "cmake_program_path": quoted(&folders(input, &build, |it| it.bindirs())),
        "cmake_library_path": quoted(&folders(input, &host, |it| it.libdirs())),
        "cmake_framework_path": frameworks,
        "cmake_include_path": quoted(&folders(input, &host, |it| it.includedirs())),
        "is_apple": apple,
        "cross_building": consumer.cross_building()?,
        "host_runtime_dirs": host_runtime_dirs(input),
    })))
}

/// For a multi-configuration generator each folder is for its configuration, and what the file
/// said of other configurations stays.
fn host_runtime_dirs(input: &ToolchainInput) -> String {
    let own = runtime_dirs(input);
    let configuration = input.consumer.setting("build_type");
    let (true, Some(configuration)) = (input.is_multi_configuration(), configuration) else {
        return own
            .iter()
            .map(|path| format!("\"{path}\""))
            .collect::<Vec<_>>()
            .join(" ");
    };
    let mut all = input
        .existing
        .as_deref()
        .map(existing_runtime_dirs)
        .unwrap_or_default();
    all.insert(configuration.to_owned(), own);
    let items: Vec<String> = all
        .iter()
        .flat_map(|(configuration, dirs)| {
            dirs.iter()
                .map(move |dir| format!("\"$<$<CONFIG:{configuration}>:{dir}>\""))
        })
        .collect();
    items.join(" ")
}

fn existing_runtime_dirs(toolchain: &str) -> IndexMap<String, Vec<String>> {
    let mut found: IndexMap<String, Vec<String>> = IndexMap::new();
    let Some((_, rest)) = toolchain.split_once("\nset(CONAN_RUNTIME_LIB_DIRS ") else {
        return found;
    };
    let line = rest.split('\n').next().unwrap_or_default();
    for item in line
        .split('"')
        .filter_map(|item| item.strip_prefix("$<$<CONFIG:"))
    {
        if let Some((configuration, dir)) = item.split_once(">:") {
            let dir = dir.strip_suffix('>').unwrap_or(dir);
            found
                .entry(configuration.to_owned())
                .or_default()
                .push(dir.to_owned());
        }
    }
    found
}

pub(super) fn rpath_link_flags(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    let wanted = match consumer.conf.get_bool("tools.build:add_rpath_link")? {
        Some(conf) => conf,
        None => input.add_rpath_link,
    };
    let flags = if wanted {
        let dirs = folders(input, &consumer.host_and_test(), |it| it.libdirs());
        let flags: Vec<String> = dirs
            .iter()
            .map(|dir| format!("-Wl,-rpath-link=\\\"{dir}\\\""))
            .collect();
        Some(flags.join(" ")).filter(|flags| !flags.is_empty())
    } else {
        None
    };
    Ok(object(json!({ "rpath_link_flags": flags })))
}

pub(super) fn pkg_config(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    let program = consumer
        .conf
        .get_str("tools.gnu:pkg_config")?
        .map(|it| it.replace('\\', "/"));
    let separator = if consumer.setting_build("os") == Some("Windows") {
        ";"
    } else {
        ":"
    };
    Ok(object(json!({
        "pkg_config": program,
        "pkg_config_path": format!("${{CMAKE_CURRENT_LIST_DIR}}{separator}"),
    })))
}
