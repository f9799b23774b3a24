//! Class attributes as data.

use crom_model::options::{Options, OptionsDefinition};
use crom_model::view::RecipeMetadata;
use crom_recipe::{RecipeAttributes, RecipeMethod, RequirementDeclaration, SettingsDeclaration};
use indexmap::IndexMap;
use rustpython_vm as vm;
use serde_json::Value;
use vm::builtins::{PyDict, PyStr, PyType};
use vm::{PyObject, PyObjectRef, PyResult, VirtualMachine};

use crate::convert;
use crate::native::exception;
use crate::native::options::PyOptions;

/// Methods by their Python name.
pub(crate) const METHODS: &[(&str, RecipeMethod)] = &[
    ("init", RecipeMethod::Init),
    ("set_name", RecipeMethod::SetName),
    ("set_version", RecipeMethod::SetVersion),
    ("export", RecipeMethod::Export),
    ("export_sources", RecipeMethod::ExportSources),
    ("config_options", RecipeMethod::ConfigOptions),
    ("configure", RecipeMethod::Configure),
    ("requirements", RecipeMethod::Requirements),
    ("build_requirements", RecipeMethod::BuildRequirements),
    ("layout", RecipeMethod::Layout),
    ("validate", RecipeMethod::Validate),
    ("validate_build", RecipeMethod::ValidateBuild),
    ("package_id", RecipeMethod::PackageId),
    ("compatibility", RecipeMethod::Compatibility),
    ("build_id", RecipeMethod::BuildId),
    ("system_requirements", RecipeMethod::SystemRequirements),
    ("source", RecipeMethod::Source),
    ("generate", RecipeMethod::Generate),
    ("build", RecipeMethod::Build),
    ("package", RecipeMethod::Package),
    ("package_info", RecipeMethod::PackageInfo),
    ("finalize", RecipeMethod::Finalize),
    ("test", RecipeMethod::Test),
    ("deploy", RecipeMethod::Deploy),
];

/// One text stands for a list of it.
fn listed(value: Value) -> Value {
    match value {
        Value::String(text) if !text.is_empty() => Value::Array(vec![Value::String(text)]),
        other => other,
    }
}

/// Reads an instance after `init()`, `set_name()` and `set_version()`.
pub(crate) struct Reader<'a> {
    pub(crate) object: &'a PyObject,
    pub(crate) vm: &'a VirtualMachine,
}

