//! `center sync`: what of upstream matters to a fork.

use crate::center_fork::{Recipe, commit, git, has_git};
use crate::home::Scratch;

const DATA: &str =
    "sources:\n  \"1.0\":\n    url: \"https://example.org/1.tgz\"\n    sha256: \"1\"\n";

fn recipe<'a>(name: &'a str, requires: Option<&'a str>) -> Recipe<'a> {
    Recipe {
        name,
        requires,
        license: "MIT",
    }
}

/// `upstream` with three recipes, and `fork`, which uses `alpha` and by it `beta`.
fn forked() -> Scratch {
    let scratch = Scratch::new();
    for (name, requires) in [("alpha", Some("beta/1.0")), ("beta", None), ("gamma", None)] {
        recipe(name, requires).write(&scratch, "upstream", &["1.0"], DATA);
    }
    let _ = git(&scratch, "upstream", &["init", "--quiet"]);
    commit(&scratch, "upstream", "Begin");
    let _ = git(
        &scratch,
        "",
        &[
            "clone", "--quiet", "--origin", "upstream", "upstream", "fork",
        ],
    );
    for (name, value) in [
        ("user.name", "Tester"),
        ("user.email", "tester@example.org"),
    ] {
        let _ = git(&scratch, "fork", &["config", name, value]);
    }
    scratch.write("fork/center.yml", "packages: [alpha/1.0]\n");
    commit(&scratch, "fork", "List what is used");
    scratch
}

/// Changes a used recipe and an unused one, and adds a version of a used one.
fn move_upstream(scratch: &Scratch) {
    let two = "  \"2.0\":\n    url: \"https://example.org/2.tgz\"\n    sha256: \"2\"\n";
    recipe("alpha", Some("beta/1.0")).write(
        scratch,
        "upstream",
        &["2.0", "1.0"],
        &format!("{DATA}{two}"),
    );
    let other = Recipe {
        license: "BSL-1.0",
        ..recipe("beta", None)
    };
    other.write(
        scratch,
        "upstream",
        &["1.0"],
        &DATA.replace("example.org", "mirror.example.net"),
    );
    recipe("gamma", None).write(
        scratch,
        "upstream",
        &["2.0", "1.0"],
        &format!("{DATA}{two}"),
    );
    commit(scratch, "upstream", "Move on");
}

