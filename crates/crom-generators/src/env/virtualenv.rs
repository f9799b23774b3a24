//! The environments that VirtualBuildEnv and VirtualRunEnv consist of.
//!
//! What a package says itself (`buildenv_info`, `runenv_info`) has priority over what follows from
//! its folders (`PATH` from `bindirs`), and the profile over all. For the build environment
//! consumers have priority over what they require, and later tools over earlier ones; for the run
//! environment the order of `self.dependencies` counts.

use std::collections::HashSet;

use crom_model::environment::Environment;
use crom_model::requirement::Requirement;
use crom_model::view::PackageView;
use serde::{Deserialize, Serialize};

use crate::cmake::Consumer;
use crate::cmake::text::join;
use crate::packages::{Package, topological};

/// What a package's environment is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VirtualEnv {
    /// The package.
    pub consumer: Consumer,
    /// What the profile's `[buildenv]` or `[runenv]` says for this package.
    pub profile: Environment,
    /// Those among [`VirtualEnv::folders`] that exist: others aren't put on a search path.
    pub existing: HashSet<String>,
    /// A folder that the DLLs of all packages were copied to: the only one to be searched.
    pub copied: Option<String>,
}

impl VirtualEnv {
    /// Folders of packages (absolute) that would be put on a search path if they exist. Ask the
    /// disk, then fill `existing`.
    pub fn folders(&self) -> Vec<String> {
        let mut folders = Vec::new();
        for dependency in self.consumer.dependencies() {
            let package = dependency.package;
            for component in components(package) {
                let lists = [
                    component.bindirs(),
                    component.libdirs(),
                    component.frameworkdirs(),
                ];
                for folder in lists.into_iter().flatten() {
                    folders.push(join(&package.folders.package, folder));
                }
            }
        }
        folders
    }

    /// The environment of builds (VirtualBuildEnv).
    pub fn build(&self) -> Environment {
        let mut result = self.profile.clone();
        let os = self.consumer.setting_build("os");
        let tools = self.packages(|require| require.build);
        for tool in topological(&self.consumer.graph, &tools).iter().rev() {
            if tool.require.direct() {
                result.compose_env(&tool.view.buildenv_info);
            }
            result.compose_env(&tool.view.runenv_info);
            result.compose_env(&self.implicit(tool.view, os));
        }
        let host = self.packages(|require| !require.build && !require.test());
        for package in topological(&self.consumer.graph, &host).iter().rev() {
            result.compose_env(&package.view.buildenv_info);
        }
        result
    }

    /// The environment in which what was built runs (VirtualRunEnv).
    pub fn run(&self) -> Environment {
        let mut result = self.profile.clone();
        let os = self.consumer.setting("os");
        let mut packages = self.packages(|require| !require.build && !require.test());
        packages.extend(self.packages(|require| !require.build && require.test()));
        for package in packages {
            result.compose_env(&package.view.runenv_info);
            if package.require.run() && self.copied.is_none() {
                result.compose_env(&self.implicit(package.view, os));
            }
        }
        if let Some(folder) = &self.copied {
            let mut found = Environment::new();
            found.prepend_path("PATH", std::slice::from_ref(folder));
            result.compose_env(&found);
        }
        result
    }

    /// Existing folders with the programs and DLLs of packages that are run.
    pub fn program_folders(&self) -> Vec<String> {
        let packages = self.packages(|require| !require.build && require.run());
        let all = packages.iter().flat_map(|it| {
            let folders = components(it.view).flat_map(|own| own.bindirs().to_vec());
            folders.map(|folder| join(&it.view.folders.package, &folder))
        });
        let mut found: Vec<String> = Vec::new();
        for folder in all {
            if self.existing.contains(&folder) && !found.contains(&folder) {
                found.push(folder);
            }
        }
        found
    }

