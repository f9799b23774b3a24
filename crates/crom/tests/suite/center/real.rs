//! The same with real recipes, which don't belong into the project: where these variables say what.
//!
//! | variable | meaning |
//! |---|---|
//! | `CROM_CENTER_INDEX` | a folder with `recipes/` of conan-center-index |
//! | `CROM_CENTER_SOURCES` | a store of backup sources (`s/<sha256>`) with what they need |
//! | `CROM_CENTER_PACKAGES` | references to build; the ones below otherwise |
//! | `CROM_CENTER_PROFILE` | a profile file; the tests' own otherwise |

use std::path::PathBuf;

use super::{Center, installs_from_production_only, to_build};
use crate::home::Scratch;

const PACKAGES: &str = "libpng/1.6.58 freetype/2.14.3 guetzli/1.0.1 libmd/1.1.0 libdaemon/0.14 \
    libmpdclient/2.22 lzfse/1.0 jsmn/1.1.0";

fn folder(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

#[test]
fn real_recipes_go_to_production() {
    let (Some(index), Some(sources)) = (folder("CROM_CENTER_INDEX"), folder("CROM_CENTER_SOURCES"))
    else {
        eprintln!(
            "not run: CROM_CENTER_INDEX and CROM_CENTER_SOURCES don't name recipes and sources"
        );
        return;
    };
    let packages = std::env::var("CROM_CENTER_PACKAGES").unwrap_or_else(|_| PACKAGES.to_owned());
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.work().join("fork")).expect("a fork");
    std::os::unix::fs::symlink(index.join("recipes"), scratch.work().join("fork/recipes"))
        .expect("a link");
    let profile = folder("CROM_CENTER_PROFILE").map_or_else(
        || crate::home::PROFILE.to_owned(),
        |path| std::fs::read_to_string(path).expect("a profile"),
    );
    scratch.write("fork/profiles/machine", &profile);
    scratch.write_home(
        "global.conf",
        &format!("core.sources:download_cache={}\n", sources.display()),
    );
    let center = Center::new(scratch);
    center
        .crom(&format!(
            "center init {packages} --profile profiles/machine"
        ))
        .success();
    let built = to_build(&center.plan()).len();
    assert!(built >= packages.split_whitespace().count(), "{built}");
    let report = center
        .crom("center build --offline -f json")
        .success()
        .json();
    let tasks = report["tasks"].as_array().expect("tasks");
    assert_eq!(
        tasks.iter().filter(|it| it["kind"] == "build").count(),
        built
    );
    center.crom("center upload").success();
    center.crom("center verify").success();
    center.crom("center promote --by=Ann").success();
    let references: Vec<&str> = packages.split_whitespace().collect();
    installs_from_production_only(&center, &references, &profile);
}
