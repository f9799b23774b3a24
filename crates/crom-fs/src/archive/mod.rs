//! Archives: what they are, safe unpacking, fast packing.

mod gzip;
mod pack;
mod sink;
mod unpack;

use std::io::Read;
use std::path::Path;

pub use pack::{PackEntry, PackOptions, PackSource, folder_entries, pack, tree_entries};
pub use unpack::{LinkPolicy, UnpackOptions, decompress_file, unpack};

use crate::error::{Context, Result};
use crate::file::open;

/// How the bytes of a tar are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, one or several members.
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// Zstandard.
    Zstd,
}

impl Compression {
    /// What the name of a package file says: `conan_package.tgz`, `.txz`, `.tzst`.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| name.ends_with(suffix));
        if ends(&[".tgz", ".gz"]) {
            Some(Self::Gzip)
        } else if ends(&[".txz", ".xz"]) {
            Some(Self::Xz)
        } else if ends(&[".tzst", ".zst", ".tzs"]) {
            Some(Self::Zstd)
        } else if ends(&[".tbz2", ".bz2", ".tbz"]) {
            Some(Self::Bzip2)
        } else if ends(&[".tar"]) {
            Some(Self::None)
        } else {
            None
        }
    }
}

/// What kind of archive a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A tar, compressed or not.
    Tar(Compression),
    /// A zip.
    Zip,
    /// A 7z.
    SevenZip,
}

/// Tells the format by the first bytes; `None` for anything unknown. A compressed file is taken
/// for a compressed tar without looking inside.
pub fn detect(path: impl AsRef<Path>) -> Result<Option<Format>> {
    let path = path.as_ref();
    let mut head = Vec::with_capacity(512);
    open(path)?
        .take(512)
        .read_to_end(&mut head)
        .context("read", path)?;
    Ok(detect_bytes(&head))
}

fn detect_bytes(head: &[u8]) -> Option<Format> {
    const MAGIC: [(&[u8], Format); 8] = [
        (b"\x1f\x8b", Format::Tar(Compression::Gzip)),
        (b"BZh", Format::Tar(Compression::Bzip2)),
        (b"\xfd7zXZ\0", Format::Tar(Compression::Xz)),
        (b"\x28\xb5\x2f\xfd", Format::Tar(Compression::Zstd)),
        (b"PK\x03\x04", Format::Zip),
        (b"PK\x05\x06", Format::Zip),
        (b"PK\x07\x08", Format::Zip),
        (b"7z\xbc\xaf\x27\x1c", Format::SevenZip),
    ];
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(*format);
    }
    (head.len() == 512 && is_tar_header(head)).then_some(Format::Tar(Compression::None))
}

/// Tars from before POSIX have no magic, but all have the sum of the header in it, in octal.
fn is_tar_header(head: &[u8]) -> bool {
    let sum: u32 = head
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            u32::from(if (148..156).contains(&at) {
                b' '
            } else {
                *byte
            })
        })
        .sum();
    let digits: String = head[148..156]
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .map(|byte| char::from(*byte))
        .collect();
    u32::from_str_radix(&digits, 8) == Ok(sum)
}
