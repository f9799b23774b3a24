//! `server`: started and administrated as people do. What it serves is tested with its crate.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::home::Scratch;

/// A running server; killed with the value.
pub struct Started {
    child: Child,
    /// Host and port.
    pub address: String,
    said: String,
}

impl Started {
    /// On a free port, with its data in `data` of the work folder.
    pub fn new(scratch: &Scratch) -> Self {
        Self::with_data(scratch, "data")
    }

    /// On a free port, with its data in a folder of the work folder.
    #[expect(
        clippy::zombie_processes,
        reason = "a server that doesn't start fails the test"
    )]
    pub fn with_data(scratch: &Scratch, data: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_crom"))
            .args(["server", "start", "--data", data, "--listen", "127.0.0.1:0"])
            .current_dir(scratch.work())
            .env("CONAN_HOME", scratch.home())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut said = String::new();
        let mut lines = BufReader::new(child.stderr.take().expect("standard error"));
        loop {
            let mut line = String::new();
            let read = lines.read_line(&mut line).expect("is text");
            assert!(read > 0, "it ended:\n{said}");
            said.push_str(&line);
            if let Some((_, address)) = line.trim().split_once(" on http://") {
                let address = address.to_owned();
                // Read on, or the server would wait for somebody to read its log.
                std::thread::spawn(move || lines.read_to_string(&mut String::new()));
                return Self {
                    child,
                    address,
                    said,
                };
            }
        }
    }

    /// Of a repository, to be configured as a remote.
    pub fn url(&self, repository: &str) -> String {
        format!("http://{}/{repository}", self.address)
    }

    /// Status line and body.
    fn get(&self, path: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(
            stream,
            "GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        .expect("is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("is text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
        let status = head.lines().next().unwrap_or_default();
        (status.to_owned(), body.to_owned())
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_server_works_at_once_and_is_administrated_beside_it() {
    let scratch = Scratch::new();
    let server = Started::new(&scratch);
    assert!(
        server.said.contains("User 'admin' has the password '"),
        "{}",
        server.said
    );
    let (status, body) = server.get("health");
    assert!(
        status.ends_with("200 OK") && body.contains("\"status\":\"ok\""),
        "{status} {body}"
    );
    let (status, _) = server.get("main/v2/conans/search?q=*");
    assert!(status.ends_with("200 OK"), "{status}");

    scratch
        .crom("server user add ann --data data")
        .success()
        .prints("password: ");
    scratch
        .crom("server user add ann --data data")
        .fails_with(1)
        .says("exists already");
    scratch
        .crom("server repo add production --data data")
        .success();
    scratch
        .crom("server repo add all --kind group --member main --member production --data data")
        .success()
        .prints("main,production");
    scratch
        .crom("server repo add x --kind proxy --data data")
        .fails_with(1)
        .says("--upstream");
    scratch
        .crom("server grant ann production promote --pattern zlib/* --data data")
        .success();
    let grants = scratch
        .crom("server grants --data data -f json")
        .success()
        .json();
    assert_eq!(grants[0]["pattern"], "zlib/*");
    scratch
        .crom("server grant nobody main read --data data")
        .fails_with(1)
        .says("no user");
    scratch.crom("server verify --data data").success();
    scratch.crom("server gc --dry-run --data data").success();
    scratch
        .crom("server retention --dry-run --keep-revisions 1 --data data")
        .success();
    let audit = scratch
        .crom("server audit --data data -f json")
        .success()
        .json();
    assert_eq!(audit[0]["action"], "grant add", "{audit}");
    scratch.crom("server backup saved --data data").success();
    scratch
        .crom("server user list --data saved")
        .success()
        .prints("ann");
    scratch
        .crom("server backup saved --data data")
        .fails_with(1)
        .says("isn't empty");
    scratch
        .crom("server start --data data --listen 127.0.0.1:0")
        .fails_with(1)
        .says("another server runs");

    let token = scratch
        .crom("server token add admin --data data -f json")
        .success()
        .json();
    let token = token["token"].as_str().expect("a token");
    let url = format!("http://{}", server.address);
    scratch
        .crom(&format!(
            "server user add bob --no-password --url {url} --token {token}"
        ))
        .success();
    scratch
        .crom_with(
            &[("CROM_SERVER_TOKEN", token)],
            &format!("server user list --url {url}"),
        )
        .success()
        .prints("bob");
    scratch
        .crom(&format!("server user list --url {url} --token crom_x"))
        .fails_with(1)
        .says("log in again");
    scratch.crom("server user remove ann --data data").success();
    scratch
        .crom("server grants --data data -f json")
        .success()
        .prints("[]");
}

#[test]
fn mistakes_are_told() {
    let scratch = Scratch::new();
    scratch
        .crom("server user list --data nowhere")
        .fails_with(1)
        .says("is no data folder");
    scratch.write("data/server.toml", "lissten = 1\n");
    scratch
        .crom("server start --check-config --data data")
        .fails_with(1)
        .says("lissten");
    scratch.write("data/server.toml", "[limits]\nmax_body = 10\n");
    scratch
        .crom("server start --check-config --data data")
        .success();
}
