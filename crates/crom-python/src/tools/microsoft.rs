//! `conan.tools.microsoft`

use crom_generators::env::subsystem::Subsystem;
use crom_generators::microsoft::deps::MsBuildDeps;
use crom_generators::microsoft::msbuild::{self, MsBuild};
use crom_generators::microsoft::nmake::{self, NMakeToolchain};
use crom_generators::microsoft::toolchain::{MsBuildToolchain, RenderMsBuild};
use crom_generators::microsoft::vcvars::{self, VcVars, VcVarsCommand};
use crom_generators::microsoft::{deps, facts, toolchain};
use crom_model::flags::msvc;
use indexmap::IndexMap;
use serde::Deserialize;

use super::consumer::{consumer, generated, write};
use super::{NoInput, RecipeState, Registry, ToolContext, ToolError};

pub(super) fn register(registry: &mut Registry) {
    registry.method(
        "microsoft.msvc_runtime_flag",
        |recipe: &RecipeState<'_>, _: NoInput| {
            let consumer = consumer(recipe)?;
            Ok(crom_generators::gnu::flags::flag_input(
                &consumer,
                msvc::msvc_runtime_flag,
            )?)
        },
    );
    registry.method(
        "microsoft.msvs_toolset",
        |recipe: &RecipeState<'_>, _: NoInput| Ok(facts::msvs_toolset(&recipe.settings()?)?),
    );
    registry.method(
        "microsoft.check_min_vs",
        |recipe: &RecipeState<'_>, input: MinVs| match facts::check_min_vs(
            &recipe.settings()?,
            &input.version,
        ) {
            Ok(()) => Ok(true),
            Err(_) if !input.raise_invalid => Ok(false),
            Err(message) => Err(ToolError::invalid(message)),
        },
    );
    registry.method(
        "microsoft.unix_path",
        |recipe: &RecipeState<'_>, input: UnixPath| {
            let subsystem: Subsystem = super::env::subsystem(recipe, Some(input.scope))?;
            Ok(subsystem.unix_path(&input.path))
        },
    );
    registry.function("microsoft.names", |_: &ToolContext, input: Names| {
        let version = input.version.as_deref().unwrap_or_default();
        Ok(IndexMap::from([
            ("ide", msvc::vs_ide_version(version)),
            ("toolset", msvc::toolset(version)),
            ("platform", input.arch.as_deref().and_then(msvc::platform)),
        ]))
    });
    registry.method(
        "microsoft.verbosity",
        |recipe: &RecipeState<'_>, _: NoInput| Ok(msbuild::verbosity(&recipe.conf()?)?),
    );
    registry.method(
        "microsoft.platform",
        |recipe: &RecipeState<'_>, _: NoInput| Ok(msbuild::default_platform(&consumer(recipe)?)),
    );
    registry.method(
        "microsoft.msbuild_command",
        |recipe: &RecipeState<'_>, input: Command| {
            Ok(msbuild::command(&MsBuild {
                consumer: consumer(recipe)?,
                sln: input.sln,
                targets: input.targets,
                build_type: input.build_type,
                platform: input.platform,
            })?)
        },
    );
    registry.function(
        "microsoft.format_defines",
        |_: &ToolContext, input: Defines| {
            Ok(nmake::format_defines(&input.defines, input.toolchain))
        },
    );
    registry.function("microsoft.vcvars_command", vcvars_command);
    registry.method(
        "microsoft.vcvars",
        |recipe: &RecipeState<'_>, _: NoInput| {
            let input = VcVars {
                consumer: consumer(recipe)?,
                found: None,
            };
            let files = vcvars::render(&input)?;
            write(&input.consumer, &files)?;
            Ok(files
                .iter()
                .map(|it| generated(&input.consumer, &it.path))
                .collect::<Vec<_>>())
        },
    );
    register_generators(registry);
}

#[derive(Deserialize)]
struct Defines {
    defines: Vec<String>,
    toolchain: bool,
}

#[derive(Deserialize)]
struct VcVarsCall {
    command: VcVarsCommand,
    vs_install_path: Option<String>,
}

fn vcvars_command(_: &ToolContext, input: VcVarsCall) -> Result<String, ToolError> {
    let version = &input.command.version;
    let script = input
        .vs_install_path
        .map(|folder| VcVarsCommand::script_in(version, &folder))
        .filter(|script| crom_fs::is_file(script))
        .ok_or_else(|| {
            ToolError::new(format!(
                "VS non-existing installation: Visual Studio {version}. If using a non-default \
                 toolset from a VS IDE version consider specifying it with the \
                 'tools.microsoft.msbuild:vs_version' conf"
            ))
        })?;
    Ok(VcVarsCommand {
        script,
        ..input.command
    }
    .line())
}

fn register_generators(registry: &mut Registry) {
    registry.method(
        "microsoft.nmake_toolchain",
        |recipe: &RecipeState<'_>, input: NMakeToolchain| {
            Ok(nmake::toolchain(&NMakeToolchain {
                consumer: consumer(recipe)?,
                ..input
            })?)
        },
    );
    registry.method(
        "microsoft.nmake_deps",
        |recipe: &RecipeState<'_>, _: NoInput| Ok(nmake::deps(&consumer(recipe)?)?),
    );
    registry.method(
        "microsoft.new_toolchain",
        |recipe: &RecipeState<'_>, _: NoInput| Ok(toolchain::new_toolchain(&consumer(recipe)?)?),
    );
    registry.method(
        "microsoft.toolchain_context",
        |recipe: &RecipeState<'_>, toolchain: MsBuildToolchain| {
            Ok(toolchain::context(&RenderMsBuild {
                consumer: consumer(recipe)?,
                toolchain,
                existing: None,
            })?)
        },
    );
    registry.method(
        "microsoft.toolchain",
        |recipe: &RecipeState<'_>, input: MsBuildToolchain| {
            let consumer = consumer(recipe)?;
            let index = generated(&consumer, "conantoolchain.props");
            let existing = crom_fs::exists(&index)
                .then(|| crom_fs::read_text(&index))
                .transpose()?;
            let input = RenderMsBuild {
                consumer,
                toolchain: input,
                existing,
            };
            write(&input.consumer, &toolchain::render(&input)?)
        },
    );
    registry.method(
        "microsoft.deps",
        |recipe: &RecipeState<'_>, input: MsBuildDeps| {
            let consumer = consumer(recipe)?;
            let mut existing = IndexMap::new();
            for name in crom_fs::list(&consumer.folders.generators).unwrap_or_default() {
                if name.starts_with("conan_") && name.ends_with(".props") {
                    existing.insert(
                        name.clone(),
                        crom_fs::read_text(generated(&consumer, &name))?,
                    );
                }
            }
            let input = MsBuildDeps {
                consumer,
                existing,
                ..input
            };
            write(&input.consumer, &deps::render(&input)?)
        },
    );
}

#[derive(Deserialize)]
struct MinVs {
    version: String,
    raise_invalid: bool,
}

#[derive(Deserialize)]
struct UnixPath {
    path: String,
    scope: String,
}

#[derive(Deserialize)]
struct Command {
    sln: String,
    targets: Option<Vec<String>>,
    build_type: Option<String>,
    platform: Option<String>,
}

#[derive(Deserialize)]
struct Names {
    version: Option<String>,
    arch: Option<String>,
}
