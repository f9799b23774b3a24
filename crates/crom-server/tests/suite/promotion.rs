//! Promotion.

use crom_server::Action;
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::harness::TestServer;
use crate::package::{TestBinary, TestRecipe};

#[test]
fn exact_revisions_go_from_one_repository_to_another() {
    let server = TestServer::start();
    server.add_repository("production", false);
    server.grant("bob", "production", Action::Promote);
    server.grant("bob", "private", Action::Read);
    let (ann, bob) = (server.login("ann"), server.login("bob"));
    let recipe = TestRecipe::new("wa/1.0", "one");
    let (a, b) = (TestBinary::new('a', "a"), TestBinary::new('b', "b"));
    recipe.upload(&server, &ann, "private");
    a.upload(&server, &ann, "private", &recipe);
    b.upload(&server, &ann, "private", &recipe);
    server
        .put(
            &ann,
            &format!("private/{}/files/metadata/sign/x.sig", a.path(&recipe)),
            b"s",
        )
        .expect(201);
    let reference = format!("wa/1.0#{}", recipe.rrev);
    let request = json!({"from": "private", "recipes": [
        {"reference": reference, "packages": [{"package_id": a.package_id, "revision": a.prev}]}]});
    server
        .post(&ann, "production/-/promote", &request)
        .expect(403);
    server
        .send(
            "POST",
            "production/-/promote",
            &[],
            request.to_string().as_bytes(),
        )
        .expect(401);
    let mut rehearsal = request.clone();
    rehearsal["dry_run"] = json!(true);
    let rehearsed = server
        .post(&bob, "production/-/promote", &rehearsal)
        .expect(200)
        .json();
    server
        .get_as(&bob, &format!("production/{}/latest", recipe.line()))
        .expect(404);
    let report = server
        .post(&bob, "production/-/promote", &request)
        .expect(200)
        .json();
    assert_eq!(rehearsed, report);
    assert_eq!(
        report,
        json!({"promoted": [&reference, format!("{reference}:{}#{}", a.package_id, a.prev)], "present": []})
    );
    server
        .get_as(&bob, &format!("production/{}/latest", a.line(&recipe)))
        .expect(200);
    server
        .get_as(&bob, &format!("production/{}/latest", b.line(&recipe)))
        .expect(404);
    let signature = format!("production/{}/files/metadata/sign/x.sig", a.path(&recipe));
    assert_eq!(server.get_as(&bob, &signature).expect(200).body, b"s");
    let again = server
        .post(&bob, "production/-/promote", &request)
        .expect(200)
        .json();
    assert_eq!(again["promoted"], json!([]));
    assert_eq!(again["present"].as_array().map(Vec::len), Some(2));
}

#[test]
fn it_is_all_or_nothing() {
    let server = TestServer::start();
    let (ann, root) = (server.login("ann"), server.login("root"));
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "private");
    let request = json!({"from": "private", "recipes": [
        {"reference": format!("wa/1.0#{}", recipe.rrev)}, {"reference": "wb/1.0#abc"}]});
    let refused = server.post(&root, "main/-/promote", &request).expect(404);
    assert_eq!(refused.text(), "Recipe not found: 'wb/1.0@_/_#abc'");
    server
        .get(&format!("main/{}/latest", recipe.line()))
        .expect(404);
    for wrong in [
        json!({"from": "main", "recipes": []}),
        json!({"from": "private", "recipes": [{"reference": "wa/1.0"}]}),
        json!({"from": "private", "recipes": [{"reference": "../x#1"}]}),
        json!([]),
    ] {
        server.post(&root, "main/-/promote", &wrong).expect(400);
    }
    server
        .post(
            &root,
            "main/-/promote",
            &json!({"from": "nowhere", "recipes": []}),
        )
        .expect(404);
}

#[test]
fn pings_tell_that_two_repositories_are_of_one_server() {
    let server = TestServer::start();
    let (main, private) = (
        server.get("main/v1/ping").expect(200),
        server.get("private/v1/ping").expect(200),
    );
    assert_eq!(
        main.headers["x-crom-server"],
        private.headers["x-crom-server"]
    );
    assert_eq!(private.headers["x-crom-repository"], "private");
    assert_eq!(main.headers["x-crom-repository-kind"], "hosted");
    let capabilities = &main.headers["x-conan-server-capabilities"];
    for capability in [
        "revisions",
        "complex_search",
        "checksum_deploy",
        "crom_promotion",
    ] {
        assert!(
            capabilities.split(',').any(|word| word == capability),
            "{capabilities}"
        );
    }
}
