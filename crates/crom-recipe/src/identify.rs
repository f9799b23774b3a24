use std::sync::Arc;

use crom_model::conaninfo::ConanInfo;
use crom_model::conf::Conf;
use crom_model::cpp_info::CppInfo;
use crom_model::environment::Environment;
use crom_model::view::{GraphView, SettingValues};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{ConfigureInput, InstanceId, Reads};

/// Input of the third phase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdentifyInput {
    /// The node.
    pub instance: InstanceId,
    /// How it was configured, for a replay.
    pub configure: Arc<ConfigureInput>,
    /// What goes into the package id before `package_id()` changes it.
    pub info: ConanInfo,
    /// The graph so far; dependencies come before their consumers, so theirs is identified.
    pub graph: Arc<GraphView>,
    /// This node in `graph`.
    pub node: usize,
    /// False when a changed `info` is tried for a compatible binary: `layout()` and
    /// `compatibility()` don't run again.
    pub first: bool,
}

/// Output of the third phase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdentifyOutput {
    /// After `package_id()`. Its text gives the id.
    pub info: ConanInfo,
    /// The message of `ConanInvalidConfiguration` in `validate()`.
    pub invalid: Option<String>,
    /// The same in `validate_build()`.
    pub cant_build: Option<String>,
    /// What `compatibility()` returned, in order.
    pub alternatives: Vec<Alternative>,
    /// What `layout()` said.
    pub layout: Layout,
    /// `build_id()`'s own info, where the recipe has that method.
    pub build_id_info: Option<ConanInfo>,
    /// What was read outside the input.
    pub reads: Reads,
}

/// One entry of `compatibility()`: replaces some settings and options.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// `{"settings": [("compiler.cppstd", "17")]}`
    pub settings: SettingValues,
    /// `{"options": [("shared", "True")]}`
    pub options: IndexMap<String, String>,
    /// `{"compiler_delta"..}` and other keys are refused by the host.
    pub settings_target: SettingValues,
}

/// What `layout()` said: folders relative to the base folders, and infos for editables.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// False when the recipe has no `layout()`.
    pub defined: bool,
    /// `folders.source`
    pub source: String,
    /// `folders.build`
    pub build: String,
    /// `folders.package`
    pub package: String,
    /// `folders.generators`
    pub generators: String,
    /// `folders.imports`/`folders.base`: unused by the reference's caches, kept for completeness.
    pub test: Option<String>,
    /// `folders.root`
    pub root: Option<String>,
    /// `folders.subproject`
    pub subproject: Option<String>,
    /// `folders.build_folder_vars`
    pub build_folder_vars: Option<Vec<String>>,
    /// `cpp.source`, `cpp.build`, `cpp.package`
    pub cpp: IndexMap<String, Arc<CppInfo>>,
    /// `layouts.{source,build,package}`: (buildenv_info, runenv_info, conf_info)
    pub layouts: IndexMap<String, (Environment, Environment, Conf)>,
}
