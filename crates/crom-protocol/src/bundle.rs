//! Bundles: whole small revisions in one request instead of one request (or two) per file. It is
//! Crom's own; a client that meets another server, or a refusal, sends the files one by one.
//!
//! The body of a POST to [`route::BUNDLE`] is the length of the head (4 bytes, big-endian), the head
//! (JSON), and the contents of all files in the order of the head, without anything between them. All
//! revisions become visible together, in that order, or none: each must be complete with what is sent.
//!
//! [`route::BUNDLE`]: crate::route::BUNDLE

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::promotion::PromotedPackage;

/// The largest body, in bytes.
pub const MAX_SIZE: usize = 16 << 20;

/// What is in a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleHead {
    /// In the order in which they become visible.
    pub revisions: Vec<BundleRevision>,
}

/// A recipe or package revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleRevision {
    /// `name/version[@user/channel]#rrev`
    pub reference: String,
    /// The package of that recipe; none for the recipe itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<PromotedPackage>,
    /// Its files.
    pub files: Vec<BundleFile>,
}

/// A file of a revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleFile {
    /// `conanfile.py`, `metadata/logs/build.log`
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// In hex.
    pub sha1: String,
}

/// A body that isn't a bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no bundle: {0}")]
pub struct BundleError(String);

impl BundleHead {
    /// The body up to the contents of the files.
    ///
    /// # Errors
    /// It is too large to be sent.
    pub fn encode(&self) -> Result<Vec<u8>, BundleError> {
        let json = serde_json::to_vec(self).map_err(|error| BundleError(error.to_string()))?;
        let length = u32::try_from(json.len())
            .map_err(|_| BundleError("the head is too large".to_owned()))?;
        let mut body = length.to_be_bytes().to_vec();
        body.extend(json);
        Ok(body)
    }

    /// The head of a body, and where in the body each of its files is, in order.
    ///
    /// # Errors
    /// It isn't one, or the files aren't exactly as long as the rest of the body.
    pub fn decode(body: &[u8]) -> Result<(Self, Vec<Range<usize>>), BundleError> {
        let short = || BundleError("it ends within its head".to_owned());
        let (length, rest) = body.split_first_chunk::<4>().ok_or_else(short)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| short())?;
        let json = rest.get(..length).ok_or_else(short)?;
        let head: Self =
            serde_json::from_slice(json).map_err(|error| BundleError(error.to_string()))?;
        let mut at = 4 + length;
        let mut ranges = Vec::new();
        for file in head.revisions.iter().flat_map(|revision| &revision.files) {
            let end = usize::try_from(file.size)
                .ok()
                .and_then(|size| at.checked_add(size))
                .filter(|end| *end <= body.len())
                .ok_or_else(|| {
                    BundleError(format!("it ends within `{}`", file.name.escape_debug()))
                })?;
            ranges.push(at..end);
            at = end;
        }
        if at < body.len() {
            return Err(BundleError("there is something after its files".to_owned()));
        }
        Ok((head, ranges))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, size: u64) -> BundleFile {
        BundleFile {
            name: name.to_owned(),
            size,
            sha1: String::new(),
        }
    }

    fn head(files: Vec<BundleFile>) -> BundleHead {
        BundleHead {
            revisions: vec![BundleRevision {
                reference: "a/1.0#r".to_owned(),
                package: None,
                files,
            }],
        }
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let sent = head(vec![file("a", 2), file("empty", 0), file("b", 1)]);
        let mut body = sent.encode().unwrap();
        body.extend(b"xyz");
        let (decoded, ranges) = BundleHead::decode(&body).unwrap();
        assert_eq!(decoded, sent);
        let contents: Vec<&[u8]> = ranges.into_iter().map(|range| &body[range]).collect();
        assert_eq!(contents, [&b"xy"[..], b"", b"z"]);
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        for (size, content) in [(4, "xyz"), (2, "xyz"), (u64::MAX, "x")] {
            let mut body = head(vec![file("a", size)]).encode().unwrap();
            body.extend(content.as_bytes());
            assert!(BundleHead::decode(&body).is_err(), "{size}");
        }
        for body in [
            &b""[..],
            b"\0\0\0\xff{}",
            b"\0\0\0\x02[]",
            b"\xff\xff\xff\xff{}",
        ] {
            assert!(BundleHead::decode(body).is_err(), "{body:?}");
        }
    }
}
