//! Confs per package pattern.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::pattern::{fnmatch, matches_package};
use super::single::is_core;
use super::{Conf, ConfError, ConfValue};
use crate::reference::RecipeReference;

/// What a `global.conf`, the `[conf]` of a profile or `-c` arguments say: confs for all packages
/// and confs for those that match a pattern.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConfDefinition {
    /// By pattern; the empty pattern is for all packages.
    patterns: IndexMap<String, Conf>,
}

/// What a line does with its value. The order is the one in which they are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Append,
    Prepend,
    Unset,
    Update,
    Define,
}

impl ConfDefinition {
    /// Reads lines `[pattern:]name<op>value` with the operators `=`, `+=` (append to a list), `=+`
    /// (prepend), `*=` (update a dictionary) and `=!` (unset), on top of what is there. A `!` after
    /// the name makes the value important. `profile` refuses what doesn't belong in profiles.
    pub fn loads(&mut self, text: &str, profile: bool) -> Result<(), ConfError> {
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (operator, name, value) =
                split_line(line).ok_or_else(|| ConfError::BadDefinition {
                    line: line.to_owned(),
                    number: index + 1,
                })?;
            self.load_one(operator, name, value, profile)?;
        }
        Ok(())
    }

    fn load_one(
        &mut self,
        operator: Operator,
        full_name: &str,
        value: &str,
        profile: bool,
    ) -> Result<(), ConfError> {
        let (full_name, important) = match full_name.strip_suffix('!') {
            Some(name) => (name, true),
            None => (full_name, false),
        };
        let (pattern, name) = split_pattern(full_name);
        let allowed_prefix =
            |it: &str| name.starts_with(&format!("{it}.")) || name.starts_with(&format!("{it}:"));
        if profile && !allowed_prefix("user") && !allowed_prefix("tools") {
            return Err(ConfError::NotInProfiles(full_name.to_owned()));
        }
        if name.chars().any(char::is_uppercase) {
            return Err(ConfError::NotLowercase(full_name.to_owned()));
        }
        if !pattern.is_empty() && is_core(name) {
            return Err(ConfError::CoreWithPattern(full_name.to_owned()));
        }
        let value = ConfValue::evaluate(value);
        let mut conf = Conf::new();
        match operator {
            Operator::Append => conf.append(name, value)?,
            Operator::Prepend => conf.prepend(name, value)?,
            Operator::Unset => conf.unset(name),
            Operator::Update => conf.update(name, value)?,
            Operator::Define => conf.define(name, value),
        }
        if important {
            conf.mark_important(name);
        }
        self.put_on_top(pattern, conf)
    }

    fn put_on_top(&mut self, pattern: &str, mut conf: Conf) -> Result<(), ConfError> {
        let existing = self.patterns.entry(pattern.to_owned()).or_default();
        conf.compose_conf(existing)?;
        *existing = conf;
        Ok(())
    }

    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        self.patterns.clear();
    }

    /// The confs for all packages; what `core` confs are read from.
    pub fn global(&self) -> Conf {
        self.patterns.get("").cloned().unwrap_or_default()
    }

    /// The value of `[pattern:]name`, for exactly that pattern.
    pub fn get(&self, full_name: &str) -> Result<Option<ConfValue>, ConfError> {
        let (pattern, name) = split_pattern(full_name);
        match self.patterns.get(pattern) {
            Some(conf) => conf.get(name),
            None => super::check_name(name).map(|()| None),
        }
    }

    /// Takes `[pattern:]name` out.
    pub fn pop(&mut self, full_name: &str) -> Result<Option<ConfValue>, ConfError> {
        let (pattern, name) = split_pattern(full_name);
        match self.patterns.get_mut(pattern) {
            Some(conf) => conf.pop(name),
            None => Ok(None),
        }
    }

    /// The confs of one package. Later patterns have priority over earlier ones.
    pub fn get_conanfile_conf(
        &self,
        reference: Option<&RecipeReference>,
        is_consumer: bool,
    ) -> Result<Conf, ConfError> {
        let mut result = Conf::new();
        for (pattern, conf) in &self.patterns {
            if pattern.is_empty() || matches_package(pattern, reference, is_consumer) {
                let mut composed = conf.clone();
                composed.compose_conf(&result)?;
                result = composed;
            }
        }
        Ok(result)
    }

    /// Takes in `other`, which has priority (a profile after another one).
    pub fn update_conf_definition(&mut self, other: &ConfDefinition) -> Result<(), ConfError> {
        for (pattern, conf) in &other.patterns {
            self.put_on_top(pattern, conf.clone())?;
        }
        Ok(())
    }

    /// Puts `other` below this one (`global.conf` below a profile), without its `core` confs.
    pub fn rebase_conf_definition(&mut self, other: &ConfDefinition) -> Result<(), ConfError> {
        let mut result = ConfDefinition::default();
        for (pattern, conf) in &other.patterns {
            let mut conf = conf.clone();
            conf.filter_core();
            result.patterns.insert(pattern.clone(), conf);
        }
        result.update_conf_definition(self)?;
        *self = result;
        Ok(())
    }

    /// Sets one value, on top of what is there.
    pub fn update(&mut self, full_name: &str, value: ConfValue) -> Result<(), ConfError> {
        let (pattern, name) = split_pattern(full_name);
        let mut conf = Conf::new();
        conf.define(name, value);
        self.put_on_top(pattern, conf)
    }

    /// What `config show <pattern>` lists: the pattern is matched against `[pattern:]name`.
    pub fn show(&self, wanted: &str) -> Vec<(String, ConfValue)> {
        let mut found = Vec::new();
        for (pattern, conf) in &self.patterns {
            for (name, value) in conf.items() {
                let full_name = join_pattern(pattern, &name);
                if fnmatch(wanted, &full_name) {
                    found.push((full_name, value));
                }
            }
        }
        found
    }

    /// Lines that read back as the same, each with its newline.
    pub fn dumps(&self) -> String {
        let mut text = String::new();
        for (pattern, conf) in &self.patterns {
            for line in conf.dump_lines() {
                text.push_str(&join_pattern(pattern, &line));
                text.push('\n');
            }
        }
        text
    }

    /// For JSON: `[pattern:]name` to values.
    pub fn serialize(&self) -> IndexMap<String, ConfValue> {
        let mut all = IndexMap::new();
        for (pattern, conf) in &self.patterns {
            for (name, value) in conf.serialize() {
                all.insert(join_pattern(pattern, &name), value);
            }
        }
        all
    }

    /// An error for a `core` or `tools` conf that doesn't exist.
    pub fn validate(&self) -> Result<(), ConfError> {
        self.patterns.values().try_for_each(Conf::validate)
    }
}

fn join_pattern(pattern: &str, name: &str) -> String {
    if pattern.is_empty() {
        name.to_owned()
    } else {
        format!("{pattern}:{name}")
    }
}

/// `[pattern:]module:name`. With one colon there's no pattern: that colon belongs to the name.
fn split_pattern(full_name: &str) -> (&str, &str) {
    let mut colons = full_name.rmatch_indices(':');
    match (colons.next(), colons.next()) {
        (Some(_), Some((at, _))) => (&full_name[..at], &full_name[at + 1..]),
        _ => ("", full_name),
    }
}

fn split_line(line: &str) -> Option<(Operator, &str, &str)> {
    let at = line.find('=')?;
    let (head, rest) = (&line[..at], &line[at + 1..]);
    let (operator, name, value) = if let Some(name) = head.strip_suffix('+') {
        (Operator::Append, name, rest)
    } else if let Some(name) = head.strip_suffix('*') {
        (Operator::Update, name, rest)
    } else if let Some(value) = rest.strip_prefix('+') {
        (Operator::Prepend, head, value)
    } else if rest.starts_with(['!', '~']) {
        (Operator::Unset, head, "")
    } else {
        (Operator::Define, head, rest)
    };
    Some((operator, name.trim(), value.trim()))
}
