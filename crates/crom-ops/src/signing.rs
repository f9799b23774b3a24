//! The signing plugin (`extensions/plugins/sign/sign.py`): `cache sign`, `cache verify`, and the check
//! of everything that is downloaded.
//!
//! The plugin signs a list of checksums, `metadata/sign/pkgsign-manifest.json`:
//!
//! ```text
//! {"files": [{"file": "conanfile.py", "sha256": "..."}]}
//! ```
//!
//! and tells what it has made, which is kept beside it as `pkgsign-signatures.json`:
//!
//! ```text
//! {"signatures": [{"method": "...", "provider": "...", "sign_artifacts": {...}}]}
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crom_model::package_list::PackageList;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_recipe::PluginFunction;
use crom_store::cache::{PackageQuery, Selection};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::download::transfer_pattern;
use crate::packages::LOCAL_CACHE;
use crate::pkglist::load_lists;
use crate::upload::prepared_files;
use crate::{CacheSelection, OpsError, Session, plugins};

const MANIFEST: &str = "pkgsign-manifest.json";
const SIGNATURES: &str = "pkgsign-signatures.json";
const DOCUMENTATION: &str = "https://docs.conan.io/2/reference/extensions/package_signing.html";

/// Names and paths of files.
pub(crate) type SignedFiles = BTreeMap<String, PathBuf>;

/// What `cache sign` and `cache verify` came to.
#[derive(Clone, Debug)]
pub struct SigningReport {
    /// What was gone through. Revisions have their `files`, and a `pkgsign_error` if there was one.
    pub list: PackageList,
    /// Without an error.
    pub good: usize,
    /// With one.
    pub failed: usize,
}

/// One of the two commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAction {
    /// `cache sign`
    Sign,
    /// `cache verify`
    Verify,
}

/// Signs recipes and packages of the cache, or verifies their signatures.
///
/// # Errors
/// Nothing of that name, or no plugin with the function. What it says of a package is in the report.
pub fn cache_signatures(
    session: &Session,
    selection: &CacheSelection,
    action: SigningAction,
) -> Result<SigningReport, OpsError> {
    let list = what(session, selection)?;
    let recipes = list
        .refs()
        .map_err(|error| OpsError::message(error.to_string()))?;
    let mut subjects = Vec::new();
    for recipe in recipes.iter().filter(|recipe| recipe.revision.is_some()) {
        subjects.push(Subject::of_recipe(session, recipe)?);
        for (package, _) in list.prefs(recipe) {
            if package.revision.is_some() {
                subjects.push(Subject::of_package(session, &package)?);
            }
        }
    }
    if subjects.is_empty() {
        return Err(OpsError::message(
            "No packages to process in the package list provided",
        ));
    }
    let name = match action {
        SigningAction::Sign => "sign",
        SigningAction::Verify => "verify",
    };
    let missing = || {
        OpsError::message(format!(
            "The {name}() function in the package sign plugin is not defined. For more information \
             on how to configure the plugin, please read the documentation at {DOCUMENTATION}."
        ))
    };
    let plugin = Plugin::of(session)?.ok_or_else(missing)?;
    let mut report = SigningReport {
        list,
        good: 0,
        failed: 0,
    };
    for subject in &mut subjects {
        let outcome = match action {
            SigningAction::Sign => subject.sign(session, &plugin),
            SigningAction::Verify => subject.verify(session, &plugin),
        };
        match &outcome {
            Ok(true) => report.good += 1,
            Ok(false) => return Err(missing()),
            Err(_) => report.failed += 1,
        }
        subject.note(&mut report.list, outcome.err());
    }
    Ok(report)
}

/// Checks files that were downloaded; fine where there is no plugin. `signatures` is the folder
/// `metadata/sign` that came with them.
///
/// # Errors
/// The plugin doesn't accept them.
pub(crate) fn verify_downloaded(
    session: &Session,
    reference: &str,
    folder: &Path,
    signatures: &Path,
    files: &SignedFiles,
) -> Result<(), OpsError> {
    let Some(plugin) = Plugin::of(session)? else {
        return Ok(());
    };
    plugin
        .verify(session, reference, folder, signatures, files)
        .map(drop)
}

/// Is there a plugin that wants to see what is downloaded?
pub(crate) fn is_active(session: &Session) -> bool {
    plugins::file(session.home(), "sign/sign.py").is_some()
}

