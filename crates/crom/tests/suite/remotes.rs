//! Package servers: what goes to them, what comes from them, and that both programs do it alike.

use std::path::Path;

use serde_json::Value;

use crate::conan_server::{ConanServer, PASSWORD, USER};
use crate::home::{Outcome, Scratch};
use crate::oracle::conan;

/// Has everything that travels: exports, exported sources, options, links and modes.
const TRAVELLER: &str = r##"
import os
from conan import ConanFile
from conan.tools.files import copy, save

class Traveller(ConanFile):
    name = "traveller"
    version = "1.0"
    settings = "os"
    options = {"shared": [True, False]}
    default_options = {"shared": False}
    exports = "notes.txt"
    exports_sources = "src/*"

    def package(self):
        copy(self, "*", os.path.join(self.source_folder, "src"), os.path.join(self.package_folder, "include"))
        save(self, os.path.join(self.package_folder, "bin", "tool.sh"), "#!/bin/sh\n")
        os.chmod(os.path.join(self.package_folder, "bin", "tool.sh"), 0o755)
        os.symlink("tool.sh", os.path.join(self.package_folder, "bin", "link.sh"))
        os.makedirs(os.path.join(self.package_folder, "empty"))
"##;

const CONSUMER: &str = "[requires]\ntraveller/[>=1.0 <2]\n";

/// A home that knows the server as `srv`, with the traveller in its work folder.
fn with_server(server: &ConanServer) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("traveller/conanfile.py", TRAVELLER);
    scratch.write("traveller/notes.txt", "notes");
    scratch.write("traveller/src/a.h", "// a");
    scratch.write("consumer/conanfile.txt", CONSUMER);
    add_remote(&scratch, "srv", server);
    scratch
}

fn add_remote(scratch: &Scratch, name: &str, server: &ConanServer) {
    scratch
        .crom(&format!("remote add {name} {}", server.url()))
        .success();
}

fn log_in(scratch: &Scratch) {
    scratch
        .crom(&format!("remote login * {USER} -p {PASSWORD}"))
        .success()
        .prints("Changed user of remote 'srv' from 'None' (anonymous) to 'demo' (authenticated)");
}

/// Creates both packages of the traveller and uploads them.
fn uploaded(scratch: &Scratch) {
    log_in(scratch);
    scratch.crom("create traveller").success();
    scratch.crom("create traveller -o &:shared=True").success();
    scratch.crom("upload traveller/* -r srv -c").success();
}

#[test]
fn packages_go_to_a_server_and_come_back() {
    let Some(server) = ConanServer::start() else {
        return;
    };
    let scratch = with_server(&server);
    log_in(&scratch);
    scratch.crom("create traveller").success();
    scratch
        .crom("upload traveller/1.0 -r srv")
        .success()
        .says("Uploading recipe 'traveller/1.0#")
        .says("Uploading package 'traveller/1.0#")
        .prints("(Uploaded)");
    scratch
        .crom("upload traveller/1.0 -r srv")
        .success()
        .says("already in server, skipping upload")
        .prints("(Skipped, already in server)");
    let before = scratch.crom("list *#*:*#* -r srv --format=json").success();
    scratch.crom("remove * -c").success();
    scratch
        .crom("install consumer")
        .success()
        .says("traveller/1.0: Checking remote: srv")
        .says("traveller/1.0: Downloaded recipe revision")
        .says("Downloading 1 package")
        .says("Retrieving package")
        .says("Package installed");
    let folder = scratch.crom("cache path traveller/1.0:*").fails_with(1);
    assert!(folder.stdout.is_empty());
    scratch.crom("cache check-integrity *").success();
    let local = scratch.crom("list *#*:*#* --format=json").success().json();
    assert_eq!(local["Local Cache"], before.json()["srv"]);
    scratch
        .crom("install consumer")
        .success()
        .does_not_say("srv")
        .says("Already installed!");
    // The exported sources come when they are needed.
    scratch
        .crom("install consumer --build=traveller/*")
        .success()
        .says("Sources downloaded from 'srv'");
}

