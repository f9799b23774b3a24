//! `conan.tools.env`

use crom_generators::cmake::Consumer;
use crom_generators::cmake::text::PathStyle;
use crom_generators::env::aggregate::{Aggregate, aggregate};
use crom_generators::env::command::Wrapped;
use crom_generators::env::script::{Deactivation, Encoding, EnvScripts, SaveScript, Script};
use crom_generators::env::subsystem::{Subsystem, SubsystemInput, deduce_subsystem};
use crom_generators::env::virtualenv::{VirtualEnv, dotenv_name, script_name};
use crom_model::environment::Environment;
use indexmap::IndexMap;
use serde::Deserialize;

use super::consumer::{consumer, generated, make_parent};
use super::{RecipeState, Registry, ToolContext, ToolError};

pub(super) fn register(registry: &mut Registry) {
    registry.method("env.subsystem", |recipe: &RecipeState<'_>, input: Scope| {
        Ok(subsystem(recipe, input.scope)?.as_str())
    });
    registry.method("env.save_script", save_script);
    registry.method("env.save_sh", |recipe: &RecipeState<'_>, input: Save| {
        save_one(recipe, &input, Encoding::Utf8, EnvScripts::sh)
    });
    registry.method("env.save_bat", |recipe: &RecipeState<'_>, input: Save| {
        save_one(recipe, &input, Encoding::Utf8, EnvScripts::bat)
    });
    registry.method("env.save_ps1", |recipe: &RecipeState<'_>, input: Save| {
        save_one(recipe, &input, Encoding::Utf16, EnvScripts::ps1)
    });
    registry.method(
        "env.save_dotenv",
        |recipe: &RecipeState<'_>, input: Save| {
            save_one(recipe, &input, Encoding::Utf8, |scripts, _| {
                scripts.dotenv(&process())
            })
        },
    );
    registry.method(
        "env.wants_ps1",
        |recipe: &RecipeState<'_>, _: super::NoInput| wants_ps1(recipe, &consumer(recipe)?),
    );
    registry.method("env.write", |_: &RecipeState<'_>, input: Write| {
        make_parent(&input.file)?;
        crom_fs::write(&input.file, &input.content)?;
        Ok(())
    });
    registry.method(
        "env.virtual_build",
        |recipe: &RecipeState<'_>, input: Profile| Ok(virtual_env(recipe, input)?.build()),
    );
    registry.method(
        "env.virtual_run",
        |recipe: &RecipeState<'_>, input: RunProfile| {
            let mut env = virtual_env(
                recipe,
                Profile {
                    profile: input.profile,
                },
            )?;
            if let Some(folder) = input.win_copy_folder
                && env.consumer.settings.get_safe("os") == Some("Windows")
            {
                env.copied = Some(copy_dlls(&env, &folder)?);
            }
            Ok(env.run())
        },
    );
    registry.function("env.names", |_: &ToolContext, input: Names| {
        let (configuration, arch) = (input.configuration.as_deref(), input.arch.as_deref());
        let dotenv = dotenv_name(&input.basename, configuration, arch);
        Ok(IndexMap::from([
            ("script", script_name(&input.basename, configuration, arch)),
            ("dotenv", format!("{dotenv}.env")),
        ]))
    });
    registry.method("env.generate_aggregated", write_aggregates);
}

#[derive(Deserialize)]
struct Scope {
    scope: Option<String>,
}

#[derive(Deserialize)]
struct Save {
    environment: Environment,
    file: String,
    scope: Option<String>,
    /// The name of the dotenv file, where it isn't that of the script.
    #[serde(default)]
    dotenv: Option<String>,
}

#[derive(Deserialize)]
struct Write {
    file: String,
    content: String,
}

#[derive(Deserialize)]
struct Profile {
    profile: Environment,
}

#[derive(Deserialize)]
struct RunProfile {
    profile: Environment,
    #[serde(default)]
    win_copy_folder: Option<String>,
}

