//! Revisions appear whole, once, and disappear whole.

use pretty_assertions::assert_eq;
use serde_json::json;

use crate::harness::TestServer;
use crate::package::{TestBinary, TestRecipe};

#[test]
fn a_revision_is_visible_when_its_last_file_has_arrived() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    for (name, content) in recipe.files.iter().rev() {
        server
            .get(&format!("main/{}/latest", recipe.line()))
            .expect(404);
        server
            .get(&format!("main/{}/files/{name}", recipe.path()))
            .expect(404);
        server
            .put(
                &ann,
                &format!("main/{}/files/{name}", recipe.path()),
                content,
            )
            .expect(201);
    }
    let latest = server
        .get(&format!("main/{}/latest", recipe.line()))
        .expect(200);
    assert_eq!(latest.json()["revision"], json!(recipe.rrev));
    assert!(
        latest.json()["time"]
            .as_str()
            .expect("a time")
            .ends_with("+00:00")
    );
    let files = server
        .get(&format!("main/{}/files", recipe.path()))
        .expect(200);
    assert_eq!(
        files.json(),
        json!({"files": {"conan_sources.tgz": {}, "conanfile.py": {}, "conanmanifest.txt": {}}})
    );
    let search = server.get("main/v2/conans/search?q=w*").expect(200);
    assert_eq!(search.json(), json!({"results": ["wa/1.0"]}));
}

#[test]
fn a_binary_waits_for_its_recipe() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0@me/stable", "one");
    let binary = TestBinary::new('a', "header");
    binary.upload(&server, &ann, "main", &recipe);
    let answer = server
        .get(&format!("main/{}/latest", binary.line(&recipe)))
        .expect(404);
    assert!(
        answer
            .text()
            .starts_with("Recipe not found: 'wa/1.0@me/stable#"),
        "{}",
        answer.text()
    );
    recipe.upload(&server, &ann, "main");
    let answer = server
        .get(&format!("main/{}/latest", binary.line(&recipe)))
        .expect(200);
    assert_eq!(answer.json()["revision"], json!(binary.prev));
    let found = server
        .get(&format!("main/{}/search?list_only=False", recipe.path()))
        .expect(200);
    assert_eq!(
        found.json(),
        json!({"a".repeat(40): {"content": "[settings]\nos=Linux\n[options]\nletter=a\n"}})
    );
}

#[test]
fn the_newest_comes_first() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let (one, two) = (
        TestRecipe::new("wa/1.0", "one"),
        TestRecipe::new("wa/1.0", "two"),
    );
    one.upload(&server, &ann, "main");
    two.upload(&server, &ann, "main");
    one.upload(&server, &ann, "main");
    let list = server
        .get(&format!("main/{}/revisions", one.line()))
        .expect(200)
        .json();
    let revisions: Vec<_> = list["revisions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|revision| revision["revision"].as_str().expect("a revision"))
        .collect();
    assert_eq!(revisions, [two.rrev.as_str(), one.rrev.as_str()]);
}

#[test]
fn the_same_content_again_is_fine_and_another_is_not() {
    let server = TestServer::start();
    let (ann, dan) = (server.login("ann"), server.login("dan"));
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    // Packed later: another time in the manifest, another archive, the same revision.
    let again = TestRecipe::at("wa/1.0", "one", 2);
    assert_eq!(again.rrev, recipe.rrev);
    again.upload(&server, &ann, "main");
    let sources = format!("main/{}/files/conan_sources.tgz", recipe.path());
    assert_eq!(server.get(&sources).expect(200).body, b"1 one");
    let forged = format!("main/{}/files/conanfile.py", recipe.path());
    server.put(&ann, &forged, b"import os\n").expect(409);
    let manifest = format!("main/{}/files/conanmanifest.txt", recipe.path());
    server
        .put(&ann, &manifest, b"1\nconanfile.py: 00\n")
        .expect(400);
    // Who may delete may replace an archive.
    server.put(&dan, &sources, b"repaired").expect(201);
    assert_eq!(server.get(&sources).expect(200).body, b"repaired");
    // An archive in a second format would make clients fail.
    let other = format!("main/{}/files/conan_sources.txz", recipe.path());
    server.put(&dan, &other, b"xz").expect(200);
    server.get(&other).expect(404);
}

