//! `promote`: on one server, and between servers.

use serde_json::{Value, json};

use crate::conan_server::{ConanServer, PASSWORD, USER};
use crate::home::Scratch;
use crate::recipes::PLAIN;
use crate::server::Started;

/// With the repositories `main` and `production` as the remotes `test` and `production`. Ann may
/// write to the one and nothing in the other; both are logged in.
fn staging() -> (Scratch, Started) {
    let scratch = Scratch::new();
    let server = Started::new(&scratch);
    scratch
        .crom("server repo add production --data data")
        .success();
    scratch
        .crom("server repo set main --anonymous-read false --data data")
        .success();
    add_user(&scratch, "data", "ann");
    scratch
        .crom("server grant ann main write --data data")
        .success();
    add_remote(&scratch, "test", &server.url("main"));
    add_remote(&scratch, "production", &server.url("production"));
    for remote in ["test", "production"] {
        log_in(&scratch, remote, "ann");
    }
    (scratch, server)
}

fn add_user(scratch: &Scratch, data: &str, name: &str) {
    let added = scratch
        .crom(&format!("server user add {name} --data {data} -f json"))
        .success()
        .json();
    let password = added["password"].as_str().expect("a password").to_owned();
    scratch.write(&format!("{name}.password"), &password);
}

/// Told to the server itself, which others' changes may reach some seconds later.
fn grant(scratch: &Scratch, data: &str, server: &Started, what: &str) {
    let token = scratch
        .crom(&format!("server token add admin --data {data} -f json"))
        .success()
        .json();
    let token = token["token"].as_str().expect("a token");
    let url = server.url("");
    scratch
        .crom(&format!("server grant {what} --url {url} --token {token}"))
        .success();
}

fn add_remote(scratch: &Scratch, name: &str, url: &str) {
    scratch.crom(&format!("remote add {name} {url}")).success();
}

fn log_in(scratch: &Scratch, remote: &str, user: &str) {
    let password = scratch.read(&format!("{user}.password"));
    scratch
        .crom(&format!("remote login {remote} {user} -p {password}"))
        .success();
}

/// Two packages of `plain/1.0` with metadata, uploaded to a remote.
fn uploaded(scratch: &Scratch, remote: &str) {
    scratch.write("plain/conanfile.py", PLAIN);
    scratch.crom("create plain").success();
    scratch.crom("create plain -o &:fast=True").success();
    let folder = scratch
        .crom("cache path plain/1.0 --folder=metadata")
        .success();
    let folder = folder
        .stdout
        .trim()
        .replace("<HOME>", &scratch.home().to_string_lossy());
    std::fs::create_dir_all(format!("{folder}/logs")).expect("a folder");
    std::fs::write(format!("{folder}/logs/build.log"), "it went well").expect("a file");
    scratch
        .crom(&format!("upload plain/1.0 -r {remote} -c"))
        .success();
}

/// Everything that a remote has, without times.
fn inventory(scratch: &Scratch, remote: &str) -> Value {
    let mut listed = scratch
        .crom(&format!("list *#*:*#* -r {remote} --format=json"))
        .success()
        .json();
    forget_times(&mut listed);
    listed[remote].take()
}

fn forget_times(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("timestamp");
            map.values_mut().for_each(forget_times);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_times),
        _ => {}
    }
}

