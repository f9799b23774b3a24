//! Values of the model that the facade keeps as plain Python objects: references, requirements,
//! `cpp_info`, `self.info`.

use crom_model::conaninfo::ConanInfo;
use crom_model::cpp_info::{Component, CppInfo};
use crom_model::package_id::{PythonRequiresInfo, RequirementInfo, RequirementsInfo};
use crom_model::package_type::PackageType;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::requirement::{PackageIdMode, PackageIdModeInput, Requirement};
use indexmap::IndexMap;
use rustpython_vm as vm;
use serde::Deserialize;
use vm::{PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine};

use crate::convert;
use crate::native::conf::PyConf;
use crate::native::options::PyOptions;
use crate::native::settings::PySettings;
use crate::native::version::PyVersion;
use crate::native::{attribute_of, exception};

/// `RecipeReference.loads`: the parts, in the order of the constructor's arguments.
pub(crate) fn parse_reference(text: &str, vm: &VirtualMachine) -> PyResult {
    let reference = RecipeReference::loads(text)
        .map_err(|error| exception(vm, "ConanException", error.to_string()))?;
    Ok(reference_parts(&reference, vm))
}

/// A recipe or package reference with its time as people read it.
pub(crate) fn human_reference(
    text: &str,
    is_package: bool,
    vm: &VirtualMachine,
) -> PyResult<String> {
    let shown = if is_package {
        PackageReference::loads(text).map(|it| it.repr_humantime())
    } else {
        RecipeReference::loads(text).map(|it| it.repr_humantime())
    };
    shown.map_err(|error| exception(vm, "ConanException", error.to_string()))
}

/// (name, version, user, channel, revision, timestamp)
pub(crate) fn reference_parts(reference: &RecipeReference, vm: &VirtualMachine) -> PyObjectRef {
    let text = |value: &Option<String>| -> PyObjectRef {
        value
            .as_ref()
            .map_or_else(|| vm.ctx.none(), |it| vm.ctx.new_str(it.as_str()).into())
    };
    let named = |value: &str| -> PyObjectRef {
        if value.is_empty() {
            vm.ctx.none()
        } else {
            vm.ctx.new_str(value).into()
        }
    };
    let version: PyObjectRef = if reference.version.is_empty() {
        vm.ctx.none()
    } else {
        PyVersion {
            value: reference.version.clone(),
        }
        .into_ref(&vm.ctx)
        .into()
    };
    let timestamp = reference
        .timestamp
        .map_or_else(|| vm.ctx.none(), |it| vm.ctx.new_float(it).into());
    let parts = vec![
        named(&reference.name),
        version,
        text(&reference.user),
        text(&reference.channel),
        text(&reference.revision),
        timestamp,
    ];
    vm.ctx.new_tuple(parts).into()
}

/// A `RecipeReference` object.
pub(crate) fn reference_object(reference: &RecipeReference, vm: &VirtualMachine) -> PyResult {
    let class = attribute_of(vm, "conan.internal.model.recipe_ref", "RecipeReference")?;
    let parts: Vec<PyObjectRef> = reference_parts(reference, vm).try_to_value(vm)?;
    class.call(parts, vm)
}

/// The value of a `RecipeReference` object or a text.
pub(crate) fn reference(object: &PyObject, vm: &VirtualMachine) -> PyResult<RecipeReference> {
    let text = match object.get_attr("repr_full", vm) {
        Ok(method) => convert::to_text(&*method.call((), vm)?, vm)?,
        Err(_) => convert::to_text(object, vm)?,
    };
    RecipeReference::loads(&text)
        .map_err(|error| exception(vm, "ConanException", error.to_string()))
}

/// The same; none for a consumer without a name.
pub(crate) fn named_reference(
    object: &PyObject,
    vm: &VirtualMachine,
) -> PyResult<Option<RecipeReference>> {
    if vm.is_none(object) || vm.is_none(&*object.get_attr("name", vm)?) {
        return Ok(None);
    }
    reference(object, vm).map(Some)
}

