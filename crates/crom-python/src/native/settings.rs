//! `self.settings`

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crom_model::settings::{Settings, SettingsDefinition, SettingsError};
use crom_model::yaml::{Mapping, Value};
use rustpython_vm as vm;
use vm::builtins::{PyBaseExceptionRef, PyStr};
use vm::function::{OptionalArg, PyComparisonValue, PySetterValue};
use vm::protocol::{PyNumberMethods, PySequenceMethods};
use vm::types::{AsNumber, AsSequence, Comparable, GetAttr, PyComparisonOp, SetAttr};
use vm::{
    AsObject, FromArgs, Py, PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine, pyclass,
};

use crate::convert;

/// Shared by a [`PySettings`] and the items made from it.
type Handle = Arc<Mutex<Settings>>;

/// All settings of a recipe.
#[pyclass(module = "conan.internal.model.settings", name = "Settings")]
#[derive(Debug, PyPayload)]
pub(crate) struct PySettings {
    handle: Handle,
}

/// One setting, with those below it: `self.settings.compiler`.
#[pyclass(
    module = "conan.internal.model.settings",
    name = "SettingsItem",
    unhashable = true
)]
#[derive(Debug, PyPayload)]
pub(crate) struct PySettingsItem {
    handle: Handle,
    path: String,
}

/// Arguments of `get_safe`.
#[derive(FromArgs)]
pub(crate) struct GetSafeArgs {
    #[pyarg(any)]
    pub(crate) name: PyObjectRef,
    #[pyarg(any, optional)]
    pub(crate) default: OptionalArg<PyObjectRef>,
}

/// Arguments of `update_values`.
#[derive(FromArgs)]
struct UpdateArgs {
    #[pyarg(any)]
    values: PyObjectRef,
    #[pyarg(any, default = true)]
    raise_undefined: bool,
}

fn lock(handle: &Handle) -> MutexGuard<'_, Settings> {
    handle.lock().unwrap_or_else(PoisonError::into_inner)
}

fn error(error: SettingsError, vm: &VirtualMachine) -> PyBaseExceptionRef {
    super::exception(vm, "ConanException", error.to_string())
}

impl PySettings {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            handle: Arc::new(Mutex::new(settings)),
        }
    }

    /// The values as they are now.
    pub(crate) fn snapshot(&self) -> Settings {
        lock(&self.handle).clone()
    }

    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut Settings) -> R) -> R {
        change(&mut lock(&self.handle))
    }

    fn item(&self, path: &str, vm: &VirtualMachine) -> PyResult {
        item(&self.handle, path, vm)
    }
}

fn item(handle: &Handle, path: &str, vm: &VirtualMachine) -> PyResult {
    lock(handle).get(path).map_err(|it| error(it, vm))?;
    Ok(PySettingsItem {
        handle: handle.clone(),
        path: path.to_owned(),
    }
    .into_ref(&vm.ctx)
    .into())
}

fn set(handle: &Handle, path: &str, value: PySetterValue, vm: &VirtualMachine) -> PyResult<()> {
    match value {
        PySetterValue::Assign(value) => {
            let value = convert::to_optional_text(&value, vm)?;
            lock(handle).set(path, value.as_deref())
        }
        PySetterValue::Delete => lock(handle).remove(path),
    }
    .map_err(|it| error(it, vm))
}

fn get_safe(handle: &Handle, path: &str, args: GetSafeArgs, vm: &VirtualMachine) -> PyObjectRef {
    let value = lock(handle).get_safe(path).map(str::to_owned);
    match value {
        Some(value) => vm.ctx.new_str(value).into(),
        None => args.default.unwrap_or_else(|| vm.ctx.none()),
    }
}

fn pairs(values: Vec<(String, String)>, vm: &VirtualMachine) -> PyObjectRef {
    let items = values
        .into_iter()
        .map(|(name, value)| {
            vm.ctx
                .new_tuple(vec![
                    vm.ctx.new_str(name).into(),
                    vm.ctx.new_str(value).into(),
                ])
                .into()
        })
        .collect();
    vm.ctx.new_list(items).into()
}

fn names(values: Vec<String>, vm: &VirtualMachine) -> PyObjectRef {
    vm.ctx
        .new_list(
            values
                .into_iter()
                .map(|it| vm.ctx.new_str(it).into())
                .collect(),
        )
        .into()
}

#[pyclass(with(GetAttr, SetAttr))]
impl PySettings {
    /// Settings without values from the text of a `settings.yml`.
    #[pystaticmethod]
    fn loads(text: String, vm: &VirtualMachine) -> PyResult<Self> {
        let definition = SettingsDefinition::load(&text, "<unicode string>", None)
            .map_err(|it| error(it, vm))?;
        Ok(Self::new(Settings::new(&definition)))
    }

    #[pymethod]
    fn get_safe(&self, args: GetSafeArgs, vm: &VirtualMachine) -> PyResult {
        let path = convert::to_text(&args.name, vm)?;
        Ok(get_safe(&self.handle, &path, args, vm))
    }

