//! Second phase: settings, options and requirements of one node.

use crom_model::options::Options;
use crom_model::package_type::PackageType;
use crom_model::requirement::Requirement;
use crom_model::settings::Settings;
use crom_model::view::{Context, SettingValues};
use crom_recipe::{
    ConfigureInput, ConfigureOutput, RecipeError, RecipeErrorKind, RecipeSource, Role,
    SettingsDeclaration,
};
use rustpython_vm as vm;
use vm::{PyObjectRef, PyPayload, PyResult, VirtualMachine};

use super::{attributes, inspect};
use crate::engine::{Engine, Live};
use crate::native::conf::PyConf;
use crate::native::options::PyOptions;
use crate::native::settings::PySettings;
use crate::sandbox::Mode;
use crate::{convert, errors, values};

/// Runs the phase and keeps the object.
pub(crate) fn configure(
    engine: &mut Engine<'_>,
    input: &ConfigureInput,
) -> Result<ConfigureOutput, RecipeError> {
    engine.begin(Mode::Resolve, &scope(input));
    let (object, mut output) = run(engine, input)?;
    engine.keep(
        input.instance,
        Live {
            object,
            laid_out: false,
        },
    );
    output.reads = engine.shared.take_reads();
    Ok(output)
}

/// How messages call the recipe.
pub(crate) fn scope(input: &ConfigureInput) -> String {
    if let RecipeSource::Declared { display, .. } = &input.inspect.recipe.source {
        return display.clone();
    }
    let name = if input.reference.name.is_empty() || input.reference.version.is_empty() {
        String::new()
    } else {
        input.reference.without_revision().to_string()
    };
    match &input.role {
        Role::Dependency | Role::Editable => name,
        Role::Consumer if name.is_empty() => "conanfile.py".to_owned(),
        Role::Consumer => format!("conanfile.py ({name})"),
        Role::TestPackage { tested } => {
            format!("{} (test package)", tested.without_revision())
        }
    }
}

/// The object of an instance; made by replaying `configure` where it isn't there any more.
pub(crate) fn live(engine: &mut Engine<'_>, input: &ConfigureInput) -> Result<Live, RecipeError> {
    if let Some(live) = engine.live(input.instance) {
        return Ok(live);
    }
    let shared = std::sync::Arc::clone(&engine.shared);
    let ((object, _), _) = match shared.noting(|| shared.muted(|| run(engine, input))) {
        (Ok(done), reads) => (done, reads),
        (Err(error), _) => return Err(error),
    };
    let live = Live {
        object,
        laid_out: false,
    };
    engine.keep(input.instance, live.clone());
    Ok(live)
}

fn run(
    engine: &mut Engine<'_>,
    input: &ConfigureInput,
) -> Result<(PyObjectRef, ConfigureOutput), RecipeError> {
    let object = inspect::instantiate(engine, &input.inspect)?;
    let scope = scope(input);
    engine.shared.set_scope(&scope);
    let vm = engine.vm;
    let plain = |error: vm::builtins::PyBaseExceptionRef| errors::describe(&error, &scope, vm);
    bind(&object, input, &scope, vm).map_err(plain)?;
    let declared = requirement_count(&object, vm).map_err(plain)?;
    config_options(engine, &object)?;
    let consumer = input.role.is_consumer();
    let reference = (!input.reference.name.is_empty()).then_some(&input.reference);
    let failed = |error: crom_model::options::OptionsError| {
        RecipeError::new(RecipeErrorKind::Exception, scope.clone(), error.to_string())
    };
    change_options(&object, vm, |options| {
        options.apply_downstream(
            &input.down_options,
            &input.profile_options,
            reference,
            consumer,
        )
    })
    .map_err(plain)?
    .map_err(failed)?;
    configure_method(engine, &object)?;
    if requirement_count(&object, vm).map_err(plain)? != declared {
        engine.shared.config.reporter.warning(
            Some("deprecated"),
            "",
            "Requirements should only be added in the requirements()/build_requirements() methods, \
             not configure()/config_options(), which might raise errors in the future.",
        );
    }
    let (up, private) = change_options(&object, vm, |options| {
        options.get_upstream_options(&input.down_options, reference, consumer)
    })
    .map_err(plain)?
    .map_err(failed)?;
    let package_type = package_type(&object, &input.reference.to_string(), vm).map_err(plain)?;
    engine.run(&object, "requirements", &[])?;
    engine.run(&object, "build_requirements", &[])?;
    let output = output(&object, up, private, package_type, vm).map_err(plain)?;
    Ok((object, output))
}

fn requirement_count(object: &PyObjectRef, vm: &VirtualMachine) -> PyResult<usize> {
    let declared = object
        .get_attr("requires", vm)?
        .get_attr("values", vm)?
        .call((), vm)?;
    declared.length(vm)
}

