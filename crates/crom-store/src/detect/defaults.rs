//! What a compiler uses when nothing is said. Checked against the reference for all versions that
//! `settings.yml` lists.

use crom_model::cppstd::default_cppstd;

/// Major and minor of a version; what isn't a number counts as zero.
fn parts(version: &str) -> (u64, u64) {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// The `compiler.version` setting for a compiler's own version: major, or major and minor for old
/// ones.
pub fn default_compiler_version(compiler: &str, version: &str) -> String {
    let (major, _) = parts(version);
    let only_major = match compiler {
        "gcc" => major >= 5,
        "clang" => major >= 8,
        "apple-clang" => major >= 13,
        "intel-cc" | "msvc" => true,
        _ => false,
    };
    let mut pieces = version.split('.');
    let first = pieces.next().unwrap_or_default();
    match pieces.next() {
        Some(second) if !only_major => format!("{first}.{second}"),
        _ => first.to_owned(),
    }
}

/// The C++ standard for a detected profile: the compiler's default, but a usable one for
/// apple-clang, whose default is that of 1998.
pub fn detect_cppstd(compiler: &str, version: &str) -> Option<&'static str> {
    if compiler == "apple-clang" && parts(version) >= (11, 0) {
        return Some("gnu17");
    }
    default_cppstd(compiler, version)
}
