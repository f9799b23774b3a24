//! `xxxTargets.cmake` and the targets of one configuration.

use std::fmt::Write;

use crom_model::cpp_info::Component;

use super::Package;
use crate::cmake::CMakeError;
use crate::cmake::deps::FindMode;
use crate::cmake::text::{escape, fill, inside, is_absolute, slashes};
use crate::file::File;

const TARGETS: &str = "\
include_guard()
if(NOT ${CMAKE_FIND_PACKAGE_NAME}_FIND_QUIETLY)
    message(STATUS \"Conan: Configuring Targets for @file@\")
endif()

# What is installed, by configuration
file(GLOB _target_files \"${CMAKE_CURRENT_LIST_DIR}/@file@-Targets-*.cmake\"
                        \"${CMAKE_CURRENT_LIST_DIR}/@file@-TargetsBuild-*.cmake\")
foreach(_target_file IN LISTS _target_files)
    include(\"${_target_file}\")
endforeach()
";

pub(super) fn targets_file(package: &Package<'_>) -> Result<File, CMakeError> {
    let file = package.file_name()?;
    Ok(File::new(
        format!("{file}Targets.cmake"),
        fill(TARGETS, &[("file", &file)]),
    ))
}

const DECLARE_LIBRARY: &str = "
#################### @target@ ####################
if(NOT TARGET @target@)
    if(NOT ${CMAKE_FIND_PACKAGE_NAME}_FIND_QUIETLY)
        message(STATUS \"Conan: Target declared imported @kind@ library '@target@'\")
    endif()
    add_library(@target@ @kind@ IMPORTED)
endif()
";

const DECLARE_ALIAS: &str = "\
if(NOT TARGET @alias@)
    if(NOT ${CMAKE_FIND_PACKAGE_NAME}_FIND_QUIETLY)
        message(STATUS \"Conan: Target declared alias '@alias@' for '@target@'\")
    endif()
    add_library(@alias@ ALIAS @target@)
endif()
";

const OBJECTS: &str = "\
# Objects reach only direct consumers of a target; $<TARGET_OBJECTS:..> passes them on
if(CMAKE_VERSION VERSION_LESS \"3.21\")
    message(FATAL_ERROR \"The 'CMakeConfigDeps' generator cpp_info.objects only works with CMake >= 3.21\")
endif()
if(NOT TARGET @target@_OBJECTS)
    add_library(@target@_OBJECTS OBJECT IMPORTED)
endif()
set_property(TARGET @target@_OBJECTS APPEND PROPERTY IMPORTED_CONFIGURATIONS @config@)
set_target_properties(@target@_OBJECTS PROPERTIES IMPORTED_OBJECTS_@config@
                      \"@objects@\")
set_property(TARGET @target@ APPEND PROPERTY INTERFACE_LINK_LIBRARIES
             \"$<$<CONFIG:@config@>:$<TARGET_OBJECTS:@target@_OBJECTS>>\")
";

const EXECUTABLE: &str = "
#################### @target@ ####################
if(NOT TARGET @target@)
    if(NOT ${CMAKE_FIND_PACKAGE_NAME}_FIND_QUIETLY)
        message(STATUS \"Conan: Target declared imported executable '@target@' @context@\")
    endif()
    add_executable(@target@ IMPORTED)
else()
    # One of the other context is replaced
    get_property(_context TARGET @target@ PROPERTY CONAN_CONTEXT)
    if(NOT \"${_context}\" STREQUAL \"@context@\")
        get_property(_configurations TARGET @target@ PROPERTY IMPORTED_CONFIGURATIONS)
        if(NOT ${CMAKE_FIND_PACKAGE_NAME}_FIND_QUIETLY)
            message(STATUS \"Conan: Exe @target@ was already defined in ${_context}\")
            message(STATUS \"Conan: Exe @target@ defined configurations: ${_configurations}\")
        endif()
        foreach(_config ${_configurations})
            set_property(TARGET @target@ PROPERTY IMPORTED_LOCATION_${_config})
        endforeach()
        set_property(TARGET @target@ PROPERTY IMPORTED_CONFIGURATIONS)
    endif()
endif()
set_property(TARGET @target@ APPEND PROPERTY IMPORTED_CONFIGURATIONS @config@)
set_target_properties(@target@ PROPERTIES IMPORTED_LOCATION_@config@ \"@location@\")
set_property(TARGET @target@ PROPERTY CONAN_CONTEXT \"@context@\")
";

const LANGUAGES: &str = "\
get_property(_languages GLOBAL PROPERTY ENABLED_LANGUAGES)
if(\"CXX\" IN_LIST _languages)
    list(APPEND _languages \"C\")
endif()
if(\"CUDA\" IN_LIST _languages)
    list(APPEND _languages \"C\" \"CXX\")
endif()
";

const LANGUAGE: &str = "\
if(NOT \"@language@\" IN_LIST _languages)
    message(SEND_ERROR
            \"Target @target@ has @language@ linkage but @language@ not enabled in project()\")
endif()
set_property(TARGET @target@ APPEND PROPERTY IMPORTED_LINK_INTERFACE_LANGUAGES_@config@ @language@)
";

const COMPILE_ONLY: &str = "\
if(CMAKE_VERSION VERSION_LESS \"3.27\")
    message(FATAL_ERROR \"The 'CMakeConfigDeps' generator COMPILE_ONLY expression only works with CMake >= 3.27\")
endif()
set_property(TARGET @target@ APPEND PROPERTY IMPORTED_LINK_DEPENDENT_LIBRARIES_@config@ @dependency@)
";

pub(super) fn targets_of_configuration(
    package: &Package<'_>,
    packages: &[Package<'_>],
) -> Result<File, CMakeError> {
    let build = package.dependency.is_build();
    let folder = package
        .input
        .consumer
        .path_style()
        .beside_list_file(&package.dependency.package.folders.package);
    let mut text = format!("set({} \"{folder}\")\n", package.folder_variable());
    find_dependencies(package, packages, &mut text)?;
    let info = &package.info;
    let writer = Writer {
        package,
        config: package.configuration().to_uppercase(),
    };
    if !build {
        text.push_str("\n################# Libraries ##############\n");
        if info.components.is_empty() {
            if info.root.exe.is_none() {
                let requires = writer.package_requires(packages)?;
                writer.library(
                    &package.root_target()?,
                    &info.root,
                    &requires,
                    None,
                    &mut text,
                )?;
            }
        } else {
            writer.components(packages, &mut text)?;
        }
    }
    text.push_str("\n################# Executables ##############\n");
    for (target, component) in executables(package)? {
        let values = [
            ("target", target.as_str()),
            ("config", writer.config.as_str()),
            ("context", if build { "build" } else { "host" }),
            (
                "location",
                &writer.path(component.location.as_deref().unwrap_or_default()),
            ),
        ];
        text.push_str(&fill(EXECUTABLE, &values));
    }
    let kind = if build { "TargetsBuild" } else { "Targets" };
    let config = package.configuration().to_lowercase();
    Ok(File::new(
        format!("{}-{kind}-{config}.cmake", package.file_name()?),
        text,
    ))
}

fn executables<'p>(package: &'p Package<'_>) -> Result<Vec<(String, &'p Component)>, CMakeError> {
    let info = &package.info;
    let mut found = Vec::new();
    if info.components.is_empty() && info.root.exe.is_some() {
        let own = package.properties().text("cmake_target_name", None)?;
        let target = match own {
            Some(target) => target.to_owned(),
            None => {
                let exe = info.root.exe.as_deref().unwrap_or_default();
                format!("{}::{exe}", package.dependency.name())
            }
        };
        found.push((target, &info.root));
    }
    for (name, component) in &info.components {
        if component.exe.is_some() {
            found.push((package.component_target(name)?, component));
        }
    }
    Ok(found)
}

fn find_dependencies(
    package: &Package<'_>,
    packages: &[Package<'_>],
    text: &mut String,
) -> Result<(), CMakeError> {
    text.push_str("\ninclude(CMakeFindDependencyMacro)\n");
    let mut find = |name: &str, how: &str| {
        writeln!(
            text,
            "if(NOT {name}_FOUND)\n    find_dependency({name} REQUIRED {how})\nendif()"
        )
        .ok();
    };
    for (dependency, _) in package.transitive(packages) {
        let how = if dependency.find_mode()? == FindMode::Config {
            "CONFIG"
        } else {
            ""
        };
        find(&dependency.file_name()?, how);
    }
    for name in package
        .properties()
        .list("cmake_extra_dependencies", None)?
    {
        find(&name, "");
    }
    Ok(())
}

/// A linked target and how it is linked (`cmake_link_feature`).
struct Requirement {
    target: String,
    feature: Option<String>,
    /// False if only headers are used.
    libs: bool,
}

/// Writes the targets of a package.
struct Writer<'a> {
    package: &'a Package<'a>,
    config: String,
}

impl Writer<'_> {
    /// A path of the package, by its variable.
    fn path(&self, path: &str) -> String {
        let folder = slashes(&self.package.dependency.package.folders.package);
        let path = slashes(path);
        let way = if is_absolute(&path) {
            match inside(&path, &folder) {
                Some(way) => way.to_owned(),
                None => return path,
            }
        } else {
            path
        };
        let variable = self.package.folder_variable();
        if way.is_empty() {
            format!("${{{variable}}}")
        } else {
            format!("${{{variable}}}/{way}")
        }
    }

    fn paths(&self, paths: &[String]) -> String {
        paths
            .iter()
            .map(|path| self.path(path))
            .collect::<Vec<_>>()
            .join(";")
    }

    /// What the package as a whole links, if it has no components.
    fn package_requires(&self, packages: &[Package<'_>]) -> Result<Vec<Requirement>, CMakeError> {
        let root = &self.package.info.root;
        if !root.requires().is_empty() {
            return self.component_requires(root, packages);
        }
        self.package
            .transitive(packages)
            .into_iter()
            .map(|(it, libs)| it.link(None, libs))
            .collect()
    }

    fn component_requires(
        &self,
        component: &Component,
        packages: &[Package<'_>],
    ) -> Result<Vec<Requirement>, CMakeError> {
        let transitive = self.package.transitive(packages);
        let own = self.package.dependency.name();
        let mut found = Vec::new();
        for (owner, name) in component.parsed_requires() {
            match owner.filter(|owner| owner != own) {
                None => found.push(self.package.link(Some(&name), true)?),
                Some(owner) => {
                    let other = transitive
                        .iter()
                        .find(|(it, _)| it.dependency.name() == owner);
                    if let Some((other, libs)) = other {
                        found.push(other.link(Some(&name), *libs)?);
                    }
                }
            }
        }
        Ok(found)
    }

    /// A target per component, and one for the package that links them.
    fn components(&self, packages: &[Package<'_>], text: &mut String) -> Result<(), CMakeError> {
        let package = self.package;
        let info = &package.info;
        let root = package.root_target()?;
        let mut has_root = false;
        for (name, component) in &info.components {
            if component.exe.is_some() {
                continue;
            }
            let target = package.component_target(name)?;
            has_root |= target == root;
            let requires = self.component_requires(component, packages)?;
            self.library(&target, component, &requires, Some(name), text)?;
        }
        if has_root {
            return Ok(());
        }
        let linked: Vec<&String> = match &info.default_components {
            Some(names) => names.iter().collect(),
            None => info
                .components
                .iter()
                .filter(|(_, component)| component.exe.is_none())
                .map(|(name, _)| name)
                .collect(),
        };
        let requires: Result<Vec<Requirement>, CMakeError> = linked
            .into_iter()
            .map(|name| package.link(Some(name), true))
            .collect();
        let requires = requires?;
        text.push_str(&fill(
            DECLARE_LIBRARY,
            &[("target", &root), ("kind", "INTERFACE")],
        ));
        self.aliases(&root, None, text)?;
        self.add_configuration(&root, text);
        self.links(&root, &Component::default(), &requires, &[], text);
        Ok(())
    }

    fn aliases(
        &self,
        target: &str,
        name: Option<&str>,
        text: &mut String,
    ) -> Result<(), CMakeError> {
        for alias in self
            .package
            .properties()
            .list("cmake_target_aliases", name)?
        {
            text.push_str(&fill(
                DECLARE_ALIAS,
                &[("alias", &alias), ("target", target)],
            ));
        }
        Ok(())
    }

    fn add_configuration(&self, target: &str, text: &mut String) {
        writeln!(
            text,
            "\nset_property(TARGET {target} APPEND PROPERTY IMPORTED_CONFIGURATIONS {})",
            self.config
        )
        .ok();
    }

    fn library(
        &self,
        target: &str,
        component: &Component,
        requires: &[Requirement],
        name: Option<&str>,
        text: &mut String,
    ) -> Result<(), CMakeError> {
        let properties = self.package.properties();
        let kind = match (component.r#type.as_deref(), &component.location) {
            (Some("static-library"), Some(_)) => "STATIC",
            (Some("shared-library"), Some(_)) => "SHARED",
            _ => "INTERFACE",
        };
        text.push_str(&fill(
            DECLARE_LIBRARY,
            &[("target", target), ("kind", kind)],
        ));
        self.aliases(target, name, text)?;
        self.usage(target, component, text);
        self.add_configuration(target, text);
        self.location(target, component, properties.truth("nosoname", name)?, text);
        let objects = self.paths(component.objects());
        if !objects.is_empty() {
            let values = [
                ("target", target),
                ("config", self.config.as_str()),
                ("objects", &objects),
            ];
            text.push_str(&fill(OBJECTS, &values));
        }
        let extra = properties.list("cmake_extra_interface_libs", name)?;
        self.links(target, component, requires, &extra, text);
        Ok(())
    }

    /// Headers, definitions, flags.
    fn usage(&self, target: &str, component: &Component, text: &mut String) {
        let require = self.package.dependency.require;
        let config = &self.config;
        let mut append = |property: &str, value: &str| {
            writeln!(
                text,
                "set_property(TARGET {target} APPEND PROPERTY {property}\n             {value})"
            )
            .ok();
        };
        if require.headers() {
            let dirs = self.paths(component.includedirs());
            if !dirs.is_empty() {
                append(
                    "INTERFACE_INCLUDE_DIRECTORIES",
                    &format!("\"$<$<CONFIG:{config}>:{dirs}>\""),
                );
            }
            let defines = escaped(component.defines());
            if !defines.is_empty() {
                append(
                    "INTERFACE_COMPILE_DEFINITIONS",
                    &format!("\"$<$<CONFIG:{config}>:{defines}>\""),
                );
            }
            let sources = self.paths(component.sources());
            if !sources.is_empty() {
                append(
                    "INTERFACE_SOURCES",
                    &format!("\"$<$<CONFIG:{config}>:{sources}>\""),
                );
            }
        }
        if !require.headers() && !require.libs() {
            return;
        }
        for (language, flags) in [("CXX", component.cxxflags()), ("C", component.cflags())] {
            let flags = escaped(flags);
            if !flags.is_empty() {
                append(
                    "INTERFACE_COMPILE_OPTIONS",
                    &format!("\"$<$<COMPILE_LANGUAGE:{language}>:$<$<CONFIG:{config}>:{flags}>>\""),
                );
            }
        }
        let linker = [
            (
                ["SHARED_LIBRARY", "MODULE_LIBRARY"].as_slice(),
                component.sharedlinkflags(),
            ),
            (["EXECUTABLE"].as_slice(), component.exelinkflags()),
        ];
        for (kinds, flags) in linker {
            let flags = escaped(flags);
            if flags.is_empty() {
                continue;
            }
            for kind in kinds {
                append(
                    "INTERFACE_LINK_OPTIONS",
                    &format!(
                        "\"$<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,{kind}>:$<$<CONFIG:{config}>:{flags}>>\""
                    ),
                );
            }
        }
    }

    fn location(&self, target: &str, component: &Component, nosoname: bool, text: &mut String) {
        let config = &self.config;
        let Some(location) = &component.location else {
            return;
        };
        if matches!(
            component.r#type.as_deref(),
            Some("static-library" | "shared-library")
        ) {
            self.languages(target, component, text);
        }
        let mut set = |property: &str, value: &str| {
            writeln!(text, "set_target_properties({target} PROPERTIES {property}_{config}\n                      {value})").ok();
        };
        set("IMPORTED_LOCATION", &format!("\"{}\"", self.path(location)));
        if let Some(link) = &component.link_location {
            set("IMPORTED_IMPLIB", &format!("\"{}\"", self.path(link)));
        }
        if nosoname {
            set("IMPORTED_NO_SONAME", "TRUE");
        }
        if component.package_framework == Some(true) {
            writeln!(
                text,
                "set_target_properties({target} PROPERTIES FRAMEWORK TRUE)"
            )
            .ok();
        }
    }

    fn languages(&self, target: &str, component: &Component, text: &mut String) {
        let own = component.languages();
        let declared = &self.package.dependency.package.metadata.languages;
        let languages = if own.is_empty() { declared } else { own };
        if languages.is_empty() {
            return;
        }
        text.push_str(LANGUAGES);
        for language in languages {
            let language = if language == "C++" { "CXX" } else { language };
            let values = [
                ("target", target),
                ("language", language),
                ("config", self.config.as_str()),
            ];
            text.push_str(&fill(LANGUAGE, &values));
        }
    }

    fn links(
        &self,
        target: &str,
        component: &Component,
        requires: &[Requirement],
        extra: &[String],
        text: &mut String,
    ) {
        let config = &self.config;
        for require in requires {
            let mut linked = format!("$<$<CONFIG:{config}>:{}>", require.target);
            if !require.libs {
                linked = format!("$<COMPILE_ONLY:{linked}>");
                text.push_str(&fill(
                    COMPILE_ONLY,
                    &[
                        ("target", target),
                        ("config", config),
                        ("dependency", &require.target),
                    ],
                ));
            }
            let linked = match &require.feature {
                Some(feature) => {
                    text.push_str(
                        "if(CMAKE_VERSION VERSION_LESS \"3.24\")\n    message(FATAL_ERROR \"The \
                         'CMakeConfigDeps' generator LINK_FEATURE property only works with CMake \
                         >= 3.24\")\nendif()\n",
                    );
                    format!("$<LINK_LIBRARY:{feature},{linked}>")
                }
                None => linked,
            };
            append_link(text, target, &linked);
        }
        let traits = self.package.dependency.require;
        if traits.headers() || traits.libs() {
            for lib in component.system_libs() {
                append_link(
                    text,
                    target,
                    &format!("$<$<CONFIG:{config}>:{}>", escape(lib)),
                );
            }
        }
        for lib in extra {
            append_link(text, target, &format!("$<$<CONFIG:{config}>:{lib}>"));
        }
        for framework in component.frameworks() {
            append_link(
                text,
                target,
                &format!("$<$<CONFIG:{config}>:-framework {framework}>"),
            );
        }
    }
}

fn append_link(text: &mut String, target: &str, value: &str) {
    writeln!(
        text,
        "set_property(TARGET {target} APPEND PROPERTY INTERFACE_LINK_LIBRARIES\n             \"{value}\")"
    )
    .ok();
}

fn escaped(values: &[String]) -> String {
    values
        .iter()
        .map(|value| escape(value))
        .collect::<Vec<_>>()
        .join(";")
}

impl Package<'_> {
    /// How this package or a component of it is linked.
    fn link(&self, component: Option<&str>, libs: bool) -> Result<Requirement, CMakeError> {
        let known = component.filter(|name| self.info.components.contains_key(*name));
        let target = match component {
            Some(component) => self.component_target(component)?,
            None => self.root_target()?,
        };
        let feature = self.properties().text("cmake_link_feature", known)?;
        Ok(Requirement {
            target,
            feature: feature.map(str::to_owned),
            libs,
        })
    }
}
