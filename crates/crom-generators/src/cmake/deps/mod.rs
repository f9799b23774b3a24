//! CMakeDeps: files that `find_package()` reads, per dependency.
//!
//! For a package `zlib` in configuration Release on x86_64, in config mode:
//!
//! | file | content |
//! |---|---|
//! | `zlib-config.cmake` | what `find_package(zlib)` runs: targets, dependencies, variables |
//! | `zlib-config-version.cmake` | whether the version is wanted |
//! | `zlibTargets.cmake` | declares the targets, loads all configurations |
//! | `zlib-release-x86_64-data.cmake` | variables with folders, libraries, flags |
//! | `zlib-Target-release.cmake` | fills the targets from the variables |
//!
//! In module mode it's `FindZLIB.cmake`, and the others begin with `module-`. Files for different
//! configurations live side by side, so several installs make one multi-configuration set.

mod config;
mod data;
mod names;
mod target;

use std::collections::HashSet;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::consumer::Dependency;
use super::text::Message;
use super::{CMakeError, Consumer, Overrides};
use crate::file::File;

pub(crate) use config::{config_file_name, extra_variables, variable_prefixes, version_text};
pub use names::FindMode;
pub(crate) use names::PackageNames;

/// A recipe's `CMakeDeps` object and what it stands on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DepsInput {
    /// The package that the files are for.
    pub consumer: Consumer,
    /// `deps.configuration`, by default the setting `build_type`.
    pub configuration: Option<String>,
    /// `deps.arch`, by default the setting `arch`.
    pub arch: Option<String>,
    /// `deps.build_context_activated`
    pub build_context_activated: Vec<String>,
    /// `deps.build_context_suffix`
    pub build_context_suffix: IndexMap<String, String>,
    /// `deps.build_context_build_modules`
    pub build_context_build_modules: Vec<String>,
    /// `deps.check_components_exist`
    pub check_components_exist: bool,
    /// What `deps.set_property()` said.
    pub properties: Overrides,
}

/// Rendered files and what to tell the user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Generated {
    /// Relative to the generators folder.
    pub files: Vec<File>,
    /// In order.
    pub messages: Vec<Message>,
}

/// All files.
///
/// # Errors
/// If properties have wrong types, a component is required that isn't there, or a package is there
/// for host and build context under one name.
pub fn generate(input: &DepsInput) -> Result<Generated, CMakeError> {
    let packages = packages(input)?;
    let mut files = vec![File::new(
        "cmakedeps_macros.cmake",
        include_str!("macros.cmake"),
    )];
    let mut messages = Vec::new();
    let (mut finds, mut links) = (Vec::new(), Vec::new());
    for package in &packages {
        let mode = package.names.find_mode()?;
        if mode == FindMode::None {
            continue;
        }
        if matches!(mode, FindMode::Config | FindMode::Both) {
            files.extend(package_files(package, false)?);
        }
        if matches!(mode, FindMode::Module | FindMode::Both) {
            files.extend(package_files(package, true)?);
        }
        if package.dependency.require.direct() {
            finds.push(format!(
                "    find_package({})",
                package.names.file_name(mode == FindMode::Module)?
            ));
            links.push(package.names.root_target(mode == FindMode::Module)?);
        }
    }
    if !finds.is_empty() {
        messages.push(Message::info(format!(
            "CMakeDeps necessary find_package() and targets for your CMakeLists.txt\n{}\n    \
             target_link_libraries(... {})",
            finds.join("\n"),
            links.join(" ")
        )));
    }
    let direct: Vec<&Package<'_>> = packages
        .iter()
        .filter(|it| it.dependency.require.direct())
        .collect();
    files.push(File::new("conandeps_legacy.cmake", aggregator(&direct)?));
    Ok(Generated { files, messages })
}

/// Names of a dependency as CMake sees them: for `deps.get_cmake_package_name`, `get_find_mode`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamesOfDependency {
    /// In config mode.
    pub config_file_name: String,
    /// In module mode.
    pub module_file_name: String,
    /// `none`, `config`, `module` or `both`.
    pub find_mode: FindMode,
}

/// Names of the dependency at `index` of the graph.
///
/// # Errors
/// If properties have wrong types, or the package isn't one of the consumer's.
pub fn names_of(input: &DepsInput, index: usize) -> Result<NamesOfDependency, CMakeError> {
    let dependency = input
        .consumer
        .dependencies()
        .into_iter()
        .find(|it| it.index == index)
        .ok_or_else(|| CMakeError::invalid("the package isn't a dependency of this one"))?;
    let names = PackageNames::new(input, dependency);
    Ok(NamesOfDependency {
        config_file_name: names.file_name(false)?,
        module_file_name: names.file_name(true)?,
        find_mode: names.find_mode()?,
    })
}

