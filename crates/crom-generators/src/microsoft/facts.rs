//! Toolsets, versions and runtimes of Microsoft's compilers and those that imitate them.

use crom_model::flags::msvc;
use crom_model::settings::Settings;
use crom_model::version::Version;

use crate::error::GeneratorError;

/// The `PlatformToolset` of a compiler (`msvs_toolset`); none if it isn't known.
pub fn msvs_toolset(settings: &Settings) -> Result<Option<String>, GeneratorError> {
    if let Some(toolset) = settings.get_safe("compiler.toolset") {
        return Ok(Some(toolset.to_owned()));
    }
    let version = settings.get_safe("compiler.version").unwrap_or_default();
    let toolset = match settings.get_safe("compiler") {
        Some("msvc") => msvc::toolset(version),
        Some("clang") => Some("ClangCl"),
        Some("intel-cc") => return intel_toolset(settings, version).map(Some),
        _ => None,
    };
    Ok(toolset.map(str::to_owned))
}

fn intel_toolset(settings: &Settings, version: &str) -> Result<String, GeneratorError> {
    if Version::new(version) < Version::new("2021") {
        return Err(GeneratorError::invalid(
            "You have to use 'intel' compiler which is meant for legacy versions like Intel Parallel \
             Studio XE.",
        ));
    }
    Ok(match settings.get_safe("compiler.mode") {
        Some("classic") => "Intel C++ Compiler 19.2".to_owned(),
        Some("icx") => {
            let year = version.split('.').next().unwrap_or(version);
            format!("Intel C++ Compiler {year}")
        }
        _ => "Intel(R) oneAPI DPC++ Compiler".to_owned(),
    })
}

/// An error in words if the version of msvc (`193`, or `193.1` with its update) is below a minimum.
/// Other compilers pass.
pub fn check_min_vs(settings: &Settings, minimum: &str) -> Result<(), String> {
    let mut version = match settings.get_safe("compiler") {
        Some("msvc") => settings
            .get_safe("compiler.version")
            .unwrap_or_default()
            .to_owned(),
        // Settings of version 1 name the Visual Studio instead of the compiler.
        Some("Visual Studio") => match settings.get_safe("compiler.version").unwrap_or_default() {
            "14" => "190",
            "15" => "191",
            "16" => "192",
            "17" => "193",
            other => other,
        }
        .to_owned(),
        _ => return Ok(()),
    };
    if let Some(update) = settings.get_safe("compiler.update") {
        version = format!("{version}.{update}");
    }
    if Version::new(&version) < Version::new(minimum) {
        return Err(format!(
            "This package doesn't work with VS compiler version '{version}', it requires at least \
             '{minimum}'"
        ));
    }
    Ok(())
}

/// MSBuild's name of an architecture: `x64`.
pub fn platform(arch: Option<&str>) -> Option<&'static str> {
    arch.and_then(msvc::platform)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toolsets() {
        let of = |values: &[(&str, &str)]| {
            msvs_toolset(&Settings::from_values(
                values.iter().map(|(name, value)| (*name, *value)),
            ))
        };
        let msvc = |version| of(&[("compiler", "msvc"), ("compiler.version", version)]).unwrap();
        assert_eq!(msvc("194").as_deref(), Some("v143"));
        assert_eq!(msvc("192").as_deref(), Some("v142"));
        let xp = of(&[
            ("compiler", "msvc"),
            ("compiler.version", "192"),
            ("compiler.toolset", "v142_xp"),
        ]);
        assert_eq!(xp.unwrap().as_deref(), Some("v142_xp"));
        let intel = |version, mode| {
            of(&[
                ("compiler", "intel-cc"),
                ("compiler.version", version),
                ("compiler.mode", mode),
            ])
        };
        assert_eq!(
            intel("2021.3", "icx").unwrap().as_deref(),
            Some("Intel C++ Compiler 2021")
        );
        assert!(
            intel("19.1", "icx")
                .unwrap_err()
                .to_string()
                .contains("You have to use 'intel' compiler")
        );
    }

    #[test]
    fn minimum_of_visual_studio() {
        let check = |compiler, version, update: Option<&str>, minimum| {
            let mut values = vec![("compiler", compiler), ("compiler.version", version)];
            values.extend(update.map(|it| ("compiler.update", it)));
            check_min_vs(&Settings::from_values(values), minimum)
        };
        assert!(check("msvc", "193", None, "193").is_ok());
        assert!(check("msvc", "193", Some("2"), "193.1").is_ok());
        assert!(check("msvc", "193", None, "193.1").is_err());
        assert!(check("msvc", "193", Some("1"), "193.2").is_err());
        assert!(check("gcc", "12", None, "195").is_ok());
        assert_eq!(
            check("msvc", "193", None, "194").unwrap_err(),
            "This package doesn't work with VS compiler version '193', it requires at least '194'"
        );
    }
}
