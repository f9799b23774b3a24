//! `conan.tools.google`

use crom_generators::file::File;
use crom_generators::google::bazel::Bazel;
use crom_generators::google::deps::BazelDeps;
use crom_generators::google::toolchain::{BazelToolchain, RC_FILE, new_toolchain};
use serde::Deserialize;

use super::consumer::{consumer, generated, listing, write};
use super::{NoInput, RecipeState, Registry, ToolError};

pub(super) fn register(registry: &mut Registry) {
    registry.method(
        "google.new_toolchain",
        |recipe: &RecipeState<'_>, _: NoInput| Ok(new_toolchain(&consumer(recipe)?)?),
    );
    registry.method(
        "google.flags",
        |recipe: &RecipeState<'_>, toolchain: BazelToolchain| {
            Ok(toolchain.flags(&consumer(recipe)?)?)
        },
    );
    registry.method(
        "google.toolchain",
        |recipe: &RecipeState<'_>, input: Toolchain| {
            let consumer = consumer(recipe)?;
            let text = input.toolchain.render(&consumer, &input.template)?;
            write(&consumer, &[File::new(input.file, text)])
        },
    );
    registry.method(
        "google.deps",
        |recipe: &RecipeState<'_>, input: BazelDeps| {
            let mut deps = BazelDeps {
                consumer: consumer(recipe)?,
                ..input
            };
            deps.listing = listing(deps.folders_to_list())?;
            let result = deps.render()?;
            write(&deps.consumer, &result.files)?;
            Ok(result.messages)
        },
    );
    registry.method("google.build", |recipe: &RecipeState<'_>, input: Run| {
        Ok(input.bazel(recipe)?.build()?)
    });
    registry.method("google.test", |recipe: &RecipeState<'_>, input: Run| {
        Ok(input.bazel(recipe)?.test()?)
    });
}

#[derive(Deserialize)]
struct Toolchain {
    toolchain: BazelToolchain,
    template: String,
    file: String,
}

#[derive(Deserialize)]
struct Run {
    #[serde(default, deserialize_with = "super::build::texts")]
    args: Vec<String>,
    target: Option<String>,
    #[serde(default)]
    clean: bool,
}

impl Run {
    fn bazel(self, recipe: &RecipeState<'_>) -> Result<Bazel, ToolError> {
        let consumer = consumer(recipe)?;
        Ok(Bazel {
            has_rc: crom_fs::exists(generated(&consumer, RC_FILE)),
            args: self.args,
            target: self.target,
            clean: self.clean,
            consumer,
        })
    }
}
