//! What a recipe may do, and what it was seen reading.
//!
//! While a graph is only being resolved, a recipe that writes files, runs programs or opens
//! connections is in error: its answers would not be a function of its input. This is a clear
//! message for honest recipes, not a wall for malicious ones.
//!
//! The system modules are replaced by module definitions of the same name that run the original
//! and then wrap its functions, so that a module imported earlier can't have kept an original.

use std::sync::OnceLock;

use rustpython_vm as vm;
use vm::builtins::{PyBaseExceptionRef, PyModule, PyModuleDef, PyModuleSlots};
use vm::function::FuncArgs;
use vm::{AsObject, Py, PyObjectRef, PyResult, VirtualMachine};

use crate::state::{self, Shared};

/// What a phase may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Read only: `configure` and `identify`, whose answers make a graph.
    Resolve,
    /// Everything, but an effect is noted: `inspect` and `describe`. Recipes ask git for their version
    /// in `set_version()`, and pkg-config or `chmod` in `package_info()`.
    Noted,
    /// Everything.
    Act,
}

/// What a wrapped function does.
#[derive(Clone, Copy, Debug)]
enum Effect {
    /// Changes files.
    Write,
    /// Starts a program.
    Process,
    /// Asks the network.
    Network,
    /// Reads the file that is its first argument.
    Read,
    /// `os.open(path, flags)`
    OsOpen,
    /// `io.open(path, mode)`
    IoOpen,
    /// Answers something that can't be asked again.
    Opaque,
}

const POSIX: &[(&str, Effect)] = &[
    ("open", Effect::OsOpen),
    ("mkdir", Effect::Write),
    ("rmdir", Effect::Write),
    ("unlink", Effect::Write),
    ("remove", Effect::Write),
    ("rename", Effect::Write),
    ("replace", Effect::Write),
    ("link", Effect::Write),
    ("symlink", Effect::Write),
    ("chmod", Effect::Write),
    ("fchmod", Effect::Write),
    ("lchmod", Effect::Write),
    ("chown", Effect::Write),
    ("fchown", Effect::Write),
    ("lchown", Effect::Write),
    ("truncate", Effect::Write),
    ("ftruncate", Effect::Write),
    ("utime", Effect::Write),
    ("mkfifo", Effect::Write),
    ("mknod", Effect::Write),
    ("setxattr", Effect::Write),
    ("removexattr", Effect::Write),
    ("system", Effect::Process),
    ("fork", Effect::Process),
    ("execv", Effect::Process),
    ("execve", Effect::Process),
    ("posix_spawn", Effect::Process),
    ("posix_spawnp", Effect::Process),
    ("kill", Effect::Process),
    ("killpg", Effect::Process),
    ("stat", Effect::Read),
    ("lstat", Effect::Read),
    ("access", Effect::Read),
    ("listdir", Effect::Read),
    ("scandir", Effect::Read),
    ("readlink", Effect::Read),
    ("getcwd", Effect::Opaque),
    ("getcwdb", Effect::Opaque),
    ("urandom", Effect::Opaque),
    ("getrandom", Effect::Opaque),
];
const IO: &[(&str, Effect)] = &[("open", Effect::IoOpen), ("open_code", Effect::Read)];
const SUBPROCESS: &[(&str, Effect)] = &[("fork_exec", Effect::Process)];
const SOCKET: &[(&str, Effect)] = &[
    ("getaddrinfo", Effect::Network),
    ("gethostbyname", Effect::Network),
];
const TIME: &[(&str, Effect)] = &[("time", Effect::Opaque), ("time_ns", Effect::Opaque)];

/// Modules that can't be imported at all.
const REFUSED: &[&str] = &["_ctypes", "_multiprocessing"];

type Exec = fn(&VirtualMachine, &Py<PyModule>) -> PyResult<()>;