/// Copies the DLLs of packages into a folder below the current one, and gives its path.
fn copy_dlls(env: &VirtualEnv, folder: &str) -> Result<String, ToolError> {
    let target = std::env::current_dir()?.join(folder);
    crom_fs::create_dir_all(&target)?;
    for source in env.program_folders() {
        for name in crom_fs::list(&source)? {
            if name.to_lowercase().ends_with(".dll") {
                crom_fs::copy_file(
                    std::path::Path::new(&source).join(&name),
                    target.join(&name),
                )?;
            }
        }
    }
    Ok(target.to_string_lossy().into_owned())
}

#[derive(Deserialize)]
struct Names {
    basename: String,
    configuration: Option<String>,
    arch: Option<String>,
}

#[derive(Deserialize)]
struct Aggregates {
    scripts: IndexMap<String, Vec<String>>,
}

/// Where scripts of a scope run.
pub(super) fn subsystem(
    recipe: &RecipeState<'_>,
    scope: Option<String>,
) -> Result<Subsystem, ToolError> {
    let (settings, build) = (recipe.settings()?, recipe.settings_build()?);
    let flag =
        |name| Ok::<bool, ToolError>(recipe.attribute(name)? == serde_json::Value::Bool(true));
    Ok(deduce_subsystem(&SubsystemInput {
        scope,
        os_build: build.get_safe("os").map(str::to_owned),
        os: settings.get_safe("os").map(str::to_owned),
        win_bash: flag("win_bash")?,
        win_bash_run: flag("win_bash_run")?,
        conf: recipe.conf()?,
    })?)
}

fn process() -> IndexMap<String, String> {
    std::env::vars_os()
        .map(|(name, value)| {
            (
                name.to_string_lossy().into_owned(),
                value.to_string_lossy().into_owned(),
            )
        })
        .collect()
}

fn scripts(
    recipe: &RecipeState<'_>,
    consumer: &Consumer,
    save: &Save,
) -> Result<EnvScripts, ToolError> {
    let mode = consumer.conf.get_str("tools.env:deactivation_mode")?;
    Ok(EnvScripts {
        environment: save.environment.clone(),
        subsystem: subsystem(recipe, save.scope.clone())?,
        scope: save.scope.clone(),
        deactivation: Deactivation::from_conf(mode.as_deref()),
        paths: PathStyle {
            generators: consumer.folders.generators.clone(),
            base: consumer.folders.base_generators.clone(),
        },
    })
}

fn write(consumer: &Consumer, script: &Script) -> Result<String, ToolError> {
    let path = generated(consumer, &script.path);
    make_parent(&path)?;
    match script.encoding {
        Encoding::Utf8 => crom_fs::write(&path, &script.content)?,
        Encoding::Utf16 => {
            let mut bytes = vec![0xff, 0xfe];
            bytes.extend(script.content.encode_utf16().flat_map(u16::to_le_bytes));
            crom_fs::write(&path, bytes)?;
        }
    }
    Ok(path)
}

/// Who works in his own folder may want to bring the environment up in PowerShell; packages in the
/// cache are built with it only if a conf says so.
fn wants_ps1(recipe: &RecipeState<'_>, consumer: &Consumer) -> Result<bool, ToolError> {
    let asked = consumer.conf.get_str("tools.env.virtualenv:powershell")?;
    Ok(asked.is_some() || recipe.is_local())
}

/// `EnvVars.save_script`: the paths that are to be registered.
fn save_script(recipe: &RecipeState<'_>, input: Save) -> Result<Vec<String>, ToolError> {
    let consumer = consumer(recipe)?;
    let scripts = scripts(recipe, &consumer, &input)?;
    let dotenv = consumer
        .conf
        .get_bool("tools.env:dotenv")?
        .unwrap_or(false)
        .then(|| {
            input.dotenv.clone().unwrap_or_else(|| {
                let stem = match input.file.rsplit_once('.') {
                    Some((stem, "sh" | "bat" | "ps1")) => stem,
                    _ => &input.file,
                };
                format!("{stem}.env")
            })
        });
    let save = SaveScript {
        filename: input.file,
        powershell: wants_ps1(recipe, &consumer)?,
        process: if dotenv.is_some() {
            process()
        } else {
            IndexMap::new()
        },
        dotenv,
    };
    let mut registered = Vec::new();
    for script in scripts.save_script(&save) {
        let path = write(&consumer, &script)?;
        if script.registered {
            registered.push(path);
        }
    }
    Ok(registered)
}

