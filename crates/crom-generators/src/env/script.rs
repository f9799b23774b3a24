//! One environment as text for a shell.
//!
//! Every script also tells how to undo it: by a second script `deactivate_<name>` that is written
//! when the first runs, or, with `tools.env:deactivation_mode=function`, by a function.

use std::fmt::Write as _;

use crom_model::environment::{EnvItem, EnvVariable, Environment};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::subsystem::Subsystem;
use crate::cmake::text::PathStyle;

/// How the bytes of a file encode its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8 without mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, little endian with mark: Windows PowerShell takes a `.ps1` without mark for the
    /// local code page.
    #[serde(rename = "utf-16")]
    Utf16,
}

/// A rendered script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// Relative to the generators folder, or absolute if the name was.
    pub path: String,
    /// Text with `\n`.
    pub content: String,
    /// How it is to be written.
    pub encoding: Encoding,
    /// True if it belongs to the scope's `conanbuild`; a dotenv file doesn't.
    pub registered: bool,
}

/// How a script is undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deactivation {
    /// A script `deactivate_<name>` beside it.
    #[default]
    Script,
    /// A function `deactivate_<name>` of the shell.
    Function,
}

impl Deactivation {
    /// From `tools.env:deactivation_mode`; what isn't known is the default.
    pub fn from_conf(value: Option<&str>) -> Deactivation {
        if value == Some("function") {
            Deactivation::Function
        } else {
            Deactivation::Script
        }
    }
}

/// An environment and where its scripts are for (`EnvVars`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnvScripts {
    /// The variables.
    pub environment: Environment,
    /// Where they run.
    pub subsystem: Subsystem,
    /// `build`, `run` or another name; without one the scripts aren't registered.
    pub scope: Option<String>,
    /// How they are undone.
    pub deactivation: Deactivation,
    /// `generators_folder` and what it's relative to.
    pub paths: PathStyle,
}

/// Which scripts `save_script` writes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SaveScript {
    /// With `.sh`, `.bat` or `.ps1`: this form only. Otherwise `.bat` on Windows, `.sh` elsewhere,
    /// and what the next fields add.
    pub filename: String,
    /// Also a `.ps1`.
    pub powershell: bool,
    /// Also this dotenv file (`tools.env:dotenv`).
    pub dotenv: Option<String>,
    /// The variables of the process, for dotenv: it can't refer to values from before.
    pub process: IndexMap<String, String>,
}

impl EnvScripts {
    /// The files of `save_script(filename)`.
    pub fn save_script(&self, save: &SaveScript) -> Vec<Script> {
        let registered = self.scope.is_some();
        let script = |path: &str, content: String, encoding| Script {
            path: path.to_owned(),
            content,
            encoding,
            registered,
        };
        let (stem, forms) = match save.filename.rsplit_once('.') {
            Some((stem, form @ ("sh" | "bat" | "ps1"))) => (stem, vec![form]),
            _ => {
                let main = if self.subsystem == Subsystem::Windows {
                    "bat"
                } else {
                    "sh"
                };
                let mut forms = vec![main];
                if save.powershell {
                    forms.push("ps1");
                }
                (save.filename.as_str(), forms)
            }
        };
        let mut scripts = Vec::new();
        for form in forms {
            let path = format!("{stem}.{form}");
            scripts.push(match form {
                "sh" => script(&path, self.sh(&path), Encoding::Utf8),
                "bat" => script(&path, self.bat(&path), Encoding::Utf8),
                _ => script(&path, self.ps1(&path), Encoding::Utf16),
            });
        }
        if let Some(path) = &save.dotenv {
            scripts.push(Script {
                path: path.clone(),
                content: self.dotenv(&save.process),
                encoding: Encoding::Utf8,
                registered: false,
            });
        }
        scripts
    }

    /// The variables with their final values, on top of those of a process. One that is unset is
    /// empty.
    pub fn values(&self, process: &IndexMap<String, String>) -> Vec<(String, String)> {
        self.environment
            .resolve(self.subsystem.path_separator(), |name| {
                process.get(name).cloned()
            })
            .into_iter()
            .map(|(name, value)| (name, value.unwrap_or_default()))
            .collect()
    }

