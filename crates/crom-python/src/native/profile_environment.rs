//! `[buildenv]` and `[runenv]` of a profile: `conan.tools.env.environment.ProfileEnvironment`

use std::sync::{Arc, Mutex, PoisonError};

use crom_model::environment::ProfileEnvironment;
use rustpython_vm as vm;
use vm::builtins::PyType;
use vm::function::OptionalArg;
use vm::types::{Constructor, Representable};
use vm::{FromArgs, Py, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, pyclass};

use super::environment::PyEnvironment;
use crate::values;

/// Environments by the pattern of packages. A recipe's own is made of it when it is asked for.
#[pyclass(module = "conan.tools.env.environment", name = "ProfileEnvironment")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyProfileEnvironment {
    profile: Mutex<Arc<ProfileEnvironment>>,
}

impl PyProfileEnvironment {
    pub(crate) fn new(profile: Arc<ProfileEnvironment>) -> Self {
        Self {
            profile: Mutex::new(profile),
        }
    }

    /// As it is now.
    pub(crate) fn get(&self) -> Arc<ProfileEnvironment> {
        Arc::clone(&self.profile.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Constructor for PyProfileEnvironment {
    type Args = ();

    fn py_new(_cls: &Py<PyType>, _args: (), _vm: &VirtualMachine) -> PyResult<Self> {
        Ok(Self::new(Arc::default()))
    }
}

/// Arguments of `get_profile_env`.
#[derive(FromArgs)]
struct WantedArgs {
    #[pyarg(any, name = "ref")]
    reference: PyObjectRef,
    #[pyarg(any, optional)]
    is_consumer: OptionalArg<bool>,
}

#[pyclass(with(Constructor, Representable))]
impl PyProfileEnvironment {
    #[pymethod]
    fn get_profile_env(&self, args: WantedArgs, vm: &VirtualMachine) -> PyResult<PyEnvironment> {
        let reference = values::named_reference(&args.reference, vm)?;
        let consumer = args.is_consumer.unwrap_or(false);
        let environment = self.get().get_profile_env(reference.as_ref(), consumer);
        Ok(PyEnvironment::new(environment))
    }

    #[pymethod]
    fn update_profile_env(&self, other: PyRef<Self>) {
        let other = other.get();
        let mut profile = self.profile.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut profile).update_profile_env(&other);
    }

    #[pymethod]
    fn dumps(&self) -> String {
        self.get().dumps()
    }

    #[pystaticmethod]
    fn loads(text: String, vm: &VirtualMachine) -> PyResult<Self> {
        match ProfileEnvironment::loads(&text) {
            Ok(profile) => Ok(Self::new(Arc::new(profile))),
            Err(error) => Err(super::exception(vm, "ConanException", error.to_string())),
        }
    }
}

impl Representable for PyProfileEnvironment {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(zelf.dumps())
    }
}
