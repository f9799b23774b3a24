//! `self.conf`, `self.conf_info`, `self.info.conf`

use std::sync::{Mutex, MutexGuard, PoisonError};

use crom_model::conf::{Conf, ConfError, ConfType, ConfValue};
use rustpython_vm as vm;
use vm::builtins::{
    PyBaseExceptionRef, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyStr, PyTuple, PyType,
};
use vm::function::OptionalArg;
use vm::protocol::PyNumberMethods;
use vm::types::{AsNumber, Constructor};
use vm::{
    AsObject, FromArgs, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine,
    pyclass,
};

use crate::convert;

/// Conf values of one package.
#[pyclass(module = "conan.internal.model.conf", name = "Conf")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyConf {
    conf: Mutex<Conf>,
}

/// Arguments of `get`.
#[derive(FromArgs)]
struct GetArgs {
    #[pyarg(any)]
    conf_name: PyObjectRef,
    #[pyarg(any, optional)]
    default: OptionalArg<PyObjectRef>,
    #[pyarg(any, optional)]
    check_type: OptionalArg<PyObjectRef>,
    #[pyarg(any, optional)]
    choices: OptionalArg<PyObjectRef>,
}

/// Arguments of `define` and the like.
#[derive(FromArgs)]
struct NameValue {
    #[pyarg(any)]
    name: PyObjectRef,
    #[pyarg(any)]
    value: PyObjectRef,
}

/// Arguments of `pop`.
#[derive(FromArgs)]
struct PopArgs {
    #[pyarg(any)]
    conf_name: PyObjectRef,
    #[pyarg(any, optional)]
    default: OptionalArg<PyObjectRef>,
}

fn error(error: ConfError, vm: &VirtualMachine) -> PyBaseExceptionRef {
    super::exception(vm, "ConanException", error.to_string())
}

fn expressions(texts: [&str; 5], vm: &VirtualMachine) -> PyObjectRef {
    let texts = texts.map(|text| vm.ctx.new_str(text).into());
    vm.ctx.new_tuple(texts.to_vec()).into()
}

impl PyConf {
    pub(crate) fn new(conf: Conf) -> Self {
        Self {
            conf: Mutex::new(conf),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Conf> {
        self.conf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The values as they are now.
    pub(crate) fn snapshot(&self) -> Conf {
        self.lock().clone()
    }

    fn with(
        &self,
        args: NameValue,
        vm: &VirtualMachine,
        change: impl FnOnce(&mut Conf, &str, ConfValue) -> Result<(), ConfError>,
    ) -> PyResult<()> {
        let name = convert::to_text(&args.name, vm)?;
        let value = from_python(&args.value, vm)?;
        change(&mut self.lock(), &name, value).map_err(|it| error(it, vm))
    }
}

impl Constructor for PyConf {
    type Args = ();

    fn py_new(_cls: &Py<PyType>, _args: (), _vm: &VirtualMachine) -> PyResult<Self> {
        Ok(Self::new(Conf::new()))
    }
}

#[pyclass(with(Constructor, AsNumber))]
impl PyConf {
    /// What counts as true where a bool is asked for.
    #[pygetset]
    fn boolean_true_expressions(&self, vm: &VirtualMachine) -> PyObjectRef {
        expressions(["1", "\"1\"", "true", "\"true\"", "on"], vm)
    }

    /// What counts as false where a bool is asked for.
    #[pygetset]
    fn boolean_false_expressions(&self, vm: &VirtualMachine) -> PyObjectRef {
        expressions(["0", "\"0\"", "false", "\"false\"", "off"], vm)
    }

    #[pymethod]
    fn get(&self, args: GetArgs, vm: &VirtualMachine) -> PyResult {
        let name = convert::to_text(&args.conf_name, vm)?;
        let wanted = match &args.check_type {
            OptionalArg::Present(kind) if !vm.is_none(kind) => Some(conf_type(kind, vm)?),
            _ => None,
        };
        let found = match wanted {
            Some(kind) => self.lock().get_as(&name, kind),
            None => self.lock().get(&name),
        };
        let Some(value) = found
            .map_err(|it| error(it, vm))?
            .filter(|it| !it.is_none())
        else {
            return Ok(args.default.unwrap_or_else(|| vm.ctx.none()));
        };
        if let OptionalArg::Present(choices) = &args.choices
            && !vm.is_none(choices)
        {
            let choices = convert::to_texts(choices, vm)?;
            let value = value.to_python_str();
            if !choices.contains(&value) {
                return Err(error(ConfError::NotAChoice { name, value }, vm));
            }
        }
        to_python(&value, vm)
    }

    #[pymethod]
    fn pop(&self, args: PopArgs, vm: &VirtualMachine) -> PyResult {
        let name = convert::to_text(&args.conf_name, vm)?;
        let popped = self.lock().pop(&name).map_err(|it| error(it, vm))?;
        match popped {
            Some(value) if !value.is_none() => to_python(&value, vm),
            _ => Ok(args.default.unwrap_or_else(|| vm.ctx.none())),
        }
    }

    #[pymethod]
    fn define(&self, args: NameValue, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, |conf, name, value| {
            conf.define(name, value);
            Ok(())
        })
    }

    #[pymethod]
    fn define_path(&self, args: NameValue, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, |conf, name, value| {
            conf.define_path(name, value);
            Ok(())
        })
    }

    #[pymethod]
    fn unset(&self, name: String) {
        self.lock().unset(&name);
    }

    #[pymethod]
    fn update(&self, args: NameValue, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, Conf::update)
    }

