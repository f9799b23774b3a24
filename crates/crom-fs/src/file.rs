//! One file or folder at a time.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{Context, Error, Result};

/// What a path is, links not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Dir,
    /// A symbolic link, to whatever.
    Symlink,
    /// A device, fifo or socket.
    Other,
}

impl From<fs::FileType> for FileKind {
    fn from(kind: fs::FileType) -> Self {
        if kind.is_symlink() {
            Self::Symlink
        } else if kind.is_dir() {
            Self::Dir
        } else if kind.is_file() {
            Self::File
        } else {
            Self::Other
        }
    }
}

/// All bytes of a file.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<u8>> {
    let path = path.as_ref();
    fs::read(path).context("read", path)
}

/// All text of a file; [`Error::NotUtf8`] when it is something else.
pub fn read_text(path: impl AsRef<Path>) -> Result<String> {
    let path = path.as_ref();
    String::from_utf8(read(path)?).map_err(|error| Error::NotUtf8 {
        path: path.to_path_buf(),
        offset: error.utf8_error().valid_up_to(),
    })
}

/// All text of a file that a person may have written with any editor: UTF-8, or UTF-16 with a mark at
/// its beginning, which is left out. [`Error::NotUtf8`] when it is something else.
pub fn read_marked_text(path: impl AsRef<Path>) -> Result<String> {
    let path = path.as_ref();
    let bytes = read(path)?;
    let not_text = |offset| Error::NotUtf8 {
        path: path.to_path_buf(),
        offset,
    };
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks(2)
            .map(|pair| unit([pair[0], pair.get(1).copied().unwrap_or_default()]))
            .collect();
        String::from_utf16(&units).map_err(|_| not_text(2))
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // UTF-7, whose letters are those of ASCII.
        [b'+', b'/', b'v', b'8' | b'9' | b'+' | b'/', rest @ ..] if rest.is_ascii() => {
            Ok(String::from_utf8_lossy(rest).into_owned())
        }
        _ => {
            let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
            String::from_utf8(rest.to_vec())
                .map_err(|error| not_text(error.utf8_error().valid_up_to()))
        }
    }
}

/// Writes a file in place; its folder must exist. Use [`write_atomic`] for files that other
/// processes read.
pub fn write(path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Result<()> {
    let path = path.as_ref();
    fs::write(path, content).context("write", path)
}

/// Adds bytes at the end of a file, which is created when missing.
pub fn append(path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Result<()> {
    let path = path.as_ref();
    let mut file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .context("open", path)?;
    file.write_all(content.as_ref()).context("write", path)
}

/// Opens an existing file to write at its end.
pub fn open_append(path: impl AsRef<Path>) -> Result<File> {
    let path = path.as_ref();
    fs::OpenOptions::new()
        .append(true)
        .open(path)
        .context("open", path)
}

/// Replaces a file as one step: readers see the old content or the new one, never a half. The mode
/// of an existing file is kept; a link is replaced at its target. The folder is created when
/// missing.
pub fn write_atomic(path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Result<()> {
    let path = path.as_ref();
    let target = if is_symlink(path) {
        fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
    } else {
        path.to_path_buf()
    };
    let folder = parent(&target);
    create_dir_all(folder)?;
    let mut temp = temp_beside(&target)?;
    temp.write_all(content.as_ref()).context("write", path)?;
    if let Ok(old) = fs::metadata(&target) {
        fs::set_permissions(temp.path(), old.permissions()).context("set mode of", path)?;
    }
    temp.persist(&target)
        .map_err(|error| Error::io("write", path, error.error))?;
    Ok(())
}

/// A temporary file in the folder of `path`, so that a rename to `path` stays on one file system.
/// It is removed when dropped.
pub(crate) fn temp_beside(path: &Path) -> Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".crom-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The umask takes away what the user doesn't want, as for any other new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
        .tempfile_in(parent(path))
        .context("create a temporary file beside", path)
}

/// The folder of a path, `.` for a bare name.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Opens a file for reading.
pub fn open(path: impl AsRef<Path>) -> Result<File> {
    let path = path.as_ref();
    File::open(path).context("open", path)
}

/// Creates a named pipe.
#[cfg(target_os = "linux")]
pub fn make_fifo(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0)
        .map_err(|error| Error::io("create pipe", path, error.into()))
}

/// Opens a named pipe for reading and writing; neither waits.
pub fn open_fifo(path: impl AsRef<Path>) -> Result<File> {
    let path = path.as_ref();
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flag = rustix::fs::OFlags::NONBLOCK.bits();
        options.custom_flags(i32::try_from(flag).unwrap_or_default());
    }
    options.open(path).context("open pipe", path)
}

