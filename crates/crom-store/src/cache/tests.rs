use std::sync::Arc;

use super::*;
use crate::error::StoreError;

fn reference(text: &str) -> RecipeReference {
    RecipeReference::loads(text).unwrap()
}

fn add_recipe(cache: &Cache, text: &str, time: f64) -> RecipeLayout {
    let folder = cache.temporary_folder().unwrap();
    crom_fs::create_dir_all(folder.join("e")).unwrap();
    crom_fs::write(folder.join("e").join("conanfile.py"), text).unwrap();
    let mut reference = reference(text);
    reference.timestamp = Some(time);
    cache.add_recipe(&reference, &folder).unwrap()
}

fn add_package(cache: &Cache, recipe: &RecipeReference, id: &str, prev: &str) -> PackageLayout {
    let new = cache
        .new_build(&PackageReference::new(recipe.clone(), id))
        .unwrap();
    crom_fs::create_dir_all(new.layout.package()).unwrap();
    crom_fs::create_dir_all(new.layout.build()).unwrap();
    cache.finish_package(new, prev, None, None).unwrap()
}

fn texts(references: &[RecipeReference]) -> Vec<String> {
    references
        .iter()
        .map(RecipeReference::repr_notime)
        .collect()
}

#[test]
fn an_unused_cache_isnt_made() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().join("p"));
    assert!(cache.all_recipes().unwrap().is_empty());
    assert!(
        cache
            .latest_recipe(&reference("zlib/1.3"))
            .unwrap()
            .is_none()
    );
    let error = cache.recipe(&reference("zlib/1.3#12")).unwrap_err();
    assert_eq!(error.to_string(), "Recipe 'zlib/1.3#12' not found");
    cache.flush().unwrap();
    drop(cache);
    assert!(!folder.path().join("p").exists());
}

#[test]
fn the_database_is_that_of_the_reference() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path());
    let recipe = add_recipe(&cache, "aa/1.0#f8acd87666336af42d4d2bb9bae80cb3", 12.5);
    assert_eq!(recipe.root, folder.path().join("aadd0da39f59f46"));
    add_package(&cache, &recipe.reference, "id", "prev");
    drop(cache);
    let connection = rusqlite::Connection::open(folder.path().join("cache.sqlite3")).unwrap();
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    };
    assert_eq!(
        texts("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"),
        [
            "CREATE TABLE packages (reference text NOT NULL, rrev text NOT NULL, pkgid text, prev text, path text NOT NULL UNIQUE, timestamp real NOT NULL, build_id text, lru integer NOT NULL , UNIQUE(reference, rrev, pkgid, prev))",
            "CREATE TABLE recipes (reference text NOT NULL, rrev text NOT NULL, path text NOT NULL UNIQUE, timestamp real NOT NULL, lru integer NOT NULL , UNIQUE(reference, rrev))",
        ]
    );
    assert_eq!(texts("PRAGMA journal_mode"), ["delete"]);
    assert_eq!(
        texts(
            "SELECT reference || ' ' || rrev || ' ' || path || ' ' || timestamp || ' ' || lru FROM recipes"
        ),
        ["aa/1.0 f8acd87666336af42d4d2bb9bae80cb3 aadd0da39f59f46 12.5 12"]
    );
    let path = &texts("SELECT path FROM packages")[0];
    assert!(path.starts_with("b/aa") && path.len() == 4 + 13, "{path}");
}

