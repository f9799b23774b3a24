//! Files that are sent, refused, or known already.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crom_model::reference::RecipeReference;
use crom_remote::{RemoteError, ServerRemote, UploadFile, UploadRevision};
use pretty_assertions::assert_eq;

use crate::support::{Answer, Server, World, client, pong};

fn files(remote: &ServerRemote, folder: &Path, names: &[&str]) -> Vec<UploadFile> {
    let reference = RecipeReference::loads("a/1.0#r").unwrap();
    names
        .iter()
        .map(|name| {
            let path = folder.join(name);
            crom_fs::write(&path, format!("content of {name}")).unwrap();
            UploadFile {
                address: remote.recipe_file(&reference, name),
                sha1: crom_fs::digest::sha1(&path).unwrap(),
                path,
            }
        })
        .collect()
}

#[test]
fn files_are_sent_with_their_checksum() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.path.as_str() {
        "/v1/ping" => pong(),
        _ => Answer::new(201, ""),
    });
    let world = Arc::new(World::default());
    let remote = client(&server, &world, folder.path());
    crom_fs::write(folder.path().join("empty"), "").unwrap();
    let mut files = files(&remote, folder.path(), &["b.py", "a.py"]);
    files[0].path = folder.path().join("empty");
    remote.upload(&files).unwrap();
    let puts: Vec<_> = server
        .seen()
        .into_iter()
        .filter(|request| request.method == "PUT")
        .collect();
    assert_eq!(puts.len(), 2);
    assert_eq!(puts[0].header("content-length"), Some("0"));
    assert_eq!(puts[1].body, b"content of a.py");
    assert_eq!(
        puts[1].header("x-checksum-sha1"),
        Some(files[1].sha1.as_str())
    );
    assert_eq!(puts[1].header("transfer-encoding"), None);
}

#[test]
fn a_file_that_fails_is_tried_again_and_the_others_are_sent() {
    let folder = tempfile::tempdir().unwrap();
    let conflicts = AtomicUsize::new(1);
    let server = Server::start(move |request| {
        let once = || {
            conflicts
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                    left.checked_sub(1)
                })
                .is_ok()
        };
        match request.path.rsplit('/').next().unwrap() {
            "ping" => pong(),
            "bad" => Answer::new(400, "bad request text"),
            "unlucky" if once() => Answer::new(409, "conflict"),
            _ => Answer::new(200, ""),
        }
    });
    let world = Arc::new(World::default());
    let remote = client(&server, &world, folder.path());
    let files = files(&remote, folder.path(), &["bad", "unlucky", "good"]);
    let error = remote.upload(&files).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Execute upload again to retry upload the failed files: bad. [Remote: srv]"
    );
    let sent: Vec<String> = server
        .lines()
        .iter()
        .map(|line| line.rsplit('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(sent, ["bad", "unlucky", "unlucky", "good"]);
    let said = world.said();
    assert!(
        said.contains("Error uploading file: bad, 'bad request text'"),
        "{said}"
    );
    assert!(
        said.contains("409 Client Error: Conflict for url: http://"),
        "{said}"
    );
}

#[test]
fn who_may_not_write_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.path.as_str() {
        "/v1/ping" => pong(),
        _ => Answer::new(403, "forbidden text"),
    });
    let world = Arc::new(World::default());
    let remote = client(&server, &world, folder.path());
    let files = files(&remote, folder.path(), &["one", "two"]);
    let error = remote.upload(&files).unwrap_err();
    assert!(matches!(error, RemoteError::Forbidden { .. }), "{error}");
    assert_eq!(server.lines().len(), 1);
}

#[test]
fn what_the_server_has_is_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request| {
        if request.path == "/v1/ping" {
            let capabilities = "revisions,checksum_deploy";
            return Answer::new(200, "").with("X-Conan-Server-Capabilities", capabilities);
        }
        let by_checksum = request.header("x-checksum-deploy") == Some("true");
        if by_checksum && request.path.ends_with("unknown") {
            Answer::new(404, "")
        } else {
            Answer::new(201, "")
        }
    });
    let world = Arc::new(World::default());
    let remote = client(&server, &world, folder.path());
    let files = files(&remote, folder.path(), &["known", "unknown"]);
    remote.upload(&files).unwrap();
    let bodies: Vec<(String, usize)> = server
        .seen()
        .iter()
        .filter(|request| request.method == "PUT")
        .map(|request| {
            let name = request.path.rsplit('/').next().unwrap();
            (name.to_owned(), request.body.len())
        })
        .collect();
    let expected = [("known", 0), ("unknown", 0), ("unknown", 18)];
    assert_eq!(bodies, expected.map(|(name, size)| (name.to_owned(), size)));
}

#[test]
fn what_a_server_does_not_take_together_is_sent_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.path.as_str() {
        "/v1/ping" => {
            Answer::new(200, "").with("X-Conan-Server-Capabilities", "revisions,crom_bundles")
        }
        "/-/upload" if request.body.ends_with(b"content of good") => Answer::new(201, ""),
        "/-/upload" if request.body.ends_with(b"content of secret") => Answer::new(403, "no"),
        _ => Answer::new(400, "bad"),
    });
    let world = Arc::new(World::default());
    let remote = client(&server, &world, folder.path());
    assert!(remote.takes_bundles().unwrap());
    let send = |name: &str| {
        remote.upload_bundle(&[UploadRevision {
            recipe: RecipeReference::loads("a/1.0#r").unwrap(),
            package: None,
            files: files(&remote, folder.path(), &[name]),
        }])
    };
    assert!(send("good").unwrap());
    assert!(!send("bad").unwrap());
    assert!(matches!(send("secret"), Err(RemoteError::Forbidden { .. })));
}
