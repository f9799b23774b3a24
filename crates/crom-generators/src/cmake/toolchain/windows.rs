//! Blocks and values for Visual Studio and its compilers.

use crom_model::flags::msvc;
use indexmap::IndexMap;
use serde_json::json;

use super::ToolchainInput;
use super::blocks::{Values, object};
use super::paths::runtime_dirs;
use crate::cmake::{CMakeError, Consumer};

/// CMAKE_GENERATOR_TOOLSET: `v143,version=14.38,host=x64,cuda=..`; none without Visual Studio.
pub(in crate::cmake) fn toolset(
    consumer: &Consumer,
    generator: &str,
) -> Result<Option<String>, CMakeError> {
    if !generator.contains("Visual") {
        return Ok(None);
    }
    any_toolset(consumer, generator)
}

/// The toolset of the compiler, whatever generates.
pub(in crate::cmake) fn any_toolset(
    consumer: &Consumer,
    generator: &str,
) -> Result<Option<String>, CMakeError> {
    let version = consumer.setting("compiler.version").unwrap_or_default();
    let mut toolset = match consumer.setting("compiler") {
        Some("msvc") => msvc_toolset(consumer, version)?,
        Some("clang") if generator.contains("Visual") => {
            if ["16", "17", "18"]
                .iter()
                .any(|ide| generator.contains(&format!("Studio {ide}")))
            {
                Some("ClangCL".to_owned())
            } else {
                return Err(CMakeError::invalid(format!(
                    "CMakeToolchain with compiler=clang and a CMake generator '{generator}' \
                     requires VS16 or later"
                )));
            }
        }
        Some("intel-cc") => match consumer.setting("compiler.mode") {
            Some("classic") => Some("Intel C++ Compiler 19.2".to_owned()),
            Some("dpcpp") => Some("Intel(R) oneAPI DPC++ Compiler".to_owned()),
            _ => {
                let major = version.split('.').next().unwrap_or_default();
                Some(format!("Intel C++ Compiler {major}"))
            }
        },
        _ => None,
    };
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            toolset = Some(match &toolset {
                Some(before) => format!("{before},{key}={value}"),
                None => format!("{key}={value}"),
            });
        }
    };
    add(
        "host",
        consumer
            .conf
            .get_str("tools.cmake.cmaketoolchain:toolset_arch")?,
    );
    let cuda = consumer
        .conf
        .get_str("tools.cmake.cmaketoolchain:toolset_cuda")?;
    add(
        "cuda",
        cuda.map(|path| consumer.path_style().beside_list_file(&path)),
    );
    Ok(toolset)
}

fn msvc_toolset(consumer: &Consumer, version: &str) -> Result<Option<String>, CMakeError> {
    let mut toolset = match consumer.setting("compiler.toolset") {
        Some(toolset) => Some(toolset.to_owned()),
        None => msvc::toolset(version).map(str::to_owned),
    };
    let update = match consumer.conf.get("tools.microsoft:msvc_update")? {
        Some(update) => Some(update.to_python_str()),
        None => consumer.setting("compiler.update").map(str::to_owned),
    };
    // 193 with update 8 is 14.38
    if let (Some(toolset), Some(update), Some(digit)) =
        (&mut toolset, update, version.chars().last())
    {
        toolset.push_str(&format!(",version=14.{digit}{update}"));
    }
    Ok(toolset)
}

/// CMAKE_GENERATOR_PLATFORM; none without Visual Studio.
pub(in crate::cmake) fn generator_platform(
    consumer: &Consumer,
    generator: &str,
) -> Option<&'static str> {
    if !generator.contains("Visual")
        || !matches!(
            consumer.setting("compiler"),
            Some("msvc" | "clang" | "intel-cc")
        )
    {
        return None;
    }
    msvc::platform(consumer.setting("arch")?)
}

