//! Downloads from a small server in the test.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crom_model::reporter::Silent;
use crom_tools::net::{DownloadInput, GetInput, NetConfig, download, get, probe};
use serde_json::json;

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// The requests so far, heads as text, and the address.
fn server() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let requests = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = String::new();
            for line in BufReader::new(stream.try_clone().unwrap()).lines() {
                let line = line.unwrap();
                if line.is_empty() {
                    break;
                }
                head.push_str(&line);
                head.push('\n');
            }
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let is_get = head.starts_with("GET");
            requests.lock().unwrap().push(head);
            let answer = match path.as_str() {
                "/get-only" if !is_get => "405 No\r\nContent-Length: 0\r\n\r\n".into(),
                "/get-only" => "206 Part\r\nContent-Length: 1\r\n\r\nh".into(),
                "/a.txt" => "200 OK\r\nContent-Length: 5\r\n\r\nhello".to_owned(),
                "/redirect" => "302 Found\r\nLocation: /a.txt\r\nContent-Length: 0\r\n\r\n".into(),
                "/short" => "200 OK\r\nContent-Length: 50\r\n\r\nhello".into(),
                "/500" => "500 Oops\r\nContent-Length: 0\r\n\r\n".into(),
                "/403" => "403 Forbidden\r\nContent-Length: 0\r\n\r\n".into(),
                backup if backup == format!("/backup/{HELLO}") => {
                    "200 OK\r\nContent-Length: 5\r\n\r\nhello".into()
                }
                backup if backup == format!("/backup/{HELLO}.json") => {
                    let text = r#"{"references": {"x/1": ["u"]}, "timestamp": 5}"#;
                    format!("200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len())
                }
                _ => "404 Not Found\r\nContent-Length: 0\r\n\r\n".into(),
            };
            let answer = answer.replacen("\r\n", "\r\nConnection: close\r\n", 1);
            stream
                .write_all(format!("HTTP/1.1 {answer}").as_bytes())
                .unwrap();
        }
    });
    (address, seen)
}

fn run(arguments: serde_json::Value, net: &NetConfig, target: &Path) -> Result<String, String> {
    let mut arguments = arguments;
    arguments["filename"] = json!(target);
    arguments["retry_wait"] = json!(0);
    let input: DownloadInput = serde_json::from_value(arguments).unwrap();
    download(&input, net, &Silent, "").map_err(|error| error.to_string())?;
    Ok(crom_fs::read_text(target).unwrap())
}

#[test]
fn mirrors_sums_retries_and_errors() {
    let (address, seen) = server();
    let url = |path: &str| format!("http://{address}{path}");
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("sub/out.bin");
    let net = NetConfig::default();
    let get = |arguments| run(arguments, &net, &target);
    let hello = Ok("hello".to_owned());
    assert_eq!(get(json!({"url": url("/a.txt"), "sha256": HELLO})), hello);
    assert_eq!(get(json!({"url": url("/redirect")})), hello);
    assert_eq!(get(json!({"url": [url("/no"), url("/a.txt")]})), hello);
    assert_eq!(
        get(json!({"url": url("/a.txt"), "md5": "00"})).unwrap_err(),
        "md5 hash failed for 'out.bin' file. \n Provided hash: 00  \n Computed hash: \
         5d41402abc4b2a76b9719d911017c592"
    );
    for (path, expected) in [
        ("/no", format!("Not found: {}", url("/no"))),
        ("/403", "403: Forbidden".to_owned()),
        (
            "/500",
            format!("Error 500 downloading file {}", url("/500")),
        ),
        (
            "/short",
            "Download failed, check server, possibly try again".to_owned(),
        ),
    ] {
        let error = get(json!({"url": url(path), "retry": 1})).unwrap_err();
        assert!(error.starts_with(&expected), "{error}");
    }
    let count = |path: &str| {
        seen.lock()
            .unwrap()
            .iter()
            .filter(|head| head.contains(&format!("GET {path} ")))
            .count()
    };
    assert_eq!((count("/500"), count("/short"), count("/403")), (2, 2, 1));
    let error = get(json!({"url": "ftp://x/y"})).unwrap_err();
    assert!(
        error.contains("No connection adapters were found"),
        "{error}"
    );
    assert_eq!(crom_fs::list(dir.path().join("sub")).unwrap(), ["out.bin"]);
}

