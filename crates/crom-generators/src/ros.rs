//! ROSEnv: scripts with which `colcon` finds Conan's toolchain.

use indexmap::IndexMap;

use crate::cmake::Consumer;
use crate::cmake::text::join;
use crate::file::File;

/// The variables for the build, and the toolchain that CMake is to use.
pub fn variables(consumer: &Consumer) -> IndexMap<String, String> {
    let toolchain = join(&consumer.folders.generators, "conan_toolchain.cmake");
    let mut variables = IndexMap::from([("CMAKE_TOOLCHAIN_FILE".to_owned(), toolchain)]);
    if let Some(build_type) = consumer.setting("build_type") {
        variables.insert("CMAKE_BUILD_TYPE".to_owned(), build_type.to_owned());
    }
    variables
}

/// Scripts that bring the environments of build and run up.
pub fn scripts(consumer: &Consumer) -> Vec<File> {
    let all = |extension: &str, call: &dyn Fn(&str) -> String| -> String {
        ["conanbuild", "conanrun"]
            .iter()
            .map(|it| {
                call(&join(
                    &consumer.folders.generators,
                    &format!("{it}.{extension}"),
                ))
            })
            .collect()
    };
    let shell = all("sh", &|path| format!(". \"{path}\"\n"));
    let batch = all("bat", &|path| format!("CALL \"{path}\"\n"));
    vec![
        File::new("conanrosenv.bat", format!("@echo off\n{batch}")),
        File::new("conanrosenv.sh", shell),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{consumer, linux, listing};

    #[test]
    fn both_shells() {
        let consumer = consumer(&linux());
        assert_eq!(variables(&consumer)["CMAKE_BUILD_TYPE"], "Release");
        insta::assert_snapshot!(listing(&scripts(&consumer)));
    }
}
