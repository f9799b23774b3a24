//! The module `_crom`: what Python gets from Rust. Recipes never see it, the facade under `python/`
//! re-exports its classes under Conan's names.

use rustpython_vm as vm;
use vm::builtins::PyBaseExceptionRef;
use vm::common::hash::PyHash;
use vm::{AsObject, PyObjectRef, PyResult, TryFromObject, VirtualMachine};

pub(crate) mod conf;
pub(crate) mod environment;
mod functions;
pub(crate) mod options;
pub(crate) mod profile_environment;
pub(crate) mod settings;
pub(crate) mod version;
pub(crate) mod view;
pub(crate) mod yaml;

pub(crate) use functions::_crom;

/// An attribute of a module, which is imported if it isn't yet.
pub(crate) fn attribute_of(vm: &VirtualMachine, module: &str, name: &str) -> PyResult {
    let modules = vm.sys_module.get_attr("modules", vm)?;
    let module_object = match modules.get_item(module, vm) {
        Ok(found) => found,
        Err(_) => {
            vm.import(&*vm.ctx.new_str(module), 0)?;
            modules.get_item(module, vm)?
        }
    };
    module_object.get_attr(&*vm.ctx.new_str(name), vm)
}

/// An exception of `conan.errors`.
pub(crate) fn exception(vm: &VirtualMachine, class: &str, text: String) -> PyBaseExceptionRef {
    exception_of(vm, "conan.errors", class, text)
}

/// An exception of any module. If that can't be had, the reason why.
pub(crate) fn exception_of(
    vm: &VirtualMachine,
    module: &str,
    class: &str,
    text: String,
) -> PyBaseExceptionRef {
    let made = attribute_of(vm, module, class)
        .and_then(|class| class.call((vm.ctx.new_str(text),), vm))
        .and_then(|object| PyBaseExceptionRef::try_from_object(vm, object));
    made.unwrap_or_else(|error| error)
}

/// `name` is part of Conan's API, but not of Crom's yet.
pub(crate) fn unsupported(vm: &VirtualMachine, name: &str) -> PyBaseExceptionRef {
    exception(
        vm,
        "CromUnsupported",
        format!("{name} is not supported by Crom yet"),
    )
}

/// An `OSError` of the subclass that fits the kind.
pub(crate) fn os_error(
    vm: &VirtualMachine,
    kind: std::io::ErrorKind,
    text: String,
) -> PyBaseExceptionRef {
    use std::io::ErrorKind;
    let (class, errno) = match kind {
        ErrorKind::NotFound => (vm.ctx.exceptions.file_not_found_error, Some(2)),
        ErrorKind::PermissionDenied => (vm.ctx.exceptions.permission_error, Some(13)),
        ErrorKind::AlreadyExists => (vm.ctx.exceptions.file_exists_error, Some(17)),
        ErrorKind::NotADirectory => (vm.ctx.exceptions.not_a_directory_error, Some(20)),
        ErrorKind::IsADirectory => (vm.ctx.exceptions.is_a_directory_error, Some(21)),
        _ => (vm.ctx.exceptions.os_error, None),
    };
    vm.new_os_subtype_error(class.to_owned(), errno, text)
        .upcast()
}

/// A hash that agrees with Rust's equality.
pub(crate) fn hash_of<T: std::hash::Hash>(value: &T) -> PyHash {
    use std::hash::Hasher;
    let mut hasher = std::hash::DefaultHasher::new();
    value.hash(&mut hasher);
    // Python reserves -1.
    match hasher.finish() as PyHash {
        -1 => -2,
        hash => hash,
    }
}

/// A number that may be larger than 64 bits.
pub(crate) fn big_int(number: u128, vm: &VirtualMachine) -> PyObjectRef {
    match u64::try_from(number) {
        Ok(number) => vm.ctx.new_int(number).into(),
        Err(_) => vm.ctx.new_int(number).into(),
    }
}

/// Decimal digits as a number of any size.
pub(crate) fn parse_int(digits: &str, vm: &VirtualMachine) -> PyResult {
    vm.ctx
        .types
        .int_type
        .as_object()
        .call((vm.ctx.new_str(digits),), vm)
}
