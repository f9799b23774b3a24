//! `self.options`

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crom_model::options::{Options, OptionsError, PackageOptions};
use rustpython_vm as vm;
use vm::builtins::{PyBaseExceptionRef, PyStr};
use vm::function::{PyComparisonValue, PySetterValue};
use vm::protocol::{PyMappingMethods, PyNumberMethods, PySequenceMethods};
use vm::types::{
    AsMapping, AsNumber, AsSequence, Comparable, GetAttr, PyComparisonOp, Representable, SetAttr,
};
use vm::{
    AsObject, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, pyclass,
};

use super::settings::{GetSafeArgs, is_protocol, no_attribute};
use crate::{convert, values};

type Handle = Arc<Mutex<Options>>;

/// `self.options`: own options, and values for dependencies by pattern.
#[pyclass(module = "conan.internal.model.options", name = "Options")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyOptions {
    handle: Handle,
}

/// `self.options["pattern"]`
#[pyclass(module = "conan.internal.model.options", name = "_PackageOptions")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyPackageOptions {
    handle: Handle,
    pattern: String,
}

/// One option: a live view of its value.
#[pyclass(
    module = "conan.internal.model.options",
    name = "_PackageOption",
    unhashable = true
)]
#[derive(Debug, PyPayload)]
pub(crate) struct PyPackageOption {
    handle: Handle,
    /// None for an own option.
    pattern: Option<String>,
    name: String,
    /// What it had when it was asked for: holds after the option was removed.
    value: Option<String>,
}

fn lock(handle: &Handle) -> MutexGuard<'_, Options> {
    handle.lock().unwrap_or_else(PoisonError::into_inner)
}

fn error(error: OptionsError, vm: &VirtualMachine) -> PyBaseExceptionRef {
    super::exception(vm, "ConanException", error.to_string())
}

/// Texts that mean false for an option or setting.
pub(super) fn is_falsy(value: &str) -> bool {
    matches!(
        value.to_ascii_lowercase().as_str(),
        "" | "false" | "none" | "0" | "off"
    )
}

impl PyOptions {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            handle: Arc::new(Mutex::new(options)),
        }
    }

    /// Own options only.
    pub(crate) fn from_own(own: PackageOptions) -> Self {
        Self::new(Options {
            own,
            ..Options::default()
        })
    }

    /// The values as they are now.
    pub(crate) fn snapshot(&self) -> Options {
        lock(&self.handle).clone()
    }

    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut Options) -> R) -> R {
        change(&mut lock(&self.handle))
    }
}

fn option(handle: &Handle, pattern: Option<&str>, name: &str, vm: &VirtualMachine) -> PyResult {
    let value = {
        let options = lock(handle);
        let scope = match pattern {
            None => Some(&options.own),
            Some(pattern) => options.for_package(pattern),
        };
        match scope {
            Some(scope) => scope
                .get(name)
                .map_err(|it| error(it, vm))?
                .map(str::to_owned),
            None => {
                let missing = PackageOptions::default().get(name).map(|_| ());
                missing.map_err(|it| error(it, vm))?;
                None
            }
        }
    };
    let option = PyPackageOption {
        handle: handle.clone(),
        pattern: pattern.map(str::to_owned),
        name: name.to_owned(),
        value,
    };
    Ok(option.into_ref(&vm.ctx).into())
}

fn set(
    handle: &Handle,
    pattern: Option<&str>,
    name: &str,
    value: PySetterValue,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let value = match value {
        PySetterValue::Assign(value) => Some(convert::to_optional_text(&value, vm)?),
        PySetterValue::Delete => None,
    };
    let mut options = lock(handle);
    let scope = match pattern {
        None => &mut options.own,
        Some(pattern) => options.for_package_mut(pattern),
    };
    match value {
        Some(value) => scope.set(name, value.as_deref()),
        None => scope.remove(name),
    }
    .map_err(|it| error(it, vm))
}

