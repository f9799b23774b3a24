//! Names of Microsoft's tools.

use super::FlagInput;

/// `MD`, `MDd`, `MT` or `MTd`; empty without `compiler.runtime`.
pub fn msvc_runtime_flag(input: &FlagInput<'_>) -> String {
    let base = match input.get("compiler.runtime").as_deref() {
        Some("static") => "MT",
        Some("dynamic") => "MD",
        _ => return String::new(),
    };
    let debug = input.get("compiler.runtime_type").as_deref() == Some("Debug");
    format!("{base}{}", if debug { "d" } else { "" })
}

/// The toolset of a compiler version: `v143` for 193 and 194.
pub fn toolset(compiler_version: &str) -> Option<&'static str> {
    Some(match compiler_version {
        "170" => "v110",
        "180" => "v120",
        "190" => "v140",
        "191" => "v141",
        "192" => "v142",
        "193" | "194" => "v143",
        "195" => "v145",
        _ => return None,
    })
}

/// The Visual Studio that brings a compiler version: `17` for 193 and 194.
pub fn vs_ide_version(compiler_version: &str) -> Option<&'static str> {
    Some(match compiler_version {
        "170" => "11",
        "180" => "12",
        "190" => "14",
        "191" => "15",
        "192" => "16",
        "193" | "194" => "17",
        "195" => "18",
        _ => return None,
    })
}

/// MSBuild's `Platform` of an architecture.
pub fn platform(arch: &str) -> Option<&'static str> {
    Some(match arch {
        "x86" => "Win32",
        "x86_64" => "x64",
        "armv7" => "ARM",
        "armv8" => "ARM64",
        "arm64ec" => "ARM64EC",
        _ => return None,
    })
}
