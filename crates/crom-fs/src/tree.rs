//! Folders with all that is in them, in a fixed order.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Context, Error, Result};
use crate::file::{
    self, FileKind, copy_file, create_dir_all, is_dir, make_writable, parent, read_link,
    remove_file, symlink_metadata,
};

/// Something found by [`walk`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkEntry {
    /// Where it is.
    pub path: PathBuf,
    /// Its place in the walked folder, with `/` as separator on all systems.
    pub relative: String,
    /// What it is; links aren't followed.
    pub kind: FileKind,
}

impl WalkEntry {
    /// True for a link to an existing folder.
    pub fn is_dir_link(&self) -> bool {
        self.kind == FileKind::Symlink && is_dir(&self.path)
    }
}

/// Everything below `root`, sorted by path in byte order, without `root` itself. Links are reported
/// and not followed.
pub fn walk(root: impl AsRef<Path>) -> Result<Vec<WalkEntry>> {
    let root = root.as_ref();
    let mut entries = Vec::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1).follow_links(false) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(root).to_path_buf();
            let source = error
                .into_io_error()
                .unwrap_or_else(|| io::Error::other("loop of links"));
            Error::io("list folder", path, source)
        })?;
        entries.push(WalkEntry {
            relative: slashed(entry.path().strip_prefix(root).unwrap_or(entry.path())),
            kind: entry.file_type().into(),
            path: entry.into_path(),
        });
    }
    entries.sort_by(|a, b| a.relative.cmp(&b.relative));
    Ok(entries)
}

/// A relative path as text with `/`. Bytes that aren't UTF-8 are replaced.
pub fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

/// How [`copy_tree`] copies.
#[derive(Debug, Clone, Copy, Default)]
pub struct CopyOptions {
    /// Copy what links point to and not the links.
    pub follow_links: bool,
}

/// Copies all of `from` into `to`, which is created when missing; files that are there are
/// replaced. Modes, times and links are kept, empty folders too.
pub fn copy_tree(from: impl AsRef<Path>, to: impl AsRef<Path>, options: CopyOptions) -> Result<()> {
    let (from, to) = (from.as_ref(), to.as_ref());
    create_dir_all(to)?;
    let mut folders = Vec::new();
    for entry in walk(from)? {
        let target = to.join(&entry.relative);
        match entry.kind {
            FileKind::Dir => {
                create_dir_all(&target)?;
                folders.push((entry.path, target));
            }
            FileKind::Symlink if options.follow_links && is_dir(&entry.path) => {
                copy_tree(&entry.path, &target, options)?;
            }
            FileKind::Symlink if options.follow_links => {
                copy_file(file::canonical(&entry.path)?, &target)?;
            }
            FileKind::File | FileKind::Symlink => copy_file(&entry.path, &target)?,
            FileKind::Other => {
                let error =
                    io::Error::new(io::ErrorKind::Unsupported, "it is a device, fifo or socket");
                return Err(Error::pair("copy", &entry.path, &target, error));
            }
        }
    }
    // Modes last and deepest first: a folder without `w` can't be filled.
    for (source, target) in folders.iter().rev() {
        let mode = file::mode(source)?;
        if file::mode(target)? != mode {
            file::chmod(target, mode)?;
        }
    }
    Ok(())
}

/// Removes a folder with all that is in it, read-only files and folders too. Fine when it isn't
/// there. A link is removed, not what it points to.
pub fn remove_tree(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    if !symlink_metadata(path).is_ok_and(|meta| meta.is_dir()) {
        return remove_file(path);
    }
    match fs::remove_dir_all(path) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
        Err(error) => return Err(Error::io("remove folder", path, error)),
    }
    unlock(path)?;
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("remove folder", path, error))
        }
        _ => Ok(()),
    }
}

/// Lets the owner change a folder and all folders and files in it.
fn unlock(folder: &Path) -> Result<()> {
    make_writable(folder)?;
    for entry in fs::read_dir(folder).context("list folder", folder)? {
        let entry = entry.context("list folder", folder)?;
        let kind = entry.file_type().context("list folder", folder)?;
        if kind.is_dir() {
            unlock(&entry.path())?;
        } else if cfg!(windows) && !kind.is_symlink() {
            make_writable(entry.path())?;
        }
    }
    Ok(())
}

/// Removes whatever is at the path.
pub fn remove(path: impl AsRef<Path>) -> Result<()> {
    remove_tree(path)
}

