//! `cpp_info`.
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Impossible content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CppInfoError { /// What is wrong.
 pub message: String }

macro_rules! list_fields {
    ($($variant:ident $field:ident $doc:literal),* $(,)?) => {
        /// The attributes of a component that are lists of texts, in the order of the JSON.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ListField { $(#[doc = $doc] $variant),* }
        impl ListField {
            /// All of them.
            pub const ALL: &'static [ListField] = &[$(ListField::$variant),*];
            /// Python attribute name.
            pub fn as_str(self) -> &'static str { match self { $(ListField::$variant => stringify!($field)),* } }
            /// From the Python attribute name.
            pub fn parse(name: &str) -> Option<ListField> { match name { $(stringify!($field) => Some(ListField::$variant),)* _ => None } }
        }
        /// A component (or the package as a whole). `None` = never set.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct Component {
            $(#[doc = $doc] pub $field: Option<Vec<String>>,)*
            /// `sysroot`
            pub sysroot: Option<String>,
            /// `pkg::comp`, `comp` or `pkg::pkg`
            pub requires: Option<Vec<String>>,
            /// Generator properties, any YAML-like value.
            pub properties: Option<IndexMap<String, Value>>,
            /// Name of the executable target.
            pub exe: Option<String>,
            /// Package type of the component.
            pub r#type: Option<String>,
            /// Full path of the library or executable.
            pub location: Option<String>,
            /// Full path of the import library.
            pub link_location: Option<String>,
            /// Languages.
            pub languages: Option<Vec<String>>,
            /// Apple framework bundle
            pub package_framework: Option<bool>,
        }
        impl Component {
            /// A list by field: none if never set.
            pub fn list(&self, field: ListField) -> Option<&[String]> { match field { $(ListField::$variant => self.$field.as_deref()),* } }
            /// The slot of a list.
            pub fn list_slot(&mut self, field: ListField) -> &mut Option<Vec<String>> { match field { $(ListField::$variant => &mut self.$field),* } }
            $(#[doc = $doc] #[doc = " Empty if never set."] pub fn $field(&self) -> &[String] { self.$field.as_deref().unwrap_or(&[]) })*
        }
    };
}
list_fields! {
    IncludeDirs includedirs "`includedirs`", SrcDirs srcdirs "`srcdirs`", LibDirs libdirs "`libdirs`", ResDirs resdirs "`resdirs`",
    BinDirs bindirs "`bindirs`", BuildDirs builddirs "`builddirs`", FrameworkDirs frameworkdirs "`frameworkdirs`",
    SystemLibs system_libs "`system_libs`", Frameworks frameworks "`frameworks`", Libs libs "`libs`", Defines defines "`defines`",
    CFlags cflags "`cflags`", CxxFlags cxxflags "`cxxflags`", SharedLinkFlags sharedlinkflags "`sharedlinkflags`",
    ExeLinkFlags exelinkflags "`exelinkflags`", Objects objects "`objects`", Sources sources "`sources`",
}
impl Component {
    /// With the default folders `include`, `lib`, `bin`.
    pub fn with_defaults() -> Self { todo!() }
    /// `requires`, empty if never set.
    pub fn requires(&self) -> &[String] { todo!() }
    /// `languages`, empty if never set.
    pub fn languages(&self) -> &[String] { todo!() }
    /// `set_property(name, value)`
    pub fn set_property(&mut self, _name: &str, _value: Value) { todo!() }
    /// `get_property(name)`
    pub fn get_property(&self, _name: &str) -> Option<&Value> { todo!() }
    /// `get_property(name, check_type=str)`
    pub fn get_property_str(&self, _name: &str) -> Result<Option<&str>, CppInfoError> { todo!() }
    /// `get_property(name, check_type=list)`
    pub fn get_property_list(&self, _name: &str) -> Result<Option<Vec<String>>, CppInfoError> { todo!() }
    /// `get_property(name, check_type=bool)`
    pub fn get_property_bool(&self, _name: &str) -> Result<Option<bool>, CppInfoError> { todo!() }
    /// `a::b` to (Some(a), b), `b` to (None, b).
    pub fn parsed_requires(&self) -> Vec<(Option<String>, String)> { todo!() }
    /// Merges `other` into this; `overwrite` replaces.
    pub fn merge(&mut self, _other: &Component, _overwrite: bool) { todo!() }
    /// Makes relative folders absolute.
    pub fn set_relative_base_folder(&mut self, _folder: &str) { todo!() }
    /// As in the graph's JSON.
    pub fn to_json(&self) -> Value { todo!() }
    /// From the graph's JSON.
    pub fn from_json(_json: &Value) -> Result<Component, CppInfoError> { todo!() }
}
/// `cpp_info` of a package.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CppInfo {
    /// `cpp_info.libs` and so on.
    pub root: Component,
    /// `cpp_info.components[name]`, in the order of first use.
    pub components: IndexMap<String, Component>,
    /// `cpp_info.default_components`
    pub default_components: Option<Vec<String>>,
}
impl CppInfo {
    /// With the default folders `include`, `lib`, `bin`.
    pub fn with_defaults() -> Self { todo!() }
    /// Are there components.
    pub fn has_components(&self) -> bool { todo!() }
    /// `cpp_info.components[name]`: made on first use, with default folders if the root had them.
    pub fn component_mut(&mut self, _name: &str) -> &mut Component { todo!() }
    /// Merges.
    pub fn merge(&mut self, _other: &CppInfo, _overwrite: bool) { todo!() }
    /// One component with everything of all components.
    pub fn aggregated_components(&self) -> Result<CppInfo, CppInfoError> { todo!() }
    /// Dependents first, dependencies after.
    pub fn get_sorted_components(&self) -> Result<IndexMap<String, Component>, CppInfoError> { todo!() }
    /// (package or none, component) of all `requires`.
    pub fn required_components(&self) -> Vec<(Option<String>, String)> { todo!() }
    /// Makes relative folders absolute.
    pub fn set_relative_base_folder(&mut self, _folder: &str) { todo!() }
    /// Replaces the package folder by a deployed one.
    pub fn deploy_base_folder(&mut self, _package_folder: &str, _deploy_folder: &str) { todo!() }
    /// Checks that `requires` name components and direct dependencies. `direct` = names of direct host dependencies,
    /// `reference` is for the message.
    pub fn check_component_requires(&self, _reference: &str, _direct: &[String]) -> Result<(), CppInfoError> { todo!() }
    /// As in the graph's JSON.
    pub fn to_json(&self) -> Value { todo!() }
    /// From the graph's JSON.
    pub fn from_json(_json: &Value) -> Result<CppInfo, CppInfoError> { todo!() }
}