    fn packages(&self, wanted: impl Fn(&Requirement) -> bool) -> Vec<Package<'_>> {
        crate::packages::packages(&self.consumer)
            .into_iter()
            .filter(|it| wanted(it.require))
            .collect()
    }

    /// `PATH` and the search paths of the dynamic linkers, from the folders of a package.
    fn implicit(&self, package: &PackageView, os: Option<&str>) -> Environment {
        let mut environment = Environment::new();
        let mut add = |name: &str, folders: &[String]| {
            if !folders.is_empty() {
                environment.prepend_path(name, folders);
            }
        };
        let existing = |list: fn(&crom_model::cpp_info::Component) -> &[String]| {
            let mut found: Vec<String> = Vec::new();
            for component in components(package) {
                for folder in list(component) {
                    let folder = join(&package.folders.package, folder);
                    if self.existing.contains(&folder) && !found.contains(&folder) {
                        found.push(folder);
                    }
                }
            }
            found
        };
        add("PATH", &existing(|it| it.bindirs()));
        // Windows finds DLLs by PATH.
        if os.is_some_and(|it| !it.starts_with("Windows")) {
            let libdirs = existing(|it| it.libdirs());
            add("LD_LIBRARY_PATH", &libdirs);
            add("DYLD_LIBRARY_PATH", &libdirs);
            add("DYLD_FRAMEWORK_PATH", &existing(|it| it.frameworkdirs()));
        }
        environment
    }
}

/// The components, or the package as a whole if it has none.
fn components(
    package: &PackageView,
) -> Box<dyn Iterator<Item = &crom_model::cpp_info::Component> + '_> {
    if package.cpp_info.has_components() {
        Box::new(package.cpp_info.components.values())
    } else {
        Box::new(std::iter::once(&package.cpp_info.root))
    }
}

/// The name of the scripts, without form: `conanbuildenv-release-x86_64`.
pub fn script_name(basename: &str, build_type: Option<&str>, arch: Option<&str>) -> String {
    dotenv_name(basename, build_type, arch).to_lowercase()
}

/// The name of the dotenv file, without form; it keeps the case of the build type.
pub fn dotenv_name(basename: &str, build_type: Option<&str>, arch: Option<&str>) -> String {
    let mut name = basename.to_owned();
    for part in [build_type, arch].into_iter().flatten() {
        name.push('-');
        name.push_str(&part.replace(['.', '|'], "_"));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(environment: &Environment) -> String {
        environment
            .resolve(":", |_| None)
            .into_iter()
            .map(|(name, value)| format!("{name}={}\n", value.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn environments() {
        let mut profile = Environment::new();
        profile.define("TOOLRUN", &["profile".to_owned()], " ");
        let mut env = VirtualEnv {
            consumer: crate::fixture::consumer(&crate::fixture::linux()),
            profile,
            ..VirtualEnv::default()
        };
        env.existing = [
            "/pkg/tool/bin",
            "/pkg/libb/bin",
            "/pkg/libb/lib",
            "/pkg/liba/lib",
        ]
        .map(str::to_owned)
        .into();
        assert!(env.existing.iter().all(|it| env.folders().contains(it)));
        insta::assert_snapshot!(shown(&env.build()), @r#"
        TOOLRUN=profile
        TOOLVAR=a "quote"
        TOOLFLAGS=zero,a,b
        PATH=/pkg/tool/bin
        A_BUILD=no
        "#);
        env.profile = Environment::new();
        // liba is static: nobody runs it, but what it says itself holds.
        insta::assert_snapshot!(shown(&env.run()), @r"
        PATH=/pkg/libb/bin
        LD_LIBRARY_PATH=/pkg/libb/lib
        DYLD_LIBRARY_PATH=/pkg/libb/lib
        A_RUN=yes
        MYRUNPATH=/pkg/liba/run
        ");
    }

    #[test]
    fn names() {
        assert_eq!(
            script_name("conanbuildenv", Some("Release"), Some("armv8.3")),
            "conanbuildenv-release-armv8_3"
        );
        assert_eq!(script_name("conanrunenv", None, None), "conanrunenv");
        assert_eq!(
            dotenv_name("conanrunenv", Some("Debug"), None),
            "conanrunenv-Debug"
        );
    }
}