/// Moves a file or folder, also to another file system. The destination must not exist.
pub fn move_path(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<()> {
    let (from, to) = (from.as_ref(), to.as_ref());
    match fs::rename(from, to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let copied = if symlink_metadata(from)?.is_dir() {
                copy_tree(from, to, CopyOptions::default())
            } else {
                copy_file(from, to)
            };
            if let Err(error) = copied {
                let _ = remove_tree(to);
                return Err(error);
            }
            remove_tree(from)
        }
        Err(error) => Err(Error::pair("move", from, to, error)),
    }
}

/// Moves all that is in `from` into `to`, folders merged and files replaced; `from` is empty at the
/// end and stays.
pub fn merge_move(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<()> {
    let (from, to) = (from.as_ref(), to.as_ref());
    create_dir_all(to)?;
    for entry in fs::read_dir(from).context("list folder", from)? {
        let entry = entry.context("list folder", from)?;
        let kind = entry.file_type().context("list folder", from)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let there = symlink_metadata(&target).map(|meta| meta.is_dir()).ok();
        match (kind.is_dir(), there) {
            (true, Some(true)) => {
                merge_move(&source, &target)?;
                remove_tree(&source)?;
            }
            (_, None) => move_path(&source, &target)?,
            _ => {
                remove_tree(&target)?;
                move_path(&source, &target)?;
            }
        }
    }
    Ok(())
}

/// The sum of the sizes of all files in a folder, in bytes; links count nothing.
pub fn tree_size(root: impl AsRef<Path>) -> Result<u64> {
    let mut total = 0;
    for entry in walk(root)? {
        if entry.kind == FileKind::File {
            total += symlink_metadata(&entry.path)?.len();
        }
    }
    Ok(total)
}

/// Where a link in a tree leads to by its text: the normalized absolute path.
pub fn link_destination(link: impl AsRef<Path>) -> Result<PathBuf> {
    let link = link.as_ref();
    let target = read_link(link)?;
    file::absolute(parent(link).join(target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::{chmod, is_file, is_symlink, symlink, write};

    fn sample() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        create_dir_all(at("b/empty")).unwrap();
        write(at("b/x.txt"), "x").unwrap();
        write(at("B.txt"), "big").unwrap();
        write(at("b.txt"), "small").unwrap();
        symlink("b", at("link")).unwrap();
        symlink("nothing", at("broken")).unwrap();
        dir
    }

    fn names(root: &Path) -> Vec<String> {
        walk(root)
            .unwrap()
            .into_iter()
            .map(|e| e.relative)
            .collect()
    }

    const ALL: [&str; 7] = [
        "B.txt", "b", "b.txt", "b/empty", "b/x.txt", "broken", "link",
    ];

    #[test]
    fn walks_in_byte_order_and_does_not_follow() {
        assert_eq!(names(sample().path()), ALL);
    }

    #[test]
    fn copies_links_and_empty_folders() {
        let (source, out) = (sample(), tempfile::tempdir().unwrap());
        chmod(source.path().join("b"), 0o555).unwrap();
        let to = out.path().join("copy");
        copy_tree(source.path(), &to, CopyOptions::default()).unwrap();
        assert_eq!(names(&to), ALL);
        assert!(is_symlink(to.join("link")));
        assert_eq!(file::mode(to.join("b")).unwrap(), 0o555);
        remove_tree(&to).unwrap();
        assert!(!to.exists());
        chmod(source.path().join("b"), 0o755).unwrap();
    }

    #[test]
    fn removing_a_link_keeps_its_target() {
        let dir = sample();
        remove_tree(dir.path().join("link")).unwrap();
        assert!(is_file(dir.path().join("b/x.txt")) && !is_symlink(dir.path().join("link")));
    }

    #[test]
    fn merges_folders_when_moving() {
        let (source, out) = (sample(), tempfile::tempdir().unwrap());
        create_dir_all(out.path().join("b")).unwrap();
        write(out.path().join("b/y.txt"), "y").unwrap();
        write(out.path().join("B.txt"), "old").unwrap();
        merge_move(source.path(), out.path()).unwrap();
        assert_eq!(names(source.path()), Vec::<String>::new());
        assert!(is_file(out.path().join("b/x.txt")) && is_file(out.path().join("b/y.txt")));
        assert_eq!(file::read_text(out.path().join("B.txt")).unwrap(), "big");
    }
}
