//! YAML values as Python data and back; `yaml.safe_load` and `yaml.safe_dump`.

use crom_model::yaml::{DumpOptions, Mapping, Value, dump_with, load};
use rustpython_vm as vm;
use vm::builtins::{PyBytes, PyDict, PyFloat, PyInt, PyList, PyStr, PyTuple};
use vm::{AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine};

use crate::convert;

/// A YAML value as Python data. Dates stay texts.
pub(crate) fn to_python(value: &Value, vm: &VirtualMachine) -> PyResult<PyObjectRef> {
    Ok(match value {
        Value::Null => vm.ctx.none(),
        Value::Bool(value) => vm.ctx.new_bool(*value).into(),
        Value::Int(value) => vm.ctx.new_int(*value).into(),
        Value::BigInt(digits) => super::parse_int(digits, vm)?,
        Value::Float(value) => vm.ctx.new_float(*value).into(),
        Value::String(text) | Value::Timestamp(text) => vm.ctx.new_str(text.as_str()).into(),
        Value::Binary(bytes) => vm.ctx.new_bytes(bytes.clone()).into(),
        Value::List(items) => {
            let items: PyResult<Vec<_>> = items.iter().map(|item| to_python(item, vm)).collect();
            vm.ctx.new_list(items?).into()
        }
        Value::Map(map) => {
            let dict = vm.ctx.new_dict();
            for (key, value) in map {
                let key = to_python(key, vm)?;
                dict.set_item(&*key, to_python(value, vm)?, vm)?;
            }
            dict.into()
        }
    })
}

/// Python data as a YAML value.
pub(crate) fn from_python(object: &PyObject, vm: &VirtualMachine) -> PyResult<Value> {
    if vm.is_none(object) {
        return Ok(Value::Null);
    }
    if let Some(text) = object.downcast_ref::<PyStr>() {
        return Ok(Value::String(text.to_string_lossy().into_owned()));
    }
    if object.class().is(vm.ctx.types.bool_type) {
        return Ok(Value::Bool(object.to_owned().try_to_bool(vm)?));
    }
    if let Some(number) = object.downcast_ref::<PyInt>() {
        let text = number.as_bigint().to_string();
        return Ok(text.parse().map_or(Value::BigInt(text), Value::Int));
    }
    if let Some(number) = object.downcast_ref::<PyFloat>() {
        return Ok(Value::Float(number.to_f64()));
    }
    if let Some(bytes) = object.downcast_ref::<PyBytes>() {
        return Ok(Value::Binary(bytes.as_bytes().to_vec()));
    }
    if let Some(dict) = object.downcast_ref::<PyDict>() {
        let mut map = Mapping::new();
        for (key, value) in dict.items_vec() {
            map.insert(from_python(&key, vm)?, from_python(&value, vm)?);
        }
        return Ok(Value::Map(map));
    }
    if object.downcast_ref::<PyList>().is_some() || object.downcast_ref::<PyTuple>().is_some() {
        let items: Vec<PyObjectRef> = object.to_owned().try_to_value(vm)?;
        let items: PyResult<Vec<_>> = items.iter().map(|item| from_python(item, vm)).collect();
        return Ok(Value::List(items?));
    }
    convert::to_json(object, vm).map(|json| Value::from_json(&json))
}

/// `yaml.safe_load(text)`
pub(crate) fn safe_load(text: &str, vm: &VirtualMachine) -> PyResult {
    match load(text, "<unicode string>") {
        Ok(value) => to_python(&value, vm),
        Err(error) => Err(super::exception_of(
            vm,
            "yaml",
            "YAMLError",
            error.to_string(),
        )),
    }
}

/// `yaml.safe_dump(data, ..)`
pub(crate) fn safe_dump(
    data: &PyObject,
    options: DumpOptions,
    vm: &VirtualMachine,
) -> PyResult<String> {
    Ok(dump_with(&from_python(data, vm)?, options))
}
