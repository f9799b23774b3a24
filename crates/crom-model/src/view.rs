//! One package as its consumers see it, and the graph of such packages.
//!
//! This is what `self.dependencies` shows to a recipe and what generators read. It is owned data:
//! the graph makes it once a stage is done, and hands out shared pointers.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::conaninfo::ConanInfo;
use crate::conf::Conf;
use crate::cpp_info::CppInfo;
use crate::environment::Environment;
use crate::options::PackageOptions;
use crate::package_type::PackageType;
use crate::reference::RecipeReference;
use crate::requirement::Requirement;
use crate::settings::Settings;

/// Which profile a package is configured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Context {
    /// The machine that the binaries are for.
    Host,
    /// The machine that builds.
    Build,
}

impl Context {
    /// `host` or `build`, as in the JSON of a graph.
    pub fn as_str(self) -> &'static str {
        match self {
            Context::Host => "host",
            Context::Build => "build",
        }
    }
}

/// What a recipe declares about itself for people: shown by `inspect`, in the graph's JSON and on
/// `self.dependencies[..]`. Attributes that may be text or a list keep the form they were given in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecipeMetadata {
    /// `description`
    pub description: Option<String>,
    /// `license`: text, or a list of texts.
    pub license: serde_json::Value,
    /// `author`
    pub author: Option<String>,
    /// `homepage`
    pub homepage: Option<String>,
    /// `url`
    pub url: Option<String>,
    /// `topics`: a list of texts, or null.
    pub topics: serde_json::Value,
    /// `provides`: text, a list, or null.
    pub provides: serde_json::Value,
    /// `deprecated`: text, true, or null.
    pub deprecated: serde_json::Value,
    /// `languages`
    pub languages: Vec<String>,
    /// `vendor`
    pub vendor: bool,
    /// The content of `conandata.yml`, or null.
    pub conan_data: serde_json::Value,
    /// `extension_properties`
    pub extension_properties: serde_json::Value,
}

/// Absolute folders of a package; empty where the package has none (yet).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PackageFolders {
    /// Where `conanfile.py` is (`e/` in the cache).
    pub recipe: String,
    /// `source_folder`
    pub source: String,
    /// `build_folder`
    pub build: String,
    /// `generators_folder`
    pub generators: String,
    /// `package_folder`: after `finalize()` or a deployer, the folder to be used.
    pub package: String,
    /// `immutable_package_folder`: the package as it was made.
    pub immutable_package: String,
    /// `recipe_metadata_folder`
    pub recipe_metadata: String,
    /// `package_metadata_folder`
    pub package_metadata: String,
}

/// How a package came into its graph: fields of the graph's JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PackageFacts {
    /// `Cache`, `Downloaded`, `Consumer`, ...
    pub recipe: String,
    /// `Cache`, `Build`, `Missing`, ...; none before the decision.
    pub binary: Option<String>,
    /// The remote of the recipe.
    pub remote: Option<String>,
    /// The remote of the binary.
    pub binary_remote: Option<String>,
    /// The id of the build folder, where it isn't the package's.
    pub build_id: Option<String>,
    /// Seconds since 1970.
    pub prev_timestamp: Option<f64>,
    /// Only tests need it.
    pub test: bool,
    /// `build_policy`
    pub build_policy: Option<String>,
    /// `upload_policy`
    pub upload_policy: Option<String>,
    /// `revision_mode`
    pub revision_mode: String,
    /// Why it can't be built in this configuration.
    pub cant_build: Option<String>,
    /// Why it is invalid.
    pub invalid: Option<String>,
}

/// One package as its consumers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PackageView {
    /// With the recipe revision where there is one. The root of a graph may have an empty name.
    pub reference: RecipeReference,
    /// Absent before identification.
    pub package_id: Option<String>,
    /// Package revision.
    pub prev: Option<String>,
    /// The profile that configured it.
    pub context: Context,
    /// Final package type.
    pub package_type: PackageType,
    /// Final settings.
    pub settings: Settings,
    /// Final options.
    pub options: PackageOptions,
    /// What it says of itself.
    pub metadata: Arc<RecipeMetadata>,
    /// Its folders.
    pub folders: PackageFolders,
    /// `cpp_info` after `package_info()`; relative folders. Join with `folders.package`.
    pub cpp_info: Arc<CppInfo>,
    /// `buildenv_info`
    pub buildenv_info: Environment,
    /// `runenv_info`
    pub runenv_info: Environment,
    /// `conf_info`
    pub conf_info: Conf,
    /// `generator_info`: (name, properties) pairs as given.
    pub generator_info: Vec<serde_json::Value>,
    /// The confs that hold for this package.
    pub conf: Conf,
    /// `info`: what the package id was made of; absent before identification.
    pub info: Option<Arc<ConanInfo>>,
    /// True for a package that is taken from the machine (`platform_requires`).
    pub platform: bool,
    /// True when the package's binary isn't there because nobody needs it.
    pub skipped: bool,
    /// How it came into the graph, for `self.subgraph`.
    #[serde(default)]
    pub facts: PackageFacts,
    /// Every package that this one sees, direct and transitive, in the graph's order: the
    /// requirement with its final traits, and the index of the package in [`GraphView::nodes`].
    pub dependencies: Vec<(Requirement, usize)>,
}

/// The packages of a graph. `nodes[0]` is the root.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GraphView {
    /// In the order in which the graph was expanded.
    pub nodes: Vec<Arc<PackageView>>,
}

impl GraphView {
    /// What the package at `index` sees: (requirement, package) in order.
    pub fn dependencies_of(
        &self,
        index: usize,
    ) -> impl Iterator<Item = (&Requirement, &Arc<PackageView>)> {
        self.nodes
            .get(index)
            .into_iter()
            .flat_map(|node| node.dependencies.iter())
            .filter_map(|(requirement, at)| self.nodes.get(*at).map(|node| (requirement, node)))
    }
}

/// Flat setting values in the order they were given, e.g. `compiler.version` to `12`.
pub type SettingValues = IndexMap<String, String>;
