//! Every recipe of a checkout of conan-center-index can be loaded. Runs where `CROM_CCI` names the
//! checkout.
#![allow(clippy::print_stderr, reason = "a test says that it was skipped")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crom_model::conf::Conf;
use crom_model::reporter::Silent;
use crom_python::{HostConfig, PythonHost};
use crom_recipe::{GivenReference, InspectInput, RecipeFile, RecipeHost, RecipeSource};

#[test]
fn all_recipes_load() {
    let Some(root) = std::env::var_os("CROM_CCI").map(PathBuf::from) else {
        eprintln!("not run: CROM_CCI names no checkout of conan-center-index");
        return;
    };
    let root = root.join("recipes");
    let host = PythonHost::new(HostConfig {
        reporter: Arc::new(Silent),
        bytecode_cache: None,
        home: PathBuf::new(),
        global_conf: Arc::new(Conf::new()),
    });
    let mut seen = 0;
    let mut failed = Vec::new();
    for path in conanfiles(&root) {
        let folder = path.parent().unwrap().to_owned();
        let recipe = RecipeFile {
            source: RecipeSource::Python(path),
            folder,
            digest: None,
        };
        let given = GivenReference::default();
        let input = InspectInput {
            recipe,
            given,
            python_requires: Vec::new(),
        };
        seen += 1;
        if let Err(error) = host.inspect(&Arc::new(input)) {
            failed.push(error.to_string());
        }
    }
    assert!(seen > 0, "no recipes in {}", root.display());
    assert!(
        failed.is_empty(),
        "{} of {seen} failed:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// `*/*/conanfile.py`, without those for Conan 1.
fn conanfiles(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in crom_fs::list(root).unwrap() {
        for version in crom_fs::list(root.join(&name)).unwrap_or_default() {
            let path = root.join(&name).join(&version).join("conanfile.py");
            let text = crom_fs::read_text(&path).unwrap_or_default();
            let old = text
                .lines()
                .map(str::trim_start)
                .any(|line| line.starts_with("from conans") || line.starts_with("import conans"));
            if !text.is_empty() && !old {
                found.push(path);
            }
        }
    }
    found
}
