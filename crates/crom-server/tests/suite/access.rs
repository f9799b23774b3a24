//! Logins, tokens, permissions, administration, audit.

use std::time::{Duration, Instant};

use crom_server::{Action, AdminRequest, Grant};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::harness::{PASSWORD, TestServer, basic};
use crate::package::TestRecipe;

#[test]
fn a_login_gives_a_token() {
    let server = TestServer::start();
    let wrong = [("authorization", basic("ann", "wrong password"))];
    let answer = server
        .send(
            "GET",
            "main/v2/users/authenticate",
            &[("authorization", &wrong[0].1)],
            b"",
        )
        .expect(401);
    assert_eq!(answer.text(), "Wrong user or password");
    let ann = server.login("ann");
    let who = server
        .get_as(&ann, "main/v2/users/check_credentials")
        .expect(200);
    assert_eq!(who.text(), "ann");
    server.get("main/v2/users/check_credentials").expect(401);
    let other = if ann.ends_with('0') { '1' } else { '0' };
    let forged = format!("{}{other}", &ann[..ann.len() - 1]);
    server
        .get_as(&forged, "main/v2/users/check_credentials")
        .expect(401);
    server
        .get_as("Bearer x", "main/v2/users/check_credentials")
        .expect(401);
    // A bad token isn't anonymous.
    server
        .get_as(&forged, "main/v2/conans/search?q=*")
        .expect(401);
}

#[test]
fn failed_logins_are_limited() {
    let server = TestServer::start_with(|config| config.limits.failed_logins = 3);
    let attempt = |password: &str| {
        let header = basic("ann", password);
        server.send(
            "GET",
            "main/v2/users/authenticate",
            &[("authorization", &header)],
            b"",
        )
    };
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(attempt("wrong password").status);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    assert_eq!(statuses[0], 401);
    let refused = attempt(PASSWORD);
    assert!(matches!(refused.status, 429 | 200), "{}", refused.text());
}

#[test]
fn permissions_are_checked_by_repository_and_action() {
    let server = TestServer::start();
    let (ann, bob) = (server.login("ann"), server.login("bob"));
    let recipe = TestRecipe::new("wa/1.0", "one");
    let path = |repository: &str| format!("{repository}/{}/files/conanfile.py", recipe.path());
    server.send("PUT", &path("main"), &[], b"x").expect(401);
    let refused = server.put(&bob, &path("main"), b"x").expect(403);
    assert!(
        refused.text().contains("no permission to write"),
        "{}",
        refused.text()
    );
    recipe.upload(&server, &ann, "main");
    recipe.upload(&server, &ann, "private");
    server
        .delete(&ann, &format!("main/{}", recipe.path()))
        .expect(403);
    server.get(&path("private")).expect(401);
    server.get_as(&bob, &path("private")).expect(403);
    server.get_as(&bob, &path("main")).expect(200);
    server.get("private/v2/conans/search?q=*").expect(401);
    server.get("nowhere/v1/ping").expect(404);
}

#[test]
fn permissions_by_pattern_and_group() {
    let server = TestServer::start();
    let (ann, bob) = (server.login("ann"), server.login("bob"));
    let (zlib, boost) = (
        TestRecipe::new("zlib/1.3", "z"),
        TestRecipe::new("boost/1.80", "b"),
    );
    zlib.upload(&server, &ann, "private");
    boost.upload(&server, &ann, "private");
    server.admin(AdminRequest::GroupAdd {
        group: "dev".to_owned(),
        user: "bob".to_owned(),
    });
    server.admin(AdminRequest::GrantAdd {
        principal: "@dev".to_owned(),
        grant: Grant {
            repository: "private".to_owned(),
            action: Action::Read,
            pattern: "zlib/*".to_owned(),
        },
    });
    std::thread::sleep(std::time::Duration::from_secs(6));
    let found = server
        .get_as(&bob, "private/v2/conans/search?q=*")
        .expect(200);
    assert_eq!(found.json(), json!({"results": ["zlib/1.3"]}));
    server
        .get_as(&bob, &format!("private/{}/latest", zlib.line()))
        .expect(200);
    server
        .get_as(&bob, &format!("private/{}/latest", boost.line()))
        .expect(403);
}

#[test]
fn tokens_are_scoped_expire_and_can_be_revoked() {
    let server = TestServer::start();
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &server.login("ann"), "private");
    let add = |expires_days, scopes| {
        server.admin(AdminRequest::TokenAdd {
            user: "ann".to_owned(),
            label: "ci".to_owned(),
            expires_days,
            scopes,
        })
    };
    let read = Grant {
        repository: "private".to_owned(),
        action: Action::Read,
        pattern: "*".to_owned(),
    };
    let token = add(None, vec![read]);
    let header = format!("Bearer {}", token["token"].as_str().expect("a token"));
    server
        .get_as(&header, &format!("private/{}/latest", recipe.line()))
        .expect(200);
    server
        .put(
            &header,
            &format!("private/{}/files/metadata/x", recipe.path()),
            b"x",
        )
        .expect(403);
    // A token is also a password, for clients that only know those.
    let as_password = basic("ann", token["token"].as_str().expect("a token"));
    let logged_in = server.send(
        "GET",
        "main/v2/users/authenticate",
        &[("authorization", &as_password)],
        b"",
    );
    assert_eq!(
        logged_in.expect(200).text(),
        token["token"].as_str().expect("a token")
    );
    let expired = add(Some(0), Vec::new());
    let expired = format!("Bearer {}", expired["token"].as_str().expect("a token"));
    let refused = server
        .get_as(&expired, "main/v2/users/check_credentials")
        .expect(401);
    assert!(refused.text().contains("expired"), "{}", refused.text());
    let id = token["id"].as_str().expect("an id").to_owned();
    let list = server
        .admin(AdminRequest::TokenList { user: None })
        .to_string();
    assert!(list.contains(&id) && !list.contains(&header[7..]), "{list}");
    server.admin(AdminRequest::TokenRemove { id });
    std::thread::sleep(std::time::Duration::from_secs(6));
    server
        .get_as(&header, "main/v2/users/check_credentials")
        .expect(401);
}

