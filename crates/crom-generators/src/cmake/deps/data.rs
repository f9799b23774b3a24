//! `xxx-<configuration>-<arch>-data.cmake`: variables with what a package offers.

use std::fmt::Write;

use crom_model::cpp_info::Component;
use crom_model::package_type::PackageType;
use indexmap::IndexSet;

use super::Package;
use super::names::{FindMode, PackageNames};
use crate::cmake::CMakeError;
use crate::cmake::text::{escape, fill, inside, is_absolute, slashes};
use crate::file::File;

/// Between values that have a line each.
const NEXT_LINE: &str = "\n\t\t\t";

pub(super) fn data_file(package: &Package<'_>, module: bool) -> Result<File, CMakeError> {
    let names = &package.names;
    let info = names.properties.cpp_info;
    let (pkg, suf) = (names.prefix(), package.suffix());
    let mut text = String::new();
    let components = sorted_components(package)?;
    let mut targets = Vec::new();
    for (name, _) in components.iter().rev() {
        targets.push(names.component_target(module, name)?);
    }
    let list = targets.join(" ");
    if components.is_empty() {
        writeln!(text, "set({pkg}_COMPONENT_NAMES \"\")").ok();
    } else {
        writeln!(text, "list(APPEND {pkg}_COMPONENT_NAMES {list})").ok();
        writeln!(text, "list(REMOVE_DUPLICATES {pkg}_COMPONENT_NAMES)").ok();
    }
    find_dependencies(package, module, &mut text)?;

    let style = package.input.consumer.path_style();
    let folder = style.beside_list_file(&package.dependency.package.folders.package);
    writeln!(text, "\nset({pkg}_PACKAGE_FOLDER{suf} \"{folder}\")").ok();
    writeln!(
        text,
        "set({pkg}_BUILD_MODULES_PATHS{suf} {})\n",
        build_modules(package)?
    )
    .ok();

    let aggregated = info.aggregated_components()?.root;
    let global = Values::new(package, &aggregated);
    global.write(&pkg, &mut text)?;
    let extra_libs = names.properties.list("cmake_extra_interface_libs", None)?;
    write_libs(&global, &pkg, &extra_libs, &mut text);
    writeln!(
        text,
        "set({pkg}_BUILD_DIRS{suf} {})",
        global.dirs(aggregated.builddirs())
    )
    .ok();
    let nosoname = truth(names.properties.truth("nosoname", None)?);
    writeln!(text, "set({pkg}_NO_SONAME_MODE{suf} {nosoname})\n").ok();
    text.push_str(&fill(
        COMPOUND,
        &[("prefix", pkg.as_str()), ("suf", suf.as_str())],
    ));
    writeln!(text, "\nset({pkg}_COMPONENTS{suf} {list})").ok();

    for (name, component) in &components {
        let target = names.component_target(module, name)?;
        let prefix = component_prefix(&pkg, &target);
        writeln!(
            text,
            "\n########### COMPONENT {target} VARIABLES ###########\n"
        )
        .ok();
        let values = Values::new(package, component);
        values.write(&prefix, &mut text)?;
        let extra_libs = names
            .properties
            .list("cmake_extra_interface_libs", Some(name))?;
        write_libs(&values, &prefix, &extra_libs, &mut text);
        let requires = component_requires(package, component, module)?.join(" ");
        writeln!(text, "set({prefix}_DEPENDENCIES{suf} {requires})").ok();
        let nosoname = truth(names.properties.truth("nosoname", Some(name))?);
        writeln!(text, "set({prefix}_NO_SONAME_MODE{suf} {nosoname})\n").ok();
        text.push_str(&fill(
            COMPOUND,
            &[("prefix", prefix.as_str()), ("suf", suf.as_str())],
        ));
    }
    Ok(File::new(package.data_file_name(module)?, text))
}

