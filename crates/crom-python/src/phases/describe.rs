//! Fourth phase: `package_info()`.

use crom_model::conf::Conf;
use crom_model::cpp_info::CppInfoError;
use crom_model::environment::Environment;
use crom_model::requirement::Requirement;
use crom_model::view::PackageFolders;
use crom_recipe::{DescribeInput, DescribeOutput, RecipeError, RecipeErrorKind};
use rustpython_vm as vm;
use vm::{PyObjectRef, PyPayload, PyResult, VirtualMachine};

use super::{configure, layout};
use crate::engine::{Engine, Live};
use crate::native::conf::PyConf;
use crate::native::environment::PyEnvironment;
use crate::native::options::PyOptions;
use crate::native::settings::PySettings;
use crate::native::view::PyView;
use crate::sandbox::Mode;
use crate::{convert, errors, values};

/// Runs the phase.
pub(crate) fn describe(
    engine: &mut Engine<'_>,
    input: &DescribeInput,
) -> Result<DescribeOutput, RecipeError> {
    let scope = configure::scope(&input.configure);
    engine.begin(Mode::Noted, &scope);
    let live = configure::live(engine, &input.configure)?;
    engine.shared.set_scope(&scope);
    let vm = engine.vm;
    let object = live.object.clone();
    let plain = |error: vm::builtins::PyBaseExceptionRef| errors::describe(&error, &scope, vm);
    let source = &input.configure.inspect.recipe.source;
    layout::repeat(engine, &live, &input.layout, source)?;
    prepare(&object, input, vm).map_err(plain)?;
    engine.keep(
        input.instance,
        Live {
            object: object.clone(),
            laid_out: true,
        },
    );
    if input.editable {
        add_editable(&object, vm).map_err(plain)?;
    } else {
        compose_layouts(&object, "package", &input.folders.package, vm).map_err(plain)?;
    }
    let before = std::env::current_dir().ok();
    // An editable package is where its sources are.
    let place = if input.editable {
        &input.folders.source
    } else {
        &input.folders.package
    };
    if !place.is_empty() {
        // A package that isn't there (skipped, platform) has nothing to look at.
        let _ = std::env::set_current_dir(place);
    }
    let ran = engine
        .hook(&object, "pre_package_info")
        .and_then(|()| {
            engine.run(
                &object,
                "package_info",
                &["info", "source_folder", "build_folder"],
            )
        })
        .and_then(|_| engine.hook(&object, "post_package_info"));
    if let Some(before) = before {
        let _ = std::env::set_current_dir(before);
    }
    ran?;
    let mut output = read(&object, vm).map_err(plain)?;
    check_requires(&object, input, &output, &scope, vm).map_err(|error| match error {
        Unfit::Read(error) => plain(error),
        Unfit::Requires(error) => {
            RecipeError::new(RecipeErrorKind::Exception, "", error.to_string())
        }
    })?;
    if input.editable {
        output.cpp_info =
            merge_editable(&object, output.cpp_info, &input.folders, vm).map_err(plain)?;
    }
    output.reads = engine.shared.take_reads();
    Ok(output)
}

/// Why a package's `requires` can't stand.
enum Unfit {
    Read(vm::builtins::PyBaseExceptionRef),
    Requires(CppInfoError),
}

/// Does `cpp_info` name what the package requires, and nothing else?
fn check_requires(
    object: &PyObjectRef,
    input: &DescribeInput,
    output: &DescribeOutput,
    scope: &str,
    vm: &VirtualMachine,
) -> Result<(), Unfit> {
    let info = &output.cpp_info;
    if info.required_components().is_empty() {
        return Ok(());
    }
    let Some(own) = input.graph.nodes.get(input.node) else {
        return Ok(());
    };
    let counts = |require: &Requirement| {
        require.direct() && !require.build && !require.test() && !require.is_override()
    };
    let requires = || own.dependencies.iter().map(|(require, _)| require);
    let name = |require: &Requirement| require.reference.name.clone();
    let direct: Vec<String> = requires().filter(|it| counts(it)).map(name).collect();
    let mut ignored = object
        .get_attr("cpp_info", vm)
        .and_then(|info| info.get_attr("ignored_requires", vm))
        .and_then(|ignored| convert::to_texts(&ignored, vm))
        .map_err(Unfit::Read)?;
    // Consumers don't link what is hidden, or only run.
    let linked = |require: &Requirement| require.visible() && (require.headers() || require.libs());
    ignored.extend(requires().filter(|it| !linked(it)).map(name));
    info.check_component_requires(scope, &direct, &ignored)
        .map_err(Unfit::Requires)
}

/// The binary is of another configuration than the wanted one.
fn become_compatible(
    object: &PyObjectRef,
    input: &DescribeInput,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let Some(own) = input.graph.nodes.get(input.node) else {
        return Ok(());
    };
    let settings = PySettings::new(own.settings.clone()).into_ref(&vm.ctx);
    object.set_attr("settings", settings, vm)?;
    let options = PyOptions::from_own(own.options.clone()).into_ref(&vm.ctx);
    object.set_attr("options", options, vm)
}

