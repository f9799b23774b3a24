//! `settings.yml`, `global.conf` and the command line's confs.

use std::path::Path;
use std::sync::{Arc, Mutex};

use crom_model::conf::{ConfDefinition, ConfError};
use crom_model::reporter::Reporter;
use crom_model::settings::SettingsDefinition;
use crom_model::version::Version;
use crom_model::version_range::VersionRange;

use crate::error::{Result, StoreError};
use crate::home::{CONAN_VERSION, Home, is_user_edited};
use crate::optional_file::read_if_exists;
use crate::template::{Messages, TemplateError, TemplateInput, render};
use crate::variables::Variables;

/// The settings of a home: `settings.yml`, or the default ones where it isn't there or was generated
/// by an older Conan (which would replace it, too), with `settings_user.yml` merged over them.
///
/// # Errors
/// When a file isn't valid.
pub fn load_settings(home: &Home) -> Result<Arc<SettingsDefinition>> {
    let path = home.settings_file();
    let text = if is_outdated(home, &path)? {
        None
    } else {
        read_if_exists(&path)?
    };
    let text = text
        .as_deref()
        .unwrap_or_else(|| SettingsDefinition::default_text());
    let user_path = home.settings_user_file();
    let user = read_if_exists(&user_path)?;
    let user_name = user_path.display().to_string();
    let user = user.as_deref().map(|text| (user_name.as_str(), text));
    Ok(Arc::new(SettingsDefinition::load(
        text,
        &path.display().to_string(),
        user,
    )?))
}

/// True for a generated file in a home that an older version was used with last.
fn is_outdated(home: &Home, path: &Path) -> Result<bool> {
    let Some(version) = read_if_exists(&home.version_file())? else {
        return Ok(false);
    };
    let older = Version::new(version.trim()) < Version::new(CONAN_VERSION);
    Ok(older && crom_fs::exists(path) && !is_user_edited(path)?)
}

/// The confs of a home (`global.conf`, rendered) with `-cc` values over them.
///
/// # Errors
/// A line that isn't a conf and a name that doesn't exist, with file and line; a `-cc` value that
/// isn't of `core`.
pub fn load_global_conf(
    home: &Home,
    variables: &Arc<Variables>,
    core_conf: &[String],
    reporter: &dyn Reporter,
) -> Result<ConfDefinition> {
    let path = home.global_conf_file();
    let mut definition = ConfDefinition::default();
    if let Some(text) = read_if_exists(&path)? {
        let rendered = render_global_conf(home, variables, &path, &text, reporter)?;
        let located = |error: ConfError| located(&path, &rendered, error);
        definition.loads(&rendered, false).map_err(located)?;
        definition.validate().map_err(located)?;
    }
    let command_line = core_conf_definition(core_conf)?;
    definition.update_conf_definition(&command_line)?;
    check_required_version(&definition)?;
    Ok(definition)
}

fn check_required_version(definition: &ConfDefinition) -> Result<()> {
    let Some(required) = definition.global().get_str("core:required_conan_version")? else {
        return Ok(());
    };
    let range = VersionRange::parse(&required)
        .map_err(|error| StoreError::Invalid(format!("core:required_conan_version: {error}")))?;
    if range.contains(&Version::new(CONAN_VERSION), None) {
        return Ok(());
    }
    Err(StoreError::RequiredVersion {
        current: CONAN_VERSION,
        required,
    })
}

fn core_conf_definition(core_conf: &[String]) -> Result<ConfDefinition> {
    let mut definition = ConfDefinition::default();
    for conf in core_conf {
        if !["core.", "core:", "crom."]
            .iter()
            .any(|it| conf.starts_with(it))
        {
            return Err(StoreError::Invalid(format!(
                "Only core. values are allowed in --core-conf. Got {conf}"
            )));
        }
        definition.loads(conf, false)?;
    }
    definition.validate()?;
    Ok(definition)
}

fn render_global_conf(
    home: &Home,
    variables: &Arc<Variables>,
    path: &Path,
    text: &str,
    reporter: &dyn Reporter,
) -> Result<String> {
    let input = TemplateInput {
        variables,
        folders: vec![home.root().to_path_buf()],
        names: vec![("conan_home_folder", crom_fs::tree::slashed(home.root()))],
    };
    let messages: Messages = Arc::new(Mutex::new(Vec::new()));
    let rendered = render(text, &path.display().to_string(), &input, &messages);
    tell(&messages, reporter);
    rendered.map_err(|error| StoreError::Template {
        message: format!(
            "Error loading 'global.conf' in home folder: {}",
            place(path, &error)
        ),
    })
}

/// Passes on what detection said while a template was rendered.
pub(crate) fn tell(messages: &Messages, reporter: &dyn Reporter) {
    use crom_model::reporter::{Level, Style};
    let collected = messages
        .lock()
        .map(|mut list| std::mem::take(&mut *list))
        .unwrap_or_default();
    for message in collected {
        if message.level == Level::Warning {
            reporter.warning(None, &message.scope, &message.text);
        } else {
            reporter.message(message.level, Style::Plain, &message.scope, &message.text);
        }
    }
}

/// `file:line: problem`
pub(crate) fn place(path: &Path, error: &TemplateError) -> String {
    let own = path.display().to_string();
    let name = error.name.as_deref().unwrap_or(&own);
    match error.line {
        Some(line) => format!("{name}:{line}: {}", error.problem),
        None => format!("{name}: {}", error.problem),
    }
}

