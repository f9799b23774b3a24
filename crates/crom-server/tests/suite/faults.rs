//! Parts that fail and come back. The tests that kill the whole process are with the binary.

use crate::harness::TestServer;
use crate::package::TestRecipe;

#[test]
fn health_tells_what_is_there() {
    let server = TestServer::start();
    let health = server.get("health").expect(200).json();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["database"], "ok");
    assert_eq!(health["storage"], "ok");
}

/// Only where blobs are in a folder.
#[test]
fn a_store_that_is_away_is_a_clear_error_and_comes_back() {
    if std::env::var("CROM_SERVER_TEST_S3").is_ok() {
        return;
    }
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let blobs = server.data.path().join("blobs");
    let away = server.data.path().join("away");
    crom_fs::rename(&blobs, &away).expect("is moved");
    crom_fs::write(&blobs, "no folder").expect("is written");
    let path = format!("main/{}/files/conanfile.py", recipe.path());
    let answer = server.get(&path).expect(503);
    assert!(
        answer.text().contains("blob store is not available"),
        "{}",
        answer.text()
    );
    let log = format!("main/{}/files/metadata/log", recipe.path());
    server.put(&ann, &log, b"x").expect(503);
    server.get("health").expect(200);
    crom_fs::remove_file(&blobs).expect("is removed");
    crom_fs::rename(&away, &blobs).expect("is moved back");
    server.get(&path).expect(200);
    server.get(&log).expect(404);
    server.put(&ann, &log, b"x").expect(201);
    server.get(&log).expect(200);
}
