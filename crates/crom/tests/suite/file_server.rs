//! Files of a folder by HTTP, for tests of downloads.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

/// Serves the files of a folder on a port of its own until the test ends. What isn't there is 404.
pub fn serve(folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let folder = folder.to_path_buf();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, &folder);
        }
    });
    format!("http://127.0.0.1:{port}")
}

fn answer(mut stream: TcpStream, folder: &Path) {
    let Ok(reading) = stream.try_clone() else {
        return;
    };
    let mut lines = BufReader::new(reading).lines().map_while(Result::ok);
    let request = lines.next().unwrap_or_default();
    // The head ends with an empty line.
    let _ = lines.by_ref().take_while(|line| !line.is_empty()).count();
    let mut words = request.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let path = words.next().unwrap_or_default().trim_start_matches('/');
    let file: PathBuf = folder.join(path);
    let (status, body) = match std::fs::read(file) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let body = if method == "HEAD" { Vec::new() } else { body };
    // A client that has gone needs no answer.
    let _ = stream.write_all(&[head.into_bytes(), body].concat());
}