fn save_one(
    recipe: &RecipeState<'_>,
    input: &Save,
    encoding: Encoding,
    text: impl FnOnce(&EnvScripts, &str) -> String,
) -> Result<(), ToolError> {
    let consumer = consumer(recipe)?;
    let content = text(&scripts(recipe, &consumer, input)?, &input.file);
    let script = Script {
        path: input.file.clone(),
        content,
        encoding,
        registered: false,
    };
    write(&consumer, &script)?;
    Ok(())
}

fn virtual_env(recipe: &RecipeState<'_>, input: Profile) -> Result<VirtualEnv, ToolError> {
    let mut env = VirtualEnv {
        consumer: consumer(recipe)?,
        profile: input.profile,
        ..VirtualEnv::default()
    };
    env.existing = env
        .folders()
        .into_iter()
        .filter(|it| crom_fs::is_dir(it))
        .collect();
    Ok(env)
}

/// Final values of the build environment, for generators that read it.
pub(super) fn build_values(
    recipe: &RecipeState<'_>,
) -> Result<IndexMap<String, String>, ToolError> {
    let environment = virtual_env(
        recipe,
        Profile {
            profile: recipe.buildenv()?,
        },
    )?
    .build();
    let process = process();
    let separator = if cfg!(windows) { ";" } else { ":" };
    Ok(environment
        .resolve(separator, |name| process.get(name).cloned())
        .into_iter()
        .filter_map(|(name, value)| value.map(|it| (name, it)))
        .collect())
}

/// Writes `conanbuild.sh` and friends: names of those that bring an environment up.
fn write_aggregates(recipe: &RecipeState<'_>, input: Aggregates) -> Result<Vec<String>, ToolError> {
    let consumer = consumer(recipe)?;
    let mode = consumer.conf.get_str("tools.env:deactivation_mode")?;
    let mut subsystems = IndexMap::new();
    for scope in input.scripts.keys() {
        subsystems.insert(scope.clone(), subsystem(recipe, Some(scope.clone()))?);
    }
    let scripts = aggregate(&Aggregate {
        env_scripts: input.scripts,
        generators_folder: consumer.folders.generators.clone(),
        deactivation: Deactivation::from_conf(mode.as_deref()),
        subsystems,
    });
    let mut names = Vec::new();
    for script in scripts {
        write(&consumer, &script)?;
        if !script.path.starts_with("deactivate_") {
            names.push(script.path);
        }
    }
    Ok(names)
}

/// What `self.run()` starts: the command with the environment scripts that are there in front, for
/// the shell that it is to run in.
pub(crate) fn wrap_command(
    recipe: &RecipeState<'_>,
    command: String,
    scripts: Vec<String>,
    folder: Option<String>,
    scope: String,
) -> Result<String, ToolError> {
    let conf = recipe.conf()?;
    let in_folder = folder.is_some();
    let mut wrapped = Wrapped {
        command,
        env: if in_folder { scripts } else { Vec::new() },
        generators_folder: folder.unwrap_or_default(),
        windows: cfg!(windows),
        powershell: conf.get_str("tools.env.virtualenv:powershell")?,
        bash: conf.get_str("tools.microsoft.bash:path")?,
        ..Wrapped::default()
    };
    if cfg!(windows) {
        wrapped.subsystem = subsystem(recipe, Some(scope))?;
        wrapped.cwd = std::env::current_dir()
            .ok()
            .map(|it| it.to_string_lossy().into_owned());
    }
    wrapped.existing = wrapped
        .candidates()
        .into_iter()
        .filter(|it| crom_fs::is_file(it))
        .collect();
    Ok(wrapped.line()?)
}
