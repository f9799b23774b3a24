//! Command lines of the `Premake` build helper.

use crom_model::flags::msvc;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::architecture;
use crate::cmake::Consumer;
use crate::cmake::text::{join, python_str};
use crate::error::GeneratorError;
use crate::microsoft::msbuild::{self, MsBuild};

/// The file that Premake is called on, in the build folder.
pub const FILE: &str = "conanfile.premake5.lua";

/// A call of a build helper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Premake {
    /// The package.
    pub consumer: Consumer,
    /// The project's `premake5.lua`.
    pub luafile: String,
    /// More arguments: `--name=value`.
    pub arguments: IndexMap<String, Value>,
    /// `gmake`, `vs2022`
    pub action: String,
    /// `conantoolchain.premake5.lua` is in the generators folder.
    pub has_toolchain: bool,
    /// Name of the workspace, for Visual Studio.
    pub workspace: String,
    /// All of them without.
    pub targets: Option<Vec<String>>,
    /// The build type without.
    pub configuration: Option<String>,
    /// Visual Studio's platform.
    pub msbuild_platform: Option<String>,
}

/// What Premake makes by default: the solution of the Visual Studio, or makefiles.
pub fn action(consumer: &Consumer) -> String {
    let version = consumer.setting("compiler.version").unwrap_or_default();
    let year = match consumer.setting("compiler") {
        Some("msvc") => msvc::vs_ide_version(version).and_then(|ide| match ide {
            "11" => Some("2012"),
            "12" => Some("2013"),
            "14" => Some("2015"),
            "15" => Some("2017"),
            "16" => Some("2019"),
            "17" => Some("2022"),
            "18" => Some("2026"),
            _ => None,
        }),
        _ => None,
    };
    year.map_or_else(|| "gmake".to_owned(), |year| format!("vs{year}"))
}

impl Premake {
    fn file(&self) -> String {
        join(&self.consumer.folders.build, FILE)
    }

    /// The text of [`FILE`]: the project's script, then the toolchain.
    pub fn script(&self) -> String {
        let mut text = format!("#!lua\ninclude(\"{}\")\n", self.luafile.replace('\\', "/"));
        if self.has_toolchain {
            let toolchain = join(&self.consumer.folders.generators, super::toolchain::FILE);
            text.push_str(&format!("include(\"{toolchain}\")\n"));
        }
        text
    }

    /// `premake5`
    ///
    /// # Errors
    /// If Premake has no name for the architecture.
    pub fn configure(&self) -> Result<String, GeneratorError> {
        let mut command = format!("premake5 --file=\"{}\" {}", self.file(), self.action);
        for (name, value) in &self.arguments {
            command.push_str(&format!(" --{name}={}", python_str(value)));
        }
        if let Some(arch) = self.consumer.setting("arch")
            && !self.arguments.contains_key("arch")
        {
            command.push_str(&format!(" --arch={}", architecture(arch)?));
        }
        if self
            .consumer
            .conf
            .get_str("tools.build:verbosity")?
            .as_deref()
            == Some("verbose")
        {
            command.push_str(" --verbose");
        }
        Ok(command)
    }

    /// `msbuild` or `make`.
    ///
    /// # Errors
    /// If a conf has a wrong type.
    pub fn build(&self) -> Result<String, GeneratorError> {
        let build_type = self
            .configuration
            .clone()
            .or_else(|| self.consumer.setting("build_type").map(str::to_owned));
        if self.action.starts_with("vs") {
            return msbuild::command(&MsBuild {
                consumer: self.consumer.clone(),
                sln: format!("{}.sln", self.workspace),
                targets: self.targets.clone(),
                build_type,
                platform: self
                    .msbuild_platform
                    .clone()
                    .or_else(|| msbuild::default_platform(&self.consumer).map(str::to_owned)),
            });
        }
        let targets = match &self.targets {
            Some(targets) => targets.join(" "),
            None => "all".to_owned(),
        };
        let mut command = format!(
            "make config={} {targets}",
            build_type.unwrap_or_default().to_lowercase()
        );
        if self.consumer.jobs > 0 {
            command.push_str(&format!(" -j{}", self.consumer.jobs));
        }
        let verbosity = self.consumer.conf.get_str("tools.compilation:verbosity")?;
        if verbosity.as_deref() == Some("verbose") {
            command.push_str(" verbose=1");
        }
        Ok(command)
    }
}
