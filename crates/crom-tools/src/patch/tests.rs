use std::path::Path;
use std::sync::Mutex;

use crom_model::reporter::{Level, Silent, Style};
use serde_json::json;

use super::*;

const PATCH: &str = "--- a/f.txt\n+++ b/f.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n";
const FILE: &str = "one\ntwo\nthree\n";
const NO_END: &str = "\\ No newline at end of file\n";

#[derive(Debug, Default)]
struct Lines(Mutex<Vec<String>>);

impl Reporter for Lines {
    fn message(&self, level: Level, _: Style, _: &str, text: &str) {
        let mark = if level == Level::Warning {
            "WARN: "
        } else {
            ""
        };
        self.0.lock().unwrap().push(format!("{mark}{text}"));
    }
    fn raw(&self, _: &[u8]) {}
}

fn content(dir: &Path) -> Vec<(String, String)> {
    crom_fs::walk(dir)
        .unwrap()
        .into_iter()
        .filter(|entry| entry.kind == crom_fs::FileKind::File)
        .map(|entry| (entry.relative, crom_fs::read_text(&entry.path).unwrap()))
        .collect()
}

/// The files after the patch, or the error.
fn applied(
    files: &[(&str, &str)],
    text: &str,
    strip: usize,
    fuzz: bool,
) -> std::result::Result<Vec<(String, String)>, String> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        crom_fs::create_dir_all(path.parent().unwrap()).unwrap();
        crom_fs::write(path, text).unwrap();
    }
    let input = PatchInput {
        base_path: dir.path().to_path_buf(),
        patch_string: Some(text.to_owned()),
        strip,
        fuzz,
        ..PatchInput::default()
    };
    patch(&input, &Silent, "").map_err(|error| error.to_string())?;
    Ok(content(dir.path()))
}

fn named(from: &str, to: &str) -> String {
    PATCH.replace("a/f.txt", from).replace("b/f.txt", to)
}

/// Patch, file before, file after: as the reference does it.
#[test]
fn content_and_line_ends() {
    let hunk = |text: &str| format!("--- a/f.txt\n+++ b/f.txt\n{text}");
    let patched = "one\nTWO\nthree\n";
    let cases: [(String, &str, &str); 14] = [
        (PATCH.into(), FILE, patched),
        (
            PATCH.into(),
            "one\r\ntwo\r\nthree\r\n",
            "one\r\nTWO\r\nthree\r\n",
        ),
        (PATCH.replace('\n', "\r\n"), FILE, patched),
        (
            PATCH.into(),
            "one\r\ntwo\nthree\r\n",
            "one\r\nTWO\nthree\r\n",
        ),
        (PATCH.replace("+TWO\n", "+TWO\r\n"), FILE, patched),
        // Applied before.
        (PATCH.into(), patched, patched),
        // Where the lines are now.
        (
            PATCH.into(),
            "0\n0\n0\none\ntwo\nthree\n",
            "0\n0\n0\none\nTWO\nthree\n",
        ),
        // The last line gets an end when it is changed.
        (
            hunk(&format!("@@ -1,2 +1,2 @@\n a\n-b\n{NO_END}+c\n{NO_END}")),
            "a\nb",
            "a\nc\n",
        ),
        (
            hunk(&format!("@@ -1,2 +1,2 @@\n-a\n+A\n b\n{NO_END}")),
            "a\nb",
            "A\nb",
        ),
        (
            hunk("@@ -1,2 +1,2 @@\n-a\n+A\n b\n"),
            "a\nb\nc\nd",
            "A\nb\nc\nd",
        ),
        // An empty context line without its blank.
        (
            hunk("@@ -1,3 +1,3 @@\n one\n\n-three\n+3\n"),
            "one\n\nthree\n",
            "one\n\n3\n",
        ),
        (
            hunk("@@ -3,1 +3,2 @@\n three\n+four\n"),
            FILE,
            "one\ntwo\nthree\nfour\n",
        ),
        (
            hunk("@@ -3,0 +4,1 @@\n+four\n"),
            FILE,
            "one\ntwo\nfour\nthree\n",
        ),
        (
            format!("From abc\nSubject: x\n---\n f.txt | 2 +-\n\n{PATCH}-- \n2.40.0\n\n"),
            FILE,
            patched,
        ),
    ];
    for (text, before, after) in cases {
        let found = applied(&[("f.txt", before)], &text, 0, false).unwrap();
        assert_eq!(found, [("f.txt".to_owned(), after.to_owned())], "{text}");
    }
}

