//! Packing and unpacking as a whole, and archives made to do harm.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crom_fs::archive::{
    Compression, LinkPolicy, PackEntry, PackOptions, UnpackOptions, decompress_file,
    folder_entries, pack, unpack,
};
use crom_fs::error::MemberProblem;
use crom_fs::{Error, chmod, create_dir_all, hard_link, read, symlink, walk, write};
use proptest::prelude::*;
use tar::{EntryType, Header};
use tempfile::TempDir;

/// A member for [`tar_of`]: name, kind, content or link target, mode.
type Member<'a> = (&'a str, EntryType, &'a str, u32);

const FILE: EntryType = EntryType::Regular;
const DIR: EntryType = EntryType::Directory;
const LINK: EntryType = EntryType::Symlink;
const HARD: EntryType = EntryType::Link;

/// A plain tar with any names, also those that a well-behaved writer refuses.
fn tar_of(dir: &Path, members: &[Member<'_>]) -> PathBuf {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind, text, mode) in members {
        let mut header = Header::new_ustar();
        let ustar = header.as_ustar_mut().unwrap();
        ustar.name[..name.len()].copy_from_slice(name.as_bytes());
        let data = if *kind == FILE { text.as_bytes() } else { b"" };
        if *kind != FILE {
            ustar.linkname[..text.len()].copy_from_slice(text.as_bytes());
        }
        header.set_entry_type(*kind);
        header.set_mode(*mode);
        header.set_mtime(1_000_000);
        header.set_size(data.len() as u64);
        header.set_cksum();
        builder.append(&header, data).unwrap();
    }
    let path = dir.join("input.tar");
    write(&path, builder.into_inner().unwrap()).unwrap();
    path
}

/// What is in a folder, one line each.
fn listing(root: &Path) -> Vec<String> {
    walk(root)
        .unwrap()
        .into_iter()
        .map(|entry| match entry.kind {
            crom_fs::FileKind::Dir => format!("{}/", entry.relative),
            crom_fs::FileKind::Symlink => {
                let target = crom_fs::read_link(&entry.path).unwrap();
                format!("{} -> {}", entry.relative, target.display())
            }
            _ => format!(
                "{} {:o}",
                entry.relative,
                crom_fs::file::mode(&entry.path).unwrap()
            ),
        })
        .collect()
}

