//! `version` and `--version`.

use clap::Args;
use serde_json::json;

use super::context::CommandContext;
use crate::CONAN_VERSION;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::Printer;

/// Show the version of Crom and of the system.
#[derive(Args, Debug)]
pub struct VersionCommand {
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `--version`: one line that starts with the words that scripts and cmake-conan look for.
pub fn short() -> ExitStatus {
    let line = if called_as_conan() {
        format!("Conan version {CONAN_VERSION}")
    } else {
        format!(
            "Conan version {CONAN_VERSION} (Crom {})",
            env!("CARGO_PKG_VERSION")
        )
    };
    crate::exit::finish(Printer::default().text(&line).map(|()| ExitStatus::Success))
}

impl VersionCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        // A home that is new is made by any command.
        context.session()?;
        let path = std::env::current_exe()
            .map(|path| path.display().to_string())
            .unwrap_or_default();
        let system = system();
        let report = json!({
            "version": CONAN_VERSION,
            "crom_version": env!("CARGO_PKG_VERSION"),
            "conan_path": path,
            "python": {
                "version": crom_python::PYTHON_VERSION,
                "sys_version": format!("{} (RustPython, built in)", crom_python::PYTHON_VERSION),
                "sys_executable": path,
                "is_frozen": true,
                "architecture": std::env::consts::ARCH,
            },
            "system": system,
        });
        match format {
            Format::Json => context.printer.json(&report)?,
            _ => context.printer.text(&as_text(&report))?,
        }
        Ok(ExitStatus::Success)
    }
}

fn called_as_conan() -> bool {
    std::env::args_os()
        .next()
        .map(std::path::PathBuf::from)
        .and_then(|path| path.file_stem().map(|stem| stem == "conan"))
        .unwrap_or(false)
}

#[cfg(unix)]
fn system() -> serde_json::Value {
    let names = rustix::system::uname();
    let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
    let (name, release) = (text(names.sysname()), text(names.release()));
    json!({
        "version": text(names.version()),
        "platform": format!("{name}-{release}-{}", text(names.machine())),
        "system": name,
        "release": release,
        "cpu": text(names.machine()),
    })
}

#[cfg(not(unix))]
fn system() -> serde_json::Value {
    json!({
        "version": "",
        "platform": format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
        "system": std::env::consts::OS,
        "release": "",
        "cpu": std::env::consts::ARCH,
    })
}

/// `key: value` lines; a nested map is a heading and lines indented by two.
fn as_text(report: &serde_json::Value) -> String {
    let mut text = String::new();
    let Some(map) = report.as_object() else {
        return text;
    };
    for (key, value) in map {
        match value.as_object() {
            None => text.push_str(&format!("{key}: {}\n", plain(value))),
            Some(nested) => {
                text.push_str(&format!("{key}\n"));
                for (key, value) in nested {
                    text.push_str(&format!("  {key}: {}\n", plain(value)));
                }
            }
        }
    }
    text
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Bool(true) => "True".to_owned(),
        serde_json::Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}
