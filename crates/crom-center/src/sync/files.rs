//! The files of a recipe that the versions in use need, with data files trimmed to those versions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crom_fs::FileKind;
use crom_model::yaml::{self, Mapping, Value};

use crate::CenterError;
use crate::recipe_data::{RecipeData, read_yaml};

/// Contents by path relative to the root of the index.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// What the versions of a recipe use: `config.yml` and `conandata.yml` without entries of other versions,
/// and the files of their folders without patches of others.
pub(super) fn used(
    root: &Path,
    name: &str,
    versions: &BTreeSet<String>,
) -> Result<Files, CenterError> {
    let mut files = Files::new();
    let recipe = format!("recipes/{name}");
    if let Some(config) = read_yaml(&root.join(&recipe).join("config.yml"))? {
        let trimmed = trim(&config, versions);
        files.insert(format!("{recipe}/config.yml"), trimmed.into_bytes());
    }
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    for version in versions {
        if let Some(data) = RecipeData::read(root, name, version)? {
            let folder = folders.entry(data.folder_name.clone()).or_default();
            folder
                .patches
                .extend(data.patches(version).iter().map(|it| simple(it)));
            folder.versions.insert(version.clone());
            folder.conandata = data.conandata;
        }
    }
    for (folder_name, folder) in folders {
        let path = format!("{recipe}/{folder_name}");
        for entry in crom_fs::walk(root.join(&path))? {
            let relative = entry.relative;
            if entry.kind == FileKind::Dir || !folder.uses(&relative) {
                continue;
            }
            let content = match relative.as_str() {
                "conandata.yml" => {
                    let data = Value::Map(folder.conandata.clone());
                    trim(&data, &folder.versions).into_bytes()
                }
                _ => crom_fs::read(&entry.path)?,
            };
            files.insert(format!("{path}/{relative}"), content);
        }
    }
    Ok(files)
}

/// A folder with a recipe.
#[derive(Default)]
struct Folder {
    versions: BTreeSet<String>,
    patches: BTreeSet<String>,
    conandata: Mapping,
}

impl Folder {
    /// Whether a file matters: all but patches of other versions, and tests for Conan 1.
    fn uses(&self, file: &str) -> bool {
        if file.starts_with("patches/") {
            return self.patches.contains(file);
        }
        !file.starts_with("test_v1_")
    }
}

fn simple(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .filter(|it| !matches!(*it, "" | "."))
        .collect();
    parts.join("/")
}

/// A data file written anew with the entries of these versions only. Sections that aren't by version stay.
fn trim(data: &Value, versions: &BTreeSet<String>) -> String {
    let Value::Map(sections) = data else {
        return yaml::dump(data);
    };
    let mut trimmed = Mapping::new();
    for (section, value) in sections {
        let kept = match value {
            Value::Map(entries) => {
                let of_versions = |key: &Value| versions.contains(&key.to_python_str());
                let by_version =
                    matches!(section.as_str(), Some("versions" | "sources" | "patches"))
                        || entries.keys().any(of_versions);
                let used = entries
                    .iter()
                    .filter(|(key, _)| !by_version || of_versions(key));
                Value::Map(used.map(|(key, it)| (key.clone(), it.clone())).collect())
            }
            other => other.clone(),
        };
        if !matches!(&kept, Value::Map(entries) if entries.is_empty()) {
            trimmed.insert(section.clone(), kept);
        }
    }
    yaml::dump(&Value::Map(trimmed))
}

/// The versions of a recipe in the order of `config.yml`.
pub(super) fn versions(root: &Path, name: &str) -> Result<Vec<String>, CenterError> {
    let config = read_yaml(&root.join("recipes").join(name).join("config.yml"))?;
    let versions = config.as_ref().and_then(|it| it.get("versions")?.as_map());
    Ok(versions
        .map(|it| it.keys().map(Value::to_python_str).collect())
        .unwrap_or_default())
}
