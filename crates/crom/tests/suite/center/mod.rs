//! `center`, from the first plan to packages in production: a fork, two repositories of a real server.

mod real;
mod recipes;

use std::io::{BufRead, BufReader};
use std::process::Command;

use serde_json::Value;

use crate::home::{Outcome, PROFILE, Scratch};
use crate::oracle::conan;
use crate::server::Started;
use recipes::{write_archive, write_fork};

/// A fork with a server beside it.
struct Center {
    scratch: Scratch,
    server: Started,
}

impl Center {
    /// The server knows `test` and `production`, the home may write to both.
    fn new(scratch: Scratch) -> Self {
        let server = Started::new(&scratch);
        for command in [
            "server repo add test --data data",
            "server repo add production --data data",
            "server user add ci --no-password --data data",
            "server grant ci test write --data data",
            "server grant ci production promote --data data",
        ] {
            scratch.crom(command).success();
        }
        let center = Self { scratch, server };
        center.add_remotes(&center.scratch, &["test", "production"]);
        center
    }

    fn add_remotes(&self, scratch: &Scratch, names: &[&str]) {
        let token = self
            .scratch
            .crom("server token add ci --data data -f json")
            .success()
            .json();
        let token = token["token"].as_str().expect("a token").to_owned();
        let mut credentials = Vec::new();
        for name in names {
            let url = format!("http://{}/{name}", self.server.address);
            scratch.crom(&format!("remote add {name} {url}")).success();
            credentials.push(serde_json::json!({"remote": name, "user": "ci", "password": token}));
        }
        let text = serde_json::json!({"credentials": credentials}).to_string();
        scratch.write_home("credentials.json", &text);
    }

    fn crom(&self, line: &str) -> Outcome {
        self.scratch.crom_in("fork", line)
    }

    fn git(&self, line: &str) {
        let status = Command::new("git")
            .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"])
            .args(line.split_whitespace())
            .current_dir(self.scratch.work().join("fork"))
            .output()
            .expect("git");
        assert!(status.status.success(), "{status:?}");
    }

    fn plan(&self) -> Value {
        self.crom("center plan -f json").success().json()
    }
}

/// `name/version` of what is built, with the kind of reason, in order.
fn to_build(plan: &Value) -> Vec<(String, String)> {
    let packages = plan["packages"].as_object().expect("packages");
    packages
        .values()
        .filter(|package| package["state"] == "build")
        .map(|package| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (text(&package["reference"]), text(&package["why"]["kind"]))
        })
        .collect()
}

fn names(list: &[(String, String)]) -> Vec<&str> {
    list.iter().map(|(name, _)| name.as_str()).collect()
}

/// Fills the home's store of sources and gives the sum of the archive.
fn store_archive(scratch: &Scratch) -> String {
    scratch.write("archive-1.0/archive.h", "#define ARCHIVE 1\n");
    let packed = Command::new("tar")
        .args(["czf", "archive.tar.gz", "archive-1.0"])
        .current_dir(scratch.work())
        .status()
        .expect("tar");
    assert!(packed.success());
    let path = scratch.work().join("archive.tar.gz");
    let sum = Command::new("sha256sum")
        .arg(&path)
        .output()
        .expect("sha256sum");
    let sum = String::from_utf8_lossy(&sum.stdout)[..64].to_owned();
    let store = scratch.home().join("sources");
    std::fs::create_dir_all(store.join("s")).expect("a store");
    std::fs::copy(&path, store.join("s").join(&sum)).expect("a copy");
    scratch.write_home(
        &format!("sources/s/{sum}.json"),
        r#"{"references": {"archive/1.0": ["https://sources.invalid/archive-1.0.tar.gz"]}, "timestamp": 1}"#,
    );
    scratch.write_home(
        "global.conf",
        &format!("core.sources:download_cache={}\n", store.display()),
    );
    sum
}

