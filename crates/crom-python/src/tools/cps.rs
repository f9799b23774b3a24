//! `conan.tools.cps` and `conan.cps`

use crom_generators::cps::{CpsDeps, to_cpp_info};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::consumer::{consumer, listing, make_parent};
use super::{NoInput, RecipeState, Registry, ToolContext};

pub(super) fn register(registry: &mut Registry) {
    registry.method("cps.deps", |recipe: &RecipeState<'_>, _: NoInput| {
        let mut deps = CpsDeps {
            consumer: consumer(recipe)?,
            base_folder: recipe.layout_folder("_base_build")?.unwrap_or_default(),
            ..CpsDeps::default()
        };
        deps.listing = listing(deps.folders_to_list())?;
        deps.own = deps
            .packages()
            .into_iter()
            .map(|(name, folder)| (name.clone(), format!("{folder}/{name}.cps")))
            .filter(|(_, path)| crom_fs::exists(path))
            .collect::<IndexMap<_, _>>();
        let result = deps.render()?;
        for file in &result.files {
            make_parent(&file.path)?;
            crom_fs::write(&file.path, &file.content)?;
        }
        Ok(result.messages)
    });
    registry.function("cps.to_cpp_info", |_: &ToolContext, input: Cps| {
        Ok(to_cpp_info(&input.cps)?)
    });
}

#[derive(Deserialize)]
struct Cps {
    cps: Value,
}
