//! `remotes.json`: where packages come from.

use std::path::Path;

use crom_model::conf::fnmatch;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::error::{Result, StoreError};
use crate::home::Home;
use crate::optional_file::read_json_if_exists;

/// The kind of a remote that is a folder of recipes.
pub const LOCAL_RECIPES_INDEX: &str = "local-recipes-index";

/// One remote as it is configured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RemoteConfig {
    /// Its name in this home.
    pub name: String,
    /// A URL, or the absolute path of a folder.
    pub url: String,
    /// Check certificates.
    pub verify_ssl: bool,
    /// Left out of all operations.
    pub disabled: bool,
    /// Patterns of references that may come from here; none: all.
    pub allowed_packages: Option<Vec<String>>,
    /// `local-recipes-index`, or none for a server.
    pub remote_type: Option<String>,
    /// No binaries are looked for here.
    pub recipes_only: bool,
    /// Credentials are sent without being asked for.
    pub force_auth: bool,
}

impl RemoteConfig {
    /// An enabled server.
    pub fn new(name: &str, url: &str) -> Self {
        Self {
            name: name.to_owned(),
            url: url.to_owned(),
            verify_ssl: true,
            disabled: false,
            allowed_packages: None,
            remote_type: None,
            recipes_only: false,
            force_auth: false,
        }
    }

    /// True for a folder of recipes.
    pub fn is_local_recipes_index(&self) -> bool {
        self.remote_type.as_deref() == Some(LOCAL_RECIPES_INDEX)
    }

    /// As `remote list` prints it.
    pub fn describe(&self) -> String {
        let enabled = python_bool(!self.disabled);
        let mut text = if let Some(kind) = &self.remote_type {
            format!("{}: {} [{kind}, Enabled: {enabled}", self.name, self.url)
        } else {
            format!(
                "{}: {} [Verify SSL: {}, Enabled: {enabled}",
                self.name,
                self.url,
                python_bool(self.verify_ssl)
            )
        };
        if let Some(patterns) = self
            .allowed_packages
            .as_ref()
            .filter(|list| !list.is_empty())
        {
            text.push_str(&format!(", Allowed packages: {}", patterns.join(", ")));
        }
        if self.recipes_only {
            text.push_str(", Recipes only");
        }
        if self.force_auth {
            text.push_str(", Forced authentication");
        }
        text.push(']');
        text
    }

    fn from_json(value: &Json) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Json::as_str).map(str::to_owned);
        let flag = |key: &str| value.get(key).and_then(Json::as_bool);
        Some(Self {
            name: text("name")?,
            // A remote without an address fails when it is asked.
            url: match value.get("url")? {
                Json::Null => String::new(),
                _ => text("url")?,
            },
            verify_ssl: flag("verify_ssl").unwrap_or(true),
            disabled: flag("disabled").unwrap_or(false),
            allowed_packages: value
                .get("allowed_packages")
                .and_then(Json::as_array)
                .map(|list| {
                    list.iter()
                        .filter_map(Json::as_str)
                        .map(str::to_owned)
                        .collect()
                }),
            remote_type: text("remote_type"),
            recipes_only: flag("recipes_only").unwrap_or(false),
            force_auth: flag("force_auth").unwrap_or(false),
        })
    }

    fn to_json(&self) -> Json {
        let mut object = Map::new();
        object.insert("name".into(), json!(self.name));
        object.insert("url".into(), json!(self.url));
        object.insert("verify_ssl".into(), json!(self.verify_ssl));
        if self.disabled {
            object.insert("disabled".into(), json!(true));
        }
        if let Some(patterns) = &self.allowed_packages {
            object.insert("allowed_packages".into(), json!(patterns));
        }
        if let Some(kind) = &self.remote_type {
            object.insert("remote_type".into(), json!(kind));
        }
        if self.recipes_only {
            object.insert("recipes_only".into(), json!(true));
        }
        if self.force_auth {
            object.insert("force_auth".into(), json!(true));
        }
        Json::Object(object)
    }
}

fn python_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// The remotes of a home, in the order in which they are asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Remotes {
    /// In order.
    pub list: Vec<RemoteConfig>,
}

