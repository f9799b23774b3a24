//! `CMakePresets.json` in the generators folder, and `CMakeUserPresets.json` beside the project's
//! `CMakeLists.txt`, which includes the former.

use crom_model::flags::msvc;
use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::generator::is_multi_configuration;
use super::text::{Message, join, relative_to, slashes};
use super::toolchain::any_toolset;
use super::{CMakeError, Consumer};
use crate::cmake::layout::FolderVariables;

/// The presets of a `CMakeToolchain`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PresetsInput {
    /// The package that the files are for.
    pub consumer: Consumer,
    /// `tc.generator`
    pub generator: String,
    /// `tc.cache_variables`
    pub cache_variables: IndexMap<String, Value>,
    /// `tc.presets_prefix`
    pub prefix: String,
    /// Values of `build_folder_vars`: part of the presets' names.
    pub folder_variables: FolderVariables,
    /// Environment of the build, with `$penv{NAME}` for what is there before.
    pub build_environment: IndexMap<String, String>,
    /// Environment of programs that are built.
    pub run_environment: IndexMap<String, String>,
    /// `tc.absolute_paths`
    pub absolute_paths: bool,
    /// `tc.user_presets_path`: text, or false for no such file.
    pub user_presets_path: Value,
    /// The program of a required tool package `cmake`, if it has one.
    pub cmake_of_tool: Option<String>,
    /// `CMakePresets.json` that is there already, as text.
    pub existing: Option<String>,
    /// Files at [`Plan::project_files`] that are there, by path.
    pub project_files: IndexMap<String, String>,
    /// Those of [`Plan::folders`] that are there.
    pub existing_folders: Vec<String>,
    /// Files that the user presets include and that are there, as absolute paths.
    pub existing_includes: Vec<String>,
    /// Folders that have a `CMakeLists.txt`.
    pub folders_with_lists: Vec<String>,
}

/// What [`render`] has to know about the disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// `CMakePresets.json` to be read.
    pub presets: String,
    /// A path that may be a folder.
    pub folders: Vec<String>,
    /// Folders that may have a `CMakeLists.txt`.
    pub list_folders: Vec<String>,
    /// Files to be read if they are there. The files that they `include` belong to
    /// [`PresetsInput::existing_includes`].
    pub project_files: Vec<String>,
}

/// A file with an absolute path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacedFile {
    /// Absolute.
    pub path: String,
    /// Its text.
    pub content: String,
}

/// Files to be written and what to tell the user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RenderedPresets {
    /// With absolute paths.
    pub files: Vec<PlacedFile>,
    /// In order.
    pub messages: Vec<Message>,
}

const USER_FILE: &str = "CMakeUserPresets.json";

/// What has to be known of the disk.
///
/// # Errors
/// If a conf has a wrong type.
pub fn plan(input: &PresetsInput) -> Result<Plan, CMakeError> {
    let mut plan = Plan {
        presets: presets_path(&input.consumer),
        ..Plan::default()
    };
    if let Some(path) = user_path(input)? {
        plan.folders.push(path.clone());
        for folder in [path.as_str(), parent(&path)] {
            plan.list_folders.push(folder.to_owned());
            for name in ["CMakePresets.json", USER_FILE] {
                plan.project_files.push(join(folder, name));
            }
        }
        plan.project_files.push(path);
    }
    Ok(plan)
}

/// The files.
///
/// # Errors
/// If `CMakePresets.json` is there and isn't ours, or isn't JSON, or a conf has a wrong type.
pub fn render(input: &PresetsInput) -> Result<RenderedPresets, CMakeError> {
    let names = Names::new(input);
    let configure = configure_preset(input, &names)?;
    let presets = merged_presets(input, &names, configure.clone())?;
    let path = presets_path(&input.consumer);
    let user = user_presets(input, &presets, &path)?;
    let mut messages = vec![Message::info(added(
        input,
        &names,
        &configure,
        user.as_ref(),
    )?)];
    let mut files = vec![PlacedFile {
        path,
        content: dump(&presets),
    }];
    files.extend(user);
    for file in &files {
        messages.push(Message::info(format!(
            "CMakeToolchain generated: {}",
            file.path
        )));
    }
    Ok(RenderedPresets { files, messages })
}