fn option_items(options: &PackageOptions, vm: &VirtualMachine) -> PyObjectRef {
    let items = options.items().map(|(name, value)| {
        let value = value.map_or_else(|| vm.ctx.none(), |it| vm.ctx.new_str(it).into());
        vm.ctx
            .new_tuple(vec![vm.ctx.new_str(name).into(), value])
            .into()
    });
    vm.ctx.new_list(items.collect()).into()
}

#[pyclass(with(GetAttr, SetAttr, AsMapping, AsSequence, Representable))]
impl PyOptions {
    #[pymethod]
    fn get_safe(&self, args: GetSafeArgs, vm: &VirtualMachine) -> PyResult {
        let name = convert::to_text(&args.name, vm)?;
        if lock(&self.handle).own.contains(&name) {
            return option(&self.handle, None, &name, vm);
        }
        Ok(args.default.unwrap_or_else(|| vm.ctx.none()))
    }

    #[pymethod]
    fn rm_safe(&self, name: String) {
        lock(&self.handle).own.rm_safe(&name);
    }

    #[pymethod]
    fn items(&self, vm: &VirtualMachine) -> PyObjectRef {
        option_items(&lock(&self.handle).own, vm)
    }

    #[pymethod]
    fn clear(&self) {
        let mut options = lock(&self.handle);
        options.own.clear();
        options.deps.clear();
    }

    #[pymethod]
    fn dumps(&self) -> String {
        lock(&self.handle).dumps()
    }

    #[pymethod]
    fn serialize(&self, vm: &VirtualMachine) -> PyResult {
        let values = lock(&self.handle).serialize();
        convert::serialize(&values, vm)
    }

    #[pymethod]
    fn copy_conaninfo_options(&self) -> Self {
        Self::from_own(lock(&self.handle).own.copy_for_info())
    }

    #[pymethod]
    fn validate(&self, vm: &VirtualMachine) -> PyResult<()> {
        lock(&self.handle)
            .own
            .validate()
            .map_err(|it| error(it, vm))
    }

    /// `update(options=None, options_values=None)`: adds options, with their possible values.
    #[pymethod]
    fn update(&self, args: UpdateArgs, vm: &VirtualMachine) -> PyResult<()> {
        let (definition, values) =
            crate::phases::attributes::options_of(&args.options, &args.options_values, vm)?;
        lock(&self.handle)
            .update(&definition, &values)
            .map_err(|it| error(it, vm))
    }

    #[pygetset]
    fn possible_values(&self, vm: &VirtualMachine) -> PyResult {
        let values = lock(&self.handle).own.possible_values();
        convert::serialize(&values, vm)
    }

    /// Lines `name=value` and `pattern:name=value`.
    #[pystaticmethod]
    fn loads(text: String, vm: &VirtualMachine) -> PyResult<Self> {
        let options = Options::loads(&text).map_err(|it| error(it, vm))?;
        Ok(Self::new(options))
    }

    #[pymethod]
    fn update_options(&self, other: PyRef<Self>, vm: &VirtualMachine) -> PyResult<()> {
        let other = other.snapshot();
        self.change(|options| options.update_options(&other))
            .map_err(|it| error(it, vm))
    }

    /// Own values become values for this reference.
    #[pymethod]
    fn conan_scope(&self, reference: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        let reference = values::reference(&reference, vm)?;
        self.change(|options| options.scope(&reference));
        Ok(())
    }

    #[pymethod]
    fn apply_downstream(&self, args: DownstreamArgs, vm: &VirtualMachine) -> PyResult<()> {
        let reference = values::named_reference(&args.own_ref, vm)?;
        let (down, profile) = (
            args.down_options.snapshot(),
            args.profile_options.snapshot(),
        );
        self.change(|options| {
            options.apply_downstream(&down, &profile, reference.as_ref(), args.is_consumer)
        })
        .map_err(|it| error(it, vm))
    }

