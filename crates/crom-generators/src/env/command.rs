//! A command line that runs inside environment scripts: what `self.run(command, env=..)` starts.

use serde::{Deserialize, Serialize};

use super::subsystem::Subsystem;
use crate::cmake::text::is_absolute;

/// A command and what it needs around it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wrapped {
    /// The command line.
    pub command: String,
    /// Names like `conanbuild`, or paths of scripts, in order.
    pub env: Vec<String>,
    /// Relative names are here.
    pub generators_folder: String,
    /// The scripts among `candidates` that exist.
    pub existing: Vec<String>,
    /// The shell of the machine is `cmd.exe`.
    pub windows: bool,
    /// `tools.env.virtualenv:powershell`: the program to use for `.ps1` scripts.
    pub powershell: Option<String>,
    /// Run in this shell on Windows; `Windows` or `Unix` for the machine's own.
    pub subsystem: Subsystem,
    /// `tools.microsoft.bash:path`
    pub bash: Option<String>,
    /// The folder to run in, for shells that begin elsewhere.
    pub cwd: Option<String>,
}

/// Why a command can't be wrapped.
#[derive(Debug, thiserror::Error)]
pub enum WrapError {
    /// `win_bash` without bash.
    #[error(
        "The config 'tools.microsoft.bash:path' is needed to run commands in a Windows subsystem"
    )]
    NoBash,
}

impl Wrapped {
    /// Absolute paths of scripts that would be run if they exist. Ask the disk, then fill
    /// `existing`.
    pub fn candidates(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for name in &self.env {
            let path = if is_absolute(name) || self.generators_folder.is_empty() {
                name.clone()
            } else {
                format!("{}/{name}", self.generators_folder.trim_end_matches('/'))
            };
            let has_form = [".sh", ".bat", ".ps1"].iter().any(|it| path.ends_with(it));
            if has_form {
                paths.push(path);
            } else {
                paths.extend(self.forms().iter().map(|form| format!("{path}.{form}")));
            }
        }
        paths
    }

    /// Which scripts the shell can run.
    fn forms(&self) -> &'static [&'static str] {
        match (self.windows && !self.in_bash(), self.powershell.is_some()) {
            (false, _) => &["sh"],
            (true, false) => &["bat"],
            (true, true) => &["bat", "ps1"],
        }
    }

    fn in_bash(&self) -> bool {
        self.windows && !matches!(self.subsystem, Subsystem::Windows | Subsystem::Unix)
    }

    /// The command line to start.
    pub fn line(&self) -> Result<String, WrapError> {
        let scripts: Vec<String> = self
            .candidates()
            .into_iter()
            .filter(|it| self.existing.contains(it))
            .collect();
        if self.in_bash() {
            return self.bash_line(&scripts);
        }
        if scripts.is_empty() {
            return Ok(self.command.clone());
        }
        if !self.windows {
            let mut parts: Vec<String> = scripts.iter().map(|it| format!(". \"{it}\"")).collect();
            parts.push(self.command.clone());
            return Ok(parts.join(" && "));
        }
        let (ps1, bat): (Vec<&String>, Vec<&String>) =
            scripts.iter().partition(|it| it.ends_with(".ps1"));
        let native = |path: &str| path.replace('/', "\\");
        let mut line: Vec<String> = bat.iter().map(|it| format!("\"{}\"", native(it))).collect();
        match &self.powershell {
            Some(powershell) if !ps1.is_empty() => {
                let program = match powershell.to_lowercase().as_str() {
                    "true" | "1" => "powershell.exe",
                    _ => powershell.as_str(),
                };
                let mut inner: Vec<String> = ps1
                    .iter()
                    .map(|it| format!("& '{}'", native(it).replace('\'', "''")))
                    .collect();
                inner.push(format!("cmd /c {}", powershell_quoted(&self.command)));
                line.push(format!("{program} -Command \"{}\"", inner.join(" ; ")));
            }
            _ => line.push(self.command.clone()),
        }
        Ok(line.join(" && "))
    }

    fn bash_line(&self, scripts: &[String]) -> Result<String, WrapError> {
        let bash = self.bash.as_deref().ok_or(WrapError::NoBash)?;
        let bash = if bash.contains(' ') {
            format!("\"{bash}\"")
        } else {
            bash.to_owned()
        };
        let mut inner: Vec<String> = scripts
            .iter()
            .map(|it| format!(". \"{}\"", self.subsystem.unix_path(it)))
            .collect();
        if let Some(cwd) = &self.cwd {
            inner.insert(0, format!("cd \"{}\"", self.subsystem.unix_path(cwd)));
        }
        inner.push(self.command.clone());
        let inner = inner.join(" && ").replace('"', "\\\"");
        // A login shell sets the PATH of the subsystem up, and must not leave the folder.
        let keep = match self.subsystem {
            Subsystem::Msys | Subsystem::Msys2 => "CHERE_INVOKING=1",
            _ => "",
        };
        let shell = format!("{bash} --login -c \"{inner}\"");
        Ok(if keep.is_empty() {
            shell
        } else {
            format!("set {keep}&& {shell}")
        })
    }
}

/// A command inside single quotes inside the double quotes of `-Command`.
fn powershell_quoted(command: &str) -> String {
    format!("'{}'", command.replace('\'', "''").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(env: &[&str]) -> Wrapped {
        Wrapped {
            command: "hello \"x\"".into(),
            env: env.iter().map(|it| (*it).to_owned()).collect(),
            generators_folder: "/g".into(),
            ..Wrapped::default()
        }
    }

    fn existing(mut wrapped: Wrapped) -> String {
        wrapped.existing = wrapped.candidates();
        wrapped.line().unwrap()
    }

    #[test]
    fn unix() {
        assert_eq!(wrapped(&["conanbuild"]).line().unwrap(), "hello \"x\"");
        assert_eq!(
            existing(wrapped(&["conanbuild", "conanrun"])),
            r#". "/g/conanbuild.sh" && . "/g/conanrun.sh" && hello "x""#
        );
    }

    #[test]
    fn windows() {
        let windows = Wrapped {
            windows: true,
            subsystem: Subsystem::Windows,
            ..wrapped(&["conanbuild"])
        };
        assert_eq!(
            existing(windows.clone()),
            r#""\g\conanbuild.bat" && hello "x""#
        );
        let powershell = Wrapped {
            powershell: Some("pwsh".into()),
            existing: vec!["/g/conanbuild.ps1".into()],
            ..windows.clone()
        };
        assert_eq!(
            powershell.line().unwrap(),
            r#"pwsh -Command "& '\g\conanbuild.ps1' ; cmd /c 'hello \"x\"'""#
        );
        let bash = Wrapped {
            subsystem: Subsystem::Cygwin,
            bash: Some("bash".into()),
            ..windows
        };
        assert_eq!(
            existing(bash.clone()),
            r#"bash --login -c ". \"/g/conanbuild.sh\" && hello \"x\"""#
        );
        let error = Wrapped { bash: None, ..bash }.line().unwrap_err();
        assert!(error.to_string().contains("tools.microsoft.bash:path"));
    }
}
