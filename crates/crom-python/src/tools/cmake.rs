//! `conan.tools.cmake` and `conan.tools.layout`

use std::path::Path;

use crom_generators::cmake::build_helper::{self, Arguments, Call, Command, Helper};
use crom_generators::cmake::config_deps::{self, ConfigDepsInput};
use crom_generators::cmake::deps::{self, DepsInput, Generated, NamesOfDependency};
use crom_generators::cmake::layout::{
    self, CMakeLayoutInput, FolderVariablesInput, Folders, folder_variables,
};
use crom_generators::cmake::presets::{self, PresetsInput};
use crom_generators::cmake::text::Message;
use crom_generators::cmake::toolchain::{self, Block, ToolchainInput};
use crom_generators::cmake::{CMakeError, Consumer, Overrides, generator};
use crom_generators::file::File;
use crom_model::view::Context;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::consumer::consumer;
use super::{NoInput, RecipeState, Registry, ToolContext, ToolError};

type Result<T> = std::result::Result<T, ToolError>;

pub(super) fn register(registry: &mut Registry) {
    registry.method(
        "cmake.generator",
        |recipe: &RecipeState<'_>, input: AskedGenerator| {
            Ok(generator::choose(
                &consumer(recipe)?,
                input.generator.as_deref(),
            )?)
        },
    );
    registry.function(
        "cmake.is_multi_configuration",
        |_: &ToolContext, input: AskedGenerator| {
            Ok(generator::is_multi_configuration(
                &input.generator.unwrap_or_default(),
            ))
        },
    );
    register_toolchain(registry);
    register_deps(registry);
    register_helper(registry);
    registry.method("cmake.layout", cmake_layout);
    registry.method("cmake.layout.variables", custom_variables);
    registry.method("cmake.presets.write", write_presets);
    registry.method("layout.basic", basic_layout);
}

#[derive(Deserialize)]
struct AskedGenerator {
    generator: Option<String>,
}

/// Writes a file unless it's there with that content, so that build systems see no change.
fn write(path: &Path, content: &str) -> Result<()> {
    if crom_fs::is_file(path) && crom_fs::read(path)? == content.as_bytes() {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        crom_fs::create_dir_all(folder)?;
    }
    Ok(crom_fs::write(path, content)?)
}

fn write_all(consumer: &Consumer, files: &[File]) -> Result<()> {
    let folder = Path::new(&consumer.folders.generators);
    files
        .iter()
        .try_for_each(|file| write(&folder.join(&file.path), &file.content))
}

fn read_if_there(path: &str) -> Result<Option<String>> {
    Ok(if crom_fs::is_file(path) {
        Some(crom_fs::read_text(path)?)
    } else {
        None
    })
}

fn in_generators(consumer: &Consumer, name: &str) -> String {
    format!("{}/{name}", consumer.folders.generators)
}

// Toolchain and presets

fn register_toolchain(registry: &mut Registry) {
    registry.function("cmake.toolchain.blocks", |_: &ToolContext, _: NoInput| {
        Ok(toolchain::NAMES)
    });
    registry.function(
        "cmake.toolchain.template",
        |_: &ToolContext, input: BlockName| Ok(toolchain::template(&input.name)),
    );
    registry.function(
        "cmake.toolchain.render_template",
        |_: &ToolContext, input: Template| {
            Ok(toolchain::render_template(
                &input.name,
                &input.template,
                &input.values,
            )?)
        },
    );
    registry.method(
        "cmake.toolchain.values",
        |recipe: &RecipeState<'_>, input: BlockValues| {
            Ok(toolchain::values(
                &input.name,
                &complete(recipe, input.toolchain)?,
            )?)
        },
    );
    registry.method(
        "cmake.toolchain.content",
        |recipe: &RecipeState<'_>, input: Content| {
            let blocks: Vec<Block> = input.blocks.into_iter().map(Block::from).collect();
            Ok(toolchain::render(&complete(recipe, input.toolchain)?, Some(&blocks))?.content)
        },
    );
    registry.method("cmake.toolchain.generate", generate_toolchain);
}

#[derive(Deserialize)]
struct BlockName {
    name: String,
}

#[derive(Deserialize)]
struct Template {
    name: String,
    template: String,
    values: Value,
}

#[derive(Deserialize)]
struct BlockValues {
    name: String,
    toolchain: ToolchainInput,
}

#[derive(Deserialize)]
struct Content {
    toolchain: ToolchainInput,
    blocks: Vec<BlockData>,
}