    /// `(all wishes for dependencies, those for hidden ones)`
    #[pymethod]
    fn get_upstream_options(&self, args: UpstreamArgs, vm: &VirtualMachine) -> PyResult {
        let reference = values::named_reference(&args.own_ref, vm)?;
        let down = args.down_options.snapshot();
        let (all, private) = self
            .change(|options| {
                options.get_upstream_options(&down, reference.as_ref(), args.is_consumer)
            })
            .map_err(|it| error(it, vm))?;
        let parts = [all, private].map(|it| Self::new(it).into_ref(&vm.ctx).into());
        Ok(vm.ctx.new_tuple(parts.to_vec()).into())
    }
}

/// Arguments of `apply_downstream`.
#[derive(vm::FromArgs)]
struct DownstreamArgs {
    #[pyarg(any)]
    down_options: PyRef<PyOptions>,
    #[pyarg(any)]
    profile_options: PyRef<PyOptions>,
    #[pyarg(any)]
    own_ref: PyObjectRef,
    #[pyarg(any)]
    is_consumer: bool,
}

/// Arguments of `get_upstream_options`.
#[derive(vm::FromArgs)]
struct UpstreamArgs {
    #[pyarg(any)]
    down_options: PyRef<PyOptions>,
    #[pyarg(any)]
    own_ref: PyObjectRef,
    #[pyarg(any)]
    is_consumer: bool,
}

/// Arguments of `update`.
#[derive(vm::FromArgs)]
struct UpdateArgs {
    #[pyarg(any, default = None)]
    options: Option<PyObjectRef>,
    #[pyarg(any, default = None)]
    options_values: Option<PyObjectRef>,
}

impl GetAttr for PyOptions {
    fn getattro(zelf: &Py<Self>, name: &Py<PyStr>, vm: &VirtualMachine) -> PyResult {
        if let Some(found) = zelf.as_object().generic_getattr_opt(name, None, vm)? {
            return Ok(found);
        }
        let text = name.to_string_lossy();
        if is_protocol(&text) {
            return Err(no_attribute(zelf.as_object(), &text, vm));
        }
        option(&zelf.handle, None, &text, vm)
    }
}

impl SetAttr for PyOptions {
    fn setattro(
        zelf: &Py<Self>,
        name: &Py<PyStr>,
        value: PySetterValue,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        set(&zelf.handle, None, &name.to_string_lossy(), value, vm)
    }
}

impl AsMapping for PyOptions {
    fn as_mapping() -> &'static PyMappingMethods {
        static METHODS: std::sync::LazyLock<PyMappingMethods> =
            std::sync::LazyLock::new(|| PyMappingMethods {
                subscript: vm::atomic_func!(|mapping, needle, vm| {
                    let options = PyOptions::mapping_downcast(mapping);
                    let mut pattern = convert::to_text(needle, vm)?;
                    // A bare name means all versions of the package.
                    if !pattern.contains(['/', '*']) {
                        pattern.push_str("/*");
                    }
                    let scope = PyPackageOptions {
                        handle: options.handle.clone(),
                        pattern,
                    };
                    Ok(scope.into_ref(&vm.ctx).into())
                }),
                ..PyMappingMethods::NOT_IMPLEMENTED
            });
        &METHODS
    }
}

impl AsSequence for PyOptions {
    fn as_sequence() -> &'static PySequenceMethods {
        static METHODS: std::sync::LazyLock<PySequenceMethods> =
            std::sync::LazyLock::new(|| PySequenceMethods {
                contains: vm::atomic_func!(|sequence, needle, vm| {
                    let options = PyOptions::sequence_downcast(sequence);
                    let name = convert::to_text(needle, vm)?;
                    Ok(lock(&options.handle).own.contains(&name))
                }),
                ..PySequenceMethods::NOT_IMPLEMENTED
            });
        &METHODS
    }
}

