//! Package lists.
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use crate::reference::{PackageReference, RecipeReference};
/// Malformed list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PackageListError { /// What is wrong.
 pub message: String }
/// References with revisions, packages and their revisions. Keys are kept in the order of insertion; unknown keys stay.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackageList { recipes: Map<String, Value> }
impl PackageList {
    /// From the JSON of one origin.
    pub fn from_json(_json: &Value) -> Result<Self, PackageListError> { todo!() }
    /// The JSON of one origin.
    pub fn to_json(&self) -> Value { todo!() }
    /// Nothing in it.
    pub fn is_empty(&self) -> bool { todo!() }
    /// Adds a reference; with revision and timestamp if it has them.
    pub fn add_ref(&mut self, _reference: &RecipeReference) { todo!() }
    /// Adds a package (its recipe revision must be there or is added).
    pub fn add_pref(&mut self, _package: &PackageReference, _info: Option<Value>) { todo!() }
    /// All references: with revision where the list has revisions.
    pub fn refs(&self) -> Result<Vec<RecipeReference>, PackageListError> { todo!() }
    /// Packages of a reference (with revision where it has them) and their `info`.
    pub fn prefs(&self, _reference: &RecipeReference) -> Result<Vec<(PackageReference, Option<Value>)>, PackageListError> { todo!() }
    /// The JSON object of a recipe revision.
    pub fn recipe_dict_mut(&mut self, _reference: &RecipeReference) -> Option<&mut Map<String, Value>> { todo!() }
    /// The JSON object of a recipe revision.
    pub fn recipe_dict(&self, _reference: &RecipeReference) -> Option<&Map<String, Value>> { todo!() }
    /// The JSON object of a package revision.
    pub fn package_dict_mut(&mut self, _package: &PackageReference) -> Option<&mut Map<String, Value>> { todo!() }
    /// The JSON object of a package revision.
    pub fn package_dict(&self, _package: &PackageReference) -> Option<&Map<String, Value>> { todo!() }
    /// The raw object.
    pub fn recipes(&self) -> &Map<String, Value> { &self.recipes }
    /// The raw object.
    pub fn recipes_mut(&mut self) -> &mut Map<String, Value> { &mut self.recipes }
    /// Deep merge; the other's values win.
    pub fn merge(&mut self, _other: &PackageList) { todo!() }
    /// Removes packages.
    pub fn only_recipes(&mut self) { todo!() }
    /// One list per reference.
    pub fn split(&self) -> Vec<PackageList> { todo!() }
    /// Has this recipe revision.
    pub fn has_rref(&self, _reference: &RecipeReference) -> bool { todo!() }
}
/// Lists by origin: `Local Cache` or a remote's name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MultiPackageList {
    /// By origin, in the order of asking: a list, or the error of that origin.
    pub lists: IndexMap<String, Result<PackageList, String>>,
}
impl MultiPackageList {
    /// Adds a list.
    pub fn add(&mut self, _origin: &str, _list: PackageList) { todo!() }
    /// Adds an error.
    pub fn add_error(&mut self, _origin: &str, _error: &str) { todo!() }
    /// The list of an origin.
    pub fn get(&self, _origin: &str) -> Result<&PackageList, PackageListError> { todo!() }
    /// Merges.
    pub fn merge(&mut self, _other: &MultiPackageList) { todo!() }
    /// JSON.
    pub fn to_json(&self) -> Value { todo!() }
    /// Reads `list --format=json`.
    pub fn loads(_text: &str) -> Result<Self, PackageListError> { todo!() }
}
