//! From a 401 to a token.

use std::sync::Arc;

use crom_remote::{Login, RemoteError, Token, parallel};
use pretty_assertions::assert_eq;

use crate::support::{Answer, Request, Server, World, client, client_with, pong};

/// Answers only to those with the token `t2`, which the password `right` gives.
fn private() -> Server {
    Server::start(|request: &Request| {
        let authorization = request.header("authorization").unwrap_or_default();
        match request.path.as_str() {
            "/v1/ping" => pong(),
            // Base64 of `me:right`
            "/v2/users/authenticate" if authorization == "Basic bWU6cmlnaHQ=" => {
                Answer::new(200, "t2")
            }
            "/v2/users/authenticate" => Answer::new(401, "Wrong user or password"),
            _ if authorization != "Bearer t2" => Answer::new(401, "who are you"),
            "/v2/users/check_credentials" => Answer::new(200, "me"),
            _ => Answer::new(200, r#"{"results": []}"#),
        }
    })
}

fn password(password: &str) -> (String, String) {
    ("me".to_owned(), password.to_owned())
}

#[test]
fn an_old_token_leads_to_a_new_login_which_is_kept() {
    let server = private();
    let world = Arc::new(World::default());
    *world.stored.lock().unwrap() = Login {
        user: Some("me".to_owned()),
        token: Some(Token::new("t1")),
    };
    world.passwords.lock().unwrap().push(password("right"));
    let remote = client(&server, &world, "unused".as_ref());
    assert_eq!(remote.search("*").unwrap(), []);
    let stored = world.stored.lock().unwrap().clone();
    assert_eq!(stored.token, Some(Token::new("t2")));
    assert_eq!(
        world.said(),
        "Connecting to remote 'srv' with user 'me'\n\
         Remote 'srv' needs authentication, obtaining credentials\n\
         Authenticated in remote 'srv' with user 'me'"
    );
    assert_eq!(
        remote.check_credentials(false).unwrap().as_deref(),
        Some("me")
    );
}

#[test]
fn many_threads_log_in_once() {
    let server = private();
    let world = Arc::new(World::default());
    world.passwords.lock().unwrap().push(password("right"));
    let remote = client(&server, &world, "unused".as_ref());
    let patterns: Vec<String> = (0..16).map(|number| format!("a{number}/*")).collect();
    parallel(&patterns, 8, |pattern| remote.search(pattern)).unwrap();
    let logins = server
        .lines()
        .iter()
        .filter(|line| line.ends_with("authenticate"))
        .count();
    assert_eq!(logins, 1);
}

#[test]
fn a_wrong_password_may_be_typed_again_but_not_forever() {
    let server = private();
    let world = Arc::new(World {
        asked: true,
        ..World::default()
    });
    world
        .passwords
        .lock()
        .unwrap()
        .extend([password("right"), password("x"), password("y")]);
    client(&server, &world, "unused".as_ref())
        .search("*")
        .unwrap();
    let world = Arc::new(World {
        asked: true,
        ..World::default()
    });
    world
        .passwords
        .lock()
        .unwrap()
        .extend(["1", "2", "3", "4"].map(password));
    let error = client(&server, &world, "unused".as_ref())
        .search("*")
        .unwrap_err();
    assert!(error.to_string().contains("Too many failed login attempts"));
    assert_eq!(world.passwords.lock().unwrap().len(), 1);
}

#[test]
fn a_wrong_password_of_a_file_ends_it() {
    let server = private();
    let world = Arc::new(World::default());
    world
        .passwords
        .lock()
        .unwrap()
        .extend([password("right"), password("wrong")]);
    let remote = client(&server, &world, "unused".as_ref());
    let error = remote.search("*").unwrap_err();
    assert!(
        matches!(error, RemoteError::NotAuthenticated { .. }),
        "{error}"
    );
    assert!(matches!(
        remote.authenticate("me", "wrong"),
        Err(RemoteError::WrongPassword { .. })
    ));
    assert!(!world.said().contains("wrong"));
}

#[test]
fn a_remote_may_want_the_login_first() {
    let server = private();
    let world = Arc::new(World::default());
    world.passwords.lock().unwrap().push(password("right"));
    let remote = client_with(&server, &world, "unused".as_ref(), |setup| {
        setup.force_auth = true;
    });
    remote.search("*").unwrap();
    assert_eq!(server.lines()[0], "GET /v2/users/authenticate");
}