fn presets_path(consumer: &Consumer) -> String {
    join(&consumer.folders.generators, "CMakePresets.json")
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Presets' names: `conan-release` or, with `build_folder_vars`, `conan-gcc-static-release`.
struct Names {
    configure: String,
    build: String,
}

impl Names {
    fn new(input: &PresetsInput) -> Names {
        let build_type = input.consumer.setting("build_type").map(str::to_lowercase);
        let variables = &input.folder_variables;
        let prefixed = |name: &str| match input.prefix.as_str() {
            "" => name.to_owned(),
            prefix => format!("{prefix}-{name}"),
        };
        let custom = variables.text.as_str();
        let build = match (custom, build_type) {
            ("", Some(build_type)) => build_type,
            ("", None) => "default".to_owned(),
            (custom, Some(build_type)) if !variables.has_build_type => {
                format!("{custom}-{build_type}")
            }
            (custom, _) => custom.to_owned(),
        };
        let configure = if !is_multi_configuration(&input.generator) {
            build.clone()
        } else if custom.is_empty() {
            "default".to_owned()
        } else {
            custom.to_owned()
        };
        Names {
            configure: prefixed(&configure),
            build: prefixed(&build),
        }
    }
}

/// Build tools that `cmake --build` is to give `-j`.
pub(crate) fn has_jobs(generator: &str) -> bool {
    (generator.contains("Makefiles") && !generator.contains("NMake")) || generator.contains("Ninja")
}

fn cache_variables(input: &PresetsInput) -> Result<Map<String, Value>, CMakeError> {
    let consumer = &input.consumer;
    let mut variables: Map<String, Value> = input
        .cache_variables
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Bool(true) => "ON".into(),
                Value::Bool(false) => "OFF".into(),
                other => other.clone(),
            };
            (name.clone(), value)
        })
        .collect();
    let mut default = |name: &str, value: &str| {
        variables.entry(name).or_insert_with(|| value.into());
    };
    if consumer.platform == "Windows" && input.generator == "MinGW Makefiles" {
        default("CMAKE_SH", "CMAKE_SH-NOTFOUND");
    }
    let make = consumer.conf.get_str("tools.gnu:make_program")?;
    if let Some(make) = make {
        variables.insert("CMAKE_MAKE_PROGRAM".to_owned(), slashes(&make).into());
    }
    let mut default = |name: &str, value: &str| {
        variables.entry(name).or_insert_with(|| value.into());
    };
    default("CMAKE_POLICY_DEFAULT_CMP0091", "NEW");
    if consumer.conf.get_bool("tools.build:skip_test")? == Some(true) {
        default("BUILD_TESTING", "OFF");
    }
    if !is_multi_configuration(&input.generator)
        && let Some(build_type) = consumer.setting("build_type")
    {
        variables.insert("CMAKE_BUILD_TYPE".to_owned(), build_type.into());
    }
    clang_cl(consumer, &mut variables)?;
    Ok(variables)
}

/// clang-cl must be known before CMake looks at the toolchain file, or IDEs take clang for it.
fn clang_cl(consumer: &Consumer, variables: &mut Map<String, Value>) -> Result<(), CMakeError> {
    if consumer.setting("os") != Some("Windows") || consumer.setting("compiler") != Some("clang") {
        return Ok(());
    }
    let executables = consumer.conf.get_dict("tools.build:compiler_executables")?;
    let program = |name: &str| executables.get(name).map(|it| slashes(&it.to_python_str()));
    let (c, cpp) = (program("c"), program("cpp"));
    let is_cl = |it: &Option<String>| it.as_deref().is_some_and(|it| it.contains("clang-cl"));
    if is_cl(&c) || is_cl(&cpp) {
        for (name, program) in [("CMAKE_C_COMPILER", c), ("CMAKE_CXX_COMPILER", cpp)] {
            if let Some(program) = program {
                variables.insert(name.to_owned(), program.into());
            }
        }
    }
    Ok(())
}