/// Puts the caller's values into a new object.
fn bind(
    object: &PyObjectRef,
    input: &ConfigureInput,
    scope: &str,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let set = |name: &'static str, value: PyObjectRef| object.set_attr(name, value, vm);
    set("display_name", vm.ctx.new_str(scope).into())?;
    set("_conan_output", vm.ctx.none())?;
    let consumer = vm.ctx.new_bool(input.role.is_consumer());
    set("_conan_is_consumer", consumer.into())?;
    let local = vm.ctx.new_bool(input.role.is_local());
    set("_conan_is_local", local.into())?;
    let context = match input.context {
        Context::Host => "host",
        Context::Build => "build",
    };
    set("_conan_context", vm.ctx.new_str(context).into())?;
    if !input.reference.name.is_empty() {
        set(
            "_conan_ref",
            values::reference_object(&input.reference, vm)?,
        )?;
        for (name, value) in [
            ("user", &input.reference.user),
            ("channel", &input.reference.channel),
        ] {
            let value = value
                .as_ref()
                .map_or_else(|| vm.ctx.none(), |it| vm.ctx.new_str(it.as_str()).into());
            set(name, value)?;
        }
    }
    if let Role::TestPackage { tested } = &input.role {
        // With revision and time, as the reference has it.
        set(
            "tested_reference_str",
            vm.ctx.new_str(tested.full_repr()).into(),
        )?;
    }
    let definition = &input.settings_definition;
    let whole = |values: &SettingValues| -> PyResult<Settings> {
        let mut settings = Settings::new(definition);
        settings
            .update_values(values, false)
            .map_err(|error| conan_error(error, vm))?;
        settings.freeze();
        Ok(settings)
    };
    let declaration = &input.attributes.settings;
    let own = match &input.inspect.recipe.source {
        // A conanfile without code takes all settings there are.
        RecipeSource::Declared { .. } => whole(&input.settings)?,
        _ => constrain(whole(&input.settings)?, declaration, vm)?,
    };
    set("settings", PySettings::new(own).into_ref(&vm.ctx).into())?;
    set(
        "settings_build",
        PySettings::new(whole(&input.settings_build)?)
            .into_ref(&vm.ctx)
            .into(),
    )?;
    let target = match &input.settings_target {
        Some(target) => PySettings::new(whole(target)?).into_ref(&vm.ctx).into(),
        None => vm.ctx.none(),
    };
    set("settings_target", target)?;
    set(
        "conf",
        PyConf::new(input.conf.clone()).into_ref(&vm.ctx).into(),
    )?;
    set(
        "conf_build",
        PyConf::new(input.conf_build.clone())
            .into_ref(&vm.ctx)
            .into(),
    )?;
    if let RecipeSource::Declared { options, .. } = &input.inspect.recipe.source {
        set(
            "options",
            PyOptions::new((**options).clone()).into_ref(&vm.ctx).into(),
        )?;
    }
    Ok(())
}

fn conan_error(
    error: impl std::fmt::Display,
    vm: &VirtualMachine,
) -> vm::builtins::PyBaseExceptionRef {
    crate::native::exception(vm, "ConanException", error.to_string())
}

/// Only what the recipe declares.
fn constrain(
    mut settings: Settings,
    declaration: &SettingsDeclaration,
    vm: &VirtualMachine,
) -> PyResult<Settings> {
    let names: Vec<String> = match declaration {
        SettingsDeclaration::None => Vec::new(),
        SettingsDeclaration::Names(names) => names.clone(),
        SettingsDeclaration::Constrained(map) => map.keys().cloned().collect(),
    };
    settings
        .constrained(&names)
        .map_err(|error| conan_error(error, vm))?;
    if let SettingsDeclaration::Constrained(map) = declaration {
        for (name, allowed) in map {
            check_allowed(&settings, name, allowed, vm)?;
        }
    }
    Ok(settings)
}

/// `settings = {"os": ["Linux"]}`: other values are an error.
fn check_allowed(
    settings: &Settings,
    name: &str,
    allowed: &serde_json::Value,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let allowed: Vec<String> = match allowed {
        serde_json::Value::Array(items) => items.iter().filter_map(values::python_text).collect(),
        serde_json::Value::Object(map) => map.keys().cloned().collect(),
        serde_json::Value::String(text) => vec![text.clone()],
        _ => return Ok(()),
    };
    match settings.get_safe(name) {
        Some(value) if !allowed.iter().any(|it| it == value || it == "ANY") => {
            let possible: Vec<String> = allowed.iter().map(|it| format!("'{it}'")).collect();
            let text = format!(
                "Invalid setting '{value}' is not a valid 'settings.{name}' value.\n\
                 Possible values are [{}]\n\
                 Read \"http://docs.conan.io/2/knowledge/faq.html#error-invalid-setting\"",
                possible.join(", ")
            );
            Err(conan_error(text, vm))
        }
        _ => Ok(()),
    }
}

fn change_options<R>(
    object: &PyObjectRef,
    vm: &VirtualMachine,
    change: impl FnOnce(&mut Options) -> R,
) -> PyResult<R> {
    let options = object.get_attr("options", vm)?;
    match options.downcast_ref::<PyOptions>() {
        Some(options) => Ok(options.change(change)),
        None => Err(vm.new_type_error("self.options was replaced by something else")),
    }
}

