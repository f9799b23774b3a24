//! Which C and C++ standards compilers know, which one they take by default, and how they are told.
//!
//! All tables were read off Conan 2.34.0 by calling it with every version of its `settings.yml`.

use std::cmp::Ordering;

use crate::version::Version;

/// C++ or C.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// `compiler.cppstd`
    Cpp,
    /// `compiler.cstd`
    C,
}

impl Language {
    /// The name of the sub-setting: `cppstd` or `cstd`.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Cpp => "cppstd",
            Self::C => "cstd",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Cpp => "C++",
            Self::C => "C",
        }
    }
}

/// A check of a standard that didn't pass.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StandardError {
    /// The recipe asked with something that isn't a number.
    #[error("{0} parameter must be a number")]
    NotANumber(&'static str),
    /// There's no compiler to tell it by.
    #[error("Called {0} with no compiler or no compiler.version")]
    NoCompiler(&'static str),
    /// The setting has no value. For recipes this is an invalid configuration.
    #[error("The compiler.{0} is not defined for this configuration")]
    NotDefined(&'static str),
    /// GNU extensions are asked for and not there. For recipes this is an invalid configuration.
    #[error("The {0} GNU extension is required")]
    GnuRequired(&'static str),
    /// The standard is out of bounds. For recipes this is an invalid configuration.
    #[error(
        "Current {setting} ({current}) is {comparison} than the required {language} standard ({required})."
    )]
    OutOfBounds {
        /// `cppstd` or `cstd`.
        setting: &'static str,
        /// The value of the setting.
        current: String,
        /// `lower` or `higher`.
        comparison: &'static str,
        /// `C++` or `C`.
        language: &'static str,
        /// What the recipe asked for.
        required: String,
    },
}

impl StandardError {
    /// True when it says that the configuration, and not the recipe, is wrong
    /// (`ConanInvalidConfiguration`).
    pub fn is_invalid_configuration(&self) -> bool {
        !matches!(self, Self::NotANumber(_) | Self::NoCompiler(_))
    }
}

/// Which bound [`check`] tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The setting must be at least that.
    Min,
    /// The setting must be at most that.
    Max,
}

/// From which version on something holds; the last step that isn't above the version counts.
type Steps<T> = &'static [(&'static str, T)];

fn step<T: Copy>(steps: Steps<T>, version: &Version) -> Option<T> {
    steps
        .iter()
        .rev()
        .find(|(from, _)| *version >= Version::new(from))
        .map(|(_, value)| *value)
}

/// `-std=` names per standard and compiler: the first column counts for the lowest versions.
type Names = Steps<Option<&'static str>>;

const NONE: Names = &[];
const CPP98: Names = &[("0", Some("98"))];

fn gcc_names(year: &str) -> Names {
    match year {
        "98" => CPP98,
        "11" => &[("4.3", Some("0x")), ("4.7", Some("11"))],
        "14" => &[("4.8", Some("1y")), ("4.9", Some("14"))],
        "17" => &[("5", Some("1z")), ("5.2", Some("17"))],
        "20" => &[("8", Some("2a")), ("10", Some("20"))],
        "23" => &[("11", Some("23"))],
        "26" => &[("14", Some("26"))],
        _ => NONE,
    }
}

fn clang_names(year: &str) -> Names {
    match year {
        "98" => &[("2.1", Some("98"))],
        "11" => &[("2.1", Some("0x")), ("3.1", Some("11"))],
        "14" => &[("3.4", Some("1y")), ("3.5", Some("14"))],
        "17" => &[("3.5", Some("1z")), ("5", Some("17"))],
        "20" => &[("6", Some("2a")), ("12", Some("20"))],
        "23" => &[("12", Some("2b")), ("17", Some("23"))],
        "26" => &[("17", Some("26"))],
        _ => NONE,
    }
}

fn apple_clang_names(year: &str) -> Names {
    match year {
        "98" => &[("4.0", Some("98"))],
        "11" => &[("4.0", Some("11"))],
        "14" => &[("5.1", Some("1y")), ("6.1", Some("14"))],
        "17" => &[("6.1", Some("1z")), ("9.1", Some("17"))],
        "20" => &[("10.0", Some("2a")), ("13", Some("20"))],
        "23" => &[("13.0", Some("2b")), ("16", Some("23"))],
        "26" => &[("16", Some("26"))],
        _ => NONE,
    }
}