/// Uploading signed packages once implicitly; nobody should rely on it.
pub(crate) fn warn_of_upload(session: &Session) {
    if is_active(session) {
        session.reporter().warning(
            Some("deprecated"),
            "",
            "[Package sign] Implicitly signing packages in the upload command has been removed. \
             Use 'conan cache sign' command before uploading instead.",
        );
    }
}

fn what(session: &Session, selection: &CacheSelection) -> Result<PackageList, OpsError> {
    match (&selection.pattern, &selection.list) {
        (Some(_), Some(_)) => Err(OpsError::message("Cannot specify both pattern and list")),
        (None, None) => Err(OpsError::message("Missing pattern or package list file")),
        (None, Some(path)) => {
            let lists = load_lists(session, path)?;
            let list = lists
                .get(LOCAL_CACHE)
                .map_err(|error| OpsError::message(error.to_string()))?;
            Ok(list.clone())
        }
        (Some(text), None) => {
            let pattern = transfer_pattern(text, false)?;
            let query = selection.package_query.as_deref().map(PackageQuery::parse);
            let chosen = Selection {
                query: query.transpose()?,
                ..Selection::default()
            };
            let cache = session.cache()?;
            Ok(cache.select(&pattern, &chosen, session.reporter())?)
        }
    }
}

/// The plugin of a home.
struct Plugin {
    file: PathBuf,
}

impl Plugin {
    fn of(session: &Session) -> Result<Option<Self>, OpsError> {
        Ok(plugins::file(session.home(), "sign/sign.py").map(|file| Self { file }))
    }

    /// None without such a function.
    fn call(
        &self,
        session: &Session,
        function: PluginFunction,
        arguments: Value,
    ) -> Result<Option<Value>, OpsError> {
        let host = session.host()?;
        plugins::call(&**host, &self.file, function, arguments)
            .map_err(|error| OpsError::message(error.message))
    }

    /// False without `verify()`.
    fn verify(
        &self,
        session: &Session,
        reference: &str,
        folder: &Path,
        signatures: &Path,
        files: &SignedFiles,
    ) -> Result<bool, OpsError> {
        check_sums(session, signatures, files)?;
        let arguments = json!({"reference": reference, "artifacts_folder": folder,
            "signature_folder": signatures, "files": files});
        let answer = self.call(session, PluginFunction::Verify, arguments)?;
        Ok(answer.is_some())
    }
}

#[derive(Serialize, Deserialize)]
struct Sums {
    files: Vec<Sum>,
}

#[derive(Serialize, Deserialize)]
struct Sum {
    file: String,
    sha256: String,
}

/// The plugin proves the list of checksums; that the files are those of the list is proved here.
fn check_sums(session: &Session, signatures: &Path, files: &SignedFiles) -> Result<(), OpsError> {
    let path = signatures.join(MANIFEST);
    if !crom_fs::is_file(&path) {
        let text = format!(
            "[Package sign] Manifest file '{MANIFEST}' does not exist in signature folder '{}'. \
             Please update your plugin according to the docs at {DOCUMENTATION}. \
             Skipping checksum verification",
            signatures.display()
        );
        session.reporter().warning(Some("deprecated"), "", &text);
        return Ok(());
    }
    let unreadable = |error: &dyn std::fmt::Display| {
        OpsError::message(format!(
            "[Package sign] '{}' can't be read: {error}",
            path.display()
        ))
    };
    let text = crom_fs::read_text(&path).map_err(|error| unreadable(&error))?;
    let sums: Sums = serde_json::from_str(&text).map_err(|error| unreadable(&error))?;
    for (name, file) in files {
        let expected = sums.files.iter().find(|sum| sum.file == *name);
        let expected = &expected
            .ok_or_else(|| {
                OpsError::message(format!("[Package sign] The file {name} was not signed."))
            })?
            .sha256;
        let found = crom_fs::digest::sha256(file)?;
        if found != *expected {
            return Err(OpsError::message(format!(
                "[Package sign] Checksum mismatch for file {name}: expected {expected}, got {found}."
            )));
        }
        let text = format!("[Package sign] Checksum verified for file {name} ({expected}).");
        session.reporter().status("", &text);
    }
    Ok(())
}

enum Reference {
    Recipe(RecipeReference),
    Package(PackageReference),
}

/// A revision of the cache.
struct Subject {
    reference: Reference,
    folder: PathBuf,
    signatures: PathBuf,
    files: Vec<(String, PathBuf)>,
}

