use super::*;

/// Files as recorded in a run of the reference.
fn recipe(folder: &Path) {
    let files = [
        ("n.txt", "1\n"),
        ("helper.py", "2\n"),
        ("sub/d/f", "3\n"),
        ("src/a.c", "4\n"),
        ("src/skipme", "5\n"),
        ("src/LICENSE", "6\n"),
        ("src/d/a.h", "y\n"),
        ("src/noext", "z\n"),
        ("conanfile.py", "class A: pass\n"),
    ];
    for (path, text) in files {
        let path = folder.join(path);
        crom_fs::create_dir_all(path.parent().unwrap()).unwrap();
        crom_fs::write(path, text).unwrap();
    }
    crom_fs::symlink("a.c", folder.join("src/ln.c")).unwrap();
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

struct Run {
    _folder: tempfile::TempDir,
    cache: Cache,
    exported: Exported,
}

fn export(exports: &[&str], sources: &[&str], conandata: Option<&str>, trim: bool) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("recipe");
    recipe(&from);
    if let Some(text) = conandata {
        crom_fs::write(from.join("conandata.yml"), text).unwrap();
    }
    let cache = Cache::at(folder.path().join("p"));
    let input = ExportInput {
        reference: RecipeReference::loads("aa/1.0").unwrap(),
        conanfile: &from.join("conanfile.py"),
        exports: &texts(exports),
        exports_sources: &texts(sources),
        trim_conandata: trim,
        revision: None,
        later: false,
    };
    let run = &mut |step, folders: &ExportFolders| -> Result<()> {
        let copied = folders.export.join("conanfile.py").exists();
        assert_eq!(copied, step == ExportStep::Finished);
        let target = match step {
            ExportStep::Export => folders.export.join("gen.cfg"),
            ExportStep::ExportSources => folders.export_sources.join("gensrc.cfg"),
            ExportStep::Finished => return Ok(()),
        };
        Ok(crom_fs::write(target, "x")?)
    };
    let exported = export_recipe(&cache, &input, run).unwrap();
    Run {
        _folder: folder,
        cache,
        exported,
    }
}

#[test]
fn manifest_and_messages() {
    let run = export(
        &["*.txt", "helper.py", "sub/*"],
        &["src/*", "!src/skip*"],
        None,
        false,
    );
    let manifest = run.exported.layout.manifest().unwrap();
    let names: Vec<_> = manifest.files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "conanfile.py",
            "export_source/gensrc.cfg",
            "export_source/src/LICENSE",
            "export_source/src/a.c",
            "export_source/src/d/a.h",
            "export_source/src/ln.c",
            "export_source/src/noext",
            "gen.cfg",
            "helper.py",
            "n.txt",
            "sub/d/f",
        ]
    );
    // md5 of the link's target, not of the file.
    assert_eq!(
        manifest.files["export_source/src/ln.c"],
        "8eb7504957a50f21c60999d5f146e8e0"
    );
    assert_eq!(manifest.files["n.txt"], "b026324c6904b2a9cb4b88d6d61c81d1");
    assert_eq!(
        run.exported.copied,
        [
            "Copied 2 '.py' files: conanfile.py, helper.py",
            "Copied 2 '.cfg' files: gensrc.cfg, gen.cfg",
            "Copied 3 files: LICENSE, noext, f",
            "Copied 2 '.c' files: a.c, ln.c",
            "Copied 1 '.h' file: a.h",
            "Copied 1 '.txt' file: n.txt",
        ]
    );
    let reference = &run.exported.layout.reference;
    assert_eq!(
        reference.revision.as_deref(),
        Some(manifest.revision().as_str())
    );
    assert_eq!(run.cache.recipe(reference).unwrap(), run.exported.layout);
    assert!(run.exported.layout.metadata().is_dir());
    assert_eq!(
        crom_fs::list(run.cache.folder().join("t")).unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn patterns() {
    // (patterns, exported sources), as the reference does it.
    let cases: [(&[&str], &[&str]); 6] = [
        (&["src"], &[]),
        (&["./src/*"], &[]),
        (&["SRC/*.C"], &["src/a.c", "src/ln.c"]),
        (&["src/*", "!*.h", "!src/[nls]*"], &["src/a.c"]),
        (&["src/ln.c/*"], &[]),
        (&["nomatch*"], &[]),
    ];
    for (patterns, expected) in cases {
        let run = export(&[], patterns, None, false);
        let manifest = run.exported.layout.manifest().unwrap();
        let found: Vec<_> = manifest
            .files
            .keys()
            .filter_map(|path| path.strip_prefix("export_source/"))
            .filter(|path| *path != "gensrc.cfg")
            .collect();
        assert_eq!(found, expected, "{patterns:?}");
    }
}

#[test]
fn conandata_is_trimmed_on_demand() {
    let text = "sources:\n  \"1.0\":\n    url: a\n  \"2.0\":\n    url: b\n";
    let run = export(&[], &[], Some(text), false);
    assert!(run.exported.has_conandata);
    let read =
        |run: &Run| crom_fs::read_text(run.exported.layout.export().join("conandata.yml")).unwrap();
    assert_eq!(read(&run), text);
    let run = export(&[], &[], Some(text), true);
    assert_eq!(read(&run), "sources:\n  '1.0':\n    url: a\n");
    let run = export(&[], &[], Some(""), true);
    assert_eq!(read(&run), "");
}

#[test]
fn exporting_again_repairs_and_gets_a_new_time() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("recipe");
    recipe(&from);
    let cache = Cache::at(folder.path().join("p"));
    let conanfile = from.join("conanfile.py");
    let sources = texts(&["src/*"]);
    let input = ExportInput {
        reference: RecipeReference::loads("aa/1.0").unwrap(),
        conanfile: &conanfile,
        exports: &[],
        exports_sources: &sources,
        trim_conandata: false,
        revision: None,
        later: false,
    };
    let none = &mut |_: ExportStep, _: &ExportFolders| -> Result<()> { Ok(()) };
    let first = export_recipe(&cache, &input, none).unwrap();
    crom_fs::write(first.layout.export().join("conanfile.py"), "changed").unwrap();
    crom_fs::remove_tree(first.layout.export_sources()).unwrap();
    crom_fs::create_dir_all(first.layout.source()).unwrap();
    let second = export_recipe(&cache, &input, none).unwrap();
    assert_eq!(second.layout.root, first.layout.root);
    assert_eq!(
        crom_fs::read_text(second.layout.conanfile()).unwrap(),
        "class A: pass\n"
    );
    assert!(second.layout.export_sources().join("src/a.c").exists());
    assert!(second.layout.source().exists(), "the sources stay");
    let revisions = cache.recipe_revisions(&input.reference).unwrap();
    assert_eq!(revisions.len(), 1);
    assert!(revisions[0].timestamp > first.layout.reference.timestamp);
}

