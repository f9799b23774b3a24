//! The flags that settings mean to compilers and linkers, and the names that other tools have for
//! operating systems and processors.
//!
//! Pure text over settings, used by generators and by `conan.tools.build`. All tables were read off
//! Conan 2.34.0.

pub mod apple;
pub mod gnu;
pub mod meson;
pub mod msvc;

use crate::cppstd;
use crate::settings::Settings;

/// What the flags are computed from.
#[derive(Clone, Copy)]
pub struct FlagInput<'a> {
    setting: &'a dyn Fn(&str) -> Option<String>,
    clang_cl_c: bool,
    clang_cl_cpp: bool,
    clang_cl_build_type: bool,
    disabled: &'a [String],
    define_libcxx11_abi: bool,
}

impl std::fmt::Debug for FlagInput<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("FlagInput")
            .field("compiler", &self.get("compiler"))
            .field("os", &self.get("os"))
            .field("arch", &self.get("arch"))
            .finish_non_exhaustive()
    }
}

/// The names that `tools.gnu:disable_flags` may hold.
pub const DISABLE_FLAGS: [&str; 8] = [
    "arch",
    "arch_link",
    "libcxx",
    "build_type",
    "build_type_link",
    "threads",
    "cppstd",
    "cstd",
];

/// The C++ library's flag and define: `-stdlib=libc++`, `_GLIBCXX_USE_CXX11_ABI=0`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LibcxxFlags {
    /// For compiler and linker.
    pub flag: Option<String>,
    /// A preprocessor define, without `-D`.
    pub define: Option<String>,
}

impl<'a> FlagInput<'a> {
    /// From any lookup of settings by dotted name (`compiler.version`).
    pub fn new(setting: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            setting,
            clang_cl_c: false,
            clang_cl_cpp: false,
            clang_cl_build_type: false,
            disabled: &[],
            define_libcxx11_abi: false,
        }
    }

    /// With the programs of `tools.build:compiler_executables` for `c` and `cpp`: `clang-cl` has
    /// other flags than `clang`.
    pub fn executables(mut self, c: Option<&str>, cpp: Option<&str>) -> Self {
        let is_cl = |program: Option<&str>| program.is_some_and(|it| it.contains("clang-cl"));
        self.clang_cl_c = is_cl(c);
        self.clang_cl_cpp = is_cl(cpp);
        // For the build type the C compiler counts when there is one.
        self.clang_cl_build_type = is_cl(c.filter(|it| !it.is_empty()).or(cpp));
        self
    }

    /// With `tools.gnu:disable_flags`: those kinds give no flags. See [`DISABLE_FLAGS`].
    pub fn disabled(mut self, kinds: &'a [String]) -> Self {
        self.disabled = kinds;
        self
    }

    /// With `tools.gnu:define_libcxx11_abi`: `_GLIBCXX_USE_CXX11_ABI=1` is said and not implied.
    pub fn define_libcxx11_abi(mut self, define: bool) -> Self {
        self.define_libcxx11_abi = define;
        self
    }

    fn get(&self, name: &str) -> Option<String> {
        (self.setting)(name).filter(|value| !value.is_empty())
    }

    fn off(&self, kind: &str) -> bool {
        self.disabled.iter().any(|it| it == kind)
    }

    /// Which driver of LLVM is used on Windows with the runtime of msvc: `clang` or `clang-cl`.
    /// `None` for any other compiler or system.
    pub fn llvm_clang_front(&self) -> Option<&'static str> {
        let msvc_like = self.get("os").as_deref() == Some("Windows")
            && self.get("compiler").as_deref() == Some("clang")
            && self.get("compiler.runtime").is_some();
        if !msvc_like {
            return None;
        }
        Some(if self.clang_cl_c || self.clang_cl_cpp {
            "clang-cl"
        } else {
            "clang"
        })
    }
}

/// A lookup over [`Settings`] for [`FlagInput::new`].
pub fn lookup(settings: &Settings) -> impl Fn(&str) -> Option<String> + '_ {
    |name| settings.get_safe(name).map(str::to_owned)
}

/// The name in `tools.gnu:disable_flags` that isn't one of [`DISABLE_FLAGS`], as an error text.
pub fn check_disable_flags(kinds: &[String]) -> Result<(), String> {
    match kinds
        .iter()
        .find(|kind| !DISABLE_FLAGS.contains(&kind.as_str()))
    {
        None => Ok(()),
        Some(kind) => {
            let valid: Vec<String> = DISABLE_FLAGS.iter().map(|it| format!("'{it}'")).collect();
            Err(format!(
                "tools.gnu:disable_flags value '{kind}', must be one of: [{}]",
                valid.join(", ")
            ))
        }
    }
}