/// Names in the patch, strip, and the file that is found.
#[test]
fn names_and_strip() {
    let git = format!(
        "diff --git a/sub/f.txt b/sub/f.txt\nindex 1234567..89abcde 100644\n{}",
        named("a/sub/f.txt", "b/sub/f.txt")
    );
    let svn = format!(
        "Index: f.txt\n====\n{}",
        named("f.txt\t(revision 1)", "f.txt\t(working copy)")
    );
    for (text, strip, file) in [
        (PATCH.to_owned(), 1, "f.txt"),
        (git.clone(), 0, "sub/f.txt"),
        (git.clone(), 1, "sub/f.txt"),
        (git.clone(), 1, "f.txt"),
        (git, 2, "f.txt"),
        (svn, 0, "f.txt"),
        (named("f.txt.orig", "f.txt"), 0, "f.txt"),
        (named("zlib-1.2/f.txt", "zlib-1.3/f.txt"), 1, "f.txt"),
        (named("old.txt", "new/f.txt"), 0, "old.txt"),
        (named("../f.txt", "../f.txt"), 0, "f.txt"),
        (named("/f.txt", "/f.txt"), 0, "f.txt"),
        (named("a/a/f.txt", "b/b/f.txt"), 0, "f.txt"),
        (
            named("a/f.txt\t2020-01-01 10:00:00.0 +0000", "b/f.txt 2020-01-01"),
            0,
            "f.txt",
        ),
        (
            named("\"a/f\\303\\251.txt\"", "\"b/f\\303\\251.txt\""),
            0,
            "fé.txt",
        ),
    ] {
        let found = applied(&[(file, FILE)], &text, strip, false).unwrap();
        assert_eq!(
            found,
            [(file.to_owned(), "one\nTWO\nthree\n".to_owned())],
            "{text}"
        );
    }
}

