//! Third phase: is this configuration valid, and what makes its package id.

use crom_model::conaninfo::ConanInfo;
use crom_model::options::PackageOptions;
use crom_model::settings::Settings;
use crom_recipe::{
    Alternative, IdentifyInput, IdentifyOutput, Layout, RecipeError, RecipeErrorKind, RecipeSource,
};
use indexmap::IndexMap;
use rustpython_vm as vm;
use vm::{PyObjectRef, PyPayload, PyResult, VirtualMachine};

use super::configure;
use crate::engine::{Engine, Live};
use crate::native::options::PyOptions;
use crate::native::settings::PySettings;
use crate::native::view::PyView;
use crate::sandbox::Mode;
use crate::{convert, errors, values};

/// Runs the phase.
pub(crate) fn identify(
    engine: &mut Engine<'_>,
    input: &IdentifyInput,
) -> Result<IdentifyOutput, RecipeError> {
    let scope = configure::scope(&input.configure);
    engine.begin(Mode::Resolve, &scope);
    let live = configure::live(engine, &input.configure)?;
    engine.shared.set_scope(&scope);
    let vm = engine.vm;
    let object = live.object.clone();
    let plain = |error: vm::builtins::PyBaseExceptionRef| errors::describe(&error, &scope, vm);
    // A recipe alone has no graph.
    if !input.graph.nodes.is_empty() {
        let view = PyView::new(input.graph.clone(), input.node).into_ref(&vm.ctx);
        object.set_attr("_conan_view", view, vm).map_err(plain)?;
    }
    object
        .set_attr("_conan_dependencies", vm.ctx.none(), vm)
        .map_err(plain)?;
    let info_object = values::info_object(&input.info, vm).map_err(plain)?;
    object
        .set_attr("info", info_object.clone(), vm)
        .map_err(plain)?;
    // A compatible binary is tried as if the recipe had been configured that way.
    let kept = if input.first {
        None
    } else {
        let (settings, options) = (&input.info.settings, &input.info.options);
        Some(pretend(&object, settings, options, vm).map_err(plain)?)
    };
    // What has no code has no hooks either.
    let source = &input.configure.inspect.recipe.source;
    let with_hooks = matches!(source, RecipeSource::Python(_));
    let verdict = judge(engine, &object, with_hooks);
    if let Some((settings, options)) = kept {
        object.set_attr("settings", settings, vm).map_err(plain)?;
        object.set_attr("options", options, vm).map_err(plain)?;
    }
    let (cant_build, invalid) = verdict?;
    let mut info = values::info(&info_object, vm).map_err(plain)?;
    info.invalid = invalid.clone().or(info.invalid);
    info.cant_build = cant_build.clone().or(info.cant_build);
    let build_id_info = build_id(engine, &object, &info)?;
    let (layout, alternatives) = if input.first {
        let layout = if live.laid_out {
            Layout::default()
        } else {
            super::layout::run(engine, &object, &input.configure.inspect.recipe.source)?
        };
        engine.keep(
            input.instance,
            Live {
                object: object.clone(),
                laid_out: true,
            },
        );
        (layout, compatibility(engine, &object)?)
    } else {
        (Layout::default(), Vec::new())
    };
    let reads = engine.shared.take_reads();
    Ok(IdentifyOutput {
        info,
        invalid,
        cant_build,
        alternatives,
        layout,
        build_id_info,
        reads,
    })
}

/// Replaces settings and options by those of another configuration; returns what was there.
pub(super) fn pretend(
    object: &PyObjectRef,
    new_settings: &Settings,
    new_options: &PackageOptions,
    vm: &VirtualMachine,
) -> PyResult<(PyObjectRef, PyObjectRef)> {
    let settings = object.get_attr("settings", vm)?;
    let options = object.get_attr("options", vm)?;
    object.set_attr(
        "settings",
        PySettings::new(new_settings.clone()).into_ref(&vm.ctx),
        vm,
    )?;
    object.set_attr(
        "options",
        PyOptions::from_own(new_options.clone()).into_ref(&vm.ctx),
        vm,
    )?;
    Ok((settings, options))
}

