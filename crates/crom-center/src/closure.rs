//! What a fork uses: the recipes that its graphs come to, with their versions.

use std::collections::{BTreeMap, BTreeSet};

use crom_model::reference::RecipeReference;

use crate::plan::Plan;

/// Versions by the name of the recipe.
pub type Closure = BTreeMap<String, BTreeSet<String>>;

/// The recipes of all graphs of a plan, those that are only used by recipes among them.
pub fn closure(plan: &Plan) -> Closure {
    let mut closure = Closure::new();
    for (name, version, _) in recipes(plan) {
        closure.entry(name).or_default().insert(version);
    }
    closure
}

/// Name, version and revision of all recipes of a plan.
pub(crate) fn recipes(plan: &Plan) -> Vec<(String, String, String)> {
    plan.recipes
        .iter()
        .filter_map(|text| RecipeReference::loads(text).ok())
        .map(|it| {
            let revision = it.revision.clone().unwrap_or_default();
            (it.name.clone(), it.version.as_str().to_owned(), revision)
        })
        .collect()
}
