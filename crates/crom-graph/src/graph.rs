//! The dependency graph: nodes in the order in which they were expanded.

use std::sync::Arc;

use crom_model::conaninfo::ConanInfo;
use crom_model::conf::Conf;
use crom_model::options::{Options, PackageOptions};
use crom_model::package_type::PackageType;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::requirement::Requirement;
use crom_model::settings::Settings;
use crom_model::view::Context;
use crom_recipe::{ConfigureInput, Layout, RecipeAttributes, RecipeFile, RecipeSource};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::catalog::RecipeStatus;
use crate::problem::GraphProblem;
use crate::transitive::TransitiveDeps;

/// Index of a node in [`Graph::nodes`]; the `id` of the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeId(pub usize);

/// Index of a requirement in [`Graph::requirements`]. What a recipe declares and what its
/// consumers see of it are different requirements; a declared one and the edge made for it are the
/// same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequireId(pub usize);

/// A dependency graph. The root is node 0.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// In the order of expansion: depth first, as declared.
    pub nodes: Vec<Node>,
    /// All requirements of all nodes.
    pub requirements: Vec<Requirement>,
    /// Range as required to the version it became: `zlib/[>=1.2]` to `zlib/1.3`.
    pub resolved_ranges: IndexMap<String, RecipeReference>,
    /// What `[replace_requires]` changed: as required to replacement.
    pub replaced_requires: IndexMap<String, String>,
    /// Packages that a node hides (`visible=False`) and shows by another dependency: the package,
    /// and the nodes. Shown as a warning: `Packages required both with visible=True and
    /// visible=False`.
    pub visibility_conflicts: IndexMap<String, Vec<String>>,
    /// Options that two consumers want to have different values; the first one won.
    pub options_conflicts: Vec<OptionsConflict>,
    /// Why expansion ended early.
    pub error: Option<GraphProblem>,
}

/// Two consumers disagree about an option of a dependency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionsConflict {
    /// The dependency.
    pub reference: String,
    /// Option name.
    pub option: String,
    /// What it is.
    pub value: Option<String>,
    /// Who wants another value: (consumer, value).
    pub conflicts: Vec<(String, String)>,
}

/// One package in the graph.
#[derive(Clone, Debug)]
pub struct Node {
    /// With revision; a root may have an empty name.
    pub reference: RecipeReference,
    /// As people see it: `cli`, `conanfile.py (app/1.0)`, `zlib/1.3`.
    pub display: String,
    /// How the recipe came here.
    pub recipe: RecipeStatus,
    /// Its code; none for a platform package.
    pub file: Option<RecipeFile>,
    /// The remote of the recipe.
    pub remote: Option<String>,
    /// Which profile configures it.
    pub context: Context,
    /// Only tests need it.
    pub test: bool,
    /// Patterns `&` mean it.
    pub is_consumer: bool,
    /// What it was configured with; none for a platform package.
    pub configure: Option<Arc<ConfigureInput>>,
    /// What the class declares; empty for a platform package.
    pub attributes: Arc<RecipeAttributes>,
    /// The recipes of its `python_requires`: direct and transitive, by name.
    pub python_requires: Vec<PythonRequireNode>,
    /// Final settings.
    pub settings: Settings,
    /// Final options.
    pub options: PackageOptions,
    /// Final type.
    pub package_type: PackageType,
    /// Final languages.
    pub languages: Vec<String>,
    /// Its dependencies are its own affair.
    pub vendor: bool,
    /// The confs that hold for it.
    pub conf: Conf,
    /// Wishes for visible dependencies.
    pub(crate) up_options: Options,
    /// Wishes for hidden dependencies.
    pub(crate) private_up_options: Options,
    /// As declared, with those that the profile adds.
    pub requires: Vec<RequireId>,
    /// Edges to direct dependencies, in the order of expansion.
    pub dependencies: Vec<Edge>,
    /// Edges from consumers, in the order of expansion.
    pub dependants: Vec<Edge>,
    /// Everything it sees, direct and transitive.
    pub transitive: TransitiveDeps,
    /// `tools.graph:skip_build` or `skip_test` left requirements out.
    pub skipped_build_requires: bool,
    /// What the package id is made of; after identification.
    pub info: Option<Arc<ConanInfo>>,
    /// After identification.
    pub package_id: Option<String>,
    /// The id of the build folder, where the recipe has `build_id()`.
    pub build_id: Option<String>,
    /// What `layout()` said; after identification.
    pub layout: Option<Arc<Layout>>,
    /// What is done about the binary; after the decision.
    pub binary: Option<Binary>,
    /// The command or the recipe wants it to be built if it isn't there.
    pub should_build: bool,
    /// It is built only because its binary is missing, so not if nobody needs it.
    pub built_if_needed: bool,
    /// Package revision.
    pub prev: Option<String>,
    /// When the package revision was made, in seconds since 1970.
    pub prev_timestamp: Option<f64>,
    /// Where the binary comes from.
    pub binary_remote: Option<String>,
}

/// A recipe that another one extends or imports.
#[derive(Clone, Debug, PartialEq)]
pub struct PythonRequireNode {
    /// With revision.
    pub reference: RecipeReference,
    /// How it came here.
    pub recipe: RecipeStatus,
    /// Its remote.
    pub remote: Option<String>,
    /// Its code.
    pub file: RecipeFile,
    /// `package_id_python_mode` of that recipe.
    pub mode: Option<String>,
}

