//! `conaninfo.txt` and the package id, which is the sha1 of its text.
//!
//! ```text
//! [settings]
//! arch=x86_64
//! os=Linux
//! [options]
//! shared=False
//! [requires]
//! zlib/1.3.Z
//! ```
//!
//! Sections come in the order of the fields of [`ConanInfo`]; an empty one is left out.

#[cfg(test)]
mod tests;
mod text;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha1::{Digest, Sha1};

use crate::conf::Conf;
use crate::options::PackageOptions;
use crate::package_id::{PythonRequiresInfo, RequirementsInfo};
use crate::settings::Settings;

pub use text::ConanInfoText;

/// What the package id is made of: `self.info` of a recipe.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConanInfo {
    /// `[settings]`
    pub settings: Settings,
    /// `[settings_target]`: only if `package_id()` sets it.
    pub settings_target: Option<Settings>,
    /// `[options]`
    pub options: PackageOptions,
    /// `[requires]`
    pub requires: RequirementsInfo,
    /// `[python_requires]`
    pub python_requires: PythonRequiresInfo,
    /// `[build_requires]`
    pub build_requires: RequirementsInfo,
    /// `[conf]`: only the confs that `tools.info.package_id:confs` names.
    pub conf: Conf,
    /// `[config_version]`: installed configuration packages, if they count.
    pub config_version: Option<RequirementsInfo>,
    /// Why `validate()` refuses this configuration.
    pub invalid: Option<String>,
    /// Why `validate_build()` refuses to build it.
    pub cant_build: Option<String>,
    /// In a compatible configuration: what it has otherwise than the wanted one.
    pub compatibility_delta: Option<CompatibilityDelta>,
}

/// What a compatible configuration changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompatibilityDelta {
    /// Setting and value.
    pub settings: Vec<(String, String)>,
    /// Option and value.
    pub options: Vec<(String, String)>,
}

impl ConanInfo {
    /// The exact text of `conaninfo.txt`; it ends with a newline unless it is empty.
    pub fn dumps(&self) -> String {
        let lines =
            |list: Option<&RequirementsInfo>| list.map(RequirementsInfo::dumps).unwrap_or_default();
        let sections = [
            ("settings", self.settings.dumps()),
            (
                "settings_target",
                self.settings_target
                    .as_ref()
                    .map(Settings::dumps)
                    .unwrap_or_default(),
            ),
            ("options", self.options.dumps()),
            ("requires", self.requires.dumps()),
            ("python_requires", self.python_requires.dumps()),
            ("build_requires", self.build_requires.dumps()),
            ("conf", self.conf.dumps()),
            ("config_version", lines(self.config_version.as_ref())),
        ];
        let mut text = String::new();
        for (name, content) in sections {
            let content = content.trim_end_matches('\n');
            if !content.is_empty() {
                text.push_str(&format!("[{name}]\n{content}\n"));
            }
        }
        text
    }

    /// sha1 of the text, in hex.
    pub fn package_id(&self) -> String {
        package_id_of(&self.dumps())
    }

    /// `info` in JSON: sections with content only. Settings keep the order of their definition.
    pub fn serialize(&self) -> Map<String, Value> {
        let conf: Map<String, Value> = self
            .conf
            .serialize()
            .into_iter()
            .map(|(name, value)| (name, value.to_json()))
            .collect();
        let options = self.options.serialize();
        let settings_target = self.settings_target.as_ref().map(Settings::serialize);
        let config_version = self.config_version.as_ref().map(RequirementsInfo::lines);
        let sections = [
            ("settings", json!(self.settings.serialize())),
            (
                "settings_target",
                json!(settings_target.unwrap_or_default()),
            ),
            ("options", Value::Object(options)),
            ("requires", json!(self.requires.lines())),
            ("python_requires", json!(self.python_requires.lines())),
            ("build_requires", json!(self.build_requires.lines())),
            ("conf", Value::Object(conf)),
            ("config_version", json!(config_version.unwrap_or_default())),
            ("compatibility_delta", self.delta_json()),
        ];
        let filled = |value: &Value| {
            value.as_object().is_some_and(|map| !map.is_empty())
                || value.as_array().is_some_and(|list| !list.is_empty())
        };
        sections
            .into_iter()
            .filter(|(_, value)| filled(value))
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// `{"settings": [["build_type", "Release"]]}`
    fn delta_json(&self) -> Value {
        let mut map = Map::new();
        if let Some(delta) = &self.compatibility_delta {
            let lists = [("settings", &delta.settings), ("options", &delta.options)];
            for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
                map.insert(name.to_owned(), json!(list));
            }
        }
        Value::Object(map)
    }

    /// `self.info.clear()`: the id of a header-only library.
    pub fn clear(&mut self) {
        self.settings.clear();
        self.settings_target = None;
        self.options.clear();
        self.requires.clear();
        self.conf.clear();
        self.build_requires.clear();
        self.python_requires.clear();
        self.config_version = None;
    }

    /// Settings and options that must have a value have one; the message otherwise.
    pub fn validate(&self) -> Result<(), String> {
        self.settings
            .validate()
            .map_err(|error| error.to_string())?;
        self.options.validate().map_err(|error| error.to_string())
    }

    /// What a compatible configuration has otherwise: `compiler.version=11, shared=False`.
    pub fn dump_diff(&self, compatible: &ConanInfo) -> String {
        let settings = self.settings.values();
        let mut changes: Vec<String> = compatible
            .settings
            .values()
            .into_iter()
            .filter(|pair| !settings.contains(pair))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        changes.extend(
            compatible
                .options
                .items()
                .filter(|(name, value)| value.is_some() && self.options.get_safe(name) != *value)
                .map(|(name, value)| format!("{name}={}", value.unwrap_or_default())),
        );
        changes.join(", ")
    }

    /// One line per section: `settings: os=Linux arch=x86_64`.
    pub fn summarize_compact(&self) -> Vec<String> {
        let line = |(section, content): (&String, &Value)| {
            let plain = |value: &Value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            };
            let parts: Vec<String> = match content {
                Value::Object(map) => map
                    .iter()
                    .map(|(name, value)| format!("{name}={}", plain(value)))
                    .collect(),
                Value::Array(list) => list.iter().map(plain).collect(),
                _ => Vec::new(),
            };
            format!("{section}: {}", parts.join(" "))
        };
        self.serialize().iter().map(line).collect()
    }
}

/// The package id that belongs to the text of a `conaninfo.txt`.
pub fn package_id_of(text: &str) -> String {
    hex::encode(Sha1::digest(text.as_bytes()))
}