#[test]
fn a_linked_recipe_is_copied() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("recipe");
    recipe(&from);
    let linked = folder.path().join("linked");
    crom_fs::create_dir_all(&linked).unwrap();
    crom_fs::symlink("../recipe/conanfile.py", linked.join("conanfile.py")).unwrap();
    let cache = Cache::at(folder.path().join("p"));
    let input = ExportInput {
        reference: RecipeReference::loads("aa/1.0").unwrap(),
        conanfile: &linked.join("conanfile.py"),
        exports: &[],
        exports_sources: &[],
        trim_conandata: false,
        revision: Some("commit".to_owned()),
        later: false,
    };
    let none = &mut |_: ExportStep, _: &ExportFolders| -> Result<()> { Ok(()) };
    let exported = export_recipe(&cache, &input, none).unwrap();
    assert!(!crom_fs::is_symlink(exported.layout.conanfile()));
    assert_eq!(
        crom_fs::read_text(exported.layout.conanfile()).unwrap(),
        "class A: pass\n"
    );
    assert_eq!(
        exported.layout.reference.revision.as_deref(),
        Some("commit")
    );
}

#[test]
fn a_failing_method_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("recipe");
    recipe(&from);
    let cache = Cache::at(folder.path().join("p"));
    let input = ExportInput {
        reference: RecipeReference::loads("aa/1.0").unwrap(),
        conanfile: &from.join("conanfile.py"),
        exports: &[],
        exports_sources: &texts(&["../*"]),
        trim_conandata: false,
        revision: None,
        later: false,
    };
    let fail = &mut |_: ExportStep, _: &ExportFolders| -> Result<()> {
        Err(StoreError::Export("raised".to_owned()))
    };
    assert_eq!(
        export_recipe(&cache, &input, fail).unwrap_err().to_string(),
        "raised"
    );
    let none = &mut |_: ExportStep, _: &ExportFolders| -> Result<()> { Ok(()) };
    let error = export_recipe(&cache, &input, none).unwrap_err().to_string();
    assert!(error.contains("it is not possible to use relative patterns starting with '..'"));
    assert!(crom_fs::list(cache.folder().join("t")).unwrap().is_empty());
    assert!(!cache.folder().join("cache.sqlite3").exists());
}