/// A direct dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The consumer.
    pub from: NodeId,
    /// The dependency.
    pub to: NodeId,
    /// As declared, with final traits.
    pub require: RequireId,
}

/// What is done about a package's binary; the `binary` field of the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Binary {
    /// It is in the cache.
    Cache,
    /// It comes from a remote.
    Download,
    /// A newer one comes from a remote.
    Update,
    /// It is built.
    Build,
    /// It isn't anywhere and may not be built.
    Missing,
    /// The recipe refuses this configuration.
    Invalid,
    /// Nobody needs it.
    Skip,
    /// It is in the user's folder.
    Editable,
    /// It is in the user's folder and is built there.
    EditableBuild,
    /// It is on the machine.
    Platform,
}

impl Binary {
    /// As in output and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cache => "Cache",
            Self::Download => "Download",
            Self::Update => "Update",
            Self::Build => "Build",
            Self::Missing => "Missing",
            Self::Invalid => "Invalid",
            Self::Skip => "Skip",
            Self::Editable => "Editable",
            Self::EditableBuild => "EditableBuild",
            Self::Platform => "Platform",
        }
    }

    /// Is it built in this run?
    pub fn is_build(self) -> bool {
        matches!(self, Self::Build | Self::EditableBuild)
    }
}

impl Node {
    /// Not every root has a name.
    pub fn has_reference(&self) -> bool {
        !self.reference.name.is_empty()
    }

    /// `zlib/1.3`, or for a root without name what people see.
    pub fn label(&self) -> String {
        if self.has_reference() && self.recipe != RecipeStatus::Cli {
            self.reference.without_revision().to_string()
        } else {
            self.display.clone()
        }
    }

    /// The reference as Python prints it: `None` for the root of `--requires`.
    /// True for a `conanfile.txt`.
    pub(crate) fn is_text(&self) -> bool {
        let source = self.file.as_ref().map(|file| &file.source);
        matches!(source, Some(RecipeSource::Declared { .. }))
    }

    pub(crate) fn python_ref(&self) -> String {
        if self.recipe == RecipeStatus::Cli || self.is_text() {
            String::from("None")
        } else {
            self.reference.to_string()
        }
    }

    /// `ref#rrev:package_id[#prev]`, once identified.
    pub fn package_reference(&self) -> Option<PackageReference> {
        let id = self.package_id.as_ref()?;
        let mut package = PackageReference::new(self.reference.clone(), id.clone());
        package.revision = self.prev.clone();
        package.timestamp = self.prev_timestamp;
        Some(package)
    }

    /// The message of `validate()`.
    pub fn invalid(&self) -> Option<&str> {
        self.info.as_ref()?.invalid.as_deref()
    }

    /// The message of `validate_build()`.
    pub fn cant_build(&self) -> Option<&str> {
        self.info.as_ref()?.cant_build.as_deref()
    }
}

impl Graph {
    /// The node with that id.
    ///
    /// # Panics
    /// If the id is of another graph.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0]
    }

    /// The requirement with that id.
    ///
    /// # Panics
    /// If the id is of another graph.
    pub fn require(&self, id: RequireId) -> &Requirement {
        &self.requirements[id.0]
    }

    pub(crate) fn require_mut(&mut self, id: RequireId) -> &mut Requirement {
        &mut self.requirements[id.0]
    }

    pub(crate) fn add_requirement(&mut self, requirement: Requirement) -> RequireId {
        self.requirements.push(requirement);
        RequireId(self.requirements.len() - 1)
    }

    /// The root.
    pub fn root(&self) -> Option<&Node> {
        self.nodes.first()
    }

    /// Ids of all nodes in order.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId)
    }

    /// What a node sees: requirement with final traits, and node.
    pub fn dependencies_of(&self, id: NodeId) -> impl Iterator<Item = (&Requirement, NodeId)> {
        self.node(id)
            .transitive
            .iter()
            .filter_map(|entry| Some((self.require(entry.require), entry.node?)))
    }

    /// Nodes by how far they are above the leaves: a node's dependencies are all in earlier
    /// levels. Within a level, sorted by reference.
    pub fn levels(&self) -> Vec<Vec<NodeId>> {
        let mut heights: Vec<Option<usize>> = vec![None; self.nodes.len()];
        let mut levels: Vec<Vec<NodeId>> = Vec::new();
        for start in self.ids() {
            let mut stack = vec![(start, 0_usize)];
            while let Some((id, next)) = stack.pop() {
                if heights[id.0].is_some() {
                    continue;
                }
                let edges = &self.node(id).dependencies;
                if let Some(edge) = edges.get(next) {
                    stack.push((id, next + 1));
                    if heights[edge.to.0].is_none() {
                        stack.push((edge.to, 0));
                    }
                    continue;
                }
                let below = edges.iter().filter_map(|edge| heights[edge.to.0]).max();
                heights[id.0] = Some(below.map_or(0, |height| height + 1));
            }
        }
        for id in self.ids() {
            let height = heights[id.0].unwrap_or(0);
            if levels.len() <= height {
                levels.resize(height + 1, Vec::new());
            }
            levels[height].push(id);
        }
        for level in &mut levels {
            level.sort_by(|a, b| self.node(*a).reference.cmp(&self.node(*b).reference));
        }
        levels
    }
}
