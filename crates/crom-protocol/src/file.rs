//! Files of recipe and package revisions.

/// Paths and digests of the content; a revision's identity.
pub const MANIFEST: &str = "conanmanifest.txt";
/// The recipe.
pub const RECIPE: &str = "conanfile.py";
/// Settings, options and requirements of a binary.
pub const INFO: &str = "conaninfo.txt";
/// What the name of the archive of other exported files begins with.
pub const EXPORT: &str = "conan_export";
/// What the name of the archive of exported sources begins with.
pub const SOURCES: &str = "conan_sources";
/// What the name of the archive of a package begins with.
pub const PACKAGE: &str = "conan_package";
/// Folder of the files that don't belong to the content: logs, reports, signatures.
pub const METADATA: &str = "metadata/";
/// Extensions of archives: gzip, xz, zstd.
pub const ARCHIVE_EXTENSIONS: [&str; 3] = [".tgz", ".txz", ".tzst"];

/// The longest name of a file that a server takes, in bytes.
pub const MAX_NAME: usize = 1024;

/// The stem ([`EXPORT`], [`SOURCES`], [`PACKAGE`]) if the file is one of the three archives.
pub fn archive_stem(name: &str) -> Option<&'static str> {
    let stem = ARCHIVE_EXTENSIONS
        .iter()
        .find_map(|extension| name.strip_suffix(extension))?;
    [EXPORT, SOURCES, PACKAGE]
        .into_iter()
        .find(|known| *known == stem)
}

/// A name that a server refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid file name `{}`: {problem}", name.escape_debug())]
pub struct NameError {
    /// The name, decoded.
    pub name: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// Checks the name of a file as it stands after `files/`, decoded: relative, with `/`, no `.` or `..`,
/// nothing that a client could write outside of its folder or that Windows can't hold.
///
/// # Errors
/// The rule that it breaks.
pub fn check_name(name: &str) -> Result<(), NameError> {
    let problem = if name.is_empty() {
        "it is empty"
    } else if name.len() > MAX_NAME {
        "it is too long"
    } else if name.contains(|letter: char| letter.is_control()) {
        "it has control characters"
    } else if name.contains(['\\', ':', '*', '?', '"', '<', '>', '|']) {
        "it has characters that file names can't have"
    } else if name
        .split('/')
        .any(|segment| matches!(segment, "" | "." | ".."))
    {
        "it has an empty segment, `.` or `..`"
    } else {
        return Ok(());
    };
    Err(NameError {
        name: name.to_owned(),
        problem,
    })
}

/// A file that a revision can't be used without: one name, or an archive in one of its formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// This file.
    File(&'static str),
    /// An archive with this stem.
    Archive(&'static str),
}

impl Needed {
    /// True if a file is the one.
    pub fn is(self, name: &str) -> bool {
        match self {
            Self::File(file) => name == file,
            Self::Archive(stem) => archive_stem(name) == Some(stem),
        }
    }
}

/// What a recipe revision needs, given the paths of its manifest: the recipe and the manifest;
/// `conan_export` if other files are exported, `conan_sources` if there are exported sources (listed
/// as `export_source/...`).
pub fn needed_by_recipe<'a>(manifest: impl IntoIterator<Item = &'a str>) -> Vec<Needed> {
    let mut needed = vec![Needed::File(MANIFEST), Needed::File(RECIPE)];
    let (mut exports, mut sources) = (false, false);
    for path in manifest {
        if path.starts_with("export_source/") {
            sources = true;
        } else if path != RECIPE {
            exports = true;
        }
    }
    if exports {
        needed.push(Needed::Archive(EXPORT));
    }
    if sources {
        needed.push(Needed::Archive(SOURCES));
    }
    needed
}

/// What a package revision needs. The archive is there even when the package is empty.
pub fn needed_by_package() -> Vec<Needed> {
    vec![
        Needed::File(MANIFEST),
        Needed::File(INFO),
        Needed::Archive(PACKAGE),
    ]
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    #[test]
    fn archives_are_told_by_stem_and_extension() {
        assert_eq!(archive_stem("conan_package.tzst"), Some(PACKAGE));
        assert_eq!(archive_stem("conan_sources.tgz"), Some(SOURCES));
        assert_eq!(archive_stem("conan_package.zip"), None);
        assert_eq!(archive_stem("metadata/conan_package.tgz"), None);
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for good in [
            "conanfile.py",
            "metadata/logs/build 1.log",
            "metadata/sign/pkg.sig",
        ] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        let long = "x".repeat(MAX_NAME + 1);
        for bad in [
            "",
            "..",
            "../x",
            "metadata/../../x",
            "/etc/passwd",
            "a//b",
            "a/",
            "./a",
            "C:/x",
            "a\\b",
            "a\0b",
            "a\nb",
            long.as_str(),
        ] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_recipe_needs_the_archives_that_its_manifest_tells_of() {
        assert_eq!(
            needed_by_recipe(["conanfile.py"]),
            [Needed::File(MANIFEST), Needed::File(RECIPE)]
        );
        assert_eq!(
            needed_by_recipe(["conandata.yml", "conanfile.py", "export_source/src/a.c"]),
            [
                Needed::File(MANIFEST),
                Needed::File(RECIPE),
                Needed::Archive(EXPORT),
                Needed::Archive(SOURCES)
            ]
        );
    }
}
