//! `conan.tools.ros`

use crom_generators::ros;

use super::consumer::{consumer, write};
use super::{NoInput, RecipeState, Registry};

pub(super) fn register(registry: &mut Registry) {
    registry.method("ros.variables", |recipe: &RecipeState<'_>, _: NoInput| {
        Ok(ros::variables(&consumer(recipe)?))
    });
    registry.method("ros.scripts", |recipe: &RecipeState<'_>, _: NoInput| {
        let consumer = consumer(recipe)?;
        write(&consumer, &ros::scripts(&consumer))
    });
}
