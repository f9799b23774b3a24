//! What a graph is asked for: root, profiles, options.

use std::sync::Arc;

use crom_model::conf::{Conf, ConfError};
use crom_model::lockfile::Lockfile;
use crom_model::package_id::RequirementsInfo;
use crom_model::profile::Profile;
use crom_model::reference::RecipeReference;
use crom_model::settings::SettingsDefinition;
use crom_model::view::Context;
use crom_recipe::{GivenReference, RecipeFile, RecipeSource};

/// The root of a graph.
#[derive(Clone, Debug)]
pub struct RootSpec {
    /// The conanfile, or the one made for `--requires` or read from a `conanfile.txt`
    /// ([`RecipeSource::Declared`]).
    pub recipe: RecipeFile,
    /// `--name`, `--version`, `--user`, `--channel`.
    pub given: GivenReference,
    /// What kind of root.
    pub kind: RootKind,
    /// As people see it, e.g. `conanfile.py`; the reference is added in brackets.
    pub display: String,
    /// `--build-require`: the conanfile is meant for the build context.
    pub build_require: bool,
    /// Options given without a pattern (`-o shared=True`) mean this package. None: the conanfile.
    pub scope: Option<RecipeReference>,
    /// The root stands for a recipe in the cache (`create`'s own nodes, `lock`): its revision.
    pub revision: Option<String>,
}

/// Kinds of root.
#[derive(Clone, Debug, PartialEq)]
pub enum RootKind {
    /// Made for `--requires` and `--tool-requires`.
    Cli,
    /// A conanfile.
    Consumer,
    /// The conanfile of a test package.
    TestPackage {
        /// What it tests, with revision.
        tested: RecipeReference,
    },
}

impl RootSpec {
    /// The root of `--requires=... --tool-requires=...`.
    pub fn cli(requires: &[RecipeReference], tool_requires: &[RecipeReference]) -> Self {
        let scope = match (requires, tool_requires) {
            ([only], []) | ([], [only]) => {
                let mut scope = only.clone();
                if scope.version.is_range() {
                    scope.version = "*".into();
                }
                Some(scope)
            }
            _ => None,
        };
        let text =
            |refs: &[RecipeReference]| refs.iter().map(RecipeReference::repr_notime).collect();
        Self {
            recipe: RecipeFile {
                source: RecipeSource::Declared {
                    display: String::from("cli"),
                    requires: text(requires),
                    tool_requires: text(tool_requires),
                    test_requires: Vec::new(),
                    generators: Vec::new(),
                    options: Box::default(),
                    layout: None,
                },
                folder: std::path::PathBuf::new(),
                digest: None,
            },
            given: GivenReference::default(),
            kind: RootKind::Cli,
            display: String::from("cli"),
            build_require: false,
            scope,
            revision: None,
        }
    }

    /// A conanfile of the user.
    pub fn consumer(recipe: RecipeFile, display: &str, given: GivenReference) -> Self {
        Self {
            recipe,
            given,
            kind: RootKind::Consumer,
            display: display.to_owned(),
            build_require: false,
            scope: None,
            revision: None,
        }
    }

    /// The conanfile of a test package.
    pub fn test_package(recipe: RecipeFile, tested: RecipeReference) -> Self {
        let mut scope = tested.clone();
        scope.revision = None;
        scope.timestamp = None;
        Self {
            recipe,
            given: GivenReference::default(),
            display: format!("{scope} (test package)"),
            kind: RootKind::TestPackage { tested },
            build_require: false,
            scope: Some(scope),
            revision: None,
        }
    }

    pub(crate) fn context(&self) -> Context {
        if self.build_require {
            Context::Build
        } else {
            Context::Host
        }
    }
}

/// The two profiles, with `global.conf` rebased into their confs already.
#[derive(Clone, Debug)]
pub struct ProfilesInput {
    /// For the machine that the binaries are for.
    pub host: Profile,
    /// For the machine that builds.
    pub build: Profile,
    /// `settings.yml`
    pub settings_definition: Arc<SettingsDefinition>,
}

/// How a graph is computed, beside root and profiles.
#[derive(Clone, Debug, Default)]
pub struct GraphOptions {
    /// `--update`
    pub update: UpdatePolicy,
    /// `core.version_ranges:resolve_prereleases`
    pub resolve_prereleases: Option<bool>,
    /// `--lockfile`
    pub lockfile: Option<Lockfile>,
    /// `core.package_id:*`
    pub modes: PackageIdModes,
    /// `core.graph:compatibility_mode=optimized`
    pub optimized_compatibility: bool,
    /// What `core.package_id:config_mode` adds to every package id.
    pub config_version: Option<RequirementsInfo>,
}

/// `--update [name]`: what is looked for in remotes although the cache has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum UpdatePolicy {
    /// Nothing.
    #[default]
    Never,
    /// Everything.
    All,
    /// Packages of these names.
    Names(Vec<String>),
}

impl UpdatePolicy {
    /// Is an update of this package wanted?
    pub fn wants(&self, reference: &RecipeReference) -> bool {
        match self {
            Self::Never => false,
            Self::All => true,
            // Whole names, not patterns.
            Self::Names(names) => names
                .iter()
                .any(|name| name == "*" || *name == reference.name),
        }
    }
}

/// How dependencies enter package ids where neither requirement nor dependency say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageIdModes {
    /// `core.package_id:default_unknown_mode`
    pub unknown: String,
    /// `core.package_id:default_non_embed_mode`
    pub non_embed: String,
    /// `core.package_id:default_embed_mode`
    pub embed: String,
    /// `core.package_id:default_python_mode`
    pub python: String,
    /// `core.package_id:default_build_mode`
    pub build: Option<String>,
}

impl Default for PackageIdModes {
    fn default() -> Self {
        Self {
            unknown: String::from("semver_mode"),
            non_embed: String::from("minor_mode"),
            embed: String::from("full_mode"),
            python: String::from("minor_mode"),
            build: None,
        }
    }
}

impl PackageIdModes {
    /// From `global.conf`.
    ///
    /// # Errors
    /// For a conf that isn't text.
    pub fn from_conf(conf: &Conf) -> Result<Self, ConfError> {
        let default = Self::default();
        let get = |name: &str, otherwise: String| {
            Ok(conf
                .get_str(&format!("core.package_id:{name}"))?
                .unwrap_or(otherwise))
        };
        Ok(Self {
            unknown: get("default_unknown_mode", default.unknown)?,
            non_embed: get("default_non_embed_mode", default.non_embed)?,
            embed: get("default_embed_mode", default.embed)?,
            python: get("default_python_mode", default.python)?,
            build: conf.get_str("core.package_id:default_build_mode")?,
        })
    }
}