#[test]
fn administration_over_the_network_is_for_administrators() {
    let server = TestServer::start();
    let (root, ann) = (server.login("root"), server.login("ann"));
    let body = json!({"name": "eve", "password": "long enough"});
    server.post(&ann, "-/api/user/add", &body).expect(403);
    server
        .send("POST", "-/api/user/add", &[], b"{}")
        .expect(401);
    server.post(&root, "-/api/user/add", &body).expect(200);
    server.post(&root, "-/api/user/add", &body).expect(409);
    server
        .post(&root, "-/api/user/add", &json!({"nme": "x"}))
        .expect(400);
    server
        .post(&root, "-/api/user/paint", &json!({}))
        .expect(400);
    server
        .post(&root, "-/api/user/add", &json!({"name": "x/y"}))
        .expect(400);
    let users = server
        .post(&root, "-/api/user/list", &json!({}))
        .expect(200)
        .json();
    assert!(users.to_string().contains("\"eve\""), "{users}");
    assert!(!users.to_string().contains("argon2"), "{users}");
}

#[test]
fn repository_administrators_pass_permissions_on() {
    let server = TestServer::start();
    server.grant("bob", "private", Action::Admin);
    let bob = server.login("bob");
    let grant = |repository: &str| json!({"principal": "ann", "repository": repository, "action": "delete", "pattern": "*"});
    server
        .post(&bob, "-/api/grant/add", &grant("private"))
        .expect(200);
    server
        .post(&bob, "-/api/grant/add", &grant("main"))
        .expect(403);
    server
        .post(&bob, "-/api/grant/add", &grant("*"))
        .expect(403);
}

#[test]
fn the_audit_log_tells_who_did_what() {
    let server = TestServer::start();
    let dan = server.login("dan");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &dan, "main");
    server
        .delete(&dan, &format!("main/{}", recipe.path()))
        .expect(200);
    let root = server.login("root");
    let log = server
        .post(&root, "-/api/audit/list", &json!({"actor": "dan"}))
        .expect(200)
        .json();
    let lines: Vec<String> = log
        .as_array()
        .expect("a list")
        .iter()
        .map(|line| format!("{} {}", line["action"], line["subject"]).replace('"', ""))
        .collect();
    let key = format!("wa/1.0#{}", recipe.rrev);
    assert_eq!(
        lines,
        [
            format!("delete {key}"),
            format!("upload {key}"),
            "login ".to_owned()
        ]
    );
}

/// Every command of the description is one, and every one is described.
#[test]
fn the_description_names_all_commands() {
    let server = TestServer::start();
    let root = server.login("root");
    let described = server.get("-/openapi.json").expect(200).json();
    let paths = described["paths"].as_object().expect("paths");
    let mut commands = 0;
    for path in paths.keys() {
        if let Some(command) = path.strip_prefix("/-/api/") {
            commands += 1;
            let answer = server.post(&root, &format!("-/api/{command}"), &json!({"x": 1}));
            assert!(
                !answer.text().contains("unknown variant"),
                "{path}: {}",
                answer.text()
            );
        }
    }
    let answer = server
        .post(&root, "-/api/no/command", &json!({}))
        .expect(400);
    let known = answer.text().matches('`').count() / 2 - 1;
    assert_eq!(commands, known, "{}", answer.text());
}

#[test]
fn what_was_public_is_forgotten_when_it_is_so_no_more() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let latest = format!("main/{}/latest", recipe.line());
    for _ in 0..3 {
        let answer = server.get(&latest).expect(200);
        assert_eq!(answer.json()["revision"], json!(recipe.rrev));
        assert_eq!(answer.headers["content-type"], "application/json");
    }
    let newer = TestRecipe::new("wa/1.0", "two");
    newer.upload(&server, &ann, "main");
    let answer = server.get(&latest).expect(200);
    assert_eq!(answer.json()["revision"], json!(newer.rrev));
    server
        .send("GET", &latest, &[("authorization", "Bearer crom_x")], b"")
        .expect(401);
    server.admin(AdminRequest::RepoSet {
        name: "main".to_owned(),
        anonymous_read: Some(false),
        retention: None,
    });
    // Other nodes may take a moment; each has its turn.
    let started = Instant::now();
    while (0..4).any(|_| server.get(&latest).status == 200) {
        assert!(started.elapsed() < Duration::from_secs(5));
        std::thread::sleep(Duration::from_millis(50));
    }
    server.get(&latest).expect(401);
    server.get_as(&ann, &latest).expect(200);
}
