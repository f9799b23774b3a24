//! NMakeToolchain and NMakeDeps: flags in the variables that `cl` and `link` read.

use crom_model::environment::Environment;
use crom_model::flags::{self, msvc};
use serde::{Deserialize, Serialize};

use crate::cmake::Consumer;
use crate::error::GeneratorError;
use crate::gnu::deps_flags::merged;
use crate::gnu::flags::{conf_text, flag_input};
use crate::lenient;

/// NMakeToolchain's attributes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the names are those of the toolchain's attributes"
)]
pub struct NMakeToolchain {
    pub consumer: Consumer,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_cflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_cxxflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_ldflags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub extra_defines: Vec<String>,
}

/// Options of `cl` for definitions `NAME` and `NAME=value`. `CL` can't hold `=`: `#` stands for it.
/// A value that isn't a number is a text, in quotes that are escaped for the toolchain.
pub fn format_defines<'a>(
    defines: impl IntoIterator<Item = &'a String>,
    toolchain: bool,
) -> Vec<String> {
    let quote = if toolchain { "\\\"" } else { "\"" };
    let define = |text: &String| match text.split_once('=') {
        Some((name, value)) if value.is_empty() || is_number(value) => {
            format!("/D\"{name}#{value}\"")
        }
        Some((name, value)) => format!("/D\"{name}#{quote}{value}{quote}\""),
        None => format!("/D\"{text}\""),
    };
    defines.into_iter().map(define).collect()
}

/// `1`, `-1`, `0x10`, `12a`: a whole number with hexadecimal digits.
fn is_number(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['-', '+']);
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .unwrap_or(text);
    !digits.is_empty() && digits.chars().all(|it| it.is_ascii_hexdigit())
}

fn with_slashes(flags: Vec<String>) -> Vec<String> {
    flags
        .into_iter()
        .map(|it| {
            it.strip_prefix('-')
                .map(|it| format!("/{it}"))
                .unwrap_or(it)
        })
        .collect()
}

/// The environment of NMakeToolchain.
pub fn toolchain(input: &NMakeToolchain) -> Result<Environment, GeneratorError> {
    let consumer = &input.consumer;
    let conf = &consumer.conf;
    let (build, link, runtime, cppstd, cstd) = flag_input(consumer, |flag| {
        (
            with_slashes(flags::build_type_flags(flag)),
            with_slashes(flags::build_type_link_flags(flag)),
            msvc::msvc_runtime_flag(flag),
            flags::cppstd_flag(flag).unwrap_or_default(),
            flags::cstd_flag(flag).unwrap_or_default(),
        )
    })?;
    let mut cl = vec!["/nologo".to_owned()];
    cl.extend(build);
    if !runtime.is_empty() {
        cl.push(format!("/{runtime}"));
    }
    cl.extend((!cstd.is_empty()).then_some(cstd));
    cl.extend(input.extra_cflags.iter().cloned());
    cl.extend(conf.get_list("tools.build:cflags")?);
    cl.extend((!cppstd.is_empty()).then_some(cppstd));
    cl.extend(input.extra_cxxflags.iter().cloned());
    cl.extend(conf.get_list("tools.build:cxxflags")?);
    let mut defines: Vec<String> = Vec::new();
    if consumer
        .setting("build_type")
        .is_some_and(|it| it != "Debug")
    {
        defines.push("NDEBUG".to_owned());
    }
    defines.extend(input.extra_defines.iter().cloned());
    defines.extend(conf.get_list("tools.build:defines")?);
    cl.extend(format_defines(&defines, true));
    let mut linker = vec!["/nologo".to_owned()];
    linker.extend(link);
    linker.extend(input.extra_ldflags.iter().cloned());
    linker.extend(conf.get_list("tools.build:sharedlinkflags")?);
    linker.extend(conf.get_list("tools.build:exelinkflags")?);
    let mut environment = Environment::new();
    environment.append("CL", &cl, None);
    environment.append("_LINK_", &linker, None);
    let rc = conf.get_list("tools.build:rcflags")?;
    if !rc.is_empty() {
        environment.append("RCFLAGS", &rc, None);
    }
    let executables = conf.get_dict("tools.build:compiler_executables")?;
    for (key, names) in [
        ("c", &["CC"][..]),
        ("cpp", &["CPP", "CXX"]),
        ("rc", &["RC"]),
    ] {
        if let Some(program) = executables.get(key) {
            for name in names {
                environment.define(name, &[conf_text(program)], " ");
            }
        }
    }
    Ok(environment)
}

/// The environment of NMakeDeps.
pub fn deps(consumer: &Consumer) -> Result<Environment, GeneratorError> {
    let info = merged(consumer)?;
    let library = |name: &String| {
        if name.to_lowercase().ends_with(".lib") {
            name.clone()
        } else {
            format!("{name}.lib")
        }
    };
    let mut cl: Vec<String> = info
        .includedirs()
        .iter()
        .map(|it| format!("-I\"{it}\""))
        .collect();
    cl.extend(info.cflags().iter().cloned());
    cl.extend(info.cxxflags().iter().cloned());
    cl.extend(format_defines(info.defines(), false));
    let mut link: Vec<String> = info.exelinkflags().to_vec();
    link.extend(info.sharedlinkflags().iter().cloned());
    link.extend(info.libs().iter().map(library));
    link.extend(info.system_libs().iter().map(library));
    let mut environment = Environment::new();
    environment.append("CL", &cl, Some(" "));
    environment.append_path("LIB", &[info.libdirs().join(";")]);
    environment.append("_LINK_", &link, Some(" "));
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::format_defines;

    #[test]
    fn texts_are_quoted_and_numbers_are_not() {
        let defines = ["A", "B=1", "C=12a", "D=", "E=x", "F=\"y\"", "G=1.5"].map(str::to_owned);
        let quoted = format_defines(&defines, false);
        assert_eq!(
            quoted,
            [
                "/D\"A\"",
                "/D\"B#1\"",
                "/D\"C#12a\"",
                "/D\"D#\"",
                "/D\"E#\"x\"\"",
                "/D\"F#\"\"y\"\"\"",
                "/D\"G#\"1.5\"\"",
            ]
        );
        let escaped = format_defines(&defines, true);
        assert_eq!(escaped[4], "/D\"E#\\\"x\\\"\"");
    }
}
