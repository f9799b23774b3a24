//! Parts that fail and come back, and processes that are killed.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crom_server::{Action, AdminRequest, CancellationToken, Config, Grant, Running, Server};
use pretty_assertions::assert_eq;
use rand::Rng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{PASSWORD, TestServer, basic, folder};
use crate::package::{TestBinary, TestRecipe};

/// Set for the process that [`child_server`] turns into a server.
const CHILD: &str = "CROM_SERVER_TEST_CHILD";

/// Of a slow [`Gate`].
const SLOWNESS: Duration = Duration::from_secs(1);

#[test]
fn health_tells_what_is_there() {
    let server = TestServer::start();
    let health = server.get("health").expect(200).json();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["database"], "ok");
    assert_eq!(health["storage"], "ok");
}

/// Only where blobs are in a folder.
#[test]
fn a_store_that_is_away_is_a_clear_error_and_comes_back() {
    if std::env::var("CROM_SERVER_TEST_S3").is_ok() {
        return;
    }
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let blobs = server.data.path().join("blobs");
    let away = server.data.path().join("away");
    crom_fs::rename(&blobs, &away).expect("is moved");
    crom_fs::write(&blobs, "no folder").expect("is written");
    let path = format!("main/{}/files/conanfile.py", recipe.path());
    let answer = server.get(&path).expect(503);
    assert!(
        answer.text().contains("blob store is not available"),
        "{}",
        answer.text()
    );
    let log = format!("main/{}/files/metadata/log", recipe.path());
    server.put(&ann, &log, b"x").expect(503);
    crom_fs::remove_file(&blobs).expect("is removed");
    crom_fs::rename(&away, &blobs).expect("is moved back");
    server.get(&path).expect(200);
    server.get(&log).expect(404);
    server.put(&ann, &log, b"x").expect(201);
    server.get(&log).expect(200);
}

#[test]
fn a_database_that_goes_away_is_a_clear_error_and_comes_back() {
    let Ok(postgres) = std::env::var("CROM_SERVER_TEST_POSTGRES") else {
        eprintln!("skipped: CROM_SERVER_TEST_POSTGRES is not set");
        return;
    };
    let gate = Gate::before(address_in(&postgres));
    let server = TestServer::start_with(|config| {
        let url = config.database.url.clone().expect("a URL");
        config.database.url = Some(url.replace(address_in(&url), &gate.address));
    });
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let latest = format!("main/{}/latest", recipe.line());
    gate.set(GateMode::Closed);
    let answer = server.get(&latest).expect(503);
    assert!(
        answer.text().contains("database is not available"),
        "{}",
        answer.text()
    );
    server.get("health").expect(503);
    gate.set(GateMode::Open);
    server.get(&latest).expect(200);
    server
        .put(
            &ann,
            &format!("main/{}/files/metadata/log", recipe.path()),
            b"x",
        )
        .expect(201);
}

#[test]
fn a_bucket_that_answers_500_is_a_clear_error_and_comes_back() {
    let Ok(s3) = std::env::var("CROM_SERVER_TEST_S3") else {
        eprintln!("skipped: CROM_SERVER_TEST_S3 is not set");
        return;
    };
    let gate = Gate::before(address_in(&s3));
    let endpoint = format!("http://{}", gate.address);
    let server = TestServer::start_with(|config| {
        config
            .storage
            .options
            .insert("aws_endpoint".to_owned(), endpoint.clone());
    });
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let path = format!("main/{}/files/conanfile.py", recipe.path());
    let log = format!("main/{}/files/metadata/log", recipe.path());
    gate.set(GateMode::Error500);
    server.put(&ann, &log, b"x").expect(503);
    let answer = server.get(&path).expect(503);
    assert!(
        answer.text().contains("blob store is not available"),
        "{}",
        answer.text()
    );
    server.get("health").expect(503);
    gate.set(GateMode::Open);
    server.get(&path).expect(200);
    server.get(&log).expect(404);
    server.put(&ann, &log, b"x").expect(201);
}

#[test]
fn a_slow_bucket_is_waited_for_and_one_that_hangs_is_not() {
    let Ok(s3) = std::env::var("CROM_SERVER_TEST_S3") else {
        eprintln!("skipped: CROM_SERVER_TEST_S3 is not set");
        return;
    };
    let gate = Gate::before(address_in(&s3));
    let endpoint = format!("http://{}", gate.address);
    let server = TestServer::start_with(|config| {
        config.limits.idle_timeout = 2;
        config
            .storage
            .options
            .insert("aws_endpoint".to_owned(), endpoint.clone());
    });
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let path = format!("main/{}/files/conanfile.py", recipe.path());
    let log = format!("main/{}/files/metadata/log", recipe.path());
    let latest = format!("main/{}/latest", recipe.line());

    gate.set(GateMode::Slow);
    server.put(&ann, &log, b"slow").expect(201);
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(server.get(&log).expect(200).body, b"slow"));
        // What needs no blob doesn't wait for those that do.
        let started = Instant::now();
        server.get(&latest).expect(200);
        assert!(started.elapsed() < SLOWNESS, "{:?}", started.elapsed());
    });

    gate.set(GateMode::Stalled);
    let started = Instant::now();
    let answer = server.get(&path).expect(503);
    assert!(
        answer.text().contains("no answer within 2 s"),
        "{}",
        answer.text()
    );
    assert!(started.elapsed() < Duration::from_secs(10));
    server.get(&latest).expect(200);
    gate.set(GateMode::Open);
    server.get(&path).expect(200);
    server.put(&ann, &log, b"renewed").expect(201);
}

