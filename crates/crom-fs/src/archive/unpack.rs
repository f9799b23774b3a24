//! Unpacking of tar, zip and 7z with flat memory.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::time::{Duration, SystemTime};

use tar::EntryType;

use super::sink::Sink;
use super::{Compression, Format, detect};
use crate::error::{Context, Error, Result};
use crate::file;

/// What to do with links that lead outside of the destination folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LinkPolicy {
    /// Fail and name the member.
    #[default]
    Refuse,
    /// Leave them out.
    Skip,
    /// Create them as they are. Nothing is written through them.
    Keep,
}

/// How to unpack.
#[derive(Default)]
pub struct UnpackOptions<'a> {
    /// Leave out the one folder at the root of the archive; [`Error::SeveralRoots`] when there are
    /// more.
    pub strip_root: bool,
    /// Which members to take, by their full name in the archive; all when absent.
    pub filter: Option<&'a dyn Fn(&str) -> bool>,
    /// About links to the outside.
    pub links: LinkPolicy,
    /// Zip and 7z: set the unix permissions that the archive holds. (A tar always sets them.)
    pub keep_permissions: bool,
    /// Zip and 7z: create links for members that are links; else they become files with the text
    /// of the link, as Python's `zipfile` does.
    pub zip_links: bool,
    /// Called with the number of bytes read from the archive since the last call.
    pub progress: Option<&'a mut dyn FnMut(u64)>,
}

impl std::fmt::Debug for UnpackOptions<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("UnpackOptions")
            .field("strip_root", &self.strip_root)
            .field("links", &self.links)
            .field("keep_permissions", &self.keep_permissions)
            .field("zip_links", &self.zip_links)
            .finish_non_exhaustive()
    }
}

/// Unpacks an archive into a folder, which is created when missing. The format is told by the
/// bytes. When it fails, what it created is removed again.
pub fn unpack(
    archive: impl AsRef<Path>,
    destination: impl AsRef<Path>,
    options: UnpackOptions<'_>,
) -> Result<()> {
    let (archive, destination) = (archive.as_ref(), destination.as_ref());
    let format = match detect(archive)? {
        Some(format) => format,
        // An empty tar is all zeros; a zip may have a program in front.
        None => match Compression::of_name(&archive.to_string_lossy()) {
            Some(Compression::None) => Format::Tar(Compression::None),
            _ => Format::Zip,
        },
    };
    let kind = match format {
        Format::Tar(_) => "tgz",
        Format::Zip => "zip",
        Format::SevenZip => "7z",
    };
    let sink = Sink::new(
        archive,
        destination,
        kind,
        options.links,
        options.strip_root,
    )?;
    let mut job = Job {
        archive,
        options,
        sink,
    };
    let done = match format {
        Format::Tar(compression) => job.tar(compression),
        Format::Zip => job.zip(),
        Format::SevenZip => job.seven_zip(),
    };
    let done = done.and_then(|()| job.sink.finish());
    if done.is_err() {
        job.sink.discard();
    }
    done
}

/// Decompresses one file that isn't an archive (`x.gz` to `x`).
pub fn decompress_file(
    compressed: impl AsRef<Path>,
    destination: impl AsRef<Path>,
    mut progress: Option<&mut dyn FnMut(u64)>,
) -> Result<()> {
    let (source, destination) = (compressed.as_ref(), destination.as_ref());
    let Some(Format::Tar(compression)) = detect(source)? else {
        return Err(bad(
            source,
            "it is not compressed with gzip, bzip2, xz or zstd",
        ));
    };
    let mut reader = decoder(source, compression, &mut progress)?;
    let mut temp = file::temp_beside(destination)?;
    io::copy(&mut reader, &mut temp).map_err(|error| bad(source, error))?;
    drop(reader);
    temp.persist(destination)
        .map_err(|error| Error::io("write", destination, error.error))?;
    Ok(())
}

fn bad(archive: &Path, message: impl std::fmt::Display) -> Error {
    Error::BadArchive {
        archive: archive.to_path_buf(),
        message: message.to_string(),
    }
}

