//! The one place where members of an archive become files, whatever the format.
//!
//! Nothing is written outside of the destination folder: names are checked as text, the folder of
//! each member is checked on disk (links made by earlier members, or that were there), and files
//! are created new instead of opened.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::unpack::LinkPolicy;
use crate::error::{Context, Error, MemberProblem, Result};
use crate::file;

/// Mode and time that a folder gets when everything in it is written.
#[derive(Debug)]
struct FolderFacts {
    path: PathBuf,
    mode: Option<u32>,
    time: Option<SystemTime>,
}

/// Receives members and writes them below one folder.
#[derive(Debug)]
pub(super) struct Sink<'a> {
    archive: &'a Path,
    root: PathBuf,
    kind: &'static str,
    links: LinkPolicy,
    strip_root: bool,
    stripped: Option<String>,
    // Folders known to be real and inside.
    verified: HashSet<PathBuf>,
    made_links: Vec<(PathBuf, String)>,
    folders: Vec<FolderFacts>,
    // First-level names that this run created: removed again when it fails.
    created: HashSet<PathBuf>,
}

impl<'a> Sink<'a> {
    pub fn new(
        archive: &'a Path,
        destination: &Path,
        kind: &'static str,
        links: LinkPolicy,
        strip_root: bool,
    ) -> Result<Self> {
        file::create_dir_all(destination)?;
        Ok(Self {
            archive,
            root: file::canonical(destination)?,
            kind,
            links,
            strip_root,
            stripped: None,
            verified: HashSet::new(),
            made_links: Vec::new(),
            folders: Vec::new(),
            created: HashSet::new(),
        })
    }

    /// Where a member goes, relative to the destination. `None` when it is the root itself.
    pub fn place(&mut self, member: &str, is_dir: bool) -> Result<Option<PathBuf>> {
        let relative = self.checked(member)?;
        if !self.strip_root {
            return Ok((relative != Path::new("")).then_some(relative));
        }
        let (first, rest) = member.split_once('/').unwrap_or((member, ""));
        match &self.stripped {
            None => self.stripped = Some(first.to_owned()),
            Some(root) if root == first => {}
            Some(root) => {
                return Err(Error::SeveralRoots {
                    kind: self.kind,
                    archive: self.archive.to_path_buf(),
                    roots: vec![root.clone(), first.to_owned()],
                });
            }
        }
        let rest = self.plain(rest);
        if rest != Path::new("") {
            return Ok(Some(rest));
        }
        if is_dir {
            return Ok(None);
        }
        Err(Error::BadArchive {
            archive: self.archive.to_path_buf(),
            message: format!(
                "can't untar a {} containing files in the root with strip_root enabled: `{member}`",
                self.kind
            ),
        })
    }

    /// The place of a member that a hard link names.
    fn place_link_target(&self, member: &str, target: &str) -> Result<PathBuf> {
        let relative = self
            .checked(target)
            .map_err(|_| self.unsafe_member(member, MemberProblem::EscapingLink))?;
        if !self.strip_root {
            return Ok(relative);
        }
        let (_, rest) = target.split_once('/').unwrap_or((target, ""));
        Ok(self.plain(rest))
    }

    fn checked(&self, member: &str) -> Result<PathBuf> {
        if member.is_empty() || member.contains('\0') {
            return Err(self.unsafe_member(member, MemberProblem::BadName));
        }
        let windows_root = cfg!(windows) && (member.contains(':') || member.starts_with('\\'));
        if member.starts_with('/') || windows_root {
            return Err(self.unsafe_member(member, MemberProblem::AbsolutePath));
        }
        let separators: &[char] = if cfg!(windows) { &['/', '\\'] } else { &['/'] };
        if member.split(separators).any(|part| part == "..") {
            return Err(self.unsafe_member(member, MemberProblem::ParentPath));
        }
        Ok(self.plain(member))
    }

    fn plain(&self, text: &str) -> PathBuf {
        text.split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect()
    }

    fn unsafe_member(&self, member: &str, problem: MemberProblem) -> Error {
        Error::UnsafeMember {
            archive: self.archive.to_path_buf(),
            member: member.to_owned(),
            problem,
        }
    }

    /// A special file: never created.
    pub fn refuse_special(&self, member: &str) -> Error {
        self.unsafe_member(member, MemberProblem::SpecialFile)
    }

    /// Makes the folders above `relative` and checks that they are inside.
    fn prepare(&mut self, member: &str, relative: &Path) -> Result<PathBuf> {
        let parent = relative.parent().unwrap_or(Path::new(""));
        self.make_folders(member, parent)?;
        self.note_created(relative);
        Ok(self.root.join(relative))
    }

    fn note_created(&mut self, relative: &Path) {
        if let Some(first) = relative.components().next() {
            let top = self.root.join(first);
            if !self.created.contains(&top) && fs::symlink_metadata(&top).is_err() {
                self.created.insert(top);
            }
        }
    }

    fn make_folders(&mut self, member: &str, folder: &Path) -> Result<()> {
        if folder == Path::new("") || self.verified.contains(folder) {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.make_folders(member, parent)?;
        }
        self.note_created(folder);
        let full = self.root.join(folder);
        match fs::symlink_metadata(&full) {
            Ok(meta) if meta.file_type().is_symlink() => {
                let real = fs::canonicalize(&full).unwrap_or_default();
                if !real.starts_with(&self.root) {
                    return Err(self.unsafe_member(member, MemberProblem::ThroughLink));
                }
            }
            Ok(_) => {}
            Err(_) => fs::create_dir(&full).context("create folder", &full)?,
        }
        self.verified.insert(folder.to_path_buf());
        Ok(())
    }

