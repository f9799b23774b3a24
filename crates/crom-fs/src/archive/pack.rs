//! Packing: PAX tars as Python's `tarfile` writes them, compressed on all processors.

use std::collections::HashMap;
use std::fs::Metadata;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tar::{EntryType, Header};

use super::Compression;
use super::gzip::ParallelGzip;
use crate::error::{Context, Error, Result};
use crate::file::{self, FileKind};
use crate::tree::walk;

/// Level when none is asked for. Measured on 350 MB of libraries, programs and headers
/// (`examples/pack_speed.rs`): processor time is 3.2 s for level 5 against 28 s of Python's gzip at
/// level 9, for 3% more bytes. Level 6 takes 28% longer for 0.4% less.
const DEFAULT_GZIP_LEVEL: u32 = 5;

/// Where the content of a member comes from.
#[derive(Debug, Clone)]
pub enum PackSource {
    /// A file, link or folder on disk. A folder stands for itself, not for its content.
    Path(PathBuf),
    /// Bytes, as a file with mode 0644 and the time now.
    Bytes(Vec<u8>),
}

/// One member of an archive to write.
#[derive(Debug, Clone)]
pub struct PackEntry {
    /// Its name in the archive, with `/`.
    pub name: String,
    /// Its content.
    pub source: PackSource,
}

impl PackEntry {
    /// A member with the content of a path.
    pub fn path(name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            source: PackSource::Path(path.into()),
        }
    }

    /// A member with these bytes.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            source: PackSource::Bytes(bytes.into()),
        }
    }
}

/// How to pack.
#[derive(Default)]
pub struct PackOptions<'a> {
    /// The compression; by the archive's name when absent, gzip for an unknown one.
    pub compression: Option<Compression>,
    /// The level, in the scale of the compression; a good one when absent.
    pub level: Option<u32>,
    /// Threads for the compression; as many as there are processors when absent.
    pub threads: Option<usize>,
    /// Called with the number of bytes read since the last call.
    pub progress: Option<&'a mut dyn FnMut(u64)>,
}

impl std::fmt::Debug for PackOptions<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("PackOptions")
            .field("compression", &self.compression)
            .field("level", &self.level)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

/// The members for a package file: all files and links below `root`, sorted by path in byte order,
/// and of the folders only the empty ones.
pub fn folder_entries(root: impl AsRef<Path>) -> Result<Vec<PackEntry>> {
    let all = walk(root)?;
    let mut entries = Vec::with_capacity(all.len());
    for (index, entry) in all.iter().enumerate() {
        if entry.kind == FileKind::Dir {
            let inside = format!("{}/", entry.relative);
            // `a/x` sorts after `a.txt`, so what follows directly says nothing: search by order.
            let at = all.partition_point(|other| other.relative < inside);
            if all
                .get(at.max(index))
                .is_some_and(|other| other.relative.starts_with(&inside))
            {
                continue;
            }
        }
        entries.push(PackEntry::path(entry.relative.clone(), &entry.path));
    }
    Ok(entries)
}

/// All below `root` with folders as members of their own and `prefix` before each name; `root`
/// itself comes first, under the name `prefix`.
pub fn tree_entries(root: impl AsRef<Path>, prefix: &str) -> Result<Vec<PackEntry>> {
    let root = root.as_ref();
    let mut entries = Vec::new();
    if !prefix.is_empty() {
        entries.push(PackEntry::path(prefix, root));
    }
    for entry in walk(root)? {
        let name = match prefix {
            "" => entry.relative,
            prefix => format!("{prefix}/{}", entry.relative),
        };
        entries.push(PackEntry::path(name, entry.path));
    }
    Ok(entries)
}