#[derive(Deserialize)]
struct BlockData {
    name: String,
    template: Option<String>,
    values: Option<Value>,
    /// True if `values` holds, also if it's null.
    #[serde(default)]
    is_own: bool,
}

impl From<BlockData> for Block {
    fn from(data: BlockData) -> Block {
        let values = data.is_own.then(|| data.values.unwrap_or(Value::Null));
        Block {
            name: data.name,
            template: data.template,
            values,
        }
    }
}

#[derive(Deserialize)]
struct Generate {
    toolchain: ToolchainInput,
    blocks: Vec<BlockData>,
    presets: PresetsInput,
    build_folder_vars: Option<Vec<String>>,
}

/// The toolchain with what the recipe itself has.
fn complete(recipe: &RecipeState<'_>, toolchain: ToolchainInput) -> Result<ToolchainInput> {
    let consumer = consumer(recipe)?;
    let existing = read_if_there(&in_generators(&consumer, toolchain::FILE_NAME))?;
    Ok(ToolchainInput {
        consumer,
        existing,
        ..toolchain
    })
}

fn generate_toolchain(recipe: &RecipeState<'_>, input: Generate) -> Result<Vec<Message>> {
    let toolchain = complete(recipe, input.toolchain)?;
    let mut messages = Vec::new();
    let conf = &toolchain.consumer.conf;
    // With a toolchain of the user there is none of ours.
    if conf
        .get("tools.cmake.cmaketoolchain:toolchain_file")?
        .is_none()
    {
        let blocks: Vec<Block> = input.blocks.into_iter().map(Block::from).collect();
        let rendered = toolchain::render(&toolchain, Some(&blocks))?;
        let path = in_generators(&toolchain.consumer, toolchain::FILE_NAME);
        write(Path::new(&path), &rendered.content)?;
        messages.extend(rendered.messages);
    }
    let consumer = toolchain.consumer;
    let variables = variables_input(recipe, input.build_folder_vars)?;
    let mut presets = PresetsInput {
        generator: toolchain.generator,
        folder_variables: folder_variables(
            &variables,
            &consumer.settings,
            &consumer.options,
            &consumer.conf,
        )?,
        cmake_of_tool: cmake_of_tool(&consumer)?,
        consumer,
        ..input.presets
    };
    look_around(&mut presets)?;
    let rendered = presets::render(&presets)?;
    for file in &rendered.files {
        write(Path::new(&file.path), &file.content)?;
    }
    messages.extend(rendered.messages);
    Ok(messages)
}

#[derive(Deserialize)]
struct WritePresets {
    presets: PresetsInput,
    build_folder_vars: Option<Vec<String>>,
}

/// `write_cmake_presets()`: presets without a toolchain of ours.
fn write_presets(recipe: &RecipeState<'_>, input: WritePresets) -> Result<Vec<Message>> {
    let consumer = consumer(recipe)?;
    let variables = variables_input(recipe, input.build_folder_vars)?;
    let mut presets = PresetsInput {
        folder_variables: folder_variables(
            &variables,
            &consumer.settings,
            &consumer.options,
            &consumer.conf,
        )?,
        cmake_of_tool: match input.presets.cmake_of_tool {
            Some(given) => Some(given),
            None => cmake_of_tool(&consumer)?,
        },
        consumer,
        ..input.presets
    };
    look_around(&mut presets)?;
    let rendered = presets::render(&presets)?;
    for file in &rendered.files {
        write(Path::new(&file.path), &file.content)?;
    }
    Ok(rendered.messages)
}

#[derive(Deserialize)]
struct FolderVariablesCall {
    build_folder_vars: Option<Vec<String>>,
}

/// `get_build_folder_custom_vars()`: (text, does it have the build type).
fn custom_variables(
    recipe: &RecipeState<'_>,
    input: FolderVariablesCall,
) -> Result<(String, bool)> {
    let consumer = consumer(recipe)?;
    let variables = folder_variables(
        &variables_input(recipe, input.build_folder_vars)?,
        &consumer.settings,
        &consumer.options,
        &consumer.conf,
    )?;
    Ok((variables.text, variables.has_build_type))
}

/// Finds out what the presets have to know of the disk.
fn look_around(presets: &mut PresetsInput) -> Result<()> {
    let plan = presets::plan(presets)?;
    presets.existing = read_if_there(&plan.presets)?;
    presets.existing_folders = plan
        .folders
        .into_iter()
        .filter(|it| crom_fs::is_dir(it))
        .collect();
    let has_lists = |folder: &String| crom_fs::is_file(format!("{folder}/CMakeLists.txt"));
    presets.folders_with_lists = plan.list_folders.into_iter().filter(has_lists).collect();
    for path in plan.project_files {
        let Some(text) = read_if_there(&path)? else {
            continue;
        };
        for include in presets::included(&path, &text) {
            if let Some(text) = read_if_there(&include)? {
                presets.existing_includes.push(include.clone());
                presets.project_files.insert(include, text);
            }
        }
        presets.project_files.insert(path, text);
    }
    Ok(())
}

