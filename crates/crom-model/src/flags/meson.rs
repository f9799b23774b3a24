//! Meson's names of machines.

use serde::{Deserialize, Serialize};

/// A machine section of a cross file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MesonMachine {
    /// `linux`
    pub system: String,
    /// `aarch64`
    pub cpu_family: String,
    /// `armv8`
    pub cpu: String,
    /// `little` or `big`.
    pub endian: String,
}

/// Meson's names for a system and an architecture; unknown ones keep their name in lower case.
pub fn meson_machine(os: &str, arch: &str) -> MesonMachine {
    let system = match os {
        "Windows" | "WindowsStore" | "WindowsCE" => "windows".to_owned(),
        "Macos" | "iOS" | "watchOS" | "tvOS" | "visionOS" => "darwin".to_owned(),
        other => other.to_lowercase(),
    };
    let (family, cpu, big) = match arch {
        "ppc32be" => ("ppc", "ppc", true),
        "ppc32" => ("ppc", "ppc", false),
        "ppc64le" => ("ppc64", "ppc64", false),
        "ppc64" => ("ppc64", "ppc64", true),
        "armv8" | "armv8_32" | "armv8.3" | "arm64ec" => ("aarch64", arch, false),
        _ if arch.starts_with("armv") => ("arm", arch, false),
        "sparc" => ("sparc", "sparc", true),
        "sparcv9" => ("sparc64", "sparc64", true),
        "mips" | "mips64" | "s390" | "s390x" => (arch, arch, true),
        "wasm" => ("wasm32", "wasm32", false),
        "sh4le" => ("sh4", "sh4", false),
        _ => (arch, arch, false),
    };
    MesonMachine {
        system,
        cpu_family: family.to_owned(),
        cpu: cpu.to_owned(),
        endian: if big { "big" } else { "little" }.to_owned(),
    }
}

/// Meson's `subsystem` for an SDK of Apple.
pub fn apple_subsystem(sdk: Option<&str>) -> &'static str {
    match sdk {
        Some("iphoneos") => "ios",
        Some("iphonesimulator") => "ios-simulator",
        Some("appletvos") => "tvos",
        Some("appletvsimulator") => "tvos-simulator",
        Some("watchos") => "watchos",
        Some("watchsimulator") => "watchos-simulator",
        _ => "macos",
    }
}

/// The value of Meson's `cpp_std`: `gnu++17`, `vc++17`. `None` when there's none.
pub fn cpp_std(compiler: &str, version: &str, cppstd: &str) -> Option<String> {
    if compiler == "msvc" {
        return crate::cppstd::cppstd_msvc_flag(version, cppstd).map(|name| format!("v{name}"));
    }
    Some(match cppstd.strip_prefix("gnu") {
        Some(year) => format!("gnu++{year}"),
        None => format!("c++{cppstd}"),
    })
}

/// The value of Meson's `c_std`: `c17`, `gnu17`.
pub fn c_std(cstd: &str) -> String {
    if cstd.starts_with("gnu") {
        cstd.to_owned()
    } else {
        format!("c{cstd}")
    }
}
