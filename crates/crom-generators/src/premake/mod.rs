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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::File;
    use crate::fixture::{consumer, linux, listing};

    #[test]
    fn dependencies() {
        let mut input = deps::PremakeDeps {
            consumer: consumer(&linux()),
            configuration: "Release".into(),
            architecture: "x86_64".into(),
            ..deps::PremakeDeps::default()
        };
        input.existing.insert(
            "conanconfig.premake5.lua".into(),
            "#!lua\ninclude \"conanconfig_debug_x86_64.premake5.lua\"\n".into(),
        );
        let files: Vec<File> = deps::content(&input)
            .unwrap()
            .into_iter()
            .map(|(path, text)| File::new(path, text))
            .collect();
        insta::assert_snapshot!(listing(&files));
        input.architecture = "sparc".into();
        assert!(deps::content(&input).is_err());
    }

    #[test]
    fn toolchain_with_a_project() {
        let mut input = toolchain::PremakeToolchain {
            consumer: consumer(&linux()),
            ..toolchain::PremakeToolchain::default()
        };
        input.flags.extra_defines.push("A=\"b\"".into());
        let project = toolchain::Project {
            disable: true,
            ..toolchain::Project::default()
        };
        input.projects.insert("app".into(), project);
        insta::assert_snapshot!(input.render().unwrap().content);
    }

    #[test]
    fn commands() {
        let premake = runner::Premake {
            action: runner::action(&consumer(&linux())),
            consumer: consumer(&linux()),
            luafile: "/w/src/premake5.lua".into(),
            has_toolchain: true,
            ..runner::Premake::default()
        };
        assert_eq!(
            premake.script(),
            "#!lua\ninclude(\"/w/src/premake5.lua\")\n\
             include(\"/w/build/gen/conantoolchain.premake5.lua\")\n"
        );
        assert_eq!(
            premake.configure().unwrap(),
            "premake5 --file=\"/w/build/conanfile.premake5.lua\" gmake --arch=x86_64"
        );
        assert_eq!(premake.build().unwrap(), "make config=release all -j2");
        let solution = runner::Premake {
            action: "vs2022".into(),
            workspace: "Ws".into(),
            targets: Some(vec!["a".into(), "b".into()]),
            ..premake
        };
        assert_eq!(
            solution.build().unwrap(),
            "msbuild.exe \"Ws.sln\" -p:Configuration=\"Release\" -p:Platform=\"x64\" \
             -target:\"a;b\""
        );
    }
}
