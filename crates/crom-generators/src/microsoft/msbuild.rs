//! Command lines of the `MSBuild` build helper.

use crom_model::conf::Conf;
use serde::{Deserialize, Serialize};

use super::facts::platform;
use crate::cmake::Consumer;
use crate::error::GeneratorError;

/// What the helper knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MsBuild {
    /// The package.
    pub consumer: Consumer,
    /// The solution or project.
    pub sln: String,
    /// What to build in it.
    pub targets: Option<Vec<String>>,
    /// `build_type` of the object.
    pub build_type: Option<String>,
    /// `platform` of the object.
    pub platform: Option<String>,
}

/// The helper's `platform` for a consumer.
pub fn default_platform(consumer: &Consumer) -> Option<&'static str> {
    // Windows CE has names of its own.
    if consumer.setting("os") == Some("WindowsCE") {
        return None;
    }
    platform(consumer.setting("arch"))
}

/// `-verbosity:Quiet`; empty where `tools.build:verbosity` isn't set.
///
/// # Errors
/// For a verbosity that doesn't exist.
pub fn verbosity(conf: &Conf) -> Result<&'static str, GeneratorError> {
    match conf.get_str("tools.build:verbosity")?.as_deref() {
        Some("quiet") => Ok("-verbosity:Quiet"),
        Some("verbose") => Ok("-verbosity:Detailed"),
        None => Ok(""),
        Some(other) => Err(GeneratorError::invalid(format!(
            "Unknown value '{other}' for 'tools.build:verbosity'"
        ))),
    }
}

/// The command line.
pub fn command(input: &MsBuild) -> Result<String, GeneratorError> {
    let conf = &input.consumer.conf;
    let mut line = format!("msbuild.exe \"{}\"", input.sln);
    if let Some(build_type) = &input.build_type {
        line.push_str(&format!(" -p:Configuration=\"{build_type}\""));
    }
    if let Some(platform) = &input.platform {
        line.push_str(&format!(" -p:Platform=\"{platform}\""));
    }
    let verbosity = verbosity(conf)?;
    if !verbosity.is_empty() {
        line.push_str(&format!(" {verbosity}"));
    }
    if let Some(count) = conf.get_int("tools.microsoft.msbuild:max_cpu_count")? {
        line.push_str(&if count > 0 {
            format!(" -m:\"{count}\"")
        } else {
            " -m".to_owned()
        });
    }
    if let Some(targets) = &input.targets {
        line.push_str(&format!(" -target:\"{}\"", targets.join(";")));
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crom_model::conf::ConfValue;

    #[test]
    fn line_of_the_reference() {
        let mut input = MsBuild {
            sln: "p.sln".into(),
            targets: Some(vec!["a".into(), "b".into()]),
            build_type: Some("Release".into()),
            platform: Some("x64".into()),
            ..MsBuild::default()
        };
        input
            .consumer
            .conf
            .define("tools.microsoft.msbuild:max_cpu_count", ConfValue::Int(5));
        input
            .consumer
            .conf
            .define("tools.build:verbosity", ConfValue::Str("verbose".into()));
        assert_eq!(
            command(&input).unwrap(),
            "msbuild.exe \"p.sln\" -p:Configuration=\"Release\" -p:Platform=\"x64\" -verbosity:Detailed -m:\"5\" -target:\"a;b\""
        );
    }
}
