//! Starts servers and speaks to them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use crom_server::{Action, AdminRequest, CancellationToken, Config, Grant, Kind, Running, Server};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

/// Password of all users of tests.
pub const PASSWORD: &str = "correct horse";

/// A server with the repositories `main` (anybody reads) and `private`, and the users `root` (admin),
/// `ann` (writes everywhere), `dan` (also deletes), `bob` (nothing).
pub struct TestServer {
    /// Without repository.
    pub url: String,
    node: Arc<Server>,
    runtime: tokio::runtime::Handle,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
    /// Of the first node.
    pub data: TempDir,
    _other: TempDir,
}

/// Status, headers in lower case, body.
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl TestServer {
    pub fn start() -> Self {
        Self::start_with(|_| {})
    }

    pub fn start_with(adjust: impl Fn(&mut Config)) -> Self {
        let (data, other) = (folder(), folder());
        let backend = Backend::choose();
        let mut configs = vec![backend.config(data.path())];
        if backend.is_shared() {
            configs.push(backend.config(other.path()));
        }
        for config in &mut configs {
            adjust(config);
        }
        let (sender, receiver) = std::sync::mpsc::channel();
        let stop = CancellationToken::new();
        let signal = stop.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime");
            let handle = runtime.handle().clone();
            runtime.block_on(async move {
                let (node, address, servings) = run_nodes(configs, &signal).await;
                sender
                    .send((node, address, handle))
                    .expect("the test waits");
                for serving in servings {
                    serving.await.expect("no panic").expect("serves");
                }
            });
        });
        let (node, address, runtime) = receiver.recv().expect("the server starts");
        let server = Self {
            url: format!("http://{address}"),
            node,
            runtime,
            stop,
            thread: Some(thread),
            data,
            _other: other,
        };
        server.populate();
        server
    }

    fn populate(&self) {
        for (name, admin) in [
            ("root", true),
            ("ann", false),
            ("dan", false),
            ("bob", false),
        ] {
            self.admin(AdminRequest::UserAdd {
                name: name.to_owned(),
                password: Some(PASSWORD.to_owned()),
                admin,
            });
        }
        self.add_repository("main", true);
        self.add_repository("private", false);
        self.grant("ann", "*", Action::Write);
        self.grant("dan", "*", Action::Write);
        self.grant("dan", "*", Action::Delete);
    }

    pub fn add_repository(&self, name: &str, anonymous_read: bool) {
        self.admin(repository(name, Kind::Hosted, anonymous_read));
    }

    pub fn grant(&self, user: &str, repository: &str, action: Action) {
        self.admin(AdminRequest::GrantAdd {
            principal: user.to_owned(),
            grant: Grant {
                repository: repository.to_owned(),
                action,
                pattern: "*".to_owned(),
            },
        });
    }

    /// Runs a command as whoever has the data folder.
    pub fn admin(&self, request: AdminRequest) -> Value {
        self.try_admin(request).expect("the command works")
    }

    pub fn try_admin(&self, request: AdminRequest) -> Result<Value, crom_server::Error> {
        let node = Arc::clone(&self.node);
        self.runtime
            .block_on(async move { node.administrate(&request).await })
    }

    /// Logs in to `main`; the header to send.
    pub fn login(&self, user: &str) -> String {
        let answer = self.send(
            "GET",
            "main/v2/users/authenticate",
            &[("authorization", &basic(user, PASSWORD))],
            b"",
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
        format!("Bearer {}", answer.text())
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn get_as(&self, token: &str, path: &str) -> Answer {
        self.send("GET", path, &[("authorization", token)], b"")
    }

    pub fn delete(&self, token: &str, path: &str) -> Answer {
        self.send("DELETE", path, &[("authorization", token)], b"")
    }

    pub fn put(&self, token: &str, path: &str, body: &[u8]) -> Answer {
        self.send("PUT", path, &[("authorization", token)], body)
    }

    pub fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.send(
            "POST",
            path,
            &[("authorization", token)],
            body.to_string().as_bytes(),
        )
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        send(&format!("{}/{path}", self.url), method, headers, body)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            let outcome = thread.join();
            if !std::thread::panicking() {
                outcome.expect("the server ends well");
            }
        }
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// One request on one connection.
pub fn send(url: &str, method: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = if matches!(method, "PUT" | "POST") {
        agent.run(request.body(body).expect("is a request"))
    } else {
        agent.run(request.body(()).expect("is a request"))
    };
    let mut response = response.unwrap_or_else(|error| panic!("{method} {url}: {error}"));
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
        .collect();
    Answer {
        status: response.status().as_u16(),
        headers,
        body: response
            .body_mut()
            .with_config()
            .limit(1 << 32)
            .read_to_vec()
            .expect("a body"),
    }
}

pub fn basic(user: &str, password: &str) -> String {
    use base64::Engine;
    let engine = base64::engine::general_purpose::STANDARD;
    format!("Basic {}", engine.encode(format!("{user}:{password}")))
}

pub fn repository(name: &str, kind: Kind, anonymous_read: bool) -> AdminRequest {
    AdminRequest::RepoAdd {
        name: name.to_owned(),
        kind,
        anonymous_read,
        upstream: None,
        upstream_user: None,
        upstream_password: None,
        members: Vec::new(),
    }
}

pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// What a test's servers store in.
enum Backend {
    Local,
    Shared {
        database: String,
        s3: String,
        prefix: String,
    },
}

impl Backend {
    fn choose() -> Self {
        let (Ok(postgres), Ok(s3)) = (
            std::env::var("CROM_SERVER_TEST_POSTGRES"),
            std::env::var("CROM_SERVER_TEST_S3"),
        ) else {
            return Self::Local;
        };
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("crom_test_{}_{number}", std::process::id());
        create_database(&postgres, &name);
        Self::Shared {
            database: format!("{}/{name}", postgres.trim_end_matches('/')),
            s3,
            prefix: name,
        }
    }

    fn is_shared(&self) -> bool {
        matches!(self, Self::Shared { .. })
    }

    fn config(&self, data: &Path) -> Config {
        let mut config = Config {
            data: data.to_path_buf(),
            listen: "127.0.0.1:0".to_owned(),
            ..Config::default()
        };
        config.maintenance.gc_hours = 0;
        config.proxy.fresh_seconds = 0;
        if let Self::Shared {
            database,
            s3,
            prefix,
        } = self
        {
            config.database.url = Some(database.clone());
            config.database.connections = 5;
            config.storage.url = Some(format!("s3://crom/{prefix}"));
            for (name, value) in [
                ("aws_endpoint", s3.as_str()),
                ("aws_region", "us-east-1"),
                ("aws_access_key_id", "test-access"),
                ("aws_secret_access_key", "test-secret"),
                ("aws_allow_http", "true"),
            ] {
                config
                    .storage
                    .options
                    .insert(name.to_owned(), value.to_owned());
            }
        }
        config
    }
}

fn create_database(postgres: &str, name: &str) {
    use sqlx::Connection;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let url = format!("{}/postgres", postgres.trim_end_matches('/'));
        let mut connection = sqlx::PgConnection::connect(&url)
            .await
            .expect("PostgreSQL answers");
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut connection)
            .await
            .expect("a database is created");
    });
}