#[test]
fn revisions_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path());
    for (text, time) in [
        ("zlib/1.3#a", 1.0),
        ("zlib/1.3#c", 3.0),
        ("zlib/1.3#b", 2.0),
    ] {
        add_recipe(&cache, text, time);
    }
    add_recipe(&cache, "zlib/1.10#a", 1.0);
    add_recipe(&cache, "zlib/1.9@me/ch#a", 1.0);
    add_recipe(&cache, "zlib-ng/1.0#a", 1.0);
    let zlib = reference("zlib/1.3");
    assert_eq!(
        texts(&cache.recipe_revisions(&zlib).unwrap()),
        ["zlib/1.3#c", "zlib/1.3#b", "zlib/1.3#a"]
    );
    assert_eq!(
        cache.latest_recipe(&zlib).unwrap().unwrap().timestamp,
        Some(3.0)
    );
    assert_eq!(
        texts(&cache.versions("zlib").unwrap()),
        ["zlib/1.3", "zlib/1.9@me/ch", "zlib/1.10"]
    );
    assert!(cache.has_recipe(&reference("zlib/1.3#b")).unwrap());
    assert!(!cache.has_recipe(&reference("zlib/1.3@me/ch")).unwrap());
}

#[test]
fn recipes_added_later_are_seen_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path());
    let other = Cache::at(folder.path());
    add_recipe(&cache, "zlib/1.3#a", 1.0);
    let temporary = cache.temporary_folder().unwrap();
    crom_fs::create_dir_all(temporary.join("e")).unwrap();
    let mut new = reference("zlib/1.3#b");
    new.timestamp = Some(2.0);
    let layout = cache.add_recipe_later(&new, &temporary).unwrap();
    assert_eq!(cache.recipe(&reference("zlib/1.3")).unwrap(), layout);
    assert_eq!(cache.all_recipes().unwrap().len(), 1);
    assert_eq!(
        texts(&other.recipe_revisions(&new).unwrap()),
        ["zlib/1.3#a"]
    );
    cache.note_use([reference("zlib/1.3#a")], []);
    drop(cache);
    assert_eq!(
        texts(&other.recipe_revisions(&new).unwrap()),
        ["zlib/1.3#b", "zlib/1.3#a"]
    );
    assert!(other.recipe_lru(&reference("zlib/1.3#a")).unwrap().unwrap() > 1_000_000);
    assert_eq!(other.recipe_lru(&new).unwrap(), Some(2));
}

#[test]
fn a_rebuild_with_the_same_revision_keeps_the_first_folder() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path());
    let recipe = add_recipe(&cache, "zlib/1.3#a", 1.0).reference;
    let first = add_package(&cache, &recipe, "id", "p1");
    let again = add_package(&cache, &recipe, "id", "p1");
    assert_eq!(again.root, first.root);
    assert!(again.reference.timestamp > first.reference.timestamp);
    assert_eq!(crom_fs::list(folder.path().join("b")).unwrap().len(), 1);
    let other = add_package(&cache, &recipe, "id", "p2");
    assert_ne!(other.root, first.root);
    let id = PackageReference::new(recipe.clone(), "id");
    crom_fs::remove_tree(&first.root).unwrap();
    let rebuilt = add_package(&cache, &recipe, "id", "p1");
    assert_ne!(rebuilt.root, first.root);
    let other = add_package(&cache, &recipe, "id", "p2");
    let latest = cache.latest_package(&id).unwrap().unwrap();
    assert_eq!(latest.revision.as_deref(), Some("p2"));
    assert_eq!(cache.package(&id).unwrap().root, other.root);
    assert_eq!(cache.package_revisions(&id).unwrap().len(), 2);
    assert_eq!(cache.package_ids(&recipe).unwrap(), [id]);
}

