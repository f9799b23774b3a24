use std::sync::Arc;

use crom_model::conaninfo::ConanInfo;
use crom_model::conf::Conf;
use crom_model::cpp_info::CppInfo;
use crom_model::environment::Environment;
use crom_model::view::{GraphView, PackageFolders};
use serde::{Deserialize, Serialize};

use crate::{ConfigureInput, InstanceId, Layout, Reads};

/// Input of the fourth phase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescribeInput {
    /// The node.
    pub instance: InstanceId,
    /// How it was configured, for a replay.
    pub configure: Arc<ConfigureInput>,
    /// What `layout()` said, for a replay.
    pub layout: Arc<Layout>,
    /// After `package_id()`.
    pub info: Option<Arc<ConanInfo>>,
    /// The folders of this package. For an editable, `package` is the recipe's base folder.
    pub folders: PackageFolders,
    /// The graph; dependencies are described already.
    pub graph: Arc<GraphView>,
    /// This node in `graph`.
    pub node: usize,
    /// True for a package in editable mode: infos of `cpp.source` and `cpp.build` are merged in.
    pub editable: bool,
}

/// Output of the fourth phase.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DescribeOutput {
    /// `cpp_info`, folders relative as written (absolute for an editable).
    pub cpp_info: CppInfo,
    /// `buildenv_info`
    pub buildenv_info: Environment,
    /// `runenv_info`
    pub runenv_info: Environment,
    /// `conf_info`
    pub conf_info: Conf,
    /// `generator_info`
    pub generator_info: Vec<serde_json::Value>,
    /// What was read outside the input.
    pub reads: Reads,
}
