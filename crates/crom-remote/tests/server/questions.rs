//! Answers, and what is made of errors.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crom_model::reference::RecipeReference;
use crom_remote::RemoteError;
use pretty_assertions::assert_eq;

use crate::support::{Answer, Server, World, client, pong};

fn reference() -> RecipeReference {
    RecipeReference::loads("a/1.0").unwrap()
}

#[test]
fn answers_are_read_and_a_server_is_pinged_once() {
    let server = Server::start(|request| match request.path.as_str() {
        "/v1/ping" => pong(),
        "/v2/conans/a/1.0/_/_/latest" => Answer::new(
            200,
            r#"{"revision": "r1", "time": "1970-01-01T00:00:01.5+00:00"}"#,
        ),
        "/v2/conans/search?q=a%2F%2A" => {
            Answer::new(200, r#"{"results": ["a/2.0@me/ch", "a/1.0@_/_", "a/1.0"]}"#)
        }
        _ => Answer::new(404, "Recipe not found: 'a/1.0'"),
    });
    let world = Arc::new(World::default());
    let remote = client(&server, &world, "unused".as_ref());
    let latest = remote.latest_recipe(&reference()).unwrap();
    assert_eq!(latest.revision.as_deref(), Some("r1"));
    assert_eq!(latest.timestamp, Some(1.5));
    let found: Vec<String> = remote
        .search("a/*")
        .unwrap()
        .iter()
        .map(RecipeReference::to_string)
        .collect();
    assert_eq!(found, ["a/1.0", "a/2.0@me/ch"]);
    let error = remote.recipe_revisions(&reference()).unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "Recipe not found: 'a/1.0'. [Remote: srv]"
    );
    let pings = server
        .seen()
        .iter()
        .filter(|it| it.path == "/v1/ping")
        .count();
    assert_eq!(pings, 1);
    assert_eq!(world.said(), "Connecting to remote 'srv' anonymously");
    assert!(
        server.seen()[0]
            .header("user-agent")
            .unwrap()
            .starts_with("Conan/2")
    );
}

#[test]
fn a_broken_server_is_asked_again_and_then_named() {
    let failures = Arc::new(AtomicUsize::new(2));
    let left = Arc::clone(&failures);
    let server = Server::start(move |request| {
        if request.path == "/v1/ping" {
            return pong();
        }
        let broken = left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            })
            .is_ok();
        if broken {
            Answer::new(500, "boom")
        } else {
            Answer::new(200, r#"{"results": []}"#)
        }
    });
    let world = Arc::new(World::default());
    let remote = client(&server, &world, "unused".as_ref());
    assert_eq!(remote.search("*").unwrap(), []);
    failures.store(3, Ordering::SeqCst);
    let error = remote.search("*").unwrap_err().to_string();
    assert!(error.contains("too many 500 error responses"), "{error}");
}

#[test]
fn a_server_that_is_not_there_is_explained() {
    let mut server = Server::start(|_| pong());
    server.url = "http://127.0.0.1:1".to_owned();
    let world = Arc::new(World::default());
    let error = client(&server, &world, "unused".as_ref())
        .search("*")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("Unable to connect to remote srv=http://127.0.0.1:1"),
        "{error}"
    );
}

#[test]
fn servers_for_conan_1_and_other_programs_are_refused() {
    let old = Server::start(|_| {
        Answer::new(200, "").with("X-Conan-Server-Capabilities", "complex_search")
    });
    let world = Arc::new(World::default());
    let error = client(&old, &world, "unused".as_ref())
        .search("*")
        .unwrap_err();
    assert!(matches!(error, RemoteError::NoRevisions { .. }), "{error}");
    let other = Server::start(|request| match request.path.as_str() {
        "/v1/ping" => pong(),
        _ => Answer::new(200, "<html>hello</html>"),
    });
    let error = client(&other, &world, "unused".as_ref())
        .search("*")
        .unwrap_err()
        .to_string();
    assert!(error.contains("unexpected answer of http://"), "{error}");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let server = Server::start(|request| match request.path.as_str() {
        "/v1/ping" => pong(),
        _ => Answer::new(
            200,
            r#"{"files": {"conanfile.py": {}, "../../.bashrc": {}}}"#,
        ),
    });
    let world = Arc::new(World::default());
    let error = client(&server, &world, "unused".as_ref())
        .recipe_files(&reference().with_revision("r"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("../../.bashrc"), "{error}");
}
