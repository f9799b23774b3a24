//! A list that `upload --dry-run --format=json` printed: everything in it is decided and packed.

use std::path::{Path, PathBuf};

use crom_model::package_list::{MultiPackageList, PackageList};
use serde_json::{Map, Value};

use super::plan::{Item, PackageItem, Plan, PreparedFile, RecipeItem};
use crate::OpsError;
use crate::packages::LOCAL_CACHE;

/// The plan in the lists of a file; none where they are those of a cache.
///
/// # Errors
/// They were prepared for another remote, or only in part.
pub(super) fn plan(
    lists: &MultiPackageList,
    file: &Path,
    remote: &str,
    only_recipe: bool,
) -> Result<Option<Plan>, OpsError> {
    if lists.lists.contains_key(LOCAL_CACHE) {
        return Ok(None);
    }
    let Ok(list) = lists.get(remote) else {
        return match lists.lists.keys().next() {
            Some(other) => Err(OpsError::message(format!(
                "The package list '{}' has entries for the remote '{other}', but '{remote}' is the one being uploaded to.\n\
                 What has to be uploaded is decided against one specific remote, so prepare the list for '{remote}', or upload it to '{other}'",
                file.display()
            ))),
            None => Ok(None),
        };
    };
    let mut list = list.clone();
    if only_recipe {
        list.only_recipes();
    }
    let mut recipes = Vec::new();
    let mut unprepared = Vec::new();
    for reference in refs(&list)? {
        let entry = list.recipe_dict(&reference);
        let item = entry.and_then(item);
        let packages: Option<Vec<PackageItem>> = list
            .prefs(&reference)
            .into_iter()
            .map(|(reference, _)| {
                let item = item_of(list.package_dict(&reference))?;
                Some(PackageItem { reference, item })
            })
            .collect();
        match (item, packages) {
            (Some(item), Some(packages)) => recipes.push(RecipeItem {
                reference,
                item,
                packages,
            }),
            _ => unprepared.push(reference.without_revision().to_string()),
        }
    }
    if unprepared.is_empty() {
        return Ok(Some(Plan::new(recipes, list)));
    }
    Err(OpsError::message(format!(
        "The package list '{}' has entries for the remote '{remote}', so it is expected to be fully prepared, but these are not: {}\n\
         A half prepared list is not supported: either prepare it all with 'conan upload --dry-run', or pass a plain 'conan list' one to prepare and upload in one go",
        file.display(),
        unprepared.join(", ")
    )))
}

fn refs(list: &PackageList) -> Result<Vec<crom_model::reference::RecipeReference>, OpsError> {
    list.refs()
        .map_err(|error| OpsError::message(error.to_string()))
}

fn item_of(entry: Option<&Map<String, Value>>) -> Option<Item> {
    item(entry?)
}

/// None where the entry doesn't say what to do, or what is to be sent isn't there.
fn item(entry: &Map<String, Value>) -> Option<Item> {
    let upload = entry.get("upload")?.as_bool()?;
    let forced = entry.get("force_upload").and_then(Value::as_bool);
    let mut files = Vec::new();
    match entry.get("files").and_then(Value::as_object) {
        None if upload => return None,
        None => {}
        Some(listed) => {
            let sums = entry.get("upload-urls")?.as_object()?;
            for (name, path) in listed {
                let path = PathBuf::from(path.as_str()?);
                let size = crom_fs::metadata(&path).ok()?.len();
                let sha1 = sums.get(name)?.get("checksum")?.as_str()?.to_owned();
                files.push(PreparedFile {
                    name: name.clone(),
                    path,
                    size,
                    sha1,
                });
            }
        }
    }
    Some(Item {
        upload,
        forced: forced.unwrap_or(false),
        files,
    })
}