fn configure_preset(input: &PresetsInput, names: &Names) -> Result<Map<String, Value>, CMakeError> {
    let consumer = &input.consumer;
    let name = &names.configure;
    let mut preset = Map::new();
    let mut set = |key: &str, value: Value| preset.insert(key.to_owned(), value);
    set("name", name.as_str().into());
    set("displayName", format!("'{name}' config").into());
    let description = format!("'{name}' configure using '{}' generator", input.generator);
    set("description", description.into());
    set("generator", input.generator.as_str().into());
    set("cacheVariables", Value::Object(cache_variables(input)?));
    if !input.build_environment.is_empty() {
        set("environment", json!(input.build_environment));
    }
    if consumer.setting("compiler") == Some("msvc")
        && (input.generator.contains("Ninja") || input.generator.contains("Visual"))
    {
        // The tools that make the developer's environment for an IDE read these.
        if let Some(toolset) = any_toolset(consumer, &input.generator)? {
            set(
                "toolset",
                json!({ "value": toolset, "strategy": "external" }),
            );
        }
        if let Some(arch) = preset_arch(consumer, &input.generator) {
            set(
                "architecture",
                json!({ "value": arch, "strategy": "external" }),
            );
        }
    }
    let program = consumer.conf.get_str("tools.cmake:cmake_program")?;
    if let Some(program) = program.or_else(|| input.cmake_of_tool.clone()) {
        set("cmakeExecutable", slashes(&program).into());
    }
    set("toolchainFile", toolchain_path(input)?.into());
    if !consumer.folders.build.is_empty() {
        set("binaryDir", slashes(&consumer.folders.build).into());
    }
    Ok(preset)
}

fn preset_arch(consumer: &Consumer, generator: &str) -> Option<&'static str> {
    match consumer.setting("arch")? {
        "x86" if generator.contains("Ninja") => Some("x86"),
        arch => msvc::platform(arch),
    }
}

/// Relative to the build folder, so that the project may move.
fn toolchain_path(input: &PresetsInput) -> Result<String, CMakeError> {
    let consumer = &input.consumer;
    let name = consumer
        .conf
        .get_str("tools.cmake.cmaketoolchain:toolchain_file")?
        .unwrap_or_else(|| super::toolchain::FILE_NAME.to_owned());
    let path = join(&consumer.folders.generators, &name);
    let build = slashes(&consumer.folders.build);
    if input.absolute_paths
        || build.is_empty()
        || path.get(..2) != build.get(..2) && !build.starts_with('/')
    {
        return Ok(path);
    }
    Ok(relative_to(&path, &build))
}

fn build_preset(input: &PresetsInput, names: &Names) -> Map<String, Value> {
    let mut preset = common_preset(input, names);
    if !input.generator.contains("Visual Studio") {
        preset.insert("jobs".to_owned(), input.consumer.jobs.into());
    }
    preset
}

fn test_preset(input: &PresetsInput, names: &Names) -> Map<String, Value> {
    let mut preset = common_preset(input, names);
    preset.insert(
        "execution".to_owned(),
        json!({ "jobs": input.consumer.jobs }),
    );
    if !input.run_environment.is_empty() {
        preset.insert("environment".to_owned(), json!(input.run_environment));
    }
    preset
}

fn common_preset(input: &PresetsInput, names: &Names) -> Map<String, Value> {
    let mut preset = Map::new();
    preset.insert("name".to_owned(), names.build.as_str().into());
    preset.insert(
        "configurePreset".to_owned(),
        names.configure.as_str().into(),
    );
    if is_multi_configuration(&input.generator)
        && let Some(build_type) = input.consumer.setting("build_type")
    {
        preset.insert("configuration".to_owned(), build_type.into());
    }
    preset
}

