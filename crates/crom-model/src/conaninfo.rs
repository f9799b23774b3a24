//! `conaninfo.txt` and the package id.
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use crate::conf::Conf;
use crate::options::PackageOptions;
use crate::package_id::{PythonRequiresInfo, RequirementsInfo};
use crate::settings::Settings;

/// What the package id is made of: `self.info`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConanInfo {
    /// `[settings]`
    pub settings: Settings,
    /// `[settings_target]`, only if `package_id()` sets it.
    pub settings_target: Option<Settings>,
    /// `[options]`
    pub options: PackageOptions,
    /// `[requires]`
    pub requires: RequirementsInfo,
    /// `[python_requires]`
    pub python_requires: PythonRequiresInfo,
    /// `[build_requires]`
    pub build_requires: RequirementsInfo,
    /// `[conf]`: only those that `tools.info.package_id:confs` names.
    pub conf: Conf,
    /// `[config_version]`
    pub config_version: Option<RequirementsInfo>,
    /// Why `validate()` refuses this configuration.
    pub invalid: Option<String>,
    /// Why `validate_build()` refuses to build.
    pub cant_build: Option<String>,
    /// For a compatible configuration: `settings`/`options` that differ from the wanted one.
    pub compatibility_delta: Option<CompatibilityDelta>,
}
/// What a compatible configuration changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CompatibilityDelta {
    /// Setting name to value.
    pub settings: Vec<(String, String)>,
    /// Option name to value.
    pub options: Vec<(String, String)>,
}
impl ConanInfo {
    /// The exact text of `conaninfo.txt`.
    pub fn dumps(&self) -> String { todo!() }
    /// sha1 of the text.
    pub fn package_id(&self) -> String { todo!() }
    /// `info` in JSON: sections with content only.
    pub fn serialize(&self) -> serde_json::Map<String, serde_json::Value> { todo!() }
    /// `self.info.clear()`
    pub fn clear(&mut self) { todo!() }
    /// Settings and options must have values.
    pub fn validate(&self) -> Result<(), String> { todo!() }
    /// What `other` (a compatible one) has differently, as shown in the "compatible" lines.
    pub fn dump_diff(&self, _other: &ConanInfo) -> String { todo!() }
    /// Short text for `graph explain` and missing binaries.
    pub fn summarize_compact(&self) -> String { todo!() }
}
/// sha1 in hex of a text.
pub fn package_id_of(_text: &str) -> String { todo!() }
/// A `conaninfo.txt` read back, as `list` and `graph explain` show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConanInfoText {
    /// `[settings]`
    pub settings: IndexMap<String, String>,
    /// `[settings_target]`
    pub settings_target: IndexMap<String, String>,
    /// `[options]`
    pub options: IndexMap<String, String>,
    /// `[requires]`
    pub requires: Vec<String>,
    /// `[python_requires]`
    pub python_requires: Vec<String>,
    /// `[build_requires]`
    pub build_requires: Vec<String>,
    /// `[conf]`
    pub conf: IndexMap<String, String>,
    /// `[config_version]`
    pub config_version: Vec<String>,
}
impl ConanInfoText {
    /// Reads `conaninfo.txt`; unknown sections are ignored.
    pub fn loads(_text: &str) -> Self { todo!() }
    /// JSON with non-empty sections only, in the order of the reference.
    pub fn to_json(&self) -> serde_json::Map<String, serde_json::Value> { todo!() }
}