/// Writes an archive with these members in this order. The archive appears when it is complete;
/// its folder must exist. Returns its size in bytes.
pub fn pack(
    archive: impl AsRef<Path>,
    entries: &[PackEntry],
    options: PackOptions<'_>,
) -> Result<u64> {
    let archive = archive.as_ref();
    let name = archive
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let compression = options
        .compression
        .or_else(|| Compression::of_name(&name))
        .unwrap_or(Compression::Gzip);
    let threads = options
        .threads
        .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
        .unwrap_or(1);
    let temp = file::temp_beside(archive)?;
    let out = BufWriter::with_capacity(256 * 1024, temp);
    let encoder =
        Encoder::new(out, compression, &name, options.level, threads).context("write", archive)?;
    let mut packer = Packer {
        archive,
        encoder,
        progress: options.progress,
        inodes: HashMap::new(),
        owners: Owners::load(),
    };
    for entry in entries {
        packer.member(entry)?;
    }
    let out = packer.end()?;
    let temp = out
        .into_inner()
        .map_err(io::IntoInnerError::into_error)
        .context("write", archive)?;
    let file = temp
        .persist(archive)
        .map_err(|error| Error::io("write", archive, error.error))?;
    Ok(file.metadata().context("read metadata of", archive)?.len())
}

type Out = BufWriter<tempfile::NamedTempFile>;

enum Encoder {
    Plain(Out),
    Gzip(Box<ParallelGzip<Out>>),
    Bzip2(bzip2::write::BzEncoder<Out>),
    Xz(liblzma::write::XzEncoder<Out>),
    Zstd(zstd::stream::write::Encoder<'static, Out>),
}

impl Encoder {
    fn new(
        out: Out,
        compression: Compression,
        name: &str,
        level: Option<u32>,
        threads: usize,
    ) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::Plain(out),
            Compression::Gzip => {
                let level = level.unwrap_or(DEFAULT_GZIP_LEVEL).min(9);
                Self::Gzip(Box::new(ParallelGzip::new(out, name, level, threads)?))
            }
            Compression::Bzip2 => {
                let level = bzip2::Compression::new(level.unwrap_or(9).clamp(1, 9));
                Self::Bzip2(bzip2::write::BzEncoder::new(out, level))
            }
            Compression::Xz => {
                let level = level.unwrap_or(6).min(9);
                Self::Xz(liblzma::write::XzEncoder::new(out, level))
            }
            Compression::Zstd => {
                let level = i32::try_from(level.unwrap_or(3)).unwrap_or(3);
                Self::Zstd(zstd::stream::write::Encoder::new(out, level)?)
            }
        })
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(writer) => writer,
            Self::Gzip(writer) => writer,
            Self::Bzip2(writer) => writer,
            Self::Xz(writer) => writer,
            Self::Zstd(writer) => writer,
        }
    }

    fn finish(self) -> io::Result<Out> {
        match self {
            Self::Plain(writer) => Ok(writer),
            Self::Gzip(writer) => writer.finish(),
            Self::Bzip2(writer) => writer.finish(),
            Self::Xz(writer) => writer.finish(),
            Self::Zstd(writer) => writer.finish(),
        }
    }
}

/// The facts of a member's header.
struct Facts {
    kind: EntryType,
    mode: u32,
    uid: u64,
    gid: u64,
    size: u64,
    time: SystemTime,
}

struct Packer<'a, 'p> {
    archive: &'a Path,
    encoder: Encoder,
    progress: Option<&'p mut dyn FnMut(u64)>,
    // First member of each file that has several names.
    inodes: HashMap<(u64, u64), String>,
    owners: Owners,
}

