//! `conan.tools.env.Environment`, `self.buildenv_info`, `self.buildenv`

use std::sync::{Mutex, MutexGuard, PoisonError};

use crom_model::environment::Environment;
use rustpython_vm as vm;
use vm::builtins::PyType;
use vm::function::{OptionalArg, PyComparisonValue};
use vm::protocol::PyNumberMethods;
use vm::types::{AsNumber, Comparable, Constructor, PyComparisonOp, Representable};
use vm::{
    FromArgs, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, pyclass,
};

use crate::convert;

/// Operations on environment variables.
#[pyclass(
    module = "conan.tools.env.environment",
    name = "Environment",
    unhashable = true
)]
#[derive(Debug, PyPayload)]
pub(crate) struct PyEnvironment {
    environment: Mutex<Environment>,
}

/// Arguments of `define`, `append` and `prepend`.
#[derive(FromArgs)]
struct Operation {
    #[pyarg(any)]
    name: PyObjectRef,
    #[pyarg(any)]
    value: PyObjectRef,
    #[pyarg(any, optional)]
    separator: OptionalArg<PyObjectRef>,
}

impl PyEnvironment {
    pub(crate) fn new(environment: Environment) -> Self {
        Self {
            environment: Mutex::new(environment),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Environment> {
        self.environment
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The operations as they are now.
    pub(crate) fn snapshot(&self) -> Environment {
        self.lock().clone()
    }

    fn with(
        &self,
        args: Operation,
        vm: &VirtualMachine,
        change: impl FnOnce(&mut Environment, &str, &[String], Option<&str>),
    ) -> PyResult<()> {
        let name = convert::to_text(&args.name, vm)?;
        let values = convert::to_texts(&args.value, vm)?;
        let separator = match args.separator {
            OptionalArg::Present(it) => convert::to_optional_text(&it, vm)?,
            OptionalArg::Missing => None,
        };
        change(&mut self.lock(), &name, &values, separator.as_deref());
        Ok(())
    }
}

impl Constructor for PyEnvironment {
    type Args = ();

    fn py_new(_cls: &Py<PyType>, _args: (), _vm: &VirtualMachine) -> PyResult<Self> {
        Ok(Self::new(Environment::new()))
    }
}

#[pyclass(
    with(Constructor, AsNumber, Comparable, Representable),
    flags(BASETYPE)
)]
impl PyEnvironment {
    #[pymethod]
    fn define(&self, args: Operation, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, |env, name, values, separator| {
            env.define(name, values, separator.unwrap_or(" "));
        })
    }

