//! The functions of `_crom`, and its classes.

use rustpython_vm as vm;

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
    use crate::native::profile_environment::PyProfileEnvironment;
    use crate::native::settings::{PySettings, PySettingsItem};
    use crate::native::version::{PyVersion, PyVersionItem};
    use crate::native::view::PyView;
    use crate::native::yaml;
    use crate::{convert, state, tools, values};

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
            ("View", PyView::make_static_type()),
            (
                "ProfileEnvironment",
                PyProfileEnvironment::make_static_type(),
            ),
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
        let Some(shared) = state::shared() else {
            return;
        };
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
        let Some(shared) = state::shared() else {
            return;
        };
        shared
            .config
            .reporter
            .warning(tag.as_deref(), &scope, &text);
    }

    /// Text as it comes, without a line's end.
    #[pyfunction]
    fn raw(text: String) {
        let Some(shared) = state::shared() else {
            return;
        };
        shared.config.reporter.raw(text.as_bytes());
    }

    /// An environment variable was read.
    #[pyfunction]
    fn note_environment(name: String, value: Option<String>) {
        let Some(shared) = state::shared() else {
            return;
        };
        shared.note_environment(&name, value.as_deref());
    }

    /// Something was read that can't be read again.
    #[pyfunction]
    fn note_opaque() {
        let Some(shared) = state::shared() else {
            return;
        };
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
        let options = DumpOptions {
            sort_keys,
            allow_unicode,
            width: width.unwrap_or(80),
        };
        yaml::safe_dump(&data, options, vm)
    }

    /// The parts of a recipe reference: (name, version, user, channel, revision, timestamp).
    #[pyfunction]
    fn parse_reference(text: String, vm: &VirtualMachine) -> PyResult {
        values::parse_reference(&text, vm)
    }

    /// Does a reference match a pattern as in `-o` and `[settings]`?
    #[pyfunction]
    fn reference_matches(
        reference: PyObjectRef,
        pattern: String,
        is_consumer: bool,
        vm: &VirtualMachine,
    ) -> PyResult<bool> {
        Ok(values::reference(&reference, vm)?.matches(&pattern, is_consumer))
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
        values::cpp_info_operation(&operation, &data, &argument, vm)
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
        crate::process::run(
            &command,
            cwd.as_deref(),
            capture_stdout,
            capture_stderr,
            quiet,
            vm,
        )
    }

    /// `sha256` of a text, for module names.
    #[pyfunction]
    fn text_id(text: String) -> String {
        crate::loader::digest(text.as_bytes())
    }

    /// The command with the environment scripts of a recipe in front.
    #[pyfunction]
    fn wrap_command(
        conanfile: PyObjectRef,
        command: PyObjectRef,
        scripts: PyObjectRef,
        folder: Option<String>,
        scope: String,
        vm: &VirtualMachine,
    ) -> PyResult<String> {
        let command = convert::to_texts(&command, vm)?.join(" ");
        let scripts = convert::to_texts(&scripts, vm)?;
        let Some(shared) = state::shared() else {
            return Err(vm.new_runtime_error("no Crom is around this interpreter"));
        };
        let recipe = crate::RecipeState::new(&conanfile, &shared.config, vm);
        crate::tools::wrap_command(&recipe, command, scripts, folder, scope)
            .map_err(|error| crate::tools::raise(error, vm))
    }

    /// `self.buildenv` or `self.runenv`: what the profile says, for this recipe.
    #[pyfunction]
    fn profile_environment(conanfile: PyObjectRef, which: String, vm: &VirtualMachine) -> PyResult {
        crate::phases::act::profile_environment(&conanfile, &which, vm)
    }

    /// `self.options` from the class attributes.
    #[pyfunction]
    fn make_options(
        options: PyObjectRef,
        defaults: PyObjectRef,
        vm: &VirtualMachine,
    ) -> PyResult<PyOptions> {
        crate::phases::attributes::make_options(&options, &defaults, vm)
    }

    /// The items of a `core` conf; none where it has no value.
    #[pyfunction]
    fn core_list(name: String, vm: &VirtualMachine) -> PyResult {
        let items = state::shared()
            .and_then(|shared| shared.config.global_conf.get_list(&name).ok())
            .unwrap_or_default();
        convert::serialize(&items, vm)
    }

    /// The Conan home.
    #[pyfunction]
    fn home() -> String {
        state::shared()
            .map(|shared| shared.config.home.to_string_lossy().into_owned())
            .unwrap_or_default()
    }

    /// The level from which messages are shown, as Conan numbers them.
    #[pyfunction]
    fn output_level() -> u8 {
        40
    }

    /// The recipe that runs, as shown to people.
    #[pyfunction]
    fn current_scope() -> String {
        state::shared()
            .map(|shared| shared.scope())
            .unwrap_or_default()
    }

    /// An attribute of Conan 1 was used.
    #[pyfunction]
    fn note_deprecated(name: String) {
        if let Some(shared) = state::shared() {
            shared.note_deprecated(&name);
        }
    }

    /// A reference with its time as people read it.
    #[pyfunction]
    fn human_reference(text: String, is_package: bool, vm: &VirtualMachine) -> PyResult<String> {
        values::human_reference(&text, is_package, vm)
    }

    /// `ref.validate_ref()`
    #[pyfunction]
    fn validate_reference(
        reference: PyObjectRef,
        allow_uppercase: bool,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        values::reference(&reference, vm)?
            .validate(allow_uppercase)
            .map_err(|error| crate::native::exception(vm, "ConanException", error.to_string()))
    }

    /// The exception for what Crom doesn't have.
    #[pyfunction]
    fn unsupported(name: String, vm: &VirtualMachine) -> PyObjectRef {
        crate::native::unsupported(vm, &name).into()
    }

    /// One dependency's part of the package id in another mode.
    #[pyfunction]
    fn requirement_info(data: PyObjectRef, mode: String, vm: &VirtualMachine) -> PyResult {
        values::requirement_info(&data, &mode, vm)
    }

    /// One dependency's line in `conaninfo.txt`.
    #[pyfunction]
    fn requirement_info_line(data: PyObjectRef, vm: &VirtualMachine) -> PyResult<Option<String>> {
        values::requirement_info_line(&data, vm)
    }

    /// An operation on a requirement given as data; the result is data, or none.
    #[pyfunction]
    fn requirement(
        operation: String,
        data: PyObjectRef,
        argument: PyObjectRef,
        vm: &VirtualMachine,
    ) -> PyResult {
        values::requirement_operation(&operation, &data, &argument, vm)
    }

    /// `self.info.clone()`
    #[pyfunction]
    fn info_clone(info: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        values::info_object(&values::info(&info, vm)?, vm)
    }

    /// `self.info.dumps()`
    #[pyfunction]
    fn info_text(info: PyObjectRef, vm: &VirtualMachine) -> PyResult<String> {
        Ok(values::info(&info, vm)?.dumps())
    }

    /// `self.info.package_id()`
    #[pyfunction]
    fn info_package_id(info: PyObjectRef, vm: &VirtualMachine) -> PyResult<String> {
        Ok(values::info(&info, vm)?.package_id())
    }

    /// `self.info.serialize()`
    #[pyfunction]
    fn info_serialize(info: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        convert::serialize(&values::info(&info, vm)?.serialize(), vm)
    }

    /// `self.info.summarize_compact()`
    #[pyfunction]
    fn info_summary(info: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        convert::serialize(&values::info(&info, vm)?.summarize_compact(), vm)
    }

    /// Data that serde understands, as seen by Rust: for the facade's tests.
    #[pyfunction]
    fn round_trip(data: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        let json = convert::to_json(&data, vm)?;
        convert::to_python(&json, vm)
    }
}
