//! `conan.tools.gnu`

use crom_generators::gnu::args::update_args;
use crom_generators::gnu::deps_flags::{autotools_deps, deps_flags};
use crom_generators::gnu::flags::FlagBag;
use crom_generators::gnu::pkg_config::PkgConfigInput;
use crom_generators::gnu::pkg_config_deps::{self, PkgConfigDeps};
use crom_generators::gnu::runner::Runner;
use crom_generators::gnu::toolchain::{
    Kind, NewToolchain, PackageLayout, ToolchainEnvironment, environment, new_toolchain,
};
use crom_generators::gnu::{make_deps, pkg_config};
use crom_model::environment::Environment;
use crom_model::flags::gnu::gnu_triplet;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::consumer::{consumer, write};
use super::{NoInput, RecipeState, Registry, ToolContext, ToolError};

pub(super) fn register(registry: &mut Registry) {
    registry.method(
        "gnu.new_toolchain",
        |recipe: &RecipeState<'_>, input: New| {
            let consumer = consumer(recipe)?;
            let apple_sdk = super::apple::sdk_for_cross(&consumer)?;
            let input = NewToolchain {
                consumer,
                layout: input.layout,
                prefix: input.prefix,
                apple_sdk,
            };
            Ok(new_toolchain(&input)?)
        },
    );
    registry.method("gnu.flags", |recipe: &RecipeState<'_>, input: Flags| {
        Ok(input.flags.flags(&consumer(recipe)?)?)
    });
    registry.method(
        "gnu.environment",
        |recipe: &RecipeState<'_>, input: OfEnvironment| {
            Ok(environment(&ToolchainEnvironment {
                consumer: consumer(recipe)?,
                flags: input.flags,
                kind: input.kind,
                extra_env: input.extra_env,
            })?)
        },
    );
    registry.function("gnu.update_args", |_: &ToolContext, input: Update| {
        Ok(update_args(&input.args, &input.updates))
    });
    registry.function("gnu.triplet", |_: &ToolContext, input: Triplet| {
        Ok(gnu_triplet(
            &input.os,
            &input.arch,
            input.compiler.as_deref(),
        )?)
    });
    register_runner(registry);
    register_deps(registry);
}

fn register_runner(registry: &mut Registry) {
    registry.method("gnu.configure", |recipe: &RecipeState<'_>, input: Run| {
        Ok(input.runner(recipe)?.configure())
    });
    registry.method("gnu.autoreconf", |recipe: &RecipeState<'_>, input: Run| {
        let runner = input.runner(recipe)?;
        Ok(IndexMap::from([
            ("command", runner.autoreconf()),
            ("folder", runner.script_folder()),
        ]))
    });
    registry.method("gnu.make", |recipe: &RecipeState<'_>, input: Run| {
        Ok(input.runner(recipe)?.make()?)
    });
    registry.method("gnu.install", |recipe: &RecipeState<'_>, input: Run| {
        Ok(input.runner(recipe)?.install()?)
    });
}

fn register_deps(registry: &mut Registry) {
    registry.method(
        "gnu.autotools_deps",
        |recipe: &RecipeState<'_>, _: NoInput| Ok(autotools_deps(&consumer(recipe)?)?),
    );
    registry.method("gnu.deps_flags", |recipe: &RecipeState<'_>, input: Info| {
        Ok(deps_flags(&consumer(recipe)?, &input.cpp_info.root))
    });
    registry.method("gnu.make_deps", |recipe: &RecipeState<'_>, _: NoInput| {
        let consumer = consumer(recipe)?;
        let result = make_deps::render(&consumer)?;
        write(&consumer, &result.files)?;
        Ok(result.messages)
    });
    registry.method(
        "gnu.pkg_config_deps",
        |recipe: &RecipeState<'_>, input: PkgDeps| {
            let input = PkgConfigDeps {
                consumer: consumer(recipe)?,
                build_context_activated: input.build_context_activated,
                build_context_suffix: input.build_context_suffix.unwrap_or_default(),
                build_context_folder: input.build_context_folder,
                properties: input.properties,
            };
            let result = pkg_config_deps::render(&input)?;
            write(&input.consumer, &result.files)?;
            Ok(result.messages)
        },
    );
    registry.method(
        "gnu.pkg_config_command",
        |recipe: &RecipeState<'_>, input: PkgConfigInput| {
            let program = recipe.conf()?.get_str("tools.gnu:pkg_config")?;
            Ok(PkgConfigInput { program, ..input }.command())
        },
    );
    registry.function(
        "gnu.pkg_config_answer",
        |_: &ToolContext, input: pkg_config::PkgConfigInput| Ok(input.answer()),
    );
}

#[derive(Deserialize)]
struct New {
    #[serde(default)]
    layout: PackageLayout,
    #[serde(default)]
    prefix: String,
}

#[derive(Deserialize)]
struct Flags {
    flags: FlagBag,
}

#[derive(Deserialize)]
struct OfEnvironment {
    flags: FlagBag,
    kind: Kind,
    #[serde(default)]
    extra_env: Environment,
}

#[derive(Deserialize)]
struct Update {
    args: Vec<String>,
    updates: Vec<(String, Option<String>)>,
}

#[derive(Deserialize)]
struct Triplet {
    os: String,
    arch: String,
    compiler: Option<String>,
}

#[derive(Deserialize)]
struct Run {
    args: IndexMap<String, String>,
    #[serde(default)]
    build_script_folder: Option<String>,
    #[serde(default, deserialize_with = "optional_texts")]
    extra: Option<Vec<String>>,
    #[serde(default)]
    target: Option<String>,
    #[serde(default)]
    makefile: Option<String>,
}

fn optional_texts<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<Option<Vec<String>>, D::Error> {
    super::build::texts(from).map(|texts| (!texts.is_empty()).then_some(texts))
}

impl Run {
    fn runner(self, recipe: &RecipeState<'_>) -> Result<Runner, ToolError> {
        let consumer = consumer(recipe)?;
        let subsystem = super::env::subsystem(recipe, Some("build".to_owned()))?;
        Ok(Runner {
            args: self.args,
            build_script_folder: self.build_script_folder,
            extra: self.extra,
            target: self.target,
            makefile: self.makefile,
            windows: cfg!(windows),
            shell_source: Some(subsystem.unix_path(&consumer.folders.source)),
            shell_package: Some(subsystem.unix_path(&consumer.folders.package)),
            consumer,
        })
    }
}

#[derive(Deserialize)]
struct PkgDeps {
    #[serde(deserialize_with = "super::build::texts")]
    build_context_activated: Vec<String>,
    build_context_suffix: Option<IndexMap<String, String>>,
    build_context_folder: Option<String>,
    properties: IndexMap<String, IndexMap<String, Value>>,
}

#[derive(Deserialize)]
struct Info {
    cpp_info: crom_model::cpp_info::CppInfo,
}