    #[pymethod]
    fn update_path(&self, args: NameValue, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, Conf::update_path)
    }

    #[pymethod]
    fn append(&self, args: NameValue, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, Conf::append)
    }

    #[pymethod]
    fn append_path(&self, args: NameValue, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, Conf::append_path)
    }

    #[pymethod]
    fn prepend(&self, args: NameValue, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, Conf::prepend)
    }

    #[pymethod]
    fn prepend_path(&self, args: NameValue, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, Conf::prepend_path)
    }

    #[pymethod]
    fn remove(&self, args: NameValue, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, |conf, name, value| conf.remove(name, &value))
    }

    #[pymethod]
    fn clear(&self) {
        self.lock().clear();
    }

    #[pymethod]
    fn copy(&self) -> Self {
        Self::new(self.snapshot())
    }

    #[pymethod]
    fn copy_conaninfo_conf(&self, vm: &VirtualMachine) -> PyResult<Self> {
        self.lock()
            .copy_conaninfo_conf()
            .map(Self::new)
            .map_err(|it| error(it, vm))
    }

    #[pymethod]
    fn compose_conf(
        zelf: PyRef<Self>,
        other: PyRef<Self>,
        vm: &VirtualMachine,
    ) -> PyResult<PyRef<Self>> {
        let other = other.snapshot();
        zelf.lock()
            .compose_conf(&other)
            .map_err(|it| error(it, vm))?;
        Ok(zelf)
    }

    #[pymethod]
    fn filter_core(&self) {
        self.lock().filter_core();
    }

    #[pymethod]
    fn set_relative_base_folder(&self, folder: String) {
        self.lock().set_relative_base_folder(&folder);
    }

    #[pymethod]
    fn show(&self, fnpattern: String, vm: &VirtualMachine) -> PyResult {
        let names = self
            .lock()
            .show(&fnpattern)
            .into_iter()
            .map(|(name, _)| vm.ctx.new_str(name).into());
        Ok(vm.ctx.new_list(names.collect()).into())
    }

    #[pymethod]
    fn items(&self, vm: &VirtualMachine) -> PyResult {
        let items = self.lock().items();
        let items: PyResult<Vec<PyObjectRef>> = items
            .iter()
            .map(|(name, value)| {
                let value = to_python(value, vm)?;
                Ok(vm
                    .ctx
                    .new_tuple(vec![vm.ctx.new_str(name.as_str()).into(), value])
                    .into())
            })
            .collect();
        Ok(vm.ctx.new_list(items?).into())
    }

    #[pymethod]
    fn dumps(&self) -> String {
        self.lock().dumps()
    }

    #[pymethod]
    fn serialize(&self, vm: &VirtualMachine) -> PyResult {
        convert::serialize(&self.lock().serialize(), vm)
    }

    #[pymethod]
    fn validate(&self, vm: &VirtualMachine) -> PyResult<()> {
        self.lock().validate().map_err(|it| error(it, vm))
    }
}

