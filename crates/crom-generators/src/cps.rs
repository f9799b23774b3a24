//! CPS, the Common Package Specification (<https://cps-org.github.io/cps/>).
//!
//! * [`describe`] - a package as `cps`
//! * [`CpsDeps`] - `build/cps/<configuration>/cps/*.cps` and their map (CPSDeps)
//! * [`to_cpp_info`] - a `cps` as `cpp_info`

use crom_model::cpp_info::{Component, CppInfo};
use crom_model::package_type::PackageType;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::cmake::Consumer;
use crate::cmake::config_deps::locate::{Listing, SHARED, STATIC, folders_to_list, locate};
use crate::cmake::consumer::Dependency;
use crate::cmake::layout::{FolderVariablesInput, folder_variables};
use crate::cmake::text::{Message, join};
use crate::error::GeneratorError;
use crate::file::File;

const VERSION: &str = "0.13.0";

/// What CPSDeps starts from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CpsDeps {
    /// The package.
    pub consumer: Consumer,
    /// Where `build/cps` is made.
    pub base_folder: String,
    /// The files of [`CpsDeps::folders_to_list`].
    pub listing: Listing,
    /// Packages that bring their own `<name>.cps` in their folder, by name, with its path.
    pub own: IndexMap<String, String>,
}

/// Files with absolute paths, and what to tell the user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CpsResult {
    /// `.cps` files and the map.
    pub files: Vec<File>,
    /// In order.
    pub messages: Vec<Message>,
}

impl CpsDeps {
    /// Packages of the host context.
    pub fn packages(&self) -> Vec<(String, String)> {
        let all = self.dependencies().into_iter();
        all.map(|it| (it.name().to_owned(), it.package.folders.package.clone()))
            .collect()
    }

    fn dependencies(&self) -> Vec<Dependency<'_>> {
        let all = self.consumer.host_and_test().into_iter();
        all.filter(|it| !it.require.test() && !it.require.skip)
            .collect()
    }

    /// The folders whose files have to be known.
    pub fn folders_to_list(&self) -> Vec<String> {
        folders_to_list(&self.dependencies())
    }

    /// Renders the files.
    ///
    /// # Errors
    /// If a library can't be found.
    pub fn render(&self) -> Result<CpsResult, GeneratorError> {
        let consumer = &self.consumer;
        let variables = FolderVariablesInput {
            is_test_package: true,
            ..FolderVariablesInput::default()
        };
        let configuration = folder_variables(
            &variables,
            &consumer.settings,
            &consumer.options,
            &consumer.conf,
        )
        .map_err(|error| GeneratorError::invalid(error.to_string()))?
        .text;
        let folder = join(&self.base_folder, "build/cps");
        let mut result = CpsResult::default();
        result
            .messages
            .push(Message::info(format!("[CPSDeps] folder {folder}")));
        let mut map = Map::new();
        for dependency in self.dependencies() {
            let name = dependency.name();
            result
                .messages
                .push(Message::info(format!("[CPSDeps]: dep {name}")));
            let path = match self.own.get(name) {
                Some(path) => path.clone(),
                None => {
                    let path = join(&folder, &format!("{configuration}/cps/{name}.cps"));
                    let (info, messages) = locate(dependency, &self.listing)
                        .map_err(|error| GeneratorError::invalid(error.to_string()))?;
                    result.messages.extend(messages);
                    let described = describe(consumer, dependency, &info)?;
                    result.files.push(File::new(&path, pretty(&described)));
                    path
                }
            };
            map.insert(name.to_owned(), Value::String(path));
        }
        let name = format!("cpsmap-{configuration}.json");
        result.messages.push(Message::info(format!(
            "Generating CPS mapping file: {name}"
        )));
        result
            .files
            .push(File::new(join(&folder, &name), pretty(&Value::Object(map))));
        Ok(result)
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A package, whose libraries are located, as `cps`.
fn describe(
    consumer: &Consumer,
    dependency: Dependency<'_>,
    info: &CppInfo,
) -> Result<Value, GeneratorError> {
    let package = dependency.package;
    let name = dependency.name();
    let mut cps = Map::new();
    let mut add = |key: &str, value: Value| {
        let empty = match &value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(items) => items.is_empty(),
            _ => false,
        };
        if !empty {
            cps.insert(key.to_owned(), value);
        }
    };
    add("cps_version", json!(VERSION));
    add("name", json!(name));
    add("version", json!(package.reference.version.as_str()));
    add("prefix", json!(package.folders.package.replace('\\', "/")));
    add("license", package.metadata.license.clone());
    add("description", json!(package.metadata.description));
    add("website", json!(package.metadata.homepage));
    let direct: Map<String, Value> = consumer
        .dependencies_of(dependency.index)
        .iter()
        .filter(|it| it.require.direct() && !it.is_build() && !it.require.test())
        .map(|it| (it.name().to_owned(), Value::Null))
        .collect();
    let direct_names: Vec<String> = direct.keys().cloned().collect();
    add("requires", Value::Object(direct));
    if let Some(build_type) = package.settings.get_safe("build_type") {
        add("configurations", json!([build_type.to_lowercase()]));
    }
    let mut components = Map::new();
    if info.has_components() {
        for (component, own) in &info.get_sorted_components()? {
            components.insert(component.clone(), describe_component(dependency, own, &[]));
        }
    } else {
        let direct = if info.root.requires().is_empty() {
            &direct_names[..]
        } else {
            &[]
        };
        components.insert(
            name.to_owned(),
            describe_component(dependency, &info.root, direct),
        );
    }
    let names: Vec<String> = components.keys().cloned().collect();
    let default = info.default_components.clone().unwrap_or(names);
    add("default_components", json!(default));
    add("components", Value::Object(components));
    Ok(Value::Object(cps))
}

