//! Comparisons with Conan itself. They run where `CROM_ORACLE` names its executable, as the test
//! script sets it, and say so where they don't.

use std::path::PathBuf;

/// The executable of Conan, if the tests were given one.
pub fn conan() -> Option<PathBuf> {
    let path = std::env::var_os("CROM_ORACLE").map(PathBuf::from);
    if path.is_none() {
        eprintln!("not compared: CROM_ORACLE doesn't name the reference");
    }
    path
}
