//! Applying a parsed patch to a folder.

use std::path::{Path, PathBuf};

use super::parse::{FilePatch, Hunk, LineKind, NULL, PatchSet};
use crate::error::Error;

/// What happened to a file, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notes {
    pub warnings: Vec<String>,
}

/// How to apply.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    pub strip: usize,
    pub fuzz: bool,
}

/// Applies all files; those that fail are collected, as the others may still be applied.
pub(super) fn apply_all(
    set: &PatchSet,
    base: &Path,
    how: How,
    notes: &mut Notes,
) -> Result<Vec<String>, Error> {
    let mut touched = Vec::new();
    let mut problems = Vec::new();
    for file in &set.files {
        match apply_file(file, base, how, notes) {
            Ok(name) => touched.push(name),
            Err(Failure::Problem(problem)) => problems.push(problem),
            Err(Failure::Error(error)) => return Err(error),
        }
    }
    if problems.is_empty() {
        Ok(touched)
    } else {
        Err(Error::PatchProblems(problems.join("\n")))
    }
}

enum Failure {
    /// The patch doesn't fit.
    Problem(String),
    /// The file system refuses.
    Error(Error),
}

impl From<crom_fs::Error> for Failure {
    fn from(error: crom_fs::Error) -> Self {
        Self::Error(error.into())
    }
}

fn apply_file(
    file: &FilePatch,
    base: &Path,
    how: How,
    notes: &mut Notes,
) -> Result<String, Failure> {
    let found = || find(file, base, how.strip);
    if file.is_create() || (file.expects_nothing() && found().is_none()) {
        let name = plain_name(&file.target, how.strip);
        let path = base.join(&name);
        crom_fs::create_dir_all(path.parent().unwrap_or(base))?;
        let bytes: Vec<u8> = file
            .hunks
            .iter()
            .flat_map(|hunk| hunk.after())
            .flat_map(|line| line.bytes.iter().copied())
            .collect();
        crom_fs::write(&path, bytes)?;
        set_mode(&path, file.mode)?;
        return Ok(name);
    }
    if file.is_delete() {
        let name = plain_name(&file.source, how.strip);
        let path = base.join(&name);
        if !crom_fs::is_file(&path) && !crom_fs::is_symlink(&path) {
            return Err(Failure::Problem(format!(
                "file to remove does not exist: `{name}`"
            )));
        }
        crom_fs::remove_file(&path)?;
        return Ok(name);
    }
    if let Some((from, to)) = &file.rename {
        return apply_rename(file, (from, to), base, how, notes);
    }
    let name = found().ok_or_else(|| {
        Failure::Problem(format!(
            "source/target file does not exist:\n  --- {}\n  +++ {}",
            file.source, file.target
        ))
    })?;
    let path = base.join(&name);
    change(file, &name, &path, &path, how, notes)?;
    set_mode(&path, file.mode)?;
    Ok(name)
}

fn apply_rename(
    file: &FilePatch,
    (from, to): (&str, &str),
    base: &Path,
    how: How,
    notes: &mut Notes,
) -> Result<String, Failure> {
    let (from, to) = (
        strip_path(&safe(from), how.strip),
        strip_path(&safe(to), how.strip),
    );
    let (source, target) = (base.join(&from), base.join(&to));
    if !crom_fs::is_file(&source) {
        return Err(Failure::Problem(format!(
            "file to rename does not exist: `{from}`"
        )));
    }
    crom_fs::create_dir_all(target.parent().unwrap_or(base))?;
    if file.hunks.is_empty() {
        crom_fs::move_path(&source, &target)?;
    } else {
        change(file, &to, &source, &target, how, notes)?;
        crom_fs::remove_file(&source)?;
    }
    set_mode(&target, file.mode)?;
    Ok(to)
}

fn set_mode(path: &Path, mode: Option<u32>) -> Result<(), Failure> {
    match mode {
        // 120000 is a link, 160000 a submodule.
        Some(mode) if mode & 0o170_000 == 0o100_000 => Ok(crom_fs::chmod(path, mode & 0o777)?),
        _ => Ok(()),
    }
}

