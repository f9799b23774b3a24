//! `conan.tools.files`.

mod archive;
mod checksum;
mod content;
mod copy;
mod libs;
mod manage;
pub mod symlinks;

pub use archive::{UnzipInput, unzip};
pub use checksum::{ChecksumInput, check_md5, check_sha1, check_sha256};
pub use content::{
    LoadInput, ReplaceInput, SaveInput, decode, encode, load, replace_in_file, save,
};
pub use copy::{CopyInput, copy};
pub use libs::{CollectLibsInput, collect_libs};
pub use manage::{
    ChmodInput, MoveContentsInput, RenameInput, RmInput, chmod, mkdir, move_folder_contents,
    rename, rm, rmdir,
};

use serde::Deserialize;

/// One text or several, as recipes write both.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// `"*.h"`
    One(String),
    /// `["*.h", "*.hpp"]`
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl From<&str> for OneOrMany {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

#[cfg(test)]
mod tests;
