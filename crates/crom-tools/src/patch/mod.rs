//! `conan.tools.files.patch`, `apply_conandata_patches`, `export_conandata_patches`.
//!
//! An own engine for unified patches. What fits at its line number is applied there; else the
//! nearest place where all lines of the hunk are is taken, with a warning.

mod apply;
pub mod parse;

use std::path::{Path, PathBuf};

use crom_model::reporter::Reporter;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use apply::{How, Notes};

/// The input of [`patch`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PatchInput {
    /// The folder to patch, absolute.
    pub base_path: PathBuf,
    /// The patch, or else `patch_string`.
    pub patch_file: Option<PathBuf>,
    /// The patch as text.
    pub patch_string: Option<String>,
    /// How many leading folders of the names to drop.
    pub strip: usize,
    /// Apply also where the lines around have changed.
    pub fuzz: bool,
    /// Shown: `backport`, `conan`...
    pub patch_type: Option<String>,
    /// Shown: what it does.
    pub patch_description: Option<String>,
    /// Where it is from. Not shown.
    pub patch_source: Option<String>,
}

/// What [`patch`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PatchResult {
    /// The changed files, relative to the base.
    pub files: Vec<String>,
}

/// Applies a patch. `scope` is the reference for messages.
pub fn patch(input: &PatchInput, reporter: &dyn Reporter, scope: &str) -> Result<PatchResult> {
    let default_type = if input.patch_file.is_some() {
        "file"
    } else {
        "string"
    };
    let kind = input.patch_type.as_deref().unwrap_or(default_type);
    let description = match &input.patch_description {
        Some(text) if !text.is_empty() => format!(": {text}"),
        _ => String::new(),
    };
    reporter.status(scope, &format!("Apply patch ({kind}){description}"));

    let (name, bytes) = match (&input.patch_file, &input.patch_string) {
        (Some(file), _) => (file.display().to_string(), crom_fs::read(file)?),
        (None, Some(text)) => ("string".to_owned(), text.clone().into_bytes()),
        (None, None) => {
            return Err(Error::BadInput(
                "patch() needs a 'patch_file' or 'patch_string'".into(),
            ));
        }
    };
    let set = parse::parse(&bytes).map_err(|source| Error::PatchParse {
        name: name.clone(),
        source,
    })?;
    for skipped in &set.skipped {
        reporter.warning(None, scope, skipped);
    }
    let mut notes = Notes {
        warnings: Vec::new(),
    };
    let how = How {
        strip: input.strip,
        fuzz: input.fuzz,
    };
    let done = apply::apply_all(&set, &input.base_path, how, &mut notes);
    for warning in &notes.warnings {
        reporter.warning(None, scope, &format!("{name}: {warning}"));
    }
    match done {
        Ok(files) => Ok(PatchResult { files }),
        Err(Error::PatchProblems(problem)) => Err(Error::PatchApply { name, problem }),
        Err(error) => Err(error),
    }
}

/// The names that a patch touches, `a/` and `b/` dropped.
pub fn touched_files(patch: &[u8]) -> Result<Vec<PathBuf>> {
    let set = parse::parse(patch).map_err(|source| Error::PatchParse {
        name: "string".to_owned(),
        source,
    })?;
    Ok(apply::touched_names(&set))
}

/// The input of [`apply_conandata_patches`] and [`export_conandata_patches`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ConandataPatchesInput {
    /// All of `conandata.yml`, `null` when there's none.
    pub conan_data: serde_json::Value,
    /// The version of the recipe, for the entry of `patches`.
    pub version: String,
    /// Where exported patch files are.
    pub export_sources_folder: PathBuf,
    /// What to patch.
    pub source_folder: PathBuf,
    /// Where the recipe is, for export.
    pub recipe_folder: PathBuf,
    /// The folder of this recipe below `core.sources.patch:extra_path`, with a `conandata.yml` of
    /// its own.
    #[serde(default)]
    pub extra_folder: Option<PathBuf>,
}

impl ConandataPatchesInput {
    /// The entries for this version; `None` when there's nothing to do, which was told.
    fn entries(
        &self,
        function: &str,
        reporter: &dyn Reporter,
        scope: &str,
    ) -> Result<Option<Vec<serde_json::Value>>> {
        use serde_json::Value;
        if self.conan_data.is_null() {
            return Err(Error::BadInput("conandata.yml not defined".into()));
        }
        let found = match self.conan_data.get("patches") {
            None | Some(Value::Null) => {
                reporter.status(
                    scope,
                    &format!("{function}(): No patches defined in conandata"),
                );
                return Ok(None);
            }
            Some(Value::Object(versions)) => match versions.get(&self.version) {
                None => return Ok(None),
                Some(Value::Null) => {
                    let text = format!(
                        "{function}(): No patches defined for version {} in conandata.yml",
                        self.version
                    );
                    reporter.warning(None, scope, &text);
                    return Ok(None);
                }
                Some(found) => found,
            },
            Some(found) => found,
        };
        match found {
            Value::Array(entries) => Ok(Some(entries.clone())),
            _ => Err(Error::BadInput(
                "conandata.yml 'patches' should be a list or a dict {version: list}".into(),
            )),
        }
    }
}

