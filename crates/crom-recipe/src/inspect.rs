use std::path::PathBuf;
use std::sync::Arc;

use crom_model::options::Options;
use crom_model::reference::RecipeReference;
use serde::{Deserialize, Serialize};

use crate::Reads;

/// Where a recipe's code is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecipeFile {
    /// What kind of recipe it is, with its code's place.
    pub source: RecipeSource,
    /// The folder that relative paths of the recipe refer to.
    pub folder: PathBuf,
    /// A digest of everything a recipe can load from its folder (the recipe revision for one in the
    /// cache); absent where the folder may change under us (a consumer's conanfile). Cached outputs
    /// are keyed by it.
    pub digest: Option<String>,
}

/// Kinds of recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RecipeSource {
    /// A `conanfile.py`.
    Python(PathBuf),
    /// No code: the root made for `--requires`, or a `conanfile.txt` that was parsed already. The
    /// host makes a plain recipe with these values.
    Declared {
        /// As people see it: `cli` or `conanfile.txt`.
        display: String,
        /// (reference, traits as for `self.requires`), in order.
        requires: Vec<String>,
        /// As `self.tool_requires`.
        tool_requires: Vec<String>,
        /// As `self.test_requires`.
        test_requires: Vec<String>,
        /// The `generators` attribute.
        generators: Vec<String>,
        /// `[options]`: values for dependencies.
        options: Box<Options>,
        /// `[layout]`: `cmake_layout`, `vs_layout` or `bazel_layout`.
        layout: Option<String>,
    },
}

/// What the caller says the recipe is called: the command line's `--name` etc., or the reference it
/// has in the cache. `set_name()` and `set_version()` run only where nothing is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GivenReference {
    /// `--name`
    pub name: Option<String>,
    /// `--version`
    pub version: Option<String>,
    /// `--user`
    pub user: Option<String>,
    /// `--channel`
    pub channel: Option<String>,
}

/// A resolved `python_requires`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PythonRequire {
    /// With revision.
    pub reference: RecipeReference,
    /// Its code.
    pub recipe: RecipeFile,
    /// What it requires itself.
    pub requires: Vec<Arc<PythonRequire>>,
}

/// Input of the first phase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InspectInput {
    /// The code.
    pub recipe: RecipeFile,
    /// Names given from outside.
    pub given: GivenReference,
    /// In the order of the class attribute.
    pub python_requires: Vec<Arc<PythonRequire>>,
}

/// The references in the class attribute `python_requires`, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PythonRequires {
    /// As written.
    pub references: Vec<String>,
    /// What was read to load the class.
    pub reads: Reads,
}