/// `-m64` and its like; empty when nothing is needed.
pub fn architecture_flag(input: &FlagInput<'_>) -> String {
    if input.off("arch") {
        return String::new();
    }
    let get = |name| input.get(name).unwrap_or_default();
    let (compiler, arch, os) = (get("compiler"), get("arch"), get("os"));
    if compiler.is_empty() || arch.is_empty() || os == "Android" {
        return String::new();
    }
    let x86 = |bits32: &str, bits64: &str| match arch.as_str() {
        "x86" => bits32.to_owned(),
        "x86_64" => bits64.to_owned(),
        _ => String::new(),
    };
    match compiler.as_str() {
        // LLVM for Windows has its architecture from the installation.
        "clang" if input.llvm_clang_front().is_some() => String::new(),
        "clang" if os == "Windows" => x86("-m32", "-m64"),
        "apple-clang" if get("os.subsystem") == "catalyst" => catalyst_target(&arch, input),
        "gcc" | "clang" | "apple-clang" | "sun-cc" => match (arch.as_str(), os.as_str()) {
            ("x86" | "sparc", _) => "-m32".to_owned(),
            ("x86_64" | "sparcv9" | "s390x", _) => "-m64".to_owned(),
            ("s390", _) => "-m31".to_owned(),
            ("ppc32", "AIX") => "-maix32".to_owned(),
            ("ppc64", "AIX") => "-maix64".to_owned(),
            ("tc131" | "tc16" | "tc161" | "tc162" | "tc18", _) => format!("-m{arch}"),
            _ => String::new(),
        },
        "intel-cc" if os == "Windows" => x86("/Qm32", "/Qm64"),
        "intel-cc" => x86("-m32", "-m64"),
        "mcst-lcc" => match arch.strip_prefix("e2k-") {
            Some(generation) => format!("-march=elbrus-{generation}"),
            None => String::new(),
        },
        "emcc" if arch == "wasm64" => "-sMEMORY64=1".to_owned(),
        _ => String::new(),
    }
}

/// Mac Catalyst: programs of iOS built for the Mac.
fn catalyst_target(arch: &str, input: &FlagInput<'_>) -> String {
    let Some(apple) = apple::to_apple_arch(arch) else {
        return String::new();
    };
    let version = input.get("os.subsystem.ios_version").unwrap_or_default();
    format!("--target={apple}-apple-ios{version}-macabi")
}

/// The architecture's flag for the linker only; empty when nothing is needed.
pub fn architecture_link_flag(input: &FlagInput<'_>) -> String {
    if input.off("arch_link") {
        return String::new();
    }
    let asm_js = input.get("compiler").as_deref() == Some("emcc")
        && input.get("arch").as_deref() == Some("asm.js");
    // emcc makes WebAssembly if not told otherwise.
    if asm_js {
        "-sWASM=0".to_owned()
    } else {
        String::new()
    }
}

/// What `compiler.libcxx` means.
pub fn libcxx_flags(input: &FlagInput<'_>) -> LibcxxFlags {
    let none = LibcxxFlags::default();
    if input.off("libcxx") {
        return none;
    }
    let (Some(libcxx), Some(compiler)) = (input.get("compiler.libcxx"), input.get("compiler"))
    else {
        return none;
    };
    let gnu_clang = match libcxx.as_str() {
        "libstdc++" | "libstdc++11" => Some("-stdlib=libstdc++".to_owned()),
        "libc++" => Some("-stdlib=libc++".to_owned()),
        _ => None,
    };
    let flag = match compiler.as_str() {
        "apple-clang" => Some(format!("-stdlib={libcxx}")),
        "clang" | "emcc" => gnu_clang,
        "intel-cc" if input.get("os").as_deref() != Some("Windows") => gnu_clang,
        "sun-cc" => match libcxx.as_str() {
            "libCstd" => Some("-library=Cstd".to_owned()),
            "libstdcxx" => Some("-library=stdcxx4".to_owned()),
            "libstlport" => Some("-library=stlport4".to_owned()),
            "libstdc++" => Some("-library=stdcpp".to_owned()),
            _ => None,
        },
        "qcc" => Some(format!("-Y _{libcxx}")),
        _ => None,
    };
    let has_two_abis = matches!(compiler.as_str(), "gcc" | "clang" | "apple-clang" | "emcc");
    let define = match libcxx.as_str() {
        "libstdc++" if has_two_abis => Some("_GLIBCXX_USE_CXX11_ABI=0".to_owned()),
        "libstdc++11" if has_two_abis && input.define_libcxx11_abi => {
            Some("_GLIBCXX_USE_CXX11_ABI=1".to_owned())
        }
        _ => None,
    };
    LibcxxFlags { flag, define }
}

/// The library to link for C++ from another language: `stdc++`, `c++`.
pub fn stdcpp_library(input: &FlagInput<'_>) -> Option<String> {
    let libcxx = input.get("compiler.libcxx")?;
    Some(
        match libcxx.as_str() {
            "libstdc++" | "libstdc++11" => "stdc++",
            "libc++" => "c++",
            "c++_shared" => "c++_shared",
            "c++_static" => "c++_static",
            _ => return None,
        }
        .to_owned(),
    )
}

