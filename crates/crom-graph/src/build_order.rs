//! `graph build-order`: what has to be built, in which order, and with which arguments.
//!
//! A build order is computed from a graph or read from a file, and can be merged with others and
//! reduced to what is built. It is kept flat, in the order in which items were met; levels are made
//! when it is written.
//!
//! ```text
//! {"order_by": "recipe", "reduced": false,
//!  "order": [[{"ref": "zlib/1.3#rev", "depends": [], "packages": [[{"package_id": "..", ..}]]}], ..],
//!  "profiles": {"self": {"args": "-s:h=\"build_type=Debug\""}}}
//! ```
//!
//! Ordered by configuration, the items are packages: `pref` beside the fields of a package, and
//! `depends` are of that kind too.

mod arguments;
mod levels;

use crom_model::conaninfo::ConanInfo;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::catalog::RecipeStatus;
use crate::graph::{Binary, Graph, Node, NodeId};
use levels::{Keyed, levels};

/// What the items of a build order are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderBy {
    /// Recipe revisions with their packages.
    Recipe,
    /// Packages.
    Configuration,
}

impl OrderBy {
    /// As in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recipe => "recipe",
            Self::Configuration => "configuration",
        }
    }
}

/// A build order that can't be computed or merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildOrderError {
    /// Items wait for each other. The lines name them.
    #[error(
        "There is a loop in the graph (some packages already ommitted):\n{}\n\nThis graph is \
         ill-formed, and cannot be installed\nMost common cause is having dependencies both in \
         build and host contexts\nforming a cycle, due to tool_requires having transitive \
         requires.\nCheck your profile [tool_requires] and recipe tool and regular requires\nYou \
         might inspect the dependency graph with:\n  $ conan graph info . --format=html > \
         graph.html", lines.join("\n")
    )]
    Loop {
        /// `lx/1.0 (Build) -> ['ly/1.0']`
        lines: Vec<String>,
    },
    /// Orders of different kinds.
    #[error("Cannot merge build-orders of {}!={}", .0.as_str(), .1.as_str())]
    Kinds(OrderBy, OrderBy),
    /// The same package is built in one and not in the other: they are of different moments.
    #[error(
        "Cannot merge build-orders: package '{package}' is '{one}' in one and '{other}' in another"
    )]
    Binaries {
        /// The package.
        package: String,
        /// What is done about it in the first.
        one: String,
        /// And in the other.
        other: String,
    },
    /// Not the JSON of a build order.
    #[error("{0}")]
    Malformed(String),
}

/// A package of a build order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Package {
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pref: Option<String>,
    package_id: String,
    prev: Option<String>,
    context: String,
    binary: String,
    options: Vec<String>,
    filenames: Vec<String>,
    depends: Vec<String>,
    overrides: IndexMap<String, Vec<Option<String>>>,
    build_args: Option<String>,
    info: Option<Value>,
}

impl Package {
    fn is_built(&self) -> bool {
        self.binary == "Build" || self.binary == "EditableBuild"
    }
}

/// A recipe with its packages by id, or a package alone.
#[derive(Clone, Debug, PartialEq)]
struct Item {
    reference: String,
    depends: Vec<String>,
    packages: IndexMap<String, Package>,
}

#[derive(Deserialize)]
struct RecipeJson {
    #[serde(rename = "ref")]
    reference: String,
    depends: Vec<String>,
    packages: Vec<Vec<Package>>,
}

/// What is built, in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildOrder {
    by: OrderBy,
    reduced: bool,
    /// By `ref#rrev`, or by `ref#rrev:package_id`.
    items: IndexMap<String, Item>,
    /// Profile arguments by file; `self` is that of a single order.
    profiles: serde_json::Map<String, Value>,
}

/// What of a package can't be installed, in the words of the reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There are some error(s) in the graph:\n{}", lines.join("\n"))]
pub struct BuildOrderProblems {
    lines: Vec<String>,
}

impl BuildOrder {
    /// The order of a decided graph. `profile_args` are what the user said about profiles.
    pub fn new(graph: &Graph, by: OrderBy, profile_args: &str) -> Self {
        let mut order = Self {
            by,
            reduced: false,
            items: IndexMap::new(),
            profiles: serde_json::Map::new(),
        };
        order
            .profiles
            .insert(String::from("self"), json!({"args": profile_args}));
        let overridden = !graph.overrides().is_empty();
        for id in graph.levels().into_iter().flatten() {
            if is_ordered(graph.node(id)) {
                order.add(graph, id, overridden);
            }
        }
        order
    }