#[test]
fn a_fork_goes_from_plan_to_production_and_follows_changes() {
    let scratch = Scratch::new();
    write_fork(&scratch);
    let sum = store_archive(&scratch);
    write_archive(&scratch, &sum);
    let center = Center::new(scratch);
    center.git("init -q");
    center.git("config user.name Ann");
    center.git("config user.email ann@example.com");

    // The list.
    center
        .crom("center init facade/0.1 archive/1.0 elsewhere/1.0 --profile profiles/gcc")
        .success();
    center
        .crom("center add adder/[>=1.0] -o shared=True,False")
        .success();
    let path = "fork/center.yml";
    let text = center.scratch.read(path);
    center.scratch.write(
        path,
        &text.replace(
            "verify: []",
            "verify:\n  - {path: consumers/app, run: ./app}",
        ),
    );
    center.git("add .");
    center.git("commit -q -m fork");

    // The plan.
    let plan = center.plan();
    let built = to_build(&plan);
    let mut sorted = names(&built);
    let place = |name: &str| sorted.iter().position(|it| *it == name).expect(name);
    assert!(place("stamper/1.0") < place("counter/1.0"), "{sorted:?}");
    assert!(place("counter/1.0") < place("facade/0.1"), "{sorted:?}");
    assert!(
        built.iter().all(|(_, why)| why == "new-package"),
        "{built:?}"
    );
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "adder/1.0",
            "adder/1.0",
            "archive/1.0",
            "counter/1.0",
            "facade/0.1",
            "greeter/2.0",
            "stamper/1.0"
        ]
    );
    let invalid = &plan["combinations"][2]["outcome"];
    assert_eq!(invalid["state"], "invalid");
    assert!(
        invalid["reason"]
            .as_str()
            .expect("text")
            .contains("only for Windows")
    );
    assert_eq!(plan["fork"]["dirty"], false);
    center
        .crom("center plan -f html")
        .success()
        .prints("only for Windows");

    // Nothing is promoted that isn't verified, nothing verified that isn't there.
    center
        .crom("center promote")
        .fails_with(1)
        .says("nothing is verified");
    center
        .crom("center verify")
        .fails_with(1)
        .says("'crom center build'");

    // The build, without network.
    let report = center
        .crom("center build --offline -f json")
        .success()
        .json();
    let tasks = report["tasks"].as_array().expect("tasks");
    assert_eq!(tasks.iter().filter(|it| it["kind"] == "build").count(), 7);
    assert_eq!(tasks.iter().filter(|it| it["kind"] == "test").count(), 3);
    assert_eq!(report["invalid"].as_array().expect("list").len(), 1);
    let log = tasks[0]["log"].as_str().expect("a log");
    assert!(!log.is_empty());
    assert_eq!(to_build(&center.plan()), []);
    let again = center.crom("center build -f json").success().json();
    assert_eq!(again["tasks"], serde_json::json!([]));

    // To test, verified, to production.
    let uploaded = center.crom("center upload -f json").success().json();
    assert_eq!(uploaded["packages"].as_array().expect("list").len(), 7);
    assert_eq!(uploaded["left_out"], serde_json::json!({}));
    let again = center.crom("center upload -f json").success().json();
    assert_eq!(again["present"], 7);
    let verified = center.crom("center verify -f json").success().json();
    let verified = &verified["verified"];
    assert_eq!(verified["packages"].as_object().expect("map").len(), 7);
    assert_eq!(
        verified["consumers"],
        serde_json::json!(["consumers/app [gcc]"])
    );
    center
        .crom("center promote broken/1.0")
        .fails_with(1)
        .says("'broken/1.0' was not verified");
    let promoted = center.crom("center promote -f json").success().json();
    assert_eq!(
        promoted["record"]["packages"]
            .as_array()
            .expect("list")
            .len(),
        7
    );
    assert_eq!(
        promoted["record"]["signed_off"]["by"],
        "Ann <ann@example.com>"
    );
    let commit = promoted["record"]["fork"]["commit"]
        .as_str()
        .expect("a commit");
    assert_eq!(commit.len(), 40);
    metadata_is_there(&center);
    installs_from_production_only(
        &center,
        &["facade/0.1", "archive/1.0", "adder/1.0"],
        PROFILE,
    );
    center.git("add .");
    center.git("commit -q -m record");
    assert_eq!(
        center.plan()["fork"]["dirty"],
        false,
        "only the record is new"
    );

    changes_are_followed(&center);
}

