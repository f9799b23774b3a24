//! From the rendered text of one profile to a [`Profile`].

use indexmap::IndexMap;

use super::{Profile, ProfileError, replace_by_name};
use crate::conf::{ConfDefinition, ConfError};
use crate::environment::ProfileEnvironment;
use crate::options::Options;
use crate::reference::RecipeReference;

const SECTIONS: [&str; 11] = [
    "settings",
    "options",
    "tool_requires",
    "platform_requires",
    "platform_tool_requires",
    "replace_requires",
    "replace_tool_requires",
    "conf",
    "buildenv",
    "runenv",
    "runner",
];

/// A profile's includes, and its sections with their lines.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) includes: Vec<String>,
    sections: IndexMap<String, Vec<Line>>,
}

/// A line's number, from 1, and its text.
type Line = (usize, String);

/// What is wrong, and in which line.
pub(super) type Failure = (usize, ProfileError);

/// Splits a text. Lines that are empty or begin with `#` are left out.
pub(super) fn split(text: &str) -> Result<Parts, Failure> {
    let mut parts = Parts {
        includes: Vec::new(),
        sections: IndexMap::new(),
    };
    let mut current: Option<String> = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let failed = |error| (number + 1, error);
        if line.starts_with('[') {
            let name = section_name(line).map_err(failed)?;
            if parts.sections.contains_key(&name) {
                return Err(failed(ProfileError::DuplicatedSection(name)));
            }
            parts.sections.insert(name.clone(), Vec::new());
            current = Some(name);
        } else if let Some(lines) = current.as_ref().and_then(|it| parts.sections.get_mut(it)) {
            lines.push((number + 1, line.to_owned()));
        } else if let Some(rest) = line.strip_prefix("include(") {
            let end = rest.find(')').ok_or(failed(ProfileError::BadInclude))?;
            parts.includes.push(rest[..end].to_owned());
        } else {
            return Err(failed(ProfileError::StrayLine {
                number,
                line: line.to_owned(),
            }));
        }
    }
    Ok(parts)
}

/// `[name]`, after which the line doesn't matter.
fn section_name(line: &str) -> Result<String, ProfileError> {
    let bad = || ProfileError::BadSection(line.to_owned());
    let end = line.find(']').ok_or_else(bad)?;
    let name = &line[1..end];
    if name.len() < 2 || !name.bytes().all(|it| it.is_ascii_lowercase() || it == b'_') {
        return Err(bad());
    }
    if SECTIONS.contains(&name) {
        Ok(name.to_owned())
    } else {
        Err(ProfileError::UnknownSection(name.to_owned()))
    }
}

pub(super) fn parse(parts: &Parts) -> Result<Profile, Failure> {
    let lines = |name: &str| {
        parts
            .sections
            .get(name)
            .map(Vec::as_slice)
            .unwrap_or_default()
    };
    let mut profile = Profile::default();
    for (number, line) in lines("settings") {
        let (name, value) = line
            .split_once('=')
            .ok_or_else(|| (*number, ProfileError::BadSetting(line.clone())))?;
        put_setting(&mut profile, name.trim(), unquote(value.trim()));
    }
    profile.options = whole(lines("options"), |text| Ok(Options::loads(text)?))?;
    for (number, line) in lines("tool_requires") {
        put_tool_requires(&mut profile, line).map_err(|error| (*number, error))?;
    }
    profile.platform_requires = platform(lines("platform_requires"))?;
    profile.platform_tool_requires = platform(lines("platform_tool_requires"))?;
    profile.replace_requires = replacements(lines("replace_requires"))?;
    profile.replace_tool_requires = replacements(lines("replace_tool_requires"))?;
    profile.conf = whole(lines("conf"), |text| {
        let mut conf = ConfDefinition::default();
        conf.loads(text, true)?;
        conf.validate()?;
        Ok(conf)
    })?;
    let environment = |text: &str| Ok(ProfileEnvironment::loads(text)?);
    profile.buildenv = whole(lines("buildenv"), environment)?;
    profile.runenv = whole(lines("runenv"), environment)?;
    for (number, line) in lines("runner") {
        let (name, value) = line
            .split_once('=')
            .ok_or_else(|| (*number, ProfileError::BadRunner(line.clone())))?;
        profile
            .runner
            .insert(name.trim().to_owned(), value.trim().to_owned());
    }
    Ok(profile)
}

/// Reads the lines of a section at once. If that fails, the line that fails alone is the culprit.
fn whole<T>(lines: &[Line], read: impl Fn(&str) -> Result<T, ProfileError>) -> Result<T, Failure> {
    let texts: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
    read(&texts.join("\n")).map_err(|error| {
        let culprit = lines
            .iter()
            .find_map(|(number, line)| read(line).err().map(|error| (*number, error)))
            .map(|(number, error)| match error {
                // It counts lines itself.
                ProfileError::Conf(ConfError::BadDefinition { line, .. }) => {
                    let error = ConfError::BadDefinition { line, number };
                    (number, ProfileError::Conf(error))
                }
                other => (number, other),
            });
        let first = lines.first().map_or(1, |(number, _)| *number);
        culprit.unwrap_or((first, error))
    })
}

/// Puts `[pattern:]name` where it belongs.
pub(super) fn put_setting(profile: &mut Profile, name: &str, value: &str) {
    let values = match name.rsplit_once(':') {
        None => {
            profile.settings.insert(name.to_owned(), value.to_owned());
            return;
        }
        Some((pattern, name)) => {
            let values = profile
                .package_settings
                .entry(pattern.to_owned())
                .or_default();
            (values, name.trim())
        }
    };
    values.0.insert(values.1.to_owned(), value.to_owned());
}

fn unquote(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

/// `[pattern:] reference, reference`
fn put_tool_requires(profile: &mut Profile, line: &str) -> Result<(), ProfileError> {
    let (pattern, references) = line.split_once(':').unwrap_or(("*", line));
    let own = profile.tool_requires.entry(pattern.to_owned()).or_default();
    for reference in references.split(',') {
        replace_by_name(own, RecipeReference::loads(reference.trim())?);
    }
    Ok(())
}

fn platform(lines: &[Line]) -> Result<Vec<RecipeReference>, Failure> {
    let mut references = Vec::new();
    for (number, line) in lines {
        let reference = RecipeReference::loads(line).map_err(|error| (*number, error.into()))?;
        replace_by_name(&mut references, reference);
    }
    let ranges: Vec<String> = references
        .iter()
        .filter(|it| it.version_range().is_some())
        .map(ToString::to_string)
        .collect();
    if ranges.is_empty() {
        Ok(references)
    } else {
        let first = lines.first().map_or(1, |(number, _)| *number);
        Err((first, ProfileError::PlatformRange(ranges.join(", "))))
    }
}

/// `pattern: replacement`, both in the form of a reference.
fn replacements(lines: &[Line]) -> Result<IndexMap<String, String>, Failure> {
    let mut found = IndexMap::new();
    for (number, line) in lines {
        let bad = |problem: String| {
            let line = line.clone();
            (*number, ProfileError::BadReplacement { line, problem })
        };
        let mut parts = line.split(':');
        let (Some(pattern), Some(replacement), None) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(bad("expected exactly one ':'".to_owned()));
        };
        let normal = |text: &str| {
            RecipeReference::loads(text.trim())
                .map(|it| it.to_string())
                .map_err(|error| bad(error.to_string()))
        };
        found.insert(normal(pattern)?, normal(replacement)?);
    }
    Ok(found)
}