impl AsNumber for PyConf {
    fn as_number() -> &'static PyNumberMethods {
        static METHODS: PyNumberMethods = PyNumberMethods {
            boolean: Some(|number, _vm| {
                Ok(number
                    .obj
                    .downcast_ref::<PyConf>()
                    .is_some_and(|it| !it.lock().is_empty()))
            }),
            ..PyNumberMethods::NOT_IMPLEMENTED
        };
        &METHODS
    }
}

/// `check_type=`: a type, or its name in a text as some recipes write.
fn conf_type(kind: &PyObject, vm: &VirtualMachine) -> PyResult<ConfType> {
    let name = match kind.downcast_ref::<PyType>() {
        Some(kind) => kind.name().to_string(),
        None => convert::to_text(kind, vm)?,
    };
    Ok(match name.as_str() {
        "str" => ConfType::Str,
        "int" => ConfType::Int,
        "float" => ConfType::Float,
        "bool" => ConfType::Bool,
        "list" => ConfType::List,
        "dict" => ConfType::Dict,
        "tuple" => ConfType::Tuple,
        "set" => ConfType::Set,
        other => {
            return Err(vm.new_type_error(format!("conf.get: check_type={other} is not supported")));
        }
    })
}

/// A conf's value as Python has it.
pub(crate) fn to_python(value: &ConfValue, vm: &VirtualMachine) -> PyResult<PyObjectRef> {
    let all = |items: &[ConfValue]| -> PyResult<Vec<PyObjectRef>> {
        items.iter().map(|item| to_python(item, vm)).collect()
    };
    Ok(match value {
        ConfValue::None => vm.ctx.none(),
        ConfValue::Bool(value) => vm.ctx.new_bool(*value).into(),
        ConfValue::Int(value) => vm.ctx.new_int(*value).into(),
        ConfValue::Float(value) => vm.ctx.new_float(*value).into(),
        ConfValue::Str(text) => vm.ctx.new_str(text.as_str()).into(),
        ConfValue::List(items) => vm.ctx.new_list(all(items)?).into(),
        ConfValue::Tuple(items) => vm.ctx.new_tuple(all(items)?).into(),
        ConfValue::Set(items) => {
            let set = PySet::default().into_ref(&vm.ctx);
            for item in all(items)? {
                set.add(item, vm)?;
            }
            set.into()
        }
        ConfValue::Dict(entries) => {
            let dict = vm.ctx.new_dict();
            for (key, value) in entries {
                let key = to_python(key, vm)?;
                dict.set_item(&*key, to_python(value, vm)?, vm)?;
            }
            dict.into()
        }
    })
}

/// A Python value as a conf's.
pub(crate) fn from_python(object: &PyObject, vm: &VirtualMachine) -> PyResult<ConfValue> {
    let all = || -> PyResult<Vec<ConfValue>> {
        let items: Vec<PyObjectRef> = object.to_owned().try_to_value(vm)?;
        items.iter().map(|item| from_python(item, vm)).collect()
    };
    if vm.is_none(object) {
        return Ok(ConfValue::None);
    }
    if let Some(text) = object.downcast_ref::<PyStr>() {
        return Ok(ConfValue::Str(text.to_string_lossy().into_owned()));
    }
    if object.class().is(vm.ctx.types.bool_type) {
        return Ok(ConfValue::Bool(object.to_owned().try_to_bool(vm)?));
    }
    if let Some(number) = object.downcast_ref::<PyInt>() {
        let text = number.as_bigint().to_string();
        return Ok(text.parse().map_or(ConfValue::Str(text), ConfValue::Int));
    }
    if let Some(number) = object.downcast_ref::<PyFloat>() {
        return Ok(ConfValue::Float(number.to_f64()));
    }
    if object.downcast_ref::<PyList>().is_some() {
        return all().map(ConfValue::List);
    }
    if object.downcast_ref::<PyTuple>().is_some() {
        return all().map(ConfValue::Tuple);
    }
    if object.downcast_ref::<PySet>().is_some() || object.downcast_ref::<PyFrozenSet>().is_some() {
        return all().map(ConfValue::Set);
    }
    if let Some(dict) = object.downcast_ref::<PyDict>() {
        let mut entries = Vec::new();
        for (key, value) in dict.items_vec() {
            entries.push((from_python(&key, vm)?, from_python(&value, vm)?));
        }
        return Ok(ConfValue::Dict(entries));
    }
    convert::to_json(object, vm).map(|json| ConfValue::from_json(&json))
}
