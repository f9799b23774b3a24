//! `conan-qbs-deps/*.json` (QbsDeps): what Qbs' module provider for Conan reads.

use crom_model::cpp_info::{Component, ListField};
use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::cmake::Consumer;
use crate::error::GeneratorError;
use crate::packages::{Package, build, host_and_test, packages_of};

/// The folder below the generators folder.
pub const FOLDER: &str = "conan-qbs-deps";

/// Lists in the order of the files.
const LISTS: [ListField; 16] = [
    ListField::IncludeDirs,
    ListField::SrcDirs,
    ListField::LibDirs,
    ListField::ResDirs,
    ListField::BinDirs,
    ListField::BuildDirs,
    ListField::FrameworkDirs,
    ListField::SystemLibs,
    ListField::Frameworks,
    ListField::Libs,
    ListField::Defines,
    ListField::CFlags,
    ListField::CxxFlags,
    ListField::SharedLinkFlags,
    ListField::ExeLinkFlags,
    ListField::Objects,
];

/// Texts by the name of their file in [`FOLDER`].
///
/// # Errors
/// If components require each other in a circle.
pub fn content(consumer: &Consumer) -> Result<IndexMap<String, String>, GeneratorError> {
    let tools = build(consumer);
    let mut files = IndexMap::new();
    for package in host_and_test(consumer) {
        let info = &package.view.cpp_info;
        let tool = tools.iter().find(|it| it.name() == package.name());
        let components = info.get_sorted_components()?;
        for (name, component) in &components {
            let requires = requires(consumer, &package, component);
            files.insert(
                format!("{}.json", component_name(name, component)),
                module(&package, component, tool, &requires),
            );
        }
        let requires = if components.is_empty() {
            let mut required = requires(consumer, &package, &info.root);
            if required.is_empty() {
                required = direct(consumer, &package);
            }
            required
        } else {
            components
                .iter()
                .map(|(name, it)| (component_name(name, it), version(&package, it)))
                .collect()
        };
        // A component of the package's name stands for the package.
        files
            .entry(format!("{}.json", package_name(&package)))
            .or_insert_with(|| module(&package, &info.root, tool, &requires));
    }
    Ok(files)
}

fn pkg_config_name(component: &Component) -> Option<String> {
    let name = component.get_property("pkg_config_name")?;
    name.as_str().map(str::to_owned)
}

fn package_name(package: &Package<'_>) -> String {
    pkg_config_name(&package.view.cpp_info.root).unwrap_or_else(|| package.name().to_owned())
}

fn component_name(name: &str, component: &Component) -> String {
    pkg_config_name(component).unwrap_or_else(|| name.to_owned())
}

/// A component may have a version of its own.
fn version(package: &Package<'_>, component: &Component) -> String {
    ["component_version", "system_package_version"]
        .iter()
        .find_map(|name| component.get_property(name)?.as_str())
        .unwrap_or(package.version())
        .to_owned()
}

/// Names and versions of the modules that a component requires.
fn requires(
    consumer: &Consumer,
    package: &Package<'_>,
    component: &Component,
) -> Vec<(String, String)> {
    let others = packages_of(&consumer.graph, package.index);
    let module = |of: &Package<'_>, name: &str| match of.view.cpp_info.components.get(name) {
        Some(it) => (component_name(name, it), version(of, it)),
        None => (package_name(of), version(of, &of.view.cpp_info.root)),
    };
    component
        .parsed_requires()
        .iter()
        .filter_map(|(other, name)| match other {
            None => Some(module(package, name)),
            Some(other) => {
                let found = others
                    .iter()
                    .find(|it| it.name() == other && !it.require.build)?;
                Some(module(found, name))
            }
        })
        .collect()
}

fn direct(consumer: &Consumer, package: &Package<'_>) -> Vec<(String, String)> {
    packages_of(&consumer.graph, package.index)
        .iter()
        .filter(|it| it.require.direct() && !it.require.build && !it.require.test())
        .map(|it| (package_name(it), version(it, &it.view.cpp_info.root)))
        .collect()
}

fn module(
    package: &Package<'_>,
    component: &Component,
    tool: Option<&Package<'_>>,
    requires: &[(String, String)],
) -> String {
    let mut info = component.clone();
    info.set_relative_base_folder(&package.folder());
    let mut values: IndexMap<&str, Value> = LISTS
        .iter()
        .map(|it| (it.as_str(), json!(info.list(*it).unwrap_or_default())))
        .collect();
    values.insert("sysroot", json!(info.sysroot.unwrap_or_default()));
    let programs = tool
        .map(|it| it.paths(it.view.cpp_info.root.bindirs()))
        .unwrap_or_default();
    let dependencies: Vec<Value> = requires
        .iter()
        .map(|(name, version)| json!({"name": name, "version": version}))
        .collect();
    let mut settings: Vec<(String, String)> = package.view.settings.values();
    settings.sort();
    let mut options: Vec<(String, String)> = package
        .view
        .options
        .items()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect();
    options.sort();
    let map = |items: Vec<(String, String)>| items.into_iter().collect::<IndexMap<_, _>>();
    let all: IndexMap<&str, Value> = IndexMap::from([
        ("package_name", json!(package.name())),
        ("package_dir", json!(package.folder())),
        ("version", json!(version(package, component))),
        ("cpp_info", json!(values)),
        ("build_bindirs", json!(programs)),
        ("dependencies", json!(dependencies)),
        ("settings", json!(map(settings))),
        ("options", json!(map(options))),
    ]);
    pretty(&json!(all))
}

/// JSON with four spaces.
fn pretty(value: &Value) -> String {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    // Values that came from JSON can always be written.
    let written = serde::Serialize::serialize(value, &mut serializer).is_ok();
    debug_assert!(written);
    String::from_utf8_lossy(&bytes).into_owned()
}
