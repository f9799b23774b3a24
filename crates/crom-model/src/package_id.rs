//! How dependencies enter a package id.
//!
//! | mode | text for `dep/1.2.3@user/chan#rrev:id` |
//! | --- | --- |
//! | `unrelated_mode` | nothing |
//! | `semver_mode` | `dep/1.Y.Z@user/chan`, the whole version below 1.0 |
//! | `major_mode` | `dep/1.Y.Z@user/chan` |
//! | `minor_mode` | `dep/1.2.Z@user/chan` |
//! | `patch_mode` | `dep/1.2.3@user/chan` |
//! | `micro_mode` | `dep/1.2.3.0@user/chan` |
//! | `full_version_mode`, `full_recipe_mode` | `dep/1.2.3@user/chan` |
//! | `revision_mode` | `dep/1.2.3@user/chan#rrev` |
//! | `full_package_mode` | `dep/1.2.3@user/chan:id` |
//! | `full_mode`, `recipe_revision_mode` | `dep/1.2.3@user/chan#rrev:id` |

use serde::{Deserialize, Serialize};

use crate::reference::{PackageReference, RecipeReference};
use crate::requirement::PackageIdMode;
use crate::version::{Version, VersionItem};

#[cfg(test)]
mod tests;

/// A mode that doesn't exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("require {reference} package_id_mode='{mode}' is not a known package_id_mode")]
pub struct PackageIdError {
    /// The dependency.
    pub reference: String,
    /// The text.
    pub mode: String,
}

/// One dependency in the package id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequirementInfo {
    /// As resolved.
    pub full: PackageReference,
    /// The mode last set, if the parts weren't changed one by one.
    pub mode: PackageIdMode,
    /// None: the dependency doesn't enter.
    pub name: Option<String>,
    /// e.g. `1.2.Z`
    pub version: Option<String>,
    /// If it enters.
    pub user: Option<String>,
    /// If it enters.
    pub channel: Option<String>,
    /// If it enters.
    pub recipe_revision: Option<String>,
    /// If it enters.
    pub package_id: Option<String>,
}

impl RequirementInfo {
    /// In that mode.
    pub fn new(full: PackageReference, mode: PackageIdMode) -> Self {
        let mut info = Self {
            full,
            mode,
            name: None,
            version: None,
            user: None,
            channel: None,
            recipe_revision: None,
            package_id: None,
        };
        info.set_mode(mode);
        info
    }

    /// From the text of the mode.
    pub fn with_mode_name(full: PackageReference, mode: &str) -> Result<Self, PackageIdError> {
        match PackageIdMode::parse(mode) {
            Some(mode) => Ok(Self::new(full, mode)),
            None => Err(PackageIdError {
                reference: full.reference.to_string(),
                mode: mode.to_owned(),
            }),
        }
    }

    /// Changes to that mode.
    pub fn set_mode(&mut self, mode: PackageIdMode) {
        let reference = &self.full.reference;
        self.mode = mode;
        self.version = version_in_mode(&reference.version, mode);
        let enters = self.version.is_some();
        let if_in = |text: &Option<String>, on: bool| if on { text.clone() } else { None };
        self.name = enters.then(|| reference.name.clone());
        self.user = if_in(&reference.user, enters);
        self.channel = if_in(&reference.channel, enters);
        let revision = matches!(
            mode,
            PackageIdMode::RevisionMode
                | PackageIdMode::RecipeRevisionMode
                | PackageIdMode::FullMode
        );
        let package = matches!(
            mode,
            PackageIdMode::FullPackageMode
                | PackageIdMode::RecipeRevisionMode
                | PackageIdMode::FullMode
        );
        self.recipe_revision = if_in(&reference.revision, revision);
        self.package_id = if_in(&Some(self.full.package_id.clone()), package);
    }

    /// The line; none when the dependency doesn't enter.
    pub fn dumps(&self) -> Option<String> {
        let name = self.name.as_ref().filter(|name| !name.is_empty())?;
        let reference = RecipeReference {
            user: self.user.clone(),
            channel: self.channel.clone(),
            revision: self.recipe_revision.clone(),
            ..RecipeReference::new(name.as_str(), self.version.clone().unwrap_or_default())
        };
        let mut text = reference.repr_notime();
        if let Some(package_id) = self.package_id.as_ref().filter(|id| !id.is_empty()) {
            text.push(':');
            text.push_str(package_id);
        }
        Some(text)
    }
}

