//! Command lines of the `CMake` build helper. They are run by the recipe, so that a recipe's own
//! `run()` sees them.

use crom_model::conf::ConfValue;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::generator::is_multi_configuration;
use super::presets::has_jobs;
use super::text::{Level, Message, is_absolute, join, python_str, relative_to, slashes};
use super::{CMakeError, Consumer};

/// What the helper reads from `CMakePresets.json` when it is made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Helper {
    /// `generator`
    pub generator: String,
    /// `toolchainFile`
    pub toolchain_file: Option<String>,
    /// `cacheVariables`
    pub cache_variables: IndexMap<String, Value>,
    /// `cmakeExecutable` or `cmake`.
    pub cmake_program: String,
}

/// Reads `CMakePresets.json`. `text` is none if there's no such file.
///
/// # Errors
/// If it isn't there or isn't what CMakeToolchain writes.
pub fn helper(consumer: &Consumer, path: &str, text: Option<&str>) -> Result<Helper, CMakeError> {
    let text = text.ok_or_else(|| {
        CMakeError::invalid(format!(
            "CMakePresets.json was not found in {} folder. Check that you are using CMakeToolchain \
             as generator to ensure its correct initialization.",
            consumer.folders.generators
        ))
    })?;
    let presets: Value = serde_json::from_str(text).map_err(|source| CMakeError::Json {
        path: path.to_owned(),
        source,
    })?;
    let preset = &presets["configurePresets"][0];
    let texts = |key: &str| preset[key].as_str().map(str::to_owned);
    let program = match consumer.conf.get_str("tools.cmake:cmake_program")? {
        Some(program) => program,
        None => texts("cmakeExecutable").unwrap_or_else(|| "cmake".to_owned()),
    };
    let cache = preset["cacheVariables"].as_object().into_iter().flatten();
    Ok(Helper {
        generator: texts("generator").ok_or_else(|| {
            CMakeError::invalid(format!("{path} has no configure preset with a generator"))
        })?,
        toolchain_file: texts("toolchainFile"),
        cache_variables: cache
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        cmake_program: program,
    })
}

/// A command and the folder to run it in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// For a shell; empty if there is nothing to run.
    pub command: String,
    /// Absolute; to be made if it isn't there. Empty for the current one.
    pub folder: String,
    /// What to tell the user.
    pub messages: Vec<Message>,
}

/// Arguments of `configure`, `build`, `install`, `test` and `ctest`; each uses some.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Arguments {
    /// `variables`
    pub variables: IndexMap<String, Value>,
    /// `build_script_folder`
    pub build_script_folder: Option<String>,
    /// `build_type`
    pub build_type: Option<String>,
    /// `target`: one or several.
    pub targets: Vec<String>,
    /// `component`
    pub component: Option<String>,
    /// `cli_args`
    pub cli_args: Vec<String>,
    /// `build_tool_args`
    pub build_tool_args: Vec<String>,
    /// `subfolder`
    pub subfolder: Option<String>,
}

/// A call of a helper's method.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The package that is built.
    pub consumer: Consumer,
    /// What the helper has read.
    pub helper: Helper,
    /// The method's arguments.
    pub arguments: Arguments,
}

fn verbosity(consumer: &Consumer) -> Result<Option<String>, CMakeError> {
    verbosity_conf(consumer, "tools.build:verbosity")
}

/// `quiet` or `verbose`, nothing else.
fn verbosity_conf(consumer: &Consumer, name: &str) -> Result<Option<String>, CMakeError> {
    let choices = ["quiet", "verbose"].map(|it| ConfValue::Str(it.to_owned()));
    consumer.conf.get_choice(name, &choices)?;
    Ok(consumer.conf.get_str(name)?)
}

impl Call {
    fn build_folder(&self) -> String {
        self.below(&self.consumer.folders.build)
    }

    fn below(&self, folder: &str) -> String {
        match self.arguments.subfolder.as_deref() {
            Some(subfolder) if !subfolder.is_empty() => join(folder, subfolder),
            _ => slashes(folder),
        }
    }

