//! `center sources`: copies of what recipes download.

use std::path::{Path, PathBuf};

use crate::center_fork::Recipe;
use crate::file_server::serve;
use crate::home::Scratch;

/// sha256 of `hello` and of `world`.
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const WORLD: &str = "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7";

/// `alpha` requires `beta`, which has a patch; `gamma` isn't in the list.
fn fork(scratch: &Scratch, url: &str) {
    let recipe = |name, requires| Recipe {
        name,
        requires,
        license: "MIT",
    };
    let data = format!(
        "sources:\n  \"1.0\":\n    url: [\"{url}/gone.tgz\", \"{url}/hello.tgz\"]\n    sha256: \"{HELLO}\"\n  \
         \"0.9\":\n    url: \"{url}/never.tgz\"\n    sha256: \"{}\"\n",
        "0".repeat(64)
    );
    recipe("alpha", Some("beta/2.0")).write(scratch, "fork", &["1.0", "0.9"], &data);
    let data = format!(
        "sources:\n  \"2.0\":\n    Linux: {{x86_64: {{url: \"{url}/world.tgz\", sha256: \"{WORLD}\"}}}}\n\
         patches:\n  \"2.0\":\n    - patch_file: patches/2.0.patch\n"
    );
    recipe("beta", None).write(scratch, "fork", &["2.0"], &data);
    scratch.write("fork/recipes/beta/all/patches/2.0.patch", "--- a\n+++ b\n");
    recipe("gamma", None).write(scratch, "fork", &["1.0"], "sources: {}\n");
    let list = "packages: [alpha/1.0]\nsources: {mirror: ../mirror}\n";
    scratch.write("fork/center.yml", list);
    scratch.write("www/hello.tgz", "hello");
    scratch.write("www/world.tgz", "world");
}

fn store(scratch: &Scratch) -> PathBuf {
    scratch.work().join("fork/.crom-center/sources/s")
}