fn unpacked(
    members: &[Member<'_>],
    options: UnpackOptions<'_>,
) -> (TempDir, Result<Vec<String>, Error>) {
    let dir = tempfile::tempdir().unwrap();
    let tar = tar_of(dir.path(), members);
    let out = dir.path().join("deep/out");
    let done = unpack(&tar, &out, options).map(|()| listing(&out));
    (dir, done)
}

const TREE: [Member<'static>; 5] = [
    ("root/", DIR, "", 0o755),
    ("root/a.txt", FILE, "1", 0o644),
    ("root/sub/", DIR, "", 0o555),
    ("root/sub/b.txt", FILE, "2", 0o6755),
    ("root/sub/c.h", FILE, "3", 0o600),
];

#[test]
fn plain_tree_with_modes() {
    let (_dir, done) = unpacked(&TREE, UnpackOptions::default());
    assert_eq!(
        done.unwrap(),
        [
            "root/",
            "root/a.txt 644",
            "root/sub/",
            "root/sub/b.txt 755",
            "root/sub/c.h 600"
        ]
    );
}

#[test]
fn strip_root_and_filter_by_the_full_name() {
    let strip = |filter: &dyn Fn(&str) -> bool| {
        let options = UnpackOptions {
            strip_root: true,
            filter: Some(filter),
            ..Default::default()
        };
        unpacked(&TREE, options).1.unwrap()
    };
    assert_eq!(
        strip(&|name| name.ends_with(".txt")),
        ["a.txt 644", "sub/", "sub/b.txt 755"]
    );
    assert_eq!(
        strip(&|name| name.starts_with("sub/")),
        Vec::<String>::new()
    );
    assert_eq!(
        strip(&|name| name.starts_with("root/sub/")),
        ["sub/", "sub/b.txt 755", "sub/c.h 600"]
    );
}

#[test]
fn several_roots_are_an_error_and_leave_nothing() {
    for second in ["r2/b", "top.txt"] {
        let members = [("r1/a", FILE, "1", 0o644), (second, FILE, "2", 0o644)];
        let options = UnpackOptions {
            strip_root: true,
            ..Default::default()
        };
        let (dir, done) = unpacked(&members, options);
        let message = done.unwrap_err().to_string();
        assert!(
            message.contains("contains more than 1 folder in the root"),
            "{message}"
        );
        assert_eq!(listing(&dir.path().join("deep/out")), Vec::<String>::new());
    }
}

#[test]
fn hard_links_follow_strip_root() {
    let members = [
        ("r/a", FILE, "1", 0o644),
        ("r/h", HARD, "r/a", 0o644),
        ("r/s", LINK, "a", 0o777),
    ];
    let options = UnpackOptions {
        strip_root: true,
        ..Default::default()
    };
    let (dir, done) = unpacked(&members, options);
    assert_eq!(done.unwrap(), ["a 644", "h 644", "s -> a"]);
    assert_eq!(read(dir.path().join("deep/out/h")).unwrap(), b"1");
}

#[test]
fn harmful_members_are_refused_by_name() {
    use MemberProblem::{AbsolutePath, EscapingLink, ParentPath, SpecialFile, ThroughLink};
    let cases: [(&[Member<'_>], &str, MemberProblem); 11] = [
        (&[("/abs", FILE, "x", 0o644)], "/abs", AbsolutePath),
        (&[("../up", FILE, "x", 0o644)], "../up", ParentPath),
        (
            &[("a/../../up", FILE, "x", 0o644)],
            "a/../../up",
            ParentPath,
        ),
        (&[("l", LINK, "/etc", 0o777)], "l", EscapingLink),
        (&[("d/l", LINK, "../../x", 0o777)], "d/l", EscapingLink),
        (&[("h", HARD, "../../secret", 0o644)], "h", EscapingLink),
        (&[("h", HARD, "/etc/passwd", 0o644)], "h", EscapingLink),
        (&[("dev", EntryType::Char, "", 0o644)], "dev", SpecialFile),
        (&[("fifo", EntryType::Fifo, "", 0o644)], "fifo", SpecialFile),
        // Inside by its text, outside through another link that comes later.
        (
            &[
                ("t", LINK, "a/b/s/../../..", 0o777),
                ("a/b/x", FILE, "", 0o644),
                ("a/b/s", LINK, ".", 0o777),
            ],
            "t",
            EscapingLink,
        ),
        // A write through a chain of links, each of them inside by its text.
        (
            &[
                ("a/b/x", FILE, "", 0o644),
                ("a/b/s", LINK, ".", 0o777),
                ("t", LINK, "a/b/s/../../..", 0o777),
                ("t/evil", FILE, "x", 0o644),
            ],
            "t/evil",
            ThroughLink,
        ),
    ];
    for (members, expected_member, expected) in cases {
        let (dir, done) = unpacked(members, UnpackOptions::default());
        match done {
            Err(Error::UnsafeMember {
                member, problem, ..
            }) => assert_eq!((member.as_str(), problem), (expected_member, expected)),
            other => panic!("{expected_member}: {other:?}"),
        }
        assert_eq!(
            listing(&dir.path().join("deep")),
            ["out/"],
            "{expected_member}"
        );
    }
}

#[test]
fn kept_links_are_not_written_through() {
    let members = [("l", LINK, "..", 0o777), ("l/evil", FILE, "x", 0o644)];
    let options = || UnpackOptions {
        links: LinkPolicy::Keep,
        ..Default::default()
    };
    let (dir, done) = unpacked(&members, options());
    assert!(matches!(
        done,
        Err(Error::UnsafeMember {
            problem: MemberProblem::ThroughLink,
            ..
        })
    ));
    assert!(!dir.path().join("deep/evil").exists());
    assert_eq!(unpacked(&members[..1], options()).1.unwrap(), ["l -> .."]);
}

#[test]
fn a_link_at_the_place_of_a_file_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path().join("victim"), "safe").unwrap();
    let out = dir.path().join("out");
    create_dir_all(&out).unwrap();
    symlink("../victim", out.join("f")).unwrap();
    let tar = tar_of(dir.path(), &[("f", FILE, "new", 0o644)]);
    unpack(&tar, &out, UnpackOptions::default()).unwrap();
    assert_eq!(read(dir.path().join("victim")).unwrap(), b"safe");
    assert_eq!(read(out.join("f")).unwrap(), b"new");
}

#[test]
fn a_failure_keeps_what_was_there_before() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    create_dir_all(out.join("mine")).unwrap();
    let tar = tar_of(
        dir.path(),
        &[
            ("mine/a", FILE, "1", 0o644),
            ("new/b", FILE, "2", 0o644),
            ("/x", FILE, "", 0o644),
        ],
    );
    unpack(&tar, &out, UnpackOptions::default()).unwrap_err();
    assert!(out.join("mine").is_dir() && !out.join("new").exists());
}

