//! How far an existing binary is from a wanted one.

use serde_json::{Map, Value, json};

/// Sections in the order in which they count: one difference in an earlier section is worse than
/// any number in later ones.
const SECTIONS: [(&str, &str); 8] = [
    (
        "platform",
        "This binary belongs to another OS or Architecture, highly incompatible.",
    ),
    ("settings", "This binary was built with different settings."),
    (
        "settings_target",
        "This binary was built with different settings_target.",
    ),
    (
        "options",
        "This binary was built with the same settings, but different options",
    ),
    (
        "dependencies",
        "This binary has same settings and options, but different dependencies",
    ),
    (
        "build_requires",
        "This binary has same settings, options and dependencies, but different build_requires",
    ),
    (
        "python_requires",
        "This binary has same settings, options and dependencies, but different python_requires",
    ),
    (
        "confs",
        "This binary has same settings, options and dependencies, but different confs",
    ),
];

/// What a binary has otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// For each section what is expected and what exists instead: `build_type=Debug`.
    sections: Vec<(Vec<String>, Vec<String>)>,
}

impl Difference {
    /// Between two `info` as in JSON: that of the wanted package and that of an existing one.
    pub fn new(expected: &Map<String, Value>, existing: &Map<String, Value>) -> Self {
        let platform = |name: &str| name == "os" || name == "arch";
        let values = |name: &str, wanted: &dyn Fn(&str) -> bool| {
            let map = |info: &Map<String, Value>| {
                let map = info.get(name).and_then(Value::as_object).cloned();
                map.unwrap_or_default()
            };
            different_values(&map(expected), &map(existing), wanted)
        };
        let lines = |name: &str| different_lines(expected.get(name), existing.get(name));
        let all = |_: &str| true;
        Self {
            sections: vec![
                values("settings", &platform),
                values("settings", &|name| !platform(name)),
                values("settings_target", &all),
                values("options", &all),
                lines("requires"),
                lines("build_requires"),
                lines("python_requires"),
                values("conf", &all),
            ],
        }
    }

    /// Smaller is closer.
    pub fn distance(&self) -> Vec<usize> {
        let sections = self.sections.iter();
        sections
            .map(|(expected, existing)| expected.len().max(existing.len()))
            .collect()
    }

    /// What the first difference means.
    pub fn explanation(&self) -> &'static str {
        self.differing().next().map_or(
            "This binary is an exact match for the defined inputs",
            |it| it.1,
        )
    }

    /// `settings: expected build_type=Debug, existing build_type=Release`, one per section.
    pub fn lines(&self) -> Vec<String> {
        self.differing()
            .map(|(name, _, expected, existing)| {
                format!(
                    "{name}: expected {}, existing {}",
                    or_nothing(expected),
                    or_nothing(existing)
                )
            })
            .collect()
    }

    /// The `diff` of `graph explain`.
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        for ((name, _), (expected, existing)) in SECTIONS.iter().zip(&self.sections) {
            let value = if expected.is_empty() && existing.is_empty() {
                json!({})
            } else {
                json!({"expected": expected, "existing": existing})
            };
            map.insert((*name).to_owned(), value);
        }
        map.insert(
            String::from("explanation"),
            Value::String(self.explanation().to_owned()),
        );
        Value::Object(map)
    }

    fn differing(
        &self,
    ) -> impl Iterator<Item = (&'static str, &'static str, &[String], &[String])> {
        SECTIONS
            .iter()
            .zip(&self.sections)
            .filter(|(_, (expected, existing))| !expected.is_empty() || !existing.is_empty())
            .map(|((name, means), (expected, existing))| {
                (*name, *means, expected.as_slice(), existing.as_slice())
            })
    }
}

fn or_nothing(list: &[String]) -> String {
    if list.is_empty() {
        String::from("nothing")
    } else {
        list.join(", ")
    }
}

fn different_values(
    expected: &Map<String, Value>,
    existing: &Map<String, Value>,
    wanted: &dyn Fn(&str) -> bool,
) -> (Vec<String>, Vec<String>) {
    let (mut expects, mut exists) = (Vec::new(), Vec::new());
    let only_existing = existing.keys().filter(|it| !expected.contains_key(*it));
    for name in expected.keys().chain(only_existing).filter(|it| wanted(it)) {
        let (one, other) = (text(expected.get(name)), text(existing.get(name)));
        if one != other {
            expects.push(format!("{name}={one}"));
            exists.push(format!("{name}={other}"));
        }
    }
    (expects, exists)
}

fn different_lines(
    expected: Option<&Value>,
    existing: Option<&Value>,
) -> (Vec<String>, Vec<String>) {
    let list = |value: Option<&Value>| -> Vec<String> {
        let items = value.and_then(Value::as_array).into_iter().flatten();
        items.map(|it| text(Some(it))).collect()
    };
    let (expected, existing) = (list(expected), list(existing));
    let without = |list: &[String], other: &[String]| -> Vec<String> {
        let only = list.iter().filter(|it| !other.contains(it));
        only.cloned().collect()
    };
    (without(&expected, &existing), without(&existing, &expected))
}

fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::from("None"),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