    fn add(&mut self, graph: &Graph, id: NodeId, overridden: bool) {
        let node = graph.node(id);
        let package_id = node.package_id.clone().unwrap_or_default();
        let depends: Vec<&Node> = node
            .dependencies
            .iter()
            .map(|edge| graph.node(edge.to))
            .filter(|dep| is_ordered(dep))
            .collect();
        let key = self.key(node);
        let item = self.items.entry(key.clone()).or_insert_with(|| Item {
            reference: node.reference.repr_notime(),
            depends: Vec::new(),
            packages: IndexMap::new(),
        });
        let package = item
            .packages
            .entry(package_id.clone())
            .or_insert_with(|| package(graph, id, overridden));
        for dep in depends {
            let dep_id = dep.package_id.clone().unwrap_or_default();
            let (list, text) = match self.by {
                OrderBy::Configuration => (&mut item.depends, key_of(dep, self.by)),
                OrderBy::Recipe if dep.reference == node.reference => {
                    if dep_id == package_id {
                        continue;
                    }
                    (&mut package.depends, dep_id)
                }
                OrderBy::Recipe => (&mut item.depends, key_of(dep, self.by)),
            };
            if !list.contains(&text) {
                list.push(text);
            }
        }
    }

    fn key(&self, node: &Node) -> String {
        key_of(node, self.by)
    }

    /// Reads the JSON.
    ///
    /// # Errors
    /// It isn't that of a build order.
    pub fn from_json(json: &Value) -> Result<Self, BuildOrderError> {
        let malformed = |what: &str| BuildOrderError::Malformed(what.to_owned());
        let field = |name: &str| {
            json.get(name)
                .cloned()
                .ok_or_else(|| malformed(&format!("'{name}'")))
        };
        let by = field("order_by")?;
        let by = serde_json::from_value(by).map_err(|error| malformed(&error.to_string()))?;
        let mut order = Self {
            by,
            reduced: json.get("reduced").and_then(Value::as_bool) == Some(true),
            items: IndexMap::new(),
            profiles: json
                .get("profiles")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
        };
        let listed = field("order")?;
        let levels = listed.as_array().ok_or_else(|| malformed("'order'"))?;
        for item in levels.iter().filter_map(Value::as_array).flatten() {
            let (key, item) = read_item(by, item).map_err(|error| malformed(&error.to_string()))?;
            order.items.insert(key, item);
        }
        Ok(order)
    }

    /// Only what is built was kept; such an order can't be merged.
    pub fn is_reduced(&self) -> bool {
        self.reduced
    }

    /// Says of all packages and of the profile that they are of this file.
    pub fn set_file(&mut self, name: &str) {
        for package in self
            .items
            .values_mut()
            .flat_map(|it| it.packages.values_mut())
        {
            if package.filenames.is_empty() {
                package.filenames.push(name.to_owned());
            }
        }
        if let Some(own) = self.profiles.remove("self") {
            self.profiles.insert(name.to_owned(), own);
        }
    }

    /// Takes in another order of the same kind.
    ///
    /// # Errors
    /// Orders of different kinds, or of different moments.
    pub fn merge(&mut self, other: Self) -> Result<(), BuildOrderError> {
        if self.by != other.by {
            return Err(BuildOrderError::Kinds(self.by, other.by));
        }
        for (key, item) in other.items {
            match self.items.get_mut(&key) {
                None => {
                    self.items.insert(key, item);
                }
                Some(mine) => mine.merge(item)?,
            }
        }
        self.profiles.extend(other.profiles);
        Ok(())
    }

    /// Leaves out what isn't built; what waited for it waits for what it waited for.
    pub fn reduce(&mut self) {
        self.reduced = true;
        let mut replaced: IndexMap<String, Vec<String>> = IndexMap::new();
        let order: Vec<String> = match self.levels() {
            Ok(levels) => levels.into_iter().flatten().cloned().collect(),
            Err(_) => self.items.keys().cloned().collect(),
        };
        for key in order {
            let Some(item) = self.items.get_mut(&key) else {
                continue;
            };
            item.depends = substituted(&item.depends, &replaced);
            item.reduce_packages();
            if item.packages.is_empty() {
                replaced.insert(key.clone(), std::mem::take(&mut item.depends));
            }
        }
        self.items.retain(|_, item| !item.packages.is_empty());
    }

