//! `conanfile.txt`
//!
//! ```text
//! [requires]
//! zlib/1.3                       # one reference per line
//! [tool_requires]
//! cmake/[>=3.20]
//! [test_requires]
//! gtest/1.14
//! [generators]
//! CMakeDeps
//! [options]
//! zlib/*:shared=True
//! [layout]
//! cmake_layout
//! ```

use std::path::Path;

use crom_model::options::Options;
use crom_recipe::RecipeSource;

use crate::OpsError;

const SECTIONS: [&str; 6] = [
    "requires",
    "tool_requires",
    "test_requires",
    "generators",
    "options",
    "layout",
];

/// Reads the text of a `conanfile.txt`.
///
/// # Errors
/// An unknown section or a line outside of one, with file and line.
pub fn parse(text: &str, path: &Path, display: &str) -> Result<RecipeSource, OpsError> {
    let mut sections: [Vec<String>; 6] = Default::default();
    let mut current: Option<usize> = None;
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = strip_comment(line);
        if line.is_empty() {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            let Some(section) = SECTIONS.iter().position(|section| *section == name) else {
                return Err(wrong(
                    path,
                    index,
                    &format!("ConfigParser: Unrecognized field '{name}'"),
                    &format!(
                        "sections are {}",
                        SECTIONS.map(|section| format!("[{section}]")).join(", ")
                    ),
                ));
            };
            current = Some(section);
            continue;
        }
        match current {
            Some(section) => sections[section].push(line.to_owned()),
            None => {
                return Err(wrong(
                    path,
                    index,
                    &format!("Unexpected line '{line}' outside of any section"),
                    "start with a section like [requires]",
                ));
            }
        }
    }
    let [
        requires,
        tool_requires,
        test_requires,
        generators,
        options,
        mut layout,
    ] = sections;
    if layout.len() > 1 {
        return Err(OpsError::message(format!(
            "{}: only one layout can be declared",
            path.display()
        )));
    }
    let options = Options::loads(&options.join("\n"))
        .map_err(|error| OpsError::message(format!("{}: [options]: {error}", path.display())))?;
    Ok(RecipeSource::Declared {
        display: display.to_owned(),
        requires,
        tool_requires,
        test_requires,
        generators,
        options: Box::new(options),
        layout: layout.pop(),
    })
}

/// A `#` at the start of a line or behind a blank starts a comment; `zlib/1.3#revision` has none.
fn strip_comment(line: &str) -> &str {
    let trimmed = line.trim();
    if trimmed.starts_with('#') {
        return "";
    }
    match trimmed.find(" #") {
        Some(at) => trimmed[..at].trim_end(),
        None => trimmed,
    }
}

fn wrong(path: &Path, index: usize, what: &str, hint: &str) -> OpsError {
    OpsError::message(format!("{}:{}: {what}", path.display(), index + 1)).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sections() {
        let text = "# comment\n[requires]\nzlib/1.3#abc   # why\n\n[generators]\nCMakeDeps\nCMakeToolchain\n\
                    [options]\nzlib/*:shared=True\n[layout]\ncmake_layout\n[tool_requires]\ncmake/3.20\n";
        let RecipeSource::Declared {
            requires,
            tool_requires,
            generators,
            options,
            layout,
            ..
        } = parse(text, Path::new("conanfile.txt"), "conanfile.txt").expect("parses")
        else {
            panic!("not declared");
        };
        assert_eq!(requires, ["zlib/1.3#abc"]);
        assert_eq!(tool_requires, ["cmake/3.20"]);
        assert_eq!(generators, ["CMakeDeps", "CMakeToolchain"]);
        assert_eq!(options.dumps().trim(), "zlib/*:shared=True");
        assert_eq!(layout.as_deref(), Some("cmake_layout"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, expected) in [
            (
                "[requires]\na/1\n[foo]\n",
                "conanfile.txt:3: ConfigParser: Unrecognized field 'foo'",
            ),
            (
                "a/1\n",
                "conanfile.txt:1: Unexpected line 'a/1' outside of any section",
            ),
        ] {
            let error = parse(text, Path::new("conanfile.txt"), "x")
                .expect_err(expected)
                .to_string();
            assert_eq!(error, expected);
        }
    }
}
