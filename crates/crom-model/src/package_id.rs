//! How references enter a package id.
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use crate::reference::{PackageReference, RecipeReference};
use crate::requirement::PackageIdMode;

/// Unknown mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PackageIdError { /// What is wrong.
 pub message: String }

/// One dependency in the package id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequirementInfo {
    /// As resolved.
    pub full: PackageReference,
    /// Parts that enter the id. All none: the dependency doesn't.
    pub name: Option<String>,
    /// e.g. `1.2.Z`
    pub version: Option<String>,
    /// User.
    pub user: Option<String>,
    /// Channel.
    pub channel: Option<String>,
    /// Recipe revision.
    pub recipe_revision: Option<String>,
    /// Package id.
    pub package_id: Option<String>,
}
impl RequirementInfo {
    /// In that mode.
    pub fn new(_full: PackageReference, _mode: PackageIdMode) -> Self { todo!() }
    /// From the mode's text.
    pub fn with_mode_name(_full: PackageReference, _mode: &str) -> Result<Self, PackageIdError> { todo!() }
    /// Changes to that mode.
    pub fn set_mode(&mut self, _mode: PackageIdMode) { todo!() }
    /// The line; none when it doesn't enter.
    pub fn dumps(&self) -> Option<String> { todo!() }
}
/// The dependencies in the package id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RequirementsInfo {
    /// By reference, in graph order.
    pub items: Vec<RequirementInfo>,
}
impl RequirementsInfo {
    /// `self.info.requires["name"]`
    pub fn get(&self, _name: &str) -> Option<&RequirementInfo> { todo!() }
    /// `self.info.requires["name"]`
    pub fn get_mut(&mut self, _name: &str) -> Option<&mut RequirementInfo> { todo!() }
    /// `self.info.requires.remove("name", ...)`
    pub fn remove(&mut self, _names: &[&str]) { todo!() }
    /// `self.info.requires.clear()`
    pub fn clear(&mut self) { todo!() }
    /// Changes all to that mode.
    pub fn set_mode(&mut self, _mode: PackageIdMode) { todo!() }
    /// Names.
    pub fn pkg_names(&self) -> Vec<&str> { todo!() }
    /// Is there any.
    pub fn is_empty(&self) -> bool { todo!() }
    /// Sorted lines.
    pub fn dumps(&self) -> String { todo!() }
    /// Sorted lines as list.
    pub fn lines(&self) -> Vec<String> { todo!() }
}
/// The python requires in the package id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PythonRequiresInfo {
    /// In declaration order
    pub items: Vec<RequirementInfo>,
}
impl PythonRequiresInfo {
    /// (reference, mode)
    pub fn new(_refs: &[(RecipeReference, Option<String>)], _default_mode: &str) -> Result<Self, PackageIdError> { todo!() }
    /// Changes all to that mode.
    pub fn set_mode(&mut self, _mode: PackageIdMode) { todo!() }
    /// Removes all.
    pub fn clear(&mut self) { todo!() }
    /// Is there any.
    pub fn is_empty(&self) -> bool { todo!() }
    /// Sorted lines.
    pub fn dumps(&self) -> String { todo!() }
    /// Sorted lines as list.
    pub fn lines(&self) -> Vec<String> { todo!() }
}
/// What a consumer of `conaninfo.txt` reads: section to key/value or lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sections(pub IndexMap<String, Vec<String>>);
