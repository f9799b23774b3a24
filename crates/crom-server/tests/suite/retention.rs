//! Retention, collection, verification.

use crom_server::{AdminRequest, RetentionRules};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::harness::TestServer;
use crate::package::{TestBinary, TestRecipe};

fn gc(server: &TestServer, dry_run: bool) -> serde_json::Value {
    // Everything has been without reference for 0 seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    server.admin(AdminRequest::Gc {
        dry_run,
        grace_seconds: Some(0),
    })
}

#[test]
fn old_revisions_go_and_their_blobs_are_collected() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let (one, two) = (
        TestRecipe::new("wa/1.0", "one"),
        TestRecipe::new("wa/1.0", "two"),
    );
    let binary = TestBinary::new('a', "header");
    for recipe in [&one, &two] {
        recipe.upload(&server, &ann, "main");
        binary.upload(&server, &ann, "main", recipe);
    }
    let rules = Some(RetentionRules {
        keep_revisions: Some(1),
        ..RetentionRules::default()
    });
    let retention = |dry_run| {
        server.admin(AdminRequest::Retention {
            repository: Some("main".to_owned()),
            rules: rules.clone(),
            dry_run,
        })
    };
    let would = retention(true);
    assert_eq!(
        would["removed"]["main"],
        json!([format!(
            "wa/1.0#{}: more than the revisions to keep",
            one.rrev
        )])
    );
    server
        .get(&format!("main/{}/files", one.path()))
        .expect(200);
    assert_eq!(retention(false)["removed"], would["removed"]);
    server
        .get(&format!("main/{}/files", one.path()))
        .expect(404);
    server
        .get(&format!("main/{}/files", two.path()))
        .expect(200);
    let would = gc(&server, true);
    assert_eq!(would["blobs"], json!(3));
    let done = gc(&server, false);
    assert_eq!((&done["blobs"], &done["orphans"]), (&json!(3), &json!(0)));
    assert_eq!(gc(&server, false)["blobs"], json!(0));
    let file = format!("main/{}/files/conan_package.tgz", binary.path(&two));
    assert_eq!(server.get(&file).expect(200).body, b"header");
    // What was collected can come back.
    one.upload(&server, &ann, "main");
    server
        .get(&format!("main/{}/files/conanfile.py", one.path()))
        .expect(200);
    let report = server.admin(AdminRequest::Verify {});
    assert_eq!(report["missing"], json!([]));
    assert_eq!(report["corrupt"], json!([]));
    assert_eq!(report["incomplete"], json!([]));
}

#[test]
fn collection_runs_beside_uploads() {
    let server = TestServer::start();
    let dan = server.login("dan");
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for worker in 0..3 {
            let (server, dan) = (&server, &dan);
            scope.spawn(move || {
                // The same content comes and goes.
                for round in 0..15 {
                    let recipe = TestRecipe::new(&format!("w{worker}/1.0"), "same");
                    recipe.upload(server, dan, "main");
                    let file = format!("main/{}/files/conanfile.py", recipe.path());
                    server.get(&file).expect(200);
                    if round < 14 {
                        server
                            .delete(dan, &format!("main/{}", recipe.path()))
                            .expect(200);
                    }
                }
            });
        }
        let collector = scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                server.admin(AdminRequest::Gc {
                    dry_run: false,
                    // A second for the time between an object and its row.
                    grace_seconds: Some(1),
                });
            }
        });
        std::thread::sleep(std::time::Duration::from_secs(5));
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        collector.join().expect("collects");
    });
    let report = server.admin(AdminRequest::Verify {});
    assert_eq!(report["missing"], json!([]));
    for worker in 0..3 {
        let recipe = TestRecipe::new(&format!("w{worker}/1.0"), "same");
        let file = format!("main/{}/files/conanfile.py", recipe.path());
        server.get(&file).expect(200);
    }
}