/// What `Requirement._crom_data` hands over.
#[derive(Debug, Deserialize)]
struct RequirementData {
    r#ref: String,
    headers: Option<bool>,
    libs: Option<bool>,
    build: bool,
    run: Option<bool>,
    visible: Option<bool>,
    transitive_headers: Option<bool>,
    transitive_libs: Option<bool>,
    test: Option<bool>,
    package_id_mode: Option<String>,
    force: Option<bool>,
    r#override: Option<bool>,
    direct: Option<bool>,
    consistent: Option<bool>,
    options: Option<IndexMap<String, serde_json::Value>>,
    no_skip: bool,
}

/// A recipe's requirement.
pub(crate) fn requirement(object: &PyObject, vm: &VirtualMachine) -> PyResult<Requirement> {
    let data: RequirementData = convert::deserialize(object, "requirement", vm)?;
    let reference = RecipeReference::loads(&data.r#ref)
        .map_err(|error| exception(vm, "ConanException", error.to_string()))?;
    let mut requirement = Requirement::new(reference);
    requirement.headers = data.headers;
    requirement.libs = data.libs;
    requirement.build = data.build;
    requirement.run = data.run;
    requirement.visible = data.visible;
    requirement.transitive_headers = data.transitive_headers;
    requirement.transitive_libs = data.transitive_libs;
    requirement.test = data.test;
    requirement.is_test = data.test == Some(true);
    requirement.package_id_mode = data.package_id_mode;
    requirement.force = data.force;
    requirement.override_ = data.r#override;
    requirement.direct = data.direct;
    requirement.consistent = data.consistent;
    requirement.no_skip = data.no_skip;
    requirement.options = data.options.map(|options| {
        options
            .iter()
            .map(|(name, value)| (name.clone(), python_text(value)))
            .collect()
    });
    Ok(requirement)
}

/// Data as `str()` shows it in Python; none for `None`.
pub(crate) fn python_text(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::Null => None,
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        Value::String(text) => Some(text.clone()),
        other => Some(crom_model::yaml::Value::from_json(other).to_python_str()),
    }
}

/// The arguments of `Requirement._from_data`, with all traits decided.
pub(crate) fn requirement_data(requirement: &Requirement, vm: &VirtualMachine) -> PyResult {
    let mut map = serde_json::Map::new();
    let mut put = |name: &str, value: serde_json::Value| map.insert(name.to_owned(), value);
    put("headers", requirement.headers().into());
    put("libs", requirement.libs().into());
    put("build", requirement.build.into());
    put("run", requirement.run().into());
    put("visible", requirement.visible().into());
    put("transitive_headers", requirement.transitive_headers.into());
    put("transitive_libs", requirement.transitive_libs.into());
    put("test", requirement.test().into());
    put(
        "package_id_mode",
        requirement.package_id_mode.clone().into(),
    );
    put("force", requirement.force().into());
    put("override", requirement.is_override().into());
    put("direct", requirement.direct().into());
    put("consistent", requirement.consistent().into());
    put("no_skip", requirement.no_skip.into());
    if let Some(options) = &requirement.options {
        put("options", serde_json::json!(options));
    }
    put("skip", requirement.skip.into());
    let data = convert::to_python(&serde_json::Value::Object(map), vm)?;
    data.set_item("ref", reference_parts(&requirement.reference, vm), vm)?;
    Ok(data)
}

/// What methods of `Requirement` do, on data.
pub(crate) fn requirement_operation(
    operation: &str,
    data: &PyObject,
    argument: &PyObject,
    vm: &VirtualMachine,
) -> PyResult {
    let mut own = requirement(data, vm)?;
    match operation {
        "aggregate" => own.aggregate(&requirement(argument, vm)?),
        "process_package_type" => {
            let (consumer, dependency): (PackageType, PackageType) =
                convert::deserialize(argument, "package types", vm)?;
            own.process_package_type(consumer, dependency);
        }
        "transform_downstream" => {
            let require = requirement(&*argument.get_item("require", vm)?, vm)?;
            let (middle, dependency): (PackageType, PackageType) =
                convert::deserialize(&*argument.get_item("types", vm)?, "package types", vm)?;
            let found = own
                .transform_downstream(middle, &require, dependency)
                .map_err(|error| exception(vm, "ConanException", error.to_string()))?;
            return match found {
                Some(found) => requirement_data(&found, vm),
                None => Ok(vm.ctx.none()),
            };
        }
        "deduce_package_id_mode" => {
            let wanted: ModeData = convert::deserialize(argument, "package id modes", vm)?;
            own.deduce_package_id_mode(&PackageIdModeInput {
                consumer: wanted.consumer,
                dependency: wanted.dependency,
                non_embed_mode: wanted.non_embed_mode.as_deref(),
                embed_mode: wanted.embed_mode.as_deref(),
                unknown_mode: wanted.unknown_mode.as_deref(),
                build_mode: wanted.build_mode.as_deref(),
                fix_transitive_static: wanted.fix_transitive_static,
            });
        }
        other => {
            return Err(vm.new_value_error(format!("a requirement has no operation `{other}`")));
        }
    }
    requirement_data(&own, vm)
}

