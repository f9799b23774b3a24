//! Profiles: settings, options, confs, environments and requirements for one context, from files
//! and the command line.
//!
//! Reading files and rendering Jinja is the caller's: [`Profile::load`] asks a callback for the
//! rendered text of each profile. What is read last has priority.

mod parse;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::conf::{ConfDefinition, ConfError, matches_package};
use crate::environment::{EnvironmentError, ProfileEnvironment};
use crate::options::{Options, OptionsError};
use crate::reference::{RecipeReference, ReferenceError};
use crate::settings::{Settings, SettingsDefinition, SettingsError};

/// Includes nested deeper than this are a cycle.
const MAX_INCLUDES: usize = 64;

/// The value of a setting that a profile undefines (`compiler.cppstd=~`). It's shown as `None`.
pub const UNDEFINED: &str = "~";

/// Why a profile can't be read. The words are Conan's.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProfileError {
    /// There's no such profile; made by the loader.
    #[error("Profile not found: {0}")]
    NotFound(String),
    /// The loader can't read or render it. Holds the whole message.
    #[error("{0}")]
    Load(String),
    /// Something inside a profile.
    #[error("Error reading '{profile}' profile: {source}")]
    Reading {
        /// Its name as it was written.
        profile: String,
        /// What is wrong inside.
        source: Box<ProfileError>,
    },
    /// Where it is: the file and the line, from 1, after Jinja.
    #[error("{source} ({place})")]
    Located {
        /// `/home/user/.conan2/profiles/default:3`
        place: String,
        /// What is wrong there.
        source: Box<ProfileError>,
    },
    /// Profiles include each other.
    #[error("includes are nested too deeply, do the profiles include each other?")]
    IncludeCycle,
    /// `include(` without `)`.
    #[error("Invalid include statement")]
    BadInclude,
    /// A line before the first section that isn't an include.
    #[error("Error while parsing line {number}: '{line}'")]
    StrayLine {
        /// Its number, from 0 as in Conan's message.
        number: usize,
        /// The line.
        line: String,
    },
    /// A line with `[` that isn't a section.
    #[error("ConfigParser: Bad syntax '{0}'")]
    BadSection(String),
    /// A section that doesn't exist.
    #[error("ConfigParser: Unrecognized field '{0}'")]
    UnknownSection(String),
    /// A section that was there before.
    #[error("ConfigParser: Duplicated section: [{0}]")]
    DuplicatedSection(String),
    /// A line of `[settings]` without `=`.
    #[error("Invalid setting line '{0}'")]
    BadSetting(String),
    /// A `-s` argument without `=`.
    #[error("Invalid input '{0}', use 'name=value'")]
    BadArgument(String),
    /// A line of `[runner]` without `=`.
    #[error("Error parsing the profile text file: '{0}' is not 'name=value'")]
    BadRunner(String),
    /// A line of `[replace_requires]` or `[replace_tool_requires]`.
    #[error(
        "Error in [replace_xxx] '{line}'.\nIt should be in the form 'pattern: replacement', without \
         package-ids.\nOriginal error: {problem}"
    )]
    BadReplacement {
        /// The line.
        line: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Platform requirements are exact.
    #[error(
        "Profile [platform_requires]/[platform_tool_requires] must be exact versions, not version \
         ranges: [{0}]"
    )]
    PlatformRange(String),
    /// `-c core...`
    #[error("[conf] 'core.*' configurations are not allowed in profiles.")]
    CoreConf,
    /// A reference that can't be parsed.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// A line of `[options]`.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// A line of `[conf]`.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// A line of `[buildenv]` or `[runenv]`.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
}

