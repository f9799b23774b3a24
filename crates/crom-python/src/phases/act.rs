//! Methods with effects: everything is allowed.

use std::path::PathBuf;

use crom_recipe::{ActInput, ActOutput, Action, RecipeError, RecipeErrorKind};
use rustpython_vm as vm;
use vm::{PyObjectRef, PyPayload, PyResult, VirtualMachine};

use super::{configure, inspect, layout};
use crate::engine::{Engine, Live};
use crate::native::attribute_of;
use crate::native::conf::PyConf;
use crate::native::environment::PyEnvironment;
use crate::native::profile_environment::PyProfileEnvironment;
use crate::native::view::PyView;
use crate::sandbox::Mode;
use crate::{convert, errors, values};

/// Runs one method.
pub(crate) fn act(engine: &mut Engine<'_>, input: &ActInput) -> Result<ActOutput, RecipeError> {
    let scope = match &input.configure {
        Some(input) => configure::scope(input),
        None => inspect::shown(&input.inspect.recipe),
    };
    engine.begin(Mode::Act, &scope);
    let object = object(engine, input)?;
    if input.folders.local && matches!(input.action, Action::Source) && input.layout.is_none() {
        // `conan source`: there's no graph, so nobody asked for the layout yet.
        layout::run(engine, &object, &input.inspect.recipe.source)?;
    }
    let scope = match &input.configure {
        Some(_) => scope,
        None => engine.shared.scope(),
    };
    engine.shared.set_scope(&scope);
    let vm = engine.vm;
    let plain = |error: vm::builtins::PyBaseExceptionRef| errors::describe(&error, &scope, vm);
    prepare(&object, input, vm).map_err(plain)?;
    // These have a heading of their own, so their lines go without the recipe's name.
    let silent = matches!(
        input.action,
        Action::Source | Action::Generate { .. } | Action::Build | Action::Package
    );
    let shown = if silent { "" } else { scope.as_str() };
    object
        .set_attr("display_name", vm.ctx.new_str(shown), vm)
        .map_err(plain)?;
    object
        .set_attr("_conan_output", vm.ctx.none(), vm)
        .map_err(plain)?;
    let ran = in_folder(&working_folder(&object, input, vm).map_err(plain)?, || {
        run(engine, &object, &input.action)
    });
    object
        .set_attr("display_name", vm.ctx.new_str(scope.as_str()), vm)
        .map_err(plain)?;
    object
        .set_attr("_conan_output", vm.ctx.none(), vm)
        .map_err(plain)?;
    let absent = !ran??;
    let deployed = match &input.action {
        Action::Deployer { .. } => deploy(&object, input, vm)?,
        _ => Vec::new(),
    };
    Ok(ActOutput {
        absent,
        folders: folders(&object, vm).map_err(plain)?,
        deployed,
    })
}

/// Runs a user's deployer; what it moved.
fn deploy(
    object: &PyObjectRef,
    input: &ActInput,
    vm: &VirtualMachine,
) -> Result<Vec<(usize, String)>, RecipeError> {
    let Action::Deployer {
        file,
        output_folder,
        nodes,
    } = &input.action
    else {
        return Ok(Vec::new());
    };
    let path = file.to_string_lossy();
    attribute_of(vm, "conan.internal.extensions", "module")
        .and_then(|load| load.call((&*path,), vm))
        .map_err(|error| errors::in_extension(&error, &path, vm))?;
    let moved = run_deployer(object, input, (&path, output_folder, nodes), vm);
    moved.map_err(|error| errors::describe(&error, "", vm))
}

fn run_deployer(
    object: &PyObjectRef,
    input: &ActInput,
    (path, output_folder, nodes): (&str, &str, &serde_json::Value),
    vm: &VirtualMachine,
) -> PyResult<Vec<(usize, String)>> {
    let view = PyView::new(input.graph.clone(), input.node).into_ref(&vm.ctx);
    let arguments = (
        path,
        object.clone(),
        view,
        convert::to_python(nodes, vm)?,
        output_folder,
    );
    let moved = attribute_of(vm, "conan.internal.deploy", "run")?.call(arguments, vm)?;
    convert::deserialize(&moved, "what a deployer moved", vm)
}

