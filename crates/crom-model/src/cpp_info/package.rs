use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Component, CppInfoError};

/// `cpp_info` of a package: its own attributes, or components.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CppInfo {
    /// `cpp_info.libs` and so on.
    pub root: Component,
    /// `cpp_info.components[name]`, in the order of first use.
    pub components: IndexMap<String, Component>,
    /// `cpp_info.default_components`: what a consumer of the whole package gets.
    pub default_components: Option<Vec<String>>,
    /// New components begin with the default folders.
    #[serde(default)]
    pub defaults: bool,
}

impl CppInfo {
    /// With the default folders `include`, `lib`, `bin` here and in all components to come: what
    /// `self.cpp_info` is.
    pub fn with_defaults() -> Self {
        Self {
            root: Component::with_defaults(),
            defaults: true,
            ..Self::default()
        }
    }

    /// Are there components?
    pub fn has_components(&self) -> bool {
        !self.components.is_empty()
    }

    /// `cpp_info.components[name]`: made on first use.
    pub fn component_mut(&mut self, name: &str) -> &mut Component {
        let defaults = self.defaults;
        self.components.entry(name.to_owned()).or_insert_with(|| {
            if defaults {
                Component::with_defaults()
            } else {
                Component::default()
            }
        })
    }

    /// Takes in what `other` has, see [`Component::merge`].
    pub fn merge(&mut self, other: &CppInfo, overwrite: bool) {
        self.root.merge(&other.root, overwrite);
        for (name, component) in &other.components {
            self.component_mut(name).merge(component, overwrite);
        }
        if other.default_components.is_some() {
            self.default_components
                .clone_from(&other.default_components);
        }
    }

    /// The whole package without components: what all components have, the required ones after those
    /// that require them. Properties are only those of the package.
    pub fn aggregated_components(&self) -> Result<CppInfo, CppInfoError> {
        let mut root = self.root.clone();
        if self.has_components() {
            root = Component {
                properties: self.root.properties.clone(),
                ..Component::default()
            };
            for (_, component) in self.get_sorted_components()?.iter().rev() {
                root.merge_lists(component, false);
            }
            root.sysroot.clone_from(&self.root.sysroot);
        }
        Ok(CppInfo {
            root,
            ..CppInfo::default()
        })
    }

    /// The components, each after those that it requires.
    pub fn get_sorted_components(&self) -> Result<IndexMap<String, Component>, CppInfoError> {
        let mut sorted: IndexMap<String, Component> = IndexMap::new();
        let mut open: Vec<(&String, &Component)> = self.components.iter().collect();
        while !open.is_empty() {
            let waits = |name: &str, component: &Component| {
                let names = component.required_component_names();
                names.iter().any(|required| {
                    required != name
                        && self.components.contains_key(required)
                        && !sorted.contains_key(required)
                })
            };
            let (waiting, ready): (Vec<_>, Vec<_>) = open
                .into_iter()
                .partition(|(name, component)| waits(name, component));
            if ready.is_empty() {
                let lines: Vec<String> = waiting
                    .iter()
                    .flat_map(|(name, component)| {
                        let names = component.required_component_names();
                        names
                            .into_iter()
                            .map(move |required| format!("   {name} requires {required}"))
                    })
                    .collect();
                return Err(CppInfoError::Loop(lines.join("\n")));
            }
            sorted.extend(
                ready
                    .into_iter()
                    .map(|(name, component)| (name.clone(), component.clone())),
            );
            open = waiting;
        }
        Ok(sorted)
    }

    /// All `requires` of the package and its components, each once: (package or none for this
    /// package, component).
    pub fn required_components(&self) -> Vec<(Option<String>, String)> {
        let all = std::iter::once(&self.root).chain(self.components.values());
        let mut found = Vec::new();
        for required in all.flat_map(Component::parsed_requires) {
            if !found.contains(&required) {
                found.push(required);
            }
        }
        found
    }

    /// Makes the relative folders absolute.
    pub fn set_relative_base_folder(&mut self, folder: &str) {
        self.root.set_relative_base_folder(folder);
        for component in self.components.values_mut() {
            component.set_relative_base_folder(folder);
        }
    }

    /// Moves the absolute folders below `package_folder` to `deploy_folder`.
    pub fn deploy_base_folder(&mut self, package_folder: &str, deploy_folder: &str) {
        self.root.deploy_base_folder(package_folder, deploy_folder);
        for component in self.components.values_mut() {
            component.deploy_base_folder(package_folder, deploy_folder);
        }
    }

    /// Checks that `requires` name components of this package and direct requirements, and if they
    /// name any, all of these but `ignored`. `direct` are the names of the direct requirements of
    /// the host context, `reference` is for the message.
    pub fn check_component_requires(
        &self,
        reference: &str,
        direct: &[String],
        ignored: &[String],
    ) -> Result<(), CppInfoError> {
        let required = self.required_components();
        let missing: Vec<String> = required
            .iter()
            .filter(|(package, name)| package.is_none() && !self.components.contains_key(name))
            .map(|(_, name)| format!("'{name}'"))
            .collect();
        if !missing.is_empty() {
            return Err(CppInfoError::NoSuchComponent {
                reference: reference.to_owned(),
                missing: format!("[{}]", missing.join(", ")),
            });
        }
        let named: Vec<&String> = required
            .iter()
            .filter_map(|(package, _)| package.as_ref())
            .collect();
        if let Some(package) = named.iter().find(|package| !direct.contains(package)) {
            return Err(CppInfoError::NotARequirement {
                reference: reference.to_owned(),
                package: (*package).clone(),
            });
        }
        let unused = |package: &&String| !named.contains(package) && !ignored.contains(package);
        match direct.iter().find(unused).filter(|_| !named.is_empty()) {
            Some(package) => Err(CppInfoError::UnusedRequirement {
                reference: reference.to_owned(),
                package: package.clone(),
            }),
            None => Ok(()),
        }
    }

    /// As in the graph's JSON: `root`, then the components.
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("root".to_owned(), self.root.to_json());
        if let Some(components) = &self.default_components {
            map.insert("default_components".to_owned(), json!(components));
        }
        for (name, component) in &self.components {
            map.insert(name.clone(), component.to_json());
        }
        Value::Object(map)
    }

    /// From the graph's JSON.
    pub fn from_json(json: &Value) -> Result<CppInfo, CppInfoError> {
        let map = json
            .as_object()
            .ok_or_else(|| CppInfoError::Json("cpp_info".to_owned()))?;
        let mut info = CppInfo::default();
        for (name, value) in map {
            match name.as_str() {
                "root" => info.root = Component::from_json(value)?,
                "default_components" => {
                    info.default_components = serde_json::from_value(value.clone())
                        .map_err(|_| CppInfoError::Json(name.clone()))?;
                }
                name => {
                    info.components
                        .insert(name.to_owned(), Component::from_json(value)?);
                }
            }
        }
        Ok(info)
    }
}
