//! Files: checksums, ranges, deployment by checksum.

use pretty_assertions::assert_eq;
use sha1::{Digest, Sha1};

use crate::harness::TestServer;
use crate::package::{TestBinary, TestRecipe};

fn sha1(content: &[u8]) -> String {
    hex::encode(Sha1::digest(content))
}

#[test]
fn a_large_file_comes_back_whole_and_in_parts() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let content: Vec<u8> = (0..5_000_000_u32).map(|at| (at % 253) as u8).collect();
    let path = format!("main/{}/files/metadata/big.bin", recipe.path());
    server.put(&ann, &path, &content).expect(201);
    let whole = server.get(&path).expect(200);
    assert_eq!(whole.headers["x-checksum-sha1"], sha1(&content));
    assert_eq!(whole.headers["accept-ranges"], "bytes");
    assert!(whole.body == content);
    let part = server
        .send("GET", &path, &[("range", "bytes=1000000-")], b"")
        .expect(206);
    assert_eq!(
        part.headers["content-range"],
        "bytes 1000000-4999999/5000000"
    );
    assert!(part.body == content[1_000_000..]);
    let part = server
        .send("GET", &path, &[("range", "bytes=10-19")], b"")
        .expect(206);
    assert_eq!(part.body, content[10..20]);
    server
        .send("GET", &path, &[("range", "bytes=5000000-")], b"")
        .expect(416);
    let etag = whole.headers["etag"].clone();
    server
        .send("GET", &path, &[("if-none-match", &etag)], b"")
        .expect(304);
    let changed = [("range", "bytes=10-19"), ("if-range", "\"other\"")];
    assert_eq!(
        server
            .send("GET", &path, &changed, b"")
            .expect(200)
            .body
            .len(),
        content.len()
    );
    let head = server.send("HEAD", &path, &[], b"").expect(200);
    assert_eq!(head.headers["content-length"], "5000000");
}

#[test]
fn a_wrong_checksum_is_refused_and_leaves_nothing() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let path = format!("main/{}/files/metadata/log", recipe.path());
    let headers = [
        ("authorization", ann.as_str()),
        ("x-checksum-sha1", &sha1(b"other")),
    ];
    let answer = server.send("PUT", &path, &headers, b"content").expect(400);
    assert!(
        answer.text().contains("wrong checksum"),
        "{}",
        answer.text()
    );
    server.get(&path).expect(404);
    let right = [
        ("authorization", ann.as_str()),
        ("x-checksum-sha1", &sha1(b"content").to_uppercase()),
    ];
    server.send("PUT", &path, &right, b"content").expect(201);
}

#[test]
fn known_content_needs_no_body() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    let deploy = |repository: &str, name: &str, content: &[u8]| {
        let headers = [
            ("authorization", ann.as_str()),
            ("x-checksum-deploy", "true"),
            ("x-checksum-sha1", &sha1(content)),
        ];
        let path = format!("{repository}/{}/files/{name}", recipe.path());
        server.send("PUT", &path, &headers, b"")
    };
    for (name, content) in &recipe.files {
        deploy("main", name, content).expect(404);
    }
    recipe.upload(&server, &ann, "private");
    for (name, content) in &recipe.files {
        deploy("main", name, content).expect(201);
    }
    server
        .get(&format!("main/{}/latest", recipe.line()))
        .expect(200);
}

#[test]
fn content_that_one_may_not_read_stays_unknown() {
    let server = TestServer::start();
    let (ann, bob) = (server.login("ann"), server.login("bob"));
    server.grant("bob", "main", crom_server::Action::Write);
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "private");
    let (name, content) = &recipe.files[0];
    let headers = [
        ("authorization", bob.as_str()),
        ("x-checksum-deploy", "true"),
        ("x-checksum-sha1", &sha1(content)),
    ];
    let path = format!("main/{}/files/{name}", recipe.path());
    server.send("PUT", &path, &headers, b"").expect(404);
}

#[test]
fn content_is_stored_once() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    let binary = TestBinary::new('a', "header");
    let count = || {
        let metrics = server.get("metrics").expect(200).text();
        let line = metrics.lines().find(|line| line.starts_with("crom_blobs "));
        line.expect("a number").to_owned()
    };
    recipe.upload(&server, &ann, "main");
    binary.upload(&server, &ann, "main", &recipe);
    let once = count();
    recipe.upload(&server, &ann, "private");
    binary.upload(&server, &ann, "private", &recipe);
    assert_eq!(count(), once);
    assert_eq!(once, "crom_blobs 6");
}
