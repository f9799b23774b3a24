use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crom_model::reporter::Said;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{
    ActInput, ActOutput, ConfigureInput, ConfigureOutput, DescribeInput, DescribeOutput,
    GivenReference, IdentifyInput, IdentifyOutput, InspectInput, PlainExport, PluginInput,
    PluginOutput, PythonRequires, RecipeAttributes, RecipeError, RecipeFile,
};

/// Answers questions about recipes.
///
/// Every method may be called from any thread. An error is the recipe's own (it raised, or it asks
/// for something that isn't supported) and names file, line and method.
pub trait RecipeHost: Send + Sync + fmt::Debug {
    /// The references in the class attribute `python_requires`, in order. They must be found before
    /// the class can be inspected, since base classes may come from them.
    fn python_requires(&self, recipe: &RecipeFile) -> Result<PythonRequires, RecipeError>;

    /// Class attributes after `init()`, `set_name()` and `set_version()`.
    fn inspect(&self, input: &Arc<InspectInput>) -> Result<Arc<RecipeAttributes>, RecipeError>;

    /// Runs `config_options()`, `configure()`, `requirements()` and `build_requirements()`.
    fn configure(&self, input: &Arc<ConfigureInput>) -> Result<ConfigureOutput, RecipeError>;

    /// Runs `layout()`, `validate_build()`, `validate()`, `package_id()` and `compatibility()`.
    fn identify(&self, input: &IdentifyInput) -> Result<IdentifyOutput, RecipeError>;

    /// Runs `package_info()`.
    fn describe(&self, input: &DescribeInput) -> Result<DescribeOutput, RecipeError>;

    /// Runs a method that has effects.
    fn act(&self, input: &ActInput) -> Result<ActOutput, RecipeError>;

    /// Runs a plugin of the home. An error is the plugin's own.
    fn plugin(&self, input: &PluginInput) -> Result<PluginOutput, RecipeError>;

    /// Attributes of Conan 1 that recipes used so far and that had no effect, each with the recipes
    /// that did: Conan lists them when the packages of a graph are installed.
    fn deprecated_uses(&self) -> IndexMap<String, Vec<String>>;

    /// What exporting a recipe does, if that can be told without running it: never for a recipe that
    /// computes what it exports, nor where hooks want to see it. Called from any thread.
    fn plain_export(&self, recipe: &RecipeFile, given: &GivenReference) -> Option<PlainExport> {
        let _ = (recipe, given);
        None
    }

    /// A recipe with this content will be at this path, and asked about, soon: what can be made ready
    /// without disturbing other questions is. Called from any thread with a large stack.
    fn make_ready(&self, path: &Path, content: &[u8]) {
        let _ = (path, content);
    }

    /// The live object of an instance is no longer needed.
    fn forget(&self, instance: InstanceId) {
        let _ = instance;
    }
}

/// Names one configured recipe: one node of one graph. Unique within a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InstanceId(pub u64);

impl InstanceId {
    /// An id that no other call in this process returned.
    pub fn next() -> Self {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// What a phase looked at outside its input, and what it said. A kept output holds only while what
/// was read still answers the same; what was said has to be said again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reads {
    /// Environment variables and the values seen; `None` for one that wasn't set.
    pub environment: BTreeMap<String, Option<String>>,
    /// Files and folders that were opened, listed or asked about, as absolute paths.
    pub files: Vec<String>,
    /// True when other packages of the graph were looked at.
    pub graph: bool,
    /// True when the phase did something whose result can't be checked later (time, random numbers,
    /// the whole environment, a native call): its output must not be kept.
    pub opaque: bool,
    /// Messages, in order.
    pub said: Vec<Said>,
    /// (attribute of Conan 1 that was used, recipe)
    pub deprecated: Vec<(String, String)>,
}

impl Reads {
    /// Adds what loading the recipe's code had read: code that is loaded once is used by many phases.
    pub fn include(&mut self, loading: &Reads) {
        let environment = loading.environment.iter();
        self.environment
            .extend(environment.map(|(name, value)| (name.clone(), value.clone())));
        self.files.extend(loading.files.iter().cloned());
        self.graph |= loading.graph;
        self.opaque |= loading.opaque;
    }
}
