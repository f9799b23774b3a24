use std::path::Path;

use crom_fs::{FileKind, chmod as set_mode, create_dir_all, read_link, symlink, walk, write};
use crom_model::reporter::Silent;
use serde_json::json;

use super::*;

/// `name`, `name=text`, `name/` or `name -> target`.
fn make(dir: &Path, entries: &[&str]) {
    for entry in entries {
        let name = entry.split([' ', '=']).next().unwrap();
        let path = dir.join(name);
        if name.ends_with('/') {
            create_dir_all(&path).unwrap();
            continue;
        }
        create_dir_all(path.parent().unwrap()).unwrap();
        if let Some((_, target)) = entry.split_once(" -> ") {
            symlink(target.replace("$", &dir.to_string_lossy()), &path).unwrap();
        } else {
            write(&path, entry.split_once('=').map_or("x", |(_, text)| text)).unwrap();
        }
    }
}

fn listing(dir: &Path) -> Vec<String> {
    walk(dir)
        .unwrap()
        .into_iter()
        .map(|entry| match entry.kind {
            FileKind::Dir => format!("{}/", entry.relative),
            FileKind::Symlink => {
                format!(
                    "{} -> {}",
                    entry.relative,
                    read_link(&entry.path).unwrap().display()
                )
            }
            _ => entry.relative,
        })
        .collect()
}

const TREE: [&str; 10] = [
    "src/a.h",
    "src/A.H",
    "src/sub/b.h",
    "src/sub/deep/c.txt",
    "src/sub/x.so.1",
    "src/sub/x.so -> x.so.1",
    "src/ext -> /etc",
    "src/lnk -> sub",
    "src/.hid/h.h",
    "src/sub/broken -> nowhere",
];

/// Arguments of `copy` and the copied files, as the reference gives them (sorted).
#[test]
fn copy_patterns() {
    let headers = vec![".hid/h.h", "A.H", "a.h", "sub/b.h"];
    for (arguments, expected) in [
        (json!({"pattern": "*.h"}), headers.clone()),
        (json!({"pattern": "*.H"}), headers),
        (
            json!({"pattern": "*.h", "keep_path": false}),
            vec!["h.h", "A.H", "a.h", "b.h"],
        ),
        (
            json!({"pattern": "*.h", "ignore_case": false}),
            vec![".hid/h.h", "a.h", "sub/b.h"],
        ),
        (
            json!({"pattern": "*", "excludes": ["*.h", "sub/deep*"]}),
            vec!["ext", "lnk", "sub/broken", "sub/x.so", "sub/x.so.1"],
        ),
        (
            json!({"pattern": "sub/*"}),
            vec![
                "sub/b.h",
                "sub/broken",
                "sub/deep/c.txt",
                "sub/x.so",
                "sub/x.so.1",
            ],
        ),
        (json!({"pattern": "lnk/*"}), vec![]),
        (json!({"pattern": "lnk"}), vec!["lnk"]),
        (json!({"pattern": "sub"}), vec![]),
        (json!({"pattern": "x.so*"}), vec![]),
        (json!({"pattern": "*x.so*"}), vec!["sub/x.so", "sub/x.so.1"]),
        (json!({"pattern": "**/*.h"}), vec![".hid/h.h", "sub/b.h"]),
        (
            json!({"pattern": ["a.h", "*.txt"]}),
            vec!["A.H", "a.h", "sub/deep/c.txt"],
        ),
        (
            json!({"pattern": "*", "excludes": "sub"}),
            vec![".hid/h.h", "A.H", "a.h", "ext", "lnk"],
        ),
        (json!({"pattern": "[ab].h"}), vec!["A.H", "a.h"]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        make(dir.path(), &TREE);
        let mut arguments = arguments;
        arguments["src"] = json!(dir.path().join("src"));
        arguments["dst"] = json!(dir.path().join("dst"));
        let input: CopyInput = serde_json::from_value(arguments.clone()).unwrap();
        let copied = copy(&input).unwrap();
        let expected: Vec<_> = expected
            .iter()
            .map(|it| dir.path().join("dst").join(it))
            .collect();
        assert_eq!(copied, expected, "{arguments}");
        for path in copied {
            assert!(crom_fs::symlink_metadata(&path).is_ok(), "{path:?}");
        }
    }
}

#[test]
fn copy_into_itself_and_wrong_patterns() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path(), &["a", "out/old", "s/b"]);
    let input = |pattern: &str| CopyInput {
        pattern: pattern.into(),
        src: dir.path().to_path_buf(),
        dst: dir.path().join("out"),
        keep_path: true,
        excludes: None,
        ignore_case: true,
        overwrite_equal: false,
    };
    assert_eq!(copy(&input("*")).unwrap().len(), 2);
    let error = copy(&input("../*")).unwrap_err().to_string();
    assert_eq!(
        error,
        "copy() it is not possible to use relative patterns starting with '..'"
    );
}

