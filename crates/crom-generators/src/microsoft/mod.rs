//! Files and command lines for MSBuild, NMake and the environment of Visual Studio.
//!
//! * [`facts`] - toolsets, versions and runtimes of compilers
//! * [`msbuild`] - command lines of the `MSBuild` build helper
//! * [`toolchain`] - `conantoolchain.props` (MSBuildToolchain)
//! * [`deps`] - `conandeps.props` and one property sheet per package (MSBuildDeps)
//! * [`nmake`] - NMakeToolchain and NMakeDeps, which set variables of the environment
//! * [`vcvars`] - `conanvcvars.bat` (VCVars)

pub mod deps;
pub mod facts;
pub mod msbuild;
pub mod nmake;
pub mod toolchain;
pub mod vcvars;

#[cfg(test)]
mod tests {
    use crom_model::settings::Settings;

    use super::*;
    use crate::cmake::Consumer;
    use crate::fixture::{consumer, listing};

    fn msvc() -> Consumer {
        consumer(&Settings::from_values([
            ("os", "Windows"),
            ("arch", "x86_64"),
            ("compiler", "msvc"),
            ("compiler.version", "193"),
            ("compiler.runtime", "dynamic"),
            ("compiler.runtime_type", "Release"),
            ("compiler.cppstd", "17"),
            ("build_type", "Release"),
        ]))
    }

    #[test]
    fn property_sheets_of_packages() {
        let input = deps::MsBuildDeps {
            consumer: msvc(),
            configuration: "Release".into(),
            configuration_key: "Configuration".into(),
            platform: Some("x64".into()),
            platform_key: "Platform".into(),
            ..deps::MsBuildDeps::default()
        };
        insta::assert_snapshot!(listing(&deps::render(&input).unwrap()));
    }

    #[test]
    fn property_sheet_of_the_toolchain() {
        let consumer = msvc();
        let mut attributes = toolchain::new_toolchain(&consumer).unwrap();
        attributes
            .preprocessor_definitions
            .insert("MYTEST".into(), "MYVALUE".into());
        attributes.rcflags.push("/rc".into());
        let input = toolchain::RenderMsBuild {
            consumer,
            toolchain: attributes,
            existing: None,
        };
        insta::assert_snapshot!(listing(&toolchain::render(&input).unwrap()));
    }

    #[test]
    fn nothing_for_vcvars_on_linux() {
        let input = vcvars::VcVars {
            consumer: msvc(),
            found: None,
        };
        assert!(vcvars::render(&input).unwrap().is_empty());
        let mut consumer = msvc();
        consumer.settings_build = consumer.settings.clone();
        let missing = vcvars::VcVars {
            consumer: consumer.clone(),
            found: None,
        };
        assert!(
            vcvars::render(&missing)
                .unwrap_err()
                .to_string()
                .contains("Visual Studio 17")
        );
        let found = vcvars::VcVars {
            consumer,
            found: Some("C:/VS".into()),
        };
        insta::assert_snapshot!(listing(&vcvars::render(&found).unwrap()));
    }

    #[test]
    fn nmake() {
        let shown = |environment: crom_model::environment::Environment| -> String {
            environment
                .resolve(";", |_| None)
                .into_iter()
                .map(|(name, value)| format!("{name}={}\n", value.unwrap_or_default()))
                .collect()
        };
        let toolchain = nmake::NMakeToolchain {
            consumer: msvc(),
            ..nmake::NMakeToolchain::default()
        };
        insta::assert_snapshot!(shown(nmake::toolchain(&toolchain).unwrap()), @r#"
        CL=/nologo /O2 /Ob2 /MD /std:c++17 /D"NDEBUG"
        _LINK_=/nologo
        "#);
        insta::assert_snapshot!(shown(nmake::deps(&msvc()).unwrap()), @r#"
        CL=-I"/pkg/libb/include" -I"/pkg/liba/include" -I"/pkg/liba/include/two" -fa -fxa /D"ONE#1" /D"TWO"
        LIB=/pkg/libb/lib;/pkg/liba/lib
        _LINK_=-el -sl b.lib a2.lib acomp.lib a.lib m.lib
        "#);
    }
}
