//! `cache save` and `cache restore`: a part of the cache in one file.
//!
//! The file holds the folders at their places below `p/`, and last `pkglist.json`, which says what
//! is where. Both programs read both programs' files.

use std::path::{Path, PathBuf};

use crom_fs::archive::{PackEntry, PackOptions, UnpackOptions, pack, tree_entries, unpack};
use crom_model::package_list::PackageList;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::reporter::Reporter;
use serde_json::{Map, Value as Json, json};

use super::Cache;
use super::naming::{downloaded_package_folder_name, now};
use crate::error::{Result, StoreError};

/// How to save.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SaveOptions {
    /// `core.gzip:compresslevel` or its kin.
    pub level: Option<u32>,
    /// `--no-source`: without the result of `source()`.
    pub no_source: bool,
}

impl Cache {
    /// Writes the listed recipes and packages to a `.tgz` (or `.txz`, `.tzst`) file, which appears
    /// when it is complete. The list gets the folders' places. `Saving ...` lines go to the reporter.
    ///
    /// # Errors
    /// When the list names what isn't there, or files can't be read or written.
    pub fn save(
        &self,
        list: &mut PackageList,
        file: &Path,
        options: SaveOptions,
        reporter: &dyn Reporter,
    ) -> Result<()> {
        let mut folders: Vec<String> = Vec::new();
        for reference in list_refs(list)? {
            self.save_recipe(&reference, list, options, &mut folders, reporter)?;
            for (package, _) in list_prefs(list, &reference) {
                if package.revision.is_some() {
                    self.save_package(&package, list, &mut folders, reporter)?;
                }
            }
        }
        folders.sort();
        folders.dedup();
        let mut entries: Vec<PackEntry> = Vec::new();
        let mut size = 0;
        for folder in &folders {
            size += crom_fs::tree_size(self.absolute(folder))?;
            entries.extend(tree_entries(self.absolute(folder), folder)?);
        }
        let text = serde_json::to_string_pretty(&list.to_json())
            .map_err(|error| StoreError::Invalid(error.to_string()))?;
        entries.push(PackEntry::bytes("pkglist.json", text));
        let name = file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        reporter.status("", &format!("Compressing {}", name.unwrap_or_default()));
        let mut bar = reporter.progress("Compressing", Some(size));
        pack(
            file,
            &entries,
            PackOptions {
                level: options.level,
                progress: Some(&mut |bytes| bar.advance(bytes)),
                ..PackOptions::default()
            },
        )?;
        drop(bar);
        reporter.status("", &format!("Created cache save file: {}", file.display()));
        Ok(())
    }

    fn save_recipe(
        &self,
        reference: &RecipeReference,
        list: &mut PackageList,
        options: SaveOptions,
        folders: &mut Vec<String>,
        reporter: &dyn Reporter,
    ) -> Result<()> {
        let layout = self.recipe(reference)?;
        let place = self.relative(&layout.root);
        reporter.status(
            "",
            &format!("Saving {}: {place}", reference.without_revision()),
        );
        let mut parts = vec!["e", "es", "d/metadata"];
        if !options.no_source {
            parts.push("s");
        }
        for part in parts {
            if crom_fs::is_dir(layout.root.join(part)) {
                folders.push(format!("{place}/{part}"));
            }
        }
        note(list.recipe_dict_mut(reference), "recipe_folder", &place);
        Ok(())
    }

    fn save_package(
        &self,
        package: &PackageReference,
        list: &mut PackageList,
        folders: &mut Vec<String>,
        reporter: &dyn Reporter,
    ) -> Result<()> {
        let layout = self.package(package)?;
        let scope = scope_of(package);
        let place = self.relative(&layout.package());
        reporter.status("", &format!("Saving {scope}: {place}"));
        note(list.package_dict_mut(package), "package_folder", &place);
        folders.push(place);
        if crom_fs::is_dir(layout.metadata()) {
            let place = self.relative(&layout.metadata());
            reporter.status("", &format!("Saving {scope} metadata: {place}"));
            note(list.package_dict_mut(package), "metadata_folder", &place);
            folders.push(place);
        }
        Ok(())
    }

    /// Puts what a file of [`Cache::save`] (or of Conan) holds into this cache. Returns the list with
    /// the places and times here.
    ///
    /// # Errors
    /// When the file isn't such a file, or tries to write elsewhere.
    pub fn restore(&self, file: &Path, reporter: &dyn Reporter) -> Result<PackageList> {
        let temporary = self.temporary_folder()?;
        let restored = self.restore_into(file, &temporary, reporter);
        crom_fs::remove_tree(&temporary)?;
        restored
    }