/// Creates or truncates a file for writing.
pub fn create(path: impl AsRef<Path>) -> Result<File> {
    let path = path.as_ref();
    File::create(path).context("create", path)
}

/// Creates a folder and those above it; fine when it exists.
pub fn create_dir_all(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    // `a/b/.` can't be made while `a/b` isn't there.
    let plain: PathBuf = path.components().collect();
    fs::create_dir_all(plain).context("create folder", path)
}

/// Creates a new empty folder with a random name that starts with `prefix` in `parent`. The caller
/// owns it.
pub fn temp_dir(parent: impl AsRef<Path>, prefix: &str) -> Result<PathBuf> {
    let parent = parent.as_ref();
    create_dir_all(parent)?;
    let dir = tempfile::Builder::new()
        .prefix(prefix)
        .tempdir_in(parent)
        .context("create a temporary folder in", parent)?;
    Ok(dir.keep())
}

/// Removes a file or link; read-only files too. Fine when it isn't there.
pub fn remove_file(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            make_writable(parent(path))?;
            if !is_symlink(path) {
                make_writable(path)?;
            }
            fs::remove_file(path).context("remove", path)
        }
        Err(error) => Err(Error::io("remove", path, error)),
    }
}

/// Removes a folder when it is empty; `true` when it was.
pub fn remove_empty_dir(path: impl AsRef<Path>) -> Result<bool> {
    let path = path.as_ref();
    match fs::remove_dir(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("remove folder", path, error)),
    }
}

/// Renames a file or folder; both must be on one file system. See [`crate::move_path`] otherwise.
pub fn rename(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<()> {
    let (from, to) = (from.as_ref(), to.as_ref());
    fs::rename(from, to).context_pair("rename", from, to)
}

/// Copies one file with its mode and modification time. A link is copied as a link. An existing
/// file or link at the destination is replaced. The destination's folder must exist.
pub fn copy_file(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<()> {
    let (from, to) = (from.as_ref(), to.as_ref());
    let meta = symlink_metadata(from)?;
    if meta.file_type().is_symlink() {
        let target = read_link(from)?;
        if is_symlink(to) || is_file(to) {
            remove_file(to)?;
        }
        return symlink(&target, to);
    }
    if is_symlink(to) {
        // Writing would go through the link.
        remove_file(to)?;
    }
    if let Err(error) = fs::copy(from, to) {
        if error.kind() != io::ErrorKind::PermissionDenied || !is_file(to) {
            return Err(Error::pair("copy", from, to, error));
        }
        // A read-only file at the destination: replace it.
        remove_file(to)?;
        fs::copy(from, to).context_pair("copy", from, to)?;
    }
    if let Ok(time) = meta.modified() {
        set_file_time(to, time)?;
    }
    Ok(())
}

/// Sets the modification time, also of a read-only file.
fn set_file_time(path: &Path, time: SystemTime) -> Result<()> {
    #[cfg(unix)]
    {
        let since = time
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let stamp = rustix::fs::Timespec {
            tv_sec: i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: since.subsec_nanos().into(),
        };
        let times = rustix::fs::Timestamps {
            last_access: rustix::fs::Timespec {
                tv_sec: 0,
                tv_nsec: rustix::fs::UTIME_NOW,
            },
            last_modification: stamp,
        };
        rustix::fs::utimensat(
            rustix::fs::CWD,
            path,
            &times,
            rustix::fs::AtFlags::SYMLINK_NOFOLLOW,
        )
        .map_err(|error| Error::io("set time of", path, error.into()))
    }
    #[cfg(not(unix))]
    {
        let file = fs::OpenOptions::new()
            .write(true)
            .open(path)
            .context("open", path)?;
        file.set_modified(time).context("set time of", path)
    }
}

/// Sets the modification time of a file, folder or link (not of what it links to).
pub fn set_modified(path: impl AsRef<Path>, time: SystemTime) -> Result<()> {
    set_file_time(path.as_ref(), time)
}

/// When the file was changed last, links followed.
pub fn modified(path: impl AsRef<Path>) -> Result<SystemTime> {
    let path = path.as_ref();
    metadata(path)?.modified().context("read time of", path)
}

/// Creates the file when missing and sets its modification time to now.
pub fn touch(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    if !exists(path) {
        fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .context("create", path)?;
    }
    set_file_time(path, SystemTime::now())
}

/// Facts about a path, links followed.
pub fn metadata(path: impl AsRef<Path>) -> Result<Metadata> {
    let path = path.as_ref();
    fs::metadata(path).context("read metadata of", path)
}

/// Facts about a path, links not followed.
pub fn symlink_metadata(path: impl AsRef<Path>) -> Result<Metadata> {
    let path = path.as_ref();
    fs::symlink_metadata(path).context("read metadata of", path)
}

/// True for anything that can be reached, links followed.
pub fn exists(path: impl AsRef<Path>) -> bool {
    fs::metadata(path).is_ok()
}

/// True for a folder or a link to one.
pub fn is_dir(path: impl AsRef<Path>) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_dir())
}

