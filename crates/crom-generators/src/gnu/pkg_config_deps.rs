//! `.pc` files for dependencies (PkgConfigDeps): one per package, one per component, and aliases.

use std::collections::{HashMap, HashSet};

use crom_model::cpp_info::Component;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::deps_flags::deps_flags;
use crate::cmake::Consumer;
use crate::cmake::text::{Level, Message, inside, python_str, slashes};
use crate::error::GeneratorError;
use crate::file::File;
use crate::packages::{Package, build, host_and_test, packages_of};

/// The generator's attributes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PkgConfigDeps {
    /// The package.
    pub consumer: Consumer,
    /// Names of packages of the build context to make files for.
    pub build_context_activated: Vec<String>,
    /// Appended to names of packages of the build context, by package.
    pub build_context_suffix: IndexMap<String, String>,
    /// Where files for packages of the build context go.
    pub build_context_folder: Option<String>,
    /// `set_property(dep, prop, value)`: by `dep` or `dep::component`, then by property.
    pub properties: IndexMap<String, IndexMap<String, Value>>,
}

/// Files and what to tell the user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PkgConfigResult {
    /// The files.
    pub files: Vec<File>,
    /// Warnings.
    pub messages: Vec<Message>,
}

/// Renders the files.
pub fn render(input: &PkgConfigDeps) -> Result<PkgConfigResult, GeneratorError> {
    let mut result = PkgConfigResult::default();
    let folder = input
        .build_context_folder
        .as_deref()
        .filter(|it| !it.is_empty());
    if !input.build_context_suffix.is_empty() {
        if folder.is_some() {
            return Err(GeneratorError::invalid(
                "It's not allowed to define both PkgConfigDeps.build_context_folder and \
                 PkgConfigDeps.build_context_suffix (deprecated).",
            ));
        }
        result.messages.push(Message::new(
            Level::Warning,
            "PkgConfigDeps.build_context_suffix attribute has been deprecated. Use \
             PkgConfigDeps.build_context_folder instead.",
        ));
    }
    let host = host_and_test(&input.consumer);
    let activated: Vec<Package<'_>> = build(&input.consumer)
        .into_iter()
        .filter(|it| {
            input
                .build_context_activated
                .iter()
                .any(|name| name == it.name())
        })
        .collect();
    if input.build_context_folder.is_none() {
        input.check_both_contexts(&host, &activated)?;
    }
    let mut written = HashSet::new();
    for package in host.iter().chain(&activated) {
        for mut file in input.package(package)? {
            if let (true, Some(folder)) = (package.require.build, folder) {
                file.path = format!("{folder}/{}", file.path);
            }
            if written.insert(file.path.clone()) {
                result.files.push(file);
            }
        }
    }
    Ok(result)
}