impl Reader<'_> {
    fn get(&self, name: &'static str) -> Option<PyObjectRef> {
        self.object
            .get_attr(name, self.vm)
            .ok()
            .filter(|it| !self.vm.is_none(it))
    }

    /// What `__init__` replaced by an object of its own.
    fn declared(&self, name: &'static str) -> Option<PyObjectRef> {
        let declared = self.object.get_attr("_conan_declared", self.vm).ok()?;
        declared
            .get_item(name, self.vm)
            .ok()
            .filter(|it| !self.vm.is_none(it))
    }

    fn text(&self, name: &'static str) -> PyResult<Option<String>> {
        self.get(name)
            .map(|it| convert::to_text(&it, self.vm))
            .transpose()
    }

    fn texts(&self, name: &'static str) -> PyResult<Vec<String>> {
        self.get(name)
            .map_or(Ok(Vec::new()), |it| convert::to_texts(&it, self.vm))
    }

    /// `exports` and `exports_sources`, which are easily taken for the methods of about that name.
    fn patterns(&self, name: &'static str) -> PyResult<Vec<String>> {
        let method = if name == "exports" {
            "export"
        } else {
            "export_sources"
        };
        let wrong = |text: String| Err(exception(self.vm, "ConanException", text));
        if self.get(name).is_some_and(|it| it.is_callable()) {
            return wrong(format!(
                "conanfile '{name}' shouldn't be a method, use '{method}()' instead"
            ));
        }
        if self.get(method).is_some_and(|it| !it.is_callable()) {
            return wrong(format!("conanfile '{method}' must be a method"));
        }
        self.texts(name)
    }

    fn data(&self, name: &'static str) -> PyResult<Value> {
        self.get(name)
            .map_or(Ok(Value::Null), |it| convert::to_json(&it, self.vm))
    }

    fn flag(&self, name: &'static str) -> PyResult<Option<bool>> {
        self.get(name).map(|it| it.is_true(self.vm)).transpose()
    }

    fn mode(&self, name: &'static str) -> PyResult<Option<crom_model::requirement::PackageIdMode>> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let mode = crom_model::requirement::PackageIdMode::parse(&text);
        mode.map(Some).ok_or_else(|| {
            let text = format!("'{text}' is not a known package_id_mode");
            exception(self.vm, "ConanException", text)
        })
    }

    fn pairs(&self, name: &'static str) -> PyResult<IndexMap<String, Value>> {
        match self.get(name) {
            Some(object) => default_values(&object, self.vm),
            None => Ok(IndexMap::new()),
        }
    }

    /// All of them.
    pub(crate) fn read(&self) -> PyResult<RecipeAttributes> {
        let options = self.get("options");
        let options = options
            .as_ref()
            .and_then(|it| it.downcast_ref::<PyOptions>());
        let options = options
            .map(|it| it.snapshot().own.possible_values())
            .unwrap_or_default();
        Ok(RecipeAttributes {
            name: self.text("name")?,
            version: self.text("version")?,
            user: self.text("user")?,
            channel: self.text("channel")?,
            metadata: std::sync::Arc::new(self.metadata()?),
            package_type: self.text("package_type")?,
            settings: self.settings()?,
            options: OptionsDefinition { possible: options },
            default_options: self.pairs("default_options")?,
            default_build_options: self.pairs("default_build_options")?,
            options_description: self.data("options_description")?,
            implements: self.texts("implements")?,
            generators: self.generators()?,
            build_policy: self.text("build_policy")?,
            upload_policy: self.text("upload_policy")?,
            revision_mode: self
                .text("revision_mode")?
                .unwrap_or_else(|| "hash".to_owned()),
            revision_mode_excluded: self.texts("revision_mode_excluded")?,
            no_copy_source: self.flag("no_copy_source")?.unwrap_or(false),
            exports: self.patterns("exports")?,
            exports_sources: self.patterns("exports_sources")?,
            requires: self.requires()?,
            python_requires: python_requires(self.object, self.vm)?,
            win_bash: self.flag("win_bash")?,
            win_bash_run: self.flag("win_bash_run")?,
            test_type: self.text("test_type")?,
            package_id_embed_mode: self.mode("package_id_embed_mode")?,
            package_id_non_embed_mode: self.mode("package_id_non_embed_mode")?,
            package_id_unknown_mode: self.mode("package_id_unknown_mode")?,
            package_id_python_mode: self.mode("package_id_python_mode")?,
            build_mode: self.mode("build_mode")?,
            package_id_abi_options: self.texts("package_id_abi_options")?,
            alias: self.text("alias")?,
            inspect: self.inspected()?,
            methods: self.methods(),
            reads: crom_recipe::Reads::default(),
        })
    }

    /// What `conan inspect` shows, in the order of its JSON.
    fn inspected(&self) -> PyResult<serde_json::Map<String, Value>> {
        let mut map = serde_json::Map::new();
        for name in [
            "name",
            "user",
            "channel",
            "url",
            "license",
            "author",
            "description",
            "homepage",
            "build_policy",
            "upload_policy",
            "revision_mode",
            "provides",
            "deprecated",
            "win_bash",
            "win_bash_run",
            "default_options",
            "options_description",
            "version",
            "topics",
            "package_type",
            "languages",
            "settings",
        ] {
            let value = match (name, self.data(name)?) {
                ("provides" | "languages" | "settings", Value::String(one)) => {
                    Value::from(vec![one])
                }
                // Conan shows the text of Python's `None` here.
                ("package_type", Value::Null) => Value::from("None"),
                (_, value) => value,
            };
            map.insert(name.to_owned(), value);
        }
        let options = self.get("options");
        let options = options
            .as_ref()
            .and_then(|it| it.downcast_ref::<PyOptions>());
        let options = options.map(|it| it.snapshot().own).unwrap_or_default();
        map.insert("options".to_owned(), Value::Object(options.serialize()));
        let definitions = options.possible_values().into_iter();
        let definitions = definitions.map(|(name, values)| (name, Value::from(values)));
        map.insert(
            "options_definitions".to_owned(),
            Value::Object(definitions.collect()),
        );
        map.insert("generators".to_owned(), self.generators()?.into());
        map.insert("requires".to_owned(), self.inspected_requires()?);
        let python_requires = python_requires(self.object, self.vm)?;
        let python_requires = if python_requires.is_empty() {
            Value::Null
        } else {
            python_requires.into()
        };
        map.insert("python_requires".to_owned(), python_requires);
        for name in [
            "source_folder",
            "build_folder",
            "generators_folder",
            "package_folder",
            "immutable_package_folder",
        ] {
            map.insert(name.to_owned(), Value::Null);
        }
        map.insert("label".to_owned(), Value::from(""));
        map.insert(
            "vendor".to_owned(),
            self.flag("vendor")?.unwrap_or(false).into(),
        );
        let data = self.data("conan_data")?;
        if !data.is_null() {
            map.insert("conandata".to_owned(), data);
        }
        Ok(map)
    }

    fn inspected_requires(&self) -> PyResult<Value> {
        let requires = self.object.get_attr("requires", self.vm)?;
        let items = self.vm.call_method(&requires, "values", ())?;
        let items: Vec<PyObjectRef> = items.try_to_value(self.vm)?;
        let shown: PyResult<Vec<Value>> = items
            .iter()
            .map(|item| {
                let requirement = crate::values::requirement(item, self.vm)?;
                Ok(Value::Object(requirement.serialize_traits()))
            })
            .collect();
        shown.map(Value::Array)
    }

    fn metadata(&self) -> PyResult<RecipeMetadata> {
        Ok(RecipeMetadata {
            description: self.text("description")?,
            license: self.data("license")?,
            author: self.text("author")?,
            homepage: self.text("homepage")?,
            url: self.text("url")?,
            topics: listed(self.data("topics")?),
            provides: listed(self.data("provides")?),
            deprecated: self.data("deprecated")?,
            languages: self.texts("languages")?,
            vendor: self.flag("vendor")?.unwrap_or(false),
            conan_data: self.data("conan_data")?,
            extension_properties: self.data("extension_properties")?,
        })
    }

    fn settings(&self) -> PyResult<SettingsDeclaration> {
        let Some(settings) = self.get("settings") else {
            return Ok(SettingsDeclaration::None);
        };
        if settings.downcast_ref::<PyDict>().is_some() {
            return Ok(match convert::to_json(&settings, self.vm)? {
                Value::Object(map) => SettingsDeclaration::Constrained(map),
                _ => SettingsDeclaration::None,
            });
        }
        if settings.downcast_ref::<PyStr>().is_some() {
            let text = convert::to_text(&settings, self.vm)?;
            let names = text
                .split(',')
                .map(|it| it.trim().trim_matches(['"', '\'']).to_owned());
            return Ok(SettingsDeclaration::Names(names.collect()));
        }
        Ok(SettingsDeclaration::Names(convert::to_texts(
            &settings, self.vm,
        )?))
    }

    fn generators(&self) -> PyResult<Vec<String>> {
        let Some(generators) = self.get("generators") else {
            return Ok(Vec::new());
        };
        if generators.downcast_ref::<PyStr>().is_some() {
            return convert::to_texts(&generators, self.vm);
        }
        let items: Vec<PyObjectRef> = generators.try_to_value(self.vm)?;
        items
            .iter()
            .map(|item| match item.downcast_ref::<PyType>() {
                Some(class) => Ok(class.name().to_string()),
                None => convert::to_text(item, self.vm),
            })
            .collect()
    }

    fn requires(&self) -> PyResult<Vec<RequirementDeclaration>> {
        let mut found = Vec::new();
        let mut add = |name, make: fn(String) -> RequirementDeclaration| -> PyResult<()> {
            if let Some(declared) = self.declared(name) {
                found.extend(convert::to_texts(&declared, self.vm)?.into_iter().map(make));
            }
            Ok(())
        };
        add("requires", RequirementDeclaration::Requires)?;
        add("build_requires", RequirementDeclaration::ToolRequires)?;
        add("tool_requires", RequirementDeclaration::ToolRequires)?;
        add("test_requires", RequirementDeclaration::TestRequires)?;
        Ok(found)
    }

    fn methods(&self) -> Vec<RecipeMethod> {
        let defined = METHODS.iter().filter(|(name, _)| self.get(name).is_some());
        defined.map(|(_, method)| *method).collect()
    }
}

