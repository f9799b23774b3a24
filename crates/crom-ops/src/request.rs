//! What several operations are asked for, as plain values.

use crom_store::remotes::RemoteConfig;
use std::path::PathBuf;

/// Profiles, settings, options and confs of both contexts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProfileSelection {
    /// For the machine that the binaries are for.
    pub host: ContextSelection,
    /// For the machine that builds.
    pub build: ContextSelection,
}

/// What was asked of one context.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContextSelection {
    /// Names or paths; the default profile where there are none.
    pub profiles: Vec<String>,
    /// `name=value` or `pattern:name=value`
    pub settings: Vec<String>,
    /// `name=value` or `pattern:name=value`
    pub options: Vec<String>,
    /// `name=value` with Conan's operators.
    pub conf: Vec<String>,
}

/// Which remotes may be used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteSelection {
    /// `-r`: names or patterns; all enabled ones where there are none.
    pub patterns: Vec<String>,
    /// `-nr`
    pub none: bool,
    /// The root of a folder of recipes that goes before everything: what it has a recipe for comes
    /// from nowhere else, neither versions nor recipes. Not a remote of the home.
    pub index: Option<PathBuf>,
    /// Only this one, which isn't of the home.
    pub server: Option<RemoteConfig>,
}

/// `--lockfile` and its kin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LockfileSelection {
    /// `None` uses `conan.lock` where there is one, an empty text uses none.
    pub path: Option<String>,
    /// Accept what the lockfile doesn't list.
    pub partial: bool,
    /// Lock package ids and revisions too.
    pub packages: bool,
    /// Where to write the resulting one.
    pub out: Option<PathBuf>,
    /// Drop what isn't used from the resulting one.
    pub clean: bool,
    /// JSON
    pub overrides: Option<String>,
}

/// What to resolve.
#[derive(Clone, Debug, PartialEq)]
pub enum RootRequest {
    /// A conanfile, or the folder of one.
    Path(String),
    /// `--requires` and `--tool-requires`
    References {
        /// In order.
        requires: Vec<String>,
        /// In order.
        tool_requires: Vec<String>,
    },
}

impl Default for RootRequest {
    fn default() -> Self {
        Self::Path(".".to_owned())
    }
}
