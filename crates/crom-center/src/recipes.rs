//! What the fork has recipes for.

use std::path::Path;

use crom_model::reference::RecipeReference;
use crom_model::yaml;

use crate::CenterError;
use crate::list::CenterFile;

/// A reference as `packages` lists it, for which the fork at `root` has a recipe.
///
/// # Errors
/// It is no reference, or the fork has no recipe or no version for it.
pub fn parse_listed(root: &Path, text: &str) -> Result<RecipeReference, CenterError> {
    // The list's own rules; the place in it means nothing here.
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    let list = CenterFile::parse(&format!("packages: [\"{quoted}\"]"), "")
        .map_err(|error| CenterError::message(error.problem))?;
    let Some(package) = list.packages.into_iter().next() else {
        return Err(CenterError::message(format!("'{text}' is no reference")));
    };
    let reference = package.reference;
    let versions = versions(root, &reference.name)?;
    let has = match reference.version_range() {
        Some(Ok(range)) => versions
            .iter()
            .any(|version| range.contains(&version.as_str().into(), None)),
        _ => versions.iter().any(|it| it == reference.version.as_str()),
    };
    if has {
        return Ok(reference);
    }
    let mut newest = versions;
    newest.truncate(8);
    Err(CenterError::message(format!(
        "the fork's recipe of '{}' has no version for '{text}'",
        reference.name
    ))
    .with_hint(format!("it has {}", newest.join(", "))))
}

/// The versions in the `config.yml` of a recipe, in the order of the file.
fn versions(root: &Path, name: &str) -> Result<Vec<String>, CenterError> {
    let path = root.join("recipes").join(name).join("config.yml");
    let text = match crom_fs::read_text(&path) {
        Ok(text) => text,
        Err(error) if error.is_not_found() => {
            return Err(CenterError::message(format!(
                "the fork has no recipe for '{name}': there is no '{}'",
                path.display()
            )));
        }
        Err(error) => return Err(error.into()),
    };
    let config = yaml::load(&text, &path.display().to_string())
        .map_err(|error| CenterError::message(error.to_string()))?;
    Ok(config
        .get("versions")
        .and_then(yaml::Value::as_map)
        .map(|versions| versions.keys().map(yaml::Value::to_python_str).collect())
        .unwrap_or_default())
}