/// Tells the progress how much was read.
struct Counting<'p, 'f> {
    file: File,
    progress: &'p mut Option<&'f mut dyn FnMut(u64)>,
}

impl Read for Counting<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        if let Some(progress) = self.progress {
            progress(count as u64);
        }
        Ok(count)
    }
}

fn decoder<'p>(
    path: &Path,
    compression: Compression,
    progress: &'p mut Option<&mut dyn FnMut(u64)>,
) -> Result<Box<dyn Read + 'p>> {
    let counting = Counting {
        file: file::open(path)?,
        progress,
    };
    let reader = BufReader::with_capacity(256 * 1024, counting);
    Ok(match compression {
        Compression::None => Box::new(reader),
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(reader)),
        Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(reader)),
        Compression::Xz => Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(reader)),
        Compression::Zstd => {
            Box::new(zstd::stream::read::Decoder::with_buffer(reader).context("decompress", path)?)
        }
    })
}

struct Job<'j, 'a> {
    archive: &'j Path,
    options: UnpackOptions<'a>,
    sink: Sink<'j>,
}

impl Job<'_, '_> {
    fn tar(&mut self, compression: Compression) -> Result<()> {
        let reader = decoder(self.archive, compression, &mut self.options.progress)?;
        let reader = BufReader::with_capacity(128 * 1024, reader);
        let mut tar = tar::Archive::new(reader);
        let entries = tar.entries().map_err(|error| bad(self.archive, error))?;
        for entry in entries {
            let entry = entry.map_err(|error| bad(self.archive, error))?;
            tar_member(self.archive, &mut self.sink, self.options.filter, entry)?;
        }
        Ok(())
    }

    fn zip(&mut self) -> Result<()> {
        let reader = BufReader::new(file::open(self.archive)?);
        let mut zip = zip::ZipArchive::new(reader).map_err(|error| bad(self.archive, error))?;
        for index in 0..zip.len() {
            let mut member = zip
                .by_index(index)
                .map_err(|error| bad(self.archive, error))?;
            let name = member.name().to_owned();
            let packed = member.compressed_size();
            if self.options.filter.is_none_or(|filter| filter(&name)) {
                let unix = UnixFacts {
                    mode: member.unix_mode(),
                    time: member.last_modified().and_then(zip_time),
                    is_dir: member.is_dir(),
                };
                self.foreign_member(&name, &unix, &mut member)?;
            }
            if let Some(progress) = &mut self.options.progress {
                progress(packed);
            }
        }
        Ok(())
    }

    fn seven_zip(&mut self) -> Result<()> {
        let file = file::open(self.archive)?;
        let mut reader =
            sevenz_rust2::ArchiveReader::new(BufReader::new(file), sevenz_rust2::Password::empty())
                .map_err(|error| bad(self.archive, error))?;
        let mut failure = None;
        let done = reader.for_each_entries(|entry, content| {
            let name = entry.name().to_owned();
            let size = entry.size();
            let mut outcome = Ok(());
            if self.options.filter.is_none_or(|filter| filter(&name)) {
                // p7zip: with bit 15 set the upper half holds the unix mode.
                let attributes = entry.windows_attributes();
                let unix = UnixFacts {
                    mode: (attributes & 0x8000 != 0).then_some(attributes >> 16),
                    time: entry
                        .has_last_modified_date
                        .then(|| entry.last_modified_date().into()),
                    is_dir: entry.is_directory(),
                };
                outcome = self.foreign_member(&name, &unix, content);
            }
            if let Err(error) = outcome {
                failure = Some(error);
                return Ok(false);
            }
            // Blocks are decoded in sequence: what isn't wanted has to be read too.
            io::copy(content, &mut io::sink())?;
            if let Some(progress) = &mut self.options.progress {
                progress(size);
            }
            Ok(true)
        });
        match failure {
            Some(error) => Err(error),
            None => done.map_err(|error| bad(self.archive, error)),
        }
    }