    fn restore_into(
        &self,
        file: &Path,
        temporary: &Path,
        reporter: &dyn Reporter,
    ) -> Result<PackageList> {
        let malformed = |message: String| StoreError::Archive {
            path: file.to_path_buf(),
            message,
        };
        let size = crom_fs::metadata(file)?.len();
        let mut bar = reporter.progress("Unpacking", Some(size));
        let options = UnpackOptions {
            progress: Some(&mut |bytes| bar.advance(bytes)),
            ..UnpackOptions::default()
        };
        unpack(file, temporary, options)?;
        drop(bar);
        let index = temporary.join("pkglist.json");
        let text = crate::optional_file::read_if_exists(&index)?.ok_or_else(|| {
            malformed("no pkglist.json in it: not a file of `cache save`".to_owned())
        })?;
        let json: Json =
            serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
        let list = PackageList::from_json(&json).map_err(|error| malformed(error.to_string()))?;
        let mut restored = PackageList::default();
        for mut reference in list_refs(&list)? {
            let entry = list.recipe_dict(&reference).cloned().unwrap_or_default();
            let place = text_of(&entry, "recipe_folder")
                .ok_or_else(|| malformed(format!("no recipe_folder of '{reference}'")))?;
            reporter.status(
                "",
                &format!("Restore: {} in {place}", reference.without_revision()),
            );
            reference.timestamp = Some(now());
            let staged = inside(temporary, &place)
                .ok_or_else(|| malformed(format!("bad folder '{place}'")))?;
            let layout = self.add_recipe(&reference, &staged)?;
            restored.add_ref(&reference);
            let here = self.relative(&layout.root);
            let packages = list_prefs(&list, &without_time(&reference));
            for (package, info) in packages {
                if package.revision.is_none() {
                    continue;
                }
                let entry = list.package_dict(&package).cloned().unwrap_or_default();
                self.restore_package(package, info, &entry, temporary, &mut restored, reporter)
                    .map_err(|error| match error {
                        StoreError::Invalid(message) => malformed(message),
                        other => other,
                    })?;
            }
            if let Some(entry) = restored.recipe_dict_mut(&reference) {
                entry.entry("packages").or_insert_with(|| json!({}));
            }
            note(restored.recipe_dict_mut(&reference), "recipe_folder", &here);
        }
        Ok(restored)
    }

    fn restore_package(
        &self,
        mut package: PackageReference,
        info: Option<Json>,
        entry: &Map<String, Json>,
        temporary: &Path,
        restored: &mut PackageList,
        reporter: &dyn Reporter,
    ) -> Result<()> {
        let scope = scope_of(&package);
        let place = text_of(entry, "package_folder")
            .ok_or_else(|| StoreError::Invalid(format!("no package_folder of '{scope}'")))?;
        reporter.status("", &format!("Restore: {scope} in {place}"));
        let bad = |place: &str| StoreError::Invalid(format!("bad folder '{place}'"));
        let staged = inside(temporary, &place).ok_or_else(|| bad(&place))?;
        let metadata = match text_of(entry, "metadata_folder") {
            Some(place) => {
                reporter.status("", &format!("Restore: {scope} metadata in {place}"));
                Some(inside(temporary, &place).ok_or_else(|| bad(&place))?)
            }
            None => None,
        };
        let known = self.package(&package).ok();
        let root = match &known {
            Some(layout) => layout.root.clone(),
            None => self.absolute(&downloaded_package_folder_name(&package)),
        };
        replace(&staged, &root.join("p"), &self.temporary_folder()?)?;
        if let Some(metadata) = metadata.filter(|folder| crom_fs::is_dir(folder)) {
            replace(
                &metadata,
                &root.join("d").join("metadata"),
                &self.temporary_folder()?,
            )?;
        }
        let build_id = text_of(entry, "build_id");
        let layout = self.adopt_package(&package, root, build_id.as_deref())?;
        package.timestamp = layout.reference.timestamp;
        restored.add_pref(&package, None);
        let here = self.relative(&layout.package());
        note(restored.package_dict_mut(&package), "package_folder", &here);
        let here = self.relative(&layout.metadata());
        note(
            restored.package_dict_mut(&package),
            "metadata_folder",
            &here,
        );
        // The JSON has the info after the revisions.
        let id = PackageReference {
            revision: None,
            timestamp: None,
            ..package
        };
        restored.add_pref(&id, info);
        Ok(())
    }
}

fn list_refs(list: &PackageList) -> Result<Vec<RecipeReference>> {
    list.refs()
        .map_err(|error| StoreError::Invalid(error.to_string()))
}

fn list_prefs(
    list: &PackageList,
    reference: &RecipeReference,
) -> Vec<(PackageReference, Option<Json>)> {
    let packages = list.prefs(reference);
    packages
        .into_iter()
        .map(|(package, info)| (package, info.cloned()))
        .collect()
}

fn scope_of(package: &PackageReference) -> String {
    format!(
        "{}:{}",
        package.reference.without_revision(),
        package.package_id
    )
}

fn without_time(reference: &RecipeReference) -> RecipeReference {
    RecipeReference {
        timestamp: None,
        ..reference.clone()
    }
}

fn note(entry: Option<&mut Map<String, Json>>, key: &str, place: &str) {
    if let Some(entry) = entry {
        entry.insert(key.to_owned(), Json::from(place));
    }
}

fn text_of(entry: &Map<String, Json>, key: &str) -> Option<String> {
    entry.get(key).and_then(Json::as_str).map(str::to_owned)
}

/// A place from a file, if it stays inside the folder.
fn inside(folder: &Path, place: &str) -> Option<PathBuf> {
    let plain = Path::new(place)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    (plain && !place.is_empty()).then(|| folder.join(place))
}

/// Puts a folder in the place of another one, which goes away over `aside`.
fn replace(from: &Path, to: &Path, aside: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        crom_fs::create_dir_all(parent)?;
    }
    if crom_fs::exists(to) {
        crom_fs::rename(to, aside.join("old"))?;
    }
    crom_fs::rename(from, to)?;
    Ok(crom_fs::remove_tree(aside)?)
}
