//! `conan_toolchain.cmake`: a list of named blocks, each a Jinja template over values.
//!
//! Recipes may change templates and values, remove blocks and add their own, so [`template`] and
//! [`values`] give what a block has by default, and [`render`] takes what became of them.

mod apple;
mod blocks;
mod flags;
mod paths;
mod system;
mod windows;

use indexmap::IndexMap;
use minijinja::value::ValueKind;
use minijinja::{Environment, UndefinedBehavior};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::text::{Level, Message};
use super::{CMakeError, Consumer, generator};

pub use blocks::{NAMES, template};
pub(in crate::cmake) use windows::any_toolset;

/// Name of the file, in the generators folder.
pub const FILE_NAME: &str = "conan_toolchain.cmake";

/// A recipe's `CMakeToolchain` object and what it stands on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToolchainInput {
    /// The package that the file is for.
    pub consumer: Consumer,
    /// `tc.generator`: what CMake is going to run for.
    pub generator: String,
    /// `tc.variables`
    pub variables: ConfiguredValues,
    /// `tc.preprocessor_definitions`
    pub preprocessor_definitions: ConfiguredValues,
    /// `tc.extra_cxxflags`
    pub extra_cxxflags: Vec<String>,
    /// `tc.extra_cflags`
    pub extra_cflags: Vec<String>,
    /// `tc.extra_asmflags`
    pub extra_asmflags: Vec<String>,
    /// `tc.extra_sharedlinkflags`
    pub extra_sharedlinkflags: Vec<String>,
    /// `tc.extra_exelinkflags`
    pub extra_exelinkflags: Vec<String>,
    /// `tc.add_rpath_link`
    pub add_rpath_link: bool,
    /// `tc.find_builddirs`
    pub find_builddirs: bool,
    /// `cpp.package`: where the package will have its files.
    pub package_dirs: PackageDirs,
    /// The `conan_toolchain.cmake` that is there already: what it says of other configurations of
    /// a multi-configuration generator is kept.
    pub existing: Option<String>,
}

/// `cpp.package` of the recipe's layout.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackageDirs {
    /// `cpp.package.bindirs`
    pub bindirs: Vec<String>,
    /// `cpp.package.libdirs`
    pub libdirs: Vec<String>,
    /// `cpp.package.includedirs`
    pub includedirs: Vec<String>,
    /// `cpp.package.resdirs`
    pub resdirs: Vec<String>,
}

/// `tc.variables["A"] = 1` and `tc.variables.debug["A"] = 2`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfiguredValues {
    /// For all configurations.
    pub all: IndexMap<String, Value>,
    /// By configuration, then by name.
    pub by_configuration: IndexMap<String, IndexMap<String, Value>>,
}

impl ConfiguredValues {
    /// By name: (configuration, value) in order.
    fn by_name(&self) -> IndexMap<&str, Vec<(&str, &Value)>> {
        let mut found: IndexMap<&str, Vec<(&str, &Value)>> = IndexMap::new();
        for (configuration, values) in &self.by_configuration {
            for (name, value) in values {
                found.entry(name).or_default().push((configuration, value));
            }
        }
        found
    }
}

/// A block as it is to be rendered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Its name, shown in the file.
    pub name: String,
    /// A changed template; by default that of [`template`].
    #[serde(default)]
    pub template: Option<String>,
    /// Changed values; by default those of [`values`]. Null renders nothing.
    #[serde(default)]
    pub values: Option<Value>,
}

/// A rendered file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rendered {
    /// Its text.
    pub content: String,
    /// What to tell the user.
    pub messages: Vec<Message>,
}

/// The default values of a block, as its template sees them; none if the block isn't for this
/// configuration.
///
/// # Errors
/// If a conf has a wrong type or settings contradict each other.
pub fn values(
    name: &str,
    input: &ToolchainInput,
) -> Result<Option<Map<String, Value>>, CMakeError> {
    blocks::values(name, input)
}

/// The text of the file. Without `blocks` every block is rendered by default.
///
/// # Errors
/// If a block's values can't be made or a template doesn't render.
pub fn render(input: &ToolchainInput, blocks: Option<&[Block]>) -> Result<Rendered, CMakeError> {
    let defaults: Vec<Block>;
    let mut chosen: Vec<&Block> = match blocks {
        Some(blocks) => blocks.iter().collect(),
        None => {
            defaults = NAMES
                .iter()
                .map(|name| Block {
                    name: (*name).to_owned(),
                    template: None,
                    values: None,
                })
                .collect();
            defaults.iter().collect()
        }
    };
    restrict_to_conf(input, &mut chosen)?;
    let environment = environment();
    let mut content = String::from(HEAD);
    for block in chosen {
        let Some(text) = render_block(&environment, block, input)? else {
            continue;
        };
        let text = text.trim_end();
        content.push_str(&format!(
            "\n\n########## '{}' block #############\n{text}\n",
            block.name
        ));
    }
    content.push_str(TAIL);
    Ok(Rendered {
        content,
        messages: messages(input)?,
    })
}

