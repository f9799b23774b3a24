//! The phases of [`crom_recipe::RecipeHost`], each from its input to its output.

pub(crate) mod act;
pub(crate) mod attributes;
pub(crate) mod configure;
pub(crate) mod describe;
pub(crate) mod identify;
pub(crate) mod inspect;
mod layout;
pub(crate) mod plugin;
