//! The sections of a `conandata.yml` in the forms that the format allows.

use crate::source::{Entry, Kind, Node, YamlFile};

/// The fields that say that a mapping is one source and not a set of named ones.
const MARKS: [&str; 4] = ["url", "sha256", "sha1", "md5"];

/// One source of a version.
#[derive(Clone, Debug)]
pub(crate) struct SourceEntry<'a> {
    /// The key of the version.
    pub(crate) version: &'a Node,
    /// The mapping with `url` and the checksums.
    pub(crate) node: &'a Node,
}

/// One patch of a version.
#[derive(Clone, Debug)]
pub(crate) struct PatchEntry<'a> {
    /// The key of the version.
    pub(crate) version: &'a Node,
    /// The mapping with `patch_file` and the rest.
    pub(crate) node: &'a Node,
}

/// The entries of a section, one per version.
pub(crate) fn versions<'a>(file: &'a YamlFile, section: &str) -> &'a [Entry] {
    let section = file.root.get(section);
    section.and_then(Node::entries).unwrap_or_default()
}

/// All sources, below names and platforms too:
///
/// ```yaml
/// sources:
///   "1.0": {url: ..., sha256: ...}
///   "1.1": [{url: [..., ...], sha256: ...}]
///   "1.2":
///     Macos: {x86_64: [{url: ..., sha256: ...}]}
/// ```
pub(crate) fn sources(file: &YamlFile) -> Vec<SourceEntry<'_>> {
    let mut found = Vec::new();
    for entry in versions(file, "sources") {
        collect(&entry.key, &entry.value, &mut found);
    }
    found
}

fn collect<'a>(version: &'a Node, node: &'a Node, found: &mut Vec<SourceEntry<'a>>) {
    match &node.kind {
        Kind::Mapping(_) if is_source(node) => found.push(SourceEntry { version, node }),
        Kind::Mapping(entries) => entries
            .iter()
            .for_each(|it| collect(version, &it.value, found)),
        Kind::Sequence(items) => items.iter().for_each(|it| collect(version, it, found)),
        Kind::Scalar { .. } => {}
    }
}

/// Whether a mapping is one source: `url` with text or mirrors, or a checksum.
pub(crate) fn is_source(node: &Node) -> bool {
    MARKS.iter().any(|mark| {
        node.get(mark)
            .is_some_and(|value| value.entries().is_none())
    })
}

/// All patches.
pub(crate) fn patches(file: &YamlFile) -> Vec<PatchEntry<'_>> {
    let mut found = Vec::new();
    for entry in versions(file, "patches") {
        for node in entry.value.items().unwrap_or_default() {
            if node.entries().is_some() {
                found.push(PatchEntry {
                    version: &entry.key,
                    node,
                });
            }
        }
    }
    found
}

/// The addresses of a source: its `url`, or the mirrors in it.
pub(crate) fn urls<'a>(source: &SourceEntry<'a>) -> Vec<&'a Node> {
    match source.node.get("url") {
        None => Vec::new(),
        Some(node) => match node.items() {
            Some(mirrors) => mirrors.iter().collect(),
            None => vec![node],
        },
    }
}