impl Default for Remotes {
    fn default() -> Self {
        Self {
            list: vec![RemoteConfig::new("conancenter", "https://center2.conan.io")],
        }
    }
}

impl Remotes {
    /// Reads `remotes.json`; a home without it has only `conancenter`. Nothing is written.
    ///
    /// # Errors
    /// When the file isn't what Conan writes.
    pub fn load(home: &Home) -> Result<Self> {
        let path = home.remotes_file();
        let Some(json) = read_json_if_exists(&path)? else {
            return Ok(Self::default());
        };
        let list = json
            .get("remotes")
            .and_then(Json::as_array)
            .and_then(|items| items.iter().map(RemoteConfig::from_json).collect())
            .ok_or_else(|| StoreError::Json {
                path,
                message: "expected {\"remotes\": [{\"name\", \"url\"}]}".to_owned(),
            })?;
        Ok(Self { list })
    }

    /// Writes `remotes.json`: indented by one space and without a final newline, as Conan does.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn save(&self, home: &Home) -> Result<()> {
        let items: Vec<_> = self.list.iter().map(RemoteConfig::to_json).collect();
        crom_fs::create_dir_all(home.root())?;
        crom_fs::write_atomic(
            home.remotes_file(),
            one_space_json(&json!({ "remotes": items })),
        )?;
        Ok(())
    }

    /// The enabled remotes that `-r` patterns choose, in the order of the patterns; all enabled ones
    /// without patterns.
    ///
    /// # Errors
    /// A pattern without `*` that names no enabled remote.
    pub fn select(&self, patterns: &[String]) -> Result<Vec<RemoteConfig>> {
        let enabled: Vec<_> = self.list.iter().filter(|remote| !remote.disabled).collect();
        if patterns.is_empty() {
            return Ok(enabled.into_iter().cloned().collect());
        }
        matching(&enabled, patterns)
    }

    /// The same, of all remotes: users may log in where they don't look for packages.
    ///
    /// # Errors
    /// A pattern without `*` that names no remote.
    pub fn select_any(&self, patterns: &[String]) -> Result<Vec<RemoteConfig>> {
        matching(&self.list.iter().collect::<Vec<_>>(), patterns)
    }

    /// The remote with this name, enabled or not.
    ///
    /// # Errors
    /// There is none.
    pub fn get(&self, name: &str) -> Result<&RemoteConfig> {
        self.list
            .iter()
            .find(|remote| remote.name == name)
            .ok_or_else(|| unknown(name))
    }

    /// The remote with this name, to be used.
    ///
    /// # Errors
    /// There is none, or it is disabled.
    pub fn get_enabled(&self, name: &str) -> Result<RemoteConfig> {
        let remote = self.get(name)?;
        if remote.disabled {
            return Err(StoreError::Remote(format!("Remote '{name}' is disabled")));
        }
        Ok(remote.clone())
    }

    /// `remote add`: at the end or at `index`. A URL that is a folder here becomes an absolute path
    /// and, without an explicit kind, a local-recipes-index. With `force` an existing remote of this
    /// name is replaced where it stands, and another one may have the same URL. Returns warnings.
    ///
    /// # Errors
    /// The name or the URL is there already.
    pub fn add(
        &mut self,
        mut remote: RemoteConfig,
        index: Option<usize>,
        force: bool,
        cwd: &Path,
    ) -> Result<Vec<String>> {
        let mut warnings = Vec::new();
        let folder = cwd.join(&remote.url);
        if !remote.url.contains("://") {
            if crom_fs::is_dir(&folder) {
                remote.url = crom_fs::absolute(&folder)?.display().to_string();
                remote
                    .remote_type
                    .get_or_insert_with(|| LOCAL_RECIPES_INDEX.to_owned());
            } else {
                warnings.push(format!(
                    "The URL '{}' is invalid. It must contain scheme and hostname.",
                    remote.url
                ));
            }
        }
        let same_name = self.list.iter().position(|known| known.name == remote.name);
        if same_name.is_some() {
            if !force {
                return Err(StoreError::Remote(format!(
                    "Remote '{}' already exists in remotes (use --force to continue)",
                    remote.name
                )));
            }
            warnings.push(format!(
                "Remote '{}' already exists in remotes",
                remote.name
            ));
        }
        let same_url = self
            .list
            .iter()
            .find(|known| known.url == remote.url && known.name != remote.name);
        if let Some(known) = same_url {
            let text = format!(
                "Remote url already existing in remote '{}'. Having different remotes with same URL is not recommended.",
                known.name
            );
            if !force {
                return Err(StoreError::Remote(format!(
                    "{text} Use '--force' to override."
                )));
            }
            warnings.push(format!(
                "{text} Adding duplicated remote url because '--force'."
            ));
        }
        if let Some(at) = same_name {
            warnings.push("Updating existing remote with new url".to_owned());
            self.list.remove(at);
        }
        let index = index
            .or(same_name)
            .unwrap_or(self.list.len())
            .min(self.list.len());
        self.list.insert(index, remote);
        Ok(warnings)
    }

    /// `remote update`: `change` edits the remote, which then moves to `index` if there is one.
    ///
    /// # Errors
    /// There is no remote of this name.
    pub fn update(
        &mut self,
        name: &str,
        index: Option<usize>,
        change: impl FnOnce(&mut RemoteConfig),
    ) -> Result<()> {
        let Some(at) = self.list.iter().position(|remote| remote.name == name) else {
            return Err(unknown(name));
        };
        change(&mut self.list[at]);
        if let Some(index) = index {
            let remote = self.list.remove(at);
            self.list.insert(index.min(self.list.len()), remote);
        }
        Ok(())
    }

    /// `remote remove`: all that match the pattern. Returns those removed.
    ///
    /// # Errors
    /// A name without wildcard that isn't there.
    pub fn remove(&mut self, pattern: &str) -> Result<Vec<RemoteConfig>> {
        let (gone, kept): (Vec<_>, Vec<_>) = self
            .list
            .drain(..)
            .partition(|remote| fnmatch(pattern, &remote.name));
        self.list = kept;
        if gone.is_empty() && !has_wildcard(pattern) {
            return Err(not_found(pattern));
        }
        Ok(gone)
    }

    /// `remote rename`
    ///
    /// # Errors
    /// The old name isn't there, or the new one is.
    pub fn rename(&mut self, name: &str, new_name: &str) -> Result<()> {
        self.get(name)?;
        if self.list.iter().any(|known| known.name == new_name) {
            return Err(StoreError::Remote(format!(
                "Remote '{new_name}' already exists"
            )));
        }
        if let Some(remote) = self.list.iter_mut().find(|remote| remote.name == name) {
            remote.name = new_name.to_owned();
        }
        Ok(())
    }

    /// `remote enable` and `remote disable`: all that match. Returns them.
    ///
    /// # Errors
    /// A name without wildcard that isn't there.
    pub fn set_disabled(&mut self, pattern: &str, disabled: bool) -> Result<Vec<RemoteConfig>> {
        let mut changed = Vec::new();
        for remote in &mut self.list {
            if fnmatch(pattern, &remote.name) {
                remote.disabled = disabled;
                changed.push(remote.clone());
            }
        }
        if changed.is_empty() && !has_wildcard(pattern) {
            return Err(not_found(pattern));
        }
        Ok(changed)
    }
}