impl Representable for PyOptions {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(zelf.dumps())
    }
}

#[pyclass(with(GetAttr, SetAttr, AsSequence))]
impl PyPackageOptions {
    #[pymethod]
    fn get_safe(&self, args: GetSafeArgs, vm: &VirtualMachine) -> PyResult {
        let name = convert::to_text(&args.name, vm)?;
        let there = lock(&self.handle)
            .for_package(&self.pattern)
            .is_some_and(|it| it.contains(&name));
        if there {
            return option(&self.handle, Some(&self.pattern), &name, vm);
        }
        Ok(args.default.unwrap_or_else(|| vm.ctx.none()))
    }

    #[pymethod]
    fn rm_safe(&self, name: String) {
        let mut options = lock(&self.handle);
        let scope = options.for_package_mut(&self.pattern);
        scope.rm_safe(&name);
    }

    #[pymethod]
    fn items(&self, vm: &VirtualMachine) -> PyObjectRef {
        match lock(&self.handle).for_package(&self.pattern) {
            Some(scope) => option_items(scope, vm),
            None => vm.ctx.new_list(Vec::new()).into(),
        }
    }

    #[pymethod]
    fn dumps(&self) -> String {
        lock(&self.handle)
            .for_package(&self.pattern)
            .map_or_else(String::new, |it| it.dumps())
    }
}

impl GetAttr for PyPackageOptions {
    fn getattro(zelf: &Py<Self>, name: &Py<PyStr>, vm: &VirtualMachine) -> PyResult {
        if let Some(found) = zelf.as_object().generic_getattr_opt(name, None, vm)? {
            return Ok(found);
        }
        let text = name.to_string_lossy();
        if is_protocol(&text) {
            return Err(no_attribute(zelf.as_object(), &text, vm));
        }
        option(&zelf.handle, Some(&zelf.pattern), &text, vm)
    }
}

impl SetAttr for PyPackageOptions {
    fn setattro(
        zelf: &Py<Self>,
        name: &Py<PyStr>,
        value: PySetterValue,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        set(
            &zelf.handle,
            Some(&zelf.pattern),
            &name.to_string_lossy(),
            value,
            vm,
        )
    }
}

impl AsSequence for PyPackageOptions {
    fn as_sequence() -> &'static PySequenceMethods {
        static METHODS: std::sync::LazyLock<PySequenceMethods> =
            std::sync::LazyLock::new(|| PySequenceMethods {
                contains: vm::atomic_func!(|sequence, needle, vm| {
                    let scope = PyPackageOptions::sequence_downcast(sequence);
                    let name = convert::to_text(needle, vm)?;
                    let options = lock(&scope.handle);
                    Ok(options
                        .for_package(&scope.pattern)
                        .is_some_and(|it| it.contains(&name)))
                }),
                ..PySequenceMethods::NOT_IMPLEMENTED
            });
        &METHODS
    }
}

impl PyPackageOption {
    fn text(&self) -> Option<String> {
        let options = lock(&self.handle);
        let scope = match &self.pattern {
            None => Some(&options.own),
            Some(pattern) => options.for_package(pattern),
        };
        match scope {
            Some(scope) if scope.contains(&self.name) => {
                scope.get_safe(&self.name).map(str::to_owned)
            }
            _ => self.value.clone(),
        }
    }

    fn equals(&self, other: Option<&str>, vm: &VirtualMachine) -> PyResult<bool> {
        let options = lock(&self.handle);
        let scope = match &self.pattern {
            None => Some(&options.own),
            Some(pattern) => options.for_package(pattern),
        };
        match scope {
            Some(scope) if scope.contains(&self.name) => scope
                .check_value(&self.name, other)
                .map_err(|it| error(it, vm)),
            _ => Ok(self.value.as_deref() == other),
        }
    }
}

#[pyclass(with(SetAttr, Comparable, AsNumber))]
impl PyPackageOption {
    #[pymethod]
    fn __str__(&self) -> String {
        self.text().unwrap_or_else(|| "None".to_owned())
    }