fn describe_component(
    dependency: Dependency<'_>,
    component: &Component,
    packages: &[String],
) -> Value {
    let package = dependency.package;
    let mut info = component.clone();
    info.set_relative_base_folder(&package.folders.package);
    let kind = match info.r#type.as_deref() {
        Some(STATIC) => "archive",
        Some(SHARED) => "dylib",
        Some("application") => "executable",
        Some("header-library") => "interface",
        Some(_) => "unknown",
        None if package.package_type == PackageType::Application => "executable",
        None => "interface",
    };
    let mut cps = Map::from_iter([("type".to_owned(), json!(kind))]);
    let mut requires: Vec<String> = info
        .parsed_requires()
        .into_iter()
        .map(|(package, name)| format!("{}:{name}", package.unwrap_or_default()))
        .collect();
    requires.extend(packages.iter().map(|it| format!("{it}:{it}")));
    if !requires.is_empty() {
        cps.insert("requires".to_owned(), json!(requires));
    }
    if !info.includedirs().is_empty() {
        cps.insert("includes".to_owned(), json!(info.includedirs()));
    }
    let definitions: Map<String, Value> = info
        .defines()
        .iter()
        .map(|it| match it.split_once('=') {
            Some((name, value)) => (name.to_owned(), json!(value)),
            None => (it.clone(), Value::Null),
        })
        .collect();
    if !definitions.is_empty() {
        cps.insert("definitions".to_owned(), json!({"*": definitions}));
    }
    // What a recipe gives as location is left as it is.
    for (key, value) in [
        ("location", &info.location),
        ("link_location", &info.link_location),
    ] {
        if let Some(value) = value {
            cps.insert(key.to_owned(), json!(value));
        }
    }
    if !info.system_libs().is_empty() {
        cps.insert("link_libraries".to_owned(), json!(info.system_libs()));
    }
    Value::Object(cps)
}

/// A `cps` as `cpp_info`: `@prefix@` is the package folder, and libraries are named as linkers
/// take them.
///
/// # Errors
/// If a component isn't an object.
pub fn to_cpp_info(cps: &Value) -> Result<CppInfo, GeneratorError> {
    let mut info = CppInfo::default();
    let components = cps.get("components").and_then(Value::as_object);
    let Some(components) = components else {
        return Ok(info);
    };
    if let Some((_, only)) = components.iter().next().filter(|_| components.len() == 1) {
        info.root = component_of(only)?;
        return Ok(info);
    }
    for (name, component) in components {
        info.components
            .insert(name.clone(), component_of(component)?);
    }
    Ok(info)
}

