//! What is left when a command is ended in the middle of its work: by a signal, or by a full disk.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::home::{PROFILE, Scratch};

/// Writes its process id beside the recipe and then waits, so that a test knows where it is.
const SLOW: &str = r#"
import os
from conan import ConanFile
from conan.tools.files import save

class Slow(ConanFile):
    name = "slow"
    version = "1.0"

    def build(self):
        marker = os.environ.get("SLOW_MARKER")
        if marker:
            self.run(f"echo $$ > '{marker}' && exec sleep 60")

    def package(self):
        save(self, os.path.join(self.package_folder, "file.txt"), "content")
"#;

struct Running {
    child: Child,
    marker: PathBuf,
}

/// Starts a command and waits until the recipe's program runs.
fn start(scratch: &Scratch, arguments: &[&str]) -> Running {
    let marker = scratch.work().join("marker");
    let _ = std::fs::remove_file(&marker);
    let child = Command::new(env!("CARGO_BIN_EXE_crom"))
        .args(arguments)
        .current_dir(scratch.work())
        .env("CONAN_HOME", scratch.home())
        .env("NO_COLOR", "1")
        .env("SLOW_MARKER", &marker)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("crom starts");
    let mut running = Running { child, marker };
    let until = Instant::now() + Duration::from_secs(60);
    while running.program().is_none() {
        assert!(Instant::now() < until, "the recipe's program never ran");
        if let Some(status) = running.child.try_wait().expect("a status") {
            panic!("ended early: {status}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    running
}

impl Running {
    /// The process id of the recipe's program.
    fn program(&self) -> Option<u32> {
        std::fs::read_to_string(&self.marker)
            .ok()?
            .trim()
            .parse()
            .ok()
    }

    fn signal(&self, name: &str) {
        let done = Command::new("kill")
            .args([format!("-{name}"), self.child.id().to_string()])
            .status()
            .expect("kill");
        assert!(done.success());
    }

    /// Exit code and messages.
    fn wait(self) -> (Option<i32>, String) {
        let output = self.child.wait_with_output().expect("an end");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }
}

fn is_running(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    // One that nobody has waited for yet is a zombie.
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

fn ends_soon(process: u32) -> bool {
    let until = Instant::now() + Duration::from_secs(10);
    while is_running(process) {
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

/// The next commands find a home in order.
fn works_again(scratch: &Scratch) {
    let list = scratch.crom("list slow/1.0:*#* -f json").success();
    assert!(list.stdout.contains("\"packages\": {}"), "{list}");
    scratch.crom("cache check-integrity *").success();
    scratch
        .crom("create slow")
        .success()
        .says("Full package reference: slow/1.0");
    scratch.crom("cache check-integrity *").success();
    scratch.crom("install --requires=slow/1.0").success();
}

#[test]
#[cfg(target_os = "linux")]
fn signals_have_exit_codes_and_end_what_recipes_run() {
    for (signal, code, words) in [
        ("INT", 3, "You pressed Ctrl+C!"),
        ("TERM", 5, "Received SIGTERM!"),
    ] {
        let scratch = Scratch::new();
        scratch.write("slow/conanfile.py", SLOW);
        let running = start(&scratch, &["create", "slow"]);
        let program = running.program().expect("it runs");
        running.signal(signal);
        let (ended, said) = running.wait();
        assert_eq!(ended, Some(code), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(
            said.contains(&format!("ERROR: Exiting with code: {code}")),
            "{said}"
        );
        assert!(
            ends_soon(program),
            "the recipe's program goes on after {signal}"
        );
        works_again(&scratch);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_killed_create_or_install_leaves_the_state_before() {
    let scratch = Scratch::new();
    scratch.write("slow/conanfile.py", SLOW);
    scratch.crom("export slow").success();
    for arguments in [
        &["create", "slow"][..],
        &["install", "--requires=slow/1.0", "--build=missing"],
    ] {
        let mut running = start(&scratch, arguments);
        let program = running.program().expect("it runs");
        running.child.kill().expect("killed");
        // It is nobody's child now, and still holds the pipe.
        let _ = Command::new("kill").arg(program.to_string()).status();
        let (ended, _) = running.wait();
        assert_eq!(ended, None);
        // Whoever comes while the other's lock was held isn't kept waiting.
        let list = scratch.crom("list slow/1.0:*#* -f json").success();
        assert!(list.stdout.contains("\"packages\": {}"), "{list}");
        scratch.crom("cache check-integrity *").success();
    }
    works_again(&scratch);
}

const BIG: &str = r#"
import os
from conan import ConanFile
from conan.tools.files import save

class Big(ConanFile):
    name = "big"
    version = "1.0"
    exports_sources = "*.txt"

    def package(self):
        save(self, os.path.join(self.package_folder, "big.txt"), "x" * 3_000_000)
"#;

/// A disk of two megabytes that gets full while a package is made, and larger afterwards.
fn full_disk(home: &Path, crom: &str) -> String {
    format!(
        r#"set -u
mount -t tmpfs -o size=2m tmpfs '{home}' || exit 77
mkdir '{home}/profiles' && printf '%s' "$PROFILE" > '{home}/profiles/default'
printf '{{"remotes": []}}' > '{home}/remotes.json'
'{crom}' create big; echo "first: $?"
mount -o remount,size=60m '{home}'
'{crom}' list 'big/1.0:*#*'; echo "list: $?"
'{crom}' cache check-integrity '*'; echo "check: $?"
'{crom}' create big; echo "second: $?"
'{crom}' cache check-integrity '*'; echo "check again: $?"
"#,
        home = home.display()
    )
}

/// The same where no file may be larger than a megabyte, for machines without namespaces.
fn limited_files(crom: &str) -> String {
    format!(
        r#"set -u
(trap '' XFSZ; ulimit -f 1024; '{crom}' create big); echo "first: $?"
'{crom}' list 'big/1.0:*#*'; echo "list: $?"
'{crom}' cache check-integrity '*'; echo "check: $?"
'{crom}' create big; echo "second: $?"
'{crom}' cache check-integrity '*'; echo "check again: $?"
"#
    )
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_the_state_before() {
    let scratch = Scratch::new();
    scratch.write("big/conanfile.py", BIG);
    let crom = env!("CARGO_BIN_EXE_crom");
    let run = |program: &str, arguments: &[&str]| {
        Command::new(program)
            .args(arguments)
            .current_dir(scratch.work())
            .env("CONAN_HOME", scratch.home())
            .env("NO_COLOR", "1")
            .env("PROFILE", PROFILE)
            .stdin(Stdio::null())
            .output()
    };
    let script = full_disk(&scratch.home(), crom);
    let output = match run("unshare", &["-rm", "sh", "-c", &script]) {
        Ok(output) if !matches!(output.status.code(), Some(77 | 1)) => output,
        _ => run("bash", &["-c", &limited_files(crom)]).expect("a shell"),
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let all = format!("{said}\n{errors}");
    for expected in [
        "first: 1",
        "list: 0",
        "check: 0",
        "second: 0",
        "check again: 0",
    ] {
        assert!(said.contains(expected), "no «{expected}» in\n{all}");
    }
    assert!(
        errors.contains("no space left on device") || errors.contains("file too large"),
        "{all}"
    );
    assert!(!errors.contains("panicked"), "{all}");
}
