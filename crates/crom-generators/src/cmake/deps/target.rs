//! `xxxTargets.cmake` declares targets, `xxx-Target-<configuration>.cmake` fills them.

use std::fmt::Write;

use super::Package;
use super::data::{component_prefix, package_requires, sorted_components};
use crate::cmake::CMakeError;
use crate::cmake::text::fill;
use crate::file::File;

const TARGETS: &str = "\
# The variables of all configurations that are installed
file(GLOB DATA_FILES \"${CMAKE_CURRENT_LIST_DIR}/@prefix@-*-data.cmake\")
foreach(f ${DATA_FILES})
    include(${f})
endforeach()

foreach(_COMPONENT ${@pkg@_COMPONENT_NAMES} )
    if(NOT TARGET ${_COMPONENT})
        add_library(${_COMPONENT} INTERFACE IMPORTED)
        message(${@file@_MESSAGE_MODE} \"Conan: Component target declared '${_COMPONENT}'\")
    endif()
endforeach()

if(NOT TARGET @root@)
    add_library(@root@ INTERFACE IMPORTED)
    message(${@file@_MESSAGE_MODE} \"Conan: Target declared '@root@'\")
endif()
";

const ALIAS: &str = "\
if(NOT TARGET @alias@)
    add_library(@alias@ INTERFACE IMPORTED)
    set_property(TARGET @alias@ PROPERTY INTERFACE_LINK_LIBRARIES @target@)
endif()
";

const LOAD: &str = "
# What the targets are in each configuration
file(GLOB CONFIG_FILES \"${CMAKE_CURRENT_LIST_DIR}/@prefix@-Target-*.cmake\")
foreach(f ${CONFIG_FILES})
    include(${f})
endforeach()
";

pub(super) fn targets_file(package: &Package<'_>, module: bool) -> Result<File, CMakeError> {
    let names = &package.names;
    let (prefix, pkg) = (package.file_prefix(module)?, names.prefix());
    let (file, root) = (names.file_name(module)?, names.root_target(module)?);
    let values = [
        ("prefix", prefix.as_str()),
        ("pkg", pkg.as_str()),
        ("file", file.as_str()),
        ("root", root.as_str()),
    ];
    let mut text = fill(TARGETS, &values);
    let mut alias = |alias: &str, target: &str| {
        text.push_str(&fill(ALIAS, &[("alias", alias), ("target", target)]));
    };
    for name in names.aliases(None)? {
        alias(&name, &root);
    }
    for component in names.properties.cpp_info.components.keys() {
        let target = names.component_target(module, component)?;
        for name in names.aliases(Some(component))? {
            alias(&name, &target);
        }
    }
    text.push_str(&fill(LOAD, &values));
    Ok(File::new(format!("{prefix}Targets.cmake"), text))
}

/// Frameworks, a target for what is linked beside the libraries, a target per library.
const LIBRARIES: &str = "\
set(@prefix@_FRAMEWORKS_FOUND@suf@ \"\")
conan_find_apple_frameworks(@prefix@_FRAMEWORKS_FOUND@suf@ \"${@prefix@_FRAMEWORKS@suf@}\" \"${@prefix@_FRAMEWORK_DIRS@suf@}\")

set(@prefix@_LIBRARIES_TARGETS \"\")

# Frameworks, system libraries and dependencies, for every library
if(NOT TARGET @prefix@_DEPS_TARGET)
    add_library(@prefix@_DEPS_TARGET INTERFACE IMPORTED)
endif()
set_property(TARGET @prefix@_DEPS_TARGET
             APPEND PROPERTY INTERFACE_LINK_LIBRARIES
             $<$<CONFIG:@config@>:${@prefix@_FRAMEWORKS_FOUND@suf@}>
             $<$<CONFIG:@config@>:${@prefix@_SYSTEM_LIBS@suf@}>
             $<$<CONFIG:@config@>:@requires@>)

# An imported target per library, collected in @prefix@_LIBRARIES_TARGETS
conan_package_library_targets(\"${@prefix@_LIBS@suf@}\"
                              \"${@prefix@_LIB_DIRS@suf@}\"
                              \"${@prefix@_BIN_DIRS@suf@}\"
                              \"${@prefix@_LIBRARY_TYPE@suf@}\"
                              \"${@prefix@_IS_HOST_WINDOWS@suf@}\"
                              @prefix@_DEPS_TARGET
                              @prefix@_LIBRARIES_TARGETS
                              \"@suf@\"
                              \"@prefix@\"
                              \"${@prefix@_NO_SONAME_MODE@suf@}\")

";

const PROPERTIES: &str = "\
set_property(TARGET @target@
             APPEND PROPERTY INTERFACE_LINK_LIBRARIES
             $<$<CONFIG:@config@>:${@prefix@_OBJECTS@suf@}>
             $<$<CONFIG:@config@>:${@prefix@_LIBRARIES_TARGETS}>
             )

if(\"${@prefix@_LIBS@suf@}\" STREQUAL \"\")
    # Without libraries nothing else brings what is beside them
    set_property(TARGET @target@
                 APPEND PROPERTY INTERFACE_LINK_LIBRARIES
                 @prefix@_DEPS_TARGET)
endif()

set_property(TARGET @target@ APPEND PROPERTY INTERFACE_LINK_OPTIONS
             $<$<CONFIG:@config@>:${@prefix@_LINKER_FLAGS@suf@}>)
set_property(TARGET @target@ APPEND PROPERTY INTERFACE_INCLUDE_DIRECTORIES
             $<$<CONFIG:@config@>:${@prefix@_INCLUDE_DIRS@suf@}>)
# So that the linker finds the dependencies of shared libraries
set_property(TARGET @target@ APPEND PROPERTY INTERFACE_LINK_DIRECTORIES
             $<$<CONFIG:@config@>:${@prefix@_LIB_DIRS@suf@}>)
set_property(TARGET @target@ APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS
             $<$<CONFIG:@config@>:${@prefix@_COMPILE_DEFINITIONS@suf@}>)
set_property(TARGET @target@ APPEND PROPERTY INTERFACE_COMPILE_OPTIONS
             $<$<CONFIG:@config@>:${@prefix@_COMPILE_OPTIONS@suf@}>)

";

pub(super) fn target_file(package: &Package<'_>, module: bool) -> Result<File, CMakeError> {
    let names = &package.names;
    let (pkg, suf) = (names.prefix(), package.suffix());
    let config = package.configuration().unwrap_or_default();
    let root = names.root_target(module)?;
    let requires = package_requires(package, module)?.join(";");
    let values = [
        ("prefix", pkg.as_str()),
        ("suf", suf.as_str()),
        ("config", config),
        ("target", root.as_str()),
        ("requires", requires.as_str()),
    ];
    let mut text = String::from(
        "# A second find_package() must not append to the targets again\ninclude_guard()\n\n",
    );
    text.push_str(&fill(LIBRARIES, &values));
    writeln!(
        text,
        "set(CMAKE_MODULE_PATH ${{{pkg}_BUILD_DIRS{suf}}} ${{CMAKE_MODULE_PATH}})\n"
    )
    .ok();
    let components = sorted_components(package)?;
    if components.is_empty() {
        text.push_str(&fill(PROPERTIES, &values));
    }
    let mut targets = Vec::new();
    for (name, _) in &components {
        let target = names.component_target(module, name)?;
        let prefix = component_prefix(&pkg, &target);
        let requires = format!("${{{prefix}_DEPENDENCIES{suf}}}");
        let values = [
            ("prefix", prefix.as_str()),
            ("suf", suf.as_str()),
            ("config", config),
            ("target", target.as_str()),
            ("requires", requires.as_str()),
        ];
        writeln!(text, "########## COMPONENT {target} #############\n").ok();
        text.push_str(&fill(LIBRARIES, &values));
        text.push_str(&fill(PROPERTIES, &values));
        targets.push(target);
    }
    if !targets.is_empty() {
        text.push_str("########## The package as a whole: all its components\n");
    }
    for target in &targets {
        writeln!(
            text,
            "set_property(TARGET {root} APPEND PROPERTY INTERFACE_LINK_LIBRARIES {target})"
        )
        .ok();
    }
    writeln!(
        text,
        "\n# For Find modules\nset({pkg}_LIBRARIES{suf} {root})"
    )
    .ok();
    let name = match package.configuration() {
        Some(config) => format!("-{}", config.to_lowercase()),
        None => String::new(),
    };
    Ok(File::new(
        format!("{}-Target{name}.cmake", package.file_prefix(module)?),
        text,
    ))
}
