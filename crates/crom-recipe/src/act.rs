use std::path::PathBuf;
use std::sync::Arc;

use crom_model::conaninfo::ConanInfo;
use crom_model::environment::ProfileEnvironment;
use crom_model::view::GraphView;
use serde::{Deserialize, Serialize};

use crate::{ConfigureInput, InspectInput, InstanceId, Layout};

/// Input of a phase with effects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActInput {
    /// The node.
    pub instance: InstanceId,
    /// How the class came about, for a replay.
    pub inspect: Arc<InspectInput>,
    /// How it was configured, for a replay; absent for `export`.
    pub configure: Option<Arc<ConfigureInput>>,
    /// What `layout()` said, for a replay.
    pub layout: Option<Arc<Layout>>,
    /// After `package_id()`.
    pub info: Option<Arc<ConanInfo>>,
    /// The graph with described dependencies; empty for `export` and `source`.
    pub graph: Arc<GraphView>,
    /// This node in `graph`.
    pub node: usize,
    /// Base folders: the recipe's layout is applied to them.
    pub folders: FolderBases,
    /// The profile's `[buildenv]`, unfiltered.
    pub buildenv: Arc<ProfileEnvironment>,
    /// The profile's `[runenv]`, unfiltered.
    pub runenv: Arc<ProfileEnvironment>,
    /// What to run.
    pub action: Action,
}

/// Absolute base folders; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FolderBases {
    /// `recipe_folder`
    pub recipe: String,
    /// `export_folder`
    pub export: String,
    /// `export_sources_folder`
    pub export_sources: String,
    /// Base of `source_folder`.
    pub source: String,
    /// Base of `build_folder`.
    pub build: String,
    /// Base of `generators_folder`.
    pub generators: String,
    /// `package_folder`
    pub package: String,
    /// `immutable_package_folder`, for `finalize`.
    pub immutable_package: String,
    /// `recipe_metadata_folder`
    pub recipe_metadata: String,
    /// `package_metadata_folder`
    pub package_metadata: String,
    /// `deploy_folder`
    pub deploy: String,
    /// True for a conanfile in the user's folder (`install .`, `build .`): `layout()`'s
    /// subproject, root and output folder rules hold.
    pub local: bool,
}

/// A method with effects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// `export()`: files beside `exports` into `export_folder`.
    Export,
    /// `export_sources()` into `export_sources_folder`.
    ExportSources,
    /// `source()` in `source_folder`.
    Source,
    /// `system_requirements()`
    SystemRequirements,
    /// `generate()`, then the declared and given generators, then the environment scripts.
    Generate {
        /// From `-g`.
        extra_generators: Vec<String>,
        /// `--envs-generation=false` turns the environment scripts off.
        env_scripts: bool,
    },
    /// `build()` in `build_folder`.
    Build,
    /// `package()`
    Package,
    /// `test()` of a test package.
    Test,
    /// `finalize()`
    Finalize,
    /// `deploy()` into `deploy_folder`.
    Deploy,
    /// A deployer that a user wrote: `deploy(graph, output_folder)` of a Python file, for the root.
    Deployer {
        /// The file.
        file: PathBuf,
        /// Where it deploys to.
        output_folder: String,
        /// What is known of each node, as the JSON of a graph shows it.
        nodes: Arc<serde_json::Value>,
    },
    /// The hooks of the home for a moment that isn't part of another action: `pre_export`,
    /// `post_export`.
    Hook {
        /// The function's name.
        point: String,
    },
}

/// What an action leaves for the caller beside its effects.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ActOutput {
    /// True when the recipe doesn't define the method, so nothing ran.
    pub absent: bool,
    /// Absolute folders after `layout()` was applied: (name, path), e.g. `generators_folder`.
    pub folders: Vec<(String, String)>,
    /// Packages whose files a deployer moved: place in the graph, and the folder to use from now on.
    pub deployed: Vec<(usize, String)>,
}