/// A folder with all that a package may hold.
fn sample(root: &Path) {
    create_dir_all(root.join("lib/empty")).unwrap();
    create_dir_all(root.join("full")).unwrap();
    write(root.join("full/x"), "x").unwrap();
    write(root.join("full.txt"), "sorts between").unwrap();
    write(root.join("lib/libz.so.1"), vec![7; 2_000_000]).unwrap();
    chmod(root.join("lib/libz.so.1"), 0o755).unwrap();
    symlink("libz.so.1", root.join("lib/libz.so")).unwrap();
    symlink("missing", root.join("broken")).unwrap();
    symlink("lib", root.join("to_folder")).unwrap();
    write(root.join("one"), "linked").unwrap();
    hard_link(root.join("one"), root.join("two")).unwrap();
    write(root.join("é"), "name").unwrap();
    let long = format!("{}/{}", "d".repeat(80), "f".repeat(80));
    create_dir_all(root.join(&long).parent().unwrap()).unwrap();
    write(root.join(&long), "long").unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::new(1_700_000_000, 250_000_000);
    crom_fs::set_modified(root.join("full/x"), time).unwrap();
}

#[test]
fn what_is_packed_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("source");
    sample(&source);
    let entries = folder_entries(&source).unwrap();
    let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
    let long = format!("{}/{}", "d".repeat(80), "f".repeat(80));
    let expected = [
        "broken",
        &long,
        "full.txt",
        "full/x",
        "lib/empty",
        "lib/libz.so",
        "lib/libz.so.1",
        "one",
        "to_folder",
        "two",
        "é",
    ];
    assert_eq!(names, expected);
    for name in ["p.tgz", "p.tar", "p.txz", "p.tzst", "p.tbz2"] {
        let archive = dir.path().join(name);
        let mut read_bytes = 0;
        let mut progress = |count| read_bytes += count;
        let options = PackOptions {
            progress: Some(&mut progress),
            ..Default::default()
        };
        let size = pack(&archive, &entries, options).unwrap();
        assert_eq!(size, read(&archive).unwrap().len() as u64);
        assert_eq!(read_bytes, 2_000_028, "{name}");
        let out = dir.path().join(format!("out-{name}"));
        unpack(&archive, &out, UnpackOptions::default()).unwrap();
        assert_eq!(listing(&out), listing(&source), "{name}");
        assert_eq!(read(out.join("lib/libz.so.1")).unwrap(), vec![7; 2_000_000]);
        assert_eq!(read(out.join("two")).unwrap(), b"linked");
        assert_eq!(
            crom_fs::modified(out.join("full/x")).unwrap(),
            crom_fs::modified(source.join("full/x")).unwrap()
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            assert_eq!(crom_fs::metadata(out.join("one")).unwrap().nlink(), 2);
        }
    }
}

