//! `conan.tools.meson`

use crom_generators::gnu::toolchain::PackageLayout;
use crom_generators::meson::runner::Runner;
use crom_generators::meson::toolchain::{
    CROSS_FILE, MesonToolchain, NATIVE_FILE, NewMesonToolchain, RenderMeson, meson_value,
    new_toolchain, render,
};
use crom_model::flags::meson as names;
use indexmap::IndexMap;
use serde::Deserialize;

use super::consumer::{building, consumer, generated, write};
use super::{RecipeState, Registry, ToolContext, ToolError};

pub(super) fn register(registry: &mut Registry) {
    registry.function("meson.machine", |_: &ToolContext, input: Machine| {
        let machine = names::meson_machine(&input.os, &input.arch);
        Ok(IndexMap::from([
            ("system", machine.system),
            ("cpu_family", machine.cpu_family),
            ("cpu", machine.cpu),
            ("endian", machine.endian),
        ]))
    });
    registry.function("meson.apple_subsystem", |_: &ToolContext, input: Sdk| {
        Ok(names::apple_subsystem(input.sdk.as_deref()))
    });
    registry.function("meson.value", |_: &ToolContext, input: OfValue| {
        Ok(meson_value(&input.value))
    });
    registry.function("meson.cppstd", |_: &ToolContext, input: CppStd| {
        Ok(names::cpp_std(
            &input.compiler,
            &input.version,
            &input.cppstd,
        ))
    });
    registry.function("meson.cstd", |_: &ToolContext, input: CStd| {
        Ok(names::c_std(&input.cstd))
    });
    registry.method(
        "meson.new_toolchain",
        |recipe: &RecipeState<'_>, input: New| {
            let consumer = consumer(recipe)?;
            let apple_sdk = super::apple::sdk_for_cross(&consumer)?;
            Ok(new_toolchain(&NewMesonToolchain {
                layout: input.layout,
                backend: input.backend,
                native: input.native,
                conf_build: recipe.conf_build()?,
                buildenv: super::env::build_values(recipe)?,
                apple_sdk,
                can_run: super::build::can_run(recipe)?,
                consumer,
            })?)
        },
    );
    registry.method(
        "meson.generate",
        |recipe: &RecipeState<'_>, input: Generate| {
            let input = RenderMeson {
                consumer: consumer(recipe)?,
                toolchain: input.toolchain,
                native: input.native,
                conf_build: recipe.conf_build()?,
            };
            let result = render(&input)?;
            write(&input.consumer, &result.files)?;
            Ok(result.messages)
        },
    );
    registry.method("meson.configure", |recipe: &RecipeState<'_>, input: Run| {
        Ok(input.runner(recipe, false)?.configure()?)
    });
    registry.method("meson.build", |recipe: &RecipeState<'_>, input: Run| {
        Ok(input.runner(recipe, true)?.build()?)
    });
    registry.method("meson.install", |recipe: &RecipeState<'_>, input: Run| {
        Ok(input.runner(recipe, false)?.install()?)
    });
    registry.method("meson.test", |recipe: &RecipeState<'_>, input: Run| {
        Ok(input.runner(recipe, true)?.test()?)
    });
}

#[derive(Deserialize)]
struct New {
    layout: PackageLayout,
    backend: Option<String>,
    native: bool,
}

#[derive(Deserialize)]
struct Generate {
    toolchain: MesonToolchain,
    native: bool,
}

#[derive(Deserialize)]
struct Run {
    #[serde(default)]
    target: Option<String>,
    #[serde(default, deserialize_with = "super::build::texts")]
    cli_args: Vec<String>,
}

impl Run {
    fn runner(self, recipe: &RecipeState<'_>, builds: bool) -> Result<Runner, ToolError> {
        let consumer = if builds {
            building(recipe)?
        } else {
            consumer(recipe)?
        };
        Ok(Runner {
            has_cross_file: crom_fs::exists(generated(&consumer, CROSS_FILE)),
            has_native_file: crom_fs::exists(generated(&consumer, NATIVE_FILE)),
            target: self.target,
            cli_args: self.cli_args,
            windows: cfg!(windows),
            consumer,
        })
    }
}

#[derive(Deserialize)]
struct Machine {
    os: String,
    arch: String,
}

#[derive(Deserialize)]
struct Sdk {
    sdk: Option<String>,
}

#[derive(Deserialize)]
struct OfValue {
    value: serde_json::Value,
}

#[derive(Deserialize)]
struct CppStd {
    compiler: String,
    version: String,
    cppstd: String,
}

#[derive(Deserialize)]
struct CStd {
    cstd: String,
}
