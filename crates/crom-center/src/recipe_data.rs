//! What the data files of a recipe say about one version: its folder, its sources, its patches.

use std::path::{Path, PathBuf};

use crom_model::yaml::{self, Mapping, Value};

use crate::CenterError;

/// The recipe of one version in a fork.
#[derive(Clone, Debug)]
pub(crate) struct RecipeData {
    /// The folder with `conanfile.py`.
    pub(crate) folder: PathBuf,
    /// Its name relative to the recipe's: `all`.
    pub(crate) folder_name: String,
    /// `conandata.yml`; empty where there is none.
    pub(crate) conandata: Mapping,
}

/// Something that a version downloads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Source {
    /// The address, or mirrors in their order.
    pub(crate) urls: Vec<String>,
    /// In lower case.
    pub(crate) sha256: Option<String>,
}

impl RecipeData {
    /// Reads the data of a version; none where the fork hasn't that version.
    ///
    /// # Errors
    /// A data file that isn't YAML.
    pub(crate) fn read(
        root: &Path,
        name: &str,
        version: &str,
    ) -> Result<Option<Self>, CenterError> {
        let recipe = root.join("recipes").join(name);
        let Some(config) = read_yaml(&recipe.join("config.yml"))? else {
            return Ok(None);
        };
        let versions = config.get("versions").and_then(Value::as_map);
        let entry = versions.and_then(|it| {
            let mut entries = it.iter();
            entries.find(|(key, _)| key.to_python_str() == version)
        });
        let Some(folder_name) = entry.and_then(|(_, it)| it.get("folder")?.as_str()) else {
            return Ok(None);
        };
        let folder = recipe.join(folder_name);
        let conandata = match read_yaml(&folder.join("conandata.yml"))? {
            Some(Value::Map(conandata)) => conandata,
            _ => Mapping::new(),
        };
        Ok(Some(Self {
            folder,
            folder_name: folder_name.to_owned(),
            conandata,
        }))
    }

    fn entry(&self, section: &str, version: &str) -> Option<&Value> {
        self.conandata.get(section)?.get(version)
    }

    /// What the version downloads, for all platforms.
    pub(crate) fn sources(&self, version: &str) -> Vec<Source> {
        let mut sources = Vec::new();
        if let Some(entry) = self.entry("sources", version) {
            collect(entry, &mut sources);
        }
        sources
    }

    /// The files of the version's patches, relative to the folder.
    pub(crate) fn patches(&self, version: &str) -> Vec<String> {
        let file = |it: &Value| Some(it.get("patch_file")?.as_str()?.to_owned());
        self.patch_entries(version)
            .iter()
            .filter_map(file)
            .collect()
    }

    /// The entries of the version's patches.
    pub(crate) fn patch_entries(&self, version: &str) -> &[Value] {
        let entry = self.entry("patches", version);
        entry.and_then(Value::as_list).unwrap_or_default()
    }
}

/// A YAML file; none where it isn't there.
///
/// # Errors
/// It can't be read, or isn't YAML.
pub(crate) fn read_yaml(path: &Path) -> Result<Option<Value>, CenterError> {
    match crom_fs::read_text(path) {
        Ok(text) => yaml::load(&text, &path.display().to_string())
            .map(Some)
            .map_err(|error| CenterError::message(error.to_string())),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The sources below an entry: it is one, or a list of them, or a mapping of names or platforms.
fn collect(entry: &Value, sources: &mut Vec<Source>) {
    match entry {
        Value::List(items) => items.iter().for_each(|it| collect(it, sources)),
        Value::Map(fields) => {
            let urls = match entry.get("url") {
                Some(Value::String(url)) => vec![url.clone()],
                Some(Value::List(mirrors)) => {
                    let texts = mirrors.iter().filter_map(Value::as_str);
                    texts.map(str::to_owned).collect()
                }
                _ => Vec::new(),
            };
            if urls.is_empty() {
                fields.values().for_each(|it| collect(it, sources));
                return;
            }
            let sha256 = entry.get("sha256").and_then(Value::as_str);
            sources.push(Source {
                urls,
                sha256: sha256.map(str::to_ascii_lowercase),
            });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_of_all_forms() {
        let text = "one: {url: a, sha256: AB}\nmany: [{url: [b, c]}, {url: d}]\n\
                    platforms: {Linux: {x86: {url: e, sha256: cd}}, Macos: [{url: f}]}\n";
        let mut sources = Vec::new();
        collect(&yaml::load(text, "").unwrap(), &mut sources);
        let urls: Vec<String> = sources.iter().map(|it| it.urls.join("+")).collect();
        assert_eq!(urls, ["a", "b+c", "d", "e", "f"]);
        assert_eq!(sources[0].sha256.as_deref(), Some("ab"));
    }
}
