//! What packages and components are called in CMake.

use crom_model::cpp_info::CppInfo;
use serde::{Deserialize, Serialize};

use super::DepsInput;
use crate::cmake::CMakeError;
use crate::cmake::consumer::Dependency;
use crate::cmake::properties::Properties;

/// How `find_package()` is to find a package: the property `cmake_find_mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FindMode {
    /// Not by our files.
    None,
    /// By `xxx-config.cmake`.
    #[default]
    Config,
    /// By `Findxxx.cmake`.
    Module,
    /// By either.
    Both,
}

impl FindMode {
    /// From the property's text, in any case.
    pub fn parse(text: &str) -> Option<FindMode> {
        match text.to_lowercase().as_str() {
            "none" => Some(FindMode::None),
            "config" => Some(FindMode::Config),
            "module" => Some(FindMode::Module),
            "both" => Some(FindMode::Both),
            _ => None,
        }
    }
}

/// The names of one package.
#[derive(Clone, Copy)]
pub(crate) struct PackageNames<'a> {
    pub dependency: Dependency<'a>,
    pub properties: Properties<'a>,
    /// Of a package of the build context.
    suffix: &'a str,
}

impl<'a> PackageNames<'a> {
    pub fn new(input: &'a DepsInput, dependency: Dependency<'a>) -> PackageNames<'a> {
        let name = &dependency.package.reference.name;
        let suffix = if dependency.is_build() {
            input
                .build_context_suffix
                .get(name)
                .map_or("", String::as_str)
        } else {
            ""
        };
        let properties = Properties {
            overrides: &input.properties,
            cpp_info: &dependency.package.cpp_info,
            key: name,
            suffix,
        };
        PackageNames {
            dependency,
            properties,
            suffix,
        }
    }

    pub fn find_mode(&self) -> Result<FindMode, CMakeError> {
        let Some(text) = self.properties.text("cmake_find_mode", None)? else {
            return Ok(FindMode::Config);
        };
        FindMode::parse(text).ok_or_else(|| {
            CMakeError::invalid(format!(
                "{}: the property cmake_find_mode is '{text}', but may be none, config, module or \
                 both",
                self.dependency.display()
            ))
        })
    }

    /// Beginning of variables: the package's name.
    pub fn prefix(&self) -> String {
        format!("{}{}", self.dependency.name(), self.suffix)
    }

    /// What `find_package()` is called with.
    pub fn file_name(&self, module: bool) -> Result<String, CMakeError> {
        let mut found = None;
        if module {
            found = self.properties.text("cmake_module_file_name", None)?;
        }
        if found.is_none() {
            found = self.properties.text("cmake_file_name", None)?;
        }
        Ok(format!(
            "{}{}",
            found.unwrap_or(self.dependency.name()),
            self.suffix
        ))
    }

    fn target(&self, module: bool, component: Option<&str>) -> Result<Option<&'a str>, CMakeError> {
        if module
            && let Some(name) = self
                .properties
                .text("cmake_module_target_name", component)?
        {
            return Ok(Some(name));
        }
        self.properties.text("cmake_target_name", component)
    }

    /// The target of the whole package.
    pub fn root_target(&self, module: bool) -> Result<String, CMakeError> {
        Ok(match self.target(module, None)? {
            Some(name) => name.to_owned(),
            None => format!("{0}::{0}", self.prefix()),
        })
    }

    /// The target of a component, or of the package if `component` is its name.
    pub fn component_target(&self, module: bool, component: &str) -> Result<String, CMakeError> {
        let info: &CppInfo = self.properties.cpp_info;
        if !info.components.contains_key(component) {
            // `pkg::pkg` names the package as a whole.
            if component == self.dependency.name() {
                return self.root_target(module);
            }
            return Err(CMakeError::invalid(format!(
                "Component '{name}::{component}' not found in '{name}' package requirement",
                name = self.dependency.name()
            )));
        }
        Ok(match self.target(module, Some(component))? {
            Some(name) => name.to_owned(),
            None => format!("{}::{component}", self.dependency.name()),
        })
    }

    /// Target names that are the same as the package's or component's target.
    pub fn aliases(&self, component: Option<&str>) -> Result<Vec<String>, CMakeError> {
        self.properties.list("cmake_target_aliases", component)
    }
}
