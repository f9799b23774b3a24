//! `conan.tools.scm.Version`

use crom_model::version::{Version, VersionError, VersionItem};
use rustpython_vm as vm;
use vm::function::{OptionalArg, PyComparisonValue};
use vm::protocol::PyNumberMethods;
use vm::types::{AsNumber, Comparable, Constructor, Hashable, PyComparisonOp, Representable};
use vm::{FromArgs, Py, PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine, pyclass};

use crate::convert;

/// A version. Compares with texts and numbers, too.
#[pyclass(module = "conan.internal.model.version", name = "Version")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyVersion {
    pub(crate) value: Version,
}

/// One dot-separated part. Compares with numbers and texts.
#[pyclass(module = "conan.internal.model.version", name = "_VersionItem")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyVersionItem {
    value: VersionItem,
}

/// Arguments of `Version(value, qualifier=False)`.
#[derive(FromArgs)]
pub(crate) struct VersionArgs {
    #[pyarg(any)]
    value: PyObjectRef,
    #[pyarg(any, optional)]
    #[expect(dead_code, reason = "accepted for the signature's sake")]
    qualifier: OptionalArg<bool>,
}

/// Arguments of `in_range`.
#[derive(FromArgs)]
pub(crate) struct InRangeArgs {
    #[pyarg(any)]
    version_range: PyObjectRef,
    #[pyarg(any, optional)]
    resolve_prerelease: OptionalArg<PyObjectRef>,
}

impl Constructor for PyVersion {
    type Args = VersionArgs;

    fn py_new(
        _cls: &Py<vm::builtins::PyType>,
        args: VersionArgs,
        vm: &VirtualMachine,
    ) -> PyResult<Self> {
        Ok(Self {
            value: Version::new(convert::to_text(&args.value, vm)?),
        })
    }
}

#[pyclass(
    with(Constructor, Comparable, Hashable, Representable),
    flags(BASETYPE)
)]
impl PyVersion {
    #[pygetset]
    fn main(&self, vm: &VirtualMachine) -> PyObjectRef {
        let items = self
            .value
            .main()
            .iter()
            .map(|item| item_object(item, vm))
            .collect();
        vm.ctx.new_tuple(items).into()
    }

    #[pygetset]
    fn major(&self, vm: &VirtualMachine) -> PyObjectRef {
        optional_item(self.value.major(), vm)
    }

    #[pygetset]
    fn minor(&self, vm: &VirtualMachine) -> PyObjectRef {
        optional_item(self.value.minor(), vm)
    }

    #[pygetset]
    fn patch(&self, vm: &VirtualMachine) -> PyObjectRef {
        optional_item(self.value.patch(), vm)
    }

    #[pygetset]
    fn micro(&self, vm: &VirtualMachine) -> PyObjectRef {
        optional_item(self.value.micro(), vm)
    }

    #[pygetset]
    fn pre(&self, vm: &VirtualMachine) -> PyObjectRef {
        optional_version(self.value.pre(), vm)
    }

    #[pygetset]
    fn build(&self, vm: &VirtualMachine) -> PyObjectRef {
        optional_version(self.value.build(), vm)
    }

    #[pymethod]
    fn bump(&self, index: usize, vm: &VirtualMachine) -> PyResult<Self> {
        self.value
            .bump(index)
            .map(|value| Self { value })
            .map_err(|error| version_error(error, vm))
    }

    #[pymethod]
    fn upper_bound(&self, index: usize, vm: &VirtualMachine) -> PyResult<Self> {
        let bound = self.value.upper_bound(index);
        bound
            .map(|value| Self { value })
            .map_err(|error| version_error(error, vm))
    }

    #[pymethod]
    fn in_range(&self, args: InRangeArgs, vm: &VirtualMachine) -> PyResult<bool> {
        let range = convert::to_text(&args.version_range, vm)?;
        let resolve = match args.resolve_prerelease {
            OptionalArg::Present(value) if !vm.is_none(&value) => Some(value.try_to_bool(vm)?),
            _ => None,
        };
        let range = range
            .strip_prefix('[')
            .and_then(|it| it.strip_suffix(']'))
            .unwrap_or(&range);
        self.value
            .in_range(range, resolve)
            .map_err(|error| super::exception(vm, "ConanException", error.to_string()))
    }

    #[pymethod]
    fn __str__(&self) -> String {
        self.value.to_string()
    }
}

