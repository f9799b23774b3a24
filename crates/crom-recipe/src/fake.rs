//! A host whose recipes are data, for tests of everything above the seam.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crom_model::conaninfo::ConanInfo;
use crom_model::options::{Options, OptionsDefinition, PackageOptions};
use crom_model::package_type::PackageType;
use crom_model::reference::RecipeReference;
use crom_model::requirement::{PackageIdMode, Requirement};
use crom_model::settings::Settings;
use crom_model::view::RecipeMetadata;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ActInput, ActOutput, Alternative, ConfigureInput, ConfigureOutput, DescribeInput,
    DescribeOutput, IdentifyInput, IdentifyOutput, InspectInput, Layout, PluginInput, PluginOutput,
    PythonRequires, Reads, RecipeAttributes, RecipeError, RecipeErrorKind, RecipeFile, RecipeHost,
    RecipeMethod, RecipeSource, SettingsDeclaration,
};

/// Plays recipes that are [`FakeRecipe`]s. A [`RecipeFile`] names one by its path: see
/// [`FakeHost::file`].
#[derive(Clone, Debug, Default)]
pub struct FakeHost {
    recipes: HashMap<PathBuf, Arc<FakeRecipe>>,
}

/// A recipe as data. Fields left out are those of an empty recipe.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FakeRecipe {
    /// `name/version[@user/channel]`; empty for a consumer without name.
    #[serde(rename = "ref")]
    pub reference: String,
    /// `package_type`
    #[serde(rename = "type")]
    pub package_type: Option<String>,
    /// `settings`
    pub settings: Vec<String>,
    /// `options`: name to possible values.
    pub options: IndexMap<String, Vec<String>>,
    /// `default_options`
    pub default_options: IndexMap<String, String>,
    /// `default_build_options`
    pub default_build_options: IndexMap<String, String>,
    /// `requirements()` and `build_requirements()`, in order.
    pub requires: Vec<FakeRequire>,
    /// `python_requires`
    pub python_requires: Vec<String>,
    /// `required_conan_version` of the file.
    pub required_conan_version: Option<String>,
    /// `languages`
    pub languages: Vec<String>,
    /// `provides`
    pub provides: Vec<String>,
    /// `implements`
    pub implements: Vec<String>,
    /// `vendor`
    pub vendor: bool,
    /// `deprecated`
    pub deprecated: Option<String>,
    /// `build_policy`
    pub build_policy: Option<String>,
    /// `upload_policy`
    pub upload_policy: Option<String>,
    /// `package_id_embed_mode`
    pub package_id_embed_mode: Option<PackageIdMode>,
    /// `package_id_non_embed_mode`
    pub package_id_non_embed_mode: Option<PackageIdMode>,
    /// `package_id_unknown_mode`
    pub package_id_unknown_mode: Option<PackageIdMode>,
    /// `package_id_python_mode`
    pub package_id_python_mode: Option<PackageIdMode>,
    /// `build_mode`
    pub build_mode: Option<PackageIdMode>,
    /// `extension_properties`
    pub extension_properties: Value,
    /// `validate()` raises.
    pub invalid: Option<FakeRefusal>,
    /// `validate_build()` raises.
    pub cant_build: Option<FakeRefusal>,
    /// `configure()` raises `ConanInvalidConfiguration`.
    pub configure_invalid: Option<FakeRefusal>,
    /// `package_id()`: what it does, in order.
    pub package_id: Vec<FakeIdChange>,
    /// What `compatibility()` returns.
    pub compatibility: Vec<FakeAlternative>,
    /// `build_id()`: settings that it sets.
    pub build_id: IndexMap<String, String>,
}

/// A requirement: a reference, or a reference with traits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FakeRequire {
    /// `self.requires(ref)`
    Plain(String),
    /// With all that can be said.
    Full(Box<FakeTraits>),
}