#[test]
fn metadata_can_be_added_and_renewed() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let log = format!("main/{}/files/metadata/logs/build%201.log", recipe.path());
    server.put(&ann, &log, b"one").expect(201);
    server.put(&ann, &log, b"one").expect(200);
    server.put(&ann, &log, b"two").expect(201);
    assert_eq!(server.get(&log).expect(200).body, b"two");
    let files = server.get(&format!("main/{}/files", recipe.path())).json();
    assert!(
        files["files"]["metadata/logs/build 1.log"].is_object(),
        "{files}"
    );
}

#[test]
fn many_jobs_upload_the_same_revision_at_once() {
    let server = TestServer::start();
    let ann = server.login("ann");
    std::thread::scope(|scope| {
        for job in 0..8 {
            let (server, ann) = (&server, &ann);
            scope.spawn(move || {
                let recipe = TestRecipe::at("wa/1.0", "one", job);
                recipe.upload(server, ann, "main");
                TestBinary::new('a', "header").upload(server, ann, "main", &recipe);
            });
        }
    });
    let recipe = TestRecipe::new("wa/1.0", "one");
    let list = server
        .get(&format!("main/{}/revisions", recipe.line()))
        .expect(200)
        .json();
    assert_eq!(list["revisions"].as_array().map(Vec::len), Some(1));
    let binary = TestBinary::new('a', "header");
    server
        .get(&format!("main/{}/latest", binary.line(&recipe)))
        .expect(200);
}

#[test]
fn removing_takes_along_what_belongs() {
    let server = TestServer::start();
    let dan = server.login("dan");
    let (one, two) = (
        TestRecipe::new("wa/1.0", "one"),
        TestRecipe::new("wa/1.0", "two"),
    );
    let (old, new) = (TestBinary::new('a', "old"), TestBinary::new('a', "new"));
    let other = TestBinary::new('b', "other");
    for recipe in [&one, &two] {
        recipe.upload(&server, &dan, "main");
        for binary in [&old, &new, &other] {
            binary.upload(&server, &dan, "main", recipe);
        }
    }
    server
        .delete(&dan, &format!("main/{}", new.path(&one)))
        .expect(200);
    let latest = server
        .get(&format!("main/{}/latest", new.line(&one)))
        .expect(200);
    assert_eq!(latest.json()["revision"], json!(old.prev));
    server
        .delete(&dan, &format!("main/{}", old.line(&one)))
        .expect(200);
    server
        .get(&format!("main/{}/latest", old.line(&one)))
        .expect(404);
    server
        .get(&format!("main/{}/latest", other.line(&one)))
        .expect(200);
    server
        .delete(&dan, &format!("main/{}/packages", one.path()))
        .expect(200);
    server
        .get(&format!("main/{}/latest", other.line(&one)))
        .expect(404);
    server
        .get(&format!("main/{}/files", one.path()))
        .expect(200);
    server
        .delete(&dan, &format!("main/{}", two.path()))
        .expect(200);
    server
        .get(&format!("main/{}/latest", other.line(&two)))
        .expect(404);
    let latest = server
        .get(&format!("main/{}/latest", one.line()))
        .expect(200);
    assert_eq!(latest.json()["revision"], json!(one.rrev));
    server
        .delete(&dan, &format!("main/{}", one.line()))
        .expect(200);
    let answer = server
        .get(&format!("main/{}/latest", one.line()))
        .expect(404);
    assert_eq!(answer.text(), "Recipe not found: 'wa/1.0@_/_'");
    server
        .delete(&dan, &format!("main/{}", one.line()))
        .expect(404);
}
