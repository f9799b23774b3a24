//! The bridge between `conan.tools` in Python and the logic in Rust.
//!
//! Python calls a function by name with a dictionary, and gets data back:
//!
//! ```python
//! import _crom
//! _crom.call("files.mkdir", {"path": path})                    # needs nothing of the recipe
//! _crom.call_with(conanfile, "files.copy", {"pattern": ..})    # may look at the recipe
//! ```
//!
//! The dictionary becomes the function's input struct by serde, what it returns becomes Python data,
//! and an error becomes a `ConanException` (or what [`ToolError`] says) raised at the place of the
//! call. Values of any of these types may be handed over: `str`, `int`, `float`, `bool`, `None`, lists,
//! tuples, sets, dictionaries, `pathlib` paths, versions, settings, options, references; an object with
//! a method `_crom_data()` hands over what that returns.
//!
//! A tool's binding is one file here, with one function that registers what it has:
//!
//! ```text
//! // src/tools/files.rs
//! #[derive(serde::Deserialize)]
//! struct Mkdir { path: PathBuf }
//!
//! pub(super) fn register(registry: &mut Registry) {
//!     registry.function("files.mkdir", |_: &ToolContext, input: Mkdir| {
//!         crom_fs::create_dir_all(&input.path)?;       // `?` on any std error
//!         Ok(())
//!     });
//!     registry.method("build.jobs", |recipe: &RecipeState<'_>, _: NoInput| {
//!         Ok(recipe.conf()?.get_int("tools.build:jobs")?)
//!     });
//! }
//! ```
//!
//! and one line in [`Registry::complete`]. [`RecipeState`] reads the live `ConanFile` on demand: settings,
//! options, conf, folders, environments, dependencies.
//!
//! Functions run on the interpreter's thread. They never call back into Python; where a recipe's own
//! method must run (`self.run`), Rust computes what to run and the facade calls it.

use std::collections::HashMap;
use std::fmt;

use rustpython_vm as vm;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use vm::{PyObjectRef, PyResult, VirtualMachine};

use crate::convert;
pub use crate::recipe_state::RecipeState;
use crate::state::{self, HostConfig};

mod apple;
mod build;
mod cmake;
mod consumer;
mod cps;
mod env;
mod files;
mod gnu;
mod google;
mod intel;
mod meson;
mod microsoft;
mod network;
mod premake;
mod qbs;
mod ros;
mod sbom;
mod scm;
mod scons;
mod system;

pub(crate) use env::wrap_command;

/// What every function may look at, also those without a recipe.
pub type ToolContext = HostConfig;

/// Input of functions that take nothing.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
pub struct NoInput {}

/// How a failure shows up in the recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToolError {
    /// `ConanException`
    Exception(String),
    /// `ConanInvalidConfiguration`
    InvalidConfiguration(String),
    /// An `OSError` of the given kind and text, for tools that recipes call as if they were `os`
    /// functions.
    Os(std::io::ErrorKind, String),
    /// Crom doesn't have this; the text names it.
    Unsupported(String),
}

impl ToolError {
    /// A `ConanException` with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self::Exception(text.into())
    }

    /// A `ConanInvalidConfiguration` with this text.
    pub fn invalid(text: impl Into<String>) -> Self {
        Self::InvalidConfiguration(text.into())
    }
}

// `ToolError` isn't an `Error` itself, so that any error may become one by `?`.
impl<E: std::error::Error> From<E> for ToolError {
    fn from(error: E) -> Self {
        Self::Exception(error.to_string())
    }
}

type Function = Box<dyn Fn(&ToolContext, Value) -> Result<Value, ToolError> + Send + Sync>;
type Method = Box<dyn Fn(&RecipeState<'_>, Value) -> Result<Value, ToolError> + Send + Sync>;

/// The functions that Python can call, by name (`module.function`).
#[derive(Default)]
pub struct Registry {
    functions: HashMap<&'static str, Function>,
    methods: HashMap<&'static str, Method>,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("functions", &self.functions.len())
            .field("methods", &self.methods.len())
            .finish()
    }
}

