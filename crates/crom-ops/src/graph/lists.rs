//! `list --graph`: the recipes and packages in a graph that was printed as JSON.

use crom_model::package_list::{MultiPackageList, PackageList};
use crom_model::reference::{PackageReference, RecipeReference};
use serde_json::Value;

use crate::packages::LOCAL_CACHE;
use crate::{ListRequest, OpsError};

/// What of the graph is chosen by `-gr`, `-gb` and `-gc`, by origin.
///
/// # Errors
/// JSON that isn't that of a graph.
pub(crate) fn package_lists(
    graph: &Value,
    request: &ListRequest,
) -> Result<MultiPackageList, OpsError> {
    let nodes = graph
        .pointer("/graph/nodes")
        .and_then(Value::as_object)
        .ok_or_else(|| OpsError::message("Graph file invalid: there are no nodes"))?;
    let mut cache = PackageList::default();
    let lower = |list: &[String]| {
        list.iter()
            .map(|item| item.to_lowercase())
            .collect::<Vec<_>>()
    };
    let (recipes, binaries) = (
        lower(&request.graph_recipes),
        lower(&request.graph_binaries),
    );
    let everything = recipes.is_empty() && binaries.is_empty();
    for node in nodes.values() {
        let text = |key: &str| node.get(key).and_then(Value::as_str);
        if !in_context(text("context"), request.graph_context.as_deref()) {
            continue;
        }
        let (Some(reference), Some(recipe)) = (text("ref"), text("recipe")) else {
            continue;
        };
        if ["Consumer", "Cli", "Platform"].contains(&recipe) {
            continue;
        }
        let mut reference = RecipeReference::loads(reference)
            .map_err(|error| OpsError::message(format!("Graph file invalid: {error}")))?;
        if reference.revision.is_none() {
            continue;
        }
        reference.timestamp = node.get("rrev_timestamp").and_then(Value::as_f64);
        let chosen = |list: &[String], value: &str| {
            list.iter()
                .any(|item| item == "*" || *item == value.to_lowercase())
        };
        if everything || chosen(&recipes, recipe) {
            cache.add_ref(&reference);
        }
        let (Some(id), Some(binary)) = (text("package_id"), text("binary")) else {
            continue;
        };
        let has_binary = text("prev").is_some();
        if has_binary && (everything || chosen(&binaries, binary)) {
            let mut package = PackageReference::new(reference.clone(), id);
            package.revision = text("prev").map(str::to_owned);
            package.timestamp = node.get("prev_timestamp").and_then(Value::as_f64);
            cache.add_ref(&reference);
            cache.add_pref(&package, node.get("info").cloned());
        }
    }
    let mut lists = MultiPackageList::default();
    lists.add(LOCAL_CACHE, cache);
    Ok(lists)
}

fn in_context(context: Option<&str>, wanted: Option<&str>) -> bool {
    match wanted {
        None => true,
        Some(wanted) => context == wanted.split('-').next(),
    }
}
