//! What is in the folder of a recipe and of a package.

use std::path::{Path, PathBuf};

use crom_model::conaninfo::ConanInfoText;
use crom_model::manifest::Manifest;
use crom_model::reference::{PackageReference, RecipeReference};

use crate::error::{Result, StoreError};

/// The folder of one recipe revision.
#[derive(Clone, Debug, PartialEq)]
pub struct RecipeLayout {
    /// With revision and timestamp.
    pub reference: RecipeReference,
    /// The folder itself.
    pub root: PathBuf,
}

impl RecipeLayout {
    /// `e`: `conanfile.py`, `conandata.yml`, what `exports` names, the manifest.
    pub fn export(&self) -> PathBuf {
        self.root.join("e")
    }

    /// `es`: what `exports_sources` names. Absent where it wasn't fetched yet.
    pub fn export_sources(&self) -> PathBuf {
        self.root.join("es")
    }

    /// `s`: the result of `source()`.
    pub fn source(&self) -> PathBuf {
        self.root.join("s")
    }

    /// `d`: archives for upload and download.
    pub fn download(&self) -> PathBuf {
        self.root.join("d")
    }

    /// `d/metadata`
    pub fn metadata(&self) -> PathBuf {
        self.root.join("d").join("metadata")
    }

    /// `e/conanfile.py`
    pub fn conanfile(&self) -> PathBuf {
        self.root.join("e").join("conanfile.py")
    }

    /// The manifest of the export.
    ///
    /// # Errors
    /// When it is missing or malformed.
    pub fn manifest(&self) -> Result<Manifest> {
        read_manifest(&self.export())
    }
}

/// The folder of one package.
#[derive(Clone, Debug, PartialEq)]
pub struct PackageLayout {
    /// With package revision and timestamp for a finished one.
    pub reference: PackageReference,
    /// The folder itself.
    pub root: PathBuf,
    /// The `build_id()` that made its build folder, if another package shares it.
    pub build_id: Option<String>,
}

impl PackageLayout {
    /// `b`: where it was built; absent for a downloaded package.
    pub fn build(&self) -> PathBuf {
        self.root.join("b")
    }

    /// `p`: the package.
    pub fn package(&self) -> PathBuf {
        self.root.join("p")
    }

    /// `f`: the result of `finalize()`.
    pub fn finalized(&self) -> PathBuf {
        self.root.join("f")
    }

    /// `d`: archives for upload and download.
    pub fn download(&self) -> PathBuf {
        self.root.join("d")
    }

    /// `d/metadata`
    pub fn metadata(&self) -> PathBuf {
        self.root.join("d").join("metadata")
    }

    /// The manifest of the package.
    ///
    /// # Errors
    /// When it is missing or malformed.
    pub fn manifest(&self) -> Result<Manifest> {
        read_manifest(&self.package())
    }

    /// `conaninfo.txt`
    ///
    /// # Errors
    /// When it can't be read.
    pub fn conaninfo(&self) -> Result<ConanInfoText> {
        let text = crom_fs::read_text(self.package().join("conaninfo.txt"))?;
        Ok(ConanInfoText::loads(&text))
    }
}

fn read_manifest(folder: &Path) -> Result<Manifest> {
    let path = folder.join("conanmanifest.txt");
    let text = crom_fs::read_text(&path)?;
    Manifest::parse(&text).map_err(|error| {
        StoreError::Invalid(format!("malformed manifest '{}': {error}", path.display()))
    })
}

/// Marks a folder whose content isn't complete. The mark is an empty file beside it, which Conan
/// knows too, so that it survives a killed process.
///
/// # Errors
/// When the file can't be written.
pub fn set_dirty(folder: &Path) -> Result<()> {
    let mark = dirty_mark(folder);
    if let Some(parent) = mark.parent() {
        crom_fs::create_dir_all(parent)?;
    }
    Ok(crom_fs::write(mark, "")?)
}

/// The folder is complete.
///
/// # Errors
/// When the mark can't be removed.
pub fn clean_dirty(folder: &Path) -> Result<()> {
    Ok(crom_fs::remove_file(dirty_mark(folder))?)
}

/// True for a folder that was left incomplete.
pub fn is_dirty(folder: &Path) -> bool {
    crom_fs::exists(dirty_mark(folder))
}

fn dirty_mark(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".dirty");
    PathBuf::from(name)
}