/// `config_options()`, or what stands for it.
fn config_options(engine: &Engine<'_>, object: &PyObjectRef) -> Result<(), RecipeError> {
    let vm = engine.vm;
    if engine.run(object, "config_options", &[])?.is_none()
        && attributes::implements(object, "auto_shared_fpic", vm)
        && setting(object, "os", vm).as_deref() == Some("Windows")
    {
        remove_option(object, "fPIC", vm);
    }
    languages(object, vm);
    Ok(())
}

/// The standards of languages that aren't used don't matter.
fn languages(object: &PyObjectRef, vm: &VirtualMachine) {
    let languages = object
        .get_attr("languages", vm)
        .and_then(|it| convert::to_texts(&it, vm));
    let languages = languages.unwrap_or_default();
    let uses = |language: &str| languages.iter().any(|it| it == language);
    let Ok(settings) = object.get_attr("settings", vm) else {
        return;
    };
    let Some(settings) = settings.downcast_ref::<PySettings>() else {
        return;
    };
    settings.change(|settings| {
        if !uses("C") {
            settings.rm_safe("compiler.cstd");
        }
        if !languages.is_empty() && !uses("C++") {
            settings.rm_safe("compiler.cppstd");
            settings.rm_safe("compiler.libcxx");
        }
    });
}

/// `configure()`, or what stands for it.
fn configure_method(engine: &Engine<'_>, object: &PyObjectRef) -> Result<(), RecipeError> {
    let vm = engine.vm;
    if engine.run(object, "configure", &[])?.is_none()
        && attributes::implements(object, "auto_shared_fpic", vm)
    {
        if option_is_true(object, "header_only", vm) {
            remove_option(object, "fPIC", vm);
            remove_option(object, "shared", vm);
        } else if option_is_true(object, "shared", vm) {
            remove_option(object, "fPIC", vm);
        }
    }
    Ok(())
}

fn setting(object: &PyObjectRef, path: &str, vm: &VirtualMachine) -> Option<String> {
    let settings = object.get_attr("settings", vm).ok()?;
    let settings = settings.downcast_ref::<PySettings>()?;
    settings.change(|it| it.get_safe(path).map(str::to_owned))
}

/// Truth of an own option; false where there is none.
pub(crate) fn option_is_true(object: &PyObjectRef, name: &str, vm: &VirtualMachine) -> bool {
    let Ok(options) = object.get_attr("options", vm) else {
        return false;
    };
    let Some(options) = options.downcast_ref::<PyOptions>() else {
        return false;
    };
    options.change(|it| it.own.is_true(name).unwrap_or(false))
}

fn remove_option(object: &PyObjectRef, name: &str, vm: &VirtualMachine) {
    let Ok(options) = object.get_attr("options", vm) else {
        return;
    };
    if let Some(options) = options.downcast_ref::<PyOptions>() {
        options.change(|it| it.own.rm_safe(name));
    }
}

/// The final type, which also becomes `self.package_type`.
fn package_type(
    object: &PyObjectRef,
    reference: &str,
    vm: &VirtualMachine,
) -> PyResult<PackageType> {
    let declared = object.get_attr("package_type", vm)?;
    let declared = convert::to_optional_text(&declared, vm)?;
    let own = change_options(object, vm, |options| options.own.clone())?;
    // The package's name is added where the error is described.
    let kind = PackageType::compute(declared.as_deref(), &own, reference)
        .map_err(|error| conan_error(error.problem, vm))?;
    let class = crate::native::attribute_of(vm, "conan.internal.model.pkg_type", "PackageType")?;
    object.set_attr("package_type", class.call((kind.as_str(),), vm)?, vm)?;
    Ok(kind)
}

fn output(
    object: &PyObjectRef,
    up_options: Options,
    private_up_options: Options,
    package_type: PackageType,
    vm: &VirtualMachine,
) -> PyResult<ConfigureOutput> {
    let settings = object.get_attr("settings", vm)?;
    let settings = settings
        .downcast_ref::<PySettings>()
        .map(|it| it.snapshot())
        .ok_or_else(|| vm.new_type_error("self.settings was replaced by something else"))?;
    let options = change_options(object, vm, |options| {
        options.freeze();
        options.own.clone()
    })?;
    let items = object
        .get_attr("requires", vm)?
        .get_attr("values", vm)?
        .call((), vm)?;
    let items: Vec<PyObjectRef> = items.try_to_value(vm)?;
    let requires: PyResult<Vec<Requirement>> = items
        .iter()
        .map(|item| values::requirement(item, vm))
        .collect();
    let languages = object.get_attr("languages", vm)?;
    Ok(ConfigureOutput {
        settings,
        options,
        up_options,
        private_up_options,
        package_type,
        requires: requires?,
        languages: convert::to_texts(&languages, vm)?,
        vendor: object.get_attr("vendor", vm)?.is_true(vm)?,
        reads: crom_recipe::Reads::default(),
    })
}
