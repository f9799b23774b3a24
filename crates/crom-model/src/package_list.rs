//! Package lists: the JSON of `list`, `upload`, `download`, `cache save`.
//!
//! ```text
//! {"Local Cache": {"zlib/1.3": {"revisions": {"<rrev>": {"timestamp": 1.5, "packages":
//!     {"<package id>": {"info": {...}, "revisions": {"<prev>": {"timestamp": 2.5}}}}}}}}}
//! ```
//!
//! Commands add keys of their own at every level (`upload`, `upload-urls`, `files`, ...); whatever
//! is there stays, in its order.

#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::reference::{PackageReference, RecipeReference};

/// A list that can't be read, or that doesn't have what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageListError {
    /// Not JSON.
    #[error("Package list file invalid JSON: {0}")]
    Json(String),
    /// JSON of another form.
    #[error("package list: '{0}' is not an object")]
    NotAnObject(String),
    /// The JSON of a graph.
    #[error(
        "Expected a package list file but found a graph file. You can create a \"package list\" JSON file by running:\n\n\tconan list --graph <file> --format=json > pkglist.json"
    )]
    IsGraph,
    /// A key that isn't a reference.
    #[error(transparent)]
    Reference(#[from] crate::reference::ReferenceError),
    /// No list of that origin.
    #[error("'{0}' doesn't exist in package list")]
    NoSuchOrigin(String),
    /// The origin only has an error.
    #[error("{0}")]
    Origin(String),
}

/// The packages of a recipe revision, each with the JSON object of its revision.
pub type ListedPackages<'a> = Vec<(PackageReference, &'a Map<String, Value>)>;

/// References with revisions, packages and their revisions, of one origin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackageList {
    recipes: Map<String, Value>,
}

impl PackageList {
    /// From the JSON of one origin.
    pub fn from_json(json: &Value) -> Result<Self, PackageListError> {
        let recipes = json
            .as_object()
            .ok_or_else(|| PackageListError::NotAnObject("package list".to_owned()))?;
        for (reference, content) in recipes {
            if !content.is_object() {
                return Err(PackageListError::NotAnObject(reference.clone()));
            }
        }
        Ok(Self {
            recipes: recipes.clone(),
        })
    }

    /// The JSON of one origin.
    pub fn to_json(&self) -> Value {
        Value::Object(self.recipes.clone())
    }

    /// Is nothing in it?
    pub fn is_empty(&self) -> bool {
        self.recipes.is_empty()
    }

    /// Adds a reference, with its revision and the time of that if it has them.
    pub fn add_ref(&mut self, reference: &RecipeReference) {
        let recipe = object_at(&mut self.recipes, &reference.to_string());
        let Some(revision) = &reference.revision else {
            return;
        };
        let revision = object_at(object_at(recipe, "revisions"), revision);
        if let Some(timestamp) = reference.timestamp {
            revision.insert("timestamp".to_owned(), json!(timestamp));
        }
    }

    /// Adds a package: its `info` if given, its revision and the time of that if it has them.
    pub fn add_pref(&mut self, package: &PackageReference, info: Option<Value>) {
        let reference = &package.reference;
        let mut content = object_at(&mut self.recipes, &reference.to_string());
        if let Some(revision) = &reference.revision {
            content = object_at(object_at(content, "revisions"), revision);
        }
        let content = object_at(object_at(content, "packages"), &package.package_id);
        if let Some(info) = info {
            content.insert("info".to_owned(), info);
        }
        let Some(revision) = &package.revision else {
            return;
        };
        let revision = object_at(object_at(content, "revisions"), revision);
        if let Some(timestamp) = package.timestamp {
            revision.insert("timestamp".to_owned(), json!(timestamp));
        }
    }

