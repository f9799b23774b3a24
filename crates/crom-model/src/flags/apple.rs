//! Apple's names: architectures, SDKs, deployment targets.

use super::FlagInput;

/// Apple's name of an architecture: `arm64` for `armv8`. `None` for those Apple never had.
pub fn to_apple_arch(arch: &str) -> Option<&'static str> {
    Some(match arch {
        "x86" => "i386",
        "x86_64" => "x86_64",
        "armv7" => "armv7",
        "armv7s" => "armv7s",
        "armv7k" => "armv7k",
        "armv8" => "arm64",
        "armv8_32" => "arm64_32",
        "armv8.3" => "arm64e",
        _ => return None,
    })
}

/// True for Apple's systems.
pub fn is_apple_os(os: &str) -> bool {
    matches!(os, "Macos" | "iOS" | "watchOS" | "tvOS" | "visionOS")
}

/// An Apple system other than macOS without `os.sdk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Please, specify a suitable value for os.sdk.")]
pub struct MissingSdk;

/// The SDK's name with its version: `iphoneos17.1`, `macosx`. `None` for other systems.
pub fn sdk_fullname(input: &FlagInput<'_>) -> Result<Option<String>, MissingSdk> {
    let os = input.get("os").unwrap_or_default();
    let version = input.get("os.sdk_version").unwrap_or_default();
    match (input.get("os.sdk"), os.as_str()) {
        (Some(sdk), _) => Ok(Some(format!("{sdk}{version}"))),
        (None, "Macos") => Ok(Some(format!("macosx{version}"))),
        (None, os) if is_apple_os(os) => Err(MissingSdk),
        (None, _) => Ok(None),
    }
}

fn sdk(input: &FlagInput<'_>) -> Option<String> {
    input
        .get("os.sdk")
        .or_else(|| (input.get("os").as_deref() == Some("Macos")).then(|| "macosx".to_owned()))
}

/// `-mmacosx-version-min=13.0` and its like for `os.version`; empty when nothing is needed.
pub fn apple_min_version_flag(input: &FlagInput<'_>) -> String {
    let (Some(version), Some(sdk)) = (input.get("os.version"), sdk(input)) else {
        return String::new();
    };
    if input.get("os.subsystem").as_deref() == Some("catalyst") {
        return format!("-mios-version-min={version}");
    }
    let name = match sdk.as_str() {
        "macosx" => "macosx",
        "iphoneos" => "ios",
        "iphonesimulator" => "ios-simulator",
        "watchos" => "watchos",
        "watchsimulator" => "watchos-simulator",
        "appletvos" => "tvos",
        "appletvsimulator" => "tvos-simulator",
        "xros" | "xrsimulator" => {
            // The compiler has no `-m...-version-min` for visionOS.
            let arch = input.get("arch").unwrap_or_default();
            let arch = to_apple_arch(&arch).unwrap_or("None");
            let simulator = if sdk == "xrsimulator" {
                "-simulator"
            } else {
                ""
            };
            return format!("--target={arch}-apple-xros{version}{simulator}");
        }
        _ => return String::new(),
    };
    format!("-m{name}-version-min={version}")
}

/// The target of the Swift compiler: `arm64-apple-ios13.0-simulator`. `None` when system, version,
/// SDK or architecture aren't known.
pub fn swift_target_triple(input: &FlagInput<'_>) -> Option<String> {
    let os = input.get("os")?;
    if !is_apple_os(&os) {
        return None;
    }
    let arch = input.get("arch")?;
    let arch = to_apple_arch(&arch)?;
    if input.get("os.subsystem").as_deref() == Some("catalyst") {
        let version = input.get("os.subsystem.ios_version")?;
        return Some(format!("{arch}-apple-ios{version}-macabi"));
    }
    let version = input.get("os.version")?;
    let (name, simulator) = match sdk(input)?.as_str() {
        "macosx" => ("macosx", ""),
        "iphoneos" => ("ios", ""),
        "iphonesimulator" => ("ios", "-simulator"),
        "watchos" => ("watchos", ""),
        "watchsimulator" => ("watchos", "-simulator"),
        "appletvos" => ("tvos", ""),
        "appletvsimulator" => ("tvos", "-simulator"),
        "xros" => ("xros", ""),
        "xrsimulator" => ("xros", "-simulator"),
        _ => return None,
    };
    Some(format!("{arch}-apple-{name}{version}{simulator}"))
}

/// The name Xcode has for the lowest system version to run on: `MACOSX_DEPLOYMENT_TARGET`.
pub fn deployment_target_key(os: &str) -> Option<&'static str> {
    Some(match os {
        "Macos" => "MACOSX_DEPLOYMENT_TARGET",
        "iOS" => "IPHONEOS_DEPLOYMENT_TARGET",
        "watchOS" => "WATCHOS_DEPLOYMENT_TARGET",
        "tvOS" => "TVOS_DEPLOYMENT_TARGET",
        "visionOS" => "XROS_DEPLOYMENT_TARGET",
        _ => return None,
    })
}