impl Registry {
    /// Everything that Crom has.
    pub fn complete() -> Self {
        let mut registry = Self::default();
        files::register(&mut registry);
        scm::register(&mut registry);
        system::register(&mut registry);
        apple::register(&mut registry);
        build::register(&mut registry);
        cmake::register(&mut registry);
        env::register(&mut registry);
        gnu::register(&mut registry);
        meson::register(&mut registry);
        microsoft::register(&mut registry);
        google::register(&mut registry);
        intel::register(&mut registry);
        premake::register(&mut registry);
        qbs::register(&mut registry);
        ros::register(&mut registry);
        sbom::register(&mut registry);
        scons::register(&mut registry);
        cps::register(&mut registry);
        registry
    }

    /// A function for `_crom.call`.
    pub fn function<I, O, F>(&mut self, name: &'static str, function: F)
    where
        I: DeserializeOwned,
        O: Serialize,
        F: Fn(&ToolContext, I) -> Result<O, ToolError> + Send + Sync + 'static,
    {
        let function: Function = Box::new(move |context, input| {
            let output = function(context, read_input(name, input)?)?;
            Ok(serde_json::to_value(output)?)
        });
        self.functions.insert(name, function);
    }

    /// A function for `_crom.call_with`.
    pub fn method<I, O, F>(&mut self, name: &'static str, method: F)
    where
        I: DeserializeOwned,
        O: Serialize,
        F: Fn(&RecipeState<'_>, I) -> Result<O, ToolError> + Send + Sync + 'static,
    {
        let method: Method = Box::new(move |recipe, input| {
            let output = method(recipe, read_input(name, input)?)?;
            Ok(serde_json::to_value(output)?)
        });
        self.methods.insert(name, method);
    }
}

/// Functions whose answer follows from their input and the recipe alone, or that note what they read.
/// While a graph is resolved, any other makes the phase's output one that can't be kept.
fn is_pure(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "apple.arch",
        "apple.is_apple_os",
        "cmake.is_multi_configuration",
        "cmake.layout",
        "env.subsystem",
        "files.collect_libs",
        "files.load",
        "gnu.triplet",
        "layout.basic",
        "system.default_tool",
    ];
    const MODULES: &[&str] = &["build.", "microsoft."];
    const IMPURE: &[&str] = &["build.load_toolchain_args", "build.save_toolchain_args"];
    NAMES.contains(&name)
        || (MODULES.iter().any(|module| name.starts_with(module)) && !IMPURE.contains(&name))
}

fn read_input<I: DeserializeOwned>(name: &str, input: Value) -> Result<I, ToolError> {
    serde_json::from_value(input).map_err(|error| ToolError::new(format!("{name}(): {error}")))
}

/// `_crom.call`
pub(crate) fn call(name: &str, input: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    let Some(shared) = state::shared() else {
        return Err(vm.new_runtime_error("no Crom is around this interpreter"));
    };
    let Some(function) = shared.registry.functions.get(name) else {
        return Err(raise(ToolError::Unsupported(name.to_owned()), vm));
    };
    if !is_pure(name) {
        shared.note_opaque();
    }
    let output = function(&shared.config, convert::to_json(&input, vm)?);
    convert::to_python(&output.map_err(|error| raise(error, vm))?, vm)
}

/// `_crom.call_with`
pub(crate) fn call_with(
    conanfile: PyObjectRef,
    name: &str,
    input: PyObjectRef,
    vm: &VirtualMachine,
) -> PyResult {
    let Some(shared) = state::shared() else {
        return Err(vm.new_runtime_error("no Crom is around this interpreter"));
    };
    let Some(method) = shared.registry.methods.get(name) else {
        return Err(raise(ToolError::Unsupported(name.to_owned()), vm));
    };
    if !is_pure(name) {
        shared.note_opaque();
    }
    let input = convert::to_json(&input, vm)?;
    let recipe = RecipeState::new(&conanfile, &shared.config, vm);
    let output = method(&recipe, input);
    convert::to_python(&output.map_err(|error| raise(error, vm))?, vm)
}

/// The exception for an error.
pub(crate) fn raise(error: ToolError, vm: &VirtualMachine) -> vm::builtins::PyBaseExceptionRef {
    match error {
        ToolError::Exception(text) => crate::native::exception(vm, "ConanException", text),
        ToolError::InvalidConfiguration(text) => {
            crate::native::exception(vm, "ConanInvalidConfiguration", text)
        }
        ToolError::Os(kind, text) => crate::native::os_error(vm, kind, text),
        ToolError::Unsupported(name) => crate::native::unsupported(vm, &name),
    }
}