#[test]
fn a_database_that_hangs_is_a_clear_error() {
    let Ok(postgres) = std::env::var("CROM_SERVER_TEST_POSTGRES") else {
        eprintln!("skipped: CROM_SERVER_TEST_POSTGRES is not set");
        return;
    };
    let gate = Gate::before(address_in(&postgres));
    let server = TestServer::start_with(|config| {
        config.limits.idle_timeout = 2;
        let url = config.database.url.clone().expect("a URL");
        config.database.url = Some(url.replace(address_in(&url), &gate.address));
    });
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    recipe.upload(&server, &ann, "main");
    let latest = format!("main/{}/latest", recipe.line());
    gate.set(GateMode::Stalled);
    let answer = server.get(&latest).expect(503);
    assert!(
        answer.text().contains("try again later"),
        "{}",
        answer.text()
    );
    gate.set(GateMode::Open);
    server.get(&latest).expect(200);
}

/// Not a test: the process that [`a_killed_server_loses_nothing`] starts and kills.
#[test]
fn child_server() {
    let Ok(data) = std::env::var(CHILD) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async move {
        let server = Server::open(config_of(&data)).await.expect("opens");
        let running = Running::bind(server).await.expect("binds");
        let address = running.address().to_string();
        crom_fs::write_atomic(format!("{data}/address"), address).expect("is written");
        running
            .serve(CancellationToken::new())
            .await
            .expect("serves");
    });
}

/// The number of kills is `CROM_SERVER_TEST_KILLS`, 8 by default.
#[test]
fn a_killed_server_loses_nothing() {
    let kills =
        std::env::var("CROM_SERVER_TEST_KILLS").map_or(8, |text| text.parse().expect("a number"));
    let scratch = folder();
    let data = scratch.path().to_str().expect("UTF-8").to_owned();
    set_up(&data);
    let mut child = KilledServer::start(&data);
    let (next, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let uploads = 200;
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    // Once all are uploaded, they are uploaded again until the last kill.
                    if number >= uploads && done.load(Ordering::SeqCst) {
                        return;
                    }
                    upload_until_it_succeeds(&data, number % uploads);
                }
            });
        }
        for _ in 0..kills {
            let wait = rand::thread_rng().gen_range(30..700);
            std::thread::sleep(Duration::from_millis(wait));
            child.restart();
            check_what_is_visible(&data);
        }
        done.store(true, Ordering::SeqCst);
    });
    for number in 0..uploads {
        let recipe = TestRecipe::new(&format!("pkg{number}/1.0"), "content");
        try_get(&data, &format!("main/{}/latest", recipe.line())).expect("is there");
    }
    check_what_is_visible(&data);
    drop(child);
    let report = tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(async {
            let server = Server::open(config_of(&data)).await.expect("opens");
            server.verify().await.expect("reads everything")
        });
    assert!(report.is_good(), "{report:?}");
    assert!(report.blobs >= 400, "{report:?}");
}

fn config_of(data: &str) -> Config {
    Config {
        data: data.into(),
        listen: "127.0.0.1:0".to_owned(),
        ..Config::default()
    }
}

fn set_up(data: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let server = Server::open(config_of(data)).await.expect("opens");
        server.set_up().await.expect("is set up");
        let user = AdminRequest::UserAdd {
            name: "ann".to_owned(),
            password: Some(PASSWORD.to_owned()),
            admin: false,
        };
        let grant = AdminRequest::GrantAdd {
            principal: "ann".to_owned(),
            grant: Grant {
                repository: "main".to_owned(),
                action: Action::Write,
                pattern: "*".to_owned(),
            },
        };
        for request in [user, grant] {
            server.administrate(&request).await.expect("works");
        }
        server.close().await;
    });
}

/// A server in a process of its own, killed with SIGKILL.
struct KilledServer {
    data: String,
    child: Child,
}

impl KilledServer {
    fn start(data: &str) -> Self {
        let child = Command::new(std::env::current_exe().expect("this program"))
            .args(["faults::child_server", "--exact", "--nocapture"])
            .env(CHILD, data)
            .stdout(Stdio::null())
            .spawn()
            .expect("a process starts");
        Self {
            data: data.to_owned(),
            child,
        }
    }

