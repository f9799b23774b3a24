//! Files and command lines for Premake.
//!
//! * [`runner`] - command lines of the `Premake` build helper
//! * [`deps`] - `conandeps.premake5.lua` and the files below it (PremakeDeps)
//! * [`toolchain`] - `conantoolchain.premake5.lua` (PremakeToolchain)

pub mod deps;
pub mod runner;
pub mod toolchain;

use crate::error::GeneratorError;

/// Premake's name of an architecture.
///
/// # Errors
/// If Premake has none.
pub(crate) fn architecture(arch: &str) -> Result<&'static str, GeneratorError> {
    Ok(match arch {
        "x86" => "x86",
        "x86_64" => "x86_64",
        "asm.js" | "wasm" => "wasm32",
        "wasm64" => "wasm64",
        "riscv64" => "riscv64",
        "loongarch64" => "loongarch64",
        "armv8" | "armv8_32" | "armv8.3" | "arm64ec" => "arm64",
        arch if arch.starts_with("armv") => "arm",
        arch if arch.starts_with("e2k") => "e2k",
        arch => {
            return Err(GeneratorError::invalid(format!(
                "Premake has no name for the architecture '{arch}'"
            )));
        }
    })
}

/// A text of Lua, without the quotes around it.
pub(crate) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// `{"a", "b"}` without the braces.
pub(crate) fn list(values: &[String]) -> String {
    let quoted: Vec<String> = values
        .iter()
        .map(|it| format!("\"{}\"", escape(it)))
        .collect();
    quoted.join(", ")
}