/// The arguments of `self.requires()` and its sisters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "named as the traits")]
pub struct FakeTraits {
    #[serde(rename = "ref")]
    pub reference: String,
    /// `requires` (default), `tool_requires`, `build_requires` or `test_requires`.
    pub kind: Option<String>,
    /// Only if these hold: `options.shared` or `settings.os` to value.
    pub when: IndexMap<String, String>,
    pub headers: Option<bool>,
    pub libs: Option<bool>,
    pub build: Option<bool>,
    pub run: Option<bool>,
    pub visible: Option<bool>,
    pub transitive_headers: Option<bool>,
    pub transitive_libs: Option<bool>,
    pub test: Option<bool>,
    pub package_id_mode: Option<String>,
    pub force: Option<bool>,
    #[serde(rename = "override")]
    pub override_: Option<bool>,
    pub no_skip: bool,
    pub options: IndexMap<String, String>,
}

/// A method that raises `ConanInvalidConfiguration`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FakeRefusal {
    /// Only if these hold: `options.shared` or `settings.os` to value.
    pub when: IndexMap<String, String>,
    /// The message.
    pub message: String,
}

/// One statement of `package_id()`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FakeIdChange {
    /// `self.info.clear()`
    Clear,
    /// `self.info.settings.x = value`
    Setting(String, String),
    /// `del self.info.settings.x`
    DelSetting(String),
    /// `self.info.options.x = value`
    Option(String, String),
}

/// One configuration of `compatibility()`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FakeAlternative {
    /// Setting to value.
    pub settings: IndexMap<String, String>,
    /// Option to value.
    pub options: IndexMap<String, String>,
}

impl FakeHost {
    /// Without recipes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a recipe under a path that doesn't have to exist.
    pub fn add(&mut self, path: impl Into<PathBuf>, recipe: FakeRecipe) -> RecipeFile {
        let path = path.into();
        self.recipes.insert(path.clone(), Arc::new(recipe));
        Self::file(path)
    }

    /// The file that names the recipe under a path.
    pub fn file(path: impl Into<PathBuf>) -> RecipeFile {
        let path = path.into();
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        RecipeFile {
            source: RecipeSource::Python(path),
            folder,
            digest: None,
        }
    }

    fn recipe(&self, file: &RecipeFile) -> Result<Arc<FakeRecipe>, RecipeError> {
        match &file.source {
            RecipeSource::Python(path) => self.recipes.get(path).cloned().ok_or_else(|| {
                failure(
                    RecipeErrorKind::Load,
                    &format!("no fake recipe {}", path.display()),
                )
            }),
            RecipeSource::Declared {
                requires,
                tool_requires,
                test_requires,
                ..
            } => {
                let of = |kind: &'static str| {
                    move |reference: &String| {
                        FakeRequire::Full(Box::new(FakeTraits {
                            reference: reference.clone(),
                            kind: Some(kind.to_owned()),
                            ..FakeTraits::default()
                        }))
                    }
                };
                let requires = requires
                    .iter()
                    .map(of("requires"))
                    .chain(tool_requires.iter().map(of("tool_requires")))
                    .chain(test_requires.iter().map(of("test_requires")))
                    .collect();
                let settings = ["os", "compiler", "build_type", "arch"];
                Ok(Arc::new(FakeRecipe {
                    requires,
                    settings: settings.map(str::to_owned).to_vec(),
                    ..FakeRecipe::default()
                }))
            }
        }
    }
}

impl RecipeHost for FakeHost {
    fn python_requires(&self, recipe: &RecipeFile) -> Result<PythonRequires, RecipeError> {
        Ok(PythonRequires {
            references: self.recipe(recipe)?.python_requires.clone(),
            reads: Reads::default(),
        })
    }