/// The text of one block; none if it isn't for this configuration.
///
/// # Errors
/// As for [`render`].
pub fn render_one(block: &Block, input: &ToolchainInput) -> Result<Option<String>, CMakeError> {
    render_block(&environment(), block, input)
}

/// A template with values, outside of a file.
///
/// # Errors
/// If the template doesn't render.
pub fn render_template(name: &str, template: &str, values: &Value) -> Result<String, CMakeError> {
    environment()
        .render_str(template, values)
        .map_err(|source| CMakeError::Template {
            block: name.to_owned(),
            source,
        })
}

const HEAD: &str = "\
# Generated by Conan, changes will be lost

# CMake reads a toolchain file more than once, but flags are to be added once
include_guard()
message(STATUS \"Using Conan toolchain: ${CMAKE_CURRENT_LIST_FILE}\")
if(${CMAKE_VERSION} VERSION_LESS \"3.15\")
    message(FATAL_ERROR \"The 'CMakeToolchain' generator only works with CMake >= 3.15\")
endif()
";

const TAIL: &str = "
# So that CMake doesn't warn that it is unused
if(CMAKE_POLICY_DEFAULT_CMP0091)
endif()
";

/// `tools.cmake.cmaketoolchain:enabled_blocks` names all blocks that are wanted.
fn restrict_to_conf(input: &ToolchainInput, blocks: &mut Vec<&Block>) -> Result<(), CMakeError> {
    const CONF: &str = "tools.cmake.cmaketoolchain:enabled_blocks";
    if input.consumer.conf.get(CONF)?.is_none() {
        return Ok(());
    }
    let enabled = input.consumer.conf.get_list(CONF)?;
    for name in &enabled {
        if !blocks.iter().any(|block| block.name == *name) {
            let all: Vec<String> = blocks.iter().map(|it| format!("'{}'", it.name)).collect();
            return Err(CMakeError::invalid(format!(
                "Block '{name}' defined in {CONF} doesn't exist in [{}]",
                all.join(", ")
            )));
        }
    }
    blocks.retain(|block| enabled.contains(&block.name));
    Ok(())
}

fn render_block(
    environment: &Environment<'_>,
    block: &Block,
    input: &ToolchainInput,
) -> Result<Option<String>, CMakeError> {
    let own;
    let values = match &block.values {
        Some(Value::Null) => return Ok(None),
        Some(values) => values,
        None => match blocks::values(&block.name, input)? {
            Some(values) => {
                own = Value::Object(values);
                &own
            }
            None => return Ok(None),
        },
    };
    let template = match &block.template {
        Some(template) => template,
        None => blocks::template(&block.name).ok_or_else(|| {
            CMakeError::invalid(format!(
                "the block '{}' of conan_toolchain.cmake has no template",
                block.name
            ))
        })?,
    };
    environment
        .render_str(template, values)
        .map(Some)
        .map_err(|source| CMakeError::Template {
            block: block.name.clone(),
            source,
        })
}

/// Jinja as recipes know it: a line with only a tag leaves nothing, values look like in Python.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.set_formatter(|out, _state, value| {
        out.write_str(&python_text(value))
            .map_err(minijinja::Error::from)
    });
    environment
}

fn python_text(value: &minijinja::Value) -> String {
    match value.kind() {
        ValueKind::Undefined => String::new(),
        ValueKind::String => value.to_string(),
        _ => match serde_json::to_value(value) {
            Ok(json) => super::text::python_str(&json),
            Err(_) => value.to_string(),
        },
    }
}

fn messages(input: &ToolchainInput) -> Result<Vec<Message>, CMakeError> {
    let mut messages = vec![Message::info(format!(
        "CMakeToolchain generated: {FILE_NAME}"
    ))];
    let conf = &input.consumer.conf;
    let has_flags = !input.extra_cxxflags.is_empty()
        || !input.extra_cflags.is_empty()
        || !conf.get_list("tools.build:cxxflags")?.is_empty()
        || !conf.get_list("tools.build:cflags")?.is_empty();
    if has_flags
        && input.consumer.setting("os") == Some("Android")
        && conf.get_bool("tools.android:cmake_legacy_toolchain")? != Some(false)
    {
        messages.insert(
            0,
            Message::new(
                Level::Warning,
                "The Android NDK's legacy toolchain file ignores CMAKE_<LANG>_FLAGS_INIT, so flags \
                 of tools.build:cflags, tools.build:cxxflags and the recipe may be lost. Consider \
                 setting tools.android:cmake_legacy_toolchain to False",
            ),
        );
    }
    Ok(messages)
}

impl ToolchainInput {
    /// True if `tc.generator` serves several configurations.
    pub fn is_multi_configuration(&self) -> bool {
        generator::is_multi_configuration(&self.generator)
    }
}
