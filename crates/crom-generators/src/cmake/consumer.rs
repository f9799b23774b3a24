//! The package that the files are for, and the packages it sees.

use std::sync::Arc;

use crom_model::conf::Conf;
use crom_model::options::PackageOptions;
use crom_model::package_type::PackageType;
use crom_model::requirement::Requirement;
use crom_model::settings::Settings;
use crom_model::view::{GraphView, PackageView};
use serde::{Deserialize, Serialize};

use super::text::PathStyle;

/// The package that the files are for: what every generator for CMake starts from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Consumer {
    /// How the output names it: `name/version`, `conanfile.py`.
    pub display_name: String,
    /// `self.name`
    pub name: Option<String>,
    /// `self.version`
    pub version: Option<String>,
    /// `self.settings`
    pub settings: Settings,
    /// `self.settings_build`
    pub settings_build: Settings,
    /// `self.options`
    pub options: PackageOptions,
    /// `self.package_type`
    pub package_type: PackageType,
    /// `self.languages`
    pub languages: Vec<String>,
    /// `self.conf`
    pub conf: Conf,
    /// The packages it sees.
    pub graph: Arc<GraphView>,
    /// This package in `graph`.
    pub node: usize,
    /// Its folders.
    pub folders: ConsumerFolders,
    /// Processors that may be used (`build_jobs`).
    pub jobs: u32,
    /// make takes its processors from a jobserver: it isn't told a number.
    #[serde(default)]
    pub jobserver: bool,
    /// The operating system that Crom runs on, as a setting: `Linux`, `Windows`, `Macos`.
    pub platform: String,
}

/// Absolute folders of a [`Consumer`]; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsumerFolders {
    /// `source_folder`
    pub source: String,
    /// `build_folder`
    pub build: String,
    /// `package_folder`; empty in the user's folder.
    pub package: String,
    /// `generators_folder`
    pub generators: String,
    /// What the generators folder is relative to.
    pub base_generators: String,
    /// What `source_folder` is relative to: the recipe's folder in the user's folder.
    pub base_source: String,
}

/// A package as a consumer sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dependency<'a> {
    /// The requirement with its final traits.
    pub require: &'a Requirement,
    /// The package.
    pub package: &'a PackageView,
    /// Where it is in the graph.
    pub index: usize,
}

impl Dependency<'_> {
    pub fn name(&self) -> &str {
        &self.package.reference.name
    }

    pub fn is_build(&self) -> bool {
        self.require.build
    }

    /// Its files are there.
    pub fn has_files(&self) -> bool {
        !self.package.skipped && !self.package.platform && !self.package.folders.package.is_empty()
    }

    /// `name/version`
    pub fn display(&self) -> String {
        self.package.reference.without_revision().to_string()
    }
}

impl Consumer {
    pub(crate) fn setting(&self, path: &str) -> Option<&str> {
        self.settings.get_safe(path)
    }

    pub(crate) fn setting_build(&self, path: &str) -> Option<&str> {
        self.settings_build.get_safe(path)
    }

    /// How paths are written into files.
    pub(crate) fn path_style(&self) -> PathStyle {
        PathStyle {
            generators: self.folders.generators.clone(),
            base: self.folders.base_generators.clone(),
        }
    }

    /// Every package it sees.
    pub(crate) fn dependencies(&self) -> Vec<Dependency<'_>> {
        self.dependencies_of(self.node)
    }

    /// Every package that a node sees.
    pub(crate) fn dependencies_of(&self, node: usize) -> Vec<Dependency<'_>> {
        let Some(view) = self.graph.nodes.get(node) else {
            return Vec::new();
        };
        view.dependencies
            .iter()
            .filter_map(|(require, index)| {
                let package = self.graph.nodes.get(*index)?;
                Some(Dependency {
                    require,
                    package,
                    index: *index,
                })
            })
            .collect()
    }

    /// Packages of the host context (also those for tests) that have files.
    pub(crate) fn host_and_test(&self) -> Vec<Dependency<'_>> {
        let mut found: Vec<Dependency<'_>> = self
            .dependencies()
            .into_iter()
            .filter(|it| !it.is_build() && !it.require.skip && it.has_files())
            .collect();
        // First what is required, then what is for tests.
        found.sort_by_key(|it| it.require.test());
        found
    }

    /// Packages of the build context that have files.
    pub(crate) fn build(&self) -> Vec<Dependency<'_>> {
        self.dependencies()
            .into_iter()
            .filter(|it| it.is_build() && it.has_files())
            .collect()
    }

    /// True if it is built for another machine than the one that builds.
    pub(crate) fn cross_building(&self) -> Result<bool, super::CMakeError> {
        if let Some(explicit) = self
            .conf
            .get_bool("tools.build.cross_building:cross_build")?
        {
            return Ok(explicit);
        }
        let (os, os_build) = (self.setting("os"), self.setting_build("os"));
        let (arch, arch_build) = (self.setting("arch"), self.setting_build("arch"));
        let differs = |left: Option<&str>, right: Option<&str>| {
            left.is_some() && right.is_some() && left != right
        };
        Ok(differs(os, os_build) || differs(arch, arch_build))
    }
}

/// macOS, iOS and so on.
pub(crate) fn is_apple(os: Option<&str>) -> bool {
    os.is_some_and(crom_model::flags::apple::is_apple_os)
}
