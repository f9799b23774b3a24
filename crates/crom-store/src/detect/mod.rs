//! What machine this is and which compilers are on it: `profile detect` and `detect_api`.

mod compiler;
mod defaults;
mod libcxx;
mod machine;
mod msvc;

use crom_model::reporter::{Level, Reporter, Style};

use crate::variables::Variables;

pub use compiler::Compiler;
pub use crom_model::cppstd::{default_cppstd, default_cstd};
pub use defaults::{default_compiler_version, detect_cppstd};
pub use machine::{detect_arch, detect_os};
pub use msvc::{default_msvc_ide_version, default_msvc_runtime};

/// Runs programs to ask them what they are. Tests give answers of their own.
pub trait Programs: Send + Sync {
    /// Exit code and what was printed on stdout and stderr together; none when the program can't be
    /// started. `command` is a command line that may start with a quoted path.
    fn run(&self, command: &str, arguments: &[&str], input: &str) -> Option<(i32, String)>;
}

/// The programs of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct InstalledPrograms;

impl Programs for InstalledPrograms {
    fn run(&self, command: &str, arguments: &[&str], input: &str) -> Option<(i32, String)> {
        use std::io::Write;
        use std::process::{Command, Stdio};

        let mut words = split_command(command).into_iter();
        let mut child = Command::new(words.next()?)
            .args(words)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that doesn't read its input closes it early: that isn't an error.
            let _ = stdin.write_all(input.as_bytes());
        }
        let output = child.wait_with_output().ok()?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Some((output.status.code().unwrap_or(-1), text))
    }
}

/// The words of a command line: blanks separate, double quotes hold together.
fn split_command(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut quoted, mut any) = (false, false);
    for c in command.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                any = true;
            }
            c if c.is_whitespace() && !quoted => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            c => word.push(c),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Everything that detection needs from outside.
pub struct Detector<'a> {
    /// `CC`, `CXX`, `PATH`-independent settings of the user.
    pub variables: &'a Variables,
    /// Where the messages go.
    pub reporter: &'a dyn Reporter,
    /// What can be run.
    pub programs: &'a dyn Programs,
}

/// The scope of all messages.
const SCOPE: &str = "detect_api";

impl<'a> Detector<'a> {
    /// Detection on this machine.
    pub fn new(variables: &'a Variables, reporter: &'a dyn Reporter) -> Self {
        Self {
            variables,
            reporter,
            programs: &InstalledPrograms,
        }
    }

    fn info(&self, text: &str) {
        self.reporter
            .message(Level::Status, Style::Plain, SCOPE, text);
    }

    fn warning(&self, text: &str) {
        self.reporter.warning(None, SCOPE, text);
    }

    fn error(&self, text: &str) {
        self.reporter
            .message(Level::Error, Style::Plain, SCOPE, text);
    }

    /// The settings of a default profile, sorted by name.
    pub fn default_settings(&self) -> Vec<(String, String)> {
        let mut settings = Vec::new();
        if let Some(os) = detect_os(self.variables) {
            settings.push(("os".to_owned(), os));
        }
        if let Some(arch) = detect_arch() {
            settings.push(("arch".to_owned(), arch));
        }
        settings.push(("build_type".to_owned(), "Release".to_owned()));
        match self.default_compiler() {
            Some(compiler) => self.compiler_settings(&compiler, &mut settings),
            None => {
                self.reporter
                    .warning(None, "", "No compiler was detected (one may not be needed)")
            }
        }
        settings.sort();
        settings
    }

    fn compiler_settings(&self, compiler: &Compiler, settings: &mut Vec<(String, String)>) {
        let name = compiler.name.as_str();
        let mut set = |key: &str, value: String| settings.push((key.to_owned(), value));
        set("compiler", name.to_owned());
        let version = default_compiler_version(name, &compiler.version);
        self.tell_version(name, &version);
        set("compiler.version", version);
        if let Some(runtime) = default_msvc_runtime(name) {
            set("compiler.runtime", runtime.to_owned());
        }
        if let Some(libcxx) = self.detect_libcxx(name, &compiler.version, Some(&compiler.command)) {
            set("compiler.libcxx", libcxx);
        }
        if let Some(cppstd) = detect_cppstd(name, &compiler.version) {
            set("compiler.cppstd", cppstd.to_owned());
        }
        if name == "clang" && cfg!(windows) {
            set("compiler.runtime", "dynamic".to_owned());
            set("compiler.runtime_type", "Release".to_owned());
            set("compiler.runtime_version", "v143".to_owned());
        }
    }

    /// Why only a part of the compiler's version is used.
    fn tell_version(&self, name: &str, version: &str) {
        let major = version
            .split('.')
            .next()
            .and_then(|m| m.parse::<u32>().ok())
            .unwrap_or(0);
        let text = match name {
            "gcc" if major >= 5 => "gcc>=5, using the major as version",
            "gcc" => "gcc<5, using the major.minor as version",
            "clang" if major >= 8 => "clang>=8, using the major as version",
            "apple-clang" if major >= 13 => "apple-clang>=13, using the major as version",
            _ => return,
        };
        self.info(text);
    }
}

/// The text of a profile with these settings, as `profile detect` writes it.
pub fn profile_text(settings: &[(String, String)]) -> String {
    let mut text = String::from("[settings]\n");
    for (name, value) in settings {
        text.push_str(&format!("{name}={value}\n"));
    }
    text
}

#[cfg(test)]
mod tests;
