use std::sync::Arc;

use crom_model::options::OptionsDefinition;
use crom_model::requirement::PackageIdMode;
use crom_model::view::RecipeMetadata;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::Reads;

/// What a recipe's class declares, after `init()`, `set_name()` and `set_version()`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecipeAttributes {
    /// `name`
    pub name: Option<String>,
    /// `version`
    pub version: Option<String>,
    /// `user`
    pub user: Option<String>,
    /// `channel`
    pub channel: Option<String>,
    /// What it says of itself.
    pub metadata: Arc<RecipeMetadata>,
    /// `package_type` as written.
    pub package_type: Option<String>,
    /// `settings`
    pub settings: SettingsDeclaration,
    /// `options`
    pub options: OptionsDefinition,
    /// `default_options`: as written, own options and patterns for dependencies, as text.
    pub default_options: IndexMap<String, serde_json::Value>,
    /// `default_build_options`
    pub default_build_options: IndexMap<String, serde_json::Value>,
    /// `options_description`
    pub options_description: serde_json::Value,
    /// `implements`
    pub implements: Vec<String>,
    /// Names in `generators`; classes given instead of names appear by their class name.
    pub generators: Vec<String>,
    /// `build_policy`
    pub build_policy: Option<String>,
    /// `upload_policy`
    pub upload_policy: Option<String>,
    /// `revision_mode`, `hash` by default.
    pub revision_mode: String,
    /// `revision_mode_excluded`
    pub revision_mode_excluded: Vec<String>,
    /// `no_copy_source`
    pub no_copy_source: bool,
    /// `exports`: patterns.
    pub exports: Vec<String>,
    /// `exports_sources`: patterns.
    pub exports_sources: Vec<String>,
    /// Class attributes `requires`, `tool_requires`/`build_requires`, `test_requires`.
    pub requires: Vec<RequirementDeclaration>,
    /// `python_requires` as written.
    pub python_requires: Vec<String>,
    /// `win_bash`
    pub win_bash: Option<bool>,
    /// `win_bash_run`
    pub win_bash_run: Option<bool>,
    /// `test_type`
    pub test_type: Option<String>,
    /// `package_id_embed_mode`
    pub package_id_embed_mode: Option<PackageIdMode>,
    /// `package_id_non_embed_mode`
    pub package_id_non_embed_mode: Option<PackageIdMode>,
    /// `package_id_unknown_mode`
    pub package_id_unknown_mode: Option<PackageIdMode>,
    /// `package_id_python_mode`
    pub package_id_python_mode: Option<PackageIdMode>,
    /// `build_mode`
    pub build_mode: Option<PackageIdMode>,
    /// `package_id_abi_options`: options of dependencies that enter the id.
    pub package_id_abi_options: Vec<String>,
    /// `alias`: the reference that this recipe stands for.
    pub alias: Option<String>,
    /// `tested_reference_str`/`required_conan_version` and the like aren't data that others need;
    /// what `conan inspect` prints beyond the fields above, in its order.
    pub inspect: serde_json::Map<String, serde_json::Value>,
    /// The methods that the class defines.
    pub methods: Vec<RecipeMethod>,
    /// What was read to find all this.
    pub reads: Reads,
}

impl RecipeAttributes {
    /// Does the class define this method?
    pub fn has(&self, method: RecipeMethod) -> bool {
        self.methods.contains(&method)
    }
}

/// A requirement given as a class attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RequirementDeclaration {
    /// `requires`
    Requires(String),
    /// `tool_requires` or `build_requires`
    ToolRequires(String),
    /// `test_requires`
    TestRequires(String),
}

/// The class attribute `settings`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum SettingsDeclaration {
    /// Not declared: the recipe doesn't depend on settings.
    #[default]
    None,
    /// Top-level names: `"os", "compiler"`.
    Names(Vec<String>),
    /// A restriction: `{"os": ["Linux", "Windows"], "compiler": None}` as written.
    Constrained(serde_json::Map<String, serde_json::Value>),
}

/// Methods that a recipe may define and that others must know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are the methods' names")]
pub enum RecipeMethod {
    Init,
    SetName,
    SetVersion,
    Export,
    ExportSources,
    ConfigOptions,
    Configure,
    Requirements,
    BuildRequirements,
    Layout,
    Validate,
    ValidateBuild,
    PackageId,
    Compatibility,
    BuildId,
    SystemRequirements,
    Source,
    Generate,
    Build,
    Package,
    PackageInfo,
    Finalize,
    Test,
    Deploy,
}
