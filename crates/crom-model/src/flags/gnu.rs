//! GNU triplets: `x86_64-linux-gnu`.

use serde::{Deserialize, Serialize};

/// A system as `configure` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GnuTriplet {
    /// `x86_64`
    pub machine: String,
    /// `linux-gnu`
    pub system: String,
    /// Both, joined by `-`.
    pub triplet: String,
}

/// A triplet that can't be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TripletError {
    /// GNU has no name for it that Conan knows.
    #[error(
        "Unknown '{0}' machine, Conan doesn't know how to translate it to the GNU triplet, please report at  https://github.com/conan-io/conan/issues"
    )]
    UnknownMachine(String),
    /// On Windows gcc is MinGW and all others are not.
    #[error(
        "'compiler' parameter for 'get_gnu_triplet()' is not specified and needed for os=Windows"
    )]
    CompilerNeeded,
}

/// The triplet of `os` and `arch`. `compiler` counts on Windows only.
pub fn gnu_triplet(
    os: &str,
    arch: &str,
    compiler: Option<&str>,
) -> Result<GnuTriplet, TripletError> {
    let compiler = compiler.filter(|it| !it.is_empty());
    if os == "Windows" && compiler.is_none() {
        return Err(TripletError::CompilerNeeded);
    }
    let machine = machine(os, arch)
        .ok_or_else(|| TripletError::UnknownMachine(arch.to_owned()))?
        .to_owned();
    let system = system(os, arch, compiler);
    let triplet = format!("{machine}-{system}");
    Ok(GnuTriplet {
        machine,
        system,
        triplet,
    })
}

/// `armv7` and its like, of 32 bits; arm64ec is among them in Conan.
fn is_arm32(arch: &str) -> bool {
    arch.contains("arm") && !is_arm64(arch)
}

fn is_arm64(arch: &str) -> bool {
    arch.contains("armv8")
}

fn machine(os: &str, arch: &str) -> Option<&'static str> {
    Some(match arch {
        "x86" => "i686",
        "x86_64" => "x86_64",
        "asm.js" => "asmjs",
        "wasm" => "wasm32",
        "wasm64" => "wasm64",
        _ if is_arm64(arch) => "aarch64",
        "ppc32" | "ppc32be" if os == "AIX" => "rs6000",
        "ppc64" | "ppc64le" if os == "AIX" => "powerpc",
        _ if os == "AIX" => return None,
        _ if is_arm32(arch) => "arm",
        "ppc32" => "powerpc",
        "ppc32be" => "powerpcbe",
        "ppc64" => "powerpc64",
        "ppc64le" => "powerpc64le",
        "mips" => "mips",
        "mips64" => "mips64",
        "sparc" => "sparc",
        "sparcv9" => "sparc64",
        "s390" => "s390-ibm",
        "s390x" => "s390x-ibm",
        "sh4le" => "sh4",
        "riscv64" => "riscv64",
        "riscv32" => "riscv32",
        "loongarch64" => "loongarch64",
        _ if arch.contains("e2k") => "e2k-unknown",
        _ => return None,
    })
}

fn system(os: &str, arch: &str, compiler: Option<&str>) -> String {
    let base = match os {
        "Windows" if compiler == Some("gcc") => "w64-mingw32",
        "Windows" => "unknown-windows",
        "Linux" => "linux-gnu",
        "Macos" => "apple-darwin",
        "iOS" => "apple-ios",
        "watchOS" => "apple-watchos",
        "tvOS" => "apple-tvos",
        "visionOS" => "apple-xros",
        "Android" => "linux-android",
        "AIX" => "ibm-aix",
        "Neutrino" => "nto-qnx",
        "Emscripten" => "local-emscripten",
        other => return other.to_lowercase(),
    };
    let abi = match (os, arch) {
        ("Linux" | "Android", _) if is_arm32(arch) => "eabi",
        ("Linux", "armv8_32") => "_ilp32",
        _ => "",
    };
    let hard = if os == "Linux" && is_arm32(arch) && arch.contains("hf") {
        "hf"
    } else {
        ""
    };
    format!("{base}{abi}{hard}")
}
