//! Plugins of the home that its user wrote or changed.

use std::path::Path;

use crom_model::profile::{Profile, UNDEFINED};
use crom_recipe::{Alternative, PluginFunction, PluginInput, PluginOutput, RecipeError};
use indexmap::IndexMap;
use rustpython_vm as vm;
use serde_json::Value;
use vm::{AsObject, PyObjectRef, PyPayload, PyResult, VirtualMachine};

use super::{configure, identify};
use crate::engine::Engine;
use crate::native::attribute_of;
use crate::native::conf::PyConf;
use crate::native::options::PyOptions;
use crate::sandbox::Mode;
use crate::{convert, errors};

/// Runs a plugin.
pub(crate) fn plugin(
    engine: &mut Engine<'_>,
    input: &PluginInput,
) -> Result<PluginOutput, RecipeError> {
    match input {
        PluginInput::Profile { file, profile } => {
            engine.begin(Mode::Act, "");
            let mut profile = profile.clone();
            load(file, engine.vm)?;
            change_profile(&file.to_string_lossy(), &mut profile, engine.vm)
                .map_err(|error| errors::in_plugin(&error, "profile.py", engine.vm))?;
            Ok(PluginOutput::Profile(profile))
        }
        PluginInput::Compatibility { file, .. } => {
            engine.begin(Mode::Act, "");
            load(file, engine.vm)?;
            compatibility(engine, input).map(PluginOutput::Alternatives)
        }
        PluginInput::Call {
            file,
            function,
            arguments,
        } => {
            engine.begin(Mode::Act, "");
            load(file, engine.vm)?;
            call(&file.to_string_lossy(), *function, arguments, engine.vm).map(PluginOutput::Answer)
        }
    }
}

fn load(file: &Path, vm: &VirtualMachine) -> Result<(), RecipeError> {
    let path = file.to_string_lossy();
    attribute_of(vm, "conan.internal.extensions", "module")
        .and_then(|load| load.call((&*path,), vm))
        .map(drop)
        .map_err(|error| errors::in_extension(&error, &path, vm))
}

fn call(
    path: &str,
    function: PluginFunction,
    arguments: &Value,
    vm: &VirtualMachine,
) -> Result<Option<Value>, RecipeError> {
    let name = match function {
        PluginFunction::AuthRemote => "auth_remote",
        PluginFunction::AuthSource => "auth_source",
        PluginFunction::Sign => "sign",
        PluginFunction::Verify => "verify",
    };
    let ask = || -> PyResult<Vec<Value>> {
        let arguments = convert::to_python(arguments, vm)?;
        let answer =
            attribute_of(vm, "conan.internal.plugins", name)?.call((path, arguments), vm)?;
        convert::deserialize(&answer, "the plugin's answer", vm)
    };
    // None or one.
    let mut answer = ask().map_err(|error| match function {
        PluginFunction::AuthRemote => errors::in_plugin(&error, "auth_remote.py", vm),
        PluginFunction::AuthSource => errors::in_plugin(&error, "auth_source.py", vm),
        // A verdict is the plugin's own words.
        PluginFunction::Sign | PluginFunction::Verify => errors::describe(&error, "", vm),
    })?;
    Ok(answer.pop())
}

fn change_profile(path: &str, profile: &mut Profile, vm: &VirtualMachine) -> PyResult<()> {
    let options = PyOptions::new(profile.options.clone()).into_ref(&vm.ctx);
    let conf = PyConf::new(profile.conf.global()).into_ref(&vm.ctx);
    let before = profile.conf.global().serialize();
    let arguments = (
        path,
        convert::to_python(&settings(&profile.settings), vm)?,
        convert::to_python(
            &profile
                .package_settings
                .iter()
                .map(|(pattern, values)| (pattern.clone(), settings(values)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            vm,
        )?,
        options.clone(),
        conf.clone(),
    );
    let answer = attribute_of(vm, "conan.internal.plugins", "profile")?.call(arguments, vm)?;
    type Answer = (
        IndexMap<String, Value>,
        IndexMap<String, IndexMap<String, Value>>,
    );
    let (own, of_packages): Answer = convert::deserialize(&answer, "the plugin's settings", vm)?;
    profile.settings = texts(own);
    profile.package_settings = of_packages
        .into_iter()
        .map(|(pattern, values)| (pattern, texts(values)))
        .collect();
    profile.options = options.snapshot();
    for (name, value) in conf.snapshot().serialize() {
        if before.get(&name) != Some(&value) {
            profile.conf.update(&name, value).map_err(|error| {
                crate::native::exception(vm, "ConanException", error.to_string())
            })?;
        }
    }
    Ok(())
}

fn settings(values: &IndexMap<String, String>) -> Value {
    let values = values.iter().map(|(name, value)| {
        let value = if value == UNDEFINED {
            Value::Null
        } else {
            Value::from(value.as_str())
        };
        (name.clone(), value)
    });
    Value::Object(values.collect())
}

fn texts(values: IndexMap<String, Value>) -> IndexMap<String, String> {
    let text = |value: Value| match value {
        Value::Null => UNDEFINED.to_owned(),
        Value::String(text) => text,
        other => other.to_string(),
    };
    values
        .into_iter()
        .map(|(name, value)| (name, text(value)))
        .collect()
}

fn compatibility(
    engine: &mut Engine<'_>,
    input: &PluginInput,
) -> Result<Vec<Alternative>, RecipeError> {
    let PluginInput::Compatibility {
        file,
        configure: configured,
        settings,
        options,
        ..
    } = input
    else {
        return Ok(Vec::new());
    };
    let live = configure::live(engine, configured)?;
    let scope = configure::scope(configured);
    engine.shared.set_scope(&scope);
    let vm = engine.vm;
    let object = live.object;
    let plain = |error: vm::builtins::PyBaseExceptionRef| errors::describe(&error, &scope, vm);
    let kept = identify::pretend(&object, settings, options, vm).map_err(plain)?;
    let answer = ask(&file.to_string_lossy(), &object, vm);
    object.set_attr("settings", kept.0, vm).map_err(plain)?;
    object.set_attr("options", kept.1, vm).map_err(plain)?;
    answer.map_err(|error| {
        let mut error = errors::in_plugin(&error, "compatibility.py", vm);
        let (plugin, of_package) = ("'compatibility.py' plugin", format!(" for '{scope}'"));
        error.message = error
            .message
            .replacen(plugin, &format!("{plugin}{of_package}"), 1);
        error
    })
}

fn ask(path: &str, object: &PyObjectRef, vm: &VirtualMachine) -> PyResult<Vec<Alternative>> {
    let function = attribute_of(vm, "conan.internal.plugins", "compatibility")?;
    let answer = function.call((path, object.clone()), vm)?;
    if vm.is_none(answer.as_object()) {
        return Ok(Vec::new());
    }
    identify::alternatives(&answer, vm)
}
