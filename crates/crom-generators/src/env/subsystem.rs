//! Shells on Windows that have paths of their own: MSYS2, Cygwin, WSL.

use crom_model::conf::{Conf, ConfError};
use serde::{Deserialize, Serialize};

/// Where a script or command runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subsystem {
    /// Any Unix.
    #[default]
    Unix,
    /// `cmd.exe` or PowerShell.
    Windows,
    /// MSYS: `/c/path`
    Msys,
    /// MSYS2: `/c/path`
    Msys2,
    /// Cygwin: `/cygdrive/c/path`
    Cygwin,
    /// Windows subsystem for Linux: `/mnt/c/path`
    Wsl,
    /// Services for Unix: `/dev/fs/C/path`
    Sfu,
}

/// Why the subsystem isn't known.
#[derive(Debug, thiserror::Error)]
pub enum SubsystemError {
    /// A conf has a wrong type.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// `win_bash` without a subsystem.
    #[error(
        "The config 'tools.microsoft.bash:subsystem' is needed to run commands in a Windows \
         subsystem"
    )]
    Missing,
    /// A name that doesn't exist.
    #[error(
        "'{0}' is not a valid 'tools.microsoft.bash:subsystem': msys2, msys, cygwin, wsl or sfu"
    )]
    Unknown(String),
}

impl Subsystem {
    /// From `tools.microsoft.bash:subsystem`.
    pub fn parse(name: &str) -> Result<Subsystem, SubsystemError> {
        Ok(match name {
            "msys2" => Subsystem::Msys2,
            "msys" => Subsystem::Msys,
            "cygwin" => Subsystem::Cygwin,
            "wsl" => Subsystem::Wsl,
            "sfu" => Subsystem::Sfu,
            other => return Err(SubsystemError::Unknown(other.to_owned())),
        })
    }

    /// The name as in `tools.microsoft.bash:subsystem`; none for Unix.
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Subsystem::Unix => None,
            Subsystem::Windows => Some("windows"),
            Subsystem::Msys => Some("msys"),
            Subsystem::Msys2 => Some("msys2"),
            Subsystem::Cygwin => Some("cygwin"),
            Subsystem::Wsl => Some("wsl"),
            Subsystem::Sfu => Some("sfu"),
        }
    }

    /// Between the paths of a list.
    pub fn path_separator(self) -> &'static str {
        if self == Subsystem::Windows { ";" } else { ":" }
    }

    /// A path as this subsystem writes it: `C:\a` is `/c/a` in MSYS2. Paths without a drive only
    /// get `/`; Windows and Unix keep the path as it is.
    pub fn unix_path(self, path: &str) -> String {
        let prefix = match self {
            Subsystem::Unix | Subsystem::Windows => return path.to_owned(),
            Subsystem::Msys | Subsystem::Msys2 => "/",
            Subsystem::Cygwin => "/cygdrive/",
            Subsystem::Wsl => "/mnt/",
            Subsystem::Sfu => "/dev/fs/",
        };
        // `\\?\C:\a` is the long form of `C:\a`.
        let path = path
            .strip_prefix(r"\\?\")
            .unwrap_or(path)
            .replace('\\', "/");
        let bytes = path.as_bytes();
        if bytes.len() < 2 || !bytes[0].is_ascii_alphabetic() || bytes[1] != b':' {
            return path;
        }
        let drive = bytes[0] as char;
        let drive = if self == Subsystem::Sfu {
            drive.to_ascii_uppercase()
        } else {
            drive.to_ascii_lowercase()
        };
        let rest = path[2..].trim_start_matches('/');
        format!("{prefix}{drive}/{rest}")
    }
}

/// What decides where commands and scripts of a recipe run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SubsystemInput {
    /// `build` or `run`: the machine that builds, or the one that the package is for.
    pub scope: Option<String>,
    /// `self.settings_build.os`, if it is known.
    pub os_build: Option<String>,
    /// `self.settings.os`
    pub os: Option<String>,
    /// `self.win_bash`
    pub win_bash: bool,
    /// `self.win_bash_run`
    pub win_bash_run: bool,
    /// `self.conf`
    pub conf: Conf,
}

/// Where the scripts of a scope run (`deduce_subsystem`).
pub fn deduce_subsystem(input: &SubsystemInput) -> Result<Subsystem, SubsystemError> {
    let build = input
        .scope
        .as_deref()
        .is_none_or(|it| it.starts_with("build"));
    // Without a build profile, the machine is that of the package.
    let os = if build {
        input.os_build.as_deref().or(input.os.as_deref())
    } else {
        input.os.as_deref()
    };
    if !os.is_some_and(|it| it.starts_with("Windows")) {
        return Ok(Subsystem::Unix);
    }
    let active = input
        .conf
        .get_bool("tools.microsoft.bash:active")?
        .unwrap_or(false);
    let wanted = if build {
        input.win_bash
    } else {
        input.win_bash_run
    };
    let named = input.conf.get_str("tools.microsoft.bash:subsystem")?;
    match (named, active || wanted) {
        (Some(name), true) => Subsystem::parse(&name),
        (None, true) if wanted => Err(SubsystemError::Missing),
        _ => Ok(Subsystem::Windows),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_subsystems() {
        let cases = [
            (Subsystem::Msys2, "/c/path/to/stuff"),
            (Subsystem::Msys, "/c/path/to/stuff"),
            (Subsystem::Cygwin, "/cygdrive/c/path/to/stuff"),
            (Subsystem::Wsl, "/mnt/c/path/to/stuff"),
            (Subsystem::Sfu, "/dev/fs/C/path/to/stuff"),
            (Subsystem::Windows, "C:\\path/to\\stuff"),
        ];
        for (subsystem, expected) in cases {
            assert_eq!(subsystem.unix_path("C:\\path/to\\stuff"), expected);
        }
        assert_eq!(Subsystem::Msys2.unix_path("rel\\path"), "rel/path");
        assert_eq!(Subsystem::Cygwin.unix_path(r"\\?\D:\x"), "/cygdrive/d/x");
    }
}
