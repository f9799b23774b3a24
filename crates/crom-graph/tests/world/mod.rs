//! A scenario's recipes and binaries.

use std::collections::HashMap;
use std::sync::Arc;

use crom_graph::{Catalog, CatalogError, FoundBinary, FoundRecipe, RecipeStatus, RootSpec};
use crom_model::conaninfo::{ConanInfo, ConanInfoText};
use crom_model::profile::{Profile, ProfileArgs, ProfileSource};
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::settings::SettingsDefinition;
use crom_recipe::fake::{FakeHost, FakeRecipe};
use crom_recipe::{GivenReference, RecipeFile};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// A file of `scenarios/`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    pub about: String,
    pub recipes: Vec<FakeRecipe>,
    pub editable: Vec<String>,
    pub root: Root,
    pub build: Vec<String>,
    /// More arguments of the command: `-o` values.
    pub args: Vec<String>,
    pub host_profile: String,
    pub build_profile: String,
    pub global_conf: String,
    pub expect: Value,
}

/// What the command was asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Root {
    pub requires: Vec<String>,
    pub tool_requires: Vec<String>,
    pub consumer: Option<FakeRecipe>,
    pub build_require: bool,
}

const SETTINGS: &str = r#"
os:
    Linux:
    Windows:
    Macos:
arch: [x86_64, armv8]
compiler:
    gcc:
        version: ["11", "12", "13"]
        libcxx: [libstdc++11]
        cppstd: [null, "11", "14", "17", gnu17, "20", gnu20]
        cstd: [null, "99", "11", "17"]
    msvc:
        version: ["193", "194"]
        runtime: [dynamic, static]
        runtime_type: [Debug, Release]
        cppstd: [null, "14", "17", "20"]
build_type: [null, Debug, Release]
"#;

const LINUX: &str = "[settings]\nos=Linux\narch=x86_64\ncompiler=gcc\ncompiler.version=12\n\
    compiler.libcxx=libstdc++11\ncompiler.cppstd=17\nbuild_type=Release\n";

pub fn settings_definition() -> Arc<SettingsDefinition> {
    Arc::new(SettingsDefinition::load(SETTINGS, "settings.yml", None).unwrap())
}

pub fn profile(text: &str, scenario: &Scenario) -> Profile {
    let text = if text.is_empty() { LINUX } else { text };
    let options = scenario
        .args
        .iter()
        .filter(|arg| *arg != "-o")
        .cloned()
        .collect();
    let args = ProfileArgs {
        options,
        ..ProfileArgs::default()
    };
    let mut loader = |_: &str, _: Option<&str>| {
        Ok(ProfileSource {
            path: String::from("profile"),
            text: text.to_owned(),
        })
    };
    Profile::from_args(&[String::from("profile")], &args, &mut loader).unwrap()
}

#[derive(Debug)]
pub struct World {
    pub host: FakeHost,
    files: IndexMap<String, RecipeFile>,
    revisions: HashMap<String, String>,
    binaries: HashMap<String, Vec<String>>,
    editable: Vec<String>,
    /// Remotes in order, with their recipes and binaries (`ref#rrev:id` to revision and time).
    pub remotes: Vec<(String, Remote)>,
}

/// A remote of a [`World`].
#[derive(Debug, Default)]
pub struct Remote {
    pub versions: Vec<String>,
    pub binaries: HashMap<String, (String, f64)>,
}

impl World {
    pub fn new(scenario: &Scenario) -> Self {
        let mut host = FakeHost::new();
        let mut files = IndexMap::new();
        for recipe in &scenario.recipes {
            let path = format!("/recipes/{}/conanfile.py", recipe.reference);
            files.insert(recipe.reference.clone(), host.add(path, recipe.clone()));
        }
        if let Some(consumer) = &scenario.root.consumer {
            host.add("/consumer/conanfile.py", consumer.clone());
        }
        let mut revisions: HashMap<String, String> = HashMap::new();
        if let Some(recorded) = scenario.expect["revisions"].as_object() {
            for (reference, revision) in recorded {
                revisions.insert(reference.clone(), revision.as_str().unwrap().to_owned());
            }
        }
        let mut binaries: HashMap<String, Vec<String>> = HashMap::new();
        for text in scenario.expect["binaries"].as_array().into_iter().flatten() {
            let package = PackageReference::loads(text.as_str().unwrap()).unwrap();
            let key = format!("{}:{}", package.reference.repr_notime(), package.package_id);
            binaries
                .entry(key)
                .or_default()
                .push(package.revision.unwrap());
        }
        Self {
            host,
            files,
            revisions,
            binaries,
            editable: scenario.editable.clone(),
            remotes: Vec::new(),
        }
    }

