//! `require`: requirements are added to a conanfile.py and removed from it, in its text.

use std::path::{Path, PathBuf};

use crom_model::reference::RecipeReference;
use crom_model::version::Version;

use crate::source::Source;
use crate::{OpsError, RemoteSelection, Session, conanfile};

/// What kind of requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequireKind {
    /// `self.requires()`
    Requires,
    /// `self.tool_requires()`
    Tool,
    /// `self.test_requires()`
    Test,
}

/// `require add` and `require remove`
#[derive(Clone, Debug, Default)]
pub struct RequireRequest {
    /// Kind and reference or name, in order.
    pub requires: Vec<(RequireKind, String)>,
    /// The folder of the conanfile; the current one by default.
    pub folder: Option<String>,
    /// Where versions are looked up.
    pub remotes: RemoteSelection,
}

impl RequireKind {
    fn call(self) -> &'static str {
        match self {
            Self::Requires => "requires",
            Self::Tool => "tool_requires",
            Self::Test => "test_requires",
        }
    }

    fn method(self) -> &'static str {
        match self {
            Self::Requires => "requirements",
            Self::Tool | Self::Test => "build_requirements",
        }
    }
}

/// Adds requirements as version ranges. One whose name is there already is left as it is.
///
/// # Errors
/// No conanfile.py, a reference that doesn't parse, or no version to be found.
pub fn require_add(session: &Session, request: &RequireRequest) -> Result<(), OpsError> {
    let path = find(session, request)?;
    let mut text = crom_fs::read_text(&path)?;
    for (kind, given) in &request.requires {
        let (name, reference) = range(session, request, given)?;
        let call = kind.call();
        if line_of(&text, *kind, &name).is_some() {
            let warning = format!("The {call} {name} is already in use.");
            session.reporter().warning(None, "", &warning);
            continue;
        }
        text = added(&text, *kind, &reference);
        session
            .reporter()
            .status("", &format!("Added '{reference}' as a new {call}."));
    }
    write(&path, &text)
}

/// Removes requirements by name.
///
/// # Errors
/// No conanfile.py, or it can't be written.
pub fn require_remove(session: &Session, request: &RequireRequest) -> Result<(), OpsError> {
    let path = find(session, request)?;
    let mut text = crom_fs::read_text(&path)?;
    for (kind, given) in &request.requires {
        let name = given.split('/').next().unwrap_or_default();
        let call = kind.call();
        match line_of(&text, *kind, name) {
            Some(line) => {
                text = removed(&text, line);
                session
                    .reporter()
                    .status("", &format!("Removed {name} dependency as {call}."));
            }
            None => {
                let warning = format!("The {call} {name} is not declared in your conanfile.");
                session.reporter().warning(None, "", &warning);
            }
        }
    }
    write(&path, &text)
}

fn find(session: &Session, request: &RequireRequest) -> Result<PathBuf, OpsError> {
    let folder = request.folder.as_deref().unwrap_or(".");
    Ok(conanfile::find(session.cwd(), folder, false)?.path)
}

fn write(path: &Path, text: &str) -> Result<(), OpsError> {
    Ok(crom_fs::write_atomic(path, text)?)
}

/// The name, and the reference to write: up to the next major version.
fn range(
    session: &Session,
    request: &RequireRequest,
    given: &str,
) -> Result<(String, String), OpsError> {
    if !given.contains('/') {
        let version = latest(session, request, given)?;
        return Ok((
            given.to_owned(),
            format!("{given}/{}", compatible(&version)),
        ));
    }
    let reference =
        RecipeReference::loads(given).map_err(|error| OpsError::message(error.to_string()))?;
    if reference.version_range().is_some() {
        return Ok((reference.name.clone(), given.to_owned()));
    }
    let mut text = format!("{}/{}", reference.name, compatible(&reference.version));
    if let Some(user) = &reference.user {
        text.push_str(&format!("@{user}"));
        if let Some(channel) = &reference.channel {
            text.push_str(&format!("/{channel}"));
        }
    }
    Ok((reference.name, text))
}

fn compatible(version: &Version) -> String {
    let text = version.to_string();
    let major = text.split('.').next().and_then(|it| it.parse::<u64>().ok());
    match major {
        Some(major) => format!("[>={text} <{}]", major + 1),
        None => text,
    }
}