    /// What can't be installed: invalid packages in the order of installation, then missing ones by
    /// name.
    ///
    /// # Errors
    /// Those packages.
    pub fn check(&self) -> Result<(), BuildOrderProblems> {
        let order: Vec<&String> = match self.levels() {
            Ok(levels) => levels.into_iter().flatten().collect(),
            Err(_) => self.items.keys().collect(),
        };
        let items = order.into_iter().filter_map(|key| self.items.get(key));
        let (mut invalid, mut missing) = (Vec::new(), Vec::new());
        for item in items {
            let reference = short(&item.reference);
            for (id, package) in &item.packages {
                match package.binary.as_str() {
                    "Invalid" => {
                        invalid.push(format!("    - {reference}:{id}: Invalid configuration"));
                    }
                    "Missing" => missing.push(format!("    - {reference}:{id}: Missing binary")),
                    _ => {}
                }
            }
        }
        missing.sort();
        invalid.extend(missing);
        if invalid.is_empty() {
            return Ok(());
        }
        Err(BuildOrderProblems { lines: invalid })
    }

    /// The whole order; `profiles` at the end.
    ///
    /// # Errors
    /// Items that wait for each other.
    pub fn to_json(&self) -> Result<Value, BuildOrderError> {
        let mut order = Vec::new();
        for level in self.levels()? {
            let items = level.into_iter().filter_map(|key| {
                let item = self.items.get(key)?;
                Some(match self.by {
                    OrderBy::Recipe => item.recipe_json(),
                    OrderBy::Configuration => item.configuration_json(key),
                })
            });
            order.push(Value::Array(items.collect()));
        }
        Ok(json!({
            "order_by": self.by,
            "reduced": self.reduced,
            "order": order,
            "profiles": self.profiles,
        }))
    }

    /// One line per package: `ref#rrev:package_id - Build`.
    ///
    /// # Errors
    /// Items that wait for each other.
    pub fn lines(&self) -> Result<Vec<String>, BuildOrderError> {
        let mut lines = Vec::new();
        for item in self.levels()?.into_iter().flatten() {
            let Some(item) = self.items.get(item) else {
                continue;
            };
            for (id, package) in item.package_levels().into_iter().flatten() {
                lines.push(format!("{}:{id} - {}", item.reference, package.binary));
            }
        }
        Ok(lines)
    }

    fn levels(&self) -> Result<Vec<Vec<&String>>, BuildOrderError> {
        let keyed = self.items.iter().map(|(key, item)| Keyed {
            key,
            sort: &item.reference,
            depends: &item.depends,
        });
        levels(keyed.collect()).map_err(|left| BuildOrderError::Loop {
            lines: left
                .into_iter()
                .filter_map(|(key, waiting)| self.loop_line(key, &waiting))
                .collect(),
        })
    }

    fn loop_line(&self, key: &str, waiting: &[&str]) -> Option<String> {
        let item = self.items.get(key)?;
        let mut binaries: Vec<&str> = Vec::new();
        for package in item.packages.values() {
            if !binaries.contains(&package.binary.as_str()) {
                binaries.push(&package.binary);
            }
        }
        let waiting: Vec<String> = waiting
            .iter()
            .map(|it| format!("'{}'", short(it)))
            .collect();
        Some(format!(
            "{} ({}) -> [{}]",
            short(key),
            binaries.join(", "),
            waiting.join(", ")
        ))
    }
}

impl Item {
    fn merge(&mut self, other: Self) -> Result<(), BuildOrderError> {
        for dep in other.depends {
            if !self.depends.contains(&dep) {
                self.depends.push(dep);
            }
        }
        for (id, package) in other.packages {
            let Some(mine) = self.packages.get_mut(&id) else {
                self.packages.insert(id, package);
                continue;
            };
            if mine.binary != package.binary {
                return Err(BuildOrderError::Binaries {
                    package: format!("{}:{id}", self.reference),
                    one: mine.binary.clone(),
                    other: package.binary,
                });
            }
            for file in package.filenames {
                if !mine.filenames.contains(&file) {
                    mine.filenames.push(file);
                }
            }
        }
        Ok(())
    }

    fn reduce_packages(&mut self) {
        let mut replaced: IndexMap<String, Vec<String>> = IndexMap::new();
        let order: Vec<String> = self
            .package_levels()
            .into_iter()
            .flatten()
            .map(|(id, _)| id.clone())
            .collect();
        for id in order {
            let Some(package) = self.packages.get_mut(&id) else {
                continue;
            };
            package.depends = substituted(&package.depends, &replaced);
            if !package.is_built() {
                replaced.insert(id, std::mem::take(&mut package.depends));
            }
        }
        self.packages.retain(|_, package| package.is_built());
    }