impl Packer<'_, '_> {
    fn member(&mut self, entry: &PackEntry) -> Result<()> {
        let path = match &entry.source {
            PackSource::Path(path) => path,
            PackSource::Bytes(bytes) => {
                let facts = Facts {
                    kind: EntryType::Regular,
                    mode: 0o644,
                    uid: 0,
                    gid: 0,
                    size: bytes.len() as u64,
                    // Whole seconds, which need no PAX record.
                    time: UNIX_EPOCH + Duration::from_secs(since_epoch(SystemTime::now()).0),
                };
                self.header(&entry.name, "", &facts)?;
                return self.content(&mut bytes.as_slice(), bytes.len() as u64, self.archive);
            }
        };
        let meta = file::symlink_metadata(path)?;
        let kind = FileKind::from(meta.file_type());
        let mut facts = facts_of(&meta, path)?;
        match kind {
            FileKind::Dir => {
                facts.kind = EntryType::Directory;
                self.header(&format!("{}/", entry.name), "", &facts)
            }
            FileKind::Symlink => {
                facts.kind = EntryType::Symlink;
                let target = file::read_link(path)?.to_string_lossy().into_owned();
                self.header(&entry.name, &target, &facts)
            }
            FileKind::File => {
                if let Some(first) = self.first_name(&meta, &entry.name) {
                    facts.kind = EntryType::Link;
                    return self.header(&entry.name, &first, &facts);
                }
                facts.size = meta.len();
                self.header(&entry.name, "", &facts)?;
                self.content(&mut file::open(path)?, meta.len(), path)
            }
            FileKind::Other => Err(Error::io(
                "pack",
                path,
                io::Error::new(io::ErrorKind::Unsupported, "it is a device, fifo or socket"),
            )),
        }
    }

    /// The name under which this file is in the archive already.
    fn first_name(&mut self, meta: &Metadata, name: &str) -> Option<String> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            if meta.nlink() > 1 {
                let key = (meta.dev(), meta.ino());
                if let Some(first) = self.inodes.get(&key) {
                    return Some(first.clone());
                }
                self.inodes.insert(key, name.to_owned());
            }
        }
        #[cfg(not(unix))]
        let _ = (meta, name);
        None
    }

    fn header(&mut self, name: &str, link: &str, facts: &Facts) -> Result<()> {
        let records = pax_records(name, link, facts);
        if !records.is_empty() {
            let mut header = Header::new_ustar();
            put_name(&mut header, "././@PaxHeader", "");
            header.set_entry_type(EntryType::XHeader);
            header.set_mode(0);
            header.set_uid(0);
            header.set_gid(0);
            header.set_mtime(0);
            header.set_size(records.len() as u64);
            header.set_cksum();
            self.write(header.as_bytes())?;
            self.write(&records)?;
            self.pad(records.len() as u64)?;
        }
        let mut header = Header::new_ustar();
        put_name(&mut header, name, link);
        header.set_entry_type(facts.kind);
        header.set_mode(facts.mode);
        header.set_uid(fit(facts.uid, OCTAL_7));
        header.set_gid(fit(facts.gid, OCTAL_7));
        header.set_size(fit(facts.size, OCTAL_11));
        header.set_mtime(fit(since_epoch(facts.time).0, OCTAL_11));
        header.set_device_major(0).context("pack", self.archive)?;
        header.set_device_minor(0).context("pack", self.archive)?;
        // Longer names than the 32 bytes of the field are left out: they are for display only.
        let _ = header.set_username(self.owners.user(facts.uid));
        let _ = header.set_groupname(self.owners.group(facts.gid));
        header.set_cksum();
        self.write(header.as_bytes())
    }

    fn content(&mut self, reader: &mut dyn Read, size: u64, path: &Path) -> Result<()> {
        let mut block = vec![0; 128 * 1024];
        let mut left = size;
        while left > 0 {
            let want = block.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let count = reader.read(&mut block[..want]).context("read", path)?;
            if count == 0 {
                let error = io::Error::other("the file became shorter while it was packed");
                return Err(Error::io("pack", path, error));
            }
            self.write(&block[..count])?;
            left -= count as u64;
            if let Some(progress) = &mut self.progress {
                progress(count as u64);
            }
        }
        self.pad(size)
    }

    fn pad(&mut self, size: u64) -> Result<()> {
        let rest = (size % 512) as usize;
        if rest > 0 {
            self.write(&[0; 512][rest..])?;
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.encoder
            .writer()
            .write_all(bytes)
            .context("write", self.archive)
    }

    /// Two empty blocks end a tar.
    fn end(mut self) -> Result<Out> {
        self.write(&[0; 1024])?;
        self.encoder.finish().context("write", self.archive)
    }
}