    fn inspect(&self, input: &Arc<InspectInput>) -> Result<Arc<RecipeAttributes>, RecipeError> {
        let recipe = self.recipe(&input.recipe)?;
        let own = match recipe.reference.as_str() {
            "" => RecipeReference::default(),
            text => RecipeReference::loads(text).map_err(load_error)?,
        };
        let given = |given: &Option<String>, own: Option<String>| given.clone().or(own);
        let some = |text: String| if text.is_empty() { None } else { Some(text) };
        let mut attributes = RecipeAttributes {
            name: given(&input.given.name, some(own.name)),
            version: given(&input.given.version, some(own.version.to_string())),
            user: given(&input.given.user, own.user),
            channel: given(&input.given.channel, own.channel),
            revision_mode: String::from("hash"),
            ..RecipeAttributes::default()
        };
        fill_attributes(&recipe, &mut attributes);
        Ok(Arc::new(attributes))
    }

    fn configure(&self, input: &Arc<ConfigureInput>) -> Result<ConfigureOutput, RecipeError> {
        let recipe = self.recipe(&input.inspect.recipe)?;
        let attributes = &input.attributes;
        let mut settings = Settings::new(&input.settings_definition);
        settings.constrained(&recipe.settings).map_err(load_error)?;
        settings
            .update_values(&input.settings, false)
            .map_err(load_error)?;
        if !recipe.languages.iter().any(|it| it == "C") {
            settings.rm_safe("compiler.cstd");
        }
        if !recipe.languages.is_empty() && !recipe.languages.iter().any(|it| it == "C++") {
            settings.rm_safe("compiler.cppstd");
            settings.rm_safe("compiler.libcxx");
        }
        let defaults: Vec<(String, Option<String>)> = recipe
            .default_options
            .iter()
            .map(|(k, v)| (k.clone(), Some(v.clone())))
            .collect();
        let mut options = Options::new(&attributes.options, &defaults).map_err(load_error)?;
        let is_consumer = input.role.is_consumer();
        let reference = (!input.reference.name.is_empty()).then_some(&input.reference);
        options
            .apply_downstream(
                &input.down_options,
                &input.profile_options,
                reference,
                is_consumer,
            )
            .map_err(load_error)?;
        if recipe.implements.iter().any(|it| it == "auto_shared_fpic")
            && options.own.is_true("shared").unwrap_or(false)
        {
            options.own.rm_safe("fPIC");
        }
        if let Some(message) = refused(recipe.configure_invalid.as_ref(), &settings, &options.own) {
            let scope = input.reference.without_revision().to_string();
            let mut error = RecipeError::new(RecipeErrorKind::InvalidConfiguration, scope, message);
            error.method = Some(String::from("configure"));
            return Err(error);
        }
        let (up_options, private_up_options) = options
            .get_upstream_options(&input.down_options, reference, is_consumer)
            .map_err(load_error)?;
        let name = input.reference.without_revision().to_string();
        let package_type =
            PackageType::compute(recipe.package_type.as_deref(), &options.own, &name)
                .map_err(load_error)?;
        let mut requires = Vec::new();
        // `requirements()` runs before `build_requirements()`.
        for methods in [false, true] {
            for require in &recipe.requires {
                if require.is_for_build() == methods {
                    requires.extend(requirement(require, &settings, &options.own)?);
                }
            }
        }
        Ok(ConfigureOutput {
            settings,
            options: options.own,
            up_options,
            private_up_options,
            package_type,
            requires,
            languages: recipe.languages.clone(),
            vendor: recipe.vendor,
            reads: Reads::default(),
        })
    }