    fn package_levels(&self) -> Vec<Vec<(&String, &Package)>> {
        let keyed = self.packages.iter().map(|(id, package)| Keyed {
            key: id,
            sort: "",
            depends: &package.depends,
        });
        let levels =
            levels(keyed.collect()).unwrap_or_else(|_| vec![self.packages.keys().collect()]);
        levels
            .into_iter()
            .map(|level| {
                level
                    .into_iter()
                    .filter_map(|id| self.packages.get_key_value(id))
                    .collect()
            })
            .collect()
    }

    fn recipe_json(&self) -> Value {
        let packages: Vec<Vec<&Package>> = self
            .package_levels()
            .into_iter()
            .map(|level| level.into_iter().map(|(_, package)| package).collect())
            .collect();
        json!({"ref": self.reference, "depends": self.depends, "packages": packages})
    }

    fn configuration_json(&self, key: &str) -> Value {
        let Some(package) = self.packages.values().next() else {
            return Value::Null;
        };
        let mut package = package.clone();
        package.reference = Some(self.reference.clone());
        package.pref = Some(key.to_owned());
        package.depends.clone_from(&self.depends);
        json!(package)
    }
}

fn read_item(by: OrderBy, json: &Value) -> Result<(String, Item), serde_json::Error> {
    if by == OrderBy::Recipe {
        let read = RecipeJson::deserialize(json)?;
        let item = Item {
            reference: read.reference.clone(),
            depends: read.depends,
            packages: read
                .packages
                .into_iter()
                .flatten()
                .map(|package| (package.package_id.clone(), package))
                .collect(),
        };
        return Ok((read.reference, item));
    }
    let mut package = Package::deserialize(json)?;
    let item = Item {
        reference: package.reference.take().unwrap_or_default(),
        depends: std::mem::take(&mut package.depends),
        packages: IndexMap::new(),
    };
    let key = package.pref.take().unwrap_or_default();
    let mut item = item;
    item.packages.insert(package.package_id.clone(), package);
    Ok((key, item))
}

/// Is it among what is installed?
fn is_ordered(node: &Node) -> bool {
    !node.recipe.is_root()
        && node.recipe != RecipeStatus::Platform
        && !matches!(node.binary, None | Some(Binary::Skip))
}

fn key_of(node: &Node, by: OrderBy) -> String {
    let reference = node.reference.repr_notime();
    match by {
        OrderBy::Recipe => reference,
        OrderBy::Configuration => format!(
            "{reference}:{}",
            node.package_id.as_deref().unwrap_or_default()
        ),
    }
}

fn package(graph: &Graph, id: NodeId, overridden: bool) -> Package {
    let node = graph.node(id);
    let options = arguments::options(graph, id);
    let overrides = if overridden {
        arguments::overrides(graph, id)
    } else {
        IndexMap::new()
    };
    let build_args = arguments::build_args(node, &options, &overrides);
    Package {
        reference: None,
        pref: None,
        package_id: node.package_id.clone().unwrap_or_default(),
        prev: node.prev.clone(),
        context: node.context.as_str().to_owned(),
        binary: node.binary.map_or("", Binary::as_str).to_owned(),
        options,
        filenames: Vec::new(),
        depends: Vec::new(),
        overrides,
        build_args,
        info: node
            .info
            .as_ref()
            .map(|info| Value::Object(ConanInfo::serialize(info))),
    }
}

fn substituted(depends: &[String], replaced: &IndexMap<String, Vec<String>>) -> Vec<String> {
    let mut result: Vec<String> = Vec::new();
    for dep in depends {
        let own = std::slice::from_ref(dep);
        for text in replaced.get(dep).map_or(own, Vec::as_slice) {
            if !result.contains(text) {
                result.push(text.clone());
            }
        }
    }
    result
}

/// Without the recipe revision: `zlib/1.3#rev:id` to `zlib/1.3:id`.
fn short(key: &str) -> String {
    match key.split_once('#') {
        None => key.to_owned(),
        Some((reference, rest)) => match rest.split_once(':') {
            Some((_, id)) => format!("{reference}:{id}"),
            None => reference.to_owned(),
        },
    }
}
