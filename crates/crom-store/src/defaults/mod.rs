//! The files that every home has: plugins and `settings.yml` for users to edit, `global.conf`,
//! and `version.txt`, which tells who used the home last.
//!
//! A plugin or `settings.yml` that starts with the header of generated files belongs to the program:
//! it is replaced when another version uses the home. The plugins here do what is built in, so that
//! Conan, which runs them, decides the same in a home that Crom made.

use std::path::Path;

use crom_model::reporter::Reporter;
use crom_model::settings::SettingsDefinition;
use crom_model::version::Version;

use crate::error::Result;
use crate::home::{CONAN_VERSION, Home, is_user_edited};
use crate::optional_file::read_if_exists;

const GLOBAL_CONF: &str = include_str!("global.conf");
const PROFILE_PLUGIN: &str = include_str!("profile.py");
const COMPATIBILITY_PLUGIN: &str = include_str!("compatibility.py");

impl Home {
    /// Completes a home that is new, or that another version used last. A home of this version
    /// gets only a `global.conf` and a `settings.yml` that are gone: who removes a plugin shall hear
    /// of it.
    ///
    /// # Errors
    /// A file can't be written. A home that may only be read is left as it is.
    pub fn complete(&self, reporter: &dyn Reporter) -> Result<()> {
        match self.write_defaults(reporter) {
            Err(error) if error.is_read_only() => Ok(()),
            done => done,
        }
    }

    fn write_defaults(&self, reporter: &dyn Reporter) -> Result<()> {
        crom_fs::create_dir_all(self.root())?;
        let used_by = read_if_exists(&self.version_file())?;
        let used_by = used_by.as_deref().map(str::trim);
        if used_by == Some(CONAN_VERSION) {
            add(&self.global_conf_file(), GLOBAL_CONF)?;
            return add(&self.settings_file(), SettingsDefinition::default_text());
        }
        if let Some(other) = used_by
            && Version::new(other) > Version::new(CONAN_VERSION)
        {
            let text = format!("Downgrading cache from Conan {other} to {CONAN_VERSION}");
            reporter.warning(None, "", &text);
        }
        add(&self.global_conf_file(), GLOBAL_CONF)?;
        replace(&self.settings_file(), SettingsDefinition::default_text())?;
        replace(&self.profile_plugin_file(), PROFILE_PLUGIN)?;
        replace(&self.compatibility_plugin_file(), COMPATIBILITY_PLUGIN)?;
        // Last: a home with this file is complete.
        crom_fs::write_atomic(self.version_file(), CONAN_VERSION)?;
        Ok(())
    }

    /// Where a plugin is that every home has.
    ///
    /// # Errors
    /// It was removed from a home that had it.
    pub fn expect_plugin(&self, path: &Path) -> Result<()> {
        if crom_fs::exists(path) || !crom_fs::exists(self.version_file()) {
            return Ok(());
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Err(crate::StoreError::PluginRemoved {
            name: name.into_owned(),
        })
    }
}

/// Writes a file that isn't there.
fn add(path: &Path, text: &str) -> Result<()> {
    if !crom_fs::exists(path) {
        crom_fs::write_atomic(path, text)?;
    }
    Ok(())
}

/// Writes a file unless a user made it his own.
fn replace(path: &Path, text: &str) -> Result<()> {
    if is_user_edited(path)? {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        crom_fs::create_dir_all(folder)?;
    }
    crom_fs::write_atomic(path, text)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crom_model::reporter::Silent;

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().join("home"));
        home.complete(&Silent).unwrap();
        (folder, home)
    }

    #[test]
    fn a_new_home_gets_the_default_files() {
        let (_folder, home) = home();
        let version = crom_fs::read_text(home.version_file()).unwrap();
        assert_eq!(version, CONAN_VERSION);
        for file in [
            home.settings_file(),
            home.profile_plugin_file(),
            home.compatibility_plugin_file(),
        ] {
            assert!(crom_fs::is_file(&file) && !is_user_edited(&file).unwrap());
        }
        assert!(crom_fs::is_file(home.global_conf_file()));
    }

    #[test]
    fn a_removed_plugin_is_told_and_not_made_again() {
        let (_folder, home) = home();
        let plugin = home.profile_plugin_file();
        home.expect_plugin(&plugin).unwrap();
        crom_fs::remove_file(&plugin).unwrap();
        crom_fs::remove_file(home.global_conf_file()).unwrap();
        home.complete(&Silent).unwrap();
        let error = home.expect_plugin(&plugin).unwrap_err().to_string();
        assert!(error.starts_with("The 'profile.py' plugin file doesn't exist"));
        assert!(crom_fs::is_file(home.global_conf_file()));
    }

    #[test]
    fn another_version_replaces_what_nobody_edited() {
        let (_folder, home) = home();
        let (own, generated) = (home.settings_file(), home.profile_plugin_file());
        crom_fs::write(&own, "os: [Linux]\n").unwrap();
        crom_fs::write(&generated, "# This file was generated by Conan. Old\n").unwrap();
        crom_fs::write(home.version_file(), "2.10.0").unwrap();
        home.complete(&Silent).unwrap();
        assert_eq!(crom_fs::read_text(own).unwrap(), "os: [Linux]\n");
        assert_eq!(crom_fs::read_text(generated).unwrap(), PROFILE_PLUGIN);
    }
}