fn component_of(cps: &Value) -> Result<Component, GeneratorError> {
    let Some(cps) = cps.as_object() else {
        return Err(GeneratorError::invalid("cps: a component isn't an object"));
    };
    let relative = |path: &str| {
        let path = path.strip_prefix("@prefix@").unwrap_or(path);
        path.trim_start_matches('/')
            .trim_end_matches('/')
            .to_owned()
    };
    let texts = |key: &str| -> Vec<String> {
        let items = cps.get(key).and_then(Value::as_array);
        let items = items.into_iter().flatten().filter_map(Value::as_str);
        items.map(str::to_owned).collect()
    };
    let mut component = Component {
        includedirs: Some(texts("includes").iter().map(|it| relative(it)).collect()),
        system_libs: Some(texts("link_libraries")),
        ..Component::default()
    };
    let requires: Vec<String> = texts("requires")
        .iter()
        .map(|it| match it.split_once(':') {
            Some(("", name)) => name.to_owned(),
            Some((package, name)) => format!("{package}::{name}"),
            None => format!("{it}::{it}"),
        })
        .collect();
    if !requires.is_empty() {
        component.requires = Some(requires);
    }
    let mut defines = Vec::new();
    for by_language in cps
        .get("definitions")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        for (name, value) in by_language.1.as_object().into_iter().flatten() {
            defines.push(match value.as_str() {
                Some(value) => format!("{name}={value}"),
                None => name.clone(),
            });
        }
    }
    component.defines = Some(defines);
    let location = cps.get("location").and_then(Value::as_str).map(relative);
    let link = cps
        .get("link_location")
        .and_then(Value::as_str)
        .map(relative);
    if let Some(library) = link.as_deref().or(location.as_deref()) {
        let (folder, file) = library.rsplit_once('/').unwrap_or(("", library));
        component.libdirs = Some(vec![folder.to_owned()]);
        component.libs = Some(vec![library_name(file)]);
    }
    if link.is_some()
        && let Some((folder, _)) = location.as_deref().and_then(|it| it.rsplit_once('/'))
    {
        component.bindirs = Some(vec![folder.to_owned()]);
    }
    Ok(component)
}

/// `libz.a` to `z`.
fn library_name(file: &str) -> String {
    let stem = file.split('.').next().unwrap_or(file);
    if file.ends_with(".lib") {
        stem.to_owned()
    } else {
        stem.strip_prefix("lib").unwrap_or(stem).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{consumer, linux, listing};

    #[test]
    fn packages() {
        let mut deps = CpsDeps {
            consumer: consumer(&linux()),
            base_folder: "/w".into(),
            ..CpsDeps::default()
        };
        let files = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        deps.listing
            .insert("/pkg/libb/lib".into(), files(&["libb.so"]));
        deps.own.insert("liba".into(), "/pkg/liba/liba.cps".into());
        insta::assert_snapshot!(listing(&deps.render().unwrap().files));
    }

    #[test]
    fn as_cpp_info() {
        let cps = json!({"components": {"z": {
            "type": "dylib",
            "includes": ["@prefix@/include"],
            "location": "@prefix@/bin/z.dll",
            "link_location": "@prefix@/lib/z.lib",
            "definitions": {"*": {"A": null, "B": "2"}},
            "requires": [":y", "a:b", "c"],
        }}});
        let info = to_cpp_info(&cps).unwrap().root;
        assert_eq!(info.libs(), ["z"]);
        assert_eq!(
            (info.libdirs(), info.bindirs()),
            (&["lib".to_owned()][..], &["bin".to_owned()][..])
        );
        assert_eq!(info.defines(), ["A", "B=2"]);
        assert_eq!(info.requires(), ["y", "a::b", "c::c"]);
        assert_eq!(library_name("libz.so.1"), "z");
    }
}