#[test]
fn gzip_header_says_what_python_says() {
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("conan_package.tgz");
    for (level, flag) in [(9, 2), (1, 4), (5, 0)] {
        let options = PackOptions {
            level: Some(level),
            ..Default::default()
        };
        pack(&archive, &[PackEntry::bytes("a", "x")], options).unwrap();
        let bytes = read(&archive).unwrap();
        assert_eq!(bytes[..10], [0x1f, 0x8b, 8, 8, 0, 0, 0, 0, flag, 0xff]);
        assert_eq!(bytes[10..28], *b"conan_package.tgz\0");
    }
}

#[test]
fn a_failing_pack_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let entries = [PackEntry::path("x", dir.path().join("missing"))];
    let error = pack(dir.path().join("p.tgz"), &entries, PackOptions::default()).unwrap_err();
    assert!(error.to_string().contains("missing"), "{error}");
    assert_eq!(listing(dir.path()), Vec::<String>::new());
}

#[test]
fn zip_permissions_links_and_roots() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.zip");
    let mut zip = zip::ZipWriter::new(crom_fs::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default().unix_permissions(0o755);
    zip.add_directory("root/", options).unwrap();
    zip.start_file("root/run", options).unwrap();
    zip.write_all(b"#!").unwrap();
    zip.add_symlink("root/l", "run", options).unwrap();
    zip.finish().unwrap();
    let run = |name: &str, options| {
        let out = dir.path().join(name);
        unpack(&path, &out, options).unwrap();
        listing(&out)
    };
    let umask = UnpackOptions {
        strip_root: true,
        ..Default::default()
    };
    assert_eq!(run("plain", umask), ["l 644", "run 644"]);
    let kept = UnpackOptions {
        keep_permissions: true,
        zip_links: true,
        ..Default::default()
    };
    assert_eq!(
        run("kept", kept),
        ["root/", "root/l -> run", "root/run 755"]
    );
}

#[test]
fn damaged_and_unknown_files_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("p.tgz");
    pack(
        &archive,
        &[PackEntry::bytes("a", vec![1; 9000])],
        PackOptions::default(),
    )
    .unwrap();
    let mut bytes = read(&archive).unwrap();
    bytes.truncate(bytes.len() / 2);
    write(&archive, bytes).unwrap();
    let out = dir.path().join("out");
    let error = unpack(&archive, &out, UnpackOptions::default()).unwrap_err();
    assert!(matches!(error, Error::BadArchive { .. }), "{error}");
    assert_eq!(listing(&out), Vec::<String>::new());
    write(&archive, "no archive").unwrap();
    unpack(&archive, &out, UnpackOptions::default()).unwrap_err();
}

#[test]
fn one_compressed_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.txt.gz");
    let mut encoder =
        flate2::write::GzEncoder::new(crom_fs::create(&path).unwrap(), Default::default());
    encoder.write_all(b"hello").unwrap();
    encoder.finish().unwrap();
    let out = dir.path().join("x.txt");
    decompress_file(&path, &out, None).unwrap();
    assert_eq!(read(out).unwrap(), b"hello");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..Default::default() })]
    /// Blocks joined from several threads are one gzip member with the same bytes.
    #[test]
    fn parallel_gzip_is_plain_gzip(
        seed in any::<u64>(), size in 0_usize..3_000_000, level in 1_u32..=9, threads in 1_usize..4,
    ) {
        let mut state = seed | 1;
        let data: Vec<u8> = (0..size).map(|at| {
            state ^= state << 13; state ^= state >> 7; state ^= state << 17;
            if at % 5000 < 2500 { (state % 7) as u8 } else { (at / 100) as u8 }
        }).collect();
        let dir = tempfile::tempdir().unwrap();
        let archive = dir.path().join("x.tgz");
        let options = PackOptions {
            compression: Some(Compression::Gzip), level: Some(level), threads: Some(threads),
            ..Default::default()
        };
        pack(&archive, &[PackEntry::bytes("data", data.clone())], options).unwrap();
        let packed = read(&archive).unwrap();
        // GzDecoder reads one member only and checks its sum.
        let mut decoder = flate2::bufread::GzDecoder::new(packed.as_slice());
        let mut tar = Vec::new();
        decoder.read_to_end(&mut tar).unwrap();
        prop_assert!(decoder.into_inner().is_empty());
        prop_assert!(tar[512..512 + size] == data);
    }
}
