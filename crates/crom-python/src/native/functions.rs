//! The functions of `_crom`, and its classes.

use rustpython_vm as vm;

pub(crate) use _crom::module_def;

#[vm::pymodule(name = "_crom")]
pub(crate) mod _crom {
    use crom_model::reporter::{Level, Style};
    use crom_model::yaml::DumpOptions;
    use rustpython_vm as vm;
    use vm::builtins::PyModule;
    use vm::class::PyClassImpl;
    use vm::function::OptionalArg;
    use vm::{Py, PyObjectRef, PyResult, VirtualMachine};

    use crate::native::conf::PyConf;
    use crate::native::environment::PyEnvironment;
    use crate::native::options::{PyOptions, PyPackageOption, PyPackageOptions};
    use crate::native::settings::{PySettings, PySettingsItem};
    use crate::native::version::{PyVersion, PyVersionItem};
    use crate::native::yaml;
    use crate::{convert, state, tools};

    pub(crate) fn module_exec(vm: &VirtualMachine, module: &Py<PyModule>) -> PyResult<()> {
        __module_exec(vm, module);
        let classes = [
            ("Version", PyVersion::make_static_type()),
            ("VersionItem", PyVersionItem::make_static_type()),
            ("Settings", PySettings::make_static_type()),
            ("SettingsItem", PySettingsItem::make_static_type()),
            ("Options", PyOptions::make_static_type()),
            ("PackageOptions", PyPackageOptions::make_static_type()),
            ("PackageOption", PyPackageOption::make_static_type()),
            ("Conf", PyConf::make_static_type()),
            ("Environment", PyEnvironment::make_static_type()),
        ];
        for (name, class) in classes {
            vm.__module_set_attr(module, vm.ctx.intern_str(name), class)?;
        }
        Ok(())
    }

    /// Runs a tool's function.
    #[pyfunction]
    fn call(name: String, input: OptionalArg<PyObjectRef>, vm: &VirtualMachine) -> PyResult {
        let input = input.unwrap_or_else(|| vm.ctx.new_dict().into());
        tools::call(&name, input, vm)
    }

    /// Runs a tool's function for a recipe.
    #[pyfunction]
    fn call_with(
        conanfile: PyObjectRef,
        name: String,
        input: OptionalArg<PyObjectRef>,
        vm: &VirtualMachine,
    ) -> PyResult {
        let input = input.unwrap_or_else(|| vm.ctx.new_dict().into());
        tools::call_with(conanfile, &name, input, vm)
    }

    /// A line for people: level and style by name.
    #[pyfunction]
    fn message(level: String, style: String, scope: String, text: String) {
        let Some(shared) = state::shared() else { return };
        let level = match level.as_str() {
            "error" => Level::Error,
            "warning" => Level::Warning,
            "notice" => Level::Notice,
            "verbose" => Level::Verbose,
            "debug" => Level::Debug,
            "trace" => Level::Trace,
            _ => Level::Status,
        };
        let style = match style.as_str() {
            "success" => Style::Success,
            "title" => Style::Title,
            "subtitle" => Style::Subtitle,
            "highlight" => Style::Highlight,
            _ => Style::Plain,
        };
        shared.config.reporter.message(level, style, &scope, &text);
    }

    /// A warning with an optional tag.
    #[pyfunction]
    fn warning(tag: Option<String>, scope: String, text: String) {
        let Some(shared) = state::shared() else { return };
        shared.config.reporter.warning(tag.as_deref(), &scope, &text);
    }

    /// Text as it comes, without a line's end.
    #[pyfunction]
    fn raw(text: String) {
        let Some(shared) = state::shared() else { return };
        shared.config.reporter.raw(text.as_bytes());
    }

    /// An environment variable was read.
    #[pyfunction]
    fn note_environment(name: String, value: Option<String>) {
        let Some(shared) = state::shared() else { return };
        shared.note_environment(&name, value.as_deref());
    }

    /// Something was read that can't be read again.
    #[pyfunction]
    fn note_opaque() {
        let Some(shared) = state::shared() else { return };
        shared.note_opaque();
    }

    /// The recipe method that runs, if any.
    #[pyfunction]
    fn current_method(vm: &VirtualMachine) -> PyObjectRef {
        let method = state::shared().and_then(|shared| shared.method());
        method.map_or_else(|| vm.ctx.none(), |it| vm.ctx.new_str(it).into())
    }

    /// The code of a file beside a recipe.
    #[pyfunction]
    fn load_code(path: String, vm: &VirtualMachine) -> PyResult {
        crate::loader::compile_file(std::path::Path::new(&path), vm).map(Into::into)
    }

    /// `kind` is `file`, `dir` or empty for nothing.
    #[pyfunction]
    fn path_kind(path: String) -> &'static str {
        if crom_fs::is_file(&path) {
            "file"
        } else if crom_fs::is_dir(&path) {
            "dir"
        } else {
            ""
        }
    }

    /// `yaml.safe_load`
    #[pyfunction]
    fn yaml_load(text: String, vm: &VirtualMachine) -> PyResult {
        yaml::safe_load(&text, vm)
    }

    /// `yaml.safe_dump`
    #[pyfunction]
    fn yaml_dump(
        data: PyObjectRef,
        sort_keys: bool,
        allow_unicode: bool,
        width: Option<usize>,
        vm: &VirtualMachine,
    ) -> PyResult<String> {
        let options = DumpOptions { sort_keys, allow_unicode, width: width.unwrap_or(80) };
        yaml::safe_dump(&data, options, vm)
    }

    /// The parts of a recipe reference: (name, version, user, channel, revision, timestamp).
    #[pyfunction]
    fn parse_reference(text: String, vm: &VirtualMachine) -> PyResult {
        crate::values::parse_reference(&text, vm)
    }

    /// Does a reference match a pattern as in `-o` and `[settings]`?
    #[pyfunction]
    fn reference_matches(
        reference: PyObjectRef,
        pattern: String,
        is_consumer: bool,
        vm: &VirtualMachine,
    ) -> PyResult<bool> {
        Ok(crate::values::reference(&reference, vm)?.matches(&pattern, is_consumer))
    }

    /// An operation on a `cpp_info` given as data; the result is data.
    #[pyfunction]
    fn cpp_info(
        operation: String,
        data: PyObjectRef,
        argument: OptionalArg<PyObjectRef>,
        vm: &VirtualMachine,
    ) -> PyResult {
        let argument = argument.unwrap_or_else(|| vm.ctx.none());
        crate::values::cpp_info_operation(&operation, &data, &argument, vm)
    }

    /// A program for `self.run`: (exit code, captured stdout, captured stderr).
    #[pyfunction]
    fn run(
        command: String,
        cwd: Option<String>,
        capture_stdout: bool,
        capture_stderr: bool,
        quiet: bool,
        vm: &VirtualMachine,
    ) -> PyResult {
        crate::process::run(&command, cwd.as_deref(), capture_stdout, capture_stderr, quiet, vm)
    }

    /// `sha256` of a text, for module names.
    #[pyfunction]
    fn text_id(text: String) -> String {
        crate::loader::digest(text.as_bytes())
    }

    /// Data that serde understands, as seen by Rust: for the facade's tests.
    #[pyfunction]
    fn round_trip(data: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        let json = convert::to_json(&data, vm)?;
        convert::to_python(&json, vm)
    }
}
