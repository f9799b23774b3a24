//! An index on disk: packages, their folders with recipes, and what lies in those.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crom_fs::FileKind;
use rayon::prelude::*;

use crate::source::{
    LiteralKind, Recipe, SourceText, Span, SyntaxError, YamlFile, YamlProblem, read_yaml,
};

/// The packages of an index and the versions that their `config.yml` list.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Versions by name, in the order of the file.
    pub packages: BTreeMap<String, Vec<String>>,
}

/// A file that may be absent or unreadable.
#[derive(Clone, Debug, Default)]
pub enum Loaded<T, P> {
    /// There's no such file.
    #[default]
    Missing,
    /// It isn't what its name says.
    Broken(SourceText, P),
    /// Its content.
    Read(T),
}

impl<T, P> Loaded<T, P> {
    /// The content, if it could be read.
    pub fn content(&self) -> Option<&T> {
        match self {
            Loaded::Read(content) => Some(content),
            _ => None,
        }
    }
}

/// A folder in `recipes/`.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Its name: that of the folder.
    pub name: String,
    /// Relative to the root of the index: `recipes/zlib`.
    pub path: String,
    /// `config.yml`.
    pub config: Loaded<YamlFile, YamlProblem>,
    /// What `config.yml` lists.
    pub versions: Vec<Listed>,
    /// The folders with a `conanfile.py`, and those that `config.yml` names.
    pub folders: Vec<Folder>,
    /// All files, relative to `path`.
    pub files: BTreeSet<String>,
    /// Files of text that aren't UTF-8, relative to the root of the index.
    pub not_text: Vec<String>,
}

/// A version in `config.yml`.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The version.
    pub version: String,
    /// Where it stands.
    pub at: Span,
    /// The folder, if it's given as a text.
    pub folder: Option<String>,
}

/// A folder with a recipe: `all`.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Its name, relative to the package.
    pub name: String,
    /// Relative to the root of the index: `recipes/zlib/all`.
    pub path: String,
    /// The versions that `config.yml` builds with it.
    pub versions: Vec<String>,
    /// `conandata.yml`.
    pub conandata: Loaded<YamlFile, YamlProblem>,
    /// `conanfile.py`.
    pub recipe: Loaded<Recipe, SyntaxError>,
    /// `test_package/conanfile.py` and those in other folders of its kind.
    pub tests: Vec<Loaded<Recipe, SyntaxError>>,
    /// All files, relative to `path`.
    pub files: BTreeSet<String>,
    /// `CMakeLists.txt` of the recipe and of its tests.
    pub cmake: Vec<SourceText>,
    /// Patches: path relative to `path`, and content.
    pub patches: BTreeMap<String, Vec<u8>>,
}

impl Folder {
    /// Whether it packages what the system has: version `system`, no sources.
    pub fn is_system(&self) -> bool {
        let listed = !self.versions.is_empty() && self.versions.iter().all(|it| it == "system");
        let own = self.recipe.content().and_then(|it| it.attribute("version"));
        listed || own.is_some_and(|it| it.value.kind == LiteralKind::Text("system".to_owned()))
    }

    /// The path of a file in it, relative to the root of the index.
    pub fn path_of(&self, file: &str) -> String {
        format!("{}/{file}", self.path)
    }
}

impl Package {
    /// All texts that were read.
    pub fn texts(&self) -> Vec<&SourceText> {
        let mut texts = Vec::new();
        match &self.config {
            Loaded::Read(file) => texts.push(&file.source),
            Loaded::Broken(text, _) => texts.push(text),
            Loaded::Missing => {}
        }
        for folder in &self.folders {
            match &folder.conandata {
                Loaded::Read(file) => texts.push(&file.source),
                Loaded::Broken(text, _) => texts.push(text),
                Loaded::Missing => {}
            }
            for recipe in std::iter::once(&folder.recipe).chain(&folder.tests) {
                match recipe {
                    Loaded::Read(recipe) => texts.push(&recipe.source),
                    Loaded::Broken(text, _) => texts.push(text),
                    Loaded::Missing => {}
                }
            }
            texts.extend(&folder.cmake);
        }
        texts
    }
}

/// The names of the packages of an index, sorted.
pub fn package_names(root: &Path) -> crom_fs::Result<Vec<String>> {
    let recipes = root.join("recipes");
    let mut names: Vec<String> = crom_fs::list(&recipes)?
        .into_iter()
        .filter(|name| !name.starts_with('.') && crom_fs::is_dir(recipes.join(name)))
        .collect();
    names.sort();
    Ok(names)
}

/// The versions of all packages of an index. Files that can't be read count as empty here: linting
/// them is what tells.
pub fn read_catalogue(root: &Path, names: &[String]) -> Catalogue {
    let packages = names
        .par_iter()
        .map(|name| {
            let mut not_text = Vec::new();
            let config = read_config(root, &format!("recipes/{name}"), &mut not_text);
            let versions = config.content().map(listed).unwrap_or_default();
            let versions = versions.into_iter().map(|it| it.version).collect();
            (name.clone(), versions)
        })
        .collect();
    Catalogue { packages }
}