/// One configuration's presets replace the file, except that a multi-configuration build tree has
/// the build and test presets of all its configurations.
fn merged_presets(
    input: &PresetsInput,
    names: &Names,
    configure: Map<String, Value>,
) -> Result<Value, CMakeError> {
    let mut build = Vec::new();
    let mut test = Vec::new();
    if let Some(existing) = &input.existing {
        let path = presets_path(&input.consumer);
        let existing = parse(existing, &path)?;
        if existing.pointer("/vendor/conan").is_none() {
            return Err(CMakeError::invalid(
                "Existing CMakePresets.json not generated by Conan cannot be overwritten.\n\
                 Use --output-folder or define a 'layout' to avoid collision with your project's \
                 CMakePresets.json",
            ));
        }
        if is_multi_configuration(&input.generator) {
            let of_same_tree = |kind: &str| -> Vec<Value> {
                let presets = existing.get(kind).and_then(Value::as_array);
                let presets = presets.into_iter().flatten();
                presets
                    .filter(|it| it["configurePreset"] == names.configure.as_str())
                    .cloned()
                    .collect()
            };
            build = of_same_tree("buildPresets");
            test = of_same_tree("testPresets");
        }
    }
    replace_by_name(&mut build, build_preset(input, names));
    replace_by_name(&mut test, test_preset(input, names));
    Ok(json!({
        "version": 3,
        "vendor": { "conan": {} },
        "cmakeMinimumRequired": { "major": 3, "minor": 15, "patch": 0 },
        "configurePresets": [configure],
        "buildPresets": build,
        "testPresets": test,
    }))
}

fn replace_by_name(presets: &mut Vec<Value>, preset: Map<String, Value>) {
    let name = preset.get("name").cloned();
    let preset = Value::Object(preset);
    match presets
        .iter_mut()
        .find(|it| it.get("name") == name.as_ref())
    {
        Some(slot) => *slot = preset,
        None => presets.push(preset),
    }
}

fn parse(text: &str, path: &str) -> Result<Value, CMakeError> {
    serde_json::from_str(text).map_err(|source| CMakeError::Json {
        path: path.to_owned(),
        source,
    })
}

/// Where the user presets go, before it's known whether that is a folder.
fn user_path(input: &PresetsInput) -> Result<Option<String>, CMakeError> {
    let consumer = &input.consumer;
    let conf = consumer
        .conf
        .get("tools.cmake.cmaketoolchain:user_presets")?;
    let path = conf.map_or_else(|| input.user_presets_path.clone(), |value| value.to_json());
    let Value::String(path) = path else {
        return Ok(None);
    };
    let source = slashes(&consumer.folders.source);
    // Beside CMakePresets.json there is no need for another file.
    if path.is_empty() || source.is_empty() || source == slashes(&consumer.folders.generators) {
        return Ok(None);
    }
    Ok(Some(join(&source, &path)))
}

fn user_presets(
    input: &PresetsInput,
    presets: &Value,
    presets_path: &str,
) -> Result<Option<PlacedFile>, CMakeError> {
    let Some(mut path) = user_path(input)? else {
        return Ok(None);
    };
    if input.existing_folders.contains(&path) {
        path = join(&path, USER_FILE);
    }
    let folder = parent(&path).to_owned();
    if path.ends_with(&format!("/{USER_FILE}")) && !input.folders_with_lists.contains(&folder) {
        return Ok(None);
    }
    let mut data = match input.project_files.get(&path) {
        Some(text) => {
            let data = parse(text, &path)?;
            if data.pointer("/vendor/conan").is_none() {
                // The user's own file, which may include ours.
                return Ok(None);
            }
            data
        }
        None => json!({ "version": 4, "vendor": { "conan": {} } }),
    };
    let own = if input.absolute_paths {
        presets_path.to_owned()
    } else {
        relative_to(presets_path, &folder)
    };
    let mut includes: IndexSet<String> = IndexSet::new();
    for include in data["include"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if include == own || input.existing_includes.contains(&join(&folder, include)) {
            includes.insert(include.to_owned());
        }
    }
    includes.insert(own);
    if let Value::Object(data) = &mut data {
        for kind in PRESET_KINDS {
            data.remove(kind);
        }
        data.insert("include".to_owned(), json!(includes));
        stand_ins(input, presets, &path, data)?;
    }
    Ok(Some(PlacedFile {
        path,
        content: dump(&data),
    }))
}

const PRESET_KINDS: [&str; 3] = ["configurePresets", "buildPresets", "testPresets"];