/// `validate_build()`, `validate()` and `package_id()`: why it can't be built, why it's invalid.
fn judge(
    engine: &Engine<'_>,
    object: &PyObjectRef,
    with_hooks: bool,
) -> Result<(Option<String>, Option<String>), RecipeError> {
    let verdict = |method| match engine.run(object, method, &["cpp_info"]) {
        Ok(_) => Ok(None),
        Err(error) if error.kind == RecipeErrorKind::InvalidConfiguration => {
            Ok(Some(error.message))
        }
        Err(error) => Err(error),
    };
    let cant_build = verdict("validate_build")?;
    if with_hooks {
        engine.hook(object, "pre_validate")?;
    }
    let invalid = verdict("validate")?;
    if with_hooks {
        engine.hook(object, "post_validate")?;
    }
    let ran = engine.run(object, "package_id", &["settings", "options", "cpp_info"])?;
    let vm = engine.vm;
    if ran.is_none() && super::attributes::implements(object, "auto_header_only", vm) {
        let kind = object
            .get_attr("package_type", vm)
            .and_then(|it| convert::to_text(&it, vm));
        let header_only = configure::option_is_true(object, "header_only", vm);
        if header_only || kind.is_ok_and(|it| it == "header-library") {
            object
                .get_attr("info", vm)
                .and_then(|info| vm.call_method(&info, "clear", ()))
                .map_err(|error| errors::describe(&error, &engine.shared.scope(), vm))?;
        }
    }
    if with_hooks {
        engine.hook(object, "post_package_id")?;
    }
    Ok((cant_build, invalid))
}

/// `build_id()` works on `self.info_build`, a copy of `self.info`.
fn build_id(
    engine: &Engine<'_>,
    object: &PyObjectRef,
    info: &ConanInfo,
) -> Result<Option<ConanInfo>, RecipeError> {
    let vm = engine.vm;
    if !engine.defines(object, "build_id") {
        return Ok(None);
    }
    let scope = engine.shared.scope();
    let plain = |error: vm::builtins::PyBaseExceptionRef| errors::describe(&error, &scope, vm);
    let copy = values::info_object(info, vm).map_err(plain)?;
    object
        .set_attr("info_build", copy.clone(), vm)
        .map_err(plain)?;
    engine.run(object, "build_id", &[])?;
    values::info(&copy, vm).map(Some).map_err(plain)
}

fn compatibility(
    engine: &Engine<'_>,
    object: &PyObjectRef,
) -> Result<Vec<Alternative>, RecipeError> {
    let Some(answer) = engine.run(object, "compatibility", &[])? else {
        return Ok(Vec::new());
    };
    let vm = engine.vm;
    if vm.is_none(&answer) {
        return Ok(Vec::new());
    }
    alternatives(&answer, vm)
        .map_err(|error| errors::in_method(&error, &engine.shared.scope(), "compatibility", vm))
}

pub(super) fn alternatives(
    answer: &PyObjectRef,
    vm: &VirtualMachine,
) -> PyResult<Vec<Alternative>> {
    let items: Vec<PyObjectRef> = answer.try_to_value(vm)?;
    let mut found = Vec::new();
    for item in items {
        let serde_json::Value::Object(map) = convert::to_json(&item, vm)? else {
            return Err(vm.new_type_error("compatibility() must return dictionaries"));
        };
        let mut alternative = Alternative::default();
        for (key, value) in &map {
            let pairs = pairs(value);
            match key.as_str() {
                "settings" => alternative.settings = pairs,
                "options" => alternative.options = pairs,
                "settings_target" => alternative.settings_target = pairs,
                other => {
                    let text = format!("the key `{other}` in what compatibility() returns");
                    return Err(crate::native::unsupported(vm, &text));
                }
            }
        }
        found.push(alternative);
    }
    Ok(found)
}

/// `[("compiler.version", "11")]`
fn pairs(value: &serde_json::Value) -> IndexMap<String, String> {
    use serde_json::Value;
    let text = |value: &Value| values::python_text(value).unwrap_or_else(|| "None".to_owned());
    match value {
        Value::Array(items) => items
            .iter()
            .filter_map(|item| match item.as_array().map(Vec::as_slice) {
                Some([name, value]) => Some((text(name), text(value))),
                _ => None,
            })
            .collect(),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
        _ => IndexMap::new(),
    }
}