/// Reads everything of a package that rules look at.
pub fn read_package(root: &Path, name: &str) -> crom_fs::Result<Package> {
    let path = format!("recipes/{name}");
    let mut package = Package {
        name: name.to_owned(),
        path: path.clone(),
        ..Package::default()
    };
    for entry in crom_fs::walk(root.join(&path))? {
        if entry.kind != FileKind::Dir {
            package.files.insert(entry.relative);
        }
    }
    package.config = read_config(root, &path, &mut package.not_text);
    package.versions = package.config.content().map(listed).unwrap_or_default();
    let folders: BTreeSet<String> = package
        .files
        .iter()
        .filter_map(|file| file.strip_suffix("/conanfile.py"))
        .filter(|folder| {
            folder
                .split_once('/')
                .is_none_or(|(_, below)| !is_test(below))
        })
        .map(str::to_owned)
        .chain(package.versions.iter().filter_map(|it| it.folder.clone()))
        .collect();
    for folder in folders {
        let folder = read_folder(root, &mut package, &folder);
        package.folders.push(folder);
    }
    Ok(package)
}

/// Whether a folder, relative to that of a recipe, is (in) one with a test.
fn is_test(folder: &str) -> bool {
    folder.split('/').any(|part| part.starts_with("test_"))
}

fn read_config(
    root: &Path,
    package: &str,
    not_text: &mut Vec<String>,
) -> Loaded<YamlFile, YamlProblem> {
    read_yaml_file(root, &format!("{package}/config.yml"), not_text)
}

fn listed(config: &YamlFile) -> Vec<Listed> {
    let versions = config.root.get("versions").and_then(|it| it.entries());
    versions
        .unwrap_or_default()
        .iter()
        .filter_map(|entry| {
            Some(Listed {
                version: entry.key.raw()?.to_owned(),
                at: entry.key.span,
                folder: entry
                    .value
                    .get("folder")
                    .and_then(|it| it.raw())
                    .map(str::to_owned),
            })
        })
        .collect()
}

fn read_folder(root: &Path, package: &mut Package, name: &str) -> Folder {
    let prefix = format!("{name}/");
    let path = format!("{}/{name}", package.path);
    let files: BTreeSet<String> = package
        .files
        .iter()
        .filter_map(|file| file.strip_prefix(&prefix))
        .map(str::to_owned)
        .collect();
    let of_folder = package
        .versions
        .iter()
        .filter(|it| it.folder.as_deref() == Some(name));
    let versions = of_folder.map(|it| it.version.clone()).collect();
    let not_text = &mut package.not_text;
    let conandata = read_yaml_file(root, &format!("{path}/conandata.yml"), not_text);
    let recipe = read_recipe(root, &format!("{path}/conanfile.py"), not_text);
    let mut tests = Vec::new();
    let mut cmake = Vec::new();
    let mut patches = BTreeMap::new();
    for file in &files {
        let full = format!("{path}/{file}");
        let (parent, stem) = file.rsplit_once('/').unwrap_or(("", file));
        if stem == "conanfile.py" && is_test(parent) {
            tests.push(read_recipe(root, &full, not_text));
        } else if stem == "CMakeLists.txt" && (parent.is_empty() || is_test(parent)) {
            cmake.extend(read_text(root, &full, not_text));
        } else if is_patch(file)
            && let Ok(content) = crom_fs::read(root.join(&full))
        {
            patches.insert(file.clone(), content);
        }
    }
    Folder {
        name: name.to_owned(),
        path,
        versions,
        conandata,
        recipe,
        tests,
        files,
        cmake,
        patches,
    }
}

/// Whether a file is one by its ending.
pub fn is_patch(file: &str) -> bool {
    let ending = Path::new(file).extension();
    ending.is_some_and(|it| it.eq_ignore_ascii_case("patch") || it.eq_ignore_ascii_case("diff"))
}

/// The text of a file; none when it isn't there. Bytes that aren't UTF-8 are replaced and noted.
fn read_text(root: &Path, path: &str, not_text: &mut Vec<String>) -> Option<SourceText> {
    let full: PathBuf = root.join(path);
    let bytes = crom_fs::read(full).ok()?;
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        not_text.push(path.to_owned());
        String::from_utf8_lossy(error.as_bytes()).into_owned()
    });
    Some(SourceText::new(path.to_owned(), text))
}

fn read_yaml_file(
    root: &Path,
    path: &str,
    not_text: &mut Vec<String>,
) -> Loaded<YamlFile, YamlProblem> {
    match read_text(root, path, not_text).map(read_yaml) {
        None => Loaded::Missing,
        Some(Ok(file)) => Loaded::Read(file),
        Some(Err((text, problem))) => Loaded::Broken(text, problem),
    }
}

fn read_recipe(root: &Path, path: &str, not_text: &mut Vec<String>) -> Loaded<Recipe, SyntaxError> {
    match read_text(root, path, not_text).map(Recipe::read) {
        None => Loaded::Missing,
        Some(Ok(recipe)) => Loaded::Read(recipe),
        Some(Err((text, problem))) => Loaded::Broken(text, problem),
    }
}
