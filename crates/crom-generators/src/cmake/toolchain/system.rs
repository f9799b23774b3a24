//! Blocks that say for which system is built: `generic_system`, `android_system`.

use crom_model::flags::apple::{is_apple_os, to_apple_arch};
use serde_json::{Value, json};

use super::ToolchainInput;
use super::blocks::{Values, object};
use super::windows::{generator_platform, toolset};
use crate::cmake::{CMakeError, Consumer};

pub(super) fn generic_system(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    let style = consumer.path_style();
    let sysroot = consumer
        .conf
        .get_str("tools.build:sysroot")?
        .map(|path| style.beside_list_file(&path));
    let (name, version, processor) = system(consumer)?;
    let toolset = toolset(consumer, &input.generator)?;
    let platform = generator_platform(consumer, &input.generator);
    let winsdk = match consumer.conf.get_str("tools.microsoft:winsdk_version")? {
        _ if platform.is_none() => None,
        Some(version) => Some(version),
        None if consumer.setting("os") == Some("WindowsStore") => {
            consumer.setting("os.version").map(str::to_owned)
        }
        None => None,
    };
    let platform_and_sdk = platform.map(|platform| match &winsdk {
        Some(version) => format!("{platform},version={version}"),
        None => platform.to_owned(),
    });
    let version = winsdk.clone().map(Value::String).or(version);
    Ok(object(json!({
        "toolset": toolset,
        "generator_platform": platform,
        "cmake_system_name": name,
        "cmake_system_version": version,
        "cmake_system_processor": processor,
        "cmake_sysroot": sysroot,
        "winsdk_version": winsdk,
        "gen_platform_sdk_version": platform_and_sdk,
    })))
}

type System = (Option<Value>, Option<Value>, Option<Value>);

/// Values of CMAKE_SYSTEM_NAME, _VERSION and _PROCESSOR. Confs win over what follows from settings.
fn system(consumer: &Consumer) -> Result<System, CMakeError> {
    let conf = |name: &str| -> Result<Option<Value>, CMakeError> {
        let found = consumer
            .conf
            .get(&format!("tools.cmake.cmaketoolchain:{name}"))?;
        Ok(found
            .map(|value| value.to_json())
            .filter(|value| !value.is_null()))
    };
    let (mut name, mut version, mut processor) = (
        conf("system_name")?,
        conf("system_version")?,
        conf("system_processor")?,
    );
    let os = consumer.setting("os");
    // The NDK's toolchain file sets all of them.
    let deduce = os != Some("Android") && needs_system(consumer)?;
    if let Some(os) = os.filter(|_| deduce) {
        let arch = consumer.setting("arch");
        name = name.or_else(|| Some(system_name(os, arch).into()));
        version = version.or_else(|| system_version(consumer, os).map(Value::from));
        processor = processor.or_else(|| arch.map(|arch| system_processor(os, arch).into()));
    }
    Ok((name, version, processor))
}

fn needs_system(consumer: &Consumer) -> Result<bool, CMakeError> {
    let os = consumer.setting("os");
    if matches!(os, Some("iOS" | "watchOS" | "tvOS" | "visionOS")) {
        return Ok(true);
    }
    // CMake doesn't cross-build for x86 on x86_64: the same compiler runs, and so do the programs.
    let x86_on_x64 = consumer.setting("arch") == Some("x86")
        && consumer.setting_build("arch") == Some("x86_64")
        && os == consumer.setting_build("os");
    // A universal binary runs on each of its machines.
    let universal = os == consumer.setting_build("os")
        && consumer.setting("arch").is_some_and(|it| it.contains('|'));
    Ok(!x86_on_x64 && !universal && consumer.cross_building()?)
}

fn system_name(os: &str, arch: Option<&str>) -> String {
    match os {
        "Macos" => "Darwin",
        "Neutrino" => "QNX",
        "baremetal" if arch.is_some_and(is_tricore) => "Generic-ELF",
        "baremetal" => "Generic",
        other => other,
    }
    .to_owned()
}

fn is_tricore(arch: &str) -> bool {
    arch.starts_with("tc") && arch[2..].chars().all(|it| it.is_ascii_digit())
}

fn system_processor(os: &str, arch: &str) -> String {
    if is_apple_os(os)
        && let Some(arch) = to_apple_arch(arch)
    {
        return arch.to_owned();
    }
    match arch {
        "armv8" if os == "Windows" => "ARM64",
        "armv8" => "aarch64",
        arch if is_tricore(arch) => "tricore",
        other => other,
    }
    .to_owned()
}

fn system_version(consumer: &Consumer, os: &str) -> Option<String> {
    let version = consumer.setting("os.version")?;
    if is_apple_os(os) {
        darwin_version(os, version)
    } else {
        Some(version.to_owned())
    }
}

/// Version of the kernel, which is what CMAKE_SYSTEM_VERSION means there.
fn darwin_version(os: &str, version: &str) -> Option<String> {
    let mut numbers = version.split('.').map(|it| it.parse::<u32>().ok());
    let major = numbers.next()??;
    let minor = numbers.next().flatten().unwrap_or(0);
    // Since 26 all systems have the number of the year, before macOS 26 that was behind by 1.
    let kernel = match os {
        _ if major >= 26 => major - 1,
        "Macos" if major == 10 => minor + 4,
        "Macos" => major + 9,
        "iOS" | "tvOS" => major + 6,
        "watchOS" => major + 13,
        "visionOS" => major + 22,
        _ => return None,
    };
    Some(kernel.to_string())
}

pub(super) fn android_system(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    if consumer.setting("os") != Some("Android") {
        return Ok(None);
    }
    let ndk = consumer
        .conf
        .get_str("tools.android:ndk_path")?
        .ok_or_else(|| {
            CMakeError::invalid("CMakeToolchain needs tools.android:ndk_path configuration defined")
        })?;
    let legacy = consumer
        .conf
        .get_bool("tools.android:cmake_legacy_toolchain")?
        .map(|on| if on { "ON" } else { "OFF" });
    let stl = consumer.setting("compiler.libcxx");
    Ok(object(json!({
        "android_platform": format!("android-{}", consumer.setting("os.api_level").unwrap_or_default()),
        "android_abi": android_abi(consumer.setting("arch").unwrap_or_default()),
        "android_stl": stl,
        "android_ndk_path": consumer.path_style().beside_list_file(&ndk),
        "android_use_legacy_toolchain_file": legacy,
    })))
}

fn android_abi(arch: &str) -> String {
    match arch {
        "armv5el" | "armv5hf" | "armv5" => "armeabi",
        "armv6" | "armv7" | "armv7hf" => "armeabi-v7a",
        "armv8" => "arm64-v8a",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels() {
        let known = [
            ("Macos", "13.0", "22"),
            ("Macos", "10.15", "19"),
            ("iOS", "15.0", "21"),
            ("iOS", "26.0", "25"),
        ];
        for (os, version, kernel) in known {
            assert_eq!(
                darwin_version(os, version).as_deref(),
                Some(kernel),
                "{os} {version}"
            );
        }
    }
}
