//! Proxies and groups.

use crom_server::{AdminRequest, Kind};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::harness::{PASSWORD, TestServer, repository};
use crate::package::{TestBinary, TestRecipe};

fn add_proxy(server: &TestServer, name: &str, upstream: &str, user: Option<&str>) {
    server.admin(AdminRequest::RepoAdd {
        name: name.to_owned(),
        kind: Kind::Proxy,
        anonymous_read: true,
        upstream: Some(upstream.to_owned()),
        upstream_user: user.map(str::to_owned),
        upstream_password: user.map(|_| PASSWORD.to_owned()),
        members: Vec::new(),
    });
}

fn add_group(server: &TestServer, name: &str, members: &[&str]) {
    let AdminRequest::RepoAdd {
        name,
        kind,
        anonymous_read,
        ..
    } = repository(name, Kind::Group, true)
    else {
        unreachable!("it is `repo add`");
    };
    server.admin(AdminRequest::RepoAdd {
        name,
        kind,
        anonymous_read,
        upstream: None,
        upstream_user: None,
        upstream_password: None,
        members: members.iter().map(|&member| member.to_owned()).collect(),
    });
}

#[test]
fn a_proxy_keeps_what_was_asked_for() {
    let server = TestServer::start();
    let recipe = TestRecipe::new("wa/1.0", "one");
    let binary = TestBinary::new('a', "header");
    let upstream = TestServer::start();
    let ann = upstream.login("ann");
    recipe.upload(&upstream, &ann, "private");
    binary.upload(&upstream, &ann, "private", &recipe);
    let time = upstream
        .get_as(&ann, &format!("private/{}/latest", recipe.line()))
        .json()["time"]
        .clone();
    add_proxy(
        &server,
        "mirror",
        &format!("{}/private", upstream.url),
        Some("ann"),
    );
    let package = format!("mirror/{}/files/conan_package.tgz", binary.path(&recipe));
    let paths = [
        format!("mirror/{}/latest", recipe.line()),
        format!("mirror/{}/revisions", recipe.line()),
        format!("mirror/{}/files", recipe.path()),
        format!("mirror/{}/latest", binary.line(&recipe)),
        format!("mirror/{}/files", binary.path(&recipe)),
        format!("mirror/{}/search", recipe.path()),
        "mirror/v2/conans/search?q=wa/*".to_owned(),
    ];
    let online: Vec<_> = paths
        .iter()
        .map(|path| server.get(path).expect(200).json())
        .collect();
    assert_eq!(online[0], json!({"revision": recipe.rrev, "time": time}));
    assert_eq!(server.get(&package).expect(200).body, b"header");
    server
        .get("mirror/v2/conans/nope/1.0/_/_/latest")
        .expect(404);
    drop(upstream);
    let offline: Vec<_> = paths
        .iter()
        .map(|path| server.get(path).expect(200).json())
        .collect();
    assert_eq!(offline, online);
    assert_eq!(server.get(&package).expect(200).body, b"header");
    let unknown = format!("mirror/{}/files/conanfile.py", recipe.path());
    let refused = server.get(&unknown).expect(502);
    assert!(refused.text().contains("upstream"), "{}", refused.text());
    assert_eq!(
        server
            .get("mirror/v2/conans/search?q=w*")
            .expect(200)
            .json(),
        json!({"results": ["wa/1.0"]})
    );
    let root = server.login("root");
    server.put(&root, &unknown, b"x").expect(400);
}

#[test]
fn a_large_file_passes_through_a_proxy() {
    let server = TestServer::start();
    let upstream = TestServer::start();
    let ann = upstream.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&upstream, &ann, "main");
    let content: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 253) as u8).collect();
    let path = format!("{}/files/metadata/big", recipe.path());
    upstream
        .put(&ann, &format!("main/{path}"), &content)
        .expect(201);
    add_proxy(&server, "mirror", &format!("{}/main", upstream.url), None);
    for _ in 0..2 {
        let got = server.get(&format!("mirror/{path}")).expect(200);
        assert!(got.body == content);
        assert!(got.headers.contains_key("x-checksum-sha1"));
    }
    drop(upstream);
    assert!(server.get(&format!("mirror/{path}")).expect(200).body == content);
}

#[test]
fn a_group_shows_its_members_in_order() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let (ours, theirs) = (
        TestRecipe::new("wa/1.0", "ours"),
        TestRecipe::new("wa/1.0", "theirs"),
    );
    let only = TestRecipe::new("wb/1.0", "only");
    let binary = TestBinary::new('a', "header");
    ours.upload(&server, &ann, "main");
    theirs.upload(&server, &ann, "private");
    only.upload(&server, &ann, "private");
    ours.upload(&server, &ann, "private");
    binary.upload(&server, &ann, "private", &ours);
    add_group(&server, "all", &["main", "private"]);
    let latest = server
        .get(&format!("all/{}/latest", ours.line()))
        .expect(200)
        .json();
    assert_eq!(latest["revision"], json!(ours.rrev));
    let list = server
        .get(&format!("all/{}/revisions", ours.line()))
        .expect(200)
        .json();
    let revisions: Vec<_> = list["revisions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|revision| {
            revision["revision"]
                .as_str()
                .expect("a revision")
                .to_owned()
        })
        .collect();
    assert_eq!(revisions, [ours.rrev.clone(), theirs.rrev.clone()]);
    assert_eq!(
        server.get("all/v2/conans/search?q=*").expect(200).json(),
        json!({"results": ["wa/1.0", "wb/1.0"]})
    );
    server
        .get(&format!("all/{}/latest", binary.line(&ours)))
        .expect(200);
    let file = format!("all/{}/files/conan_package.tgz", binary.path(&ours));
    assert_eq!(server.get(&file).expect(200).body, b"header");
    let packages = server
        .get(&format!("all/{}/search", ours.path()))
        .expect(200)
        .json();
    assert_eq!(packages.as_object().map(|map| map.len()), Some(1));
    server.put(&ann, &file, b"x").expect(400);
    let dan = server.login("dan");
    server
        .delete(&dan, &format!("all/{}", ours.path()))
        .expect(400);
}