/// `{configuration: runtime library}` for CMAKE_MSVC_RUNTIME_LIBRARY.
pub(super) fn vs_runtime(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    let compiler = consumer.setting("compiler");
    if consumer.setting("os") != Some("Windows")
        || !matches!(compiler, Some("msvc" | "clang" | "intel-cc"))
    {
        return Ok(None);
    }
    let (Some(runtime), Some(build_type)) = (
        consumer.setting("compiler.runtime"),
        consumer.setting("build_type"),
    ) else {
        return Ok(None);
    };
    let kind = consumer
        .setting("compiler.runtime_type")
        .unwrap_or(if build_type == "Debug" {
            "Debug"
        } else {
            "Release"
        });
    let library = |debug: bool| {
        format!(
            "MultiThreaded{}{}",
            if debug { "Debug" } else { "" },
            if runtime == "dynamic" { "DLL" } else { "" }
        )
    };
    let mut runtimes = input
        .existing
        .as_deref()
        .map(existing_runtimes)
        .unwrap_or_default();
    runtimes.insert(build_type.to_owned(), library(kind == "Debug"));
    if compiler == Some("clang") {
        // try_compile() runs for Debug
        runtimes
            .entry("Debug".to_owned())
            .or_insert_with(|| library(true));
    }
    Ok(object(json!({ "vs_runtimes": runtimes })))
}

/// What `set(CMAKE_MSVC_RUNTIME_LIBRARY "$<$<CONFIG:A>:a>$<$<CONFIG:B>:b>")` says.
fn existing_runtimes(toolchain: &str) -> IndexMap<String, String> {
    let Some((_, rest)) = toolchain.split_once("\nset(CMAKE_MSVC_RUNTIME_LIBRARY \"") else {
        return IndexMap::new();
    };
    let line = rest.split('"').next().unwrap_or_default();
    line.split("$<$<CONFIG:")
        .filter_map(|item| {
            let (configuration, library) = item.split_once(">:")?;
            Some((
                configuration.to_owned(),
                library.trim_end_matches('>').to_owned(),
            ))
        })
        .collect()
}

/// `PATH=$<$<CONFIG:Release>:folders>..;%PATH%`
pub(super) fn vs_debugger_environment(
    input: &ToolchainInput,
) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    if consumer.setting("os") != Some("Windows") || !input.generator.contains("Visual") {
        return Ok(None);
    }
    let Some(build_type) = consumer.setting("build_type") else {
        return Ok(None);
    };
    let dirs = runtime_dirs(input);
    let mut all = input
        .existing
        .as_deref()
        .map(existing_path)
        .unwrap_or_default();
    if dirs.is_empty() && all.is_empty() {
        return Ok(None);
    }
    all.insert(build_type.to_owned(), dirs.join(";"));
    let items: Vec<String> = all
        .iter()
        .filter(|(_, dirs)| !dirs.is_empty())
        .map(|(configuration, dirs)| format!("$<$<CONFIG:{configuration}>:{dirs}>"))
        .collect();
    Ok(object(
        json!({ "vs_debugger_path": format!("PATH={};%PATH%", items.concat()) }),
    ))
}

fn existing_path(toolchain: &str) -> IndexMap<String, String> {
    let Some((_, rest)) = toolchain.split_once("\nset(CMAKE_VS_DEBUGGER_ENVIRONMENT \"PATH=")
    else {
        return IndexMap::new();
    };
    let Some(line) = rest.split(";%PATH%").next() else {
        return IndexMap::new();
    };
    line.split("$<$<CONFIG:")
        .filter_map(|item| {
            let (configuration, dirs) = item.split_once(">:")?;
            Some((
                configuration.to_owned(),
                dirs.trim_end_matches('>').to_owned(),
            ))
        })
        .collect()
}

/// `/MP<n>`
pub(super) fn parallel(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    let for_msbuild = input.generator.contains("Visual")
        && matches!(
            consumer.setting("compiler"),
            Some("msvc" | "clang" | "intel-cc")
        );
    Ok(for_msbuild
        .then(|| object(json!({ "parallel": consumer.jobs })))
        .flatten())
}
