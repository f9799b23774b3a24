//! What `extensions/plugins/profile.py` does as long as nobody changed it.

use crom_model::cppstd::{supported_cppstd, supported_cstd};
use crom_model::profile::Profile;

use crate::error::{Result, StoreError};

/// Completes and checks the settings of a profile before they are used.
///
/// # Errors
/// A language standard that the compiler of that version doesn't have.
pub(super) fn default_plugin(profile: &mut Profile) -> Result<()> {
    complete_runtime(profile);
    check_standard(profile, "compiler.cppstd", supported_cppstd)?;
    check_standard(profile, "compiler.cstd", supported_cstd)
}

/// `compiler.runtime_type` follows `build_type` where it isn't given.
fn complete_runtime(profile: &mut Profile) {
    let settings = &mut profile.settings;
    let get = |name: &str| settings.get(name).map(String::as_str);
    let with_runtime = matches!(get("compiler"), Some("msvc" | "clang"))
        && get("compiler.runtime").is_some_and(|runtime| !runtime.is_empty());
    if with_runtime && get("compiler.runtime_type").is_none() {
        let debug = get("build_type") == Some("Debug");
        let kind = if debug { "Debug" } else { "Release" };
        settings.insert("compiler.runtime_type".to_owned(), kind.to_owned());
    }
}

fn check_standard(
    profile: &Profile,
    setting: &str,
    supported: impl Fn(&str, &str) -> Option<Vec<String>>,
) -> Result<()> {
    let get = |name: &str| profile.settings.get(name).map(String::as_str);
    let (Some(standard), Some(compiler), Some(version)) =
        (get(setting), get("compiler"), get("compiler.version"))
    else {
        return Ok(());
    };
    match supported(compiler, version) {
        Some(known) if !known.iter().any(|name| name == standard) => {
            let known: Vec<String> = known.iter().map(|name| format!("'{name}'")).collect();
            Err(StoreError::ProfilePlugin {
                message: format!(
                    "The provided {setting}={standard} is not supported by {compiler} {version}. \
                     Supported values are: [{}]",
                    known.join(", ")
                ),
            })
        }
        _ => Ok(()),
    }
}
