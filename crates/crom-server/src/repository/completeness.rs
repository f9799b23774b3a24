//! When a revision is complete: it has its manifest, every file that the manifest tells of, and those
//! that can be compared without unpacking are the manifest's.

use crom_model::manifest::Manifest;
use crom_protocol::file::{self, Needed};
use serde::{Deserialize, Serialize};

use crate::coordinates::Key;
use crate::database::HeldFile;
use crate::error::{Error, Result};

/// What of a manifest has to be remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// md5 of the manifest without its time.
    pub digest: String,
    /// Exported files beside the recipe.
    pub exports: bool,
    /// Exported sources.
    pub sources: bool,
    /// md5 of `conanfile.py` or `conaninfo.txt`.
    pub plain: Option<String>,
}

impl Summary {
    /// Of the manifest that was sent for a revision.
    ///
    /// # Errors
    /// It isn't a manifest, or it is another revision's. Recipe revisions that aren't md5 sums (the
    /// commit of `revision_mode = "scm"`) say nothing about the content.
    pub fn of_manifest(key: &Key, text: &str) -> Result<Self> {
        let manifest = Manifest::parse(text)
            .map_err(|error| Error::Invalid(format!("{key}: {}: {error}", file::MANIFEST)))?;
        let digest = manifest.revision();
        if (key.binary.is_some() || key.rrev.len() == digest.len()) && key.revision() != digest {
            return Err(Error::Invalid(format!(
                "{key}: the revision of this {} is {digest}",
                file::MANIFEST
            )));
        }
        let needed = match key.binary {
            None => file::needed_by_recipe(manifest.files.keys().map(String::as_str)),
            Some(_) => file::needed_by_package(),
        };
        let plain = manifest.files.get(plain_file(key)).cloned();
        Ok(Self {
            digest,
            exports: needed.contains(&Needed::Archive(file::EXPORT)),
            sources: needed.contains(&Needed::Archive(file::SOURCES)),
            plain,
        })
    }

    /// What the revision can't be used without.
    fn needed(&self, key: &Key) -> Vec<Needed> {
        if key.binary.is_some() {
            return file::needed_by_package();
        }
        let mut needed = file::needed_by_recipe([]);
        if self.exports {
            needed.push(Needed::Archive(file::EXPORT));
        }
        if self.sources {
            needed.push(Needed::Archive(file::SOURCES));
        }
        needed
    }

    /// True if these files make the revision complete.
    ///
    /// # Errors
    /// A file isn't the one of the manifest.
    pub fn is_satisfied(&self, key: &Key, files: &[HeldFile]) -> Result<bool> {
        self.check_plain(key, files)?;
        let complete = self
            .needed(key)
            .into_iter()
            .all(|needed| files.iter().any(|file| needed.is(&file.name)));
        Ok(complete)
    }

    fn check_plain(&self, key: &Key, files: &[HeldFile]) -> Result<()> {
        let name = plain_file(key);
        let held = files
            .iter()
            .find(|file| file.name == name)
            .and_then(|file| file.md5.as_ref());
        match (&self.plain, held) {
            (Some(expected), Some(md5)) if expected != md5 => Err(Error::Invalid(format!(
                "{key}: {name} has the md5 {md5}, and its {} says {expected}",
                file::MANIFEST
            ))),
            _ => Ok(()),
        }
    }
}

/// The file that isn't in an archive.
pub fn plain_file(key: &Key) -> &'static str {
    match key.binary {
        None => file::RECIPE,
        Some(_) => file::INFO,
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;
    use crate::coordinates::{Line, Recipe};

    fn held(name: &str, content: &[u8]) -> HeldFile {
        HeldFile {
            name: name.to_owned(),
            sha256: String::new(),
            md5: Some(Manifest::digest(content)),
        }
    }

    fn manifest(files: &[(&str, &[u8])]) -> Manifest {
        let files = files
            .iter()
            .map(|(name, content)| ((*name).to_owned(), Manifest::digest(content)))
            .collect();
        Manifest::new(1, files)
    }

    fn recipe_key(revision: &str) -> Key {
        let recipe = Recipe::parse("wa/1.0").expect("is a recipe");
        Key::of_recipe(recipe, revision).expect("is a key")
    }

    #[test]
    fn a_recipe_is_complete_with_the_archives_that_its_manifest_tells_of() {
        let manifest = manifest(&[("conanfile.py", b"x"), ("export_source/a.c", b"y")]);
        let key = recipe_key(&manifest.revision());
        let summary = Summary::of_manifest(&key, &manifest.dumps()).expect("is right");
        let mut files = vec![held("conanmanifest.txt", b""), held("conanfile.py", b"x")];
        assert!(!summary.is_satisfied(&key, &files).expect("no mismatch"));
        files.push(held("conan_sources.tgz", b""));
        assert!(summary.is_satisfied(&key, &files).expect("no mismatch"));
        files[1] = held("conanfile.py", b"other");
        assert!(summary.is_satisfied(&key, &files).is_err());
    }

    #[test]
    fn a_package_needs_its_archive_in_any_format() {
        let manifest = manifest(&[("conaninfo.txt", b"i"), ("include/a.h", b"a")]);
        let line = Line::of_binary(Recipe::parse("wa/1.0").expect("is a recipe"), "r", "p");
        let key = line.expect("is a line").at(&manifest.revision());
        let summary = Summary::of_manifest(&key, &manifest.dumps()).expect("is right");
        let mut files = vec![held("conanmanifest.txt", b""), held("conaninfo.txt", b"i")];
        assert!(!summary.is_satisfied(&key, &files).expect("no mismatch"));
        files.push(held("conan_package.tzst", b""));
        assert!(summary.is_satisfied(&key, &files).expect("no mismatch"));
    }

    #[test]
    fn a_manifest_of_another_revision_is_refused_except_for_commits() {
        let manifest = manifest(&[("conanfile.py", b"x")]);
        let other = recipe_key("ba77dda957894ec90c2c2c488d5a93f3");
        assert!(Summary::of_manifest(&other, &manifest.dumps()).is_err());
        let commit = recipe_key("814cbf12cc0000000000000000000000000000ab");
        let summary = Summary::of_manifest(&commit, &manifest.dumps()).expect("is accepted");
        assert_eq!(summary.digest, manifest.revision());
        assert!(Summary::of_manifest(&commit, "<html>").is_err());
    }
}