/// The class attribute `python_requires`, also after it was replaced by what it names.
pub(crate) fn python_requires(object: &PyObject, vm: &VirtualMachine) -> PyResult<Vec<String>> {
    let Ok(value) = object.get_attr("python_requires", vm) else {
        return Ok(Vec::new());
    };
    match value.get_attr("all_refs", vm) {
        Ok(method) => convert::to_texts(&*method.call((), vm)?, vm),
        Err(_) => convert::to_texts(&value, vm),
    }
}

/// `{"shared": [True, False], "with": "ANY"}`
fn definition(options: &PyObject, vm: &VirtualMachine) -> PyResult<OptionsDefinition> {
    let mut definition = OptionsDefinition::default();
    if let Some(options) = options.downcast_ref::<PyOptions>() {
        definition.possible = options.snapshot().own.possible_values();
        return Ok(definition);
    }
    if vm.is_none(options) {
        return Ok(definition);
    }
    let Some(options) = options.downcast_ref::<PyDict>() else {
        return Err(exception(
            vm,
            "ConanException",
            "options must be a dictionary".to_owned(),
        ));
    };
    for (name, values) in options.items_vec() {
        let name = convert::to_text(&name, vm)?;
        let values = if values.downcast_ref::<PyStr>().is_some() {
            vec![Some(convert::to_text(&values, vm)?)]
        } else if vm.is_none(&values) {
            vec![None]
        } else {
            let items: Vec<PyObjectRef> = values.try_to_value(vm)?;
            items
                .iter()
                .map(|item| convert::to_optional_text(item, vm))
                .collect::<PyResult<Vec<_>>>()?
        };
        definition.insert(&name, values);
    }
    Ok(definition)
}