/// Changes the content of `source` and writes it to `target`.
fn change(
    file: &FilePatch,
    name: &str,
    source: &Path,
    target: &Path,
    how: How,
    notes: &mut Notes,
) -> Result<(), Failure> {
    let old = crom_fs::read(source)?;
    let new = match patched(&old, &file.hunks, how.fuzz, name, notes) {
        Ok(new) => new,
        Err(problem) if already_patched(&old, &file.hunks) => {
            notes.warnings.push(problem);
            notes.warnings.push(format!("already patched  {name}"));
            return Ok(());
        }
        Err(problem) => return Err(Failure::Problem(problem)),
    };
    let mode = crom_fs::file::mode(source)?;
    crom_fs::make_writable(source)?;
    crom_fs::write(target, new)?;
    Ok(crom_fs::chmod(target, mode)?)
}

fn bare(line: &[u8]) -> &[u8] {
    let end = line
        .iter()
        .rposition(|byte| !matches!(byte, b'\n' | b'\r'))
        .map_or(0, |last| last + 1);
    &line[..end]
}

fn split(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// The end of all lines, when it is the same for all.
fn line_end(lines: &[&[u8]]) -> Option<&'static [u8]> {
    let (mut lf, mut crlf) = (false, false);
    for line in lines {
        if line.ends_with(b"\r\n") {
            crlf = true;
        } else if line.ends_with(b"\n") {
            lf = true;
        }
    }
    match (lf, crlf) {
        (true, false) => Some(b"\n"),
        (false, true) => Some(b"\r\n"),
        _ => None,
    }
}

/// The new content. Added lines get the line end of the file when it has only one kind. They always
/// end with one, also the last, as those of Conan's patch library do.
fn patched(
    old: &[u8],
    hunks: &[Hunk],
    fuzz: bool,
    name: &str,
    notes: &mut Notes,
) -> Result<Vec<u8>, String> {
    let lines = split(old);
    let end = line_end(&lines);
    let mut out = Vec::with_capacity(old.len() + 1024);
    let mut done = 0;
    let mut drift: isize = 0;
    for (index, hunk) in hunks.iter().enumerate() {
        let expected = hunk.source_start.max(1) - 1;
        let place = place_of(&lines, hunk, expected.saturating_add_signed(drift), done);
        let start = match place {
            Some(found) => {
                let offset = found as isize - expected as isize;
                if offset != 0 {
                    notes.warnings.push(format!(
                        "{name}: hunk no.{} applied with an offset of {offset} lines",
                        index + 1
                    ));
                }
                drift = offset;
                found
            }
            None => {
                let problem = mismatch(&lines, hunk, expected, name, index + 1);
                let fits = expected >= done && expected + hunk.before().count() <= lines.len();
                if !fuzz || !fits {
                    return Err(problem);
                }
                // `fuzz`: the place is right by its number, the lines around have changed.
                notes.warnings.push(problem);
                expected
            }
        };
        for line in &lines[done..start] {
            out.extend_from_slice(line);
        }
        let mut at = start;
        for line in &hunk.lines {
            match line.kind {
                LineKind::Context => {
                    out.extend_from_slice(lines.get(at).copied().unwrap_or_default());
                    at += 1;
                }
                LineKind::Removed => at += 1,
                LineKind::Added => {
                    ensure_end(&mut out, end);
                    match end {
                        Some(end) => {
                            out.extend_from_slice(bare(&line.bytes));
                            out.extend_from_slice(end);
                        }
                        None => out.extend_from_slice(&line.bytes),
                    }
                }
            }
        }
        done = at;
    }
    for line in lines.get(done..).unwrap_or_default() {
        out.extend_from_slice(line);
    }
    Ok(out)
}

/// A line that comes after the last one of a file without a final line end.
fn ensure_end(out: &mut Vec<u8>, end: Option<&[u8]>) {
    if !out.is_empty() && !out.ends_with(b"\n") {
        out.extend_from_slice(end.unwrap_or(b"\n"));
    }
}