    fn multi(&self) -> bool {
        is_multi_configuration(&self.helper.generator)
    }

    /// `--config Release` for a generator of several configurations.
    fn config_arguments(&self, flag: &str, messages: &mut Vec<Message>) -> Vec<String> {
        let asked = self.arguments.build_type.as_deref();
        if !self.multi() {
            if asked.is_some() {
                messages.push(Message::new(
                    Level::Error,
                    "Don't specify 'build_type' at build time for single-config build systems",
                ));
            }
            return Vec::new();
        }
        match asked.or_else(|| self.consumer.setting("build_type")) {
            Some(build_type) => vec![format!("{flag} {build_type}")],
            None => Vec::new(),
        }
    }

    /// `--verbose`, if compilers' command lines are wanted.
    fn compilation_verbosity(&self) -> Result<Vec<String>, CMakeError> {
        let verbosity = verbosity_conf(&self.consumer, "tools.compilation:verbosity")?;
        Ok(match verbosity.as_deref() {
            Some("verbose") => vec!["--verbose".to_owned()],
            _ => Vec::new(),
        })
    }

    /// `-j4`, `/m:4`: how the build tool is told how many processors it may use.
    fn tool_arguments(&self) -> Result<Vec<String>, CMakeError> {
        let mut arguments = Vec::new();
        let generator = &self.helper.generator;
        if self.consumer.jobserver && generator.contains("Makefiles") {
            // A number would make it leave the jobserver.
        } else if has_jobs(generator) {
            arguments.push(format!("-j{}", self.consumer.jobs));
        } else if generator.contains("Visual Studio") {
            let conf = &self.consumer.conf;
            if let Some(processors) = conf.get_int("tools.microsoft.msbuild:max_cpu_count")? {
                arguments.push(format!("/m:{processors}"));
            }
            match verbosity(&self.consumer)?.as_deref() {
                Some("quiet") => arguments.push("-verbosity:Quiet".to_owned()),
                Some("verbose") => arguments.push("-verbosity:Detailed".to_owned()),
                _ => {}
            }
        }
        arguments.extend(self.arguments.build_tool_args.iter().cloned());
        Ok(arguments)
    }
}

/// `configure()`: to be run in [`Command::folder`].
///
/// # Errors
/// If a conf has a wrong type.
pub fn configure(call: &Call) -> Result<Command, CMakeError> {
    let (consumer, helper, given) = (&call.consumer, &call.helper, &call.arguments);
    let build_folder = call.build_folder();
    let mut words = vec![
        helper.cmake_program.clone(),
        format!("-G \"{}\"", helper.generator),
    ];
    let mut define = |name: &str, value: &str| words.push(format!("-D{name}=\"{value}\""));
    if let Some(file) = &helper.toolchain_file {
        // It's relative to the build folder; there may be a folder more.
        let file = if is_absolute(file) || given.subfolder.as_deref().unwrap_or_default().is_empty()
        {
            slashes(file)
        } else {
            relative_to(&join(&consumer.folders.build, file), &build_folder)
        };
        define("CMAKE_TOOLCHAIN_FILE", &file);
    }
    if !consumer.folders.package.is_empty() {
        define("CMAKE_INSTALL_PREFIX", &slashes(&consumer.folders.package));
    }
    for (name, value) in &helper.cache_variables {
        define(name, &python_str(value));
    }
    for (name, value) in &given.variables {
        if !value.is_null() {
            define(name, &python_str(value));
        }
    }
    let source = match &given.build_script_folder {
        Some(folder) => join(&consumer.folders.source, folder),
        None => slashes(&consumer.folders.source),
    };
    words.push(format!("\"{source}\""));
    words.extend(consumer.conf.get_list("tools.cmake:configure_args")?);
    match verbosity(consumer)?.as_deref() {
        Some("quiet") => words.push("--loglevel=ERROR".to_owned()),
        Some("verbose") => words.push("--loglevel=VERBOSE".to_owned()),
        _ => {}
    }
    words.extend(given.cli_args.iter().cloned());
    Ok(Command {
        command: words.join(" "),
        folder: build_folder,
        messages: Vec::new(),
    })
}