#[test]
fn files_come_go_and_move() {
    let new = "diff --git a/d/e/n.txt b/d/e/n.txt\nnew file mode 100755\n--- /dev/null\n\
               +++ b/d/e/n.txt\n@@ -0,0 +1,2 @@\n+a\n+b\n";
    let epoch =
        "--- a/n.txt\t1970-01-01 03:00:00.0 +0300\n+++ b/n.txt\t2020-01-01\n@@ -0,0 +1 @@\n+a\n";
    let gone = "--- a/d/f.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n";
    let moved = "diff --git a/f.txt b/s/g.txt\nsimilarity index 60%\nrename from f.txt\n\
                 rename to s/g.txt\n";
    for (files, text, strip, expected) in [
        (&[][..], new.to_owned(), 0, &[("d/e/n.txt", "a\nb\n")][..]),
        (&[], new.to_owned(), 1, &[("e/n.txt", "a\nb\n")]),
        (
            &[("d/e/n.txt", "old\n")],
            new.to_owned(),
            0,
            &[("d/e/n.txt", "a\nb\n")],
        ),
        (&[], epoch.to_owned(), 0, &[("n.txt", "a\n")]),
        (
            &[("d/f.txt", "zzz\n"), ("x", "")],
            gone.to_owned(),
            0,
            &[("x", "")],
        ),
        (
            &[("f.txt", "a\n"), ("x", "")],
            gone.to_owned(),
            1,
            &[("x", "")],
        ),
        (
            &[("f.txt", FILE)],
            moved.to_owned(),
            0,
            &[("s/g.txt", FILE)],
        ),
        (
            &[("f.txt", FILE)],
            format!("{moved}{}", named("a/f.txt", "b/s/g.txt")),
            0,
            &[("s/g.txt", "one\nTWO\nthree\n")],
        ),
    ] {
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        assert_eq!(
            applied(files, &text, strip, false).unwrap(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn failures_name_file_and_hunk() {
    for (files, text, expected) in [
        (
            &[("f.txt", "one\nxxx\nthree\n")][..],
            PATCH.to_owned(),
            "Failed to apply patch: string\nsource file is different - `f.txt`\n hunk no.1 doesn't \
             match source file at line 2\n  expected: two\n  actual  : xxx",
        ),
        (
            &[],
            PATCH.to_owned(),
            "source/target file does not exist:\n  --- a/f.txt\n  +++ b/f.txt",
        ),
        (
            &[("f.txt", "one\ntwo\nthree\nx\ny\n")],
            format!("{PATCH}@@ -4,2 +4,2 @@\n x\n-z\n+Z\n"),
            "hunk no.2 doesn't match source file at line 5",
        ),
        (
            &[],
            "hello".to_owned(),
            "Failed to parse patch: string: no patch data found",
        ),
        (
            &[],
            PATCH.replace("-1,3 +1,3", "-1,3 +1,9"),
            "patch stream is incomplete",
        ),
        (
            &[],
            "--- a/f\n+++ b/f\n".to_owned(),
            "patch stream is incomplete",
        ),
        (
            &[],
            "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\nxx\n".to_owned(),
            "invalid line 4 in `b/f` hunk 1",
        ),
    ] {
        let error = applied(files, &text, 0, false).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    // The rest is applied all the same.
    let text = format!("{PATCH}{}", PATCH.replace("f.txt", "g.txt"));
    let dir = tempfile::tempdir().unwrap();
    crom_fs::write(dir.path().join("g.txt"), FILE).unwrap();
    let input = PatchInput {
        base_path: dir.path().to_path_buf(),
        patch_string: Some(text),
        ..PatchInput::default()
    };
    patch(&input, &Silent, "").unwrap_err();
    assert_eq!(content(dir.path())[0].1, "one\nTWO\nthree\n");
}

#[test]
fn fuzz_goes_by_the_line_number() {
    let files = [("f.txt", "uno\ntwo\ntres\nx\n")];
    assert!(applied(&files, PATCH, 0, false).is_err());
    let found = applied(&files, PATCH, 0, true).unwrap();
    assert_eq!(found[0].1, "uno\nTWO\ntres\nx\n");
}

#[test]
fn messages_and_modes() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("f.txt");
    crom_fs::write(&file, FILE).unwrap();
    crom_fs::chmod(&file, 0o555).unwrap();
    let binary =
        "diff --git a/x.bin b/x.bin\nindex 0000000..1111111\nGIT binary patch\nliteral 3\nKcmZ\n\n";
    let input = PatchInput {
        base_path: dir.path().to_path_buf(),
        patch_string: Some(format!("{binary}{PATCH}")),
        patch_type: Some("bugfix".into()),
        patch_description: Some("what".into()),
        ..PatchInput::default()
    };
    let lines = Lines::default();
    patch(&input, &lines, "pkg/1").unwrap();
    assert_eq!(
        *lines.0.lock().unwrap(),
        [
            "Apply patch (bugfix): what",
            "WARN: binary change is not applied: a/x.bin b/x.bin"
        ]
    );
    assert_eq!(crom_fs::file::mode(&file).unwrap(), 0o555);
}

fn conandata(data: serde_json::Value) -> (tempfile::TempDir, ConandataPatchesInput) {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    for (name, text) in [
        ("src/f.txt", FILE),
        ("src/sub/f.txt", FILE),
        ("es/p/a.patch", PATCH),
        ("recipe/p/a.patch", PATCH),
    ] {
        crom_fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        crom_fs::write(at(name), text).unwrap();
    }
    let input = ConandataPatchesInput {
        conan_data: data,
        version: "1.0".into(),
        export_sources_folder: at("es"),
        source_folder: at("src"),
        recipe_folder: at("recipe"),
        extra_folder: None,
    };
    (dir, input)
}

/// Messages or errors of the reference for each form of `conandata.yml`.
#[test]
fn conandata_forms() {
    let needs = NEEDS_ENTRY;
    for (data, expected) in [
        (json!(null), "conandata.yml not defined"),
        (
            json!({}),
            "apply_conandata_patches(): No patches defined in conandata",
        ),
        (json!({"patches": {}}), ""),
        (json!({"patches": {"2.0": []}}), ""),
        (
            json!({"patches": {"1.0": null}}),
            "WARN: apply_conandata_patches(): No patches defined for version 1.0 in conandata.yml",
        ),
        (
            json!({"patches": {"1.0": [{"patch_file": "p/a.patch"}]}}),
            "Apply patch (file): p/a.patch",
        ),
        (
            json!({"patches": [{"patch_file": "p/a.patch"}]}),
            "Apply patch (file): p/a.patch",
        ),
        (
            json!({"patches": {"1.0": [{"patch_string": PATCH}]}}),
            "Apply patch (string)",
        ),
        (
            json!({"patches": {"1.0": [{"patch_file": "p/a.patch", "patch_description": "D",
                "patch_type": "portability", "base_path": "sub", "strip": 1, "sha256": "x"}]}}),
            "Apply patch (portability): D",
        ),
        (json!({"patches": {"1.0": [{"base_path": "x"}]}}), needs),
        (json!({"patches": {"1.0": ["p/a.patch"]}}), needs),
    ] {
        let (_dir, input) = conandata(data.clone());
        let lines = Lines::default();
        let error = apply_conandata_patches(&input, &lines, "").err();
        let found = match error {
            Some(error) => error.to_string(),
            None => lines.0.into_inner().unwrap().join("\n"),
        };
        assert_eq!(found, expected, "{data}");
    }
}

#[test]
fn conandata_base_path_and_export() {
    let entry = json!({"patches": {"1.0": [{"patch_file": "p/a.patch", "base_path": "sub"}]}});
    let (dir, mut input) = conandata(entry);
    apply_conandata_patches(&input, &Silent, "").unwrap();
    assert_eq!(
        crom_fs::read_text(dir.path().join("src/f.txt")).unwrap(),
        FILE
    );
    assert_eq!(
        crom_fs::read_text(dir.path().join("src/sub/f.txt")).unwrap(),
        "one\nTWO\nthree\n"
    );
    input.export_sources_folder = dir.path().join("new");
    export_conandata_patches(&input, &Silent, "").unwrap();
    assert_eq!(
        crom_fs::read_text(dir.path().join("new/p/a.patch")).unwrap(),
        PATCH
    );
    input.conan_data = json!({"patches": {"1.0": [{"patch_file": "p/none.patch"}]}});
    let error = export_conandata_patches(&input, &Silent, "")
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("Patch file does not exist: '") && error.ends_with("p/none.patch'"));
}