    #[pymethod]
    fn rm_safe(&self, name: String) {
        lock(&self.handle).rm_safe(&name);
    }

    #[pymethod]
    fn copy(&self) -> Self {
        Self::new(self.snapshot())
    }

    #[pymethod]
    fn copy_conaninfo_settings(&self) -> Self {
        Self::new(lock(&self.handle).copy_for_info())
    }

    #[pymethod]
    fn clear(&self) {
        lock(&self.handle).clear();
    }

    #[pymethod]
    fn dumps(&self) -> String {
        lock(&self.handle).dumps()
    }

    #[pymethod]
    fn items(&self, vm: &VirtualMachine) -> PyObjectRef {
        pairs(lock(&self.handle).values(), vm)
    }

    #[pymethod]
    fn serialize(&self, vm: &VirtualMachine) -> PyResult {
        let values = lock(&self.handle).serialize();
        convert::serialize(&values, vm)
    }

    #[pymethod]
    fn possible_values(&self, vm: &VirtualMachine) -> PyResult {
        let values = lock(&self.handle)
            .possible_values("")
            .map_err(|it| error(it, vm))?;
        super::yaml::to_python(&values, vm)
    }

    #[pymethod]
    fn validate(&self, vm: &VirtualMachine) -> PyResult<()> {
        lock(&self.handle).validate().map_err(|it| error(it, vm))
    }

    #[pymethod]
    fn constrained(&self, constraint_def: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        let names = convert::to_texts(&constraint_def, vm)?;
        lock(&self.handle)
            .constrained(&names)
            .map_err(|it| error(it, vm))
    }

    #[pymethod]
    fn update_values(&self, args: UpdateArgs, vm: &VirtualMachine) -> PyResult<()> {
        let values: Vec<PyObjectRef> = args.values.try_to_value(vm)?;
        let mut texts = Vec::new();
        for pair in values {
            match convert::to_texts(&pair, vm)?.as_slice() {
                [name, value] => texts.push((name.clone(), value.clone())),
                _ => return Err(vm.new_value_error("a setting is a pair of name and value")),
            }
        }
        lock(&self.handle)
            .update_values(texts, args.raise_undefined)
            .map_err(|it| error(it, vm))
    }

    #[pygetset]
    fn fields(&self, vm: &VirtualMachine) -> PyResult {
        Ok(names(
            lock(&self.handle).fields("").map_err(|it| error(it, vm))?,
            vm,
        ))
    }

    #[pygetset]
    fn values_list(&self, vm: &VirtualMachine) -> PyObjectRef {
        pairs(lock(&self.handle).values(), vm)
    }
}

impl GetAttr for PySettings {
    fn getattro(zelf: &Py<Self>, name: &Py<PyStr>, vm: &VirtualMachine) -> PyResult {
        if let Some(found) = zelf.as_object().generic_getattr_opt(name, None, vm)? {
            return Ok(found);
        }
        let text = name.to_string_lossy();
        if is_protocol(&text) {
            return Err(no_attribute(zelf.as_object(), &text, vm));
        }
        zelf.item(&text, vm)
    }
}

impl SetAttr for PySettings {
    fn setattro(
        zelf: &Py<Self>,
        name: &Py<PyStr>,
        value: PySetterValue,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        set(&zelf.handle, &name.to_string_lossy(), value, vm)
    }
}

/// Names with two underscores are Python's own questions (`__iter__`, `__fspath__`), not settings.
pub(super) fn is_protocol(name: &str) -> bool {
    name.starts_with("__") || name == "_crom_data"
}

pub(super) fn no_attribute(
    object: &PyObject,
    name: &str,
    vm: &VirtualMachine,
) -> PyBaseExceptionRef {
    vm.new_attribute_error(format!(
        "'{}' object has no attribute '{name}'",
        object.class().name()
    ))
}

impl PySettingsItem {
    fn value_text(&self) -> Option<String> {
        lock(&self.handle)
            .get(&self.path)
            .ok()
            .flatten()
            .map(str::to_owned)
    }

    fn below(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    fn check(&self, other: &str, vm: &VirtualMachine) -> PyResult<bool> {
        lock(&self.handle)
            .check_value(&self.path, other)
            .map_err(|it| error(it, vm))
    }
}

#[pyclass(with(GetAttr, SetAttr, Comparable, AsNumber, AsSequence))]
impl PySettingsItem {
    #[pymethod]
    fn __str__(&self) -> String {
        self.value_text().unwrap_or_else(|| "None".to_owned())
    }

    #[pymethod]
    fn get_safe(&self, args: GetSafeArgs, vm: &VirtualMachine) -> PyResult {
        let path = self.below(&convert::to_text(&args.name, vm)?);
        Ok(get_safe(&self.handle, &path, args, vm))
    }

    #[pymethod]
    fn rm_safe(&self, name: String) {
        lock(&self.handle).rm_safe(&self.below(&name));
    }

    /// A copy of this setting with those below it.
    #[pymethod]
    fn copy(&self) -> Self {
        Self {
            handle: Arc::new(Mutex::new(lock(&self.handle).clone())),
            path: self.path.clone(),
        }
    }

