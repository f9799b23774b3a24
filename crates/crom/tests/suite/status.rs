//! `center status`: where packages are, and how they came to be.

use crate::center_fork::{commit, git, has_git};
use crate::home::Scratch;

/// A recipe that packages one file, or fails.
fn recipe(scratch: &Scratch, fork: &str, name: &str, build: &str) {
    let text = format!(
        "from conan import ConanFile\nfrom conan.tools.files import save\nimport os\n\n\nclass Recipe(ConanFile):\n    \
         name = \"{name}\"\n    license = \"MIT\"\n    settings = \"os\"\n\n    def build(self):\n        {build}\n\n    \
         def package(self):\n        save(self, os.path.join(self.package_folder, \"x.txt\"), \"12345\")\n"
    );
    let folder = format!("{fork}/recipes/{name}");
    scratch.write(
        &format!("{folder}/config.yml"),
        "versions:\n  \"1.0\":\n    folder: all\n",
    );
    scratch.write(&format!("{folder}/all/conanfile.py"), &text);
}

#[test]
fn built_failed_and_missing() {
    let scratch = Scratch::new();
    recipe(&scratch, "fork", "good", "self.output.info(\"all <fine>\")");
    recipe(&scratch, "fork", "bad", "raise Exception(\"no way\")");
    let list = "packages: [good/1.0, bad/1.0]\nprofiles: [{host: default, build: default}]\n";
    scratch.write("fork/center.yml", list);

    let before = scratch.crom_in("fork", "center status").success();
    let _ = before.prints("0 production, 0 test, 0 built, 2 missing, 0 failed, 0 invalid");
    let _ = scratch.crom_in("fork", "center build").fails_with(1);
    let after = scratch.crom_in("fork", "center status").success();
    let _ = after.prints("0 production, 0 test, 1 built, 0 missing, 1 failed, 0 invalid");

    let json = scratch
        .crom_in("fork", "center status --format json")
        .success()
        .json();
    let packages = json["packages"].as_array().expect("packages");
    let of = |name: &str| {
        let mut all = packages.iter();
        all.find(|it| it["reference"] == name).expect("a package")
    };
    let good = &of("good/1.0")["binaries"][0];
    assert_eq!(good["place"], "built");
    assert!(
        good["size"].as_u64() > Some(5),
        "x.txt, and what describes the package"
    );
    assert!(good["build"]["seconds"].is_number() && good["build"]["failure"].is_null());
    assert_eq!(good["profiles"][0], "default");
    let bad = &of("bad/1.0")["binaries"][0];
    assert_eq!(bad["place"], "failed");
    assert!(
        bad["log"].as_str().expect("a log").contains("no way"),
        "{bad}"
    );

    let page = scratch
        .crom_in("fork", "center status --format html")
        .success()
        .stdout;
    assert!(page.contains("all &lt;fine&gt;"), "{page}");
    assert!(page.contains("<th>default"), "{page}");
    assert!(
        !page.contains("src=") && !page.contains("href="),
        "nothing is loaded"
    );
}

#[test]
fn what_upstream_has() {
    if !has_git() {
        return;
    }
    let scratch = Scratch::new();
    recipe(&scratch, "upstream", "good", "pass");
    let _ = git(&scratch, "upstream", &["init", "--quiet"]);
    commit(&scratch, "upstream", "Begin");
    let _ = git(
        &scratch,
        "",
        &[
            "clone", "--quiet", "--origin", "upstream", "upstream", "fork",
        ],
    );
    scratch.write("fork/center.yml", "packages: [good/1.0]\n");
    let _ = scratch
        .crom_in("fork", "center status")
        .success()
        .prints("everything of upstream");
    let config = "versions:\n  \"1.1\":\n    folder: all\n  \"1.0\":\n    folder: all\n";
    scratch.write("upstream/recipes/good/config.yml", config);
    commit(&scratch, "upstream", "Add a version");
    let _ = git(&scratch, "fork", &["fetch", "--quiet", "upstream"]);
    let status = scratch.crom_in("fork", "center status").success();
    let status = status.prints("(upstream has 1.1)");
    let _ = status.prints("Upstream is 1 commits ahead");
}
