//! Settings written beside their definition.
//!
//! Every `Settings` value holds the whole tree of `settings.yml`, though most of it is the definition's
//! own, shared by pointer. Written out one by one, a graph's settings would be the same 40 KB many
//! hundred times. Inside of [`SettingsDefinition::beside`], a part that is the definition's own is
//! written as its number, and read back as the same shared part.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use super::SettingsDefinition;
use super::definition::{Field, Fields};

/// The parts of a definition, in the order of the file.
#[derive(Debug, Default)]
struct Parts {
    fields: Vec<Arc<Fields>>,
    field: Vec<Arc<Field>>,
    /// By address; the parts are kept alive above.
    numbers: HashMap<usize, u64>,
}

thread_local! {
    static PARTS: RefCell<Option<Arc<Parts>>> = const { RefCell::new(None) };
}

/// A definition whose parts have numbers.
#[derive(Clone, Debug)]
pub struct NumberedDefinition {
    parts: Arc<Parts>,
}

impl SettingsDefinition {
    /// Numbers the parts of this definition.
    pub fn numbered(&self) -> NumberedDefinition {
        let mut parts = Parts::default();
        parts.add(&self.root);
        NumberedDefinition {
            parts: Arc::new(parts),
        }
    }
}

impl NumberedDefinition {
    /// While `work` runs, settings are written and read beside this definition. What was written
    /// beside one definition can only be read beside an equal one.
    pub fn beside<R>(&self, work: impl FnOnce() -> R) -> R {
        /// Puts back what was there, also when `work` panics.
        struct Restore(Option<Arc<Parts>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                PARTS.with(|it| *it.borrow_mut() = self.0.take());
            }
        }
        let before = PARTS.with(|it| it.borrow_mut().replace(self.parts.clone()));
        let _restore = Restore(before);
        work()
    }
}

impl Parts {
    fn add(&mut self, fields: &Arc<Fields>) {
        let number = self.fields.len() as u64;
        self.numbers.insert(address(fields), number);
        self.fields.push(fields.clone());
        for field in fields.0.values() {
            let number = self.field.len() as u64;
            self.numbers.insert(address(field), number);
            self.field.push(field.clone());
            if let Field::Nested(values) = &**field {
                for (_, below) in values {
                    self.add(below);
                }
            }
        }
    }
}

fn address<T>(part: &Arc<T>) -> usize {
    Arc::as_ptr(part).cast::<()>() as usize
}

/// A part that may be the definition's own.
trait Part: Sized {
    fn numbered(parts: &Parts, number: u64) -> Option<Arc<Self>>;
}

impl Part for Fields {
    fn numbered(parts: &Parts, number: u64) -> Option<Arc<Self>> {
        parts.fields.get(usize::try_from(number).ok()?).cloned()
    }
}

impl Part for Field {
    fn numbered(parts: &Parts, number: u64) -> Option<Arc<Self>> {
        parts.field.get(usize::try_from(number).ok()?).cloned()
    }
}

/// A part on its way out: a number, or all of it.
struct Written<'a, T>(&'a Arc<T>);

impl<T: Serialize> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = PARTS.with(|it| {
            let parts = it.borrow();
            parts.as_ref()?.numbers.get(&address(self.0)).copied()
        });
        match number {
            Some(number) => serializer.serialize_u64(number),
            None => self.0.serialize(serializer),
        }
    }
}

/// A part on its way in.
struct Read<T>(Arc<T>);

impl<'de, T: Part + Deserialize<'de>> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ReadVisitor<T>(PhantomData<T>);
        impl<'de, T: Part + Deserialize<'de>> Visitor<'de> for ReadVisitor<T> {
            type Value = Arc<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a part of a settings definition, or its number")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Arc<T>, E> {
                let part = PARTS.with(|it| {
                    let parts = it.borrow();
                    T::numbered(parts.as_ref()?, number)
                });
                part.ok_or_else(|| E::custom("settings of another definition"))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Arc<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Arc::new)
            }
        }
        deserializer
            .deserialize_any(ReadVisitor(PhantomData))
            .map(Read)
    }
}

/// For `#[serde(with)]` on a shared part.
pub(super) mod root {
    use super::{Arc, Deserialize, Deserializer, Fields, Read, Serialize, Serializer, Written};

    pub(in super::super) fn serialize<S: Serializer>(
        fields: &Arc<Fields>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Written(fields).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<Fields>, D::Error> {
        Read::deserialize(deserializer).map(|it| it.0)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, field)| (name, Written(field))))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = IndexMap::<String, Read<Field>>::deserialize(deserializer)?;
        Ok(Self(
            fields
                .into_iter()
                .map(|(name, field)| (name, field.0))
                .collect(),
        ))
    }
}

/// [`Field`] as it is written: `{"Values": [..]}` or `{"Nested": [[value, fields], ..]}`.
#[derive(Serialize)]
enum FieldOut<'a> {
    Values(&'a [Option<String>]),
    Nested(Vec<(&'a Option<String>, Written<'a, Fields>)>),
}

#[derive(serde::Deserialize)]
enum FieldIn {
    Values(Vec<Option<String>>),
    Nested(Vec<(Option<String>, Read<Fields>)>),
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Field::Values(values) => FieldOut::Values(values),
            Field::Nested(values) => {
                let pairs = values.iter();
                FieldOut::Nested(pairs.map(|(it, below)| (it, Written(below))).collect())
            }
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match FieldIn::deserialize(deserializer)? {
            FieldIn::Values(values) => Field::Values(Arc::new(values)),
            FieldIn::Nested(values) => Field::Nested(
                values
                    .into_iter()
                    .map(|(value, below)| (value, below.0))
                    .collect(),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;

    fn settings(definition: &SettingsDefinition) -> Settings {
        let mut settings = Settings::new(definition);
        settings
            .update_values(
                [
                    ("os", "Linux"),
                    ("compiler", "gcc"),
                    ("compiler.version", "12"),
                ],
                false,
            )
            .unwrap();
        settings
    }

    #[test]
    fn written_beside_their_definition_settings_are_short_and_come_back() {
        let definition = SettingsDefinition::builtin().unwrap();
        let numbered = definition.numbered();
        let mut changed = settings(&definition);
        changed.rm_safe("compiler.cppstd");
        for settings in [settings(&definition), changed] {
            let long = serde_json::to_string(&settings).unwrap();
            let short = numbered.beside(|| serde_json::to_string(&settings).unwrap());
            assert!(
                short.len() * 8 < long.len(),
                "{} {}",
                short.len(),
                long.len()
            );
            let read: Settings = numbered.beside(|| serde_json::from_str(&short).unwrap());
            assert_eq!(read, settings);
            let read: Settings = serde_json::from_str(&long).unwrap();
            assert_eq!(read, settings);
        }
    }

    #[test]
    fn what_was_written_beside_a_definition_is_refused_without_one() {
        let definition = SettingsDefinition::builtin().unwrap();
        let text = definition
            .numbered()
            .beside(|| serde_json::to_string(&settings(&definition)).unwrap());
        let error = serde_json::from_str::<Settings>(&text).unwrap_err();
        assert!(error.to_string().contains("another definition"), "{error}");
    }
}