/// Flags are lists of generator expressions, by language and kind of the linking target.
const COMPOUND: &str = "\
set(@prefix@_COMPILE_OPTIONS@suf@)
if(NOT \"${@prefix@_COMPILE_OPTIONS_CXX@suf@}\" STREQUAL \"\")
    list(APPEND @prefix@_COMPILE_OPTIONS@suf@
        \"$<$<COMPILE_LANGUAGE:CXX>:${@prefix@_COMPILE_OPTIONS_CXX@suf@}>\")
endif()
if(NOT \"${@prefix@_COMPILE_OPTIONS_C@suf@}\" STREQUAL \"\")
    list(APPEND @prefix@_COMPILE_OPTIONS@suf@
        \"$<$<COMPILE_LANGUAGE:C>:${@prefix@_COMPILE_OPTIONS_C@suf@}>\")
endif()
set(@prefix@_LINKER_FLAGS@suf@)
if(NOT \"${@prefix@_SHARED_LINK_FLAGS@suf@}\" STREQUAL \"\")
    list(APPEND @prefix@_LINKER_FLAGS@suf@
        \"$<$<OR:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>,$<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>>:${@prefix@_SHARED_LINK_FLAGS@suf@}>\")
endif()
if(NOT \"${@prefix@_EXE_LINK_FLAGS@suf@}\" STREQUAL \"\")
    list(APPEND @prefix@_LINKER_FLAGS@suf@
        \"$<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:${@prefix@_EXE_LINK_FLAGS@suf@}>\")
endif()
";

/// `zlib_ZLIB_ZLIB` for the target `ZLIB::ZLIB`.
pub(super) fn component_prefix(pkg: &str, target: &str) -> String {
    format!("{pkg}_{}", target.replace("::", "_"))
}

/// Dependents first; empty for a package without components.
pub(super) fn sorted_components(
    package: &Package<'_>,
) -> Result<Vec<(String, Component)>, CMakeError> {
    let info = package.names.properties.cpp_info;
    if info.components.is_empty() {
        return Ok(Vec::new());
    }
    Ok(info.get_sorted_components()?.into_iter().rev().collect())
}

fn truth(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

fn find_dependencies(
    package: &Package<'_>,
    module: bool,
    text: &mut String,
) -> Result<(), CMakeError> {
    let pkg = package.names.prefix();
    let mut found: Vec<(String, &str)> = Vec::new();
    for dependency in used_packages(package) {
        let mode = dependency.find_mode()?;
        let as_module = match mode {
            FindMode::Module => true,
            FindMode::Both => module,
            FindMode::Config | FindMode::None => false,
        };
        let how = match mode {
            FindMode::None => "",
            _ if as_module => "MODULE",
            _ => "NO_MODULE",
        };
        found.push((dependency.file_name(as_module)?, how));
    }
    for name in package
        .names
        .properties
        .list("cmake_extra_dependencies", None)?
    {
        found.push((name, ""));
    }
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(" ");
    writeln!(text, "if(DEFINED {pkg}_FIND_DEPENDENCY_NAMES)").ok();
    writeln!(text, "  list(APPEND {pkg}_FIND_DEPENDENCY_NAMES {names})").ok();
    writeln!(
        text,
        "  list(REMOVE_DUPLICATES {pkg}_FIND_DEPENDENCY_NAMES)"
    )
    .ok();
    writeln!(
        text,
        "else()\n  set({pkg}_FIND_DEPENDENCY_NAMES {names})\nendif()"
    )
    .ok();
    for (name, how) in found {
        writeln!(text, "set({name}_FIND_MODE \"{how}\")").ok();
    }
    Ok(())
}

/// Packages whose targets this one links.
pub(super) fn used_packages<'a>(package: &Package<'a>) -> Vec<PackageNames<'a>> {
    let require = package.dependency.require;
    if require.headers() || require.libs() {
        package.transitive()
    } else {
        // Only its files are needed, e.g. to find a library while linking another.
        Vec::new()
    }
}

fn build_modules(package: &Package<'_>) -> Result<String, CMakeError> {
    let name = package.dependency.name();
    let of_tool = package
        .input
        .build_context_build_modules
        .iter()
        .any(|it| it == name);
    if of_tool != package.dependency.is_build() {
        return Ok(String::new());
    }
    let modules = package.names.properties.list("cmake_build_modules", None)?;
    Ok(Values::new(package, &Component::default()).dirs(&modules))
}

/// Targets that a component links.
pub(super) fn component_requires(
    package: &Package<'_>,
    component: &Component,
    module: bool,
) -> Result<Vec<String>, CMakeError> {
    let transitive = package.transitive();
    let mut targets = Vec::new();
    for (owner, name) in component.parsed_requires() {
        let Some(owner) = owner.filter(|owner| *owner != package.dependency.name()) else {
            targets.push(package.names.component_target(module, &name)?);
            continue;
        };
        // A package that isn't there for this consumer has nothing to link.
        if let Some(found) = transitive.iter().find(|it| it.dependency.name() == owner) {
            targets.push(found.component_target(as_module(found, module)?, &name)?);
        }
    }
    Ok(targets)
}

/// Targets that a package without components links.
pub(super) fn package_requires(
    package: &Package<'_>,
    module: bool,
) -> Result<Vec<String>, CMakeError> {
    let require = package.dependency.require;
    if !require.headers() && !require.libs() {
        return Ok(Vec::new());
    }
    let info = package.names.properties.cpp_info;
    if !info.components.is_empty() {
        let mut targets = IndexSet::new();
        for component in info.components.values() {
            targets.extend(component_requires(package, component, module)?);
        }
        return Ok(targets.into_iter().collect());
    }
    if !info.root.requires().is_empty() {
        return component_requires(package, &info.root, module);
    }
    package
        .transitive()
        .iter()
        .map(|it| it.root_target(as_module(it, module)?))
        .collect()
}

/// Whether a dependency is found by a module, if the package that uses it is (or isn't).
fn as_module(dependency: &PackageNames<'_>, module: bool) -> Result<bool, CMakeError> {
    Ok(match dependency.find_mode()? {
        FindMode::Module => true,
        FindMode::Both => module,
        FindMode::Config | FindMode::None => false,
    })
}

/// The values of a package or component, less what the requirement's traits leave out.
struct Values<'a> {
    package: &'a Package<'a>,
    component: &'a Component,
    folder: String,
    folder_variable: String,
}

impl<'a> Values<'a> {
    fn new(package: &'a Package<'a>, component: &'a Component) -> Values<'a> {
        Values {
            package,
            component,
            folder: slashes(&package.dependency.package.folders.package),
            folder_variable: format!(
                "${{{}_PACKAGE_FOLDER{}}}",
                package.names.prefix(),
                package.suffix()
            ),
        }
    }

    /// A path from the package's folder, as text in quotes.
    fn path(&self, path: &str) -> String {
        let path = slashes(path);
        let way = if is_absolute(&path) {
            match inside(&path, &self.folder) {
                Some(way) => way.to_owned(),
                None => return format!("\"{path}\""),
            }
        } else {
            path
        };
        if way.is_empty() {
            format!("\"{}\"", self.folder_variable)
        } else {
            format!("\"{}/{way}\"", self.folder_variable)
        }
    }

    fn dirs(&self, paths: &[String]) -> String {
        let paths: Vec<String> = paths.iter().map(|path| self.path(path)).collect();
        paths.join(NEXT_LINE)
    }

    fn write(&self, prefix: &str, text: &mut String) -> Result<(), CMakeError> {
        let suf = self.package.suffix();
        let require = self.package.dependency.require;
        let info = self.component;
        let linked = require.headers() || require.libs();
        let when = |wanted: bool, value: String| if wanted { value } else { String::new() };
        let mut set = |name: &str, value: String| {
            writeln!(text, "set({prefix}_{name}{suf} {value})").ok();
        };
        set(
            "INCLUDE_DIRS",
            when(require.headers(), self.dirs(info.includedirs())),
        );
        set("RES_DIRS", self.dirs(info.resdirs()));
        set("DEFINITIONS", when(linked, strings(info.defines(), "-D")));
        set(
            "SHARED_LINK_FLAGS",
            when(linked, quoted_flags(info.sharedlinkflags())),
        );
        set(
            "EXE_LINK_FLAGS",
            when(linked, quoted_flags(info.exelinkflags())),
        );
        set("OBJECTS", when(linked, self.dirs(info.objects())));
        set(
            "COMPILE_DEFINITIONS",
            when(linked, strings(info.defines(), "")),
        );
        set("COMPILE_OPTIONS_C", when(linked, flags(info.cflags())));
        set("COMPILE_OPTIONS_CXX", when(linked, flags(info.cxxflags())));
        set("LIB_DIRS", self.dirs(info.libdirs()));
        set("BIN_DIRS", when(require.run(), self.dirs(info.bindirs())));
        set("LIBRARY_TYPE", library_type(self.package).to_owned());
        set("IS_HOST_WINDOWS", is_windows(self.package).to_owned());
        Ok(())
    }
}

fn write_libs(values: &Values<'_>, prefix: &str, extra: &[String], text: &mut String) {
    let suf = values.package.suffix();
    let libs = values.package.dependency.require.libs();
    let info = values.component;
    let when = |wanted: bool, value: String| if wanted { value } else { String::new() };
    let mut system_libs = info.system_libs().to_vec();
    system_libs.extend(extra.iter().cloned());
    let mut set = |name: &str, value: String| {
        writeln!(text, "set({prefix}_{name}{suf} {value})").ok();
    };
    set("LIBS", when(libs, flags(info.libs()).replace(';', " ")));
    set("SYSTEM_LIBS", flags(&system_libs).replace(';', " "));
    set("FRAMEWORK_DIRS", values.dirs(info.frameworkdirs()));
    set(
        "FRAMEWORKS",
        when(libs, flags(info.frameworks()).replace(';', " ")),
    );
}

fn library_type(package: &Package<'_>) -> &'static str {
    match package.dependency.package.package_type {
        PackageType::StaticLibrary => "STATIC",
        PackageType::SharedLibrary => "SHARED",
        _ => "UNKNOWN",
    }
}

fn is_windows(package: &Package<'_>) -> &'static str {
    let os = package
        .dependency
        .package
        .settings
        .get_safe("os")
        .or_else(|| package.input.consumer.setting("os"));
    if os.is_some_and(|os| os.starts_with("Windows")) {
        "1"
    } else {
        "0"
    }
}

/// Each in quotes with a line of its own.
fn strings(values: &[String], prefix: &str) -> String {
    let values: Vec<String> = values
        .iter()
        .map(|value| format!("\"{prefix}{}\"", escape(value)))
        .collect();
    values.join(NEXT_LINE)
}

/// Bare, as elements of a list.
fn flags(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| escape(value)).collect();
    values.join(";")
}

fn quoted_flags(values: &[String]) -> String {
    if values.is_empty() {
        String::new()
    } else {
        format!("\"{}\"", flags(values))
    }
}