fn intel_names(year: &str) -> Names {
    match year {
        "98" => CPP98,
        "11" => &[("0", Some("11"))],
        "14" => &[("0", Some("14"))],
        "17" => &[("0", Some("17"))],
        "20" => &[("0", Some("20"))],
        "23" => &[("0", Some("2b"))],
        _ => NONE,
    }
}

fn lcc_names(year: &str) -> Names {
    match year {
        "98" => CPP98,
        "11" => &[("1.21", Some("11"))],
        "14" => &[("1.21", Some("14"))],
        "17" => &[("1.24", Some("17"))],
        "20" => &[("1.25", Some("2a"))],
        _ => NONE,
    }
}

fn msvc_cpp_names(year: &str) -> Names {
    match year {
        "14" => &[("190", Some("c++14"))],
        "17" => &[("190", Some("c++latest")), ("191", Some("c++17"))],
        "20" => &[("191", Some("c++latest")), ("192", Some("c++20"))],
        "23" => &[("193", Some("c++latest"))],
        _ => NONE,
    }
}

fn msvc_c_names(year: &str) -> Names {
    match year {
        "11" => &[("192", Some("c11"))],
        "17" => &[("192", Some("c17"))],
        _ => NONE,
    }
}

/// What msvc is told after `/std:`: `c++17`, `c++latest`. `None` for none it knows.
pub fn cppstd_msvc_flag(version: &str, cppstd: &str) -> Option<&'static str> {
    step(msvc_cpp_names(cppstd), &Version::new(version))?
}

/// What msvc is told after `/std:` for C: `c11`, `c17`. `None` for none it knows.
pub fn cstd_msvc_flag(version: &str, cstd: &str) -> Option<&'static str> {
    step(msvc_c_names(cstd), &Version::new(version))?
}

/// The flag for a C++ standard: `-std=gnu++17`, `/std:c++17`. `None` when the compiler doesn't
/// know the standard, or Conan doesn't know the compiler.
pub fn cppstd_flag(compiler: &str, version: &str, cppstd: &str) -> Option<String> {
    if compiler == "msvc" {
        return cppstd_msvc_flag(version, cppstd).map(|name| format!("/std:{name}"));
    }
    let (gnu, year) = split(cppstd);
    let names = match compiler {
        "gcc" => gcc_names(year),
        "clang" => clang_names(year),
        "apple-clang" => apple_clang_names(year),
        "intel-cc" => intel_names(year),
        "mcst-lcc" => lcc_names(year),
        _ => NONE,
    };
    let name = step(names, &Version::new(version))??;
    Some(format!("-std={}++{name}", if gnu { "gnu" } else { "c" }))
}

/// The flag for a C++ standard as the `clang-cl` driver takes it.
pub fn clang_cl_cppstd_flag(version: &str, cppstd: &str) -> Option<String> {
    let flag = cppstd_flag("clang", version, cppstd)?;
    Some(match flag.as_str() {
        "-std=c++14" | "-std=c++17" | "-std=c++20" => flag.replace("-std=", "-std:"),
        _ => format!("-clang:{flag}"),
    })
}

/// The flag for a C standard: `-std=c17`, `/std:c17`. `None` when there's none.
pub fn cstd_flag(compiler: &str, version: &str, cstd: &str) -> Option<String> {
    match compiler {
        "gcc" | "clang" | "apple-clang" => Some(match cstd {
            "99" | "11" | "17" | "23" => format!("-std=c{cstd}"),
            other => format!("-std={other}"),
        }),
        "msvc" => cstd_msvc_flag(version, cstd).map(|name| format!("/std:{name}")),
        _ => None,
    }
}

fn split(std: &str) -> (bool, &str) {
    match std.strip_prefix("gnu") {
        Some(year) => (true, year),
        None => (false, std),
    }
}