    fn identify(&self, input: &IdentifyInput) -> Result<IdentifyOutput, RecipeError> {
        let recipe = self.recipe(&input.configure.inspect.recipe)?;
        let mut info = input.info.clone();
        let (settings, options) = match (input.first, input.graph.nodes.get(input.node)) {
            (true, Some(view)) => (view.settings.clone(), view.options.clone()),
            _ => (info.settings.clone(), info.options.clone()),
        };
        let invalid = refused(recipe.invalid.as_ref(), &settings, &options);
        let cant_build = refused(recipe.cant_build.as_ref(), &settings, &options);
        change_info(&recipe, &mut info)?;
        let package_type = input
            .graph
            .nodes
            .get(input.node)
            .map(|view| view.package_type);
        if recipe.package_id.is_empty()
            && recipe.implements.iter().any(|it| it == "auto_header_only")
            && package_type == Some(PackageType::HeaderLibrary)
        {
            info.clear();
        }
        let build_id_info = if recipe.build_id.is_empty() {
            None
        } else {
            let mut info = input.info.clone();
            info.settings
                .update_values(&recipe.build_id, false)
                .map_err(load_error)?;
            Some(info)
        };
        let alternatives = recipe
            .compatibility
            .iter()
            .map(|it| Alternative {
                settings: it.settings.clone(),
                options: it.options.clone(),
                ..Alternative::default()
            })
            .collect();
        Ok(IdentifyOutput {
            info,
            invalid,
            cant_build,
            alternatives,
            layout: Layout::default(),
            build_id_info,
            reads: Reads::default(),
        })
    }

    fn describe(&self, _input: &DescribeInput) -> Result<DescribeOutput, RecipeError> {
        Ok(DescribeOutput::default())
    }

    fn act(&self, _input: &ActInput) -> Result<ActOutput, RecipeError> {
        Ok(ActOutput {
            absent: true,
            ..ActOutput::default()
        })
    }

    fn deprecated_uses(&self) -> IndexMap<String, Vec<String>> {
        IndexMap::new()
    }

    fn plugin(&self, _input: &PluginInput) -> Result<PluginOutput, RecipeError> {
        Err(RecipeError::new(
            RecipeErrorKind::Unsupported,
            "",
            "there are no plugins here",
        ))
    }
}

impl FakeRequire {
    fn is_for_build(&self) -> bool {
        match self {
            FakeRequire::Plain(_) => false,
            FakeRequire::Full(traits) => traits
                .kind
                .as_deref()
                .is_some_and(|kind| kind != "requires"),
        }
    }
}

fn fill_attributes(recipe: &FakeRecipe, attributes: &mut RecipeAttributes) {
    let mut options = OptionsDefinition::default();
    for (name, values) in &recipe.options {
        options.insert(
            name,
            values.iter().map(|value| Some(value.clone())).collect(),
        );
    }
    attributes.options = options;
    let json = |values: &IndexMap<String, String>| -> IndexMap<String, Value> {
        values
            .iter()
            .map(|(k, v)| (k.clone(), Value::String(v.clone())))
            .collect()
    };
    attributes.default_options = json(&recipe.default_options);
    attributes.default_build_options = json(&recipe.default_build_options);
    attributes.package_type.clone_from(&recipe.package_type);
    if !recipe.settings.is_empty() {
        attributes.settings = SettingsDeclaration::Names(recipe.settings.clone());
    }
    attributes.metadata = Arc::new(RecipeMetadata {
        provides: match recipe.provides.as_slice() {
            [] => Value::Null,
            many => many.iter().cloned().map(Value::String).collect(),
        },
        deprecated: recipe.deprecated.clone().map_or(Value::Null, Value::String),
        vendor: recipe.vendor,
        extension_properties: recipe.extension_properties.clone(),
        ..RecipeMetadata::default()
    });
    attributes.implements.clone_from(&recipe.implements);
    attributes
        .python_requires
        .clone_from(&recipe.python_requires);
    attributes.build_policy.clone_from(&recipe.build_policy);
    attributes.upload_policy.clone_from(&recipe.upload_policy);
    attributes.package_id_embed_mode = recipe.package_id_embed_mode;
    attributes.package_id_non_embed_mode = recipe.package_id_non_embed_mode;
    attributes.package_id_unknown_mode = recipe.package_id_unknown_mode;
    attributes.package_id_python_mode = recipe.package_id_python_mode;
    attributes.build_mode = recipe.build_mode;
    if let Some(version) = &recipe.required_conan_version {
        let name = String::from("required_conan_version");
        attributes
            .inspect
            .insert(name, Value::String(version.clone()));
    }
    let defined = [
        (RecipeMethod::Validate, recipe.invalid.is_some()),
        (RecipeMethod::ValidateBuild, recipe.cant_build.is_some()),
        (RecipeMethod::PackageId, !recipe.package_id.is_empty()),
        (
            RecipeMethod::Compatibility,
            !recipe.compatibility.is_empty(),
        ),
        (RecipeMethod::BuildId, !recipe.build_id.is_empty()),
    ];
    attributes.methods = defined
        .into_iter()
        .filter(|(_, has)| *has)
        .map(|(method, _)| method)
        .collect();
}