    /// A folder. Mode and time are set by [`Sink::finish`].
    pub fn folder(
        &mut self,
        member: &str,
        relative: &Path,
        mode: Option<u32>,
        time: Option<SystemTime>,
    ) -> Result<()> {
        self.make_folders(member, relative)?;
        self.folders.push(FolderFacts {
            path: self.root.join(relative),
            mode,
            time,
        });
        Ok(())
    }

    /// A file with the bytes of `content`; what is at its place is replaced.
    pub fn file(
        &mut self,
        member: &str,
        relative: &Path,
        content: &mut dyn Read,
        mode: Option<u32>,
        time: Option<SystemTime>,
    ) -> Result<()> {
        let path = self.prepare(member, relative)?;
        let mut file = self.create_new(&path)?;
        io::copy(content, &mut file).map_err(|error| match error.kind() {
            // Errors of writing are about the file, those of reading about the archive.
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Error::io("write", &path, error)
            }
            _ => self.broken(member, &error),
        })?;
        #[cfg(unix)]
        if let Some(mode) = mode {
            use std::os::unix::fs::PermissionsExt;
            file.set_permissions(fs::Permissions::from_mode(mode & 0o777))
                .context("set mode of", &path)?;
        }
        #[cfg(not(unix))]
        let _ = mode;
        if let Some(time) = time {
            file.set_modified(time).context("set time of", &path)?;
        }
        Ok(())
    }

    fn create_new(&mut self, path: &Path) -> Result<fs::File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        match options.open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.clear(path)?;
                options.open(path).context("create", path)
            }
            other => other.context("create", path),
        }
    }

    /// Takes away a file or link so that something new can have its name.
    fn clear(&mut self, path: &Path) -> Result<()> {
        if let Ok(meta) = fs::symlink_metadata(path) {
            if meta.is_dir() {
                return Ok(());
            }
            self.verified.clear();
            file::remove_file(path)?;
        }
        Ok(())
    }

    /// A symbolic link with the text `target`.
    pub fn symlink(&mut self, member: &str, relative: &Path, target: &str) -> Result<()> {
        let outside = leaves(relative, target);
        match self.links {
            LinkPolicy::Refuse if outside => {
                return Err(self.unsafe_member(member, MemberProblem::EscapingLink));
            }
            LinkPolicy::Skip if outside => return Ok(()),
            _ => {}
        }
        let path = self.prepare(member, relative)?;
        self.clear(&path)?;
        file::symlink(target, &path)?;
        if self.links != LinkPolicy::Keep {
            self.made_links.push((path, member.to_owned()));
        }
        Ok(())
    }

    /// A second name for a member that was written before.
    pub fn hard_link(&mut self, member: &str, relative: &Path, target: &str) -> Result<()> {
        let existing = self.place_link_target(member, target)?;
        if existing == Path::new("") {
            return Err(self.unsafe_member(member, MemberProblem::EscapingLink));
        }
        // Its folders may be links too.
        if let Some(parent) = existing.parent() {
            self.make_folders(member, parent)?;
        }
        let path = self.prepare(member, relative)?;
        let existing = self.root.join(existing);
        if existing == path {
            return Ok(());
        }
        self.clear(&path)?;
        file::hard_link(&existing, &path)
    }

    /// The archive's bytes are damaged within a member.
    pub fn broken(&self, member: &str, error: &dyn std::fmt::Display) -> Error {
        Error::BadArchive {
            archive: self.archive.to_path_buf(),
            message: format!("`{member}`: {error}"),
        }
    }

    /// Checks where the links lead now that everything is there, and sets modes and times of
    /// folders, deepest first.
    pub fn finish(&mut self) -> Result<()> {
        for (path, member) in &self.made_links {
            let inside = fs::canonicalize(path).map_or(true, |real| real.starts_with(&self.root));
            if inside {
                continue;
            }
            file::remove_file(path)?;
            if self.links == LinkPolicy::Refuse {
                return Err(self.unsafe_member(member, MemberProblem::EscapingLink));
            }
        }
        for folder in self.folders.iter().rev() {
            // A later member may have replaced it by a link.
            if !fs::symlink_metadata(&folder.path).is_ok_and(|meta| meta.is_dir()) {
                continue;
            }
            if let Some(mode) = folder.mode {
                file::chmod(&folder.path, mode & 0o777)?;
            }
            if let Some(time) = folder.time {
                file::set_modified(&folder.path, time)?;
            }
        }
        Ok(())
    }

    /// Removes what this run created.
    pub fn discard(&mut self) {
        for path in &self.created {
            // The failure that led here is the one to report.
            let _ = crate::tree::remove_tree(path);
        }
    }
}

/// True when a link at `relative` with the text `target` leads outside, by the text alone.
fn leaves(relative: &Path, target: &str) -> bool {
    if target.starts_with('/') || (cfg!(windows) && target.contains(':')) {
        return true;
    }
    let mut depth = relative.components().count() as i64 - 1;
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        if depth < 0 {
            return true;
        }
    }
    false
}