    #[pymethod]
    fn dumps(&self) -> String {
        let scope = self
            .pattern
            .as_deref()
            .map_or_else(String::new, |it| format!("{it}:"));
        format!("{scope}{}={}", self.name, self.__str__())
    }

    #[pygetset]
    fn name(&self) -> String {
        self.name.clone()
    }

    /// Does the value win over those of consumers (`-o "name!=value"`)?
    #[pygetset]
    fn important(&self) -> bool {
        let options = lock(&self.handle);
        let scope = match &self.pattern {
            None => Some(&options.own),
            Some(pattern) => options.for_package(pattern),
        };
        scope.is_some_and(|it| it.is_important(&self.name))
    }

    /// Is there a value where the definition asks for one?
    #[pymethod]
    fn validate(&self, vm: &VirtualMachine) -> PyResult<()> {
        let mut own = lock(&self.handle).own.clone();
        let others: Vec<String> = own.names().iter().map(|it| (*it).to_owned()).collect();
        for name in others.iter().filter(|it| **it != self.name) {
            own.rm_safe(name);
        }
        own.validate().map_err(|it| error(it, vm))
    }

    /// The value that goes into the package id: a copy of its own.
    #[pymethod]
    fn copy_conaninfo_option(&self) -> Self {
        let own = lock(&self.handle).own.copy_for_info();
        let options = Options {
            own,
            ..Options::default()
        };
        Self {
            handle: Arc::new(Mutex::new(options)),
            pattern: None,
            name: self.name.clone(),
            value: self.text(),
        }
    }

    #[pygetset]
    fn value(&self, vm: &VirtualMachine) -> PyObjectRef {
        self.text()
            .map_or_else(|| vm.ctx.none(), |value| vm.ctx.new_str(value).into())
    }
}

fn int_of(text: Option<String>, vm: &VirtualMachine) -> PyResult {
    let text = text.unwrap_or_else(|| "None".to_owned());
    match text.trim().parse::<i64>() {
        Ok(number) => Ok(vm.ctx.new_int(number).into()),
        Err(_) => {
            Err(vm.new_value_error(format!("invalid literal for int() with base 10: '{text}'")))
        }
    }
}

impl SetAttr for PyPackageOption {
    fn setattro(
        zelf: &Py<Self>,
        name: &Py<PyStr>,
        value: PySetterValue,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        let name = name.to_string_lossy();
        if name == "value" {
            return set(&zelf.handle, zelf.pattern.as_deref(), &zelf.name, value, vm);
        }
        Err(no_attribute(zelf.as_object(), &name, vm))
    }
}

impl Comparable for PyPackageOption {
    fn cmp(
        zelf: &Py<Self>,
        other: &PyObject,
        op: PyComparisonOp,
        vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        op.eq_only(|| {
            if let Some(other) = other.downcast_ref::<Self>() {
                return Ok(PyComparisonValue::Implemented(zelf.text() == other.text()));
            }
            let other = convert::to_optional_text(other, vm)?;
            zelf.equals(other.as_deref(), vm)
                .map(PyComparisonValue::Implemented)
        })
    }
}

impl AsNumber for PyPackageOption {
    fn as_number() -> &'static PyNumberMethods {
        static METHODS: PyNumberMethods = PyNumberMethods {
            boolean: Some(|number, _vm| {
                let option = number.obj.downcast_ref::<PyPackageOption>();
                Ok(option
                    .and_then(|it| it.text())
                    .is_some_and(|value| !is_falsy(&value)))
            }),
            int: Some(|number, vm| {
                let option = number.obj.downcast_ref::<PyPackageOption>();
                int_of(option.and_then(|it| it.text()), vm)
            }),
            ..PyNumberMethods::NOT_IMPLEMENTED
        };
        &METHODS
    }
}