impl Subject {
    fn of_recipe(session: &Session, recipe: &RecipeReference) -> Result<Self, OpsError> {
        let layout = session.cache()?.recipe(recipe)?;
        Ok(Self {
            reference: Reference::Recipe(recipe.clone()),
            folder: layout.download(),
            signatures: layout.metadata().join("sign"),
            files: Vec::new(),
        })
    }

    fn of_package(session: &Session, package: &PackageReference) -> Result<Self, OpsError> {
        let layout = session.cache()?.package(package)?;
        Ok(Self {
            reference: Reference::Package(package.clone()),
            folder: layout.download(),
            signatures: layout.metadata().join("sign"),
            files: Vec::new(),
        })
    }

    /// As plugins are told.
    fn name(&self) -> String {
        match &self.reference {
            Reference::Recipe(recipe) => recipe.repr_notime(),
            Reference::Package(package) => package.repr_notime(),
        }
    }

    /// False without `sign()`.
    fn sign(&mut self, session: &Session, plugin: &Plugin) -> Result<bool, OpsError> {
        self.files = match &self.reference {
            Reference::Recipe(recipe) => prepared_files(session, recipe, None)?,
            Reference::Package(package) => {
                prepared_files(session, &package.reference, Some(package))?
            }
        };
        crom_fs::create_dir_all(&self.signatures)?;
        let mut files = Vec::new();
        for (name, path) in &self.files {
            files.push(Sum {
                file: name.clone(),
                sha256: crom_fs::digest::sha256(path)?,
            });
        }
        files.sort_by(|a, b| a.file.cmp(&b.file));
        write(&self.signatures.join(MANIFEST), &json!(Sums { files }))?;
        let arguments = json!({"reference": self.name(), "artifacts_folder": self.folder,
            "signature_folder": self.signatures});
        let Some(answer) = plugin.call(session, PluginFunction::Sign, arguments)? else {
            return Ok(false);
        };
        match answer.as_array() {
            Some(signatures) if !signatures.is_empty() => {
                signatures.iter().try_for_each(check_signature)?;
                let content = json!({ "signatures": signatures });
                write(&self.signatures.join(SIGNATURES), &content)?;
            }
            _ => session.reporter().warning(
                Some("deprecated"),
                "",
                &format!(
                    "[Package sign] The signature plugin sign() function must return a list of \
                     signature dicts. See the documentation at {DOCUMENTATION}"
                ),
            ),
        }
        Ok(true)
    }

    /// False without `verify()`.
    fn verify(&mut self, session: &Session, plugin: &Plugin) -> Result<bool, OpsError> {
        if crom_fs::is_dir(&self.folder) {
            for name in crom_fs::list(&self.folder)? {
                let path = self.folder.join(&name);
                if crom_fs::is_file(&path) {
                    self.files.push((name, path));
                }
            }
        }
        let files = self.files.iter().cloned().collect();
        plugin.verify(
            session,
            &self.name(),
            &self.folder,
            &self.signatures,
            &files,
        )
    }

    fn note(&self, list: &mut PackageList, error: Option<OpsError>) {
        let entry = match &self.reference {
            Reference::Recipe(recipe) => list.recipe_dict_mut(recipe),
            Reference::Package(package) => list.package_dict_mut(package),
        };
        let Some(entry) = entry else { return };
        let files = self
            .files
            .iter()
            .map(|(name, path)| (name.clone(), json!(path)));
        entry.insert("files".to_owned(), Value::Object(files.collect()));
        if let Some(error) = error {
            entry.insert("pkgsign_error".to_owned(), json!(error.to_string()));
        }
    }
}

fn check_signature(signature: &Value) -> Result<(), OpsError> {
    for key in ["method", "provider", "sign_artifacts"] {
        if signature.get(key).is_none_or(Value::is_null) {
            return Err(OpsError::message(format!(
                "[Package sign] Signature '{key}' is missing in signature data"
            )));
        }
    }
    Ok(())
}

fn write(path: &Path, content: &Value) -> Result<(), OpsError> {
    let text = serde_json::to_string_pretty(content)
        .map_err(|error| OpsError::message(error.to_string()))?;
    Ok(crom_fs::write_atomic(path, text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_have_three_keys() {
        let whole = json!({"method": "m", "provider": "p", "sign_artifacts": {}});
        assert!(check_signature(&whole).is_ok());
        let error = check_signature(&json!({"method": "m"})).unwrap_err();
        assert_eq!(
            error.to_string(),
            "[Package sign] Signature 'provider' is missing in signature data"
        );
    }
}