    /// A member of a zip or 7z.
    fn foreign_member(
        &mut self,
        name: &str,
        unix: &UnixFacts,
        content: &mut dyn Read,
    ) -> Result<()> {
        let Some(place) = self.sink.place(name, unix.is_dir)? else {
            return Ok(());
        };
        let kind = unix.mode.map_or(0, |mode| mode & 0o170_000);
        if unix.is_dir || kind == 0o040_000 {
            return self.sink.folder(name, &place, None, unix.time);
        }
        match kind {
            0o120_000 if self.options.zip_links => {
                let mut target = String::new();
                content
                    .take(64 * 1024)
                    .read_to_string(&mut target)
                    .map_err(|error| self.sink.broken(name, &error))?;
                return self.sink.symlink(name, &place, &target);
            }
            0 | 0o100_000 | 0o120_000 => {}
            _ => return Err(self.sink.refuse_special(name)),
        }
        let mode = unix
            .mode
            .filter(|mode| self.options.keep_permissions && mode & 0o777 != 0);
        self.sink.file(name, &place, content, mode, unix.time)
    }
}

struct UnixFacts {
    mode: Option<u32>,
    time: Option<SystemTime>,
    is_dir: bool,
}

fn tar_member(
    archive: &Path,
    sink: &mut Sink<'_>,
    filter: Option<&dyn Fn(&str) -> bool>,
    mut entry: tar::Entry<'_, impl Read>,
) -> Result<()> {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let kind = entry.header().entry_type();
    if kind == EntryType::XGlobalHeader {
        return Ok(());
    }
    // Python compares names without the final slash.
    let bare = name.trim_end_matches('/');
    if !filter.is_none_or(|filter| filter(bare)) {
        return Ok(());
    }
    // Before POSIX a folder was a file with a slash at the end.
    let is_dir = kind == EntryType::Directory || (kind.is_file() && name.ends_with('/'));
    let Some(place) = sink.place(&name, is_dir)? else {
        return Ok(());
    };
    let mode = entry.header().mode().ok();
    let time = tar_time(&mut entry);
    match kind {
        _ if is_dir => sink.folder(&name, &place, mode, time),
        EntryType::Symlink => sink.symlink(&name, &place, &link_name(archive, &name, &entry)?),
        EntryType::Link => sink.hard_link(&name, &place, &link_name(archive, &name, &entry)?),
        EntryType::Char | EntryType::Block | EntryType::Fifo => Err(sink.refuse_special(&name)),
        _ => sink.file(&name, &place, &mut entry, mode, time),
    }
}

fn link_name(archive: &Path, name: &str, entry: &tar::Entry<'_, impl Read>) -> Result<String> {
    match entry.link_name_bytes() {
        Some(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        None => Err(bad(archive, format!("the link `{name}` has no target"))),
    }
}

/// The time of the PAX record, which has a fraction, or else of the header.
fn tar_time(entry: &mut tar::Entry<'_, impl Read>) -> Option<SystemTime> {
    let mut precise = None;
    if let Ok(Some(records)) = entry.pax_extensions() {
        for record in records.flatten() {
            if record.key_bytes() == b"mtime" {
                precise = record
                    .value()
                    .ok()
                    .and_then(|text| text.parse::<f64>().ok());
            }
        }
    }
    match precise {
        Some(seconds) if seconds >= 0.0 => Duration::try_from_secs_f64(seconds)
            .ok()
            .and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since)),
        _ => {
            let seconds = entry.header().mtime().ok()?;
            SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
        }
    }
}

/// Zip times have no zone and Python's `zipfile` doesn't set them; days since the epoch as if UTC.
fn zip_time(time: zip::DateTime) -> Option<SystemTime> {
    let (year, month, day) = (
        i64::from(time.year()),
        i64::from(time.month()),
        i64::from(time.day()),
    );
    // Days from civil, with years that start in March.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100
        + day_of_year
        - 719_468;
    let seconds = days * 86_400
        + i64::from(time.hour()) * 3_600
        + i64::from(time.minute()) * 60
        + i64::from(time.second());
    let since = Duration::from_secs(u64::try_from(seconds).ok()?);
    SystemTime::UNIX_EPOCH.checked_add(since)
}
