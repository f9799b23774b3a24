//! `conan.tools.build`: what depends on the machine.
//!
//! Flags and standards are in `crom_model::flags` and `crom_model::cppstd`.

use std::sync::OnceLock;

use crom_model::version::Version;
use serde::Deserialize;

use crate::error::{Error, Result};

/// The number of processors to use: those of the machine, less when the process may use only some
/// of them or a control group limits its time. At least 1.
pub fn cpu_count() -> usize {
    // Counts affinity and the quota of control groups, for which it reads files each time.
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| std::thread::available_parallelism().map_or(1, Into::into))
}

/// How many jobs a build runs: `tools.build:jobs`, or [`cpu_count`].
pub fn build_jobs(configured: Option<usize>) -> Result<usize> {
    match configured {
        Some(0) | None => Ok(cpu_count()),
        Some(jobs) => Ok(jobs),
    }
}

/// The input of [`check_min_compiler_version`].
#[derive(Debug, Clone, Default, Deserialize)]
pub struct MinCompilerInput {
    /// The recipe, for the message.
    pub reference: Option<String>,
    /// `compiler`.
    pub compiler: Option<String>,
    /// `compiler.version`.
    pub version: Option<String>,
    /// Compiler, lowest version, reason.
    pub restrictions: Vec<(String, String, String)>,
}

/// Fails when the compiler is older than a restriction for it allows.
pub fn check_min_compiler_version(input: &MinCompilerInput) -> Result<()> {
    let (Some(compiler), Some(version)) = (&input.compiler, &input.version) else {
        return Err(Error::BadInput(
            "Called check_min_compiler_version with no compiler defined".into(),
        ));
    };
    for (name, minimum, reason) in &input.restrictions {
        if name == compiler && Version::new(version) < Version::new(minimum) {
            let reference = input.reference.as_deref().unwrap_or("None");
            return Err(Error::InvalidConfiguration(format!(
                "{reference} requires {name} >= {minimum}, but {compiler} {version} was found\n\
                 Reason: {reason}"
            )));
        }
    }
    Ok(())
}

/// The platforms of a build for [`cross_building`].
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CrossInput {
    /// `settings_build.os`
    pub os_build: Option<String>,
    /// `settings_build.arch`
    pub arch_build: Option<String>,
    /// `settings.os`
    pub os_host: Option<String>,
    /// `settings.arch`
    pub arch_host: Option<String>,
    /// 32 bits on x86-64 of one system is no cross-building.
    #[serde(default)]
    pub skip_x64_x86: bool,
}

/// True when what is built doesn't run where it is built.
pub fn cross_building(input: &CrossInput) -> bool {
    if input.skip_x64_x86
        && input.os_host.is_some()
        && input.os_build == input.os_host
        && x86_pair(input)
    {
        return false;
    }
    let differs = |build: &Option<String>, host: &Option<String>| {
        host.is_some() && build.is_some() && build != host
    };
    differs(&input.os_build, &input.os_host) || differs(&input.arch_build, &input.arch_host)
}

fn x86_pair(input: &CrossInput) -> bool {
    let (build, host) = (input.arch_build.as_deref(), input.arch_host.as_deref());
    (build, host) == (Some("x86_64"), Some("x86"))
        || (build, host) == (Some("sparcv9"), Some("sparc"))
        || (build, host) == (Some("ppc64"), Some("ppc32"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cross(build: (&str, &str), host: (&str, &str), skip: bool) -> bool {
        let some = |text: &str| Some(text.to_owned());
        cross_building(&CrossInput {
            os_build: some(build.0),
            arch_build: some(build.1),
            os_host: some(host.0),
            arch_host: some(host.1),
            skip_x64_x86: skip,
        })
    }

    #[test]
    fn platforms() {
        let linux = ("Linux", "x86_64");
        assert!(!cross(linux, linux, false));
        assert!(cross(linux, ("Linux", "x86"), false));
        assert!(!cross(linux, ("Linux", "x86"), true));
        assert!(cross(linux, ("Windows", "x86_64"), true));
        assert!(cross(("Macos", "x86_64"), ("Macos", "armv8"), true));
    }

    #[test]
    fn old_compilers() {
        let input = |version: &str| MinCompilerInput {
            reference: Some("pkg/1.0".into()),
            compiler: Some("gcc".into()),
            version: Some(version.into()),
            restrictions: vec![
                ("gcc".into(), "5".into(), "because".into()),
                ("clang".into(), "9".into(), "no".into()),
            ],
        };
        assert!(check_min_compiler_version(&input("8")).is_ok());
        let error = check_min_compiler_version(&input("4.8")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "pkg/1.0 requires gcc >= 5, but gcc 4.8 was found\nReason: because"
        );
        assert_eq!(error.exception(), crate::Exception::InvalidConfiguration);
    }

    #[test]
    fn jobs() {
        assert_eq!(build_jobs(Some(3)).unwrap(), 3);
        assert!(build_jobs(None).unwrap() >= 1);
    }
}
