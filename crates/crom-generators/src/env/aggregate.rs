//! `conanbuild.sh` and friends: one script per scope and shell that runs the others, and one that
//! undoes them in the opposite order.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::script::{Deactivation, Encoding, Script, identifier};
use super::subsystem::Subsystem;
use crate::cmake::text::{inside, slashes};

/// The scripts of a recipe.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Aggregate {
    /// `self.env_scripts`: paths by scope.
    pub env_scripts: IndexMap<String, Vec<String>>,
    /// Absolute.
    pub generators_folder: String,
    /// How scripts are undone.
    pub deactivation: Deactivation,
    /// Where `.sh` scripts run; by scope, Unix where nothing is given.
    pub subsystems: IndexMap<String, Subsystem>,
}

/// The aggregated scripts in order of scopes. A scope without scripts has none.
pub fn aggregate(input: &Aggregate) -> Vec<Script> {
    let mut scripts = Vec::new();
    for (scope, paths) in &input.env_scripts {
        if scope.is_empty() {
            continue;
        }
        let of_form = |form: &str| -> Vec<&str> {
            let ends = |path: &&str| path.rsplit_once('.').is_some_and(|(_, it)| it == form);
            paths.iter().map(String::as_str).filter(ends).collect()
        };
        let subsystem = input.subsystems.get(scope).copied().unwrap_or_default();
        for form in ["sh", "bat", "ps1"] {
            let paths = of_form(form);
            if paths.is_empty() {
                continue;
            }
            let undo: Vec<String> = paths.iter().rev().map(|it| deactivator(it)).collect();
            let undo: Vec<&str> = undo.iter().map(String::as_str).collect();
            let name = format!("conan{scope}.{form}");
            match input.deactivation {
                Deactivation::Script => {
                    scripts.push(script(&name, input.run(form, subsystem, &paths)));
                    let name = format!("deactivate_{name}");
                    scripts.push(script(&name, input.run(form, subsystem, &undo)));
                }
                Deactivation::Function => {
                    let run = input.run(form, subsystem, &paths);
                    scripts.push(script(&name, input.with_function(form, scope, run, &undo)));
                }
            }
        }
    }
    scripts
}

fn script(path: &str, content: String) -> Script {
    Script {
        path: path.to_owned(),
        content,
        encoding: Encoding::Utf8,
        registered: false,
    }
}

/// `/a/x.sh` to `/a/deactivate_x.sh`.
fn deactivator(path: &str) -> String {
    match path.rfind(['/', '\\']) {
        Some(at) => format!("{}deactivate_{}", &path[..=at], &path[at + 1..]),
        None => format!("deactivate_{path}"),
    }
}

impl Aggregate {
    /// A path relative to the aggregated script if it's in the same folder.
    fn beside(&self, path: &str, placeholder: &str) -> String {
        let path = slashes(path);
        match inside(&path, &slashes(&self.generators_folder)) {
            Some(rest) => format!("{placeholder}/{rest}"),
            None => path,
        }
    }

    fn run(&self, form: &str, subsystem: Subsystem, paths: &[&str]) -> String {
        match form {
            "sh" => {
                let calls: Vec<String> = paths
                    .iter()
                    .map(|it| format!(". \"{}\"", subsystem.unix_path(it)))
                    .collect();
                calls.join(" && ")
            }
            "bat" => {
                let mut lines = vec!["@echo off".to_owned()];
                for path in paths {
                    let path = self.beside(path, "%~dp0");
                    lines.push(format!(
                        "call \"{path}\"\nif %ERRORLEVEL% NEQ 0 (\n    echo [ERROR] {path} failed with code %ERRORLEVEL%\n    exit /b %ERRORLEVEL%\n)"
                    ));
                }
                lines.join("\n")
            }
            _ => {
                let calls: Vec<String> = paths
                    .iter()
                    .map(|it| format!("& \"{}\"", self.beside(it, "$PSScriptRoot")))
                    .collect();
                calls.join("\n")
            }
        }
    }

    /// The scripts, and a function (for `cmd.exe` a script on the `PATH`) that undoes them.
    fn with_function(&self, form: &str, scope: &str, run: String, undo: &[&str]) -> String {
        let function = format!("deactivate_conan{scope}");
        let name_of = |path: &str| identifier(path.rsplit(['/', '\\']).next().unwrap_or(path));
        let calls: Vec<String> = undo
            .iter()
            .map(|it| format!("    {}\n", name_of(it)))
            .collect();
        let calls = calls.concat();
        match form {
            "sh" => format!("{run}\n\n{function}() {{\n{calls}    unset -f {function}\n}}\n"),
            "bat" => {
                let variable = format!("_CONAN_{scope}_DEACTIVATES_DIR");
                let file = format!("%{variable}%\\{function}.bat");
                let mut lines = vec![
                    "@echo off".to_owned(),
                    format!("set \"{variable}=%TEMP%\\conan_{scope}_%RANDOM%\""),
                    format!("mkdir \"%{variable}%\""),
                    format!("set \"PATH=%{variable}%;%PATH%\""),
                    format!("echo @echo off > \"{file}\""),
                ];
                for path in undo {
                    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
                    lines.push(format!("echo call \"%{variable}%\\{name}\" >> \"{file}\""));
                }
                lines.push(format!(
                    "echo set \"PATH=%%PATH:%{variable}%;=%%\" >> \"{file}\""
                ));
                lines.push(format!("echo set \"{variable}=\" >> \"{file}\""));
                let run = run.strip_prefix("@echo off\n").unwrap_or(&run);
                lines.push(run.to_owned());
                lines.join("\n")
            }
            _ => format!(
                "{run}\n\nfunction global:{function} {{\n{calls}    Remove-Item -Path function:{function} -ErrorAction SilentlyContinue\n}}\n"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> Aggregate {
        let scripts = |paths: &[&str]| paths.iter().map(|it| (*it).to_owned()).collect();
        Aggregate {
            env_scripts: IndexMap::from([
                (
                    "build".to_owned(),
                    scripts(&["/g/a.sh", "/g/a.ps1", "/abs/reg.sh", "/g/b.bat"]),
                ),
                ("run".to_owned(), scripts(&["/g/r-x.sh"])),
                ("empty".to_owned(), Vec::new()),
            ]),
            generators_folder: "/g".into(),
            ..Aggregate::default()
        }
    }

    #[test]
    fn scripts_of_scopes() {
        let text: Vec<String> = aggregate(&input())
            .into_iter()
            .map(|it| format!("# {}\n{}\n", it.path, it.content))
            .collect();
        insta::assert_snapshot!(text.concat());
    }

    #[test]
    fn functions() {
        let input = Aggregate {
            deactivation: Deactivation::Function,
            ..input()
        };
        let text: Vec<String> = aggregate(&input)
            .into_iter()
            .map(|it| format!("# {}\n{}\n", it.path, it.content))
            .collect();
        insta::assert_snapshot!(text.concat());
    }
}