#[test]
fn rm_takes_files_only() {
    for (pattern, recursive, excludes, gone) in [
        ("*.h", false, None, vec!["a.h"]),
        ("*.h", true, None, vec![".hid/h.h", "a.h", "sub/b.h"]),
        ("*", false, Some(json!("*.h")), vec!["A.H"]),
        (
            "x.so*",
            true,
            Some(json!(["*.so.1"])),
            vec!["sub/x.so -> x.so.1"],
        ),
        ("sub", false, None, vec![]),
        ("sub/*.h", false, None, vec![]),
        ("lnk", false, None, vec![]),
        ("broken", true, None, vec!["sub/broken -> nowhere"]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        make(dir.path(), &TREE);
        let src = dir.path().join("src");
        let before = listing(&src);
        let input: RmInput = serde_json::from_value(
            json!({"pattern": pattern, "folder": src, "recursive": recursive, "excludes": excludes}),
        )
        .unwrap();
        rm(&input).unwrap();
        let after = listing(&src);
        let missing: Vec<_> = before
            .into_iter()
            .filter(|it| !after.contains(it))
            .collect();
        assert_eq!(missing, gone, "{pattern}");
    }
}

#[test]
fn rmdir_and_rename() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    make(dir.path(), &["a/f", "b/g", "l -> a", "file"]);
    rmdir(&at("none")).unwrap();
    rmdir(&at("file")).unwrap();
    assert!(
        rmdir(&at("l"))
            .unwrap_err()
            .to_string()
            .starts_with("Couldn't remove folder: ")
    );
    let renamed = |src: &str, dst: &str| {
        rename(&RenameInput {
            src: at(src),
            dst: at(dst),
        })
        .map_err(|error| error.to_string())
    };
    assert!(
        renamed("a", "b")
            .unwrap_err()
            .ends_with("failed, dst exists.")
    );
    assert!(renamed("zz", "y").unwrap_err().contains("failed: "));
    renamed("a", "c").unwrap();
    rmdir(&at("b")).unwrap();
    assert_eq!(listing(dir.path()), ["c/", "c/f", "file", "l -> a"]);
}

#[test]
fn folder_contents_move_also_upwards() {
    let dir = tempfile::tempdir().unwrap();
    make(
        dir.path(),
        &["s/a=new", "s/d/b", "t/d/c", "t/a=old", "x/x/y", "x/x/x/z"],
    );
    let moved = |src: &str, dst: &str| {
        move_folder_contents(&MoveContentsInput {
            src_folder: dir.path().join(src),
            dst_folder: dir.path().join(dst),
        })
        .unwrap();
    };
    moved("s", "t");
    moved("x/x", "x");
    assert_eq!(
        listing(dir.path()),
        ["t/", "t/a", "t/d/", "t/d/b", "x/", "x/x/", "x/x/z", "x/y"]
    );
    assert_eq!(crom_fs::read_text(dir.path().join("t/a")).unwrap(), "new");
}

#[test]
fn chmod_changes_the_owner() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path(), &["f", "d/g", "d/l -> nowhere"]);
    let path = dir.path().join("f");
    for (change, expected) in [
        (json!({"read": false}), 0o244),
        (json!({"write": false}), 0o444),
        (json!({"execute": true}), 0o744),
        (
            json!({"execute": true, "write": false, "read": true}),
            0o544,
        ),
    ] {
        set_mode(&path, 0o644).unwrap();
        let mut input = change.clone();
        input["path"] = json!(path);
        chmod(&serde_json::from_value(input).unwrap()).unwrap();
        assert_eq!(crom_fs::file::mode(&path).unwrap(), expected, "{change}");
    }
    let recursive = json!({"path": dir.path().join("d"), "execute": true, "recursive": true});
    chmod(&serde_json::from_value(recursive).unwrap()).unwrap();
    assert_eq!(
        crom_fs::file::mode(dir.path().join("d/g")).unwrap() & 0o100,
        0o100
    );
    let nothing = ChmodInput {
        path,
        ..ChmodInput::default()
    };
    assert_eq!(
        chmod(&nothing).unwrap_err().to_string(),
        "Could not change permission: At least one of the permissions should be set."
    );
}

