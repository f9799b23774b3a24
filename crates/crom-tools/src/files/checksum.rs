//! `check_md5`, `check_sha1`, `check_sha256`.

use std::path::PathBuf;

use crom_fs::digest::{self, Wanted};
use serde::Deserialize;

use crate::error::{Error, Result};

/// The input of [`check_md5`] and its friends.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ChecksumInput {
    /// The file.
    pub file_path: PathBuf,
    /// The expected sum in hexadecimal.
    pub signature: String,
}

/// Fails with [`Error::Checksum`] when the md5 differs.
pub fn check_md5(input: &ChecksumInput) -> Result<()> {
    let found = digest::file_digests(&input.file_path, Wanted::MD5)?.md5;
    compare("md5", input, found)
}

/// Fails with [`Error::Checksum`] when the sha1 differs.
pub fn check_sha1(input: &ChecksumInput) -> Result<()> {
    let found = digest::file_digests(&input.file_path, Wanted::SHA1)?.sha1;
    compare("sha1", input, found)
}

/// Fails with [`Error::Checksum`] when the sha256 differs.
pub fn check_sha256(input: &ChecksumInput) -> Result<()> {
    let found = digest::file_digests(&input.file_path, Wanted::SHA256)?.sha256;
    compare("sha256", input, found)
}

fn compare(algorithm: &'static str, input: &ChecksumInput, computed: String) -> Result<()> {
    if computed == input.signature.to_lowercase() {
        return Ok(());
    }
    Err(Error::Checksum {
        algorithm,
        file: input
            .file_path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        expected: input.signature.clone(),
        computed,
    })
}