fn requirement(
    require: &FakeRequire,
    settings: &Settings,
    options: &PackageOptions,
) -> Result<Option<Requirement>, RecipeError> {
    let traits = match require {
        FakeRequire::Plain(text) => {
            return Ok(Some(Requirement::new(
                RecipeReference::loads(text).map_err(load_error)?,
            )));
        }
        FakeRequire::Full(traits) => traits,
    };
    if !holds(&traits.when, settings, options) {
        return Ok(None);
    }
    let reference = RecipeReference::loads(&traits.reference).map_err(load_error)?;
    let mut made = match traits.kind.as_deref() {
        None | Some("requires") => Requirement::new(reference),
        Some("tool_requires") => Requirement::tool(reference),
        Some("build_requires") => Requirement::build_require(reference),
        Some("test_requires") => Requirement::test_require(reference),
        Some(other) => {
            return Err(failure(
                RecipeErrorKind::Load,
                &format!("no requirement kind {other}"),
            ));
        }
    };
    made.headers = traits.headers.or(made.headers);
    made.libs = traits.libs.or(made.libs);
    made.build = traits.build.unwrap_or(made.build);
    made.run = traits.run.or(made.run);
    made.visible = traits.visible.or(made.visible);
    made.transitive_headers = traits.transitive_headers.or(made.transitive_headers);
    made.transitive_libs = traits.transitive_libs.or(made.transitive_libs);
    made.test = traits.test.or(made.test);
    made.force = traits.force.or(made.force);
    made.override_ = traits.override_.or(made.override_);
    made.package_id_mode.clone_from(&traits.package_id_mode);
    made.no_skip = traits.no_skip;
    if !traits.options.is_empty() {
        made.options = Some(
            traits
                .options
                .iter()
                .map(|(k, v)| (k.clone(), Some(v.clone())))
                .collect(),
        );
    }
    Ok(Some(made))
}

fn holds(when: &IndexMap<String, String>, settings: &Settings, options: &PackageOptions) -> bool {
    when.iter().all(|(what, wanted)| {
        let value = match what.split_once('.') {
            Some(("options", name)) => options.get_safe(name),
            Some(("settings", name)) => settings.get_safe(name),
            _ => None,
        };
        value == Some(wanted.as_str())
    })
}

fn refused(
    refusal: Option<&FakeRefusal>,
    settings: &Settings,
    options: &PackageOptions,
) -> Option<String> {
    let refusal = refusal?;
    holds(&refusal.when, settings, options).then(|| refusal.message.clone())
}

fn change_info(recipe: &FakeRecipe, info: &mut ConanInfo) -> Result<(), RecipeError> {
    for change in &recipe.package_id {
        match change {
            FakeIdChange::Clear => info.clear(),
            FakeIdChange::Setting(name, value) => {
                info.settings.set(name, Some(value)).map_err(load_error)?;
            }
            FakeIdChange::DelSetting(name) => info.settings.rm_safe(name),
            FakeIdChange::Option(name, value) => {
                info.options.set(name, Some(value)).map_err(load_error)?;
            }
        }
    }
    Ok(())
}

fn failure(kind: RecipeErrorKind, message: &str) -> RecipeError {
    RecipeError::new(kind, "", message)
}

fn load_error(error: impl std::fmt::Display) -> RecipeError {
    failure(RecipeErrorKind::Exception, &error.to_string())
}
