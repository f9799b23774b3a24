//! Flags that a package's `cpp_info` means for compilers and linkers that are called directly, and
//! AutotoolsDeps, which puts them into the environment.

use crom_model::cpp_info::Component;
use crom_model::environment::Environment;
use crom_model::package_type::PackageType;
use serde::{Deserialize, Serialize};

use super::flags::is_msvc;
use crate::cmake::Consumer;
use crate::cmake::consumer::is_apple;
use crate::error::GeneratorError;
use crate::packages::{host_and_test, linking_order};

/// Flags of one or more packages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepsFlags {
    /// `-I`
    pub include_paths: Vec<String>,
    /// `-L`
    pub lib_paths: Vec<String>,
    /// `-D`
    pub defines: Vec<String>,
    /// `-l`
    pub libs: Vec<String>,
    /// `-l`
    pub system_libs: Vec<String>,
    /// `-framework X`, for Apple only.
    pub frameworks: Vec<String>,
    /// `-F`, for Apple only.
    pub framework_paths: Vec<String>,
    /// As given.
    pub cflags: Vec<String>,
    /// As given.
    pub cxxflags: Vec<String>,
    /// As given.
    pub sharedlinkflags: Vec<String>,
    /// As given.
    pub exelinkflags: Vec<String>,
    /// `--sysroot=`
    pub sysroot: Vec<String>,
}

/// The flags of a component whose folders are absolute.
pub fn deps_flags(consumer: &Consumer, info: &Component) -> DepsFlags {
    let msvc = is_msvc(consumer);
    let apple = is_apple(consumer.setting("os"));
    let each = |list: &[String], form: &dyn Fn(&str) -> String| -> Vec<String> {
        list.iter()
            .filter(|it| !it.is_empty())
            .map(|it| form(it))
            .collect()
    };
    let path = |path: &str| {
        let path = if msvc {
            path.replace('/', "\\")
        } else {
            path.replace('\\', "/")
        };
        if path.contains(' ') {
            format!("\"{path}\"")
        } else {
            path
        }
    };
    let library = |name: &str| match (msvc, name.ends_with(".lib")) {
        (true, true) => name.to_owned(),
        (true, false) => format!("{name}.lib"),
        (false, _) => format!("-l{name}"),
    };
    let (lib_path, nothing) = (if msvc { "-LIBPATH:" } else { "-L" }, Vec::new);
    DepsFlags {
        include_paths: each(info.includedirs(), &|it| format!("-I{}", path(it))),
        lib_paths: each(info.libdirs(), &|it| format!("{lib_path}{}", path(it))),
        defines: each(info.defines(), &|it| format!("-D{it}")),
        libs: each(info.libs(), &library),
        system_libs: each(info.system_libs(), &library),
        frameworks: if apple {
            each(info.frameworks(), &|it| format!("-framework {it}"))
        } else {
            nothing()
        },
        framework_paths: if apple {
            each(info.frameworkdirs(), &|it| format!("-F\"{it}\""))
        } else {
            nothing()
        },
        cflags: info.cflags().to_vec(),
        cxxflags: info.cxxflags().to_vec(),
        sharedlinkflags: info.sharedlinkflags().to_vec(),
        exelinkflags: info.exelinkflags().to_vec(),
        sysroot: info
            .sysroot
            .iter()
            .filter(|it| !msvc && !it.is_empty())
            .map(|it| format!("--sysroot={it}"))
            .collect(),
    }
}

/// Everything of the packages of the host context in the order of linkers, with absolute folders.
pub(crate) fn merged(consumer: &Consumer) -> Result<Component, GeneratorError> {
    let host: Vec<_> = host_and_test(consumer)
        .into_iter()
        .filter(|it| !it.require.test())
        .collect();
    let mut all = Component::default();
    for package in linking_order(&consumer.graph, &host) {
        let mut info = package.aggregated()?;
        info.set_relative_base_folder(&package.folder());
        all.merge(&info, false);
    }
    Ok(all)
}

/// The environment of AutotoolsDeps.
pub fn autotools_deps(consumer: &Consumer) -> Result<Environment, GeneratorError> {
    let mut flags = deps_flags(consumer, &merged(consumer)?);
    let mut environment = Environment::new();
    let mut cpp_flags = flags.include_paths;
    cpp_flags.append(&mut flags.defines);
    let mut libs = flags.libs;
    libs.append(&mut flags.system_libs);
    let mut ld_flags = flags.sharedlinkflags;
    for part in [
        &mut flags.exelinkflags,
        &mut flags.frameworks,
        &mut flags.framework_paths,
        &mut flags.lib_paths,
    ] {
        ld_flags.append(part);
    }
    // Programs of the build find the dynamic libraries only by rpath: macOS drops DYLD_LIBRARY_PATH.
    if consumer.setting("os") == Some("Macos") {
        for package in host_and_test(consumer)
            .iter()
            .filter(|it| !it.require.test())
        {
            let view = &package.view;
            let option = view.options.get_safe("shared");
            if view.package_type == PackageType::SharedLibrary
                || option.is_some_and(super::flags::is_true)
            {
                let folders = package.paths(package.aggregated()?.libdirs());
                ld_flags.extend(folders.iter().map(|it| format!("-Wl,-rpath,{it}")));
            }
        }
    }
    // A package's own sysroot is a flag of every stage.
    let sysroot = flags.sysroot;
    let with_sysroot = |mut flags: Vec<String>| {
        flags.extend(sysroot.iter().cloned());
        flags
    };
    environment.append("CPPFLAGS", &with_sysroot(cpp_flags), None);
    environment.append("LIBS", &libs, None);
    let linker = if is_msvc(consumer) {
        "_LINK_"
    } else {
        "LDFLAGS"
    };
    environment.append(linker, &with_sysroot(ld_flags), None);
    environment.append("CXXFLAGS", &with_sysroot(flags.cxxflags), None);
    environment.append("CFLAGS", &with_sysroot(flags.cflags), None);
    Ok(environment)
}