const OCTAL_7: u64 = 0o777_7777;
const OCTAL_11: u64 = 0o777_7777_7777;

/// What fits into a header field; the real value is in a PAX record then.
fn fit(value: u64, limit: u64) -> u64 {
    if value > limit { 0 } else { value }
}

/// Puts as much of the names as fits; Python doesn't split them over the `prefix` field either.
fn put_name(header: &mut Header, name: &str, link: &str) {
    if let Some(ustar) = header.as_ustar_mut() {
        let field = |text: &str, field: &mut [u8; 100]| {
            let bytes = text.as_bytes();
            let count = bytes.len().min(field.len());
            field[..count].copy_from_slice(&bytes[..count]);
        };
        field(name, &mut ustar.name);
        field(link, &mut ustar.linkname);
    }
}

/// Records `length key=value\n`, where the length counts itself.
fn pax_records(name: &str, link: &str, facts: &Facts) -> Vec<u8> {
    let mut out = Vec::new();
    let mut record = |key: &str, value: &str| {
        let bare = key.len() + value.len() + 3;
        let mut length = bare + 1;
        while length.to_string().len() + bare != length {
            length = length.to_string().len() + bare;
        }
        out.extend_from_slice(format!("{length} {key}={value}\n").as_bytes());
    };
    for (key, text) in [("path", name), ("linkpath", link)] {
        if text.len() > 100 || !text.is_ascii() {
            record(key, text);
        }
    }
    for (key, value, limit) in [
        ("uid", facts.uid, OCTAL_7),
        ("gid", facts.gid, OCTAL_7),
        ("size", facts.size, OCTAL_11),
    ] {
        if value > limit {
            record(key, &value.to_string());
        }
    }
    let (seconds, nanos) = since_epoch(facts.time);
    if nanos != 0 {
        // Python's repr of a float, which has 7 digits after the point for today's times.
        record(
            "mtime",
            &format!("{}", seconds as f64 + f64::from(nanos) / 1e9),
        );
    }
    out
}

fn since_epoch(time: SystemTime) -> (u64, u32) {
    time.duration_since(UNIX_EPOCH)
        .map_or((0, 0), |since| (since.as_secs(), since.subsec_nanos()))
}

fn facts_of(meta: &Metadata, path: &Path) -> Result<Facts> {
    #[cfg(unix)]
    use std::os::unix::fs::MetadataExt;
    Ok(Facts {
        kind: EntryType::Regular,
        #[cfg(unix)]
        mode: meta.mode() & 0o7777,
        #[cfg(not(unix))]
        mode: if meta.is_dir() { 0o755 } else { 0o644 },
        #[cfg(unix)]
        uid: meta.uid().into(),
        #[cfg(not(unix))]
        uid: 0,
        #[cfg(unix)]
        gid: meta.gid().into(),
        #[cfg(not(unix))]
        gid: 0,
        size: 0,
        time: meta.modified().context("read time of", path)?,
    })
}

/// Names of users and groups, from the system's files.
struct Owners {
    users: HashMap<u64, String>,
    groups: HashMap<u64, String>,
}

impl Owners {
    fn load() -> Self {
        Self {
            users: Self::table("/etc/passwd"),
            groups: Self::table("/etc/group"),
        }
    }

    /// `name:password:number:...` per line.
    fn table(path: &str) -> HashMap<u64, String> {
        let text = file::read(path).unwrap_or_default();
        String::from_utf8_lossy(&text)
            .lines()
            .filter_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next()?;
                let number = fields.nth(1)?.parse().ok()?;
                Some((number, name.to_owned()))
            })
            .collect()
    }

    fn user(&self, id: u64) -> &str {
        self.users.get(&id).map_or("", String::as_str)
    }

    fn group(&self, id: u64) -> &str {
        self.groups.get(&id).map_or("", String::as_str)
    }
}
