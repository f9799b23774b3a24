//! Blocks with flags for compilers and linkers.

use crom_model::flags::{self, FlagInput};
use serde_json::json;

use super::ToolchainInput;
use super::blocks::{Values, object};
use crate::cmake::{CMakeError, Consumer};

/// Computes something from the settings and the confs that change flags.
pub(super) fn with_flags<R>(
    consumer: &Consumer,
    compute: impl FnOnce(&FlagInput<'_>) -> R,
) -> Result<R, CMakeError> {
    let executables = consumer.conf.get_dict("tools.build:compiler_executables")?;
    let program = |name: &str| executables.get(name).map(|it| it.to_python_str());
    let disabled = consumer.conf.get_list("tools.gnu:disable_flags")?;
    flags::check_disable_flags(&disabled).map_err(CMakeError::invalid)?;
    let abi = consumer.conf.get_bool("tools.gnu:define_libcxx11_abi")?;
    let lookup = flags::lookup(&consumer.settings);
    let input = FlagInput::new(&lookup)
        .executables(program("c").as_deref(), program("cpp").as_deref())
        .disabled(&disabled)
        .define_libcxx11_abi(abi == Some(true));
    Ok(compute(&input))
}

pub(super) fn arch_flags(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let (arch, link, threads) = with_flags(&input.consumer, |it| {
        (
            flags::architecture_flag(it),
            flags::architecture_link_flag(it),
            flags::threads_flags(it),
        )
    })?;
    if arch.is_empty() && link.is_empty() && threads.is_empty() {
        return Ok(None);
    }
    Ok(object(json!({
        "arch_flag": arch,
        "arch_link_flag": link,
        "thread_flags_list": threads.join(" "),
    })))
}

pub(super) fn linker_scripts(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let scripts = input.consumer.conf.get_list("tools.build:linker_scripts")?;
    if scripts.is_empty() {
        return Ok(None);
    }
    let style = input.consumer.path_style();
    let flags: Vec<String> = scripts
        .iter()
        .map(|script| format!("-T\\\"{}\\\"", style.beside_list_file(script)))
        .collect();
    Ok(object(json!({ "linker_script_flags": flags.join(" ") })))
}

pub(super) fn libcxx(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    let mut found = with_flags(consumer, flags::libcxx_flags)?;
    if consumer.setting("os") == Some("Android") {
        // The NDK's toolchain file gets ANDROID_STL.
        found.flag = None;
    }
    Ok(object(
        json!({ "set_libcxx": found.flag, "glibcxx": found.define }),
    ))
}

pub(super) fn cppstd(input: &ToolchainInput) -> Option<Values> {
    let consumer = &input.consumer;
    let cppstd = consumer.setting("compiler.cppstd");
    let cstd = consumer.setting("compiler.cstd");
    if cppstd.is_none() && cstd.is_none() {
        return None;
    }
    let mut values = Values::new();
    for (name, standard) in [("cppstd", cppstd), ("cstd", cstd)] {
        let Some(standard) = standard else { continue };
        let (number, extensions) = match standard.strip_prefix("gnu") {
            Some(number) => (number, "ON"),
            None => (standard, "OFF"),
        };
        values.insert(name.to_owned(), number.into());
        values.insert(format!("{name}_extensions"), extensions.into());
    }
    Some(values)
}

pub(super) fn extra_flags(input: &ToolchainInput) -> Result<Option<Values>, CMakeError> {
    let consumer = &input.consumer;
    let all = |extra: &[String], name: &str| -> Result<Vec<String>, CMakeError> {
        let mut flags = extra.to_vec();
        flags.extend(consumer.conf.get_list(&format!("tools.build:{name}"))?);
        Ok(flags)
    };
    let defines: Vec<String> = consumer
        .conf
        .get_list("tools.build:defines")?
        .iter()
        .map(|define| define.replace('"', "\\\""))
        .collect();
    let configuration = if input.is_multi_configuration() {
        consumer.setting("build_type").unwrap_or_default()
    } else {
        ""
    };
    let suffix = match configuration {
        "" => String::new(),
        name => format!("_{}", name.to_uppercase()),
    };
    let others = match &input.existing {
        Some(existing) if !configuration.is_empty() => {
            other_configurations(existing, configuration)
        }
        _ => String::new(),
    };
    Ok(object(json!({
        "other_configurations": others,
        "config": configuration,
        "suffix": suffix,
        "cxxflags": all(&input.extra_cxxflags, "cxxflags")?,
        "cflags": all(&input.extra_cflags, "cflags")?,
        "asmflags": all(&input.extra_asmflags, "asmflags")?,
        "sharedlinkflags": all(&input.extra_sharedlinkflags, "sharedlinkflags")?,
        "exelinkflags": all(&input.extra_exelinkflags, "exelinkflags")?,
        "rcflags": all(&[], "rcflags")?,
        "defines": defines,
    })))
}

const START: &str = "# Conan conf flags start: ";
const END: &str = "# Conan conf flags end";

/// The sections of other configurations in the file that is there, as they are.
fn other_configurations(existing: &str, configuration: &str) -> String {
    let mut found = String::new();
    for section in existing.split(START).skip(1) {
        let Some((body, _)) = section.split_once(END) else {
            continue;
        };
        let name = body.lines().next().unwrap_or_default().trim();
        if !name.is_empty() && name != configuration {
            found.push_str(&format!("{START}{body}{END}\n"));
        }
    }
    found
}
