//! `export`: from a recipe's folder into the cache.
//!
//! Everything is put together in a temporary folder, the revision is computed from it, and the
//! folder is renamed to its final place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crom_model::conandata::{self, ConandataError};
use crom_model::conf::fnmatch;
use crom_model::manifest::Manifest;
use crom_model::reference::RecipeReference;

use crate::cache::{Cache, RecipeLayout, naming};
use crate::error::{Result, StoreError};

/// What to export.
#[derive(Clone, Debug)]
pub struct ExportInput<'a> {
    /// Name, version, user and channel; without revision.
    pub reference: RecipeReference,
    /// The recipe; its folder is where patterns are looked up.
    pub conanfile: &'a Path,
    /// The `exports` attribute.
    pub exports: &'a [String],
    /// The `exports_sources` attribute.
    pub exports_sources: &'a [String],
    /// Reduce `conandata.yml` to this version, as a local-recipes-index does.
    pub trim_conandata: bool,
    /// The revision, where it isn't the hash of the files (`revision_mode` `scm`, `scm_folder`).
    pub revision: Option<String>,
    /// Let other processes see the recipe with the next [`Cache::flush`] only. For many at once.
    pub later: bool,
}

/// The folders that the recipe's methods write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFolders {
    /// Where the recipe is.
    pub recipe: PathBuf,
    /// `export_folder`
    pub export: PathBuf,
    /// `export_sources_folder`
    pub export_sources: PathBuf,
}

/// When the recipe's methods run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportStep {
    /// `export()`: `conandata.yml` and what `exports` names are in the export folder already.
    Export,
    /// `export_sources()`: what `exports_sources` names is there already.
    ExportSources,
    /// Everything is in its folder; what is changed now is still exported.
    Finished,
}

/// A recipe that was exported.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// Its place; the reference has revision and timestamp.
    pub layout: RecipeLayout,
    /// `Copied 2 '.py' files: conanfile.py, helper.py`, one line per extension.
    pub copied: Vec<String>,
    /// True when there is a `conandata.yml`.
    pub has_conandata: bool,
}

/// Exports a recipe. `run` runs the recipe's methods, if it has any.
///
/// # Errors
/// Patterns that leave the folder, files that can't be copied, a `conandata.yml` that isn't YAML,
/// and whatever `run` returns.
pub fn export_recipe<E: From<StoreError>>(
    cache: &Cache,
    input: &ExportInput<'_>,
    run: &mut dyn FnMut(ExportStep, &ExportFolders) -> Result<(), E>,
) -> Result<Exported, E> {
    let temporary = cache.temporary_folder()?;
    let exported = export_in(cache, input, run, &temporary);
    if exported.is_err() {
        // What can't be removed now, `cache clean --temp` removes.
        let _ = crom_fs::remove_tree(&temporary);
    }
    exported
}

fn export_in<E: From<StoreError>>(
    cache: &Cache,
    input: &ExportInput<'_>,
    run: &mut dyn FnMut(ExportStep, &ExportFolders) -> Result<(), E>,
    temporary: &Path,
) -> Result<Exported, E> {
    let recipe = input
        .conanfile
        .parent()
        .unwrap_or(Path::new(""))
        .to_path_buf();
    let folders = ExportFolders {
        recipe,
        export: temporary.join("e"),
        export_sources: temporary.join("es"),
    };
    let has_conandata = copy_conandata(&folders)?;
    copy_patterns(&folders.recipe, &folders.export, input.exports)?;
    run(ExportStep::Export, &folders)?;
    if input.trim_conandata {
        trim_conandata(&folders.export, &input.reference.version.to_string())?;
    }
    copy_patterns(
        &folders.recipe,
        &folders.export_sources,
        input.exports_sources,
    )?;
    run(ExportStep::ExportSources, &folders)?;
    // Last: `export()` may have changed it.
    copy_content(input.conanfile, &folders.export.join("conanfile.py"))
        .map_err(StoreError::from)?;
    run(ExportStep::Finished, &folders)?;
    let manifest = write_manifest(&folders)?;
    let mut reference = input.reference.clone();
    reference.revision = Some(
        input
            .revision
            .clone()
            .unwrap_or_else(|| manifest.revision()),
    );
    reference.timestamp = Some(naming::now());
    let layout = if input.later {
        // Metadata is made when there is some: folders are what a batch of exports waits for.
        cache.add_recipe_later(&reference, temporary)?
    } else {
        let metadata = temporary.join("d").join("metadata");
        crom_fs::create_dir_all(metadata).map_err(StoreError::from)?;
        cache.add_recipe(&reference, temporary)?
    };
    // Where the revision was there already, the time is the new one.
    let layout = RecipeLayout {
        reference,
        ..layout
    };
    Ok(Exported {
        layout,
        copied: copied_lines(manifest.files.keys()),
        has_conandata,
    })
}