/// The program of a tool requirement `cmake`.
fn cmake_of_tool(consumer: &Consumer) -> Result<Option<String>> {
    let name = if consumer.platform == "Windows" {
        "cmake.exe"
    } else {
        "cmake"
    };
    for (require, package) in consumer.graph.dependencies_of(consumer.node) {
        let is_tool = require.build && require.direct() && package.reference.name == "cmake";
        if !is_tool || package.platform {
            continue;
        }
        for dir in package.cpp_info.aggregated_components()?.root.bindirs() {
            let path = Path::new(&package.folders.package).join(dir).join(name);
            if crom_fs::is_file(&path) {
                return Ok(Some(path.to_string_lossy().into_owned()));
            }
        }
    }
    Ok(None)
}

// Dependencies

fn register_deps(registry: &mut Registry) {
    registry.method(
        "cmake.deps.generate",
        |recipe: &RecipeState<'_>, input: Deps| {
            let input = input.complete(recipe)?;
            let generated = deps::generate(&input)?;
            write_all(&input.consumer, &generated.files)?;
            Ok(generated.messages)
        },
    );
    registry.method(
        "cmake.deps.content",
        |recipe: &RecipeState<'_>, input: Deps| {
            let generated: Generated = deps::generate(&input.complete(recipe)?)?;
            Ok(generated)
        },
    );
    registry.method(
        "cmake.deps.aggregator",
        |recipe: &RecipeState<'_>, input: Deps| {
            let input = input.complete(recipe)?;
            let mut generated = deps::generate(&input)?;
            generated
                .files
                .retain(|file| file.path == "conandeps_legacy.cmake");
            write_all(&input.consumer, &generated.files)?;
            Ok(generated.messages)
        },
    );
    registry.method(
        "cmake.deps.names",
        |recipe: &RecipeState<'_>, input: DepsOfOne| {
            let deps = DepsInput {
                consumer: consumer(recipe)?,
                ..input.deps
            };
            let index = input.of.index(&deps.consumer)?;
            let names: NamesOfDependency = deps::names_of(&deps, index)?;
            Ok(names)
        },
    );
    registry.method(
        "cmake.config_deps.generate",
        |recipe: &RecipeState<'_>, input: ConfigDeps| {
            let input = input.complete(recipe)?;
            let generated = config_deps::generate(&input)?;
            write_all(&input.consumer, &generated.files)?;
            Ok(generated.messages)
        },
    );
    registry.method(
        "cmake.config_deps.file_name",
        |recipe: &RecipeState<'_>, input: ConfigDepsOfOne| {
            let deps = input.deps.complete(recipe)?;
            let index = input.of.index(&deps.consumer)?;
            Ok(config_deps::file_name_of(&deps, index)?)
        },
    );
}

#[derive(Deserialize)]
struct Deps {
    deps: DepsInput,
}

impl Deps {
    fn complete(self, recipe: &RecipeState<'_>) -> Result<DepsInput> {
        Ok(DepsInput {
            consumer: consumer(recipe)?,
            ..self.deps
        })
    }
}

/// A dependency by its name.
#[derive(Deserialize)]
struct OfOne {
    name: String,
    build: bool,
}

impl OfOne {
    fn index(&self, consumer: &Consumer) -> Result<usize> {
        let context = if self.build {
            Context::Build
        } else {
            Context::Host
        };
        let view = consumer.graph.nodes.get(consumer.node);
        let seen = view.into_iter().flat_map(|it| it.dependencies.iter());
        let found = seen.map(|(_, index)| *index).find(|index| {
            consumer
                .graph
                .nodes
                .get(*index)
                .is_some_and(|it| it.reference.name == self.name && it.context == context)
        });
        found.ok_or_else(|| ToolError::new(format!("'{}' isn't a dependency", self.name)))
    }
}

#[derive(Deserialize)]
struct DepsOfOne {
    deps: DepsInput,
    #[serde(flatten)]
    of: OfOne,
}

#[derive(Deserialize)]
struct ConfigDepsData {
    configuration: String,
    properties: Overrides,
}

#[derive(Deserialize)]
struct ConfigDeps {
    deps: ConfigDepsData,
}