#[test]
fn sums_show_both() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f.txt");
    write(&path, "hello world\n").unwrap();
    let input = |signature: &str| ChecksumInput {
        file_path: path.clone(),
        signature: signature.to_owned(),
    };
    check_md5(&input("6F5902ac237024bdd0c176cb93063dc4")).unwrap();
    assert_eq!(
        check_sha256(&input("abc")).unwrap_err().to_string(),
        "sha256 hash failed for 'f.txt' file. \n Provided hash: abc  \n Computed hash: \
         a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447"
    );
    assert!(check_sha1(&input("abc")).is_err());
}

fn replaced(content: &str, arguments: serde_json::Value) -> std::result::Result<String, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f.txt");
    write(&path, content).unwrap();
    let mut arguments = arguments;
    arguments["file_path"] = json!(path);
    let input: ReplaceInput = serde_json::from_value(arguments).unwrap();
    replace_in_file(&input, &Silent, "").map_err(|error| {
        error
            .to_string()
            .replace(&*dir.path().to_string_lossy(), "DIR")
    })?;
    Ok(crom_fs::read_text(&path).unwrap())
}

#[test]
fn replace_text_and_expressions() {
    for (content, arguments, expected) in [
        (
            "hello world\n",
            json!({"search": "hello", "replace": "bye"}),
            "bye world\n",
        ),
        (
            "hello\r\nb\r\n",
            json!({"search": "hello", "replace": ""}),
            "\r\nb\r\n",
        ),
        (
            "a\n",
            json!({"search": "x", "replace": "y", "strict": false}),
            "a\n",
        ),
        (
            "hello world\n",
            json!({"search": "h.*o", "replace": "X", "regex": true}),
            "Xrld\n",
        ),
        (
            "hello world\n",
            json!({"search": "(l+)", "replace": "<\\1>$", "regex": true}),
            "he<ll>$o wor<l>$d\n",
        ),
        (
            "a\nw\n",
            json!({"search": "^w", "replace": "W\\n", "regex": true}),
            "a\nW\n\n",
        ),
        (
            "AB",
            json!({"search": "(?P<n>b)", "replace": "\\g<n>\\g<n>", "regex": true, "flags": 2}),
            "ABB",
        ),
    ] {
        assert_eq!(
            replaced(content, arguments.clone()).unwrap(),
            expected,
            "{arguments}"
        );
    }
    assert_eq!(
        replaced("a", json!({"search": "zz", "replace": ""})).unwrap_err(),
        "replace_in_file didn't find pattern 'zz' in 'DIR/f.txt' file."
    );
    let error = replaced(
        "a",
        json!({"search": "a(?=b)", "replace": "", "regex": true}),
    )
    .unwrap_err();
    assert!(
        error.starts_with("regular expression 'a(?=b)' is not supported"),
        "{error}"
    );
}

#[test]
fn encodings() {
    for (encoding, text, bytes) in [
        ("utf-8", "é", &b"\xc3\xa9"[..]),
        ("UTF_8", "\u{feff}x", b"\xef\xbb\xbfx"),
        ("utf-8-sig", "x", b"\xef\xbb\xbfx"),
        ("latin-1", "é", b"\xe9"),
        ("ISO-8859-1", "é", b"\xe9"),
        ("cp1252", "€é", b"\x80\xe9"),
        ("ascii", "a", b"a"),
        ("utf-16", "a€", b"\xff\xfea\0\xac\x20"),
        ("utf-16-be", "a", b"\0a"),
    ] {
        assert_eq!(encode(text, encoding).unwrap(), bytes, "{encoding}");
        assert_eq!(
            decode(bytes.to_vec(), encoding, "f").unwrap(),
            text,
            "{encoding}"
        );
    }
    assert_eq!(
        decode(b"a\xe9".to_vec(), "utf-8", "f")
            .unwrap_err()
            .to_string(),
        "'utf-8' codec can't decode byte 0xe9 in position 1 of 'f'"
    );
    assert_eq!(
        encode("a", "zz").unwrap_err().to_string(),
        "unknown encoding: zz"
    );
    assert!(encode("€", "latin-1").is_err() && decode(b"\x81".to_vec(), "cp1252", "").is_err());
}

