//! Whole revisions in one request.

use crom_protocol::bundle::{BundleFile, BundleHead, BundleRevision};
use crom_protocol::promotion::PromotedPackage;
use crom_server::{AdminRequest, AuditQuery};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::harness::{Answer, TestServer};
use crate::package::{TestBinary, TestRecipe};

/// A bundle that grows.
#[derive(Default)]
struct Bundle {
    head: BundleHead,
    contents: Vec<u8>,
}

impl Bundle {
    fn recipe(mut self, recipe: &TestRecipe) -> Self {
        self.add(recipe, None, &recipe.files);
        self
    }

    fn binary(mut self, recipe: &TestRecipe, binary: &TestBinary) -> Self {
        let package = PromotedPackage {
            package_id: binary.package_id.clone(),
            revision: binary.prev.clone(),
        };
        self.add(recipe, Some(package), &binary.files);
        self
    }

    fn add(
        &mut self,
        recipe: &TestRecipe,
        package: Option<PromotedPackage>,
        files: &[(String, Vec<u8>)],
    ) {
        let files = files.iter().map(|(name, content)| {
            self.contents.extend(content);
            BundleFile {
                name: name.clone(),
                size: content.len() as u64,
                sha1: sha1(content),
            }
        });
        let files = files.collect();
        self.head.revisions.push(BundleRevision {
            reference: format!("{}#{}", recipe.reference, recipe.rrev),
            package,
            files,
        });
    }

    fn send(&self, server: &TestServer, token: &str, repository: &str) -> Answer {
        let mut body = self.head.encode().expect("is small");
        body.extend(&self.contents);
        let path = format!("{repository}/-/upload");
        server.send("POST", &path, &[("authorization", token)], &body)
    }
}

fn sha1(content: &[u8]) -> String {
    use crom_fs::digest::{Hasher, Wanted};
    let mut hasher = Hasher::new(Wanted::SHA1);
    hasher.update(content);
    hasher.finish().sha1
}

#[test]
fn revisions_become_visible_together_and_in_order() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let (old, new) = (
        TestRecipe::new("wa/1.0", "old"),
        TestRecipe::new("wa/1.0", "new"),
    );
    let (a, b) = (TestBinary::new('a', "a"), TestBinary::new('b', "b"));
    let bundle = Bundle::default()
        .recipe(&old)
        .recipe(&new)
        .binary(&new, &a)
        .binary(&new, &b);
    bundle.send(&server, &ann, "main").expect(201);
    let latest = server
        .get(&format!("main/{}/latest", new.line()))
        .expect(200);
    assert_eq!(latest.json()["revision"], new.rrev.as_str());
    for (name, content) in &b.files {
        let path = format!("main/{}/files/{name}", b.path(&new));
        assert_eq!(&server.get(&path).expect(200).body, content);
    }
    let search = server
        .get(&format!("main/{}/search", new.path()))
        .expect(200);
    assert_eq!(search.json().as_object().map(serde_json::Map::len), Some(2));
    bundle.send(&server, &ann, "main").expect(200);
    // Content is stored once.
    let verified = server.admin(AdminRequest::Verify {});
    assert_eq!(verified["blobs"], 12, "{verified}");
    let audit = server.admin(AdminRequest::AuditList {
        query: AuditQuery {
            action: Some("upload".to_owned()),
            ..AuditQuery::default()
        },
    });
    assert_eq!(audit.as_array().map(Vec::len), Some(4), "{audit}");
}

#[test]
fn a_bundle_is_all_or_nothing() {
    let server = TestServer::start();
    let (ann, bob) = (server.login("ann"), server.login("bob"));
    let (good, mut bad) = (
        TestRecipe::new("wa/1.0", "one"),
        TestRecipe::new("wb/1.0", "one"),
    );
    let bundle = Bundle::default().recipe(&good);
    bundle.send(&server, &bob, "main").expect(403);
    bad.files.retain(|(name, _)| name != "conan_sources.tgz");
    let incomplete = Bundle::default().recipe(&good).recipe(&bad);
    let refused = incomplete.send(&server, &ann, "main").expect(400);
    assert!(
        refused.text().contains("not all files"),
        "{}",
        refused.text()
    );
    let mut forged = Bundle::default().recipe(&good);
    forged.head.revisions[0].files[1].sha1 = "0".repeat(40);
    let refused = forged.send(&server, &ann, "main").expect(400);
    assert!(
        refused.text().contains("wrong checksum"),
        "{}",
        refused.text()
    );
    let mut elsewhere = Bundle::default().recipe(&good);
    elsewhere.head.revisions[0].files[1].name = "../x".to_owned();
    elsewhere.send(&server, &ann, "main").expect(400);
    let mut twice = Bundle::default().recipe(&good);
    twice.head.revisions[0].files[1].name = "conanmanifest.txt".to_owned();
    twice.send(&server, &ann, "main").expect(400);
    Bundle::default()
        .recipe(&good)
        .recipe(&good)
        .send(&server, &ann, "main")
        .expect(400);
    let body = b"\0\0\0\x02{}x";
    server
        .send("POST", "main/-/upload", &[("authorization", &ann)], body)
        .expect(400);
    server
        .get(&format!("main/{}/latest", good.line()))
        .expect(404);
    let collected = server.admin(AdminRequest::Verify {});
    assert_eq!(collected["blobs"], 0, "{collected}");
    bundle.send(&server, &ann, "main").expect(201);
}

#[test]
fn a_bundle_goes_on_with_what_came_before() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    let (name, content) = &recipe.files[0];
    let path = format!("main/{}/files/{name}", recipe.path());
    server.put(&ann, &path, content).expect(201);
    let log = format!("main/{}/files/metadata/log", recipe.path());
    server.put(&ann, &log, b"early").expect(201);
    Bundle::default()
        .recipe(&recipe)
        .send(&server, &ann, "main")
        .expect(201);
    assert_eq!(server.get(&log).expect(200).body, b"early");
    // Later metadata, alone.
    let mut more = TestRecipe::new("wa/1.0", "one");
    more.files = vec![("metadata/more".to_owned(), b"late".to_vec())];
    Bundle::default()
        .recipe(&more)
        .send(&server, &ann, "main")
        .expect(201);
    let more = format!("main/{}/files/metadata/more", recipe.path());
    assert_eq!(server.get(&more).expect(200).body, b"late");
}

#[test]
fn jobs_send_the_same_bundles_at_once() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipes: Vec<TestRecipe> = (0..10)
        .map(|number| TestRecipe::new(&format!("w{number}/1.0"), "one"))
        .collect();
    std::thread::scope(|scope| {
        for turn in 0..6 {
            let (recipes, server, ann) = (&recipes, &server, &ann);
            scope.spawn(move || {
                let mut order: Vec<&TestRecipe> = recipes.iter().collect();
                order.rotate_left(turn);
                if turn % 2 == 0 {
                    order.reverse();
                }
                let bundle = order
                    .into_iter()
                    .fold(Bundle::default(), |bundle, recipe| bundle.recipe(recipe));
                let answer = bundle.send(server, ann, "main");
                assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
            });
        }
    });
    for recipe in &recipes {
        server
            .get(&format!("main/{}/latest", recipe.line()))
            .expect(200);
    }
    // All ten have the same content.
    let verified = server.admin(AdminRequest::Verify {});
    assert_eq!(verified["missing"], json!([]), "{verified}");
    assert_eq!(verified["blobs"], 3, "{verified}");
}