    /// The pieces before and after the variable's former value, and whether that is wanted.
    fn pieces(&self, variable: &EnvVariable, placeholder: &str) -> Pieces {
        let separator = if variable.is_path {
            self.subsystem.path_separator()
        } else {
            &variable.separator
        };
        let at = variable
            .items
            .iter()
            .position(|it| *it == EnvItem::Previous);
        let texts = |items: &[EnvItem]| -> Vec<String> {
            items
                .iter()
                .filter_map(|item| match item {
                    EnvItem::Text(text) if variable.is_path => {
                        Some(self.path_text(text, placeholder))
                    }
                    EnvItem::Text(text) => Some(text.clone()),
                    EnvItem::Previous => None,
                })
                .collect()
        };
        let (before, after) = match at {
            Some(at) => (texts(&variable.items[..at]), texts(&variable.items[at..])),
            None => (texts(&variable.items), Vec::new()),
        };
        let joined = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(separator));
        Pieces {
            before: joined(before),
            after: joined(after),
            previous: at.is_some(),
            separator: separator.to_owned(),
        }
    }

    fn path_text(&self, path: &str, placeholder: &str) -> String {
        // The path style writes `/`, which a path that isn't below the base should get only where
        // the shell wants it.
        let written = self.paths.write(path, placeholder);
        if written == placeholder {
            // The folder itself: scripts may be called from elsewhere.
            return self.subsystem.unix_path(path);
        }
        if written.starts_with(placeholder) {
            written
        } else {
            self.subsystem.unix_path(path)
        }
    }

    fn names(&self) -> Vec<&str> {
        self.environment
            .variables()
            .map(|it| it.name.as_str())
            .collect()
    }

    /// Text for a POSIX shell.
    pub fn sh(&self, path: &str) -> String {
        let (folder, name) = self.place(path);
        let names = self.names();
        let mut text = format!("script_folder=\"{}\"\n", self.subsystem.unix_path(&folder));
        match self.deactivation {
            Deactivation::Script => sh_deactivation_script(&mut text, name, &names),
            Deactivation::Function => sh_deactivation_function(&mut text, name, &names),
        }
        let lines: Vec<String> = self
            .environment
            .variables()
            .map(|variable| {
                let name_of = &variable.name;
                let line = if variable.is_unset() {
                    format!("unset {name_of}")
                } else {
                    let pieces = self.pieces(variable, "$script_folder");
                    format!("export {name_of}=\"{}\"", pieces.sh(name_of))
                };
                match self.deactivation {
                    Deactivation::Script => line,
                    Deactivation::Function => {
                        let old = format!("{}{name_of}", old_prefix(name));
                        format!(
                            "if [ -n \"${{{name_of}+x}}\" ]; then export {old}=\"${{{name_of}}}\"; fi;\n{line}"
                        )
                    }
                }
            })
            .collect();
        text.push_str(&lines.join("\n"));
        text
    }

    /// Text for `cmd.exe`.
    pub fn bat(&self, path: &str) -> String {
        let (_, name) = self.place(path);
        let names = self.names();
        let mut text = String::from("@echo off\nchcp 65001 > nul\n");
        match self.deactivation {
            Deactivation::Script => {
                text.push_str(&bat_deactivation("%~dp0/", name, &names));
            }
            Deactivation::Function => {
                let scope = self.scope.as_deref().unwrap_or("None");
                text.push_str(&bat_deactivation_folder(scope, name, &names));
            }
        }
        text.push('\n');
        let lines: Vec<String> = self
            .environment
            .variables()
            .map(|variable| {
                let name = &variable.name;
                let pieces = self.pieces(variable, "%~dp0");
                let alone = pieces.join(None);
                if variable.is_unset() || !pieces.previous {
                    return format!("set \"{name}={alone}\"");
                }
                let with = pieces.join(Some(&format!("%{name}%")));
                format!(
                    "if defined {name} (\n    set \"{name}={with}\"\n) else (\n    set \"{name}={alone}\"\n)"
                )
            })
            .collect();
        text.push_str(&lines.join("\n"));
        text
    }

    /// Text for PowerShell.
    pub fn ps1(&self, path: &str) -> String {
        let (_, name) = self.place(path);
        let names = self.names();
        let mut text = match self.deactivation {
            Deactivation::Script => ps1_deactivation_script(name, &names),
            Deactivation::Function => ps1_deactivation_function(name, &names),
        };
        let lines: Vec<String> = self
            .environment
            .variables()
            .map(|variable| {
                let line = self.ps1_line(variable);
                match self.deactivation {
                    Deactivation::Script => line,
                    Deactivation::Function => {
                        let (name_of, prefix) = (&variable.name, old_prefix(name));
                        format!("if ($env:{name_of}) {{ $env:{prefix}{name_of} = $env:{name_of} }}\n{line}")
                    }
                }
            })
            .collect();
        text.push_str(&lines.join("\n"));
        text
    }

    fn ps1_line(&self, variable: &EnvVariable) -> String {
        let name = &variable.name;
        if variable.is_unset() {
            return format!("if (Test-Path env:{name}) {{ Remove-Item env:{name} }}");
        }
        let pieces = self
            .pieces(variable, "$PSScriptRoot")
            .map(|text| text.replace('"', "`\""));
        let alone = pieces.join(None);
        if !pieces.previous {
            return format!("$env:{name}=\"{alone}\"");
        }
        // `$env:NAME:x` would be read as one name, but `:` is a separator only where
        // PowerShell isn't the shell of the system.
        let with = pieces.join(Some(&format!("$env:{name}")));
        format!(
            "if ($env:{name}) {{\n    $env:{name}=\"{with}\"\n}} else {{\n    $env:{name}=\"{alone}\"\n}}\n"
        )
    }

    /// `NAME="value"` lines with absolute paths and final values.
    pub fn dotenv(&self, process: &IndexMap<String, String>) -> String {
        let lines: Vec<String> = self
            .values(process)
            .into_iter()
            .map(|(name, value)| format!("{name}=\"{value}\""))
            .collect();
        lines.join("\n")
    }

    /// The folder of a script, absolute, and its name.
    fn place<'a>(&self, path: &'a str) -> (String, &'a str) {
        let (folder, name) = path.rsplit_once(['/', '\\']).unwrap_or(("", path));
        let folder = if folder.is_empty() {
            self.paths.generators.clone()
        } else if crate::cmake::text::is_absolute(folder) {
            folder.to_owned()
        } else {
            format!("{}/{folder}", self.paths.generators)
        };
        (folder, name)
    }
}