/// The live object, or one made anew.
fn object(engine: &mut Engine<'_>, input: &ActInput) -> Result<PyObjectRef, RecipeError> {
    let live = match (&input.configure, engine.live(input.instance)) {
        (_, Some(live)) => live,
        (Some(configure), None) => configure::live(engine, configure)?,
        (None, None) => {
            let object = inspect::instantiate(engine, &input.inspect)?;
            Live {
                object,
                laid_out: false,
            }
        }
    };
    match (&input.layout, &input.configure) {
        (Some(layout), _) => layout::repeat(engine, &live, layout, &input.inspect.recipe.source)?,
        // A recipe that isn't part of a graph: nothing asked for its layout before.
        (None, Some(_)) if !live.laid_out => {
            layout::run(engine, &live.object, &input.inspect.recipe.source)?;
        }
        (None, _) => {}
    }
    if input.configure.is_some() {
        let kept = Live {
            object: live.object.clone(),
            laid_out: true,
        };
        engine.keep(input.instance, kept);
    }
    Ok(live.object)
}

fn prepare(object: &PyObjectRef, input: &ActInput, vm: &VirtualMachine) -> PyResult<()> {
    if !input.graph.nodes.is_empty() {
        let view = PyView::new(input.graph.clone(), input.node).into_ref(&vm.ctx);
        object.set_attr("_conan_view", view, vm)?;
        object.set_attr("_conan_dependencies", vm.ctx.none(), vm)?;
    }
    if let Some(info) = &input.info {
        object.set_attr("info", values::info_object(info, vm)?, vm)?;
    }
    if matches!(input.action, Action::Generate { .. }) {
        compose_conf(object, input, vm)?;
    }
    set_folders(object, input, vm)?;
    for (attribute, profile) in [
        ("_conan_buildenv", &input.buildenv),
        ("_conan_runenv", &input.runenv),
    ] {
        let held = PyProfileEnvironment::new(profile.clone());
        object.set_attr(attribute, held.into_ref(&vm.ctx), vm)?;
    }
    Ok(())
}

/// What the tools of a recipe say in `conf_info` holds for it, below what the profile says. Once: the
/// recipe may change its confs afterwards.
fn compose_conf(object: &PyObjectRef, input: &ActInput, vm: &VirtualMachine) -> PyResult<()> {
    const DONE: &str = "_conan_conf_composed";
    if object.get_attr(DONE, vm).is_ok() {
        return Ok(());
    }
    let conf = object.get_attr("conf", vm)?;
    let Some(conf) = conf.downcast_ref::<PyConf>() else {
        return Ok(());
    };
    let mut composed = conf.snapshot();
    for (require, package) in input.graph.dependencies_of(input.node) {
        if require.build && require.direct() {
            composed.compose_conf(&package.conf_info).map_err(|error| {
                crate::native::exception(vm, "ConanException", error.to_string())
            })?;
        }
    }
    object.set_attr("conf", PyConf::new(composed).into_ref(&vm.ctx), vm)?;
    object.set_attr(DONE, vm.ctx.new_bool(true), vm)
}

fn set_folders(object: &PyObjectRef, input: &ActInput, vm: &VirtualMachine) -> PyResult<()> {
    let bases = &input.folders;
    // In the user's folder, packages are made by build() and later at most.
    let has_package = !matches!(
        input.action,
        Action::Source | Action::Generate { .. } | Action::SystemRequirements
    );
    let folders = object.get_attr("folders", vm)?;
    let set = |method: &'static str, folder: &str| -> PyResult<()> {
        let value = if folder.is_empty() {
            vm.ctx.none()
        } else {
            vm.ctx.new_str(folder).into()
        };
        vm.call_method(&folders, method, (value,)).map(drop)
    };
    if bases.local {
        let output = if bases.build.is_empty() {
            vm.ctx.none()
        } else {
            vm.ctx.new_str(bases.build.as_str()).into()
        };
        let recipe = if bases.source.is_empty() {
            &bases.recipe
        } else {
            &bases.source
        };
        vm.call_method(&folders, "set_base_folders", (recipe.as_str(), output))?;
        if matches!(input.action, Action::Source) {
            set("set_base_build", "")?;
        }
        if has_package && !bases.package.is_empty() {
            set("set_base_package", &bases.package)?;
        }
    } else {
        set("set_base_source", &bases.source)?;
        set("set_base_build", &bases.build)?;
        set("set_base_generators", &bases.generators)?;
        set("set_base_package", &bases.package)?;
        set("set_base_export_sources", &bases.export_sources)?;
    }
    set("set_base_export", &bases.export)?;
    set("set_base_recipe_metadata", &bases.recipe_metadata)?;
    // Before there is a package in the user's folder, its metadata is no folder of its own.
    let metadata = match (&input.action, bases.local) {
        (Action::Source, true) => String::new(),
        (Action::Generate { .. }, true) => bases.build.clone(),
        (Action::Build | Action::Test, true) => {
            let build = folders.get_attr("build_folder", vm)?;
            let build = convert::to_optional_text(&build, vm)?.unwrap_or_default();
            format!("{build}/metadata")
        }
        _ => bases.package_metadata.clone(),
    };
    set("set_base_pkg_metadata", &metadata)?;
    if !bases.immutable_package.is_empty() {
        let immutable = vm.ctx.new_str(bases.immutable_package.as_str());
        folders.set_attr("_immutable_package_folder", immutable, vm)?;
    }
    if !bases.deploy.is_empty() {
        object.set_attr("deploy_folder", vm.ctx.new_str(bases.deploy.as_str()), vm)?;
    }
    if !bases.recipe.is_empty() {
        object.set_attr("recipe_folder", vm.ctx.new_str(bases.recipe.as_str()), vm)?;
    }
    Ok(())
}

