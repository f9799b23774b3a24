//! Makes the interpreter: frozen standard library and facade, nothing read from disk, nothing
//! imported that a recipe may not need.
//!
//! What matters for the start (7.9 ms instead of 25 ms):
//! * `utf8_mode`: otherwise the standard streams import `locale`, which imports `re` and `enum`;
//!   it also makes every text file UTF-8, whatever `LANG` says.
//! * no path importer: modules beside a recipe are found by the facade's own finder.
//! * the 120 classes of `_ast` are made only when something imports it after the start.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rustpython_vm as vm;
use vm::builtins::{PyModule, PyModuleDef, PyModuleSlots};
use vm::{Interpreter, Py, PyResult, Settings, VirtualMachine};

use crate::{json_text, native, sandbox};

/// One copy: the constant would be embedded at each place that uses it.
static STDLIB: &vm::frozen::FrozenLib = rustpython_pylib::FROZEN_STDLIB;

/// The `conan` package.
static FACADE: &vm::frozen::FrozenLib = vm::py_freeze!(dir = "../python");

/// True until an interpreter on its way up has started; `_ast` is left empty meanwhile.
static BOOTING: AtomicBool = AtomicBool::new(true);

/// How many interpreters were started in this process.
static STARTED: AtomicUsize = AtomicUsize::new(0);

static AST: OnceLock<&'static PyModuleDef> = OnceLock::new();

/// Starts an interpreter on this thread.
pub(crate) fn boot() -> Interpreter {
    let builder = Interpreter::builder(settings());
    let mut defs = rustpython_stdlib::stdlib_module_defs(&builder.ctx);
    let builtin = vm::stdlib::builtin_module_defs(&builder.ctx);
    if let Some(ast) = builtin.iter().find(|def| def.name.as_str() == "_ast") {
        defs.push(lazy_ast(ast));
    }
    defs.extend(sandbox::overrides(&builtin, &defs));
    defs.extend(json_text::corrected(&defs));
    defs.push(native::_crom::module_def(&builder.ctx));
    BOOTING.store(true, Ordering::SeqCst);
    let interpreter = builder
        .add_native_modules(&defs)
        .add_frozen_modules(STDLIB)
        .add_frozen_modules(FACADE)
        .build();
    BOOTING.store(false, Ordering::SeqCst);
    if STARTED.fetch_add(1, Ordering::SeqCst) > 0 {
        // The collector is one for the process and doesn't stop other interpreters.
        vm::gc_state::gc_state().disable();
    }
    // Recipes leave few circles behind: look for them a tenth as often.
    vm::gc_state::gc_state().set_threshold(20_000, None, None);
    interpreter.enter(forget_empty_ast);
    interpreter
}

/// How code for [`boot`]'s interpreter is compiled; the same as its own `compile_opts`.
pub(crate) fn compile_options() -> vm::compiler::CompileOpts {
    let settings = settings();
    vm::compiler::CompileOpts {
        optimize: settings.optimize,
        debug_ranges: settings.code_debug_ranges,
    }
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.utf8_mode = 1;
    settings.import_site = false;
    settings.user_site_directory = false;
    settings.ignore_environment = true;
    settings.write_bytecode = false;
    settings.install_signal_handlers = false;
    settings.allow_external_library = false;
    // The order of sets must not differ between runs: it may reach files and package ids.
    settings.hash_seed = Some(0);
    settings
}

fn lazy_ast(original: &'static PyModuleDef) -> &'static PyModuleDef {
    AST.get_or_init(|| {
        Box::leak(Box::new(PyModuleDef {
            name: original.name,
            doc: original.doc,
            methods: original.methods,
            slots: PyModuleSlots {
                create: original.slots.create,
                exec: Some(exec_ast),
            },
        }))
    });
    AST_ORIGINAL.get_or_init(|| original);
    AST.get().copied().unwrap_or(original)
}

static AST_ORIGINAL: OnceLock<&'static PyModuleDef> = OnceLock::new();

fn exec_ast(vm: &VirtualMachine, module: &Py<PyModule>) -> PyResult<()> {
    if BOOTING.load(Ordering::SeqCst) {
        return Ok(());
    }
    match AST_ORIGINAL.get() {
        Some(original) => original.exec_module(vm, module),
        None => Ok(()),
    }
}

/// The next `import _ast` makes the real one.
fn forget_empty_ast(vm: &VirtualMachine) {
    if let Ok(modules) = vm.sys_module.get_attr("modules", vm) {
        // It isn't there if nothing imported it, which is as good.
        let _ = modules.del_item("_ast", vm);
    }
}
