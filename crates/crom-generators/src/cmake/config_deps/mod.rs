//! CMakeConfigDeps: config files whose targets are imported libraries and executables at known
//! locations.
//!
//! | file | content |
//! |---|---|
//! | `zlib-config.cmake`, `zlib-config-version.cmake` | what `find_package(zlib)` runs |
//! | `zlibTargets.cmake` | loads what there is for all configurations |
//! | `zlib-Targets-release.cmake` | targets of a package of the host context |
//! | `zlib-TargetsBuild-release.cmake` | executables of a package of the build context |
//! | `conan_cmakedeps_paths.cmake` | where all of that is, read by the toolchain |

mod config;
mod libraries;
pub mod locate;
mod paths;

use std::collections::HashSet;

use crom_model::cpp_info::CppInfo;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::consumer::Dependency;
use super::deps::{FindMode, Generated};
use super::properties::Properties;
use super::text::{Level, Message};
use super::{CMakeError, Consumer, Overrides};
use crate::file::File;
use locate::Listing;

/// A recipe's `CMakeConfigDeps` object and what it stands on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfigDepsInput {
    /// The package that the files are for.
    pub consumer: Consumer,
    /// `deps.configuration`, by default the setting `build_type`.
    pub configuration: String,
    /// What `deps.set_property()` said; names of packages of the build context end in
    /// [`BUILD_SUFFIX`].
    pub properties: Overrides,
    /// The files in the folders that [`folders_to_list`] names.
    pub listing: Listing,
    /// The `conan_cmakedeps_paths.cmake` that is there already: what it says of other
    /// configurations is kept.
    pub existing_paths: Option<String>,
}

/// Marks overrides for the build context in [`ConfigDepsInput::properties`].
pub const BUILD_SUFFIX: &str = "&build";

/// Name of the file with the packages' folders.
pub const PATHS_FILE: &str = "conan_cmakedeps_paths.cmake";

/// Folders of packages whose files must be known, absolute.
pub fn folders_to_list(consumer: &Consumer) -> Vec<String> {
    locate::folders_to_list(&dependencies(consumer))
}

fn dependencies(consumer: &Consumer) -> Vec<Dependency<'_>> {
    let mut all = consumer.host_and_test();
    all.extend(consumer.build());
    all
}

/// A dependency with what is known of it.
pub(crate) struct Package<'a> {
    pub input: &'a ConfigDepsInput,
    pub dependency: Dependency<'a>,
    /// With locations.
    pub info: CppInfo,
}

/// All files.
///
/// # Errors
/// If properties have wrong types, a component is required that isn't there, or a declared
/// executable has no location.
pub fn generate(input: &ConfigDepsInput) -> Result<Generated, CMakeError> {
    let mut messages = vec![Message::new(
        Level::Experimental,
        "CMakeConfigDeps is experimental, and might get breaking changes in future releases",
    )];
    let mut packages = Vec::new();
    for dependency in dependencies(&input.consumer) {
        let (info, notes) = locate::locate(dependency, &input.listing)?;
        messages.extend(notes);
        packages.push(Package {
            input,
            dependency,
            info,
        });
    }
    let mut files: IndexMap<String, File> = IndexMap::new();
    let (mut finds, mut links) = (Vec::new(), Vec::new());
    let names: HashSet<&str> = packages
        .iter()
        .filter(|it| !it.dependency.is_build())
        .map(|it| it.dependency.name())
        .collect();
    for package in &packages {
        let mode = package.find_mode()?;
        if mode == FindMode::None {
            continue;
        }
        if matches!(mode, FindMode::Module | FindMode::Both) {
            messages.push(Message::new(
                Level::Deprecated,
                format!(
                    "CMakeConfigDeps does not support module find mode in {}.\nConfig mode will be \
                     used regardless.",
                    package.dependency.display()
                ),
            ));
        }
        let build = package.dependency.is_build();
        let mut add = |file: File| {
            files.insert(file.path.clone(), file);
        };
        add(libraries::targets_of_configuration(package, &packages)?);
        // A package of both contexts is one for find_package(), and it's what is linked.
        if !build || !names.contains(package.dependency.name()) {
            add(libraries::targets_file(package)?);
            add(config::config_file(package, &packages)?);
            add(config::version_file(package)?);
        }
        if package.dependency.require.direct() {
            let name = package.file_name()?;
            if build {
                finds.push(format!(
                    "    find_package({name}) # Optional. This is a tool-require, can't link its \
                     targets"
                ));
            } else {
                finds.push(format!("    find_package({name})"));
                links.push(package.root_target()?);
            }
        }
    }
    if !finds.is_empty() {
        let mut text = format!(
            "CMakeConfigDeps necessary find_package() and targets for your CMakeLists.txt\n{}",
            finds.join("\n")
        );
        if !links.is_empty() {
            text.push_str(&format!(
                "\n    target_link_libraries(... {})",
                links.join(" ")
            ));
        }
        messages.push(Message::info(text));
    }
    let (file, notes) = paths::paths_file(input, &packages)?;
    files.insert(file.path.clone(), file);
    messages.extend(notes);
    Ok(Generated {
        files: files.into_values().collect(),
        messages,
    })
}

