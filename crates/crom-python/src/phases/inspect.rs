//! First phase: class attributes after `init()`, `set_name()` and `set_version()`.

use std::sync::Arc;

use crom_recipe::{
    InspectInput, PythonRequires, RecipeAttributes, RecipeError, RecipeFile, RecipeSource,
};
use rustpython_vm as vm;
use vm::{PyObjectRef, PyResult, VirtualMachine};

use super::attributes::{self, Reader};
use crate::engine::{Engine, Loaded};
use crate::errors;
use crate::sandbox::Mode;

/// The class attribute `python_requires`.
pub(crate) fn python_requires(
    engine: &mut Engine<'_>,
    recipe: &RecipeFile,
) -> Result<PythonRequires, RecipeError> {
    engine.begin(Mode::Noted, &shown(recipe));
    let loaded = engine.load(recipe, &[])?;
    let references = attributes::python_requires(&loaded.class, engine.vm)
        .map_err(|error| errors::describe(&error, &shown(recipe), engine.vm))?;
    Ok(PythonRequires {
        references,
        reads: engine.shared.take_reads(),
    })
}

/// All class attributes.
pub(crate) fn inspect(
    engine: &mut Engine<'_>,
    input: &InspectInput,
) -> Result<Arc<RecipeAttributes>, RecipeError> {
    engine.begin(Mode::Noted, &shown(&input.recipe));
    let object = instantiate(engine, input)?;
    let reader = Reader {
        object: &object,
        vm: engine.vm,
    };
    let mut read = reader
        .read()
        .map_err(|error| errors::in_attributes(&error, &engine.shared.scope(), engine.vm))?;
    read.reads = engine.shared.take_reads();
    Ok(Arc::new(read))
}

/// A recipe's path, or what it's called without one.
pub(crate) fn shown(recipe: &RecipeFile) -> String {
    match &recipe.source {
        RecipeSource::Python(path) => path.to_string_lossy().into_owned(),
        RecipeSource::Declared { display, .. } => display.clone(),
    }
}

/// How messages call a recipe that has these names so far.
fn display_name(input: &InspectInput, name: Option<&str>, version: Option<&str>) -> String {
    match (name, version) {
        (Some(name), Some(version)) => {
            let mut text = format!("{name}/{version}");
            if let Some(user) = &input.given.user {
                text.push_str(&format!("@{user}"));
                if let Some(channel) = &input.given.channel {
                    text.push_str(&format!("/{channel}"));
                }
            }
            text
        }
        _ => match &input.recipe.source {
            RecipeSource::Python(path) => path
                .file_name()
                .map_or_else(String::new, |it| it.to_string_lossy().into_owned()),
            RecipeSource::Declared { display, .. } => display.clone(),
        },
    }
}

/// A new object of the recipe's class, after `init()`, `set_name()` and `set_version()`.
pub(crate) fn instantiate(
    engine: &mut Engine<'_>,
    input: &InspectInput,
) -> Result<PyObjectRef, RecipeError> {
    let loaded = engine.load(&input.recipe, &input.python_requires)?;
    let vm = engine.vm;
    let place = shown(&input.recipe);
    let object = prepare(&loaded, input, vm).map_err(|error| match &input.recipe.source {
        RecipeSource::Python(_) => errors::in_loading(&error, &place, vm),
        RecipeSource::Declared { .. } => errors::describe(&error, &place, vm),
    })?;
    let text = |name: &'static str| {
        object
            .get_attr(name, vm)
            .ok()
            .and_then(|it| crate::convert::to_optional_text(&it, vm).ok().flatten())
    };
    let display = display_name(input, text("name").as_deref(), text("version").as_deref());
    engine.shared.set_scope(&display);
    object
        .set_attr("display_name", vm.ctx.new_str(display.as_str()), vm)
        .map_err(|error| errors::describe(&error, &display, vm))?;
    engine.run(&object, "init", &[])?;
    // A recipe in the cache has the name and version that it was exported with; in a user's folder
    // the recipe has the last word.
    let in_cache = input.recipe.digest.is_some();
    if !in_cache || input.given.name.is_none() {
        engine.run(&object, "set_name", &[])?;
    }
    if !in_cache || input.given.version.is_none() {
        engine.run(&object, "set_version", &[])?;
    }
    let display = display_name(input, text("name").as_deref(), text("version").as_deref());
    engine.shared.set_scope(&display);
    finish(&object, &display, vm).map_err(|error| errors::describe(&error, &display, vm))?;
    Ok(object)
}

fn prepare(loaded: &Loaded, input: &InspectInput, vm: &VirtualMachine) -> PyResult<PyObjectRef> {
    let object = loaded.class.call((String::new(),), vm)?;
    let folder = input.recipe.folder.to_string_lossy().into_owned();
    object.set_attr("recipe_folder", vm.ctx.new_str(folder), vm)?;
    let given = [
        ("name", &input.given.name),
        ("version", &input.given.version),
        ("user", &input.given.user),
        ("channel", &input.given.channel),
    ];
    for (attribute, value) in given {
        let Some(value) = value else { continue };
        let declared = object.get_attr(attribute, vm)?;
        let declared = crate::convert::to_optional_text(&declared, vm)?;
        if let Some(declared) = declared.filter(|it| it != value) {
            let text = format!("Package recipe with {attribute} {value}!={declared}");
            return Err(crate::native::exception(vm, "ConanException", text));
        }
        object.set_attr(attribute, vm.ctx.new_str(value.as_str()), vm)?;
    }
    if let RecipeSource::Declared {
        requires,
        tool_requires,
        test_requires,
        generators,
        ..
    } = &input.recipe.source
    {
        let call = |name: &'static str, references: &[String]| -> PyResult<()> {
            let add = object.get_attr(name, vm)?;
            for reference in references {
                add.call((reference.as_str(),), vm)?;
            }
            Ok(())
        };
        // On a command line tools come first, in a conanfile.txt last.
        let is_file = !input.recipe.folder.as_os_str().is_empty();
        if is_file {
            call("requires", requires)?;
        }
        call("tool_requires", tool_requires)?;
        if !is_file {
            call("requires", requires)?;
        }
        call("test_requires", test_requires)?;
        object.set_attr("generators", crate::convert::serialize(generators, vm)?, vm)?;
    }
    Ok(object)
}

fn finish(object: &PyObjectRef, display: &str, vm: &VirtualMachine) -> PyResult<()> {
    // A version may be given as a number.
    for name in ["version", "name"] {
        let value = object.get_attr(name, vm)?;
        if !vm.is_none(&value) {
            let text = crate::convert::to_text(&value, vm)?;
            object.set_attr(name, vm.ctx.new_str(text), vm)?;
        }
    }
    object.set_attr("display_name", vm.ctx.new_str(display), vm)?;
    object.set_attr("_conan_output", vm.ctx.none(), vm)
}