/// What profile files and the command line say for one context.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// `compiler.version` to `12`, in the order in which they are applied. The value
    /// [`UNDEFINED`] undefines a setting.
    pub settings: IndexMap<String, String>,
    /// The same by package pattern.
    pub package_settings: IndexMap<String, IndexMap<String, String>>,
    /// `[options]`
    pub options: Options,
    /// `[tool_requires]` by pattern of the consumer.
    pub tool_requires: IndexMap<String, Vec<RecipeReference>>,
    /// `[replace_requires]`: pattern to replacement, as references without revision.
    pub replace_requires: IndexMap<String, String>,
    /// `[replace_tool_requires]`
    pub replace_tool_requires: IndexMap<String, String>,
    /// `[platform_requires]`
    pub platform_requires: Vec<RecipeReference>,
    /// `[platform_tool_requires]`
    pub platform_tool_requires: Vec<RecipeReference>,
    /// `[conf]`
    pub conf: ConfDefinition,
    /// `[buildenv]`
    pub buildenv: ProfileEnvironment,
    /// `[runenv]`
    pub runenv: ProfileEnvironment,
    /// `[runner]`
    pub runner: IndexMap<String, String>,
    /// Set by [`Profile::process_settings`].
    pub processed_settings: Option<Settings>,
}

/// A profile's text after Jinja.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSource {
    /// The path of the file, given back to the loader for the profiles that this one includes.
    pub path: String,
    /// Rendered text.
    pub text: String,
}

/// `-s`, `-o` and `-c` values of the command line, as given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileArgs {
    /// `-s [pattern:]name=value`
    pub settings: Vec<String>,
    /// `-o [pattern:]name=value`
    pub options: Vec<String>,
    /// `-c [pattern:]name=value`
    pub conf: Vec<String>,
}

/// Finds and renders a profile: gets the name as it is written, and the path of the profile that
/// includes it (none for one of the command line).
pub type ProfileLoader<'a> =
    dyn FnMut(&str, Option<&str>) -> Result<ProfileSource, ProfileError> + 'a;

impl Profile {
    /// Reads a profile and everything it includes. What is included has less priority.
    pub fn load(name: &str, loader: &mut ProfileLoader<'_>) -> Result<Profile, ProfileError> {
        load_included(name, None, loader, 0)
    }

    /// Reads profiles, of which later ones have priority, and puts the arguments on top.
    pub fn from_args(
        names: &[String],
        args: &ProfileArgs,
        loader: &mut ProfileLoader<'_>,
    ) -> Result<Profile, ProfileError> {
        let mut result = Profile::default();
        for name in names {
            result.compose_profile(&Profile::load(name, loader)?)?;
        }
        result.compose_profile(&args.to_profile()?)?;
        Ok(result)
    }

    /// Reads the text of one profile without includes, as it is after rendering.
    pub fn loads(text: &str) -> Result<Profile, ProfileError> {
        let located = |(_, error)| error;
        let parts = parse::split(text).map_err(located)?;
        parse::parse(&parts).map_err(located)
    }

