use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A `conaninfo.txt` read back, as `list` and `graph explain` show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
    /// `[conf]`: the values as they are written.
    pub conf: IndexMap<String, String>,
    /// `[config_version]`
    pub config_version: Vec<String>,
    /// Sections that nobody knows, so that they aren't lost.
    pub other: IndexMap<String, IndexMap<String, String>>,
}

impl ConanInfoText {
    /// Reads the text of a `conaninfo.txt`. Never fails: what isn't in a section is ignored.
    pub fn loads(text: &str) -> Self {
        let mut info = Self::default();
        let mut section = None;
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                section = Some(name.to_owned());
            } else if let Some(section) = &section {
                info.add(section, line);
            }
        }
        info
    }

    fn add(&mut self, section: &str, line: &str) {
        let pairs = match section {
            "settings" => &mut self.settings,
            "settings_target" => &mut self.settings_target,
            "options" => &mut self.options,
            "conf" => &mut self.conf,
            "requires" => return self.requires.push(line.to_owned()),
            "python_requires" => return self.python_requires.push(line.to_owned()),
            "build_requires" => return self.build_requires.push(line.to_owned()),
            "config_version" => return self.config_version.push(line.to_owned()),
            other => self.other.entry(other.to_owned()).or_default(),
        };
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        pairs.insert(name.to_owned(), value.to_owned());
    }

    /// JSON with the sections that have content.
    pub fn to_json(&self) -> Map<String, Value> {
        let mut sections = vec![
            ("settings", json!(self.settings)),
            ("settings_target", json!(self.settings_target)),
            ("options", json!(self.options)),
            ("requires", json!(self.requires)),
            ("python_requires", json!(self.python_requires)),
            ("build_requires", json!(self.build_requires)),
            ("conf", json!(self.conf)),
            ("config_version", json!(self.config_version)),
        ];
        sections.extend(
            self.other
                .iter()
                .map(|(name, pairs)| (name.as_str(), json!(pairs))),
        );
        sections
            .into_iter()
            .filter(|(_, value)| *value != json!({}) && *value != json!([]))
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}