type Serving = tokio::task::JoinHandle<Result<(), crom_server::Error>>;

/// The first node, the address to use, and what runs.
async fn run_nodes(
    configs: Vec<Config>,
    stop: &CancellationToken,
) -> (Arc<Server>, SocketAddr, Vec<Serving>) {
    let (mut nodes, mut addresses, mut servings) = (Vec::new(), Vec::new(), Vec::new());
    for config in configs {
        let server = Server::open(config).await.expect("opens");
        let running = Running::bind(server).await.expect("binds");
        nodes.push(running.server());
        addresses.push(running.address());
        servings.push(tokio::spawn(running.serve(stop.clone())));
    }
    let address = match addresses.as_slice() {
        [only] => *only,
        _ => balance(addresses, stop.clone()).await,
    };
    (nodes.remove(0), address, servings)
}

/// Spreads connections over nodes.
async fn balance(nodes: Vec<SocketAddr>, stop: CancellationToken) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        for turn in 0.. {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = stop.cancelled() => return,
            };
            let Ok((mut client, _)) = accepted else {
                return;
            };
            let node = nodes[turn % nodes.len()];
            tokio::spawn(async move {
                if let Ok(mut node) = TcpStream::connect(node).await {
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut node).await;
                }
            });
        }
    });
    address
}
