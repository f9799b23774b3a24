//! `conan.tools.system`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crom_tools::process::join_words;
use crom_tools::system::{
    Action, NO_TOOL, SystemInput, SystemResult, default_tool, distribution_id, package_name,
    system_packages,
};
use serde::{Deserialize, Serialize};

use super::files::raised;
use super::{NoInput, RecipeState, Registry, ToolContext, ToolError};

type Result<T> = std::result::Result<T, ToolError>;

pub(super) fn register(registry: &mut Registry) {
    registry.method("system.packages", packages);
    registry.method("system.package_name", name_of);
    registry.method("system.default_tool", |_: &RecipeState<'_>, _: NoInput| {
        Ok(default_tool(std::env::consts::OS, &distribution()?))
    });
    registry.method("system.sudo", |recipe: &RecipeState<'_>, _: NoInput| {
        let (sudo, askpass) = sudo(recipe)?;
        Ok(match (sudo, askpass) {
            (true, true) => "sudo -A ",
            (true, false) => "sudo ",
            (false, _) => "",
        })
    });
    registry.method("system.python_environment", python_environment);
    registry.function(
        "system.python_command",
        |_: &ToolContext, input: PythonCommand| {
            Ok(format!(
                "{} {}",
                program(&input.interpreter),
                join_words(&input.args)
            )
            .trim()
            .to_owned())
        },
    );
    registry.function(
        "system.pip_command",
        |_: &ToolContext, input: PipCommand| Ok(pip_command(&input)),
    );
}

#[derive(Deserialize)]
struct Packages {
    tool: String,
    action: Action,
    #[serde(default)]
    packages: Vec<String>,
    #[serde(default)]
    substitutes: Vec<Vec<String>>,
    #[serde(default)]
    update: bool,
    #[serde(default = "yes")]
    check: bool,
    #[serde(default = "yes")]
    host_package: bool,
    #[serde(default)]
    recommends: bool,
    arch_names: Option<BTreeMap<String, String>>,
}

fn yes() -> bool {
    true
}

fn packages(recipe: &RecipeState<'_>, input: Packages) -> Result<SystemResult> {
    let input = system_input(recipe, input)?;
    let reporter = &*recipe.context().reporter;
    system_packages(&input, reporter, &recipe.scope()).map_err(raised)
}

fn name_of(recipe: &RecipeState<'_>, input: Packages) -> Result<String> {
    let input = system_input(recipe, input)?;
    let package = input.packages.first().map_or("", String::as_str);
    package_name(&input, package, &*recipe.context().reporter).map_err(raised)
}

fn system_input(recipe: &RecipeState<'_>, input: Packages) -> Result<SystemInput> {
    let reporter = &*recipe.context().reporter;
    let conf = recipe.conf()?;
    let active_tool = match conf.get_str("tools.system.package_manager:tool")? {
        Some(tool) => Some(tool),
        None => {
            let distribution = distribution()?;
            let tool = default_tool(std::env::consts::OS, &distribution);
            if tool.is_none() {
                let text = NO_TOOL.replace("{}", &distribution);
                reporter.status(&recipe.scope(), &text);
            }
            tool.map(str::to_owned)
        }
    };
    let mode = conf
        .get_str("tools.system.package_manager:mode")?
        .unwrap_or_else(|| "check".to_owned());
    let (sudo, sudo_askpass) = sudo(recipe)?;
    let arch =
        |settings: crom_model::settings::Settings| settings.get_safe("arch").map(str::to_owned);
    Ok(SystemInput {
        tool: input.tool,
        active_tool,
        action: input.action,
        packages: input.packages,
        substitutes: input.substitutes,
        mode,
        sudo,
        sudo_askpass,
        update: input.update,
        check: input.check,
        host_package: input.host_package,
        recommends: input.recommends,
        arch_host: arch(recipe.settings()?),
        arch_build: arch(recipe.settings_build()?),
        arch_names: input.arch_names,
    })
}

fn sudo(recipe: &RecipeState<'_>) -> Result<(bool, bool)> {
    let conf = recipe.conf()?;
    let flag = |name: &str| -> Result<bool> { Ok(conf.get_bool(name)?.unwrap_or(false)) };
    Ok((
        flag("tools.system.package_manager:sudo")?,
        flag("tools.system.package_manager:sudo_askpass")?,
    ))
}

/// The `ID` of the Linux distribution; empty elsewhere.
fn distribution() -> Result<String> {
    for file in ["/etc/os-release", "/usr/lib/os-release"] {
        if crom_fs::is_file(file) {
            return Ok(distribution_id(&crom_fs::read_text(file)?).unwrap_or_default());
        }
    }
    Ok(String::new())
}

#[derive(Deserialize)]
struct PythonEnvironment {
    folder: Option<PathBuf>,
    name: String,
    py_version: Option<String>,
}

/// What there will be, and how to make it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Plan {
    /// Of the environment script too.
    name: String,
    folder: PathBuf,
    programs: PathBuf,
    interpreter: PathBuf,
    commands: Vec<String>,
    messages: Vec<String>,
}