#[test]
fn credentials_are_sent_and_not_shown() {
    let (address, seen) = server();
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("x");
    let net = NetConfig::default();
    let url = format!("http://us:pw@{address}/no");
    let error = run(json!({"url": url}), &net, &target).unwrap_err();
    assert_eq!(error, format!("Not found: http://<hidden>@{address}/no"));
    let plain = format!("http://{address}/a.txt");
    let more = json!({"url": plain, "auth": ["u", "p"], "headers": {"X-A": "b"}});
    run(more, &net, &target).unwrap();
    let net: NetConfig = serde_json::from_value(
        json!({"source_credentials": [{"url": format!("http://{address}/"), "token": "T"}]}),
    )
    .unwrap();
    run(json!({"url": plain}), &net, &target).unwrap();
    let heads: Vec<String> = seen
        .lock()
        .unwrap()
        .iter()
        .map(|it| it.to_lowercase())
        .collect();
    assert!(
        heads[0].contains("authorization: basic dxm6chc="),
        "{}",
        heads[0]
    );
    assert!(heads[1].contains("authorization: basic dtpw") && heads[1].contains("x-a: b"));
    assert!(heads[2].contains("authorization: bearer t"));
}

#[test]
fn cache_of_sources_and_backups() {
    let (address, seen) = server();
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("x");
    let net = |urls: serde_json::Value, name: &str| -> NetConfig {
        serde_json::from_value(json!({
            "download_cache": dir.path().join(name), "download_urls": urls, "reference": "p/1",
        }))
        .unwrap()
    };
    let url = format!("http://{address}/a.txt");
    let arguments = json!({"url": url, "sha256": HELLO, "retry": 0});
    let plain = net(json!([]), "one");
    run(arguments.clone(), &plain, &target).unwrap();
    run(arguments.clone(), &plain, &target).unwrap();
    assert_eq!(seen.lock().unwrap().len(), 1);
    let cached = dir.path().join("one/s").join(HELLO);
    assert_eq!(crom_fs::read_text(&cached).unwrap(), "hello");
    let summary = crom_fs::read_text(cached.with_extension("json")).unwrap();
    assert!(
        summary.starts_with(&format!(
            r#"{{"references": {{"p/1": ["{url}"]}}, "timestamp": "#
        )),
        "{summary}"
    );
    assert_eq!(
        crom_fs::list(dir.path().join("one/locks")).unwrap(),
        [HELLO]
    );

    let gone = json!({"url": format!("http://{address}/gone"), "sha256": HELLO, "retry": 0});
    let backup = net(json!(["origin", format!("http://{address}/backup")]), "two");
    assert_eq!(run(gone, &backup, &target).unwrap(), "hello");
    let summary =
        crom_fs::read_text(dir.path().join("two/s").join(format!("{HELLO}.json"))).unwrap();
    assert_eq!(
        summary,
        format!(
            r#"{{"references": {{"x/1": ["u"], "p/1": ["http://{address}/gone"]}}, "timestamp": 5}}"#
        )
    );
    let asked = seen.lock().unwrap().join("\n").to_lowercase();
    assert!(asked.contains("x-conan-origin-urls: [\"http://"), "{asked}");
}

#[test]
fn get_unpacks_and_removes_the_archive() {
    use crom_fs::archive::{PackEntry, PackOptions, pack};
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("src/x.tgz");
    crom_fs::create_dir_all(dir.path().join("src")).unwrap();
    pack(
        &archive,
        &[PackEntry::bytes("root/a.txt", "1")],
        PackOptions::default(),
    )
    .unwrap();
    let out = dir.path().join("out");
    crom_fs::create_dir_all(&out).unwrap();
    let input: GetInput = serde_json::from_value(json!({
        "url": format!("file://{}", archive.display()), "filename": out, "destination": out,
        "strip_root": true, "sha256": crom_fs::digest::sha256(&archive).unwrap(),
    }))
    .unwrap();
    get(&input, &NetConfig::default(), &Silent, "").unwrap();
    assert_eq!(crom_fs::list(&out).unwrap(), ["a.txt"]);
    let unnamed: GetInput =
        serde_json::from_value(json!({"url": "http://h/x?file=a.tgz", "filename": out})).unwrap();
    let error = get(&unnamed, &NetConfig::default(), &Silent, "")
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("Cannot deduce file name from the url"),
        "{error}"
    );
}

#[test]
fn addresses_that_answer() {
    let (address, seen) = server();
    let ask = |path: &str| {
        let url = format!("http://{address}{path}");
        probe(&url, &NetConfig::default()).map_err(|error| error.to_string())
    };
    assert_eq!(ask("/a.txt"), Ok(()));
    assert_eq!(ask("/redirect"), Ok(()));
    assert_eq!(ask("/get-only"), Ok(()));
    assert!(ask("/no").unwrap_err().starts_with("Not found: http://"));
    assert!(ask("/403").unwrap_err().starts_with("Error 403"));
    assert!(ask("/500").unwrap_err().starts_with("Error 500"));
    assert!(
        seen.lock().unwrap()[0].starts_with("HEAD "),
        "nothing is downloaded"
    );
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x");
    let url = format!("file://{}", file.display());
    let net = NetConfig::default();
    assert!(probe(&url, &net).is_err());
    crom_fs::write(&file, "x").unwrap();
    assert!(probe(&url, &net).is_ok());
    assert!(probe("ftp://a/b", &net).is_err());
}