/// A dependency with its names.
pub(crate) struct Package<'a> {
    pub input: &'a DepsInput,
    pub dependency: Dependency<'a>,
    pub names: PackageNames<'a>,
}

fn packages(input: &DepsInput) -> Result<Vec<Package<'_>>, CMakeError> {
    let consumer = &input.consumer;
    let host = consumer.host_and_test();
    let activated = consumer.build().into_iter().filter(|it| {
        it.require.direct()
            && input
                .build_context_activated
                .iter()
                .any(|name| name == it.name())
    });
    let host_names: HashSet<&str> = host.iter().map(Dependency::name).collect();
    let mut packages = Vec::new();
    for dependency in host.iter().copied().chain(activated) {
        if dependency.is_build()
            && host_names.contains(dependency.name())
            && !input.build_context_suffix.contains_key(dependency.name())
        {
            return Err(CMakeError::invalid(format!(
                "The package '{}' exists both as 'require' and as 'build require'. You need to \
                 specify a suffix using the 'build_context_suffix' attribute at the CMakeDeps \
                 generator.",
                dependency.name()
            )));
        }
        let names = PackageNames::new(input, dependency);
        packages.push(Package {
            input,
            dependency,
            names,
        });
    }
    Ok(packages)
}

fn package_files(package: &Package<'_>, module: bool) -> Result<Vec<File>, CMakeError> {
    let mut files = Vec::new();
    if !module {
        files.push(config::version_file(package)?);
    }
    files.push(data::data_file(package, module)?);
    files.push(target::target_file(package, module)?);
    files.push(target::targets_file(package, module)?);
    files.push(config::config_file(package, module)?);
    Ok(files)
}

fn aggregator(direct: &[&Package<'_>]) -> Result<String, CMakeError> {
    let mut finds = String::new();
    let mut targets = String::new();
    for package in direct {
        let module = package.names.find_mode()? == FindMode::Module;
        finds.push_str(&format!(
            "find_package({})\n",
            package.names.file_name(module)?
        ));
        targets.push_str(&format!(" {}", package.names.root_target(module)?));
    }
    Ok(format!(
        "message(STATUS \"Conan: Using CMakeDeps conandeps_legacy.cmake aggregator via include()\")\n\
         message(STATUS \"Conan: It is recommended to use explicit find_package() per dependency instead\")\n\
         \n{finds}\nset(CONANDEPS_LEGACY{targets})\n"
    ))
}

impl<'a> Package<'a> {
    /// Configuration of the variables: that of the consumer, also for tools, since its projects
    /// have only one.
    pub fn configuration(&self) -> Option<&'a str> {
        self.input.configuration.as_deref()
    }

    fn arch(&self) -> Option<&'a str> {
        self.input.arch.as_deref()
    }

    /// `_RELEASE`
    pub fn suffix(&self) -> String {
        match self.configuration() {
            Some(configuration) => format!("_{}", configuration.to_uppercase()),
            None => String::new(),
        }
    }

    /// Beginning of all file names but those that `find_package()` looks for.
    pub fn file_prefix(&self, module: bool) -> Result<String, CMakeError> {
        let name = self.names.file_name(module)?;
        Ok(if module {
            format!("module-{name}")
        } else {
            name
        })
    }

    /// `zlib-release-x86_64-data.cmake`
    fn data_file_name(&self, module: bool) -> Result<String, CMakeError> {
        let mut name = self.file_prefix(module)?;
        if let Some(configuration) = self.configuration() {
            name.push_str(&format!("-{}", configuration.to_lowercase()));
        }
        if let Some(arch) = self.arch() {
            name.push_str(&format!("-{}", arch.replace('|', "_")));
        }
        Ok(name + "-data.cmake")
    }

    /// Packages that this one uses, as the consumer sees them and in its order. A tool's own
    /// dependencies are its own.
    pub fn transitive(&self) -> Vec<PackageNames<'a>> {
        let consumer = &self.input.consumer;
        let own: Vec<Dependency<'a>> = consumer
            .dependencies_of(self.dependency.index)
            .into_iter()
            .filter(|it| !it.is_build() && it.require.direct() && !it.require.test())
            .filter(|it| !it.require.skip)
            .collect();
        let found = if self.dependency.is_build() {
            own
        } else {
            let mut seen = consumer.dependencies();
            seen.retain(|it| {
                !it.is_build() && !it.require.skip && own.iter().any(|own| own.index == it.index)
            });
            seen
        };
        found
            .into_iter()
            .filter(Dependency::has_files)
            .map(|dependency| PackageNames::new(self.input, dependency))
            .collect()
    }
}
