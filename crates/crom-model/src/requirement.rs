//! Requirements and their traits: what a recipe asks of one dependency, and what of it reaches the
//! consumers further down.

mod downstream;
mod package_id_mode;
#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::package_type::PackageType;
use crate::reference::RecipeReference;
use crate::version_range::{VersionRange, VersionRangeError};

pub use package_id_mode::{PackageIdMode, PackageIdModeInput};

/// What a recipe asks of one dependency.
///
/// Traits that nobody set are `None`; the method with the trait's name gives the value with its
/// default. [`process_package_type`](Self::process_package_type) sets what follows from package
/// types.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    /// What is required: at first a version, a range or an override; later the resolved version.
    pub reference: RecipeReference,
    /// The reference as the recipe wrote it; `require` in the graph's JSON.
    pub declared: RecipeReference,
    /// Headers are included. Default true.
    pub headers: Option<bool>,
    /// Libraries are linked. Default true.
    pub libs: Option<bool>,
    /// In the build context.
    pub build: bool,
    /// Executables or shared libraries are run. Default false.
    pub run: Option<bool>,
    /// Seen by consumers of the consumer. Default true.
    pub visible: Option<bool>,
    /// Consumers of the consumer include its headers too; none leaves it to the package types.
    pub transitive_headers: Option<bool>,
    /// Consumers of the consumer link it too; none leaves it to the package types.
    pub transitive_libs: Option<bool>,
    /// Only for tests of the consumer. Default false.
    pub test: Option<bool>,
    /// How it enters the package id of the consumer; text, since a recipe may write anything.
    pub package_id_mode: Option<String>,
    /// Its version wins over those of other requirements. Default false.
    pub force: Option<bool>,
    /// Only its version counts, it isn't a requirement of its own. Default false.
    #[serde(rename = "override")]
    pub override_: Option<bool>,
    /// Declared by the consumer itself. Default true.
    pub direct: Option<bool>,
    /// The graph may have one version only. Default: visible or test.
    pub consistent: Option<bool>,
    /// `options=`: values for the dependency.
    pub options: Option<IndexMap<String, Option<String>>>,
    /// Never skip the binary.
    pub no_skip: bool,
    /// The binary isn't needed.
    pub skip: bool,
    /// Declared with `test_requires` (or `test=True`).
    pub is_test: bool,
    /// What was required before an override.
    pub overriden_ref: Option<RecipeReference>,
    /// What an override asks for.
    pub override_ref: Option<RecipeReference>,
}

/// An impossible requirement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequirementError {
    /// A package that isn't linked can't have a library below it.
    #[error(
        "Package '{package}' with type '{package_type}' cannot have a '{dependency_type}' dependency to '{dependency}'"
    )]
    Forbidden {
        /// The package in the middle.
        package: String,
        /// Its type.
        package_type: PackageType,
        /// What it requires.
        dependency: String,
        /// The type of that.
        dependency_type: PackageType,
    },
    /// `visible=True, consistent=False`
    #[error(
        "Requirement {0} with visible=True and consistent=False is not supported. Please open a Github ticket to report it"
    )]
    VisibleNotConsistent(String),
}

impl Requirement {
    /// `self.requires(ref)`: everything open.
    pub fn new(reference: RecipeReference) -> Self {
        Self {
            declared: reference.clone(),
            reference,
            headers: None,
            libs: None,
            build: false,
            run: None,
            visible: None,
            transitive_headers: None,
            transitive_libs: None,
            test: None,
            package_id_mode: None,
            force: None,
            override_: None,
            direct: None,
            consistent: None,
            options: None,
            no_skip: false,
            skip: false,
            is_test: false,
            overriden_ref: None,
            override_ref: None,
        }
    }

    /// `self.build_requires(ref)`: in the build context, invisible; `run` is open.
    pub fn build_require(reference: RecipeReference) -> Self {
        Self {
            headers: Some(false),
            libs: Some(false),
            build: true,
            visible: Some(false),
            ..Self::new(reference)
        }
    }

    /// `self.tool_requires(ref)`: as [`build_require`](Self::build_require), and run.
    pub fn tool(reference: RecipeReference) -> Self {
        Self {
            run: Some(true),
            ..Self::build_require(reference)
        }
    }

    /// `self.test_requires(ref)`: linked by tests, invisible.
    pub fn test_require(reference: RecipeReference) -> Self {
        Self {
            headers: Some(true),
            libs: Some(true),
            visible: Some(false),
            test: Some(true),
            is_test: true,
            ..Self::new(reference)
        }
    }

    /// The combinations of traits that are refused when a requirement is declared.
    pub fn check(&self) -> Result<(), RequirementError> {
        if self.consistent == Some(false) && self.visible() {
            return Err(RequirementError::VisibleNotConsistent(
                self.reference.to_string(),
            ));
        }
        Ok(())
    }

    /// `headers`, with its default.
    pub fn headers(&self) -> bool {
        self.headers.unwrap_or(true)
    }

    /// `libs`, with its default.
    pub fn libs(&self) -> bool {
        self.libs.unwrap_or(true)
    }

    /// `run`, with its default.
    pub fn run(&self) -> bool {
        self.run.unwrap_or(false)
    }