/// Those that a list of patterns chooses, in the order of the patterns.
fn matching(remotes: &[&RemoteConfig], patterns: &[String]) -> Result<Vec<RemoteConfig>> {
    let mut found: Vec<RemoteConfig> = Vec::new();
    for pattern in patterns {
        let mut any = false;
        for remote in remotes
            .iter()
            .filter(|remote| fnmatch(pattern, &remote.name))
        {
            any = true;
            if !found.iter().any(|known| known.name == remote.name) {
                found.push((*remote).clone());
            }
        }
        if !any {
            return Err(if has_wildcard(pattern) {
                StoreError::Remote(format!(
                    "Remotes for pattern '{pattern}' can't be found or are disabled"
                ))
            } else {
                not_found(pattern)
            });
        }
    }
    Ok(found)
}

fn has_wildcard(pattern: &str) -> bool {
    pattern.contains(['*', '?', '['])
}

fn not_found(name: &str) -> StoreError {
    StoreError::Remote(format!("Remote '{name}' can't be found or is disabled"))
}

fn unknown(name: &str) -> StoreError {
    StoreError::Remote(format!("Remote '{name}' doesn't exist"))
}

/// JSON indented by one space, as `json.dumps(indent=1)`.
fn one_space_json(value: &Json) -> String {
    let mut buffer = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut buffer, formatter);
    // Writing JSON of JSON into memory can't fail.
    let _ = value.serialize(&mut serializer);
    String::from_utf8_lossy(&buffer).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_written_as_the_reference_writes_it() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let mut remotes = Remotes::load(&home).unwrap();
        assert!(!home.remotes_file().exists());
        remotes.set_disabled("conancenter", true).unwrap();
        let recipes = folder.path().join("cci");
        crom_fs::create_dir_all(&recipes).unwrap();
        remotes
            .add(
                RemoteConfig::new("local", "cci"),
                None,
                false,
                folder.path(),
            )
            .unwrap();
        remotes.save(&home).unwrap();
        let expected = r#"{
 "remotes": [
  {
   "name": "conancenter",
   "url": "https://center2.conan.io",
   "verify_ssl": true,
   "disabled": true
  },
  {
   "name": "local",
   "url": "CCI",
   "verify_ssl": true,
   "remote_type": "local-recipes-index"
  }
 ]
}"#
        .replace("CCI", &recipes.display().to_string());
        assert_eq!(crom_fs::read_text(home.remotes_file()).unwrap(), expected);
        assert_eq!(Remotes::load(&home).unwrap(), remotes);
        assert_eq!(
            remotes
                .list
                .iter()
                .map(RemoteConfig::describe)
                .collect::<Vec<_>>(),
            [
                "conancenter: https://center2.conan.io [Verify SSL: True, Enabled: False]"
                    .to_owned(),
                format!(
                    "local: {} [local-recipes-index, Enabled: True]",
                    recipes.display()
                ),
            ]
        );
    }

    #[test]
    fn patterns_choose_enabled_remotes() {
        let mut remotes = Remotes::default();
        for name in ["a1", "a2", "b"] {
            let remote = RemoteConfig::new(name, &format!("https://{name}"));
            remotes.add(remote, Some(0), false, Path::new("/")).unwrap();
        }
        remotes.set_disabled("a2", true).unwrap();
        let names = |patterns: &[&str]| {
            let patterns: Vec<_> = patterns.iter().map(|p| (*p).to_owned()).collect();
            remotes
                .select(&patterns)
                .map(|list| {
                    list.into_iter()
                        .map(|remote| remote.name)
                        .collect::<Vec<_>>()
                })
                .map_err(|error| error.to_string())
        };
        assert_eq!(names(&[]).unwrap(), ["b", "a1", "conancenter"]);
        assert_eq!(names(&["c*", "a*"]).unwrap(), ["conancenter", "a1"]);
        assert_eq!(
            names(&["a2"]).unwrap_err(),
            "Remote 'a2' can't be found or is disabled"
        );
        let again = RemoteConfig::new("b", "https://a1");
        let error = remotes
            .add(again.clone(), None, false, Path::new("/"))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "Remote 'b' already exists in remotes (use --force to continue)"
        );
        let warnings = remotes.add(again, None, true, Path::new("/")).unwrap();
        assert_eq!(warnings.len(), 3, "{warnings:?}");
        assert_eq!(remotes.list[0].url, "https://a1");
        assert!(remotes.remove("n*").unwrap().is_empty());
        assert_eq!(
            remotes.remove("nope").unwrap_err().to_string(),
            "Remote 'nope' can't be found or is disabled"
        );
        remotes
            .update("b", Some(9), |remote| remote.verify_ssl = false)
            .unwrap();
        assert_eq!(
            remotes.list.last().map(RemoteConfig::describe).unwrap(),
            "b: https://a1 [Verify SSL: False, Enabled: True]"
        );
        let error = remotes.update("nope", None, |_| ()).unwrap_err();
        assert_eq!(error.to_string(), "Remote 'nope' doesn't exist");
        assert_eq!(
            remotes.rename("b", "a1").unwrap_err().to_string(),
            "Remote 'a1' already exists"
        );
    }
}