/// `default_options`: a dictionary, whose values keep their type.
fn default_values(object: &PyObject, vm: &VirtualMachine) -> PyResult<IndexMap<String, Value>> {
    let Some(dict) = object.downcast_ref::<PyDict>() else {
        let text = "default_options must be a dictionary".to_owned();
        return Err(exception(vm, "ConanException", text));
    };
    dict.items_vec()
        .iter()
        .map(|(name, value)| Ok((convert::to_text(name, vm)?, convert::to_json(value, vm)?)))
        .collect()
}

/// Definition and default values of options given as dictionaries.
pub(crate) type OptionsParts = (OptionsDefinition, Vec<(String, Option<String>)>);

/// Options from a recipe's dictionaries.
pub(crate) fn options_of(
    options: &Option<PyObjectRef>,
    values: &Option<PyObjectRef>,
    vm: &VirtualMachine,
) -> PyResult<OptionsParts> {
    let definition = match options {
        Some(options) => definition(options, vm)?,
        None => OptionsDefinition::default(),
    };
    let mut defaults = Vec::new();
    if let Some(values) = values.as_ref().filter(|it| !vm.is_none(it)) {
        for (name, value) in default_values(values, vm)? {
            // `None` leaves an option unset, also one that accepts no `None`.
            if let Some(value) = crate::values::python_text(&value) {
                defaults.push((name, Some(value)));
            }
        }
    }
    Ok((definition, defaults))
}

/// `self.options` from the class attributes.
pub(crate) fn make_options(
    options: &PyObjectRef,
    defaults: &PyObjectRef,
    vm: &VirtualMachine,
) -> PyResult<PyOptions> {
    let (definition, defaults) = options_of(&Some(options.clone()), &Some(defaults.clone()), vm)?;
    Options::new(&definition, &defaults)
        .map(PyOptions::new)
        .map_err(|error| exception(vm, "ConanException", error.to_string()))
}

/// True if the class has the word in `implements`.
pub(crate) fn implements(object: &PyObject, word: &str, vm: &VirtualMachine) -> bool {
    let words = object
        .get_attr("implements", vm)
        .and_then(|it| convert::to_texts(&it, vm));
    words.is_ok_and(|words| words.iter().any(|it| it == word))
}
