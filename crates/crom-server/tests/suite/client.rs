//! The real Conan client against this server.

use std::path::{Path, PathBuf};
use std::process::Command;

use pretty_assertions::assert_eq;
use serde_json::Value;

use crate::harness::{PASSWORD, TestServer, folder};

const RECIPE: &str = r#"
import os
from conan import ConanFile
from conan.tools.files import save

class Package(ConanFile):
    version = "1.0"
    settings = "os", "arch", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": False}
    exports = "data.txt"
    exports_sources = "src/*"

    def export(self):
        save(self, os.path.join(self.recipe_metadata_folder, "logs", "export.log"), "exported")

    def package(self):
        save(self, os.path.join(self.package_metadata_folder, "logs", "build.log"), "built")
        save(self, os.path.join(self.package_folder, "include", "x.h"), f"{self.name} {self.options.shared}")
"#;

/// A client with its own home.
struct Client {
    program: PathBuf,
    home: tempfile::TempDir,
}

/// None (and a word about it) if there is no reference client.
fn client(url: &str) -> Option<Client> {
    let Ok(program) = std::env::var("CROM_ORACLE") else {
        eprintln!("skipped: CROM_ORACLE is not set");
        return None;
    };
    let client = Client {
        program: program.into(),
        home: folder(),
    };
    client.run(&["profile", "detect"]);
    client.run(&["remote", "remove", "*"]);
    client.run(&["remote", "add", "srv", &format!("{url}/main")]);
    Some(client)
}

impl Client {
    fn try_run(&self, arguments: &[&str]) -> (bool, String, String) {
        let output = Command::new(&self.program)
            .args(arguments)
            .env("CONAN_HOME", self.home.path())
            .env("CONAN_LOGIN_USERNAME", "ann")
            .env("CONAN_PASSWORD", PASSWORD)
            .current_dir(self.home.path())
            .stdin(std::process::Stdio::null())
            .output()
            .expect("the client runs");
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let (success, stdout, stderr) = self.try_run(arguments);
        assert!(success, "conan {arguments:?}\n{stdout}\n{stderr}");
        stdout + &stderr
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--format=json");
        let (success, stdout, stderr) = self.try_run(&all);
        assert!(success, "conan {arguments:?}\n{stdout}\n{stderr}");
        serde_json::from_str(&stdout).expect("JSON")
    }
}

fn write_recipe(folder: &Path) {
    crom_fs::write(folder.join("conanfile.py"), RECIPE).expect("is written");
    crom_fs::write(folder.join("data.txt"), "data").expect("is written");
    crom_fs::create_dir_all(folder.join("src")).expect("is created");
    crom_fs::write(folder.join("src/a.c"), "int a;").expect("is written");
}

fn create(client: &Client, sources: &Path, arguments: &[&str]) {
    let mut all = vec!["create", sources.to_str().expect("UTF-8")];
    all.extend(arguments);
    client.run(&all);
}

