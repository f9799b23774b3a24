//! Files that arrive, break off, go on, or are not what they should be.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crom_model::reference::RecipeReference;
use crom_remote::{FileAddress, RemoteError, ServerRemote};
use pretty_assertions::assert_eq;

use crate::support::{Answer, Request, Server, World, client, client_with, pong};

/// Large enough to be resumed.
fn content() -> Vec<u8> {
    (0..5_000_000u32)
        .map(|number| (number % 251) as u8)
        .collect()
}

fn address(remote: &ServerRemote) -> FileAddress {
    let reference = RecipeReference::loads("a/1.0#r").unwrap();
    remote.recipe_file(&reference, "conan_export.tgz")
}

/// The whole file, or the rest of it for those who have its start.
fn ranged(request: &Request, content: &[u8], tag: &str) -> Answer {
    let from = request
        .header("range")
        .filter(|_| request.header("if-range") == Some(tag))
        .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'))
        .and_then(|from| from.parse::<usize>().ok());
    match from {
        Some(from) => Answer::new(206, &content[from..]).with("ETag", tag).with(
            "Content-Range",
            &format!("bytes {from}-{}/{}", content.len() - 1, content.len()),
        ),
        None => Answer::new(200, content).with("ETag", tag),
    }
}

/// A server whose first answers break off after a million bytes.
fn breaking(times: usize, tag: &'static str) -> Server {
    let left = AtomicUsize::new(times);
    Server::start(move |request| {
        if request.path == "/v1/ping" {
            return pong();
        }
        let answer = ranged(request, &content(), tag);
        match left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        }) {
            Ok(_) => answer.cut_at(1_000_000),
            Err(_) => answer,
        }
    })
}

#[test]
fn a_download_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("file");
    let server = breaking(1, "\"one\"");
    let world = Arc::new(World::default());
    let remote = client(&server, &world, &folder.path().join("parts"));
    remote.download(&address(&remote), &target).unwrap();
    assert!(crom_fs::read(&target).unwrap() == content());
    let ranges: Vec<Option<String>> = server
        .seen()
        .iter()
        .filter(|request| request.path != "/v1/ping")
        .map(|request| request.header("range").map(str::to_owned))
        .collect();
    assert_eq!(ranges, [None, Some("bytes=1000000-".to_owned())]);
    assert!(world.said().contains("Error transferring file"));
    assert_eq!(crom_fs::list(folder.path().join("parts")).unwrap().len(), 0);
}

#[test]
fn a_later_process_goes_on_too_unless_the_file_is_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let parts = folder.path().join("parts");
    let target = folder.path().join("file");
    let world = Arc::new(World::default());
    let broken = breaking(9, "\"one\"");
    let remote = client(&broken, &world, &parts);
    let error = remote.download(&address(&remote), &target).unwrap_err();
    assert!(matches!(error, RemoteError::Broken { .. }), "{error}");
    assert!(!crom_fs::exists(&target));
    // The same URL, as if the server had been repaired.
    let url = broken.url.clone();
    drop(remote);
    let kept: Vec<_> = crom_fs::list(&parts).unwrap();
    assert!(kept.iter().any(|name| !name.contains('.')), "{kept:?}");
    let fresh = breaking(0, "\"two\"");
    let again = client(&fresh, &world, &parts);
    // Another server has another URL: put the part where it looks for it.
    let [old, new] = [&url, &fresh.url].map(|url| {
        let url = format!("{url}/v2/conans/a/1.0/_/_/revisions/r/files/conan_export.tgz");
        let mut hasher = crom_fs::digest::Hasher::new(crom_fs::digest::Wanted::SHA256);
        hasher.update(url.as_bytes());
        hasher.finish().sha256
    });
    for extension in ["", ".state"] {
        let path = |name: &str| parts.join(format!("{name}{extension}"));
        crom_fs::rename(path(&old), path(&new)).unwrap();
    }
    again.download(&address(&again), &target).unwrap();
    assert!(crom_fs::read(&target).unwrap() == content());
    let request = fresh.seen().pop().unwrap();
    assert_eq!(request.header("if-range"), Some("\"one\""));
}

#[test]
fn checksums_of_the_server_are_verified() {
    for size in [10, 2_000_000] {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("file");
        let server = Server::start(move |request| match request.path.as_str() {
            "/v1/ping" => pong(),
            _ => Answer::new(200, vec![1; size]).with("X-Checksum-Sha1", &"0".repeat(40)),
        });
        let world = Arc::new(World::default());
        let remote = client(&server, &world, &folder.path().join("parts"));
        let error = remote.download(&address(&remote), &target).unwrap_err();
        assert!(matches!(error, RemoteError::Checksum { .. }), "{error}");
        assert!(!crom_fs::exists(&target));
        assert_eq!(server.lines().len(), 3, "tried again");
    }
}

#[test]
fn refusals_are_not_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("file");
    let server = Server::start(|request| match request.path.as_str() {
        "/v1/ping" => pong(),
        _ => Answer::new(403, "no"),
    });
    let world = Arc::new(World::default());
    let remote = client(&server, &world, &folder.path().join("parts"));
    let error = remote.download(&address(&remote), &target).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Permission denied for user: 'None': no. [Remote: srv]"
    );
    assert_eq!(server.lines().len(), 1);
}

#[test]
fn a_slow_server_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("file");
    let server = Server::start(|request| match request.path.as_str() {
        "/v1/ping" => pong(),
        _ => Answer {
            delay: std::time::Duration::from_secs(20),
            ..Answer::new(200, "late")
        },
    });
    let world = Arc::new(World::default());
    let remote = client_with(&server, &world, &folder.path().join("parts"), |setup| {
        setup.http.read_timeout = Some(0.2);
        setup.transfer.download_retry = 0;
    });
    let started = std::time::Instant::now();
    let error = remote.download(&address(&remote), &target).unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert!(started.elapsed().as_secs() < 10);
}

#[test]
fn the_download_cache_answers_without_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = breaking(0, "\"one\"");
    let world = Arc::new(World::default());
    let cache = folder.path().join("cache");
    let with_cache = |setup: &mut crom_remote::ServerSetup| {
        setup.transfer.download_cache = Some(cache.clone());
    };
    for name in ["first", "second"] {
        let remote = client_with(&server, &world, &folder.path().join("parts"), with_cache);
        let target = folder.path().join(name);
        remote.download(&address(&remote), &target).unwrap();
        assert!(crom_fs::read(&target).unwrap() == content());
    }
    assert_eq!(server.lines().len(), 1);
    assert_eq!(crom_fs::list(cache.join("c")).unwrap().len(), 1);
}