#[test]
fn only_what_matters_is_shown() {
    if !has_git() {
        return;
    }
    let scratch = forked();
    let nothing = scratch.crom_in("fork", "center sync").success();
    let _ = nothing.prints("has nothing new");
    move_upstream(&scratch);

    let report = scratch
        .crom_in("fork", "center sync --format json")
        .success()
        .json();
    assert_eq!(report["commits"], 1);
    assert_eq!(
        report["recipes"].as_array().map(Vec::len),
        Some(1),
        "{report:#}"
    );
    let beta = &report["recipes"][0];
    assert_eq!(beta["name"], "beta");
    assert_eq!(beta["revisions"].as_array().map(Vec::len), Some(1));
    let files: Vec<_> = beta["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|it| &it["path"])
        .collect();
    assert_eq!(
        files,
        [
            "recipes/beta/all/conandata.yml",
            "recipes/beta/all/conanfile.py"
        ]
    );
    assert_eq!(beta["commits"][0]["subject"], "Move on");
    assert_eq!(report["new_versions"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["new_versions"][0]["name"], "alpha");
    assert_eq!(report["new_versions"][0]["new"][0], "2.0");
    assert_eq!(report["without_effect"][0], "alpha");
    assert_eq!(report["other_recipes"], 1);
    let rebuilt: Vec<_> = report["rebuilt"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| &it["reference"])
        .collect();
    assert_eq!(
        rebuilt,
        ["beta/1.0"],
        "alpha's binary doesn't depend on beta's revision"
    );
    assert_eq!(report["rebuilt"][0]["why"], "changed recipe");
    assert_eq!(report["new_licences"][0]["licence"], "BSL-1.0");
    assert_eq!(report["new_licences"][0]["new_to_fork"], true);
    assert_eq!(report["new_hosts"][0]["host"], "mirror.example.net");
    assert_eq!(report["conflicts"].as_array().map(Vec::len), Some(0));

    let text = scratch.crom_in("fork", "center sync --no-fetch").success();
    let text = text
        .prints("-    url: https://example.org/1.tgz\n+    url: https://mirror.example.net/1.tgz");
    let text = text.prints("new source host: mirror.example.net (beta/1.0)");
    let text = text.prints("Changed recipes that aren't used: 1");
    assert!(!text.stdout.contains("2.tgz"), "{text}");
    let page = scratch
        .crom_in("fork", "center sync --no-fetch --format html")
        .success()
        .stdout;
    assert!(
        page.contains("<td class=\"old\">    license = &quot;MIT&quot;"),
        "{page}"
    );
    assert!(
        page.contains("<td class=\"new\">    license = &quot;BSL-1.0&quot;"),
        "{page}"
    );
    assert!(
        !page.contains("src=") && !page.contains("href="),
        "nothing is loaded"
    );
}

#[test]
fn a_merge_is_made_once() {
    if !has_git() {
        return;
    }
    let scratch = forked();
    move_upstream(&scratch);
    scratch.write("fork/recipes/gamma/all/conanfile.py", "# mine\n");
    let dirty = scratch.crom_in("fork", "center sync --apply").fails_with(1);
    let _ = dirty.says("nothing was merged: files of the fork have changes that aren't committed");
    let _ = git(&scratch, "fork", &["checkout", "--quiet", "recipes"]);
    let _ = scratch
        .crom_in("fork", "center sync --apply")
        .success()
        .prints("Merged as ");
    assert!(
        scratch
            .read("fork/recipes/beta/all/conanfile.py")
            .contains("BSL-1.0")
    );
    let log = git(&scratch, "fork", &["log", "-1", "--format=%s"]);
    assert_eq!(log.stdout.trim(), "Merge upstream/master");
    let _ = scratch
        .crom_in("fork", "center sync")
        .success()
        .prints("has nothing new");
}

#[test]
fn conflicts_are_shown_by_recipe() {
    if !has_git() {
        return;
    }
    let scratch = forked();
    let path = "fork/recipes/beta/all/conanfile.py";
    let own = scratch.read(path).replace("\"MIT\"", "\"LicenseRef-ours\"");
    scratch.write(path, &own);
    commit(&scratch, "fork", "Our own licence");
    move_upstream(&scratch);
    let report = scratch
        .crom_in("fork", "center sync --format json")
        .success()
        .json();
    let conflict = &report["conflicts"][0];
    assert_eq!(conflict["recipe"], "beta");
    assert_eq!(conflict["used"], true);
    let part = conflict["files"][0][1][0].as_str().expect("a part");
    assert!(
        part.contains("LicenseRef-ours") && part.contains("BSL-1.0"),
        "{part}"
    );
    let apply = scratch.crom_in("fork", "center sync --apply").fails_with(1);
    let apply = apply.prints("Conflict with the fork's own changes: beta");
    let _ =
        apply.says("nothing was merged: the fork's own changes conflict with upstream's in beta");
    assert!(scratch.read(path).contains("LicenseRef-ours"));
}

#[test]
fn a_remote_that_is_missing_is_told() {
    if !has_git() {
        return;
    }
    let scratch = forked();
    scratch.write(
        "fork/center.yml",
        "upstream: {remote: origin}\npackages: [alpha/1.0]\n",
    );
    let missing = scratch.crom_in("fork", "center sync").fails_with(1);
    let _ = missing.says("hint: 'git remote add origin URL' adds the remote");
    scratch.write("plain/center.yml", "packages: [alpha/1.0]\n");
    let _ = scratch
        .crom_in("plain", "center sync")
        .fails_with(1)
        .says("is no git checkout");
}