/// The project's presets may inherit from presets of ours that aren't installed yet; CMake would
/// refuse the whole file, so these get an empty stand-in.
fn stand_ins(
    input: &PresetsInput,
    presets: &Value,
    path: &str,
    data: &mut Map<String, Value>,
) -> Result<(), CMakeError> {
    let folder = parent(path);
    let file_name = path.rsplit('/').next().unwrap_or_default();
    let mut includes: Vec<Value> = vec![presets.clone()];
    for include in data["include"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        let include = join(folder, include);
        if let Some(text) = input.project_files.get(&include) {
            includes.push(parse(text, &include)?);
        }
    }
    for name in ["CMakePresets.json", USER_FILE] {
        let project_path = join(folder, name);
        let Some(text) = input.project_files.get(&project_path) else {
            continue;
        };
        let project = parse(text, &project_path)?;
        let mut included = project["include"].as_array().into_iter().flatten();
        if !included.any(|it| it.as_str().is_some_and(|it| it.ends_with(file_name))) {
            continue;
        }
        for kind in PRESET_KINDS {
            for parent in inherited(&project, kind) {
                let known = includes
                    .iter()
                    .chain([&project])
                    .any(|file| defines(file, kind, &parent));
                if known || (!input.prefix.is_empty() && !parent.starts_with(&input.prefix)) {
                    continue;
                }
                let stand_ins = data.entry(kind).or_insert_with(|| json!([]));
                if let Value::Array(items) = stand_ins {
                    let stand_in = json!({ "name": parent });
                    if !items.contains(&stand_in) {
                        items.push(stand_in);
                    }
                }
            }
        }
    }
    Ok(())
}

fn defines(file: &Value, kind: &str, name: &str) -> bool {
    file[kind]
        .as_array()
        .into_iter()
        .flatten()
        .any(|it| it["name"] == name)
}

fn inherited(file: &Value, kind: &str) -> IndexSet<String> {
    let presets = file[kind].as_array().into_iter().flatten();
    presets
        .flat_map(|preset| match &preset["inherits"] {
            Value::String(one) => vec![one.clone()],
            Value::Array(many) => many
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        })
        .collect()
}

/// How to call CMake, by hand.
fn added(
    input: &PresetsInput,
    names: &Names,
    configure: &Map<String, Value>,
    user: Option<&PlacedFile>,
) -> Result<String, CMakeError> {
    let quote = |text: &str| {
        if text.contains(' ') {
            format!("\"{text}\"")
        } else {
            text.to_owned()
        }
    };
    let variables: Vec<String> = configure["cacheVariables"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("-D{name}={}", quote(&super::text::python_str(value))))
        .collect();
    let toolchain = toolchain_path(input)?;
    let toolchain = if toolchain.starts_with('/') {
        toolchain
    } else {
        format!("<output_folder>/{toolchain}")
    };
    let name = &names.configure;
    let preset = match user {
        Some(file) if !file.path.ends_with(&format!("/{USER_FILE}")) => {
            let way = relative_to(&file.path, &slashes(&input.consumer.folders.source));
            format!("(cmake>=4.4) cmake --preset-file {way} --preset {name}")
        }
        _ => format!("(cmake>=3.23) cmake --preset {name}"),
    };
    Ok(format!(
        "CMakeToolchain: Preset '{name}' added to CMakePresets.json.\n    {preset}\n    \
         (cmake<3.23) cmake <path> -G {}\n                 -DCMAKE_TOOLCHAIN_FILE={toolchain} \n                 {}",
        quote(&input.generator),
        variables.join(" ")
    ))
}

/// JSON with four spaces, as Python's `json.dump(indent=4)` writes it.
fn dump(value: &Value) -> String {
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    // Neither a Vec nor a Value can fail.
    if value.serialize(&mut serializer).is_err() {
        return value.to_string();
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Absolute paths of the files that presets include; none if the text isn't presets.
pub fn included(path: &str, text: &str) -> Vec<String> {
    let Ok(presets) = serde_json::from_str::<Value>(text) else {
        return Vec::new();
    };
    let includes = presets["include"].as_array().into_iter().flatten();
    includes
        .filter_map(Value::as_str)
        .map(|include| join(parent(path), include))
        .collect()
}