    /// `visible`, with its default.
    pub fn visible(&self) -> bool {
        self.visible.unwrap_or(true)
    }

    /// `test`, with its default.
    pub fn test(&self) -> bool {
        self.test.unwrap_or(false)
    }

    /// `force`, with its default.
    pub fn force(&self) -> bool {
        self.force.unwrap_or(false)
    }

    /// `override`, with its default.
    pub fn is_override(&self) -> bool {
        self.override_.unwrap_or(false)
    }

    /// `direct`, with its default.
    pub fn direct(&self) -> bool {
        self.direct.unwrap_or(true)
    }

    /// `consistent`, with its default.
    pub fn consistent(&self) -> bool {
        self.consistent.unwrap_or(self.visible() || self.test())
    }

    /// Whether any file of the package is used.
    pub fn files(&self) -> bool {
        self.headers() || self.libs() || self.run() || self.build
    }

    /// The range, when `reference.version` is one.
    pub fn version_range(&self) -> Option<Result<VersionRange, VersionRangeError>> {
        self.reference.version_range()
    }

    /// `name/(version)` of older recipes: the reference of the alias. Such requirements are refused
    /// by the reference, this is for a clear error.
    pub fn alias(&self) -> Option<RecipeReference> {
        let version = self.reference.version.as_str();
        let version = version.strip_prefix('(')?.strip_suffix(')')?;
        Some(RecipeReference {
            version: version.into(),
            ..self.reference.clone()
        })
    }

    /// Are both requirements of the same package of a graph, so that one replaces or joins the
    /// other? Needs the same name and context and: one of them must be the only one in the graph
    /// on both sides, or the same kind of file is used, or the reference is the same, or `self` is
    /// an override.
    pub fn collides(&self, other: &Requirement) -> bool {
        let overlap = (self.headers() && other.headers())
            || (self.libs() && other.libs())
            || (self.run() && other.run());
        self.reference.name == other.reference.name
            && self.build == other.build
            && (self.is_override()
                || overlap
                || (self.consistent() && other.consistent())
                || (self.reference.is_same(&other.reference) && self.options == other.options))
    }

    /// What [`collides`](Self::collides) can only be true for: a key for maps.
    pub fn collision_key(&self) -> (&str, bool) {
        (&self.reference.name, self.build)
    }

    /// Sets the open traits that follow from the package types of consumer and dependency.
    pub fn process_package_type(&mut self, consumer: PackageType, dependency: PackageType) {
        let (headers, libs, run) = match dependency {
            PackageType::Application | PackageType::BuildScripts => {
                (Some(false), Some(false), Some(true))
            }
            PackageType::HeaderLibrary => (Some(true), Some(false), Some(false)),
            PackageType::SharedLibrary => (None, None, Some(true)),
            PackageType::StaticLibrary => (None, None, Some(false)),
            _ => (None, None, None),
        };
        self.headers = self.headers.or(headers);
        self.libs = self.libs.or(libs);
        self.run = self.run.or(run);
        if dependency == PackageType::BuildScripts {
            self.visible = self.visible.or(Some(false));
        }
        if consumer == PackageType::HeaderLibrary {
            self.transitive_headers = self.transitive_headers.or(Some(true));
            self.transitive_libs = self.transitive_libs.or(Some(true));
        }
    }

    /// Takes in another requirement of the same package: what either needs is needed. An override
    /// only forces the version.
    pub fn aggregate(&mut self, other: &Requirement) {
        if other.is_override() {
            self.force = Some(true);
        } else {
            self.headers = Some(self.headers() || other.headers());
            self.libs = Some(self.libs() || other.libs());
            self.run = Some(self.run() || other.run());
            let consistent = self.consistent() || other.consistent();
            self.visible = Some(self.visible() || other.visible());
            self.consistent = Some(consistent);
            self.force = Some(self.force() || other.force());
            self.direct = Some(self.direct() || other.direct());
            self.transitive_headers = either(self.transitive_headers, other.transitive_headers);
            self.transitive_libs = either(self.transitive_libs, other.transitive_libs);
            if !other.test() {
                self.test = Some(false);
            }
            self.is_test = self.is_test || other.is_test;
        }
        if self.package_id_mode.is_none() {
            self.package_id_mode = other.package_id_mode.clone();
        }
    }

    /// The traits as in the `dependencies` of the graph's JSON, in its order.
    pub fn serialize_traits(&self) -> Map<String, Value> {
        let pairs = [
            ("ref", json!(self.reference.to_string())),
            ("require", json!(self.declared.to_string())),
            ("run", json!(self.run())),
            ("libs", json!(self.libs())),
            ("skip", json!(self.skip)),
            ("test", json!(self.test())),
            ("force", json!(self.force())),
            ("direct", json!(self.direct())),
            ("build", json!(self.build)),
            ("transitive_headers", json!(self.transitive_headers)),
            ("transitive_libs", json!(self.transitive_libs)),
            ("headers", json!(self.headers())),
            ("package_id_mode", json!(self.package_id_mode)),
            ("visible", json!(self.visible())),
        ];
        pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

/// `a or b` of two open booleans: the first if it is true, else the second, open or not.
fn either(first: Option<bool>, second: Option<bool>) -> Option<bool> {
    if first == Some(true) { first } else { second }
}
