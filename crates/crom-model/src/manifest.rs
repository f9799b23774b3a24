//! `conanmanifest.txt`: the files of a recipe or package and their digests.
//!
//! ```text
//! 1700000000
//! conanfile.py: 0cc175b9c0f1b6a831c399e269772661
//! export_source/src/main.c: 92eb5ffee6ae2fec3ad71c777531578f
//! ```
//!
//! The revision is the md5 of the text without its first line.

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

/// A malformed manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The first line isn't a time.
    #[error("manifest: the first line '{0}' is not a time")]
    Time(String),
    /// A line isn't `path: md5`.
    #[error("manifest: line '{0}' is not 'path: md5'")]
    Line(String),
}

/// The content of a `conanmanifest.txt`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// When it was made, in whole seconds since 1970.
    pub time: i64,
    /// Path (with `/`, in byte order) to md5 in hex.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// Of these files.
    pub fn new(time: i64, files: BTreeMap<String, String>) -> Self {
        Self { time, files }
    }

    /// Reads the text of a `conanmanifest.txt`. Empty lines are skipped; a path may contain `: `.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let time = first
            .trim()
            .parse()
            .map_err(|_| ManifestError::Time(first.to_owned()))?;
        let mut files = BTreeMap::new();
        for line in lines.filter(|line| !line.is_empty()) {
            let (path, digest) = line
                .rsplit_once(": ")
                .ok_or_else(|| ManifestError::Line(line.to_owned()))?;
            files.insert(path.to_owned(), digest.to_owned());
        }
        Ok(Self { time, files })
    }

    /// The text of a `conanmanifest.txt`.
    pub fn dumps(&self) -> String {
        format!("{}\n{}", self.time, self.body())
    }

    /// The revision: md5 of the text without the time line.
    pub fn revision(&self) -> String {
        Self::digest(self.body().as_bytes())
    }

    /// Files that differ: path to (digest here, digest there).
    pub fn difference(
        &self,
        other: &Manifest,
    ) -> BTreeMap<String, (Option<String>, Option<String>)> {
        let paths = self.files.keys().chain(other.files.keys());
        paths
            .map(|path| (path, self.files.get(path), other.files.get(path)))
            .filter(|(_, here, there)| here != there)
            .map(|(path, here, there)| (path.clone(), (here.cloned(), there.cloned())))
            .collect()
    }

    /// md5 in hex of a file's content (of a symlink: of the text of its target).
    pub fn digest(content: &[u8]) -> String {
        hex::encode(Md5::digest(content))
    }

    fn body(&self) -> String {
        self.files
            .iter()
            .map(|(path, digest)| format!("{path}: {digest}\n"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    const TEXT: &str = "1700000000\nA.txt: 0cc175b9c0f1b6a831c399e269772661\nb/c: d.txt: 92eb5ffee6ae2fec3ad71c777531578f\n";

    #[test]
    fn text_is_read_and_written() {
        let manifest = Manifest::parse(TEXT).expect("is a manifest");
        assert_eq!(manifest.time, 1_700_000_000);
        assert_eq!(manifest.files["b/c: d.txt"], Manifest::digest(b"b"));
        assert_eq!(manifest.dumps(), TEXT);
    }

    /// Computed with `md5sum` over the lines after the first.
    #[test]
    fn revision_does_not_depend_on_the_time() {
        let mut manifest = Manifest::parse(TEXT).expect("is a manifest");
        assert_eq!(manifest.revision(), "10459633c84f5e5fb4ac72a5054679b6");
        manifest.time = 1;
        assert_eq!(manifest.revision(), "10459633c84f5e5fb4ac72a5054679b6");
        assert_eq!(
            Manifest::default().revision(),
            "d41d8cd98f00b204e9800998ecf8427e"
        );
    }

    #[test]
    fn difference_names_both_sides() {
        let one = Manifest::parse("1\na: 1\nb: 2\n").expect("is a manifest");
        let two = Manifest::parse("2\na: 1\nb: 3\nc: 4\n").expect("is a manifest");
        let expected = [
            ("b".to_owned(), (Some("2".to_owned()), Some("3".to_owned()))),
            ("c".to_owned(), (None, Some("4".to_owned()))),
        ];
        assert_eq!(one.difference(&two), BTreeMap::from(expected));
    }

    #[test]
    fn malformed_text_is_an_error() {
        assert_eq!(
            Manifest::parse("x\n"),
            Err(ManifestError::Time("x".to_owned()))
        );
        assert_eq!(
            Manifest::parse("1\nfoo\n"),
            Err(ManifestError::Line("foo".to_owned()))
        );
    }
}