/// `build()`
///
/// # Errors
/// If a conf has a wrong type.
pub fn build(call: &Call) -> Result<Command, CMakeError> {
    let mut messages = Vec::new();
    let mut words = vec![
        call.helper.cmake_program.clone(),
        format!("--build \"{}\"", call.build_folder()),
    ];
    words.extend(call.config_arguments("--config", &mut messages));
    if !call.arguments.targets.is_empty() {
        words.push(format!("--target {}", call.arguments.targets.join(" ")));
    }
    words.extend(call.arguments.cli_args.iter().cloned());
    words.extend(call.compilation_verbosity()?);
    let tool = call.tool_arguments()?;
    if !tool.is_empty() {
        words.push(format!("-- {}", tool.join(" ")));
    }
    Ok(Command {
        command: words.join(" "),
        folder: String::new(),
        messages,
    })
}

/// `install()`
///
/// # Errors
/// If a conf has a wrong type.
pub fn install(call: &Call) -> Result<Command, CMakeError> {
    let (consumer, given) = (&call.consumer, &call.arguments);
    let mut messages = Vec::new();
    let mut words = vec![
        call.helper.cmake_program.clone(),
        format!("--install \"{}\"", call.build_folder()),
    ];
    words.extend(call.config_arguments("--config", &mut messages));
    words.push(format!(
        "--prefix \"{}\"",
        call.below(&consumer.folders.package)
    ));
    if let Some(component) = &given.component {
        words.push(format!("--component {component}"));
    }
    words.extend(call.compilation_verbosity()?);
    if strip(consumer)? {
        words.push("--strip".to_owned());
    }
    words.extend(given.cli_args.iter().cloned());
    Ok(Command {
        command: words.join(" "),
        folder: String::new(),
        messages,
    })
}

/// `tools.build:install_strip` is a truth, or the list of helpers that strip.
fn strip(consumer: &Consumer) -> Result<bool, CMakeError> {
    if consumer.conf.get_bool("tools.cmake:install_strip")? == Some(true) {
        return Ok(true);
    }
    Ok(
        match consumer
            .conf
            .get("tools.build:install_strip")?
            .map(|value| value.to_json())
        {
            Some(Value::Bool(on)) => on,
            Some(Value::Array(helpers)) => helpers.iter().any(|it| it == "cmake"),
            _ => false,
        },
    )
}

fn skips_tests(consumer: &Consumer) -> Result<bool, CMakeError> {
    Ok(consumer.conf.get_bool("tools.build:skip_test")? == Some(true))
}

/// `test()`
///
/// # Errors
/// If a conf has a wrong type.
pub fn test(call: &Call) -> Result<Command, CMakeError> {
    if skips_tests(&call.consumer)? {
        return Ok(Command::default());
    }
    let mut call = call.clone();
    if call.arguments.targets.is_empty() {
        let ide = call.multi() && !call.helper.generator.contains("Ninja");
        call.arguments
            .targets
            .push(if ide { "RUN_TESTS" } else { "test" }.to_owned());
    }
    build(&call)
}

/// `ctest()`: to be run in [`Command::folder`].
///
/// # Errors
/// If a conf has a wrong type.
pub fn ctest(call: &Call) -> Result<Command, CMakeError> {
    let consumer = &call.consumer;
    if skips_tests(consumer)? {
        return Ok(Command::default());
    }
    let mut messages = Vec::new();
    let mut words = vec!["ctest".to_owned()];
    words.extend(call.config_arguments("--build-config", &mut messages));
    words.push(format!("--parallel {}", consumer.jobs));
    words.extend(call.arguments.cli_args.iter().cloned());
    match verbosity(consumer)?.as_deref() {
        Some("quiet") => words.push("--quiet".to_owned()),
        Some("verbose") => words.push("--verbose".to_owned()),
        _ => {}
    }
    words.extend(consumer.conf.get_list("tools.cmake:ctest_args")?);
    Ok(Command {
        command: words.join(" "),
        folder: call.build_folder(),
        messages,
    })
}