/// A recipe that is used changes, one that isn't does, and a version comes.
fn changes_are_followed(center: &Center) {
    let change = |path: &str, from: &str, to: &str| {
        let path = format!("fork/recipes/{path}");
        let text = center.scratch.read(&path);
        assert!(text.contains(from), "{path}");
        center.scratch.write(&path, &text.replace(from, to));
    };
    change("unused/all/conanfile.py", "goes wrong", "is no better");
    change("greeter/all/greeter.c", "hello", "good morning");
    assert_eq!(
        to_build(&center.plan()),
        [(String::from("greeter/2.0"), String::from("changed-recipe"))]
    );
    // A version that the range of its user takes, which is built anew.
    change(
        "adder/config.yml",
        "versions:\n",
        "versions:\n  \"1.1\":\n    folder: all\n",
    );
    let mut built = to_build(&center.plan());
    built.sort();
    let expect = |name: &str, why: &str| (name.to_owned(), why.to_owned());
    assert_eq!(
        built,
        [
            expect("adder/1.1", "new-version"),
            expect("adder/1.1", "new-version"),
            expect("counter/1.0", "changed-dependency"),
            expect("greeter/2.0", "changed-recipe"),
        ]
    );
    // Another profile.
    change("../profiles/gcc", "build_type=Release", "build_type=Debug");
    let built = to_build(&center.plan());
    assert!(
        built.contains(&expect("greeter/2.0", "changed-recipe"))
            && !built.iter().any(|(name, _)| name.starts_with("stamper")),
        "{built:?}"
    );
    change("../profiles/gcc", "build_type=Debug", "build_type=Release");

    let report = center.crom("center build -f json").success().json();
    let tasks = report["tasks"].as_array().expect("tasks");
    assert_eq!(
        tasks.iter().filter(|it| it["kind"] == "build").count(),
        4,
        "{report}"
    );
    center
        .crom("center upload")
        .success()
        .prints("Uploaded 4 packages to test");
    // What was verified before doesn't stand for what is there now.
    center.crom("center verify").success();
    center.crom("center promote").success();
    installs_from_production_only(center, &["facade/0.1", "adder/1.1"], PROFILE);
}

/// Logs, plan and SBOM came with the package.
fn metadata_is_there(center: &Center) {
    let other = Scratch::new();
    center.add_remotes(&other, &["production"]);
    let downloaded = other
        .crom("download counter/1.0:* -r production -m * -f json")
        .success()
        .json();
    let revisions = &downloaded["Local Cache"]["counter/1.0"]["revisions"];
    let revision = revisions.as_object().and_then(|it| it.values().next());
    let packages = revision.and_then(|it| it["packages"].as_object());
    let id = packages.and_then(|it| it.keys().next()).expect("a package");
    let folder = other
        .crom(&format!("cache path counter/1.0:{id} --folder metadata"))
        .success()
        .stdout
        .trim()
        .replace("<HOME>", &other.home().to_string_lossy());
    let folder = std::path::PathBuf::from(folder);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect(name);
    assert!(read("logs/build.log").contains("libcounter.a"));
    assert!(read("logs/test.log").contains("Testing the package"));
    assert!(read("center/plan.json").contains("new-package"));
    let sbom: Value = serde_json::from_str(&read("sbom/sbom.cdx.json")).expect("JSON");
    assert_eq!(sbom["bomFormat"], "CycloneDX");
    assert_eq!(sbom["components"][0]["name"], "adder");
}

/// By Crom, and by the reference, in empty homes that know nothing else but a profile.
fn installs_from_production_only(center: &Center, references: &[&str], profile: &str) {
    let wanted: Vec<String> = references
        .iter()
        .map(|it| format!("--requires={it}"))
        .collect();
    let line = format!("install {} --build=never -r production", wanted.join(" "));
    let mine = Scratch::new();
    center.add_remotes(&mine, &["production"]);
    mine.write_home("profiles/default", profile);
    mine.crom(&line).success();
    let Some(conan) = conan() else { return };
    let theirs = Scratch::new();
    center.add_remotes(&theirs, &["production"]);
    theirs.write_home("profiles/default", profile);
    theirs.run(&conan, "", line.split_whitespace()).success();
}

