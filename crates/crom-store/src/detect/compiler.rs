//! Which compiler is there, and its version.

use super::{Detector, msvc};

/// A compiler that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiler {
    /// As in `settings.yml`: `gcc`, `clang`, `apple-clang`, `msvc`, `intel-cc`, ...
    pub name: String,
    /// As the compiler tells: `12.2.0`, `15.0`.
    pub version: String,
    /// How it was started.
    pub command: String,
}

impl Compiler {
    fn new(name: &str, version: &str, command: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            command: command.to_owned(),
        }
    }
}

impl Detector<'_> {
    /// The compiler in `CC` or `CXX`, else the usual one of the platform.
    pub fn default_compiler(&self) -> Option<Compiler> {
        let (cc, cxx) = (
            self.variables.get_filled("CC"),
            self.variables.get_filled("CXX"),
        );
        if cc.is_some() || cxx.is_some() {
            self.info(&format!(
                "CC and CXX: {}, {} ",
                cc.unwrap_or("None"),
                cxx.unwrap_or("None")
            ));
            let command = cc.or(cxx)?;
            let found = self.compiler_of_command(command);
            if found.is_none() {
                self.error(&format!(
                    "Not able to automatically detect '{command}' version"
                ));
            }
            return found;
        }
        match std::env::consts::OS {
            "windows" => self
                .detect_msvc()
                .or_else(|| self.detect_gcc("gcc"))
                .or_else(|| self.detect_clang("clang")),
            "macos" => self
                .detect_clang("clang")
                .or_else(|| self.detect_gcc("gcc")),
            "freebsd" => self
                .detect_clang("clang")
                .or_else(|| self.detect_gcc("gcc")),
            "solaris" | "illumos" => self.detect_suncc("cc").or_else(|| self.detect_gcc("gcc")),
            _ => self
                .detect_cc("cc")
                .or_else(|| self.detect_gcc("gcc"))
                .or_else(|| self.detect_clang("clang")),
        }
    }

    /// A compiler by the name of its program.
    fn compiler_of_command(&self, command: &str) -> Option<Compiler> {
        let lower = command.to_lowercase();
        let program = lower.rsplit(['/', '\\']).next().unwrap_or(&lower);
        if program.contains("clang") {
            self.detect_clang(command)
        } else if program.contains("gnu-cc")
            || program.contains("gcc")
            || program.contains("g++")
            || program.contains("c++")
        {
            self.detect_gcc(command)
                .or_else(|| self.detect_clang(command))
        } else if program == "cl" || program == "cl.exe" {
            self.detect_cl(command)
        } else if program.starts_with("icx") || program.starts_with("icpx") {
            self.detect_intel(command)
        } else {
            None
        }
    }

    /// `detect_api.detect_gcc_compiler()`: asks with `-dumpversion`. On macOS a `gcc` may be clang.
    pub fn detect_gcc(&self, command: &str) -> Option<Compiler> {
        if cfg!(target_os = "macos")
            && self
                .output(command, &["--version"])
                .is_some_and(|text| text.contains("clang"))
        {
            return None;
        }
        let text = self.output(command, &["-dumpversion"])?;
        let version = first_version(&text)?;
        self.info(&format!("Found gcc {version}"));
        Some(Compiler::new("gcc", &version, command))
    }

    /// `detect_api.detect_clang_compiler()`: clang or apple-clang, by `--version`.
    pub fn detect_clang(&self, command: &str) -> Option<Compiler> {
        let text = self.output(command, &["--version"])?;
        let name = if text.contains("Apple") {
            "apple-clang"
        } else if text.contains("clang version") {
            "clang"
        } else {
            return None;
        };
        let (_, after) = text.split_once("version ")?;
        let version = first_version(after)?;
        self.info(&format!("Found {name} {version}"));
        Some(Compiler::new(name, &version, command))
    }

    /// `detect_api.detect_intel_compiler()`
    pub fn detect_intel(&self, command: &str) -> Option<Compiler> {
        let text = self.output(command, &["--version"])?;
        let (_, after) = text.split_once("Compiler ")?;
        let version = first_version(after)?;
        self.info(&format!("Found intel-cc {version}"));
        Some(Compiler::new("intel-cc", &version, command))
    }

    /// `detect_api.detect_suncc_compiler()`
    pub fn detect_suncc(&self, command: &str) -> Option<Compiler> {
        let text = self.output(command, &["-V"])?;
        let (_, after) = text.split_once("Sun C")?;
        let version = first_version(after.trim_start_matches("++").trim_start())?;
        self.info(&format!("Found sun-cc {version}"));
        Some(Compiler::new("sun-cc", &version, command))
    }

    /// `detect_api.detect_emcc_compiler()`
    pub fn detect_emcc(&self, command: &str) -> Option<Compiler> {
        let text = self.output(command, &["-v"])?;
        if !text.contains("emcc") {
            return None;
        }
        let version = dotted_version(&text)?;
        self.info(&format!("Found emcc {version}"));
        Some(Compiler::new("emcc", &version, command))
    }

    /// `detect_api.detect_msvc_compiler()`: the newest Visual Studio that is installed.
    pub fn detect_msvc(&self) -> Option<Compiler> {
        let version = msvc::newest_installed(self)?;
        self.info(&format!("Found msvc {version}"));
        Some(Compiler::new("msvc", &version, ""))
    }

    /// `detect_api.detect_cl_compiler()`: the version of the `cl.exe` on the path.
    pub fn detect_cl(&self, command: &str) -> Option<Compiler> {
        let text = self.output(command, &["/?"])?;
        // `Microsoft (R) C/C++ Optimizing Compiler Version 19.38.33134 for x64`
        let after = text.split_once("Version ")?.1;
        let mut numbers = after
            .split(|c: char| !c.is_ascii_digit())
            .map(str::parse::<u32>);
        let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        let version = format!("{}{}", major, minor / 10);
        self.info(&format!("Found msvc {version}"));
        Some(Compiler::new("msvc", &version, command))
    }

    /// The system's `cc`: gcc or clang, whatever it says.
    fn detect_cc(&self, command: &str) -> Option<Compiler> {
        let text = self.output(command, &["--version"])?;
        let name = if text.contains("Apple") {
            "apple-clang"
        } else if text.contains("clang") {
            "clang"
        } else {
            "gcc"
        };
        let version = dotted_version(&text)?;
        self.info(&format!("Found {command}={name}-{version}"));
        Some(Compiler::new(name, &version, command))
    }

    /// What the program prints, if it runs and succeeds.
    fn output(&self, command: &str, arguments: &[&str]) -> Option<String> {
        let (code, text) = self.programs.run(command, arguments, "")?;
        (code == 0).then_some(text)
    }
}

/// The first `12` or `12.2` in a text.
fn first_version(text: &str) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &text[start..];
    let major = digits(rest);
    let minor = rest[major..].strip_prefix('.').map_or(0, digits);
    let end = if minor > 0 { major + 1 + minor } else { major };
    Some(rest[..end].to_owned())
}

/// The first `12.2.0` in a text.
fn dotted_version(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .find_map(|word| {
            let numbers: Vec<_> = word.split('.').collect();
            let whole = numbers.len() >= 3 && numbers.iter().all(|number| !number.is_empty());
            whole.then(|| numbers[..3].join("."))
        })
}
