//! All rules, one file per family. A new rule is a function and an entry of its family's table.

mod cmake;
mod config;
mod licences;
mod options;
mod patch_files;
mod patches;
mod recipe_attributes;
mod recipe_methods;
mod requirements;
mod sources;
mod test_package;
mod text;
mod urls;
mod versions;
mod yaml;

use crate::rule::Rule;

static FAMILIES: &[&[Rule]] = &[
    text::RULES,
    yaml::RULES,
    config::RULES,
    versions::RULES,
    sources::RULES,
    urls::RULES,
    patches::RULES,
    patch_files::RULES,
    recipe_attributes::RULES,
    licences::RULES,
    options::RULES,
    recipe_methods::RULES,
    requirements::RULES,
    test_package::RULES,
    cmake::RULES,
];

/// All rules, in the order in which they are listed.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter())
}
