//! The environment variables that configure Crom, read in one place.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// A snapshot of the environment. Crates below the binary get their configuration from here and
/// never ask the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    values: BTreeMap<String, String>,
}

impl Variables {
    /// Everything in the environment of this process. Names and values that aren't Unicode are
    /// kept with replacement characters: none of those that matter here may hold such.
    pub fn from_process() -> Self {
        std::env::vars_os()
            .map(|(name, value)| {
                (
                    name.to_string_lossy().into_owned(),
                    value.to_string_lossy().into_owned(),
                )
            })
            .collect()
    }

    /// The value of a variable; an empty one counts as set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The value of a variable that is set to something.
    pub fn get_filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Sets a variable for what follows; the process doesn't see it.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// All variables, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// `CONAN_HOME`
    pub fn conan_home(&self) -> Option<&str> {
        self.get_filled("CONAN_HOME")
    }

    /// `CONAN_DEFAULT_PROFILE`: a name or path.
    pub fn default_profile(&self) -> Option<&str> {
        self.get_filled("CONAN_DEFAULT_PROFILE")
    }

    /// `CONAN_DEFAULT_BUILD_PROFILE`: a name or path.
    pub fn default_build_profile(&self) -> Option<&str> {
        self.get_filled("CONAN_DEFAULT_BUILD_PROFILE")
    }

    /// `CONAN_LOG_LEVEL`: overrules `-v`.
    pub fn log_level(&self) -> Option<&str> {
        self.get_filled("CONAN_LOG_LEVEL")
    }

    /// What the user says of colours: `Some(false)` for `NO_COLOR`, `Some(true)` for
    /// `CLICOLOR_FORCE` (anything but `0`), which wins, else `None`.
    pub fn color(&self) -> Option<bool> {
        let set = |name| self.get(name).is_some_and(|value| value != "0");
        if set("CLICOLOR_FORCE") {
            Some(true)
        } else if self.get("NO_COLOR").is_some() {
            Some(false)
        } else {
            None
        }
    }

    /// `CONAN_COLOR_DARK`: colours for a bright background.
    pub fn dark_colors(&self) -> bool {
        self.get_filled("CONAN_COLOR_DARK")
            .is_some_and(|value| value != "0")
    }

    /// The user's folder: `USERPROFILE` on Windows, else `HOME`.
    pub fn user_folder(&self) -> Option<PathBuf> {
        let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        self.get_filled(name).map(PathBuf::from)
    }

    /// Login for a remote: `CONAN_LOGIN_USERNAME[_REMOTE]` and `CONAN_PASSWORD[_REMOTE]`, the name
    /// of the remote in upper case with `_` for `-`, `.` and spaces.
    pub fn login(&self, remote: &str) -> (Option<&str>, Option<&str>) {
        let suffix: String = remote
            .chars()
            .map(|c| match c {
                '-' | '.' | ' ' => '_',
                other => other.to_ascii_uppercase(),
            })
            .collect();
        let look = |name: &str| {
            self.get_filled(&format!("{name}_{suffix}"))
                .or_else(|| self.get_filled(name))
        };
        (look("CONAN_LOGIN_USERNAME"), look("CONAN_PASSWORD"))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Variables {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(pairs: T) -> Self {
        Self {
            values: pairs
                .into_iter()
                .map(|(n, v)| (n.into(), v.into()))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_of_a_remote_is_preferred() {
        let variables: Variables = [
            ("CONAN_LOGIN_USERNAME", "all"),
            ("CONAN_LOGIN_USERNAME_MY_REMOTE", "mine"),
            ("CONAN_PASSWORD", "secret"),
        ]
        .into_iter()
        .collect();
        assert_eq!(variables.login("my-remote"), (Some("mine"), Some("secret")));
        assert_eq!(variables.login("other"), (Some("all"), Some("secret")));
    }

    #[test]
    fn forced_colours_win() {
        let variables: Variables = [("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]
            .into_iter()
            .collect();
        assert_eq!(variables.color(), Some(true));
        let variables: Variables = [("NO_COLOR", "")].into_iter().collect();
        assert_eq!(variables.color(), Some(false));
    }
}
