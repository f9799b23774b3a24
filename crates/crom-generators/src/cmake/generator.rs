//! Which generator of CMake is used, and what kind it is.

use crom_model::flags::msvc::vs_ide_version;

use super::{CMakeError, Consumer};

/// True for generators whose build tree serves several configurations.
pub fn is_multi_configuration(generator: &str) -> bool {
    generator.contains("Visual")
        || generator.contains("Xcode")
        || generator.contains("Multi-Config")
}

/// The generator: the conf, else what the recipe asks for, else by compiler and platform.
pub fn choose(consumer: &Consumer, asked: Option<&str>) -> Result<String, CMakeError> {
    if let Some(conf) = consumer
        .conf
        .get_str("tools.cmake.cmaketoolchain:generator")?
    {
        return Ok(conf);
    }
    if let Some(asked) = asked.filter(|it| !it.is_empty()) {
        return Ok(asked.to_owned());
    }
    if consumer.setting("compiler") == Some("msvc") {
        let version = consumer.setting("compiler.version").ok_or_else(|| {
            CMakeError::invalid("compiler.version must be defined for the compiler msvc")
        })?;
        return visual_studio(consumer, version);
    }
    if consumer.platform == "Windows" {
        return Ok("MinGW Makefiles".to_owned());
    }
    Ok("Unix Makefiles".to_owned())
}

fn visual_studio(consumer: &Consumer, compiler_version: &str) -> Result<String, CMakeError> {
    let ide = match consumer
        .conf
        .get_str("tools.microsoft.msbuild:vs_version")?
    {
        Some(ide) => ide,
        None => vs_ide_version(compiler_version)
            .ok_or_else(|| {
                CMakeError::invalid(format!(
                    "Invalid msvc compiler version '{compiler_version}': no Visual Studio is known \
                     for it"
                ))
            })?
            .to_owned(),
    };
    let year = match ide.as_str() {
        "8" => "2005",
        "9" => "2008",
        "10" => "2010",
        "11" => "2012",
        "12" => "2013",
        "14" => "2015",
        "15" => "2017",
        "16" => "2019",
        "17" => "2022",
        "18" => "2026",
        other => {
            return Err(CMakeError::invalid(format!(
                "The CMake generator for Visual Studio '{other}' isn't known"
            )));
        }
    };
    Ok(format!("Visual Studio {ide} {year}"))
}