#[test]
fn download_brings_everything_that_a_pattern_names() {
    let Some(server) = ConanServer::start() else {
        return;
    };
    let scratch = with_server(&server);
    uploaded(&scratch);
    let listed = scratch.crom("list *:*#* -r srv --format=json").success();
    scratch.write("list.json", &listed.stdout);
    scratch.crom("remove * -c").success();
    let outcome = scratch
        .crom("download traveller/1.0 -r srv --format=json")
        .success()
        .says("Downloading recipe 'traveller/1.0#")
        .says("Downloading 'traveller/1.0' sources");
    assert_eq!(outcome.json()["Local Cache"], listed.json()["srv"]);
    scratch
        .crom("download traveller/1.0 -r srv")
        .success()
        .says("Skip recipe")
        .says("Skip package");
    scratch.crom("remove * -c").success();
    scratch
        .crom("download --list list.json -r srv --only-recipe")
        .success()
        .does_not_say("Retrieving package");
    scratch
        .crom("download nope/1.0 -r srv")
        .fails_with(1)
        .says("Recipe not found: 'nope/1.0@_/_'. [Remote: srv]");
    scratch
        .crom("download nope/* -r srv")
        .success()
        .says("No packages were downloaded because the package list is empty.");
}

#[test]
fn metadata_travels_when_it_is_asked_for() {
    let Some(server) = ConanServer::start() else {
        return;
    };
    let scratch = with_server(&server);
    log_in(&scratch);
    scratch.crom("create traveller").success();
    let folder = scratch
        .crom("cache path traveller/1.0 --folder=metadata")
        .success();
    let folder = folder
        .stdout
        .trim()
        .replace("<HOME>", &scratch.home().to_string_lossy());
    let log = Path::new(&folder).join("logs/build.log");
    std::fs::create_dir_all(log.parent().expect("a folder")).expect("a folder");
    std::fs::write(&log, "a log").expect("a log");
    scratch
        .crom("upload traveller/1.0 -r srv")
        .success()
        .says("traveller/1.0: Recipe metadata: 1 files");
    scratch.crom("remove * -c").success();
    scratch.crom("download traveller/1.0 -r srv").success();
    assert!(!log.exists());
    scratch
        .crom("download traveller/1.0 -r srv --metadata=logs/*")
        .success()
        .says("Retrieving recipe metadata from remote 'srv'");
    assert_eq!(std::fs::read_to_string(&log).expect("a log"), "a log");
}

#[test]
fn an_update_takes_the_newest_of_all_servers() {
    let (Some(first), Some(second)) = (ConanServer::start(), ConanServer::start()) else {
        return;
    };
    let scratch = with_server(&first);
    add_remote(&scratch, "other", &second);
    uploaded(&scratch);
    scratch.write("traveller/notes.txt", "other notes");
    scratch.crom("create traveller").success();
    scratch.crom("upload traveller/1.0 -r other").success();
    scratch.crom("remove * -c").success();
    // Without --update the first server that has it wins.
    scratch
        .crom("install consumer")
        .success()
        .says("Downloaded (srv)")
        .says("Download (srv)");
    scratch.crom("install consumer").success().says("- Cache\n");
    scratch
        .crom("graph info consumer --check-updates")
        .success()
        .says("Update available");
    scratch
        .crom("install consumer --update")
        .success()
        .says("Updating to latest from remote 'other'...")
        .says("Updated (other)");
    scratch
        .crom("install consumer --update")
        .success()
        .says("- Cache (other)");
    // A revision that is asked for is not replaced by a newer one.
    let listed = scratch
        .crom("list traveller/1.0#latest -r srv --format=json")
        .success()
        .json();
    let revision = listed["srv"]["traveller/1.0"]["revisions"]
        .as_object()
        .and_then(|map| map.keys().next())
        .expect("a revision");
    scratch
        .crom(&format!(
            "install --requires=traveller/1.0#{revision} --update"
        ))
        .success()
        .says(&format!("traveller/1.0#{revision} - Cache"));
    // With --update the newest is taken, even if the cache has none.
    scratch.crom("remove * -c").success();
    scratch
        .crom("install consumer --update")
        .success()
        .says("Downloaded (other)");
    // Only the chosen servers are asked.
    scratch.crom("remove * -c").success();
    scratch
        .crom("install consumer -r other")
        .success()
        .does_not_say("Checking remote: srv");
    scratch.crom("remove * -c").success();
    scratch
        .crom("install consumer -nr")
        .fails_with(1)
        .says("could not be resolved");
    scratch
        .crom("remote update srv --allowed-packages other/*")
        .success();
    scratch
        .crom("install consumer")
        .success()
        .does_not_say("Checking remote: srv");
    scratch.crom("remove * -c").success();
    scratch.crom("remote update other --recipes-only").success();
    scratch
        .crom("install consumer --build=missing")
        .success()
        .says("- Build");
}