/// Optimization and debug flags of `build_type`.
pub fn build_type_flags(input: &FlagInput<'_>) -> Vec<String> {
    if input.off("build_type") {
        return Vec::new();
    }
    let (Some(compiler), Some(build_type)) = (input.get("compiler"), input.get("build_type"))
    else {
        return Vec::new();
    };
    let flags: &[&str] = if compiler == "msvc" || input.clang_cl_build_type {
        match build_type.as_str() {
            "Debug" => &["-Zi", "-Ob0", "-Od"],
            "Release" => &["-O2", "-Ob2"],
            "RelWithDebInfo" => &["-Zi", "-O2", "-Ob1"],
            "MinSizeRel" => &["-O1", "-Ob1"],
            _ => &[],
        }
    } else {
        match (compiler.as_str(), build_type.as_str()) {
            ("gcc" | "clang" | "apple-clang" | "mcst-lcc" | "qcc", kind) => match kind {
                "Debug" => &["-g"],
                "Release" => &["-O3"],
                "RelWithDebInfo" => &["-O2", "-g"],
                "MinSizeRel" => &["-Os"],
                _ => &[],
            },
            ("sun-cc", kind) => match kind {
                "Debug" => &["-g"],
                "Release" => &["-xO3"],
                "RelWithDebInfo" => &["-xO2", "-g"],
                "MinSizeRel" => &["-xO2", "-xspace"],
                _ => &[],
            },
            _ => &[],
        }
    };
    flags.iter().map(|flag| (*flag).to_owned()).collect()
}

/// The linker's flags of `build_type`.
pub fn build_type_link_flags(input: &FlagInput<'_>) -> Vec<String> {
    let debug = matches!(
        input.get("build_type").as_deref(),
        Some("Debug" | "RelWithDebInfo")
    );
    if debug && input.get("compiler").as_deref() == Some("msvc") && !input.off("build_type_link") {
        vec!["-debug".to_owned()]
    } else {
        Vec::new()
    }
}

/// The flags of `compiler.threads`.
pub fn threads_flags(input: &FlagInput<'_>) -> Vec<String> {
    if input.off("threads") || input.get("compiler").as_deref() != Some("emcc") {
        return Vec::new();
    }
    match input.get("compiler.threads").as_deref() {
        Some("posix") => vec!["-pthread".to_owned()],
        Some("wasm_workers") => vec!["-sWASM_WORKERS=1".to_owned()],
        _ => Vec::new(),
    }
}

/// The flag of `compiler.cppstd`. An empty text when the setting has no value, `None` when the
/// compiler has no flag for it.
pub fn cppstd_flag(input: &FlagInput<'_>) -> Option<String> {
    standard_flag(input, "cppstd", |compiler, version, standard| {
        match input.llvm_clang_front() {
            Some("clang-cl") => cppstd::clang_cl_cppstd_flag(version, standard),
            _ => cppstd::cppstd_flag(compiler, version, standard),
        }
    })
}

/// The flag of `compiler.cstd`. An empty text when the setting has no value, `None` when the
/// compiler has no flag for it.
pub fn cstd_flag(input: &FlagInput<'_>) -> Option<String> {
    standard_flag(input, "cstd", cppstd::cstd_flag)
}

fn standard_flag(
    input: &FlagInput<'_>,
    setting: &str,
    flag: impl Fn(&str, &str, &str) -> Option<String>,
) -> Option<String> {
    let (Some(compiler), Some(version), Some(standard)) = (
        input.get("compiler"),
        input.get("compiler.version"),
        input.get(&format!("compiler.{setting}")),
    ) else {
        return Some(String::new());
    };
    if input.off(setting) {
        return Some(String::new());
    }
    flag(&compiler, &version, &standard)
}

/// How wide pointers are, `None` for an unknown architecture.
pub fn architecture_bits(arch: &str) -> Option<u32> {
    const BITS_64: [&str; 11] = [
        "x86_64", "ppc64le", "ppc64", "armv8", "armv8.3", "arm64ec", "sparcv9", "mips64", "s390x",
        "wasm64", "riscv64",
    ];
    const BITS_32: [&str; 28] = [
        "x86",
        "ppc32be",
        "ppc32",
        "armv4",
        "armv4i",
        "armv5el",
        "armv5hf",
        "armv6",
        "armv7",
        "armv7hf",
        "armv7s",
        "armv7k",
        "armv8_32",
        "sparc",
        "mips",
        "avr",
        "s390",
        "asm.js",
        "wasm",
        "sh4le",
        "riscv32",
        "xtensalx6",
        "xtensalx106",
        "xtensalx7",
        "tc131",
        "tc16",
        "tc161",
        "tc162",
    ];
    if BITS_64.contains(&arch) || arch == "loongarch64" || arch.starts_with("e2k-v") {
        Some(64)
    } else if BITS_32.contains(&arch) || arch == "tc18" {
        Some(32)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
