//! `cache check-integrity`: files against manifests.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crom_model::manifest::Manifest;
use crom_model::package_list::PackageList;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::reporter::Reporter;
use rayon::prelude::*;

use super::Cache;
use crate::error::{Result, StoreError};

/// A file that isn't what the manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMismatch {
    /// As in the manifest.
    pub path: String,
    /// The md5 in the manifest; none for a file that shouldn't be there.
    pub manifest: Option<String>,
    /// The md5 of the file; none for a missing one.
    pub file: Option<String>,
}

/// The verdict on one recipe or package revision.
#[derive(Clone, Debug, PartialEq)]
pub struct IntegrityItem {
    /// Of the recipe, with revision.
    pub reference: RecipeReference,
    /// For a package, with revision.
    pub package: Option<PackageReference>,
    /// The folder that was checked.
    pub folder: PathBuf,
    /// Differences; empty when all is well.
    pub mismatches: Vec<FileMismatch>,
    /// Why it couldn't be checked: a missing folder or manifest.
    pub problem: Option<String>,
}

impl IntegrityItem {
    /// True when nothing is wrong.
    pub fn is_ok(&self) -> bool {
        self.mismatches.is_empty() && self.problem.is_none()
    }

    /// `name/version#rrev[:package_id#prev]`
    pub fn scope(&self) -> String {
        match &self.package {
            Some(package) => package.repr_notime(),
            None => self.reference.repr_notime(),
        }
    }

    /// What is said of it: `Integrity check: ok`, or the differences on lines of their own.
    pub fn message(&self) -> String {
        if self.is_ok() {
            return "Integrity check: ok".to_owned();
        }
        if let Some(problem) = &self.problem {
            return format!(
                "\nManifest mismatch\n    Folder: {}\n        {problem}",
                self.folder.display()
            );
        }
        let mut text = format!("\nManifest mismatch\n    Folder: {}", self.folder.display());
        for file in &self.mismatches {
            text.push_str(&format!(
                "\n        {} (manifest: {}, file: {})",
                file.path,
                file.manifest.as_deref().unwrap_or("None"),
                file.file.as_deref().unwrap_or("None")
            ));
        }
        text
    }
}

/// The verdicts in the order of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IntegrityReport {
    /// One per recipe and package revision that was checked.
    pub items: Vec<IntegrityItem>,
}

impl IntegrityReport {
    /// What is corrupted, as a package list (what `--format=json` prints).
    pub fn corrupted(&self) -> PackageList {
        let mut list = PackageList::default();
        for item in self.items.iter().filter(|item| !item.is_ok()) {
            list.add_ref(&item.reference);
            if let Some(package) = &item.package {
                list.add_pref(package, None);
            }
        }
        list
    }

    /// True when nothing is wrong.
    pub fn is_ok(&self) -> bool {
        self.items.iter().all(IntegrityItem::is_ok)
    }
}

impl Cache {
    /// Checks all recipes and packages of a list, in parallel. The packages of a corrupted recipe
    /// aren't looked at.
    ///
    /// # Errors
    /// When the list names what isn't there.
    pub fn check_integrity(
        &self,
        list: &PackageList,
        reporter: &dyn Reporter,
    ) -> Result<IntegrityReport> {
        let bar = Mutex::new(reporter.progress("Checking files", None));
        let hashing = |bytes| {
            let mut bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
            bar.advance(bytes);
        };
        let recipes = list
            .refs()
            .map_err(|error| StoreError::Invalid(error.to_string()))?;
        let checked: Vec<Result<Vec<IntegrityItem>>> = recipes
            .par_iter()
            .map(|reference| self.check_recipe(reference, list, &hashing))
            .collect();
        let mut report = IntegrityReport::default();
        for items in checked {
            report.items.extend(items?);
        }
        Ok(report)
    }

    fn check_recipe(
        &self,
        reference: &RecipeReference,
        list: &PackageList,
        hashing: &Hashing<'_>,
    ) -> Result<Vec<IntegrityItem>> {
        let mut item = IntegrityItem {
            reference: reference.clone(),
            package: None,
            folder: PathBuf::new(),
            mismatches: Vec::new(),
            problem: None,
        };
        match self.recipe(reference) {
            Ok(layout) => {
                item.folder = layout.export();
                let files = || -> Result<_> {
                    let mut files = digests(&layout.export(), "", hashing)?;
                    let sources = layout.export_sources();
                    let has_sources = crom_fs::is_dir(&sources);
                    if has_sources {
                        files.extend(digests(&sources, "export_source/", hashing)?);
                    }
                    let mut manifest = layout.manifest()?;
                    if !has_sources {
                        // They are fetched when a build needs them.
                        manifest
                            .files
                            .retain(|path, _| !path.starts_with("export_source/"));
                    }
                    Ok((manifest, files))
                };
                compare(&mut item, files());
            }
            Err(error @ StoreError::MissingFolder { .. }) => item.problem = Some(error.to_string()),
            Err(error) => return Err(error),
        }
        let ok = item.is_ok();
        let mut items = vec![item];
        if ok {
            let packages = list.prefs(reference);
            let checked: Vec<Result<Vec<IntegrityItem>>> = packages
                .par_iter()
                .map(|(package, _)| self.check_package(package, hashing))
                .collect();
            for found in checked {
                items.extend(found?);
            }
        }
        Ok(items)
    }

    fn check_package(
        &self,
        package: &PackageReference,
        hashing: &Hashing<'_>,
    ) -> Result<Vec<IntegrityItem>> {
        let revisions = if package.revision.is_some() {
            vec![package.clone()]
        } else {
            self.package_revisions(package)?
        };
        let mut items = Vec::new();
        for revision in revisions {
            let mut item = IntegrityItem {
                reference: revision.reference.clone(),
                package: Some(revision.clone()),
                folder: PathBuf::new(),
                mismatches: Vec::new(),
                problem: None,
            };
            match self.package(&revision) {
                Ok(layout) => {
                    item.folder = layout.package();
                    let files =
                        || Ok((layout.manifest()?, digests(&layout.package(), "", hashing)?));
                    compare(&mut item, files());
                }
                Err(error @ StoreError::MissingFolder { .. }) => {
                    item.problem = Some(error.to_string());
                }
                Err(error) => return Err(error),
            }
            items.push(item);
        }
        Ok(items)
    }
}

/// Is told how many bytes were hashed.
type Hashing<'a> = dyn Fn(u64) + Sync + 'a;

fn digests(
    folder: &std::path::Path,
    prefix: &str,
    hashing: &Hashing<'_>,
) -> Result<BTreeMap<String, String>> {
    Ok(crom_fs::digest::tree_digest_with(folder, hashing)?
        .into_iter()
        .map(|file| (format!("{prefix}{}", file.path), file.md5))
        .collect())
}

fn compare(item: &mut IntegrityItem, found: Result<(Manifest, BTreeMap<String, String>)>) {
    match found {
        Ok((manifest, files)) => {
            let paths: std::collections::BTreeSet<&String> =
                manifest.files.keys().chain(files.keys()).collect();
            item.mismatches = paths
                .into_iter()
                .map(|path| FileMismatch {
                    path: path.clone(),
                    manifest: manifest.files.get(path).cloned(),
                    file: files.get(path).cloned(),
                })
                .filter(|file| file.manifest != file.file)
                .collect();
        }
        Err(error) => item.problem = Some(error.to_string()),
    }
}