    #[pymethod]
    fn define_path(&self, args: Operation, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, |env, name, values, _| {
            env.define_path(name, values)
        })
    }

    #[pymethod]
    fn append(&self, args: Operation, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, |env, name, values, separator| {
            env.append(name, values, separator)
        })
    }

    #[pymethod]
    fn append_path(&self, args: Operation, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, |env, name, values, _| {
            env.append_path(name, values)
        })
    }

    #[pymethod]
    fn prepend(&self, args: Operation, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, |env, name, values, separator| {
            env.prepend(name, values, separator)
        })
    }

    #[pymethod]
    fn prepend_path(&self, args: Operation, vm: &VirtualMachine) -> PyResult<()> {
        self.with(args, vm, |env, name, values, _| {
            env.prepend_path(name, values)
        })
    }

    #[pymethod]
    fn unset(&self, name: String) {
        self.lock().unset(&name);
    }

    #[pymethod]
    fn remove(&self, name: String, value: String, vm: &VirtualMachine) -> PyResult<()> {
        self.lock()
            .remove(&name, &value)
            .map_err(|error| super::exception(vm, "ConanException", error.to_string()))
    }

    #[pymethod]
    fn copy(&self) -> Self {
        Self::new(self.snapshot())
    }

    #[pymethod]
    fn compose_env(zelf: PyRef<Self>, other: PyRef<Self>) -> PyRef<Self> {
        let other = other.snapshot();
        zelf.lock().compose_env(&other);
        zelf
    }

    #[pymethod]
    fn dumps(&self) -> String {
        self.lock().dumps()
    }

    #[pymethod]
    fn set_relative_base_folder(&self, folder: String) {
        self.lock().set_relative_base_folder(&folder);
    }

    #[pymethod]
    fn deploy_base_folder(
        &self,
        package_folder: PyObjectRef,
        deploy_folder: PyObjectRef,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        let (package, deploy) = (
            convert::to_text(&package_folder, vm)?,
            convert::to_text(&deploy_folder, vm)?,
        );
        self.lock().deploy_base_folder(&package, &deploy);
        Ok(())
    }

    /// The variables' final texts: `[(name, text or None)]`; `reference` is a pattern such as `${name}`
    /// for what a variable had before, otherwise the process's environment says it.
    #[pymethod]
    fn _resolve(
        &self,
        reference: Option<String>,
        separator: String,
        vm: &VirtualMachine,
    ) -> PyObjectRef {
        let shared = crate::state::shared();
        let resolved = self.lock().resolve(&separator, |name| match &reference {
            Some(pattern) => Some(formatted(pattern, name)),
            None => {
                let value = std::env::var(name).ok();
                if let Some(shared) = &shared {
                    shared.note_environment(name, value.as_deref());
                }
                value
            }
        });
        let items = resolved.into_iter().map(|(name, value)| {
            let value = value.map_or_else(|| vm.ctx.none(), |it| vm.ctx.new_str(it).into());
            vm.ctx
                .new_tuple(vec![vm.ctx.new_str(name).into(), value])
                .into()
        });
        vm.ctx.new_list(items.collect()).into()
    }

    /// The operations as data, for the tools.
    #[pymethod]
    fn _crom_data(&self, vm: &VirtualMachine) -> PyResult {
        let environment = self.snapshot();
        convert::serialize(&environment, vm)
    }

    #[pymethod]
    fn vars(zelf: PyRef<Self>, args: VarsArgs, vm: &VirtualMachine) -> PyResult {
        let class = super::attribute_of(vm, "conan.internal.model.environment", "EnvVars")?;
        let scope = args.scope.unwrap_or_else(|| vm.ctx.new_str("build").into());
        class.call((args.conanfile, zelf, scope), vm)
    }
}

/// `pattern.format(name=name)`: `$penv{{{name}}}` becomes `$penv{PATH}`.
fn formatted(pattern: &str, name: &str) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (found, written) = match rest {
            _ if rest.starts_with("{{") => ("{{", "{"),
            _ if rest.starts_with("}}") => ("}}", "}"),
            _ if rest.starts_with("{name}") => ("{name}", name),
            _ => (&rest[..1], &rest[..1]),
        };
        text.push_str(written);
        rest = &rest[found.len()..];
    }
    text + rest
}

/// Arguments of `vars`.
#[derive(FromArgs)]
struct VarsArgs {
    #[pyarg(any)]
    conanfile: PyObjectRef,
    #[pyarg(any, optional)]
    scope: OptionalArg<PyObjectRef>,
}

impl Comparable for PyEnvironment {
    fn cmp(
        zelf: &Py<Self>,
        other: &PyObject,
        op: PyComparisonOp,
        _vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        op.eq_only(|| {
            let other = match other.downcast_ref::<Self>() {
                Some(other) => other.snapshot(),
                None => return Ok(PyComparisonValue::NotImplemented),
            };
            Ok(PyComparisonValue::Implemented(*zelf.lock() == other))
        })
    }
}

impl AsNumber for PyEnvironment {
    fn as_number() -> &'static PyNumberMethods {
        static METHODS: PyNumberMethods = PyNumberMethods {
            boolean: Some(|number, _vm| {
                let environment = number.obj.downcast_ref::<PyEnvironment>();
                Ok(environment.is_some_and(|it| !it.lock().is_empty()))
            }),
            ..PyNumberMethods::NOT_IMPLEMENTED
        };
        &METHODS
    }
}

impl Representable for PyEnvironment {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(zelf.dumps())
    }
}