/// What is said of each revision of a report.
fn states(report: &Value) -> Vec<bool> {
    match report {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| match value.as_bool() {
                Some(state) if key == "promoted" => vec![state],
                _ => states(value),
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn a_server_copies_revisions_with_their_metadata() {
    let (scratch, server) = staging();
    uploaded(&scratch, "test");
    let promote = "promote plain/1.0 --from test --to production";
    scratch
        .crom(promote)
        .fails_with(1)
        .says("Permission denied for user: 'ann'")
        .says("[Remote: production]");
    grant(&scratch, "data", &server, "ann production promote");
    scratch
        .crom(&format!("{promote} --dry-run"))
        .success()
        .says("copies metadata only")
        .prints(" (Would be promoted)");
    assert_eq!(inventory(&scratch, "production"), json!({}));

    let report = scratch
        .crom(&format!("{promote} --format=json"))
        .success()
        .json();
    assert_eq!(
        states(&report["production"]),
        [true, true, true],
        "{report}"
    );
    assert_eq!(
        inventory(&scratch, "production"),
        inventory(&scratch, "test")
    );
    scratch
        .crom(promote)
        .success()
        .prints(" (Already there)")
        .says("Promotion summary");
    let audit = scratch
        .crom("server audit --data data -f json")
        .success()
        .json();
    let promotions: Vec<&Value> = audit
        .as_array()
        .expect("entries")
        .iter()
        .filter(|entry| entry["action"] == "promote")
        .collect();
    assert_eq!(promotions.len(), 3, "{audit}");
    assert_eq!(promotions[0]["actor"], "ann");
    assert_eq!(promotions[0]["detail"], "from main");

    scratch.crom("remove * -c").success();
    scratch
        .crom("download plain/1.0 -r production -m *")
        .success();
    let folder = scratch
        .crom("cache path plain/1.0 --folder=metadata")
        .success();
    let folder = folder
        .stdout
        .trim()
        .replace("<HOME>", &scratch.home().to_string_lossy());
    let log = std::fs::read_to_string(format!("{folder}/logs/build.log")).expect("came along");
    assert_eq!(log, "it went well");
    scratch.crom("cache check-integrity *").success();
}

#[test]
fn lists_are_promoted_as_they_are_or_not_at_all() {
    let (scratch, server) = staging();
    grant(&scratch, "data", &server, "ann production promote");
    uploaded(&scratch, "test");
    let listed = scratch
        .crom("list plain/1.0#latest:*#latest --format=json")
        .success();
    scratch.write("cache.json", &listed.stdout);
    let promoted = scratch
        .crom("promote cache.json --from test --to production --only-recipe --format=json")
        .success();
    assert_eq!(states(&promoted.json()), [true]);
    // What was promoted is a list again.
    scratch.write("promoted.json", &promoted.stdout);
    scratch
        .crom("download -l promoted.json -r production")
        .success();

    let missing = listed.stdout.replace("plain/1.0", "other/1.0");
    scratch.write("missing.json", &missing);
    for extra in ["", " --dry-run"] {
        scratch
            .crom(&format!("promote missing.json --from test --to production{extra}"))
            .fails_with(1)
            .says("nothing was promoted, as 'test' doesn't have all of it: Recipe not found: 'other/1.0");
    }
    let inexact = scratch
        .crom("list plain/1.0 -r test --format=json")
        .success();
    scratch.write("inexact.json", &inexact.stdout);
    scratch
        .crom("promote inexact.json --from test --to production")
        .fails_with(1)
        .says("the list has no revision of 'plain/1.0'")
        .says("hint: ");
    for (line, message) in [
        (
            "promote x.json --from test --to production",
            "Package list file missing or broken",
        ),
        (
            "promote plain/1.0 --from test --to test",
            "can't be promoted to itself",
        ),
        (
            "promote plain/1.0 --from test --to nowhere",
            "Remote 'nowhere' doesn't exist",
        ),
        (
            "promote nothing/1.0 --from test --to production",
            "Recipe not found: 'nothing/1.0",
        ),
    ] {
        scratch.crom(line).fails_with(1).says(message);
    }
}

#[test]
fn between_servers_files_are_carried() {
    let (scratch, _server) = staging();
    let other = Started::with_data(&scratch, "other");
    add_user(&scratch, "other", "bob");
    add_remote(&scratch, "customer", &other.url("main"));
    uploaded(&scratch, "test");
    // An older and a newer revision of the recipe.
    scratch.write("plain/conanfile.py", &format!("{PLAIN}# changed\n"));
    scratch.crom("create plain").success();
    scratch.crom("upload plain/1.0 -r test -c").success();

    let promote = "promote plain/1.0#*:*#* --from test --to customer";
    scratch
        .crom(&format!("{promote} --dry-run"))
        .success()
        .says("They are on different servers")
        .prints(" (Would be promoted)");
    scratch
        .crom(promote)
        .fails_with(1)
        .says("needs authentication");
    log_in(&scratch, "customer", "bob");
    scratch
        .crom(promote)
        .fails_with(1)
        .says("Permission denied for user: 'bob'");
    grant(&scratch, "other", &other, "bob main write");
    let report = scratch
        .crom(&format!("{promote} --format=json"))
        .success()
        .json();
    assert_eq!(states(&report["customer"]), [true; 5], "{report}");
    assert_eq!(inventory(&scratch, "customer"), inventory(&scratch, "test"));
    let latest = |remote: &str| {
        let line = format!("list plain/1.0#latest -r {remote} --format=json");
        let listed = scratch.crom(&line).success().json();
        let revisions = listed[remote]["plain/1.0"]["revisions"]
            .as_object()
            .cloned();
        revisions
            .expect("revisions")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(latest("customer"), latest("test"));
    let again = scratch
        .crom(&format!("{promote} --format=json"))
        .success()
        .json();
    assert_eq!(states(&again), [false; 5]);
    scratch.crom("server verify --data other").success();
    // The cache wasn't needed for it.
    let used = std::fs::read_dir(scratch.home().join("p/t")).map_or(0, Iterator::count);
    assert_eq!(used, 0);
}

#[test]
fn a_server_that_is_not_croms_is_promoted_from_and_to() {
    let Some(conan_server) = ConanServer::start() else {
        return;
    };
    let (scratch, server) = staging();
    grant(&scratch, "data", &server, "ann production write");
    grant(&scratch, "data", &server, "ann main promote");
    add_remote(&scratch, "srv", &conan_server.url());
    scratch
        .crom(&format!("remote login srv {USER} -p {PASSWORD}"))
        .success();
    uploaded(&scratch, "srv");
    for (from, to) in [("srv", "production"), ("production", "test")] {
        scratch
            .crom(&format!("promote plain/* --from {from} --to {to}"))
            .success()
            .prints(" (Promoted)");
    }
    assert_eq!(inventory(&scratch, "test"), inventory(&scratch, "srv"));
    scratch.crom("remove * -c -r srv").success();
    scratch
        .crom("promote plain/1.0 --from test --to srv")
        .success()
        .says("They are on different servers");
    assert_eq!(inventory(&scratch, "srv"), inventory(&scratch, "test"));
}
