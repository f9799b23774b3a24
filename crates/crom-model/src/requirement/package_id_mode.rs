use serde::{Deserialize, Serialize};

use super::Requirement;
use crate::package_type::PackageType;

/// How a dependency enters the package id of its consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackageIdMode {
    /// Not at all.
    UnrelatedMode,
    /// `1.Y.Z`; the whole version below 1.0.
    SemverMode,
    /// `1.Y.Z`
    MajorMode,
    /// `1.2.Z`
    MinorMode,
    /// `1.2.3`
    PatchMode,
    /// `1.2.3.4`
    MicroMode,
    /// The whole version.
    FullVersionMode,
    /// Name, version, user, channel.
    FullRecipeMode,
    /// `...#rrev`; the same as [`RevisionMode`](Self::RevisionMode).
    RecipeRevisionMode,
    /// `...#rrev`
    RevisionMode,
    /// `...:package_id`
    FullPackageMode,
    /// `...#rrev:package_id`
    FullMode,
}

impl PackageIdMode {
    const NAMES: [(PackageIdMode, &'static str); 12] = [
        (PackageIdMode::UnrelatedMode, "unrelated_mode"),
        (PackageIdMode::SemverMode, "semver_mode"),
        (PackageIdMode::MajorMode, "major_mode"),
        (PackageIdMode::MinorMode, "minor_mode"),
        (PackageIdMode::PatchMode, "patch_mode"),
        (PackageIdMode::MicroMode, "micro_mode"),
        (PackageIdMode::FullVersionMode, "full_version_mode"),
        (PackageIdMode::FullRecipeMode, "full_recipe_mode"),
        (PackageIdMode::RecipeRevisionMode, "recipe_revision_mode"),
        (PackageIdMode::RevisionMode, "revision_mode"),
        (PackageIdMode::FullPackageMode, "full_package_mode"),
        (PackageIdMode::FullMode, "full_mode"),
    ];

    /// From the text of an attribute, e.g. `minor_mode`.
    pub fn parse(text: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(_, name)| *name == text);
        found.map(|(mode, _)| *mode)
    }

    /// The text of the attribute.
    pub fn as_str(self) -> &'static str {
        let found = Self::NAMES.iter().find(|(mode, _)| *mode == self);
        found.map_or("", |(_, name)| name)
    }
}

/// What decides a dependency's package id mode. Each mode is the attribute of the dependency's
/// recipe (`package_id_embed_mode`, ...) or else the conf (`core.package_id:default_embed_mode`, ...).
#[derive(Clone, Debug)]
pub struct PackageIdModeInput<'a> {
    /// The consumer's type.
    pub consumer: PackageType,
    /// The dependency's type.
    pub dependency: PackageType,
    /// When the consumer links to the dependency without containing it.
    pub non_embed_mode: Option<&'a str>,
    /// When the dependency becomes a part of the consumer's binary.
    pub embed_mode: Option<&'a str>,
    /// When a type is unknown.
    pub unknown_mode: Option<&'a str>,
    /// For tools; none: they don't matter.
    pub build_mode: Option<&'a str>,
    /// The consumer's `required_conan_version` asks for 2.28 or newer: a static library that a
    /// static library only passes on for linking doesn't matter.
    pub fix_transitive_static: bool,
}

impl Requirement {
    /// Sets `package_id_mode` if nobody did. True if the dependency only counts because
    /// `fix_transitive_static` is off, which deserves a warning.
    pub fn deduce_package_id_mode(&mut self, input: &PackageIdModeInput<'_>) -> bool {
        if self.package_id_mode.is_some() {
            return false;
        }
        let mut suboptimal = false;
        let mode = if self.build {
            if self.direct() && !self.test() {
                input.build_mode
            } else {
                None
            }
        } else if self.test() {
            None
        } else if input.consumer == PackageType::HeaderLibrary {
            Some(PackageIdMode::UnrelatedMode.as_str())
        } else if !self.headers() && !self.libs() {
            None
        } else {
            match (input.consumer, input.dependency) {
                (
                    PackageType::SharedLibrary | PackageType::Application,
                    PackageType::SharedLibrary,
                ) => input.non_embed_mode,
                (PackageType::SharedLibrary | PackageType::Application, _)
                | (PackageType::StaticLibrary, PackageType::HeaderLibrary) => input.embed_mode,
                (PackageType::StaticLibrary, _) => {
                    suboptimal = !self.headers() && !input.fix_transitive_static;
                    (self.headers() || !input.fix_transitive_static)
                        .then_some(input.non_embed_mode)
                        .flatten()
                }
                _ => input.unknown_mode,
            }
        };
        self.package_id_mode = mode.map(str::to_owned);
        suboptimal
    }
}