    /// Recipe revisions, in the order of the list, each with its package revisions: what `upload`
    /// and `remove` work on. References without revision and packages without revision are left
    /// out.
    pub fn items(&self) -> Result<Vec<(RecipeReference, ListedPackages<'_>)>, PackageListError> {
        let mut items = Vec::new();
        for (name, recipe) in &self.recipes {
            let reference = RecipeReference::loads(name)?;
            for (revision, content) in entries(recipe, "revisions") {
                let reference = RecipeReference {
                    revision: Some(revision.clone()),
                    timestamp: timestamp(content),
                    ..reference.clone()
                };
                let packages = entries(content, "packages").flat_map(|(package_id, package)| {
                    let reference = reference.clone();
                    entries(package, "revisions").filter_map(move |(revision, content)| {
                        let package = PackageReference {
                            revision: Some(revision.clone()),
                            timestamp: timestamp(content),
                            ..PackageReference::new(reference.clone(), package_id.as_str())
                        };
                        Some((package, content.as_object()?))
                    })
                });
                let packages = packages.collect();
                items.push((reference, packages));
            }
        }
        Ok(items)
    }

    /// All references: with revision where the list has revisions, else without.
    pub fn refs(&self) -> Result<Vec<RecipeReference>, PackageListError> {
        let mut refs = Vec::new();
        for (name, recipe) in &self.recipes {
            let reference = RecipeReference::loads(name)?;
            let before = refs.len();
            refs.extend(
                entries(recipe, "revisions").map(|(revision, content)| RecipeReference {
                    revision: Some(revision.clone()),
                    timestamp: timestamp(content),
                    ..reference.clone()
                }),
            );
            if refs.len() == before {
                refs.push(reference);
            }
        }
        Ok(refs)
    }

    /// Packages of a reference, with revision where the list has revisions, and their `info`.
    pub fn prefs(&self, reference: &RecipeReference) -> Vec<(PackageReference, Option<&Value>)> {
        let mut prefs = Vec::new();
        let Some(recipe) = self.recipe_dict(reference) else {
            return prefs;
        };
        let Some(packages) = recipe.get("packages").and_then(Value::as_object) else {
            return prefs;
        };
        for (package_id, package) in packages {
            let plain = PackageReference::new(reference.clone(), package_id.as_str());
            let info = package.get("info");
            let before = prefs.len();
            prefs.extend(entries(package, "revisions").map(|(revision, content)| {
                let package = PackageReference {
                    revision: Some(revision.clone()),
                    timestamp: timestamp(content),
                    ..plain.clone()
                };
                (package, info)
            }));
            if prefs.len() == before {
                prefs.push((plain, info));
            }
        }
        prefs
    }

    /// The JSON object of a recipe revision, or of a reference without revision.
    pub fn recipe_dict(&self, reference: &RecipeReference) -> Option<&Map<String, Value>> {
        let recipe = self.recipes.get(&reference.to_string())?;
        match &reference.revision {
            Some(revision) => recipe.get("revisions")?.get(revision)?.as_object(),
            None => recipe.as_object(),
        }
    }

    /// See [`recipe_dict`](Self::recipe_dict).
    pub fn recipe_dict_mut(
        &mut self,
        reference: &RecipeReference,
    ) -> Option<&mut Map<String, Value>> {
        let recipe = self.recipes.get_mut(&reference.to_string())?;
        match &reference.revision {
            Some(revision) => recipe
                .get_mut("revisions")?
                .get_mut(revision)?
                .as_object_mut(),
            None => recipe.as_object_mut(),
        }
    }

    /// The JSON object of a package revision, or of a package without revision.
    pub fn package_dict(&self, package: &PackageReference) -> Option<&Map<String, Value>> {
        let content = self.recipe_dict(&package.reference)?;
        let content = content.get("packages")?.get(&package.package_id)?;
        match &package.revision {
            Some(revision) => content.get("revisions")?.get(revision)?.as_object(),
            None => content.as_object(),
        }
    }

    /// See [`package_dict`](Self::package_dict).
    pub fn package_dict_mut(
        &mut self,
        package: &PackageReference,
    ) -> Option<&mut Map<String, Value>> {
        let content = self.recipe_dict_mut(&package.reference)?;
        let content = content.get_mut("packages")?.get_mut(&package.package_id)?;
        match &package.revision {
            Some(revision) => content
                .get_mut("revisions")?
                .get_mut(revision)?
                .as_object_mut(),
            None => content.as_object_mut(),
        }
    }

    /// The object as it is.
    pub fn recipes(&self) -> &Map<String, Value> {
        &self.recipes
    }

