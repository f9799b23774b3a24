//! `layout()` and what follows from it.

use std::sync::Arc;

use crom_model::conf::Conf;
use crom_model::environment::Environment;
use crom_recipe::{Layout, RecipeError, RecipeSource};
use indexmap::IndexMap;
use rustpython_vm as vm;
use vm::{PyObjectRef, PyPayload, PyResult, VirtualMachine};

use crate::engine::{Engine, Live};
use crate::native::attribute_of;
use crate::native::conf::PyConf;
use crate::native::environment::PyEnvironment;
use crate::{convert, errors, values};

const PLACES: [&str; 3] = ["source", "build", "package"];

/// Runs `layout()`, or the one that a conanfile.txt names, and reads what it said.
pub(super) fn run(
    engine: &Engine<'_>,
    object: &PyObjectRef,
    source: &RecipeSource,
) -> Result<Layout, RecipeError> {
    let vm = engine.vm;
    let mut defined = engine
        .run(object, "layout", &["dependencies"][..0])?
        .is_some();
    if let RecipeSource::Declared {
        layout: Some(name),
        display,
        ..
    } = source
    {
        defined = true;
        let module = match name.as_str() {
            "cmake_layout" => "conan.tools.cmake",
            "vs_layout" => "conan.tools.microsoft",
            "bazel_layout" => "conan.tools.google",
            _ => "conan.tools.layout",
        };
        attribute_of(vm, module, name)
            .and_then(|function| function.call((object.clone(),), vm))
            .map_err(|error| errors::describe(&error, display, vm))?;
    }
    read(object, defined, vm).map_err(|error| errors::describe(&error, &engine.shared.scope(), vm))
}

/// Puts back what `layout()` said. An object that was made anew runs the method first: recipes keep
/// attributes of their own in it.
pub(super) fn repeat(
    engine: &Engine<'_>,
    live: &Live,
    layout: &Layout,
    source: &RecipeSource,
) -> Result<(), RecipeError> {
    if !live.laid_out && layout.defined {
        let shared = &engine.shared;
        // What it says is known; only what it leaves on the object counts.
        let _ = shared.noting(|| shared.muted(|| run(engine, &live.object, source)));
    }
    restore(&live.object, layout, engine.vm)
        .map_err(|error| errors::describe(&error, &engine.shared.scope(), engine.vm))
}

fn read(object: &PyObjectRef, defined: bool, vm: &VirtualMachine) -> PyResult<Layout> {
    let folders = object.get_attr("folders", vm)?;
    let optional = |name: &'static str| -> PyResult<Option<String>> {
        convert::to_optional_text(&*folders.get_attr(name, vm)?, vm)
    };
    let text = |name: &'static str| {
        Ok::<_, vm::builtins::PyBaseExceptionRef>(optional(name)?.unwrap_or_default())
    };
    let vars = folders.get_attr("build_folder_vars", vm)?;
    let mut layout = Layout {
        defined,
        source: text("source")?,
        build: text("build")?,
        package: text("package")?,
        generators: text("generators")?,
        test: None,
        root: optional("root")?,
        subproject: optional("subproject")?,
        build_folder_vars: if vm.is_none(&vars) {
            None
        } else {
            Some(convert::to_texts(&vars, vm)?)
        },
        cpp: IndexMap::new(),
        layouts: IndexMap::new(),
    };
    if !defined {
        return Ok(layout);
    }
    let cpp = object.get_attr("cpp", vm)?;
    let layouts = object.get_attr("layouts", vm)?;
    for place in PLACES {
        let info = values::cpp_info(&*cpp.get_attr(place, vm)?, vm)?;
        layout.cpp.insert(place.to_owned(), Arc::new(info));
        layout
            .layouts
            .insert(place.to_owned(), parts(&layouts.get_attr(place, vm)?, vm)?);
    }
    Ok(layout)
}

fn parts(layout: &PyObjectRef, vm: &VirtualMachine) -> PyResult<(Environment, Environment, Conf)> {
    let environment = |name: &'static str| -> PyResult<Environment> {
        let found = layout.get_attr(name, vm)?;
        Ok(found
            .downcast_ref::<PyEnvironment>()
            .map(|it| it.snapshot())
            .unwrap_or_default())
    };
    let conf = layout.get_attr("conf_info", vm)?;
    let conf = conf
        .downcast_ref::<PyConf>()
        .map(|it| it.snapshot())
        .unwrap_or_default();
    Ok((
        environment("buildenv_info")?,
        environment("runenv_info")?,
        conf,
    ))
}

/// Puts the result of an earlier `layout()` into an object.
pub(super) fn restore(object: &PyObjectRef, layout: &Layout, vm: &VirtualMachine) -> PyResult<()> {
    let folders = object.get_attr("folders", vm)?;
    let text = |it: &str| -> PyObjectRef { vm.ctx.new_str(it).into() };
    let optional = |it: &Option<String>| it.as_deref().map_or_else(|| vm.ctx.none(), text);
    folders.set_attr("source", text(&layout.source), vm)?;
    folders.set_attr("build", text(&layout.build), vm)?;
    folders.set_attr("package", text(&layout.package), vm)?;
    folders.set_attr("generators", text(&layout.generators), vm)?;
    folders.set_attr("root", optional(&layout.root), vm)?;
    folders.set_attr("subproject", optional(&layout.subproject), vm)?;
    let vars = convert::serialize(&layout.build_folder_vars, vm)?;
    folders.set_attr("build_folder_vars", vars, vm)?;
    let cpp = object.get_attr("cpp", vm)?;
    let class = attribute_of(vm, "conan.internal.model.cpp_info", "CppInfo")?;
    for (place, info) in &layout.cpp {
        let data = values::cpp_info_data(info, vm)?;
        let made = class.get_attr("_from_data", vm)?.call((data,), vm)?;
        cpp.set_attr(vm.ctx.intern_str(place.as_str()), made, vm)?;
    }
    let layouts = object.get_attr("layouts", vm)?;
    for (place, (buildenv, runenv, conf)) in &layout.layouts {
        let part = layouts.get_attr(vm.ctx.intern_str(place.as_str()), vm)?;
        let environment = |it: &Environment| PyEnvironment::new(it.clone()).into_ref(&vm.ctx);
        part.set_attr("buildenv_info", environment(buildenv), vm)?;
        part.set_attr("runenv_info", environment(runenv), vm)?;
        part.set_attr("conf_info", PyConf::new(conf.clone()).into_ref(&vm.ctx), vm)?;
    }
    Ok(())
}