    /// A copy whose values may be anything, as for the package id.
    #[pymethod]
    fn copy_conaninfo_settings(&self) -> Self {
        Self {
            handle: Arc::new(Mutex::new(lock(&self.handle).copy_for_info())),
            path: self.path.clone(),
        }
    }

    /// A setting without value from its definition: a list of values, or a dictionary of values
    /// with what is below them.
    #[pystaticmethod]
    fn new(definition: PyObjectRef, name: String, vm: &VirtualMachine) -> PyResult<Self> {
        let mut all = Mapping::new();
        all.insert(
            Value::String(name.clone()),
            super::yaml::from_python(&definition, vm)?,
        );
        let definition =
            SettingsDefinition::from_value(&Value::Map(all)).map_err(|it| error(it, vm))?;
        Ok(Self {
            handle: Arc::new(Mutex::new(Settings::new(&definition))),
            path: name,
        })
    }

    /// Is there a value where the definition asks for one?
    #[pymethod]
    fn validate(&self, vm: &VirtualMachine) -> PyResult<()> {
        let root = self.path.split('.').next().unwrap_or_default();
        let mut settings = lock(&self.handle).clone();
        settings
            .constrained(&[root])
            .and_then(|()| settings.validate())
            .map_err(|it| error(it, vm))
    }

    #[pymethod]
    fn possible_values(&self, vm: &VirtualMachine) -> PyResult {
        let values = lock(&self.handle)
            .possible_values(&self.path)
            .map_err(|it| error(it, vm))?;
        super::yaml::to_python(&values, vm)
    }

    #[pygetset]
    fn value(&self, vm: &VirtualMachine) -> PyObjectRef {
        self.value_text()
            .map_or_else(|| vm.ctx.none(), |value| vm.ctx.new_str(value).into())
    }

    #[pygetset]
    fn fields(&self, vm: &VirtualMachine) -> PyResult {
        Ok(names(
            lock(&self.handle)
                .fields(&self.path)
                .map_err(|it| error(it, vm))?,
            vm,
        ))
    }

    #[pygetset]
    fn values_list(&self, vm: &VirtualMachine) -> PyObjectRef {
        let inside = format!("{}.", self.path);
        let values = lock(&self.handle).values();
        let own = values
            .into_iter()
            .filter(|(name, _)| *name == self.path || name.starts_with(&inside));
        pairs(own.collect(), vm)
    }

    #[pygetset]
    fn values_range(&self, vm: &VirtualMachine) -> PyResult {
        self.possible_values(vm)
    }
}

impl GetAttr for PySettingsItem {
    fn getattro(zelf: &Py<Self>, name: &Py<PyStr>, vm: &VirtualMachine) -> PyResult {
        if let Some(found) = zelf.as_object().generic_getattr_opt(name, None, vm)? {
            return Ok(found);
        }
        let text = name.to_string_lossy();
        if is_protocol(&text) {
            return Err(no_attribute(zelf.as_object(), &text, vm));
        }
        item(&zelf.handle, &zelf.below(&text), vm)
    }
}

impl SetAttr for PySettingsItem {
    fn setattro(
        zelf: &Py<Self>,
        name: &Py<PyStr>,
        value: PySetterValue,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        let name = name.to_string_lossy();
        let path = if name == "value" {
            zelf.path.clone()
        } else {
            zelf.below(&name)
        };
        set(&zelf.handle, &path, value, vm)
    }
}

impl Comparable for PySettingsItem {
    fn cmp(
        zelf: &Py<Self>,
        other: &PyObject,
        op: PyComparisonOp,
        vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        op.eq_only(|| {
            let value = zelf.value_text();
            if vm.is_none(other) {
                return Ok(PyComparisonValue::Implemented(value.is_none()));
            }
            let other = convert::to_text(other, vm)?;
            zelf.check(&other, vm).map(PyComparisonValue::Implemented)
        })
    }
}

impl AsNumber for PySettingsItem {
    fn as_number() -> &'static PyNumberMethods {
        static METHODS: PyNumberMethods = PyNumberMethods {
            boolean: Some(|number, _vm| {
                let item = number.obj.downcast_ref::<PySettingsItem>();
                let value = item.and_then(|item| item.value_text());
                Ok(value.is_some_and(|it| !super::options::is_falsy(&it)))
            }),
            ..PyNumberMethods::NOT_IMPLEMENTED
        };
        &METHODS
    }
}

impl AsSequence for PySettingsItem {
    fn as_sequence() -> &'static PySequenceMethods {
        static METHODS: std::sync::LazyLock<PySequenceMethods> =
            std::sync::LazyLock::new(|| PySequenceMethods {
                contains: vm::atomic_func!(|sequence, needle, vm| {
                    let item = PySettingsItem::sequence_downcast(sequence);
                    let needle = convert::to_text(needle, vm)?;
                    Ok(item
                        .value_text()
                        .is_some_and(|value| value.contains(&needle)))
                }),
                ..PySequenceMethods::NOT_IMPLEMENTED
            });
        &METHODS
    }
}