fn folder(
    object: &PyObjectRef,
    name: &'static str,
    vm: &VirtualMachine,
) -> PyResult<Option<String>> {
    convert::to_optional_text(&*object.get_attr(name, vm)?, vm)
}

/// Where the method runs; made if it isn't there.
fn working_folder(
    object: &PyObjectRef,
    input: &ActInput,
    vm: &VirtualMachine,
) -> PyResult<Option<PathBuf>> {
    let attribute = match input.action {
        Action::Export | Action::ExportSources => "recipe_folder",
        Action::Source => "source_folder",
        Action::Generate { .. } => "generators_folder",
        Action::Build | Action::Package | Action::Test => "build_folder",
        Action::SystemRequirements
        | Action::Finalize
        | Action::Deploy
        | Action::Deployer { .. }
        | Action::Hook { .. } => return Ok(None),
    };
    Ok(folder(object, attribute, vm)?.map(PathBuf::from))
}

fn in_folder<R>(folder: &Option<PathBuf>, work: impl FnOnce() -> R) -> Result<R, RecipeError> {
    let Some(folder) = folder else {
        return Ok(work());
    };
    let failed = |text: String| RecipeError::new(RecipeErrorKind::Exception, "", text);
    crom_fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    let before = std::env::current_dir().ok();
    std::env::set_current_dir(folder).map_err(|error| {
        failed(format!(
            "cannot change into `{}`: {error}",
            folder.display()
        ))
    })?;
    let result = work();
    if let Some(before) = before {
        // It may have been removed meanwhile; the next one sets its own.
        let _ = std::env::set_current_dir(before);
    }
    Ok(result)
}

/// True if there was something to run.
fn run(engine: &Engine<'_>, object: &PyObjectRef, action: &Action) -> Result<bool, RecipeError> {
    let (method, forbidden): (&'static str, &[&str]) = match action {
        Action::Export => ("export", &[]),
        Action::ExportSources => ("export_sources", &[]),
        Action::Source => ("source", &["settings", "options", "info"]),
        Action::SystemRequirements => ("system_requirements", &[]),
        Action::Generate {
            extra_generators,
            env_scripts,
        } => {
            return generate(engine, object, extra_generators, *env_scripts);
        }
        Action::Build => ("build", &[]),
        Action::Package => ("package", &["info"]),
        Action::Test => ("test", &[]),
        Action::Finalize => ("finalize", &["settings", "options"]),
        Action::Deploy => ("deploy", &[]),
        Action::Hook { point } => return engine.hook(object, point).map(|()| true),
        // Has run already.
        Action::Deployer { .. } => return Ok(true),
    };
    let hooked = matches!(action, Action::Source | Action::Build | Action::Package);
    if hooked {
        engine.hook(object, &format!("pre_{method}"))?;
    }
    let ran = run_method(engine, object, action, (method, forbidden));
    if ran.is_err() && matches!(action, Action::Build) {
        engine.hook(object, "post_build_fail")?;
    }
    let ran = ran?;
    if hooked {
        engine.hook(object, &format!("post_{method}"))?;
    }
    Ok(ran)
}