#[test]
fn who_may_not_read_is_asked_for_a_login() {
    let Some(server) = ConanServer::start_for(USER) else {
        return;
    };
    let scratch = with_server(&server);
    uploaded(&scratch);
    scratch.crom("remove * -c").success();
    scratch.crom("remote logout srv").success();
    let conf = "-cc core:non_interactive=True";
    scratch
        .crom(&format!("download traveller/1.0 -r srv {conf}"))
        .fails_with(1)
        .says("Remote 'srv' needs authentication, obtaining credentials")
        .says("Conan interactive mode disabled. [Remote: srv]");
    scratch.write_home(
        "credentials.json",
        &format!(
            r#"{{"credentials": [{{"remote": "srv", "user": "{USER}", "password": "{PASSWORD}"}}]}}"#
        ),
    );
    scratch
        .crom(&format!("download traveller/1.0 -r srv {conf}"))
        .success()
        .says("Authenticated in remote 'srv' with user 'demo'")
        .does_not_say(PASSWORD);
    let users = scratch
        .crom("remote list-users --format=json")
        .success()
        .json();
    assert_eq!(users[0]["user_name"], USER);
    assert_eq!(users[0]["authenticated"], true);
    scratch
        .crom("remote login srv demo -p wrong")
        .fails_with(1)
        .says("Wrong user or password. [Remote: srv]")
        .does_not_say("wrong\n");
}

#[test]
fn removal_and_lists_of_a_server() {
    let Some(server) = ConanServer::start() else {
        return;
    };
    let scratch = with_server(&server);
    uploaded(&scratch);
    let listed = scratch.crom("list *#*:*#* --format=json").success();
    scratch.write("list.json", &listed.stdout);
    let found = scratch
        .crom("pkglist find-remote list.json --format=json")
        .success()
        .json();
    let packages = |json: &Value| {
        let recipe = &json["srv"]["traveller/1.0"]["revisions"];
        let revision = recipe.as_object().expect("revisions").values().next();
        revision.expect("one")["packages"]
            .as_object()
            .map(serde_json::Map::len)
    };
    assert_eq!(packages(&found), Some(2));
    scratch
        .crom("remove traveller/1.0:* -p options.shared=True -r srv -c")
        .success()
        .prints("Removed binaries: ['");
    let left = scratch
        .crom("list *:* -r srv --format=json")
        .success()
        .json();
    assert_eq!(packages(&left), Some(1));
    scratch
        .crom("remove traveller/1.0 -r srv -c --dry-run")
        .success()
        .prints("Removed recipe and all binaries");
    scratch.crom("remove traveller/1.0 -r srv -c").success();
    scratch
        .crom("list * -r srv")
        .success()
        .prints("There are no matching recipe references");
    scratch
        .crom("remove traveller/1.0 -r srv -c")
        .fails_with(1)
        .says("Recipe not found");
    scratch
        .crom("upload traveller/1.0 -r nowhere -c")
        .fails_with(1)
        .says("Remote 'nowhere' doesn't exist");
}

/// Runs a line with either program, each with its own home and server.
struct Side<'a> {
    program: Option<&'a Path>,
    scratch: Scratch,
    server: ConanServer,
}

impl Side<'_> {
    fn run(&self, line: &str) -> Outcome {
        let outcome = match self.program {
            None => self.scratch.crom(line),
            Some(path) => self.scratch.run(path, "", line.split_whitespace()),
        };
        Outcome {
            code: outcome.code,
            stdout: self.neutral(&outcome.stdout),
            stderr: self.neutral(&outcome.stderr),
        }
    }

    /// Without what differs between two servers and two runs.
    fn neutral(&self, text: &str) -> String {
        let text = text.replace(&self.server.url(), "<URL>");
        let text = without_dates(&text);
        text.replace("completed in 1s", "completed in 0s")
    }
}

/// `(2026-01-31 12:00:00 UTC)` becomes `(DATE)`.
fn without_dates(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| match (line.find(" (20"), line.find(" UTC)")) {
            (Some(start), Some(end)) if start < end => {
                format!("{} (DATE){}", &line[..start], &line[end + 5..])
            }
            _ => line.to_owned(),
        })
        .collect()
}