#[test]
fn the_reference_client_does_everything() {
    let server = TestServer::start();
    let Some(alice) = client(&server.url) else {
        return;
    };
    let sources = folder();
    write_recipe(sources.path());
    create(&alice, sources.path(), &["--name=wa"]);
    create(
        &alice,
        sources.path(),
        &["--name=wa", "-o", "&:shared=True"],
    );
    create(
        &alice,
        sources.path(),
        &["--name=wb", "--user=me", "--channel=stable"],
    );
    let login = alice.run(&["remote", "login", "srv", "ann", "-p", PASSWORD]);
    assert!(login.contains("'ann' (authenticated)"), "{login}");
    let uploaded = alice.run(&["upload", "*", "-r=srv", "-c", "--check"]);
    assert!(uploaded.contains("(Uploaded)"), "{uploaded}");
    let again = alice.run(&["upload", "*", "-r=srv", "-c"]);
    assert!(!again.contains("(Uploaded)"), "{again}");
    alice.run(&["upload", "*", "-r=srv", "-c", "--force"]);

    let bob = client(&server.url).expect("there is a client");
    let found = bob.json(&["search", "w*", "-r=srv"]);
    assert_eq!(
        found.to_string(),
        r#"{"srv":{"wa/1.0":{},"wb/1.0@me/stable":{}}}"#
    );
    let here = alice.json(&["list", "*:*#*"]);
    let there = bob.json(&["list", "*:*#*", "-r=srv"]);
    let names = |list: &Value| {
        let mut found = Vec::new();
        for (reference, recipe) in list.as_object().expect("an object") {
            for (rrev, revision) in recipe["revisions"].as_object().expect("revisions") {
                for (package_id, package) in revision["packages"].as_object().expect("packages") {
                    for prev in package["revisions"].as_object().expect("revisions").keys() {
                        let info = package["info"].to_string();
                        found.push(format!("{reference}#{rrev}:{package_id}#{prev} {info}"));
                    }
                }
            }
        }
        found.sort();
        found
    };
    assert_eq!(names(&there["srv"]), names(&here["Local Cache"]));
    assert_eq!(names(&there["srv"]).len(), 3);
    let some = bob.run(&["list", "wa/1.0:*", "-r=srv", "-p", "options.shared=True"]);
    assert!(
        some.contains("shared: True") && !some.contains("shared: False"),
        "{some}"
    );

    let installed = bob.run(&[
        "install",
        "--requires=wa/[>=1.0 <2]",
        "--requires=wb/1.0@me/stable",
        "-r=srv",
    ]);
    assert!(installed.contains("Retrieving package"), "{installed}");
    bob.run(&["remove", "*", "-c"]);
    bob.run(&["download", "wa/1.0:*", "-r=srv", "--metadata=*"]);
    bob.run(&["cache", "check-integrity", "*"]);
    let metadata = bob.run(&["cache", "path", "wa/1.0", "--folder=metadata"]);
    let metadata = Path::new(metadata.lines().next().expect("a path"));
    assert!(
        crom_fs::is_file(metadata.join("logs/export.log")),
        "{}",
        metadata.display()
    );
    bob.run(&["install", "--requires=wa/1.0", "-r=srv", "--build=wa/*"]);
}

#[test]
fn the_reference_client_removes_and_is_refused() {
    let server = TestServer::start();
    let Some(alice) = client(&server.url) else {
        return;
    };
    let sources = folder();
    write_recipe(sources.path());
    create(&alice, sources.path(), &["--name=wa"]);
    // The environment has the credentials; the server challenges.
    let uploaded = alice.run(&["upload", "wa/1.0", "-r=srv", "-c"]);
    assert!(uploaded.contains("(Uploaded)"), "{uploaded}");
    let (success, _, stderr) = alice.try_run(&["remove", "wa/1.0", "-r=srv", "-c"]);
    assert!(!success);
    assert!(
        stderr.contains("Permission denied for user: 'ann'"),
        "{stderr}"
    );
    assert!(stderr.contains("no permission to delete"), "{stderr}");
    let (success, _, stderr) =
        alice.try_run(&["remote", "login", "srv", "ann", "-p", "wrong password"]);
    assert!(!success);
    assert!(stderr.contains("Wrong user or password"), "{stderr}");
    alice.run(&["remote", "login", "srv", "dan", "-p", PASSWORD]);
    alice.run(&["remove", "wa/1.0:*", "-r=srv", "-c"]);
    let left = alice.json(&["list", "wa/1.0:*", "-r=srv"]);
    let revisions = left["srv"]["wa/1.0"]["revisions"]
        .as_object()
        .expect("revisions");
    let revision = revisions.values().next().expect("a revision");
    assert_eq!(revision["packages"], serde_json::json!({}));
    alice.run(&["remove", "wa", "-r=srv", "-c"]);
    let (_, stdout, stderr) = alice.try_run(&["list", "wa/1.0", "-r=srv"]);
    assert!((stdout + &stderr).contains("not found"), "it is gone");
    alice.run(&["remote", "auth", "srv"]);
    alice.run(&["remote", "logout", "srv"]);
}

#[test]
fn concurrent_jobs_of_the_reference_client_all_succeed() {
    let server = TestServer::start();
    let sources = folder();
    write_recipe(sources.path());
    let jobs: Vec<Client> = (0..3).filter_map(|_| client(&server.url)).collect();
    for job in &jobs {
        create(job, sources.path(), &["--name=wa"]);
    }
    std::thread::scope(|scope| {
        for job in &jobs {
            scope.spawn(move || job.run(&["upload", "wa/1.0", "-r=srv", "-c", "--force"]));
        }
    });
    if let Some(job) = jobs.first() {
        job.run(&["remove", "*", "-c"]);
        job.run(&["install", "--requires=wa/1.0", "-r=srv"]);
        job.run(&["cache", "check-integrity", "*"]);
    }
}