fn python_environment(recipe: &RecipeState<'_>, input: PythonEnvironment) -> Result<Plan> {
    let conf = recipe.conf()?;
    let base = match input.folder {
        Some(folder) => folder,
        None => PathBuf::from(recipe.folder("build_folder")?.unwrap_or_default()),
    };
    let base = crom_fs::absolute(if base.as_os_str().is_empty() {
        Path::new(".")
    } else {
        &base
    })?;
    let configured = match conf.get_str("tools.system.pyenv:python_interpreter")? {
        Some(interpreter) => Some(interpreter),
        None => conf.get_str("tools.system.pipenv:python_interpreter")?,
    };
    let plan = plan(&base, &input.name, input.py_version.as_deref());
    if crom_fs::is_dir(&plan.folder) {
        return Ok(plan);
    }
    let Some(python) = configured.map(PathBuf::from).or_else(system_python) else {
        return Err(ToolError::new(
            "Conan could not find a Python executable path. Please, install Python system-wide or \
             set the 'tools.system.pyenv:python_interpreter' conf to the full path of a Python \
             executable",
        ));
    };
    Ok(with_creation(
        plan,
        &base,
        &python,
        input.py_version.as_deref(),
    ))
}

/// Names of the reference: `conan_pyenv`, `conan_pyenv_<name>`, `conan_pyenv_<name>_3_11`.
fn plan(base: &Path, name: &str, version: Option<&str>) -> Plan {
    let mut full = String::from("conan_pyenv");
    for part in [
        Some(name.to_owned()),
        version.map(|it| it.replace('.', "_")),
    ] {
        if let Some(part) = part.filter(|it| !it.is_empty()) {
            full.push('_');
            full.push_str(&part);
        }
    }
    let folder = base.join(&full);
    let programs = programs_of(&folder);
    Plan {
        interpreter: programs.join(if cfg!(windows) {
            "python.exe"
        } else {
            "python"
        }),
        name: full,
        folder,
        programs,
        commands: Vec::new(),
        messages: Vec::new(),
    }
}

fn programs_of(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) { "Scripts" } else { "bin" })
}

/// For another version of Python, uv fetches it; uv itself comes by an environment of its own.
fn with_creation(mut plan: Plan, base: &Path, python: &Path, version: Option<&str>) -> Plan {
    let Some(version) = version else {
        plan.commands = vec![format!(
            "{} -m venv {}",
            program(python),
            program(&plan.folder)
        )];
        return plan;
    };
    let own = base.join(format!("uv_{}", plan.name));
    let own_python = programs_of(&own).join(if cfg!(windows) {
        "python.exe"
    } else {
        "python"
    });
    let own_python = program(&own_python);
    if !crom_fs::is_dir(&own) {
        plan.commands
            .push(format!("{} -m venv {}", program(python), program(&own)));
    }
    plan.commands.push(format!(
        "{own_python} -m pip install --disable-pip-version-check uv"
    ));
    plan.commands.push(format!(
        "{own_python} -m uv venv --seed --python {version} {}",
        program(&plan.folder)
    ));
    plan.messages.push(format!(
        "Virtual environment for Python {version} created successfully using UV."
    ));
    plan
}

/// The first of Python's names in the `PATH`.
fn system_python() -> Option<PathBuf> {
    let names: &[&str] = if cfg!(windows) {
        &["python.exe"]
    } else {
        &["python3", "python"]
    };
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| crom_fs::is_file(file))
}

/// A path in a command line.
fn program(path: &Path) -> String {
    join_words(&[path.to_string_lossy().into_owned()])
}

#[derive(Deserialize)]
struct PythonCommand {
    interpreter: PathBuf,
    args: Vec<String>,
}

#[derive(Deserialize)]
struct PipCommand {
    interpreter: PathBuf,
    packages: Vec<String>,
    pip_args: Vec<String>,
}

fn pip_command(input: &PipCommand) -> String {
    let mut words = vec![
        program(&input.interpreter),
        "-m pip install --disable-pip-version-check".to_owned(),
    ];
    words.extend(input.pip_args.iter().cloned());
    // Requirements such as `a>=1` must not reach the shell bare.
    words.extend(input.packages.iter().map(|it| format!("\"{it}\"")));
    words.join(" ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn names_and_commands_of_python_environments() {
        let base = Path::new("/b");
        let plain = with_creation(
            plan(base, "", None),
            base,
            Path::new("/usr/bin/python3"),
            None,
        );
        assert_eq!(plain.name, "conan_pyenv");
        assert_eq!(plain.interpreter, Path::new("/b/conan_pyenv/bin/python"));
        assert_eq!(plain.commands, ["/usr/bin/python3 -m venv /b/conan_pyenv"]);
        assert_eq!(plan(base, "n", None).folder, Path::new("/b/conan_pyenv_n"));
        let other = with_creation(
            plan(base, "", Some("3.11")),
            base,
            Path::new("/usr/bin/python3"),
            Some("3.11"),
        );
        assert_eq!(
            other.commands,
            [
                "/usr/bin/python3 -m venv /b/uv_conan_pyenv_3_11",
                "/b/uv_conan_pyenv_3_11/bin/python -m pip install --disable-pip-version-check uv",
                "/b/uv_conan_pyenv_3_11/bin/python -m uv venv --seed --python 3.11 /b/conan_pyenv_3_11",
            ]
        );
    }

    #[test]
    fn packages_are_quoted_for_pip() {
        let command = pip_command(&PipCommand {
            interpreter: PathBuf::from("/b/python"),
            packages: vec!["a>=1".to_owned()],
            pip_args: vec!["--no-index".to_owned()],
        });
        assert_eq!(
            command,
            "/b/python -m pip install --disable-pip-version-check --no-index \"a>=1\""
        );
    }
}