impl Comparable for PyVersion {
    fn cmp(
        zelf: &Py<Self>,
        other: &PyObject,
        op: PyComparisonOp,
        vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        if vm.is_none(other) {
            return Ok(match op {
                PyComparisonOp::Eq => PyComparisonValue::Implemented(false),
                PyComparisonOp::Ne => PyComparisonValue::Implemented(true),
                _ => PyComparisonValue::NotImplemented,
            });
        }
        let other = match other.downcast_ref::<Self>() {
            Some(other) => other.value.clone(),
            None => Version::new(convert::to_text(other, vm)?),
        };
        Ok(PyComparisonValue::Implemented(match op {
            PyComparisonOp::Eq => zelf.value == other,
            PyComparisonOp::Ne => zelf.value != other,
            _ => op.eval_ord(zelf.value.cmp(&other)),
        }))
    }
}

impl Hashable for PyVersion {
    fn hash(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<vm::common::hash::PyHash> {
        Ok(super::hash_of(&zelf.value))
    }
}

impl Representable for PyVersion {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(zelf.value.to_string())
    }
}

#[pyclass(with(AsNumber, Comparable, Hashable, Representable))]
impl PyVersionItem {
    #[pygetset]
    fn value(&self, vm: &VirtualMachine) -> PyObjectRef {
        match &self.value {
            VersionItem::Number(number) => super::big_int(*number, vm),
            VersionItem::Text(text) => vm.ctx.new_str(text.as_str()).into(),
        }
    }

    #[pymethod]
    fn __str__(&self) -> String {
        self.value.to_string()
    }

    fn number(&self, vm: &VirtualMachine) -> PyResult<PyObjectRef> {
        match &self.value {
            VersionItem::Number(number) => Ok(super::big_int(*number, vm)),
            VersionItem::Text(text) => {
                Err(vm.new_value_error(format!("invalid literal for int() with base 10: '{text}'")))
            }
        }
    }
}

impl AsNumber for PyVersionItem {
    fn as_number() -> &'static PyNumberMethods {
        static METHODS: PyNumberMethods = PyNumberMethods {
            int: Some(
                |number, vm| match number.obj.downcast_ref::<PyVersionItem>() {
                    Some(item) => item.number(vm),
                    None => Ok(vm.ctx.not_implemented()),
                },
            ),
            add: Some(|a, b, vm| match a.downcast_ref::<PyVersionItem>() {
                Some(item) => vm._add(&item.value(vm), b),
                None => Ok(vm.ctx.not_implemented()),
            }),
            ..PyNumberMethods::NOT_IMPLEMENTED
        };
        &METHODS
    }
}

impl Comparable for PyVersionItem {
    fn cmp(
        zelf: &Py<Self>,
        other: &PyObject,
        op: PyComparisonOp,
        vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        if vm.is_none(other) {
            return Ok(match op {
                PyComparisonOp::Eq => PyComparisonValue::Implemented(false),
                PyComparisonOp::Ne => PyComparisonValue::Implemented(true),
                _ => PyComparisonValue::NotImplemented,
            });
        }
        let other = match other.downcast_ref::<Self>() {
            Some(other) => other.value.clone(),
            None => VersionItem::parse(&convert::to_text(other, vm)?),
        };
        Ok(PyComparisonValue::Implemented(
            op.eval_ord(zelf.value.cmp(&other)),
        ))
    }
}

impl Hashable for PyVersionItem {
    fn hash(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<vm::common::hash::PyHash> {
        Ok(super::hash_of(&zelf.value))
    }
}

impl Representable for PyVersionItem {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(zelf.value.to_string())
    }
}

fn item_object(item: &VersionItem, vm: &VirtualMachine) -> PyObjectRef {
    PyVersionItem {
        value: item.clone(),
    }
    .into_ref(&vm.ctx)
    .into()
}

fn optional_item(item: Option<&VersionItem>, vm: &VirtualMachine) -> PyObjectRef {
    item.map_or_else(|| vm.ctx.none(), |item| item_object(item, vm))
}

fn optional_version(version: Option<Version>, vm: &VirtualMachine) -> PyObjectRef {
    version.map_or_else(
        || vm.ctx.none(),
        |value| PyVersion { value }.into_ref(&vm.ctx).into(),
    )
}

fn version_error(error: VersionError, vm: &VirtualMachine) -> vm::builtins::PyBaseExceptionRef {
    match error {
        VersionError::NotANumber { .. } => {
            super::exception(vm, "ConanException", error.to_string())
        }
        VersionError::NoSuchPart { .. } => vm.new_index_error(error.to_string()),
    }
}
