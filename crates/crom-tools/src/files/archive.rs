//! `unzip`: any archive by its name and its first bytes.

use std::path::PathBuf;

use crom_fs::archive::{self, Format, LinkPolicy, UnpackOptions};
use crom_model::reporter::Reporter;
use serde::Deserialize;

use super::OneOrMany;
use crate::error::{Error, Result};
use crate::fnmatch::fnmatch;

/// The input of [`unzip`].
#[derive(Debug, Clone, Default, Deserialize)]
pub struct UnzipInput {
    /// The archive.
    pub filename: PathBuf,
    /// A folder; for a single compressed file (`x.gz`) the file itself.
    pub destination: PathBuf,
    /// Zip: set the permissions of the archive. (A tar always does.)
    #[serde(default)]
    pub keep_permissions: bool,
    /// Only members whose full name matches, by fnmatch.
    #[serde(default)]
    pub pattern: Option<String>,
    /// Leave out the one folder at the root.
    #[serde(default)]
    pub strip_root: bool,
    /// `fully_trusted` lets links lead outside; `None`, `tar` and `data` don't. The conf
    /// `tools.files.unzip:filter` goes here when the recipe says nothing.
    #[serde(default)]
    pub extract_filter: Option<String>,
    /// Members to leave out, by fnmatch.
    #[serde(default)]
    pub excludes: Option<OneOrMany>,
}

/// Unpacks an archive. The names `.gz` (but not `.tar.gz`) mean one compressed file.
pub fn unzip(input: &UnzipInput, reporter: &dyn Reporter, scope: &str) -> Result<()> {
    let name = input.filename.to_string_lossy().to_lowercase();
    let text = format!(
        "Uncompressing {} to {}",
        input
            .filename
            .file_name()
            .unwrap_or_default()
            .to_string_lossy(),
        input.destination.display()
    );
    reporter.status(scope, &text);
    let size = crom_fs::metadata(&input.filename)?.len();
    let mut bar = reporter.progress(&text, Some(size));
    let mut progress = |bytes: u64| bar.advance(bytes);

    let single = [".gz", ".bz2", ".xz", ".zst"].iter().any(|end| {
        name.strip_suffix(end)
            .is_some_and(|rest| !rest.ends_with(".tar"))
    });
    if single && matches!(archive::detect(&input.filename)?, Some(Format::Tar(_))) {
        if let Some(folder) = input.destination.parent() {
            crom_fs::create_dir_all(folder)?;
        }
        let target = if crom_fs::is_dir(&input.destination) {
            input
                .destination
                .join(input.filename.file_stem().unwrap_or_default())
        } else {
            input.destination.clone()
        };
        return Ok(archive::decompress_file(
            &input.filename,
            target,
            Some(&mut progress),
        )?);
    }

    let links = match input.extract_filter.as_deref() {
        None | Some("" | "data" | "tar") => LinkPolicy::Refuse,
        Some("fully_trusted") => LinkPolicy::Keep,
        Some(other) => {
            return Err(Error::BadInput(format!("filter '{other}' not found")));
        }
    };
    let excludes = input
        .excludes
        .as_ref()
        .map(OneOrMany::as_slice)
        .unwrap_or_default();
    let filter = |member: &str| {
        input
            .pattern
            .as_deref()
            .is_none_or(|pattern| fnmatch(member, pattern))
            && !excludes.iter().any(|pattern| fnmatch(member, pattern))
    };
    let options = UnpackOptions {
        strip_root: input.strip_root,
        filter: Some(&filter),
        links,
        keep_permissions: input.keep_permissions,
        zip_links: false,
        progress: Some(&mut progress),
    };
    Ok(archive::unpack(
        &input.filename,
        &input.destination,
        options,
    )?)
}
