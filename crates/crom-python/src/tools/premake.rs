//! `conan.tools.premake`

use crom_generators::premake::deps::{PremakeDeps, content};
use crom_generators::premake::runner::{self, Premake};
use crom_generators::premake::toolchain::{self, PremakeToolchain};

use super::consumer::{consumer, existing, generated, make_parent, write};
use super::{NoInput, RecipeState, Registry, ToolError};

pub(super) fn register(registry: &mut Registry) {
    registry.method("premake.action", |recipe: &RecipeState<'_>, _: NoInput| {
        Ok(runner::action(&consumer(recipe)?))
    });
    registry.method(
        "premake.configure",
        |recipe: &RecipeState<'_>, input: Premake| {
            let premake = complete(recipe, input)?;
            let file = format!("{}/{}", premake.consumer.folders.build, runner::FILE);
            make_parent(&file)?;
            crom_fs::write(&file, premake.script())?;
            Ok(premake.configure()?)
        },
    );
    registry.method(
        "premake.build",
        |recipe: &RecipeState<'_>, input: Premake| Ok(complete(recipe, input)?.build()?),
    );
    registry.method(
        "premake.toolchain",
        |recipe: &RecipeState<'_>, input: PremakeToolchain| {
            let input = PremakeToolchain {
                consumer: consumer(recipe)?,
                ..input
            };
            write(&input.consumer, &[input.render()?])
        },
    );
    registry.method(
        "premake.deps",
        |recipe: &RecipeState<'_>, input: PremakeDeps| {
            let consumer = consumer(recipe)?;
            Ok(content(&PremakeDeps {
                existing: existing(&consumer, ".premake5.lua")?,
                consumer,
                ..input
            })?)
        },
    );
}

fn complete(recipe: &RecipeState<'_>, input: Premake) -> Result<Premake, ToolError> {
    let consumer = consumer(recipe)?;
    Ok(Premake {
        has_toolchain: crom_fs::exists(generated(&consumer, toolchain::FILE)),
        consumer,
        ..input
    })
}
