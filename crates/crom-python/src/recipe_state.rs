//! A live recipe as tools see it.

use std::sync::Arc;

use crom_model::conf::Conf;
use crom_model::environment::Environment;
use crom_model::options::Options;
use crom_model::package_type::PackageType;
use crom_model::reference::RecipeReference;
use crom_model::settings::Settings;
use crom_model::view::{GraphView, PackageView};
use rustpython_vm as vm;
use serde_json::Value;
use vm::{AsObject, PyObject, PyObjectRef, VirtualMachine};

use crate::convert;
use crate::native::conf::PyConf;
use crate::native::environment::PyEnvironment;
use crate::native::options::PyOptions;
use crate::native::settings::PySettings;
use crate::native::view::PyView;
use crate::state::{self, HostConfig};
use crate::tools::ToolError;

/// Reads the `ConanFile` that called a tool. Every method looks at the object as it is now.
pub struct RecipeState<'a> {
    object: &'a PyObject,
    config: &'a HostConfig,
    vm: &'a VirtualMachine,
}

impl std::fmt::Debug for RecipeState<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecipeState").finish_non_exhaustive()
    }
}

type Result<T> = std::result::Result<T, ToolError>;

impl<'a> RecipeState<'a> {
    pub(crate) fn new(
        object: &'a PyObject,
        config: &'a HostConfig,
        vm: &'a VirtualMachine,
    ) -> Self {
        Self { object, config, vm }
    }