/// True for a file or a link to one.
pub fn is_file(path: impl AsRef<Path>) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file())
}

/// True for a link, broken ones too.
pub fn is_symlink(path: impl AsRef<Path>) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.file_type().is_symlink())
}

/// Where a link points to, as written in it.
pub fn read_link(path: impl AsRef<Path>) -> Result<PathBuf> {
    let path = path.as_ref();
    fs::read_link(path).context("read link", path)
}

/// Creates a symbolic link at `link` with the text `target`.
pub fn symlink(target: impl AsRef<Path>, link: impl AsRef<Path>) -> Result<()> {
    let (target, link) = (target.as_ref(), link.as_ref());
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(target, link);
    #[cfg(windows)]
    let made = if is_dir(parent(link).join(target)) {
        std::os::windows::fs::symlink_dir(target, link)
    } else {
        std::os::windows::fs::symlink_file(target, link)
    };
    made.context("create link", link)
}

/// Creates a second name for a file.
pub fn hard_link(existing: impl AsRef<Path>, link: impl AsRef<Path>) -> Result<()> {
    let (existing, link) = (existing.as_ref(), link.as_ref());
    fs::hard_link(existing, link).context_pair("link", existing, link)
}

/// The real absolute path, links resolved; it must exist.
pub fn canonical(path: impl AsRef<Path>) -> Result<PathBuf> {
    let path = path.as_ref();
    fs::canonicalize(path).context("resolve", path)
}

/// The absolute path without `.` and `..`, links not resolved; it need not exist.
pub fn absolute(path: impl AsRef<Path>) -> Result<PathBuf> {
    let path = path.as_ref();
    let full = std::path::absolute(path).context("resolve", path)?;
    Ok(normalize(&full))
}

/// Takes `.` and `x/..` out of a path by its text alone.
pub fn normalize(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => match out.components().next_back() {
                Some(Component::Normal(_)) => {
                    out.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => out.push(".."),
            },
            other => out.push(other),
        }
    }
    if out.as_os_str().is_empty() {
        out.push(".");
    }
    out
}

