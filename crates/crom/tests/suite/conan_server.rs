//! The reference's package server, where `CROM_CONAN_SERVER` names a Python that has it.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The one user of the servers.
pub const USER: &str = "demo";
/// Of [`USER`].
pub const PASSWORD: &str = "secret-word";

/// A server on the loopback with a folder of its own; it ends with the value.
pub struct ConanServer {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl ConanServer {
    /// Starts one whose packages anybody may read and [`USER`] may write; none where there is no
    /// `CROM_CONAN_SERVER`, which is said.
    pub fn start() -> Option<Self> {
        Self::start_for("*")
    }

    /// Starts one that only `readers` may read.
    pub fn start_for(readers: &str) -> Option<Self> {
        let Some(python) = std::env::var_os("CROM_CONAN_SERVER") else {
            eprintln!("not tested: CROM_CONAN_SERVER doesn't name a Python with conan-server");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        configure(folder.path(), port, readers);
        // `conan_server` listens on all interfaces.
        let program = "import sys; from conans.server.launcher import ServerLauncher; \
            ServerLauncher(server_dir=sys.argv[1]).server.run(host='127.0.0.1', quiet=True)";
        let process = Command::new(python)
            .args(["-c", program])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let server = Self {
            process,
            port,
            _folder: folder,
        };
        server.wait();
        Some(server)
    }

    /// To be configured as a remote.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait(&self) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "conan-server doesn't answer"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for ConanServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Free now; nobody else takes it within the second that the server needs.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn configure(folder: &Path, port: u16, readers: &str) {
    let text = format!(
        "[server]\njwt_secret: abcdefghijklmnopqrstuvwxyz012345\njwt_expire_minutes: 120\n\
         ssl_enabled: False\nport: {port}\npublic_port:\nhost_name: 127.0.0.1\n\
         authorize_timeout: 1800\ndisk_storage_path: ./data\ndisk_authorize_timeout: 1800\n\
         updown_secret: abcdefghijklmnopqrstuvwxyz012345\n\
         [write_permissions]\n*/*@*/*: {USER}\n[read_permissions]\n*/*@*/*: {readers}\n\
         [users]\n{USER}: {PASSWORD}\n"
    );
    std::fs::write(folder.join("server.conf"), text).expect("a configuration");
}