/// One entry of `patches` in `conandata.yml`. Other keys are for people.
#[derive(Debug, Deserialize)]
struct Entry {
    patch_file: Option<String>,
    patch_string: Option<String>,
    base_path: Option<String>,
    patch_type: Option<String>,
    patch_description: Option<String>,
    patch_source: Option<serde_json::Value>,
    #[serde(default)]
    strip: usize,
    #[serde(default)]
    fuzz: bool,
}

const NEEDS_ENTRY: &str = "The 'conandata.yml' file needs a 'patch_file' or 'patch_string' entry \
                           for every patch to be applied";

/// Applies the patches that `conandata.yml` lists for the version.
pub fn apply_conandata_patches(
    input: &ConandataPatchesInput,
    reporter: &dyn Reporter,
    scope: &str,
) -> Result<()> {
    let Some(entries) = input.entries("apply_conandata_patches", reporter, scope)? else {
        return Ok(());
    };
    for value in entries {
        let entry: Entry = match value {
            serde_json::Value::Object(_) => serde_json::from_value(value)
                .map_err(|error| Error::BadInput(format!("conandata.yml 'patches': {error}")))?,
            _ => return Err(Error::BadInput(NEEDS_ENTRY.into())),
        };
        if entry.patch_file.is_none() && entry.patch_string.is_none() {
            return Err(Error::BadInput(NEEDS_ENTRY.into()));
        }
        let base_path = match &entry.base_path {
            Some(base) => input.source_folder.join(base),
            None => input.source_folder.clone(),
        };
        let one = PatchInput {
            base_path,
            patch_file: entry
                .patch_file
                .as_ref()
                .map(|file| input.export_sources_folder.join(file)),
            patch_string: entry.patch_string,
            strip: entry.strip,
            fuzz: entry.fuzz,
            patch_type: entry.patch_type,
            patch_description: entry.patch_description.or(entry.patch_file),
            patch_source: entry.patch_source.map(|source| source.to_string()),
        };
        patch(&one, reporter, scope)?;
    }
    Ok(())
}

/// Copies the patch files that `conandata.yml` lists for the version to the exported sources, and
/// those of the extra folder. Gives `conandata.yml` back if the extra folder added to it.
pub fn export_conandata_patches(
    input: &ConandataPatchesInput,
    reporter: &dyn Reporter,
    scope: &str,
) -> Result<Option<serde_json::Value>> {
    if let Some(entries) = input.entries("export_conandata_patches", reporter, scope)? {
        export_files(&entries, &input.recipe_folder, &input.export_sources_folder)?;
    }
    let Some(folder) = &input.extra_folder else {
        return Ok(None);
    };
    let file = folder.join("conandata.yml");
    if !crom_fs::is_file(&file) {
        return Ok(None);
    }
    let text = crom_fs::read_text(&file)?;
    let data = crom_model::yaml::load(&text, &file.to_string_lossy())
        .map_err(|error| Error::BadInput(error.to_string()))?
        .to_json();
    let extra = data
        .pointer("/patches")
        .and_then(|it| it.get(&input.version))
        .and_then(serde_json::Value::as_array);
    let Some(extra) = extra else {
        return Ok(None);
    };
    reporter.status(
        scope,
        &format!(
            "Applying extra patches 'core.sources.patch:extra_path': {}",
            file.display()
        ),
    );
    export_files(extra, folder, &input.export_sources_folder)?;
    let mut changed = input.conan_data.clone();
    if let Some(data) = changed.as_object_mut() {
        let patches = data
            .entry("patches")
            .or_insert_with(|| serde_json::json!({}));
        if let Some(patches) = patches.as_object_mut() {
            let own = patches
                .entry(input.version.clone())
                .or_insert_with(|| serde_json::json!([]));
            if let Some(own) = own.as_array_mut() {
                own.extend(extra.iter().cloned());
            }
        }
    }
    Ok(Some(changed))
}

/// Copies the files of entries from one folder to another.
fn export_files(entries: &[serde_json::Value], from: &Path, to: &Path) -> Result<()> {
    for value in entries {
        if !value.is_object() {
            return Err(Error::BadInput(NEEDS_ENTRY.into()));
        }
        let Some(file) = value.get("patch_file").and_then(serde_json::Value::as_str) else {
            continue;
        };
        let source = from.join(file);
        if !crom_fs::exists(&source) {
            return Err(Error::BadInput(format!(
                "Patch file does not exist: '{}'",
                source.display()
            )));
        }
        let target = to.join(file);
        crom_fs::create_dir_all(target.parent().unwrap_or(Path::new(".")))?;
        crom_fs::copy_file(&source, &target)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
