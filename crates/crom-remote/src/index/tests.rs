use super::*;

fn index(folder: &Path) -> LocalRecipesIndex {
    let recipes = [
        (
            "zlib",
            "versions:\n  \"1.3.1\":\n    folder: all\n  1.2.13:\n    folder: all\n",
        ),
        (
            "zlib-ng",
            "versions:\n  \"2.2\":\n    folder: all\n  2.3:\n    folder: new\n",
        ),
        ("bad", "versions: [\n"),
        ("worse", "vers: 1\n"),
    ];
    for (name, config) in recipes {
        let at = folder.join("recipes").join(name);
        crom_fs::create_dir_all(at.join("all").join("patches")).unwrap();
        crom_fs::write(at.join("config.yml"), config).unwrap();
        crom_fs::write(at.join("all").join("conanfile.py"), "class A: pass").unwrap();
    }
    LocalRecipesIndex::new("local", folder, folder.join("home"))
}

fn texts(references: Result<Vec<RecipeReference>>) -> Vec<String> {
    references
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn versions_and_patterns() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path());
    assert_eq!(texts(index.versions("zlib")), ["zlib/1.2.13", "zlib/1.3.1"]);
    assert!(texts(index.versions("nothing")).is_empty());
    assert!(texts(index.versions("../zlib")).is_empty());
    assert_eq!(
        texts(index.search("zlib*/*")),
        ["zlib/1.2.13", "zlib/1.3.1", "zlib-ng/2.2", "zlib-ng/2.3"]
    );
    assert_eq!(texts(index.search("zlib/*")), ["zlib/1.2.13", "zlib/1.3.1"]);
    assert_eq!(texts(index.search("zlib/1.3.1")), ["zlib/1.3.1"]);
    assert_eq!(texts(index.search("zlib")), ["zlib/1.2.13", "zlib/1.3.1"]);
    assert!(texts(index.search("zlib/*@me/*")).is_empty());
    let error = index.search("*").unwrap_err().to_string();
    assert!(error.contains("config.yml"), "{error}");
    let error = index.versions("worse").unwrap_err().to_string();
    assert!(error.contains("there is no 'versions' mapping"), "{error}");
}

#[test]
fn recipes_are_located() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path());
    let reference = |text: &str| RecipeReference::loads(text).unwrap();
    let found = index.locate(&reference("zlib/1.3.1#123")).unwrap().unwrap();
    assert_eq!(found.reference, reference("zlib/1.3.1"));
    assert_eq!(
        found.conanfile,
        folder.path().join("recipes/zlib/all/conanfile.py")
    );
    assert_eq!(index.locate(&reference("zlib/9.9")).unwrap(), None);
    assert_eq!(index.locate(&reference("zlib/1.3.1@user/x")).unwrap(), None);
    let error = index
        .locate(&reference("zlib-ng/2.3"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("conanfile.py' doesn't exist"), "{error}");
    let none = LocalRecipesIndex::new("local", folder.path().join("nope"), "/h");
    assert!(matches!(
        none.versions("zlib"),
        Err(RemoteError::NoRecipesFolder { .. })
    ));
}

#[test]
fn exports_are_remembered_until_a_file_changes() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path());
    let reference = RecipeReference::loads("zlib/1.3.1").unwrap();
    let recipe = index.locate(&reference).unwrap().unwrap();
    let fresh = index.signature(&recipe).unwrap();
    index.remember_revision(&recipe, &fresh, "abc").unwrap();
    assert_eq!(
        index.remembered_revision(&recipe, &fresh),
        None,
        "files are too young"
    );
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    for entry in crom_fs::walk(folder.path().join("recipes/zlib")).unwrap() {
        if entry.kind == crom_fs::FileKind::File {
            crom_fs::set_modified(&entry.path, old).unwrap();
        }
    }
    let signature = index.signature(&recipe).unwrap();
    index.remember_revision(&recipe, &signature, "abc").unwrap();
    let again = index.signature(&recipe).unwrap();
    assert_eq!(
        index.remembered_revision(&recipe, &again).as_deref(),
        Some("abc")
    );
    crom_fs::write(recipe.folder.join("patches").join("1.patch"), "x").unwrap();
    let changed = index.signature(&recipe).unwrap();
    assert_eq!(index.remembered_revision(&recipe, &changed), None);
}