/// The names in a folder, sorted.
pub fn list(path: impl AsRef<Path>) -> Result<Vec<String>> {
    let path = path.as_ref();
    let mut names = Vec::new();
    for entry in fs::read_dir(path).context("list folder", path)? {
        let entry = entry.context("list folder", path)?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Sets the mode bits of a path, links followed. Does nothing on systems without them.
pub fn chmod(path: impl AsRef<Path>, mode: u32) -> Result<()> {
    let path = path.as_ref();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).context("set mode of", path)
    }
    #[cfg(not(unix))]
    {
        let _ = mode;
        Ok(())
    }
}

/// The mode bits of a path (`0o755`), links followed.
pub fn mode(path: impl AsRef<Path>) -> Result<u32> {
    let meta = metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        Ok(meta.permissions().mode() & 0o7777)
    }
    #[cfg(not(unix))]
    {
        Ok(if meta.permissions().readonly() {
            0o444
        } else {
            0o666
        })
    }
}

/// Lets the owner write to a file, or to and into a folder. Fine when it isn't there.
pub fn make_writable(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    let Ok(meta) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let mut permissions = meta.permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let need = if meta.is_dir() { 0o700 } else { 0o200 };
        if permissions.mode() & need == need {
            return Ok(());
        }
        permissions.set_mode(permissions.mode() | need);
    }
    #[cfg(not(unix))]
    #[expect(
        clippy::permissions_set_readonly_false,
        reason = "there are no mode bits here"
    )]
    permissions.set_readonly(false);
    fs::set_permissions(path, permissions).context("make writable", path)
}

/// True when the file's name is one of those that never belong to a package's content.
pub(crate) fn is_ignored_name(name: &OsStr) -> bool {
    name == ".DS_Store"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atomic_write_keeps_the_mode_and_leaves_nothing_beside() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sub/a.txt");
        write_atomic(&path, "one").unwrap();
        chmod(&path, 0o640).unwrap();
        write_atomic(&path, "two").unwrap();
        assert_eq!(read_text(&path).unwrap(), "two");
        assert_eq!(mode(&path).unwrap(), 0o640);
        assert_eq!(list(dir.path().join("sub")).unwrap(), ["a.txt"]);
    }

    #[test]
    fn errors_name_action_and_path() {
        let error = read("/nonexistent/x").unwrap_err();
        assert_eq!(
            error.to_string(),
            "failed to read `/nonexistent/x`: no such file or directory"
        );
        assert!(error.is_not_found());
    }

    #[test]
    fn invalid_text_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        write(&path, b"ab\xff").unwrap();
        let message = read_text(&path).unwrap_err().to_string();
        assert!(message.ends_with("not valid UTF-8 at byte 2"), "{message}");
    }

    #[test]
    fn copy_keeps_mode_time_and_links() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        write(at("a"), "x").unwrap();
        chmod(at("a"), 0o755).unwrap();
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::new(1_000_000, 500);
        set_modified(at("a"), time).unwrap();
        copy_file(at("a"), at("b")).unwrap();
        assert_eq!(mode(at("b")).unwrap(), 0o755);
        assert_eq!(modified(at("b")).unwrap(), time);
        symlink("nowhere", at("l")).unwrap();
        copy_file(at("l"), at("m")).unwrap();
        assert_eq!(read_link(at("m")).unwrap(), Path::new("nowhere"));
        // A link at the destination is replaced, not followed.
        copy_file(at("a"), at("m")).unwrap();
        assert!(!is_symlink(at("m")) && !exists(at("nowhere")));
        // So is a read-only file.
        chmod(at("b"), 0o444).unwrap();
        write(at("c"), "new").unwrap();
        copy_file(at("c"), at("b")).unwrap();
        assert_eq!(read_text(at("b")).unwrap(), "new");
    }

    #[test]
    fn normalizes_by_text() {
        for (input, expected) in [
            ("/a/./b/../c", "/a/c"),
            ("../x", "../x"),
            ("a/..", "."),
            ("/..", "/"),
        ] {
            assert_eq!(normalize(Path::new(input)), Path::new(expected), "{input}");
        }
    }
}
