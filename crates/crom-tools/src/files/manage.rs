//! Folders and names: `mkdir`, `rmdir`, `rm`, `rename`, `move_folder_contents`, `chmod`.

use std::path::{Path, PathBuf};

use crom_fs::FileKind;
use serde::Deserialize;

use super::OneOrMany;
use crate::error::{Error, Result};
use crate::fnmatch::fnmatch;

/// Creates a folder and those above it; fine when it exists.
pub fn mkdir(path: &Path) -> Result<()> {
    Ok(crom_fs::create_dir_all(path)?)
}

/// Removes a folder with all that is in it. Nothing happens for files and missing paths; a link is
/// an error.
pub fn rmdir(path: &Path) -> Result<()> {
    if crom_fs::is_symlink(path) && crom_fs::is_dir(path) {
        return Err(Error::BadInput(format!(
            "Couldn't remove folder: {}\nCannot call rmtree on a symbolic link\nFolder might be \
             busy or open. Close any app using it and retry.",
            path.display()
        )));
    }
    if crom_fs::is_dir(path) {
        crom_fs::remove_tree(path)?;
    }
    Ok(())
}

/// The input of [`rm`].
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RmInput {
    /// fnmatch pattern on the file name.
    pub pattern: String,
    /// Where, absolute.
    pub folder: PathBuf,
    /// In all folders below too.
    #[serde(default)]
    pub recursive: bool,
    /// Patterns on the file name of what to keep.
    #[serde(default)]
    pub excludes: Option<OneOrMany>,
}

/// Removes files and links to files by their names. Folders and links to folders stay.
pub fn rm(input: &RmInput) -> Result<()> {
    if !crom_fs::is_dir(&input.folder) {
        return Ok(());
    }
    let excludes = input
        .excludes
        .as_ref()
        .map(OneOrMany::as_slice)
        .unwrap_or_default();
    for entry in crom_fs::walk(&input.folder)? {
        let nested = entry.relative.contains('/');
        let is_folder = entry.kind == FileKind::Dir || entry.is_dir_link();
        if is_folder || (nested && !input.recursive) {
            continue;
        }
        let name = entry.relative.rsplit('/').next().unwrap_or(&entry.relative);
        let kept = excludes.iter().any(|pattern| fnmatch(name, pattern));
        if fnmatch(name, &input.pattern) && !kept {
            crom_fs::remove_file(&entry.path)?;
        }
    }
    Ok(())
}

/// The input of [`rename`].
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RenameInput {
    /// What there is.
    pub src: PathBuf,
    /// Its new name, which must be free.
    pub dst: PathBuf,
}

/// Renames a file or folder.
pub fn rename(input: &RenameInput) -> Result<()> {
    let failed = |why: &str| {
        let (src, dst) = (input.src.display(), input.dst.display());
        Error::BadInput(format!("rename {src} to {dst} failed{why}"))
    };
    if crom_fs::exists(&input.dst) {
        return Err(failed(", dst exists."));
    }
    crom_fs::move_path(&input.src, &input.dst).map_err(|error| failed(&format!(": {error}")))
}

/// The input of [`move_folder_contents`].
#[derive(Debug, Clone, Default, Deserialize)]
pub struct MoveContentsInput {
    /// Its content is moved, then it is removed.
    pub src_folder: PathBuf,
    /// May be above the source.
    pub dst_folder: PathBuf,
}

/// Moves all that is in a folder to another, which is created when missing. What has the same name
/// there is replaced, folders as a whole. The source folder is gone afterwards.
pub fn move_folder_contents(input: &MoveContentsInput) -> Result<()> {
    let (source, target) = (&input.src_folder, &input.dst_folder);
    crom_fs::create_dir_all(target)?;
    // A member may have the name of the source folder itself: step aside first.
    let aside = if source.parent() == Some(target) {
        let aside = crom_fs::temp_dir(target, ".moving-")?;
        let moved = aside.join("content");
        crom_fs::rename(source, &moved)?;
        Some((aside, moved))
    } else {
        None
    };
    let from = aside.as_ref().map_or(source, |(_, moved)| moved);
    for name in crom_fs::list(from)? {
        let destination = target.join(&name);
        crom_fs::remove_tree(&destination)?;
        crom_fs::move_path(from.join(&name), destination)?;
    }
    crom_fs::remove_tree(from)?;
    if let Some((aside, _)) = aside {
        crom_fs::remove_tree(aside)?;
    }
    Ok(())
}

/// The input of [`chmod`].
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ChmodInput {
    /// A file or folder.
    pub path: PathBuf,
    /// Let the owner read, or not; absent leaves it.
    #[serde(default)]
    pub read: Option<bool>,
    /// Let the owner write, or not.
    #[serde(default)]
    pub write: Option<bool>,
    /// Let the owner execute, or not.
    #[serde(default)]
    pub execute: Option<bool>,
    /// For all that is in the folder too.
    #[serde(default)]
    pub recursive: bool,
}

/// Changes the owner's permissions.
pub fn chmod(input: &ChmodInput) -> Result<()> {
    if input.read.is_none() && input.write.is_none() && input.execute.is_none() {
        return Err(Error::BadInput(
            "Could not change permission: At least one of the permissions should be set.".into(),
        ));
    }
    if !crom_fs::exists(&input.path) {
        return Err(Error::BadInput(format!(
            "Could not change permission: Path \"{}\" does not exist.",
            input.path.display()
        )));
    }
    if input.recursive {
        let mut entries = crom_fs::walk(&input.path)?;
        // Content before folders, which may become closed.
        entries.reverse();
        for entry in entries {
            if entry.kind != FileKind::Symlink {
                change_mode(input, &entry.path)?;
            }
        }
    }
    change_mode(input, &input.path)
}

fn change_mode(input: &ChmodInput, path: &Path) -> Result<()> {
    let mut mode = crom_fs::file::mode(path)?;
    for (wish, bit) in [
        (input.read, 0o400),
        (input.write, 0o200),
        (input.execute, 0o100),
    ] {
        match wish {
            Some(true) => mode |= bit,
            Some(false) => mode &= !bit,
            None => {}
        }
    }
    Ok(crom_fs::chmod(path, mode)?)
}