#[test]
fn everything_of_the_closure_is_kept() {
    let scratch = Scratch::new();
    scratch.write("www/x", "");
    fork(&scratch, &serve(&scratch.work().join("www")));
    let first = scratch.crom_in("fork", "center sources").success();
    let first = first.prints("added: recipes/beta/all/patches/2.0.patch");
    let first = first.prints("(alpha/1.0; kept in the store): Not found: ");
    let first =
        first.prints("3 files: 0 were there, 3 added, 0 repaired, 0 failed, 0 without sha256");
    let _ = first.prints("Copies are at ../mirror");
    assert_eq!(
        std::fs::read_to_string(store(&scratch).join(HELLO)).expect("a file"),
        "hello"
    );
    assert_eq!(scratch.read(&format!("mirror/{WORLD}")), "world");
    let description: serde_json::Value =
        serde_json::from_str(&scratch.read(&format!("mirror/{HELLO}.json"))).expect("JSON");
    assert_eq!(
        description["references"]["alpha/1.0"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    assert!(description["timestamp"].is_number());

    std::fs::write(store(&scratch).join(WORLD), "wor").expect("a file");
    let again = scratch
        .crom_in("fork", "center sources --no-probe")
        .success();
    let again = again.prints("was damaged, fetched anew:");
    let _ = again.prints("3 files: 2 were there, 0 added, 1 repaired");

    std::fs::remove_dir_all(scratch.work().join("www")).expect("a folder");
    let offline = scratch
        .crom_in("fork", "center sources --offline --format json")
        .success();
    let json = offline.json();
    assert_eq!(json["files"].as_array().map(Vec::len), Some(3));
    assert!(
        json["files"]
            .as_array()
            .expect("files")
            .iter()
            .all(|it| it["state"] == "present")
    );
    assert_eq!(json["dead"].as_array().map(Vec::len), Some(0));

    let dead = scratch
        .crom_in("fork", "center sources --format json")
        .success()
        .json();
    assert_eq!(dead["dead"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_cannot_be_had_is_told() {
    let scratch = Scratch::new();
    scratch.write("www/x", "");
    fork(&scratch, &serve(&scratch.work().join("www")));
    scratch.write("www/hello.tgz", "another");
    let found = scratch
        .crom_in("fork", "center sources --no-probe")
        .fails_with(1);
    let found = found.prints("(alpha/1.0): sha256 hash failed for");
    let _ = found.prints("1 failed");
    assert!(!store(&scratch).join(HELLO).exists());
    let offline = scratch
        .crom_in("fork", "center sources --offline")
        .fails_with(1);
    let _ = offline.prints("(alpha/1.0): not in the store");
}

/// With the store, a build needs no network: the server is gone when it runs, and the home is another.
#[test]
fn a_build_without_network() {
    let scratch = Scratch::new();
    scratch.write("src/hello/text.txt", "from the archive");
    let (url, sum) = archive(&scratch, "hello");
    let data =
        format!("sources:\n  \"1.0\":\n    url: \"{url}/hello.tgz\"\n    sha256: \"{sum}\"\n");
    let recipe = Recipe {
        name: "hello",
        requires: None,
        license: "MIT",
    };
    recipe.write(&scratch, "fork", &["1.0"], &data);
    let folder = "fork/recipes/hello/all/conanfile.py";
    let package = "\n    def package(self):\n        import os, shutil\n        \
                   shutil.copy(os.path.join(self.source_folder, \"hello\", \"text.txt\"), self.package_folder)\n";
    scratch.write(folder, &format!("{}{package}", recipe.text()));
    scratch.write("fork/center.yml", "packages: [hello/1.0]\n");
    let _ = scratch.crom_in("fork", "center sources").success();
    std::fs::remove_file(scratch.work().join("www/hello.tgz")).expect("a file");
    let built = scratch.crom_in("fork", "center build --offline").success();
    let _ = built.prints("built 1");
    let status = scratch.crom_in("fork", "center status --offline").success();
    let _ = status.prints("1 built, 0 missing");
}

#[test]
fn patches_are_tried_on_what_is_kept() {
    let scratch = Scratch::new();
    scratch.write("src/hello-1.0/text.txt", "one\n");
    let (url, sum) = archive(&scratch, "hello-1.0");
    let version =
        |it: &str| format!("  \"{it}\":\n    url: \"{url}/hello.tgz\"\n    sha256: \"{sum}\"\n");
    let patch = |it: &str, file: &str| format!("  \"{it}\":\n    - patch_file: patches/{file}\n");
    let data = format!(
        "sources:\n{}{}patches:\n{}{}",
        version("1.0"),
        version("1.1"),
        patch("1.0", "good.patch"),
        patch("1.1", "bad.patch")
    );
    let recipe = Recipe {
        name: "hello",
        requires: None,
        license: "MIT",
    };
    recipe.write(&scratch, "fork", &["1.0", "1.1"], &data);
    let text = recipe.text().replace(
        "[self.version])",
        "[self.version], strip_root=True)\n        from conan.tools.files import apply_conandata_patches\n        \
         apply_conandata_patches(self)",
    );
    scratch.write("fork/recipes/hello/all/conanfile.py", &text);
    for (name, line) in [("good", "one"), ("bad", "three")] {
        let patch = format!("--- a/text.txt\n+++ b/text.txt\n@@ -1 +1 @@\n-{line}\n+two\n");
        scratch.write(
            &format!("fork/recipes/hello/all/patches/{name}.patch"),
            &patch,
        );
    }
    scratch.write("fork/center.yml", "packages: [hello/1.0]\n");
    let good = scratch
        .crom_in("fork", "center sources --check-patches --no-probe")
        .success();
    let _ = good.prints("Patches of 1 of 1 versions apply");
    scratch.write("fork/center.yml", "packages: [hello/1.0, hello/1.1]\n");
    let bad = scratch
        .crom_in("fork", "center sources --check-patches --no-probe")
        .fails_with(1);
    let bad = bad.prints("patches don't apply: hello/1.1: ");
    let _ = bad.prints("Patches of 1 of 2 versions apply");
}

/// A server with `hello.tgz`, made of a folder below `src`: its URL and the archive's checksum.
fn archive(scratch: &Scratch, folder: &str) -> (String, String) {
    scratch.write("www/x", "");
    let tar = ["czf", "../www/hello.tgz", folder];
    let _ = scratch.run(Path::new("tar"), "src", tar).success();
    let archive = scratch.work().join("www/hello.tgz");
    let sums = scratch
        .run(Path::new("sha256sum"), "", [&archive])
        .success();
    let sum = sums.stdout.split(' ').next().unwrap_or_default().to_owned();
    (serve(&scratch.work().join("www")), sum)
}
