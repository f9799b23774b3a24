//! Sums of files, and the sums of all files in a folder as manifests need them.

use std::io::{self, Read, Write};
use std::path::Path;

use md5::{Digest, Md5};
use rayon::prelude::*;
use sha1::Sha1;
use sha2::Sha256;

use crate::error::{Context, Result};
use crate::file::{FileKind, is_ignored_name, open, read_link};
use crate::tree::{WalkEntry, walk};

const BLOCK: usize = 128 * 1024;

/// Fewer files than this, or fewer bytes, are read one after the other: waking threads costs more.
const FEW: usize = 16;
const SMALL: u64 = 4 << 20;

/// Which sums to compute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Compute md5.
    pub md5: bool,
    /// Compute sha1.
    pub sha1: bool,
    /// Compute sha256.
    pub sha256: bool,
}

impl Wanted {
    /// All three.
    pub const ALL: Self = Self {
        md5: true,
        sha1: true,
        sha256: true,
    };
    /// Only md5.
    pub const MD5: Self = Self {
        md5: true,
        sha1: false,
        sha256: false,
    };
    /// Only sha1.
    pub const SHA1: Self = Self {
        md5: false,
        sha1: true,
        sha256: false,
    };
    /// Only sha256.
    pub const SHA256: Self = Self {
        md5: false,
        sha1: false,
        sha256: true,
    };
}

/// Sums in lower-case hexadecimal; empty text for those not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Digests {
    /// 32 characters.
    pub md5: String,
    /// 40 characters.
    pub sha1: String,
    /// 64 characters.
    pub sha256: String,
}

/// Computes any subset of the sums over bytes as they come.
#[derive(Debug, Clone, Default)]
pub struct Hasher {
    md5: Option<Md5>,
    sha1: Option<Sha1>,
    sha256: Option<Sha256>,
}

impl Hasher {
    /// A hasher for these sums.
    pub fn new(wanted: Wanted) -> Self {
        Self {
            md5: wanted.md5.then(Md5::new),
            sha1: wanted.sha1.then(Sha1::new),
            sha256: wanted.sha256.then(Sha256::new),
        }
    }

    /// More bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        if let Some(hash) = &mut self.md5 {
            hash.update(bytes);
        }
        if let Some(hash) = &mut self.sha1 {
            hash.update(bytes);
        }
        if let Some(hash) = &mut self.sha256 {
            hash.update(bytes);
        }
    }

    /// The sums of all bytes so far.
    pub fn finish(self) -> Digests {
        Digests {
            md5: self
                .md5
                .map(|h| hex::encode(h.finalize()))
                .unwrap_or_default(),
            sha1: self
                .sha1
                .map(|h| hex::encode(h.finalize()))
                .unwrap_or_default(),
            sha256: self
                .sha256
                .map(|h| hex::encode(h.finalize()))
                .unwrap_or_default(),
        }
    }
}

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The wanted sums of a file, in one pass.
pub fn file_digests(path: impl AsRef<Path>, wanted: Wanted) -> Result<Digests> {
    let path = path.as_ref();
    let mut file = open(path)?;
    let mut hasher = Hasher::new(wanted);
    let mut block = vec![0; BLOCK];
    loop {
        let count = file.read(&mut block).context("read", path)?;
        if count == 0 {
            return Ok(hasher.finish());
        }
        hasher.update(&block[..count]);
    }
}

/// The md5 of a file.
pub fn md5(path: impl AsRef<Path>) -> Result<String> {
    Ok(file_digests(path, Wanted::MD5)?.md5)
}

/// The sha1 of a file.
pub fn sha1(path: impl AsRef<Path>) -> Result<String> {
    Ok(file_digests(path, Wanted::SHA1)?.sha1)
}

/// The sha256 of a file.
pub fn sha256(path: impl AsRef<Path>) -> Result<String> {
    Ok(file_digests(path, Wanted::SHA256)?.sha256)
}