fn version_in_mode(version: &Version, mode: PackageIdMode) -> Option<String> {
    let part = |index: usize| {
        version
            .main()
            .get(index)
            .map_or_else(|| "0".to_owned(), VersionItem::to_string)
    };
    let numeric = version
        .major()
        .is_some_and(|major| major.as_number().is_some());
    let known = |text: String| if numeric { text } else { part(0) };
    Some(match mode {
        PackageIdMode::UnrelatedMode => return None,
        PackageIdMode::SemverMode if version.major() == Some(&VersionItem::Number(0)) => {
            version.to_string()
        }
        PackageIdMode::SemverMode | PackageIdMode::MajorMode => known(format!("{}.Y.Z", part(0))),
        PackageIdMode::MinorMode => known(format!("{}.{}.Z", part(0), part(1))),
        PackageIdMode::PatchMode => known(format!("{}.{}.{}", part(0), part(1), part(2))),
        PackageIdMode::MicroMode => format!("{}.{}.{}.{}", part(0), part(1), part(2), part(3)),
        PackageIdMode::FullVersionMode
        | PackageIdMode::FullRecipeMode
        | PackageIdMode::RecipeRevisionMode
        | PackageIdMode::RevisionMode
        | PackageIdMode::FullPackageMode
        | PackageIdMode::FullMode => version.to_string(),
    })
}

/// The dependencies in the package id: `self.info.requires` and `self.info.build_requires`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RequirementsInfo {
    /// In the order of the graph.
    pub items: Vec<RequirementInfo>,
}

impl RequirementsInfo {
    /// `self.info.requires["name"]`
    pub fn get(&self, name: &str) -> Option<&RequirementInfo> {
        self.items
            .iter()
            .find(|item| item.full.reference.name == name)
    }

    /// `self.info.requires["name"]`
    pub fn get_mut(&mut self, name: &str) -> Option<&mut RequirementInfo> {
        self.items
            .iter_mut()
            .find(|item| item.full.reference.name == name)
    }

    /// `self.info.requires.remove("name", ...)`
    pub fn remove(&mut self, names: &[&str]) {
        self.items
            .retain(|item| !names.contains(&item.full.reference.name.as_str()));
    }

    /// `self.info.requires.clear()`
    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// Changes all to that mode.
    pub fn set_mode(&mut self, mode: PackageIdMode) {
        self.items.iter_mut().for_each(|item| item.set_mode(mode));
    }

    /// Names of all dependencies, also of those that don't enter.
    pub fn pkg_names(&self) -> Vec<&str> {
        self.items
            .iter()
            .map(|item| item.full.reference.name.as_str())
            .collect()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The lines, sorted, joined by `\n`.
    pub fn dumps(&self) -> String {
        self.lines().join("\n")
    }

    /// The lines, sorted.
    pub fn lines(&self) -> Vec<String> {
        sorted_lines(&self.items)
    }
}

/// The python requires in the package id: `self.info.python_requires`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PythonRequiresInfo {
    /// In the order of declaration.
    pub items: Vec<RequirementInfo>,
}

impl PythonRequiresInfo {
    /// From references and the mode that each asks for itself (`package_id_python_mode`), with the
    /// default of the conf.
    pub fn new(
        refs: &[(RecipeReference, Option<String>)],
        default_mode: &str,
    ) -> Result<Self, PackageIdError> {
        let items = refs.iter().map(|(reference, mode)| {
            let full = PackageReference::new(reference.clone(), "");
            RequirementInfo::with_mode_name(full, mode.as_deref().unwrap_or(default_mode))
        });
        Ok(Self {
            items: items.collect::<Result<_, _>>()?,
        })
    }

    /// Changes all to that mode.
    pub fn set_mode(&mut self, mode: PackageIdMode) {
        self.items.iter_mut().for_each(|item| item.set_mode(mode));
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The lines, sorted, joined by `\n`.
    pub fn dumps(&self) -> String {
        self.lines().join("\n")
    }

    /// The lines, sorted.
    pub fn lines(&self) -> Vec<String> {
        sorted_lines(&self.items)
    }
}

fn sorted_lines(items: &[RequirementInfo]) -> Vec<String> {
    let mut lines: Vec<String> = items.iter().filter_map(RequirementInfo::dumps).collect();
    lines.sort();
    lines
}
