//! `collect_libs`: the libraries in a folder by their names for a linker.

use std::path::PathBuf;

use crom_model::reporter::Reporter;
use serde::Deserialize;

use crate::error::Result;

/// The input of [`collect_libs`].
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CollectLibsInput {
    /// Where to look, absolute: each of `cpp_info.libdirs`, or the one that the recipe names.
    pub folders: Vec<PathBuf>,
}

/// Names of libraries, sorted; a name of an earlier folder isn't repeated.
pub fn collect_libs(
    input: &CollectLibsInput,
    reporter: &dyn Reporter,
    scope: &str,
) -> Result<Vec<String>> {
    let mut libs: Vec<String> = Vec::new();
    for folder in &input.folders {
        if !crom_fs::exists(folder) {
            let text = format!(
                "Lib folder doesn't exist, can't collect libraries: {}",
                folder.display()
            );
            reporter.warning(None, scope, &text);
            continue;
        }
        // Within one folder a name may come twice, as in the reference.
        let before = libs.len();
        for file in crom_fs::list(folder)? {
            let Some(name) = library_name(&file) else {
                continue;
            };
            if libs[..before].iter().any(|lib| lib == name) {
                let text = format!(
                    "Library '{name}' was either already found in a previous 'conanfile.cpp_info.libdirs' \
                     folder or appears several times with a different file extension"
                );
                reporter.warning(None, scope, &text);
            } else {
                libs.push(name.to_owned());
            }
        }
    }
    libs.sort();
    Ok(libs)
}

/// `z` for `libz.a`: the last extension counts, and `lib` goes except where the file is for
/// Windows.
fn library_name(file: &str) -> Option<&str> {
    let (stem, extension) = file.rsplit_once('.')?;
    if stem.is_empty() || !matches!(extension, "so" | "lib" | "a" | "dylib" | "bc") {
        return None;
    }
    if extension == "lib" {
        return Some(stem);
    }
    Some(stem.strip_prefix("lib").unwrap_or(stem))
}
