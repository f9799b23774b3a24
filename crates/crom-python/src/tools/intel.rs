//! `conan.tools.intel`

use crom_generators::file::File;
use crom_generators::intel;

use super::consumer::{consumer, generated, write};
use super::{NoInput, RecipeState, Registry};

pub(super) fn register(registry: &mut Registry) {
    registry.method("intel.check", |recipe: &RecipeState<'_>, _: NoInput| {
        Ok(intel::check(&consumer(recipe)?)?)
    });
    registry.method(
        "intel.ms_toolset",
        |recipe: &RecipeState<'_>, _: NoInput| Ok(intel::ms_toolset(&consumer(recipe)?)),
    );
    registry.method(
        "intel.installation_path",
        |recipe: &RecipeState<'_>, _: NoInput| Ok(intel::installation_path(&consumer(recipe)?)?),
    );
    registry.method("intel.command", |recipe: &RecipeState<'_>, _: NoInput| {
        Ok(intel::command(&consumer(recipe)?)?)
    });
    registry.method("intel.compilers", |recipe: &RecipeState<'_>, _: NoInput| {
        Ok(intel::compilers(&consumer(recipe)?))
    });
    registry.method("intel.script", |recipe: &RecipeState<'_>, _: NoInput| {
        let consumer = consumer(recipe)?;
        let name = intel::file_name(&consumer);
        write(&consumer, &[File::new(&name, intel::script(&consumer)?)])?;
        Ok(generated(&consumer, &name))
    });
}
