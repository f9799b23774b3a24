//! The block `apple_system`.

use crom_model::flags::apple::{is_apple_os, sdk_fullname, swift_target_triple, to_apple_arch};
use serde_json::json;

use super::ToolchainInput;
use super::blocks::{Values, object};
use super::flags::with_flags;
use crate::cmake::{CMakeError, Consumer};

pub(super) fn apple_system(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    if !consumer.setting("os").is_some_and(is_apple_os) {
        return Ok(None);
    }
    let conf = |name: &str| consumer.conf.get_bool(&format!("tools.apple:{name}"));
    let bitcode = conf("enable_bitcode")?;
    let marker = bitcode == Some(true) && consumer.setting("build_type") == Some("Debug");
    let mut values = object(json!({
        "enable_bitcode": bitcode,
        "enable_bitcode_marker": marker,
        "enable_arc": conf("enable_arc")?,
        "enable_visibility": conf("enable_visibility")?,
        "cmake_osx_sysroot": sdk(consumer)?,
        "cmake_osx_architectures": architectures(consumer),
    }))
    .unwrap_or_default();
    if let Some(version) = consumer.setting("os.version")
        && consumer.setting("os.subsystem") != Some("catalyst")
    {
        values.insert("cmake_osx_deployment_target".into(), version.into());
    }
    if let Some(target) = with_flags(consumer, swift_target_triple)? {
        values.insert("swift_target".into(), target.into());
    }
    Ok(Some(values))
}

/// A universal binary has `arm64;x86_64`.
fn architectures(consumer: &Consumer) -> Option<String> {
    let arch = consumer.setting("arch")?;
    Some(
        arch.split('|')
            .map(|it| to_apple_arch(it).unwrap_or(it))
            .collect::<Vec<_>>()
            .join(";"),
    )
}

/// Path of the SDK (tools.apple:sdk_path), else its name.
fn sdk(consumer: &Consumer) -> Result<Option<String>, CMakeError> {
    if let Some(path) = consumer.conf.get_str("tools.apple:sdk_path")? {
        return Ok(Some(path));
    }
    with_flags(consumer, sdk_fullname)?.map_err(|error| CMakeError::invalid(error.to_string()))
}
