//! `conan.tools.scons`

use crom_generators::scons;

use super::consumer::{consumer, write};
use super::{NoInput, RecipeState, Registry};

pub(super) fn register(registry: &mut Registry) {
    registry.method("scons.deps", |recipe: &RecipeState<'_>, _: NoInput| {
        let consumer = consumer(recipe)?;
        write(&consumer, &[scons::render(&consumer)?])
    });
}