/// One `path: md5` line of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeDigest {
    /// The place in the folder with `/`.
    pub path: String,
    /// The md5 of the content, or of the target's text for a link.
    pub md5: String,
}

/// The md5 of every file in a folder by the rules of `conanmanifest.txt`: sorted by path in byte
/// order; a link counts with the md5 of the text it points to, broken or not; links to folders,
/// empty folders, `.DS_Store` and the manifest itself don't count. Files are read in parallel.
pub fn tree_digest(root: impl AsRef<Path>) -> Result<Vec<TreeDigest>> {
    tree_digest_with(root, &|_| {})
}

/// Have the files less than [`SMALL`] bytes together? Not worth asking for each of very many.
fn is_small(entries: &[WalkEntry]) -> bool {
    let mut size = 0;
    entries.len() < 64 * FEW
        && entries.iter().all(|entry| {
            size += crate::symlink_metadata(&entry.path).map_or(0, |it| it.len());
            size < SMALL
        })
}

/// [`tree_digest`]; `hashed` is told the bytes of each file when it is done.
pub fn tree_digest_with(
    root: impl AsRef<Path>,
    hashed: &(dyn Fn(u64) + Sync),
) -> Result<Vec<TreeDigest>> {
    let entries: Vec<_> = walk(root)?
        .into_iter()
        .filter(|entry| {
            let counts = match entry.kind {
                FileKind::File => true,
                FileKind::Symlink => !entry.is_dir_link(),
                FileKind::Dir | FileKind::Other => false,
            };
            counts
                && entry.relative != "conanmanifest.txt"
                && !entry.path.file_name().is_some_and(is_ignored_name)
        })
        .collect();
    let digest = |entry: WalkEntry| -> Result<TreeDigest> {
        let md5 = if entry.kind == FileKind::Symlink {
            let target = read_link(&entry.path)?;
            let text = target.to_string_lossy().replace('\\', "/");
            hex::encode(Md5::digest(text.as_bytes()))
        } else {
            let md5 = md5(&entry.path)?;
            hashed(crate::metadata(&entry.path).map_or(0, |it| it.len()));
            md5
        };
        Ok(TreeDigest {
            path: entry.relative,
            md5,
        })
    };
    if entries.len() < FEW || is_small(&entries) {
        return entries.into_iter().map(digest).collect();
    }
    entries.into_par_iter().map(digest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::{create_dir_all, symlink, write};

    #[test]
    fn sums_of_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        write(&path, "abc").unwrap();
        let sums = file_digests(&path, Wanted::ALL).unwrap();
        assert_eq!(sums.md5, "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(sums.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(
            sums.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(file_digests(&path, Wanted::SHA1).unwrap().md5, "");
    }

    #[test]
    fn manifest_lines_of_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        create_dir_all(at("b/empty")).unwrap();
        write(at("b/x"), "abc").unwrap();
        write(at("b.txt"), "").unwrap();
        write(at("A"), "").unwrap();
        write(at(".DS_Store"), "no").unwrap();
        write(at("conanmanifest.txt"), "no").unwrap();
        write(at("b/conanmanifest.txt"), "").unwrap();
        symlink("b", at("folder_link")).unwrap();
        symlink("abc", at("broken")).unwrap();
        symlink("A", at("file_link")).unwrap();
        let lines: Vec<_> = tree_digest(dir.path())
            .unwrap()
            .into_iter()
            .map(|line| format!("{}: {}", line.path, line.md5))
            .collect();
        let (empty, abc) = (
            "d41d8cd98f00b204e9800998ecf8427e",
            "900150983cd24fb0d6963f7d28e17f72",
        );
        assert_eq!(
            lines,
            [
                format!("A: {empty}"),
                format!("b.txt: {empty}"),
                format!("b/conanmanifest.txt: {empty}"),
                format!("b/x: {abc}"),
                format!("broken: {abc}"),
                "file_link: 7fc56270e7a70fa81a5935b72eacbe29".to_owned(),
            ]
        );
    }
}
