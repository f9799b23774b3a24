use std::collections::HashMap;
use std::sync::Mutex;

use crom_model::reporter::{Level, Reporter, Style};

use super::*;

/// Programs with fixed answers: by program name, then by what an argument contains.
#[derive(Default)]
struct Answers(HashMap<&'static str, Vec<(&'static str, &'static str)>>);

impl Programs for Answers {
    fn run(&self, command: &str, arguments: &[&str], _input: &str) -> Option<(i32, String)> {
        let answers = self.0.get(command)?;
        let line = arguments.join(" ");
        let found = answers.iter().find(|(part, _)| line.contains(part))?;
        Some((0, found.1.to_owned()))
    }
}

#[derive(Debug, Default)]
struct Lines(Mutex<Vec<String>>);

impl Reporter for Lines {
    fn message(&self, level: Level, _style: Style, scope: &str, text: &str) {
        let mark = if level == Level::Error { "ERROR: " } else { "" };
        self.0
            .lock()
            .unwrap()
            .push(format!("{scope}: {mark}{text}"));
    }
    fn raw(&self, _bytes: &[u8]) {}
}

fn settings(variables: &[(&str, &str)], programs: Answers) -> (Vec<String>, Vec<String>) {
    let variables: Variables = variables.iter().copied().collect();
    let lines = Lines::default();
    let detector = Detector {
        variables: &variables,
        reporter: &lines,
        programs: &programs,
    };
    let settings = detector.default_settings();
    let flat = settings
        .iter()
        .filter(|(name, _)| name.starts_with("compiler"))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    (flat, lines.0.into_inner().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn the_compiler_of_the_environment_is_asked() {
    let abi = ("-E", "int abi = 1;");
    // (CC, answers, settings, messages), all as the reference says them for such programs.
    let (found, said) = settings(
        &[("CC", "/x/clang")],
        Answers(HashMap::from([(
            "/x/clang",
            vec![
                (
                    "--version",
                    "Debian clang version 15.0.7\nTarget: x86_64-pc-linux-gnu",
                ),
                abi,
            ],
        )])),
    );
    assert_eq!(
        found,
        [
            "compiler=clang",
            "compiler.cppstd=gnu14",
            "compiler.libcxx=libstdc++11",
            "compiler.version=15"
        ]
    );
    assert_eq!(
        said,
        [
            "detect_api: CC and CXX: /x/clang, None ",
            "detect_api: Found clang 15.0",
            "detect_api: clang>=8, using the major as version",
            "detect_api: gcc C++ standard library: libstdc++11",
        ]
    );
    let apple = "Apple clang version 15.0.0 (clang-1500.3.9.4)\nTarget: arm64-apple-darwin23";
    let (found, _) = settings(
        &[("CC", "aclang")],
        Answers(HashMap::from([("aclang", vec![("--version", apple)])])),
    );
    assert_eq!(
        found,
        [
            "compiler=apple-clang",
            "compiler.cppstd=gnu17",
            "compiler.libcxx=libc++",
            "compiler.version=15"
        ]
    );
    let icx = "Intel(R) oneAPI DPC++/C++ Compiler 2023.2.0 (2023.2.0.20230622)";
    let (found, _) = settings(
        &[("CC", "icx")],
        Answers(HashMap::from([("icx", vec![("--version", icx)])])),
    );
    assert_eq!(
        found,
        [
            "compiler=intel-cc",
            "compiler.cppstd=17",
            "compiler.libcxx=libstdc++11",
            "compiler.version=2023"
        ]
    );
    let old = HashMap::from([(
        "gcc",
        vec![
            ("-dumpversion", "4.9"),
            ("-E", "int abi = _GLIBCXX_USE_CXX11_ABI;"),
        ],
    )]);
    let (found, said) = settings(&[("CC", "gcc")], Answers(old));
    assert_eq!(
        found,
        [
            "compiler=gcc",
            "compiler.cppstd=gnu98",
            "compiler.libcxx=libstdc++",
            "compiler.version=4.9"
        ]
    );
    assert_eq!(
        said[2],
        "detect_api: gcc<5, using the major.minor as version"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_compiler_there_is_still_a_profile() {
    let (found, said) = settings(&[("CC", "/x/mycc")], Answers::default());
    assert!(found.is_empty());
    assert_eq!(
        said[1..],
        [
            "detect_api: ERROR: Not able to automatically detect '/x/mycc' version",
            ": No compiler was detected (one may not be needed)",
        ]
    );
    let cc = "cc (Debian 12.2.0-14) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc.";
    let (found, said) = settings(
        &[],
        Answers(HashMap::from([(
            "cc",
            vec![("--version", cc), ("-E", "int abi = 1;")],
        )])),
    );
    assert_eq!(found.last().unwrap(), "compiler.version=12");
    assert_eq!(said[0], "detect_api: Found cc=gcc-12.2.0");
}

#[test]
fn defaults_of_compilers() {
    // (compiler, version, cppstd, cstd, setting), recorded from the reference.
    let cases = [
        ("gcc", "4.9", Some("gnu98"), Some("gnu99"), "4.9"),
        ("gcc", "5", Some("gnu98"), Some("gnu11"), "5"),
        ("gcc", "8.3", Some("gnu14"), Some("gnu17"), "8"),
        ("gcc", "12.2.0", Some("gnu17"), Some("gnu17"), "12"),
        ("gcc", "16", Some("gnu20"), Some("gnu23"), "16"),
        ("clang", "3.5", Some("gnu98"), Some("gnu99"), "3.5"),
        ("clang", "3.9", Some("gnu98"), Some("gnu99"), "3.9"),
        ("clang", "4.0", Some("gnu98"), Some("gnu11"), "4.0"),
        ("clang", "16", Some("gnu17"), Some("gnu17"), "16"),
        ("apple-clang", "13", Some("gnu98"), Some("gnu17"), "13"),
        ("apple-clang", "17", Some("gnu14"), Some("gnu17"), "17"),
        ("apple-clang", "5.0", Some("gnu98"), Some("gnu99"), "5.0"),
        ("intel-cc", "2023.2", Some("17"), None, "2023"),
        ("msvc", "180", None, None, "180"),
        ("msvc", "193", Some("14"), None, "193"),
        ("mcst-lcc", "1.21", Some("gnu98"), None, "1.21"),
        ("mcst-lcc", "1.25", Some("gnu14"), None, "1.25"),
        ("emcc", "3.1.50", None, None, "3.1"),
    ];
    for (compiler, version, cppstd, cstd, setting) in cases {
        assert_eq!(
            default_cppstd(compiler, version),
            cppstd,
            "{compiler} {version}"
        );
        assert_eq!(
            default_cstd(compiler, version),
            cstd,
            "{compiler} {version}"
        );
        assert_eq!(
            default_compiler_version(compiler, version),
            setting,
            "{compiler} {version}"
        );
    }
}

#[test]
fn command_lines_are_split_at_blanks() {
    assert_eq!(split_command("gcc -m32"), ["gcc", "-m32"]);
    assert_eq!(
        split_command("\"C:\\Program Files\\cl.exe\" /?"),
        ["C:\\Program Files\\cl.exe", "/?"]
    );
}