    /// What tools without a recipe get.
    pub fn context(&self) -> &'a HostConfig {
        self.config
    }

    /// An attribute of the object itself where it has it, past the signs that some methods put up
    /// ("`self.settings` access in `source()` is forbidden"): those are for the recipe.
    fn object_of(&self, name: &'static str) -> Result<PyObjectRef> {
        if let Some(own) = self.object.dict()
            && let Ok(Some(found)) = own.get_item_opt(name, self.vm)
        {
            return Ok(found);
        }
        let found = self.object.get_attr(name, self.vm);
        found.map_err(|error| ToolError::new(self.message(error)))
    }

    fn message(&self, error: vm::builtins::PyBaseExceptionRef) -> String {
        match error.as_object().str(self.vm) {
            Ok(text) => text.to_string_lossy().into_owned(),
            Err(_) => "the recipe's attribute can't be read".to_owned(),
        }
    }

    /// Any attribute as data; null where it is `None` or missing.
    pub fn attribute(&self, name: &'static str) -> Result<Value> {
        match self.object.get_attr(name, self.vm) {
            Ok(value) => convert::to_json(&value, self.vm)
                .map_err(|error| ToolError::new(format!("self.{name}: {}", self.message(error)))),
            Err(_) => Ok(Value::Null),
        }
    }

    /// An attribute as text; none where it is `None`, missing or empty.
    pub fn text(&self, name: &'static str) -> Result<Option<String>> {
        match self.object.get_attr(name, self.vm) {
            Ok(value) => convert::to_optional_text(&value, self.vm)
                .map(|text| text.filter(|it| !it.is_empty()))
                .map_err(|error| ToolError::new(format!("self.{name}: {}", self.message(error)))),
            Err(_) => Ok(None),
        }
    }

    /// Messages of a tool go out under this scope.
    pub fn scope(&self) -> String {
        self.text("display_name").ok().flatten().unwrap_or_default()
    }

    /// `self.ref`; none for a consumer without a name.
    pub fn reference(&self) -> Result<Option<RecipeReference>> {
        let found = self.object_of("_conan_ref")?;
        crate::values::named_reference(&found, self.vm)
            .map_err(|error| ToolError::new(self.message(error)))
    }

    /// `self.name`
    pub fn name(&self) -> Result<Option<String>> {
        self.text("name")
    }

    /// `self.version`
    pub fn version(&self) -> Result<Option<String>> {
        self.text("version")
    }

    fn settings_of(&self, name: &'static str) -> Result<Option<Settings>> {
        let found = self.object.get_attr(name, self.vm).ok();
        Ok(found.and_then(|it| it.downcast_ref::<PySettings>().map(|it| it.snapshot())))
    }

    /// `self.settings`; empty for a recipe without settings. An error in `source()`.
    pub fn settings(&self) -> Result<Settings> {
        let found = self.object_of("settings")?;
        Ok(found
            .downcast_ref::<PySettings>()
            .map(|it| it.snapshot())
            .unwrap_or_default())
    }

    /// `self.settings_build`
    pub fn settings_build(&self) -> Result<Settings> {
        match self.settings_of("settings_build")? {
            Some(settings) => Ok(settings),
            None => self.settings(),
        }
    }

    /// `self.settings_target`
    pub fn settings_target(&self) -> Result<Option<Settings>> {
        self.settings_of("settings_target")
    }

    /// `self.options`
    pub fn options(&self) -> Result<Options> {
        let found = self.object_of("options")?;
        Ok(found
            .downcast_ref::<PyOptions>()
            .map(|it| it.snapshot())
            .unwrap_or_default())
    }

    fn conf_of(&self, name: &'static str) -> Result<Conf> {
        let found = self.object_of(name)?;
        Ok(found
            .downcast_ref::<PyConf>()
            .map(|it| it.snapshot())
            .unwrap_or_default())
    }

    /// `self.conf`
    pub fn conf(&self) -> Result<Conf> {
        self.conf_of("conf")
    }

    /// `self.conf_build`: the confs of the build context; this recipe's where there are none.
    pub fn conf_build(&self) -> Result<Conf> {
        let found = self.object.get_attr("conf_build", self.vm).ok();
        match found.as_ref().and_then(|it| it.downcast_ref::<PyConf>()) {
            Some(conf) => Ok(conf.snapshot()),
            None => self.conf(),
        }
    }

    /// `self.conf_info`
    pub fn conf_info(&self) -> Result<Conf> {
        self.conf_of("conf_info")
    }

    fn environment_of(&self, name: &'static str) -> Result<Environment> {
        let found = self.object_of(name)?;
        Ok(found
            .downcast_ref::<PyEnvironment>()
            .map(|it| it.snapshot())
            .unwrap_or_default())
    }

    /// `self.buildenv`: the profile's, for this package.
    pub fn buildenv(&self) -> Result<Environment> {
        self.environment_of("buildenv")
    }

    /// `self.runenv`: the profile's, for this package.
    pub fn runenv(&self) -> Result<Environment> {
        self.environment_of("runenv")
    }

    /// `self.package_type`
    pub fn package_type(&self) -> Result<PackageType> {
        match self.text("package_type")? {
            Some(text) => Ok(PackageType::parse(&text)?),
            None => Ok(PackageType::Unknown),
        }
    }

    /// `self.{name}_folder` for `source`, `build`, `package`, `generators`, `recipe`, `export`,
    /// `export_sources`; none where there is none now.
    pub fn folder(&self, attribute: &'static str) -> Result<Option<String>> {
        if matches!(
            attribute,
            "source_folder" | "build_folder" | "generators_folder"
        ) {
            return self.layout_folder(attribute);
        }
        let found = self.object_of(attribute)?;
        convert::to_optional_text(&found, self.vm)
            .map_err(|error| ToolError::new(self.message(error)))
    }

    /// `self.cpp_info`, with what was appended so far.
    pub fn cpp_info(&self) -> Result<crom_model::cpp_info::CppInfo> {
        let found = self.object_of("cpp_info")?;
        crate::values::cpp_info(&found, self.vm)
            .map_err(|error| ToolError::new(self.message(error)))
    }

    /// `self.folders.{name}`: what `layout()` put, e.g. `build`.
    pub fn layout_folder(&self, name: &'static str) -> Result<Option<String>> {
        let folders = self.object_of("folders")?;
        match folders.get_attr(name, self.vm) {
            Ok(value) => convert::to_optional_text(&value, self.vm)
                .map_err(|error| ToolError::new(self.message(error))),
            Err(_) => Ok(None),
        }
    }

    /// The graph with the described dependencies, and this recipe's place in it; none before
    /// identification, and for `export()` and `source()`.
    pub fn graph(&self) -> Option<(Arc<GraphView>, usize)> {
        if let Some(shared) = state::shared() {
            shared.note_graph();
        }
        let view = self.object.get_attr("_conan_view", self.vm).ok()?;
        view.downcast_ref::<PyView>()
            .map(|view| (view.graph().clone(), view.node()))
    }

    /// This recipe in the graph.
    pub fn view(&self) -> Option<Arc<PackageView>> {
        let (graph, node) = self.graph()?;
        graph.nodes.get(node).cloned()
    }

    /// True for a conanfile in the user's folder: the one that a command was given, or editable.
    pub fn is_local(&self) -> bool {
        let flag = self.object.get_attr("_conan_is_local", self.vm);
        flag.is_ok_and(|it| it.is_true(self.vm).unwrap_or(false))
    }

    /// `self.conan_data`
    pub fn conan_data(&self) -> Result<Value> {
        self.attribute("conan_data")
    }
}