#[test]
fn save_and_load() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("n/e/w.txt");
    for append in [false, true] {
        let input = json!({"path": path, "content": "a\r\n", "append": append});
        save(&serde_json::from_value(input).unwrap()).unwrap();
    }
    let input = LoadInput {
        path,
        encoding: "utf-8".into(),
    };
    assert_eq!(load(&input).unwrap(), "a\r\na\r\n");
}

#[test]
fn libraries_by_name() {
    let dir = tempfile::tempdir().unwrap();
    make(
        dir.path(),
        &[
            "liba.a",
            "libb.so",
            "libb.so.1",
            "c.lib",
            "d.dll",
            "libd.dll.a",
            "e.dylib",
            "libe.dylib",
            "x.txt",
            "libg.tbd",
            "sub/libh.a",
            "libi.bc",
            "libj.lib",
            "A.LIB",
            "libf.so.2",
            "libf.so -> libf.so.2",
        ],
    );
    let input = CollectLibsInput {
        folders: vec![dir.path().to_path_buf(), dir.path().join("none")],
    };
    let expected = ["a", "b", "c", "d.dll", "e", "e", "f", "i", "libj"];
    assert_eq!(collect_libs(&input, &Silent, "").unwrap(), expected);
}

#[test]
fn links_of_a_package() {
    let dir = tempfile::tempdir().unwrap();
    make(
        dir.path(),
        &[
            "a",
            "l1 -> $/a",
            "d/l2 -> $/a",
            "l3 -> /etc",
            "l4 -> ../x",
            "l5 -> nope",
            "l6 -> d",
            "d/l7 -> $/nope",
            "d/l8 -> ../a",
        ],
    );
    symlinks::absolute_to_relative_symlinks(dir.path()).unwrap();
    assert_eq!(
        listing(dir.path()),
        [
            "a",
            "d/",
            "d/l2 -> ../a",
            "d/l7 -> ../nope",
            "d/l8 -> ../a",
            "l1 -> a",
            "l3 -> /etc",
            "l4 -> ../x",
            "l5 -> nope",
            "l6 -> d"
        ]
    );
    symlinks::remove_external_symlinks(dir.path()).unwrap();
    symlinks::remove_broken_symlinks(dir.path()).unwrap();
    assert_eq!(
        listing(dir.path()),
        [
            "a",
            "d/",
            "d/l2 -> ../a",
            "d/l8 -> ../a",
            "l1 -> a",
            "l6 -> d"
        ]
    );
    assert_eq!(symlinks::get_symlinks(dir.path()).unwrap().len(), 4);
}

#[test]
fn unzip_by_name_and_filters() {
    use crom_fs::archive::{PackEntry, PackOptions, pack};
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("x.tgz");
    let entries = [
        PackEntry::bytes("root/a.txt", "1"),
        PackEntry::bytes("root/sub/b.h", "2"),
    ];
    pack(&archive, &entries, PackOptions::default()).unwrap();
    for (arguments, expected) in [
        (
            json!({}),
            vec!["root/", "root/a.txt", "root/sub/", "root/sub/b.h"],
        ),
        (
            json!({"strip_root": true, "pattern": "*.txt"}),
            vec!["a.txt"],
        ),
        (
            json!({"strip_root": true, "excludes": ["root/sub/*"]}),
            vec!["a.txt"],
        ),
    ] {
        let out = tempfile::tempdir().unwrap();
        let mut arguments = arguments;
        arguments["filename"] = json!(archive);
        arguments["destination"] = json!(out.path());
        unzip(&serde_json::from_value(arguments).unwrap(), &Silent, "").unwrap();
        assert_eq!(listing(out.path()), expected);
    }
}