    fn restart(&mut self) {
        self.kill();
        *self = Self::start(&self.data);
    }

    fn kill(&mut self) {
        self.child.kill().expect("is killed");
        self.child.wait().expect("has ended");
    }
}

impl Drop for KilledServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn upload_until_it_succeeds(data: &str, number: usize) {
    let recipe = TestRecipe::new(&format!("pkg{number}/1.0"), "content");
    let binary = TestBinary::new('a', &format!("header {number}"));
    let recipe_files = recipe.files.iter().map(|file| (recipe.path(), file));
    let binary_files = binary.files.iter().map(|file| (binary.path(&recipe), file));
    let started = Instant::now();
    for (path, (name, content)) in recipe_files.chain(binary_files) {
        while try_put(data, &format!("main/{path}/files/{name}"), content).is_none() {
            assert!(
                started.elapsed() < Duration::from_secs(120),
                "{path} never arrives"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// What is visible is complete, and every file of it is right.
fn check_what_is_visible(data: &str) {
    let started = Instant::now();
    let found = loop {
        if let Some(found) = try_get(data, "main/v2/conans/search?q=*") {
            break found;
        }
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "the server comes back"
        );
        std::thread::sleep(Duration::from_millis(20));
    };
    let found: serde_json::Value = serde_json::from_slice(&found).expect("JSON");
    for reference in found["results"].as_array().expect("a list").iter().take(40) {
        let reference = reference.as_str().expect("a reference");
        let recipe = TestRecipe::new(reference, "content");
        for (name, content) in &recipe.files {
            let body = try_get(data, &format!("main/{}/files/{name}", recipe.path()));
            assert_eq!(body.as_ref(), Some(content), "{reference} {name}");
        }
    }
}

fn url(data: &str, path: &str) -> Option<String> {
    let address = crom_fs::read_text(format!("{data}/address")).ok()?;
    Some(format!("http://{address}/{path}"))
}

fn try_get(data: &str, path: &str) -> Option<Vec<u8>> {
    let mut response = ureq::get(url(data, path)?).call().ok()?;
    response.body_mut().read_to_vec().ok()
}

fn try_put(data: &str, path: &str, content: &[u8]) -> Option<()> {
    let answer = ureq::put(url(data, path)?)
        .header("authorization", basic("ann", PASSWORD))
        .config()
        .timeout_global(Some(Duration::from_secs(20)))
        .http_status_as_error(false)
        .build()
        .send(content)
        .ok()?;
    let status = answer.status().as_u16();
    assert!(matches!(status, 200 | 201 | 503), "{path}: {status}");
    (status != 503).then_some(())
}

/// `host:port` of a URL.
fn address_in(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('/').next().unwrap_or(rest);
    rest.rsplit('@').next().unwrap_or(rest)
}

/// What a [`Gate`] does with connections.
#[derive(Clone, Copy, PartialEq)]
enum GateMode {
    Open,
    Closed,
    Error500,
    /// Each connection begins [`SLOWNESS`] late.
    Slow,
    /// Connections are taken, and nothing is answered.
    Stalled,
}

/// Stands before a server and can be closed.
struct Gate {
    address: String,
    mode: Arc<AtomicU8>,
}

impl Gate {
    fn before(target: &str) -> Self {
        let target = target.to_owned();
        let mode = Arc::new(AtomicU8::new(GateMode::Open as u8));
        let shared = Arc::clone(&mode);
        let (sender, receiver) = std::sync::mpsc::channel();
        // It ends with the test process.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
                let address = listener.local_addr().expect("an address").to_string();
                sender.send(address).expect("the test waits");
                loop {
                    let (client, _) = listener.accept().await.expect("accepts");
                    tokio::spawn(pass(client, target.clone(), Arc::clone(&shared)));
                }
            });
        });
        Self {
            address: receiver.recv().expect("the gate stands"),
            mode,
        }
    }

    fn set(&self, mode: GateMode) {
        self.mode.store(mode as u8, Ordering::SeqCst);
        // Connections that are open notice.
        std::thread::sleep(Duration::from_millis(300));
    }
}

async fn pass(mut client: TcpStream, target: String, mode: Arc<AtomicU8>) {
    let began = mode.load(Ordering::SeqCst);
    if began == GateMode::Closed as u8 {
        return;
    }
    if began == GateMode::Error500 as u8 {
        let mut buffer = [0; 65536];
        let _ = client.read(&mut buffer).await;
        let answer =
            "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let _ = client.write_all(answer.as_bytes()).await;
        return;
    }
    if began == GateMode::Slow as u8 {
        tokio::time::sleep(SLOWNESS).await;
    }
    let Ok(mut server) = TcpStream::connect(&target).await else {
        return;
    };
    let changed = async {
        while mode.load(Ordering::SeqCst) == began {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    if began == GateMode::Stalled as u8 {
        return changed.await;
    }
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        () = changed => {}
    }
}