/// Adds file and line: the first line that the error is about.
fn located(path: &Path, text: &str, error: ConfError) -> StoreError {
    let word = match &error {
        ConfError::BadDefinition { number, .. } => {
            return StoreError::GlobalConf {
                path: path.to_path_buf(),
                line: *number,
                source: error,
            };
        }
        other => {
            let message = other.to_string();
            message.split('\'').nth(1).unwrap_or_default().to_owned()
        }
    };
    let line = text
        .lines()
        .position(|line| !word.is_empty() && line.contains(&word));
    match line {
        Some(index) => StoreError::GlobalConf {
            path: path.to_path_buf(),
            line: index + 1,
            source: error,
        },
        None => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use crom_model::reporter::Silent;

    use super::*;

    fn load(text: &str, core_conf: &[&str]) -> Result<Vec<(String, String)>> {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        crom_fs::write(home.global_conf_file(), text).unwrap();
        crom_fs::write(
            home.root().join("user_global.conf"),
            "{% set myvar = 42 %}\nuser.mycompany:parallel = {{myvar}}\n",
        )
        .unwrap();
        let variables: Variables = [("HOME", "/u")].into_iter().collect();
        let core_conf: Vec<String> = core_conf.iter().map(|c| (*c).to_owned()).collect();
        let definition = load_global_conf(&home, &Arc::new(variables), &core_conf, &Silent)?;
        Ok(definition
            .show("*")
            .into_iter()
            .map(|(n, v)| (n, v.to_python_str()))
            .collect())
    }

    fn value(confs: &[(String, String)], name: &str) -> String {
        confs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.clone())
            .unwrap_or_default()
    }

    #[test]
    fn it_is_rendered() {
        let confs = load(
            "{% include \"user_global.conf\" %}\n{% import \"user_global.conf\" as vars %}\n\
             user.mycompany:dist = {{vars.myvar*2}}\n\
             user.a:b = {{os.getenv('HOME')}}-{{os.path.join('a','b')}}-{{conan_version}}-{{conan_version > 0.1}}\n\
             user.a:hash = {{ hashlib.md5('a'.encode()).hexdigest() }}\n",
            &["core:default_profile=potato"],
        )
        .unwrap();
        assert_eq!(value(&confs, "user.mycompany:parallel"), "42");
        assert_eq!(value(&confs, "user.mycompany:dist"), "84");
        assert_eq!(value(&confs, "user.a:b"), "/u-a/b-2.34.0-True");
        assert_eq!(
            value(&confs, "user.a:hash"),
            "0cc175b9c0f1b6a831c399e269772661"
        );
        assert_eq!(value(&confs, "core:default_profile"), "potato");
    }

    #[test]
    fn errors_name_file_and_line() {
        let error = load(
            "tools.build:verbosity=quiet\ntools.unknown:conf=value\n",
            &[],
        )
        .unwrap_err();
        let text = error.to_string();
        assert!(text.contains("global.conf:2: [conf]"), "{text}");
        assert!(
            text.contains("'tools.unknown:conf' does not exist in configuration list"),
            "{text}"
        );
        let text = load("user.a:b=1\nbroken line\n", &[])
            .unwrap_err()
            .to_string();
        assert!(
            text.contains("global.conf:2: Bad conf definition: broken line"),
            "{text}"
        );
        let text = load("user.a:b=1\nuser.a:c={{ os.nope() }}\n", &[])
            .unwrap_err()
            .to_string();
        assert!(text.contains("Error loading 'global.conf'"), "{text}");
        assert!(
            text.contains(":2: 'module object' has no attribute 'nope'"),
            "{text}"
        );
    }

    #[test]
    fn a_version_can_be_required() {
        assert!(load("core:required_conan_version=>=2.0 <3\n", &[]).is_ok());
        let text = load("core:required_conan_version=>=3\n", &[])
            .unwrap_err()
            .to_string();
        assert_eq!(
            text,
            "Current Conan version (2.34.0) does not satisfy the defined one (>=3)"
        );
    }

    #[test]
    fn settings_of_the_home_and_of_the_user() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let names = || load_settings(&home).unwrap().names();
        assert!(names().contains(&"compiler".to_owned()));
        crom_fs::write(home.settings_user_file(), "libc: [glibc, musl]\n").unwrap();
        assert!(names().contains(&"libc".to_owned()));
        crom_fs::write(home.settings_file(), "os: [Linux]\n").unwrap();
        assert_eq!(names(), ["os", "libc"]);
        // A generated file of an older version is as good as none.
        crom_fs::write(home.version_file(), "2.10.0").unwrap();
        assert_eq!(names(), ["os", "libc"]);
        let generated = "# This file was generated by Conan. Remove it\nos: [Linux]\n";
        crom_fs::write(home.settings_file(), generated).unwrap();
        assert!(names().contains(&"compiler".to_owned()));
        crom_fs::write(home.version_file(), "2.34.0").unwrap();
        assert_eq!(names(), ["os", "libc"]);
    }

    #[test]
    fn only_core_confs_on_the_command_line() {
        let text = load("", &["tools.build:jobs=1"]).unwrap_err().to_string();
        assert_eq!(
            text,
            "Only core. values are allowed in --core-conf. Got tools.build:jobs=1"
        );
        let text = load("", &["core:nope=1"]).unwrap_err().to_string();
        assert!(
            text.starts_with("[conf] 'core:nope' does not exist"),
            "{text}"
        );
        let text = load("", &["core:non_interactive"]).unwrap_err().to_string();
        assert!(
            text.starts_with("Bad conf definition: core:non_interactive"),
            "{text}"
        );
    }
}
