//! IntelCC: the environment of Intel's oneAPI compilers.

use indexmap::IndexMap;

use crate::cmake::Consumer;
use crate::error::GeneratorError;

/// Refuses other compilers than `intel-cc`.
///
/// # Errors
/// For those.
pub fn check(consumer: &Consumer) -> Result<(), GeneratorError> {
    if consumer.setting("compiler") == Some("intel-cc") {
        return Ok(());
    }
    Err(GeneratorError::invalid(
        "You have to use 'intel' compiler which is meant for legacy versions like Intel Parallel \
         Studio XE.",
    ))
}

/// Visual Studio's name of the toolset.
pub fn ms_toolset(consumer: &Consumer) -> Option<String> {
    match consumer.setting("compiler.mode")? {
        // The classic compilers kept their own versions: 19.2 is of 2021
        "classic" => Some("Intel C++ Compiler 19.2".to_owned()),
        "icx" => {
            let version = consumer.setting("compiler.version")?;
            let year = version.split('.').next().unwrap_or(version);
            Some(format!("Intel C++ Compiler {year}"))
        }
        _ => Some("Intel(R) oneAPI DPC++ Compiler".to_owned()),
    }
}

/// The programs, by `c` and `cpp`; none for a mode that isn't known.
pub fn compilers(consumer: &Consumer) -> Option<IndexMap<&'static str, &'static str>> {
    let windows = consumer.setting("os") == Some("Windows");
    let (c, cpp) = match (consumer.setting("compiler.mode")?, windows) {
        ("classic", true) => ("icl", "icl"),
        ("classic", false) => ("icc", "icpc"),
        ("icx", true) => ("icx", "icx"),
        ("icx", false) => ("icx", "icpx"),
        ("dpcpp", true) => ("dpcpp-cl", "dpcpp-cl"),
        ("dpcpp", false) => ("dpcpp", "dpcpp"),
        _ => return None,
    };
    Some(IndexMap::from([("c", c), ("cpp", cpp)]))
}

/// Where oneAPI is.
///
/// # Errors
/// If `tools.intel:installation_path` isn't set.
pub fn installation_path(consumer: &Consumer) -> Result<String, GeneratorError> {
    consumer
        .conf
        .get_str("tools.intel:installation_path")?
        .filter(|it| !it.is_empty())
        .ok_or_else(|| {
            GeneratorError::invalid(
                "To use Intel oneAPI, specify a [conf] entry 'tools.intel:installation_path' \
                 containing the path to the installation folder.",
            )
        })
}

/// The call of oneAPI's own script.
///
/// # Errors
/// As [`installation_path`].
pub fn command(consumer: &Consumer) -> Result<String, GeneratorError> {
    let folder = installation_path(consumer)?;
    let arguments = match consumer.conf.get_str("tools.intel:setvars_args")? {
        Some(given) => given,
        None => match consumer.setting("arch") {
            Some("x86_64") => "intel64".to_owned(),
            Some("x86") => "ia32".to_owned(),
            _ => String::new(),
        },
    };
    let call = if consumer.platform == "Windows" {
        format!("call \"{folder}\\setvars.bat\" {arguments}")
    } else {
        format!(". \"{folder}/setvars.sh\" {arguments}")
    };
    Ok(call.trim_end().to_owned())
}

/// The script's name: `conanintelsetvars.sh`.
pub fn file_name(consumer: &Consumer) -> String {
    let extension = if consumer.platform == "Windows" {
        "bat"
    } else {
        "sh"
    };
    format!("conanintelsetvars.{extension}")
}

/// The script.
///
/// # Errors
/// As [`installation_path`].
pub fn script(consumer: &Consumer) -> Result<String, GeneratorError> {
    let command = command(consumer)?;
    Ok(if consumer.platform == "Windows" {
        format!("@echo off\n{command}\n")
    } else {
        command
    })
}

#[cfg(test)]
mod tests {
    use crom_model::conf::ConfValue;
    use crom_model::settings::Settings;

    use super::*;

    #[test]
    fn calls_of_the_script() {
        let mut consumer = crate::fixture::consumer(&Settings::from_values([
            ("os", "Linux"),
            ("arch", "x86_64"),
            ("compiler", "intel-cc"),
            ("compiler.version", "2021.3"),
            ("compiler.mode", "icx"),
        ]));
        assert!(check(&consumer).is_ok());
        assert!(
            command(&consumer)
                .unwrap_err()
                .to_string()
                .contains("installation_path")
        );
        let mut define = |name: &str, value: &str| {
            consumer.conf.define(name, ConfValue::Str(value.to_owned()));
        };
        define("tools.intel:installation_path", "/opt/intel");
        assert_eq!(
            command(&consumer).unwrap(),
            ". \"/opt/intel/setvars.sh\" intel64"
        );
        assert_eq!(ms_toolset(&consumer).unwrap(), "Intel C++ Compiler 2021");
        let given = ConfValue::Str("--force".to_owned());
        consumer.conf.define("tools.intel:setvars_args", given);
        assert_eq!(
            command(&consumer).unwrap(),
            ". \"/opt/intel/setvars.sh\" --force"
        );
        assert_eq!(compilers(&consumer).unwrap()["cpp"], "icpx");
        consumer.settings = crate::fixture::linux();
        assert!(check(&consumer).is_err());
    }
}