/// The years that a compiler knows, oldest first.
fn supported_years(
    language: Language,
    compiler: &str,
    version: &Version,
) -> Option<&'static [&'static str]> {
    const CPP: [&str; 7] = ["98", "11", "14", "17", "20", "23", "26"];
    const C: [&str; 4] = ["99", "11", "17", "23"];
    const MSVC_CPP: [&str; 4] = ["14", "17", "20", "23"];
    const MSVC_C: [&str; 2] = ["11", "17"];
    // How many years of the list, from the front.
    let (years, counts): (&'static [&'static str], Steps<usize>) = match (language, compiler) {
        (Language::Cpp, "gcc") => (
            &CPP,
            &[
                ("0", 1),
                ("4.3", 2),
                ("4.8", 3),
                ("5", 4),
                ("8", 5),
                ("11", 6),
                ("14", 7),
            ],
        ),
        (Language::Cpp, "clang") => (
            &CPP,
            &[
                ("2.1", 2),
                ("3.4", 3),
                ("3.5", 4),
                ("6", 5),
                ("12", 6),
                ("17", 7),
            ],
        ),
        (Language::Cpp, "apple-clang") => (
            &CPP,
            &[
                ("4.0", 2),
                ("5.1", 3),
                ("6.1", 4),
                ("10.0", 5),
                ("13", 6),
                ("16", 7),
            ],
        ),
        (Language::Cpp, "msvc") => (
            &MSVC_CPP,
            &[("0", 0), ("190", 1), ("191", 2), ("192", 3), ("193", 4)],
        ),
        (Language::Cpp, "mcst-lcc") => (&CPP, &[("0", 1), ("1.21", 3), ("1.24", 4), ("1.25", 5)]),
        (Language::Cpp, "qcc") => (&CPP, &[("0", 1), ("5", 4), ("12", 5)]),
        (Language::Cpp, "emcc") => (&CPP, &[("0", 6), ("3.4.0", 7)]),
        (Language::C, "gcc") => (&C, &[("0", 1), ("4.7", 2), ("8", 3), ("14", 4)]),
        (Language::C, "clang") => (&C, &[("0", 1), ("3", 2), ("6", 3), ("18", 4)]),
        (Language::C, "apple-clang") => (&C, &[("0", 4)]),
        (Language::C, "msvc") => (&MSVC_C, &[("0", 0), ("192", 2)]),
        (Language::C, "emcc") => (&C, &[("0", 3), ("3.4.0", 4)]),
        _ => return None,
    };
    years.get(..step(counts, version).unwrap_or(0))
}

/// The standards that a compiler knows, oldest first, each followed by its `gnu` form (not for
/// msvc). `None` for compilers Conan has no list of.
pub fn supported(language: Language, compiler: &str, version: &str) -> Option<Vec<String>> {
    let years = supported_years(language, compiler, &Version::new(version))?;
    let mut all = Vec::with_capacity(years.len() * 2);
    for year in years {
        all.push((*year).to_owned());
        if compiler != "msvc" {
            all.push(format!("gnu{year}"));
        }
    }
    Some(all)
}

/// The C++ standards of [`supported`].
pub fn supported_cppstd(compiler: &str, version: &str) -> Option<Vec<String>> {
    supported(Language::Cpp, compiler, version)
}

/// The C standards of [`supported`].
pub fn supported_cstd(compiler: &str, version: &str) -> Option<Vec<String>> {
    supported(Language::C, compiler, version)
}

/// What a compiler takes when it is told nothing, `None` when Conan doesn't know.
pub fn default_cppstd(compiler: &str, version: &str) -> Option<&'static str> {
    let steps: Steps<&'static str> = match compiler {
        "gcc" => &[
            ("0", "gnu98"),
            ("6", "gnu14"),
            ("11", "gnu17"),
            ("16", "gnu20"),
        ],
        "clang" => &[("0", "gnu98"), ("6", "gnu14"), ("16", "gnu17")],
        "apple-clang" => &[("0", "gnu98"), ("17", "gnu14")],
        "msvc" => &[("190", "14")],
        "mcst-lcc" => &[("0", "gnu98"), ("1.24", "gnu14")],
        "intel-cc" => &[("0", "14"), ("2023", "17")],
        _ => return None,
    };
    step(steps, &Version::new(version))
}

/// What a compiler takes for C when it is told nothing, `None` when Conan doesn't know.
pub fn default_cstd(compiler: &str, version: &str) -> Option<&'static str> {
    let steps: Steps<&'static str> = match compiler {
        "gcc" => &[
            ("0", "gnu99"),
            ("5", "gnu11"),
            ("8", "gnu17"),
            ("15", "gnu23"),
        ],
        "clang" => &[("0", "gnu99"), ("4", "gnu11"), ("11", "gnu17")],
        "apple-clang" => &[("0", "gnu99"), ("10.0", "gnu11"), ("12", "gnu17")],
        _ => return None,
    };
    step(steps, &Version::new(version))
}