/// A variable's text around its former value.
struct Pieces {
    before: Option<String>,
    after: Option<String>,
    previous: bool,
    separator: String,
}

impl Pieces {
    fn map(mut self, change: impl Fn(String) -> String) -> Pieces {
        self.before = self.before.map(&change);
        self.after = self.after.map(&change);
        self
    }

    /// With a text for the former value, or without one.
    fn join(&self, previous: Option<&str>) -> String {
        let parts: Vec<&str> = [self.before.as_deref(), previous, self.after.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        parts.join(&self.separator)
    }

    /// The separator must not be there if the variable was empty, so it's part of the expansion.
    fn sh(&self, name: &str) -> String {
        let quote = |text: &Option<String>| text.as_deref().map(|it| it.replace('"', "\\\""));
        let (before, after) = (quote(&self.before), quote(&self.after));
        let separator = &self.separator;
        match (before, self.previous, after) {
            (before, false, _) => before.unwrap_or_default(),
            (None, true, None) => format!("${name}"),
            (Some(before), true, None) => format!("{before}${{{name}:+{separator}${name}}}"),
            (None, true, Some(after)) => format!("${{{name}:-}}${{{name}:+{separator}}}{after}"),
            (Some(before), true, Some(after)) => {
                format!("{before}{separator}${{{name}:-}}${{{name}:+{separator}}}{after}")
            }
        }
    }
}

/// `my-script.sh` to `MY_SCRIPT`-like names that shells accept in identifiers.
pub(super) fn identifier(script: &str) -> String {
    let stem = script.rsplit_once('.').map_or(script, |(stem, _)| stem);
    stem.chars()
        .map(|it| {
            if it.is_ascii_alphanumeric() || it == '_' {
                it
            } else {
                '_'
            }
        })
        .collect()
}

/// Where the function mode keeps former values.
fn old_prefix(script: &str) -> String {
    format!("_CONAN_OLD_{}_", identifier(script).to_uppercase())
}

fn sh_deactivation_script(text: &mut String, script: &str, names: &[&str]) {
    let undo = format!("$script_folder/deactivate_{script}");
    let _ = write!(
        text,
        r#"echo "echo Restoring environment" > "{undo}"
for v in {}
do
   is_defined="true"
   value=$(printenv $v) || is_defined="" || true
   if [ -n "$value" ] || [ -n "$is_defined" ]
   then
       echo export "$v='$value'" >> "{undo}"
   else
       echo unset $v >> "{undo}"
   fi
done

"#,
        names.join(" ")
    );
}

fn sh_deactivation_function(text: &mut String, script: &str, names: &[&str]) {
    let (function, prefix) = (identifier(script), old_prefix(script));
    let _ = write!(
        text,
        r#"deactivate_{function} () {{
    echo "Restoring environment"
    for v in {names}; do
        old_var="{prefix}${{v}}"
        # eval, since plain sh has no indirect expansion
        eval "is_set=\${{${{old_var}}+x}}"
        if [ -n "${{is_set}}" ]; then
            eval "old_value=\${{${{old_var}}}}"
            eval "export ${{v}}=\${{old_value}}"
        else
            unset "${{v}}"
        fi
        unset "${{old_var}}"
    done
    unset -f deactivate_{function}
}}

"#,
        names = names.join(" ")
    );
}