    /// Takes in `other`, which has priority.
    pub fn compose_profile(&mut self, other: &Profile) -> Result<(), ProfileError> {
        self.update_settings(&other.settings);
        for (pattern, values) in &other.package_settings {
            let own = self.package_settings.entry(pattern.clone()).or_default();
            own.extend(
                values
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
        }
        self.options.update_options(&other.options)?;
        for (pattern, references) in &other.tool_requires {
            let own = self.tool_requires.entry(pattern.clone()).or_default();
            references
                .iter()
                .for_each(|it| replace_by_name(own, it.clone()));
        }
        for reference in &other.platform_requires {
            replace_by_name(&mut self.platform_requires, reference.clone());
        }
        for reference in &other.platform_tool_requires {
            replace_by_name(&mut self.platform_tool_requires, reference.clone());
        }
        self.replace_requires.extend(other.replace_requires.clone());
        self.replace_tool_requires
            .extend(other.replace_tool_requires.clone());
        self.runner.extend(other.runner.clone());
        self.conf.update_conf_definition(&other.conf)?;
        self.buildenv.update_profile_env(&other.buildenv);
        self.runenv.update_profile_env(&other.runenv);
        Ok(())
    }

    /// Sets settings. One that changes loses the settings below it: another `compiler` drops
    /// `compiler.version`.
    pub fn update_settings(&mut self, values: &IndexMap<String, String>) {
        for (name, value) in values {
            if self.settings.get(name).is_some_and(|it| it != value) {
                let below = format!("{name}.");
                self.settings.retain(|it, _| !it.starts_with(&below));
            }
        }
        self.settings.extend(
            values
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
    }

    /// Checks the settings against the definition and keeps them in `processed_settings`.
    pub fn process_settings(
        &mut self,
        definition: &SettingsDefinition,
    ) -> Result<(), SettingsError> {
        let mut settings = Settings::new(definition);
        apply(&mut settings, self.settings.iter())?;
        self.processed_settings = Some(settings);
        Ok(())
    }

    /// The settings of one package: the processed ones, and on top of them what patterns say, in
    /// the order of the patterns. Restrict them to what the recipe declares afterwards.
    pub fn settings_for(
        &self,
        reference: Option<&RecipeReference>,
        is_consumer: bool,
    ) -> Result<Settings, SettingsError> {
        let mut settings = self.processed_settings.clone().unwrap_or_default();
        for (pattern, values) in &self.package_settings {
            if matches_package(pattern, reference, is_consumer) {
                // Sorted, so that `compiler` is set before `compiler.version`.
                let mut sorted: Vec<(&String, &String)> = values.iter().collect();
                sorted.sort();
                apply(&mut settings, sorted.into_iter())?;
            }
        }
        Ok(settings)
    }

    /// As `profile show` prints it, and install under "Input profiles".
    pub fn dumps(&self) -> String {
        let mut lines = vec!["[settings]".to_owned()];
        lines.extend(setting_lines("", &self.settings));
        for (pattern, values) in &self.package_settings {
            lines.extend(setting_lines(&format!("{pattern}:"), values));
        }
        let options = self.options.dumps();
        if !options.is_empty() {
            lines.push("[options]".to_owned());
            lines.extend(options.lines().map(str::to_owned));
        }
        if !self.tool_requires.is_empty() {
            lines.push("[tool_requires]".to_owned());
            for (pattern, references) in &self.tool_requires {
                lines.push(format!("{pattern}: {}", texts(references).join(", ")));
            }
        }
        section(
            &mut lines,
            "platform_tool_requires",
            texts(&self.platform_tool_requires),
        );
        section(
            &mut lines,
            "platform_requires",
            texts(&self.platform_requires),
        );
        section(
            &mut lines,
            "replace_requires",
            replacement_lines(&self.replace_requires),
        );
        section(
            &mut lines,
            "replace_tool_requires",
            replacement_lines(&self.replace_tool_requires),
        );
        section(&mut lines, "conf", text_lines(&self.conf.dumps()));
        section(&mut lines, "buildenv", text_lines(&self.buildenv.dumps()));
        section(&mut lines, "runenv", text_lines(&self.runenv.dumps()));
        lines.join("\n") + "\n"
    }

    /// For JSON, as `profile show --format=json` has it for one context.
    pub fn serialize(&self) -> serde_json::Value {
        let package_settings: serde_json::Map<String, serde_json::Value> = self
            .package_settings
            .iter()
            .map(|(pattern, values)| (pattern.clone(), settings_json(values)))
            .collect();
        let tool_requires: IndexMap<&String, Vec<String>> = self
            .tool_requires
            .iter()
            .map(|(pattern, it)| (pattern, texts(it)))
            .collect();
        let mut json = json!({
            "settings": settings_json(&self.settings),
            "package_settings": package_settings,
            "options": self.options.serialize(),
            "tool_requires": tool_requires,
            "conf": self.conf.serialize(),
            "build_env": self.buildenv.dumps(),
        });
        if !self.replace_requires.is_empty() {
            json["replace_requires"] = json!(self.replace_requires);
        }
        if !self.replace_tool_requires.is_empty() {
            json["replace_tool_requires"] = json!(self.replace_tool_requires);
        }
        if !self.platform_tool_requires.is_empty() {
            json["platform_tool_requires"] = json!(texts(&self.platform_tool_requires));
        }
        if !self.platform_requires.is_empty() {
            json["platform_requires"] = json!(texts(&self.platform_requires));
        }
        json
    }
}

impl ProfileArgs {
    /// The arguments as a profile of their own.
    fn to_profile(&self) -> Result<Profile, ProfileError> {
        let mut profile = Profile::default();
        for argument in &self.settings {
            let (name, value) = argument
                .split_once('=')
                .ok_or_else(|| ProfileError::BadArgument(argument.clone()))?;
            parse::put_setting(&mut profile, name, value);
        }
        profile.options = Options::loads(&self.options.join("\n"))?;
        if self
            .conf
            .iter()
            .any(|it| it.starts_with("core.") || it.starts_with("core:"))
        {
            return Err(ProfileError::CoreConf);
        }
        profile.conf.loads(&self.conf.join("\n"), true)?;
        Ok(profile)
    }
}

fn load_included(
    name: &str,
    includer: Option<&str>,
    loader: &mut ProfileLoader<'_>,
    depth: usize,
) -> Result<Profile, ProfileError> {
    let source = loader(name, includer)?;
    let mut read = || {
        if depth >= MAX_INCLUDES {
            return Err(ProfileError::IncludeCycle);
        }
        let located = |(line, error): parse::Failure| ProfileError::Located {
            place: format!("{}:{line}", source.path),
            source: Box::new(error),
        };
        let parts = parse::split(&source.text).map_err(located)?;
        let mut profile = Profile::default();
        for included in &parts.includes {
            let inherited = load_included(included, Some(&source.path), loader, depth + 1)?;
            profile.compose_profile(&inherited)?;
        }
        profile.compose_profile(&parse::parse(&parts).map_err(located)?)?;
        Ok(profile)
    };
    read().map_err(|error| ProfileError::Reading {
        profile: name.to_owned(),
        source: Box::new(error),
    })
}

/// A reference takes the place of one with the same name.
fn replace_by_name(references: &mut Vec<RecipeReference>, new: RecipeReference) {
    match references.iter_mut().find(|it| it.name == new.name) {
        Some(slot) => *slot = new,
        None => references.push(new),
    }
}

fn apply<'a>(
    settings: &mut Settings,
    values: impl Iterator<Item = (&'a String, &'a String)>,
) -> Result<(), SettingsError> {
    for (name, value) in values {
        settings.set(name, (value != UNDEFINED).then_some(value))?;
    }
    Ok(())
}

fn setting_lines(prefix: &str, values: &IndexMap<String, String>) -> Vec<String> {
    let mut sorted: Vec<(&String, &String)> = values.iter().collect();
    sorted.sort();
    sorted
        .into_iter()
        .map(|(name, value)| {
            let value = if value == UNDEFINED { "None" } else { value };
            format!("{prefix}{name}={value}")
        })
        .collect()
}

fn settings_json(values: &IndexMap<String, String>) -> serde_json::Value {
    values
        .iter()
        .map(|(name, value)| {
            (
                name.clone(),
                (value != UNDEFINED).then_some(value.as_str()).into(),
            )
        })
        .collect::<serde_json::Map<String, serde_json::Value>>()
        .into()
}

fn texts(references: &[RecipeReference]) -> Vec<String> {
    references.iter().map(ToString::to_string).collect()
}

fn replacement_lines(values: &IndexMap<String, String>) -> Vec<String> {
    values
        .iter()
        .map(|(pattern, it)| format!("{pattern}: {it}"))
        .collect()
}

fn text_lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn section(lines: &mut Vec<String>, name: &str, content: Vec<String>) {
    if !content.is_empty() {
        lines.push(format!("[{name}]"));
        lines.extend(content);
    }
}

#[cfg(test)]
mod tests;
