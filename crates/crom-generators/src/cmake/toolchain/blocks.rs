//! The blocks: names in their order, default templates, default values.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::{ToolchainInput, apple, flags, paths, system, windows};
use crate::cmake::CMakeError;
use crate::cmake::extra_variables::set_arguments;

macro_rules! blocks {
    ($($name:literal),* $(,)?) => {
        /// The blocks in the order of the file.
        pub const NAMES: &[&str] = &[$($name),*];

        /// The default template of a block.
        pub fn template(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some(include_str!(concat!("templates/", $name, ".jinja"))),)*
                _ => None,
            }
        }
    };
}

blocks!(
    "user_toolchain",
    "generic_system",
    "compilers",
    "android_system",
    "apple_system",
    "fpic",
    "arch_flags",
    "linker_scripts",
    "rpath_link_flags",
    "libcxx",
    "vs_runtime",
    "vs_debugger_environment",
    "cppstd",
    "parallel",
    "extra_flags",
    "cmake_flags_init",
    "extra_variables",
    "try_compile",
    "find_paths",
    "pkg_config",
    "rpath",
    "shared",
    "output_dirs",
    "variables",
    "preprocessor",
);

/// Values of a block as its template sees them.
pub(super) type Values = Map<String, Value>;

/// `{name: value, ..}`
pub(super) fn object(value: Value) -> Option<Values> {
    match value {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

pub(super) fn values(name: &str, input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    Ok(match name {
        "user_toolchain" => user_toolchain(input)?,
        "generic_system" => system::generic_system(input)?,
        "compilers" => compilers(input)?,
        "android_system" => system::android_system(input)?,
        "apple_system" => apple::apple_system(input)?,
        "fpic" => fpic(input),
        "arch_flags" => flags::arch_flags(input)?,
        "linker_scripts" => flags::linker_scripts(input)?,
        "rpath_link_flags" => paths::rpath_link_flags(input)?,
        "libcxx" => flags::libcxx(input)?,
        "vs_runtime" => windows::vs_runtime(input)?,
        "vs_debugger_environment" => windows::vs_debugger_environment(input)?,
        "cppstd" => flags::cppstd(input),
        "parallel" => windows::parallel(input)?,
        "extra_flags" => flags::extra_flags(input)?,
        "cmake_flags_init" => Some(Values::new()),
        "extra_variables" => extra_variables(input)?,
        "try_compile" => object(json!({ "config": null })),
        "find_paths" => paths::find_paths(input)?,
        "pkg_config" => paths::pkg_config(input)?,
        "rpath" => object(json!({ "skip_rpath": false })),
        "shared" => shared(input),
        "output_dirs" => output_dirs(input),
        "variables" => variables(input),
        "preprocessor" => preprocessor(input),
        other => {
            return Err(CMakeError::invalid(format!(
                "the block '{other}' of conan_toolchain.cmake has no values"
            )));
        }
    })
}

fn user_toolchain(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let style = input.consumer.path_style();
    let paths: Vec<String> = input
        .consumer
        .conf
        .get_list("tools.cmake.cmaketoolchain:user_toolchain")?
        .iter()
        .map(|path| style.beside_list_file(path))
        .collect();
    Ok(object(json!({ "paths": paths })))
}

/// Language names of CMake by their name in `tools.build:compiler_executables`.
const LANGUAGES: [(&str, &str); 10] = [
    ("c", "C"),
    ("cuda", "CUDA"),
    ("cpp", "CXX"),
    ("objc", "OBJC"),
    ("objcpp", "OBJCXX"),
    ("rc", "RC"),
    ("fortran", "Fortran"),
    ("asm", "ASM"),
    ("hip", "HIP"),
    ("ispc", "ISPC"),
];

fn compilers(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    let executables = consumer.conf.get_dict("tools.build:compiler_executables")?;
    let mut compilers: IndexMap<&str, String> = IndexMap::new();
    for (key, language) in LANGUAGES {
        if let Some(executable) = executables.get(key) {
            compilers.insert(language, executable.to_python_str().replace('\\', "/"));
        }
    }
    if compilers.is_empty() && !input.generator.contains("Visual") {
        // Found nowhere else: these compilers are named after what they are set to be.
        let names = match (
            consumer.setting("compiler"),
            consumer.setting("compiler.mode"),
        ) {
            (Some("intel-cc"), Some("classic")) if consumer.setting("os") == Some("Windows") => {
                Some(("icl", "icl"))
            }
            (Some("intel-cc"), Some("classic")) => Some(("icc", "icpc")),
            (Some("intel-cc"), Some("icx")) => Some(("icx", "icpx")),
            (Some("intel-cc"), Some("dpcpp")) => Some(("dpcpp", "dpcpp")),
            _ => None,
        };
        if let Some((c, cxx)) = names {
            compilers.insert("C", c.to_owned());
            compilers.insert("CXX", cxx.to_owned());
        }
    }
    Ok(object(json!({ "compilers": compilers })))
}

fn fpic(input: &ToolchainInput) -> Option<Values> {
    let consumer = &input.consumer;
    if matches!(
        consumer.setting("os"),
        Some("Windows" | "WindowsStore" | "WindowsCE")
    ) || !consumer.options.contains("fPIC")
    {
        return None;
    }
    let on = consumer.options.is_true("fPIC").unwrap_or(false);
    object(json!({ "fpic": if on { "ON" } else { "OFF" } }))
}

fn shared(input: &ToolchainInput) -> Option<Values> {
    let options = &input.consumer.options;
    options.get_safe("shared")?;
    let on = options.is_true("shared").unwrap_or(false);
    object(json!({ "shared_libs": if on { "ON" } else { "OFF" } }))
}

fn extra_variables(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let conf = &input.consumer.conf;
    let given: IndexMap<String, Value> = conf
        .get_dict("tools.cmake.cmaketoolchain:extra_variables")?
        .iter()
        .map(|(name, value)| (name.clone(), value.to_json()))
        .collect();
    let mut variables = set_arguments(given.iter().map(|(name, value)| (name.as_str(), value)))?;
    let cache =
        |kind: &str, name: &str, value: &str| format!("\"{value}\" CACHE {kind} \"{name}\"");
    if conf.get_str("tools.compilation:verbosity")?.as_deref() == Some("verbose") {
        let name = "CMAKE_VERBOSE_MAKEFILE";
        variables
            .entry(name.to_owned())
            .or_insert_with(|| cache("BOOL", name, "ON"));
    }
    let level = match conf.get_str("tools.build:verbosity")?.as_deref() {
        Some("quiet") => Some("ERROR"),
        Some("verbose") => Some("VERBOSE"),
        _ => None,
    };
    if let Some(level) = level {
        let name = "CMAKE_MESSAGE_LOG_LEVEL";
        variables
            .entry(name.to_owned())
            .or_insert_with(|| cache("STRING", name, level));
    }
    // Numbers stay numbers for recipes that read the values.
    let values: Map<String, Value> = variables
        .into_iter()
        .map(|(name, text)| {
            let given = given
                .get(&name)
                .map(|value| value.get("value").unwrap_or(value));
            match given {
                Some(number @ Value::Number(_)) if number.to_string().as_str() == text => {
                    (name, number.clone())
                }
                _ => (name, Value::String(text)),
            }
        })
        .collect();
    Ok(object(json!({ "extra_variables": values })))
}

fn output_dirs(input: &ToolchainInput) -> Option<Values> {
    let consumer = &input.consumer;
    let folder = (!consumer.folders.package.is_empty()).then(|| {
        consumer
            .path_style()
            .beside_list_file(&consumer.folders.package)
    });
    let first = |dirs: &[String]| dirs.first().cloned();
    let dirs = &input.package_dirs;
    object(json!({
        "package_folder": folder,
        "default_bin": first(&dirs.bindirs),
        "default_lib": first(&dirs.libdirs),
        "default_include": first(&dirs.includedirs),
        "default_res": first(&dirs.resdirs),
    }))
}

fn variables(input: &ToolchainInput) -> Option<Values> {
    object(json!({
        "variables": input.variables.all,
        "variables_config": input.variables.by_name(),
    }))
}

fn preprocessor(input: &ToolchainInput) -> Option<Values> {
    let quoted = |value: &Value| match value {
        Value::String(text) => Value::String(text.replace('"', "\\\"")),
        other => other.clone(),
    };
    let definitions = &input.preprocessor_definitions;
    let all: Map<String, Value> = definitions
        .all
        .iter()
        .map(|(name, value)| (name.clone(), quoted(value)))
        .collect();
    let by_name: Map<String, Value> = definitions
        .by_name()
        .into_iter()
        .map(|(name, values)| {
            let values: Vec<Value> = values
                .into_iter()
                .map(|(configuration, value)| json!([configuration, quoted(value)]))
                .collect();
            (name.to_owned(), Value::Array(values))
        })
        .collect();
    object(json!({
        "preprocessor_definitions": all,
        "preprocessor_definitions_config": by_name,
    }))
}
