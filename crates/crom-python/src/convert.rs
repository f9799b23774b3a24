//! Data between Python and Rust.
//!
//! JSON is the common ground: text, numbers, truth values, nothing, lists and dictionaries. What a
//! recipe hands over may also be a tuple, a set, a path, or one of the facade's own values (a version,
//! a setting, an option), which become lists and texts.

use rustpython_vm as vm;
use serde_json::{Map, Number, Value};
use vm::builtins::{PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyStr, PyTuple};
use vm::{AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine};

/// Python data as JSON. A `TypeError` names the type of what isn't data.
pub(crate) fn to_json(object: &PyObject, vm: &VirtualMachine) -> PyResult<Value> {
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
        return Ok(match (text.parse::<i64>(), text.parse::<u64>()) {
            (Ok(number), _) => Value::from(number),
            (_, Ok(number)) => Value::from(number),
            _ => Value::String(text),
        });
    }
    if let Some(number) = object.downcast_ref::<PyFloat>() {
        return Ok(Number::from_f64(number.to_f64()).map_or(Value::Null, Value::Number));
    }
    if let Some(dict) = object.downcast_ref::<PyDict>() {
        let mut map = Map::new();
        for (key, value) in dict.items_vec() {
            map.insert(to_text(&key, vm)?, to_json(&value, vm)?);
        }
        return Ok(Value::Object(map));
    }
    if is_sequence(object) {
        let items: Vec<PyObjectRef> = object.to_owned().try_to_value(vm)?;
        let items: PyResult<Vec<Value>> = items.iter().map(|item| to_json(item, vm)).collect();
        return Ok(Value::Array(items?));
    }
    other_to_json(object, vm)
}

fn is_sequence(object: &PyObject) -> bool {
    object.downcast_ref::<PyList>().is_some()
        || object.downcast_ref::<PyTuple>().is_some()
        || object.downcast_ref::<PySet>().is_some()
        || object.downcast_ref::<PyFrozenSet>().is_some()
}

fn other_to_json(object: &PyObject, vm: &VirtualMachine) -> PyResult<Value> {
    if let Ok(method) = object.get_attr("_crom_data", vm) {
        let data = method.call((), vm)?;
        return to_json(&data, vm);
    }
    if let Ok(method) = object.get_attr("__fspath__", vm) {
        let path = method.call((), vm)?;
        return Ok(Value::String(to_text(&path, vm)?));
    }
    if is_facade_value(object, vm) {
        return Ok(Value::String(
            object.str(vm)?.to_string_lossy().into_owned(),
        ));
    }
    // Views and iterators: dict.keys(), map(), generators.
    if object.get_attr("__iter__", vm).is_ok() {
        let items: Vec<PyObjectRef> = object.to_owned().try_to_value(vm)?;
        let items: PyResult<Vec<Value>> = items.iter().map(|item| to_json(item, vm)).collect();
        return Ok(Value::Array(items?));
    }
    Err(vm.new_type_error(format!(
        "a value of type '{}' is not data",
        object.class().name()
    )))
}

/// Values whose text is all that matters: versions, settings, options, references, and dates of YAML.
fn is_facade_value(object: &PyObject, vm: &VirtualMachine) -> bool {
    let module = object.class().as_object().get_attr("__module__", vm).ok();
    let module = module.and_then(|it| {
        it.downcast_ref::<PyStr>()
            .map(|text| text.to_string_lossy().into_owned())
    });
    module.is_some_and(|name| {
        name == "_crom" || matches!(name.split('.').next(), Some("conan" | "datetime"))
    })
}

/// `str(object)`
pub(crate) fn to_text(object: &PyObject, vm: &VirtualMachine) -> PyResult<String> {
    if let Some(text) = object.downcast_ref::<PyStr>() {
        return Ok(text.to_string_lossy().into_owned());
    }
    Ok(object.str(vm)?.to_string_lossy().into_owned())
}

/// `str(object)`, none for `None`.
pub(crate) fn to_optional_text(object: &PyObject, vm: &VirtualMachine) -> PyResult<Option<String>> {
    if vm.is_none(object) {
        Ok(None)
    } else {
        to_text(object, vm).map(Some)
    }
}

/// One text, or the texts of a sequence; none for `None`.
pub(crate) fn to_texts(object: &PyObject, vm: &VirtualMachine) -> PyResult<Vec<String>> {
    if vm.is_none(object) {
        return Ok(Vec::new());
    }
    if object.downcast_ref::<PyStr>().is_some() {
        return Ok(vec![to_text(object, vm)?]);
    }
    let items: Vec<PyObjectRef> = object.to_owned().try_to_value(vm)?;
    items.iter().map(|item| to_text(item, vm)).collect()
}

/// JSON as Python data.
pub(crate) fn to_python(value: &Value, vm: &VirtualMachine) -> PyResult<PyObjectRef> {
    Ok(match value {
        Value::Null => vm.ctx.none(),
        Value::Bool(value) => vm.ctx.new_bool(*value).into(),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), _, _) => vm.ctx.new_int(number).into(),
            (_, Some(number), _) => vm.ctx.new_int(number).into(),
            (_, _, Some(number)) => vm.ctx.new_float(number).into(),
            _ => vm.ctx.none(),
        },
        Value::String(text) => vm.ctx.new_str(text.as_str()).into(),
        Value::Array(items) => {
            let items: PyResult<Vec<PyObjectRef>> =
                items.iter().map(|item| to_python(item, vm)).collect();
            vm.ctx.new_list(items?).into()
        }
        Value::Object(map) => {
            let dict = vm.ctx.new_dict();
            for (key, value) in map {
                dict.set_item(key.as_str(), to_python(value, vm)?, vm)?;
            }
            dict.into()
        }
    })
}

/// Anything that serializes, as Python data.
pub(crate) fn serialize<T: serde::Serialize + ?Sized>(
    value: &T,
    vm: &VirtualMachine,
) -> PyResult<PyObjectRef> {
    let json =
        serde_json::to_value(value).map_err(|error| vm.new_value_error(error.to_string()))?;
    to_python(&json, vm)
}

/// Python data as anything that deserializes; `what` names it in the error.
pub(crate) fn deserialize<T: serde::de::DeserializeOwned>(
    object: &PyObject,
    what: &str,
    vm: &VirtualMachine,
) -> PyResult<T> {
    serde_json::from_value(to_json(object, vm)?)
        .map_err(|error| vm.new_type_error(format!("{what}: {error}")))
}
