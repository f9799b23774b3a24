//! Which language standards compilers support, as `supported_cppstd` and `supported_cstd` answer.

use crom_model::version::Version;

const CPP98: &[&str] = &["98", "gnu98"];
const CPP11: &[&str] = &["98", "gnu98", "11", "gnu11"];
const CPP14: &[&str] = &["98", "gnu98", "11", "gnu11", "14", "gnu14"];
const CPP17: &[&str] = &["98", "gnu98", "11", "gnu11", "14", "gnu14", "17", "gnu17"];
const CPP20: &[&str] = &[
    "98", "gnu98", "11", "gnu11", "14", "gnu14", "17", "gnu17", "20", "gnu20",
];
const CPP23: &[&str] = &[
    "98", "gnu98", "11", "gnu11", "14", "gnu14", "17", "gnu17", "20", "gnu20", "23", "gnu23",
];
const CPP26: &[&str] = &[
    "98", "gnu98", "11", "gnu11", "14", "gnu14", "17", "gnu17", "20", "gnu20", "23", "gnu23", "26",
    "gnu26",
];
const C99: &[&str] = &["99", "gnu99"];
const C11: &[&str] = &["99", "gnu99", "11", "gnu11"];
const C17: &[&str] = &["99", "gnu99", "11", "gnu11", "17", "gnu17"];
const C23: &[&str] = &["99", "gnu99", "11", "gnu11", "17", "gnu17", "23", "gnu23"];

/// From which compiler version on which standards are there. `""`: any version.
type Steps = &'static [(&'static str, &'static [&'static str])];

const CPP: &[(&str, Steps)] = &[
    (
        "gcc",
        &[
            ("3.4", CPP98),
            ("4.3", CPP11),
            ("4.8", CPP14),
            ("5", CPP17),
            ("8", CPP20),
            ("11", CPP23),
            ("14", CPP26),
        ],
    ),
    (
        "clang",
        &[
            ("2.0", CPP98),
            ("2.1", CPP11),
            ("3.4", CPP14),
            ("3.5", CPP17),
            ("6", CPP20),
            ("12", CPP23),
            ("17", CPP26),
        ],
    ),
    (
        "apple-clang",
        &[
            ("4.0", CPP11),
            ("5.1", CPP14),
            ("6.1", CPP17),
            ("10.0", CPP20),
            ("13", CPP23),
            ("16", CPP26),
        ],
    ),
    (
        "msvc",
        &[
            ("190", &["14"]),
            ("191", &["14", "17"]),
            ("192", &["14", "17", "20"]),
            ("193", &["14", "17", "20", "23"]),
        ],
    ),
    ("qcc", &[("", CPP98), ("5", CPP17), ("12", CPP20)]),
    (
        "mcst-lcc",
        &[
            ("", CPP98),
            ("1.21", CPP14),
            ("1.24", CPP17),
            ("1.25", CPP20),
        ],
    ),
    ("emcc", &[("", CPP26)]),
];

const C: &[(&str, Steps)] = &[
    ("gcc", &[("", C99), ("4.7", C11), ("8", C17), ("14", C23)]),
    ("clang", &[("", C99), ("3.1", C11), ("6", C17), ("18", C23)]),
    ("apple-clang", &[("", C23)]),
    ("msvc", &[("192", &["11", "17"])]),
    ("emcc", &[("", C23)]),
];

/// The C++ standards of a compiler. None for a compiler that nothing is known of.
pub fn supported_cppstd(compiler: &str, version: &str) -> Option<&'static [&'static str]> {
    lookup(CPP, compiler, version)
}

/// The C standards of a compiler. None for a compiler that nothing is known of.
pub fn supported_cstd(compiler: &str, version: &str) -> Option<&'static [&'static str]> {
    lookup(C, compiler, version)
}

fn lookup(
    table: &'static [(&'static str, Steps)],
    compiler: &str,
    version: &str,
) -> Option<&'static [&'static str]> {
    let (_, steps) = table.iter().find(|(name, _)| *name == compiler)?;
    let version = Version::new(version);
    let reached = steps
        .iter()
        .rev()
        .find(|(from, _)| from.is_empty() || version >= Version::new(from));
    Some(reached.map_or(&[], |(_, standards)| *standards))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_of_the_reference() {
        for (compiler, version, count) in [
            ("gcc", "4.1", 2),
            ("gcc", "4.4", 4),
            ("gcc", "4.8", 6),
            ("gcc", "5", 8),
            ("gcc", "7", 8),
            ("gcc", "8", 10),
            ("gcc", "12", 12),
            ("gcc", "14", 14),
            ("clang", "3.3", 4),
            ("clang", "5.0", 8),
            ("clang", "6.0", 10),
            ("clang", "17", 14),
            ("apple-clang", "5.0", 4),
            ("apple-clang", "9.1", 8),
            ("apple-clang", "16", 14),
            ("msvc", "180", 0),
            ("msvc", "191", 2),
            ("msvc", "194", 4),
            ("qcc", "4.4", 2),
            ("qcc", "8.3", 8),
            ("mcst-lcc", "1.21", 6),
            ("emcc", "3.1", 14),
        ] {
            let found = supported_cppstd(compiler, version).map(<[_]>::len);
            assert_eq!(found, Some(count), "{compiler} {version}");
        }
        assert_eq!(supported_cppstd("sun-cc", "5.10"), None);
        assert_eq!(supported_cstd("gcc", "12").map(<[_]>::len), Some(6));
        assert_eq!(supported_cstd("msvc", "191").map(<[_]>::len), Some(0));
    }
}