macro_rules! wrapped {
    ($($exec:ident $original:ident $name:literal $table:ident;)*) => {
        $(
            static $original: OnceLock<&'static PyModuleDef> = OnceLock::new();
            fn $exec(vm: &VirtualMachine, module: &Py<PyModule>) -> PyResult<()> {
                if let Some(original) = $original.get() {
                    original.exec_module(vm, module)?;
                }
                wrap(module, $table, vm)
            }
        )*
        const WRAPPED: &[(&str, &OnceLock<&'static PyModuleDef>, Exec)] =
            &[$(($name, &$original, $exec)),*];
    };
}

wrapped! {
    exec_posix ORIGINAL_POSIX "posix" POSIX;
    exec_io ORIGINAL_IO "_io" IO;
    exec_subprocess ORIGINAL_SUBPROCESS "_posixsubprocess" SUBPROCESS;
    exec_socket ORIGINAL_SOCKET "_socket" SOCKET;
    exec_time ORIGINAL_TIME "time" TIME;
}

/// Definitions that take the place of those of the same name.
pub(crate) fn overrides(
    builtin: &[&'static PyModuleDef],
    stdlib: &[&'static PyModuleDef],
) -> Vec<&'static PyModuleDef> {
    let all = || builtin.iter().chain(stdlib);
    let mut found = Vec::new();
    for (name, slot, exec) in WRAPPED {
        if let Some(original) = all().find(|def| def.name.as_str() == *name) {
            slot.get_or_init(|| original);
            found.push(redefine(original, *exec));
        }
    }
    for name in REFUSED {
        if let Some(original) = all().find(|def| def.name.as_str() == *name) {
            found.push(redefine(original, refuse));
        }
    }
    found
}

pub(crate) fn redefine(original: &'static PyModuleDef, exec: Exec) -> &'static PyModuleDef {
    Box::leak(Box::new(PyModuleDef {
        name: original.name,
        doc: original.doc,
        methods: original.methods,
        slots: PyModuleSlots {
            create: original.slots.create,
            exec: Some(exec),
        },
    }))
}

fn refuse(vm: &VirtualMachine, module: &Py<PyModule>) -> PyResult<()> {
    let name = module.name.map_or("?", |name| name.as_str()).to_owned();
    Err(vm.new_import_error(
        format!("the Python module `{name}` is not available in Crom"),
        vm.ctx.new_utf8_str(name.as_str()),
    ))
}

fn wrap(
    module: &Py<PyModule>,
    table: &'static [(&str, Effect)],
    vm: &VirtualMachine,
) -> PyResult<()> {
    for (name, effect) in table {
        let Ok(original) = module.as_object().get_attr(*name, vm) else {
            continue;
        };
        let effect = *effect;
        let name: &'static str = name;
        let wrapper = vm.new_function(
            name,
            move |args: FuncArgs, vm: &VirtualMachine| -> PyResult {
                watch(name, effect, &args, vm)?;
                original.call(args, vm)
            },
        );
        module.as_object().set_attr(name, wrapper, vm)?;
    }
    Ok(())
}

fn watch(name: &str, effect: Effect, args: &FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
    let Some(shared) = state::shared() else {
        return Ok(());
    };
    let refused = match effect {
        Effect::Write => Some("change files"),
        Effect::Process => Some("run programs"),
        Effect::Network => Some("use the network"),
        Effect::OsOpen => os_open_writes(args, vm).then_some("write files"),
        Effect::IoOpen => io_open_writes(args, vm).then_some("write files"),
        Effect::Read | Effect::Opaque => None,
    };
    let Some(what) = refused else {
        match effect {
            Effect::Opaque => shared.note_opaque(),
            _ => {
                if let Some(path) = args.args.first().and_then(|it| path_text(it, vm)) {
                    shared.note_file(&path);
                }
            }
        }
        return Ok(());
    };
    if may(&shared) {
        return Ok(());
    }
    let target = args
        .args
        .first()
        .and_then(|it| path_text(it, vm))
        .unwrap_or_default();
    Err(denied(&shared, what, &format!("{name} {target}"), vm))
}

/// Is an effect allowed now?
fn may(shared: &Shared) -> bool {
    match shared.mode() {
        Mode::Resolve => false,
        Mode::Noted => {
            shared.note_opaque();
            true
        }
        Mode::Act => true,
    }
}

fn denied(shared: &Shared, what: &str, call: &str, vm: &VirtualMachine) -> PyBaseExceptionRef {
    let method = shared
        .method()
        .unwrap_or_else(|| "the class body".to_owned());
    let text = format!(
        "{method} tried to {what} ({call}), but a recipe may not do that while a graph is resolved"
    );
    crate::native::exception(vm, "CromDenied", text)
}

/// An error if `self.run` may not start a program now.
pub(crate) fn check_process(command: &str, vm: &VirtualMachine) -> PyResult<()> {
    match state::shared() {
        Some(shared) if !may(&shared) => Err(denied(&shared, "run programs", command, vm)),
        _ => Ok(()),
    }
}

fn os_open_writes(args: &FuncArgs, vm: &VirtualMachine) -> bool {
    let flags = args.args.get(1).or_else(|| args.kwargs.get("flags"));
    let flags: i64 = flags
        .and_then(|it| it.clone().try_into_value(vm).ok())
        .unwrap_or(0);
    // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND of Linux; the first two are the same everywhere.
    flags & 0o3 != 0 || flags & (0o100 | 0o1000 | 0o2000) != 0
}

fn io_open_writes(args: &FuncArgs, vm: &VirtualMachine) -> bool {
    let mode = args.args.get(1).or_else(|| args.kwargs.get("mode"));
    mode.and_then(|it| it.clone().try_into_value::<String>(vm).ok())
        .is_some_and(|mode| mode.contains(['w', 'a', 'x', '+']))
}

fn path_text(object: &PyObjectRef, vm: &VirtualMachine) -> Option<String> {
    if object.downcast_ref::<vm::builtins::PyInt>().is_some() {
        return None;
    }
    let text = match object.get_attr("__fspath__", vm) {
        Ok(method) => method.call((), vm).ok()?,
        Err(_) => object.clone(),
    };
    text.downcast_ref::<vm::builtins::PyStr>()
        .map(|it| it.to_string_lossy().into_owned())
}
