//! What must be refused, with nothing written.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use pretty_assertions::assert_eq;

use crate::harness::TestServer;
use crate::package::TestRecipe;

/// Sends bytes as they are; the answer's first line.
fn raw(server: &TestServer, request: &str) -> String {
    let address = server.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("connects");
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("is set");
    stream.write_all(request.as_bytes()).expect("is sent");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn paths_that_lead_elsewhere() {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    for path in [
        "main/v2/conans/../1.0/_/_/revisions/r/files/conanfile.py",
        "main/v2/conans/%2e%2e/1.0/_/_/revisions/r/files/conanfile.py",
        "main/v2/conans/a%2fb/1.0/_/_/revisions/r/files/conanfile.py",
        "main/v2/conans/wa/1.0/_/_/revisions/..%2f..%2fx/files/conanfile.py",
        "main/v2/conans/wa/1.0/_/_/revisions/r/files/..%2f..%2f..%2fetc%2fpasswd",
        "main/v2/conans/wa/1.0/_/_/revisions/r/files/../../../etc/passwd",
        "main/v2/conans/wa/1.0/_/_/revisions/r/files/metadata/%2e%2e/%2e%2e/x",
        "main/v2/conans/wa/1.0/_/_/revisions/r/files//etc/passwd",
        "main/v2/conans/wa/1.0/_/_/revisions/r/files/a%00b",
        "main/v2/conans/wa/1.0/_/_/revisions/r/files/a%5cb",
        "main/v2/conans/wa/1.0/_/_/revisions/r/packages/..%2fx/revisions/p/files/x",
        "main/v2/conans/wa'%20OR%201=1--/1.0/_/_/revisions/r/files/conanfile.py",
        "main/v2/conans/wa/1.0/_/_/revisions/r';DROP%20TABLE%20files;--/files/conanfile.py",
    ] {
        let request = format!(
            "PUT /{path} HTTP/1.1\r\nHost: x\r\nAuthorization: {ann}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"
        );
        let line = raw(&server, &request);
        assert!(
            ["HTTP/1.1 400", "HTTP/1.1 404", "HTTP/1.1 405"]
                .iter()
                .any(|status| line.starts_with(status)),
            "{path}: {line}"
        );
    }
    let blobs = server.get("metrics").expect(200).text();
    assert!(blobs.contains("crom_blobs 3\n"), "{blobs}");
    server
        .get("main/v2/conans/search?q=%27%20OR%201=1--")
        .expect(200);
    server
        .get(&format!("main/{}/latest", recipe.line()))
        .expect(200);
}

#[test]
fn bodies_that_are_too_large_or_end_early() {
    let server = TestServer::start_with(|config| {
        config.limits.max_body = 2_000_000;
        config.limits.idle_timeout = 2;
    });
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let path = format!("main/{}/files/metadata/x", recipe.path());
    let request = |length: &str, body: &str| {
        format!(
            "PUT /{path} HTTP/1.1\r\nHost: x\r\nAuthorization: {ann}\r\n{length}Connection: close\r\n\r\n{body}"
        )
    };
    let line = raw(&server, &request("Content-Length: 3000000\r\n", ""));
    assert!(line.starts_with("HTTP/1.1 413"), "{line}");
    // Without announcement, in chunks.
    let chunk = format!("100000\r\n{}\r\n", "x".repeat(0x10_0000)).repeat(3);
    let line = raw(&server, &request("Transfer-Encoding: chunked\r\n", &chunk));
    assert!(
        line.starts_with("HTTP/1.1 413") || line.is_empty(),
        "{line}"
    );
    // A client that stops sending, and one that never begins.
    let line = raw(&server, &request("Content-Length: 100\r\n", "only this"));
    assert!(
        line.starts_with("HTTP/1.1 408") || line.is_empty(),
        "{line}"
    );
    assert_eq!(raw(&server, "GET /main/v1/ping HT"), "");
    server.get(&path).expect(404);
    let spool = crom_fs::list(server.data.path().join("spool")).expect("is listed");
    assert_eq!(spool, Vec::<String>::new());
}

#[test]
fn secrets_stay_out_of_answers_and_errors_are_plain() {
    let server = TestServer::start();
    server.get("main/nonsense").expect(404);
    let answer = server.send("POST", "main/v1/ping", &[], b"").expect(405);
    assert!(!answer.text().contains('<'), "{}", answer.text());
    let page = server
        .get("-/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
        .expect(200);
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    assert!(page.headers["content-security-policy"].contains("default-src 'none'"));
}