    pub fn root(&self, scenario: &Scenario) -> RootSpec {
        let refs = |texts: &[String]| -> Vec<RecipeReference> {
            texts
                .iter()
                .map(|text| RecipeReference::loads(text).unwrap())
                .collect()
        };
        if scenario.root.consumer.is_some() {
            let file = FakeHost::file("/consumer/conanfile.py");
            let mut root = RootSpec::consumer(file, "conanfile.py", GivenReference::default());
            root.build_require = scenario.root.build_require;
            return root;
        }
        RootSpec::cli(
            &refs(&scenario.root.requires),
            &refs(&scenario.root.tool_requires),
        )
    }
}

impl World {
    fn remote(&self, name: &str) -> &Remote {
        self.remotes
            .iter()
            .find(|(it, _)| it == name)
            .map(|(_, remote)| remote)
            .unwrap()
    }
}

impl Catalog for World {
    fn recipe(&self, reference: &RecipeReference) -> Result<FoundRecipe, CatalogError> {
        let name = reference.without_revision().to_string();
        let Some(file) = self.files.get(&name) else {
            return Err(CatalogError::NotFound(String::from("No remote defined")));
        };
        if self.editable.contains(&name) {
            return Ok(FoundRecipe {
                reference: reference.without_revision(),
                recipe: file.clone(),
                status: RecipeStatus::Editable,
                remote: None,
            });
        }
        let revision = self.revisions.get(&name).cloned().unwrap_or_default();
        Ok(FoundRecipe {
            reference: reference.with_revision(revision),
            recipe: file.clone(),
            status: RecipeStatus::Cache,
            remote: None,
        })
    }

    fn cached_versions(
        &self,
        search: &RecipeReference,
    ) -> Result<Vec<RecipeReference>, CatalogError> {
        let all = self
            .files
            .keys()
            .map(|text| RecipeReference::loads(text).unwrap());
        Ok(all.filter(|it| it.name == search.name).collect())
    }

    fn remotes(&self, _reference: &RecipeReference) -> Vec<String> {
        self.remotes.iter().map(|(name, _)| name.clone()).collect()
    }

    fn remote_versions(
        &self,
        remote: &str,
        search: &RecipeReference,
    ) -> Result<Vec<RecipeReference>, CatalogError> {
        let all = self.remote(remote).versions.iter();
        let all = all.map(|text| RecipeReference::loads(text).unwrap());
        Ok(all.filter(|it| it.name == search.name).collect())
    }

    fn cached_binary(
        &self,
        package: &PackageReference,
    ) -> Result<Option<FoundBinary>, CatalogError> {
        let key = format!("{}:{}", package.reference.repr_notime(), package.package_id);
        let found = self
            .binaries
            .get(&key)
            .and_then(|revisions| revisions.last());
        Ok(found.map(|revision| FoundBinary {
            revision: revision.clone(),
            timestamp: 1.0,
        }))
    }

    fn remote_binary(
        &self,
        remote: &str,
        package: &PackageReference,
        _info: &ConanInfo,
    ) -> Result<Option<FoundBinary>, CatalogError> {
        let key = format!("{}:{}", package.reference.repr_notime(), package.package_id);
        let found = self.remote(remote).binaries.get(&key);
        Ok(found.map(|(revision, timestamp)| FoundBinary {
            revision: revision.clone(),
            timestamp: *timestamp,
        }))
    }

    fn has_cached_revision(&self, _package: &PackageReference) -> Result<bool, CatalogError> {
        Ok(false)
    }

    fn remote_packages(
        &self,
        remote: &str,
        recipe: &RecipeReference,
    ) -> Result<Vec<(String, ConanInfoText)>, CatalogError> {
        let prefix = format!("{}:", recipe.repr_notime());
        let ids = self
            .remote(remote)
            .binaries
            .keys()
            .filter_map(|key| key.strip_prefix(&prefix));
        Ok(ids
            .map(|id| (id.to_owned(), ConanInfoText::default()))
            .collect())
    }

    fn cached_packages(
        &self,
        recipe: &RecipeReference,
    ) -> Result<Vec<(String, ConanInfoText)>, CatalogError> {
        let prefix = format!("{}:", recipe.repr_notime());
        let ids = self
            .binaries
            .keys()
            .filter_map(|key| key.strip_prefix(&prefix));
        Ok(ids
            .map(|id| (id.to_owned(), ConanInfoText::default()))
            .collect())
    }
}