/// What `find_package()` is called with, for the dependency at `index` of the graph.
///
/// # Errors
/// If the property isn't text or the package isn't one of the consumer's.
pub fn file_name_of(input: &ConfigDepsInput, index: usize) -> Result<String, CMakeError> {
    let dependency = input
        .consumer
        .dependencies()
        .into_iter()
        .find(|it| it.index == index)
        .ok_or_else(|| CMakeError::invalid("the package isn't a dependency of this one"))?;
    Package {
        input,
        dependency,
        info: CppInfo::default(),
    }
    .file_name()
}

impl Package<'_> {
    pub fn properties(&self) -> Properties<'_> {
        Properties {
            overrides: &self.input.properties,
            // As declared: locating may have made components of libraries.
            cpp_info: &self.dependency.package.cpp_info,
            key: self.dependency.name(),
            suffix: if self.dependency.is_build() {
                BUILD_SUFFIX
            } else {
                ""
            },
        }
    }

    pub fn find_mode(&self) -> Result<FindMode, CMakeError> {
        let text = self.properties().text("cmake_find_mode", None)?;
        Ok(text.and_then(FindMode::parse).unwrap_or_default())
    }

    pub fn file_name(&self) -> Result<String, CMakeError> {
        let name = self.properties().text("cmake_file_name", None)?;
        Ok(name.unwrap_or(self.dependency.name()).to_owned())
    }

    pub fn root_target(&self) -> Result<String, CMakeError> {
        let name = self.dependency.name();
        let target = self.properties().text("cmake_target_name", None)?;
        Ok(target.map_or_else(|| format!("{name}::{name}"), str::to_owned))
    }

    /// The target of a component, or of the package as a whole.
    pub fn component_target(&self, component: &str) -> Result<String, CMakeError> {
        let name = self.dependency.name();
        if !self.info.components.contains_key(component) {
            if component == name || self.dependency.package.cpp_info.components.is_empty() {
                return self.root_target();
            }
            return Err(CMakeError::invalid(format!(
                "Component '{name}::{component}' not found in '{name}' package requirement"
            )));
        }
        let target = self
            .properties()
            .text("cmake_target_name", Some(component))?;
        Ok(target.map_or_else(|| format!("{name}::{component}"), str::to_owned))
    }

    /// Configuration of this package's files.
    pub fn configuration(&self) -> &str {
        let own = self.dependency.package.settings.get_safe("build_type");
        match own.filter(|_| self.dependency.is_build()) {
            Some(own) => own,
            None => &self.input.configuration,
        }
    }

    /// `${zlib_PACKAGE_FOLDER_RELEASE}` without `${}`.
    pub fn folder_variable(&self) -> String {
        let suffix = if self.dependency.is_build() {
            "_BUILD"
        } else {
            ""
        };
        format!(
            "{}_PACKAGE_FOLDER_{}{suffix}",
            self.dependency.name(),
            self.configuration().to_uppercase()
        )
    }

    /// Packages of the consumer that this one uses, and whether their libraries are linked.
    pub fn transitive<'p>(&self, packages: &'p [Package<'p>]) -> Vec<(&'p Package<'p>, bool)> {
        let require = self.dependency.require;
        if self.dependency.is_build() || (!require.headers() && !require.libs()) {
            return Vec::new();
        }
        let own: IndexMap<usize, bool> = self
            .input
            .consumer
            .dependencies_of(self.dependency.index)
            .into_iter()
            .filter(|it| !it.is_build() && it.require.direct() && !it.require.test())
            .map(|it| (it.index, it.require.libs()))
            .collect();
        packages
            .iter()
            .filter(|it| !it.dependency.is_build())
            .filter_map(|it| own.get(&it.dependency.index).map(|libs| (it, *libs)))
            .collect()
    }
}