#[test]
fn a_failed_build_is_unknown_and_cleaned() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path());
    let recipe = add_recipe(&cache, "zlib/1.3#a", 1.0).reference;
    let good = add_package(&cache, &recipe, "id", "p1");
    crom_fs::create_dir_all(good.download()).unwrap();
    let failed = cache
        .new_build(&PackageReference::new(recipe.clone(), "other"))
        .unwrap();
    set_dirty(&failed.layout.package()).unwrap();
    assert!(is_dirty(&failed.layout.package()));
    assert_eq!(cache.package_ids(&recipe).unwrap().len(), 1);
    let options = CleanOptions {
        build: true,
        ..CleanOptions::default()
    };
    cache.clean(std::slice::from_ref(&recipe), options).unwrap();
    assert!(failed.layout.root.exists() && !good.build().exists() && good.package().exists());
    let temp = CleanOptions {
        temp: true,
        ..CleanOptions::default()
    };
    cache.clean(&[], temp).unwrap();
    let root = failed.layout.root.clone();
    assert!(root.exists(), "the build still runs");
    drop(failed);
    cache.clean(&[], temp).unwrap();
    assert!(!root.exists() && good.package().exists());
    assert!(
        crom_fs::list(folder.path().join(".crom/locks"))
            .unwrap()
            .is_empty()
    );
    cache.clean(&[recipe], CleanOptions::ALL).unwrap();
    assert!(!good.download().exists() && good.package().exists());
}

#[test]
fn removal_takes_rows_and_folders() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path());
    let recipe = add_recipe(&cache, "zlib/1.3#a", 1.0);
    let kept = add_recipe(&cache, "zlib/1.3#b", 2.0);
    let package = add_package(&cache, &recipe.reference, "id", "p1");
    let second = add_package(&cache, &recipe.reference, "id", "p2");
    let report = cache
        .remove(&[Removal::Package(package.reference.clone())])
        .unwrap();
    assert_eq!(report.folders, vec![package.root.clone()]);
    assert!(!package.root.exists() && second.root.exists());
    let report = cache
        .remove(&[Removal::Recipe(recipe.reference.clone())])
        .unwrap();
    assert_eq!(report.folders, [second.root, recipe.root.clone()]);
    assert!(!recipe.root.exists() && kept.root.exists());
    assert_eq!(
        texts(&cache.recipe_revisions(&recipe.reference).unwrap()),
        ["zlib/1.3#b"]
    );
}

#[test]
fn a_missing_folder_and_a_broken_database_have_hints() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path());
    let recipe = add_recipe(&cache, "zlib/1.3#a", 1.0);
    crom_fs::remove_tree(&recipe.root).unwrap();
    let error = cache.recipe(&recipe.reference).unwrap_err();
    assert!(matches!(error, StoreError::MissingFolder { .. }));
    assert!(error.hint().unwrap().contains("crom remove \"zlib/1.3#a\""));
    drop(cache);
    for content in [
        "garbage, and not a database at all".to_owned(),
        String::new(),
    ] {
        let broken = tempfile::tempdir().unwrap();
        crom_fs::write(broken.path().join("cache.sqlite3"), &content).unwrap();
        let found = Cache::at(broken.path()).all_recipes();
        if content.is_empty() {
            assert!(
                found.unwrap().is_empty(),
                "an empty file becomes a database"
            );
        } else {
            let error = found.unwrap_err();
            assert!(
                matches!(error, StoreError::CorruptedDatabase { .. }),
                "{error}"
            );
            assert!(error.hint().unwrap().contains("crom cache check-integrity"));
        }
    }
    let strange = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(strange.path().join("cache.sqlite3")).unwrap();
    connection
        .execute_batch("CREATE TABLE recipes (x); CREATE TABLE packages (x)")
        .unwrap();
    drop(connection);
    let error = Cache::at(strange.path()).all_recipes().unwrap_err();
    assert!(
        matches!(error, StoreError::CorruptedDatabase { .. }),
        "{error}"
    );
}