/// Folders, graph and a clean slate for what `package_info()` fills.
fn prepare(object: &PyObjectRef, input: &DescribeInput, vm: &VirtualMachine) -> PyResult<()> {
    let view = PyView::new(input.graph.clone(), input.node).into_ref(&vm.ctx);
    object.set_attr("_conan_view", view, vm)?;
    object.set_attr("_conan_dependencies", vm.ctx.none(), vm)?;
    if let Some(info) = &input.info {
        object.set_attr("info", values::info_object(info, vm)?, vm)?;
        if info.compatibility_delta.is_some() {
            become_compatible(object, input, vm)?;
        }
    }
    let folders = object.get_attr("folders", vm)?;
    let set = |method: &'static str, folder: &str| -> PyResult<()> {
        if !folder.is_empty() {
            vm.call_method(&folders, method, (folder,))?;
        }
        Ok(())
    };
    set("set_base_package", &input.folders.package)?;
    set("set_base_source", &input.folders.source)?;
    set("set_base_build", &input.folders.build)?;
    set("set_base_generators", &input.folders.generators)?;
    set("set_base_recipe_metadata", &input.folders.recipe_metadata)?;
    set("set_base_pkg_metadata", &input.folders.package_metadata)?;
    if !input.folders.immutable_package.is_empty()
        && input.folders.immutable_package != input.folders.package
    {
        let immutable = vm.ctx.new_str(input.folders.immutable_package.as_str());
        folders.set_attr("_immutable_package_folder", immutable, vm)?;
    }
    let environment = || PyEnvironment::new(Environment::new()).into_ref(&vm.ctx);
    object.set_attr("buildenv_info", environment(), vm)?;
    object.set_attr("runenv_info", environment(), vm)?;
    object.set_attr("conf_info", PyConf::new(Conf::new()).into_ref(&vm.ctx), vm)?;
    object.set_attr("generator_info", vm.ctx.none(), vm)?;
    if !input.layout.defined {
        let cpp = object.get_attr("cpp", vm)?;
        let class = crate::native::attribute_of(vm, "conan.internal.model.cpp_info", "CppInfo")?;
        cpp.set_attr("package", class.call((true,), vm)?, vm)?;
    }
    Ok(())
}

/// `self.layouts.{place}` is relative to the folder of that place.
fn compose_layouts(
    object: &PyObjectRef,
    place: &'static str,
    folder: &str,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let part = object.get_attr("layouts", vm)?.get_attr(place, vm)?;
    vm.call_method(&part, "set_relative_base_folder", (folder,))?;
    for (name, method) in [
        ("buildenv_info", "compose_env"),
        ("runenv_info", "compose_env"),
        ("conf_info", "compose_conf"),
    ] {
        let own = object.get_attr(name, vm)?;
        vm.call_method(&own, method, (part.get_attr(name, vm)?,))?;
    }
    Ok(())
}

fn folder_of(object: &PyObjectRef, name: &'static str, vm: &VirtualMachine) -> PyResult<String> {
    let folders = object.get_attr("folders", vm)?;
    Ok(convert::to_optional_text(&*folders.get_attr(name, vm)?, vm)?.unwrap_or_default())
}

fn add_editable(object: &PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
    let source = folder_of(object, "source_folder", vm)?;
    let build = folder_of(object, "build_folder", vm)?;
    compose_layouts(object, "source", &source, vm)?;
    compose_layouts(object, "build", &build, vm)
}

/// What `cpp.source` and `cpp.build` say goes before what `package_info()` says.
fn merge_editable(
    object: &PyObjectRef,
    mut info: crom_model::cpp_info::CppInfo,
    folders: &PackageFolders,
    vm: &VirtualMachine,
) -> PyResult<crom_model::cpp_info::CppInfo> {
    let cpp = object.get_attr("cpp", vm)?;
    let mut whole = values::cpp_info(&*cpp.get_attr("source", vm)?, vm)?;
    whole.set_relative_base_folder(&folder_of(object, "source_folder", vm)?);
    let mut build = values::cpp_info(&*cpp.get_attr("build", vm)?, vm)?;
    build.set_relative_base_folder(&folder_of(object, "build_folder", vm)?);
    whole.merge(&build, false);
    // The base of the sources, also where what is built goes to another folder.
    info.set_relative_base_folder(&folders.source);
    info.merge(&whole, true);
    info.root.sysroot.get_or_insert_default();
    for component in info.components.values_mut() {
        component.sysroot.get_or_insert_default();
    }
    Ok(info)
}

fn read(object: &PyObjectRef, vm: &VirtualMachine) -> PyResult<DescribeOutput> {
    let environment = |name: &'static str| -> PyResult<Environment> {
        let found = object.get_attr(name, vm)?;
        Ok(found
            .downcast_ref::<PyEnvironment>()
            .map(|it| it.snapshot())
            .unwrap_or_default())
    };
    let conf = object.get_attr("conf_info", vm)?;
    let generator_info = crate::native::attribute_of(vm, "conan.internal.generate", "given")?
        .call((object.get_attr("generator_info", vm)?,), vm)?;
    Ok(DescribeOutput {
        cpp_info: values::cpp_info(&*object.get_attr("cpp_info", vm)?, vm)?,
        buildenv_info: environment("buildenv_info")?,
        runenv_info: environment("runenv_info")?,
        conf_info: conf
            .downcast_ref::<PyConf>()
            .map(|it| it.snapshot())
            .unwrap_or_default(),
        generator_info: convert::deserialize(&generator_info, "generator_info", vm)?,
        reads: crom_recipe::Reads::default(),
    })
}
