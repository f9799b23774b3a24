//! `conan.tools.files.symlinks`.

use std::path::{Component, Path, PathBuf};

use crom_fs::{FileKind, WalkEntry};

use crate::error::Result;

/// The links below a folder, links to folders and broken ones too.
pub fn get_symlinks(base_folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(links(base_folder)?
        .into_iter()
        .map(|entry| entry.path)
        .collect())
}

fn links(base: &Path) -> Result<Vec<WalkEntry>> {
    let mut entries = crom_fs::walk(base)?;
    entries.retain(|entry| entry.kind == FileKind::Symlink);
    Ok(entries)
}

/// Makes links relative that lead by absolute paths into the folder; others stay.
pub fn absolute_to_relative_symlinks(base_folder: &Path) -> Result<()> {
    for link in links(base_folder)? {
        let target = crom_fs::read_link(&link.path)?;
        let parent = link.path.parent().unwrap_or(base_folder);
        if !target.is_absolute() || !is_inside(&target, base_folder) {
            continue;
        }
        let target = crom_fs::file::normalize(&target);
        crom_fs::remove_file(&link.path)?;
        crom_fs::symlink(relative_to(&target, parent), &link.path)?;
    }
    Ok(())
}

/// Removes links that lead out of the folder.
pub fn remove_external_symlinks(base_folder: &Path) -> Result<()> {
    for link in links(base_folder)? {
        let target = crom_fs::read_link(&link.path)?;
        let parent = link.path.parent().unwrap_or(base_folder);
        if !is_inside(&parent.join(target), base_folder) {
            crom_fs::remove_file(&link.path)?;
        }
    }
    Ok(())
}

/// Removes links to nothing.
pub fn remove_broken_symlinks(base_folder: &Path) -> Result<()> {
    for link in links(base_folder)? {
        if !crom_fs::exists(&link.path) {
            crom_fs::remove_file(&link.path)?;
        }
    }
    Ok(())
}

fn is_inside(path: &Path, base: &Path) -> bool {
    crom_fs::file::normalize(path).starts_with(crom_fs::file::normalize(base))
}

/// The way from a folder to a path, both absolute and normalized.
fn relative_to(target: &Path, from: &Path) -> PathBuf {
    let target: Vec<Component<'_>> = target.components().collect();
    let from: Vec<Component<'_>> = from.components().collect();
    let common = target.iter().zip(&from).take_while(|(a, b)| a == b).count();
    let mut out = PathBuf::new();
    for _ in common..from.len() {
        out.push("..");
    }
    for part in &target[common..] {
        out.push(part);
    }
    if out.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        out
    }
}