/// `folder` ends with a separator.
fn bat_deactivation(folder: &str, script: &str, names: &[&str]) -> String {
    let undo = format!("{folder}deactivate_{script}");
    format!(
        r#"setlocal
echo @echo off > "{undo}"
echo echo Restoring environment for {script} >> "{undo}"
for %%v in ({names}) do (
    set foundenvvar=
    for /f "delims== tokens=1,2" %%a in ('set') do (
        if /I "%%a" == "%%v" (
            echo set "%%a=%%b">> "{undo}"
            set foundenvvar=1
        )
    )
    if not defined foundenvvar (
        echo set %%v=>> "{undo}"
    )
)
endlocal

"#,
        names = names.join(" ")
    )
}

/// Batch has no functions: the scripts that undo go to a temporary folder on the `PATH`.
fn bat_deactivation_folder(scope: &str, script: &str, names: &[&str]) -> String {
    let variable = format!("_CONAN_{scope}_DEACTIVATES_DIR");
    let undo = format!("%{variable}%/deactivate_{script}");
    let body = bat_deactivation(&format!("%{variable}%/"), script, names);
    format!(
        r#"set "local_defined=0"
if defined {variable} goto skip_deactivate_variable
set "local_defined=1"
set "{variable}=%TEMP%\conan_{scope}_%RANDOM%"
mkdir "%{variable}%"
set "PATH=%{variable}%;%PATH%"
:skip_deactivate_variable

{body}if %local_defined% == 0 goto end
echo set "PATH=%%PATH:%{variable}%;=%%" >> "{undo}"
echo set "{variable}=">> "{undo}"
:end

"#
    )
}

fn ps1_list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|it| format!("\"{it}\"")).collect();
    quoted.join(", ")
}

fn ps1_deactivation_script(script: &str, names: &[&str]) -> String {
    let undo = format!("deactivate_{script}");
    format!(
        r#"Push-Location $PSScriptRoot
"echo `"Restoring environment`"" | Out-File -FilePath "{undo}"
$vars = (Get-ChildItem env:*).name
$updated_vars = @({})

foreach ($var in $updated_vars)
{{
    if ($var -in $vars)
    {{
        $var_value = (Get-ChildItem env:$var).value
        Add-Content "{undo}" "`n`$env:$var = `"$var_value`""
    }}
    else
    {{
        Add-Content "{undo}" "`nif (Test-Path env:$var) {{ Remove-Item env:$var }}"
    }}
}}
Pop-Location

"#,
        ps1_list(names)
    )
}

fn ps1_deactivation_function(script: &str, names: &[&str]) -> String {
    let (function, prefix) = (identifier(script), old_prefix(script));
    format!(
        r#"function global:deactivate_{function} {{
    Write-Host "Restoring environment"
    foreach ($v in @({list})) {{
        $oldVarName = "{prefix}$v"
        $oldValue = Get-Item -Path "Env:$oldVarName" -ErrorAction SilentlyContinue
        if ($null -eq $oldValue) {{
            Remove-Item -Path "Env:$v" -ErrorAction SilentlyContinue
        }} else {{
            Set-Item -Path "Env:$v" -Value $oldValue.Value
        }}
        Remove-Item -Path "Env:$oldVarName" -ErrorAction SilentlyContinue
    }}
    Remove-Item -Path function:deactivate_{function} -ErrorAction SilentlyContinue
}}

"#,
        list = ps1_list(names)
    )
}

#[cfg(test)]
mod tests;
