//! Python's `platform` and `distro` modules.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr};
use minijinja::{Error, State, Value};

use super::python::{Tuple, no_attribute};

/// `platform`
#[derive(Debug)]
pub(super) struct Platform;

impl Object for Platform {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &State<'_, '_>,
        method: &str,
        _args: &[Value],
    ) -> Result<Value, Error> {
        let texts = |items: &[&str]| {
            Value::from_object(Tuple(items.iter().map(|i| Value::from(*i)).collect()))
        };
        Ok(match method {
            "system" => Value::from(system()),
            "machine" => Value::from(machine()),
            "release" => Value::from(uname().release),
            "version" => Value::from(uname().version),
            "node" => Value::from(uname().node),
            "processor" => Value::from(if cfg!(target_os = "macos") {
                machine()
            } else {
                String::new()
            }),
            "architecture" => {
                let linkage = if cfg!(target_os = "linux") { "ELF" } else { "" };
                texts(&[
                    if cfg!(target_pointer_width = "64") {
                        "64bit"
                    } else {
                        "32bit"
                    },
                    linkage,
                ])
            }
            "platform" => Value::from(format!("{}-{}-{}", system(), uname().release, machine())),
            "mac_ver" => {
                let version = mac_version();
                Value::from_object(Tuple(vec![
                    Value::from(version),
                    texts(&["", "", ""]),
                    Value::from(machine()),
                ]))
            }
            "uname" => texts(&[
                &system(),
                &uname().node,
                &uname().release,
                &uname().version,
                &machine(),
            ]),
            other => return Err(no_attribute(other)),
        })
    }
}

/// `platform.system()`
fn system() -> String {
    match std::env::consts::OS {
        "linux" => "Linux".to_owned(),
        "macos" => "Darwin".to_owned(),
        "windows" => "Windows".to_owned(),
        "freebsd" => "FreeBSD".to_owned(),
        "solaris" | "illumos" => "SunOS".to_owned(),
        other => other.to_uppercase(),
    }
}

/// `platform.machine()`: `x86_64`, `arm64`, `AMD64`, ...
pub(crate) fn machine() -> String {
    uname().machine
}

struct Uname {
    node: String,
    release: String,
    version: String,
    machine: String,
}

#[cfg(unix)]
fn uname() -> Uname {
    let name = rustix::system::uname();
    let text = |value: &std::ffi::CStr| value.to_string_lossy().into_owned();
    Uname {
        node: text(name.nodename()),
        release: text(name.release()),
        version: text(name.version()),
        machine: text(name.machine()),
    }
}

#[cfg(not(unix))]
fn uname() -> Uname {
    let machine = match std::env::consts::ARCH {
        "x86_64" => "AMD64",
        "aarch64" => "ARM64",
        other => other,
    };
    Uname {
        node: std::env::var("COMPUTERNAME").unwrap_or_default(),
        release: String::new(),
        version: String::new(),
        machine: machine.to_owned(),
    }
}

/// `platform.mac_ver()[0]`
fn mac_version() -> String {
    if !cfg!(target_os = "macos") {
        return String::new();
    }
    let path = "/System/Library/CoreServices/SystemVersion.plist";
    let text = crom_fs::read_text(path).unwrap_or_default();
    let after = text
        .split_once("<key>ProductVersion</key>")
        .map(|(_, after)| after);
    after
        .and_then(|after| after.split_once("<string>"))
        .and_then(|(_, after)| after.split_once("</string>"))
        .map(|(version, _)| version.to_owned())
        .unwrap_or_default()
}

/// The `distro` module: there is one on Linux and BSD only, else the name is None.
pub(super) fn distro() -> Value {
    if cfg!(any(target_os = "linux", target_os = "freebsd")) {
        Value::from_object(Distro)
    } else {
        Value::from(())
    }
}

#[derive(Debug)]
struct Distro;

impl Object for Distro {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &State<'_, '_>,
        method: &str,
        _args: &[Value],
    ) -> Result<Value, Error> {
        let release = os_release();
        let field = |name: &str| {
            let found = release.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let version = field("VERSION_ID");
        let mut parts = version.split('.').map(str::to_owned);
        Ok(Value::from(match method {
            "id" => field("ID").to_lowercase(),
            "name" => field("NAME"),
            "version" => version,
            "codename" => field("VERSION_CODENAME"),
            "like" => field("ID_LIKE"),
            "major_version" => parts.next().unwrap_or_default(),
            "minor_version" => parts.nth(1).unwrap_or_default(),
            "build_number" => parts.nth(2).unwrap_or_default(),
            other => return Err(no_attribute(other)),
        }))
    }
}

/// `/etc/os-release` as pairs.
fn os_release() -> Vec<(String, String)> {
    let text = ["/etc/os-release", "/usr/lib/os-release"]
        .iter()
        .find_map(|path| crom_fs::read_text(path).ok())
        .unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.trim_matches(['"', '\'']).to_owned()))
        .collect()
}