/// The newest version in the remotes, or in the cache without remotes.
fn latest(session: &Session, request: &RequireRequest, name: &str) -> Result<Version, OpsError> {
    let search = RecipeReference::new(name, "*");
    let mut versions = Vec::new();
    let sources = Source::select(session, &request.remotes)?;
    for source in &sources {
        versions.extend(source.versions(&search)?);
    }
    if sources.is_empty() {
        versions = session.cache()?.versions(name)?;
        versions.retain(|found| found.user.is_none());
    }
    versions
        .into_iter()
        .map(|found| found.version)
        .max()
        .ok_or_else(|| {
            OpsError::message(format!("Recipe {name} not found."))
                .with_hint("name a version, as in 'zlib/1.3'")
        })
}

/// The line that requires a package of this name.
fn line_of(text: &str, kind: RequireKind, name: &str) -> Option<usize> {
    let call = format!("self.{}(", kind.call());
    text.lines().position(|line| {
        line.trim_start()
            .strip_prefix(&call)
            .map(|rest| {
                rest.trim_start()
                    .trim_start_matches("f\"")
                    .trim_start_matches(['"', '\''])
            })
            .and_then(|rest| rest.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with('/'))
    })
}

/// The text with a requirement at the beginning of its method, which is made if it isn't there.
fn added(text: &str, kind: RequireKind, reference: &str) -> String {
    let header = format!("def {}(self):", kind.method());
    let call = format!("self.{}(\"{reference}\")", kind.call());
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    match lines
        .iter()
        .position(|line| line.trim_start().starts_with(&header))
    {
        Some(at) => {
            let indent = indentation(&lines[at]) + "    ";
            if lines.get(at + 1).is_some_and(|line| line.trim() == "pass") {
                lines.remove(at + 1);
            }
            lines.insert(at + 1, format!("{indent}{call}"));
        }
        None => {
            while lines.last().is_some_and(|line| line.trim().is_empty()) {
                lines.pop();
            }
            lines.push(String::new());
            lines.push(format!("    {header}"));
            lines.push(format!("        {call}"));
        }
    }
    lines.join("\n") + "\n"
}

/// The text without a line; a method that has no other gets `pass`.
fn removed(text: &str, line: usize) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let indent = indentation(&lines[line]);
    lines.remove(line);
    let in_body = |line: Option<&String>| {
        line.is_some_and(|line| !line.trim().is_empty() && indentation(line).len() >= indent.len())
    };
    let after_header = line > 0 && lines[line - 1].trim_start().starts_with("def ");
    if after_header && !in_body(lines.get(line)) {
        lines.insert(line, format!("{indent}pass"));
    }
    lines.join("\n") + "\n"
}

fn indentation(line: &str) -> String {
    line.chars().take_while(|it| it.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECIPE: &str = "class Pkg(ConanFile):\n    name = \"x\"\n\n    def requirements(self):\n        self.requires(\"zlib/1.2\")\n\n    def build(self):\n        pass\n";

    #[test]
    fn goes_to_the_beginning_of_its_method_and_out_again() {
        let text = added(RECIPE, RequireKind::Requires, "foo/[>=1.0 <2]");
        assert!(text.contains(
            "requirements(self):\n        self.requires(\"foo/[>=1.0 <2]\")\n        self.requires(\"zlib/1.2\")\n"
        ));
        let line = line_of(&text, RequireKind::Requires, "foo").unwrap();
        assert_eq!(removed(&text, line), RECIPE);
        let line = line_of(RECIPE, RequireKind::Requires, "zlib").unwrap();
        let empty = removed(RECIPE, line);
        assert!(empty.contains("requirements(self):\n        pass\n\n    def build"));
        assert!(!added(&empty, RequireKind::Requires, "foo/1").contains("pass\n\n    def build"));
    }

    #[test]
    fn a_method_is_made() {
        let text = added(RECIPE, RequireKind::Tool, "cmake/[>=3.0 <4]");
        assert!(text.ends_with(
            "\n\n    def build_requirements(self):\n        self.tool_requires(\"cmake/[>=3.0 <4]\")\n"
        ));
        assert_eq!(line_of(&text, RequireKind::Test, "cmake"), None);
        assert_eq!(line_of(&text, RequireKind::Tool, "cma"), None);
    }

    #[test]
    fn ranges_end_before_the_next_major_version() {
        assert_eq!(compatible(&Version::from("1.2.3")), "[>=1.2.3 <2]");
        assert_eq!(compatible(&Version::from("0.1")), "[>=0.1 <1]");
        assert_eq!(compatible(&Version::from("cci.2023")), "cci.2023");
    }
}
