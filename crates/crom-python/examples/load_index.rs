//! Loads and inspects every recipe of a recipe index, and says how long it took and what failed.
//!
//! ```text
//! cargo run -p crom-python --example load_index -- path/to/index/recipes [filter]
//! ```
//!
//! Recipes of Conan 1 (`conans` is imported) are left out.
#![expect(clippy::print_stdout, reason = "an example reports on the terminal")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crom_model::conf::Conf;
use crom_model::reporter::Silent;
use crom_python::{HostConfig, PythonHost};
use crom_recipe::{GivenReference, InspectInput, RecipeFile, RecipeHost, RecipeSource};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let root = PathBuf::from(arguments.next().unwrap_or_else(|| "recipes".to_owned()));
    let filter = arguments.next().unwrap_or_default();
    let config = HostConfig {
        reporter: Arc::new(Silent),
        bytecode_cache: std::env::var_os("CROM_BYTECODE").map(PathBuf::from),
        home: PathBuf::new(),
        global_conf: Arc::new(Conf::new()),
    };
    let host = PythonHost::new(config);
    let recipes: Vec<PathBuf> =
        conanfiles(&root).into_iter().filter(|it| it.to_string_lossy().contains(&filter)).collect();
    let start = Instant::now();
    let mut failures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut first = None;
    for path in &recipes {
        if let Err(error) = inspect(&host, path) {
            let text = error.to_string();
            let line = text.lines().last().unwrap_or_default().to_owned();
            let name = path.strip_prefix(&root).unwrap_or(path).display().to_string();
            failures.entry(line).or_default().push(name);
        }
        first.get_or_insert_with(|| start.elapsed());
    }
    let elapsed = start.elapsed();
    let failed: usize = failures.values().map(Vec::len).sum();
    for (text, names) in &failures {
        println!("{:5} {text}\n        {}", names.len(), names[..names.len().min(5)].join(" "));
    }
    println!("{} recipes, {failed} failed, {elapsed:.2?}, first after {first:.2?}", recipes.len());
}

fn inspect(host: &PythonHost, path: &Path) -> Result<(), crom_recipe::RecipeError> {
    let folder = path.parent().unwrap_or(path).to_owned();
    let recipe = RecipeFile { source: RecipeSource::Python(path.to_owned()), folder, digest: None };
    let given = GivenReference { version: Some("1.0".to_owned()), ..GivenReference::default() };
    host.inspect(&Arc::new(InspectInput { recipe, given, python_requires: Vec::new() }))?;
    Ok(())
}

/// `*/*/conanfile.py`
fn conanfiles(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in crom_fs::list(root).unwrap_or_default() {
        for version in crom_fs::list(root.join(&name)).unwrap_or_default() {
            let path = root.join(&name).join(&version).join("conanfile.py");
            let Ok(text) = crom_fs::read_text(&path) else { continue };
            let old = |line: &str| line.starts_with("from conans") || line.starts_with("import conans");
            if !text.lines().any(|line| old(line.trim_start())) {
                found.push(path);
            }
        }
    }
    found
}