#[test]
fn a_build_that_is_killed_goes_on() {
    let scratch = Scratch::new();
    write_fork(&scratch);
    scratch
        .crom_in("fork", "center init facade/0.1 --profile profiles/gcc")
        .success();
    let mut child = scratch.start("fork", "center build -j 1");
    let lines = BufReader::new(child.stderr.take().expect("messages")).lines();
    for line in lines.map_while(Result::ok) {
        if line.starts_with("[2/") {
            break;
        }
    }
    let killed = Command::new("kill")
        .args(["-KILL", &child.id().to_string()])
        .status()
        .expect("kill");
    assert!(killed.success());
    let _ = child.wait();
    let plan = scratch
        .crom_in("fork", "center plan -f json")
        .success()
        .json();
    let left = to_build(&plan).len();
    assert!((1..=3).contains(&left), "{left}");
    let report = scratch
        .crom_in("fork", "center build -f json")
        .success()
        .json();
    let tasks = report["tasks"].as_array().expect("tasks");
    assert_eq!(
        tasks.iter().filter(|it| it["kind"] == "build").count(),
        left
    );
    // The tests of what was built before the end weren't run then.
    assert_eq!(
        tasks.iter().filter(|it| it["kind"] == "test").count(),
        2,
        "{report}"
    );
    // Each package is there once.
    let list = scratch.crom("list *:*#* -f json").success().json();
    let text = list.to_string();
    for name in [
        "adder/1.0",
        "counter/1.0",
        "greeter/2.0",
        "stamper/1.0",
        "facade/0.1",
    ] {
        let packages = &list["Local Cache"][name]["revisions"];
        let packages = packages.as_object().and_then(|it| it.values().next());
        let packages = packages.and_then(|it| it["packages"].as_object());
        let packages = packages.unwrap_or_else(|| panic!("{name} in {text}"));
        for package in packages.values() {
            assert_eq!(
                package["revisions"].as_object().expect("map").len(),
                1,
                "{name}"
            );
        }
    }
}

#[test]
fn a_failure_stops_only_what_needs_it() {
    let scratch = Scratch::new();
    write_fork(&scratch);
    let center = Center::new(scratch);
    center
        .crom("center init needsbroken/1.0 stamper/1.0 elsewhere/1.0 --profile profiles/gcc")
        .success();
    let outcome = center
        .crom("center build")
        .fails_with(1)
        .prints("FAILED to build broken/1.0")
        .prints("not built: needsbroken/1.0")
        .prints("elsewhere/1.0 [gcc]: invalid")
        .prints("built 1, tested 0, failed 1, not started 1, invalid 1");
    assert!(outcome.stderr.contains("built stamper/1.0"), "{outcome}");
    let report = center.crom("center build -f json").fails_with(1).json();
    let failed = &report["tasks"][0];
    assert_eq!(failed["ending"]["state"], "failed");
    let log = failed["log"].as_str().expect("a log");
    let log = log.replace("<WORK>", &center.scratch.work().to_string_lossy());
    let log = std::fs::read_to_string(log).expect("the log");
    assert!(log.contains("this goes wrong"), "{log}");
    assert!(log.contains("center work build"), "{log}");

    let uploaded = center.crom("center upload -f json").success().json();
    assert_eq!(uploaded["packages"].as_array().expect("list").len(), 1);
    assert_eq!(uploaded["left_out"].as_object().expect("map").len(), 2);
    center
        .scratch
        .crom("list broken/*#* -r test")
        .success()
        .prints("There are no matching recipe references");
    // Out of the list, out of the way.
    center.crom("center remove needsbroken").success();
    center.crom("center build").success().prints("failed 0");
}

#[test]
fn without_network_only_what_is_here_is_used() {
    let scratch = Scratch::new();
    write_fork(&scratch);
    store_archive(&scratch);
    write_archive(&scratch, &"0".repeat(64));
    scratch
        .crom_in(
            "fork",
            "center init archive/1.0 greeter/2.0 --profile profiles/gcc",
        )
        .success();
    scratch
        .crom_in("fork", "center build --offline")
        .fails_with(1)
        .prints("the network is off")
        .prints("built 1");
}

#[test]
fn mistakes_are_told_with_their_place() {
    let scratch = Scratch::new();
    scratch
        .crom("center plan")
        .fails_with(1)
        .says("there is no center.yml")
        .says("crom center init");
    write_fork(&scratch);
    scratch
        .crom_in("fork", "center init nothing/1.0")
        .fails_with(1)
        .says("the fork has no recipe for 'nothing'");
    scratch.write("fork/center.yml", "packages:\n  - adder/1.0\nprofile: x\n");
    scratch
        .crom_in("fork/recipes", "center plan")
        .fails_with(1)
        .says("center.yml:3:1: unknown key 'profile'")
        .says("known keys: upstream");
    scratch.write("fork/center.yml", "packages:\n  - adder/7.0\n");
    scratch
        .crom_in("fork", "center plan")
        .fails_with(1)
        .prints("'adder/7.0' is not among the recipes");
    scratch
        .crom_in("fork", "center upload")
        .fails_with(1)
        .says("'remotes' of the list names 'test'");
    scratch
        .crom("center schema")
        .success()
        .prints("\"additionalProperties\": false");
}