impl PkgConfigDeps {
    fn check_both_contexts(
        &self,
        host: &[Package<'_>],
        activated: &[Package<'_>],
    ) -> Result<(), GeneratorError> {
        let both: Vec<String> = activated
            .iter()
            .filter(|it| self.suffix(it).is_empty())
            .filter(|it| host.iter().any(|other| other.name() == it.name()))
            .map(|it| format!("'{}'", it.name()))
            .collect();
        if both.is_empty() {
            return Ok(());
        }
        Err(GeneratorError::invalid(format!(
            "The packages [{}] exist both as 'require' and as 'build require'. You need to specify a \
             suffix using the 'build_context_suffix' attribute at the PkgConfigDeps generator.",
            both.join(", ")
        )))
    }

    fn suffix(&self, package: &Package<'_>) -> &str {
        if !package.require.build {
            return "";
        }
        self.build_context_suffix
            .get(package.name())
            .map_or("", String::as_str)
    }

    /// A property: what the consumer says, or the package.
    fn property(
        &self,
        package: &Package<'_>,
        component: Option<&str>,
        name: &str,
    ) -> Option<Value> {
        let key = match component {
            Some(component) => format!("{}::{component}", package.name()),
            None => package.name().to_owned(),
        };
        if let Some(value) = self.properties.get(&key).and_then(|it| it.get(name)) {
            return Some(value.clone()).filter(|it| !it.is_null());
        }
        let info = match component {
            Some(component) => package.view.cpp_info.components.get(component)?,
            None => &package.view.cpp_info.root,
        };
        info.get_property(name).cloned().filter(|it| !it.is_null())
    }

    fn text(&self, package: &Package<'_>, component: Option<&str>, name: &str) -> Option<String> {
        self.property(package, component, name)
            .map(|it| python_str(&it))
            .filter(|it| !it.is_empty())
    }

    fn aliases(&self, package: &Package<'_>, component: Option<&str>) -> Vec<String> {
        match self.property(package, component, "pkg_config_aliases") {
            Some(Value::Array(names)) => names.iter().map(python_str).collect(),
            _ => Vec::new(),
        }
    }

    fn root_name(&self, package: &Package<'_>) -> String {
        let name = self.text(package, None, "pkg_config_name");
        format!(
            "{}{}",
            name.as_deref().unwrap_or(package.name()),
            self.suffix(package)
        )
    }

    fn component_name(&self, package: &Package<'_>, component: &str) -> String {
        // `pkg::pkg` is the package as a whole.
        if component == package.name() && !package.view.cpp_info.components.contains_key(component)
        {
            return self.root_name(package);
        }
        match self.text(package, Some(component), "pkg_config_name") {
            Some(name) => format!("{name}{}", self.suffix(package)),
            None => format!("{}-{component}", self.root_name(package)),
        }
    }

    /// Names of what a component (or the package) requires, as `.pc` files are called.
    fn requires(
        &self,
        package: &Package<'_>,
        info: &Component,
    ) -> Result<Vec<String>, GeneratorError> {
        let graph = &self.consumer.graph;
        let context = |it: Package<'_>| -> bool { it.require.build };
        let seen: HashMap<&str, Package<'_>> = packages_of(graph, package.index)
            .into_iter()
            .filter(|it| !context(*it))
            .map(|it| (it.name(), it))
            .collect();
        let mut names = Vec::new();
        for (other, component) in info.parsed_requires() {
            match other.as_deref().filter(|it| *it != package.name()) {
                None => names.push(self.component_name(package, &component)),
                Some(other) => {
                    if let Some(found) = seen.get(other) {
                        names.push(self.component_name(&in_context(found, package), &component));
                    }
                }
            }
        }
        Ok(names)
    }

    /// The direct dependencies of a package, as a whole.
    fn direct(&self, package: &Package<'_>) -> Vec<String> {
        packages_of(&self.consumer.graph, package.index)
            .iter()
            .filter(|it| {
                !it.require.build
                    && !it.require.test()
                    && it.require.direct()
                    && it.require.visible()
            })
            .map(|it| self.root_name(&in_context(it, package)))
            .collect()
    }

    fn package(&self, package: &Package<'_>) -> Result<Vec<File>, GeneratorError> {
        let info = &package.view.cpp_info;
        let root = self.root_name(package);
        let mut files = Vec::new();
        let mut names = Vec::new();
        if info.has_components() {
            for component in info.get_sorted_components()?.keys() {
                let Some(own) = info.components.get(component) else {
                    continue;
                };
                let name = self.component_name(package, component);
                let requires = self.requires(package, own)?;
                let description = format!("Conan component: {name}");
                let version = self
                    .text(package, Some(component), "component_version")
                    .or_else(|| self.text(package, Some(component), "system_package_version"))
                    .or_else(|| self.text(package, None, "system_package_version"))
                    .unwrap_or_else(|| package.version().to_owned());
                let pc = Pc {
                    name: &name,
                    description,
                    version: &version,
                    requires,
                    info: own,
                };
                files.push(self.file(package, Some(component), &pc));
                for alias in self.aliases(package, Some(component)) {
                    files.push(alias_file(&alias, &name, &version));
                }
                names.push(name);
            }
        }
        let has_root = names.contains(&root);
        if !has_root {
            let requires = if info.has_components() {
                names
            } else if info.root.requires().is_empty() {
                self.direct(package)
            } else {
                self.requires(package, &info.root)?
            };
            let version = self
                .text(package, None, "system_package_version")
                .unwrap_or_else(|| package.version().to_owned());
            let description = format!("Conan package: {root}");
            let pc = Pc {
                name: &root,
                description,
                version: &version,
                requires,
                info: &info.root,
            };
            files.push(self.file(package, None, &pc));
            for alias in self.aliases(package, None) {
                files.push(alias_file(&alias, &root, &version));
            }
        }
        Ok(files)
    }

    fn file(&self, package: &Package<'_>, component: Option<&str>, pc: &Pc<'_>) -> File {
        let prefix = package.folder();
        let mut variables: IndexMap<String, String> = IndexMap::new();
        let mut references = |base: &str, folders: &[String]| -> Vec<String> {
            let mut names = Vec::new();
            for (index, folder) in folders.iter().filter(|it| !it.is_empty()).enumerate() {
                let name = if index == 0 {
                    base.to_owned()
                } else {
                    format!("{base}{index}")
                };
                variables.insert(name.clone(), below(&package.path(folder), &prefix));
                names.push(format!("${{{name}}}"));
            }
            names
        };
        let libdirs = references("libdir", pc.info.libdirs());
        let includedirs = references("includedir", pc.info.includedirs());
        references("bindir", pc.info.bindirs());
        let custom = self.custom_content(package, component, &mut variables);

        let mut lines = vec![format!("prefix={prefix}")];
        lines.extend(
            variables
                .iter()
                .map(|(name, value)| format!("{name}={value}")),
        );
        if let Some(custom) = custom {
            lines.push(custom);
        }
        lines.push(String::new());
        lines.push(format!("Name: {}", pc.name));
        lines.push(format!("Description: {}", pc.description));
        lines.push(format!("Version: {}", pc.version));
        let mut absolute = pc.info.clone();
        absolute.set_relative_base_folder(&prefix);
        let flags = deps_flags(&self.consumer, &absolute);
        let quoted = |flag: &str, names: &[String]| -> Vec<String> {
            names.iter().map(|it| format!("{flag}\"{it}\"")).collect()
        };
        // For `.pc` files, flags are those of gcc, whatever the compiler is.
        let linked = |names: &[String]| -> Vec<String> {
            names.iter().map(|it| format!("-l{it}")).collect()
        };
        let libs = [
            quoted("-L", &libdirs),
            linked(absolute.libs()),
            linked(absolute.system_libs()),
            flags.sharedlinkflags,
            flags.exelinkflags,
            flags.framework_paths,
            flags.frameworks,
        ]
        .concat();
        // pkg-config takes quotes off flags.
        let escaped = |flags: Vec<String>| -> Vec<String> {
            flags.iter().map(|it| it.replace('"', "\\\"")).collect()
        };
        let cflags = [
            quoted("-I", &includedirs),
            escaped(flags.cxxflags),
            escaped(flags.cflags),
            escaped(flags.defines),
        ]
        .concat();
        for (name, values) in [
            ("Libs", &libs),
            ("Cflags", &cflags),
            ("Requires", &pc.requires),
        ] {
            if !values.is_empty() {
                lines.push(format!("{name}: {}", values.join(" ")));
            }
        }
        File::new(format!("{}.pc", pc.name), format!("{}\n", lines.join("\n")))
    }

    /// `pkg_config_custom_content`: variables that replace or follow ours, or lines as they are.
    fn custom_content(
        &self,
        package: &Package<'_>,
        component: Option<&str>,
        variables: &mut IndexMap<String, String>,
    ) -> Option<String> {
        match self.property(package, component, "pkg_config_custom_content")? {
            Value::Object(custom) => {
                for (name, value) in custom {
                    variables.insert(name, python_str(&value));
                }
                None
            }
            Value::String(text) => {
                let mut rest = Vec::new();
                for line in text.lines() {
                    let variable = line.split_once('=').filter(|(name, _)| {
                        !name.is_empty()
                            && name
                                .chars()
                                .all(|it| it.is_alphanumeric() || it == '_' || it == '.')
                    });
                    match variable {
                        Some((name, value)) => {
                            variables.insert(name.trim().to_owned(), value.trim().to_owned());
                        }
                        None if line.trim().is_empty() => {}
                        None => rest.push(line),
                    }
                }
                (!rest.is_empty()).then(|| rest.join("\n"))
            }
            _ => None,
        }
    }
}

/// A required package belongs to the context of the package that requires it.
fn in_context<'a>(required: &Package<'a>, by: &Package<'a>) -> Package<'a> {
    // The suffix is that of the requirement in the build context, which only direct tools have.
    if by.require.build {
        Package {
            require: by.require,
            ..*required
        }
    } else {
        *required
    }
}

/// What is in a `.pc` file.
struct Pc<'a> {
    name: &'a str,
    description: String,
    version: &'a str,
    requires: Vec<String>,
    info: &'a Component,
}

fn alias_file(alias: &str, name: &str, version: &str) -> File {
    File::new(
        format!("{alias}.pc"),
        format!(
            "Name: {alias}\nDescription: Alias {alias} for {name}\nVersion: {version}\nRequires: {name}\n"
        ),
    )
}

/// `${prefix}/lib` for what is in the package.
fn below(path: &str, prefix: &str) -> String {
    let path = slashes(path);
    match inside(&path, prefix) {
        Some("") => "${prefix}".to_owned(),
        Some(rest) => format!("${{prefix}}/{rest}"),
        None => path,
    }
}