#[test]
fn many_users_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = Arc::new(folder.path().to_path_buf());
    let workers: Vec<_> = (0..8)
        .map(|worker| {
            let path = Arc::clone(&path);
            std::thread::spawn(move || {
                // Each has a connection of its own, as another process would.
                let cache = Cache::at(path.as_path());
                for round in 0..10 {
                    // All make the same recipe, and one of their own.
                    let shared = add_recipe(&cache, &format!("shared/{round}#a"), 1.0);
                    add_recipe(&cache, &format!("own/{worker}.{round}#a"), 1.0);
                    add_package(&cache, &shared.reference, "id", &format!("p{worker}"));
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    let cache = Cache::at(path.as_path());
    assert_eq!(cache.versions("own").unwrap().len(), 80);
    assert_eq!(cache.versions("shared").unwrap().len(), 10);
    for reference in cache.versions("shared").unwrap() {
        let layout = cache.recipe(&reference).unwrap();
        assert!(layout.conanfile().is_file());
        let id = PackageReference::new(layout.reference, "id");
        assert_eq!(cache.package_revisions(&id).unwrap().len(), 8);
    }
    assert!(crom_fs::list(path.join("t")).unwrap().is_empty());
}

#[test]
fn paths_and_their_errors() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path());
    let recipe = add_recipe(&cache, "bb/2.0#rrev1", 1.0);
    let package = add_package(&cache, &recipe.reference, "id", "prev1");
    let path = |text: &str, folder| match cache.path(text, folder) {
        Ok(path) => path
            .strip_prefix(cache.folder())
            .unwrap()
            .display()
            .to_string(),
        Err(error) => error.to_string(),
    };
    let at = |layout: &std::path::Path| {
        layout
            .strip_prefix(folder.path())
            .unwrap()
            .display()
            .to_string()
    };
    let (recipe, package) = (at(&recipe.root), at(&package.root));
    let cases = [
        ("bb/2.0", None, format!("{recipe}/e")),
        ("bb/2.0#latest:id#latest", None, format!("{package}/p")),
        ("bb/2.0:id", Some(CacheFolder::Build), format!("{package}/b")),
        ("bb/2.0#rrev1:id#prev1", Some(CacheFolder::Metadata), format!("{package}/d/metadata")),
        (
            "bb/2.0",
            Some(CacheFolder::Source),
            "'source' folder does not exist for the reference bb/2.0".to_owned(),
        ),
        ("bb/2.0", Some(CacheFolder::Build), "'--folder build' requires a valid package reference".to_owned()),
        ("bb/2.0:id", Some(CacheFolder::Source), "'--folder source' requires a recipe reference".to_owned()),
        ("bb/2.0:acd6", None, "Package 'bb/2.0#rrev1:acd6' not found".to_owned()),
        ("bb/2.0#000", None, "Recipe 'bb/2.0#000' not found".to_owned()),
        ("bb/3.0:id", None, "Recipe 'bb/3.0' not found".to_owned()),
        (
            "nope",
            None,
            "nope is not a valid recipe reference, provide a reference in the form name/version[@user/channel]".to_owned(),
        ),
    ];
    for (text, folder, expected) in cases {
        assert_eq!(path(text, folder), expected, "{text}");
    }
}

/// `aa/1.0` with two revisions, the older one with two packages, and `bb/2.0[@me/ch]`.
fn filled(folder: &std::path::Path) -> Cache {
    let cache = Cache::at(folder);
    let old = add_recipe(&cache, "aa/1.0#f8ac", 1.0).reference;
    add_recipe(&cache, "aa/1.0#071f", 2.0);
    add_recipe(&cache, "bb/2.0#ee3b", 1.0);
    add_recipe(&cache, "bb/2.0@me/ch#ee3b", 1.0);
    for (id, build_type) in [("586d", "Debug"), ("3fe8", "Release")] {
        let layout = add_package(&cache, &old, id, &format!("prev{id}"));
        let info =
            format!("[settings]\nbuild_type={build_type}\nos=Linux\n[options]\nshared=False\n");
        crom_fs::write(layout.package().join("conaninfo.txt"), info).unwrap();
    }
    cache
}

fn selected(cache: &Cache, pattern: &str, selection: &Selection) -> String {
    use crom_model::reference::{RefPattern, RefPatternDefaults};
    let pattern = match RefPattern::parse(pattern, &RefPatternDefaults::none()) {
        Ok(pattern) => pattern,
        Err(error) => return error.to_string(),
    };
    let list = match cache.select(&pattern, selection, &crom_model::reporter::Silent) {
        Ok(list) => list,
        Err(error) => return error.to_string(),
    };
    let mut texts = Vec::new();
    for reference in list.refs().unwrap() {
        texts.push(reference.repr_notime());
        for (package, _) in list.prefs(&reference) {
            texts.push(format!(
                ":{}{}",
                package.package_id,
                package
                    .revision
                    .map(|r| format!("#{r}"))
                    .unwrap_or_default()
            ));
        }
    }
    texts.join(" ")
}

#[test]
fn patterns_select_as_in_the_reference() {
    let folder = tempfile::tempdir().unwrap();
    let cache = filled(folder.path());
    let cases = [
        ("*", "aa/1.0 bb/2.0 bb/2.0@me/ch"),
        ("aa", "aa/1.0"),
        ("aa/1.0", "aa/1.0"),
        ("aa/1.0#*", "aa/1.0#f8ac aa/1.0#071f"),
        ("aa/1.0#latest", "aa/1.0#071f"),
        ("aa/1.0#!latest", "aa/1.0#f8ac"),
        ("aa/[>0]", "aa/1.0"),
        ("aa/[>1]", "Recipe 'aa/[>1]' not found"),
        ("aa/1.0:*", "aa/1.0#071f"),
        ("bb/*@me/*", "bb/2.0@me/ch"),
        ("bb/2.0@", "bb/2.0"),
        ("bb/2.0@me/ch", "bb/2.0@me/ch"),
        ("bb/2.0", "bb/2.0 bb/2.0@me/ch"),
        ("aa/1.0#*:*", "aa/1.0#f8ac :3fe8 :586d aa/1.0#071f"),
        ("aa/1.0#f8ac:3f*#*", "aa/1.0#f8ac :3fe8#prev3fe8"),
        ("aa/1.0#*:*#!latest", "aa/1.0#f8ac aa/1.0#071f"),
        ("nope/*", ""),
        ("a", "Recipe 'a' not found"),
        ("nope/1.0", "Recipe 'nope/1.0' not found"),
        ("nope/1.0:*", "Recipe 'nope/1.0' not found"),
        ("aa/1.0#000", "Recipe revision 'aa/1.0#000' not found"),
        ("aa/1.0#f8ac:000", "Package ID 'aa/1.0#f8ac:000' not found"),
    ];
    for (pattern, expected) in cases {
        assert_eq!(
            selected(&cache, pattern, &Selection::default()),
            expected,
            "{pattern}"
        );
    }
}

#[test]
fn queries_filters_and_age() {
    let folder = tempfile::tempdir().unwrap();
    let cache = filled(folder.path());
    let query = |text: &str| Selection {
        query: Some(PackageQuery::parse(text).unwrap()),
        ..Selection::default()
    };
    let all = "aa/1.0#*:*";
    assert_eq!(
        selected(&cache, all, &query("build_type=Debug")),
        "aa/1.0#f8ac :586d aa/1.0#071f"
    );
    let both = "aa/1.0#f8ac :3fe8 :586d aa/1.0#071f";
    assert_eq!(
        selected(&cache, all, &query("os=Linux and options.shared=False")),
        both
    );
    assert!(
        selected(&cache, "aa/1.0", &query("os=Linux"))
            .starts_with("--package-query and --filter-xxx")
    );
    let mut selection = Selection::default();
    selection
        .filters
        .settings
        .push(("build_type".to_owned(), "Release".to_owned()));
    selection
        .filters
        .options
        .push(("*:shared".to_owned(), "False".to_owned()));
    assert_eq!(
        selected(&cache, all, &selection),
        "aa/1.0#f8ac :3fe8 aa/1.0#071f"
    );
    let since = |text: &str| Selection {
        not_used_since: Some(age_limit(text).unwrap()),
        ..Selection::default()
    };
    // The recipes are from 1970, the packages from now.
    assert_eq!(
        selected(&cache, "aa/*#*", &since("1h")),
        "aa/1.0#f8ac aa/1.0#071f"
    );
    assert_eq!(
        selected(&cache, all.trim_end_matches(":*"), &since("3000w")),
        ""
    );
    assert_eq!(
        selected(&cache, "aa/1.0#f8ac:*#*", &since("1h")),
        "aa/1.0#f8ac"
    );
    assert!(
        selected(&cache, "*", &since("1s"))
            .starts_with("'--lru' must be used with recipe revision")
    );
    assert!(
        selected(&cache, all, &since("1s"))
            .starts_with("'--lru' must be used with package revision")
    );
    assert!(age_limit("5x").is_err() && age_limit("").is_err() && age_limit("d").is_err());
}

#[test]
fn corruption_is_found() {
    use crom_model::manifest::Manifest;
    let folder = tempfile::tempdir().unwrap();
    let cache = filled(folder.path());
    let write_manifest = |folder: &std::path::Path| {
        let files = crom_fs::digest::tree_digest(folder).unwrap();
        let manifest = Manifest::new(1, files.into_iter().map(|f| (f.path, f.md5)).collect());
        crom_fs::write(folder.join("conanmanifest.txt"), manifest.dumps()).unwrap();
    };
    let recipe = cache.recipe(&reference("aa/1.0#f8ac")).unwrap();
    write_manifest(&recipe.export());
    for package in cache.package_ids(&recipe.reference).unwrap() {
        write_manifest(&cache.package(&package).unwrap().package());
    }
    let list = || {
        let pattern = crom_model::reference::RefPattern::parse(
            "aa/1.0#f8ac:*#*",
            &crom_model::reference::RefPatternDefaults::none(),
        );
        let silent = crom_model::reporter::Silent;
        cache
            .select(&pattern.unwrap(), &Selection::default(), &silent)
            .unwrap()
    };
    let report = cache
        .check_integrity(&list(), &crom_model::reporter::Silent)
        .unwrap();
    assert!(report.is_ok() && report.items.len() == 3);
    assert_eq!(report.items[0].message(), "Integrity check: ok");
    let package = cache
        .package(&PackageReference::new(recipe.reference.clone(), "586d"))
        .unwrap();
    crom_fs::write(package.package().join("newf"), "n\n").unwrap();
    let report = cache
        .check_integrity(&list(), &crom_model::reporter::Silent)
        .unwrap();
    let bad: Vec<_> = report.items.iter().filter(|item| !item.is_ok()).collect();
    assert_eq!(bad.len(), 1);
    assert_eq!(bad[0].scope(), "aa/1.0#f8ac:586d#prev586d");
    assert_eq!(
        bad[0].message(),
        format!(
            "\nManifest mismatch\n    Folder: {}\n        newf (manifest: None, file: fe13119fb084fe8bbf5fe3ab7cc89b3b)",
            package.package().display()
        )
    );
    assert_eq!(report.corrupted().prefs(&recipe.reference).len(), 1);
    crom_fs::write(recipe.conanfile(), "changed").unwrap();
    let report = cache
        .check_integrity(&list(), &crom_model::reporter::Silent)
        .unwrap();
    assert_eq!(
        report.items.len(),
        1,
        "packages of a corrupted recipe aren't checked"
    );
    crom_fs::remove_tree(&recipe.root).unwrap();
    let report = cache
        .check_integrity(&list(), &crom_model::reporter::Silent)
        .unwrap();
    assert!(
        report.items[0]
            .message()
            .contains("is missing in the cache")
    );
}

#[test]
fn saved_and_restored() {
    let folder = tempfile::tempdir().unwrap();
    let cache = filled(&folder.path().join("a"));
    let silent = crom_model::reporter::Silent;
    let pattern = crom_model::reference::RefPattern::parse(
        "*#*:*#*",
        &crom_model::reference::RefPatternDefaults::none(),
    );
    let mut list = cache
        .select(&pattern.unwrap(), &Selection::default(), &silent)
        .unwrap();
    let file = folder.path().join("save.tgz");
    cache
        .save(&mut list, &file, SaveOptions::default(), &silent)
        .unwrap();
    let other = Cache::at(folder.path().join("b"));
    // Twice: what is there is replaced.
    for _ in 0..2 {
        let restored = other.restore(&file, &silent).unwrap();
        assert_eq!(restored.refs().unwrap().len(), 4);
        assert_eq!(
            selected(&other, "aa/1.0#f8ac:*#*", &Selection::default()),
            "aa/1.0#f8ac :3fe8#prev3fe8 :586d#prev586d"
        );
    }
    let names = crom_fs::list(other.folder()).unwrap();
    assert!(
        !names.contains(&"b".to_owned()) && !names.contains(&"pkglist.json".to_owned()),
        "{names:?}"
    );
    assert!(crom_fs::list(other.folder().join("t")).unwrap().is_empty());
    let no = folder.path().join("no.tgz");
    crom_fs::archive::pack(&no, &[], crom_fs::archive::PackOptions::default()).unwrap();
    let error = other.restore(&no, &silent).unwrap_err().to_string();
    assert!(error.contains("no pkglist.json"), "{error}");
}

#[test]
fn backups_are_described() {
    let folder = tempfile::tempdir().unwrap();
    let backup = BackupSources::at(folder.path());
    backup
        .note("abc", "zlib/1.3", &["https://a/x".to_owned()], 5)
        .unwrap();
    backup
        .note(
            "abc",
            "zlib/1.3",
            &["https://a/x".to_owned(), "https://b/x".to_owned()],
            6,
        )
        .unwrap();
    backup
        .note("abc", "other/1.0", &["https://a/x".to_owned()], 7)
        .unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&crom_fs::read_text(folder.path().join("s/abc.json")).unwrap())
            .unwrap();
    assert_eq!(
        json,
        serde_json::json!({"references": {"zlib/1.3": ["https://a/x", "https://b/x"], "other/1.0": ["https://a/x"]}, "timestamp": 5})
    );
    assert!(
        backup.files_to_upload(None, &[]).unwrap().is_empty(),
        "the file itself is missing"
    );
    crom_fs::write(backup.path("abc"), "x").unwrap();
    let count = |references: Option<&[String]>, excluded: &[String]| {
        backup.files_to_upload(references, excluded).unwrap().len()
    };
    assert_eq!(count(None, &[]), 1);
    assert_eq!(count(Some(&["nope/1".to_owned()]), &[]), 0);
    assert_eq!(count(None, &["https://a/".to_owned()]), 1);
    assert_eq!(
        count(None, &["https://a/".to_owned(), "https://b/".to_owned()]),
        0
    );
    assert_eq!(backup.clean().unwrap().len(), 2);
}

#[test]
fn packages_that_arrive_together_are_all_written() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().join("p"));
    let recipe = add_recipe(&cache, "aa/1.0#f8acd87666336af42d4d2bb9bae80cb3", 12.5);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (cache, recipe) = (&cache, &recipe);
            scope.spawn(move || {
                for number in 0..5 {
                    let id = format!("id{thread}-{number}");
                    let layout = add_package(cache, &recipe.reference, &id, "prev");
                    // It is there for others when it is returned.
                    let other = Cache::at(cache.folder());
                    assert_eq!(other.package(&layout.reference).unwrap().root, layout.root);
                }
            });
        }
    });
    let other = Cache::at(cache.folder());
    let connection = rusqlite::Connection::open(other.folder().join("cache.sqlite3")).unwrap();
    let count: i64 = connection
        .query_row(
            "SELECT COUNT(*) FROM packages WHERE prev IS NOT NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(count, 40);
}