/// One method, with the line that announces it. False if the recipe doesn't have it.
fn run_method(
    engine: &Engine<'_>,
    object: &PyObjectRef,
    action: &Action,
    (method, forbidden): (&'static str, &[&str]),
) -> Result<bool, RecipeError> {
    if !engine.defines(object, method) {
        return Ok(false);
    }
    let say = |text: String| {
        let scope = folder(object, "display_name", engine.vm)
            .ok()
            .flatten()
            .unwrap_or_default();
        engine.shared.config.reporter.status(&scope, &text);
    };
    match action {
        Action::Source | Action::Export | Action::ExportSources => {
            let place = std::env::current_dir().map(|it| it.display().to_string());
            let place = place.unwrap_or_default();
            match action {
                Action::Source => say(format!("Calling source() in {place}")),
                _ => say(format!("Calling {method}()")),
            }
        }
        Action::Build | Action::Package => say(format!("Calling {method}()")),
        Action::Test => say("Running test()".to_owned()),
        Action::Finalize => say("Calling finalize()".to_owned()),
        Action::Deploy => say("Executing deploy()".to_owned()),
        _ => {}
    }
    if matches!(action, Action::Source) {
        return in_build_environment(engine, object, || {
            Ok(engine.run(object, method, forbidden)?.is_some())
        });
    }
    Ok(engine.run(object, method, forbidden)?.is_some())
}

/// Runs `source()`; in the environment of the tools if the recipe wants that.
fn in_build_environment<R>(
    engine: &Engine<'_>,
    object: &PyObjectRef,
    work: impl FnOnce() -> Result<R, RecipeError>,
) -> Result<R, RecipeError> {
    let vm = engine.vm;
    let plain = |error: vm::builtins::PyBaseExceptionRef| {
        errors::describe(&error, &engine.shared.scope(), vm)
    };
    let environment = attribute_of(vm, "conan.internal.generate", "source_environment")
        .and_then(|function| function.call((object.clone(),), vm))
        .map_err(plain)?;
    if vm.is_none(&environment) {
        return work();
    }
    vm.call_method(&environment, "__enter__", ())
        .map_err(plain)?;
    let done = work();
    vm.call_method(&environment, "__exit__", ())
        .map_err(plain)?;
    done
}

/// The declared generators, `generate()`, the environment scripts.
fn generate(
    engine: &Engine<'_>,
    object: &PyObjectRef,
    extra: &[String],
    env_scripts: bool,
) -> Result<bool, RecipeError> {
    let vm = engine.vm;
    let scope = engine.shared.scope();
    let step = |name: &'static str, argument: PyObjectRef| {
        attribute_of(vm, "conan.internal.generate", name)
            .and_then(|function| function.call((object.clone(), argument), vm))
            .map_err(|error| errors::describe(&error, "", vm))
    };
    let say = |text: &str| {
        let shown = folder(object, "display_name", vm)
            .ok()
            .flatten()
            .unwrap_or_default();
        engine.shared.config.reporter.status(&shown, text);
    };
    if let Ok(Some(place)) = folder(object, "generators_folder", vm) {
        say(&format!("Generators folder: {place}"));
    }
    engine.hook(object, "pre_generate")?;
    let extra =
        convert::serialize(extra, vm).map_err(|error| errors::describe(&error, &scope, vm))?;
    engine.shared.set_method(Some("generate()"));
    step("declared", extra)?;
    if engine.defines(object, "generate") {
        say("Calling generate() method in recipe");
        engine.run(object, "generate", &[])?;
    }
    engine.shared.set_method(Some("generate()"));
    step("environment", vm.ctx.new_bool(env_scripts).into())?;
    engine.shared.set_method(None);
    engine.hook(object, "post_generate")?;
    Ok(true)
}

fn folders(object: &PyObjectRef, vm: &VirtualMachine) -> PyResult<Vec<(String, String)>> {
    let mut found = Vec::new();
    for name in [
        "recipe_folder",
        "source_folder",
        "build_folder",
        "generators_folder",
        "package_folder",
        "export_folder",
        "export_sources_folder",
        "immutable_package_folder",
    ] {
        if let Some(path) = folder(object, name, vm)? {
            found.push((name.to_owned(), path));
        }
    }
    Ok(found)
}

/// `self.buildenv` and `self.runenv`: the profile's environment for this recipe. The build
/// environment also has what tools of the build context give.
pub(crate) fn profile_environment(
    conanfile: &PyObjectRef,
    which: &str,
    vm: &VirtualMachine,
) -> PyResult {
    let attribute = if which == "build" {
        "_conan_buildenv"
    } else {
        "_conan_runenv"
    };
    let held = conanfile.get_attr(vm.ctx.intern_str(attribute), vm)?;
    let reference = conanfile.get_attr("_conan_ref", vm)?;
    let reference = values::named_reference(&reference, vm)?;
    let consumer = conanfile.get_attr("_conan_is_consumer", vm)?.is_true(vm)?;
    let environment = match held.downcast_ref::<PyProfileEnvironment>() {
        Some(held) => held.get().get_profile_env(reference.as_ref(), consumer),
        None => crom_model::environment::Environment::new(),
    };
    Ok(PyEnvironment::new(environment).into_ref(&vm.ctx).into())
}