/// Tests the value of `compiler.cppstd` or `compiler.cstd` against a bound, as
/// `check_min_cppstd` and its friends do. `required` must be a plain number (`17`).
pub fn check(
    language: Language,
    current: Option<&str>,
    required: &str,
    bound: Bound,
    gnu_extensions: bool,
) -> Result<(), StandardError> {
    let setting = language.setting();
    if required.is_empty() || !required.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(StandardError::NotANumber(setting));
    }
    let current = match current {
        Some(current) if !current.is_empty() => current,
        _ => return Err(StandardError::NotDefined(setting)),
    };
    let (gnu, year) = split(current);
    if gnu_extensions && !gnu {
        return Err(StandardError::GnuRequired(setting));
    }
    let (wrong, comparison) = match bound {
        Bound::Min => (Ordering::Less, "lower"),
        Bound::Max => (Ordering::Greater, "higher"),
    };
    if order(language, year).cmp(&order(language, required)) == wrong {
        return Err(StandardError::OutOfBounds {
            setting,
            current: year.to_owned(),
            comparison,
            language: language.title(),
            required: required.to_owned(),
        });
    }
    Ok(())
}

/// `98` and `99` are of the last century.
fn order(language: Language, year: &str) -> u32 {
    let number: u32 = year.parse().unwrap_or(u32::MAX);
    match (language, number) {
        (Language::Cpp, 98) | (Language::C, 89..=99) => 1900 + number,
        _ => number.saturating_add(2000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `function compiler standard: from-version value | ...`, made by calling the reference with
    /// all versions of `settings.yml` and some beyond. A value holds until the next version.
    const TABLE: &str = include_str!("../tests/data/standards.txt");

    fn computed(function: &str, compiler: &str, standard: &str, version: &str) -> String {
        let list = |found: Option<Vec<String>>| found.map(|list| list.join(","));
        let found = match function {
            "cppstd_flag" => cppstd_flag(compiler, version, standard),
            "cstd_flag" => cstd_flag(compiler, version, standard),
            "clang_cl_cppstd_flag" => clang_cl_cppstd_flag(version, standard),
            "supported_cppstd" => list(supported_cppstd(compiler, version)),
            "supported_cstd" => list(supported_cstd(compiler, version)),
            "default_cppstd" => default_cppstd(compiler, version).map(str::to_owned),
            "default_cstd" => default_cstd(compiler, version).map(str::to_owned),
            other => panic!("unknown function {other}"),
        };
        found.unwrap_or_else(|| "None".to_owned())
    }

    #[test]
    fn all_tables_equal_the_reference() {
        let mut count = 0;
        for line in TABLE.lines() {
            let (key, steps) = line.split_once(": ").unwrap();
            let key: Vec<&str> = key.split(' ').collect();
            for step in steps.split(" | ") {
                let (versions, value) = step.split_once(' ').unwrap_or((step, ""));
                for version in versions.split(',') {
                    assert_eq!(
                        computed(key[0], key[1], key[2], version),
                        value,
                        "{line} at {version}"
                    );
                    count += 1;
                }
            }
        }
        assert!(count > 3000, "{count}");
    }

    #[test]
    fn bounds() {
        let min = |current, required, gnu| {
            check(Language::Cpp, current, required, Bound::Min, gnu).map_err(|e| e.to_string())
        };
        let max = |current, required| {
            check(Language::Cpp, current, required, Bound::Max, false).map_err(|e| e.to_string())
        };
        assert_eq!(min(Some("17"), "14", false), Ok(()));
        assert_eq!(min(Some("17"), "98", false), Ok(()));
        assert_eq!(min(Some("gnu17"), "17", true), Ok(()));
        assert_eq!(max(Some("98"), "11"), Ok(()));
        for (result, expected) in [
            (
                min(Some("17"), "20", false),
                "Current cppstd (17) is lower than the required C++ standard (20).",
            ),
            (
                min(Some("98"), "11", false),
                "Current cppstd (98) is lower than the required C++ standard (11).",
            ),
            (
                max(Some("17"), "98"),
                "Current cppstd (17) is higher than the required C++ standard (98).",
            ),
            (
                min(Some("20"), "17", true),
                "The cppstd GNU extension is required",
            ),
            (
                min(None, "17", false),
                "The compiler.cppstd is not defined for this configuration",
            ),
            (
                min(Some("17"), "gnu14", false),
                "cppstd parameter must be a number",
            ),
            (
                check(Language::C, Some("99"), "11", Bound::Min, false).map_err(|e| e.to_string()),
                "Current cstd (99) is lower than the required C standard (11).",
            ),
        ] {
            assert_eq!(result, Err(expected.to_owned()));
        }
        assert_eq!(
            check(Language::C, Some("17"), "99", Bound::Min, false),
            Ok(())
        );
    }
}