/// True when there is a `conandata.yml`.
fn copy_conandata(folders: &ExportFolders) -> Result<bool> {
    crom_fs::create_dir_all(&folders.export)?;
    crom_fs::create_dir_all(&folders.export_sources)?;
    let conandata = folders.recipe.join("conandata.yml");
    match copy_content(&conandata, &folders.export.join("conandata.yml")) {
        Ok(()) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Copies a file, and of a link what it points to: a link would not survive the move.
fn copy_content(from: &Path, to: &Path) -> crom_fs::Result<()> {
    if crom_fs::is_symlink(from) {
        crom_fs::copy_file(crom_fs::canonical(from)?, to)
    } else {
        crom_fs::copy_file(from, to)
    }
}

/// Reduces `conandata.yml` to one version, in place.
fn trim_conandata(export: &Path, version: &str) -> Result<()> {
    let path = export.join("conandata.yml");
    let Some(text) = crate::optional_file::read_if_exists(&path)? else {
        return Ok(());
    };
    let trimmed = match conandata::trim(&text, &path.display().to_string(), version) {
        Ok(trimmed) => trimmed,
        // An empty file has nothing to trim.
        Err(ConandataError::NotAMapping {
            found: "NoneType", ..
        }) => return Ok(()),
        Err(error) => return Err(StoreError::Export(error.to_string())),
    };
    if trimmed == text {
        return Ok(());
    }
    // In place: a new file costs more than a new content. A read-only one must be replaced.
    if crom_fs::write(&path, &trimmed).is_err() {
        crom_fs::remove_file(&path)?;
        crom_fs::write(&path, &trimmed)?;
    }
    Ok(())
}

/// Copies the files that match a pattern and no pattern with `!`. As in Conan: patterns are those of
/// fnmatch over the path with `/`, in any case, `*` matches `/`, links are copied as links and not
/// entered, folders come with their files only.
fn copy_patterns(from: &Path, to: &Path, patterns: &[String]) -> Result<()> {
    let (mut wanted, mut excluded) = (Vec::new(), Vec::new());
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(pattern) => excluded.push(pattern.to_lowercase()),
            None => wanted.push(pattern.to_lowercase()),
        }
    }
    if let Some(bad) = wanted.iter().find(|pattern| pattern.starts_with("..")) {
        return Err(StoreError::Export(format!(
            "copy() it is not possible to use relative patterns starting with '..': '{bad}'"
        )));
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let mut folders = std::collections::HashSet::new();
    for entry in crom_fs::walk(from)? {
        if entry.kind == crom_fs::FileKind::Dir {
            continue;
        }
        let name = entry.relative.to_lowercase();
        let matches = |list: &[String]| list.iter().any(|p| fnmatch(p, &name));
        if !matches(&wanted) || matches(&excluded) {
            continue;
        }
        let target = to.join(&entry.relative);
        if let Some(folder) = target.parent()
            && folders.insert(folder.to_path_buf())
        {
            crom_fs::create_dir_all(folder)?;
        }
        crom_fs::copy_file(&entry.path, &target)?;
    }
    Ok(())
}

/// Writes `conanmanifest.txt` over both folders.
fn write_manifest(folders: &ExportFolders) -> Result<Manifest> {
    let mut files = BTreeMap::new();
    for (folder, prefix) in [
        (&folders.export, ""),
        (&folders.export_sources, "export_source/"),
    ] {
        for file in crom_fs::digest::tree_digest(folder)? {
            files.insert(format!("{prefix}{}", file.path), file.md5);
        }
    }
    let manifest = Manifest::new(naming::now() as i64, files);
    crom_fs::write(folders.export.join("conanmanifest.txt"), manifest.dumps())?;
    Ok(manifest)
}

/// What was copied, by extension; names only of a few.
pub fn copied_lines<'a>(paths: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut groups: indexmap::IndexMap<String, Vec<&str>> = indexmap::IndexMap::new();
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name == "conaninfo.txt" || name == "conanmanifest.txt" {
            continue;
        }
        // `.hidden` has no extension.
        let dot = name.rfind('.').filter(|at| *at > 0);
        let extension = dot.map_or(String::new(), |at| name[at..].to_owned());
        groups.entry(extension).or_default().push(name);
    }
    groups
        .into_iter()
        .map(|(extension, names)| {
            let count = names.len();
            let plural = if count > 1 { "s" } else { "" };
            let kind = if extension.is_empty() {
                String::new()
            } else {
                format!("'{extension}' ")
            };
            let mut line = format!("Copied {count} {kind}file{plural}");
            if count < 5 {
                line.push_str(&format!(": {}", names.join(", ")));
            }
            line
        })
        .collect()
}

#[cfg(test)]
mod tests;
