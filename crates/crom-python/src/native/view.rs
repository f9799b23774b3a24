//! A package of the graph: what `ConanFileInterface` reads.

use std::sync::Arc;

use crom_model::view::{Context, GraphView, PackageView};
use rustpython_vm as vm;
use vm::{PyObjectRef, PyPayload, PyResult, VirtualMachine, pyclass};

use super::conf::PyConf;
use super::environment::PyEnvironment;
use super::options::PyOptions;
use super::settings::PySettings;
use crate::{convert, state, values};

/// A graph and a place in it.
#[pyclass(module = "_crom", name = "View")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyView {
    graph: Arc<GraphView>,
    node: usize,
}

impl PyView {
    pub(crate) fn new(graph: Arc<GraphView>, node: usize) -> Self {
        Self { graph, node }
    }

    pub(crate) fn graph(&self) -> &Arc<GraphView> {
        &self.graph
    }

    pub(crate) fn node(&self) -> usize {
        self.node
    }

    fn view(&self, vm: &VirtualMachine) -> PyResult<&PackageView> {
        if let Some(shared) = state::shared() {
            shared.note_graph();
        }
        let node = self.graph.nodes.get(self.node);
        node.map(|it| &**it)
            .ok_or_else(|| vm.new_index_error("the graph has no such package"))
    }
}

#[pyclass]
impl PyView {
    #[pymethod]
    fn index(&self) -> usize {
        self.node
    }

    #[pymethod]
    fn at(&self, index: usize) -> Self {
        Self::new(self.graph.clone(), index)
    }

    #[pymethod]
    fn reference(&self, vm: &VirtualMachine) -> PyResult {
        Ok(values::reference_parts(&self.view(vm)?.reference, vm))
    }

    #[pymethod]
    fn package(&self, vm: &VirtualMachine) -> PyResult {
        let view = self.view(vm)?;
        convert::serialize(&(&view.package_id, &view.prev), vm)
    }

    #[pymethod]
    fn context(&self, vm: &VirtualMachine) -> PyResult<&'static str> {
        Ok(match self.view(vm)?.context {
            Context::Host => "host",
            Context::Build => "build",
        })
    }

    #[pymethod]
    fn package_type(&self, vm: &VirtualMachine) -> PyResult<&'static str> {
        Ok(self.view(vm)?.package_type.as_str())
    }

    #[pymethod]
    fn settings(&self, vm: &VirtualMachine) -> PyResult<PySettings> {
        Ok(PySettings::new(self.view(vm)?.settings.clone()))
    }

    #[pymethod]
    fn options(&self, vm: &VirtualMachine) -> PyResult<PyOptions> {
        Ok(PyOptions::from_own(self.view(vm)?.options.clone()))
    }

    #[pymethod]
    fn conf(&self, vm: &VirtualMachine) -> PyResult<PyConf> {
        Ok(PyConf::new(self.view(vm)?.conf.clone()))
    }

    #[pymethod]
    fn conf_info(&self, vm: &VirtualMachine) -> PyResult<PyConf> {
        Ok(PyConf::new(self.view(vm)?.conf_info.clone()))
    }

    #[pymethod]
    fn buildenv_info(&self, vm: &VirtualMachine) -> PyResult<PyEnvironment> {
        Ok(PyEnvironment::new(self.view(vm)?.buildenv_info.clone()))
    }

    #[pymethod]
    fn runenv_info(&self, vm: &VirtualMachine) -> PyResult<PyEnvironment> {
        Ok(PyEnvironment::new(self.view(vm)?.runenv_info.clone()))
    }

    /// With absolute folders, as consumers see it.
    #[pymethod]
    fn cpp_info(&self, vm: &VirtualMachine) -> PyResult {
        let view = self.view(vm)?;
        let mut info = (*view.cpp_info).clone();
        if !view.folders.package.is_empty() {
            info.set_relative_base_folder(&view.folders.package);
        }
        values::cpp_info_data(&info, vm)
    }

    #[pymethod]
    fn generator_info(&self, vm: &VirtualMachine) -> PyResult {
        let items = &self.view(vm)?.generator_info;
        if items.is_empty() {
            Ok(vm.ctx.none())
        } else {
            convert::serialize(items, vm)
        }
    }

    #[pymethod]
    fn info(&self, vm: &VirtualMachine) -> PyResult {
        match &self.view(vm)?.info {
            Some(info) => values::info_object(info, vm),
            None => Ok(vm.ctx.none()),
        }
    }

    #[pymethod]
    fn metadata(&self, vm: &VirtualMachine) -> PyResult {
        convert::serialize(&*self.view(vm)?.metadata, vm)
    }

    #[pymethod]
    fn folder(&self, name: String, vm: &VirtualMachine) -> PyResult<String> {
        let folders = &self.view(vm)?.folders;
        Ok(match name.as_str() {
            "recipe" => &folders.recipe,
            "source" => &folders.source,
            "build" => &folders.build,
            "generators" => &folders.generators,
            "package" => &folders.package,
            "immutable_package" => &folders.immutable_package,
            "recipe_metadata" => &folders.recipe_metadata,
            "package_metadata" => &folders.package_metadata,
            other => return Err(vm.new_value_error(format!("no folder `{other}`"))),
        }
        .clone())
    }

    /// How it came into the graph.
    #[pymethod]
    fn facts(&self, vm: &VirtualMachine) -> PyResult {
        convert::serialize(&self.view(vm)?.facts, vm)
    }

    #[pymethod]
    fn platform(&self, vm: &VirtualMachine) -> PyResult<bool> {
        Ok(self.view(vm)?.platform)
    }

    /// `[(requirement's data, index)]`
    #[pymethod]
    fn dependencies(&self, vm: &VirtualMachine) -> PyResult {
        let mut items: Vec<PyObjectRef> = Vec::new();
        for (requirement, index) in &self.view(vm)?.dependencies {
            let data = values::requirement_data(requirement, vm)?;
            items.push(
                vm.ctx
                    .new_tuple(vec![data, vm.ctx.new_int(*index).into()])
                    .into(),
            );
        }
        Ok(vm.ctx.new_list(items).into())
    }
}