#[derive(Deserialize)]
struct ConfigDepsOfOne {
    deps: ConfigDepsData,
    #[serde(flatten)]
    of: OfOne,
}

impl ConfigDeps {
    fn complete(self, recipe: &RecipeState<'_>) -> Result<ConfigDepsInput> {
        self.deps.complete(recipe)
    }
}

impl ConfigDepsData {
    fn complete(self, recipe: &RecipeState<'_>) -> Result<ConfigDepsInput> {
        let consumer = consumer(recipe)?;
        let listing = super::consumer::listing(config_deps::folders_to_list(&consumer))?;
        let existing_paths = read_if_there(&in_generators(&consumer, config_deps::PATHS_FILE))?;
        Ok(ConfigDepsInput {
            consumer,
            configuration: self.configuration,
            properties: self.properties,
            listing,
            existing_paths,
        })
    }
}

// Build helper

fn register_helper(registry: &mut Registry) {
    registry.method("cmake.helper", |recipe: &RecipeState<'_>, _: NoInput| {
        let consumer = consumer(recipe)?;
        let path = in_generators(&consumer, "CMakePresets.json");
        Ok(build_helper::helper(
            &consumer,
            &path,
            read_if_there(&path)?.as_deref(),
        )?)
    });
    type Method = fn(&Call) -> std::result::Result<Command, CMakeError>;
    let methods: [(&str, Method); 5] = [
        ("cmake.helper.configure", build_helper::configure),
        ("cmake.helper.build", build_helper::build),
        ("cmake.helper.install", build_helper::install),
        ("cmake.helper.test", build_helper::test),
        ("cmake.helper.ctest", build_helper::ctest),
    ];
    for (name, method) in methods {
        registry.method(name, move |recipe: &RecipeState<'_>, input: HelperCall| {
            let builds = matches!(
                name,
                "cmake.helper.build" | "cmake.helper.test" | "cmake.helper.ctest"
            );
            // Makefiles know the jobserver themselves.
            let consumer = if builds && !input.helper.generator.contains("Makefiles") {
                super::consumer::building(recipe)?
            } else {
                consumer(recipe)?
            };
            let call = Call {
                consumer,
                helper: input.helper,
                arguments: input.arguments,
            };
            Ok(method(&call)?)
        });
    }
}

#[derive(Deserialize)]
struct HelperCall {
    helper: Helper,
    arguments: Arguments,
}

// Layouts

#[derive(Deserialize)]
struct CMakeLayout {
    generator: Option<String>,
    src_folder: String,
    build_folder: String,
    build_folder_vars: Option<Vec<String>>,
}

fn variables_input(
    recipe: &RecipeState<'_>,
    of_recipe: Option<Vec<String>>,
) -> Result<FolderVariablesInput> {
    let mut attributes = IndexMap::new();
    for name in ["name", "version", "user", "channel"] {
        attributes.insert(name.to_owned(), recipe.text(name)?);
    }
    Ok(FolderVariablesInput {
        of_recipe,
        is_local: recipe.is_local(),
        is_test_package: recipe.text("tested_reference_str")?.is_some(),
        attributes,
    })
}

fn cmake_layout(recipe: &RecipeState<'_>, input: CMakeLayout) -> Result<Folders> {
    let variables = variables_input(recipe, input.build_folder_vars)?;
    let consumer = consumer(recipe)?;
    let test_folder = consumer
        .conf
        .get_str("tools.cmake.cmake_layout:test_folder")?;
    let temporary_folder = match test_folder.as_deref() {
        Some("$TMP") if variables.is_test_package => {
            let folder = crom_fs::temp_dir(std::env::temp_dir(), "conan_test_package_")?;
            Some(folder.to_string_lossy().into_owned())
        }
        _ => None,
    };
    Ok(layout::cmake_layout(&CMakeLayoutInput {
        subproject: recipe.layout_folder("subproject")?,
        is_test_package: variables.is_test_package,
        consumer,
        generator: input.generator,
        src_folder: input.src_folder,
        build_folder: input.build_folder,
        variables,
        temporary_folder,
    })?)
}

#[derive(Deserialize)]
struct BasicLayout {
    src_folder: String,
    build_folder: Option<String>,
}

fn basic_layout(recipe: &RecipeState<'_>, input: BasicLayout) -> Result<Folders> {
    Ok(layout::basic_layout(
        &recipe.settings()?,
        recipe.layout_folder("subproject")?.as_deref(),
        &input.src_folder,
        input.build_folder.as_deref(),
    ))
}