/// JSON without times, sizes and the places of archives, whose bytes hold times.
fn timeless(text: &str) -> Value {
    let mut json = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    forget(&mut json);
    json
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for key in ["timestamp", "files", "checksum"] {
                map.remove(key);
            }
            map.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

#[test]
fn both_programs_print_the_same_and_leave_the_same_behind() {
    let Some(conan) = conan() else { return };
    let (Some(one), Some(two)) = (ConanServer::start(), ConanServer::start()) else {
        return;
    };
    let sides = [
        Side {
            program: None,
            scratch: with_server(&one),
            server: one,
        },
        Side {
            program: Some(&conan),
            scratch: with_server(&two),
            server: two,
        },
    ];
    let json = |line: &str| {
        let [ours, theirs] = [&sides[0], &sides[1]].map(|side| side.run(line));
        assert_eq!(ours.code, theirs.code, "{line}\n{ours}\n{theirs}");
        let [ours, theirs] = [&ours, &theirs].map(|outcome| timeless(&outcome.stdout));
        pretty_assertions::assert_eq!(ours, theirs, "{line}");
    };
    let text = |line: &str| {
        let [ours, theirs] = [&sides[0], &sides[1]].map(|side| side.run(line));
        assert_eq!(ours.code, theirs.code, "{line}\n{ours}\n{theirs}");
        pretty_assertions::assert_eq!(ours.stdout, theirs.stdout, "{line}");
    };
    for line in [
        "remote login srv demo -p nope",
        "remote login srv demo -p secret-word",
        "remote list-users",
        "remote auth srv",
        "create traveller",
        "create traveller -o &:shared=True",
        "upload traveller/1.0 -r srv -c --dry-run",
        "upload traveller/1.0 -r srv -c --only-recipe",
        "upload traveller/1.0 -r srv -c",
        "upload traveller/1.0:* -r srv -c --force",
        "upload traveller/1.0 -r srv -c --dry-run --force --format=json --out-file=prepared.json",
        "upload --list prepared.json -r srv -c",
        "upload --list prepared.json -r srv -c --only-recipe",
        "upload nothing/* -r srv -c",
        "upload nothing/1.0 -r srv -c",
        "upload traveller/1.0#abc -r srv -c",
        "list *#*:*#* -r srv",
        "list nope/1.0#* -r srv",
        "list traveller/1.0:nope -r srv",
        "search trav* -r srv",
        "search nothing -r srv",
        "remove * -c",
        "install consumer",
        "download traveller/1.0 -r srv",
        "download traveller/1.0#nope -r srv",
        "cache check-integrity *",
        "remote set-user srv other",
        "remote logout srv",
        "remote list-users",
    ] {
        text(line);
    }
    for line in [
        "remote login srv demo -p secret-word --format=json",
        "remote list-users --format=json",
        "remote auth srv --format=json",
        "list *#*:*#* --format=json",
        "list *#*:*#* -r srv --format=json",
        "list traveller/1.0:* -p options.shared=True -r srv -c --format=json",
        "upload traveller/1.0 -r srv -c --format=json",
        "upload traveller/1.0 -r srv -c --force --format=json",
        "upload traveller/1.0 -r srv -c -p options.shared=True --force --format=json",
        "download traveller/1.0 -r srv --format=json",
        "remove traveller/1.0:* -p options.shared=True -r srv -c --format=json",
        "remove traveller/1.0 -r srv -c --format=json",
        "list * -r srv --format=json",
    ] {
        json(line);
    }
}

#[test]
fn what_one_program_uploads_the_other_installs() {
    let Some(conan) = conan() else { return };
    let Some(server) = ConanServer::start() else {
        return;
    };
    for (writer, reader) in [(None, Some(conan.as_path())), (Some(conan.as_path()), None)] {
        let run = |scratch: &Scratch, program: Option<&Path>, line: &str| match program {
            None => scratch.crom(line),
            Some(path) => scratch.run(path, "", line.split_whitespace()),
        };
        let from = with_server(&server);
        let to = with_server(&server);
        log_in(&from);
        run(&from, writer, "create traveller").success();
        run(&from, writer, "upload traveller/1.0 -r srv -c --force").success();
        run(&to, reader, "install consumer").success();
        run(&to, reader, "cache check-integrity *").success();
        let folder = to.crom("list *:*#* --format=json").success().json();
        let revisions = &folder["Local Cache"]["traveller/1.0"]["revisions"];
        let (rrev, content) = revisions
            .as_object()
            .and_then(|map| map.iter().next())
            .expect("a revision");
        let id = content["packages"]
            .as_object()
            .and_then(|map| map.keys().next())
            .expect("a package");
        let path = to
            .crom(&format!("cache path traveller/1.0#{rrev}:{id}"))
            .success();
        let path = path
            .stdout
            .trim()
            .replace("<HOME>", &to.home().to_string_lossy());
        let path = Path::new(&path);
        assert!(path.join("empty").is_dir());
        assert_eq!(
            std::fs::read_link(path.join("bin/link.sh")).expect("a link"),
            Path::new("tool.sh")
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let meta = std::fs::metadata(path.join("bin/tool.sh")).expect("a file");
            assert_eq!(meta.permissions().mode() & 0o777, 0o755);
        }
    }
}
