//! Does what arrived have the content that its revision stands for?

use std::collections::BTreeMap;
use std::path::Path;

use crom_model::manifest::Manifest;

/// How many wrong files an error names.
const SHOWN: usize = 3;

/// Reads the manifest of an arrived folder. Revisions that are sums must be the manifest's; those of
/// a version control system can't be told from here.
pub(super) fn manifest(folder: &Path, revision: &str) -> Result<Manifest, String> {
    let text =
        crom_fs::read_text(folder.join("conanmanifest.txt")).map_err(|error| error.to_string())?;
    let manifest = Manifest::parse(&text).map_err(|error| error.to_string())?;
    let is_sum = revision.len() == 32 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = manifest.revision();
    if is_sum && found != revision {
        return Err(format!(
            "its manifest belongs to revision {found}, not to {revision}"
        ));
    }
    Ok(manifest)
}

/// Compares a folder with the part of a manifest whose paths have this prefix; `others` are left
/// out.
pub(super) fn content(
    folder: &Path,
    manifest: &Manifest,
    prefix: &str,
    other: &str,
) -> Result<(), String> {
    let expected: BTreeMap<&str, &str> = manifest
        .files
        .iter()
        .filter(|(path, _)| other.is_empty() || !path.starts_with(other))
        .filter_map(|(path, md5)| Some((path.strip_prefix(prefix)?, md5.as_str())))
        .collect();
    let found = crom_fs::digest::tree_digest(folder).map_err(|error| error.to_string())?;
    let mut wrong: Vec<String> = Vec::new();
    for file in &found {
        match expected.get(file.path.as_str()) {
            Some(md5) if *md5 == file.md5 => {}
            Some(_) => wrong.push(format!("'{}' has other content", file.path)),
            None => wrong.push(format!("'{}' doesn't belong to it", file.path)),
        }
    }
    let names: std::collections::BTreeSet<&str> =
        found.iter().map(|file| file.path.as_str()).collect();
    wrong.extend(
        expected
            .keys()
            .filter(|path| !names.contains(*path))
            .map(|path| format!("'{path}' is missing")),
    );
    if wrong.is_empty() {
        return Ok(());
    }
    let more = wrong.len().saturating_sub(SHOWN);
    wrong.truncate(SHOWN);
    let mut text = wrong.join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    Err(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        crom_fs::write(path.join("a"), "a").unwrap();
        let text = "1\na: 0cc175b9c0f1b6a831c399e269772661\nexport_source/b: 92eb5ffee6ae2fec3ad71c777531578f\n";
        crom_fs::write(path.join("conanmanifest.txt"), text).unwrap();
        let revision = Manifest::parse(text).unwrap().revision();
        let manifest = super::manifest(path, &revision).unwrap();
        assert!(super::manifest(path, "0123456789abcdef0123456789abcdef").is_err());
        assert!(super::manifest(path, "0f1e2d3c4b5a69788796a5b4c3d2e1f001234567").is_ok());
        assert_eq!(content(path, &manifest, "", "export_source/"), Ok(()));
        crom_fs::write(path.join("a"), "x").unwrap();
        crom_fs::write(path.join("c"), "x").unwrap();
        let error = content(path, &manifest, "", "").unwrap_err();
        assert_eq!(
            error,
            "'a' has other content, 'c' doesn't belong to it, 'export_source/b' is missing"
        );
    }
}