#[derive(Deserialize)]
struct ModeData {
    consumer: PackageType,
    dependency: PackageType,
    non_embed_mode: Option<String>,
    embed_mode: Option<String>,
    build_mode: Option<String>,
    unknown_mode: Option<String>,
    fix_transitive_static: bool,
}

/// A `cpp_info` as the facade's data.
pub(crate) fn cpp_info_data(info: &CppInfo, vm: &VirtualMachine) -> PyResult {
    convert::serialize(info, vm)
}

/// The value of a `CppInfo` object or its data.
pub(crate) fn cpp_info(object: &PyObject, vm: &VirtualMachine) -> PyResult<CppInfo> {
    convert::deserialize(object, "cpp_info", vm)
}

/// `_crom.cpp_info`
pub(crate) fn cpp_info_operation(
    operation: &str,
    data: &PyObject,
    argument: &PyObject,
    vm: &VirtualMachine,
) -> PyResult {
    let failed = |error: crom_model::cpp_info::CppInfoError| {
        exception(vm, "ConanException", error.to_string())
    };
    if operation == "serialize_component" {
        let component: Component = convert::deserialize(data, "component", vm)?;
        return convert::serialize(&component.to_json(), vm);
    }
    if operation == "deserialize" {
        let info = CppInfo::from_json(&convert::to_json(data, vm)?).map_err(failed)?;
        return cpp_info_data(&info, vm);
    }
    let mut info = cpp_info(data, vm)?;
    match operation {
        "serialize" => return convert::serialize(&info.to_json(), vm),
        "merge" => info.merge(&cpp_info(argument, vm)?, false),
        "overwrite" => info.merge(&cpp_info(argument, vm)?, true),
        "set_relative_base_folder" => {
            info.set_relative_base_folder(&convert::to_text(argument, vm)?);
        }
        "deploy_base_folder" => match convert::to_texts(argument, vm)?.as_slice() {
            [package, deploy] => info.deploy_base_folder(package, deploy),
            _ => return Err(vm.new_value_error("deploy_base_folder takes two folders")),
        },
        "aggregated_components" => {
            let wanted = convert::to_texts(argument, vm)?;
            if !wanted.is_empty() {
                info.components.retain(|name, _| wanted.contains(name));
            }
            info = info.aggregated_components().map_err(failed)?;
        }
        "sorted_components" => {
            let sorted = info.get_sorted_components().map_err(failed)?;
            let names = sorted
                .keys()
                .map(|name| vm.ctx.new_str(name.as_str()).into());
            return Ok(vm.ctx.new_list(names.collect()).into());
        }
        "required_components" => return convert::serialize(&info.required_components(), vm),
        "check_component_requires" => {
            let (reference, direct, ignored): (String, Vec<String>, Vec<String>) =
                convert::deserialize(argument, "check_component_requires", vm)?;
            info.check_component_requires(&reference, &direct, &ignored)
                .map_err(failed)?;
        }
        other => return Err(vm.new_value_error(format!("cpp_info has no operation `{other}`"))),
    }
    cpp_info_data(&info, vm)
}

