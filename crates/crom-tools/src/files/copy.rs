//! `copy`: files that match a pattern, from one folder to another.

use std::path::{Path, PathBuf};

use crom_fs::FileKind;
use serde::Deserialize;

use super::OneOrMany;
use crate::error::{Error, Result};
use crate::fnmatch::fnmatch;

/// The input of [`copy`].
#[derive(Debug, Clone, Deserialize)]
pub struct CopyInput {
    /// What to copy: fnmatch patterns on the path relative to `src`, where `*` matches `/` too.
    pub pattern: OneOrMany,
    /// From where, absolute.
    pub src: PathBuf,
    /// To where, absolute.
    pub dst: PathBuf,
    /// Keep folders below `src`; else all files land in `dst` itself.
    #[serde(default = "yes")]
    pub keep_path: bool,
    /// What not to copy: patterns on files, or on folders with all that is in them.
    #[serde(default)]
    pub excludes: Option<OneOrMany>,
    /// Match without regard to case.
    #[serde(default = "yes")]
    pub ignore_case: bool,
    /// Write also where the destination has the same content, so that its time changes.
    #[serde(default)]
    pub overwrite_equal: bool,
}

impl CopyInput {
    /// With the defaults of `conan.tools.files.copy`.
    pub fn new(pattern: &str, src: PathBuf, dst: PathBuf) -> Self {
        Self {
            pattern: OneOrMany::One(pattern.to_owned()),
            src,
            dst,
            keep_path: true,
            excludes: None,
            ignore_case: true,
            overwrite_equal: false,
        }
    }
}

fn yes() -> bool {
    true
}

/// Copies files and links; returns the copied paths in the destination. Links are copied as links
/// and not followed. A missing `src` gives an empty list.
pub fn copy(input: &CopyInput) -> Result<Vec<PathBuf>> {
    let patterns = input.pattern.as_slice();
    if patterns.iter().any(|pattern| pattern.starts_with("..")) {
        return Err(Error::BadInput(
            "copy() it is not possible to use relative patterns starting with '..'".into(),
        ));
    }
    if !crom_fs::is_dir(&input.src) {
        return Ok(Vec::new());
    }
    let matcher = Matcher::new(input);
    let mut copied = Vec::new();
    for found in find(&input.src, &input.dst, &matcher)? {
        let target = if input.keep_path {
            input.dst.join(&found.relative)
        } else {
            let name = found.relative.rsplit('/').next().unwrap_or(&found.relative);
            input.dst.join(name)
        };
        copy_one(&found, &target, input.overwrite_equal)?;
        copied.push(target);
    }
    Ok(copied)
}

struct Matcher {
    patterns: Vec<String>,
    excludes: Vec<String>,
    ignore_case: bool,
}

impl Matcher {
    fn new(input: &CopyInput) -> Self {
        let prepare = |texts: &[String]| -> Vec<String> {
            texts
                .iter()
                .map(|text| {
                    let text = text.strip_prefix("./").unwrap_or(text);
                    if input.ignore_case {
                        text.to_lowercase()
                    } else {
                        text.to_owned()
                    }
                })
                .collect()
        };
        Self {
            patterns: prepare(input.pattern.as_slice()),
            excludes: input
                .excludes
                .as_ref()
                .map(|excludes| prepare(excludes.as_slice()))
                .unwrap_or_default(),
            ignore_case: input.ignore_case,
        }
    }

    fn cased(&self, relative: &str) -> String {
        if self.ignore_case {
            relative.to_lowercase()
        } else {
            relative.to_owned()
        }
    }

    fn excluded(&self, relative: &str) -> bool {
        let name = self.cased(relative);
        self.excludes.iter().any(|pattern| fnmatch(&name, pattern))
    }

    fn takes(&self, relative: &str) -> bool {
        let name = self.cased(relative);
        self.patterns.iter().any(|pattern| fnmatch(&name, pattern))
    }
}

/// Files and links below `src` that are wanted, in order. The destination is left out when it is
/// inside of `src`.
fn find(src: &Path, dst: &Path, matcher: &Matcher) -> Result<Vec<crom_fs::WalkEntry>> {
    let mut pruned: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for entry in crom_fs::walk(src)? {
        let below = |folder: &String| {
            entry
                .relative
                .strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if pruned.iter().any(below) {
            continue;
        }
        match entry.kind {
            FileKind::Dir
                if matcher.excluded(&entry.relative) || (entry.path == dst && dst != src) =>
            {
                pruned.push(entry.relative);
            }
            FileKind::Dir => {}
            _ if matcher.takes(&entry.relative) && !matcher.excluded(&entry.relative) => {
                found.push(entry);
            }
            _ => {}
        }
    }
    Ok(found)
}

fn copy_one(found: &crom_fs::WalkEntry, target: &Path, overwrite_equal: bool) -> Result<()> {
    if found.path == target {
        return Ok(());
    }
    if let Some(folder) = target.parent() {
        crom_fs::create_dir_all(folder)?;
    }
    if found.kind == FileKind::File && !overwrite_equal && same_content(&found.path, target)? {
        return Ok(());
    }
    if found.kind == FileKind::Symlink && crom_fs::is_dir(target) && !crom_fs::is_symlink(target) {
        // A link where an older run left a folder.
        crom_fs::remove_tree(target)?;
    }
    Ok(crom_fs::copy_file(&found.path, target)?)
}

fn same_content(one: &Path, other: &Path) -> Result<bool> {
    if crom_fs::is_symlink(other) || !crom_fs::is_file(other) {
        return Ok(false);
    }
    if crom_fs::metadata(one)?.len() != crom_fs::metadata(other)?.len() {
        return Ok(false);
    }
    Ok(crom_fs::digest::md5(one)? == crom_fs::digest::md5(other)?)
}
