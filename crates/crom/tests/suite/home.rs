//! A scratch Conan home with a work folder beside it, and what commands in it print.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The profile that the recorded values of the tests were made with.
pub const PROFILE: &str = "[settings]\nos=Linux\narch=x86_64\ncompiler=gcc\ncompiler.version=12\n\
    compiler.libcxx=libstdc++11\ncompiler.cppstd=gnu17\nbuild_type=Release\n";

/// A home and a work folder that vanish with the value.
pub struct Scratch {
    folder: TempDir,
}

impl Scratch {
    /// With a default profile and no remotes.
    pub fn new() -> Self {
        let scratch = Self::bare();
        scratch.write_home("profiles/default", PROFILE);
        scratch.write_home("remotes.json", "{\n \"remotes\": []\n}");
        scratch
    }

    /// With nothing at all.
    pub fn bare() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("crom-test-")
            .tempdir()
            .expect("a scratch folder");
        std::fs::create_dir_all(folder.path().join("work")).expect("a work folder");
        std::fs::create_dir_all(folder.path().join("home")).expect("a home");
        Self { folder }
    }

    /// The Conan home.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The folder that commands run in.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Writes a file below the work folder.
    pub fn write(&self, path: &str, content: &str) -> PathBuf {
        write(&self.work().join(path), content)
    }

    /// Writes a file below the home.
    pub fn write_home(&self, path: &str, content: &str) -> PathBuf {
        write(&self.home().join(path), content)
    }

    /// Reads a file below the work folder.
    pub fn read(&self, path: &str) -> String {
        let path = self.work().join(path);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Runs Crom with arguments split at spaces, in the work folder.
    #[must_use = "a command may fail"]
    pub fn crom(&self, line: &str) -> Outcome {
        self.crom_in("", line)
    }

    /// Runs Crom in a folder below the work folder.
    #[must_use = "a command may fail"]
    pub fn crom_in(&self, folder: &str, line: &str) -> Outcome {
        self.run(
            Path::new(env!("CARGO_BIN_EXE_crom")),
            folder,
            line.split_whitespace(),
        )
    }

    /// Runs Crom with more environment variables.
    #[must_use = "a command may fail"]
    pub fn crom_with(&self, variables: &[(&str, &str)], line: &str) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crom"));
        command.envs(variables.iter().copied());
        self.run_command(command, "", line.split_whitespace())
    }

    /// Runs any program in a folder below the work folder, with this home.
    #[must_use = "a command may fail"]
    pub fn run(
        &self,
        program: &Path,
        folder: &str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Outcome {
        self.run_command(Command::new(program), folder, arguments)
    }

    /// Starts Crom in a folder below the work folder, with its messages in a pipe.
    pub fn start(&self, folder: &str, line: &str) -> std::process::Child {
        Command::new(env!("CARGO_BIN_EXE_crom"))
            .args(line.split_whitespace())
            .current_dir(self.work().join(folder))
            .env("CONAN_HOME", self.home())
            .env("NO_COLOR", "1")
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("crom starts")
    }

    fn run_command(
        &self,
        mut command: Command,
        folder: &str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Outcome {
        command
            .args(arguments)
            .current_dir(self.work().join(folder));
        for name in [
            "CC",
            "CXX",
            "CFLAGS",
            "CXXFLAGS",
            "LDFLAGS",
            "CONAN_DEFAULT_PROFILE",
        ] {
            command.env_remove(name);
        }
        command
            .env("CONAN_HOME", self.home())
            .env("NO_COLOR", "1")
            .env_remove("CLICOLOR_FORCE");
        let output = command
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
        let text = |bytes: &[u8]| self.hide_paths(&String::from_utf8_lossy(bytes));
        Outcome {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// The parts of a text that differ from run to run, replaced.
    fn hide_paths(&self, text: &str) -> String {
        text.replace(&*self.home().to_string_lossy(), "<HOME>")
            .replace(&*self.work().to_string_lossy(), "<WORK>")
    }
}

fn write(path: &Path, content: &str) -> PathBuf {
    let parent = path.parent().expect("a parent");
    std::fs::create_dir_all(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    std::fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    path.to_path_buf()
}

/// What a command did.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; `None` for a signal.
    pub code: Option<i32>,
    /// Standard output, with home and work folder replaced.
    pub stdout: String,
    /// Standard error, with home and work folder replaced.
    pub stderr: String,
}

impl Outcome {
    /// The command must have ended with 0.
    #[track_caller]
    pub fn success(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    /// The command must have ended with this code.
    #[track_caller]
    pub fn fails_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Standard error must contain this text.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no «{text}» in\n{self}");
        self
    }

    /// Standard error must not contain this text.
    #[track_caller]
    pub fn does_not_say(self, text: &str) -> Self {
        assert!(!self.stderr.contains(text), "«{text}» in\n{self}");
        self
    }

    /// Standard output must contain this text.
    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "no «{text}» in\n{self}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    /// The line of standard error that starts with this text after its indentation.
    #[track_caller]
    pub fn line(&self, start: &str) -> &str {
        self.stderr
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with(start))
            .unwrap_or_else(|| panic!("no line «{start}» in\n{self}"))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "exit code: {:?}", self.code)?;
        writeln!(f, "----- stdout -----\n{}", self.stdout)?;
        write!(f, "----- stderr -----\n{}", self.stderr)
    }
}
