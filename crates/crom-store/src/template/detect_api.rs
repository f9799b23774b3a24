//! `detect_api`: what templates ask about the machine.

use std::sync::Arc;

use crom_model::reporter::{Level, Reporter, Style};
use minijinja::value::{Object, ObjectRepr, from_args};
use minijinja::{Error, State, Value};

use super::python::{Tuple, no_attribute, str_of};
use super::{Message, Messages, VersionValue};
use crate::detect::{
    Compiler, Detector, InstalledPrograms, default_compiler_version, default_cppstd, default_cstd,
    default_msvc_ide_version, default_msvc_runtime, detect_arch, detect_cppstd, detect_os,
};
use crate::variables::Variables;

/// `detect_api`
#[derive(Debug)]
pub(super) struct DetectApi {
    variables: Arc<Variables>,
    messages: Messages,
}

impl DetectApi {
    pub(super) fn new(variables: Arc<Variables>, messages: Messages) -> Self {
        Self {
            variables,
            messages,
        }
    }
}

/// Keeps what detection says, since a template outlives any borrowed reporter.
#[derive(Debug)]
struct Collector<'a>(&'a Messages);

impl Reporter for Collector<'_> {
    fn message(&self, level: Level, _style: Style, scope: &str, text: &str) {
        if let Ok(mut messages) = self.0.lock() {
            messages.push(Message {
                level,
                scope: scope.to_owned(),
                text: text.to_owned(),
            });
        }
    }
    fn raw(&self, _bytes: &[u8]) {}
}

fn text(value: Option<impl AsRef<str>>) -> Value {
    value.map_or(Value::from(()), |value| Value::from(value.as_ref()))
}

/// `(name, version, executable)` or three times None.
fn triple(compiler: Option<Compiler>) -> Value {
    let items = match compiler {
        Some(found) => vec![
            Value::from(found.name),
            VersionValue::value(&found.version),
            text(Some(found.command).filter(|command| !command.is_empty())),
        ],
        None => vec![Value::from(()), Value::from(()), Value::from(())],
    };
    Value::from_object(Tuple(items))
}

impl Object for DetectApi {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let collector = Collector(&self.messages);
        let detector = Detector {
            variables: &self.variables,
            reporter: &collector,
            programs: &InstalledPrograms,
        };
        let command = |default: &str| -> Result<String, Error> {
            let (command,): (Option<String>,) = from_args(args)?;
            Ok(command.unwrap_or_else(|| default.to_owned()))
        };
        let compiler_and_version = || -> Result<(String, String), Error> {
            let (compiler, version): (Value, Value) = from_args(args)?;
            Ok((str_of(&compiler), str_of(&version)))
        };
        Ok(match method {
            "detect_os" => text(detect_os(&self.variables)),
            "detect_arch" => text(detect_arch()),
            "detect_default_compiler" => triple(detector.default_compiler()),
            "detect_gcc_compiler" => triple(detector.detect_gcc(&command("gcc")?)),
            "detect_clang_compiler" => triple(detector.detect_clang(&command("clang")?)),
            "detect_intel_compiler" => triple(detector.detect_intel(&command("icx")?)),
            "detect_suncc_compiler" => triple(detector.detect_suncc(&command("cc")?)),
            "detect_emcc_compiler" => triple(detector.detect_emcc(&command("emcc")?)),
            "detect_cl_compiler" => triple(detector.detect_cl(&command("cl")?)),
            "detect_msvc_compiler" => triple(detector.detect_msvc()),
            "detect_libcxx" => {
                let (compiler, version, exe): (Value, Value, Option<String>) = from_args(args)?;
                text(detector.detect_libcxx(&str_of(&compiler), &str_of(&version), exe.as_deref()))
            }
            "detect_cppstd" => {
                let (compiler, version) = compiler_and_version()?;
                text(detect_cppstd(&compiler, &version))
            }
            "default_cppstd" => {
                let (compiler, version) = compiler_and_version()?;
                text(default_cppstd(&compiler, &version))
            }
            "default_cstd" => {
                let (compiler, version) = compiler_and_version()?;
                text(default_cstd(&compiler, &version))
            }
            "default_compiler_version" => {
                let (compiler, version) = compiler_and_version()?;
                text(Some(default_compiler_version(&compiler, &version)))
            }
            // Knows only what a developer prompt of Windows tells.
            "detect_msvc_update" => {
                let (_version,): (Value,) = from_args(args)?;
                let tools = self.variables.get_filled("VCToolsVersion");
                text(
                    tools
                        .and_then(|version| version.split('.').nth(1)?.chars().last())
                        .map(|c| c.to_string()),
                )
            }
            "default_msvc_runtime" => {
                let (compiler,): (Value,) = from_args(args)?;
                let runtime = default_msvc_runtime(&str_of(&compiler)).filter(|_| cfg!(windows));
                let kind = runtime.map(|_| "Release");
                Value::from_object(Tuple(vec![text(runtime), text(kind)]))
            }
            "default_msvc_ide_version" => {
                let (version,): (Value,) = from_args(args)?;
                text(default_msvc_ide_version(&str_of(&version)))
            }
            "detect_libc" => libc_of(&detector, &command("/usr/bin/ldd")?),
            "detect_sdk_version" => {
                let (sdk,): (String,) = from_args(args)?;
                text(sdk_version(&detector, &sdk))
            }
            other => return Err(no_attribute(other)),
        })
    }
}

/// `("gnu", "2.36")` or `("musl", "1.2.3")`, as `ldd --version` tells.
fn libc_of(detector: &Detector<'_>, ldd: &str) -> Value {
    let none = || Value::from_object(Tuple(vec![Value::from(()), Value::from(())]));
    if !cfg!(target_os = "linux") {
        return none();
    }
    let Some((_, said)) = detector.programs.run(ldd, &["--version"], "") else {
        return none();
    };
    let first = said.lines().next().unwrap_or_default();
    let (name, version) = if said.contains("musl") {
        let line = said.lines().find(|line| line.starts_with("Version"));
        ("musl", line.and_then(|line| line.split_whitespace().nth(1)))
    } else {
        ("gnu", first.split_whitespace().last())
    };
    match version {
        Some(version) => {
            Value::from_object(Tuple(vec![Value::from(name), VersionValue::value(version)]))
        }
        None => none(),
    }
}

fn sdk_version(detector: &Detector<'_>, sdk: &str) -> Option<String> {
    if !cfg!(target_os = "macos") {
        return None;
    }
    let arguments = ["-sdk", sdk, "--show-sdk-version"];
    let (code, said) = detector.programs.run("xcrun", &arguments, "")?;
    (code == 0).then(|| said.trim().to_owned())
}