    /// The object as it is, to change it.
    pub fn recipes_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.recipes
    }

    /// Takes in another list, level by level; its values win.
    pub fn merge(&mut self, other: &PackageList) {
        merge_objects(&mut self.recipes, &other.recipes);
    }

    /// Removes the packages.
    pub fn only_recipes(&mut self) {
        for recipe in self.recipes.values_mut() {
            let Some(revisions) = recipe.get_mut("revisions").and_then(Value::as_object_mut) else {
                continue;
            };
            for revision in revisions.values_mut().filter_map(Value::as_object_mut) {
                revision.shift_remove("packages");
            }
        }
    }

    /// One list per reference.
    pub fn split(&self) -> Vec<PackageList> {
        let one = |(reference, content): (&String, &Value)| {
            let mut recipes = Map::new();
            recipes.insert(reference.clone(), content.clone());
            PackageList { recipes }
        };
        self.recipes.iter().map(one).collect()
    }

    /// Has it this recipe revision?
    pub fn has_rref(&self, reference: &RecipeReference) -> bool {
        reference.revision.is_some() && self.recipe_dict(reference).is_some()
    }
}

/// Lists by origin: `Local Cache` or the name of a remote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MultiPackageList {
    /// In the order of asking: a list, or the error of that origin.
    pub lists: IndexMap<String, Result<PackageList, String>>,
}

impl MultiPackageList {
    /// Sets the list of an origin.
    pub fn add(&mut self, origin: &str, list: PackageList) {
        self.lists.insert(origin.to_owned(), Ok(list));
    }

    /// Sets the error of an origin.
    pub fn add_error(&mut self, origin: &str, error: &str) {
        self.lists.insert(origin.to_owned(), Err(error.to_owned()));
    }

    /// The list of an origin.
    pub fn get(&self, origin: &str) -> Result<&PackageList, PackageListError> {
        match self.lists.get(origin) {
            Some(Ok(list)) => Ok(list),
            Some(Err(error)) => Err(PackageListError::Origin(error.clone())),
            None => Err(PackageListError::NoSuchOrigin(origin.to_owned())),
        }
    }

    /// Takes in other lists, origin by origin; their values win.
    pub fn merge(&mut self, other: &MultiPackageList) {
        for (origin, list) in &other.lists {
            match (self.lists.get_mut(origin), list) {
                (Some(Ok(mine)), Ok(list)) => mine.merge(list),
                _ => {
                    self.lists.insert(origin.clone(), list.clone());
                }
            }
        }
    }

    /// JSON; an error is `{"error": text}`.
    pub fn to_json(&self) -> Value {
        let content = |list: &Result<PackageList, String>| match list {
            Ok(list) => list.to_json(),
            Err(error) => json!({ "error": error }),
        };
        let pairs = self
            .lists
            .iter()
            .map(|(origin, list)| (origin.clone(), content(list)));
        Value::Object(pairs.collect())
    }

    /// Reads the text of a file that `list --format=json` wrote.
    pub fn loads(text: &str) -> Result<Self, PackageListError> {
        let json: Value = serde_json::from_str(text)
            .map_err(|error| PackageListError::Json(error.to_string()))?;
        let map = json
            .as_object()
            .ok_or_else(|| PackageListError::NotAnObject("package list".to_owned()))?;
        if map.contains_key("graph") {
            return Err(PackageListError::IsGraph);
        }
        let mut lists = Self::default();
        for (origin, content) in map {
            match content.get("error").and_then(Value::as_str) {
                Some(error) => lists.add_error(origin, error),
                None => lists.add(origin, PackageList::from_json(content)?),
            }
        }
        Ok(lists)
    }
}

/// The object at a key, made if it isn't there; what isn't an object is replaced.
fn object_at<'a>(map: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    let value = map.entry(key).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(object) => object,
        _ => unreachable!("it was made an object"),
    }
}

fn entries<'a>(json: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    json.get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn timestamp(json: &Value) -> Option<f64> {
    json.get("timestamp")?.as_f64()
}

fn merge_objects(mine: &mut Map<String, Value>, theirs: &Map<String, Value>) {
    for (key, value) in theirs {
        match (mine.get_mut(key), value) {
            (Some(Value::Object(mine)), Value::Object(theirs)) => merge_objects(mine, theirs),
            _ => {
                mine.insert(key.clone(), value.clone());
            }
        }
    }
}