/// Where a hunk fits: at its place, or at the nearest place where all its lines are.
fn place_of(lines: &[&[u8]], hunk: &Hunk, expected: usize, from: usize) -> Option<usize> {
    let before: Vec<&[u8]> = hunk.before().map(|line| bare(&line.bytes)).collect();
    if before.is_empty() {
        // Nothing to recognize the place by.
        return (expected >= from).then(|| expected.min(lines.len()));
    }
    let last = lines.len().checked_sub(before.len())?;
    let fits = |at: usize| {
        at >= from
            && at <= last
            && lines[at..at + before.len()]
                .iter()
                .zip(&before)
                .all(|(line, want)| bare(line) == *want)
    };
    (0..=lines.len())
        .flat_map(|distance| [expected.checked_sub(distance), Some(expected + distance)])
        .flatten()
        .find(|at| fits(*at))
}

fn mismatch(lines: &[&[u8]], hunk: &Hunk, expected: usize, name: &str, number: usize) -> String {
    for (offset, want) in hunk.before().enumerate() {
        let actual = lines.get(expected + offset).map(|line| bare(line));
        let want = bare(&want.bytes);
        if actual != Some(want) {
            let actual = actual.map_or("end of file".into(), String::from_utf8_lossy);
            return format!(
                "source file is different - `{name}`\n hunk no.{number} doesn't match source file \
                 at line {}\n  expected: {}\n  actual  : {actual}",
                expected + offset + 1,
                String::from_utf8_lossy(want),
            );
        }
    }
    format!("source file is different - `{name}`\n hunk no.{number} overlaps the one before it")
}

/// True when the file is what the patch makes.
fn already_patched(old: &[u8], hunks: &[Hunk]) -> bool {
    let lines = split(old);
    hunks.iter().all(|hunk| {
        let start = hunk.target_start.max(1) - 1;
        hunk.after().enumerate().all(|(offset, want)| {
            lines
                .get(start + offset)
                .is_some_and(|line| bare(line) == bare(&want.bytes))
        })
    })
}

/// Takes `a/` or `b/` away.
fn without_prefix<'a>(name: &'a str, prefix: &str) -> &'a str {
    name.strip_prefix(prefix).unwrap_or(name)
}

/// Names that lead outside are brought inside: leading `/`, drive and `..` are dropped.
fn safe(name: &str) -> String {
    let name = name.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." | ".." => {}
            drive if parts.is_empty() && drive.len() == 2 && drive.ends_with(':') => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Drops leading folders; the last part always stays.
fn strip_path(name: &str, count: usize) -> String {
    let parts: Vec<&str> = name.split('/').collect();
    parts[count.min(parts.len() - 1)..].join("/")
}

/// The name of a new or removed file. The prefix is dropped before folders are counted.
fn plain_name(name: &str, strip: usize) -> String {
    let bare = without_prefix(without_prefix(name, "a/"), "b/");
    strip_path(&safe(bare), strip)
}

/// The file a patch is about: by its old name, by its new name, and by both without `a/` and `b/`,
/// which some tools put there twice.
fn find(file: &FilePatch, base: &Path, strip: usize) -> Option<String> {
    let (mut old, mut new) = (safe(&file.source), safe(&file.target));
    for _ in 0..3 {
        for name in [&old, &new] {
            let name = strip_path(name, strip);
            if crom_fs::is_file(base.join(&name)) {
                return Some(name);
            }
        }
        old = without_prefix(&old, "a/").to_owned();
        new = without_prefix(&new, "b/").to_owned();
    }
    None
}

/// The names a patch is about, prefixes dropped, for lists.
pub(super) fn touched_names(set: &PatchSet) -> Vec<PathBuf> {
    set.files
        .iter()
        .map(|file| {
            let name = if file.target == NULL {
                &file.source
            } else {
                &file.target
            };
            PathBuf::from(plain_name(name, 0))
        })
        .collect()
}