/// `self.info` for a method that may change it.
pub(crate) fn info_object(info: &ConanInfo, vm: &VirtualMachine) -> PyResult {
    let parts = vm.ctx.new_dict();
    let settings = PySettings::new(info.settings.clone()).into_ref(&vm.ctx);
    parts.set_item("settings", settings.into(), vm)?;
    let target = match &info.settings_target {
        Some(target) => PySettings::new(target.clone()).into_ref(&vm.ctx).into(),
        None => vm.ctx.none(),
    };
    parts.set_item("settings_target", target, vm)?;
    let options = PyOptions::from_own(info.options.clone()).into_ref(&vm.ctx);
    parts.set_item("options", options.into(), vm)?;
    parts.set_item(
        "requires",
        convert::serialize(&info.requires.items, vm)?,
        vm,
    )?;
    parts.set_item(
        "build_requires",
        convert::serialize(&info.build_requires.items, vm)?,
        vm,
    )?;
    parts.set_item(
        "python_requires",
        convert::serialize(&info.python_requires.items, vm)?,
        vm,
    )?;
    parts.set_item(
        "conf",
        PyConf::new(info.conf.clone()).into_ref(&vm.ctx).into(),
        vm,
    )?;
    let config_version = match &info.config_version {
        Some(config) => convert::serialize(&config.items, vm)?,
        None => vm.ctx.none(),
    };
    parts.set_item("config_version", config_version, vm)?;
    parts.set_item("invalid", convert::serialize(&info.invalid, vm)?, vm)?;
    parts.set_item("cant_build", convert::serialize(&info.cant_build, vm)?, vm)?;
    let delta = convert::serialize(&info.compatibility_delta, vm)?;
    parts.set_item("compatibility_delta", delta, vm)?;
    attribute_of(vm, "conan.internal.model.info", "ConanInfo")?.call((parts,), vm)
}

/// The value of a `ConanInfo` object.
pub(crate) fn info(object: &PyObject, vm: &VirtualMachine) -> PyResult<ConanInfo> {
    let part = |name: &'static str| object.get_attr(name, vm);
    let settings_of = |value: &PyObject| value.downcast_ref::<PySettings>().map(|it| it.snapshot());
    let settings = settings_of(&*part("settings")?)
        .ok_or_else(|| vm.new_type_error("self.info.settings was replaced by something else"))?;
    let options = part("options")?;
    let options = options
        .downcast_ref::<PyOptions>()
        .ok_or_else(|| vm.new_type_error("self.info.options was replaced by something else"))?
        .snapshot()
        .own;
    let conf = part("conf")?;
    let conf = conf
        .downcast_ref::<PyConf>()
        .map(|it| it.snapshot())
        .unwrap_or_default();
    let requires: RequirementsInfo = convert::deserialize(&*part("requires")?, "requires", vm)?;
    let build_requires = convert::deserialize(&*part("build_requires")?, "build_requires", vm)?;
    let python_requires: PythonRequiresInfo =
        convert::deserialize(&*part("python_requires")?, "python_requires", vm)?;
    let config_version = part("config_version")?;
    let config_version = if vm.is_none(&config_version) {
        None
    } else {
        Some(convert::deserialize(&config_version, "config_version", vm)?)
    };
    Ok(ConanInfo {
        settings,
        settings_target: settings_of(&*part("settings_target")?),
        options,
        requires,
        python_requires,
        build_requires,
        conf,
        config_version,
        invalid: convert::deserialize(&*part("invalid")?, "invalid", vm)?,
        cant_build: convert::deserialize(&*part("cant_build")?, "cant_build", vm)?,
        compatibility_delta: convert::deserialize(&*part("compatibility_delta")?, "delta", vm)?,
    })
}

/// `_crom.requirement_info`: one dependency's part of the id in another mode.
pub(crate) fn requirement_info(data: &PyObject, mode: &str, vm: &VirtualMachine) -> PyResult {
    let mut info: RequirementInfo = convert::deserialize(data, "requirement info", vm)?;
    let mode = PackageIdMode::parse(mode)
        .ok_or_else(|| vm.new_attribute_error(format!("no package id mode '{mode}'")))?;
    info.set_mode(mode);
    convert::serialize(&info, vm)
}

/// `_crom.requirement_info_line`
pub(crate) fn requirement_info_line(
    data: &PyObject,
    vm: &VirtualMachine,
) -> PyResult<Option<String>> {
    let info: RequirementInfo = convert::deserialize(data, "requirement info", vm)?;
    Ok(info.dumps())
}
