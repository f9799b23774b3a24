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

/// Arguments of `vcvars_command`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VcVarsCommand {
    /// Of Visual Studio: `17`.
    pub version: String,
    /// `amd64`, `x86_amd64`, ...
    pub architecture: Option<String>,
    /// `store` or `uwp`
    pub platform_type: Option<String>,
    /// `10.0.22000.0`
    pub winsdk_version: Option<String>,
    /// `14.3`
    pub vcvars_ver: Option<String>,
    /// Stay in the current folder, which `vcvarsall.bat` may leave.
    pub start_dir_cd: bool,
    /// Where `vcvarsall.bat` is.
    pub script: String,
}

impl VcVarsCommand {
    /// Where the script is in an installation of that version.
    pub fn script_in(version: &str, installation: &str) -> String {
        let below = if version.parse::<u32>().is_ok_and(|it| it < 15) {
            "VC/vcvarsall.bat"
        } else {
            "VC/Auxiliary/Build/vcvarsall.bat"
        };
        format!("{installation}/{below}")
    }

    /// The command line for `cmd`.
    pub fn line(&self) -> String {
        let start = if self.start_dir_cd {
            "set \"VSCMD_START_DIR=%CD%\" && "
        } else {
            ""
        };
        let version = self
            .vcvars_ver
            .as_ref()
            .map(|it| format!("-vcvars_ver={it}"));
        let arguments = [
            &self.architecture,
            &self.platform_type,
            &self.winsdk_version,
            &version,
        ];
        let arguments = arguments
            .iter()
            .filter_map(|it| it.as_deref())
            .fold(String::new(), |all, it| format!("{all} {it}"));
        format!("{start}call \"{}\" {arguments}", self.script)
    }
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

#[cfg(test)]
mod tests {
    use super::VcVarsCommand;

    #[test]
    fn the_command_has_what_is_said() {
        let mut command = VcVarsCommand {
            version: "17".to_owned(),
            start_dir_cd: true,
            script: VcVarsCommand::script_in("17", "C:/VS"),
            ..VcVarsCommand::default()
        };
        let call = "call \"C:/VS/VC/Auxiliary/Build/vcvarsall.bat\" ";
        assert_eq!(
            command.line(),
            format!("set \"VSCMD_START_DIR=%CD%\" && {call}")
        );
        command.architecture = Some("amd64".to_owned());
        command.platform_type = Some("store".to_owned());
        command.vcvars_ver = Some("14.3".to_owned());
        command.start_dir_cd = false;
        assert_eq!(
            command.line(),
            format!("{call} amd64 store -vcvars_ver=14.3")
        );
        assert_eq!(
            VcVarsCommand::script_in("14", "C:/VS"),
            "C:/VS/VC/vcvarsall.bat"
        );
    }
}
