use std::collections::BTreeSet;

use pretty_assertions::assert_eq;

use super::*;

fn index(versions: &str, data: &str, files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("recipes/zlib");
    crom_fs::write_atomic(recipe.join("config.yml"), versions).unwrap();
    crom_fs::write_atomic(recipe.join("all/conandata.yml"), data).unwrap();
    for (path, text) in files {
        crom_fs::write_atomic(recipe.join("all").join(path), text).unwrap();
    }
    folder
}

const CONFIG: &str = "versions:\n  \"1\":\n    folder: all\n  \"2\":\n    folder: all\n";
const DATA: &str = "sources:\n  \"1\":\n    url: https://a/1\n  \"2\":\n    url: https://a/2\n\
                    patches:\n  \"1\":\n  - patch_file: patches/1.patch\n";

fn used(root: &Path) -> files::Files {
    files::used(root, "zlib", &BTreeSet::from([String::from("1")])).unwrap()
}

#[test]
fn entries_of_other_versions_are_noise() {
    let now = index(
        CONFIG,
        DATA,
        &[("conanfile.py", "x\n"), ("patches/1.patch", "p")],
    );
    let config = format!("{CONFIG}  \"3\":\n    folder: all\n");
    let data = DATA.replace("https://a/2", "https://b/2");
    let after = index(
        &config,
        &data,
        &[
            ("conanfile.py", "x\n"),
            ("patches/1.patch", "p"),
            ("patches/2.patch", "q"),
        ],
    );
    assert_eq!(
        diff::changes(&used(now.path()), &used(after.path())),
        Vec::new()
    );
    let names = BTreeSet::new();
    let zlib = String::from("zlib");
    let names: BTreeSet<&String> = names.into_iter().chain([&zlib]).collect();
    let new = new_versions(&names, now.path(), after.path()).unwrap();
    assert_eq!(new[0].new, ["3"]);
}

#[test]
fn entries_and_files_of_versions_in_use_matter() {
    let now = index(
        CONFIG,
        DATA,
        &[("conanfile.py", "a\nb\nc\n"), ("patches/1.patch", "p")],
    );
    let data = DATA.replace("https://a/1", "https://b/1");
    let after = index(
        CONFIG,
        &data,
        &[("conanfile.py", "a\nB\nc\n"), ("patches/1.patch", "q")],
    );
    let changes = diff::changes(&used(now.path()), &used(after.path()));
    let paths: Vec<&str> = changes.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "recipes/zlib/all/conandata.yml",
            "recipes/zlib/all/conanfile.py",
            "recipes/zlib/all/patches/1.patch"
        ]
    );
    let lines: Vec<String> = changes[1].hunks[0]
        .iter()
        .map(|it| format!("{:?} {:?} {:?} {}", it.kind, it.old, it.new, it.text))
        .collect();
    assert_eq!(
        lines,
        [
            "Same Some(1) Some(1) a",
            "Removed Some(2) None b",
            "Added None Some(2) B",
            "Same Some(3) Some(3) c"
        ]
    );
}

#[test]
fn parts_that_conflict() {
    let text = "a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\nd\n";
    assert_eq!(
        conflicting_parts(text),
        ["<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n"]
    );
}
