//! `conanvcvars.bat` (VCVars): brings the environment of Visual Studio up.

use serde::{Deserialize, Serialize};

use crate::cmake::Consumer;
use crom_model::flags::msvc;

use crate::error::GeneratorError;
use crate::file::File;

/// What the script depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VcVars {
    /// The package.
    pub consumer: Consumer,
    /// Where the wanted Visual Studio was found on this machine, if it was.
    pub found: Option<String>,
}

/// What the script would activate: the Visual Studio to be looked for.
pub fn wanted_version(consumer: &Consumer) -> Result<Option<String>, GeneratorError> {
    if let Some(version) = consumer
        .conf
        .get_str("tools.microsoft.msbuild:vs_version")?
    {
        return Ok(Some(version));
    }
    let version = consumer.setting("compiler.version").unwrap_or_default();
    Ok(match consumer.setting("compiler") {
        Some("msvc") => msvc::vs_ide_version(version).map(str::to_owned),
        Some("clang") => match consumer.setting("compiler.runtime_version") {
            Some("v140") => Some("14"),
            Some("v141") => Some("15"),
            Some("v142") => Some("16"),
            Some("v143" | "v144") => Some("17"),
            _ => None,
        }
        .map(str::to_owned),
        _ => None,
    })
}

/// True if there's something to do: the compiler is of Visual Studio, and the machine that builds
/// runs Windows.
pub fn needed(consumer: &Consumer) -> Result<bool, GeneratorError> {
    if consumer.setting_build("os") != Some("Windows") {
        return Ok(false);
    }
    let disabled = consumer
        .conf
        .get_str("tools.microsoft.msbuild:installation_path")?
        .is_some_and(|it| it.is_empty());
    let compiler = match consumer.setting("compiler") {
        Some("msvc") => true,
        Some("clang") => consumer.setting("compiler.runtime").is_some(),
        _ => false,
    };
    Ok(compiler && !disabled)
}

/// Renders the script; nothing if it isn't needed.
pub fn render(input: &VcVars) -> Result<Vec<File>, GeneratorError> {
    let consumer = &input.consumer;
    if !needed(consumer)? {
        return Ok(Vec::new());
    }
    let Some(version) = wanted_version(consumer)? else {
        return Ok(Vec::new());
    };
    let folder = consumer
        .conf
        .get_str("tools.microsoft.msbuild:installation_path")?
        .or_else(|| input.found.clone())
        .ok_or_else(|| {
            GeneratorError::invalid(format!(
                "VS non-existing installation: Visual Studio {version}"
            ))
        })?;
    let architecture = architecture(consumer);
    let mut options = String::new();
    if let Some(store) = store_type(consumer) {
        options.push_str(&format!(" {store}"));
    }
    if let Some(sdk) = consumer.conf.get_str("tools.microsoft:winsdk_version")? {
        options.push_str(&format!(" {sdk}"));
    }
    if let Some(toolset) = vcvars_version(consumer)? {
        options.push_str(&format!(" -vcvars_ver={toolset}"));
    }
    let script = if version == "14" {
        format!("{folder}/VC/vcvarsall.bat")
    } else {
        format!("{folder}/VC/Auxiliary/Build/vcvarsall.bat")
    };
    let content = format!(
        r#"@echo off
set __VSCMD_ARG_NO_LOGO=1
set VSCMD_SKIP_SENDTELEMETRY=1
echo conanvcvars.bat: Activating environment Visual Studio {version} - {architecture}{options}
set "VSCMD_START_DIR=%CD%"
call "{script}" {architecture}{options}
"#
    );
    Ok(vec![File::new("conanvcvars.bat", content)])
}

/// From the machine that builds to the one that the package is for: `amd64_x86`.
fn architecture(consumer: &Consumer) -> String {
    let name = |arch: Option<&str>| match arch {
        Some("x86") => "x86",
        Some("armv7") => "arm",
        Some("armv8" | "arm64ec") => "arm64",
        _ => "amd64",
    };
    let (build, host) = (
        name(consumer.setting_build("arch")),
        name(consumer.setting("arch")),
    );
    if build == host {
        host.to_owned()
    } else {
        format!("{build}_{host}")
    }
}

fn store_type(consumer: &Consumer) -> Option<&'static str> {
    (consumer.setting("os") == Some("WindowsStore")).then_some("store")
}

/// `14.3` or, with an update, `14.38`.
fn vcvars_version(consumer: &Consumer) -> Result<Option<String>, GeneratorError> {
    let version = match consumer.setting("compiler") {
        Some("msvc") => consumer
            .setting("compiler.version")
            .unwrap_or_default()
            .to_owned(),
        _ => match consumer.setting("compiler.runtime_version") {
            Some(toolset) => toolset.replace("v14", "19"),
            None => return Ok(None),
        },
    };
    if version.len() < 3 || !version.is_ascii() || version.as_str() < "191" {
        return Ok(None);
    }
    let update = match consumer.conf.get_str("tools.microsoft:msvc_update")? {
        Some(update) => Some(update),
        None => consumer.setting("compiler.update").map(str::to_owned),
    };
    let minor = &version[2..];
    Ok(Some(match update {
        Some(update) => format!("14.{minor}{update}"),
        None => format!("14.{minor}"),
    }))
}
