//! A server of a few lines, which answers as a test wants it.
#![allow(
    dead_code,
    missing_docs,
    reason = "shared by several tests, none of which uses all of it"
)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crom_model::reporter::{Level, Reporter, Style};
use crom_remote::{
    Credentials, HttpConf, Login, Logins, RemoteError, ServerRemote, ServerSetup, TransferConf,
};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// `GET /path`
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// An answer as it is sent.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The connection ends after this many bytes of the body.
    pub cut: Option<usize>,
    /// Before the first byte.
    pub delay: Duration,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            cut: None,
            delay: Duration::ZERO,
        }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn cut_at(mut self, length: usize) -> Self {
        self.cut = Some(length);
        self
    }
}

/// The answer to a ping of a server that knows revisions.
pub fn pong() -> Answer {
    Answer::new(200, "").with("X-Conan-Server-Capabilities", "revisions")
}

/// Runs until the process ends.
pub struct Server {
    pub url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &kept, &*answer));
            }
        });
        Self { url, seen }
    }

    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// `GET /path` of all requests but pings.
    pub fn lines(&self) -> Vec<String> {
        let lines = self.seen().iter().map(Request::line).collect::<Vec<_>>();
        lines
            .into_iter()
            .filter(|line| !line.ends_with("/v1/ping"))
            .collect()
    }
}

fn serve(stream: TcpStream, seen: &Mutex<Vec<Request>>, answer: &dyn Fn(&Request) -> Answer) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    while let Some(request) = read(&mut reader) {
        seen.lock().unwrap().push(request.clone());
        let answer = answer(&request);
        std::thread::sleep(answer.delay);
        let mut head = format!("HTTP/1.1 {} X\r\n", answer.status);
        for (name, value) in &answer.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", answer.body.len()));
        if stream.write_all(head.as_bytes()).is_err() {
            return;
        }
        let sent = answer.cut.unwrap_or(answer.body.len());
        if stream.write_all(&answer.body[..sent]).is_err() || answer.cut.is_some() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .ok()
        .filter(|count| *count > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        path,
        headers,
        body,
    })
}

/// Keeps what is said and knows one user.
#[derive(Debug, Default)]
pub struct World {
    pub said: Mutex<Vec<String>>,
    pub stored: Mutex<Login>,
    pub passwords: Mutex<Vec<(String, String)>>,
    pub asked: bool,
}

impl World {
    pub fn said(&self) -> String {
        self.said.lock().unwrap().join("\n")
    }
}

impl Reporter for World {
    fn message(&self, _level: Level, _style: Style, _scope: &str, text: &str) {
        self.said.lock().unwrap().push(text.to_owned());
    }

    fn raw(&self, _bytes: &[u8]) {}
}

impl Logins for World {
    fn load(&self, _url: &str) -> Result<Login, RemoteError> {
        Ok(self.stored.lock().unwrap().clone())
    }

    fn store(&self, _url: &str, login: &Login) -> Result<(), RemoteError> {
        *self.stored.lock().unwrap() = login.clone();
        Ok(())
    }

    fn credentials(&self, remote: &str, _user: Option<&str>) -> Result<Credentials, RemoteError> {
        match self.passwords.lock().unwrap().pop() {
            Some((user, password)) => Ok(Credentials {
                user,
                password,
                asked: self.asked,
            }),
            None => Err(RemoteError::NoCredentials {
                remote: remote.to_owned(),
                message: "nobody to ask".to_owned(),
            }),
        }
    }
}

/// A client with short waits, whose parts are in this folder.
pub fn client(server: &Server, world: &Arc<World>, parts: &std::path::Path) -> ServerRemote {
    client_with(server, world, parts, |_| {})
}

pub fn client_with(
    server: &Server,
    world: &Arc<World>,
    parts: &std::path::Path,
    change: impl FnOnce(&mut ServerSetup),
) -> ServerRemote {
    let mut setup = ServerSetup {
        verify_ssl: true,
        force_auth: false,
        http: HttpConf {
            max_retries: 2,
            read_timeout: Some(5.0),
            ..HttpConf::default()
        },
        transfer: TransferConf {
            download_threads: 4,
            download_retry: 2,
            download_wait: Duration::from_millis(1),
            download_cache: None,
            upload_threads: 4,
            upload_retry: 1,
            upload_wait: Duration::from_millis(1),
            parts: parts.to_path_buf(),
        },
        logins: Arc::clone(world) as Arc<dyn Logins>,
        reporter: Arc::clone(world) as Arc<dyn Reporter>,
    };
    change(&mut setup);
    ServerRemote::new("srv", &server.url, setup)
}
